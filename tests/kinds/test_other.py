from typing import Any

import pytest

from journeybuilder.contract.step import Remembered
from journeybuilder.errors import StepError
from journeybuilder.kinds import KINDS
from tests.kinds.steps import FakeStep, complaints, visit


def test_facts_are_remembered_with_purpose_and_length() -> None:
    settings = {
        "remember": {"language": "${session.language}", "vip": True},
        "purpose": "service",
        "keep_for": "365d",
        "next": "a",
    }
    step = FakeStep({"session": {"language": "es"}})
    assert visit("memory", settings, step).port == "next"
    year = 365 * 86_400.0
    assert step.done == [
        ("remember", [Remembered("language", "es", "service", year), Remembered("vip", True, "service", year)])
    ]  # fmt: skip


def test_facts_are_forgotten_before_others_are_remembered() -> None:
    settings = {"forget": "all", "remember": {"a": 1}, "purpose": "service", "next": "a"}
    step = FakeStep()
    visit("memory", settings, step)
    assert step.done == [("forget", None), ("remember", [Remembered("a", 1, "service", None)])]
    step = FakeStep()
    visit("memory", {"forget": ["a", "b"], "next": "a"}, step)
    assert step.done == [("forget", ["a", "b"])]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "remember: it neither remembers nor forgets anything"),
        ({"remember": {"a": 1}}, "purpose: it is not said what the facts may be used for"),
        ({"forget": "all", "keep_for": "1d"}, "keep_for: nothing is remembered that could be kept"),
        (
            {"remember": {"first name": 1}, "purpose": "x"},
            "remember.first name: 'first name' cannot be the name of a fact",
        ),
        (
            {"remember": {"consent": 1}, "purpose": "x"},
            "remember.consent: 'consent' is what a 'consent' node puts on record",
        ),
    ],
)
def test_what_is_wrong_with_a_memory_is_said(settings: dict[str, Any], words: str) -> None:
    assert complaints("memory", {**settings, "next": "a"}) == [words]


def test_another_journey_gives_its_output() -> None:
    settings = {"journey": "track", "with": {"order": "${id}"}, "save": "result", "next": "a"}
    step = FakeStep({"id": "O-1"}, tools={"track": [{"outcome": "ok", "output": {"due": "today"}}]})
    leave = visit("journey", settings, step)
    assert (leave.port, leave.save) == ("next", {"result": {"due": "today"}})
    assert step.done == [("journey", {"journey": "track", "input": {"order": "O-1"}})]


RESOURCE = "kb/articles://{topic}{?lang,page*}"


def test_a_resource_is_read_with_the_names_in_braces_filled_in() -> None:
    settings = {
        "resource": "kb/articles://{topic}",
        "with": {"topic": "${t}"},
        "save": "x",
        "next": "a",
    }
    step = FakeStep({"t": "returns"}, tools={"kb/articles://{topic}": ["Thirty days."]})
    assert visit("resource", settings, step).save == {"x": "Thirty days."}
    assert step.did("resource") == [
        {"resource": "kb/articles://{topic}", "with": {"topic": "returns"}}
    ]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"resource": "articles"}, "resource: 'articles' is not of the form server/address"),
        ({"resource": "kb/articles://{topic}"}, "with: '{topic}' of the address gets no value"),
        (
            {"resource": "kb/a://b", "with": {"topic": 1}},
            "with.topic: the address has no '{topic}'",
        ),
    ],
)
def test_what_is_wrong_with_an_address_is_said(settings: dict[str, Any], words: str) -> None:
    assert complaints("resource", {**settings, "next": "a"}) == [words]


def test_modifiers_in_an_address_are_no_part_of_the_name() -> None:
    given = {"topic": 1, "lang": 2, "page": 3}
    assert complaints("resource", {"resource": RESOURCE, "with": given, "next": "a"}) == []


def test_a_step_that_was_imported_and_not_mapped_is_refused() -> None:
    with pytest.raises(StepError) as raised:
        visit("legacy", {"source": {"type": "PlayPrompt"}, "next": "a"}, FakeStep())
    assert raised.value.code == "legacy"
    assert "replace it" in raised.value.message


@pytest.mark.parametrize("source", [{"type": "Play\nPrompt"}, ["a"], "x", 3, None, {}])
def test_a_legacy_step_keeps_whatever_it_was(source: Any) -> None:
    settings = KINDS["legacy"].settings.model_validate({"source": source})
    assert settings.model_dump()["source"] == source
    assert "\n" not in KINDS["legacy"].line({"source": source})


GENERATE = {"model": "fast", "instructions": "Be short.", "prompt": "kb/answer", "with": {"q": "${q}"},
    "save": "s", "next": "a"}  # fmt: skip


def test_a_generated_text_can_begin_from_a_servers_prompt() -> None:
    messages = [{"role": "assistant", "content": "Hello."}, {"role": "user", "content": "Why?"}]
    step = FakeStep({"q": "why"}, tools={"kb/answer": [messages]}, models=["Because."])
    assert visit("generate", GENERATE, step).save == {"s": "Because."}
    assert step.did("prompt") == [{"prompt": "kb/answer", "with": {"q": "why"}}]
    (asked,) = step.did("model")
    assert asked["messages"] == [{"role": "system", "content": "Be short."}, *messages]


def test_a_prompt_with_arguments_is_marked_as_one_and_a_text_as_a_text() -> None:
    kind = KINDS["generate"]
    roles = {use.path: use.mark.role for use in kind.uses(GENERATE)}
    assert roles[("prompt",)] == "prompt"
    assert roles[("with",)] == "arguments"
    plain = {key: value for key, value in GENERATE.items() if key != "with"}
    assert {use.path: use.mark.role for use in kind.uses(plain)}[("prompt",)] == "template"
    assert complaints("generate", {**GENERATE, "prompt": "Say ${q}"}) == [
        "prompt: with arguments it has to name a server's prompt"
    ]


def test_a_cached_call_says_how_old_its_answer_may_be() -> None:
    step = FakeStep(tools={"a/b": [1]})
    assert visit("tool", {"tool": "a/b", "cache": "10m", "save": "x", "next": "a"}, step).save == {
        "x": 1
    }
    assert step.did("tool")[0]["cache"] == 600
    assert complaints(
        "tool", {"tool": "a/b", "cache": "1m", "undo": {"tool": "a/c"}, "next": "a"}
    ) == ["cache: an answer that is used again did nothing that 'undo' could take back"]
