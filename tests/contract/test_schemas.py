import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.contract.schemas import BadSchema, check_schema, convert, violations

TYPES = "string, number, integer, boolean, object, array, null"


@pytest.mark.parametrize(
    ("kind", "words", "wanted"),
    [
        ("integer", " 12 ", 12),
        ("integer", "-3", -3),
        ("integer", "٣", 3),
        ("integer", "+-5", "+-5"),
        ("integer", "²", "²"),
        ("integer", "twelve", "twelve"),
        ("number", "1.5", 1.5),
        ("number", "1,5", 1.5),
        ("number", "2e3", 2000.0),
        ("number", "nan", "nan"),
        ("number", "inf", "inf"),
        ("number", "1_000", "1_000"),
        ("number", "", ""),
        ("boolean", "Yes", True),
        ("boolean", "sí", True),
        ("boolean", "no", False),
        ("boolean", "perhaps", "perhaps"),
        ("string", " O-1 ", "O-1"),
        (["integer", "null"], "5", 5),
        (["integer", "string"], "5", "5"),
        (None, "5", "5"),
    ],
)
def test_typed_words_become_the_type_that_the_schema_wants(
    kind: Any, words: str, wanted: Any
) -> None:
    got = convert({"type": kind} if kind else {}, words)
    assert got == wanted
    assert type(got) is type(wanted)


def test_one_of_the_allowed_words_is_found_in_any_case() -> None:
    assert convert({"enum": ["Red", "Blue"]}, "red") == "Red"
    assert convert({"enum": [1, 2]}, "2") == 2
    assert convert({"enum": ["Red"]}, "green") == "green"


@given(st.text(max_size=12), st.sampled_from(["integer", "number", "boolean", "string"]))
def test_whatever_is_typed_becomes_the_wanted_type_or_stays_text(words: str, kind: str) -> None:
    got = convert({"type": kind}, words)
    assert isinstance(got, str) or not violations({"type": kind}, got)


@pytest.mark.parametrize(
    ("schema", "value", "words"),
    [
        ({"required": ["a", "b"]}, {}, ["'a' is missing", "'b' is missing"]),
        ({"required": ["a", "b"]}, {"a": 1}, ["'b' is missing"]),
        ({"additionalProperties": False, "properties": {"a": {}}}, {"a": 1, "b": 2},
         ["it has fields that are not in the schema: 'b'"]),
        ({"type": "integer"}, "soon", ['"soon" is not of type integer']),
        ({"type": ["string", "null"]}, 1, ["1 is not of type string or null"]),
        ({"enum": ["a", 2]}, 1, ['1 is none of "a", 2']),
        ({"const": 1}, 2, ["2 is not 1"]),
        ({"pattern": "^O-"}, "X", ['"X" does not have the form ^O-']),
        ({"minLength": 3}, "a", ['"a" is shorter than 3 characters']),
        ({"maxLength": 1}, "ab", ['"ab" is longer than 1 characters']),
        ({"minimum": 3}, 1, ["1 is less than 3"]),
        ({"maximum": 3}, 4, ["4 is more than 3"]),
        ({"exclusiveMinimum": 3}, 3, ["3 is not more than 3"]),
        ({"exclusiveMaximum": 3}, 3, ["3 is not less than 3"]),
        ({"multipleOf": 2}, 3, ["3 is no multiple of 2"]),
        ({"minItems": 1}, [], ["[] has fewer than 1 elements"]),
        ({"maxItems": 1}, [1, 2], ["[1,2] has more than 1 elements"]),
        ({"uniqueItems": True}, [1, 1], ["[1,1] has an element twice"]),
        ({"anyOf": [{"type": "string"}]}, 1, ["1 fits none of the allowed forms"]),
        ({"properties": {"a": {"items": {"type": "string"}}}}, {"a": ["x", 1]},
         ["a/1: 1 is not of type string"]),
        ({"properties": {"a": False}}, {"a": 1}, ["1 is not allowed here"]),
        ({"type": "string"}, float("nan"), ["nan is not of type string"]),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_in_our_own_words(
    schema: Any, value: Any, words: list[str]
) -> None:
    assert violations(schema, value) == words


def test_a_value_that_fits_has_no_violations() -> None:
    schema = {"$ref": "#/$defs/order", "$defs": {"order": {"required": ["id"]}}}
    assert violations(schema, {"id": 1}) == []
    assert violations({}, object) == []


def test_a_long_value_is_cut_in_the_message() -> None:
    (words,) = violations({"type": "integer"}, "x" * 500)
    assert len(words) < 100


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "strng"}, f'at type: "strng" is no type; the types are {TYPES}'),
        ({"properties": {"a": {"minLength": "x"}}}, 'at properties/a/minLength: "x" is not of type integer'),
        ({"properties": 3}, "at properties: 3 is not of type object"),
        ({"pattern": "["}, 'at pattern: "[" is no regex'),
        ({"$ref": "#/$defs/order"}, "it refers to '#/$defs/order', which is not in it"),
        ({"items": {"$ref": "http://127.0.0.1:9/a.json"}},
         "it refers to 'http://127.0.0.1:9/a.json', which is not in it"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_schema_says_where_and_why(schema: Any, words: str) -> None:
    with pytest.raises(BadSchema) as caught:
        check_schema(schema)
    assert str(caught.value) == words


def test_a_property_may_be_called_like_a_keyword() -> None:
    check_schema({"properties": {"$ref": {"type": "string"}, "type": {"const": {"$ref": "x"}}}})


def test_a_reference_to_another_document_is_never_fetched() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.setblocking(False)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/schema.json"
        with pytest.raises(BadSchema, match="which is not in it"):
            violations({"$ref": address}, 1)
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_a_schema_that_refers_to_itself_without_end_is_an_error_in_words() -> None:
    with pytest.raises(BadSchema, match="without end"):
        violations({"$ref": "#"}, 1)


def test_a_pattern_that_would_search_for_years_gives_up_and_does_not_fit() -> None:
    text = "a" * 5000 + "b"
    for pattern in (r"^(a+)+$", r"^(a|aa)+$", r"^(.*a){25}$"):
        assert violations({"type": "string", "pattern": pattern}, text)


def test_patterns_of_properties_are_searched_like_other_patterns() -> None:
    schema = {"type": "object", "patternProperties": {"^n_": {"type": "integer"}}}
    assert violations(schema, {"n_a": 1, "other": "x"}) == []
    assert violations(schema, {"n_a": "x"}) == ['n_a: "x" is not of type integer']


@pytest.mark.parametrize("strange", [float("inf"), float("nan"), {1, 2}])
def test_a_schema_with_a_value_that_json_does_not_have_is_none(strange: object) -> None:
    with pytest.raises(BadSchema, match="a value that JSON does not have"):
        check_schema({"const": strange})
    with pytest.raises(BadSchema, match="a value that JSON does not have"):
        violations({"enum": [strange]}, "x")
