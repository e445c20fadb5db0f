"""Renames a variable or a node everywhere, after showing what that changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
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
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.forms.plain import QuietCombo
from journeybuilder.gui.journal import Edit
from journeybuilder.gui.journey_model import JourneyModel
from journeybuilder.gui.look import Look
from journeybuilder.gui.panels.rows import ICON, SUB, RowDelegate
from journeybuilder.gui.preview import Difference, differences
from journeybuilder.refactor import nodes, variables


class RenameDialog(QDialog):
    """What to rename, its new name, and every place that follows.

    Args:
        node: The node that is offered first, or an empty text.
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
        node: str,
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
        self.setWindowTitle("Rename everywhere")
        self.setMinimumSize(480, 420)
        self._model = model
        layout = column(self, spacing=8, margins=(16, 16, 16, 16))
        self.what = QuietCombo()
        self.what.setAccessibleName("What to rename")
        for name in variables.variables_of(model.journey):
            self.what.addItem(f"Variable {name}", ("rename_variable", name))
        for name in model.journey.nodes:
            self.what.addItem(f"Node {name}", ("rename", name))
        self.what.setCurrentIndex(max(0, self.what.findText(f"Node {node}")))
        self.name = QLineEdit()
        self.name.setPlaceholderText("new name")
        self.name.setAccessibleName("New name")
        self.words = label("", "help", wrap=True)
        self.list = QListWidget()
        self.list.setProperty("role", "rows")
        self.list.setAccessibleName("What changes")
        self._delegate = RowDelegate(look, tiles=False)
        self.list.setItemDelegate(self._delegate)
        for words, widget in (("Rename", self.what), ("To", self.name), ("Changes", self.list)):
            layout.addWidget(label(words, "field"))
            layout.addWidget(widget)
        layout.insertWidget(layout.count() - 1, self.words)
        buttons = QDialogButtonBox()
        self.go = QPushButton("Rename")
        self.go.setProperty("role", "primary")
        buttons.addButton(self.go, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
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
        if edit is None:
            self.words.setText("Type the new name to see what changes.")
            return
        before = self._model.journey
        try:
            after = self._model.tried(edit).journey
        except AuthorError as error:
            self.words.setText(f"{error.what} {error.hint}".strip())
            return
        found = differences(before, after, {edit.args["old"]: edit.args["new"]})
        follow = self._following(edit)
        words = f"{len(found)} places change." if found else "Nothing changes."
        if follow:
            words += f" Scenarios that follow: {len(follow)}; the journey is saved with them."
        self.words.setText(words)
        self.go.setText("Rename and save" if follow else "Rename")
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
        title = f"Rename {edit.args['old']} everywhere"
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
        return f"node {parts[1]}" + (f", {'.'.join(parts[2:])}" if parts[2:] else "")
    return "journey, " + ".".join(parts)
