"""The table of all texts of a journey: a row each, a column per language, cells that can be edited."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QPlainTextEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from journeybuilder.gui.forms.text_variants import channel_words, language_words
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.journey_texts import TextRow, edit_of, languages_in, text_rows
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.language import tr

_FIXED = 3  # step, field, channel
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class TextsTable(QAbstractTableModel):
    """The texts as they are in the journey; a cell that is edited is one step of undo."""

    def __init__(self, model: JourneyModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self.all: Sequence[TextRow] = ()
        self.rows: Sequence[TextRow] = ()
        self.languages: Sequence[str] = ()
        self._filter = ""
        self._only_missing = False
        self.read()

    def read(self) -> None:
        """Take the texts of the journey as it is now; the rows keep their place where they can."""
        journey = self._model.journey
        self.all = text_rows(journey)
        codes = languages_in(journey, self.all)
        rows = self._kept()
        same = [row.key for row in rows] == [row.key for row in self.rows]
        if same and codes == self.languages:
            self.rows = rows
            last = self.index(len(rows) - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.languages, self.rows = codes, rows
        self.endResetModel()

    def filter(self, words: str, *, missing: bool) -> None:
        """Show only rows with these words, or only those with a language missing."""
        self._filter, self._only_missing = words.strip().lower(), missing
        self.beginResetModel()
        self.rows = self._kept()
        self.endResetModel()

    def _kept(self) -> list[TextRow]:
        wanted = self._model.journey.languages
        return [
            row
            for row in self.all
            if (not self._only_missing or row.missing(wanted))
            and (not self._filter or self._filter in self._haystack(row))
        ]

    @staticmethod
    def _haystack(row: TextRow) -> str:
        return " ".join([row.title, row.node, row.field_words, *row.words.values()]).lower()

    def missing(self) -> int:
        """How many texts lack a language of the journey."""
        return sum(bool(row.missing(self._model.journey.languages)) for row in self.all)

    # --- what Qt asks --------------------------------------------------------------------------

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else _FIXED + len(self.languages)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Vertical:
            return section + 1
        heads = (tr("Step"), tr("Field"), tr("Channel"))
        return heads[section] if section < _FIXED else language_words(self._code(section))

    def _code(self, column: int) -> str:
        return self.languages[column - _FIXED]

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], index.column()
        if column < _FIXED:
            shown = (self._title(row), row.field_words, channel_words(row.channel))[column]
            return shown if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole} else None  # fmt: skip
        return self._words(row, self._code(column), role)

    def _title(self, row: TextRow) -> str:
        node = self._model.settings_of(row.node)
        return title_of(node) if node is not None else row.title

    def _words(self, row: TextRow, code: str, role: int) -> object:
        words = row.words.get(code, "")
        lacks = code in row.missing(self._model.journey.languages)
        if role == Qt.ItemDataRole.EditRole:
            return words
        if role == Qt.ItemDataRole.DisplayRole:
            return words or ("\u26a0 " + tr("missing") if lacks else "")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return words or (tr("missing") if lacks else tr("empty"))
        return words or None if role == Qt.ItemDataRole.ToolTipRole else None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        plain = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        return plain | Qt.ItemFlag.ItemIsEditable if index.column() >= _FIXED else plain

    @override
    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row, code = self.rows[index.row()], self._code(index.column())
        words = str(value)
        if role != Qt.ItemDataRole.EditRole or words == row.words.get(code, ""):
            return False
        edits = edit_of(self._model.journey, [(row, code, words)])
        title = tr("Text of {title} in {language}", title=self._title(row), language=language_words(code))  # fmt: skip
        return self._model.apply(title, *edits)


class TextDelegate(QStyledItemDelegate):
    """Edits a cell as text of several lines: Ctrl+Enter or leaving takes it, Esc does not."""

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        del option
        box = QPlainTextEdit(parent)
        box.setTabChangesFocus(True)
        box.setAccessibleName(str(index.model().headerData(index.column(), Qt.Orientation.Horizontal)))  # fmt: skip
        return box

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QPlainTextEdit):
            editor.setPlainText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            editor.selectAll()

    @override
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QPlainTextEdit):
            model.setData(index, editor.toPlainText())

    @override
    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        del index
        height = max(option.rect.height(), editor.fontMetrics().lineSpacing() * 4 + 16)
        editor.setGeometry(option.rect.x(), option.rect.y(), option.rect.width(), height)

    @override
    def eventFilter(self, object: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if enter and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                return False  # a new line
            if enter and isinstance(object, QWidget):
                self.commitData.emit(object)
                self.closeEditor.emit(object, QStyledItemDelegate.EndEditHint.NoHint)
                return True
        return super().eventFilter(object, event)
