"""A scenario: what customer, tools, models and people do in a rehearsal, and what is expected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from journeybuilder.contract.json import as_list, as_object
from journeybuilder.document.scenario_form import RANDOM


@dataclass(frozen=True)
class Scenario:
    """What a `*.scenario.yaml` says.

    Attributes:
        customer: `{hears, says}` in turn: `says` is the answer once words like `hears` were said.
        tools: By `server/tool`: `{returns: …}`, `{fails: CODE}`, or a list of them for calls in turn.
        models: By alias: prepared answers of the stand-in.
        people: By node: `{decision, after, value, note}`.
        resources: By `server/address`, with its blanks filled in or not: `{returns}` or `{fails}`.
        prompts: By `server/prompt`: the text, or a list of `{role, content}`; `{name}` in it is the
            argument of that name.
        events: By name: `{after, data}`, or a list of them for an event that comes several times; `after`
            counts from when the run waits for it.
        remembered: What is known of the customer when the run begins; `consent.PURPOSE` is a consent.
        changes: `{before, visit, set}` in turn: variables that are set by hand before a node.
        recording: The name of a recording that answers what is not given here, or an empty text.
        expect: What must hold at the end.
        sources: `{tools: …, models: …}`: who answers, as in a `Cast`.
        seed: Of everything that is made up or left to chance.
        persona: A customer whom a model plays: `{persona, goal, mood, language, facts, model, turns}`.
        random_customer: Whether the customer answers at random, rightly and wrongly.
        random: `{runs, seed}`: the scenario is a campaign, and `expect` must hold in every run.
        vary: By place (`customer.name`): the values with which it must end the same.
    """

    name: str
    journey: str
    input: Mapping[str, Any] = field(default_factory=dict[str, Any])
    channel: str = "chat"
    language: str = ""
    customer: Sequence[Mapping[str, Any]] = ()
    tools: Mapping[str, Any] = field(default_factory=dict[str, Any])
    models: Mapping[str, Any] = field(default_factory=dict[str, Any])
    people: Mapping[str, Any] = field(default_factory=dict[str, Any])
    resources: Mapping[str, Any] = field(default_factory=dict[str, Any])
    prompts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    events: Mapping[str, Any] = field(default_factory=dict[str, Any])
    remembered: Mapping[str, Any] = field(default_factory=dict[str, Any])
    changes: Sequence[Mapping[str, Any]] = ()
    recording: str = ""
    expect: Sequence[Mapping[str, Any]] = ()
    sources: Mapping[str, Any] = field(default_factory=dict[str, Any])
    seed: int = 0
    persona: Mapping[str, Any] = field(default_factory=dict[str, Any])
    random_customer: bool = False
    random: Mapping[str, Any] = field(default_factory=dict[str, Any])
    vary: Mapping[str, Any] = field(default_factory=dict[str, Any])


def scenario_of(data: Mapping[str, Any]) -> Scenario:
    """Read a scenario from the values of its file; what is not of the right form is left out."""
    return Scenario(
        name=str(data.get("scenario", "")),
        journey=str(data.get("journey", "")),
        input=as_object(data.get("input")),
        channel=str(data.get("channel", "chat")),
        language=str(data.get("language", "")),
        customer=[as_object(line) for line in as_list(data.get("customer"))],
        tools=as_object(data.get("tools")),
        models=as_object(data.get("models")),
        people=as_object(data.get("people")),
        resources=as_object(data.get("resources")),
        prompts=as_object(data.get("prompts")),
        events=as_object(data.get("events")),
        remembered=as_object(data.get("remembered")),
        changes=[as_object(item) for item in as_list(data.get("changes"))],
        recording=str(data.get("recording", "")),
        expect=[as_object(item) for item in as_list(data.get("expect"))],
        sources=as_object(data.get("sources")),
        seed=_whole(data.get("seed")),
        persona=as_object(data.get("customer")),
        random_customer=data.get("customer") == RANDOM,
        random=as_object(data.get("random")),
        vary=as_object(data.get("vary")),
    )


def lines_of(entry: Any) -> list[Mapping[str, Any]]:
    """The lines of an entry that may be one line or a list of them."""
    lines = as_list(entry)
    return [as_object(line) for line in lines] if entry == [] or lines else [as_object(entry)]


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
