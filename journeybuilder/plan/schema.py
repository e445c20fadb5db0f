"""The JSON Schemas of the files, made from the declarations that read them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from journeybuilder.document import forms
from journeybuilder.document.model import FORMAT_VERSION
from journeybuilder.document.scenario_form import (
    FAULTS,
    RANDOM,
    SOURCES,
    CustomerLine,
    CustomerPlayed,
    ScenarioEntries,
)
from journeybuilder.kinds import KINDS

_TYPES: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string"},
    "text or number": {"type": ["string", "number"]},
    "mapping": {"type": "object"},
    "list": {"type": "array"},
    "list of texts": {"type": "array", "items": {"type": "string"}},
    "mapping or list": {"type": ["object", "array"]},
    "text, mapping or list": {"type": ["string", "object", "array"]},
    "whole number": {"type": "integer"},
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


def scenario() -> dict[str, Any]:
    """A scenario, with everything that may stand in it."""
    schema = _of_form(forms.SCENARIO)
    inside = _of_entry(ScenarioEntries)["properties"]
    for name in inside.keys() & schema["properties"].keys():
        schema["properties"][name] = inside[name]
    schema["properties"]["customer"] = {
        "anyOf": [
            {"const": RANDOM},
            _of_entry(CustomerPlayed),
            {"type": "array", "items": _of_entry(CustomerLine)},
        ]
    }
    return schema


_SCALARS: Mapping[object, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
_WORDS: Mapping[tuple[str, str], Sequence[str]] = {
    ("ToolTurn", "fails"): FAULTS,
    ("ModelTurn", "fails"): FAULTS[:-1],
}
_ONE_OF = {("SourcesEntry", "tools"): SOURCES, ("SourcesEntry", "models"): SOURCES}


def _of_entry(kind: type) -> dict[str, Any]:
    """The schema of a declared entry, with what its `Attributes:` say."""
    hints, told = get_type_hints(kind), _told(kind)
    properties: dict[str, Any] = {}
    for each in fields(cast("Any", kind)):
        part = _of_hint(hints[each.name])
        if words := _WORDS.get((kind.__name__, each.name)):
            part = {**part, "examples": list(words)}
        if words := _ONE_OF.get((kind.__name__, each.name)):
            part = {**part, "additionalProperties": {"enum": list(words)}}
        if each.name in told:
            part = {**part, "description": told[each.name]}
        properties[each.name] = part
    about = (kind.__doc__ or "").split("\n")[0].removesuffix(".")
    return {
        "type": "object",
        "title": about,
        "properties": properties,
        "additionalProperties": False,
    }


def _told(kind: type) -> dict[str, str]:
    """What the docstring says of each attribute."""
    _, _, text = (kind.__doc__ or "").partition("Attributes:")
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    out: dict[str, str] = {}
    names = {each.name for each in fields(cast("Any", kind))}
    for line in lines:
        name, colon, words = line.partition(": ")
        if colon and name in names:
            out[name] = words
        elif out:
            last = list(out)[-1]
            out[last] = f"{out[last]} {line}"
    return out


def _of_hint(hint: Any) -> dict[str, Any]:
    if hint is Any:
        return {}
    if hint in _SCALARS:
        return {"type": _SCALARS[hint]}
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (UnionType, Union):
        return {"anyOf": [_of_hint(each) for each in inner if each is not NoneType]}
    if origin is tuple:
        return {"type": "array", "items": _of_hint(inner[0])}
    if is_dataclass(hint):
        return _of_entry(cast("type", hint))
    return {"type": "object", "additionalProperties": _of_hint(inner[-1])}


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
    "scenario": scenario,
    "bundle": bundle,
}
