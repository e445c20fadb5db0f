from datetime import timedelta
from typing import Any

import pytest

from journeybuilder.contract.services import ModelAnswer, ModelToolCall
from tests.kinds.steps import FakeStep, complaints, visit

AGENT: dict[str, Any] = {
    "model": "fast",
    "instructions": "Help.",
    "tools": ["orders/get"],
    "talks_to": "customer",
    "max_turns": 6,
    "save": "answer",
    "next": "a",
    "on_limit": "b",
}


def calling(*names: str, cost: float | None = 0.01, **arguments: Any) -> ModelAnswer:
    calls = [ModelToolCall(f"c{index}", name, arguments) for index, name in enumerate(names)]
    return ModelAnswer("", "scripted", "fast", tool_calls=calls, cost_usd=cost)


def saying(text: str, cost: float | None = 0.01) -> ModelAnswer:
    return ModelAnswer(text, "scripted", "fast", cost_usd=cost)


LOOK = "orders_get"


def told(step: FakeStep) -> list[str]:
    """What the model was told last, by the system's side."""
    return [
        message["content"]
        for message in step.did("model")[-1]["messages"][2:]
        if message["role"] in {"tool", "user"}
    ]


@pytest.mark.parametrize(
    ("limit", "port", "made"), [(1, "on_limit", 1), (2, "next", 2), (0, "on_limit", 0)]
)
def test_more_tool_calls_than_the_limit_are_not_made(limit: int, port: str, made: int) -> None:
    step = FakeStep(models=[calling(LOOK, LOOK), saying("Done.")])
    assert visit("agent", {**AGENT, "limits": {"tool_calls": limit}}, step).port == port
    assert len(step.did("tool")) == made


def test_talking_is_no_tool_call_that_is_counted() -> None:
    step = FakeStep(says=["O-1"], models=[calling("ask_customer", text="Which?"), saying("Done.")])
    assert visit("agent", {**AGENT, "limits": {"tool_calls": 0}}, step).port == "next"


def test_no_model_is_asked_once_the_money_is_spent() -> None:
    step = FakeStep(models=[calling(LOOK), calling(LOOK), saying("Done.")])
    assert visit("agent", {**AGENT, "limits": {"cost_usd": 0.02}}, step).port == "on_limit"
    assert len(step.did("model")) == 2


def test_a_model_of_unknown_price_counts_as_over_a_limit_of_money() -> None:
    step = FakeStep(models=[calling(LOOK, cost=None), saying("Done.")])
    assert visit("agent", {**AGENT, "limits": {"cost_usd": 5.0}}, step).port == "on_limit"
    assert step.did("tool") == []


def test_time_counts_from_the_begin_of_the_visit() -> None:
    step = FakeStep(models=[calling(LOOK)] * 5 + [saying("Done.")])
    step.turn = timedelta(minutes=1)
    assert visit("agent", {**AGENT, "limits": {"duration": "5m"}}, step).port == "on_limit"
    assert len(step.did("model")) == 3
    step = FakeStep(models=[calling(LOOK), saying("Done.")])
    step.turn = timedelta(minutes=1)
    assert visit("agent", {**AGENT, "limits": {"duration": "1h"}}, step).port == "next"


GUARDED = {**AGENT, "guard": ["personal_data", {"topics": ["politics"]}]}


def test_what_a_guard_finds_is_not_said_to_the_customer() -> None:
    step = FakeStep(
        says=["O-1"],
        models=[
            calling("ask_customer", text="Is ana@example.com yours?"),
            calling("ask_customer", text="Which order is it?"),
            saying("Found."),
        ],
    )
    assert visit("agent", GUARDED, step).port == "next"
    assert [given["text"] for given in step.did("say")] == ["Which order is it?"]
    first = told(step)[0]
    assert first == "Not said, because it holds personal_data (email). Say it without that."
    assert "ana@" not in first


def test_a_result_in_which_a_guard_finds_something_has_to_be_said_again() -> None:
    step = FakeStep(models=[saying("It is about politics."), saying("It is on its way.")])
    assert visit("agent", GUARDED, step).save == {"answer": "It is on its way."}
    assert told(step) == ["Not said, because it holds topics (politics). Say it without that."]


def test_an_agent_that_only_says_what_it_may_not_reaches_its_limit() -> None:
    step = FakeStep(models=[saying("politics")] * 6)
    assert visit("agent", GUARDED, step).port == "on_limit"


def test_what_a_judging_model_costs_is_counted() -> None:
    judge = {"model": "careful", "question": "Does it promise money?"}
    verdict = ModelAnswer("", "scripted", "careful", value={"answer": "yes"}, cost_usd=0.5)
    step = FakeStep(models=[saying("You get 50 EUR."), verdict, saying("Hello.")])
    settings = {**AGENT, "guard": [judge], "limits": {"cost_usd": 0.2}}
    assert visit("agent", settings, step).port == "on_limit"


def test_limits_need_a_way_and_detectors_have_to_look_for_something() -> None:
    no_way = {key: value for key, value in AGENT.items() if key != "on_limit"}
    assert complaints("agent", {**no_way, "limits": {"tool_calls": 1}}) == [
        "limits: it is not said where a limit leads"
    ]
    assert complaints("agent", {**AGENT, "guard": [{"topics": []}]}) == [
        "guard.0.topics: there is no word to look for"
    ]
