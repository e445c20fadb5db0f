"""What makes a step safer though nothing is wrong with it: an approval, ways out for errors."""

from collections.abc import Iterator, Mapping

from journeybuilder.contract.tools import Risk
from journeybuilder.document.edit import fresh_id
from journeybuilder.document.model import Journey, Node
from journeybuilder.gui.fixes.fix import Fix, Placer, set_at
from journeybuilder.gui.fixes.values import LIMITS
from journeybuilder.gui.fixes.wiring import title_of
from journeybuilder.gui.journey.journal import Edit
from journeybuilder.gui.look.language import tr
from journeybuilder.kinds import ports_of

_ATTEMPTS = 3


def assists(
    journey: Journey, node: Node, risks: Mapping[str, Risk], queues: list[str], place: Placer
) -> Iterator[Fix]:
    """What can be added to a step.

    Args:
        journey: The journey.
        node: One of its nodes.
        risks: The risk of each tool, by `server/tool`.
        queues: The queues of the workspace.
        place: Gives where a node is on the canvas.
    """
    yield from _approval(journey, node, risks, queues, place)
    yield from _handlers(journey, node)
    if node.kind == "ask" and node.settings.get("attempts") is None:
        path = ("nodes", node.id, "attempts")
        ways = [] if node.settings.get("on_invalid") else _to_handler(journey, node, "on_invalid")
        if ways or node.settings.get("on_invalid"):
            yield Fix(tr("Ask three times at most"), (set_at(path, _ATTEMPTS), *ways))


def _approval(
    journey: Journey, node: Node, risks: Mapping[str, Risk], queues: list[str], place: Placer
) -> Iterator[Fix]:
    """A review before a tool that cannot be undone; those who reject it end the journey."""
    risk = risks.get(str(node.settings.get("tool"))) if node.kind == "tool" else None
    if risk is None or str(getattr(risk, "value", risk)) != "irreversible" or not queues:
        return
    arriving = [
        (one.id, port.path)
        for one in journey.nodes.values()
        for port in ports_of(one)
        if port.target == node.id
    ]
    if arriving and all(journey.nodes[source].kind == "review" for source, _ in arriving):
        return
    yield _reviewed(journey, node, arriving, queues[0], place)


def _reviewed(
    journey: Journey,
    node: Node,
    arriving: list[tuple[str, tuple[str | int, ...]]],
    queue: str,
    place: Placer,
) -> Fix:
    review = fresh_id(journey, f"approve_{node.id}")
    end = next((name for name, one in journey.nodes.items() if one.kind == "end"), "")
    x, y = place(node.id)
    edits: list[Edit] = []
    if not end:
        end = fresh_id(journey, "end")
        at = [round(x), round(y + 160)]
        edits.append(Edit("add", {"id": end, "kind": "end", "settings": {}, "at": at}))
    settings = {"to": queue, "decisions": {"approve": node.id, "reject": end}}
    at = [round(x - 140), round(y - 120)]
    edits.append(Edit("add", {"id": review, "kind": "review", "settings": settings, "at": at}))
    edits += [
        Edit("connect", {"node": source, "path": list(path), "target": review})
        for source, path in arriving
    ]
    if journey.start == node.id:
        edits.append(set_at(("start",), review))
    title = tr("Have '{node}' approved by '{queue}' first", node=title_of(node), queue=queue)
    return Fix(title, tuple(edits))


def _handlers(journey: Journey, node: Node) -> Iterator[Fix]:
    """Ways out for errors and time-outs to the journey's error handler."""
    for port in ports_of(node):
        if port.style != "normal" and not port.target and journey.on_error in journey.nodes:
            if port.name == "on_timeout" and node.settings.get("timeout") is None:
                continue
            if node.id == journey.on_error:
                continue
            title = tr(
                "Lead '{way}' to '{node}'",
                way=port.label or port.name,
                node=title_of(journey.nodes[journey.on_error]),
            )
            args = {"node": node.id, "path": list(port.path), "target": journey.on_error}
            yield Fix(title, (Edit("connect", args),))


def _to_handler(journey: Journey, node: Node, way: str) -> list[Edit]:
    target = journey.on_error if journey.on_error in journey.nodes else ""
    target = target or next((name for name, one in journey.nodes.items() if one.kind == "end"), "")
    return [Edit("connect", {"node": node.id, "path": [way], "target": target})] if target else []


def limited(journey: Journey) -> Iterator[Fix]:
    """Limits for a journey that has none."""
    if not journey.limits:
        yield Fix(tr("Limit steps, costs and duration"), (set_at(("limits",), dict(LIMITS)),))
