"""How nodes of a journey look on the canvas: from the kind's declaration, findings and tool facts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from journeybuilder.contract.fields import Port
from journeybuilder.contract.tools import Risk
from journeybuilder.document.model import Journey, Node, mapping, strings
from journeybuilder.gui.canvas.model import NodeView, PortView
from journeybuilder.gui.forms.condition_reading import in_words
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.node_lines import line_of
from journeybuilder.kinds import KINDS, ports_of


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known around a node.

    Attributes:
        severities: Worst finding by node.
        risks: Risk by `server/tool`.
        data: Data classes of a tool's fields, by `server/tool` and field.
    """

    severities: Mapping[str, str] = field(default_factory=dict[str, str])
    risks: Mapping[str, Risk] = field(default_factory=dict[str, Risk])
    data: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])


def title_of(node: Node) -> str:
    """A node's name for people: its title, else its id in words."""
    title = node.settings.get("title")
    return title if isinstance(title, str) and title else node.id.replace("_", " ").capitalize()


def port_label(node: Node, port: Port) -> str:
    """What stands beside a port: the condition of a case, the word of a route, else its label."""
    if port.path[0] == "cases" and len(port.path) > 1 and isinstance(port.path[1], int):
        cases = node.settings.get("cases")
        case = cast("list[Any]", cases)[port.path[1]] if isinstance(cases, list) else None
        when = cast("Mapping[str, Any]", case).get("when") if isinstance(case, Mapping) else ""
        return in_words(str(when)) if when else tr("case {n}", n=port.path[1] + 1)
    parts = list(port.path)
    if len(parts) > 1 and parts[-1] == "next":
        share = _share(node, str(parts[-2])) if parts[0] == "ways" else ""
        return f"{parts[-2]}{share}"
    label = tr(port.label)
    return label.removeprefix("on ") if port.style != "normal" else label


def _share(node: Node, way: str) -> str:
    percent = mapping(mapping(node.settings.get("ways")).get(way)).get("percent")
    return f" {percent:g} %" if isinstance(percent, int | float) else ""


def view_of(node: Node, start: str, facts: Facts) -> NodeView:
    """A node as the canvas draws it; an unknown kind is shown as such."""
    kind = KINDS.get(node.kind)
    ports = tuple(
        PortView(port.name, port_label(node, port), port.style, port.target, port.required)
        for port in ports_of(node)
    )
    badges = tuple(_badges(node, start, facts))
    if kind is None:
        words = tr("unknown kind '{kind}'", kind=node.kind) if node.kind else tr("no kind")
        return NodeView(
            node.id, node.kind, "unknown", "other", title_of(node), words, ports, badges
        )
    line = _counted(node) or line_of(node)
    return NodeView(node.id, node.kind, kind.icon, kind.group, title_of(node), line, ports, badges)


def _counted(node: Node) -> str:
    """Of conditions, lanes and shares only how many there are: each one stands beside its port."""
    key = _COUNTED.get(node.kind, "")
    value = node.settings.get(key)
    count = len(cast("Sequence[Any]", value)) if isinstance(value, list | Mapping) else 0
    words = {
        "cases": trn("{n} condition", "{n} conditions", count),
        "lanes": trn("{n} lane", "{n} lanes", count),
        "ways": trn("{n} way", "{n} ways", count),
    }
    return words[key] if count else ""


_COUNTED = {"branch": "cases", "parallel": "lanes", "split": "ways"}


def _badges(node: Node, start: str, facts: Facts) -> Iterable[str]:
    """Words of badges, see `canvas.badges`: what it is, after a colon what in particular."""
    severity = facts.severities.get(node.id)
    if severity:
        yield severity
    tools = _tools(node)
    risky = [tool for tool in tools if facts.risks.get(tool) == "irreversible"]
    if risky:
        yield f"risk:{', '.join(risky)}"
    approved = strings(node.settings.get("approve"))
    if approved:
        yield f"approval:{', '.join(approved)}"
    private = sorted(set(_private(node, tools, facts)))
    if private:
        yield f"personal:{', '.join(private)}"
    models = [str(node.settings[key]) for key in _MODEL_KEYS if node.settings.get(key)]
    if models:
        yield f"model:{', '.join(models)}"
    if node.id == start:
        yield "start"


_MODEL_KEYS = ("model", "read_with", "summary_with")
_HARMLESS = ("public", "internal")


def _private(node: Node, tools: Sequence[str], facts: Facts) -> Iterator[str]:
    """Fields with personal, payment or health data that the node asks for or gives to a tool."""
    for tool in tools:
        for name, kind in facts.data.get(tool, {}).items():
            if kind not in _HARMLESS:
                yield f"{name} ({kind})"
    expected = mapping(node.settings.get("expect"))
    fields = {"": expected, **mapping(expected.get("properties"))}
    for name, schema in fields.items():
        kind = mapping(schema).get("data")
        if isinstance(kind, str) and kind not in _HARMLESS:
            said = str(node.settings.get("save") or tr("answer"))
            yield f"{name or said} ({kind})"


def _tools(node: Node) -> Sequence[str]:
    """Every tool that the node may call, wherever in its settings it is named."""
    kind = KINDS.get(node.kind)
    found: list[str] = []
    for use in kind.uses(node.settings) if kind is not None else ():
        if use.path[:1] == ("undo",):
            continue  # what takes something back is no reason to be careful
        if use.mark.role == "tool" and isinstance(use.value, str):
            found.append(use.value)
        elif use.mark.role == "tools":
            found += strings(use.value)
    return found


def placed(
    journey: Journey, known: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """A place for every node: the known one, else by its distance from the start, left to right."""
    places = {name: at for name, at in known.items() if name in journey.nodes}
    if len(places) == len(journey.nodes):
        return places
    depth = _depths(journey)
    used: dict[int, float] = {}
    left = min((at[0] for at in places.values()), default=0.0)
    below = max((at[1] for at in places.values()), default=-160.0) + 160 if places else 0.0
    for name in journey.nodes:
        if name in places:
            continue
        step = depth.get(name, 0)
        y = used.get(step, below)
        used[step] = y + 88 + 24 * max(1, len(ports_of(journey.nodes[name])))
        places[name] = (left + 280.0 * step, y)
    return places


def _depths(journey: Journey) -> dict[str, int]:
    first = journey.start if journey.start in journey.nodes else next(iter(journey.nodes), "")
    depth = {first: 0} if first else {}
    waiting = [first] if first else []
    while waiting:
        name = waiting.pop(0)
        for port in ports_of(journey.nodes[name]):
            if port.target in journey.nodes and port.target not in depth:
                depth[port.target] = depth[name] + 1
                waiting.append(port.target)
    last = max(depth.values(), default=0) + 1
    return {name: depth.get(name, last) for name in journey.nodes}
