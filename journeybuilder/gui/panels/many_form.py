"""The form of several steps at once: the fields that all of them have, changed in one step."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from journeybuilder.contract.fields import FieldSpec
from journeybuilder.document.model import Node
from journeybuilder.gui.forms.base import UNSET, FieldBox, FormContext, Path, column, label
from journeybuilder.gui.forms.spec_form import SpecMaker, boxed
from journeybuilder.gui.forms.values import get_in
from journeybuilder.gui.forms.ways import TargetEditor, port_words
from journeybuilder.gui.journey.journal import Edit
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.kinds import KINDS, ports_of

_ALONE = {"text", "arguments", "save", "values"}  # roles whose values belong to one step
_OWN = {"title", "note"}


class ManyForm(QWidget):
    """What several steps have in common.

    Signals:
        edited: Path in the settings of each of them, and the new value.
    """

    edited = Signal(object, object)

    def __init__(self, nodes: Sequence[Node], context: FormContext) -> None:
        super().__init__()
        self.boxes: list[FieldBox] = []
        layout = column(self, spacing=16)
        layout.addWidget(label(trn("{n} step selected", "{n} steps selected", len(nodes)), "title"))
        specs = common_fields(nodes)
        words = tr("A change here is made in all of them.") if specs else tr("Move, copy or remove them together; they have no setting in common.")  # fmt: skip
        layout.addWidget(label(words, "muted", wrap=True))
        first = nodes[0]
        kind = KINDS.get(first.kind)
        maker = SpecMaker(kind, first.settings, context) if kind is not None else None
        for spec in specs:
            if kind is None or maker is None:
                continue
            editor = maker.make(kind.settings, spec)
            self._add(boxed(spec, editor))
        for path, name in common_ways(nodes):
            self._add(FieldBox(tr("{way} leads to", way=name), TargetEditor(path, context)))
        self.show_nodes(nodes)

    def _add(self, box: FieldBox) -> None:
        box.editor.edited.connect(self.edited)
        layout = self.layout()
        if layout is not None:
            layout.addWidget(box)
        note = label(tr("different values"), "help")
        box.head.insertWidget(1, note)
        note.setObjectName("mixed")
        self.boxes.append(box)

    def show_nodes(self, nodes: Sequence[Node]) -> None:
        """Show the values; where they differ, an empty field and a word."""
        for box in self.boxes:
            values = [get_in(node.settings, box.editor.path) for node in nodes]
            same = all(_same(value, values[0]) for value in values)
            box.editor.show_value(values[0] if same else UNSET)
            for note in box.findChildren(QWidget, "mixed"):
                note.setVisible(not same)


def _same(one: Any, other: Any) -> bool:
    return one is other or (one is not UNSET and other is not UNSET and one == other)


def common_fields(nodes: Sequence[Node]) -> list[FieldSpec]:
    """The fields that every node has in the same meaning, in the order of the first one's form."""
    kinds = [KINDS.get(node.kind) for node in nodes]
    forms = [kind.form() if kind is not None else [] for kind in kinds]
    others = [{_meaning(spec) for spec in form} for form in forms[1:]]
    return [
        spec
        for spec in forms[0]
        if spec.mark.role not in _ALONE
        and spec.key not in _OWN
        and all(_meaning(spec) in other for other in others)
    ]


def _meaning(spec: FieldSpec) -> str:
    return f"{spec.key} {spec.mark.role} {spec.options} {spec.schema}"


def common_ways(nodes: Sequence[Node]) -> list[tuple[tuple[str | int, ...], str]]:
    """The plain ways out that every node has: path and words."""
    each = [{port.path: port_words(port) for port in ports_of(node) if len(port.path) == 1} for node in nodes]  # fmt: skip
    return [(path, words) for path, words in each[0].items() if all(path in one for one in each)]


def same_in_all(nodes: Sequence[Node], path: Path, value: Any) -> list[Edit]:
    """The edits that give each of these steps the same value at a path; UNSET takes it away."""
    edits: list[Edit] = []
    for node in nodes:
        whole = ["nodes", node.id, *path]
        if value is not UNSET:
            edits.append(Edit("set", {"path": whole, "value": value}))
        elif any(port.path == path for port in ports_of(node)):
            edits.append(Edit("disconnect", {"node": node.id, "path": list(path)}))
        else:
            edits.append(Edit("unset", {"path": whole}))
    return edits
