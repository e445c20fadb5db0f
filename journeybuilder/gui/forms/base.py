"""What every editor of a value shares: its place, its signal, and the block that surrounds it."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from journeybuilder.contract.offers import Prompt
from journeybuilder.contract.tools import ToolDef
from journeybuilder.gui.expressions.scope import Scope, scope_of_names
from journeybuilder.gui.expressions.scopes import Scopes
from journeybuilder.gui.look.language import tr

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


def nowhere(_name: str) -> int:
    """For those who do not know where something is used."""
    return 0


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
        environments: Settings of each environment.
        model_uses: In how many places of the workspace a model alias stands.
        scopes: What is in scope at each place; None where only `names` are known.
        node: The node that the form is of, "" for that of the journey.
        request: Asks the window for something that is no value: what (`model`) and which one.
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
    environments: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict[str, Mapping[str, Any]]
    )
    model_uses: Callable[[str], int] = nowhere
    request: Callable[[str, str], object] | None = None
    scopes: Scopes | None = None
    node: str = ""

    def scope_at(self, path: Path) -> Scope:
        """The names that an expression at a path of the node's settings may use."""
        if self.scopes is not None:
            return self.scopes.at(self.node, path)
        return scope_of_names((name.path, name.type, name.about) for name in self.names)


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
        go_into(self)
        return True

    def say(self, value: Any) -> None:
        """Emit a new value of the whole."""
        self.edited.emit(self.path, value)


def has_focus(widget: QWidget) -> bool:
    """Whether the cursor is in a widget or in something inside of it."""
    focused = QApplication.focusWidget()
    return focused is not None and (focused is widget or widget.isAncestorOf(focused))


def go_into(widget: QWidget) -> None:
    """Put the cursor behind what a field holds."""
    target = widget
    while (proxy := target.focusProxy()) is not None:
        target = proxy
    target.setFocus(Qt.FocusReason.OtherFocusReason)
    if isinstance(target, QLineEdit):
        target.end(False)
    elif isinstance(target, QPlainTextEdit):
        target.moveCursor(QTextCursor.MoveOperation.End)


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
    before: object = widget.property(name)
    if before == value or (before is None and not value):
        return
    widget.setProperty(name, value)
    if widget.parentWidget() is not None:  # else it is read when the widget is first shown
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class LateLabel:
    """Words in a layout that most fields never have: the label is made when there are some.

    Args:
        layout: Where it stands, behind what is in there now.
    """

    def __init__(self, layout: QBoxLayout, role: str) -> None:
        self._layout = layout
        self._role = role
        self._place = layout.count()
        self._label: QLabel | None = None

    def show(self, words: str, severity: str = "") -> None:
        """Show these words; none hides the label."""
        if self._label is None:
            if not words:
                return
            self._label = label("", self._role, wrap=True)
            self._layout.insertWidget(self._place, self._label)
        self._label.setText(words)
        if severity:
            restyle(self._label, "severity", severity)
        self._label.setVisible(bool(words))


class FieldBox(QFrame):
    """One field: its name, the editor, help below and what is wrong with it."""

    def __init__(
        self, title: str, editor: Editor, *, help_text: str = "", required: bool = False
    ) -> None:
        super().__init__()
        self.editor = editor
        self.title = title
        self.words = help_text.replace("`", "")
        layout = column(self, spacing=4)
        self.head = row(spacing=4)
        self._label = label(sentence(title), "field")
        self._label.setBuddy(editor)
        self.head.addWidget(self._label)
        if required:
            mark = label(tr("required"), "required")
            self.head.addWidget(mark)
        self._reset: QToolButton | None = None
        self.head.addStretch(1)
        layout.addLayout(self.head)
        self._help = label(self.words, "help", wrap=True) if self.words else None
        if self._help is not None and editor.compound:
            layout.addWidget(self._help)
            layout.addSpacing(4)
        layout.addWidget(editor)
        if self._help is not None and not editor.compound:
            layout.addWidget(self._help)
        self._problem = LateLabel(layout, "problem")
        name = sentence(title)
        name_it(editor, tr("{title}, required", title=name) if required else name, help_text)

    def show_help(self, *, shown: bool) -> None:
        """Show the words below the field, or only while the pointer rests on its name."""
        if self._help is not None:
            self._help.setVisible(shown)
            self._label.setToolTip("" if shown else self.words)

    def can_reset(self) -> None:
        """Offer to go back to the default where the field says something."""
        button = QToolButton()
        button.setText("\u21ba")
        button.setProperty("role", "reset")
        words = tr("Changed; back to the default of {title}", title=sentence(self.title))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.clicked.connect(self._reset_asked)
        button.hide()
        self._reset = button
        self.head.insertWidget(1, button)

    def _reset_asked(self) -> None:
        self.editor.show_value(UNSET)
        self.editor.setFocus()
        self.editor.say(UNSET)

    def show_changed(self, *, changed: bool) -> None:
        """Mark the field as one that says something else than its default."""
        if self._reset is not None:
            self._reset.setVisible(changed)

    def fits(self, words: str) -> bool:
        """Whether its name, its help or its key has these words, which are in small letters."""
        key = " ".join(str(part) for part in self.editor.path)
        return words in f"{self.title} {self.words} {key}".lower()

    def show_problems(self, messages: Sequence[tuple[str, str]]) -> None:
        """Severity and words of each finding at this field; none hides the line."""
        worst = "error" if any(severity == "error" for severity, _ in messages) else "warning"
        signs = {"error": "\u2716", "warning": "\u26a0"}
        lines = [f"{signs.get(severity, '')} {words}" for severity, words in messages]
        self._problem.show("\n".join(lines), worst)
        restyle(self, "problem", worst if messages else "")


def name_it(widget: QWidget, name: str, about: str = "") -> None:
    """Give a widget, and what the focus goes to in it, a name for screen readers."""
    target: QWidget | None = widget
    while target is not None:
        if not target.accessibleName():
            target.setAccessibleName(name)
        if about and not target.accessibleDescription():
            target.setAccessibleDescription(about)
        target = target.focusProxy()


def rename_it(widget: QWidget, before: str, name: str) -> None:
    """Give a widget, and what the focus goes to in it, another name where it has the one before."""
    target: QWidget | None = widget
    while target is not None:
        if target.accessibleName() == before:
            target.setAccessibleName(name)
        target = target.focusProxy()
