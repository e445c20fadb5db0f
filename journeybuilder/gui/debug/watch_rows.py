"""Watches: expressions and what they give at the moment that is looked at."""

from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMenu,
    QTreeWidgetItem,
    QWidget,
)

from journeybuilder.gui.debug.debugging import Debugging
from journeybuilder.gui.debug.moment import lane_at, same, sort_of_value, value_words
from journeybuilder.gui.debug.row_tree import RowTree, fill
from journeybuilder.gui.debug.variable_rows import json_of
from journeybuilder.gui.forms.base import FormContext, column, label, name_it, row
from journeybuilder.gui.forms.cel import ExpressionEditor
from journeybuilder.gui.forms.live import mini_button
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.rows import KEY
from journeybuilder.gui.look.slots import weak
from journeybuilder.rehearse.debug.watch import Watched


class WatchRows(QWidget):
    """A line to add one, and the rows."""

    def __init__(self, debugging: Debugging) -> None:
        super().__init__()
        self._debugging = debugging
        self._journey = ""
        self._editing: int | None = None
        self._text = ""
        self._shown: object = None
        layout = column(self, spacing=4)
        self.tree = RowTree(
            debugging.window.look,
            tr("Watches"),
            tr("F2 changes an expression, Delete removes it, Ctrl+C copies its value."),
        )
        self.tree.setObjectName("debugger.watches")
        self._place = QWidget()
        line: QHBoxLayout = row(self._place, spacing=4, margins=(8, 0, 8, 0))
        self._line = line
        self.editor: ExpressionEditor | None = None
        self.add_button = mini_button("add", tr("Watch this expression"), self.add)
        self.add_button.setObjectName("debugger.watch.add")
        line.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._place)
        self.words = label("", "muted", wrap=True)
        self.words.setContentsMargins(8, 0, 8, 0)
        layout.addWidget(self.words)
        layout.addWidget(self.tree, 1)
        self.tree.opened.connect(self._edit)
        self.tree.edit_asked.connect(self._edit)
        self.tree.remove_asked.connect(self._remove)
        self.tree.copy_asked.connect(self._copy)
        self.tree.menu_asked.connect(self._menu)

    # --- what is shown -----------------------------------------------------------------------------

    def show_journey(self, journey: str, context: FormContext | None) -> None:
        """Show the watches of this journey; `context` says what completion offers."""
        self._journey = journey
        self._editing = None
        self._text = ""
        if self.editor is not None:
            self._line.removeWidget(self.editor)
            self.editor.deleteLater()
            self.editor = None
        if context is not None:
            editor = ExpressionEditor(
                ("watch",), context, placeholder=tr("for example order.total"), live=False
            )
            name_it(editor, tr("Expression to watch"))
            editor.line.setObjectName("debugger.watch")
            editor.edited.connect(self._typed)
            editor.line.returnPressed.connect(self.add)
            self._line.insertWidget(0, editor, 1)
            self.editor = editor
            self.setFocusProxy(editor.line)
            QWidget.setTabOrder(editor.line, self.add_button)
        self._place.setEnabled(context is not None)
        self.refresh()

    def refresh(self) -> None:
        """Show what the expressions give at the moment that is looked at."""
        expressions = self._debugging.breakpoints.watches(self._journey)
        found = [(one, *self._values(one)) for one in expressions]
        if found == self._shown:
            return
        self._shown = found
        self.words.setVisible(not found)
        self.words.setText(
            tr("Expressions that you add here show their value at every moment, such as fee > 0.")
        )
        here = self._index(self.tree.currentItem())
        self.tree.clear()
        for index, (expression, now, before) in enumerate(found):
            item = QTreeWidgetItem(self.tree)
            self._dress(item, index, expression, now, before)
            if index == here:
                self.tree.setCurrentItem(item)

    def _values(self, expression: str) -> tuple[Watched | None, Watched | None]:
        """What it gives at the moment, and what it gave at the stop before; None without a run."""
        rehearsing = self._debugging.rehearsing
        timeline = rehearsing.timeline
        if timeline is None or not len(timeline) or rehearsing.shown != self._journey:
            return None, None
        moment = rehearsing.cursor
        lane = lane_at(timeline, moment)
        now = rehearsing.evaluate(expression, moment, lane)
        return now, rehearsing.evaluate(expression, timeline.before(moment), "")

    @staticmethod
    def _dress(
        item: QTreeWidgetItem,
        index: int,
        expression: str,
        now: Watched | None,
        before: Watched | None,
    ) -> None:
        if now is None or before is None:
            words = (expression, tr("no value before a rehearsal"), "")
            fill(item, index, "eye", words)
            return
        if now.error:
            fill(item, index, "problem", (expression, said(now.error), ""), "error")
            return
        changed = bool(before.error) or not same(now.value, before.value)
        icon, kind = sort_of_value(now.value)
        value = f"{kind} · {value_words(now.value)}" if now.value is not None else kind
        tag = tr("● changed") if changed else ""
        tip = "\n".join((expression, json_of(now.value, 2)[:2000]))
        fill(item, index, icon, (expression, value, tag), "accent" if tag else "muted", tip)

    @staticmethod
    def _index(item: QTreeWidgetItem | None) -> int | None:
        found = item.data(0, KEY) if item is not None else None
        return found if isinstance(found, int) else None

    # --- what can be done --------------------------------------------------------------------------

    def _typed(self, _path: object, value: Any) -> None:
        self._text = value.strip() if isinstance(value, str) else ""

    def add(self) -> None:
        """Watch what is typed, or put it in the place of the one that is edited."""
        editor = self.editor
        if editor is None or not self._text or editor.problem(self._text):
            return
        text, index = self._text, self._editing
        self._text, self._editing = "", None
        editor.show_value("")
        self._name_button(tr("Watch this expression"))
        self._debugging.breakpoints.watch(self._journey, text, index)

    def _name_button(self, words: str) -> None:
        self.add_button.setToolTip(words)
        self.add_button.setAccessibleName(words)

    def watch(self, expression: str) -> None:
        """Watch this."""
        self._debugging.breakpoints.watch(self._journey, expression)

    def _edit(self, item: QTreeWidgetItem) -> None:
        self._edit_at(self._index(item))

    def _edit_at(self, index: int | None) -> None:
        expressions = self._debugging.breakpoints.watches(self._journey)
        if index is None or index >= len(expressions) or self.editor is None:
            return
        self._editing, self._text = index, expressions[index]
        self._name_button(tr("Change the expression"))
        self.editor.show_value(self._text)
        self.editor.line.setFocus()
        self.editor.line.selectAll()

    def _remove(self, item: QTreeWidgetItem) -> None:
        self._remove_at(self._index(item))

    def _remove_at(self, index: int | None) -> None:
        if index is not None:
            self._debugging.breakpoints.unwatch(self._journey, index)

    def _copy(self, item: QTreeWidgetItem) -> None:
        QApplication.clipboard().setText(item.toolTip(0).partition("\n")[2])

    def _menu(self, item: QTreeWidgetItem, place: QPoint) -> None:
        index = self._index(item)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Change the expression…")).triggered.connect(weak(self._edit_at, index))
        menu.addAction(tr("Remove")).triggered.connect(weak(self._remove_at, index))
        menu.popup(place)
