"""What the scenarios of a workspace tell about the values of a journey's variables."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.texts import variants
from journeybuilder.document.model import Node
from journeybuilder.gui.expressions.samples import MISSING
from journeybuilder.rehearse.scenario import Scenario, lines_of

_CONSENT = "consent."


@dataclass(frozen=True)
class Told:
    """One scenario, asked for values."""

    scenario: Scenario

    def given(self, name: str) -> Any:
        """The value of `input`, `session` or `customer`, MISSING where it tells none."""
        if name == "input":
            return dict(self.scenario.input) if self.scenario.input else MISSING
        if name == "session":
            return {"channel": self.scenario.channel, "language": self.scenario.language or "en"}
        return self._customer() if self.scenario.remembered else MISSING

    def _customer(self) -> dict[str, Any]:
        known: dict[str, Any] = {"consent": {}}
        for name, value in self.scenario.remembered.items():
            if name.startswith(_CONSENT):
                known["consent"][name.removeprefix(_CONSENT)] = value
            else:
                known[name] = value
        return known

    def saved(self, node: Node) -> Any:
        """What a node saves in this scenario, MISSING where it does not tell."""
        how = _BY_KIND.get(node.kind)
        return MISSING if how is None else how(self, node)

    def tool(self, node: Node) -> Any:
        """What a tool or resource returns."""
        kind = "tool" if node.kind == "tool" else "resource"
        given = self.scenario.tools if kind == "tool" else self.scenario.resources
        return _returned(given.get(str(node.settings.get(kind))))

    def heard(self, node: Node) -> Any:
        """What the customer answers to a question."""
        texts = [words.casefold() for _, words in variants(node.settings.get("text"))]
        for line in self.scenario.customer:
            hears, says = str(line.get("hears") or "").casefold(), line.get("says")
            if says is not None and hears and any(hears in text for text in texts):
                return _fitting(str(says), as_object(node.settings.get("expect")))
        return MISSING

    def said(self, node: Node) -> Any:
        """What the stand-in of a model says."""
        answers = as_list(self.scenario.models.get(str(node.settings.get("model"))))
        routes = as_object(node.settings.get("routes"))
        for answer in answers:
            says = as_object(answer).get("says", MISSING)
            label = as_object(says).get("label")
            if node.kind == "classify":
                if label in routes:
                    return label
            elif says is not MISSING and "label" not in as_object(says):
                return says
        return MISSING

    def event(self, node: Node) -> Any:
        """The data of the event that is waited for."""
        lines = lines_of(self.scenario.events.get(str(node.settings.get("event"))))
        return lines[0].get("data", MISSING) if lines else MISSING

    def decided(self, node: Node) -> Any:
        """What a person decides."""
        found = as_object(self.scenario.people.get(node.id))
        if "decision" not in found:
            return MISSING
        return {
            "decision": found["decision"], "by": "rehearsal", "value": found.get("value"),
            "note": str(found.get("note") or ""),
        }  # fmt: skip


_BY_KIND = {
    "tool": Told.tool,
    "resource": Told.tool,
    "ask": Told.heard,
    "classify": Told.said,
    "generate": Told.said,
    "agent": Told.said,
    "wait": Told.event,
    "review": Told.decided,
}


def told_by(scenarios: Iterable[Scenario], journey: str) -> Sequence[Told]:
    """The scenarios of a journey, that which tells most about tools first."""
    own = [one for one in scenarios if one.journey == journey]
    own.sort(key=lambda one: -sum(_returned(tool) is not MISSING for tool in one.tools.values()))
    return [Told(one) for one in own]


def _returned(raw: Any) -> Any:
    for one in as_list(raw) or [raw]:
        if isinstance(one, Mapping) and "returns" in one:
            found: Any = one["returns"]  # pyright: ignore[reportUnknownVariableType]
            return found  # pyright: ignore[reportUnknownVariableType]
    return MISSING


def _fitting(text: str, schema: Mapping[str, Any]) -> Any:
    """What a customer says, as a question that expects a number or a choice saves it."""
    if schema.get("type") in {"integer", "number", "boolean"}:
        try:
            return json.loads(text)
        except ValueError:
            return MISSING
    return text
