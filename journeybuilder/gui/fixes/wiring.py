"""Fixes of what leads where: a target for a way out, an end, a join, a way back."""

from collections.abc import Iterator, Sequence
from typing import Any

from journeybuilder.checks.reach import reached_from
from journeybuilder.contract.fields import Path, Port
from journeybuilder.document.forms import NODE_ID
from journeybuilder.document.model import Node
from journeybuilder.gui.fixes.fix import Case, Fix, found_node, set_at, unset_at
from journeybuilder.gui.journey.journal import Edit
from journeybuilder.gui.look.language import tr
from journeybuilder.kinds import KINDS, ports_of

_MOST = 4


def title_of(node: Node) -> str:
    """What a node is called in the title of a fix."""
    return str(node.settings.get("title") or node.id)


def led(case: Case, node: str, path: Path, target: str, *, best: bool = False) -> Fix:
    """Lead a way out to a node."""
    title = tr("Lead it to '{node}'", node=title_of(case.journey.nodes[target]))
    return Fix(title, (_connect(node, path, target),), best=best)


def _connect(node: str, path: Path, target: str) -> Edit:
    return Edit("connect", {"node": node, "path": list(path), "target": target})


def ended(case: Case, node: str, path: Path, name: str = "") -> Fix:
    """Lead a way out to a new end."""
    new = name or case.fresh("end")
    add = Edit(
        "add",
        {"id": new, "kind": "end", "settings": {}, "at": case.beside(node), "after": node},
    )
    words = tr("Add an end '{node}' there", node=new) if name else tr("End the journey there")
    return Fix(words, (add, _connect(node, path, new)))


def candidates(case: Case, node: str) -> Sequence[str]:
    """Where a way out of a node may well lead: what nothing leads to, what follows it, the ends."""
    nodes = case.journey.nodes
    all_led = {port.target for one in nodes.values() for port in ports_of(one)}
    free = [name for name in nodes if name not in {*all_led, case.journey.start, node}]
    order = list(nodes)
    after = order[order.index(node) + 1 :][:1] if node in nodes else []
    ends = [name for name, one in nodes.items() if one.kind == "end"]
    return list(dict.fromkeys([*free, *after, *ends]))[:_MOST]


def missing_way(case: Case) -> Iterator[Fix]:
    """A way out that leads nowhere: pick where it is to lead."""
    port, node = case.port, case.node
    if port is None or node is None:
        return
    handler = case.journey.on_error
    if port.style != "normal" and handler in case.journey.nodes:
        yield led(case, node.id, port.path, handler, best=True)
    found = [name for name in candidates(case, node.id) if name != handler]
    if node.kind not in {"parallel", "loop"}:  # what they need leads back or meets
        for index, name in enumerate(found):
            yield led(case, node.id, port.path, name, best=not index and port.style == "normal")
    yield ended(case, node.id, port.path)


def no_target(case: Case) -> Iterator[Fix]:
    """A way out to a node that does not exist: add it, or part the wire."""
    node = case.node
    if node is None or case.port is None:
        return
    name = str(case.value)
    if NODE_ID.fullmatch(name):
        yield ended(case, node.id, case.port.path, name)
    if not case.meant:
        for other in candidates(case, node.id)[:2]:
            yield led(case, node.id, case.port.path, other)
    if not case.port.required:
        parted = Edit("disconnect", {"node": node.id, "path": list(case.port.path)})
        yield Fix(tr("Leave this way out unwired"), (parted,))


def handler(case: Case) -> Iterator[Fix]:
    """The journey's `on_error` leads nowhere."""
    if case.journey.on_error:
        yield Fix(tr("Let the journey have no error handler"), (unset_at(("on_error",)),))


def first_node(case: Case) -> Iterator[Fix]:
    """A journey without nodes."""
    if not case.journey.nodes:
        args: dict[str, Any] = {"id": "done", "kind": "end", "settings": {}, "at": [0, 0]}
        yield Fix(tr("Add an end to begin with"), (Edit("add", args),))


def unreached(case: Case) -> Iterator[Fix]:
    """A node that no run reaches goes, or gets a way to it."""
    if case.node is None:
        return
    name = case.node.id
    yield Fix(
        tr("Remove '{node}'", node=title_of(case.node)), (Edit("remove", {"ids": [name]}),),
        best=True,
    )  # fmt: skip
    if not case.journey.on_error and case.node.kind != "start":
        yield Fix(tr("Make it the journey's error handler"), (set_at(("on_error",), name),))


def no_end(case: Case) -> Iterator[Fix]:
    """Nodes that go round for ever: one way out of them leads to an end."""
    members = [name for name in case.quoted if name in case.journey.nodes]
    end = found_node(case.journey.nodes, "end")
    for name in reversed(members):
        port = _inner(case, name, members)
        if port is None:
            continue
        if end:
            words = tr(
                "Lead '{way}' of '{node}' to '{end}'",
                way=port.label or port.name,
                node=title_of(case.journey.nodes[name]),
                end=title_of(case.journey.nodes[end]),
            )
            yield Fix(words, (_connect(name, port.path, end),))
        else:
            yield ended(case, name, port.path)


def _inner(case: Case, name: str, members: Sequence[str]) -> Port | None:
    ports = ports_of(case.journey.nodes[name])
    return next((one for one in ports if one.target in members and one.style == "normal"), None)


def spin(case: Case) -> Iterator[Fix]:
    """A cycle in which nobody is waited for: something waits in it."""
    members = [name for name in case.quoted if name in case.journey.nodes]
    for name in reversed(members):
        port = _inner(case, name, members)
        if port is not None:
            args = {
                "source": name, "path": list(port.path), "id": case.fresh("wait"), "kind": "wait",
                "settings": {"for": "1m"}, "out": ["next"], "at": case.beside(name, down=1),
            }  # fmt: skip
            title = tr("Wait a minute behind '{node}'", node=title_of(case.journey.nodes[name]))
            yield Fix(title, (Edit("insert", args),), best=name == members[-1])


def needed_way(case: Case) -> Iterator[Fix]:
    """A way out that will be needed: to the error handler, an end, or the setting goes."""
    if case.node is None or len(case.quoted) <= 1:
        return
    node, way = case.node, case.quoted[1]
    handler = case.journey.on_error
    targets = [handler] if handler in case.journey.nodes else []
    ends = [name for name, one in case.journey.nodes.items() if one.kind == "end"]
    for index, name in enumerate(dict.fromkeys([*targets, *ends[:2]])):
        words = tr("Lead '{way}' to '{node}'", way=way, node=title_of(case.journey.nodes[name]))
        yield Fix(words, (_connect(node.id, (way,), name),), best=not index)
    yield _sorry(case, node, way)
    if case.inside and case.inside[-1] in node.settings and not handler:
        yield Fix(tr("Take '{name}' out", name=case.inside[-1]), (unset_at(case.path),))


def _sorry(case: Case, node: Node, way: str) -> Fix:
    """Words to the customer, and then the end."""
    says, end = case.fresh("sorry"), found_node(case.journey.nodes, "end")
    edits: list[Edit] = []
    if not end:
        end = case.fresh("end")
        at = case.beside(node.id, down=2)
        edits.append(Edit("add", {"id": end, "kind": "end", "settings": {}, "at": at}))
    settings = {"text": tr("Sorry, that did not work."), "next": end}
    at = case.beside(node.id, down=1)
    add = {"id": says, "kind": "say", "settings": settings, "at": at, "after": node.id}
    edits += [Edit("add", add), _connect(node.id, (way,), says)]
    return Fix(tr("Add words to the customer for '{way}'", way=way), tuple(edits))


# --- lanes and loops --------------------------------------------------------------------------------


def no_meeting(case: Case) -> Iterator[Fix]:
    """Lanes that never meet get a join before the first node that all of them come to."""
    if case.node is None:
        return
    nodes = case.journey.nodes
    lanes = [port.target for port in ports_of(case.node) if port.target in nodes]
    graph = {name: [port.target for port in ports_of(one) if port.target in nodes]
             for name, one in nodes.items()}  # fmt: skip
    reach = [reached_from([lane], graph) for lane in lanes]
    common = [name for name in nodes if reach and all(name in one for one in reach)]
    first = next((one for one in common if _comes_first(one, common, graph)), "")
    inner: set[str] = (
        {name for one in reach for name in one} - reached_from([first], graph) if first else set()
    )
    if not first or not inner or first in lanes:
        return
    join = case.fresh("join")
    at = case.place(first)
    settings = {"next": first}
    add = Edit(
        "add", {"id": join, "kind": "join", "settings": settings, "at": [at[0] - 130, at[1] - 110]}
    )
    wires = [
        _connect(name, port.path, join)
        for name in nodes
        if name in inner
        for port in ports_of(nodes[name])
        if port.target == first
    ]
    title = tr("Let the lanes meet before '{node}'", node=title_of(nodes[first]))
    yield Fix(title, (add, *wires), best=True)


def _comes_first(name: str, common: Sequence[str], graph: dict[str, list[str]]) -> bool:
    """Whether all other common nodes lie behind it."""
    return set(common) <= reached_from([name], graph)


def idle_join(case: Case) -> Iterator[Fix]:
    """A join that no lane comes to is taken out."""
    if case.node is not None:
        title = tr("Take '{node}' out and close the gap", node=title_of(case.node))
        yield Fix(title, (Edit("bypass", {"ids": [case.node.id]}),), best=True)


def one_join(case: Case) -> Iterator[Fix]:
    """All lanes come to the first of the joins."""
    nodes = case.journey.nodes
    joins = [name for name in case.quoted if name in nodes and nodes[name].kind == "join"]
    if len(joins) <= 1:
        return
    kept, gone = joins[0], set(joins[1:])
    wires = [
        _connect(name, port.path, kept)
        for name, node in nodes.items()
        for port in ports_of(node)
        if port.target in gone
    ]
    removed = Edit("remove", {"ids": sorted(gone)})
    title = tr("Lead all lanes to '{node}'", node=title_of(nodes[kept]))
    yield Fix(title, (*wires, removed), best=True)


def wait_for_all(case: Case) -> Iterator[Fix]:
    """A join that waits for more lanes than there are waits for all of them."""
    if case.inside == ("wait_for",):
        yield Fix(tr("Wait for all lanes"), (unset_at(case.path),), best=True)


def way_back(case: Case) -> Iterator[Fix]:
    """The last node of a loop's body leads back to the loop."""
    loop = case.node
    if loop is None:
        return
    nodes, seen = case.journey.nodes, set[str]()
    here = str(loop.settings.get("body") or "")
    onward = str(loop.settings.get("next") or "")
    while here in nodes and here not in seen and nodes[here].kind in KINDS:
        seen.add(here)
        port = next((one for one in ports_of(nodes[here]) if one.style == "normal"), None)
        if port is None:
            return
        target = nodes.get(port.target)
        if target is None or port.target == onward or target.kind == "end":
            title = tr(
                "Lead '{node}' back to '{loop}'", node=title_of(nodes[here]), loop=title_of(loop)
            )
            yield Fix(title, (_connect(here, port.path, loop.id),), best=True)
            return
        here = port.target
