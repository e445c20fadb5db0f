"""A list with a search field at the pointer: what to add here, where to connect to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from journeybuilder.gui.look.fuzzy import ranked
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.theme import Theme, glyph

_ROLE = int(Qt.ItemDataRole.UserRole)
_ROW = 46
_WIDTH = 340
_MOST_ROWS = 7


@dataclass(frozen=True, slots=True)
class Choice:
    """A row of the list.

    Attributes:
        data: What `chosen` carries.
        reason: Why it cannot be chosen, shown in place of `about`; empty where it can.
    """

    title: str
    about: str
    icon: str
    data: Any
    reason: str = ""


class _RowPainter(QStyledItemDelegate):
    """An icon, a title and a sentence below it."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(_WIDTH - 24, _ROW)

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        choice: Choice = index.data(_ROLE)
        theme = self._theme
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            marked = theme.high_contrast and bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(theme.color("accent") if marked else QPen(Qt.PenStyle.NoPen))
            painter.setBrush(theme.color("soft"))
            painter.drawRoundedRect(box.adjusted(2, 1, -2, -1), 7, 7)
        able = not choice.reason
        image = glyph(choice.icon, theme.accent if able else theme.disabled, 40)
        painter.drawImage(QRect(box.left() + 12, box.center().y() - 9, 20, 20), image)
        left, room = box.left() + 44, box.width() - 56
        font = painter.font()
        about = choice.reason or choice.about
        top = box.top() + (5 if about else 13)
        color = theme.text if able else theme.muted
        self._text(painter, QRect(left, top, room, 19), choice.title, color)
        if about:
            font.setPointSizeF(font.pointSizeF() * 0.92)
            painter.setFont(font)
            self._text(painter, QRect(left, box.top() + 23, room, 18), about, theme.muted)
        painter.restore()

    @staticmethod
    def _text(painter: QPainter, box: QRect, text: str, color: str) -> None:
        painter.setPen(color)
        metrics = QFontMetrics(painter.font())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class SearchPopup(QFrame):
    """The list. Type to narrow it, arrows and Enter to choose, Esc to leave.

    Signals:
        chosen: The data of the chosen row.
        left: It was closed, chosen or not.
    """

    chosen = Signal(object)
    left = Signal()

    def __init__(
        self, choices: Sequence[Choice], prompt: str, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(prompt)
        self._choices = choices
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(prompt)
        self.field.setAccessibleName(prompt)
        self.field.setClearButtonEnabled(True)
        self.list = QListWidget(self)
        self.list.setItemDelegate(_RowPainter(theme, self.list))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self._nothing = QLabel(tr("Nothing fits what you typed."), self)
        self._nothing.setProperty("role", "muted")
        self._nothing.setContentsMargins(14, 10, 14, 14)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 4)
        box.setSpacing(2)
        for part in (self.field, self.list, self._nothing):
            box.addWidget(part)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._fill)
        self.list.itemClicked.connect(self._take)
        self.setFixedWidth(_WIDTH)
        self._fill("")

    def open_at(self, place: QPoint) -> None:
        """Show it with its corner here (on the screen), moved so that all of it is seen."""
        screen = self.screen().availableGeometry()
        self.adjustSize()
        x = min(place.x(), screen.right() - self.width())
        y = min(place.y(), screen.bottom() - self.height())
        self.move(max(screen.left(), x), max(screen.top(), y))
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _fill(self, typed: str) -> None:
        entries = [(choice, (choice.title, choice.about)) for choice in self._choices]
        hits = ranked(typed, entries)
        self.list.clear()
        for choice in hits:
            item = QListWidgetItem(self.list)
            item.setData(_ROLE, choice)
            about = choice.reason or choice.about
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{choice.title}. {about}")
            if choice.reason:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
        self._go(0, 1)
        self.list.setVisible(bool(hits))
        self.list.setFixedHeight(min(_MOST_ROWS, max(1, len(hits))) * _ROW + 10)
        self._nothing.setVisible(not hits)
        self.adjustSize()

    def _take(self, item: QListWidgetItem | None) -> None:
        choice: Choice | None = item.data(_ROLE) if item is not None else None
        if choice is not None and not choice.reason:
            self.close()
            self.chosen.emit(choice.data)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = event.type() == QEvent.Type.KeyPress and watched is self.field
        if pressed and isinstance(event, QKeyEvent) and self._on_key(event.key()):
            return True
        return super().eventFilter(watched, event)

    def _go(self, row: int, step: int) -> None:
        """To a row, or to the next one in that direction that can be chosen."""
        row = min(max(row, 0), self.list.count() - 1)
        while 0 <= row < self.list.count():
            if self.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled:
                self.list.setCurrentRow(row)
                return
            row += step

    def _on_key(self, key: int) -> bool:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: _MOST_ROWS,
            Qt.Key.Key_PageUp: -_MOST_ROWS,
        }
        if key in steps and self.list.count():
            step = steps[Qt.Key(key)]
            self._go(self.list.currentRow() + step, 1 if step > 0 else -1)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentItem())
            return True
        if key == Qt.Key.Key_Escape:
            self.close()
            return True
        return False

    @override
    def closeEvent(self, event: QEvent) -> None:
        super().closeEvent(event)  # pyright: ignore[reportArgumentType]
        self.left.emit()
