"""What is the same for all generated runs of a journey, and the scenario that one of them becomes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from journeybuilder.contract.json import as_list, canonical
from journeybuilder.contract.schemas import BadSchema, Checker
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.rehearse.world.constants import Hints, hints_of
from journeybuilder.rehearse.world.customers import Answers
from journeybuilder.rehearse.world.generate import Maker, maker
from journeybuilder.rehearse.world.origins import Origin

Site: TypeAlias = tuple[Any, ...]
"""Where the world is asked something: `("tool", name, number of the call)` and the like."""
Genes: TypeAlias = dict[Site, Any]
"""What the world answers, by site; what is not in it is left to chance."""


MOST_STEPS = 5_000
"""A generated run that has made so many steps goes round and round, whatever the journey allows."""


def _bounded(plan: Plan) -> Plan:
    limits = plan.limits
    if limits.steps <= MOST_STEPS:
        return plan
    return replace(plan, limits=replace(limits, steps=MOST_STEPS))


class Seeds:
    """What is the same for all generated runs of a plan: what to try, and how values are made.

    Args:
        base: What is not left to chance: input, tools, models, people and the like that it gives.
    """

    def __init__(self, plan: Plan, base: Scenario | None = None) -> None:
        self.plan = _bounded(plan)
        self.base = base or Scenario("", plan.journey.id)
        self.hints: Hints = hints_of(plan)
        self.answers = Answers(plan, self.hints)
        self._makers: dict[Origin, Maker] = {}
        self.events = sorted(
            {
                str(node.settings["event"])
                for journey in plan.bundle.journeys.values()
                for node in journey.nodes.values()
                if node.kind == "wait" and node.settings.get("event")
            }
        )
        self.facts = self._facts()
        self._input = Checker({"type": "object", **plan.journey.input})

    def _facts(self) -> list[str]:
        found = {origin.key for origin in self.hints.seen if origin.kind == "memory"}
        return sorted(found - {"consent"})

    def takes(self, given: Mapping[str, Any]) -> bool:
        """Whether the journey can begin with an input."""
        try:
            return not self._input.violations(given)
        except BadSchema:
            return False

    def maker(self, origin: Origin, schema: Mapping[str, Any] | None) -> Maker:
        """What makes the values of one origin; built once."""
        made = self._makers.get(origin)
        if made is None:
            made = self._makers[origin] = maker(schema, self.hints, origin)
        return made

    def tool_named(self, offered: str) -> str:
        """The `server/tool` behind the name by which a model is offered a tool."""
        return next((name for name in self.plan.tools if _plain(name) == offered), offered)

    @property
    def remembers(self) -> bool:
        """Whether a run could leave something behind that the next one would find."""
        nodes = [
            node for each in self.plan.bundle.journeys.values() for node in each.nodes.values()
        ]
        lasting = any(
            node.kind in {"memory", "consent"} or node.settings.get("cache") for node in nodes
        )
        return lasting or bool(self.facts or self.base.remembered)


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)[:64]


def maker_for(seeds: Seeds, origin: Origin, schema: Mapping[str, Any]) -> Maker:
    """What makes a model's values: a node may ask for several schemas, each with the same hints."""
    key = Origin("model", f"{origin.key} {canonical(schema)}")
    known = seeds.hints.wished.get(origin)
    if known is not None and key not in seeds.hints.wished:
        seeds.hints.wished[key] = known
        seeds.hints.seen[key] = seeds.hints.seen[origin]
    return seeds.maker(key, schema)


def scenario_data(seeds: Seeds, genes: Mapping[Site, Any], name: str) -> dict[str, Any]:
    """The values of a scenario's file in which the world answers like this."""
    base = seeds.base
    out: dict[str, Any] = {"journeybuilder": 1, "scenario": name, "journey": seeds.plan.journey.id}
    channel, language = genes.get(("session",), (base.channel, base.language))
    given = genes.get(("input",), base.input)
    parts: Iterable[tuple[str, Any]] = (
        ("input", dict(given)),
        ("channel", channel),
        ("language", language),
        (
            "customer",
            list(base.customer) or [one for site, one in genes.items() if site[0] == "customer"],
        ),
        ("tools", {**_in_turn(genes, "tool"), **base.tools}),
        ("models", _models_of(genes, base)),
        ("people", {**_people_of(genes), **base.people}),
        ("resources", {**_named(genes, "resource"), **base.resources}),
        ("prompts", dict(base.prompts)),
        ("events", {**_named(genes, "event"), **base.events}),
        ("remembered", {**genes.get(("memory",), {}), **base.remembered}),
    )
    out.update((key, value) for key, value in parts if value)
    return out


def _named(genes: Mapping[Site, Any], kind: str) -> dict[str, Any]:
    return {site[1]: one for site, one in genes.items() if site[0] == kind and one is not None}


def _in_turn(genes: Mapping[Site, Any], kind: str) -> dict[str, Any]:
    """What tools or people do, each call after the other; one alone is no list."""
    calls: dict[str, list[Any]] = {}
    for site, entry in genes.items():
        if site[0] == kind:
            calls.setdefault(site[1], []).append(entry)
    return {name: one[0] if len(one) == 1 else one for name, one in calls.items()}


def _people_of(genes: Mapping[Site, Any]) -> dict[str, Any]:
    """What people decide; who never decides anything needs no line."""
    turns = _in_turn(genes, "person")
    return {node: entry for node, entry in turns.items() if any(as_list(entry) or [entry])}


def _models_of(genes: Mapping[Site, Any], base: Scenario) -> dict[str, Any]:
    out: dict[str, list[Any]] = {name: list(as_list(one)) for name, one in base.models.items()}
    for site, lines in genes.items():
        if site[0] == "model":
            out.setdefault(site[1], []).extend(lines)
    return dict(out)
