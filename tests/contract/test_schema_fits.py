"""The quick yes says what jsonschema says, or nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from journeybuilder.contract.schema_fits import fitting
from journeybuilder.contract.schemas import BadSchema, check_schema, violations

NAMES = st.sampled_from(["a", "b", "c"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.0, 1.0, 1.5, -2.5])
    | st.sampled_from(["", "a", "ab", "O-1", "ü"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
TYPES = ["string", "number", "integer", "boolean", "object", "array", "null"]
BOUNDS = st.integers(-2, 2) | st.sampled_from([0.5, 1.0])
SIZES = st.integers(0, 3)


def keywords(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={
        "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True),
        "properties": st.dictionaries(NAMES, inner, max_size=3),
        "required": st.lists(NAMES, max_size=2, unique=True),
        "additionalProperties": st.booleans() | inner,
        "items": inner,
        "enum": st.lists(st.sampled_from(["a", "ab", ""]), min_size=1, max_size=2),
        "pattern": st.sampled_from(["^O-", "b", ""]),
        "minimum": BOUNDS, "maximum": BOUNDS, "exclusiveMinimum": BOUNDS, "exclusiveMaximum": BOUNDS,
        "minLength": SIZES, "maxLength": SIZES, "minItems": SIZES, "maxItems": SIZES,
        "minProperties": SIZES, "maxProperties": SIZES,
        "title": st.just("words"), "format": st.just("email"), "default": st.just(3),
    })  # fmt: skip


SCHEMAS = st.recursive(st.just({}) | st.just(True), keywords, max_leaves=8)


@given(schema=keywords(SCHEMAS), value=VALUES)
def test_it_says_of_every_value_what_jsonschema_says(schema: dict[str, Any], value: Any) -> None:
    fits = fitting(schema)
    assert fits is not None
    Draft202012Validator.check_schema(schema)
    assert fits(value) == (not list(Draft202012Validator(schema).iter_errors(value)))
    assert (violations(schema, value) == []) == fits(value)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "strng"}, {"type": []}, {"type": ["string", "string"]}, {"properties": 3},
        {"required": "a"}, {"required": ["a", "a"]}, {"minLength": "x"}, {"minLength": -1},
        {"minimum": True}, {"pattern": "["}, {"title": 5}, {"examples": 3}, {"enum": "a"},
        {"properties": {"a": {"type": "x"}}}, {"items": 3}, {"$schema": 7},
    ],
)  # fmt: skip
def test_of_what_is_no_schema_it_says_nothing(schema: Any) -> None:
    assert fitting(schema) is None
    with pytest.raises(BadSchema):
        check_schema(schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/a", "$defs": {"a": {}}}, {"anyOf": [{"type": "string"}]}, {"const": 1},
        {"enum": [1, True]}, {"patternProperties": {"^a": {}}}, {"$id": "x", "type": "string"},
        {"$schema": "http://json-schema.org/draft-04/schema#", "type": "integer"}, False, "text",
        {"type": "array", "uniqueItems": True}, {"not": {}}, {"if": {}, "then": False},
    ],
)  # fmt: skip
def test_what_it_does_not_know_is_for_jsonschema(schema: Any) -> None:
    assert fitting(schema) is None


def test_a_schema_without_end_is_for_jsonschema() -> None:
    schema: dict[str, Any] = {"type": "object"}
    schema["properties"] = {"again": schema}
    assert fitting(schema) is None
