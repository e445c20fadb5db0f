"""A journey and the other files of a workspace as frozen values, however sensible they are.

The truth is `data`, the plain values of the file; everything else is read from it tolerantly, so a
broken document is still a document. Treat all values as immutable: `edit` makes new ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

FORMAT_VERSION = 1


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def mapping(value: object) -> Mapping[str, Any]:
    """The value where it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}  # pyright: ignore[reportUnknownVariableType]


def strings(value: object) -> list[str]:
    """The strings in a list, else an empty list."""
    if not isinstance(value, list):
        return []
    return [item for item in value if isinstance(item, str)]  # pyright: ignore[reportUnknownVariableType]


def kind_words(value: object) -> str:
    """What a value is, in the words of a message: `a text`, `a number`, `a list`."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a mapping" if isinstance(value, Mapping) else "a list"


def newer_version(data: Mapping[str, Any], current: int = FORMAT_VERSION) -> int | None:
    """The version of a file that this program is too old for, else None."""
    version = data.get("journeybuilder")
    return version if isinstance(version, int) and version > current else None


@dataclass(frozen=True)
class Node:
    """One node of a journey.

    Attributes:
        settings: Every key of the node but `kind`, as the file has it.
    """

    id: str
    kind: str
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Journey:
    """What a `*.journey.yaml` says."""

    data: Mapping[str, Any]

    @cached_property
    def id(self) -> str:
        """Its id, unique in the workspace."""
        return _text(self.data.get("journey"))

    @cached_property
    def title(self) -> str:
        """Its name for people; the id where it has none."""
        return _text(self.data.get("title")) or self.id

    @cached_property
    def start(self) -> str:
        """The id of the node where a run starts."""
        return _text(self.data.get("start"))

    @cached_property
    def on_error(self) -> str:
        """The node that takes errors which no node caught, or an empty string."""
        return _text(self.data.get("on_error"))

    @cached_property
    def languages(self) -> Sequence[str]:
        """Language codes, the default first."""
        return strings(self.data.get("languages")) or ["en"]

    @cached_property
    def channels(self) -> Sequence[str]:
        """Channels it is made for."""
        return strings(self.data.get("channels")) or ["chat"]

    @cached_property
    def input(self) -> Mapping[str, Any]:
        """JSON Schema of what starts it."""
        return mapping(self.data.get("input"))

    @cached_property
    def output(self) -> Mapping[str, Any]:
        """JSON Schema of what it gives back."""
        return mapping(self.data.get("output"))

    @cached_property
    def variables(self) -> Mapping[str, Any]:
        """Declared types of variables."""
        return mapping(self.data.get("variables"))

    @cached_property
    def limits(self) -> Mapping[str, Any]:
        """Bounds of every run."""
        return mapping(self.data.get("limits"))

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """The nodes in the order of the file."""
        out: dict[str, Node] = {}
        for name, raw in mapping(self.data.get("nodes")).items():
            settings = mapping(raw)
            rest = dict(settings)
            rest.pop("kind", None)
            out[name] = Node(name, _text(settings.get("kind")), rest)
        return out


@dataclass(frozen=True)
class Layout:
    """What a `*.layout.yaml` says: positions and everything else that is no logic."""

    data: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @cached_property
    def positions(self) -> Mapping[str, tuple[float, float]]:
        """Top left corner of each node, in scene units."""
        out: dict[str, tuple[float, float]] = {}
        for name, raw in mapping(self.data.get("nodes")).items():
            place = raw.get("at") if isinstance(raw, Mapping) else raw  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
            if isinstance(place, list) and len(place) == 2:  # pyright: ignore[reportUnknownArgumentType]  # noqa: PLR2004
                x, y = place  # pyright: ignore[reportUnknownVariableType]
                if isinstance(x, int | float) and isinstance(y, int | float):
                    out[name] = (float(x), float(y))
        return out
