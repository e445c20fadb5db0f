"""The picture of a completion: a list over the window with what is known of the chosen row below."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from shiboken6 import isValid
from typing_extensions import override

from journeybuilder.gui.expressions.complete import Suggestion
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.forms.data_classes import data_words
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.theme import glyph

if TYPE_CHECKING:
    from journeybuilder.gui.forms.completion import Completion

_ROLE = int(Qt.ItemDataRole.UserRole)
_WIDEST, _NARROWEST = 380, 240
_ROWS = 8
_GAP = 3


class _RowPainter(QStyledItemDelegate):
    """An icon for the type, the name, and at the right the type in words."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(10, row_height(option.fontMetrics))

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        one: Suggestion = index.data(_ROLE)
        colors: QPalette = option.palette
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color(QPalette.ColorRole.AlternateBase))
            painter.drawRoundedRect(box.adjusted(2, 0, -2, 0), 5, 5)
            painter.setBrush(colors.color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(QRect(box.left() + 2, box.top() + 4, 3, box.height() - 8), 1, 1)
        ratio = painter.device().devicePixelRatioF()
        side = 16
        image = glyph(one.icon, _icon_color(one, colors), round(side * ratio))
        top = box.center().y() - side // 2 + 1
        painter.drawImage(QRect(box.left() + 11, top, side, side), image)
        self._words(painter, box.adjusted(36, 0, -10, 0), one, colors)
        painter.restore()

    @staticmethod
    def _words(painter: QPainter, box: QRect, one: Suggestion, colors: QPalette) -> None:
        plain = painter.font()
        small = QFont(plain)
        small.setPointSizeF(plain.pointSizeF() * 0.88) if plain.pointSizeF() > 0 else None
        note = one.type or (one.about if one.kind in {"operator", "value"} else "")
        painter.setFont(small)  # measured as it is drawn: a pixel less would elide it
        room = min(painter.fontMetrics().horizontalAdvance(note) + 2, box.width() // 2)
        painter.setFont(plain)
        left = box.adjusted(0, 0, -room - 12, 0)
        faint = one.presence != "" and one.kind == "variable"
        role = QPalette.ColorRole.PlaceholderText if faint else QPalette.ColorRole.Text
        painter.setPen(colors.color(role))
        vertical = Qt.AlignmentFlag.AlignVCenter
        shown = painter.fontMetrics().elidedText(
            one.label, Qt.TextElideMode.ElideMiddle, left.width()
        )
        painter.drawText(left, vertical | Qt.AlignmentFlag.AlignLeft, shown)
        painter.setFont(small)
        painter.setPen(colors.color(QPalette.ColorRole.PlaceholderText))
        said = painter.fontMetrics().elidedText(note, Qt.TextElideMode.ElideRight, room)
        painter.drawText(box, vertical | Qt.AlignmentFlag.AlignRight, said)


def _icon_color(one: Suggestion, colors: QPalette) -> str:
    faint = one.kind in {"function", "method", "operator"}
    role = QPalette.ColorRole.PlaceholderText if faint else QPalette.ColorRole.Highlight
    return colors.color(role).name()


def row_height(metrics: QFontMetrics) -> int:
    """The height of a row; large enough for a finger's tip with a mouse."""
    return max(26, metrics.height() + 10)


class CompletionList(QFrame):
    """One in each window, lent to the field that the person writes in; it takes no focus.

    Attributes:
        owner: Whose suggestions are shown, None while it is hidden.
        rows: What is shown.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("completion")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Suggestions"))
        self.owner: Completion | None = None
        self.rows: Sequence[Suggestion] = ()
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setProperty("role", "completion")
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_RowPainter(self.list))
        self.list.setAccessibleName(tr("Suggestions"))
        self.list.currentRowChanged.connect(self._tell)
        self.list.itemClicked.connect(self._clicked)
        self.about: QLabel = label("", "completion", wrap=True)
        layout = column(self, spacing=0, margins=(1, 3, 1, 1))
        layout.addWidget(self.list)
        layout.addWidget(self.about)
        self.hide()

    def take(self, owner: "Completion", rows: Sequence[Suggestion]) -> None:
        """Show these rows for a field."""
        kept = self.current()
        self.owner, self.rows = owner, rows
        self.list.clear()
        for one in rows:
            item = QListWidgetItem(self.list)
            item.setData(_ROLE, one)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, one.spoken)
        same = [index for index, one in enumerate(rows) if kept and one.label == kept.label]
        self.list.setCurrentRow(same[0] if same and self.isVisible() else 0)

    def place(self, cursor: QRect) -> None:
        """Show it below a place of the window, or above where there is more room."""
        window = self.parentWidget()
        if window is None:
            return
        around = window.rect()
        height = row_height(self.list.fontMetrics())
        width = min(_WIDEST, max(_NARROWEST, around.width() - 16))
        below = around.bottom() - cursor.bottom() - _GAP
        above = cursor.top() - _GAP
        foot = self._foot(width)
        wanted = min(_ROWS, len(self.rows)) * height + foot + 8
        under = below >= min(wanted, above) or below >= wanted
        room = max(height + foot + 8, min(wanted, below if under else above))
        self.list.setFixedHeight(room - foot - 8)
        x = max(8, min(cursor.left() - 36, around.right() - width - 8))
        y = cursor.bottom() + _GAP if under else cursor.top() - _GAP - room
        self.setGeometry(x, max(0, y), width, room)
        self.raise_()
        self.show()

    def _foot(self, width: int) -> int:
        """The height of what is said about the rows, the same for all of them."""
        metrics = self.about.fontMetrics()
        lines = 3 if width > _NARROWEST else 4
        return lines * metrics.lineSpacing() + 16

    def drop(self) -> None:
        """Hide it; nobody's suggestions are shown."""
        self.owner = None
        self.hide()

    def current(self) -> Suggestion | None:
        """The chosen row."""
        row = self.list.currentRow()
        return self.rows[row] if 0 <= row < len(self.rows) else None

    def move_by(self, rows: int) -> None:
        """Choose another row; one step beyond an end goes to the other."""
        many = len(self.rows)
        row = self.list.currentRow() + rows
        if abs(rows) == 1:
            row %= max(many, 1)
        self.list.setCurrentRow(min(max(row, 0), many - 1))

    def _tell(self, row: int) -> None:
        one = self.rows[row] if 0 <= row < len(self.rows) else None
        self.about.setText("" if one is None else about(one))

    def _clicked(self, item: QListWidgetItem) -> None:
        one: Suggestion = item.data(_ROLE)
        if self.owner is None or not isValid(self.owner):  # its field went away meanwhile
            self.drop()
            return
        self.owner.accept(one)


def about(one: Suggestion) -> str:
    """What is known of a suggestion, on up to three lines."""
    head = one.signature or one.label
    data = tr("data class: {name}", name=data_words(one.data)) if one.data else ""
    facts = " · ".join(part for part in (one.type, one.presence, data) if part)
    sample = tr("for example {value}", value=one.sample) if one.sample else ""
    first = f"{head}  {one.about}" if one.signature else one.about
    return "\n".join(part for part in (first, facts, sample) if part) or head


def list_in(window: QWidget) -> CompletionList:
    """The list of a window, made when first needed."""
    found = window.findChild(
        CompletionList, "completion", Qt.FindChildOption.FindDirectChildrenOnly
    )
    return found if isinstance(found, CompletionList) else CompletionList(window)
