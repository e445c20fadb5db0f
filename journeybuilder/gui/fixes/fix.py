"""What a quick fix is: a title and the edits that take a finding away, as data."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from journeybuilder.checks import Known
from journeybuilder.contract.fields import Port
from journeybuilder.document.edit import fresh_id, value_at
from journeybuilder.document.findings import Finding, Path
from journeybuilder.document.model import Journey, Node, mapping
from journeybuilder.gui.journey.journal import Edit
from journeybuilder.kinds import KINDS, ports_of

Placer: TypeAlias = Callable[[str], tuple[float, float]]
_QUOTED = re.compile(r"'([^']*)'")
_MEANT = re.compile(r"^Did you mean '([^']*)'\?")
_IN_NODE = 2  # nodes / id
_BESIDE = 260.0
_BELOW = 160.0


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to mend a finding.

    Attributes:
        title: What it does, in the person's language.
        edits: The edits of a journey, made together as one step of undo.
        best: Whether it is what nearly everybody would do; `Fix all of this kind` takes only these.
        deed: Id of a command of the window that does it, where no edit of the journey can.
    """

    title: str
    edits: tuple[Edit, ...] = ()
    best: bool = False
    deed: str = ""


@dataclass(frozen=True)
class Case:
    """A finding and what is around it.

    Attributes:
        place: Gives where a node is on the canvas.
    """

    finding: Finding
    journey: Journey
    known: Known
    place: Placer

    @cached_property
    def node(self) -> Node | None:
        """The node that the finding is in."""
        return self.journey.nodes.get(self.finding.node)

    @property
    def path(self) -> Path:
        """Its place, from the root of the file."""
        return self.finding.path

    @property
    def inside(self) -> Path:
        """Its place, from the node's settings."""
        return self.finding.path[_IN_NODE:] if self.finding.node else ()

    @cached_property
    def value(self) -> Any:
        """What stands at its place; None where nothing does."""
        return value_at(self.journey.data, self.finding.path)

    @cached_property
    def quoted(self) -> Sequence[str]:
        """The names that its message puts in quotes."""
        return _QUOTED.findall(self.finding.message)

    @cached_property
    def meant(self) -> str:
        """The nearest known name, where the finding tells one."""
        found = _MEANT.match(self.finding.hint)
        return found[1] if found else ""

    @cached_property
    def port(self) -> Port | None:
        """The way out that stands at its place."""
        for port in ports_of(self.node) if self.node is not None else ():
            if tuple(port.path) == self.inside:
                return port
        return None

    @cached_property
    def role(self) -> str:
        """What a text at its place means: `expression`, `template`, `text` …; "" where nothing marked is."""
        if self.node is None or self.node.kind not in KINDS:
            return ""
        for use in KINDS[self.node.kind].uses(self.node.settings):
            if self.inside[: len(use.path)] == tuple(use.path):
                return use.mark.role
        return ""

    @cached_property
    def saved(self) -> frozenset[str]:
        """The variables that other nodes set."""
        own = self.finding.node
        nodes = [one for one in self.journey.nodes.values() if one.id != own and one.kind in KINDS]
        return frozenset(name for one in nodes for name in KINDS[one.kind].saves(one.settings))

    def fresh(self, base: str) -> str:
        """An id for a new node."""
        return fresh_id(self.journey, base)

    def beside(self, node: str, *, down: int = 0) -> list[float]:
        """A place right of a node, or below it."""
        x, y = self.place(node) if node in self.journey.nodes else (0.0, 0.0)
        return [round(x + (0 if down else _BESIDE)), round(y + down * _BELOW)]


def set_at(path: Path, value: Any) -> Edit:
    """Write a value."""
    return Edit("set", {"path": list(path), "value": value})


def unset_at(path: Path) -> Edit:
    """Take a key or an item out."""
    return Edit("unset", {"path": list(path)})


def key_renamed(data: Any, path: Path, new: str) -> Edit:
    """Give a key another name, in its place among the others."""
    around = mapping(value_at(data, path[:-1]))
    after = {new if name == path[-1] else name: item for name, item in around.items()}
    return set_at(path[:-1], after)


def as_title(data: Any) -> str:
    """A value inside a title, not too long."""
    text = str(data)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


_LONGEST = 48


def found_node(nodes: Mapping[str, Node], kind: str) -> str:
    """The first node of a kind, or ""."""
    return next((name for name, node in nodes.items() if node.kind == kind), "")
