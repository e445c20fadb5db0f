"""What a form reads out of a JSON Schema: types, titles, help, examples, alternatives. Knows no Qt."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from journeybuilder.gui.look.language import tr

Schema = Mapping[str, Any]
_DEEPEST = 12  # references that lead to references
_CHOICES = ("anyOf", "oneOf")
_OF_VALUES = {
    "type", "properties", "items", "prefixItems", "enum", "const", "$ref", "anyOf", "oneOf", "allOf",
    "additionalProperties", "patternProperties", "format", "pattern",
}  # fmt: skip
_NULL = "null"


def resolved(schema: Any, root: Schema) -> Schema:
    """A schema with its `$ref` followed, `allOf` joined and `null` taken out of a choice; {} for none."""
    for _ in range(_DEEPEST):
        found = as_schema(schema)
        if isinstance(found.get("$ref"), str):
            rest = {key: value for key, value in found.items() if key != "$ref"}
            schema = {**as_schema(_pointed(found["$ref"], root)), **rest}
            continue
        parts = found.get("allOf")
        if isinstance(parts, list):
            schema = _joined(found, cast("list[Any]", parts), root)
            continue
        only = _only_choice(found)
        if only is None:
            return found
        schema = only
    return {}


def as_schema(value: Any) -> Schema:
    """The schema where it is one; `true` and what is none allow everything."""
    return cast("Schema", value) if isinstance(value, Mapping) else {}


def _only_choice(schema: Schema) -> Schema | None:
    """The schema as its one alternative beside `null` says it; None where there are none or several."""
    for word in _CHOICES:
        options = schema.get(word)
        if not isinstance(options, list):
            continue
        real = [one for one in cast("list[Any]", options) if not _is_null(one)]
        if len(real) == 1:
            outer = {key: value for key, value in schema.items() if key != word}
            return {**as_schema(real[0]), **outer}
    return None


def _is_null(schema: Any) -> bool:
    found = as_schema(schema)
    return found.get("type") == _NULL or found.get("const", 0) is None


def _joined(outer: Schema, parts: Sequence[Any], root: Schema) -> Schema:
    """An object that has the properties of all of its parts."""
    out: dict[str, Any] = {}
    for part in (*parts, {key: value for key, value in outer.items() if key != "allOf"}):
        found = resolved(part, root) if part is not outer else as_schema(part)
        out = merged(out, found)
    return out


def merged(one: Schema, other: Schema) -> dict[str, Any]:
    """Both schemas at once: the properties of both; of other keys the later one's."""
    out = {**one, **other}
    both = [as_schema(schema.get("properties")) for schema in (one, other)]
    if any(both):
        out["properties"] = {**both[0], **both[1]}
    names = [*names_in(one.get("required")), *names_in(other.get("required"))]
    if names:
        out["required"] = list(dict.fromkeys(names))
    return out


def names_in(value: Any) -> list[str]:
    """The texts of a list; nothing where it is none."""
    items = cast("list[Any]", value) if isinstance(value, list) else []
    return [item for item in items if isinstance(item, str)]


def _pointed(reference: str, root: Schema) -> Any:
    if not reference.startswith("#"):
        return {}
    found: Any = root
    for part in reference[1:].split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and key.isdigit() and int(key) < len(cast("list[Any]", found)):
            found = cast("list[Any]", found)[int(key)]
        else:
            found = as_schema(found).get(key)
    return found


def type_of(schema: Schema) -> str:
    """The one type that a form is made for, or "" where any value may stand."""
    real = types_of(schema)
    if not real and isinstance(schema.get("properties"), Mapping):
        return "object"
    if not real and ("items" in schema or "prefixItems" in schema):
        return "array"
    return real[0] if len(real) == 1 else ""


def types_of(schema: Schema) -> list[str]:
    """The types that are allowed beside `null`; empty where the schema says nothing of them."""
    kind = schema.get("type")
    kinds = names_in(kind) if isinstance(kind, list) else [kind]
    return [one for one in kinds if isinstance(one, str) and one != _NULL]


def takes_null(schema: Any, root: Schema) -> bool:
    """Whether an empty value (`null`) is allowed by word."""
    found = as_schema(schema)
    for _ in range(_DEEPEST):
        if not isinstance(found.get("$ref"), str):
            break
        found = as_schema(_pointed(found["$ref"], root))
    kind = found.get("type")
    if kind == _NULL or (isinstance(kind, list) and _NULL in kind):
        return True
    options = [one for word in _CHOICES for one in _list(found.get(word))]
    return any(map(_is_null, options)) or None in _list(found.get("enum"))


def _list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def alternatives(schema: Schema, root: Schema) -> list[tuple[str, Schema]]:
    """The kinds of value that a schema allows, with words for each; fewer than two are no choice."""
    options = [one for word in _CHOICES for one in _list(schema.get(word)) if not _is_null(one)]
    outer = {key: value for key, value in schema.items() if key not in _CHOICES}
    base = {key: value for key, value in outer.items() if key not in {"title", "description"}}
    real = [resolved(one, root) for one in options]
    real = [one for one in real if _OF_VALUES & set(one)]
    if len(real) > 1:
        found = [merged(base, one) for one in real]
        if all("const" in one and set(one) <= _NAMED for one in found):
            return []  # a list of values with a title each: an enumeration
        return _named(found)
    kinds = types_of(schema)
    if len(kinds) > 1 and not isinstance(schema.get("enum"), list):
        return _named([{**outer, "type": kind, "title": type_words(kind)} for kind in kinds])
    return []


_NAMED = {"const", "title", "description", "type"}


def _named(schemas: Sequence[Schema]) -> list[tuple[str, Schema]]:
    """Each with its title, or what tells it apart from the others."""
    out: list[tuple[str, Schema]] = []
    for schema in schemas:
        words = _alternative_words(schema)
        many = sum(known == words or known.startswith(f"{words} (") for known, _ in out)
        out.append((f"{words} ({many + 1})" if many else words, schema))
    return out


def _alternative_words(schema: Schema) -> str:
    title = schema.get("title")
    if isinstance(title, str) and title:
        return title
    if "const" in schema:
        return short(schema["const"])
    for name, part in as_schema(schema.get("properties")).items():
        mark = as_schema(part)
        if isinstance(mark.get("const"), str):
            return f"{name}: {mark['const']}"
    words = type_words(type_of(schema))
    kind = schema.get("format")
    return f"{words} ({kind})" if isinstance(kind, str) else words


def type_words(kind: str) -> str:
    """A type of JSON Schema for people."""
    words = {
        "string": tr("Text"), "number": tr("Number"), "integer": tr("Whole number"),
        "boolean": tr("Yes or no"), "array": tr("List"), "object": tr("Group of values"),
    }  # fmt: skip
    return words.get(kind, tr("Any value"))


def options_of(schema: Schema) -> list[tuple[Any, str]]:
    """The values of an enumeration with words for each; empty where it is none."""
    values = schema.get("enum")
    if isinstance(values, list):
        names = _list(schema.get("enumNames"))
        shown = [
            str(names[place]) if place < len(names) else short(value)
            for place, value in enumerate(cast("list[Any]", values))
        ]
        pairs = zip(cast("list[Any]", values), shown, strict=True)
        return [(value, words) for value, words in pairs if value is not None]
    if "const" in schema:
        return [(schema["const"], str(schema.get("title") or short(schema["const"])))]
    named = [as_schema(one) for word in _CHOICES for one in _list(schema.get(word))]
    named = [one for one in named if not _is_null(one)]
    if named and all("const" in one and set(one) <= _NAMED for one in named):
        return [(one["const"], str(one.get("title") or short(one["const"]))) for one in named]
    return []


def fresh(schema: Any, root: Schema, depth: int = 0) -> Any:
    """What a new value begins as: its default, its only value, or what its type begins with."""
    found = resolved(schema, root)
    if "default" in found:
        return found["default"]
    if "const" in found:
        return found["const"]
    kind = type_of(found)
    beginnings: dict[str, Any] = {"array": [], "boolean": False, "integer": 0, "number": 0}
    if kind != "object":
        return beginnings.get(kind, "")
    out: dict[str, Any] = {}
    for name in names_in(found.get("required")) if depth < _DEEPEST else ():
        part = resolved(as_schema(found.get("properties")).get(name), root)
        if "default" in part or "const" in part:
            out[name] = fresh(part, root, depth + 1)
    return out


# --- words -----------------------------------------------------------------------------------------


def title_of(key: str, schema: Schema) -> str:
    """A property's name for people."""
    title = schema.get("title")
    return title if isinstance(title, str) and title else key.replace("_", " ").capitalize()


def help_of(schema: Schema) -> str:
    """What stands below a property: description, bounds, default, an example."""
    about = schema.get("description")
    parts = [tr("Deprecated.")] if schema.get("deprecated") is True else []
    parts += [about.strip()] if isinstance(about, str) else []
    if "default" in schema and schema["default"] is not None:
        parts.append(tr("Default: {value}.", value=short(schema["default"])))
    examples = _list(schema.get("examples"))
    if examples:
        parts.append(tr("For example {value}.", value=short(examples[0])))
    return " ".join(part for part in parts if part)


def short(value: Any) -> str:
    """A value on one line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def placeholder_of(schema: Schema) -> str:
    """An example, the default or the wanted format, or an empty text."""
    examples = _list(schema.get("examples"))
    if examples and isinstance(examples[0], str | int | float):
        return tr("for example {value}", value=short(examples[0]))
    default = schema.get("default")
    if default not in (None, "") and isinstance(default, str | int | float):
        return short(default)
    hints = {
        "date": "2026-03-31", "date-time": "2026-03-31T09:30:00Z", "time": "09:30:00",
        "email": "name@example.com", "uri": "https://…", "url": "https://…", "duration": "P1D",
        "uuid": tr("a UUID"), "hostname": "example.com", "ipv4": "192.0.2.1",
    }  # fmt: skip
    return hints.get(str(schema.get("format")), "")


def range_of(schema: Schema) -> str:
    """The bounds of a number in words."""
    example = placeholder_of(schema)
    if example:
        return example
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    low, high = (None if isinstance(one, bool) else one for one in (low, high))
    if low is not None and high is not None:
        return tr("{low} to {high}", low=low, high=high)
    if low is not None:
        return tr("{low} or more", low=low)
    return tr("at most {high}", high=high) if high is not None else tr("a number")
