"""What every editor of a value shares: its place, its signal, and the block that surrounds it."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from journeybuilder.contract.offers import Prompt
from journeybuilder.contract.tools import ToolDef

Path = tuple[str | int, ...]


class Unset:
    """Stands for `this key is not in the file`."""

    @override
    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset()


@dataclass(frozen=True, slots=True)
class Name:
    """A variable or a field of one, as completion offers it.

    Attributes:
        path: `order.total`.
        type: A word of JSON Schema (`string`, `number` …), or "".
        about: Where it comes from, for people.
    """

    path: str
    type: str = ""
    about: str = ""


@dataclass(frozen=True)
class Together:
    """Values of several paths that change in one step; UNSET removes a key."""

    values: Mapping[Path, Any]


@dataclass(frozen=True, slots=True)
class FormContext:
    """What the editors of one form may offer.

    Attributes:
        tools: Definitions by `server/tool`.
        models: Settings of each alias.
        journeys: Title of each journey by its id.
        inputs: JSON Schema of what starts a journey, by its id.
        resources: Words for each known resource and template, by `server/address`.
        prompts: The known prompts by `server/prompt`.
        nodes: Title by node id: where wires can lead.
    """

    languages: Sequence[str] = ("en",)
    channels: Sequence[str] = ("chat",)
    tools: Mapping[str, ToolDef] = field(default_factory=dict[str, ToolDef])
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    queues: Sequence[str] = ()
    journeys: Mapping[str, str] = field(default_factory=dict[str, str])
    inputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    resources: Mapping[str, str] = field(default_factory=dict[str, str])
    prompts: Mapping[str, Prompt] = field(default_factory=dict[str, Prompt])
    names: Sequence[Name] = ()
    nodes: Mapping[str, str] = field(default_factory=dict[str, str])


class Editor(QWidget):
    """Edits the value at one path of a node's settings.

    Signals:
        edited: Path and new value (`UNSET` removes the key; a `Together` stands for several paths),
            at every change by the person.
    """

    edited = Signal(object, object)
    compound = False
    """True where it has fields of its own, so that help stands above them."""

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__()
        self.path = path
        self.context = context

    @abstractmethod
    def show_value(self, value: Any) -> None:
        """Show what the document says, without emitting `edited`; keeps the cursor if it can."""
        ...

    def focus_path(self, path: Path) -> bool:
        """Put the cursor where this path is edited; False when it is not in here."""
        if path[: len(self.path)] != self.path and self.path[: len(path)] != path:
            return False
        target: QWidget = self
        while (proxy := target.focusProxy()) is not None:
            target = proxy
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(target, QLineEdit):
            target.end(False)
        elif isinstance(target, QPlainTextEdit):
            target.moveCursor(QTextCursor.MoveOperation.End)
        return True

    def say(self, value: Any) -> None:
        """Emit a new value of the whole."""
        self.edited.emit(self.path, value)


def sentence(words: str) -> str:
    """Words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def label(text: str, role: str, *, wrap: bool = False) -> QLabel:
    """A label whose looks follow from its role in the style sheet."""
    widget = QLabel(text)
    widget.setProperty("role", role)
    widget.setTextFormat(Qt.TextFormat.PlainText)
    widget.setIndent(0)
    if wrap:
        widget.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        widget.setSizePolicy(policy)
    return widget


def column(
    parent: QWidget, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QVBoxLayout:
    """A vertical layout with the house's spacing."""
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    return layout


def row(
    parent: QWidget | None = None,
    spacing: int = 8,
    margins: tuple[int, int, int, int] = (0, 0, 0, 0),
) -> QHBoxLayout:
    """A horizontal layout with the house's spacing."""
    layout = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    return layout


def empty(layout: QLayout) -> None:
    """Remove and delete everything in a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        inner = item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            empty(inner)


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet reads and have it read again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class FieldBox(QFrame):
    """One field: its name, the editor, help below and what is wrong with it."""

    def __init__(
        self, title: str, editor: Editor, *, help_text: str = "", required: bool = False
    ) -> None:
        super().__init__()
        self.editor = editor
        self.title = title
        layout = column(self, spacing=4)
        self.head = row(spacing=4)
        self._label = label(sentence(title), "field")
        self._label.setBuddy(editor)
        self.head.addWidget(self._label)
        if required:
            mark = label("required", "required")
            self.head.addWidget(mark)
        self.head.addStretch(1)
        layout.addLayout(self.head)
        words = label(help_text.replace("`", ""), "help", wrap=True) if help_text else None
        if words is not None and editor.compound:
            layout.addWidget(words)
            layout.addSpacing(4)
        layout.addWidget(editor)
        if words is not None and not editor.compound:
            layout.addWidget(words)
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()
        layout.addWidget(self._problem)
        name_it(editor, f"{title}, required" if required else title, help_text)

    def show_problems(self, messages: Sequence[tuple[str, str]]) -> None:
        """Severity and words of each finding at this field; none hides the line."""
        worst = "error" if any(severity == "error" for severity, _ in messages) else "warning"
        signs = {"error": "\u2716", "warning": "\u26a0"}
        self._problem.setText(
            "\n".join(f"{signs.get(severity, '')} {words}" for severity, words in messages)
        )
        self._problem.setVisible(bool(messages))
        restyle(self._problem, "severity", worst)
        restyle(self, "problem", worst if messages else "")


def name_it(widget: QWidget, name: str, about: str = "") -> None:
    """Give a widget, and what the focus goes to in it, a name for screen readers."""
    for target in {widget, widget.focusProxy() or widget}:
        if not target.accessibleName():
            target.setAccessibleName(name)
        if about and not target.accessibleDescription():
            target.setAccessibleDescription(about)
