"""The few questions the window asks; each names what the answers do."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QInputDialog,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QWidget,
)

from journeybuilder.gui.look.dialog import Question
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn

_NAME_WIDTH = 380  # pixels
Kept = Literal["save", "discard", "cancel"]


def _box(parent: QWidget, name: str, title: str, text: str) -> QMessageBox:
    box = Question(parent)
    box.setObjectName(name)
    box.setWindowTitle(title)
    box.setText(title)
    box.setInformativeText(text)
    return box


def _button(box: QMessageBox, words: str, role: QMessageBox.ButtonRole, name: str) -> QPushButton:
    button = box.addButton(words, role)
    button.setObjectName(name)
    return button


def ask_unsaved(parent: QWidget, names: list[str]) -> Kept:
    """Save, discard or go on editing."""
    what = (
        tr("“{name}” has changes that are not saved", name=names[0])
        if len(names) == 1
        else trn(
            "{n} journey has changes that are not saved",
            "{n} journeys have changes that are not saved",
            len(names),
        )
    )
    box = _box(parent, "unsaved", what, tr("Discarding goes back to what is saved."))
    saved = _button(box, tr("Save"), QMessageBox.ButtonRole.AcceptRole, "save")
    dropped = _button(box, tr("Discard"), QMessageBox.ButtonRole.DestructiveRole, "discard")
    _button(box, tr("Cancel"), QMessageBox.ButtonRole.RejectRole, "cancel")
    box.setDefaultButton(saved)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    if clicked is saved:
        return "save"
    return "discard" if clicked is dropped else "cancel"


def tell(parent: QWidget, title: str, text: str) -> None:
    """Something could not be done."""
    box = _box(parent, "told", title, said(text))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Warning)
    _button(box, tr("OK"), QMessageBox.ButtonRole.AcceptRole, "ok")
    box.open()


def ask_name(parent: QWidget, title: str, words: str, text: str = "") -> str:
    """A name, or "" when the person changed their mind."""
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setLabelText(words)
    dialog.setTextValue(text)
    dialog.setOkButtonText(tr("OK"))
    dialog.setCancelButtonText(tr("Cancel"))
    field = dialog.findChild(QLineEdit)
    if field is not None:
        field.setAccessibleName(words)
        field.setMinimumWidth(_NAME_WIDTH)
    asking = _Naming(dialog)
    dialog.textValueChanged.connect(asking.check)
    asking.check(text)
    given = dialog.exec() == QDialog.DialogCode.Accepted
    answer = dialog.textValue().strip()
    dialog.deleteLater()
    return answer if given else ""


class _Naming:
    """Lets a name be given only where there is one."""

    def __init__(self, dialog: QInputDialog) -> None:
        self._box = dialog.findChild(QDialogButtonBox)

    def check(self, text: str) -> None:
        """Something was typed."""
        button = self._box.button(QDialogButtonBox.StandardButton.Ok) if self._box else None
        if button is not None:
            button.setEnabled(bool(text.strip()))
