"""What gestures, lists and editors use of a view: places, the model, the keyboard."""

from typing import cast

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, SignalInstance
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from journeybuilder.gui.canvas.model import CanvasModel
from journeybuilder.gui.canvas.paper import PaperView
from journeybuilder.gui.look.theme import Theme


class StageView(PaperView):
    """A view that something can take place in.

    Attributes:
        reduced_motion: Set to True to let nodes jump instead of glide.
        snap: Whether things that are moved keep to the grid.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.reduced_motion = False
        self.snap = True
        self._gestures = 0

    def moves_nodes(self) -> bool:
        """True where nodes glide to new places; people and systems may ask for less motion."""
        duration = self.style().styleHint(self.style().StyleHint.SH_Widget_Animation_Duration)
        return not self.reduced_motion and duration > 0

    def shown_model(self) -> CanvasModel:
        """The model that intents go to; call only while one is shown."""
        return cast("CanvasModel", self.board.model)

    def next_gesture(self) -> str:
        """A new name for one step of undo."""
        self._gestures += 1
        return f"{id(self):x}-{self._gestures}"

    def on_screen(self, at: QPointF) -> QPoint:
        """A place of the scene on the screen."""
        return self.viewport().mapToGlobal(self.mapFromScene(at))

    def on_viewport(self, area: QRectF) -> QRectF:
        """An area of the scene in the pixels of the viewport."""
        return self.viewportTransform().mapRect(area)

    def pointer_place(self) -> QPointF:
        """Where the pointer is in the scene, else the middle of what can be seen."""
        place = self.viewport().mapFromGlobal(QCursor.pos())
        inside = self.viewport().rect().contains(place)
        return self.mapToScene(place if inside else self.viewport().rect().center())

    def take_focus(self) -> None:
        """Let the keyboard be at the canvas again."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def camera_signals(self) -> tuple[SignalInstance, ...]:
        """Signals that something else is seen now."""
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        return (self.zoom_changed, across.valueChanged, down.valueChanged)
