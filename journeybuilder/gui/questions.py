"""The few questions the window asks; each names what the answers do."""

from typing import Literal

from PySide6.QtWidgets import QInputDialog, QLineEdit, QMessageBox, QPushButton, QWidget

Kept = Literal["save", "discard", "cancel"]
Whose = Literal["mine", "theirs"]


def _box(parent: QWidget, name: str, title: str, text: str) -> QMessageBox:
    box = QMessageBox(parent)
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
    what = f"“{names[0]}” has changes" if len(names) == 1 else f"{len(names)} journeys have changes"
    box = _box(
        parent, "unsaved", f"{what} that are not saved", "Discarding goes back to what is saved."
    )
    saved = _button(box, "Save", QMessageBox.ButtonRole.AcceptRole, "save")
    dropped = _button(box, "Discard", QMessageBox.ButtonRole.DestructiveRole, "discard")
    _button(box, "Cancel", QMessageBox.ButtonRole.RejectRole, "cancel")
    box.setDefaultButton(saved)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    if clicked is saved:
        return "save"
    return "discard" if clicked is dropped else "cancel"


def ask_whose(parent: QWidget, name: str) -> Whose:
    """Somebody else has changed a file that has changes here."""
    text = (
        "You have changes here that are not saved. Keep yours (the next save replaces the file), or "
        "take theirs (your changes are lost)."
    )
    box = _box(parent, "conflict", f"“{name}” was changed outside of this window", text)
    mine = _button(box, "Keep mine", QMessageBox.ButtonRole.RejectRole, "mine")
    theirs = _button(box, "Take theirs", QMessageBox.ButtonRole.DestructiveRole, "theirs")
    box.setDefaultButton(mine)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return "theirs" if clicked is theirs else "mine"


def tell(parent: QWidget, title: str, text: str) -> None:
    """Something could not be done."""
    box = _box(parent, "told", title, text)
    box.setIcon(QMessageBox.Icon.Warning)
    box.addButton(QMessageBox.StandardButton.Ok)
    box.open()


def ask_name(parent: QWidget, title: str, words: str, text: str = "") -> str:
    """A name, or "" when the person changed their mind."""
    answer, given = QInputDialog.getText(parent, title, words, QLineEdit.EchoMode.Normal, text)
    return answer.strip() if given else ""
