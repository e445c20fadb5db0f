"""The small lists of the canvas: what to add here, and where a port shall lead."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF
from PySide6.QtWidgets import QWidget

from journeybuilder.gui.canvas.geometry import AXIS, HEAD, WIDTH, snapped, wire_path
from journeybuilder.gui.canvas.gesture import Stage
from journeybuilder.gui.canvas.model import WireKey
from journeybuilder.gui.canvas.navigate import free_place
from journeybuilder.gui.canvas.popup import Choice, SearchPopup
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak, weak_with
from journeybuilder.gui.look.theme import Theme


class MenuStage(Stage, Protocol):
    """What the lists use of the view beyond what gestures use."""

    theme: Theme

    def on_screen(self, at: QPointF) -> QPoint:
        """A place of the scene on the screen."""
        ...


class Menus(QObject):
    """Opens one list at a time.

    Attributes:
        popup: The open list, else None.
    """

    def __init__(self, stage: MenuStage, parent: QWidget) -> None:
        super().__init__(parent)
        self._stage = stage
        self._parent = parent
        self.popup: SearchPopup | None = None

    def _open(
        self,
        choices: Sequence[Choice],
        prompt: str,
        at: QPointF,
        then: Callable[..., Any],
        *known: Any,
    ) -> None:
        """Show a list at a place of the scene; `then` gets `known` and the chosen row's data."""
        if self.popup is not None:
            self.popup.close()
        popup = SearchPopup(choices, prompt, self._stage.theme, self._parent)
        popup.chosen.connect(weak_with(then, *known))
        popup.left.connect(weak(self._on_left))
        self.popup = popup
        popup.open_at(self._stage.on_screen(at))

    def _on_left(self) -> None:
        self.popup = None
        self._stage.overlay.clear()
        self._stage.repaint_overlay()

    # --- add -------------------------------------------------------------------------------

    def ask_kind(self, at: QPointF, source: str, port: str) -> None:
        """What to add here, wired from a port where one is given."""
        choices = self._kinds(source, port)
        self._open(choices, tr("Add a step or a tool …"), at, self._add, at, source, port)
        item = self._stage.board.nodes.get(source)
        if item is not None:
            start = item.port_at(port)
            box = QRectF(at.x(), at.y() + WIDTH, 1, 1)
            self._stage.overlay.wire = wire_path(start, at, item.card(), box, 0)
            self._stage.repaint_overlay()

    def ask_insert(self, at: QPointF, wire: WireKey | None) -> None:
        """What to put in the middle of a wire."""
        if wire is not None:
            choices = self._kinds(*wire, between=True)
            self._open(choices, tr("Put a step in between …"), at, self._insert, at, wire)

    def _kinds(self, source: str, port: str, *, between: bool = False) -> list[Choice]:
        """What can be added here; what does not fit stands at the end, with the reason."""
        model = self._stage.shown_model()
        choices = [
            Choice(
                title,
                about,
                kind,
                (kind, settings),
                model.why_not_between(kind, settings) if between else "",
            )
            for kind, title, about, settings in model.quick_kinds(source, port)
        ]
        return sorted(choices, key=lambda choice: bool(choice.reason))

    def _place(self, at: QPointF, source: str) -> tuple[float, float]:
        """A new card's corner: entered at the pointer when wired, else around it."""
        x = at.x() if source else at.x() - WIDTH / 2
        y = at.y() - AXIS
        corner = QRectF(snapped(x), snapped(y), WIDTH, HEAD)
        free = free_place(self._stage.board, corner)
        return free.x(), free.y()

    def _add(self, at: QPointF, source: str, port: str, data: Any) -> None:
        kind, settings = data
        start = (source, port) if source else None
        place = self._place(at, source)
        self._stage.adopt(self._stage.shown_model().add(kind, settings, place, start))

    def _insert(self, at: QPointF, wire: WireKey, data: Any) -> None:
        kind, settings = data
        corner = (snapped(at.x() - WIDTH / 2), snapped(at.y() - AXIS))
        model = self._stage.shown_model()
        self._stage.adopt(model.insert_on_wire(kind, settings, corner, wire))

    # --- connect ---------------------------------------------------------------------------

    def ask_port(self, source: str) -> None:
        """Which of a node's ports to connect; with one port, at once where to."""
        item = self._stage.board.nodes.get(source)
        if item is None or not item.view.ports:
            return
        if len(item.view.ports) == 1:
            self.ask_target(source, item.view.ports[0].name)
            return
        nodes = self._stage.board.nodes
        choices = [
            Choice(
                port.label or port.name,
                tr("leads to {title}", title=nodes[port.target].view.title)
                if port.target in nodes
                else tr("leads nowhere"),
                {"error": "problem", "timeout": "clock"}.get(port.style, "branch"),
                port.name,
            )
            for port in item.view.ports
        ]
        self._open(
            choices, tr("Connect which way out?"), self._beside(source), self.ask_target, source
        )

    def ask_target(self, source: str, port: str) -> None:
        """Where a port shall lead: every other node."""
        wire = self._stage.board.wires.get((source, port))
        there = tr("It leads there already.")
        choices = [
            Choice(
                other.view.title,
                other.view.line or other.view.kind,
                other.view.icon,
                node_id,
                there if wire is not None and wire.target == node_id else "",
            )
            for node_id, other in self._stage.board.nodes.items()
            if node_id != source
        ]
        at = self._beside(source)
        self._open(choices, tr("Connect to …"), at, self._connect, source, port)

    def _connect(self, source: str, port: str, target: Any) -> None:
        self._stage.shown_model().connect_port(source, port, str(target))

    def _beside(self, node_id: str) -> QPointF:
        card = self._stage.board.nodes[node_id].card()
        return QPointF(card.right() + 16, card.top())
