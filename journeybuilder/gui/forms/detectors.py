"""What a guard looks for: a list of detectors, each with settings of its own."""

from collections.abc import Mapping
from typing import Any, cast

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FieldBox,
    FormContext,
    Path,
    column,
    empty,
    row,
)
from journeybuilder.gui.forms.model_pick import ModelEditor
from journeybuilder.gui.forms.named_rows import as_mapping, quiet_button
from journeybuilder.gui.forms.picks import remove_button
from journeybuilder.gui.forms.plain import AreaEditor, ListEditor, QuietCombo
from journeybuilder.gui.forms.type_rows import TypeEditor
from journeybuilder.gui.forms.values import set_in
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.slots import weak, weak_with

_SORTS: Mapping[str, tuple[str, Any]] = {
    "personal_data": (noop("Personal data"), "personal_data"),
    "prompt_injection": (noop("Attempts to talk a model round"), "prompt_injection"),
    "topics": (noop("Words and topics"), {"topics": []}),
    "schema": (noop("A value of another form"), {"schema": {}}),
    "model": (noop("What a model judges"), {"model": "", "question": ""}),
}

_NOTHING: Mapping[str, Any] = {"topics": [], "schema": {}}


def sort_of(detector: Any) -> str:
    """Which detector it is; an empty text for what is none."""
    if isinstance(detector, str):
        return detector
    return next((name for name in ("topics", "schema", "model") if name in detector), "")


class DetectorsEditor(Editor):
    """One card a detector."""

    compound = True

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self._value: list[Any] = []
        self._sorts: list[str] = []
        self._inner: list[dict[str, Editor]] = []
        layout = column(self, spacing=8)
        self._body = QVBoxLayout()
        self._body.setSpacing(8)
        layout.addLayout(self._body)
        line = row()
        self._add = quiet_button(tr("Add detector"), self._added)
        line.addWidget(self._add)
        line.addStretch(1)
        layout.addLayout(line)
        self.setFocusProxy(self._add)

    def _card(self, index: int, sort: str) -> QWidget:
        card = QFrame()
        card.setProperty("role", "case")
        inside = column(card, spacing=8, margins=(8, 8, 8, 12))
        head = row(spacing=4)
        pick = QuietCombo()
        pick.setAccessibleName(tr("What detector {n} looks for", n=index + 1))
        for name, (words, _) in _SORTS.items():
            pick.addItem(tr(words), name)
        if sort not in _SORTS:
            pick.addItem(tr("{name} (not known)", name=sort or tr("nothing")), sort)
        pick.setCurrentIndex(pick.findData(sort))
        pick.activated.connect(weak_with(self._chosen, index))
        head.addWidget(pick, 1)
        head.addWidget(remove_button(tr("detector {n}", n=index + 1), weak(self._removed, index)))
        inside.addLayout(head)
        inner = self._editors((*self.path, index), sort)
        for key, (title, editor) in inner.items():
            editor.edited.connect(weak_with(self._changed, index, key))
            inside.addWidget(FieldBox(title, editor))
        self._inner.append({key: editor for key, (_, editor) in inner.items()})
        return card

    def _editors(self, at: Path, sort: str) -> dict[str, tuple[str, Editor]]:
        if sort == "topics":
            return {"topics": (tr("Words or phrases"), ListEditor((*at, "topics"), self.context))}
        if sort == "schema":
            return {
                "schema": (tr("What it has to be like"), TypeEditor((*at, "schema"), self.context))
            }
        if sort == "model":
            ask = AreaEditor(
                (*at, "question"),
                self.context,
                placeholder=tr("for example: Does it promise money?"),
            )
            model = ModelEditor((*at, "model"), self.context, optional=False)
            return {"model": (tr("Model"), model), "question": (tr("Question; yes is a find"), ask)}
        return {}

    def _changed(self, index: int, key: str, _path: object, value: object) -> None:
        nothing: Any = _NOTHING.get(key, "")
        changed = set_in(self._value[index], (key,), nothing if value is UNSET else value)
        self._value = [changed if at == index else one for at, one in enumerate(self._value)]
        self.say(list(self._value))

    def _chosen(self, index: int, row_of_sort: int) -> None:
        name = list(_SORTS)[row_of_sort] if row_of_sort < len(_SORTS) else ""
        if name and name != self._sorts[index]:
            fresh = _SORTS[name][1]
            self._take([fresh if at == index else one for at, one in enumerate(self._value)])

    def _added(self) -> None:
        """The first that is not among them, for most people want each once."""
        known = [sort_of(one) for one in self._value]
        name = next((one for one in _SORTS if one not in known), "topics")
        self._take([*self._value, _SORTS[name][1]])

    def _removed(self, index: int) -> None:
        self._take([one for at, one in enumerate(self._value) if at != index])

    def _take(self, value: list[Any]) -> None:
        self._draw(value)
        self.say(list(value) or UNSET)

    def _draw(self, value: list[Any]) -> None:
        sorts = [sort_of(one) for one in value]
        if sorts != self._sorts:
            empty(self._body)
            self._inner = []
            self._sorts = sorts
            for index, sort in enumerate(sorts):
                self._body.addWidget(self._card(index, sort))
        self._value = value
        for one, inner in zip(value, self._inner, strict=True):
            for key, editor in inner.items():
                editor.show_value(as_mapping(one).get(key, UNSET))

    @override
    def show_value(self, value: Any) -> None:
        self._draw(list(cast("list[Any]", value)) if isinstance(value, list) else [])

    @override
    def focus_path(self, path: Path) -> bool:
        at = len(self.path)
        index = path[at] if len(path) > at else None
        if path[:at] == self.path and isinstance(index, int) and index < len(self._inner):
            for editor in self._inner[index].values():
                if path[: at + 2] == editor.path and editor.focus_path(path):
                    return True
        return super().focus_path(path)
