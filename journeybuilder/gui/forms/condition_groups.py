"""A group of conditions of which all, any, not all or none must hold; also about the items of a list."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from journeybuilder.contract.cel_types import DYNAMIC
from journeybuilder.contract.json import as_list
from journeybuilder.gui.expressions.complete import Suggestion, complete
from journeybuilder.gui.expressions.samples import MISSING
from journeybuilder.gui.expressions.scope import Scope
from journeybuilder.gui.forms.base import column, empty, label, row
from journeybuilder.gui.forms.cel import insert_button
from journeybuilder.gui.forms.completion import Completion
from journeybuilder.gui.forms.condition_rows import GetScope, RowEditor, key_meaning, new_row
from journeybuilder.gui.forms.conditions import HOW_WORDS, ITEM, Group, Join, Row
from journeybuilder.gui.forms.picks import remove_button
from journeybuilder.gui.forms.plain import QuietCombo, indented
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.slots import weak, weak_with

_DEEPEST = 3
_JOINS: tuple[tuple[Join, bool, str], ...] = (
    ("all", False, noop("all of these hold")),
    ("any", False, noop("any of these holds")),
    ("all", True, noop("not all of these hold")),
    ("any", True, noop("none of these holds")),
)


def quiet_button(words: str, slot: Callable[..., object], about: str = "") -> QPushButton:
    """A button that is no more than its words."""
    button = QPushButton(words)
    button.setProperty("role", "quiet")
    if about:
        button.setToolTip(about)
        button.setAccessibleDescription(about)
    button.clicked.connect(slot)
    return button


class GroupEditor(QWidget):
    """Rows and inner groups.

    Signals:
        changed: Something else is said.
        asked: What a key or button asks for: `remove`, `up`, `down`.
        moved: It was dragged by so many pixels.
    """

    changed = Signal()
    asked = Signal(str)
    moved = Signal(int)

    def __init__(
        self, shown: Group, scope: GetScope, depth: int = 0, *, items: bool = False
    ) -> None:
        super().__init__()
        self._outer = scope
        self._depth = depth
        self._name = shown.name or ITEM
        self._about_items = bool(shown.each) or items
        self.parts: list[RowEditor | GroupEditor] = []
        layout = column(self, spacing=8, margins=(10, 4, 0, 4) if depth else (0, 0, 0, 0))
        if depth:
            indented(self)
        self.join = QuietCombo()
        self.join.setAccessibleName(tr("How the conditions are joined"))
        for _, negated, words in _JOINS:
            if not (negated and self._about_items):  # there the list says how often
                self.join.addItem(tr(words))
        self.join.setCurrentIndex(_index_of(shown, self._about_items))
        self.join.activated.connect(weak(self._changed))
        self.join.installEventFilter(self)
        self.head = QWidget()
        self._build_head(shown)
        layout.addWidget(self.head)
        self._body = QVBoxLayout()
        self._body.setSpacing(8)
        layout.addLayout(self._body)
        layout.addLayout(self._buttons())
        for part in shown.parts:
            self._put(part)
        self._fit()

    # --- building ------------------------------------------------------------------------------------

    def _build_head(self, shown: Group) -> None:
        lines = column(self.head, spacing=4)
        self.how = QuietCombo()
        self.how.setAccessibleName(tr("For how many items it must hold"))
        for words in HOW_WORDS.values():
            self.how.addItem(tr(words))
        self.how.setCurrentIndex(list(HOW_WORDS).index((shown.how, shown.negated)))
        self.how.activated.connect(weak(self._changed))
        self.each = QLineEdit(shown.each)
        self.each.setProperty("role", "code")
        self.each.setPlaceholderText(tr("a list, for example order.items"))
        self.each.setAccessibleName(tr("The list whose items it is about"))
        self.each.textEdited.connect(weak(self._changed))
        self._lists = Completion(self.each, self._ask_list)
        self._listed = QWidget()
        listed = column(self._listed, spacing=4)
        listed.addWidget(self.how)
        inner: QHBoxLayout = row(spacing=4)
        inner.addWidget(self.each, 1)
        inner.addWidget(insert_button(self._lists))
        listed.addLayout(inner)
        words = tr("In these conditions, “{name}” is the item.", name=self._name)
        listed.addWidget(label(words, "help", wrap=True))
        self._listed.setVisible(self._about_items)
        top: QHBoxLayout = row(spacing=4)
        lines.addLayout(top)
        top.addWidget(self._listed, 1)
        top.addWidget(self.join, 1)
        if self._about_items:
            top.removeWidget(self.join)
            lines.addWidget(self.join)
        if self._depth:
            gone = tr("these conditions about a list") if self._about_items else tr("this group")
            button = remove_button(gone, weak(self._ask, "remove"))
            top.addWidget(button)
            top.setAlignment(button, Qt.AlignmentFlag.AlignTop)
        for widget in (self.how, self.each):
            widget.installEventFilter(self)

    def _buttons(self) -> QHBoxLayout:
        line: QHBoxLayout = row(spacing=0)
        add = tr("Add a condition (Ctrl+Enter)")
        line.addWidget(quiet_button(tr("+ Condition"), self.add_row, add))
        if self._depth < _DEEPEST:
            group = tr("Add conditions that are joined in another way")
            line.addWidget(quiet_button(tr("+ Group"), self._add_group, group))
            items = tr("Add conditions about the items of a list")
            line.addWidget(quiet_button(tr("+ List"), self._add_each, items))
        line.addStretch(1)
        return line

    def _put(self, part: Row | Group, *, items: bool = False) -> "RowEditor | GroupEditor":
        widget: RowEditor | GroupEditor = (
            RowEditor(part, self.scope)
            if isinstance(part, Row)
            else GroupEditor(part, self.scope, self._depth + 1, items=items)
        )
        widget.changed.connect(self.changed)
        widget.asked.connect(weak_with(self._part_asked, len(self.parts)))
        widget.moved.connect(weak_with(self._part_moved, len(self.parts)))
        self.parts.append(widget)
        self._body.addWidget(widget)
        if self.isVisible():
            widget.show()  # at once: the next key may be meant for it
        self.setFocusProxy(self.each if self._about_items else self.parts[0])
        return widget

    def _fit(self) -> None:
        several = len(self.parts) > 1 or self.join.currentIndex() > 1
        self.join.setVisible(several or (self._depth > 0 and not self._about_items))
        self.head.setVisible(several or self._depth > 0 or self._about_items)

    # --- scope ---------------------------------------------------------------------------------------

    def scope(self) -> Scope:
        """What the conditions in it may use."""
        outer = self._outer()
        if not self._about_items:
            return outer
        path = self.each.text().strip()
        kind = outer.type_at(path)
        first = next(iter(as_list(outer.sample(path))), MISSING) if path else MISSING
        item = kind.item or DYNAMIC if kind.kind == "list" else DYNAMIC
        return outer.with_name(self._name, item, first, tr("an item of {list}", list=path))

    def _ask_list(self, text: str, cursor: int, explicit: bool) -> list[Suggestion]:
        found = complete(text, cursor, self._outer(), explicit=explicit)
        named = [one for one in found if one.kind in {"variable", "field"}]
        return sorted(named, key=lambda one: one.icon != "type-list")

    # --- edits ---------------------------------------------------------------------------------------

    def add_row(self) -> None:
        """Add an empty row and go there."""
        self._put(new_row()).setFocus()
        self._fit()

    def _add_group(self) -> None:
        other: Join = "any" if self.join.currentIndex() == 0 else "all"
        self._put(Group(other, (new_row(), new_row()))).setFocus()
        self._fit()

    def _add_each(self) -> None:
        name = ITEM if self._depth == 0 else f"{ITEM}{self._depth + 1}"
        self._put(Group("all", (new_row(),), name=name), items=True).setFocus()
        self._fit()

    def _part_asked(self, index: int, what: str) -> None:
        if what == "add":
            self.add_row()
        elif what == "remove":
            self._remove(index)
        elif what in {"up", "down"}:
            self._move(index, index + (1 if what == "down" else -1))

    def _part_moved(self, index: int, pixels: int) -> None:
        """Put a part where the mouse let it go."""
        mine = self.parts[index].geometry()
        middle = mine.center().y() + pixels
        rest = [
            part.geometry().center().y() for part in self.parts if part is not self.parts[index]
        ]
        to = sum(center < middle for center in rest)
        self._move(index, to)

    def _move(self, index: int, to: int) -> None:
        parts = list(self.condition().parts)
        if not 0 <= to < len(parts) or to == index:
            return
        parts.insert(to, parts.pop(index))
        self._rebuild(parts)
        self.parts[to].setFocus()
        self.changed.emit()

    def _remove(self, index: int) -> None:
        parts = list(self.condition().parts)
        parts.pop(index)
        if not parts and self._depth:
            self.asked.emit("remove")
            return
        self._rebuild(parts)
        if not parts:
            self.add_row()
        self.parts[min(index, len(self.parts) - 1)].setFocus()
        self.changed.emit()

    def _rebuild(self, parts: list[Row | Group]) -> None:
        empty(self._body)
        self.parts = []
        for part in parts:
            self._put(part)
        self._fit()

    def _ask(self, what: str) -> None:
        self.asked.emit(what)

    def _changed(self) -> None:
        self._fit()
        self.changed.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        keys = {QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress}
        if isinstance(event, QKeyEvent) and event.type() in keys and key_meaning(event):
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                meaning = key_meaning(event)
                if meaning == "add":
                    self.add_row()
                else:
                    self.asked.emit(meaning)
            return True
        return super().eventFilter(watched, event)

    # --- what it says ----------------------------------------------------------------------------------

    def condition(self) -> Group:
        """What the group says now, unfinished rows too."""
        join, negated, _ = _JOINS[self.join.currentIndex()]
        parts = tuple(part.condition() for part in self.parts)
        if not self._about_items:
            return Group(join, parts, negated)
        how, turned = list(HOW_WORDS)[self.how.currentIndex()]
        return Group(join, parts, turned, self.each.text().strip(), how, self._name)

    def finished(self) -> Group | None:
        """The same without rows that are not filled in; None where nothing is left."""
        said = self.condition()
        kept: list[Row | Group] = []
        for part in self.parts:
            if isinstance(part, RowEditor):
                if part.complete:
                    kept.append(part.condition())
            elif (inner := part.finished()) is not None:
                kept.append(inner)
        if not kept or (self._about_items and not said.each):
            return None
        return Group(said.join, tuple(kept), said.negated, said.each, said.how, said.name)

    def show_truth(self, note: str = "") -> None:
        """Show at each row whether it holds on the sample values."""
        scope = self.scope()
        own = tr("(of the first item)") if self._about_items else note
        for part in self.parts:
            if isinstance(part, RowEditor):
                part.show_truth(scope, own)
            else:
                part.show_truth(own)


def _index_of(group: Group, about_items: bool) -> int:
    """Which of the ways to join it is; what is about the items of a list is negated elsewhere."""
    wanted = (group.join, group.negated and not about_items)
    return next(
        index for index, (join, negated, _) in enumerate(_JOINS) if (join, negated) == wanted
    )
