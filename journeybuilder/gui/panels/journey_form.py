"""The form of a journey itself: what it is called, what starts it, where it begins."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import Editor, FieldBox, FormContext, Path, column
from journeybuilder.gui.forms.plain import (
    AreaEditor,
    DurationEditor,
    LineEditor,
    ListEditor,
    NumberEditor,
    indented,
)
from journeybuilder.gui.forms.type_rows import NamedTypes, TypeEditor
from journeybuilder.gui.forms.values import get_in
from journeybuilder.gui.forms.ways import TargetEditor
from journeybuilder.gui.look.language import noop, tr

_FIELDS = (
    ("title", noop("Title"), noop("Its name for people.")),
    ("about", noop("About"), noop("What it is for, in a sentence or two.")),
    ("start", noop("Starts at"), noop("The node where every run begins.")),
    ("on_error", noop("On error go to"), noop("Where an error goes that no node has caught.")),
    (
        "languages",
        noop("Languages"),
        noop("Language codes, one per line; the first is the default."),
    ),
    (
        "channels",
        noop("Channels"),
        noop("Channels it is made for, one per line: chat, voice, email …"),
    ),
    ("input", noop("Input"), noop("What is known when it starts; nodes read it as input.NAME.")),
    ("output", noop("Output"), noop("What it gives back at its end.")),
    (
        "variables",
        noop("Variables"),
        noop("Only those whose type no tool and no other node tells."),
    ),
    ("limits", noop("Limits"), noop("Bounds of every run.")),
)


class JourneyForm(QWidget):
    """Fields of the journey.

    Signals:
        edited: Path in the journey's file and new value.
    """

    edited = Signal(object, object)

    def __init__(
        self, data: Mapping[str, Any], context: FormContext, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        layout = column(self, spacing=16)
        self._boxes: list[FieldBox] = []
        for key, title, about in _FIELDS:
            editor = _editor(key, context)
            editor.edited.connect(self.edited)
            box = FieldBox(tr(title), editor, help_text=tr(about), required=key == "start")
            self._boxes.append(box)
            layout.addWidget(box)
        self.show_data(data)

    def show_data(self, data: Mapping[str, Any]) -> None:
        """Show what the journey says."""
        for box in self._boxes:
            box.editor.show_value(get_in(data, box.editor.path))

    def focus_path(self, path: tuple[str | int, ...]) -> bool:
        """Put the cursor into the field that edits this path."""
        return any(
            box.editor.focus_path(path) for box in self._boxes if path[:1] == box.editor.path[:1]
        )


def _editor(key: str, context: FormContext) -> Editor:
    path = (key,)
    make: Mapping[str, Callable[[], Editor]] = {
        "title": lambda: LineEditor(path, context),
        "about": lambda: AreaEditor(path, context),
        "start": lambda: TargetEditor(path, context),
        "on_error": lambda: TargetEditor(path, context),
        "languages": lambda: ListEditor(path, context),
        "channels": lambda: ListEditor(path, context),
        "input": lambda: TypeEditor(path, context, fixed="object"),
        "output": lambda: TypeEditor(path, context, fixed="object"),
        "variables": lambda: NamedTypes(path, context),
        "limits": lambda: LimitsEditor(path, context),
    }
    return make[key]()


class LimitsEditor(Editor):
    """How many steps, how much money and time a run may take."""

    compound = True

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        layout = column(self, spacing=8, margins=(12, 4, 0, 4))
        indented(self)
        steps = NumberEditor((*path, "steps"), context, whole=True, placeholder=tr("a number"))
        cost = NumberEditor(
            (*path, "cost_usd"), context, whole=False, placeholder=tr("in US dollars")
        )
        self._inner: Sequence[tuple[str, Editor]] = (
            (tr("Steps"), steps),
            (tr("Cost of models"), cost),
            (tr("Duration"), DurationEditor((*path, "duration"), context)),
        )
        for title, editor in self._inner:
            editor.edited.connect(self.edited)
            layout.addWidget(FieldBox(title, editor))
        self.setFocusProxy(steps)

    @override
    def show_value(self, value: Any) -> None:
        for _, editor in self._inner:
            editor.show_value(get_in(value, editor.path[len(self.path) :]))

    @override
    def focus_path(self, path: Path) -> bool:
        return any(
            editor.focus_path(path) for _, editor in self._inner if editor.path == path[:2]
        ) or super().focus_path(path)
