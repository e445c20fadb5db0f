from typing import Any

import pytest

from journeybuilder.contract.schemas import violations
from journeybuilder.kinds import KINDS
from tests.kinds.steps import FakeStep, visit

CHOICES: dict[str, Any] = {
    "text": "Which one?",
    "choices": [{"en": "The red one", "es": "El rojo"}, "${input.other}"],
    "save": "x",
    "next": "a",
}


@pytest.mark.parametrize(
    ("language", "words", "value"),
    [
        ("en", "the red one", "The red one"),
        ("es", " el ROJO ", "The red one"),
        ("es", "The blue one", "The blue one"),
    ],
)
def test_choices_are_rendered_in_the_customers_language_and_saved_in_the_first(
    language: str, words: str, value: str
) -> None:
    step = FakeStep({"input": {"other": "The blue one"}}, says=[words], language=language)
    assert visit("ask", CHOICES, step).save == {"x": value}
    shown = "El rojo" if language == "es" else "The red one"
    assert step.did("say")[0]["choices"] == [shown, "The blue one"]
    assert step.did("listen")[0]["choices"] == [shown, "The blue one"]


def test_the_value_of_fixed_choices_is_one_of_them() -> None:
    kind = KINDS["ask"]
    assert kind.schema_of({"choices": ["a", {"en": "b", "es": "c"}]}) == {
        "type": "string",
        "enum": ["a", "b"],
    }
    assert kind.schema_of(CHOICES) == {"type": "string"}


TREE = {
    "$ref": "#/$defs/node",
    "$defs": {
        "node": {
            "type": "object",
            "properties": {"name": {"$ref": "#/$defs/name"}, "below": {"type": "array", "items": {"$ref": "#"}}},
            "required": ["name"],
        },
        "name": {"type": "string", "minLength": 2},
    },
}  # fmt: skip


def test_a_model_reads_a_value_whose_schema_refers_to_its_own_parts() -> None:
    value = {"name": "ab", "below": [{"name": "cd"}]}
    step = FakeStep(says=["ab over cd"], models=[{"found": True, "value": value}])
    settings = {"text": "?", "expect": TREE, "read_with": "fast", "save": "x", "next": "a"}
    assert visit("ask", settings, step).save == {"x": value}
    schema = step.did("model")[0]["schema"]
    assert violations(schema, {"found": True, "value": value}) == []
    wrong = {"name": "ab", "below": [{"name": "c"}]}
    assert violations(schema, {"found": True, "value": wrong}) == [
        'value/below/0/name: "c" is shorter than 2 characters'
    ]
    assert set(schema["$defs"]) == {"node", "name"}
    assert "$defs" not in schema["properties"]["value"]
