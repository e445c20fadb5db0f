"""New workspaces: from which template, with which name, where."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from journeybuilder.document.templates import make_workspace
from journeybuilder.errors import ProgramError
from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.rows import ICON, KEY, SUB, WRAP, RowDelegate
from journeybuilder.packaged import packaged

SAMPLE = "retail"
BLANK = "blank"
_FOLDER = "journeybuilder"


@dataclass(frozen=True, slots=True)
class Template:
    """What a new workspace can begin with; `title` and `about` are marked with `noop`."""

    id: str
    title: str
    about: str
    icon: str = "journey"


_KNOWN = {
    BLANK: Template(BLANK, noop("Empty workspace"), noop("Nothing in it but the files it needs; for journeys of your own."), "add"),
    SAMPLE: Template(SAMPLE, noop("Returns of a shop"), noop("The sample: four journeys about orders, parcels and returns, with small servers of their own and scenarios to rehearse them."), "journey"),
}  # fmt: skip


def templates() -> Sequence[Template]:
    """Every template that comes with the program, the empty one last."""
    found = sorted(path.name for path in packaged("samples").iterdir() if path.is_dir())
    shown = [_KNOWN.get(name) or Template(name, name.capitalize(), "") for name in found]
    return sorted(shown, key=lambda one: one.id == BLANK)


def usual_folder() -> Path:
    """Where workspaces go unless the person chooses another place: a folder in their documents."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents or Path.home()) / _FOLDER


def free(target: Path) -> Path:
    """The folder itself, or with a number where it is taken."""
    number = 2
    found = target
    while found.exists() and (not found.is_dir() or any(found.iterdir())):
        found = target.with_name(f"{target.name}-{number}")
        number += 1
    return found


class NewWorkspaceDialog(Dialog):
    """Asks for a template, a name and a place, and makes the workspace.

    Signals:
        made: The folder of the new workspace, as a `Path`.
    """

    made = Signal(object)

    def __init__(self, look: Look, chosen: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName("new workspace")
        self.setWindowTitle(tr("New workspace"))
        self.setMinimumWidth(560)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = column(self, spacing=8, margins=(24, 24, 24, 16))
        layout.addWidget(label(tr("New workspace"), "title"))
        layout.addWidget(label(tr("Begin with"), "field"))
        self._delegate = RowDelegate(look)
        self.list = _list_of(templates(), self._delegate)
        layout.addWidget(self.list)
        self.name = QLineEdit()
        self.folder = QLineEdit(str(usual_folder()))
        self._field(layout, tr("Name"), self.name)
        line = self._field(layout, tr("In the folder"), self.folder)
        other = QPushButton(tr("Choose…"))
        other.setAutoDefault(False)
        other.clicked.connect(self._browse)
        line.addWidget(other)
        self.words = label("", "help", wrap=True)
        layout.addWidget(self.words)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = buttons.addButton(tr("Make it"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        buttons.accepted.connect(self._make)
        buttons.rejected.connect(self.reject)
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setText(tr("Cancel"))
        layout.addSpacing(8)
        layout.addWidget(buttons)
        self._named = False
        self.list.currentRowChanged.connect(self._chosen)
        self.name.textEdited.connect(self._typed)
        self.name.textChanged.connect(self._show)
        self.folder.textChanged.connect(self._show)
        names = [one.id for one in templates()]
        self.list.setCurrentRow(names.index(chosen) if chosen in names else 0)

    @staticmethod
    def _field(layout: QVBoxLayout, title: str, edit: QLineEdit) -> QHBoxLayout:
        words = label(title, "field")
        words.setBuddy(edit)
        edit.setAccessibleName(title)
        layout.addWidget(words)
        line = row(spacing=8)
        line.addWidget(edit, 1)
        layout.addLayout(line)
        return line

    @property
    def template(self) -> str:
        """Id of the chosen template."""
        chosen = self.list.selectedItems()
        return str(chosen[0].data(KEY)) if chosen else BLANK

    @property
    def target(self) -> Path:
        """The folder that would be made."""
        return Path(self.folder.text().strip()).expanduser() / self.name.text().strip()

    def _chosen(self) -> None:
        if not self._named:
            name = "my-journeys" if self.template == BLANK else f"{self.template}-sample"
            self.name.setText(free(Path(self.folder.text()).expanduser() / name).name)

    def _typed(self) -> None:
        self._named = True

    def _show(self) -> None:
        named = bool(self.name.text().strip() and self.folder.text().strip())
        self.go.setEnabled(named)
        self.words.setText(
            tr("It will be in {folder}.", folder=str(self.target))
            if named
            else tr("Give it a name and a folder.")
        )

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, tr("Where should the workspace go?"), str(Path.home())
        )
        if folder:
            self.folder.setText(folder)

    def _make(self) -> None:
        try:
            folder = make_workspace(self.target, self.template)
        except ProgramError as error:
            self.words.setText(f"\u2716 {error.what} {error.hint}")
            self.words.setProperty("role", "wrong")
            self.words.style().unpolish(self.words)
            self.words.style().polish(self.words)
            self.name.setFocus()
            return
        self.made.emit(folder)
        self.accept()


def _list_of(shown: Sequence[Template], delegate: RowDelegate) -> QListWidget:
    found = QListWidget()
    found.setProperty("role", "rows")
    found.setAccessibleName(tr("Templates"))
    found.setItemDelegate(delegate)
    for one in shown:
        item = QListWidgetItem(tr(one.title))
        item.setData(SUB, tr(one.about))
        item.setData(WRAP, True)
        item.setData(ICON, one.icon)
        item.setData(KEY, one.id)
        item.setToolTip(tr(one.about))
        found.addItem(item)
    found.setResizeMode(QListWidget.ResizeMode.Adjust)  # rows wrap at the width they really have
    found.setMinimumHeight(150)
    return found


def make_sample(tell: Callable[[str, str], None]) -> Path | None:
    """Copy the sample to the usual place; None when that failed, which was told."""
    try:
        return make_workspace(free(usual_folder() / f"{SAMPLE}-sample"), SAMPLE)
    except (ProgramError, OSError) as error:
        tell(tr("The sample cannot be copied"), str(error))
        return None
