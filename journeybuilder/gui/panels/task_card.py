"""A person's task in a rehearsal: what they see, what they may change, a note, a button per decision."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from journeybuilder.document.model import mapping
from journeybuilder.gui.forms.base import column, label, restyle
from journeybuilder.gui.forms.plain import GrowingText, ReadingText
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.panels.values_shown import as_text, headline

_ROW = 2  # decisions side by side
_TITLES = {
    "review": noop("A person decides"),
    "handoff": noop("A person takes over"),
    "uncertain": noop("Did it happen?"),
}
_DONE = {
    "done": noop("Case closed"), "return": noop("Hand back"), "unavailable": noop("Nobody is there"),
}  # fmt: skip
"""What the decisions of a handoff are called."""
_UNCERTAIN = {
    "done": noop("It happened"), "not_done": noop("It did not: call again"),
    "cancel": noop("End the run"),
}  # fmt: skip
_PRIORITIES = {
    "low": noop("low"), "normal": noop("normal"), "high": noop("high"), "urgent": noop("urgent"),
}  # fmt: skip


class TaskCard(QFrame):
    """Something that a person has to decide.

    Signals:
        decided: The decision, the changed draft or None, and the note.
    """

    decided = Signal(str, object, str)

    def __init__(self, task: Mapping[str, Any]) -> None:
        super().__init__()
        self.setProperty("role", "task")
        self._kind = str(task.get("kind", ""))
        to = str(task.get("to", ""))
        layout = column(self, spacing=8, margins=(12, 12, 12, 12))
        title = tr(_TITLES.get(self._kind, _TITLES["review"]))
        self.setAccessibleName(title)
        layout.addWidget(label(title, "field"))
        if to:
            layout.addWidget(label(tr("Queue: {to}", to=to), "help"))
        self._drafts: dict[str, _Draft] = {}
        shown = mapping(task.get("show"))
        editable = [str(name) for name in cast("Sequence[Any]", task.get("editable") or ())]
        for name, value in shown.items():
            self._put(layout, str(name), value, editable=name in editable)
        self.note = QLineEdit(self)
        self.note.setPlaceholderText(tr("Note, if you like"))
        self.note.setAccessibleName(tr("Note with the decision"))
        self._buttons: list[QPushButton] = []
        decisions = [str(one) for one in cast("Sequence[Any]", task.get("decisions") or ())]
        layout.addWidget(self.note)
        self.note.setVisible(self._kind == "review")
        layout.addLayout(self._decisions(decisions))
        if self._buttons:
            self.setFocusProxy(self._buttons[0])

    def _put(self, layout: QVBoxLayout, name: str, value: Any, *, editable: bool) -> None:
        if editable:
            layout.addWidget(
                label(tr("{name} – you may change it", name=headline(name)), "caption")
            )
            draft = self._drafts[name] = _Draft(name, value)
            layout.addWidget(draft)
        elif value not in (None, {}, [], ""):
            layout.addWidget(label(self._named(name), "caption"))
            known = _PRIORITIES.get(str(value), "") if name == "priority" else ""
            layout.addWidget(ReadingText(tr(known) if known else as_text(value)))

    def _named(self, name: str) -> str:
        if self._kind == "handoff":
            return {
                "facts": tr("What they get"), "skills": tr("What they should know"),
                "priority": tr("Priority"), "summary": tr("Summary"),
            }.get(name, headline(name))  # fmt: skip
        return headline(name)

    def _decisions(self, decisions: Sequence[str]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        words = {"handoff": _DONE, "uncertain": _UNCERTAIN}.get(self._kind, {})
        for index, decision in enumerate(decisions):
            said = tr(words[decision]) if decision in words else headline(decision)
            button = QPushButton(said)
            if index == 0:
                button.setProperty("role", "primary")
            button.setObjectName(f"decision.{decision}")
            button.clicked.connect(weak(self._decide, decision))
            grid.addWidget(button, index // _ROW, index % _ROW)
            self._buttons.append(button)
        return grid

    def _decide(self, decision: str) -> None:
        changed: Any = None
        for draft in self._drafts.values():
            if not draft.fits():
                draft.setFocus()
                return
            if draft.changed:
                changed = draft.value
        self.setEnabled(False)
        self.decided.emit(decision, changed, self.note.text().strip())


class _Draft(QWidget):
    """A value that may be changed: text as it is, anything else as JSON."""

    def __init__(self, name: str, value: Any) -> None:
        super().__init__()
        self._first = value
        self._plain = isinstance(value, str) or value is None
        layout = column(self, spacing=4)
        self.box = GrowingText(2)
        self.box.setPlainText(self._written(value))
        self.box.setAccessibleName(tr("{name}, can be changed", name=headline(name)))
        self.box.textChanged.connect(self._typed)
        layout.addWidget(self.box)
        self._wrong = label(tr('Write it as JSON: {"name": value}.'), "wrong", wrap=True)
        self._wrong.hide()
        layout.addWidget(self._wrong)
        self.setFocusProxy(self.box)

    def _written(self, value: Any) -> str:
        if self._plain:
            return str(value or "")
        return json.dumps(value, ensure_ascii=False, indent=2, default=str)

    def _typed(self) -> None:
        self._wrong.hide()
        restyle(self.box, "invalid", False)

    @property
    def changed(self) -> bool:
        """Whether it says something else than at first."""
        return self.box.toPlainText() != self._written(self._first)

    @property
    def value(self) -> Any:
        """What it says. Raises ValueError where that cannot be read."""
        text = self.box.toPlainText()
        return text if self._plain else json.loads(text)

    def fits(self) -> bool:
        """Whether it can be read; says so where it cannot."""
        try:
            _ = self.value
        except ValueError:
            self._wrong.show()
            restyle(self.box, "invalid", True)
            return False
        return True
