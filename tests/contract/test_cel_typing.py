"""The types that are told from schemas, held against CEL's own checker and against what happens."""

from collections.abc import Mapping
from typing import Any

import pytest
from cel_expr_python import cel
from google.protobuf import descriptor_pb2, descriptor_pool, struct_pb2
from hypothesis import given, settings
from hypothesis import strategies as st

from journeybuilder.contract.cel_reading import Reading, reading
from journeybuilder.contract.cel_syntax import read
from journeybuilder.contract.cel_types import DYNAMIC, Type, fits, joined, of_schema, of_value
from journeybuilder.contract.expressions import ExpressionError, compile_expression

ORDER: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "total": {"type": "number"},
        "count": {"type": "integer"},
        "paid": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"sku": {"type": "string"}, "quantity": {"type": "integer"}},
                "required": ["sku", "quantity"],
            },
        },
    },
    "required": ["id", "total", "count", "paid", "tags", "lines"],
}
VALUE: Mapping[str, Any] = {
    "id": "O-1", "total": 279, "count": 3, "paid": True, "tags": ["a", "b"],
    "lines": [{"sku": "S", "quantity": 2}, {"sku": "T", "quantity": 1}],
}  # fmt: skip


def known(text: str, **schemas: Any) -> Reading:
    tree = read(text)
    assert tree is not None
    return reading(tree, {name: of_schema(schema) for name, schema in schemas.items()})


def cels_own() -> cel.Env:
    """CEL with `order` as a protobuf message, which is how its own checker learns of fields."""
    file = descriptor_pb2.FileDescriptorProto(name="jb.proto", package="jb", syntax="proto3")
    kinds = descriptor_pb2.FieldDescriptorProto
    line = file.message_type.add(name="Line")
    line.field.add(name="sku", number=1, type=kinds.TYPE_STRING, label=kinds.LABEL_OPTIONAL)
    line.field.add(name="quantity", number=2, type=kinds.TYPE_INT64, label=kinds.LABEL_OPTIONAL)
    order = file.message_type.add(name="Order")
    plain = {"id": kinds.TYPE_STRING, "total": kinds.TYPE_DOUBLE, "count": kinds.TYPE_INT64,
             "paid": kinds.TYPE_BOOL}  # fmt: skip
    for number, (name, kind) in enumerate(plain.items(), 1):
        order.field.add(name=name, number=number, type=kind, label=kinds.LABEL_OPTIONAL)
    order.field.add(name="tags", number=8, type=kinds.TYPE_STRING, label=kinds.LABEL_REPEATED)
    order.field.add(name="lines", number=9, type=kinds.TYPE_MESSAGE, type_name=".jb.Line",
                    label=kinds.LABEL_REPEATED)  # fmt: skip
    pool = descriptor_pool.DescriptorPool()
    struct = descriptor_pb2.FileDescriptorProto()
    struct_pb2.DESCRIPTOR.CopyToProto(struct)
    pool.Add(struct)
    pool.Add(file)
    return cel.NewEnv(descriptor_pool=pool, variables={"order": cel.Type("jb.Order")})


def cel_takes(env: cel.Env, text: str) -> bool:
    try:
        env.compile(text)
    except RuntimeError:
        return False
    return True


values = st.sampled_from([
    "order.id", "order.total", "order.count", "order.paid", "order.tags", "order.lines",
    "order.totl", "'x'", "2", "2.5", "true", "order.lines[0].sku", "order.lines[0].quantity",
    "order.lines[0].qty", "order.tags[1]", "size(order.tags)", "size(order.id)",
    "null", "[1, 2]", "['a']", "[]", "{'a': 1}", "{'b': 'x'}", "order", "order.?total",
])  # fmt: skip
operators = st.sampled_from(["+", "-", "*", "/", "<", "==", "&&", "||", "in", "%"])
deeper = st.recursive(
    values,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, operators, inner),
        st.builds("!({})".format, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        st.builds("order.lines.exists(l, l.quantity > {})".format, inner),
        st.builds("order.tags.map(t, t + {})".format, inner),
        st.builds("string({})".format, inner),
        st.builds("({}).contains({})".format, inner, inner),
    ),
    max_leaves=5,
)
OWN = cels_own()


@settings(max_examples=150, deadline=None)
@given(deeper)
def test_cels_own_checker_takes_nothing_that_is_told_to_be_wrong(text: str) -> None:
    told = [each for each in known(text, order=ORDER).clashes if each.kind in {"field", "type"}]
    if told and "null" not in text and cel_takes(OWN, text):  # to it, null may be any text
        pytest.fail(f"{text}: {told}")


@settings(max_examples=150, deadline=None)
@given(deeper)
def test_what_nothing_is_said_against_has_a_value(text: str) -> None:
    found = known(text, order=ORDER)
    if found.clashes or {"dynamic", "null", "optional"} & set(found.kinds.values()):
        return
    value, refusal = outcome(text)
    if refusal and not found.sure:
        return  # the library is asked as well where it may be stricter
    if refusal:  # what types cannot tell
        beyond = ("a division by zero", "the list has no element at this place", "'%'")
        assert refusal.startswith(beyond), (text, refusal)
    else:
        assert fits(of_value(value), found.type), (text, value, found.type)


def outcome(text: str) -> tuple[Any, str]:
    """The value of an expression, or what it is refused with."""
    try:
        return compile_expression(text).value({"order": VALUE}), ""
    except ExpressionError as error:
        return None, error.message


@settings(max_examples=150, deadline=None)
@given(deeper)
def test_what_is_sure_and_right_is_taken_by_the_library(text: str) -> None:
    found = known(text, order=ORDER)
    if found.sure and not found.clashes:
        assert compile_expression(text).names == found.reads


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("order.total", "number"), ("order.total * 2", "number"), ("order.total * 2.0", "double"),
        ("order.count * 2", "int"), ("order.id + 'x'", "text"), ("order.total > 100", "bool"),
        ("order.lines[0]", "object"), ("order.lines.map(l, l.sku)", "list"), ("now - now", "dynamic"),
        ("order.paid ? 1 : 2.5", "number"), ("order['total']", "number"), ("order[order.id]", "dynamic"),
        ("order.?total.orValue(0)", "number"), ("size(order.lines) > 2.0", "bool"),
        ("has(order.total)", "bool"), ("'total' in order", "bool"), ("order.lines.filter(l, true)[0].sku", "text"),
        ("{'a': order.id}.a", "text"), ("[1, order.count][0]", "int"), ("timestamp('x')", "moment"),
    ],
)  # fmt: skip
def test_an_expression_gives_a_value_of_this_type(text: str, kind: str) -> None:
    found = known(text, order=ORDER)
    assert (found.type.kind, found.clashes) == (kind, [])


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({"type": ["string", "null"]}, Type("text", empty=True)),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, Type("int", empty=True)),
        ({"type": ["integer", "number"]}, Type("number")),
        ({"type": ["string", "integer"]}, DYNAMIC),
        ({"anyOf": [{"type": "string"}, {"type": "object"}]}, DYNAMIC),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"type": "boolean"}}}, Type("bool")),
        ({"$ref": "#/definitions/a", "definitions": {"a": {"type": "boolean"}}}, Type("bool")),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}, DYNAMIC),
        ({"allOf": [{"type": "string"}]}, Type("text")),
        ({"enum": ["a", "b"]}, Type("text", options=("a", "b"))),
        ({"const": 3}, Type("int")),
        ({"enum": ["a", 1]}, DYNAMIC),
        ({"if": {}, "type": "string"}, DYNAMIC),
        ({"type": "strng"}, DYNAMIC),
        (True, DYNAMIC),
        ({}, DYNAMIC),
    ],
)
def test_a_schema_is_of_this_type(schema: Any, wanted: Type) -> None:
    assert of_schema(schema) == wanted


OPEN: list[Any] = [
    {"type": "object", "additionalProperties": True, "properties": {"a": {}}},
    {"type": "object", "patternProperties": {"^x": {}}, "properties": {"a": {}}},
    {"type": "object"},
    {"anyOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]},
    {"properties": {"a": {"type": "string"}}, "oneOf": [{"required": ["b"]}]},
]


@pytest.mark.parametrize("schema", OPEN)
def test_of_an_object_that_may_have_more_fields_any_may_be_read(schema: Any) -> None:
    assert known("x.whatever + 1", x=schema).clashes == []


def test_a_field_whose_name_is_no_identifier_is_read_by_its_text() -> None:
    schema = {"properties": {"open-cases": {"type": "integer"}}}
    assert known("x['open-cases'] > 2", x=schema).clashes == []
    (clash,) = known("x['open-case'] > 2", x=schema).clashes
    assert (clash.message, clash.hint) == (
        "'x' has no field 'open-case'", "Did you mean 'open-cases'?",
    )  # fmt: skip


def test_a_schema_that_refers_to_itself_is_followed_as_far_as_it_is_new() -> None:
    tree = {"$defs": {"t": {"properties": {"name": {"type": "string"}, "sub": {"$ref": "#/$defs/t"}}}},
            "$ref": "#/$defs/t"}  # fmt: skip
    assert known("x.nam", x=tree).clashes  # codespell:ignore
    assert known("x.sub.nam.what", x=tree).clashes == []  # codespell:ignore


def test_what_may_be_one_of_two_objects_has_the_fields_of_both() -> None:
    one = of_schema({"properties": {"a": {"type": "string"}, "c": {"type": "string"}}})
    other = of_schema({"properties": {"b": {"type": "string"}, "c": {"type": "integer"}}})
    both = joined([one, other])
    assert {name: each.kind for name, each in both.fields.items()} == {
        "a": "text", "b": "text", "c": "dynamic",
    }  # fmt: skip
    assert not both.open


@pytest.mark.parametrize(
    "text",
    ["has(x.note) && x.note != ''", "!has(x.note) || x.note != ''", "has(x.note) ? x.note : ''",
     "x.?note.orValue('')", "has(x.note)", "x[?'note'].hasValue()"],
)  # fmt: skip
def test_a_field_that_is_asked_for_first_may_be_missing(text: str) -> None:
    schema: Any = {"properties": {"note": {"type": "string"}}, "required": []}
    assert known(text, x=schema).clashes == []


@pytest.mark.parametrize("text", ["x.note != ''", "has(x.note) || x.note != ''", "x.note + 'a'"])
def test_a_field_that_need_not_be_there_is_told(text: str) -> None:
    schema: Any = {"properties": {"note": {"type": "string"}}, "required": []}
    assert [each.kind for each in known(text, x=schema).clashes] == ["missing"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-5, 5) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values, json_values)
def test_a_value_fits_its_own_type_and_that_of_itself_or_another(one: Any, other: Any) -> None:
    assert fits(of_value(one), of_value(one))
    assert fits(of_value(one), joined([of_value(one), of_value(other)]))


@given(st.text(alphabet="abx.()[]{}?:&|!=<>+-*/%'\" 0123,", max_size=25))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    tree = read(text)
    if tree is not None:
        reading(tree, {})
