"""The form of one entry of models.yaml."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from journeybuilder.gui.forms.base import Editor, FieldBox, FormContext, column, label
from journeybuilder.gui.forms.picks import PickEditor, ToolsEditor
from journeybuilder.gui.forms.plain import ChoiceEditor, LineEditor, NumberEditor
from journeybuilder.gui.forms.values import get_in
from journeybuilder.gui.look.language import tr


class ModelForm(QWidget):
    """Every key that an alias can have.

    Args:
        others: The other aliases: what can stand in.

    Signals:
        edited: Path in the entry and new value, UNSET removes it.
    """

    edited = Signal(object, object)

    def __init__(self, context: FormContext, others: Sequence[str]) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        layout = column(self, spacing=12, margins=(12, 12, 12, 12))
        self.boxes: list[FieldBox] = []
        for section, fields in _fields(context, others):
            if section:
                layout.addWidget(label(section, "section"))
            for title, editor, about in fields:
                editor.edited.connect(self.edited)
                box = FieldBox(title, editor, help_text=about)
                layout.addWidget(box)
                self.boxes.append(box)
        layout.addStretch(1)

    def show_entry(self, entry: Mapping[str, Any]) -> None:
        """Show what the file says."""
        for box in self.boxes:
            box.editor.show_value(get_in(entry, box.editor.path))

    def editor(self, *path: str) -> Editor:
        """The editor of a key."""
        return next(box.editor for box in self.boxes if box.editor.path == path)


class AliasesEditor(ToolsEditor):
    """Aliases that stand in, in their order."""

    def __init__(self, path: tuple[str | int, ...], context: FormContext, others: Sequence[str]) -> None:  # fmt: skip
        super().__init__(
            path, context, [(name, name) for name in others], tr("add an alias: type to search")
        )


_Field = tuple[str, Editor, str]


def _fields(context: FormContext, others: Sequence[str]) -> list[tuple[str, list[_Field]]]:
    makers: Sequence[Callable[[], tuple[str, list[_Field]]]] = (
        lambda: ("", _main(context, others)),
        lambda: (tr("How it answers"), _answers(context)),
        lambda: (tr("What it costs"), _costs(context)),
    )
    return [make() for make in makers]


def _main(context: FormContext, others: Sequence[str]) -> list[_Field]:
    regions = [("eu", tr("European Union (eu)")), ("us", tr("United States (us)")), ("on-prem", tr("your own machines (on-prem)"))]  # fmt: skip
    kept = [("none", tr("nothing (none)")), ("30d", tr("for 30 days (30d)"))]
    return [
        (
            tr("Model"),
            LineEditor(("model",), context, placeholder="openai/gpt-5-mini"),
            tr("Provider and name; “scripted” is the offline stand-in."),
        ),
        (
            tr("Runs in"),
            PickEditor(("region",), context, regions, none=tr("Not said")),
            tr("Where what it reads is worked on."),
        ),
        (
            tr("Keeps data"),
            PickEditor(("retention",), context, kept, none=tr("Not said")),
            tr("How long its provider keeps what it reads."),
        ),
        (
            tr("When it fails"),
            AliasesEditor(("fallbacks",), context, others),
            tr("Aliases that stand in, the first one first."),
        ),
        (
            tr("Address"),
            LineEditor(("api_base",), context, placeholder="http://localhost:11434"),
            tr("Only where it is not the provider's own."),
        ),
        (
            tr("Key"),
            LineEditor(("api_key",), context, placeholder="${secret:OPENAI_API_KEY}"),
            tr("The name of a secret; the secret itself never stands in a file."),
        ),
    ]


def _answers(context: FormContext) -> list[_Field]:
    return [
        (
            tr("Temperature"),
            NumberEditor(("temperature",), context, whole=False, placeholder=tr("the provider's")),
            tr("0 answers the same again and again, 1 more freely."),
        ),
        (
            tr("Longest answer"),
            NumberEditor(("max_tokens",), context, whole=True, placeholder=tr("the provider's")),
            tr("In tokens."),
        ),
        (
            tr("Time limit"),
            LineEditor(("timeout",), context, placeholder="30s"),
            tr("How long a call may take before another model stands in."),
        ),
    ]


def _costs(context: FormContext) -> list[_Field]:
    def dollars(*path: str) -> NumberEditor:
        return NumberEditor(path, context, whole=False, placeholder=tr("list price"))

    budget = NumberEditor(("budget", "usd"), context, whole=False, placeholder=tr("no bound"))
    periods = [("hour", tr("an hour")), ("day", tr("a day")), ("month", tr("a month"))]
    return [
        (tr("Price of what it reads"), dollars("price", "input_per_million"), tr("US dollars for a million tokens; leave it empty for the list price.")),
        (tr("Price of what it writes"), dollars("price", "output_per_million"), ""),
        (tr("Price of what it has read before"), dollars("price", "cached_per_million"), ""),
        (tr("Budget"), budget, tr("US dollars, after which it is not called any more.")),
        (tr("Budget for"), ChoiceEditor(("budget", "per"), context, periods), ""),
    ]  # fmt: skip
