"""What the window and the process in which it searches say to each other. Knows no Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Search:
    """What to look for.

    Attributes:
        what: `way`: a scenario that takes a way out of a node. `campaign`: bugs, in random runs.
        bundle: The data of the journey's bundle.
        options: `way`: node, port, given, budget_runs, seed. `campaign`: runs, seed, invariants, base,
            jobs.
    """

    what: Literal["way", "campaign"]
    bundle: Mapping[str, Any]
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class News:
    """How far it is."""

    value: Any


@dataclass(frozen=True, slots=True)
class Result:
    """What was found."""

    value: Any


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why it could not be looked for."""

    what: str
    where: str = ""
    hint: str = ""
