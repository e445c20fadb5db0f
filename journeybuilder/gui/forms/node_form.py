"""The form of one node, made from what its kind declares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from journeybuilder.contract.fields import ports_of as all_ports
from journeybuilder.contract.kind import NodeKind
from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FieldBox,
    FormContext,
    Path,
    Together,
    column,
    label,
)
from journeybuilder.gui.forms.plain import ChoiceEditor
from journeybuilder.gui.forms.spec_form import SpecMaker, arguments_of, boxed
from journeybuilder.gui.forms.values import get_in
from journeybuilder.gui.forms.ways import PortsEditor

_HEAD_KEYS = ("title", "note")  # the inspector shows these above and below the form


@dataclass(frozen=True, slots=True)
class OneOf:
    """Fields of which exactly one is given.

    Attributes:
        title: What the choice is about.
        keys: Each key with its words and the value that it begins with, UNSET for none.
        only_with: Keys that go with one of them only.
    """

    title: str
    keys: Mapping[str, tuple[str, Any]]
    only_with: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])


_OFFICE = {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}
ONE_OF: Mapping[str, OneOf] = {
    "wait": OneOf(
        "Wait",
        {
            "for": ("for a length of time", "1h"),
            "until": ("until a moment", UNSET),
            "hours": ("for business hours", _OFFICE),
            "event": ("for an event", UNSET),
        },
        {"event": ("timeout", "save", "on_timeout")},
    )
}
"""The kinds that have such a choice."""


class NodeForm(QWidget):
    """All fields of a node and its ways out.

    Signals:
        edited: Path in the node's settings and new value (`UNSET` removes the key, a `Together`
            stands for several paths).
    """

    edited = Signal(object, object)

    def __init__(
        self, kind: NodeKind[Any], settings: Mapping[str, Any], context: FormContext
    ) -> None:
        super().__init__()
        self._boxes: list[FieldBox] = []
        self._one_of = ONE_OF.get(kind.name)
        self._chosen = ""
        layout = column(self, spacing=16)
        if self._one_of is not None:
            options = [(key, words) for key, (words, _) in self._one_of.keys.items()]
            self.choice = ChoiceEditor((), context, options)
            self.choice.edited.connect(self._other)
            layout.addWidget(FieldBox(self._one_of.title, self.choice))
        maker = SpecMaker(kind, settings, context)
        specs = [spec for spec in kind.form() if spec.key not in _HEAD_KEYS]
        for spec in specs:
            editor = maker.make(kind.settings, spec)
            box = boxed(spec, editor)
            editor.edited.connect(self.edited)
            layout.addWidget(box)
            self._boxes.append(box)
        inside = {spec.key for spec in specs}
        ports = [port for port in all_ports(kind.settings, settings) if port.path[0] not in inside]
        self._ports = PortsEditor(context, ports)
        self._ports.edited.connect(self.edited)
        if ports:
            layout.addWidget(label("Leads to", "section"))
            layout.addWidget(self._ports)
        self.shape = shape_of(kind, settings, context)
        self._settings: Mapping[str, Any] = settings
        self.show_settings(settings)

    def show_settings(self, settings: Mapping[str, Any]) -> None:
        """Show the node's settings in every field."""
        self._settings = settings
        for box in self._boxes:
            box.editor.show_value(get_in(settings, box.editor.path))
        self._ports.show_value(settings)
        if self._one_of is not None:
            self._show_choice(self._one_of, settings)

    # --- exactly one of several --------------------------------------------------------------------

    def _show_choice(self, one_of: OneOf, settings: Mapping[str, Any]) -> None:
        """The field of the chosen one, and of every other that is given against the rules."""
        given = [key for key in one_of.keys if settings.get(key) is not None]
        if given and self._chosen not in given:
            self._chosen = given[0]
        self._chosen = self._chosen or next(iter(one_of.keys))
        self.choice.show_value(self._chosen)
        shown = {self._chosen, *given}
        for box in self._boxes:
            key = str(box.editor.path[0])
            owner = next((one for one, keys in one_of.only_with.items() if key in keys), "")
            own = key in one_of.keys
            box.setVisible(key in shown if own else not owner or owner in shown or key in settings)
        for owner, keys in one_of.only_with.items():
            for key in keys:
                self._ports.show_port((key,), shown=owner in shown or bool(settings.get(key)))

    def _other(self, _path: object, value: object) -> None:
        """The chosen one takes the place of the other, with what goes with that only."""
        if self._one_of is None or value == self._chosen:
            return
        self._chosen = str(value)
        gone = [key for key in self._one_of.keys if key != value]
        for owner, keys in self._one_of.only_with.items():
            gone += keys if owner != value else ()
        changes: dict[Path, Any] = {(key,): UNSET for key in gone if key in self._settings}
        fresh = self._one_of.keys[self._chosen][1]
        if fresh is not UNSET:
            changes[(self._chosen,)] = fresh
        self.edited.emit((), Together(changes))
        self.show_settings(self._settings)
        self.focus_path((self._chosen,))

    # --- findings and focus --------------------------------------------------------------------------

    def show_problems(self, problems: Sequence[tuple[Path, str, str]]) -> list[tuple[str, str]]:
        """Findings as path in the settings, severity, words; gives back those of no field."""
        rest: list[tuple[str, str]] = []
        found: dict[int, list[tuple[str, str]]] = {}
        for path, severity, words in problems:
            place = next(
                (
                    i
                    for i, box in enumerate(self._boxes)
                    if path[:1] == box.editor.path[:1] and not box.isHidden()
                ),
                None,
            )
            if place is None:
                rest.append((severity, words))
            else:
                found.setdefault(place, []).append((severity, words))
        for index, box in enumerate(self._boxes):
            box.show_problems(found.get(index, []))
        return rest

    def path_of(self, widget: QWidget) -> Path | None:
        """The path that the innermost field around a widget edits."""
        around: QWidget | None = widget
        while around is not None and around is not self:
            if isinstance(around, Editor) and around.path:
                return around.path
            around = around.parentWidget()
        return None

    def box_of(self, path: Path) -> FieldBox | None:
        """The field that edits this path."""
        return next((box for box in self._boxes if box.editor.path[:1] == path[:1]), None)

    def focus_path(self, path: Path) -> bool:
        """Put the cursor into the field that edits this path."""
        if path and any(
            box.editor.focus_path(path) for box in self._boxes if box.editor.path[:1] == path[:1]
        ):
            return True
        return self._ports.focus_path(path)


def shape_of(kind: NodeKind[Any], settings: Mapping[str, Any], context: FormContext) -> object:
    """What decides which widgets a form has; the form is made anew when it changes."""
    arguments: list[object] = []
    for use in kind.uses(settings):
        if use.mark.role == "arguments":
            named = get_in(settings, (*use.path[:-1], use.mark.of))
            known = arguments_of(use.mark.of, named if isinstance(named, str) else "", context)
            arguments.append((use.path, use.mark.of, known))
        elif use.mark.role == "prompt":
            arguments.append(use.path)
    ports = [(port.path, port.label) for port in all_ports(kind.settings, settings)]
    inside = {spec.key for spec in kind.form()}
    return (kind.name, arguments, [port for port in ports if port[0][0] not in inside])
