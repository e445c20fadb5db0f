"""The pieces of a rehearsal's conversation: bubbles, calls, tasks, endings."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from journeybuilder.gui.forms.base import column, label, restyle, row
from journeybuilder.gui.forms.plain import GrowingText, ReadingText
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak


def bubble(text: str, *, customer: bool) -> QWidget:
    """Words of the journey (left) or of the customer (right)."""
    holder = QWidget()
    line: QHBoxLayout = row(holder, spacing=0)
    frame = QFrame()
    frame.setProperty("role", "heard" if customer else "said")
    frame.setAccessibleName(
        tr("Customer says: {words}", words=text)
        if customer
        else tr("Journey says: {words}", words=text)
    )
    column(frame, margins=(12, 8, 12, 8)).addWidget(ReadingText(text))
    frame.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    line.addStretch(2) if customer else None
    line.addWidget(frame, 8)
    line.addStretch(2) if not customer else None
    return holder


def step_line(text: str) -> QLabel:
    """A quiet line about what the run did."""
    line = label(text, "help", wrap=True)
    line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return line


def as_text(value: Any) -> str:
    """A value for people: text as it is, else a line per part, what is inside indented."""
    return "\n".join(_lines(value))


def _lines(value: Any) -> list[str]:
    if isinstance(value, Mapping) and value:
        parts = cast("Mapping[Any, Any]", value).items()
        return [line for key, inner in parts for line in _headed(f"{key}:", inner)]
    if isinstance(value, list) and value:
        items = cast("list[Any]", value)
        return [line for item in items for line in _listed(_lines(item))]
    return [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)]


def _headed(head: str, value: Any) -> list[str]:
    inner = _lines(value)
    if len(inner) == 1 and not (isinstance(value, Mapping | list) and value):
        return [f"{head} {inner[0]}"]
    return [head, *(f"    {line}" for line in inner)]


def _listed(lines: list[str]) -> list[str]:
    return [f"\u2022 {lines[0]}", *(f"   {line}" for line in lines[1:])]


class CallLine(QFrame):
    """A tool or model call: one line that opens to arguments and answer."""

    def __init__(self, title: str, request: Any, arguments: str) -> None:
        super().__init__()
        self.setProperty("role", "call")
        layout = column(self, spacing=4, margins=(8, 4, 8, 4))
        head: QHBoxLayout = row(spacing=4)
        self._fold = QToolButton()
        self._fold.setArrowType(Qt.ArrowType.RightArrow)
        self._fold.setCheckable(True)
        self._fold.setAutoRaise(True)
        self._fold.setAccessibleName(tr("Show arguments and answer of {title}", title=title))
        self._fold.toggled.connect(self._toggled)
        head.addWidget(self._fold)
        name = label(title, "code")
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head.addWidget(name, 1)
        self._tag = label(tr("running…"), "help")
        head.addWidget(self._tag)
        layout.addLayout(head)
        self._body = QWidget()
        inside = column(self._body, spacing=4, margins=(8, 0, 8, 8))
        inside.addWidget(label(arguments, "caption"))
        inside.addWidget(ReadingText(as_text(request), "reading code"))
        inside.addWidget(label(tr("Answer"), "caption"))
        self._answer = ReadingText("…", "reading code")
        inside.addWidget(self._answer)
        self._body.hide()
        layout.addWidget(self._body)

    def _toggled(self, opened: bool) -> None:
        self._fold.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        self._body.setVisible(opened)

    def answered(self, value: Any, tag: str) -> None:
        """It came back."""
        self._answer.show_text(as_text(value))
        self._tag.setText(tag)

    def failed(self, message: str) -> None:
        """It failed; open it so that the reason is seen."""
        self._answer.show_text(message)
        self._tag.setText("\u2716 " + tr("failed"))
        restyle(self._tag, "role", "error")
        self._fold.setChecked(True)


class TaskCard(QFrame):
    """Something a person has to decide, with a button per decision.

    Signals:
        decided: The decision and the changed draft, or None.
    """

    decided = Signal(str, object)

    def __init__(self, task: Mapping[str, Any]) -> None:
        super().__init__()
        self.setProperty("role", "task")
        kind = str(task.get("kind", ""))
        to = str(task.get("to", ""))
        titles = {
            "review": tr("A person decides"),
            "handoff": tr("A person takes over"),
            "uncertain": tr("Did it happen?"),
        }
        layout = column(self, spacing=8, margins=(12, 12, 12, 12))
        layout.addWidget(label(titles.get(kind, titles["review"]), "field"))
        if to:
            layout.addWidget(label(tr("Queue: {to}", to=to), "help"))
        editable = [str(name) for name in cast("Sequence[Any]", task.get("editable") or ())]
        self._drafts: dict[str, GrowingText] = {}
        shown = cast("Mapping[str, Any]", task.get("show") or {})
        for name, value in shown.items():
            if value in (None, {}, [], ""):
                continue
            layout.addWidget(label(str(name).replace("_", " ").capitalize(), "caption"))
            if name in editable:
                box = GrowingText(2)
                box.setPlainText(as_text(value))
                box.setAccessibleName(tr("{name}, can be changed", name=name))
                self._drafts[name] = box
                layout.addWidget(box)
            else:
                layout.addWidget(ReadingText(as_text(value)))
        self._first = shown
        buttons: QHBoxLayout = row(spacing=8)
        self._buttons: list[QPushButton] = []
        for index, decision in enumerate(
            str(one) for one in cast("Sequence[Any]", task.get("decisions") or ())
        ):
            button = QPushButton(decision.replace("_", " ").capitalize())
            if index == 0:
                button.setProperty("role", "primary")
            button.setObjectName(f"decision.{decision}")
            button.clicked.connect(weak(self._decide, decision))
            buttons.addWidget(button)
            self._buttons.append(button)
        buttons.addStretch(1)
        layout.addLayout(buttons)

    def _decide(self, decision: str) -> None:
        self.setEnabled(False)
        changed = None
        for name, box in self._drafts.items():
            text = box.toPlainText()
            if text != as_text(self._first[name]):
                changed = text
        self.decided.emit(decision, changed)

    def focus_first(self) -> None:
        """Put the focus on the first decision."""
        if self._buttons:
            self._buttons[0].setFocus()


def ending(title: str, details: Any, *, good: bool) -> QFrame:
    """How it ended."""
    frame = QFrame()
    frame.setProperty("role", "ended" if good else "failed")
    layout = column(frame, spacing=4, margins=(12, 12, 12, 12))
    sign = "\u2714" if good else "\u2716"
    layout.addWidget(label(f"{sign} {title}", "field", wrap=True))
    if details not in (None, "", {}):
        layout.addWidget(ReadingText(as_text(details)))
    return frame
