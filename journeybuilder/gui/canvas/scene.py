"""The scene: items by id, kept equal to the model; it changes no journey itself."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil, floor

from PySide6.QtCore import QObject, QPointF, QRectF, Signal, SignalInstance
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene

from journeybuilder.gui.canvas.board import Board
from journeybuilder.gui.canvas.drawings import Drawings
from journeybuilder.gui.canvas.faces import HOVERED, SELECTED
from journeybuilder.gui.canvas.geometry import detour_room, is_detour, port_index, wire_path
from journeybuilder.gui.canvas.items import CardPainter, NodeItem
from journeybuilder.gui.canvas.layers import RUN, Layer, Layers, NodeMark, WireMark
from journeybuilder.gui.canvas.model import CanvasModel, WireKey
from journeybuilder.gui.canvas.overview import Overview
from journeybuilder.gui.canvas.routing import MANY, Rerouting
from journeybuilder.gui.canvas.wires import Wire, WirePens
from journeybuilder.gui.look.theme import Theme

_STEP = 4000.0
"""The indexed area grows by this much, so that it is not indexed anew at every move."""
_TAKEN = WireMark(tone="ok", width=2.6)
_HOT_Z, _PATH_Z, _WIRE_Z, _NODE_Z = -1.0, -2.0, -3.0, 0.0


class CanvasScene(Board):
    """Shows a model.

    Attributes:
        selection: Ids of selected nodes. `picked`: the selected wire, where one is.
        current: The node that the keyboard is at, or an empty string.

    Signals:
        selection_changed: The tuple of selected ids.
        picked_changed: The selected wire as (source, port), or None.
        touched: The area of the scene (QRectF) whose picture is not true any more.
        changed_content: Nodes or wires have come, gone or changed place.
    """

    selection_changed = Signal(object)
    picked_changed = Signal(object)
    touched = Signal(QRectF)
    changed_content = Signal()

    def __init__(self, theme: Theme, font: QFont, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.model: CanvasModel | None = None
        self.cards = CardPainter(theme, font)
        self.pens = WirePens(theme)
        self.overview = Overview(self.nodes, self.wires, self.leaving, self.arriving)
        self.selection: set[str] = set()
        self.picked: WireKey | None = None
        self.current = ""
        self.hovered = ""
        self.hot: WireKey | None = None
        self.layers = Layers()
        self.rerouting = Rerouting(self.nodes, self._route_key, self.update, self)
        self._far = False
        self._lost: set[str] = set()
        self.drawings = Drawings(self, self, theme, self.cards.texts, font)
        self.drawings.touched.connect(self.touched)
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)
        self.setSceneRect(-_STEP, -_STEP, 4 * _STEP, 3 * _STEP)

    # --- following the model ---------------------------------------------------------------

    def set_model(self, model: CanvasModel | None) -> None:
        """Show this model from now on, or nothing."""
        if self.model is not None:
            for signal, slot in self._links(self.model):
                signal.disconnect(slot)
        self.model = model
        if model is not None:
            for signal, slot in self._links(model):
                signal.connect(slot)
        self._on_reset()

    def _links(self, model: CanvasModel) -> Sequence[tuple[SignalInstance, Callable[..., None]]]:
        return (
            (model.nodes_added, self._on_added),
            (model.nodes_removed, self._on_removed),
            (model.nodes_changed, self._on_changed),
            (model.nodes_moved, self._on_moved),
            (model.drawings_changed, self._on_drawings),
            (model.reset, self._on_reset),
        )

    def _on_reset(self) -> None:
        kept = self.chosen()
        for wire in self.wires.values():
            self.removeItem(wire.item)
        for item in self.nodes.values():
            self.removeItem(item)
        for held in (self.wires, self.nodes, self.leaving, self.arriving, self._wire_of, self._ids):
            held.clear()
        self.overview.clear()
        self.rerouting.stop()
        self.picked = self.hot = None
        self.hovered = ""
        self.layers.put("run", None)
        self.layers.put("run path", None)
        if self.model is not None:
            self._add(self.model, self.model.node_ids())
        self._show_drawings()
        self.current = self.current if self.box_of(self.current) is not None else ""
        self.selection = set()
        self.select(kept)
        if kept != self.chosen():
            self.selection_changed.emit(tuple(self.selection))
        self._announce(None)

    def _on_added(self, ids: Sequence[str]) -> None:
        if self.model is not None:
            self._add(self.model, ids)
            self._announce(ids)
            back, self._lost = self._lost.intersection(ids), set()
            if back and not self.selection:  # what was selected when it was removed has come back
                self.select(back)

    def _add(self, model: CanvasModel, ids: Iterable[str]) -> None:
        new = [node_id for node_id in ids if node_id not in self.nodes]
        for node_id in new:
            item = NodeItem(model.node(node_id), self.cards, self.layers.node(node_id))
            x, y = model.position(node_id)
            item.setPos(x, y)
            self.nodes[node_id] = item
            self._ids[item] = node_id
        self._cover(new)
        self._count()
        for node_id in new:
            self.addItem(self.nodes[node_id])
        for node_id in new:
            self._wire_up(node_id)
        fresh = set(new)
        for node_id in new:
            for source, _ in model.incoming(node_id):
                if source in self.nodes and source not in fresh:
                    self._wire_up(source)
        self.overview.touch(new)

    def _on_removed(self, ids: Sequence[str]) -> None:
        area = self.area_of(ids)
        gone = [node_id for node_id in ids if node_id in self.nodes]
        for node_id in gone:
            self._remove(node_id)
        self.overview.touch(gone)
        self._count()
        self._lost = self.selection.intersection(gone)
        if self.selection.intersection(gone):
            self.selection.difference_update(gone)
            self.selection_changed.emit(tuple(self.selection))
        self.touched.emit(area)
        self.changed_content.emit()

    def _remove(self, node_id: str) -> None:
        for key in [*self.leaving.get(node_id, ()), *self.arriving.get(node_id, ())]:
            self._unwire(key)
        self.leaving.pop(node_id, None)
        self.arriving.pop(node_id, None)
        item = self.nodes.pop(node_id)
        del self._ids[item]
        self.removeItem(item)
        self.current = "" if self.current == node_id else self.current
        self.hovered = "" if self.hovered == node_id else self.hovered

    def _on_changed(self, ids: Sequence[str]) -> None:
        if self.model is None:
            return
        before = self.area_of(ids)
        for node_id in ids:
            item = self.nodes.get(node_id)
            if item is None:
                continue
            view = self.model.node(node_id)
            old = item.view
            item.show_view(view)
            if view.ports != old.ports:
                self._wire_up(node_id)
                for key in self.arriving.get(node_id, ()):
                    self._route(self.wires[key])
        self.overview.touch(ids)
        self.touched.emit(before)
        self._announce(ids)

    def _show_drawings(self) -> bool:
        shown = self.drawings.show_all(self.model.drawings() if self.model is not None else {})
        self._cover(self.drawings.items)
        return shown

    def _on_drawings(self) -> None:
        if self._show_drawings():
            self.selection_changed.emit(tuple(self.selection))
        self.current = self.current if self.box_of(self.current) is not None else ""
        self.changed_content.emit()

    def chosen(self) -> set[str]:
        """Ids of selected nodes and keys of selected frames and notes."""
        return self.selection | self.drawings.selection

    def _on_moved(self, ids: Sequence[str]) -> None:
        self.settle(ids)
        self.changed_content.emit()

    def set_far(self, far: bool) -> None:
        """Seen from afar, or not, from now on."""
        self._far = far
        self._count()

    def _count(self) -> None:
        """Many nodes are drawn with other pens than few."""
        if self.pens.adapt(len(self.nodes), self._far):
            for wire in self.wires.values():
                self._repen(wire)

    def _announce(self, ids: Iterable[str] | None) -> None:
        self.touched.emit(self.sceneRect() if ids is None else self.area_of(ids))
        self.changed_content.emit()

    # --- wires -----------------------------------------------------------------------------

    def _wire_up(self, source: str) -> None:
        """Make the wires that leave a node equal to its ports."""
        view = self.nodes[source].view
        wanted = {(source, p.name): p for p in view.ports if p.target in self.nodes}
        for key in list(self.leaving.get(source, ())):
            wire = self.wires[key]
            port = wanted.get(key)
            if port is None or port.target != wire.target or port.style != wire.style:
                self._unwire(key)
        for key, port in wanted.items():
            if key in self.wires:
                self._route(self.wires[key])
                continue
            item = QGraphicsPathItem()
            item.setZValue(_WIRE_Z)
            wire = Wire(key, port.target, port.style, port_index(view, port.name), item)
            self.wires[key] = wire
            self._wire_of[item] = wire
            self.leaving.setdefault(source, []).append(key)
            self.arriving.setdefault(port.target, set()).add(key)
            self.nodes[port.target].count_entry(1)
            self._mark_wire(wire)
            self._route(wire)
            self.addItem(item)

    def _unwire(self, key: WireKey) -> None:
        wire = self.wires.pop(key, None)
        if wire is None:
            return
        self.leaving[key[0]].remove(key)
        self.arriving[wire.target].discard(key)
        self.nodes[wire.target].count_entry(-1)
        del self._wire_of[wire.item]
        self.removeItem(wire.item)
        self.picked = None if self.picked == key else self.picked
        self.hot = None if self.hot == key else self.hot

    def _route(self, wire: Wire) -> None:
        source = self.nodes[wire.key[0]]
        target = self.nodes[wire.target]
        start, end = source.port_at(wire.key[1]), target.entry()
        leaves, enters = source.card(), target.card()
        if is_detour(start, end, leaves, enters):
            box = detour_room(start, end, leaves, enters)
            for card in self._cards_in(box):
                leaves = leaves.united(QRectF(leaves.left(), card.top(), 1, card.height()))
        wire.set_path(wire_path(start, end, leaves, enters, wire.lane), self.node_at)

    def _cards_in(self, box: QRectF) -> list[QRectF]:
        if self.rerouting.grid is not None:
            return self.rerouting.grid.cards_in(box)
        return [self.nodes[node_id].card() for node_id in self.nodes_in(box)]

    def _mark_wire(self, wire: Wire) -> None:
        """Show what the layers mark on a wire."""
        mark = self.layers.wire(wire.key)
        if mark != wire.mark:
            wire.show_mark(mark, self.cards)
            if not wire.item.path().isEmpty():
                wire.place_sign(self.node_at)
        self._repen(wire)

    def _repen(self, wire: Wire) -> None:
        hot = wire.key in (self.picked, self.hot)
        wire.item.setPen(self.pens.pen(wire.style, "hot" if hot else "", wire.mark))
        marked = _PATH_Z if wire.mark.tone else _WIRE_Z
        wire.item.setZValue(_HOT_Z if hot else marked)

    def _repen_key(self, key: WireKey | None) -> None:
        if key is not None and key in self.wires:
            self._repen(self.wires[key])

    # --- places ----------------------------------------------------------------------------

    def preview(self, positions: Mapping[str, tuple[float, float]]) -> None:
        """Show nodes elsewhere without telling the model; `settle` takes it back."""
        many = len(positions) > MANY
        before = self.sceneRect() if many else self.area_of(positions)
        wires: set[WireKey] = set()
        for node_id, (x, y) in positions.items():
            item = self.nodes.get(node_id)
            if item is not None:
                item.setPos(x, y)
                wires.update(self.leaving.get(node_id, ()), self.arriving.get(node_id, ()))
        self._cover(positions)
        if many:
            self.rerouting.add(wires)
        else:
            for key in wires:
                self._route(self.wires[key])
        drawn = self.drawings.items
        self.drawings.preview(
            {
                key: QRectF(QPointF(*at), drawn[key].size)
                for key, at in positions.items()
                if key in drawn
            }
        )
        if many:
            self.overview.touch({*positions, *(key[0] for key in wires)})
            self.touched.emit(before.united(self.sceneRect()))
        else:
            self.overview.lift(positions)
            self.touched.emit(before.united(self.area_of(positions)))

    def _route_key(self, key: WireKey) -> None:
        if key in self.wires:
            self._route(self.wires[key])

    def settle(self, ids: Iterable[str]) -> None:
        """Put nodes where the model has them."""
        if self.model is not None:
            places = {key: self.model.position(key) for key in ids if key in self.nodes}
            if (
                len(places) > MANY
            ):  # most of them are there already, and to put them there takes long
                places = {
                    key: at for key, at in places.items() if self.nodes[key].pos().toTuple() != at
                }
            self.preview(places)
            self.drawings.settle(ids)
            self.overview.land()

    def _cover(self, ids: Iterable[str]) -> None:
        """Let the indexed area hold these nodes, growing in steps."""
        rect = self.sceneRect()
        area = QRectF(rect)
        for key in ids:
            box = self.box_of(key)
            if box is not None:
                area = area.united(box.adjusted(-300, -300, 300, 300))
        if area != rect:
            left, top = floor(area.left() / _STEP) * _STEP, floor(area.top() / _STEP) * _STEP
            right, bottom = ceil(area.right() / _STEP) * _STEP, ceil(area.bottom() / _STEP) * _STEP
            self.setSceneRect(left, top, right - left, bottom - top)

    # --- touch and state -------------------------------------------------------------------

    def select(self, ids: Iterable[str]) -> None:
        """Select exactly these nodes, frames and notes, and no wire."""
        ids = set(ids)
        wanted = {node_id for node_id in ids if node_id in self.nodes}
        self.pick(None)
        redrawn = self.drawings.select(ids)
        if wanted == self.selection and not redrawn:
            return
        for node_id in wanted ^ self.selection:
            item = self.nodes.get(node_id)
            if item is not None:
                item.set_flag(SELECTED, node_id in wanted)
                self.touched.emit(item.card())
        self.selection = wanted
        chosen = self.chosen()
        if len(chosen) == 1:
            self.current = next(iter(chosen))
        self.selection_changed.emit(tuple(node_id for node_id in self.nodes if node_id in wanted))

    def pick(self, key: WireKey | None) -> None:
        """Select a wire, or none."""
        before, self.picked = self.picked, key
        self._repen_key(before)
        self._repen_key(key)
        self.picked_changed.emit(key)  # also None again: a wire that was rewired is picked no more

    def hover(self, node_id: str, wire: WireKey | None) -> None:
        """Show what is under the pointer."""
        if wire != self.hot:
            before, self.hot = self.hot, wire
            self._repen_key(before)
            self._repen_key(wire)
        if node_id != self.hovered:
            for old_or_new in (self.hovered, node_id):
                item = self.nodes.get(old_or_new)
                if item is not None:
                    item.set_flag(HOVERED, old_or_new == node_id)
            self.hovered = node_id

    def set_layer(self, name: str, layer: Layer | None) -> None:
        """Lay marks over the journey, or take a layer away with None; only what differs is repainted."""
        ids, keys = self.layers.put(name, layer)
        changed = [
            node_id
            for node_id in ids
            if node_id in self.nodes and self.nodes[node_id].show_mark(self.layers.node(node_id))
        ]
        wires = [self.wires[key] for key in keys if key in self.wires]
        area = QRectF()
        for wire in wires:
            self._mark_wire(wire)
            area = area.united(wire.item.boundingRect())
        for node_id in changed:
            area = area.united(self.nodes[node_id].sceneBoundingRect())
        self.overview.touch({*changed, *(wire.key[0] for wire in wires)})
        if not area.isNull():
            self.touched.emit(area)

    def set_states(self, states: Mapping[str, str]) -> None:
        """Show exactly these live states; nodes that are not named show the model's."""
        marks = {node_id: NodeMark(state=state) for node_id, state in states.items()}
        self.set_layer("run", Layer(nodes=marks, priority=RUN))

    def set_path(self, path: Iterable[WireKey]) -> None:
        """Mark exactly these wires as the way that a run has taken."""
        marks = dict.fromkeys(path, _TAKEN)
        self.set_layer("run path", Layer(wires=marks, priority=RUN))

    def marked_wires(self) -> set[WireKey]:
        """Wires that stand out: under the pointer, selected, drawn wider by a layer."""
        layers = self.layers
        marked = {key for name in layers.names() for key in layers.wide(name)}
        marked.update(key for key in (self.hot, self.picked) if key is not None)
        return marked & self.wires.keys()

    def set_theme(self, theme: Theme) -> None:
        """Draw with other colors."""
        self.theme = theme
        self.cards.set_theme(theme)
        self.drawings.set_theme(theme)
        self.set_ratio(self.cards.ratio)
        self.update()

    def set_ratio(self, ratio: float) -> None:
        """Draw for so many device pixels a pixel; pens of wires are as wide on any screen."""
        self.cards.ratio = ratio
        self.drawings.set_ratio(ratio)
        self.pens.set_theme(self.theme, ratio)
        for wire in self.wires.values():
            self._repen(wire)
