import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.connect.pattern_text import found_in, text_for
from journeybuilder.connect.sample_values import sample
from journeybuilder.connect.scripted import Scripted, script_problems
from journeybuilder.contract.schemas import violations
from journeybuilder.contract.services import ModelAnswer, ModelAsk, ModelTool
from journeybuilder.errors import StepError

LABELS = {
    "type": "object",
    "properties": {
        "label": {"type": "string", "enum": ["refund", "wrong_item", "none"]},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
    },
    "required": ["label", "confidence"],
}
GET_ORDER = ModelTool("orders__get_order", "", {"type": "object"})
TRACK = ModelTool("shipping__track", "", {"type": "object"})


def question(
    *words: str,
    system: str = "",
    alias: str = "fast",
    schema: Mapping[str, Any] | None = None,
    tools: Sequence[ModelTool] = (),
) -> ModelAsk:
    messages = [{"role": "user", "content": text} for text in words]
    if system:
        messages.insert(0, {"role": "system", "content": system})
    return ModelAsk("r", "n", alias, messages, schema=schema, tools=tools)


def ask(what: ModelAsk, **answers: list[dict[str, Any]]) -> ModelAnswer:
    named = {"*" if alias == "any" else alias: entries for alias, entries in answers.items()}
    return asyncio.run(Scripted(named).ask(what))


def reply(scripted: Scripted, words: str) -> ModelAnswer:
    return asyncio.run(scripted.ask(question(words)))


def test_every_answer_says_that_it_is_scripted_and_costs_nothing() -> None:
    answer = ask(question("Where is it?", system="Be short."), fast=[{"says": "On its way."}])
    assert answer == ModelAnswer(
        text="On its way.",
        model="scripted",
        alias="fast",
        tokens_in=5,
        tokens_out=3,
        cost_usd=0.0,
        scripted=True,
    )


def test_the_first_answer_whose_words_were_said_is_given_in_any_case_and_again() -> None:
    answers = [
        {"when": "PARCEL", "says": "It is on its way."},
        {"when": "refund", "says": "You get it back."},
        {"says": "How can I help?"},
    ]
    scripted = Scripted({"fast": answers})

    async def said(words: str) -> str:
        return (await scripted.ask(question(words))).text

    async def run() -> list[str]:
        return [await said(words) for words in ("my parcel", "Refund!", "hi", "the parcel?")]

    assert asyncio.run(run()) == [
        "It is on its way.",
        "You get it back.",
        "How can I help?",
        "It is on its way.",
    ]


def test_words_are_looked_for_in_the_instructions_when_nobody_said_them() -> None:
    entry = {"when": "write a summary", "says": "Customer wants money."}
    answer = ask(question("order O-1", system="Write a summary for Dana."), fast=[entry])
    assert answer.text == "Customer wants money."


def test_a_star_fits_every_model_after_its_own_answers() -> None:
    answers = {"fast": [{"when": "hi", "says": "own"}], "any": [{"says": "for all"}]}
    assert ask(question("hi"), **answers).text == "own"
    assert ask(question("hi", alias="other"), **answers).text == "for all"


def test_without_a_script_text_quotes_the_customer_briefly() -> None:
    assert ask(question("Where is\n my order?")).text == (
        "This is a rehearsed answer to “Where is my order?”."
    )
    long = ask(question("word " * 100)).text
    assert len(long) < 130
    assert long.endswith("…”.")


def test_without_a_script_a_label_is_chosen_by_the_words_or_is_the_first_and_unsure() -> None:
    sure = ask(question("You sent the wrong item", schema=LABELS)).value
    assert sure == {"label": "wrong_item", "confidence": 0.9}
    unsure = ask(question("hm", schema=LABELS)).value
    assert unsure == {"label": "refund", "confidence": 0.3}


@pytest.mark.parametrize(
    "says",
    [
        {"label": "wrong_item", "confidence": 0.9},
        '{"label": "wrong_item", "confidence": 0.9}',
        "wrong_item",
    ],
)
def test_a_value_may_be_scripted_as_a_value_as_json_or_as_the_label_alone(says: Any) -> None:
    answer = ask(question("hm", schema=LABELS), fast=[{"says": says}])
    assert answer.value == {"label": "wrong_item", "confidence": 0.9}


def test_a_scripted_value_that_does_not_fit_is_an_error_that_says_where_to_mend_it() -> None:
    with pytest.raises(StepError) as caught:
        ask(question("hm", schema=LABELS), fast=[{"says": {"label": "exchange"}}])
    assert caught.value.code == "model_failed"
    assert "does not fit the schema" in caught.value.message
    assert "under models: fast: in the scenario" in caught.value.message


def test_a_schema_that_the_stand_in_cannot_satisfy_asks_for_a_script() -> None:
    schema = {"type": "string", "not": {"type": "string"}}
    with pytest.raises(StepError, match="the made-up answer for model 'fast' does not fit"):
        ask(question("hm", schema=schema))


def test_tools_are_called_only_where_scripted_and_not_twice_in_a_row() -> None:
    script = Scripted(
        {
            "fast": [
                {
                    "when": "where",
                    "calls": [{"tool": "orders/get_order", "with": {"order_id": "O-1"}}],
                },
                {"calls": [{"tool": "shipping/track"}]},
                {"says": "It comes tomorrow."},
            ]
        }
    )

    async def run() -> list[Any]:
        heard: list[Any] = []
        messages: list[dict[str, Any]] = [{"role": "user", "content": "Where is O-1?"}]
        for _ in range(3):
            what = ModelAsk("r", "n", "fast", list(messages), tools=[GET_ORDER, TRACK])
            answer = await script.ask(what)
            heard.append([call.name for call in answer.tool_calls] or answer.text)
            made = [
                {"id": call.id, "type": "function", "function": {"name": call.name}}
                for call in answer.tool_calls
            ]
            messages.append({"role": "assistant", "content": answer.text, "tool_calls": made})
            messages.append({"role": "tool", "tool_call_id": "x", "content": '{"where": "here"}'})
        return heard

    assert asyncio.run(run()) == [["orders__get_order"], ["shipping__track"], ["orders__get_order"]]
    assert ask(question("Where is it?", tools=[GET_ORDER])).tool_calls == ()


def test_a_scripted_call_of_a_tool_that_is_not_allowed_says_which_are() -> None:
    entry = {"calls": [{"tool": "orders/refund"}]}
    with pytest.raises(StepError, match=r"call 'orders/refund'.*allowed: orders__get_order"):
        ask(question("x", tools=[GET_ORDER]), fast=[entry])


def test_content_in_parts_and_values_is_heard_too() -> None:
    messages = [{"role": "user", "content": [{"type": "text", "text": "my PARCEL"}]}]
    what = ModelAsk("r", "n", "fast", messages)
    assert ask(what, fast=[{"when": "parcel", "says": "yes"}]).text == "yes"


@pytest.mark.parametrize(
    ("schema", "words", "value"),
    [
        ({"type": "string", "pattern": "^O-[0-9]{4}$"}, "my order O-1001, please", "O-1001"),
        ({"type": "string", "pattern": "^O-[0-9]{4}$"}, "", "O-0000"),
        ({"type": "string", "format": "email"}, "", "person@example.com"),
        ({"type": "string", "minLength": 8, "maxLength": 9}, "", "text...."),
        ({"type": ["null", "integer"], "exclusiveMinimum": 4}, "", 5),
        ({"type": "number", "minimum": 0.5, "maximum": 0.7}, "", 0.5),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, "", 0.5),
        ({"type": "integer", "maximum": -3}, "", -3),
        ({"type": "integer", "exclusiveMaximum": 0}, "", -1),
        ({"type": "number", "maximum": 0}, "", 0),
        ({"type": "integer", "minimum": 7, "multipleOf": 5}, "", 10),
        ({"const": {"a": 1}}, "", {"a": 1}),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, "", [False, False]),
        ({"anyOf": [{"type": "null"}, {"type": "string"}]}, "", None),
        (
            {"allOf": [{"required": ["a"]}, {"properties": {"a": {"type": "null"}}}]},
            "",
            {"a": None},
        ),
        (
            {
                "$defs": {"day": {"type": "string", "format": "date"}},
                "type": "object",
                "properties": {"on": {"$ref": "#/$defs/day"}, "extra": {"type": "string"}},
                "required": ["on"],
            },
            "",
            {"on": "2026-01-15"},
        ),
    ],
)
def test_a_made_up_value_is_small_and_fits_its_schema(
    schema: dict[str, Any], words: str, value: Any
) -> None:
    assert sample(schema, words) == value
    assert violations(schema, value) == []


def test_a_schema_that_refers_to_itself_ends() -> None:
    schema = {
        "$defs": {"tree": {"type": "object", "properties": {"below": {"$ref": "#/$defs/tree"}},
                           "required": ["below"]}},
        "$ref": "#/$defs/tree",
    }  # fmt: skip
    assert isinstance(sample(schema), dict)


SCALARS = st.one_of(
    st.fixed_dictionaries({"type": st.just("string"), "minLength": st.integers(0, 9)}),
    st.builds(
        lambda low, more: {"type": "integer", "minimum": low, "maximum": low + more},
        st.integers(-50, 50),
        st.integers(0, 9),
    ),
    st.fixed_dictionaries({"enum": st.lists(st.text(max_size=4), min_size=1, unique=True)}),
    st.just({"type": "boolean"}),
)
SCHEMAS = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.builds(
            lambda fields: {"type": "object", "properties": fields, "required": sorted(fields)},
            st.dictionaries(st.text(max_size=3), inner, max_size=3),
        ),
        st.builds(
            lambda item, least: {"type": "array", "items": item, "minItems": least},
            inner,
            st.integers(0, 3),
        ),
    ),
    max_leaves=6,
)


@given(SCHEMAS, st.text(max_size=20))
def test_every_simple_schema_gets_a_value_that_fits_and_the_same_twice(
    schema: dict[str, Any], words: str
) -> None:
    value = sample(schema, words)
    assert violations(schema, value) == []
    assert sample(schema, words) == value


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^C-[0-9]+$", "C-0"),
        (r"^\d{3}-\d{2,4}$", "000-00"),
        ("^(red|blue)?x$", "x"),
        ("^(?:ab){2}$", "abab"),
        ("^[^a]$", "A"),
        (r"^\+49$", "+49"),
        ("^[A-Z]{2}$", "AA"),
        (r"^[\]x]$", "]"),
        ("", ""),
        (r"(?=a)b", None),
        (r"\p{L}", None),
        ("[", None),
        ("(a", None),
    ],
)
def test_a_text_for_a_simple_pattern(pattern: str, text: str | None) -> None:
    assert text_for(pattern) == text


def test_what_a_customer_said_is_found_by_the_pattern_of_the_answer() -> None:
    assert found_in("^O-[0-9]{4}$", "it is O-10011 or O-2002") == "O-1001"
    assert found_in("^O-[0-9]{4}$", "no idea") is None
    assert found_in("[", "x") is None


def test_an_answer_can_fit_a_pattern() -> None:
    scripted = Scripted(
        {"fast": [{"when": {"matches": r"o-\d{4}\b"}, "says": "an order"}, {"says": "x"}]}
    )
    assert reply(scripted, "Where is O-1001?").text == "an order"
    assert reply(scripted, "Where is O-10?").text == "x"


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"says": "x"}, "'fast' wants a list of answers"),
        ("hello", "'fast' wants a list of answers"),
        (["hello"], "answer 1 of 'fast': 'hello' is none; write {says: …}"),
        (
            [{"says": "a"}, {"wen": "b", "says": "c"}],
            "answer 2 of 'fast': 'wen' is not known. Did you mean 'when'?",
        ),
        ([{"when": "b"}], "answer 1 of 'fast': it says nothing and calls nothing"),
        ([{"when": 5, "says": "c"}], "'when' wants words, or {matches: pattern}"),
        (
            [{"when": {"matches": "("}, "says": "c"}],
            "answer 1 of 'fast': 'when': '(' is no pattern",
        ),
        ([{"calls": {"tool": "a/b"}}], "'calls' wants a list"),
        ([{"calls": ["a/b"]}], "'a/b' is no call; write {tool: server/tool, with: {…}}"),
    ],
)
def test_a_script_of_the_wrong_form_is_told_in_words_and_breaks_nothing(
    entries: Any, words: str
) -> None:
    problems = script_problems({"fast": entries})
    assert len(problems) == 1
    assert words in problems[0]
    assert reply(Scripted({"fast": entries}), "Hi").scripted


def test_a_script_as_it_should_be_has_no_problems() -> None:
    good = [{"when": "a", "says": {"b": 1}}, {"calls": [{"tool": "a/b"}]}, {"says": None}]
    assert script_problems({"fast": good, "*": []}) == []
