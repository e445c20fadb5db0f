"""The names that expressions of a journey may use, with their types, for completion."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.model import Journey, Node, mapping
from journeybuilder.gui.forms.base import Name
from journeybuilder.kinds import KINDS

_DEPTH = 4
_SESSION = {
    "id": "string",
    "channel": "string",
    "language": "string",
    "tenant": "string",
    "started": "string",
}


def names_of(journey: Journey, tools: Mapping[str, ToolDef]) -> list[Name]:
    """Every name and the fields below it, variables first."""
    out: dict[str, Name] = {}
    for name in _all(journey, tools):
        out.setdefault(name.path, name)
    return list(out.values())


def _all(journey: Journey, tools: Mapping[str, ToolDef]) -> Iterable[Name]:
    for node in journey.nodes.values():
        yield from _saved(node, tools)
    for name, schema in journey.variables.items():
        yield from _fields(name, schema, "declared in the journey")
    for name, schema in mapping(journey.input.get("properties")).items():
        yield from _fields(f"input.{name}", schema, "given at the start")
    for name, kind in _SESSION.items():
        yield Name(f"session.{name}", kind, "of this conversation")
    yield Name("customer", "object", "what is remembered of this customer")
    yield Name("error.message", "string", "on an error's way")
    yield Name("error.code", "string", "on an error's way")
    yield Name("now", "moment", "the time of the run")


def _saved(node: Node, tools: Mapping[str, ToolDef]) -> Iterable[Name]:
    about = f"saved by {node.id}"
    save = node.settings.get("save")
    if isinstance(save, str) and save:
        yield from _fields(save, _schema(node, tools), about)
    if node.kind == "set":
        for name in mapping(node.settings.get("values")):
            yield Name(name, "", about)


def _schema(node: Node, tools: Mapping[str, ToolDef]) -> Any:
    tool = tools.get(str(node.settings.get("tool") or ""))
    if node.kind == "tool":
        return tool.output_schema if tool is not None else None
    if node.kind == "review":
        parts = {
            "decision": {"type": "string"},
            "by": {"type": "string"},
            "note": {"type": "string"},
            "value": {},
        }
        return {"type": "object", "properties": parts}
    kind = KINDS.get(node.kind)
    return kind.schema_of(node.settings) if kind is not None else None


def _fields(path: str, schema: Any, about: str, depth: int = 0) -> Iterable[Name]:
    facts = mapping(schema)
    yield Name(path, type_words(facts), about)
    if depth < _DEPTH:
        for name, inner in mapping(facts.get("properties")).items():
            yield from _fields(f"{path}.{name}", inner, about, depth + 1)


def type_words(schema: Mapping[str, Any]) -> str:
    """The type of a schema in a word, or ""."""
    kind = schema.get("type")
    if isinstance(kind, list):
        real = [str(one) for one in cast("Sequence[Any]", kind) if one != "null"]
        return " or ".join(real)
    if not kind and "properties" in schema:
        return "object"
    return kind if isinstance(kind, str) else ""
