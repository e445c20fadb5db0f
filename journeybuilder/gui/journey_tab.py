"""One open journey in the window: its canvas over its model."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from journeybuilder.gui.canvas.minimap import Minimap
from journeybuilder.gui.canvas.view import CanvasView
from journeybuilder.gui.forms.base import column
from journeybuilder.gui.journey.finding_marks import LAYER, findings_layer
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.notice import Notice
from journeybuilder.gui.workspace.palette_entries import PaletteEntry

_NEXT_TO = 280.0  # scene units between the left edges of neighbors
_ROW = 160.0
_READABLE = 0.7
_SMALLEST = 0.6  # a journey that fits whole may be a little smaller
_CORNER = 12  # screen pixels between the minimap and the edge
_ROOMY = 2  # the canvas is so many times as large as the minimap, else it would be in the way
_MARGIN = 40.0  # screen pixels between the edge and the start


class JourneyTab(QWidget):
    """A canvas that shows a journey.

    Signals:
        selected: Ids of the selected nodes.
        opened: A node was double-clicked, or Enter pressed on it.
    """

    selected = Signal(object)
    opened = Signal(str)

    def __init__(self, model: JourneyModel, look: Look) -> None:
        super().__init__()
        self.model = model
        self._look = look
        self.first_look: Callable[[Any], bool] | None = None
        """Shows of it what was seen the last time; False where that is not known."""
        self._fitted = False
        self._mapped = True
        self._lit = False
        self._taken: list[tuple[str, str]] = []
        self.canvas = CanvasView(look.theme)
        self.canvas.setAccessibleName(tr("Canvas of {title}", title=model.title))
        layout = column(self, spacing=0)
        self.notice = Notice(self)
        layout.addWidget(self.notice)
        layout.addWidget(self.canvas, 1)
        self.setFocusProxy(self.canvas)
        self.canvas.set_model(model)
        self.minimap = Minimap(self.canvas, self)
        self.minimap.reshaped.connect(self._place_minimap)
        self.canvas.selection_changed.connect(self.selected)
        self.canvas.node_activated.connect(self.opened)
        look.changed.connect(self._recolor)
        model.findings_changed.connect(self._mark_findings)
        self._mark_findings()

    def _mark_findings(self) -> None:
        self.canvas.invite(inviting=self.model.readable)
        self.canvas.set_layer(LAYER, findings_layer(self.model.findings, self.model.journey))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._fitted:
            self._fitted = True
            QTimer.singleShot(0, self, self._first_look)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_minimap()

    def _place_minimap(self) -> None:
        size = self.minimap.sizeHint()
        self.minimap.setFixedSize(size)
        self.minimap.move(
            self.width() - size.width() - _CORNER, self.height() - size.height() - _CORNER
        )
        roomy = self.width() > _ROOMY * size.width() and self.height() > _ROOMY * size.height()
        self.minimap.setVisible(self._mapped and roomy and self.minimap.useful)

    def show_minimap(self, *, shown: bool) -> None:
        """Show the whole journey in the corner, where there is room for it, or do not."""
        self._mapped = shown
        self.minimap.setVisible(shown and self.minimap.useful)
        self.minimap.raise_()

    def _first_look(self) -> None:
        """What was seen the last time, else as much as can be read."""
        if self.first_look is None or not self.first_look(self):
            self._look_at_start()

    @property
    def seen(self) -> bool:
        """Whether it was shown so far."""
        return self._fitted

    def _look_at_start(self) -> None:
        """The whole journey where it can be read so, else its start and as much as fits beside it."""
        self.canvas.fit()
        start = self.model.journey.start
        if self.canvas.zoom() >= _SMALLEST or start not in self.model.journey.nodes:
            return
        self.canvas.set_zoom(_READABLE)
        x, y = self.model.position(start)
        margin = self.canvas.units(_MARGIN)
        area, content = self.canvas.visible_area(), self.canvas.board.content()
        # The journey's top, but never so that the start would lie below the upper third.
        top = max(content.top() - margin, y - area.height() / 3)
        self.canvas.centerOn(x - margin + area.width() / 2, top + area.height() / 2)

    def _recolor(self) -> None:
        self.canvas.set_theme(self._look.theme)
        self.canvas.reduced_motion = self._look.reduced_motion
        self.minimap.set_theme(self._look.theme)

    def add(self, entry: PaletteEntry) -> None:
        """Add what was chosen in the palette: after the selected node if it has a free way out."""
        chosen = self.canvas.selected()
        if len(chosen) == 1 and chosen[0] in self.model.journey.nodes:
            source = chosen[0]
            x, y = self.model.position(source)
            free = next(
                (
                    port
                    for port in self.model.node(source).ports
                    if not port.target and port.style == "normal"
                ),
                None,
            )
            if free is not None:
                at = self._room((x + _NEXT_TO, y))
                added = self.model.add(entry.kind, entry.settings, at, (source, free.name))
                self._adopt(added)
                return
        middle = self.canvas.visible_area().center()
        self._adopt(
            self.model.add(
                entry.kind, entry.settings, self._room((middle.x() - 100, middle.y() - 40))
            )
        )

    def _room(self, at: tuple[float, float]) -> tuple[float, float]:
        """The place, moved down until no node is on it."""
        places = [self.model.position(name) for name in self.model.node_ids()]
        x, y = at
        while any(abs(px - x) < _NEXT_TO - 40 and abs(py - y) < _ROW - 40 for px, py in places):
            y += _ROW
        return x, y

    def _adopt(self, node: str) -> None:
        if node:
            self.canvas.select((node,))
            self.canvas.focus_node(node)

    def go_to(self, node: str) -> None:
        """Select a node and bring it into view."""
        self.canvas.select((node,))
        self.canvas.center_on(node)

    def show_run(
        self, states: Mapping[str, str], taken: Sequence[tuple[str, str]], *, moving: bool = False
    ) -> None:
        """Light up what a rehearsal does; `moving` lets tokens go along the wires just taken."""
        lit, self._lit = self._lit, bool(states or taken)
        if not lit and not self._lit:
            return
        before, self._taken = self._taken, list(taken)
        self.canvas.set_states(states)
        self.canvas.set_path(taken)
        if moving and self._taken[: len(before)] == before:
            self.canvas.lights.go(self._taken[len(before) :])
        here = next((name for name, state in states.items() if state in {"running", "waiting"}), "")
        item = self.canvas.board.nodes.get(here)
        if item is not None:
            self.canvas.reveal(item.card())

    def dispose(self) -> None:
        """Let go of the files and the model."""
        self._look.changed.disconnect(self._recolor)
        self.canvas.set_model(None)
        self.model.dispose()
