"""The form of one node, made from what its kind declares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from journeybuilder.contract.fields import FieldSpec
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
from journeybuilder.gui.forms.folding import Folds, Section
from journeybuilder.gui.forms.plain import ChoiceEditor
from journeybuilder.gui.forms.spec_form import SpecMaker, arguments_of, boxed
from journeybuilder.gui.forms.values import get_in
from journeybuilder.gui.forms.ways import PortsEditor
from journeybuilder.gui.look.language import noop, tr

ADVANCED = frozenset({
    "timeout", "retry", "undo", "cache", "limits", "guard", "max_turns", "attempts", "again",
    "read_with", "approve", "approve_by", "priority", "skills", "editable", "min_confidence",
})  # fmt: skip
"""Keys whose fields are folded away until somebody wants them."""
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


_WORTH_FOLDING = 2
_OFFICE = {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}
ONE_OF: Mapping[str, OneOf] = {
    "wait": OneOf(
        noop("Wait"),
        {
            "for": (noop("for a length of time"), "1h"),
            "until": (noop("until a moment"), UNSET),
            "hours": (noop("for business hours"), _OFFICE),
            "event": (noop("for an event"), UNSET),
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
        self,
        kind: NodeKind[Any],
        settings: Mapping[str, Any],
        context: FormContext,
        folds: Folds | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._boxes: list[FieldBox] = []
        self._search = ""
        self._folds = folds or Folds()
        self._one_of = ONE_OF.get(kind.name)
        self._chosen = ""
        layout = column(self, spacing=16)
        if self._one_of is not None:
            options = [(key, tr(words)) for key, (words, _) in self._one_of.keys.items()]
            self.choice = ChoiceEditor((), context, options)
            self.choice.edited.connect(self._other)
            layout.addWidget(FieldBox(tr(self._one_of.title), self.choice))
        maker = SpecMaker(kind, settings, context)
        specs = [spec for spec in kind.form() if spec.key not in _HEAD_KEYS]
        self.advanced = self._section(kind.name, specs, settings)
        for spec in specs:
            editor = maker.make(kind.settings, spec)
            box = boxed(spec, editor)
            editor.edited.connect(self.edited)
            folded = self.advanced is not None and spec.key in ADVANCED and not spec.required
            (self.advanced.inside if folded and self.advanced else layout).addWidget(box)
            if not spec.required:
                box.can_reset()
            self._boxes.append(box)
        if self.advanced is not None:
            layout.addWidget(self.advanced)
        inside = {spec.key for spec in specs}
        ports = [port for port in all_ports(kind.settings, settings) if port.path[0] not in inside]
        self._ports = PortsEditor(context, ports)
        self._ports.edited.connect(self.edited)
        if ports:
            layout.addWidget(label(tr("Leads to"), "section"))
        layout.addWidget(self._ports)  # also without ports: it must belong to somebody
        self._ports.setVisible(bool(ports))
        self.shape = shape_of(kind, settings, context)
        self._settings: Mapping[str, Any] = settings
        self.show_settings(settings)

    def _section(
        self, kind: str, specs: Sequence[FieldSpec], settings: Mapping[str, Any]
    ) -> Section | None:
        """Where the fields go that most do not need; open where one of them says something."""
        if self._one_of is not None:
            return None
        keys = [spec.key for spec in specs if spec.key in ADVANCED and not spec.required]
        if len(keys) < _WORTH_FOLDING:
            return None
        some = any(settings.get(key) is not None for key in keys)
        name = f"{kind}.advanced"
        opened = some or self._folds.is_open(name, default=False)
        section = Section(name, tr("More settings"), opened=opened)
        section.folded.connect(self._folded)
        return section

    def _folded(self, opened: bool) -> None:
        if self.advanced is not None:
            self._folds.put(self.advanced.name, opened=opened)

    @property
    def boxes(self) -> Sequence[FieldBox]:
        """Its fields."""
        return self._boxes

    def search(self, words: str) -> int:
        """Show only the fields with these words; gives how many. An empty text shows all again."""
        self._search = words.strip().lower()
        self.show_settings(self._settings)
        for box in self._boxes:
            box.setVisible(not self._search or box.fits(self._search))
        if not self._search and self._one_of is not None:
            self._show_choice(self._one_of, self._settings)
        if self.advanced is not None:
            inside = [box for box in self._boxes if self.advanced.isAncestorOf(box)]
            found = any(not box.isHidden() for box in inside)
            self.advanced.setVisible(found)
            if self._search and found:
                self.advanced.open(shown=True)
        return sum(not box.isHidden() for box in self._boxes)

    def show_settings(self, settings: Mapping[str, Any]) -> None:
        """Show the node's settings in every field."""
        self._settings = settings
        for box in self._boxes:
            value = get_in(settings, box.editor.path)
            box.editor.show_value(value)
            box.show_changed(changed=value is not UNSET and value is not None)
        self._count()
        self._ports.show_value(settings)
        if self._one_of is not None:
            self._show_choice(self._one_of, settings)

    def _count(self) -> None:
        """Say how many of the folded fields say something."""
        if self.advanced is None:
            return
        keys = [box.editor.path[0] for box in self._boxes if self.advanced.isAncestorOf(box)]
        many = sum(self._settings.get(str(key)) is not None for key in keys)
        self.advanced.count(f"({many})" if many else "")

    def _unfold(self, box: FieldBox) -> None:
        if self.advanced is not None and self.advanced.isAncestorOf(box):
            self.advanced.open(shown=True)

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
            if index in found:
                self._unfold(box)
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
        for box in self._boxes:
            if path and box.editor.path[:1] == path[:1]:
                self._unfold(box)
                if box.editor.focus_path(path):
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
