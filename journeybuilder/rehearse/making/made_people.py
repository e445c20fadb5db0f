"""What customer and people did in a run, as a scenario writes it."""

from collections.abc import Mapping, Sequence
from typing import Any

from journeybuilder.rehearse.making.made_calls import in_turn, span
from journeybuilder.rehearse.making.made_of import Effected, Story
from journeybuilder.run.tokens import within
from journeybuilder.run.values import CONSENT

_ENOUGH = 40
"""Characters of a question that are enough to know it by."""


def customer_of(story: Story) -> list[dict[str, Any]]:
    """The customer's lines in turn, each behind the beginning of the words that it answers."""
    lines: list[dict[str, Any]] = []
    said: list[Effected] = []
    for effect in story.of("say", "listen"):
        if effect.kind == "say":
            said.append(effect)
            continue
        words = (effect.answer or {}).get("text")
        heard = [one for one in said if _hears(one.lane, effect.lane)]
        line: dict[str, Any] = {"hears": _beginning(heard)} if heard else {}
        if words is None:
            lines.append({**line, "silent": True})
            continue
        said = [one for one in said if not within(one.lane, effect.lane)]
        after = {"after": span(effect.took)} if effect.took else {}
        lines.append({**line, "says": words, **after})
    while lines and "silent" in lines[-1]:  # whoever has no line says nothing
        lines.pop()
    return [{key: line[key] for key in ("hears", "says", "silent", "after") if key in line}
            for line in lines]  # fmt: skip


def _hears(said_in: str, lane: str) -> bool:
    return within(said_in, lane) or within(lane, said_in)


def _beginning(heard: Sequence[Effected]) -> str:
    """The beginning of the last words that were said, up to where a sentence or a line ends."""
    text = str(heard[-1].request["text"]).strip()
    first = text.splitlines()[0] if text else ""
    for mark in (". ", "? ", "! "):
        first = first.partition(mark)[0]
    if len(first) > _ENOUGH:
        first = first[:_ENOUGH].rpartition(" ")[0] or first[:_ENOUGH]
    return first.rstrip(".?!: ")


def people_of(story: Story) -> dict[str, Any]:
    """By node: the decisions in turn."""
    turns: dict[str, list[dict[str, Any]]] = {}
    takes_over: set[str] = set()
    for effect in story.of("person"):
        turns.setdefault(effect.node, []).append(_decision(effect))
        if effect.request["kind"] == "handoff":
            takes_over.add(effect.node)
    written = {node: in_turn(each) for node, each in turns.items()}
    return {
        node: line
        for node, line in written.items()
        if not _is_usual(line, handoff=node in takes_over)
    }


def _is_usual(line: Any, *, handoff: bool) -> bool:
    """Whether it is what people do without a line: a colleague takes over, nobody decides."""
    if handoff:
        return line == {"decision": "done"}
    return isinstance(line, dict) and "decision" not in line


def _decision(effect: Effected) -> dict[str, Any]:
    answer: Mapping[str, Any] = effect.answer or {}
    if answer.get("decision") is None:
        nobody = {"decision": "nobody"} if effect.request["kind"] == "handoff" else {}
        return {**nobody, "after": span(effect.took)}
    out: dict[str, Any] = {"decision": answer["decision"]}
    if effect.took:
        out["after"] = span(effect.took)
    out |= {key: answer[key] for key in ("value", "note") if answer.get(key)}
    if answer.get("by") not in {None, "", "rehearsal"}:
        out["by"] = answer["by"]
    return out


def events_of(story: Story) -> dict[str, Any]:
    """By name: the event that came, and how long after the run began to wait for it."""
    lines: dict[str, list[dict[str, Any]]] = {}
    for name, data, waited in story.signals:
        after = {"after": span(waited)} if waited else {}
        line = {**after, **({"data": data} if data is not None else {})}
        lines.setdefault(name, []).append(line)
    return {name: each[0] if len(each) == 1 else each for name, each in lines.items()}


def remembered_of(story: Story) -> dict[str, Any]:
    """What was known of the customer: consents as true or false."""
    out: dict[str, Any] = {}
    for name, fact in story.known.items():
        value = fact["value"]
        out[name] = value["given"] if name.startswith(CONSENT) else value
    return out
