"""A journey in memory that behaves like the real model: intents change it, signals tell of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from typing_extensions import override

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
        return self.positions[node_id]

    @override
    def incoming(self, node_id: str) -> Sequence[WireKey]:
        return list(self.into.get(node_id, ()))

    @override
    def move(self, positions: Mapping[str, tuple[float, float]], gesture: str) -> None:
        self.intents.append(("move", dict(positions), gesture))
        self.positions.update(positions)
        self.nodes_moved.emit(tuple(positions))

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
