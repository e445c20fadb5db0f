"""One scenario tried once with certain models in the roles of its aliases, and measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.services import Models
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.comparing.player import ModelCall, Player, Purse, Turnstile
from journeybuilder.rehearse.comparing.usage import Used, used_in
from journeybuilder.rehearse.recorded.recording import Recording
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.rehearse.simulate import simulate
from journeybuilder.rehearse.world.clock import VirtualClock
from journeybuilder.rehearse.world.persona import PersonaCustomer, persona_of
from journeybuilder.rehearse.world.sources import Cast, Source
from journeybuilder.run.state import Event

SCRIPTED = "scripted"
Verdict = Literal["passed", "failed", "provider", "unfinished"]
"""`provider`: a model could not be asked, which says nothing of it. `unfinished`: the money was spent."""


@dataclass(frozen=True)
class Candidate:
    """Who is compared: models in the roles of a journey's aliases, in one version of the journey.

    Attributes:
        name: What tables call it.
        plays: Which alias plays which; `*` is every other one.
        model: The model behind it, as `models.yaml` names it; empty where there are several.
        version: The version of the journey; empty for the one in the workspace.
        scripted: Whether the offline stand-in plays all of it.
    """

    name: str
    plan: Plan
    plays: Mapping[str, str] = field(default_factory=dict[str, str])
    model: str = ""
    version: str = ""
    scripted: bool = False


@dataclass(frozen=True)
class Trial:
    """How one run of one scenario went.

    Attributes:
        number: Which run of the scenario it was, from 1; runs of the same number belong together.
        why: Why it does not count, where it does not.
        talk: `(who, words)` in turn; who is `service` or `customer`.
        calls: Calls of real models; the stand-in's are not among them.
        cost_usd: Of the journey's own calls; None where a price is unknown.
        events: Of its run.
        used: Every model call of the journey, the stand-in's too.
        customer_usd: Of a simulated customer's calls, counted apart; None where a price is unknown.
    """

    candidate: str
    scenario: str
    number: int
    verdict: Verdict
    failures: Sequence[str] = ()
    why: str = ""
    outcome: str = ""
    path: Sequence[str] = ()
    talk: Sequence[tuple[str, str]] = ()
    calls: Sequence[ModelCall] = ()
    cost_usd: float | None = 0.0
    customer_usd: float | None = 0.0
    used: Sequence[Used] = ()
    events: Sequence[Event] = field(default=(), repr=False)

    @property
    def tokens_in(self) -> int:
        """What real models read."""
        return sum(each.tokens_in for each in self.used if not each.guessed)

    @property
    def tokens_out(self) -> int:
        """What real models wrote."""
        return sum(each.tokens_out for each in self.used if not each.guessed)

    @property
    def counts(self) -> bool:
        """Whether it says something of who was tried."""
        return self.verdict in {"passed", "failed"}

    @property
    def passed(self) -> bool:
        """Whether all hard expectations held."""
        return self.verdict == "passed"

    @property
    def said(self) -> Sequence[str]:
        """What the service said."""
        return [words for who, words in self.talk if who == "service"]

    @property
    def latencies(self) -> Sequence[float]:
        """Milliseconds of each call that was answered, but the first ones of a model (`cold`)."""
        return [call.ms for call in self.calls if not call.error and not call.cold]

    def as_json(self) -> dict[str, Any]:
        """Without the talk, which may be long."""
        return {
            "candidate": self.candidate,
            "scenario": self.scenario,
            "number": self.number,
            "verdict": self.verdict,
            "failures": list(self.failures),
            "why": self.why,
            "outcome": self.outcome,
            "path": list(self.path),
            "cost_usd": self.cost_usd,
            "customer_usd": self.customer_usd,
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
            "calls": [call.as_json() for call in self.calls],
        }


@dataclass(frozen=True)
class Bench:
    """What all trials share.

    Attributes:
        models: Who really answers, by alias.
        entries: What stands behind each alias, as in `models.yaml`.
        recordings: By name, for scenarios that replay one.
    """

    models: Models | None
    entries: Mapping[str, Mapping[str, Any]]
    turnstile: Turnstile
    purse: Purse
    recordings: Mapping[str, Recording] = field(default_factory=dict[str, Recording])


async def try_once(candidate: Candidate, scenario: Scenario, number: int, bench: Bench) -> Trial:
    """Run a scenario once; tools come from the scenario, a recording or their schemas, never real.

    Args:
        candidate: Who plays.
        scenario: What the world does, and what is expected.
        number: Which run of the scenario it is; a customer who answers at random has its own chance in
            each, and the same one whoever is tried.
        bench: What all trials share.
    """
    if scenario.random_customer:
        scenario = replace(scenario, seed=scenario.seed + number - 1)
    clock = VirtualClock()
    player = None
    if bench.models is not None:
        player = Player(bench.models, candidate.plays, bench.turnstile, bench.purse)
    customer = _customer(candidate, scenario, bench, clock)
    rehearsed = await simulate(
        candidate.plan,
        scenario,
        cast=cast_for(candidate, scenario, bench.entries) if player is not None else None,
        recording=bench.recordings.get(scenario.recording),
        models=player,
        customer=customer[0] if customer is not None else None,
        clock=clock,
    )
    verdict, why = _verdict(rehearsed.passed, player, customer)
    state = rehearsed.state
    return Trial(
        candidate=candidate.name,
        scenario=scenario.name,
        number=number,
        verdict=verdict,
        failures=rehearsed.failures,
        why=why,
        outcome=state.outcome or state.status,
        path=list(state.path),
        talk=talk_of(rehearsed.events),
        calls=player.calls if player is not None else (),
        cost_usd=player.cost_usd if player is not None else 0.0,
        customer_usd=customer[1].cost_usd if customer is not None else 0.0,
        used=used_in(rehearsed.events),
        events=rehearsed.events,
    )


def cast_for(
    candidate: Candidate, scenario: Scenario, entries: Mapping[str, Mapping[str, Any]]
) -> Cast:
    """Who plays which alias: the real model, but the stand-in where it is meant, and planted faults."""
    sources: dict[str, Source] = {}
    for alias in candidate.plan.bundle.models:
        lines = [*as_list(scenario.models.get(alias)), *as_list(scenario.models.get("*"))]
        who = candidate.plays.get(alias, candidate.plays.get("*", alias))
        if is_scripted(entries.get(who)):
            if not lines and not scenario.recording:
                sources[alias] = "made"
        elif not any("fails" in as_object(line) for line in lines):
            sources[alias] = "real"
    return Cast(models=sources)


def is_scripted(entry: Mapping[str, Any] | None) -> bool:
    """Whether an entry of `models.yaml` is the offline stand-in."""
    return entry is not None and entry.get("model") == SCRIPTED


def _customer(
    candidate: Candidate, scenario: Scenario, bench: Bench, clock: VirtualClock
) -> tuple[PersonaCustomer, Player] | None:
    """Whoever plays the customer of the scenario, always the same model whoever else is tried."""
    if not scenario.persona or bench.models is None:
        return None
    language = scenario.language or candidate.plan.journey.languages[0]
    persona = persona_of(scenario.persona, language)
    player = Player(bench.models, {}, bench.turnstile, bench.purse)
    return PersonaCustomer(persona, player, clock), player


def _verdict(
    passed: bool, player: Player | None, customer: tuple[PersonaCustomer, Player] | None
) -> tuple[Verdict, str]:
    players = [each for each in (player, customer[1] if customer is not None else None) if each]
    if any(each.out_of_money for each in players):
        return "unfinished", "the money for this comparison was spent before it ended"
    if customer is not None and customer[0].trouble:
        return "provider", customer[0].trouble
    if player is not None and player.trouble:
        return "provider", player.trouble
    return ("passed" if passed else "failed"), ""


def talk_of(events: Sequence[Event]) -> list[tuple[str, str]]:
    """Who said what, in turn: nothing but what a customer hears and says."""
    out: list[tuple[str, str]] = []
    for event in events:
        if event["event"] == "asked" and event["effect"] == "say":
            out.append(("service", str(event["request"]["text"])))
        elif event["event"] == "answered" and event["effect"] == "listen":
            words = event["answer"].get("text")
            if words is not None:
                out.append(("customer", str(words)))
    return out
