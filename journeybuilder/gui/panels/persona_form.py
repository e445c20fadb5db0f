"""Who a simulated customer is: a person with a goal, a mood and what that person knows."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit

from journeybuilder.contract.expressions import as_words
from journeybuilder.contract.json import as_object
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.forms.plain import GrowingText, QuietCombo
from journeybuilder.gui.look.language import tr


class PersonaForm(QFrame):
    """The few things that make a customer.

    Signals:
        changed: Something else is written or chosen.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "case")
        self._rest: dict[str, Any] = {}
        layout = column(self, spacing=4, margins=(8, 8, 8, 8))
        self.lines: dict[str, QLineEdit] = {}
        for name, title, example in (
            ("goal", tr("What the customer wants"), tr("send a pair of shoes back")),
            ("persona", tr("Who the customer is"), tr("in a hurry, gives a wrong number first")),
            ("mood", tr("Mood"), tr("annoyed")),
        ):
            layout.addWidget(label(title, "caption"))
            line = QLineEdit()
            line.setPlaceholderText(tr("for example: {example}", example=example))
            line.setAccessibleName(title)
            line.editingFinished.connect(self.changed)
            self.lines[name] = line
            layout.addWidget(line)
        title = tr("What the customer knows, one per line")
        layout.addWidget(label(title, "caption"))
        self.facts = GrowingText(2)
        self.facts.setPlaceholderText("order_id: O-1001")
        self.facts.setAccessibleName(title)
        self.facts.textChanged.connect(self.changed)
        layout.addWidget(self.facts)
        layout.addWidget(label(tr("Which model plays the customer"), "caption"))
        self.model = QuietCombo()
        self.model.setAccessibleName(tr("Which model plays the customer"))
        self.model.activated.connect(self.changed)
        layout.addWidget(self.model)

    def show_persona(self, persona: Mapping[str, Any], models: Sequence[str]) -> None:
        """Show a customer, and the models that can play one."""
        self._rest = {k: v for k, v in persona.items() if k in {"language", "turns"}}
        for name, line in self.lines.items():
            line.setText(str(persona.get(name) or ""))
        facts = as_object(persona.get("facts")).items()
        before = self.facts.blockSignals(True)
        self.facts.setPlainText("\n".join(f"{name}: {as_words(value)}" for name, value in facts))
        self.facts.blockSignals(before)
        self.model.clear()
        self.model.addItem(tr("None: a stand-in with few words"), "")
        for name in models:
            self.model.addItem(tr("model {name}", name=name), name)
        self.model.setCurrentIndex(max(0, self.model.findData(persona.get("model") or "")))

    def persona(self) -> dict[str, Any]:
        """The customer as a scenario has it under `customer`."""
        told = {name: line.text().strip() for name, line in self.lines.items()}
        facts: dict[str, str] = {}
        for one in self.facts.toPlainText().splitlines():
            name, _, value = one.partition(":")
            if name.strip() and value.strip():
                facts[name.strip()] = value.strip()
        model = str(self.model.currentData() or "")
        parts: dict[str, Any] = {**told, "facts": facts, "model": model, **self._rest}
        return {name: value for name, value in parts.items() if value}
