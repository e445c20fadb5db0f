"""The quiet line below an expression: its value on sample values, which can be changed in place."""

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget
from typing_extensions import override

from journeybuilder.gui.expressions.book import SampleBook
from journeybuilder.gui.expressions.complete import shown
from journeybuilder.gui.expressions.samples import MISSING
from journeybuilder.gui.expressions.scope import Scope
from journeybuilder.gui.expressions.trying import Outcome, Used, in_words, tried, tried_template
from journeybuilder.gui.forms.base import FormContext, Path, column, empty, label, restyle, row
from journeybuilder.gui.forms.picks import remove_button
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.look.theme import icon

_SETTLE = 120  # ms after the last change until it is tried
_LONGEST = 160
_TOLD = 3


def mini_button(name: str, words: str, slot: Any, *, checkable: bool = False) -> QToolButton:
    """A small button that is only an icon; the words are its tool tip and its name."""
    button = QToolButton()
    button.setProperty("role", "mini")
    color = button.palette().color(QPalette.ColorRole.PlaceholderText).name()
    button.setIcon(icon(name, color))
    button.setIconSize(QSize(16, 16))
    button.setCheckable(checkable)
    button.setToolTip(words)
    button.setAccessibleName(words)
    button.clicked.connect(slot)
    return button


def meant(text: str, before: Any) -> Any:
    """A typed sample value: text stays text where the value is one, else JSON where it is JSON."""
    if isinstance(before, str) and not text.startswith(("{", "[", '"')):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def written(value: Any) -> str:
    """A sample value as it is typed."""
    if value is MISSING:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


class SampleRows(QFrame):
    """A field for each sample value that was used.

    Signals:
        changed: The person has typed another one.
    """

    changed = Signal()

    def __init__(self, book: SampleBook, journey: str) -> None:
        super().__init__()
        self.setProperty("role", "samples")
        self._book = book
        self._journey = journey
        self._used: Sequence[Used] = ()
        self.lines: dict[str, QLineEdit] = {}
        self._notes: dict[str, QLabel] = {}
        self._resets: dict[str, QWidget] = {}
        self._layout = column(self, spacing=4, margins=(8, 8, 8, 8))

    def show_used(self, used: Sequence[Used]) -> None:
        """Show these values; a field that somebody types in stays as it is."""
        if [one.path for one in used] != list(self.lines):
            empty(self._layout)
            self.lines, self._notes, self._resets = {}, {}, {}
            for one in used:
                self._add(one.path)
            if not used:
                self._layout.addWidget(label(tr("It reads no variable."), "help"))
        self._used = used
        own = self._book.own(self._journey)
        for one in used:
            line = self.lines[one.path]
            if not line.hasFocus() or not line.isModified():
                line.setText(written(one.value))
                line.setCursorPosition(0)
            self._notes[one.path].setText(one.source or tr("no sample value yet"))
            self._resets[one.path].setVisible(one.path in own)

    def _add(self, path: str) -> None:
        head: QHBoxLayout = row(spacing=4)
        head.addWidget(label(path, "caption"))
        note = label("", "help", wrap=True)
        head.addWidget(note, 1)
        line = QLineEdit()
        line.setProperty("role", "code")
        line.setPlaceholderText(tr("a value to try it with"))
        line.setAccessibleName(tr("Sample value of {name}", name=path))
        line.editingFinished.connect(weak(self._typed, path))
        reset = remove_button(tr("your sample value of {name}", name=path), weak(self._reset, path))
        below: QHBoxLayout = row(spacing=4)
        below.addWidget(line, 1)
        below.addWidget(reset)
        self._layout.addLayout(head)
        self._layout.addLayout(below)
        self.lines[path], self._notes[path], self._resets[path] = line, note, reset

    def _before(self, path: str) -> Any:
        return next((one.value for one in self._used if one.path == path), MISSING)

    def _typed(self, path: str) -> None:
        line = self.lines[path]
        if not line.isModified():
            return
        line.setModified(False)
        self._keep(path, meant(line.text(), self._before(path)))

    def _keep(self, path: str, value: Any) -> None:
        try:
            self._book.put(self._journey, path, value)
        except OSError as error:
            self._notes[path].setText(tr("kept until the program ends: {error}", error=error))
        self.changed.emit()

    def _reset(self, path: str) -> None:
        try:
            self._book.drop(self._journey, path)
        except OSError as error:
            self._notes[path].setText(tr("kept until the program ends: {error}", error=error))
        self.lines[path].setModified(False)
        self.changed.emit()


class LiveLine(QWidget):
    """What an expression or a text gives on sample values.

    Signals:
        tried: The `Outcome`, whenever it has been tried again.
    """

    tried = Signal(object)

    def __init__(self, path: Path, context: FormContext, *, template: bool = False) -> None:
        super().__init__()
        self._path = path
        self._context = context
        self._try: Callable[[str, Scope], Outcome] = tried_template if template else tried
        self._template = template
        self._text = ""
        self.outcome: Outcome | None = None
        self._rows: SampleRows | None = None
        self._layout = column(self, spacing=4)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_SETTLE)
        self._later.timeout.connect(self.refresh)
        self.hide()

    @cached_property
    def words(self) -> QLabel:
        """What it gives."""
        return label("", "live", wrap=True)

    @cached_property
    def button(self) -> QToolButton:
        """Opens the sample values."""
        words = tr("Show and change the sample values")
        return mini_button("samples", words, self._toggled, checkable=True)

    def _fill(self) -> None:
        """Only when there is something to say: most fields of a form are empty."""
        line: QHBoxLayout = row(spacing=4)
        line.addWidget(self.words, 1)
        line.addWidget(self.button)
        line.setAlignment(self.button, Qt.AlignmentFlag.AlignTop)
        self._layout.addLayout(line)

    def show_text(self, text: str) -> None:
        """Try this text soon."""
        wanted = text.strip() if not self._template or "${" in text else ""
        changed = wanted != self._text
        self._text = wanted
        if self._context.scopes is None or not wanted:
            self._later.stop()
            self.outcome = None
            self.hide()
        elif changed or self.outcome is None:
            self._later.start()

    def refresh(self) -> None:
        """Try it now."""
        if self._context.scopes is None or not self._text:
            return
        self.outcome = self._try(self._text, self._context.scope_at(self._path))
        if not self._layout.count():
            self._fill()
        self._say(self.outcome)
        if self._rows is not None:
            self._rows.show_used(self.outcome.used)
        self.show()
        self.tried.emit(self.outcome)

    def _say(self, outcome: Outcome) -> None:
        used = [f"{one.path} {shown(one.value, 24)}" for one in outcome.used[:_TOLD]]
        rest = "…" if len(outcome.used) > _TOLD else ""
        note = tr("with {values}", values=", ".join(used) + rest) if used else ""
        if outcome.state == "value":
            value = in_words(outcome.value)
            value = value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
            said = f"= {value}"
        else:
            said = tr("no value: {reason}", reason=outcome.words)
        self.words.setText(f"{said}   {note}" if note else said)
        sources = [f"{one.path}: {one.source or tr('no sample value yet')}" for one in outcome.used]
        self.words.setToolTip("\n".join(sources))
        self.words.setAccessibleName(tr("On sample values: {result}", result=f"{said} {note}"))
        restyle(self.words, "state", "value" if outcome.state == "value" else "wrong")

    def _toggled(self, checked: bool) -> None:
        if checked and self._context.scopes is not None:
            journey = self._context.scope_at(self._path).journey
            self._rows = SampleRows(self._context.scopes.book, journey)
            self._rows.changed.connect(self._samples_changed)
            self._rows.show_used(self.outcome.used if self.outcome is not None else ())
            self._layout.addWidget(self._rows)
            first = next(iter(self._rows.lines.values()), None)
            if first is not None:
                first.setFocus(Qt.FocusReason.OtherFocusReason)
                first.selectAll()
        elif self._rows is not None:
            self._layout.removeWidget(self._rows)
            self._rows.hide()
            self._rows.deleteLater()
            self._rows = None

    def _samples_changed(self) -> None:
        for other in self.window().findChildren(LiveLine):
            if other.isVisible():
                other.refresh()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._text and self.outcome is not None:
            self._later.start()  # a rehearsal may have told other values meanwhile

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._later.stop()
