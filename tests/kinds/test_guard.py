from typing import Any

import pytest

from journeybuilder.contract.services import ModelAnswer
from journeybuilder.errors import StepError
from tests.kinds.steps import FakeStep, complaints, visit

TOPICS = {"topics": ["politics", "Elección presidencial"]}
SCHEMA = {
    "schema": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
}
JUDGE = {"model": "careful", "question": "Does it promise money?"}


def guarded(
    value: Any, *detect: Any, models: Any = ()
) -> tuple[str, list[dict[str, Any]], FakeStep]:
    step = FakeStep({"v": value}, models=models)
    settings = {"value": "${v}", "detect": list(detect), "save": "found", "pass": "a", "fail": "b"}
    leave = visit("guard", settings, step)
    return leave.port, leave.save["found"], step


def test_a_value_without_a_find_passes() -> None:
    assert guarded("Your parcel is on its way.", "personal_data", "prompt_injection", TOPICS)[
        :2
    ] == (
        "pass",
        [],
    )


def test_a_find_tells_class_and_place_and_never_the_value() -> None:
    port, found, _ = guarded("Write to ana@example.com now", "personal_data")
    assert port == "fail"
    assert found == [
        {"detector": "personal_data", "class": "email", "at": "", "start": 9, "end": 24}
    ]


def test_a_nested_value_is_looked_through_with_its_places() -> None:
    value = {"to": ["x", {"mail": "ana@example.com"}], "card": 4111111111111111, "n": 3, "ok": True}
    _, found, _ = guarded(value, "personal_data")
    assert {(one["class"], one["at"]) for one in found} == {
        ("email", "to/1/mail"),
        ("card", "card"),
    }


def test_a_name_of_a_field_can_hold_data_too() -> None:
    _, found, _ = guarded({"ana@example.com": 1}, "personal_data")
    assert [one["class"] for one in found] == ["email"]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Let us talk about POLITICS.", "politics"),
        ("La eleccion  Presidencial llega", "Elección presidencial"),
        ("geopolitics and politicians", None),
        ("presidencial elección", None),
    ],
)
def test_a_topic_is_found_as_whole_words_in_any_case(text: str, topic: str | None) -> None:
    _, found, _ = guarded(text, TOPICS)
    assert [one["class"] for one in found] == ([topic] if topic else [])


def test_a_value_of_the_wrong_form_fails_with_the_place_and_the_keyword() -> None:
    port, found, _ = guarded({"id": 4711}, SCHEMA)
    assert port == "fail"
    assert [(one["class"], one["at"], one["start"]) for one in found] == [("type", "id", None)]
    assert guarded({"id": "O-1"}, SCHEMA)[0] == "pass"
    assert guarded({}, SCHEMA)[1][0]["class"] == "required"


@pytest.mark.parametrize(("says", "port"), [("no", "pass"), ("yes", "fail"), ("unsure", "fail")])
def test_a_model_judges_and_only_a_clear_no_passes(says: str, port: str) -> None:
    went, found, step = guarded("We pay you 50 EUR.", JUDGE, models=[{"answer": says}])
    assert went == port
    assert [one["class"] for one in found] == ([] if says == "no" else [says])
    (asked,) = step.did("model")
    assert asked["model"] == "careful"
    assert asked["schema"]["properties"]["answer"]["enum"] == ["yes", "no", "unsure"]
    assert "Does it promise money?" in asked["messages"][0]["content"]
    assert asked["messages"][1] == {"role": "user", "content": "We pay you 50 EUR."}


def test_an_answer_that_is_no_answer_does_not_pass() -> None:
    strange = ModelAnswer("sure", "scripted", "careful", value=None)
    assert guarded("x", JUDGE, models=[strange])[0] == "fail"


def test_a_model_is_not_shown_what_was_found_already() -> None:
    port, _, step = guarded("ana@example.com", JUDGE, "personal_data")
    assert port == "fail"
    assert step.did("model") == []


def test_a_model_that_fails_lets_nothing_through() -> None:
    with pytest.raises(StepError):
        guarded("x", JUDGE, models=[StepError("model_failed", "down")])


WRONG: list[tuple[list[Any], str]] = [
        ([], "detect: nothing is looked for"),
        ([{}], "detect.0: it is not said what to look for"),
        ([{"topics": ["a"], "model": "fast", "question": "x"}], "detect.0: it is not said what to look for"),
        ([{"topics": ["!"]}], "detect.0.topics: there is no word to look for"),
        (["personal_data", {"model": "fast"}], "detect.1.question: the model is not asked anything"),
        ([{"schema": {}, "question": "x"}], "detect.0.question: no model is named that answers"),
]  # fmt: skip


@pytest.mark.parametrize(("detect", "words"), WRONG)
def test_what_is_wrong_with_detectors_is_said(detect: Any, words: str) -> None:
    assert complaints("guard", {"value": "x", "detect": detect, "pass": "a", "fail": "b"}) == [
        words
    ]
