"""Editors that pick a known thing: a tool, several tools, a model, a queue, a node."""

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QPushButton, QWidget
from typing_extensions import override

from journeybuilder.contract.tools import ToolDef
from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FormContext,
    LateLabel,
    Path,
    column,
    empty,
    label,
    row,
)
from journeybuilder.gui.forms.plain import QuietCombo
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak


class PickEditor(Editor):
    """One of the known names, or one that is typed and not known yet.

    Args:
        options: Value and words of each.
        none: Words for `nothing chosen`.
    """

    def __init__(
        self,
        path: Path,
        context: FormContext,
        options: Sequence[tuple[str, str]],
        *,
        none: str = "",
        placeholder: str = "",
    ) -> None:
        super().__init__(path, context)
        self._none = none
        self.combo = QuietCombo()
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QuietCombo.InsertPolicy.NoInsert)
        self._values: list[str] = []
        if none:
            self.combo.addItem(none, "")
        for value, words in options:
            self.combo.addItem(words, value)
        completer = self.combo.completer() or QCompleter(self.combo)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        edit = self.combo.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(placeholder)
            edit.editingFinished.connect(self._finished)
        self.box = column(self, spacing=4)
        self.box.addWidget(self.combo)
        self._about = LateLabel(self.box, "help")
        self.setFocusProxy(self.combo)
        self._current = ""
        self.combo.activated.connect(self._chosen)

    def _chosen(self, index: int) -> None:
        self._take(str(self.combo.itemData(index) or ""))

    def _finished(self) -> None:
        text = self.combo.currentText().strip()
        if self._none and text == self._none:
            text = ""
        index = self.combo.findText(text, Qt.MatchFlag.MatchFixedString)
        self._take(str(self.combo.itemData(index)) if index >= 0 else text)

    def _take(self, value: str) -> None:
        if value == self._current:
            self._show(value)
            return
        self._show(value)
        self.say(value or UNSET)

    def _show(self, value: str) -> None:
        self._current = value
        index = self.combo.findData(value)
        if index >= 0:
            self.combo.setCurrentIndex(index)
            self.combo.setEditText(self.combo.itemText(index))
        else:
            self.combo.setCurrentIndex(-1)
            self.combo.setEditText(value)
        edit = self.combo.lineEdit()
        if edit is not None and not edit.hasFocus():
            edit.setCursorPosition(0)  # long names show their beginning
        self._about.show(self.about(value))

    def about(self, value: str) -> str:
        """What is said below the box about the chosen one."""
        del value
        return ""

    @override
    def show_value(self, value: Any) -> None:
        text = value if isinstance(value, str) else ""
        edit = self.combo.lineEdit()
        if text != self._current or edit is None or not edit.hasFocus():
            self._show(text)


def tool_words(tool: ToolDef) -> str:
    """A tool in a list: its id, and its title where that says more."""
    return f"{tool.id}   {tool.label}" if tool.label != tool.name else tool.id


class ToolEditor(PickEditor):
    """One MCP tool; type to search."""

    def __init__(self, path: Path, context: FormContext) -> None:
        options = [(name, tool_words(tool)) for name, tool in sorted(context.tools.items())]
        super().__init__(path, context, options, placeholder=tr("type to search a tool"))

    @override
    def about(self, value: str) -> str:
        tool = self.context.tools.get(value)
        if tool is None:
            return tr("This tool is not known. Is its server running?") if value else ""
        return tool.description.strip().split("\n\n")[0]


class QueueEditor(PickEditor):
    """A queue of people."""

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(
            path,
            context,
            [(name, name) for name in context.queues],
            placeholder=tr("name of a queue"),
        )


class JourneyEditor(PickEditor):
    """Another journey of the workspace."""

    def __init__(self, path: Path, context: FormContext) -> None:
        options = [
            (name, f"{title}   {name}" if title != name else name)
            for name, title in context.journeys.items()
        ]
        super().__init__(path, context, options, placeholder=tr("type to search a journey"))

    @override
    def about(self, value: str) -> str:
        known = not value or value in self.context.journeys
        return "" if known else tr("The workspace has no such journey.")


class ResourceEditor(PickEditor):
    """A resource of a server, or a template of such addresses."""

    def __init__(self, path: Path, context: FormContext) -> None:
        options = [(name, name) for name in context.resources]
        super().__init__(
            path,
            context,
            options,
            placeholder=tr("server/address, for example kb/articles://{topic}"),
        )

    @override
    def about(self, value: str) -> str:
        return self.context.resources.get(value, "")


class PromptEditor(PickEditor):
    """A prompt that a server offers."""

    def __init__(self, path: Path, context: FormContext) -> None:
        options = [(name, f"{name}   {one.label}") for name, one in context.prompts.items()]
        super().__init__(path, context, options, placeholder=tr("server/prompt"))

    @override
    def about(self, value: str) -> str:
        prompt = self.context.prompts.get(value)
        return prompt.description if prompt is not None else ""


class NodePick(QuietCombo):
    """Where a wire leads: a node of the journey, or nowhere."""

    def __init__(self, context: FormContext) -> None:
        super().__init__()
        self.addItem(tr("Not connected"), "")
        titles = list(context.nodes.values())
        for node, title in context.nodes.items():
            self.addItem(title if titles.count(title) == 1 else f"{title} ({node})", node)

    def show_target(self, target: str) -> None:
        """Show where it leads, also a node that does not exist."""
        index = self.findData(target)
        if index < 0:
            self.addItem(tr("{name} (no such node)", name=target), target)
            index = self.count() - 1
        self.setCurrentIndex(index)


class ToolsEditor(Editor):
    """Several tools: chips that can be removed, and a box that adds one.

    Args:
        options: Value and words of what can be added; the known tools where it is None.
        placeholder: What the empty box says.
    """

    def __init__(
        self,
        path: Path,
        context: FormContext,
        options: Sequence[tuple[str, str]] | None = None,
        placeholder: str = "",
    ) -> None:
        super().__init__(path, context)
        layout = column(self, spacing=4)
        self._list = QWidget()
        self._rows = column(self._list, spacing=4)
        layout.addWidget(self._list)
        self._list.hide()
        if options is None:
            options = [(name, tool_words(tool)) for name, tool in sorted(context.tools.items())]
        hint = placeholder or tr("add a tool: type to search")
        self._add = PickEditor((), context, options, placeholder=hint)
        self._add.show_value("")
        self._add.edited.connect(self._added)
        layout.addWidget(self._add)
        self.setFocusProxy(self._add.combo)
        self._value: list[str] = []

    def _added(self, _path: object, value: object) -> None:
        if isinstance(value, str) and value not in self._value:
            self.show_value([*self._value, value])
            self.say(list(self._value))
        self._add.show_value("")

    def _remove(self, name: str) -> None:
        self.show_value([other for other in self._value if other != name])
        self.say(list(self._value) or UNSET)

    @override
    def show_value(self, value: Any) -> None:
        items = cast("list[Any]", value) if isinstance(value, list) else []
        wanted = [str(item) for item in items]
        if wanted == self._value:
            return
        self._value = wanted
        empty(self._rows)
        for name in wanted:
            self._rows.addWidget(self._chip(name))
        self._list.setVisible(bool(wanted))

    def _chip(self, name: str) -> QWidget:
        chip = QWidget()
        chip.setProperty("role", "chip")
        chip.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        line: QHBoxLayout = row(chip, margins=(8, 2, 2, 2))
        line.addWidget(label(name, "code"), 1)
        line.addWidget(remove_button(name, weak(self._remove, name)))
        return chip


def remove_button(what: str, slot: Any) -> QPushButton:
    """A quiet × that removes one entry."""
    button = QPushButton("\u2715")
    button.setProperty("role", "remove")
    button.setAccessibleName(tr("Remove {name}", name=what))
    button.setToolTip(tr("Remove {name}", name=what))
    button.clicked.connect(slot)
    return button
