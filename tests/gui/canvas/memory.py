"""A journey in memory that behaves like the real model: intents change it, signals tell of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from typing_extensions import override

from journeybuilder.document.drawings import COLORS, Drawing
from journeybuilder.gui.canvas.model import CanvasModel, NodeView, PortView, QuickKind, WireKey

NEXT = PortView("next", "next", required=True)
KINDS: dict[str, tuple[str, str, tuple[PortView, ...]]] = {
    "say": ("Say", "talk", (NEXT,)),
    "ask": (
        "Ask",
        "talk",
        (NEXT, PortView("on_invalid", "not valid", "error"), PortView("on_timeout", "no answer", "timeout")),
    ),
    "tool": (
        "Tool",
        "tools",
        (NEXT, PortView("on_error", "on error", "error"), PortView("on_timeout", "time-out", "timeout")),
    ),
    "end": ("End", "flow", ()),
}  # fmt: skip


class MemoryModel(CanvasModel):
    """Holds nodes and positions; `intents` remembers every call that asked for a change."""

    def __init__(
        self,
        nodes: Sequence[NodeView] = (),
        positions: Mapping[str, tuple[float, float]] | None = None,
    ) -> None:
        super().__init__()
        self.nodes = {node.id: node for node in nodes}
        self.positions = dict(positions or {})
        self.into: dict[str, list[WireKey]] = {}
        self.drawn: dict[str, Drawing] = {}
        self.intents: list[tuple[Any, ...]] = []
        for node in nodes:
            self.positions.setdefault(node.id, (len(self.positions) * 320.0, 0.0))
            for port in node.ports:
                self.into.setdefault(port.target, []).append((node.id, port.name))

    @override
    def node_ids(self) -> Sequence[str]:
        return list(self.nodes)

    @override
    def node(self, node_id: str) -> NodeView:
        return self.nodes[node_id]

    @override
    def position(self, node_id: str) -> tuple[float, float]:
        return self.drawn[node_id].at if node_id in self.drawn else self.positions[node_id]

    @override
    def incoming(self, node_id: str) -> Sequence[WireKey]:
        return list(self.into.get(node_id, ()))

    @override
    def move(self, positions: Mapping[str, tuple[float, float]], gesture: str) -> None:
        self.intents.append(("move", dict(positions), gesture))
        self._put(positions)

    def _put(self, positions: Mapping[str, tuple[float, float]]) -> None:
        for key, at in positions.items():
            if key in self.drawn:
                self.drawn[key] = replace(self.drawn[key], at=at)
            else:
                self.positions[key] = at
        self.nodes_moved.emit(tuple(key for key in positions if key in self.nodes))
        self.drawings_changed.emit()

    def _lead(self, source: str, port: str, target: str) -> None:
        view = self.nodes[source]
        old = next(p.target for p in view.ports if p.name == port)
        if old:
            self.into[old].remove((source, port))
        if target:
            self.into.setdefault(target, []).append((source, port))
        ports = tuple(replace(p, target=target) if p.name == port else p for p in view.ports)
        self.nodes[source] = replace(view, ports=ports)

    @override
    def connect_port(self, source: str, port: str, target: str) -> None:
        self.intents.append(("connect", source, port, target))
        self._lead(source, port, target)
        self.nodes_changed.emit((source,))

    @override
    def connect_ports(self, wires: Sequence[WireKey], target: str) -> None:
        self.intents.append(("connect all", tuple(wires), target))
        for source, port in wires:
            self._lead(source, port, target)
        self.nodes_changed.emit(tuple({source for source, _ in wires}))

    @override
    def disconnect_port(self, source: str, port: str) -> None:
        self.intents.append(("disconnect", source, port))
        self._lead(source, port, "")
        self.nodes_changed.emit((source,))

    @override
    def cut(self, wires: Sequence[WireKey]) -> None:
        self.intents.append(("cut", *wires))
        for source, port in wires:
            self._lead(source, port, "")
        self.nodes_changed.emit(tuple({source for source, _ in wires}))

    @override
    def remove(self, ids: Sequence[str]) -> None:
        self.intents.append(("remove", tuple(ids)))
        for key in [key for key in ids if key in self.drawn]:
            del self.drawn[key]
        self.drawings_changed.emit()
        ids = [node_id for node_id in ids if node_id in self.nodes]
        touched: list[str] = []
        for node_id in ids:
            for source, port in self.incoming(node_id):
                self._lead(source, port, "")
                touched.append(source)
            for port in self.nodes[node_id].ports:
                self._lead(node_id, port.name, "")
        for node_id in ids:
            del self.nodes[node_id], self.positions[node_id]
        self.nodes_removed.emit(tuple(ids))
        self.nodes_changed.emit(tuple(i for i in touched if i in self.nodes))

    @override
    def bypass(self, ids: Sequence[str]) -> None:
        self.intents.append(("bypass", tuple(ids)))
        sources = [source for node_id in ids for source, _ in self.incoming(node_id)]
        for node_id in ids:
            onward = next((p.target for p in self.nodes[node_id].ports if p.target), "")
            for source, port in self.incoming(node_id):
                self._lead(source, port, onward)
        self.remove(ids)
        self.intents.pop()
        self.nodes_changed.emit(tuple(i for i in sources if i in self.nodes))

    @override
    def retitle(self, node_id: str, title: str) -> bool:
        self.intents.append(("retitle", node_id, title))
        if node_id in self.drawn:
            self.drawn[node_id] = replace(self.drawn[node_id], text=title)
            self.drawings_changed.emit()
        else:
            self.nodes[node_id] = replace(self.nodes[node_id], title=title)
            self.nodes_changed.emit((node_id,))
        return True

    @override
    def splice(
        self, node_id: str, wire: WireKey, positions: Mapping[str, tuple[float, float]]
    ) -> bool:
        self.intents.append(("splice", node_id, wire))
        target = next(p.target for p in self.nodes[wire[0]].ports if p.name == wire[1])
        self._lead(*wire, node_id)
        self._lead(node_id, self.nodes[node_id].ports[0].name, target)
        self.nodes_changed.emit((wire[0], node_id))
        self._put(positions)
        return True

    @override
    def drawings(self) -> Mapping[str, Drawing]:
        return dict(self.drawn)

    def place(
        self,
        key: str,
        at: tuple[float, float],
        size: tuple[float, float],
        text: str = "",
        color: str = COLORS[0],
    ) -> None:
        self.drawn[key] = Drawing(key, text, at, size, color)
        self.drawings_changed.emit()

    @override
    def draw(
        self, what: str, at: tuple[float, float], size: tuple[float, float], text: str = ""
    ) -> str:
        key = f"{what}:{what}_{len(self.drawn) + 1}"
        self.intents.append(("draw", key, at, size))
        self.place(key, at, size, text)
        return key

    @override
    def reshape(self, key: str, at: tuple[float, float], size: tuple[float, float]) -> None:
        self.intents.append(("reshape", key, at, size))
        self.drawn[key] = replace(self.drawn[key], at=at, size=size)
        self.drawings_changed.emit()

    @override
    def rearrange(
        self,
        positions: Mapping[str, tuple[float, float]],
        sizes: Mapping[str, tuple[float, float]],
        title: str,
    ) -> None:
        self.intents.append(("rearrange", dict(positions), dict(sizes), title))
        for key, size in sizes.items():
            self.drawn[key] = replace(self.drawn[key], size=size)
        self._put(positions)

    @override
    def paint(self, ids: Sequence[str], color: str) -> None:
        self.intents.append(("paint", tuple(ids), color))
        for key in ids:
            if key in self.drawn:
                self.drawn[key] = replace(self.drawn[key], color=color or COLORS[0])
            else:
                self.nodes[key] = replace(self.nodes[key], group=color or "flow")
        self.drawings_changed.emit()
        self.nodes_changed.emit(tuple(key for key in ids if key in self.nodes))

    def _new(self, kind: str, at: tuple[float, float]) -> str:
        title, group, ports = KINDS[kind]
        node_id = f"{kind}_{len(self.nodes) + 1}"
        self.nodes[node_id] = NodeView(node_id, kind, kind, group, title, "", ports)
        self.positions[node_id] = at
        return node_id

    @override
    def add(
        self,
        kind: str,
        settings: Mapping[str, Any],
        at: tuple[float, float],
        from_port: WireKey | None = None,
    ) -> str:
        self.intents.append(("add", kind, dict(settings), at, from_port))
        node_id = self._new(kind, at)
        self.nodes_added.emit((node_id,))
        if from_port is not None:
            self._lead(*from_port, node_id)
            self.nodes_changed.emit((from_port[0],))
        return node_id

    @override
    def insert_on_wire(
        self, kind: str, settings: Mapping[str, Any], at: tuple[float, float], wire: WireKey
    ) -> str:
        self.intents.append(("insert", kind, dict(settings), at, wire))
        source, port = wire
        target = next(p.target for p in self.nodes[source].ports if p.name == port)
        node_id = self._new(kind, at)
        self._lead(source, port, node_id)
        if self.nodes[node_id].ports:
            self._lead(node_id, self.nodes[node_id].ports[0].name, target)
        self.nodes_added.emit((node_id,))
        self.nodes_changed.emit((source,))
        return node_id

    @override
    def quick_kinds(self, source: str, port: str) -> Sequence[QuickKind]:
        rows: list[QuickKind] = [
            ("say", "Say", "Tells the customer something", {}),
            ("ask", "Ask", "Asks the customer and waits for the answer", {}),
            ("tool", "orders / get_order", "Looks up an order by its number", {"tool": "orders/get_order"}),
            ("end", "End", "Ends the journey with an outcome", {}),
        ]  # fmt: skip
        return rows if not source else rows[1:]

    @override
    def why_not_between(self, kind: str, settings: Mapping[str, Any]) -> str:
        return "" if KINDS[kind][2] else "Nothing can come after it."
