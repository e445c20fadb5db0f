"""What a new scenario begins with: an example of the input, and answers to the journey's questions.

Knows no Qt.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.schemas import BadSchema, violations
from journeybuilder.document.model import Journey, Node
from journeybuilder.gui.expressions.made import of_schema
from journeybuilder.kinds import ports_of

_HEARD = 4  # words of a question that tell it from others


def template(
    journey: Journey, name: str, others: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """The data of a new scenario.

    Args:
        journey: What it is for.
        name: What it is called.
        others: What the other scenarios of the journey say: one of them knows a good input.
    """
    given = example_input(journey, others)
    lines = [line for node in _on_the_way(journey) for line in _answer(node)]
    data: dict[str, Any] = {"journeybuilder": 1, "scenario": name, "journey": journey.id}
    if given:
        data["input"] = given
    data["channel"] = journey.channels[0] if journey.channels else "chat"
    if len(journey.languages) > 1:
        data["language"] = journey.languages[0]
    if lines:
        data["customer"] = lines
    return data


def example_input(journey: Journey, others: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """What the journey can be started with; empty where nothing is needed or nothing fits."""
    schema = journey.input
    if not as_object(schema.get("properties")):
        return {}
    told = [dict(as_object(one.get("input"))) for one in others if one.get("journey") == journey.id]
    made = dict(as_object(of_schema({"type": "object", **schema}).value))
    for one in (*told, made):
        if one and _fits(schema, one):
            return one
    return made


def _fits(schema: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    try:
        return not violations({"type": "object", **schema}, given)
    except BadSchema:
        return True


def _on_the_way(journey: Journey) -> list[Node]:
    """The nodes on the usual way from the start: at each node the first way out."""
    out: list[Node] = []
    seen: set[str] = set()
    at = journey.start
    while at in journey.nodes and at not in seen:
        seen.add(at)
        node = journey.nodes[at]
        out.append(node)
        at = next(
            (one.target for one in ports_of(node) if one.style == "normal" and one.target), ""
        )
    return out


def _answer(node: Node) -> list[dict[str, Any]]:
    """What a customer says to a question."""
    if node.kind != "ask":
        return []
    says: Any = next((str(one) for one in as_list(node.settings.get("choices"))), "")
    schema = as_object(node.settings.get("expect"))
    if not says and schema:
        value = of_schema(schema).value
        says = value if isinstance(value, str | int | float) else ""
    return [{"hears": heard(node.settings.get("text")), "says": str(says) or "…"}]


def heard(text: Any) -> str:
    """The first words of a question, which tell it from others."""
    several = as_object(text)
    if several:
        return heard(next(iter(several.values())))
    before = str(text or "").partition("${")[0]
    return " ".join(before.split()[:_HEARD]).strip(" ?.,:;!¿")
