"""The form of a journey itself: what it is called, what starts it, where it begins."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from journeybuilder.gui.forms.base import Editor, FieldBox, FormContext, column
from journeybuilder.gui.forms.json_editor import JsonEditor
from journeybuilder.gui.forms.plain import AreaEditor, LineEditor, ListEditor
from journeybuilder.gui.forms.values import get_in
from journeybuilder.gui.forms.ways import TargetEditor

_FIELDS = (
    ("title", "Title", "Its name for people."),
    ("about", "About", "What it is for, in a sentence or two."),
    ("start", "Starts at", "The node where every run begins."),
    ("on_error", "On error go to", "Where an error goes that no node has caught."),
    ("languages", "Languages", "Language codes, one per line; the first is the default."),
    ("channels", "Channels", "Channels it is made for, one per line: chat, voice, email …"),
    ("input", "Input", "What starts it, as JSON Schema: properties and which are required."),
    ("output", "Output", "What it gives back, as JSON Schema."),
    ("limits", "Limits", "Bounds of every run: steps, cost_usd, duration."),
)


class JourneyForm(QWidget):
    """Fields of the journey.

    Signals:
        edited: Path in the journey's file and new value.
    """

    edited = Signal(object, object)

    def __init__(self, data: Mapping[str, Any], context: FormContext) -> None:
        super().__init__()
        layout = column(self, spacing=16)
        self._boxes: list[FieldBox] = []
        for key, title, about in _FIELDS:
            editor = _editor(key, context)
            editor.edited.connect(self.edited)
            box = FieldBox(title, editor, help_text=about, required=key == "start")
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
            box.editor.focus_path(path) for box in self._boxes if path[:1] == box.editor.path
        )


def _editor(key: str, context: FormContext) -> Editor:
    path = (key,)
    if key == "title":
        return LineEditor(path, context)
    if key == "about":
        return AreaEditor(path, context)
    if key in {"start", "on_error"}:
        return TargetEditor(path, context)
    if key in {"languages", "channels"}:
        return ListEditor(path, context)
    return JsonEditor(path, context, schema=key != "limits")
