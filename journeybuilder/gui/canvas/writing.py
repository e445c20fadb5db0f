"""Names and notes are written where they stand: an editor over the canvas."""

from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, SignalInstance
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget
from typing_extensions import override

from journeybuilder.document.drawings import FRAME
from journeybuilder.gui.canvas.colors import bar_fill, note_fill
from journeybuilder.gui.canvas.drawing_items import BAR, NOTE_PX, TITLE_PX
from journeybuilder.gui.canvas.geometry import HEAD
from journeybuilder.gui.canvas.gesture import Stage
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.theme import Theme

_READABLE = 11
_LEAST_WIDTH, _LEAST_HEIGHT = 180, 84


class WritingStage(Stage, Protocol):
    """What writing uses of the view beyond what gestures use."""

    theme: Theme

    def viewport(self) -> QWidget:
        """What the editor stands on."""
        ...

    def on_viewport(self, area: QRectF) -> QRectF:
        """An area of the scene in the pixels of the viewport."""
        ...

    def zoom(self) -> float:
        """The zoom, 1.0 is 100 %."""
        ...

    def take_focus(self) -> None:
        """Let the keyboard be at the canvas again."""
        ...

    def camera_signals(self) -> tuple[SignalInstance, ...]:
        """Signals that something else is seen now."""
        ...


class Writer(QObject):
    """At most one editor at a time. Esc takes back what was typed; leaving it keeps it.

    Attributes:
        editor: The open editor, else None.
    """

    def __init__(self, stage: WritingStage, parent: QObject) -> None:
        super().__init__(parent)
        self._stage = stage
        self._key = ""
        self.editor: QLineEdit | QPlainTextEdit | None = None
        for signal in stage.camera_signals():
            signal.connect(self._place)

    def open(self, key: str) -> bool:
        """Write the title of a node or frame, or the text of a note; False for anything else."""
        self.close(keep=True)
        board = self._stage.board
        if board.box_of(key) is None:
            return False
        drawing = board.drawings.items.get(key)
        lines = drawing is not None and drawing.drawing.what != FRAME
        port = self._stage.viewport()
        editor = QPlainTextEdit(port) if lines else QLineEdit(port)
        editor.setObjectName("in-place")
        text = drawing.drawing.text if drawing is not None else board.nodes[key].view.title
        if isinstance(editor, QPlainTextEdit):
            editor.setPlainText(text)
            editor.setAccessibleName(tr("Text of the note, in Markdown"))
            editor.setPlaceholderText(tr("Write here. **bold**, - lists and links work."))
            editor.setToolTip(tr("Ctrl+Enter keeps it, Esc takes it back"))
            editor.setTabChangesFocus(True)
        else:
            editor.setText(text)
            editor.setPlaceholderText(
                tr("Name of the group") if drawing else tr("Name of the step")
            )
            editor.setAccessibleName(editor.placeholderText())
        editor.selectAll()
        editor.installEventFilter(self)
        self._key, self.editor = key, editor
        self._dress()
        self._place()
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def close(self, *, keep: bool) -> None:
        """Close the editor; what was typed is kept or forgotten."""
        editor, key = self.editor, self._key
        if editor is None:
            return
        self.editor, self._key = None, ""
        had_focus = editor.hasFocus()
        text = editor.toPlainText() if isinstance(editor, QPlainTextEdit) else editor.text()
        editor.removeEventFilter(self)
        editor.hide()
        editor.deleteLater()
        if keep and self._stage.board.box_of(key) is not None:
            self._stage.shown_model().retitle(key, text.strip() if key else text)
        if had_focus:
            self._stage.take_focus()

    def check(self) -> None:
        """Close it where what it writes is gone."""
        if self.editor is not None and self._stage.board.box_of(self._key) is None:
            self.close(keep=False)
        self._place()

    def _dress(self) -> None:
        """The colors of what it stands on, so that it is clear what is being written."""
        editor, theme = self.editor, self._stage.theme
        drawing = self._stage.board.drawings.items.get(self._key)
        if editor is None:
            return
        fill = theme.base
        if drawing is not None:
            paper = bar_fill if drawing.drawing.what == FRAME else note_fill
            fill = paper(theme, drawing.drawing.color).name()
        name = type(editor).__name__
        editor.setStyleSheet(
            f"{name} {{ background: {fill}; color: {theme.text}; padding: 2px 8px;"
            f" border: 2px solid {theme.accent}; border-radius: 4px; }}"
        )

    def _place(self) -> None:
        """Over what is written, at any zoom large enough to write in."""
        editor = self.editor
        box = self._stage.board.box_of(self._key) if editor is not None else None
        if editor is None or box is None:
            return
        lines = isinstance(editor, QPlainTextEdit)
        if not lines:
            box = QRectF(box.x(), box.y(), box.width(), BAR if "frame:" in self._key else HEAD)
        font = QFont(self._stage.viewport().font())
        size = NOTE_PX if lines else TITLE_PX
        font.setPixelSize(max(_READABLE, round(size * self._stage.zoom())))
        editor.setFont(font)
        area = self._stage.on_viewport(box).toAlignedRect()
        least = _LEAST_HEIGHT if lines else QFontMetrics(font).height() + 14
        area.setWidth(max(area.width(), _LEAST_WIDTH))
        area.setHeight(max(area.height() if lines else least, least))
        editor.setGeometry(area)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.editor:
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # what is typed here is text, and no command of the window
                return True
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                return self._on_key(event)
            if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
                self._on_left(event.reason())
        return super().eventFilter(watched, event)

    def _on_left(self, reason: Qt.FocusReason) -> None:
        """Left with the mouse or Tab: kept; its own menu and other windows leave it open."""
        stays = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if reason not in stays:
            self.close(keep=True)

    def _on_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.close(keep=False)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            asks = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if asks or isinstance(self.editor, QLineEdit):
                self.close(keep=True)
                return True
        return False
