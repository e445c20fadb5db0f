"""What must never happen in a run, whatever the world does: the oracles of random campaigns.

A scenario asks for the same with `expect: [{sound: true}]`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from journeybuilder.contract.expressions import ExpressionError, Slot, split_template
from journeybuilder.contract.json import as_object
from journeybuilder.contract.texts import choose
from journeybuilder.kinds import KINDS
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.expect import failures
from journeybuilder.run.state import Event, RunState

CODES: Mapping[str, str] = {
    "not_caught": "an error that nothing catches",
    "unset": "an expression that has no value",
    "limit": "a limit is reached",
    "waits_forever": "a wait without an end",
    "never_meets": "lanes that never meet",
    "bad_output": "an output that is not what the journey promises",
    "hole": "words to the customer with a value missing",
    "invariant": "something that must hold does not",
}
"""What can be found, in words."""
_ERRORS = {
    "expression": "unset",
    "limit": "limit",
    "bad_output": "bad_output",
    "no_lanes": "never_meets",
}
_OFFENDING = frozenset({"expression", "no_lanes", "bug"})
"""Errors of the journey itself: telling them to a handler does not make them right."""
_OWN = frozenset({"bad_arguments", "no_way", "bug", "nobody"})
"""Errors that the journey itself has made; all others come from outside, and one way out is for them all."""
_NULL = re.compile(r"\bnull\b|\bundefined\b|\$\{")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that must not happen, and did.

    Attributes:
        code: One of `CODES`.
        node: Where, as `node` or `journey/node`.
        about: What makes it the same trouble as another one: an expression, a port, a tool.
    """

    code: str
    node: str
    about: str
    words: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Troubles with the same key are one bug."""
        return (self.code, self.node, self.about)


def troubles(
    plan: Plan,
    state: RunState,
    events: Sequence[Event],
    invariants: Sequence[Mapping[str, Any]] = (),
) -> list[Trouble]:
    """Everything that went wrong in a run; empty for a sound one.

    Args:
        plan: What was run.
        state: How the run stands.
        events: All of its events.
        invariants: Expectations, as a scenario's `expect`, that must hold too.
    """
    out = [*_failed(plan, state, events), *_waiting(state), *_said(plan, state, events)]
    for number, one in enumerate(invariants if state.status != "parked" else ()):
        broken = failures([one], state, events)
        out += [Trouble("invariant", "", str(number), words) for words in broken]
    return list({each.key: each for each in reversed(out)}.values())[::-1]


def unsound(
    plan: Plan, expect: Sequence[Mapping[str, Any]], state: RunState, events: Sequence[Event]
) -> list[str]:
    """What an expectation `sound: true` has against a run, in words; nothing where none is written."""
    if not any(item.get("sound") is True for item in expect):
        return []
    return [f"sound: {trouble.words}" for trouble in troubles(plan, state, events)]


# -- errors ----------------------------------------------------------------------------------


def _failed(plan: Plan, state: RunState, events: Sequence[Event]) -> Iterator[Trouble]:
    for event in events:
        name = event["event"]
        if name == "caught" and event["error"]["code"] in _OFFENDING:
            yield _error(event["error"], _place(plan, events, event), caught=True)
        elif name == "returned" and event.get("error") and event["error"]["code"] in _OFFENDING:
            detail = as_object(event["error"].get("detail"))
            place = f"{detail.get('journey', '')}/{detail.get('node', '')}"
            yield _error(event["error"], place, caught=True)
    if state.status == "failed" and state.error is not None:
        detail = as_object(state.error.get("detail"))
        place = str(state.error.get("node", ""))
        if detail.get("journey") and detail.get("node"):  # it comes from a journey that was called
            place = f"{detail['journey']}/{detail['node']}"
        if state.steps >= plan.limits.steps and state.error["code"] == "limit":
            yield _cycle(plan, state)
        else:
            yield _error(state.error, place, caught=False)


_ROUND = 30


def _cycle(plan: Plan, state: RunState) -> Trouble:
    """A run that has gone round and round; it is told of the node that stands first in the file."""
    nodes = set(state.path[-_ROUND:])
    first = next((node for node in plan.nodes if node in nodes), state.path[-1])
    way = " → ".join(dict.fromkeys(state.path[-_ROUND:]))
    words = f"the run goes round and round until its limit of {plan.limits.steps} steps: {way}"
    return Trouble("limit", first, "steps", words)


def _place(plan: Plan, events: Sequence[Event], event: Event) -> str:
    """The node of an event, as `journey/node` in a called journey."""
    for other in events:
        if other["event"] == "entered" and other["visit"] == event.get("visit"):
            journey = other.get("journey", plan.journey.id)
            return event["node"] if journey == plan.journey.id else f"{journey}/{event['node']}"
    return str(event["node"])


def _error(error: Mapping[str, Any], place: str, *, caught: bool) -> Trouble:
    code, message = str(error["code"]), str(error["message"])
    kind = _ERRORS.get(code, "not_caught")
    if kind == "not_caught":
        words = f"'{place}' fails and nothing catches the error: {message}"
        return Trouble(kind, place, code if code in _OWN else "outside", words)
    words = f"'{place}': {message}" + (" (its error way is taken)" if caught else "")
    return Trouble(kind, place, _about(message) if kind == "unset" else kind, words)


_QUOTED = re.compile(r"'[^']*'")


def _about(message: str) -> str:
    """What of an expression's error stays the same from run to run: the names in it."""
    return " ".join(_QUOTED.findall(message)) or message


# -- waits -----------------------------------------------------------------------------------


def _waiting(state: RunState) -> Iterator[Trouble]:
    if state.status != "parked":
        return
    kinds = {"customer": "the customer does not answer", "event": "the event does not come",
             "review": "nobody decides"}  # fmt: skip
    for wait in state.waits:
        said = kinds.get(str(wait["kind"]))
        if wait.get("until") is not None or said is None:
            continue
        place = f"{wait['journey']}/{wait['node']}" if wait.get("journey") else str(wait["node"])
        beside = [fork for fork in state.forks.values() if fork.arrived]
        if beside:
            words = f"'{beside[0].join}' waits for lanes for ever: {said} at '{place}', and the wait has no end"
            yield Trouble("never_meets", place, beside[0].join, words)
        else:
            words = f"the run waits for ever at '{place}': {said}, and the wait has no end"
            yield Trouble("waits_forever", place, str(wait["kind"]), words)


# -- words -----------------------------------------------------------------------------------


def _said(plan: Plan, state: RunState, events: Sequence[Event]) -> Iterator[Trouble]:
    """Words to the customer in which a value is missing."""
    language = str(state.session.get("language", ""))
    channel = str(state.session.get("channel", ""))
    journeys: dict[int, str] = {}
    for event in events:
        if event["event"] == "entered" and "journey" in event:
            journeys[event["visit"]] = event["journey"]
        if event["event"] != "asked" or event["effect"] != "say":
            continue
        journey = journeys.get(event["visit"], plan.journey.id)
        text = str(event["request"]["text"])
        for template in _templates(plan, journey, event["node"], language, channel):
            missing = hole(template, text)
            if missing is not None:
                place = (
                    event["node"] if journey == plan.journey.id else f"{journey}/{event['node']}"
                )
                words = f"'{place}' says '{text}', with nothing for ${{{missing}}}"
                yield Trouble("hole", place, missing, words)
                break


_known_templates: dict[tuple[str, str, str, str, str], tuple[str, ...]] = {}
_MOST = 10_000


def _templates(plan: Plan, journey: str, node: str, language: str, channel: str) -> tuple[str, ...]:
    """The texts with slots that a node may say to this customer."""
    key = (plan.digest, journey, node, language, channel)
    found = _known_templates.get(key)
    if found is None:
        if len(_known_templates) >= _MOST:
            _known_templates.clear()
        found = _known_templates[key] = tuple(_texts(plan, journey, node, language, channel))
    return found


def _texts(plan: Plan, journey: str, node: str, language: str, channel: str) -> Iterator[str]:
    planned = plan.journeys[journey].journey
    raw = planned.nodes[node]
    kind = KINDS.get(raw.kind)
    for use in kind.uses(raw.settings) if kind else ():
        if use.mark.role == "text" and use.path[0] in {"text", "again"}:
            text = choose(use.value, language, channel, planned.languages)
            if "${" in text:
                yield text


@lru_cache(maxsize=1024)
def _form(template: str) -> tuple[re.Pattern[str], tuple[str, ...]] | None:
    """What a text made of a template looks like, and the expressions in its blanks."""
    try:
        parts = split_template(template)
    except ExpressionError:
        return None
    blanks = tuple(part.expression for part in parts if isinstance(part, Slot))
    source = "".join("(.*?)" if isinstance(part, Slot) else re.escape(part) for part in parts)
    return re.compile(source, re.DOTALL), blanks


@lru_cache(maxsize=4096)
def hole(template: str, text: str) -> str | None:
    """The first expression of a template that put nothing into a text; None where all put something."""
    form = _form(template)
    if form is None or not form[1]:
        return None
    match = form[0].fullmatch(text)
    if match is None:  # another text of the node
        return None
    for expression, filled in zip(form[1], match.groups(), strict=True):
        if not filled.strip() or _NULL.search(filled):
            return expression
    return None
