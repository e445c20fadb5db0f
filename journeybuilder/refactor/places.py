"""Where in a journey variables are set and read, by what the fields of each kind mean."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from journeybuilder.contract.fields import Path
from journeybuilder.document.model import Node
from journeybuilder.kinds import KINDS
from journeybuilder.refactor.cel_names import Read, expressions_in, reads

ALWAYS = frozenset({"input", "customer", "session", "error", "now"})
"""Names that every expression may use and nobody sets."""

_TEMPLATES = {"template", "arguments", "text", "values"}


@dataclass(frozen=True, slots=True)
class Place:
    """A text of a node that is about variables.

    Attributes:
        path: From the node's settings.
        what: `name`: the text is a variable's name; `key`: the last part of the path is;
            `expression`; `template`: a text with `${…}`.
        own: Names that are the field's own there.
    """

    path: Path
    what: Literal["name", "key", "expression", "template"]
    text: str
    own: frozenset[str] = frozenset()


def places(node: Node) -> Iterator[Place]:
    """Every text of a node that sets or reads variables; of an unknown kind, what looks like it."""
    kind = KINDS.get(node.kind)
    if kind is None:
        yield from _guessed(node)
        return
    for use in kind.uses(node.settings):
        role, value = use.mark.role, use.value
        own = frozenset(kind.local_names(use.path))
        if role == "save" and isinstance(value, str):
            yield Place(use.path, "name", value)
        elif role == "expression" and isinstance(value, str):
            yield Place(use.path, "expression", value, own)
        elif role == "values" or (role == "template" and _is_set(node, use.path)):
            yield from _values(value, use.path)
        elif role in _TEMPLATES:
            yield from _texts(value, use.path, own)


def _is_set(node: Node, path: Path) -> bool:
    """Whether a template is the value of a variable that its key names."""
    return node.kind == "set" and path[:1] == ("values",) and len(path) > 1


def _values(value: Any, path: Path) -> Iterator[Place]:
    if isinstance(value, Mapping):
        for name in cast("Mapping[str, Any]", value):
            yield Place((*path, name), "key", name)
    elif len(path) > 1:
        yield Place(path, "key", str(path[-1]))
    yield from _texts(value, path, frozenset())


def _texts(value: Any, path: Path, own: frozenset[str]) -> Iterator[Place]:
    if isinstance(value, str):
        if "${" in value:
            yield Place(path, "template", value, own)
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            yield from _texts(item, (*path, key), own)
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Any]", value)):
            yield from _texts(item, (*path, index), own)


def _guessed(node: Node) -> Iterator[Place]:
    saved = node.settings.get("save")
    if isinstance(saved, str):
        yield Place(("save",), "name", saved)
    values = node.settings.get("values")
    if isinstance(values, Mapping):
        yield from (
            Place(("values", name), "key", name) for name in cast("Mapping[str, Any]", values)
        )
    yield from _texts(dict(node.settings), (), frozenset())


def read_in(node: Node) -> list[Read]:
    """Everything that a node's expressions read, but for names of their own.

    What an `undo` reads of the result of its own node is not among it.
    """
    out: list[Read] = []
    own = set(written_by(node))
    for place in places(node):
        if place.what == "expression":
            found = list(reads(place.text))
        elif place.what == "template":
            found = [read for _, text in expressions_in(place.text) for read in reads(text)]
        else:
            continue
        out += [read for read in found if read.name not in _hidden(place, own)]
    return out


def _hidden(place: Place, own: set[str]) -> Collection[str]:
    return own if place.path[:1] == ("undo",) else place.own


def written_by(node: Node) -> list[str]:
    """The variables that a node may set, under a name of its author's or of its kind's own."""
    kind = KINDS.get(node.kind)
    named = [place.text for place in places(node) if place.what in {"name", "key"}]
    return list(dict.fromkeys([*named, *(kind.saves(node.settings) if kind else ())]))


def unnamed(node: Node) -> set[str]:
    """The variables that a node sets although its settings do not say so: a loop's `item`."""
    named = {place.text for place in places(node) if place.what in {"name", "key"}}
    return set(written_by(node)) - named
