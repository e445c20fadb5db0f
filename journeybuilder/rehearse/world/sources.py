"""Who answers in a rehearsal: tool by tool and model by model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args
from zlib import crc32

from journeybuilder.contract.json import as_object

Source = Literal["scenario", "recording", "made", "edge", "real"]
"""`made` is a sensible value made from the output schema, `edge` an unusual one that fits it too."""
SOURCES: tuple[Source, ...] = get_args(Source)
OTHERS = "*"
MODEL = "model:"


@dataclass(frozen=True)
class Cast:
    """Who plays what. What is not named is found by itself: scenario, recording, real, made.

    Attributes:
        tools: By `server/tool`; `*` is every other one.
        models: By alias; `*` is every other one.
        faults: By `server/tool`, or `model:ALIAS`; `*` and `model:*` are every other one. A value is what
            stands behind a tool in a scenario: `{fails: timeout, calls: [2]}`, or a list of such.
        seed: Of everything that is made up or left to chance.
    """

    tools: Mapping[str, Source] = field(default_factory=dict[str, Source])
    models: Mapping[str, Source] = field(default_factory=dict[str, Source])
    faults: Mapping[str, Any] = field(default_factory=dict[str, Any])
    seed: int = 0

    def over(self, other: "Cast") -> "Cast":
        """This cast, and the other one where this one says nothing."""
        return Cast(
            {**other.tools, **self.tools},
            {**other.models, **self.models},
            {**other.faults, **self.faults},
            self.seed or other.seed,
        )


def cast_of(sources: Mapping[str, Any], seed: int = 0) -> Cast:
    """The cast that a scenario names under `sources:`; what is no source is left out."""
    return Cast(
        _known(as_object(sources.get("tools"))), _known(as_object(sources.get("models"))), seed=seed
    )


def _known(given: Mapping[str, Any]) -> Mapping[str, Source]:
    return {name: source for name, source in given.items() if source in SOURCES}


def seed_of(seed: int, *parts: object) -> int:
    """A seed for one part of a rehearsal, the same on every machine and every version of Python."""
    return crc32("\n".join(map(str, (seed, *parts))).encode())
