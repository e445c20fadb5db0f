"""Two runs side by side as rows: a step each, and below it what differs there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem
from typing_extensions import override

from journeybuilder.gui.debug.moment import same, value_words
from journeybuilder.gui.debug.timeline_model import lasted, priced
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.look import Look
from journeybuilder.rehearse.debug.beside import Beside, Comparison, Visited

STEP, LEFT, RIGHT = range(3)
_ROW = Qt.ItemDataRole.UserRole + 60
_SPOKEN = {
    "same": noop("the same"), "differs": noop("differs"),
    "left": noop("only in the left run"), "right": noop("only in the right run"),
}  # fmt: skip
_STEP_PART = 0.3
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class BesideRows(QTreeWidget):
    """The steps of both runs, aligned.

    Args:
        title: What a step is called. `way`: what a way out of it is called.

    Signals:
        asked: A `Beside` whose moment is to be looked at.
    """

    asked = Signal(object)

    def __init__(
        self, title: Callable[[str], str], way: Callable[[str, str], str], look: Look
    ) -> None:
        super().__init__()
        self._title, self._way, self._look = title, way, look
        self._rows: Sequence[Beside] = ()
        self._first = -1
        self.setObjectName("beside.rows")
        self.setColumnCount(3)
        self.setIndentation(16)
        self.setRootIsDecorated(False)
        self.setMouseTracking(True)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(tr("Steps of both runs"))
        self.setAccessibleDescription(
            tr("Right shows what differs at a step, Enter looks at that moment.")
        )
        head = self.header()
        head.setSectionResizeMode(LEFT, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(RIGHT, QHeaderView.ResizeMode.Stretch)
        head.setStretchLastSection(False)
        self.itemExpanded.connect(self._fill)
        self.itemCollapsed.connect(self._folded)
        self.itemDoubleClicked.connect(self._go)

    # --- what is shown -----------------------------------------------------------------------------

    def show_comparison(
        self,
        found: Comparison | None,
        names: tuple[str, str],
        variables: tuple[Mapping[str, Any], Mapping[str, Any]],
        *,
        differing: bool,
    ) -> None:
        """Show a comparison.

        Args:
            found: It; None shows nothing.
            names: What the runs are called.
            variables: What each has in the end.
            differing: Whether what is the same is left out.
        """
        self.clear()
        self._rows = found.rows if found is not None else ()
        self._first = found.first if found is not None and found.first is not None else -1
        self.setHeaderLabels([tr("Step"), *names])
        for number, one in enumerate(self._rows):
            if not differing or one.sameness != "same":
                self.addTopLevelItem(self._item(number, one))
        if found is not None:
            self._add_variables(*variables)
        self.header().resizeSection(STEP, max(120, int(self.viewport().width() * _STEP_PART)))

    @property
    def first(self) -> QTreeWidgetItem | None:
        """The row of the first difference."""
        rows = (self.topLevelItem(n) for n in range(self.topLevelItemCount()))
        return next((one for one in rows if one and one.data(0, _ROW) == self._first), None)

    def go_first(self) -> None:
        """Show the first difference, opened."""
        item = self.first
        if item is not None:
            item.setExpanded(True)
            self.setCurrentItem(item)
            self.scrollToItem(item, QAbstractItemView.ScrollHint.PositionAtTop)

    def _item(self, number: int, one: Beside) -> QTreeWidgetItem:
        visit = one.left or one.right
        title = self._title(visit.place) if visit is not None else ""
        sign = "=" if one.sameness == "same" else "≠"
        cells = [f"▸ {sign}  {title}", self._brief(one.left), self._brief(one.right)]
        item = QTreeWidgetItem(cells)
        item.setData(0, _ROW, number)
        item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        spoken = [title, tr(_SPOKEN[one.sameness])]
        if number == self._first:
            spoken.append(tr("first difference"))
            item.setText(STEP, f"{cells[0]}  ({tr('first difference')})")
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, ", ".join(spoken))
        if one.sameness != "same":
            self._mark(item, bold=number == self._first)
        for column, text in enumerate(cells):
            item.setToolTip(column, text)
        return item

    def _mark(self, item: QTreeWidgetItem, *, bold: bool) -> None:
        font = QFont(self.font())
        font.setBold(bold)
        for column in range(3):
            item.setForeground(column, self._look.theme.color("warning"))
            item.setFont(column, font)

    def _brief(self, visit: Visited | None) -> str:
        """A visit in a few words: what was said, what came back, the way out."""
        if visit is None:
            return "—"
        parts = [*visit.said, *visit.answers] or list(visit.asked)
        words = " · ".join(part for part in parts if part)
        way = f"→ {self._way(visit.place, visit.port)}" if visit.port else ""
        return "  ".join(part for part in (words, way) if part)

    def _fill(self, item: QTreeWidgetItem) -> None:
        item.setText(STEP, item.text(STEP).replace("▸", "▾", 1))
        number = item.data(0, _ROW)
        if item.childCount() or not isinstance(number, int):
            return
        for words in self.details(self._rows[number]):
            self._detail(item, words)

    def _detail(self, item: QTreeWidgetItem, words: tuple[str, str, str]) -> None:
        inner = QTreeWidgetItem(item, list(words))
        inner.setData(0, Qt.ItemDataRole.AccessibleTextRole, " | ".join(words))
        if words[LEFT] != words[RIGHT]:
            inner.setText(STEP, f"≠  {words[STEP]}")
            self._mark(inner, bold=False)
        for column, text in enumerate(words):
            inner.setToolTip(column, text)

    def _folded(self, item: QTreeWidgetItem) -> None:
        item.setText(STEP, item.text(STEP).replace("▾", "▸", 1))

    def _add_variables(self, left: Mapping[str, Any], right: Mapping[str, Any]) -> None:
        """The variables that differ in the end, wherever they were set."""
        names = [
            name
            for name in {**left, **right}
            if name not in left or name not in right or not same(left[name], right[name])
        ]
        if not names:
            return
        head = QTreeWidgetItem([f"▸ ≠  {tr('Variables in the end')}", ", ".join(names), ""])
        self._mark(head, bold=False)
        self.addTopLevelItem(head)
        for name in names:
            self._detail(head, (name, _value_of(left, name), _value_of(right, name)))

    def details(self, one: Beside) -> Iterator[tuple[str, str, str]]:
        """What a step is about, and what each of the two runs has there; what differs comes first."""
        left, right = one.left, one.right
        rows = [
            (tr("Variable {name}", name=name), _value(before), _value(after))
            for name, (before, after) in one.variables.items()
        ]
        for part, words in (
            ("said", tr("Says")), ("asked", tr("Calls")), ("answers", tr("Answers")),
        ):  # fmt: skip
            rows.append((words, _joined(left, part), _joined(right, part)))
        rows.append((tr("Way out"), self._out(left), self._out(right)))
        rows.append((tr("Cost"), _cost(left), _cost(right)))
        rows.append((tr("Took"), _took(left), _took(right)))
        told = [row for row in rows if row[1] or row[2]]
        return iter(sorted(told, key=lambda row: row[1] == row[2]))

    def _out(self, visit: Visited | None) -> str:
        return self._way(visit.place, visit.port) if visit is not None else ""

    # --- what can be done --------------------------------------------------------------------------

    def _go(self, item: QTreeWidgetItem) -> None:
        number = (item.parent() or item).data(0, _ROW)
        if isinstance(number, int):
            self.asked.emit(self._rows[number])

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in _ENTER and item is not None:
            self._go(item)
        else:
            super().keyPressEvent(event)


def _cost(visit: Visited | None) -> str:
    return "" if visit is None else priced(visit.cost) or "$0"


def _took(visit: Visited | None) -> str:
    return "" if visit is None else lasted(visit.latency)


def _joined(visit: Visited | None, part: str) -> str:
    found: Sequence[str] = () if visit is None else getattr(visit, part)
    return " · ".join(one for one in found if one)


def _value_of(values: Mapping[str, Any], name: str) -> str:
    return _value(values[name]) if name in values else "—"


def _value(value: Any) -> str:
    return value_words(value) if value is not None else tr("nothing")
