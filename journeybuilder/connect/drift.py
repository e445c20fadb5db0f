"""How a tool's definition differs from the one that was approved, in words.

Read from the caller's side: arguments that were right must stay right, and fields that were there
must stay there. What is not understood counts as breaking.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from journeybuilder.contract.json import canonical
from journeybuilder.contract.tools import Risk, ToolDef

DriftKind = Literal["breaking", "widening", "wording"]
Schema = Mapping[str, Any]
Side = Literal["argument", "field"]

_DEPTH = 12
_LONG = 100
_LOWER = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
_UPPER = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}
_WORDING = {"title", "description", "examples", "$comment", "deprecated", "$schema", "$id", "icon"}
_PARTS = {
    "type",
    "properties",
    "required",
    "items",
    "enum",
    "const",
    "$defs",
    "definitions",
    "$ref",
}


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference.

    Attributes:
        kind: `breaking` where a journey made for the old definition can fail or do something else,
            `widening` where it cannot, `wording` where only words for people or models differ.
    """

    kind: DriftKind
    words: str


def lock_entry(tool: ToolDef, risk: Risk) -> dict[str, Any]:
    """What `mcp.lock` keeps of an approved tool: its digest, risk and whole definition."""
    definition = tool.definition()
    del definition["name"]
    return {"digest": tool.digest(), "risk": risk, **definition}


def locked_tool(name: str, entry: Mapping[str, Any]) -> ToolDef:
    """The definition that an entry of `mcp.lock` holds, by its `server/tool`."""
    server, _, tool = name.partition("/")
    return ToolDef.from_definition(server, {**entry, "name": tool})


def drift(locked: Mapping[str, Any], now: ToolDef) -> list[Drift]:
    """The differences between an entry of `mcp.lock` and today's definition; empty when equal."""
    before = locked_tool(now.id, locked)
    if locked.get("digest") == now.digest() == before.digest():
        return []
    out = _arguments(before, now) + _fields(before, now) + _hints(before, now)
    if before.title != now.title:
        out.append(Drift("wording", "the title has changed"))
    if before.description != now.description:
        out.append(Drift("wording", "the description has changed"))
    if before.digest() != locked.get("digest"):
        words = "the entry in mcp.lock does not match its own digest: it was changed by hand"
        out.insert(0, Drift("breaking", words))
    return out


def _arguments(before: ToolDef, now: ToolDef) -> list[Drift]:
    return _Comparison("argument", before.input_schema, now.input_schema).drifts()


def _fields(before: ToolDef, now: ToolDef) -> list[Drift]:
    if before.output_schema is None:
        if now.output_schema is None:
            return []
        return [Drift("widening", "the result has a schema now")]
    if now.output_schema is None:
        return [Drift("breaking", "the result no longer has a schema")]
    return _Comparison("field", before.output_schema, now.output_schema).drifts()


# What a tool promises when it says nothing, by the MCP specification.
_HINTS = {
    "readOnlyHint": (False, "it no longer says that it only reads"),
    "destructiveHint": (True, "it now says that it may destroy"),
    "idempotentHint": (False, "it no longer says that repeating it does no harm"),
    "openWorldHint": (True, "it now says that it reaches the outside world"),
}


def _hints(before: ToolDef, now: ToolDef) -> list[Drift]:
    out: list[Drift] = []
    for name in sorted({*before.annotations, *now.annotations}):
        old, new = before.annotations.get(name), now.annotations.get(name)
        if old == new:
            continue
        default, words = _HINTS.get(name, (None, ""))
        worse = name in _HINTS and new in (default, None) and old == (not default)
        kind: DriftKind = "breaking" if worse else "wording"
        out.append(Drift(kind, words if worse else f"the annotation '{name}' has changed"))
    return out


def _types(schema: Schema) -> set[str]:
    """The JSON types that a schema allows; `integer` is part of `number`; empty means any."""
    raw = schema.get("type")
    names = [raw] if isinstance(raw, str) else raw
    found = {str(name) for name in cast("Sequence[object]", names or [])}
    for part in ("anyOf", "oneOf"):
        for option in _schemas(schema.get(part)):
            found |= _types(option)
    return found | {"integer"} if "number" in found else found


def _schemas(value: object) -> list[Schema]:
    if not isinstance(value, list):
        return []
    return [_schema(item) for item in cast("list[object]", value)]


def _schema(value: object) -> Schema:
    return cast("Schema", value) if isinstance(value, Mapping) else {}


def _named(names: set[str]) -> str:
    shown = names - {"integer"} if "number" in names else names
    return " or ".join(sorted(shown)) or "anything"


class _Comparison:
    """Compares two schemas; for arguments less may be demanded, for fields more may be given."""

    def __init__(self, side: Side, before: Schema, now: Schema) -> None:
        self.side: Side = side
        self.roots = (before, now)
        self.found: list[Drift] = []
        self.seen: set[tuple[str, str]] = set()
        self.followed: set[str] = set()
        # Where what is referred to differs, equal references mean different things.
        self.same_parts = _parts(before) == _parts(now)

    def drifts(self) -> list[Drift]:
        self.compare("", *self.roots, depth=0)
        self.unseen_parts()
        return self.found

    def add(self, kind: DriftKind, words: str) -> None:
        self.found.append(Drift(kind, words))

    def name(self, path: str) -> str:
        return f"{self.side} '{path}'" if path else f"the {self.side}s"

    def compare(self, path: str, before: Schema, now: Schema, *, depth: int) -> None:
        before, now = self.resolved(before, 0), self.resolved(now, 1)
        pair = (canonical(before), canonical(now))
        if depth > _DEPTH or pair in self.seen or (pair[0] == pair[1] and self.same_parts):
            return
        self.seen.add(pair)
        if self.changed_type(path, before, now):
            return
        self.properties(path, before, now, depth)
        self.values(path, before, now)
        old, new = _schema(before.get("items")), _schema(now.get("items"))
        self.compare(f"{path}[]", old, new, depth=depth + 1)
        self.rest(path, before, now)

    def resolved(self, schema: Schema, side: int) -> Schema:
        """The schema that a local `$ref` stands for; a network is never asked."""
        for _ in range(_DEPTH):
            ref = schema.get("$ref")
            if not isinstance(ref, str) or not ref.startswith("#/"):
                return schema
            self.followed.add(ref)
            target: Schema = self.roots[side]
            for part in ref[2:].split("/"):
                target = _schema(target.get(part.replace("~1", "/").replace("~0", "~")))
            schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
        return schema

    def changed_type(self, path: str, before: Schema, now: Schema) -> bool:
        old, new = _types(before), _types(now)
        if old == new:
            return False
        wider = not new or (bool(old) and old < new)
        narrower = not old or (bool(new) and new < old)
        harmless = wider if self.side == "argument" else narrower
        words = f"{self.name(path)} was {_named(old)} and is now {_named(new)}"
        self.add("widening" if harmless else "breaking", words)
        return not harmless

    def properties(self, path: str, before: Schema, now: Schema, depth: int) -> None:
        old, new = _schema(before.get("properties")), _schema(now.get("properties"))
        demanded = {str(name) for name in before.get("required") or ()}
        demands = {str(name) for name in now.get("required") or ()}
        prefix = f"{path}." if path else ""
        for name in sorted({*old, *new}):
            where = prefix + name
            if name not in new:
                self.add("breaking", f"{self.name(where)} is gone")
            elif name not in old:
                self.added(where, required=name in demands)
            else:
                self.demand(where, was=name in demanded, is_now=name in demands)
                self.compare(where, _schema(old[name]), _schema(new[name]), depth=depth + 1)

    def added(self, where: str, *, required: bool) -> None:
        if self.side == "argument" and required:
            self.add("breaking", f"{self.name(where)} is new and required")
        else:
            self.add("widening", f"{self.name(where)} is new")

    def demand(self, where: str, *, was: bool, is_now: bool) -> None:
        if was == is_now:
            return
        words = f"{self.name(where)} is now {'required' if is_now else 'optional'}"
        worse = is_now if self.side == "argument" else was
        self.add("breaking" if worse else "widening", words)

    def values(self, path: str, before: Schema, now: Schema) -> None:
        old, new = _allowed(before), _allowed(now)
        if old == new:
            return
        gone = sorted((old or set()) - (new or set())) if new is not None else []
        more = sorted((new or set()) - (old or set())) if old is not None else []
        worse = bool(gone) or old is None if self.side == "argument" else bool(more) or new is None
        said = [f"no longer allows {', '.join(gone)}"] if gone else []
        said += [f"also allows {', '.join(more)}"] if more else []
        words = " and ".join(said) or "has another set of allowed values"
        self.add("breaking" if worse else "widening", f"{self.name(path)} {words}")

    def unseen_parts(self) -> None:
        """Parts that are referred to from places that are not compared, e.g. inside of `allOf`."""
        old, new = _parts(self.roots[0]), _parts(self.roots[1])
        for ref in sorted({*old} & {*new} - self.followed):
            if old[ref] != new[ref]:
                self.add("breaking", f"{self.name('')}: the part '{ref}' has changed")

    def rest(self, path: str, before: Schema, now: Schema) -> None:
        for key in sorted({*before, *now} - _PARTS):
            if before.get(key) == now.get(key) or _only_types(before, now, key):
                continue
            if key in _WORDING:
                self.add("wording", f"{self.name(path)}: '{key}' has changed")
            elif key == "default":
                self.add("widening", f"{self.name(path)} has another default")
            else:
                kind: DriftKind = "widening" if self.harmless(key, before, now) else "breaking"
                self.add(kind, f"{self.name(path)}: {_rule(key, before, now)}")

    def harmless(self, key: str, before: Schema, now: Schema) -> bool:
        """Dropping or loosening a rule for arguments, or tightening one for fields, harms no caller."""
        wide, narrow = (now, before) if self.side == "argument" else (before, now)
        if key not in wide or (key == "additionalProperties" and wide[key] is True):
            return True
        loose: Any = wide.get(key)
        tight: Any = narrow.get(key)
        if key not in _LOWER | _UPPER or not (_is_number(loose) and _is_number(tight)):
            return False
        return bool(loose <= tight if key in _LOWER else loose >= tight)


def _rule(key: str, before: Schema, now: Schema) -> str:
    """A rule as it was and as it is, where that can be told in a few words."""
    old, new = (_short(side, key) for side in (before, now))
    if key == "additionalProperties" and "{" not in old + new:
        may = now.get(key) is not False
        return "others than those named are " + ("allowed now" if may else "no longer allowed")
    if len(old) + len(new) > _LONG:
        return f"the rule '{key}' has changed"
    return f"the rule '{key}' was {old} and is now {new}"


def _short(schema: Schema, key: str) -> str:
    return canonical(schema[key]) if key in schema else "not there"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _parts(root: Schema) -> dict[str, str]:
    """The parts that `$ref` can name, as texts to compare."""
    return {
        f"#/{group}/{name}": canonical(part)
        for group in ("$defs", "definitions")
        for name, part in _schema(root.get(group)).items()
    }


def _only_types(before: Schema, now: Schema, key: str) -> bool:
    """True for alternatives that name nothing but types, which `changed_type` has compared."""
    if key not in {"anyOf", "oneOf"}:
        return False
    options = [*_schemas(before.get(key)), *_schemas(now.get(key))]
    return all(set(option) <= {"type", *_WORDING} for option in options)


def _allowed(schema: Schema) -> set[str] | None:
    """The allowed values as JSON; None where any will do."""
    if "const" in schema:
        return {canonical(schema["const"])}
    values = schema.get("enum")
    if not isinstance(values, list):
        return None
    return {canonical(value) for value in cast("list[object]", values)}
