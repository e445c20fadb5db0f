"""The JSON Schemas of the files, made from the declarations that read them."""

from collections.abc import Callable, Mapping
from typing import Any

from journeybuilder.document import forms
from journeybuilder.document.model import FORMAT_VERSION
from journeybuilder.kinds import KINDS

_TYPES: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string"},
    "text or number": {"type": ["string", "number"]},
    "mapping": {"type": "object"},
    "list": {"type": "array"},
    "list of texts": {"type": "array", "items": {"type": "string"}},
    "mapping or list": {"type": ["object", "array"]},
}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _of_form(form: forms.Form) -> dict[str, Any]:
    properties: dict[str, Any] = {key: dict(_TYPES[kind]) for key, kind in form.keys.items()}
    properties = {"journeybuilder": {"const": FORMAT_VERSION}, **properties}
    schema: dict[str, Any] = {
        "$schema": _DIALECT,
        "title": form.what,
        "type": "object",
        "properties": properties,
    }
    needed = [key for key in ("journeybuilder" if form.versioned else "", form.id_key) if key]
    if needed:
        schema["required"] = needed
    if not form.open:
        schema["additionalProperties"] = False
    return schema


def journey() -> dict[str, Any]:
    """A journey, with the settings of every node kind."""
    schema = _of_form(forms.JOURNEY)
    definitions: dict[str, Any] = {}
    for kind in KINDS.values():
        model = kind.settings.model_json_schema(
            by_alias=True, ref_template=f"#/$defs/{kind.name}.{{model}}"
        )
        for name, inner in model.pop("$defs", {}).items():
            definitions[f"{kind.name}.{name}"] = inner
        model["properties"] = {"kind": {"const": kind.name}, **model["properties"]}
        model["required"] = ["kind", *model.get("required", [])]
        model["title"], model["description"] = kind.title, kind.about
        definitions[kind.name] = model
    branches = [
        {
            "if": {"properties": {"kind": {"const": name}}, "required": ["kind"]},
            "then": {"$ref": f"#/$defs/{name}"},
        }
        for name in KINDS
    ]
    node = {
        "type": "object",
        "properties": {"kind": {"enum": list(KINDS)}},
        "required": ["kind"],
        "allOf": branches,
    }
    schema["properties"]["nodes"] = {
        "type": "object",
        "propertyNames": {"pattern": f"^{forms.NODE_ID.pattern}$"},
        "additionalProperties": node,
    }
    schema["$defs"] = definitions
    return schema


def bundle() -> dict[str, Any]:
    """A bundle, as `jb export` writes it."""
    parts = ("environment", "journeys", "servers", "tools", "models", "built")
    properties: dict[str, Any] = {name: {"type": "object"} for name in parts}
    properties["journeys"] = {"type": "object", "additionalProperties": {"type": "object"}}
    properties["queues"] = {"type": "array", "items": {"type": "string"}}
    return {
        "$schema": _DIALECT,
        "title": "a bundle",
        "type": "object",
        "properties": {
            "journeybuilder": {"const": FORMAT_VERSION},
            "bundle": {"type": "string"},
            **properties,
        },
        "required": ["journeybuilder", "bundle", "journeys"],
        "additionalProperties": False,
    }


SCHEMAS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "journey": journey,
    "workspace": lambda: _of_form(forms.WORKSPACE),
    "models": lambda: _of_form(forms.MODELS),
    "scenario": lambda: _of_form(forms.SCENARIO),
    "bundle": bundle,
}
