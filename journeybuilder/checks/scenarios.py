"""What: a scenario is about a journey, nodes, tools and models that exist.

Why: what is misspelled there is never asked for, and the rehearsal shows something else than meant.
Example: `people: {decde: {decision: approve}}` where the node is `decide`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from journeybuilder.checks import scenario_values, scenario_words
from journeybuilder.checks.context import Context, Known
from journeybuilder.checks.journeys import called_from
from journeybuilder.checks.offers import is_one
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.document.findings import Path, Problem, Rule, choices, near
from journeybuilder.document.model import Journey

UNKNOWN_JOURNEY = Rule(
    "JB911",
    "error",
    "a scenario for a journey that the workspace does not have",
    "It cannot be rehearsed.",
    "Correct the id after 'journey:'; it stands at the top of the journey's file.",
    "journey: greeet",
)
UNKNOWN_NODE = Rule(
    "JB912",
    "error",
    "a node that the journey of a scenario does not have",
    "A path over it is never gone, and a decision for it is never asked for.",
    "Correct the id. Nodes of a journey that is called are written journey/node in a path.",
    "journey: greet\nexpect: [{path: [a, zz]}]",
)
UNKNOWN_ANSWER = Rule(
    "JB913",
    "warning",
    "an answer of something that is not there",
    "Nothing ever asks for it, so the rehearsal makes its answers up.",
    "Correct the name, or take the answer out.",
    "journey: greet\ntools: {orders/get_ordr: {returns: {}}}",
)
UNKNOWN_DECISION = Rule(
    "JB919",
    "error",
    "a decision that the node of a scenario does not have",
    "Nobody decides then: the run waits until the time is up, or for ever.",
    "Correct it; the decisions stand below 'decisions:' of the node.",
    "journey: greet\npeople: {check: {decision: approv}}",
)
RULES: Sequence[Rule] = (
    UNKNOWN_JOURNEY,
    UNKNOWN_NODE,
    UNKNOWN_ANSWER,
    UNKNOWN_DECISION,
    *scenario_values.RULES,
    *scenario_words.RULES,
)

OTHERS = "*"
"""Every other tool, or every model."""


def check_scenario(data: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    """Check one scenario; paths are from the root of its file."""
    name, journeys = data.get("journey"), known.journeys
    if journeys is None or not isinstance(name, str) or not name:
        return
    if name not in journeys:
        hint = near(name, journeys) or f"Journeys: {choices(journeys) or 'none'}."
        yield Problem(UNKNOWN_JOURNEY, ("journey",), f"there is no journey '{name}'", hint)
        return
    among = called_from(journeys[name], journeys)
    yield from _nodes(data, [each.nodes for each in among], [each.id for each in among])
    contexts = [Context(each, known) for each in among]
    yield from _decisions(data, among)
    yield from _answers(data, known, _Used.by(contexts))
    yield from _events(data, among)
    yield from scenario_values.check(data, journeys[name], known)
    yield from scenario_words.check(data, contexts[0])


def _nodes(
    data: Mapping[str, Any], nodes: Sequence[Collection[str]], names: Sequence[str]
) -> Iterator[Problem]:
    inner = [
        f"{name}/{node}"
        for name, some in zip(names[1:], nodes[1:], strict=True)
        for node in some
    ]  # fmt: skip
    steps = [*nodes[0], *inner, *(f"{names[0]}/{node}" for node in nodes[0])]
    for path, step in _steps(data):
        if step not in steps:
            hint = near(step, steps[: len(nodes[0]) + len(inner)]) or f"Nodes: {choices(nodes[0])}."
            yield Problem(UNKNOWN_NODE, path, f"'{names[0]}' has no node '{step}'", hint)
    every = {node for some in nodes for node in some}
    for node in as_object(data.get("people")):
        if node not in every:
            hint = near(node, every) or f"Nodes: {choices(nodes[0])}."
            message = f"'{names[0]}' has no node '{node}'"
            yield Problem(UNKNOWN_NODE, ("people", node), message, hint, at_key=True)


def _steps(data: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Every node of every expected path, and before which something is changed."""
    for index, item in enumerate(as_list(data.get("changes"))):
        before = as_object(item).get("before")
        if isinstance(before, str):
            yield ("changes", index, "before"), before
    for index, item in enumerate(as_list(data.get("expect"))):
        wanted = as_object(item).get("path")
        if isinstance(wanted, str):
            yield ("expect", index, "path"), wanted
        for place, step in enumerate(as_list(wanted)):
            if isinstance(step, str):
                yield ("expect", index, "path", place), step


def _decisions(data: Mapping[str, Any], among: Sequence[Journey]) -> Iterator[Problem]:
    """Decisions of people that their node does not have."""
    nodes = {node: each.nodes[node] for each in reversed(among) for node in each.nodes}
    for name, entry in as_object(data.get("people")).items():
        node = nodes.get(name)
        if node is None or node.kind != "review":
            continue
        known = as_object(node.settings.get("decisions"))
        lines: list[tuple[Path, Any]] = [((), entry)]
        lines += [((index,), line) for index, line in enumerate(as_list(entry))]
        for place, line in lines:
            decision = as_object(line).get("decision")
            if known and isinstance(decision, str) and decision not in known:
                path: Path = ("people", name, *place, "decision")
                hint = near(decision, known) or f"Decisions: {choices(known)}."
                yield Problem(UNKNOWN_DECISION, path, f"'{name}' has no '{decision}'", hint)


def _events(data: Mapping[str, Any], among: Sequence[Journey]) -> Iterator[Problem]:
    awaited = {
        str(node.settings["event"])
        for each in among
        for node in each.nodes.values()
        if node.kind == "wait" and node.settings.get("event")
    }
    for name in as_object(data.get("events")):
        if name not in awaited:
            yield _unknown(("events", name), "wait for the event", name, awaited)


class _Used(dict[str, set[str]]):
    """What journeys use, by the role of the values that name it."""

    @classmethod
    def by(cls, contexts: Iterable[Context]) -> "_Used":
        """Collect it."""
        out = cls()
        for context in contexts:
            for _, use in context.uses:
                for value in as_list(use.value) if use.mark.role == "tools" else (use.value,):
                    role = "tool" if use.mark.role == "tools" else use.mark.role
                    if isinstance(value, str) and value:
                        out.setdefault(role, set()).add(value)
        return out

    def of(self, role: str) -> set[str]:
        """The names of one role."""
        return self.get(role, set())


def _answers(data: Mapping[str, Any], known: Known, used: _Used) -> Iterator[Problem]:
    tools = {*known.tools, *used.of("tool")}
    for path, name in _tools(data):
        if name not in tools:
            yield _unknown(path, "tool", name, tools)
    models = {*known.models, *used.of("model")}
    for path, name in _models(data) if "models.yaml" not in known.unread else ():
        if name not in models:
            yield _unknown(path, "model", name, models)
    prompts = {each.id for offers in known.offers.values() for each in offers.prompts}
    prompts |= used.of("prompt")
    for name in as_object(data.get("prompts")):
        if name not in prompts:
            yield _unknown(("prompts", name), "prompt", name, prompts)
    offered = {
        f"{server}/{each.uri}"
        for server, offers in known.offers.items()
        for each in (*offers.templates, *offers.resources)
    }
    addresses = offered | used.of("resource")
    for name in as_object(data.get("resources")):
        if not any(is_one(name, address) for address in addresses):
            yield _unknown(("resources", name), "resource", name, addresses)


def _tools(data: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Every tool that a scenario names."""
    for name in as_object(data.get("tools")):
        yield ("tools", name), name
    for name in as_object(as_object(data.get("sources")).get("tools")):
        if name != OTHERS:
            yield ("sources", "tools", name), name
    for index, item in enumerate(as_list(data.get("expect"))):
        for key in ("called", "never"):
            wanted = as_object(item).get(key)
            name = as_object(wanted).get("tool", wanted)
            if isinstance(name, str):
                place = ("expect", index, key)
                yield ((*place, "tool") if as_object(wanted) else place), name


def _models(data: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Every model that a scenario names."""
    for name in as_object(data.get("models")):
        if name != OTHERS:
            yield ("models", name), name
    for name in as_object(as_object(data.get("sources")).get("models")):
        if name != OTHERS:
            yield ("sources", "models", name), name
    plays = as_object(data.get("customer")).get("model")
    if isinstance(plays, str) and plays:
        yield ("customer", "model"), plays


def _unknown(path: Path, what: str, name: str, there: Collection[str]) -> Problem:
    hint = near(name, there) or f"There are {choices(there) or 'none'}."
    at_key = path[-1] == name
    return Problem(UNKNOWN_ANSWER, path, f"there is no {what} '{name}'", hint, at_key=at_key)
