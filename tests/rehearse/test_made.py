"""Made answers: sensible, the same for the same seed, and valid by their schema; so are edge cases."""

from random import Random
from typing import Any

import pytest

from journeybuilder.contract.schemas import violations
from journeybuilder.document.workspace import read_workspace
from journeybuilder.host import known_of
from journeybuilder.packaged import packaged
from journeybuilder.rehearse.world.made import edge, empty, made

ORDER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "order_id": {"type": "string", "pattern": "^O-[0-9]{4}$"},
        "customer_id": {"type": "string"},
        "customer_email": {"type": "string", "format": "email"},
        "ordered_on": {"type": "string", "format": "date"},
        "total": {"type": "number", "minimum": 0},
        "age_days": {"type": "integer", "minimum": 0, "maximum": 400},
        "status": {"type": "string", "enum": ["open", "shipped", "delivered"]},
        "valid": {"type": "boolean"},
        "note": {"type": ["string", "null"], "maxLength": 40},
        "items": {"type": "array", "items": {"$ref": "#/$defs/item"}},
    },
    "required": ["order_id", "total", "items"],
    "$defs": {
        "item": {
            "type": "object",
            "properties": {
                "sku": {"type": "string"},
                "quantity": {"type": "integer", "minimum": 1},
            },
            "required": ["sku", "quantity"],
        }
    },
}


def test_a_made_answer_is_sensible_by_the_names_of_its_fields() -> None:
    value = made(ORDER, 1)
    assert not violations(ORDER, value)
    assert set(value) == set(ORDER["properties"])
    assert value["customer_email"].endswith("@example.com")
    assert value["customer_id"].startswith("C-")
    assert value["total"] >= 5
    assert 1 <= value["age_days"] <= 30
    assert value["valid"] is True
    assert value["status"] == "open"
    assert len(value["items"]) == 2
    assert value["items"][0]["sku"] != value["items"][1]["sku"]


def test_fields_are_told_by_the_words_of_their_names() -> None:
    names = [
        "phoneNumber",
        "country_code",
        "order_number",
        "customer-id",
        "firstName",
        "ship_to_city",
    ]
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    value = made(schema, 4)
    assert value["phoneNumber"].startswith("+1 202 555")
    assert len(value["country_code"]) == 2
    assert value["order_number"].startswith("O-")
    assert value["customer-id"].startswith("C-")
    assert value["firstName"].isalpha()
    assert value["ship_to_city"].isalpha()


def test_ids_that_were_asked_for_come_back_and_others_stay_the_same_in_a_run() -> None:
    one = made(ORDER, 1, given={"order_id": "O-7777"}, about="orders/get_order")
    assert one["order_id"] == "O-7777"
    other = made(ORDER, 2, given={"order_id": "O-8888"}, about="orders/get_order")
    assert other["order_id"] == "O-8888"
    assert other["customer_id"] == one["customer_id"]
    assert other["customer_email"] != one["customer_email"]
    assert made(ORDER, 1, given={"order_id": "wrong"})["order_id"] != "wrong"
    plain: dict[str, Any] = {
        "type": "object",
        "properties": {"id": {"type": "string"}},
        "required": ["id"],
    }
    assert made(plain, 1, given={"order_id": "O-7"}, about="x/get_order") == {"id": "O-7"}
    assert made(plain, 1, given={"order_id": "O-7"}, about="x/create_label") != {"id": "O-7"}


def test_what_is_made_is_the_same_for_the_same_seed_and_varies_with_it() -> None:
    assert made(ORDER, 5, varied=True) == made(ORDER, 5, varied=True)
    every = [made(ORDER, seed, varied=True) for seed in range(60)]
    assert not [each for each in every if violations(ORDER, each)]
    assert {each.get("status") for each in every} == {"open", "shipped", "delivered", None}
    assert {len(each["items"]) for each in every} == {1, 2, 3}
    assert made(ORDER, 12) == made(ORDER, 12)


def test_what_is_made_does_not_change_from_release_to_release_or_machine_to_machine() -> None:
    value = made(ORDER, 1)
    assert (value["customer_id"], value["total"], value["ordered_on"]) == FIXED


FIXED = ("C-4250", 67.49, "2026-01-12")


def test_edges_reach_the_ends_of_what_a_schema_allows() -> None:
    assert empty(ORDER) == {"order_id": "O-0000", "total": 0, "items": []}
    large = edge(ORDER, 1, 1)
    assert len(large["items"]) > 1
    assert large["total"] == 2**53 - 1
    assert large["age_days"] == 400
    assert large["status"] == "delivered"
    assert large["note"] is None or len(large["note"]) == 40
    text: dict[str, Any] = {
        "type": "object",
        "properties": {"t": {"type": "string"}},
        "required": ["t"],
    }
    every = [edge(text, 1, number)["t"] for number in range(60)]
    assert "" in every
    assert any(len(each) > 1000 for each in every)
    assert any(not each.isascii() for each in every)
    nullable = {"anyOf": [{"type": "integer"}, {"type": "null"}]}
    assert {edge(nullable, 3, number) for number in range(40)} >= {None, 0, 2**53 - 1, -1}


SCHEMAS: list[dict[str, Any]] = [
    ORDER,
    {"type": "string", "minLength": 3, "maxLength": 5},
    {"type": "string", "pattern": "^[A-Z]{2}[0-9]{3}$"},
    {"type": "integer", "multipleOf": 5, "minimum": 1, "maximum": 12},
    {"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 2},
    {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
    {"type": "number", "multipleOf": 0.25, "minimum": 0.1, "maximum": 3},
    {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 3, "uniqueItems": True},
    {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False},
    {"enum": [None, 1, "two"]},
    {"const": {"a": 1}},
    {"oneOf": [{"type": "string", "format": "uuid"}, {"type": "integer", "minimum": 7}]},
    {"allOf": [{"properties": {"a": {"type": "integer"}}}, {"required": ["a", "b"]}], "type": "object"},
    {"type": "object", "required": ["anything"], "additionalProperties": True},
    {"type": ["boolean", "null"]},
    {"$ref": "#/$defs/tree", "$defs": {"tree": {
        "type": "object",
        "properties": {"name": {"type": "string"},
                       "children": {"type": "array", "items": {"$ref": "#/$defs/tree"}}},
        "required": ["name", "children"]}}},
]  # fmt: skip


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
def test_every_made_value_and_every_edge_fits_its_schema(schema: dict[str, Any]) -> None:
    for seed in range(25):
        for value in (
            made(schema, seed),
            made(schema, seed, varied=True),
            *(edge(schema, seed, number) for number in range(5)),
        ):
            assert violations(schema, value) == [], value


def test_the_tools_of_the_sample_get_answers_and_edges_that_fit() -> None:
    known = known_of(read_workspace(packaged("samples") / "retail"))
    schemas = [tool.output_schema for tool in known.tools.values() if tool.output_schema]
    assert schemas
    for schema in schemas:
        for number in range(10):
            assert violations(schema, edge(schema, 3, number)) == []
            assert violations(schema, made(schema, number, varied=True)) == []


def some_schema(random: Random, depth: int = 0) -> dict[str, Any]:
    """A schema of simple parts."""
    kind = random.choice(
        ["string", "integer", "number", "boolean", "object", "array"][: 6 - 2 * (depth > 2)]
    )
    match kind:
        case "string":
            low = random.randrange(0, 4)
            return {"type": kind, "minLength": low, "maxLength": low + random.randrange(0, 30)}
        case "integer" | "number":
            low = random.randrange(-50, 50)
            return {"type": kind, "minimum": low, "maximum": low + random.randrange(0, 20)}
        case "array":
            low = random.randrange(0, 3)
            item = some_schema(random, depth + 1)
            return {
                "type": kind,
                "items": item,
                "minItems": low,
                "maxItems": low + random.randrange(0, 3),
            }
        case "object":
            names = random.sample(["id", "name", "price", "status", "x", "due_on"], 3)
            fields = {name: some_schema(random, depth + 1) for name in names}
            needed = [name for name in names if random.random() < 0.5]
            return {
                "type": kind,
                "properties": fields,
                "required": needed,
                "additionalProperties": False,
            }
        case _:
            return {"type": [kind, "null"]}


def test_values_for_random_schemas_fit_them() -> None:
    random = Random(7)
    for number in range(300):
        schema = some_schema(random)
        for value in (
            made(schema, number),
            made(schema, number, varied=True),
            edge(schema, number, number % 4),
        ):
            assert violations(schema, value) == [], (schema, value)
