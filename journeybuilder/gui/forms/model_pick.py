"""Which model: its aliases with what each costs, where it runs and who must not use it."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QFrame, QGridLayout
from typing_extensions import override

from journeybuilder.gui.forms.base import FormContext, Path, has_focus, label, row
from journeybuilder.gui.forms.model_facts import (
    ModelFacts,
    bindings,
    call_words,
    facts_of,
    kept_words,
    price_words,
    tokens_of,
)
from journeybuilder.gui.forms.named_rows import quiet_button
from journeybuilder.gui.forms.picks import PickEditor
from journeybuilder.gui.look.language import tr, trn

SAMPLE = 1000
"""Tokens of a question where nothing is known of it."""


def model_words(facts: ModelFacts) -> str:
    """A model in a list: alias, what it stands for, where it runs, or why not."""
    if facts.blocked:
        return f"{facts.alias}   \u2298 {facts.blocked}"
    parts = [facts.model, facts.region]
    return f"{facts.alias}   {' · '.join(part for part in parts if part)}"


class ModelEditor(PickEditor):
    """A model by its alias, with its facts below."""

    def __init__(self, path: Path, context: FormContext, *, optional: bool) -> None:
        known = [facts_of(alias, entry) for alias, entry in context.models.items()]
        self._facts: Mapping[str, ModelFacts] = {facts.alias: facts for facts in known}
        self._sample = SAMPLE
        self._shown_lines: list[tuple[str, str]] | None = None
        super().__init__(
            path,
            context,
            [(facts.alias, model_words(facts)) for facts in known],
            none=tr("No model") if optional else "",
            placeholder=tr("alias of a model in models.yaml"),
        )
        self._disable([facts.alias for facts in known if facts.blocked])
        self.card = QFrame()
        self.card.setProperty("role", "facts")
        self._grid = QGridLayout(self.card)
        self._grid.setContentsMargins(8, 4, 8, 4)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self.box.addWidget(self.card)
        foot = row(spacing=0)
        self.edit = quiet_button(tr("Edit model…"), self._edit)
        self.add = quiet_button(tr("New model…"), self._new)
        foot.addWidget(self.edit)
        foot.addWidget(self.add)
        foot.addStretch(1)
        self.box.addLayout(foot)
        self.add.setVisible(context.request is not None)
        self._show_card()

    def _disable(self, aliases: Sequence[str]) -> None:
        items = self.combo.model()
        for alias in aliases:
            index = self.combo.findData(alias)
            if isinstance(items, QStandardItemModel) and index >= 0:
                items.item(index).setEnabled(False)
                items.item(index).setToolTip(self._facts[alias].blocked)

    def use_sample(self, texts: Sequence[str]) -> None:
        """Reckon what a call costs with what this node asks."""
        self._sample = tokens_of(texts) if any(texts) else SAMPLE
        self._show_card()

    def _edit(self) -> None:
        if self.context.request is not None:
            self.context.request("model", self._current)

    def _new(self) -> None:
        if self.context.request is not None:
            self.context.request("model", "")

    @override
    def _show(self, value: str) -> None:
        super()._show(value)
        self._show_card()

    @override
    def about(self, value: str) -> str:
        facts = self._facts.get(value)
        if facts is None:
            return tr("There is no such alias in models.yaml.") if value else ""
        if facts.blocked:
            return "\u26a0 " + tr("It cannot be used: {why}.", why=facts.blocked)
        return tr("Offline stand-in: its answers come from the scenario.") if facts.scripted else ""

    def _lines(self, facts: ModelFacts) -> list[tuple[str, str]]:
        lines = [(tr("Model"), facts.model)]
        if not facts.scripted:
            lines += [
                (tr("Price"), price_words(facts)),
                (tr("One call"), call_words(facts, self._sample)),
                (
                    tr("Reads"),
                    tr("up to {n} tokens", n=f"{facts.context:,}") if facts.context else "",
                ),
                (tr("Runs in"), facts.region or tr("not said")),
                (tr("Keeps data"), kept_words(facts.retention)),
            ]
        lines += [
            (tr("In {environment}", environment=name), tr("{alias} stands in", alias=other))
            for name, other in bindings(self.context.environments, facts.alias)
        ]
        used = self.context.model_uses(facts.alias)
        if used:
            lines.append((tr("Used in"), trn("{n} place", "{n} places", used)))
        return [(title, words) for title, words in lines if words]

    def _show_card(self) -> None:
        facts = self._facts.get(self._current)
        lines = self._lines(facts) if facts is not None else []
        if lines == self._shown_lines:
            return
        self._shown_lines = lines
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, (title, words) in enumerate(lines):
            name, value = label(title, "help"), label(words, "facts", wrap=True)
            self._grid.addWidget(name, place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, place, 1)
        self.card.setVisible(facts is not None)
        self.edit.setVisible(facts is not None and self.context.request is not None)

    @property
    def shown_facts(self) -> Mapping[str, str]:
        """What the card says, by its titles."""
        facts = self._facts.get(self._current)
        return dict(self._lines(facts)) if facts is not None else {}

    @override
    def show_value(self, value: Any) -> None:
        before = self._current
        super().show_value(value)
        if before == self._current and has_focus(self):
            self._show_card()  # its facts may be other ones though the field stays as it is
