"""The types of a journey's variables, and what each of its expressions makes of them.

A variable has one type wherever it is read: what all nodes together that save it may give. What no
schema tells is dynamic, and nothing is said about it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, NamedTuple, TypeAlias, cast

from typing_extensions import override

from journeybuilder.contract.cel_reading import Reading, reading
from journeybuilder.contract.cel_syntax import read
from journeybuilder.contract.cel_tree import Tree
from journeybuilder.contract.cel_types import (
    DYNAMIC,
    MOMENT,
    NULL,
    TEXT,
    Type,
    joined,
    list_of,
    of_schema,
    of_value,
)
from journeybuilder.contract.expressions import ExpressionError, Slot, split_template
from journeybuilder.contract.fields import Use
from journeybuilder.contract.json import as_object
from journeybuilder.contract.kind import NodeKind
from journeybuilder.contract.texts import variants
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.findings import Path
from journeybuilder.document.model import Journey, Node

_SESSION = ("id", "channel", "language", "tenant", "customer")
_ALWAYS: Mapping[str, Type] = {
    "now": MOMENT,
    "session": Type("object", DYNAMIC, {**dict.fromkeys(_SESSION, TEXT), "started": DYNAMIC}),
    "error": Type(
        "object", DYNAMIC,
        {"code": TEXT, "message": TEXT, "node": TEXT, "detail": DYNAMIC, "uncertain": Type("bool")},
    ),
}  # fmt: skip


class Site(NamedTuple):
    """An expression in a node.

    Attributes:
        use: The marked value that it stands in.
        path: From the node's settings.
        start: Where it begins in the text there; -1 where the text cannot be split.
        alone: Whether it is all of the text, and so keeps its type.
    """

    node: Node
    use: Use
    path: Path
    text: str
    start: int
    alone: bool


@dataclass(frozen=True, eq=False)
class Typed(Mapping[str, Type]):
    """The types of variables by name, computed when asked for.

    Attributes:
        journeys: The other journeys of the workspace; what one gives is what `save` gets.
    """

    journey: Journey
    kinds: Mapping[str, NodeKind[Any]]
    uses: Sequence[tuple[Node, Use]]
    tools: Mapping[str, ToolDef]
    journeys: Mapping[str, Journey]
    _found: dict[str, Type] = field(default_factory=dict[str, Type])
    _read: "dict[str | tuple[str, tuple[str, ...]], Reading | None]" = field(
        default_factory=dict[str | tuple[str, tuple[str, ...]], Reading | None]
    )

    # -- expressions -----------------------------------------------------------------------------

    @cached_property
    def sites(self) -> Sequence[Site]:
        """Every expression of the journey's nodes."""
        return [
            Site(node, use, (*use.path, *path), text, start, alone)
            for node, use in self.uses
            if use.mark.role in _HOLDERS and use.value is not None
            for path, text, start, alone in _expressions(use.mark.role, use.value)
        ]

    @cached_property
    def readings(self) -> Sequence[tuple[Site, Reading | None]]:
        """The same, each with what is known of it; several checks look at it."""
        return [(site, self.reading(site) if site.start >= 0 else None) for site in self.sites]

    def local_names(self, site: Site) -> Sequence[str]:
        """Names that are known at this place only."""
        kind = self.kinds[site.node.id]
        return () if _knows_no_more(type(kind)) else tuple(kind.local_names(site.path))

    def reading(self, site: Site) -> Reading | None:
        """What is known of an expression; None where only CEL can read it, or nobody."""
        return self.read(site.text, self.local_names(site))

    def read(self, text: str, local: Sequence[str] = ()) -> Reading | None:
        """The same of a text, in which some names are known that are no variables."""
        key = (text, tuple(local)) if local else text
        if key not in self._read:
            tree: Tree | None = read(text)
            known = {**self, **dict.fromkeys(local, DYNAMIC)} if local else self
            self._read[key] = None if tree is None else _read_before(text, tree, known)
        return self._read[key]

    def of_template(self, template: Any, local: Sequence[str] = ()) -> Type:
        """The type of a value with `${…}` in it."""
        if isinstance(template, str) and "${" in template:
            return self._of_text(template, local)
        if isinstance(template, list):
            return list_of(
                joined(self.of_template(item, local) for item in cast("list[Any]", template))
            )
        if isinstance(template, Mapping):
            fields = {
                str(key): self.of_template(item, local)
                for key, item in cast("Mapping[str, Any]", template).items()
            }
            return Type("object", DYNAMIC, fields, needed=frozenset(fields))
        return of_value(template)

    def _of_text(self, text: str, local: Sequence[str]) -> Type:
        try:
            parts = split_template(text)
        except ExpressionError:
            return DYNAMIC
        if len(parts) == 1 and isinstance(parts[0], Slot):
            known = self.read(parts[0].expression, local)
            return DYNAMIC if known is None else known.type
        return TEXT

    # -- variables -------------------------------------------------------------------------------

    @override
    def __getitem__(self, name: str) -> Type:
        if name not in self._found:
            self._found[name] = DYNAMIC  # a variable that is computed from itself
            self._found[name] = self._type(name)
        return self._found[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter({*self.savers, *self.journey.variables, *_ALWAYS, "input"})

    @override
    def __len__(self) -> int:
        return len(list(iter(self)))

    @override
    def get(self, key: str, default: Any = DYNAMIC) -> Any:
        """The type of a variable; dynamic where there is no such."""
        del default
        return self[key]

    def _type(self, name: str) -> Type:
        if name in _ALWAYS:
            return _ALWAYS[name]
        if name == "input":
            schema = self.journey.input
            return of_schema({"type": "object", **schema}) if schema else DYNAMIC
        if name in self.journey.variables:
            return of_schema(self.journey.variables[name])
        savers = self.savers.get(name, ())
        return joined(self.saved_type(node, name) for node in savers)

    @cached_property
    def savers(self) -> Mapping[str, Sequence[Node]]:
        """The nodes that set each variable."""
        out: dict[str, list[Node]] = {}
        for node in self.journey.nodes.values():
            for name in self.saved_by(node):
                out.setdefault(name, []).append(node)
        return out

    @cached_property
    def _by_node(self) -> Mapping[str, Mapping[str, Mapping[str, Any] | None]]:
        out: dict[str, dict[str, Mapping[str, Any] | None]] = {}
        for node, use in self.uses:
            role = use.mark.role
            if role not in _SAVING or not use.value:
                continue
            kind = self.kinds[node.id]
            if _says_the_usual(type(kind)):
                saved = out.setdefault(node.id, {})  # what the default does, with what is known
                if role == "values":
                    saved.update(dict.fromkeys(as_object(use.value)))
                elif isinstance(use.value, str):
                    saved[use.value] = kind.schema_of(node.settings)
        return {**out, **self._by_kind()}

    def _by_kind(self) -> Mapping[str, Mapping[str, Mapping[str, Any] | None]]:
        """The same of the kinds that tell it themselves."""
        nodes = self.journey.nodes
        return {
            node: kind.saves(nodes[node].settings)
            for node, kind in self.kinds.items()
            if not _says_the_usual(type(kind))
        }

    def saved_by(self, node: Node) -> Mapping[str, Mapping[str, Any] | None]:
        """The variables that a node sets, with their schemas as far as its settings tell."""
        return self._by_node.get(node.id, {})

    def saved_type(self, node: Node, name: str) -> Type:
        """The type of what one node saves under a name."""
        settings = node.settings
        if node.kind == "loop":
            return self._of_loop(node, name)
        if node.kind == "tool":
            tool = self.tools.get(str(settings.get("tool")))
            return of_schema(tool.output_schema) if tool and tool.output_schema else DYNAMIC
        if node.kind == "journey":
            other = self.journeys.get(str(settings.get("journey")))
            return (
                of_schema({"type": "object", **other.output}) if other and other.output else DYNAMIC
            )
        templates = as_object(settings.get("values"))
        if name in templates and self.saved_by(node).get(name) is None:
            return self.of_template(templates[name])
        schema = self.saved_by(node).get(name)
        found = DYNAMIC if schema is None else of_schema(schema)
        return joined([found, NULL]) if node.kind == "classify" else found

    def _of_loop(self, node: Node, name: str) -> Type:
        collect = as_object(node.settings.get("collect"))
        if name in collect:
            return list_of(self.of_template(collect[name]))
        known = self.read(str(node.settings.get("each")))
        over = DYNAMIC if known is None else known.type
        return (over.item or DYNAMIC) if over.kind == "list" else DYNAMIC


_BEFORE: dict[str, tuple[Tree, Mapping[str, Type], Reading]] = {}
"""Each expression as it was last read, and with which types: an edit changes few of either."""
_MOST = 8192


def forget() -> None:
    """Read every expression anew from now on, as a new process does."""
    _BEFORE.clear()


def _read_before(text: str, tree: Tree, known: Mapping[str, Type]) -> Reading:
    """The reading of an expression, from the last time where its variables have the same types."""
    before = _BEFORE.get(text)
    if before is not None and before[0] is tree:
        _, types, found = before
        if all(known.get(name, DYNAMIC) == given for name, given in types.items()):
            return found
    found = reading(tree, known)
    if len(_BEFORE) >= _MOST:
        _BEFORE.clear()
    _BEFORE[text] = tree, {name: known.get(name, DYNAMIC) for name in found.reads}, found
    return found


@cache
def _says_the_usual(kind: type[NodeKind[Any]]) -> bool:
    """Whether a kind says of what it saves what every kind says."""
    usual: Any = NodeKind
    return kind.saves is usual.saves


@cache
def _knows_no_more(kind: type[NodeKind[Any]]) -> bool:
    """Whether expressions in such a node know the usual names only."""
    usual: Any = NodeKind
    return kind.local_names is usual.local_names


_SAVING = frozenset({"save", "values"})
_HOLDERS = frozenset({"expression", "template", "arguments", "values", "text"})


_Found: TypeAlias = tuple[Path, str, int, bool]


def _expressions(role: str, value: Any) -> Sequence[_Found]:
    """Expressions in a marked value: path, text, how far into the text it begins, whether it is all."""
    if role == "expression":
        return [((), value, 0, True)] if isinstance(value, str) else ()
    out: list[_Found] = []
    if role == "text":
        for place, words in variants(value):
            _find(words, place, out, words=True)
    else:
        _find(value, (), out)
    return out


def _find(value: Any, path: Path, out: list[_Found], *, words: bool = False) -> None:
    """Append every `${…}` below a value; `words` are written to somebody and keep no type."""
    if isinstance(value, str):
        if "${" in value:
            _split(value, path, out, words=words)
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            _find(item, (*path, key), out)
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Any]", value)):
            _find(item, (*path, index), out)


def _split(text: str, path: Path, out: list[_Found], *, words: bool) -> None:
    try:
        parts = split_template(text)
    except ExpressionError as error:
        out.append((path, "${" + error.message, -1, False))
        return
    alone = len(parts) == 1 and not words
    out += [(path, part.expression, part.start, alone) for part in parts if isinstance(part, Slot)]
