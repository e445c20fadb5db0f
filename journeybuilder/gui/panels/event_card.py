"""A wait for an event in a rehearsal: whoever rehearses lets it happen, with what comes with it."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton

from journeybuilder.document.model import Journey, mapping
from journeybuilder.gui.forms.base import column, label, restyle
from journeybuilder.gui.look.language import tr


def fields_of(journey: Journey, node: str, example: Any) -> dict[str, Any]:
    """The data fields of the event that a node waits for, each with an example or "".

    They are the ones that the scenario gives, and those of the saved variable that the journey uses.
    """
    known = dict(mapping(example))
    found = journey.nodes.get(node)
    saved = found.settings.get("save") if found is not None else None
    if isinstance(saved, str) and saved:
        text = json.dumps(journey.data, ensure_ascii=False)
        for name in re.findall(rf"(?<![\w.]){re.escape(saved)}\.([A-Za-z_]\w*)(?!\w*\()", text):
            known.setdefault(name, "")
    return known


class EventCard(QFrame):
    """The name of an event, a line for each of its fields, and the button that lets it happen.

    Signals:
        happened: What comes with it.
    """

    happened = Signal(object)

    def __init__(self, event: str, fields: Mapping[str, Any]) -> None:
        super().__init__()
        self.setProperty("role", "task")
        layout = column(self, spacing=8, margins=(12, 12, 12, 12))
        layout.addWidget(label(tr("Waits for the event {event}", event=event), "field", wrap=True))
        self.lines: dict[str, QLineEdit] = {}
        for name, value in fields.items():
            layout.addWidget(label(name, "caption"))
            line = QLineEdit(_shown(value))
            line.setAccessibleName(tr("{name}, comes with {event}", name=name, event=event))
            line.returnPressed.connect(self._happen)
            self.lines[name] = line
            layout.addWidget(line)
        self.data = QLineEdit()
        self.data.setPlaceholderText(tr('more, as JSON: {"place": "Lyon"}'))
        self.data.setAccessibleName(tr("More that comes with {event}, as JSON", event=event))
        self.data.textChanged.connect(self._more_changed)
        self.data.returnPressed.connect(self._happen)
        layout.addWidget(self.data)
        self._wrong = label(tr('Write it as JSON: {"name": value}.'), "wrong", wrap=True)
        self._wrong.hide()
        layout.addWidget(self._wrong)
        self.button = QPushButton(tr("It happened"))
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(self._happen)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        inside: Sequence[QLineEdit | QPushButton] = (*self.lines.values(), self.button)
        self.setFocusProxy(inside[0])

    def _more_changed(self) -> None:
        self._wrong.hide()
        restyle(self.data, "invalid", False)

    def _happen(self) -> None:
        more = self._more()
        if more is None:
            self._wrong.show()
            restyle(self.data, "invalid", True)
            self.data.setFocus()
            return
        given = {name: line.text().strip() for name, line in self.lines.items()}
        self.setEnabled(False)
        self.happened.emit({**{name: _meant(text) for name, text in given.items() if text}, **more})

    def _more(self) -> dict[str, Any] | None:
        """What is written as JSON; None where it is no JSON object."""
        try:
            value = json.loads(self.data.text().strip() or "{}")
        except ValueError:
            return None
        return dict(mapping(value)) if isinstance(value, dict) else None  # pyright: ignore[reportUnknownArgumentType]


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _meant(text: str) -> Any:
    """Numbers, true, false and what is in brackets as JSON, anything else as text."""
    try:
        return json.loads(text)
    except ValueError:
        return text
