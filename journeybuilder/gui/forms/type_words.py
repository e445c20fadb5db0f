"""The types that a person chooses from, what each of them has to say, and which one a schema is. Knows no Qt."""

from collections.abc import Mapping
from typing import Any

from journeybuilder.gui.look.language import noop

Schema = Mapping[str, Any]
OTHER = "other"
TYPES: Mapping[str, tuple[str, Schema]] = {
    "": (noop("Any value"), {}),
    "string": (noop("Text"), {"type": "string"}),
    "integer": (noop("Whole number"), {"type": "integer"}),
    "number": (noop("Number"), {"type": "number"}),
    "boolean": (noop("Yes or no"), {"type": "boolean"}),
    "date": (noop("Date"), {"type": "string", "format": "date"}),
    "date-time": (noop("Date and time"), {"type": "string", "format": "date-time"}),
    "uri": (noop("Web address"), {"type": "string", "format": "uri"}),
    "email": (noop("Email address"), {"type": "string", "format": "email"}),
    "array": (noop("List"), {"type": "array"}),
    "object": (noop("Group of fields"), {"type": "object"}),
}
FORMATS = ("date", "date-time", "uri", "email")
# What belongs to one type and goes with it when another is chosen.
OF_TYPE = {
    "type", "format", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "items", "minItems", "maxItems",
    "uniqueItems", "properties", "required", "additionalProperties", "$ref", "anyOf", "oneOf", "allOf",
}  # fmt: skip
SHOWN: Mapping[str, tuple[str, ...]] = {
    "string": ("enum", "pattern", "minLength", "maxLength"),
    "integer": ("minimum", "maximum", "enum"),
    "number": ("minimum", "maximum", "enum"),
    "array": ("items",),
    "object": ("properties",),
}
TITLES: Mapping[str, str] = {
    "enum": noop("Allowed values"), "pattern": noop("Pattern"), "minimum": noop("At least"), "maximum": noop("At most"),
    "minLength": noop("Letters at least"), "maxLength": noop("Letters at most"),
    "items": noop("Each item"), "properties": noop("Fields"), "title": noop("Title"), "description": noop("About"),
    "data": noop("Data class"),
}  # fmt: skip
ALWAYS = ("items", "properties")
BOUNDS = ("minimum", "maximum", "minLength", "maxLength")


def type_name(schema: Schema) -> str:
    """Which of the types a schema is; `other` where no row can say it."""
    kind, form = schema.get("type"), schema.get("format")
    if any(key in schema for key in ("$ref", "anyOf", "oneOf", "allOf")):
        return OTHER
    if kind == "string" and form in FORMATS:
        return str(form)
    if kind is None:
        return "object" if "properties" in schema else ("string" if "enum" in schema else "")
    return kind if isinstance(kind, str) and kind in TYPES else OTHER
