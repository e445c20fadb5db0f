"""The models of a workspace: what each alias stands for; one line changed moves every journey."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSplitter,
    QWidget,
)

from journeybuilder.document.model import Journey
from journeybuilder.errors import ProgramError
from journeybuilder.gui.forms.base import UNSET, FormContext, Path, column, label, restyle, row
from journeybuilder.gui.forms.model_facts import facts_of, kept_words, price_words
from journeybuilder.gui.journey.model_uses import journeys_with
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.panels.model_form import ModelForm
from journeybuilder.gui.workspace.model_entries import ModelEntries
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel

_MOST = 3  # errors that are told at once


class ModelsDialog(Dialog):
    """Adds and changes aliases; the file is written with "Save" and keeps its comments.

    Args:
        alias: The one that is shown first.
        fresh: Whether a new one is begun.
    """

    def __init__(
        self,
        space: WorkspaceModel,
        journeys: Sequence[Journey],
        alias: str,
        parent: QWidget | None,
        *,
        fresh: bool = False,
    ) -> None:
        super().__init__(parent)
        self._space = space
        self._journeys = journeys
        self.entries = ModelEntries(space.root)
        self._alias = ""
        self._form: ModelForm | None = None
        self.setObjectName("models")
        self.setWindowTitle(tr("Models"))
        self.resize(820, 640)
        layout = column(self, spacing=12, margins=(24, 24, 24, 16))
        layout.addWidget(label(tr("Models"), "title"))
        about = tr(
            "Journeys name an alias, never a provider. Change what an alias stands for, and every "
            "journey that uses it moves."
        )
        layout.addWidget(label(about, "muted", wrap=True))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self._left())
        split.addWidget(self._right())
        split.setSizes([240, 540])
        split.setStretchFactor(1, 1)
        layout.addWidget(split, 1)
        self.words = label("", "problem", wrap=True)
        layout.addWidget(self.words)
        layout.addWidget(self._foot())
        for key, slot in (
            (QKeySequence.StandardKey.Undo, self.undo),
            (QKeySequence.StandardKey.Redo, self.redo),
            (QKeySequence.StandardKey.Save, self.save),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(slot)
        self._fill()
        known = self.entries.models
        if fresh or not known or (alias and alias not in known):
            self.new(alias)
        else:
            self.choose(alias or next(iter(known)))
        self._judge()

    # --- building ------------------------------------------------------------------------------

    def _left(self) -> QWidget:
        left = QWidget()
        inside = column(left, spacing=8, margins=(0, 0, 8, 0))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Aliases"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._picked)
        inside.addWidget(self.list, 1)
        self.add = QPushButton(tr("New model"))
        self.add.setAutoDefault(False)
        self.add.clicked.connect(weak(self.new))
        inside.addWidget(self.add)
        return left

    def _right(self) -> QWidget:
        right = QWidget()
        inside = column(right, spacing=8, margins=(8, 0, 0, 0))
        head = row(spacing=8)
        self.name = QLineEdit()
        self.name.setProperty("role", "nodetitle")
        self.name.setAccessibleName(tr("Alias"))
        self.name.setToolTip(tr("The name by which journeys use it"))
        self.name.editingFinished.connect(self._renamed)
        head.addWidget(self.name, 1)
        self.remove = QPushButton(tr("Remove"))
        self.remove.setAutoDefault(False)
        self.remove.clicked.connect(self._removed)
        head.addWidget(self.remove)
        inside.addLayout(head)
        self.price = label("", "muted", wrap=True)
        inside.addWidget(self.price)
        self.moves = label("", "notice", wrap=True)
        inside.addWidget(self.moves)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside.addWidget(self._scroll, 1)
        return right

    def _foot(self) -> QDialogButtonBox:
        box = ButtonRow()
        self.back = self._button(tr("Undo"), self.undo)
        self.again = self._button(tr("Redo"), self.redo)
        self.keep = self._button(tr("Save"), self.save)
        self.keep.setProperty("role", "primary")
        self.leave = self._button(tr("Cancel"), self.reject)
        roles = QDialogButtonBox.ButtonRole
        for button, role in (
            (self.back, roles.ResetRole),
            (self.again, roles.ResetRole),
            (self.keep, roles.AcceptRole),
            (self.leave, roles.RejectRole),
        ):
            box.addButton(button, role)
        return box

    @staticmethod
    def _button(words: str, slot: Any) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    # --- what there is -------------------------------------------------------------------------

    def _fill(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for name, entry in self.entries.models.items():
            item = QListWidgetItem(_line(name, entry))
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setToolTip(item.text())
            self.list.addItem(item)
            if name == self._alias:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)

    def _picked(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._show(str(item.data(Qt.ItemDataRole.UserRole)))

    def choose(self, alias: str) -> None:
        """Show an alias."""
        for place in range(self.list.count()):
            if self.list.item(place).data(Qt.ItemDataRole.UserRole) == alias:
                self.list.setCurrentRow(place)
        self._show(alias)

    def _show(self, alias: str) -> None:
        self._alias = alias
        others = [name for name in self.entries.models if name != alias]
        self._form = ModelForm(FormContext(models=self.entries.models), others)
        self._form.edited.connect(self._edited)
        self._scroll.setWidget(self._form)
        self._refresh()

    def _refresh(self) -> None:
        known = self.entries.models
        alive = self._alias in known
        for widget in (self.name, self.remove, self._scroll, self.price, self.moves):
            widget.setVisible(alive)
        if not alive or self._form is None:
            return
        entry = known[self._alias]
        self._form.show_entry(entry)
        used = self._used()
        self.name.setText(self._alias)
        self.name.setReadOnly(bool(used))
        self.remove.setEnabled(not used)
        self.remove.setToolTip(tr("Journeys use it; give them another model first") if used else "")
        facts = facts_of(self._alias, entry)
        parts = [tr("Price: {price}", price=price_words(facts))]
        if not facts.scripted:
            parts.append(tr("keeps data: {kept}", kept=kept_words(facts.retention)))
        self.price.setText(" · ".join(parts))
        self._show_moves(used)

    def _used(self) -> list[tuple[str, int]]:
        return journeys_with(self._alias, self._journeys)

    def _show_moves(self, used: list[tuple[str, int]]) -> None:
        if not used:
            self.moves.setText(tr("No journey uses it."))
            return
        names = ", ".join(f"{title} ({many})" for title, many in used)
        words = trn("{n} journey moves with it: {names}", "{n} journeys move with it: {names}", len(used), names=names)  # fmt: skip
        self.moves.setText(words)

    # --- edits -----------------------------------------------------------------------------------

    def _edited(self, path: object, value: object) -> None:
        place = cast("Path", path)
        self.entries.change((self._alias, *place), value, f"{self._alias}/{place}")
        self._refresh()
        self._retitle()
        self._judge()

    def _retitle(self) -> None:
        places = range(self.list.count())
        names = {self.list.item(n).data(Qt.ItemDataRole.UserRole): n for n in places}
        entry = self.entries.models.get(self._alias, {})
        if self._alias in names:
            self.list.item(names[self._alias]).setText(_line(self._alias, entry))

    def new(self, wanted: str = "") -> None:
        """Begin an alias; its name can be changed at once."""
        name, number = wanted or "model", 1
        while name in self.entries.models:
            number += 1
            name = f"{wanted or 'model'}_{number}"
        self.entries.change((name,), {})
        self._alias = name
        self._fill()
        self.choose(name)
        self.name.setFocus()
        self.name.selectAll()
        self._judge()

    def _renamed(self) -> None:
        new = self.name.text().strip()
        if new == self._alias or self.name.isReadOnly():
            return
        if not new or new in self.entries.models:
            self.name.setText(self._alias)
            return
        self.entries.rename(self._alias, new)
        self._alias = new
        self._fill()
        self._show(new)
        self._judge()

    def _removed(self) -> None:
        self.entries.change((self._alias,), UNSET)
        self._after_jump()

    def undo(self) -> None:
        """Take the last change back."""
        self.entries.undo()
        self._after_jump()

    def redo(self) -> None:
        """Make it again."""
        self.entries.redo()
        self._after_jump()

    def _after_jump(self) -> None:
        known = self.entries.models
        if self._alias not in known:
            self._alias = next(iter(known), "")
        self._fill()
        if self._alias:
            self._show(self._alias)
        self._refresh()
        self._judge()

    # --- writing ---------------------------------------------------------------------------------

    def _judge(self) -> None:
        """Say what is wrong with the entries and whether they can be saved."""
        try:
            found = self.entries.findings()
        except ProgramError as error:
            self._say(said(str(error)), "error")
            self.keep.setEnabled(False)
            return
        errors = [
            f"{said(one.message)}. {said(one.hint)}" for one in found if one.severity == "error"
        ]
        for alias, entry in self.entries.models.items():
            blocked = facts_of(alias, entry).blocked
            if blocked and entry.get("model"):
                errors.append(tr("“{alias}” cannot be used: {why}.", alias=alias, why=blocked))
        lines = [f"\u2716 {words}" for words in errors[:_MOST]]
        self._say("\n".join(lines), "error")
        self.keep.setEnabled(self.entries.changed and not errors)
        self.back.setEnabled(self.entries.can_undo)
        self.again.setEnabled(self.entries.can_redo)

    def _say(self, words: str, severity: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))
        restyle(self.words, "severity", severity)

    def save(self) -> None:
        """Write models.yaml and let every journey know."""
        if not self.keep.isEnabled():
            return
        try:
            self.entries.save()
            self._space.reload()
        except ProgramError as error:
            self._say(said(str(error)), "error")
            return
        self.accept()


def _line(alias: str, entry: Mapping[str, Any]) -> str:
    model = entry.get("model") or tr("no model yet")
    return f"{alias}   {model}"
