"""The frame of every gesture: start, move, end or cancel, and nothing left behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt

from journeybuilder.gui.canvas.model import CanvasModel
from journeybuilder.gui.canvas.overlay import Overlay
from journeybuilder.gui.canvas.scene import CanvasScene


@dataclass(frozen=True, slots=True)
class Touch:
    """Where the pointer is and which modifier keys the event itself carries.

    Attributes:
        at: In the scene. `pixel`: in the viewport.
    """

    at: QPointF
    pixel: QPointF
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    def held(self, key: Qt.KeyboardModifier) -> bool:
        """True where a modifier key is held."""
        return bool(self.keys & key)


class Stage(Protocol):
    """What a gesture may use of the view that it takes place in.

    Attributes:
        snap: Whether the person wants things on the grid.
    """

    board: CanvasScene
    overlay: Overlay
    snap: bool

    def shown_model(self) -> CanvasModel:
        """The model that intents go to."""
        ...

    def units(self, pixels: float) -> float:
        """Screen pixels in scene units."""
        ...

    def visible_area(self) -> QRectF:
        """The part of the scene that can be seen."""
        ...

    def repaint_overlay(self) -> None:
        """The overlay is different now."""
        ...

    def pan_by(self, dx: float, dy: float) -> None:
        """Shift what is seen by screen pixels."""
        ...

    def ask_kind(self, at: QPointF, source: str, port: str) -> None:
        """Let the person choose a node to add here, after a port where one is given."""
        ...

    def adopt(self, node_id: str) -> None:
        """Select a node that a gesture has just made."""
        ...

    def next_gesture(self) -> str:
        """A new name for one step of undo."""
        ...


class Gesture:
    """One action of the pointer from press to release.

    A subclass says in `cancel` how to take back what `move` has shown; `end` and `cancel` are each
    called at most once, one of them always.

    Attributes:
        cursor: The pointer's shape meanwhile.
        scrolls: True where the canvas scrolls when the pointer is at its edge.
    """

    cursor = Qt.CursorShape.ArrowCursor
    scrolls = True

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.board = stage.board

    def start(self, touch: Touch) -> None:
        """The button went down here."""

    def move(self, touch: Touch) -> None:
        """The pointer is here now, the button still down."""

    def end(self, touch: Touch) -> None:
        """The button went up here."""

    def cancel(self) -> None:
        """Take back everything shown."""

    def clear(self) -> None:
        """Remove this gesture's drawing."""
        self.stage.overlay.clear()
        self.stage.repaint_overlay()


@dataclass(frozen=True, slots=True)
class NewNode:
    """A node that is being dragged in from outside."""

    kind: str
    settings: Mapping[str, Any]
    title: str = ""
