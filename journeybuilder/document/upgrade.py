"""How files of older versions become files of today's: one pure step from each version to the next.

A step that changes nothing in a kind of file needs not be there. A file without a version, or of
version 0, is of no version: the form's own findings say so, and no step is taken.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from journeybuilder.document.model import FORMAT_VERSION, newer_version

Step = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""What a file of one version says, as the next version says it; keeps everything it does not know."""

_KEY = "journeybuilder"


def _no_steps() -> dict[tuple[str, int], Step]:
    return {}


@dataclass(frozen=True)
class Upgrades:
    """The versions of the format.

    Attributes:
        current: The version that is written.
        steps: By the form's name (`journey`, `layout`, `scenario`, `workspace`, `models`, `lock`) and
            the version that the step begins with.
    """

    current: int = FORMAT_VERSION
    steps: Mapping[tuple[str, int], Step] = field(default_factory=_no_steps)

    def older(self, data: Mapping[str, Any]) -> int | None:
        """The version of a file that has to be upgraded, else None."""
        version = data.get(_KEY)
        known = type(version) is int and 1 <= version < self.current
        return version if known else None

    def newer(self, data: Mapping[str, Any]) -> int | None:
        """The version of a file that this program is too old for, else None."""
        return newer_version(data, self.current)

    def upgraded(self, data: Mapping[str, Any], form: str) -> Mapping[str, Any]:
        """What a file says, as today's version says it; the same data where it is of today."""
        version = self.older(data)
        if version is None:
            return data
        for number in range(version, self.current):
            step = self.steps.get((form, number))
            data = data if step is None else step(data)
        return {key: self.current if key == _KEY else value for key, value in data.items()}


UPGRADES = Upgrades()
"""The versions that this program reads: there is one so far."""
