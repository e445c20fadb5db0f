"""What a person can do when a journey could not be saved: nothing is lost, another place is offered."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from journeybuilder.document.workspace import JOURNEY_ENDING, LAYOUT_ENDING
from journeybuilder.document.write import save
from journeybuilder.errors import ProgramError
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look import questions
from journeybuilder.gui.look.dialog import Question
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak


class NotSaved(Question):
    """Says why a save failed and offers what helps.

    Attributes:
        again: The button that tries again; `copy` saves to another place, `over` writes over a file
            that cannot be read.
    """

    def __init__(self, parent: QWidget, model: JourneyModel, error: ProgramError) -> None:
        super().__init__(parent)
        self._model = model
        self.setObjectName("not-saved")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle(tr("The journey was not saved"))
        self.setText(tr("“{title}” was not saved. {why}", title=model.title, why=said(error.what)))
        place = tr("File: {path}", path=error.where) if error.where else ""
        kept = tr(
            "Nothing is lost: everything stays open here, and every edit is kept on this disk."
        )
        self.setInformativeText("\n".join(part for part in (said(error.hint), place, kept) if part))
        self.again = self.addButton(tr("Try again"), QMessageBox.ButtonRole.AcceptRole)
        self.copy = self.addButton(tr("Save a copy…"), QMessageBox.ButtonRole.ActionRole)
        broken = not model.disk.source.readable and bool(model.disk.source.text.strip())
        self.over = (
            self.addButton(tr("Save over it"), QMessageBox.ButtonRole.DestructiveRole)
            if broken
            else None
        )
        closing = self.addButton(tr("Go on editing"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(closing if broken else self.again)
        self.copy.clicked.connect(weak(self._copy))

    def _copy(self) -> None:
        ask_copy(self.parentWidget() or self, self._model)


def ask_copy(parent: QWidget, model: JourneyModel) -> Path | None:
    """Save what is shown to a file of the person's choice; the journey itself stays unsaved.

    Returns:
        The file, or None where the person changed their mind or it failed, which was told.
    """
    stem = model.disk.path.name.removesuffix(JOURNEY_ENDING)
    proposed = Path.home() / f"{stem}-copy{JOURNEY_ENDING}"
    name, _ = QFileDialog.getSaveFileName(
        parent, tr("Save a copy"), str(proposed), tr("Journeys (*.yaml)")
    )
    if not name:
        return None
    path = Path(name)
    try:
        pair = model.outside.ours()
        save(path, pair.journey)
        if pair.layout and path.name.endswith(JOURNEY_ENDING):
            beside = path.name.removesuffix(JOURNEY_ENDING) + LAYOUT_ENDING
            save(path.with_name(beside), pair.layout)
    except ProgramError as error:
        questions.tell(parent, tr("The copy was not saved"), str(error))
        return None
    return path
