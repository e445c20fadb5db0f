"""The keyboard on the canvas: everything a mouse can do, without one."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from journeybuilder.gui.canvas.arranging import Arranging
from journeybuilder.gui.canvas.geometry import AXIS, GRID
from journeybuilder.gui.canvas.menus import Menus
from journeybuilder.gui.canvas.navigate import (
    Direction,
    following,
    leading,
    nearest,
    start_of,
)
from journeybuilder.gui.canvas.pointer import Pointer, Stage

_NO = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_ARROWS: dict[int, tuple[Direction, float, float]] = {
    Qt.Key.Key_Left: ("left", -GRID, 0),
    Qt.Key.Key_Right: ("right", GRID, 0),
    Qt.Key.Key_Up: ("up", 0, -GRID),
    Qt.Key.Key_Down: ("down", 0, GRID),
}
ZOOM_STEP = 1.2
_LEAP = 10  # how much farther Shift moves
_GAP = 60.0  # between a node and a new one beside it


class KeyStage(Stage, Protocol):
    """What the keyboard uses of the view beyond what gestures use."""

    menus: Menus
    pointer: Pointer
    arrange: Arranging

    def fit(self) -> None:
        """Show the whole journey."""
        ...

    def fit_selection(self) -> None:
        """Show what is selected."""
        ...

    def set_zoom(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom to a factor."""
        ...

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom in or out."""
        ...

    def focus_node(self, node_id: str) -> None:
        """Let the keyboard be at this node, frame or note."""
        ...

    def show_focus(self) -> None:
        """Draw the focus."""
        ...

    def activate(self, node_id: str) -> None:
        """Open a node."""
        ...

    def pointer_place(self) -> QPointF:
        """Where the pointer is in the scene, else the middle of what can be seen."""
        ...


class Keys:
    """Does what a key says.

    Attributes:
        space: True while Space is held, when the left button drags the paper.
        tapped: True while Space is held and nothing was dragged with it: let go, it adds a step.
        used: True from the first key on, False after a click: the focus ring is shown then.
    """

    def __init__(self, stage: KeyStage) -> None:
        self._stage = stage
        self.space = False
        self.tapped = False
        self.used = False
        self._steered = False  # whether keys were used before this one, too
        self._nudge = ""
        plain: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Delete: self._remove,
            Qt.Key.Key_Backspace: self._remove,
            Qt.Key.Key_Tab: self._quick,
            Qt.Key.Key_Return: self._activate,
            Qt.Key.Key_Enter: self._activate,
            Qt.Key.Key_Home: self._home,
            Qt.Key.Key_C: self._connect,
            Qt.Key.Key_N: self._next_drawing,
            Qt.Key.Key_F2: stage.arrange.write,
            Qt.Key.Key_F: stage.fit,
            Qt.Key.Key_BracketRight: self._follow,
            Qt.Key.Key_BracketLeft: self._lead,
            Qt.Key.Key_Escape: self._none,
        }
        self._table = {(key, _NO): deed for key, deed in plain.items()} | {
            (Qt.Key.Key_F, _SHIFT): stage.fit_selection,
            (Qt.Key.Key_N, _SHIFT): self._drawing_before,
            (Qt.Key.Key_A, _CTRL): stage.arrange.select_all,
            (Qt.Key.Key_0, _CTRL): self._whole,
            (Qt.Key.Key_Plus, _CTRL): self._closer,
            (Qt.Key.Key_Equal, _CTRL): self._closer,
            (Qt.Key.Key_Minus, _CTRL): self._farther,
        }

    def press(self, event: QKeyEvent) -> bool:
        """Do what the key says; returns whether it says anything."""
        key = event.key()
        held = event.modifiers() & ~_KEYPAD
        if key == Qt.Key.Key_Space:
            self.tapped = not event.isAutoRepeat()
            self.space = True
            return True
        if self._stage.pointer.gesture is not None:
            return False
        self._steered = self.used
        if not self.used:
            self.used = True
            self._stage.show_focus()
        if key in _ARROWS:
            return self._arrow(key, held, event.isAutoRepeat())
        deed = self._table.get((Qt.Key(key), held)) or self._typed(event, held)
        if deed is not None:
            deed()
        return deed is not None

    def _typed(self, event: QKeyEvent, held: Qt.KeyboardModifier) -> Callable[[], None] | None:
        """Brackets need Alt or AltGr on many keyboards, so they go by what was typed."""
        if held & _SHIFT:
            return None
        return {"]": self._follow, "[": self._lead}.get(event.text())

    def release(self, event: QKeyEvent) -> None:
        """A key went up."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.space = False
            if self.tapped:
                self.tapped = False
                self._quick()

    def _arrow(self, key: int, held: Qt.KeyboardModifier, repeated: bool) -> bool:
        direction, dx, dy = _ARROWS[key]
        far = _LEAP if held & _SHIFT else 1
        drawn = self._stage.board.current in self._stage.board.drawings.items
        if held & ~_SHIFT in (_CTRL, _ALT) or (drawn and held in (_NO, _SHIFT)):
            self._move(dx * far, dy * far, repeated)
        elif held in (_NO, _SHIFT):
            self._go(nearest(self._stage.board.nodes, self._at(), direction), held == _SHIFT)
        else:
            return False
        return True

    def _at(self) -> str:
        """The node the keyboard is at, else the start."""
        board = self._stage.board
        return board.current or start_of(board)

    def _go(self, node_id: str, more: bool = False) -> None:
        board = self._stage.board
        if not node_id:
            return
        board.select(board.selection | {node_id} if more else (node_id,))
        self._stage.focus_node(node_id)

    def _move(self, dx: float, dy: float, repeated: bool) -> None:
        """A held key is one step of undo."""
        board, model = self._stage.board, self._stage.shown_model()
        if not repeated or not self._nudge:
            self._nudge = self._stage.next_gesture()
        moving = board.drawings.with_members(board.chosen())
        places = {key: model.position(key) for key in moving}
        if places:
            moved = {node_id: (x + dx, y + dy) for node_id, (x, y) in places.items()}
            model.move(moved, self._nudge)
            self._stage.show_focus()

    def _remove(self) -> None:
        board, model = self._stage.board, self._stage.shown_model()
        if board.picked is not None:
            model.disconnect_port(*board.picked)
        elif board.chosen():
            model.remove(tuple(self._stage.arrange.chosen()))

    def _quick(self) -> None:
        """A new node comes where the pointer is; beside the current one for whoever uses keys only."""
        item = self._stage.board.nodes.get(self._stage.board.current)
        if item is None or not self._steered:
            self._stage.ask_kind(self._stage.pointer_place(), "", "")
            return
        card = item.card()
        beside = QPointF(card.right() + _GAP + card.width() / 2, card.top() + AXIS)
        self._stage.ask_kind(beside, "", "")

    def _activate(self) -> None:
        current = self._stage.board.current
        if current in self._stage.board.drawings.items:
            self._stage.arrange.write()
        elif current:
            self._stage.activate(current)

    def _home(self) -> None:
        self._go(start_of(self._stage.board))

    def _connect(self) -> None:
        self._stage.menus.ask_port(self._stage.board.current)

    def _follow(self) -> None:
        self._go(following(self._stage.board, self._at()))

    def _lead(self) -> None:
        self._go(leading(self._stage.board, self._at()))

    def _next_drawing(self) -> None:
        self._stage.arrange.next_drawing(1)

    def _drawing_before(self) -> None:
        self._stage.arrange.next_drawing(-1)

    def _none(self) -> None:
        self._stage.board.select(())

    def _whole(self) -> None:
        self._stage.set_zoom(1.0)

    def _closer(self) -> None:
        self._stage.zoom_by(ZOOM_STEP)

    def _farther(self) -> None:
        self._stage.zoom_by(1 / ZOOM_STEP)
