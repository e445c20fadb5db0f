"""Values out of JSON Schemas: their examples and defaults, else made up by what stand-ins answer with."""

from collections.abc import Mapping
from typing import Any

from journeybuilder.connect.sample_values import sample
from journeybuilder.contract.cel_types import Type
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.gui.expressions.samples import MISSING, Sample

_DEEPEST = 8
_BARE: Mapping[str, Any] = {"text": "text", "int": 1, "double": 1.5, "number": 1, "bool": True}


def of_schema(schema: Mapping[str, Any]) -> Sample:
    """A value that fits a schema: its example or default where it has one."""
    for key in ("examples", "default"):
        given = schema.get(key)
        found = as_list(given)[0] if key == "examples" and as_list(given) else given
        if found is not None and key in schema:
            return Sample(found, "schema")
    wished = _with_all(schema, 0)
    return Sample(sample(wished), "schema" if _has_examples(schema, 0) else "made up")


def of_type(kind: Type) -> Any:
    """A bare value of a type, MISSING where the type says nothing."""
    if kind.options:
        return kind.options[0]
    if kind.kind == "list":
        item = MISSING if kind.item is None else of_type(kind.item)
        return [] if item is MISSING else [item]
    if kind.kind == "object":
        fields = {name: of_type(inner) for name, inner in kind.fields.items()}
        return {name: value for name, value in fields.items() if value is not MISSING}
    return _BARE.get(kind.kind, MISSING)


def _with_all(schema: Any, depth: int) -> dict[str, Any]:
    """A schema whose example comes from its examples, and whose objects have all their fields."""
    rules = dict(as_object(schema))
    if depth > _DEEPEST:
        return rules
    examples = as_list(rules.get("examples"))
    if examples and "default" not in rules:
        rules["default"] = examples[0]
    properties = as_object(rules.get("properties"))
    if properties:
        rules["properties"] = {
            name: _with_all(inner, depth + 1) for name, inner in properties.items()
        }
        rules["required"] = list(dict.fromkeys([*as_list(rules.get("required")), *properties]))
    if isinstance(rules.get("items"), Mapping):
        rules["items"] = _with_all(rules["items"], depth + 1)
        rules["minItems"] = max(1, int(rules.get("minItems") or 0))
    return rules


def _has_examples(schema: Any, depth: int) -> bool:
    rules = as_object(schema)
    if depth > _DEEPEST:
        return False
    if "examples" in rules or "default" in rules or "const" in rules:
        return True
    return any(_has_examples(one, depth + 1) for one in as_object(rules.get("properties")).values())
