"""All texts of a journey in all its languages: for those who write and translate them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableView,
    QWidget,
)

from journeybuilder.document.write import save
from journeybuilder.errors import AuthorError, ProgramError
from journeybuilder.gui.forms.base import column, label, restyle, row
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.journey_texts import Import, edit_of, from_csv, to_csv
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.panels.texts_table import TextDelegate, TextsTable

_LARGEST = 20_000_000  # bytes of a file that is read in one go


class TextsDialog(Dialog):
    """The table of texts; edits go to the journey at once and can be undone here.

    Signals:
        went: A node that the person wants to see; the dialog is closed then.
    """

    went = Signal(str)

    def __init__(self, model: JourneyModel, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._model = model
        self._import: Import | None = None
        self.setObjectName("texts")
        self.setWindowTitle(tr("Texts"))
        self.resize(960, 620)
        self.table = TextsTable(model, self)
        layout = column(self, spacing=12, margins=(24, 24, 24, 16))
        layout.addWidget(label(tr("Texts of “{title}”", title=model.title), "title"))
        self._about = label("", "muted", wrap=True)
        layout.addWidget(self._about)
        layout.addLayout(self._tools())
        self.view = self._view()
        layout.addWidget(self.view, 1)
        self._empty = label("", "muted", wrap=True)
        layout.addWidget(self._empty)
        self.words = label("", "muted", wrap=True)
        self.words.hide()
        layout.addWidget(self.words)
        layout.addWidget(self._foot())
        for keys, slot in (
            (QKeySequence.StandardKey.Undo, self._undo),
            (QKeySequence.StandardKey.Redo, self._redo),
            (QKeySequence.StandardKey.Find, self._go_search),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(slot)
        model.edited.connect(self._edited)
        self._edited()

    def _tools(self) -> QHBoxLayout:
        line = row(spacing=12)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search in texts and steps"))
        self.search.setAccessibleName(tr("Search in texts and steps"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.missing = QCheckBox(tr("Only with missing languages"))
        self.missing.clicked.connect(self._filter)
        line.addWidget(self.search, 1)
        line.addWidget(self.missing)
        return line

    def _view(self) -> QTableView:
        view = QTableView()
        view.setModel(self.table)
        view.setItemDelegate(TextDelegate(view))
        view.setAccessibleName(tr("Texts"))
        view.setWordWrap(True)
        view.setTabKeyNavigation(False)
        view.setShowGrid(True)
        view.setAlternatingRowColors(False)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        view.setEditTriggers(
            triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed
        )
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        view.horizontalHeader().setStretchLastSection(True)
        view.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        return view

    def _foot(self) -> QDialogButtonBox:
        box = ButtonRow()
        self.export = self._button(tr("Export CSV…"), self._export_asked)
        self.take = self._button(tr("Import CSV…"), self._import_asked)
        self.go = self._button(tr("Go to the step"), self._go)
        self.apply = self._button(tr("Import"), self.apply_import)
        self.apply.setProperty("role", "primary")
        close = self._button(tr("Close"), self.close)
        for button in (self.export, self.take, self.go):
            box.addButton(button, QDialogButtonBox.ButtonRole.ResetRole)
        box.addButton(self.apply, QDialogButtonBox.ButtonRole.AcceptRole)
        self.apply.hide()  # only now: a box shows what it takes
        box.addButton(close, QDialogButtonBox.ButtonRole.RejectRole)
        return box

    @staticmethod
    def _button(words: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    # --- following ---------------------------------------------------------------------------------

    def _edited(self) -> None:
        fresh = not self.table.languages
        self.table.read()
        if fresh or self.view.columnWidth(0) == self.view.horizontalHeader().defaultSectionSize():
            self._size_columns()
        self._tell()

    def _size_columns(self) -> None:
        for place, width in enumerate((140, 80, 110)):
            self.view.setColumnWidth(place, width)
        for place in range(3, self.table.columnCount()):
            self.view.setColumnWidth(place, 260)

    def _filter(self) -> None:
        self.table.filter(self.search.text(), missing=self.missing.isChecked())
        self._tell()

    def _tell(self) -> None:
        many, lacking = len(self.table.all), self.table.missing()
        about = trn("{n} text", "{n} texts", many)
        if lacking:
            about += " · " + trn("{n} lacks a language", "{n} lack a language", lacking)
        elif many and len(self._model.journey.languages) > 1:
            about += " · " + tr("all languages are there")
        self._about.setText(about)
        self._empty.setText(self._nothing(many))
        self._empty.setVisible(not self.table.rows)
        self.view.setVisible(bool(self.table.rows))
        self.go.setEnabled(bool(self.table.rows))
        self.export.setEnabled(bool(many))
        self.take.setEnabled(bool(many))

    def _nothing(self, many: int) -> str:
        if not many:
            return tr("This journey says nothing yet. Add a step that says or asks something.")
        if self.missing.isChecked() and not self.search.text():
            return tr("No language is missing anywhere.")
        return tr("Nothing fits. Change the search above.")

    def _undo(self) -> None:
        self._model.history.undo()

    def _redo(self) -> None:
        self._model.history.redo()

    def _go_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _go(self) -> None:
        index = self.view.currentIndex()
        if index.isValid():
            self.went.emit(self.table.rows[index.row()].node)
            self.close()

    # --- CSV ----------------------------------------------------------------------------------------

    def _say(self, words: str, role: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))
        restyle(self.words, "role", role)

    def _export_asked(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, tr("Export the texts"), f"{self._model.journey.id}.csv", tr("Tables (*.csv)")
        )
        if name:
            self.export_to(Path(name))

    def export_to(self, path: Path) -> None:
        """Write the table; with a mark by which spreadsheets know UTF-8."""
        try:
            save(path.absolute(), "\ufeff" + to_csv(self._model.journey))
        except ProgramError as error:
            self._say(said(str(error)), "error")
            return
        self._say(tr("Written to {file}.", file=path), "ok")

    def _import_asked(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, tr("Import texts"), "", tr("Tables (*.csv *.tsv *.txt)")
        )
        if name:
            self.read_import(Path(name))

    def read_import(self, path: Path) -> None:
        """Read a table and say what it would change; nothing changes yet."""
        self._import = None
        try:
            found = from_csv(self._model.journey, _read(path))
        except OSError as error:
            self._say(tr("{file} cannot be read: {why}", file=path, why=error.strerror), "error")
        except AuthorError as error:
            self._say(f"{said(error.what)} {said(error.hint)}".strip(), "error")
        else:
            self._import = found
            self._say(self._told(path, found), "warning" if found.problems else "ok")
        self.apply.setVisible(self._import is not None and bool(self._import.changes))
        if self.apply.isVisible():
            self.apply.setFocus()

    @staticmethod
    def _told(path: Path, found: Import) -> str:
        many = len(found.changes)
        if many:
            first = trn("{file} changes {n} text.", "{file} changes {n} texts.", many, file=path.name)  # fmt: skip
        else:
            first = tr("{file} changes nothing.", file=path.name)
        return "\n".join([first, *found.problems])

    def apply_import(self) -> None:
        """Take the texts of the table that was read, as one step of undo."""
        found, self._import = self._import, None
        self.apply.hide()
        if found is None:
            return
        done = self._model.apply(tr("Import texts"), *edit_of(self._model.journey, found.changes))
        if done:
            many = len(found.changes)
            self._say(trn("{n} text was taken over. Undo takes it back.", "{n} texts were taken over. Undo takes them back.", many), "ok")  # fmt: skip


def _read(path: Path) -> bytes:
    if path.stat().st_size > _LARGEST:
        raise AuthorError(tr("{file} is too large for a table of texts.", file=path.name))
    return path.read_bytes()
