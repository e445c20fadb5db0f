"""Renames a variable or a node everywhere, after showing what that changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)
from typing_extensions import override

from journeybuilder.document.findings import Path
from journeybuilder.document.model import Journey
from journeybuilder.errors import AuthorError
from journeybuilder.gui.forms.base import column, label, restyle
from journeybuilder.gui.forms.plain import QuietCombo
from journeybuilder.gui.journey.journal import Edit
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.preview import Difference, differences
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.rows import ICON, SUB, RowDelegate
from journeybuilder.refactor import nodes, variables


class RenameDialog(Dialog):
    """What to rename, its new name, and every place that follows.

    Args:
        first: What is offered first: `rename` and a node's id, or `rename_variable` and a name.
        scenarios: What the scenarios say, by their file; those of the journey follow.

    Signals:
        followed: Title and edit of a change that is to be made, and what the scenarios that follow it
            are to say, by their file; the journey is to be saved with them.
    """

    followed = Signal(str, object, object)

    def __init__(
        self,
        model: JourneyModel,
        look: Look,
        first: tuple[str, str],
        scenarios: Mapping[str, Mapping[str, Any]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._scenarios = {
            file: data
            for file, data in scenarios.items()
            if data.get("journey") == model.journey.id
        }
        self.setObjectName("rename")
        self.setWindowTitle(tr("Rename everywhere"))
        self.setMinimumSize(480, 420)
        self._model = model
        layout = column(self, spacing=8, margins=(24, 24, 24, 16))
        layout.addWidget(label(tr("Rename everywhere"), "title"))
        self.what = QuietCombo()
        self.what.setAccessibleName(tr("What to rename"))
        for name in variables.variables_of(model.journey):
            self.what.addItem(tr("Variable {name}", name=name), ("rename_variable", name))
        for name in model.journey.nodes:
            self.what.addItem(tr("Step {name}", name=name), ("rename", name))
        items = [self.what.itemData(index) for index in range(self.what.count())]
        self.what.setCurrentIndex(items.index(first) if first in items else 0)
        self.name = QLineEdit()
        self.name.setPlaceholderText(tr("new name"))
        self.name.setAccessibleName(tr("New name"))
        self.words = label("", "help", wrap=True)
        self.list = QListWidget()
        self.list.setProperty("role", "rows")
        self.list.setAccessibleName(tr("What changes"))
        self._delegate = RowDelegate(look, tiles=False)
        self.list.setItemDelegate(self._delegate)
        for words, widget in (
            (tr("Rename"), self.what),
            (tr("To"), self.name),
            (tr("Changes"), self.list),
        ):
            layout.addWidget(label(words, "field"))
            layout.addWidget(widget)
        layout.insertWidget(layout.count() - 1, self.words)
        buttons = ButtonRow()
        self.go = QPushButton(tr("Rename"))
        self.go.setProperty("role", "primary")
        buttons.addButton(self.go, QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        cancel = QPushButton(tr("Cancel"))
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.what.currentIndexChanged.connect(self._preview)
        self.name.textChanged.connect(self._preview)
        self._preview()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _edit(self) -> Edit | None:
        data = self.what.currentData()
        new = self.name.text().strip()
        if not isinstance(data, tuple) or not new:
            return None
        what, old = data  # pyright: ignore[reportUnknownVariableType]
        return Edit(str(what), {"old": str(old), "new": new})  # pyright: ignore[reportUnknownArgumentType]

    def _preview(self) -> None:
        self.list.clear()
        edit = self._edit()
        self.go.setEnabled(False)
        self.go.setText(tr("Rename"))
        restyle(self.words, "role", "help")
        if edit is None:
            self.words.setText(tr("Type the new name to see what changes."))
            return
        before = self._model.journey
        try:
            after = self._model.tried(edit).journey
        except AuthorError as error:
            self.words.setText(f"\u2716 {said(error.what)} {said(error.hint)}".strip())
            restyle(self.words, "role", "wrong")
            return
        found = differences(before, after, {edit.args["old"]: edit.args["new"]})
        follow = self._following(edit)
        words = (
            trn("{n} place changes.", "{n} places change.", len(found))
            if found
            else tr("Nothing changes.")
        )
        if follow:
            words += " " + tr(
                "Scenarios that follow: {n}; the journey is saved with them.", n=len(follow)
            )
        self.words.setText(words)
        self.go.setText(tr("Rename and save") if follow else tr("Rename"))
        self.go.setEnabled(bool(found))
        for one in found:
            self.list.addItem(_item(before, one))
        for file in follow:
            item = QListWidgetItem(f"{edit.args['old']} → {edit.args['new']}")
            item.setData(SUB, file)
            item.setData(ICON, "chat")
            self.list.addItem(item)

    def _following(self, edit: Edit) -> dict[str, Mapping[str, Any]]:
        """What the scenarios that name it would say."""
        of_node = edit.name == "rename"
        rename = nodes.rename_in_scenario if of_node else variables.rename_in_scenario
        old, new = str(edit.args["old"]), str(edit.args["new"])
        after = {file: rename(data, old, new) for file, data in self._scenarios.items()}
        return {file: data for file, data in after.items() if data != self._scenarios[file]}

    @override
    def accept(self) -> None:
        edit = self._edit()
        if edit is None:
            return
        title = tr("Rename {name} everywhere", name=edit.args["old"])
        follow = self._following(edit)
        if follow:
            self.followed.emit(title, edit, follow)
            super().accept()
        elif self._model.apply(title, edit):
            super().accept()


def _item(journey: Journey, one: Difference) -> QListWidgetItem:
    item = QListWidgetItem(one.words)
    item.setData(SUB, _where(journey, one.path))
    item.setData(ICON, "settings")
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{_where(journey, one.path)}: {one.words}")
    return item


def _where(journey: Journey, path: Path) -> str:
    parts: Sequence[str] = [str(part) for part in path]
    if len(parts) > 1 and parts[0] == "nodes" and parts[1] in journey.nodes:
        where = tr("step {name}", name=parts[1])
        return where + (f", {'.'.join(parts[2:])}" if parts[2:] else "")
    return tr("journey, {place}", place=".".join(parts))
