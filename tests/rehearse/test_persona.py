"""Simulated customers: what they hear, what they say, when they end, what they cost."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from typing_extensions import override

from journeybuilder.contract.services import ModelAnswer, ModelAsk, Models
from journeybuilder.errors import StepError
from journeybuilder.rehearse.comparing.trial import talk_of
from journeybuilder.rehearse.scenario import scenario_of
from journeybuilder.rehearse.simulate import Rehearsed, simulate
from journeybuilder.rehearse.world.clock import VirtualClock
from journeybuilder.rehearse.world.persona import TURNS, PersonaCustomer, persona_of
from tests.fakes import plan_of

NODES = """
a: {kind: ask, text: "Which order is it?", save: id, expect: {type: string, pattern: "^O-"}, attempts: 3, timeout: 1h, next: b, on_invalid: lost, on_timeout: gone}
b: {kind: set, values: {secret_margin: 42}, next: c}
c: {kind: ask, text: "Anything else?", save: more, timeout: 1h, next: d, on_timeout: gone}
d: {kind: ask, text: "And now?", save: even, timeout: 1h, next: z, on_timeout: gone}
z: {kind: end, outcome: good}
gone: {kind: end, outcome: gone}
lost: {kind: end, outcome: lost}
"""


class Actor(Models):
    """Plays a customer with lines laid out; keeps what it was asked."""

    def __init__(self, *lines: tuple[str, str], cost: float | None = 0.01) -> None:
        self._lines = list(lines)
        self._cost = cost
        self.asked: list[ModelAsk] = []

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        self.asked.append(ask)
        if not self._lines:
            raise StepError("model_failed", "the provider is down")
        says, over = self._lines.pop(0)
        value = {"says": says, "over": over}
        return ModelAnswer(says, "house/actor", ask.alias, value, (), 50, 5, self._cost)


WHO = {
    "persona": "An impatient father",
    "goal": "to send a lamp back",
    "mood": "annoyed",
    "language": "es",
    "facts": {"order": "O-7"},
    "model": "actor",
}


def rehearse(actor: Models | None, **who: Any) -> tuple[Rehearsed, PersonaCustomer]:
    clock = VirtualClock()
    customer = PersonaCustomer(persona_of({**WHO, **who}), actor, clock)
    scenario = scenario_of({"scenario": "s", "journey": "test"})
    result = asyncio.run(simulate(plan_of(NODES), scenario, customer=customer, clock=clock))
    return result, customer


def said_to(ask: ModelAsk) -> Sequence[str]:
    return [str(message["content"]) for message in ask.messages]


def test_a_persona_talks_until_its_goal_is_met_and_is_silent_then() -> None:
    actor = Actor(("O-7", "no"), ("Gracias, eso es todo. Adiós.", "goal met"))
    result, customer = rehearse(actor)
    assert result.state.outcome == "gone"  # nobody answers any more, and the time passes
    assert customer.ended == "goal met"
    assert customer.played_by == "house/actor"
    assert [who for who, _ in talk_of(result.events)] == [
        "service", "customer", "service", "customer", "service",
    ]  # fmt: skip
    assert customer.bill.cost == pytest.approx(0.02)
    assert (customer.bill.tokens_in, customer.bill.tokens_out) == (100, 10)
    assert result.state.cost_usd == 0  # counted apart


def test_a_persona_is_told_who_it_is_and_hears_nothing_but_what_is_said() -> None:
    actor = Actor(("O-7", "no"), ("No", "no"), ("No", "no"))
    result, _ = rehearse(actor)
    assert result.state.outcome == "good"
    role, *talk = said_to(actor.asked[-1])
    for words in (
        "An impatient father",
        "to send a lamp back",
        "annoyed",
        "es",
        "- order: O-7",
        "12 times",
    ):
        assert words in role
    assert talk == ["Which order is it?", "O-7", "Anything else?", "No", "And now?"]
    everything = "\n".join(text for ask in actor.asked for text in said_to(ask))
    for word in ("secret_margin", "42", "pattern", "on_timeout", "test"):
        assert word not in everything
    assert {ask.alias for ask in actor.asked} == {"actor"}
    assert {ask.node for ask in actor.asked} == {""}


def test_the_last_turn_is_announced_and_the_customer_leaves_after_it() -> None:
    actor = Actor(("What?", "no"), ("O-7, goodbye", "no"))
    result, customer = rehearse(actor, turns=2)
    assert customer.ended == "turns used up"
    assert "your last words" not in said_to(actor.asked[0])[0]
    assert "your last words" in said_to(actor.asked[1])[0]
    assert result.state.outcome == "gone"
    assert len(actor.asked) == 2


def test_a_model_that_cannot_play_makes_the_customer_silent_and_says_why() -> None:
    result, customer = rehearse(Actor(("O-7", "no")))
    assert customer.trouble == "the customer's model did not answer: the provider is down"
    assert result.state.outcome == "gone"


def test_an_unknown_price_of_the_customer_stays_unknown() -> None:
    _, customer = rehearse(Actor(("O-7", "given up"), cost=None))
    assert customer.bill.cost is None
    assert customer.ended == "given up"


def test_without_a_model_a_stand_in_plays_and_is_named_so() -> None:
    for model in ("actor", ""):
        result, customer = rehearse(None if model else Actor(), model=model)
        assert customer.played_by == "scripted"
        assert customer.bill.cost == 0
        talk = [words for who, words in talk_of(result.events) if who == "customer"]
        assert talk == ["O-7", "to send a lamp back", "That is all, thank you. Goodbye."]
        assert result.state.outcome == "good"
        assert customer.ended == "goal met"


def test_a_scenario_with_a_persona_runs_offline() -> None:
    scenario = scenario_of(
        {"scenario": "s", "journey": "test", "customer": {**WHO, "model": "fast"},
         "expect": [{"outcome": "good"}]}
    )  # fmt: skip
    result = asyncio.run(simulate(plan_of(NODES), scenario))
    assert result.failures == []


def test_what_is_not_of_the_right_form_is_left_out() -> None:
    persona = persona_of({"turns": "many", "facts": ["x"]}, "de")
    assert (persona.turns, persona.facts, persona.language) == (TURNS, {}, "de")


def test_a_rehearsal_says_that_the_model_of_its_customer_did_not_answer() -> None:
    class Down(Models):
        @override
        async def ask(self, ask: ModelAsk) -> ModelAnswer:
            raise StepError("unreachable", "the provider is down")

    played = {"persona": "somebody", "model": "fast"}
    scenario = scenario_of({"scenario": "s", "journey": "test", "customer": played})
    result = asyncio.run(simulate(plan_of(NODES), scenario, models=Down()))
    assert result.state.outcome == "gone"
    assert result.failures == [
        "customer: the customer's model did not answer: the provider is down"
    ]
