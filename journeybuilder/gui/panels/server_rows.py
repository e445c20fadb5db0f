"""Rows of a form about a server: words of a command, and names with values that may be secrets."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from journeybuilder.document.servers import looks_secret
from journeybuilder.gui.forms.base import column, empty, label, row
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak

AskSecret = Callable[[str, Callable[[str], None]], None]
"""Lets a person store a secret: gets a name to propose, and calls back with the name it has."""
_REMOVE = "\u2715"


def remover(words: str) -> QPushButton:
    """A small button that removes a row."""
    button = QPushButton(_REMOVE)
    button.setProperty("role", "remove")
    button.setAutoDefault(False)
    button.setAccessibleName(words)
    button.setToolTip(words)
    return button


class WordsField(QWidget):
    """A list of words, one per row.

    Signals:
        edited: A word is another one, or there are more or fewer.
    """

    edited = Signal()

    def __init__(self, title: str, add: str) -> None:
        super().__init__()
        self._title = title
        self._fields: list[QLineEdit] = []
        layout = column(self, spacing=4)
        self._rows = QWidget()
        self._body = column(self._rows, spacing=4)
        layout.addWidget(self._rows)
        self.add_button = QPushButton(add)
        self.add_button.setProperty("role", "quiet")
        self.add_button.setAutoDefault(False)  # Enter in a field is for the dialog
        self.add_button.clicked.connect(self.add)
        layout.addWidget(self.add_button, alignment=Qt.AlignmentFlag.AlignLeft)

    def values(self) -> list[str]:
        """The words; empty rows at the end count for nothing."""
        words = [one.text() for one in self._fields]
        while words and not words[-1]:
            words.pop()
        return words

    def show_values(self, words: Sequence[str]) -> None:
        """Show these words."""
        empty(self._body)
        self._fields = []
        for word in words:
            self._row(word)

    def _row(self, word: str) -> QLineEdit:
        number = len(self._fields) + 1
        holder = QWidget()
        line = row(holder, spacing=4)
        field = QLineEdit(word)
        field.setProperty("role", "code")
        field.setAccessibleName(tr("{what} {number}", what=self._title, number=number))
        field.textChanged.connect(self.edited)
        button = remover(tr("Remove {what} {number}", what=self._title, number=number))
        button.clicked.connect(weak(self._remove, field))
        line.addWidget(field, 1)
        line.addWidget(button)
        self._body.addWidget(holder)
        self._fields.append(field)
        return field

    def add(self) -> None:
        """Add an empty row and put the cursor into it."""
        self._row("").setFocus()
        self.edited.emit()

    def _remove(self, field: QLineEdit) -> None:
        words = [one.text() for one in self._fields if one is not field]
        self.show_values(words)
        (self._fields[-1] if self._fields else self.add_button).setFocus()
        self.edited.emit()


class PairsField(QWidget):
    """Names with values; a value can be put into the keyring, so that only its name stands in the file.

    Signals:
        edited: A name or value is another one, or there are more or fewer.
    """

    edited = Signal()

    def __init__(self, title: str, add: str, ask_secret: AskSecret) -> None:
        super().__init__()
        self._title = title
        self._ask = ask_secret
        self._fields: list[tuple[QLineEdit, QLineEdit]] = []
        layout = column(self, spacing=4)
        self._rows = QWidget()
        self._body = column(self._rows, spacing=4)
        layout.addWidget(self._rows)
        self.warning = label("", "warning", wrap=True)
        self.warning.hide()
        layout.addWidget(self.warning)
        self.add_button = QPushButton(add)
        self.add_button.setProperty("role", "quiet")
        self.add_button.setAutoDefault(False)  # Enter in a field is for the dialog
        self.add_button.clicked.connect(self.add)
        layout.addWidget(self.add_button, alignment=Qt.AlignmentFlag.AlignLeft)

    def values(self) -> dict[str, str]:
        """The values by name; a row without a name counts for nothing."""
        return {
            name.text().strip(): value.text() for name, value in self._fields if name.text().strip()
        }

    def show_values(self, values: Mapping[str, str]) -> None:
        """Show these values."""
        empty(self._body)
        self._fields = []
        for name, value in values.items():
            self._row(name, str(value))
        self._warn()

    def _row(self, name: str, value: str) -> QLineEdit:
        number = len(self._fields) + 1
        holder = QWidget()
        line = row(holder, spacing=4)
        key, field = QLineEdit(name), QLineEdit(value)
        key.setAccessibleName(tr("{what} {number}, name", what=self._title, number=number))
        field.setAccessibleName(tr("{what} {number}, value", what=self._title, number=number))
        key.setPlaceholderText(tr("NAME"))
        for one in (key, field):
            one.setProperty("role", "code")
            one.textChanged.connect(self._changed)
        secret = QPushButton(tr("Secret…"))
        secret.setAutoDefault(False)
        secret.setToolTip(
            tr("Store the value in the keyring of this computer; the file gets its name")
        )
        secret.setAccessibleName(
            tr("Make {what} {number} a secret", what=self._title, number=number)
        )
        secret.clicked.connect(weak(self._make_secret, key, field))
        button = remover(tr("Remove {what} {number}", what=self._title, number=number))
        button.clicked.connect(weak(self._remove, key))
        line.addWidget(key, 2)
        line.addWidget(field, 3)
        line.addWidget(secret)
        line.addWidget(button)
        self._body.addWidget(holder)
        self._fields.append((key, field))
        return key

    def add(self) -> None:
        """Add an empty row and put the cursor into it."""
        self._row("", "").setFocus()
        self.edited.emit()

    def _make_secret(self, key: QLineEdit, field: QLineEdit) -> None:
        self._ask(key.text().strip(), weak_text(field))

    def _remove(self, key: QLineEdit) -> None:
        left = {a.text(): b.text() for a, b in self._fields if a is not key}
        self.show_values(left)
        (self._fields[-1][0] if self._fields else self.add_button).setFocus()
        self.edited.emit()

    def _changed(self) -> None:
        self._warn()
        self.edited.emit()

    def _warn(self) -> None:
        open_ones = [
            name for name, value in self.values().items()
            if looks_secret(name) and value and "${" not in value
        ]  # fmt: skip
        self.warning.setText(
            tr(
                "\u26a0 {names}: this looks like a secret and would stand in the file for everybody to "
                "read. Press “Secret…” beside it.", names=", ".join(open_ones),
            )
        )  # fmt: skip
        self.warning.setVisible(bool(open_ones))


class _Filler:
    """Puts the reference to a secret into a field."""

    def __init__(self, field: QLineEdit) -> None:
        self._field = field

    def fill(self, name: str) -> None:
        """The secret has this name now."""
        before = self._field.text()
        head = before.split(" ", 1)[0] + " " if before.startswith(("Bearer ", "Basic ")) else ""
        self._field.setText(f"{head}${{secret:{name}}}")


def weak_text(field: QLineEdit) -> Callable[[str], None]:
    """What a stored secret is told to: the field gets its name."""
    return _Filler(field).fill


class Rows(QWidget):
    """Fields below each other, each with its name."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = column(self, spacing=4)

    def add(self, title: str, widget: QWidget, about: str = "") -> None:
        """Add a field."""
        name = label(title, "field")
        name.setBuddy(widget)
        self._layout.addWidget(name)
        if not widget.accessibleName():
            widget.setAccessibleName(title)
        self._layout.addWidget(widget)
        if about:
            self._layout.addWidget(label(about, "help", wrap=True))
        self._layout.addSpacing(8)
