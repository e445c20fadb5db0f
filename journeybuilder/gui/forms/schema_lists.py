"""Lists in a form made from a schema: items to add, to move and to remove, by mouse and by keys."""

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    Path,
    column,
    empty,
    label,
    name_it,
    row,
)
from journeybuilder.gui.forms.cel import ExpressionEditor
from journeybuilder.gui.forms.picks import remove_button
from journeybuilder.gui.forms.schema_check import list_problem
from journeybuilder.gui.forms.schema_leaves import SwitchEditor, tool_switch
from journeybuilder.gui.forms.schema_reading import Schema, fresh
from journeybuilder.gui.forms.value_editor import expression_of
from journeybuilder.gui.forms.values import set_in
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak, weak_with

if TYPE_CHECKING:
    from journeybuilder.gui.forms.schema_form import Maker


class ArrayEditor(Editor):
    """A list: one row per item; or computed as a whole.

    Alt+Up and Alt+Down move the item that has the focus, Alt+Delete removes it, Alt+Insert adds one.
    """

    compound = True

    def __init__(self, path: Path, maker: "Maker", schema: Schema, depth: int) -> None:
        super().__init__(path, maker.context)
        self._maker = maker
        self._schema = schema
        self._depth = depth
        self._value: list[Any] = []
        self._editors: list[Editor] = []
        layout = column(self, spacing=4)
        self._whole = ExpressionEditor(
            path, maker.context, placeholder=tr("for example order.lines")
        )
        self._whole.edited.connect(self._computed)
        self._body = QWidget()
        self._rows: QVBoxLayout = column(self._body, spacing=4)
        layout.addWidget(self._whole)
        layout.addWidget(self._body)
        self._wrong = label("", "wrong", wrap=True)
        layout.addWidget(self._wrong)
        self._wrong.hide()
        line = row(spacing=4)
        self._add = QPushButton(tr("Add item"))
        self._add.setProperty("role", "quiet")
        self._add.clicked.connect(self._added)
        line.addWidget(self._add)
        line.addStretch(1)
        self._switch = tool_switch("ƒx", tr("Compute the whole list from variables"))
        self._switch.clicked.connect(self._switched)
        line.addWidget(self._switch)
        self._switch.setVisible(maker.computed)
        layout.addLayout(line)
        self._mode(computed=False)
        self.setFocusProxy(self._add)

    def _item_schema(self, index: int) -> Any:
        """The schema of the item at a place; the first ones can have one each."""
        items = self._schema.get("items")
        first = self._schema.get("prefixItems", items if isinstance(items, list) else None)
        if isinstance(first, list) and index < len(cast("list[Any]", first)):
            return cast("list[Any]", first)[index]
        if isinstance(items, list):
            return self._schema.get("additionalItems", {})
        return items if items is not None else {}

    def _mode(self, *, computed: bool) -> None:
        self._switch.setChecked(computed)
        self._whole.setVisible(computed)
        self._body.setVisible(not computed)
        self._add.setVisible(not computed)

    def _switched(self, checked: bool) -> None:
        self._mode(computed=checked)
        if not checked and self._whole.isHidden():
            self._draw(self._value)
        (self._whole if checked else self._add).setFocus()

    def _computed(self, _path: object, value: object) -> None:
        self.say(f"${{{value}}}" if isinstance(value, str) else UNSET)

    # --- changes -------------------------------------------------------------------------------

    def _added(self) -> None:
        self._insert(len(self._value))

    def _insert(self, index: int) -> None:
        value = fresh(self._item_schema(index), self._maker.root)
        self._take([*self._value[:index], value, *self._value[index:]], anew=True)
        self._focus_item(index)

    def _removed(self, index: int) -> None:
        left = [item for place, item in enumerate(self._value) if place != index]
        self._take(left, anew=True)
        self._focus_item(min(index, len(left) - 1))

    def _moved(self, index: int, by: int) -> None:
        to = index + by
        if not 0 <= to < len(self._value):
            return
        value = list(self._value)
        value.insert(to, value.pop(index))
        self._take(value, anew=True)
        self._focus_item(to)

    def _focus_item(self, index: int) -> None:
        if 0 <= index < len(self._editors):
            editor = self._editors[index]
            (editor.focusProxy() or editor).setFocus()
        else:
            self._add.setFocus()

    def _take(self, value: list[Any], *, anew: bool) -> None:
        self._draw(value, anew=anew)
        self.say(list(value) or UNSET)

    def _item(self, index: int, path: object, value: object) -> None:
        inner = cast("Path", path)[len(self.path) + 1 :]
        changed: Any = set_in(self._value[index], inner, value)
        if changed is UNSET:
            emptied: Any = fresh(self._item_schema(index), self._maker.root)
            changed = {} if isinstance(self._value[index], dict) else emptied
        self._value = [
            changed if place == index else item for place, item in enumerate(self._value)
        ]
        self._judge()
        self.say(list(self._value))

    def key(self, index: int, event: QKeyEvent) -> bool:
        """A key that no field of the item wanted; False where it is none of ours."""
        if event.modifiers() != Qt.KeyboardModifier.AltModifier:
            return False
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self._moved(index, -1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Delete:
            self._removed(index)
        elif event.key() == Qt.Key.Key_Insert:
            self._insert(index + 1)
        else:
            return False
        return True

    # --- drawing -------------------------------------------------------------------------------

    def _draw(self, value: list[Any], *, anew: bool = False) -> None:
        if anew or len(value) != len(self._editors):
            empty(self._rows)
            self._editors = []
            self._value = value
            for index in range(len(value)):
                self._rows.addWidget(self._row(index))
        self._value = value
        for item, editor in zip(value, self._editors, strict=True):
            editor.show_value(item)
        self._judge()

    def _judge(self) -> None:
        words = list_problem(self._schema, self._value) if self._value else ""
        self._wrong.setText(f"\u2716 {words}" if words else "")
        self._wrong.setVisible(bool(words))

    def _row(self, index: int) -> QWidget:
        editor = self._maker.make(self._item_schema(index), (*self.path, index), self._depth + 1)
        editor.edited.connect(weak_with(self._item, index))
        self._editors.append(editor)
        name = tr("Item {n}", n=index + 1)
        name_it(editor, name)
        holder = ItemRow(self, index)
        buttons = [
            self._mover(index, -1, "\u2191", tr("Move item {n} up (Alt+Up)", n=index + 1)),
            self._mover(index, 1, "\u2193", tr("Move item {n} down (Alt+Down)", n=index + 1)),
            remove_button(tr("item {n}", n=index + 1), weak(self._removed, index)),
        ]
        if editor.compound:
            outer = column(holder, spacing=2)
            line = row(spacing=0)
            line.addWidget(label(name, "caption"))
            line.addStretch(1)
            if isinstance(editor, SwitchEditor):
                line.addWidget(editor.corner)
            outer.addLayout(line)
            outer.addWidget(editor)
        else:
            line = row(holder, spacing=0)
            line.addWidget(editor, 1)
        for button in buttons:
            line.addWidget(button)
            line.setAlignment(button, Qt.AlignmentFlag.AlignTop)
        return holder

    def _mover(self, index: int, by: int, sign: str, words: str) -> QPushButton:
        button = QPushButton(sign)
        button.setProperty("role", "remove")
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.setEnabled(0 <= index + by < len(self._value))
        button.setVisible(len(self._value) > 1)
        button.clicked.connect(weak(self._moved, index, by))
        return button

    @override
    def show_value(self, value: Any) -> None:
        expression = expression_of(value)
        if expression is not None:
            self._whole.show_value(expression)
            self._mode(computed=True)
            return
        wanted = list(cast("list[Any]", value)) if isinstance(value, list) else []
        if wanted or not self._switch.isChecked():
            self._mode(computed=False)
        self._draw(wanted)

    @override
    def focus_path(self, path: Path) -> bool:
        deep = len(self.path)
        if path[:deep] == self.path and len(path) > deep:
            place = path[deep]
            if isinstance(place, int) and 0 <= place < len(self._editors):
                return self._editors[place].focus_path(path)
        return super().focus_path(path)


class ItemRow(QWidget):
    """One item; keys that its fields do not want go to the list."""

    def __init__(self, owner: ArrayEditor, index: int) -> None:
        super().__init__()
        self._owner = owner
        self._index = index

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._owner.key(self._index, event):
            super().keyPressEvent(event)
