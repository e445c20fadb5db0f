"""Answers of tools that only read, kept for a while so that the same question is not asked twice."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from journeybuilder.contract.json import canonical

MAX_ANSWERS = 1000
"""The oldest goes when there are more."""


class Cache:
    """Answers by tool and arguments, shared by the runs of one engine; gone with it."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, tuple[float, Any]] = OrderedDict()

    def find(
        self, tool: str, arguments: Mapping[str, Any], age: float, now: float
    ) -> tuple[Any] | None:
        """The value of an answer that is at most `age` seconds old, in a tuple of its own."""
        found = self._answers.get(_key(tool, arguments))
        if found is None or now - found[0] > age:
            return None
        return (found[1],)

    def keep(self, tool: str, arguments: Mapping[str, Any], value: Any, now: float) -> None:
        """Keep an answer."""
        key = _key(tool, arguments)
        self._answers[key] = (now, value)
        self._answers.move_to_end(key)
        if len(self._answers) > MAX_ANSWERS:
            self._answers.popitem(last=False)


def _key(tool: str, arguments: Mapping[str, Any]) -> str:
    return f"{tool} {canonical(arguments)}"
