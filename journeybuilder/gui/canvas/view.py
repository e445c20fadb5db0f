"""The canvas: shows a `CanvasModel` and turns mouse, keys and drops into its intents."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from journeybuilder.gui.canvas.arranging import Arranging
from journeybuilder.gui.canvas.drawings import cursor_of
from journeybuilder.gui.canvas.dropping import dragged
from journeybuilder.gui.canvas.gesture import Touch
from journeybuilder.gui.canvas.gestures import DropGesture
from journeybuilder.gui.canvas.glide import Glide
from journeybuilder.gui.canvas.hint import EmptyHint
from journeybuilder.gui.canvas.keys import Keys
from journeybuilder.gui.canvas.lights import Lights
from journeybuilder.gui.canvas.menus import Menus
from journeybuilder.gui.canvas.model import CanvasModel, WireKey
from journeybuilder.gui.canvas.pointer import Pointer, choose, port_under, wire_under
from journeybuilder.gui.canvas.reading import Reading
from journeybuilder.gui.canvas.stage_view import StageView
from journeybuilder.gui.canvas.telling import described, node_tip, wire_label, wire_tip
from journeybuilder.gui.canvas.writing import Writer
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.theme import LIGHT, Theme

_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_LEFT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


class CanvasView(StageView):
    """The canvas widget.

    Attributes:
        arrange: What can be done with the selection. `writer`: writes names and notes in place.
        lights: Moves the tokens of a run.

    Signals:
        selection_changed: Tuple of the selected node ids, in the journey's order.
        node_activated: Id of a node that was double-clicked, or Enter pressed on.
        context_menu_requested: Place on the screen and the id of the node, or the key of the frame
            or note; empty beside them, also at a wire, which is picked then.
        zoom_changed: The new zoom, 1.0 is 100 %.
    """

    selection_changed = Signal(object)
    node_activated = Signal(str)
    context_menu_requested = Signal(QPoint, str)

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.pointer = Pointer(self, self)
        self.menus = Menus(self, self)
        self.glide = Glide(self.board, self)
        self.lights = Lights(self)
        self.writer = Writer(self, self)
        self.arrange = Arranging(self)
        self._keys = Keys(self)
        self._hint = EmptyHint(theme, self)
        self._inviting = True
        self.reading = Reading(self)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.DefaultContextMenu)
        self.setAccessibleName(tr("Canvas"))
        self.board.selection_changed.connect(self._on_selection)
        self.board.changed_content.connect(self._on_content)

    # --- what the rest of the program uses -------------------------------------------------

    def set_model(self, model: CanvasModel | None) -> None:
        """Show this model from now on; None shows nothing."""
        self.pointer.cancel()
        self.glide.cancel()
        self.lights.clear()
        self.writer.close(keep=True)
        before = self.board.model
        if before is not None:
            before.nodes_removed.disconnect(self._on_upset)
            before.reset.disconnect(self._on_upset)
        self.board.set_model(model)
        if model is not None:
            model.nodes_removed.connect(self._on_upset)
            model.reset.connect(self._on_upset)

    def set_theme(self, theme: Theme) -> None:
        """Draw with other colors."""
        self.theme = theme
        self.board.set_theme(theme)
        self._hint.set_theme(theme)
        self.viewport().update()

    def selected(self) -> tuple[str, ...]:
        """Ids of the selected nodes, in the journey's order."""
        chosen = self.board.selection
        return tuple(node_id for node_id in self.board.nodes if node_id in chosen)

    def select(self, ids: Iterable[str]) -> None:
        """Select exactly these nodes; unknown ids are left out."""
        self.board.select(ids)

    def center_on(self, node_id: str) -> None:
        """Bring a node to the middle, at a zoom where it can be read; unknown ids do nothing."""
        item = self.board.nodes.get(node_id)
        if item is not None:
            if self.is_overview():
                self.set_zoom(1.0)
            self.centerOn(item.card().center())

    def fit(self) -> None:
        """Show the whole journey."""
        self.show_area(self.board.content())

    def fit_selection(self) -> None:
        """Show what is selected, or the whole journey where nothing is."""
        self.show_area(self.board.content(self.board.chosen() or None))

    def set_states(self, states: Mapping[str, str]) -> None:
        """Show exactly these live states; cheap enough for every event of a run."""
        self.board.set_states(states)

    def set_path(self, path: Iterable[WireKey]) -> None:
        """Mark exactly these wires, as (source, port), as the way a run has taken."""
        self.board.set_path(path)
        if self.is_overview():
            self.viewport().update()

    def tidy(self, ids: Sequence[str] | None = None) -> None:
        """Lay the journey out anew, or only these nodes; they glide there as one step of undo."""
        self.pointer.cancel()
        self.glide.tidy(self.board.nodes if ids is None else ids, self.moves_nodes())

    # --- what gestures use -----------------------------------------------------------------

    def ask_kind(self, at: QPointF, source: str, port: str) -> None:
        """Let the person choose a node to add here, after a port where one is given."""
        self.menus.ask_kind(at, source, port)

    def activate(self, node_id: str) -> None:
        """Ask the program to open a node."""
        self.node_activated.emit(node_id)

    def adopt(self, node_id: str) -> None:
        """Select a node that was just made, and see that it can be seen."""
        self.board.select((node_id,))
        self.focus_node(node_id)

    def focus_node(self, node_id: str) -> None:
        """Let the keyboard be at this node, frame or note."""
        box = self.board.box_of(node_id)
        if box is None:
            return
        self.board.current = node_id
        self.reveal(box)
        self.show_focus()

    def show_focus(self) -> None:
        """Draw the focus where the keyboard is, and tell screen readers."""
        box = self.board.box_of(self.board.current)
        shown = self.hasFocus() and self._keys.used
        self.overlay.focus = box if shown else None
        if box is not None:
            self.setAccessibleDescription(described(self.board, self.board.current))
        self.reading.tell_focus()
        self.repaint_overlay()

    # --- following the model ---------------------------------------------------------------

    def _on_selection(self, ids: object) -> None:
        self.show_focus()
        self.selection_changed.emit(ids)

    def _on_content(self) -> None:
        self.writer.check()
        empty = not self.board.nodes and not self.board.drawings.items
        self._hint.setVisible(empty and self._inviting)
        if empty:
            self._hint.center_in(self)
        self.show_focus()

    def invite(self, *, inviting: bool) -> None:
        """Say on an empty canvas what one can do, or do not: what stands in the file is not shown."""
        if self._inviting != inviting:
            self._inviting = inviting
            self._on_content()

    def _on_upset(self, *_ids: object) -> None:
        """Nodes are gone: whatever was under way meant another picture."""
        self.pointer.cancel()
        self.glide.cancel()

    # --- mouse -----------------------------------------------------------------------------

    def _touch(self, event: QMouseEvent | QDropEvent) -> Touch:
        pixel = event.position()
        inverse, _ = self.viewportTransform().inverted()
        return Touch(inverse.map(pixel), pixel, event.modifiers())

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if self.board.model is None:
            return
        self.glide.stop()
        self.writer.close(keep=True)
        self._keys.used = False
        touch = self._touch(event)
        pan = event.button() == _MIDDLE or (event.button() == _LEFT and self._keys.space)
        if pan:
            self._keys.tapped = False
            self.pointer.begin_pan(touch)
        elif event.button() == _LEFT:
            self._hover(None)
            self.pointer.begin(choose(self, touch, self.is_overview()), touch)
        if self.pointer.gesture is not None:
            self.viewport().setCursor(self.pointer.gesture.cursor)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        touch = self._touch(event)
        if self.pointer.gesture is None:
            self._hover(touch.at)
            return
        if not event.buttons() & (_LEFT | _MIDDLE):  # released where we could not see it
            self._cancel()
            return
        self.pointer.move(touch, QRectF(self.viewport().rect()))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if event.button() in (_LEFT, _MIDDLE):
            self.pointer.end(self._touch(event))
            self.viewport().unsetCursor()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if event.button() != _LEFT or self.board.model is None:
            return
        touch = self._touch(event)
        node_id = self.board.node_at(touch.at)
        if node_id:
            self.node_activated.emit(node_id)
        elif not self.is_overview() and wire_under(self, touch.at) is not None:
            self.menus.ask_insert(touch.at, wire_under(self, touch.at))
        elif self.writer.open(self.board.drawings.key_at(touch.at, self.units(1))):
            self.pointer.cancel()
        else:
            self.ask_kind(touch.at, "", "")

    def _hover(self, at: QPointF | None) -> None:
        """Show what is under the pointer: a port, else a card, else a wire with its label."""
        node_id, wire, port = "", None, None
        if at is not None and not self.is_overview():
            port = port_under(self, at)
            node_id = port[0] if port is not None else self.board.node_at(at)
            wire = None if node_id else wire_under(self, at)
        self.board.hover(node_id, wire)
        part = ""
        if at is not None and not (node_id or wire):
            part = self.board.drawings.at(at, self.units(1))[1]
        self._point_at(part)
        spot = self.board.nodes[port[0]].port_at(port[1]) if port is not None else None
        label = wire_label(self.board, wire) if wire is not None else ""
        middle = self.board.wires[wire].item.path().pointAtPercent(0.5) if wire else None
        overlay = self.overlay
        if (spot, label, middle) != (overlay.port, overlay.label, overlay.label_at):
            overlay.port, overlay.label, overlay.label_at = spot, label, middle
            self.repaint_overlay()

    def _point_at(self, part: str) -> None:
        """The pointer's shape says that an edge can be dragged."""
        if part and part != "body":
            self.viewport().setCursor(cursor_of(part))
        elif self.pointer.gesture is None:
            self.viewport().unsetCursor()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        return self._help(event) if isinstance(event, QHelpEvent) else super().viewportEvent(event)

    def _help(self, event: QHelpEvent) -> bool:
        """What does not fit on a card is told in a tooltip; of badges and marked wires, too."""
        at = self.mapToScene(event.pos())
        node_id = self.board.node_at(at)
        wire = None if node_id or self.is_overview() else wire_under(self, at)
        words = node_tip(self.board.nodes[node_id], at) if node_id else ""
        words = wire_tip(self.board, wire) if wire is not None else words
        if words:
            QToolTip.showText(event.globalPos(), words, self)
        else:
            QToolTip.hideText()
        return True

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._cancel()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            node_id = self.board.current
            box = self.board.box_of(node_id)
            spot = box.center() if box is not None else self.visible_area().center()
            place = self.on_screen(spot)
        else:
            at = self.mapToScene(event.pos())
            node_id = self.board.node_at(at)
            wire = None if node_id or self.is_overview() else wire_under(self, at)
            if wire is not None:
                self.board.select(())
            elif not node_id:
                node_id = self.board.drawings.key_at(at, self.units(1))
            self.board.pick(wire)
            place = event.globalPos()
        if node_id and node_id not in self.board.chosen():
            self.board.select((node_id,))
        self.context_menu_requested.emit(place, node_id)

    def _cancel(self) -> bool:
        self.viewport().unsetCursor()
        return self.pointer.cancel()

    # --- keys, focus, size -----------------------------------------------------------------

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and (self._cancel() or self.glide.cancel()):
            event.accept()
        elif self.board.model is None or not self._keys.press(event):
            event.ignore()

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._keys.release(event)

    @override
    def focusNextPrevChild(self, next_child: bool) -> bool:
        """Tab opens the quick menu; Shift+Tab and Ctrl+Tab leave the canvas."""
        return False if next_child else super().focusNextPrevChild(next_child)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._keys.used = event.reason() in _BY_KEYS
        self.show_focus()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._keys.space = False
        self._cancel()
        self.show_focus()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hint.center_in(self)

    # --- dropping from the palette ---------------------------------------------------------

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        node = dragged(event.mimeData())
        if node is None or self.board.model is None:
            event.ignore()
            return
        event.acceptProposedAction()
        self.pointer.begin(DropGesture(self, node), self._touch(event))

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if isinstance(self.pointer.gesture, DropGesture):
            event.acceptProposedAction()
            self.pointer.move(self._touch(event), QRectF(self.viewport().rect()))

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._cancel()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        if isinstance(self.pointer.gesture, DropGesture):
            event.acceptProposedAction()
            self.pointer.end(self._touch(event))
            self.setFocus(Qt.FocusReason.OtherFocusReason)
