"""Items by id, and what is under a point: what every gesture asks."""

from collections.abc import Collection, Iterable

from PySide6.QtCore import QLineF, QObject, QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from journeybuilder.gui.canvas.drawings import Drawings
from journeybuilder.gui.canvas.geometry import MARGIN, distance_to
from journeybuilder.gui.canvas.items import NodeItem
from journeybuilder.gui.canvas.model import NodeView, WireKey
from journeybuilder.gui.canvas.wires import Wire


class Board(QGraphicsScene):
    """A scene whose items are found by id, by place and by what they are joined to.

    Attributes:
        nodes, wires: The items, by node id and by where a wire starts.
        leaving, arriving: The wires at a node, by its id.
        drawings: Frames and notes, by key.
    """

    drawings: Drawings

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[WireKey, Wire] = {}
        self.leaving: dict[str, list[WireKey]] = {}
        self.arriving: dict[str, set[WireKey]] = {}
        self._wire_of: dict[QGraphicsItem, Wire] = {}
        self._ids: dict[QGraphicsItem, str] = {}

    def area_of(self, ids: Iterable[str]) -> QRectF:
        """What these nodes and the wires at them cover."""
        area = QRectF()
        for node_id in ids:
            item = self.nodes.get(node_id)
            if item is None:
                continue
            area = area.united(item.card().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))
            for key in (*self.leaving.get(node_id, ()), *self.arriving.get(node_id, ())):
                area = area.united(self.wires[key].item.boundingRect())
        return area

    def content(self, ids: Collection[str] | None = None) -> QRectF:
        """What all nodes and drawings (or these) cover, wires aside; empty without any."""
        area = self.drawings.area_of(self.drawings.items if ids is None else ids)
        for node_id in self.nodes if ids is None else ids:
            item = self.nodes.get(node_id)
            if item is not None:
                area = area.united(item.card())
        return area

    def box_of(self, key: str) -> QRectF | None:
        """What a node's card or a drawing covers; None for an unknown one."""
        node, drawing = self.nodes.get(key), self.drawings.items.get(key)
        if node is not None:
            return node.card()
        return drawing.area() if drawing is not None else None

    def _near(self, at: QPointF, reach: float) -> list[QGraphicsItem]:
        box = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        return self.items(box, Qt.ItemSelectionMode.IntersectsItemBoundingRect)

    def nodes_near(self, at: QPointF, reach: float) -> list[str]:
        """Nodes whose card, with its margin, is within reach of a point, topmost first."""
        near = self._near(at, reach)
        return [self._ids[item] for item in near if item in self._ids]

    def node_at(self, at: QPointF) -> str:
        """The node whose card holds a point, or an empty string."""
        for node_id in self.nodes_near(at, 1.0):
            if self.nodes[node_id].card().contains(at):
                return node_id
        return ""

    def port_at(self, at: QPointF, reach: float) -> WireKey | None:
        """The port nearest to a point, within reach."""
        best: tuple[float, WireKey] | None = None
        for node_id in self.nodes_near(at, reach):
            item = self.nodes[node_id]
            for port in item.view.ports:
                length = QLineF(item.port_at(port.name), at).length()
                if length <= reach and (best is None or length < best[0]):
                    best = (length, (node_id, port.name))
        return best[1] if best else None

    def entry_at(self, at: QPointF, reach: float) -> str:
        """The node whose entry is nearest to a point, within reach, or an empty string."""
        lengths = [
            (QLineF(self.nodes[node_id].entry(), at).length(), node_id)
            for node_id in self.nodes_near(at, reach)
        ]
        length, node_id = min(lengths, default=(reach + 1, ""))
        return node_id if length <= reach else ""

    def wire_at(self, at: QPointF, reach: float) -> WireKey | None:
        """The wire nearest to a point, within reach."""
        best: tuple[float, WireKey] | None = None
        for item in self._near(at, reach):
            wire = self._wire_of.get(item)
            if wire is not None:
                length = distance_to(wire.item.path(), at)
                if length <= reach and (best is None or length < best[0]):
                    best = (length, wire.key)
        return best[1] if best else None

    def nodes_in(self, area: QRectF) -> list[str]:
        """Nodes whose card meets an area."""
        items = self.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        ids = [self._ids[item] for item in items if item in self._ids]
        return [node_id for node_id in ids if self.nodes[node_id].card().intersects(area)]

    def wires_in(self, area: QRectF) -> list[Wire]:
        """Wires whose bounds meet an area."""
        items = self.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        return [self._wire_of[item] for item in items if item in self._wire_of]

    def view_of(self, node_id: str) -> NodeView:
        """What a node shows now. Raises KeyError for an unknown id."""
        return self.nodes[node_id].view
