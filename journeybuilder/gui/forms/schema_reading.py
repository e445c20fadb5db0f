"""What a form reads out of a JSON Schema: types, titles, help, examples. Knows no Qt."""

import json
from collections.abc import Mapping
from typing import Any, cast

Schema = Mapping[str, Any]
_DEEPEST = 6


def resolved(schema: Any, root: Schema) -> Schema:
    """A schema with its `$ref` followed and `null` taken out of a choice; {} for what is none."""
    for _ in range(_DEEPEST):
        if not isinstance(schema, Mapping):
            return {}
        found = cast("Schema", schema)
        if isinstance(found.get("$ref"), str):
            schema = _pointed(found["$ref"], root)
            continue
        options = found.get("anyOf") or found.get("oneOf")
        if isinstance(options, list):
            real = [one for one in cast("list[Any]", options) if one != {"type": "null"}]
            if len(real) == 1 and isinstance(real[0], Mapping):
                outer = {
                    key: value for key, value in found.items() if key not in {"anyOf", "oneOf"}
                }
                schema = {**cast("Schema", real[0]), **outer}
                continue
        return found
    return {}


def _pointed(reference: str, root: Schema) -> Any:
    if not reference.startswith("#"):
        return {}
    found: Any = root
    for part in reference[1:].split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        found = cast("Schema", found).get(key) if isinstance(found, Mapping) else None
    return found


def type_of(schema: Schema) -> str:
    """The one type that a form is made for, or "" where any value may stand."""
    kind = schema.get("type")
    if isinstance(kind, list):
        real = [str(one) for one in cast("list[Any]", kind) if one != "null"]
        kind = real[0] if len(real) == 1 else ""
    if not kind and isinstance(schema.get("properties"), Mapping):
        return "object"
    return kind if isinstance(kind, str) else ""


def title_of(key: str, schema: Schema) -> str:
    """A property's name for people."""
    title = schema.get("title")
    return title if isinstance(title, str) and title else key.replace("_", " ").capitalize()


def help_of(schema: Schema) -> str:
    """What stands below a property: description, default, an example."""
    about = schema.get("description")
    parts = [about.strip()] if isinstance(about, str) else []
    if "default" in schema and schema["default"] is not None:
        parts.append(f"Default: {short(schema['default'])}.")
    examples = schema.get("examples")
    if isinstance(examples, list) and examples:
        parts.append(f"For example {short(cast('list[Any]', examples)[0])}.")
    return " ".join(parts)


def short(value: Any) -> str:
    """A value on one line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def placeholder_of(schema: Schema) -> str:
    """An example of the wanted format, or an empty text."""
    hints = {
        "date": "2026-03-31", "date-time": "2026-03-31T09:30:00Z", "time": "09:30:00",
        "email": "name@example.com", "uri": "https://…", "duration": "P1D", "uuid": "a UUID",
    }  # fmt: skip
    return hints.get(str(schema.get("format")), "")


def range_of(schema: Schema) -> str:
    """The bounds of a number in words."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"{low} or more"
    return f"at most {high}" if high is not None else "a number"
