"""The time line of a run as rows of a table: only what is seen is put into words."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont
from typing_extensions import override

from journeybuilder.gui.debug.event_words import Sort, sort_of, words_of
from journeybuilder.gui.look.language import noop, tr, trn
from journeybuilder.rehearse.debug.rows import Row
from journeybuilder.rehearse.debug.timeline import Timeline

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_HEADS = (
    noop("Time"), noop("Step"), noop("What happened"), noop("Cost"), noop("Tokens"),
    noop("Took"),
)  # fmt: skip
TIME, STEP, WORDS, COST, TOKENS, TOOK = range(6)
_NUMBERS = (COST, TOKENS, TOOK)
_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0


def elapsed(seconds: float) -> str:
    """Time since the beginning: `0:07.4`, `1:02:03`, `2 d 3:00:00`."""
    if seconds < _HOUR:
        minutes, rest = divmod(max(0.0, seconds), _MINUTE)
        return f"{int(minutes)}:{rest:04.1f}"
    days, rest = divmod(seconds, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    clock = f"{int(hours)}:{int(minutes):02}:{int(rest):02}"
    return tr("{days} d {clock}", days=int(days), clock=clock) if days else clock


def lasted(seconds: float) -> str:
    """How long an answer took, or an empty text where that is not worth telling."""
    if seconds <= 0:
        return ""
    if seconds < 1:
        return tr("{n} ms", n=max(1, round(seconds * 1000)))
    return tr("{n} s", n=f"{seconds:.1f}") if seconds < _MINUTE else elapsed(seconds)


def priced(cost: float | None) -> str:
    """A cost in USD; empty for none, a sign where it is not known."""
    if cost is None:
        return "?"
    return f"${cost:.4f}" if cost else ""


class TimelineModel(QAbstractTableModel):
    """The events of one run, or those of them that are asked for; events may come at its end.

    Args:
        title: What a step is called, by its id.
        way: What a way out of a step is called, by the step and the port.
        muted: The color of what has not happened yet at the moment that is looked at.
    """

    def __init__(
        self,
        title: Callable[[str], str],
        way: Callable[[str, str], str],
        muted: Callable[[], QColor],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._way = way
        self._muted = muted
        self._timeline: Timeline | None = None
        self._rows: Sequence[Row] = ()
        self._kept: list[int] = []
        self._words: dict[int, str] = {}
        self._sort: Sort | str = ""
        self._typed: Sequence[str] = ()
        self.cursor = 0

    # --- what is shown -------------------------------------------------------------------------

    def show(self, timeline: Timeline | None, cursor: int) -> None:
        """Show another run, or the same one from the beginning."""
        self.beginResetModel()
        self._timeline, self.cursor = timeline, cursor
        self._words = {}
        self._rows = timeline.rows() if timeline is not None else ()
        self._kept = self._fitting(0)
        self.endResetModel()

    def narrow(self, sort: str, typed: str) -> None:
        """Show only events of a sort, and with these words."""
        self._sort, self._typed = sort, typed.casefold().split()
        self.beginResetModel()
        self._kept = self._fitting(0)
        self.endResetModel()

    def grow(self) -> None:
        """Take in what has come since."""
        known = len(self._rows)
        if self._timeline is None or len(self._timeline) == known:
            return
        self._rows = self._timeline.rows()
        new = self._fitting(known)
        if new:
            first = len(self._kept)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._kept += new
            self.endInsertRows()

    def look_at(self, cursor: int) -> None:
        """So many events have happened at the moment that is looked at."""
        if cursor == self.cursor:
            return
        low, high = sorted((cursor, self.cursor))
        self.cursor = cursor
        first, last = self.row_of(low), self.row_of(high)
        if self._kept:
            last = min(last, len(self._kept) - 1)
            first = min(max(0, first - 1), last)
            self.dataChanged.emit(self.index(first, 0), self.index(last, TOOK))

    def _fitting(self, first: int) -> list[int]:
        """The events from one on that are to be shown."""
        everything = range(first, len(self._rows))
        return [n for n in everything if self._fits(n)] if self.narrowed else list(everything)

    @property
    def narrowed(self) -> bool:
        """Whether some events may not be shown."""
        return bool(self._sort or self._typed)

    def _fits(self, number: int) -> bool:
        if self._timeline is None:
            return False
        if self._sort and sort_of(self._timeline.events[number]) != self._sort:
            return False
        if not self._typed:
            return True
        row = self._rows[number]
        text = f"{self._title(row.node)} {row.node} {self.words(number)}".casefold()
        return all(word in text for word in self._typed)

    # --- rows and moments ----------------------------------------------------------------------

    def event_at(self, row: int) -> int:
        """The number of the event in a row, from 0."""
        return self._kept[row]

    def row_of(self, moment: int) -> int:
        """The row of the last event that has happened at a moment; -1 where none is shown."""
        low, high = 0, len(self._kept)
        while low < high:
            middle = (low + high) // 2
            if self._kept[middle] < moment:
                low = middle + 1
            else:
                high = middle
        return low - 1

    def words(self, number: int) -> str:
        """An event in a sentence."""
        found = self._words.get(number)
        if found is None:
            assert self._timeline is not None  # there are events
            event = self._timeline.events[number]
            way = self._way(self._rows[number].node, str(event.get("port") or ""))
            found = self._words[number] = words_of(event, way)
        return found

    # --- what Qt asks --------------------------------------------------------------------------

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._kept)

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(_HEADS)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        return tr(_HEADS[section]) if role == Qt.ItemDataRole.DisplayRole else None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        number = self._kept[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(number, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(number)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._cell(number, index.column()) or tr("nothing")
        return self._look(number, role)

    def _look(self, number: int, role: int) -> object:
        if role == Qt.ItemDataRole.ForegroundRole and number >= self.cursor:
            return self._muted()
        if role == Qt.ItemDataRole.FontRole and number == self.cursor - 1:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.FontRole and number >= self.cursor:
            font = QFont()
            font.setItalic(True)  # what has not happened yet is not told by a shade alone
            return font
        return None

    def _cell(self, number: int, column: int) -> str:
        row = self._rows[number]
        if column == TIME:
            return elapsed(row.at - self._rows[0].at)
        if column == STEP:
            return self._title(row.node)
        if column == WORDS:
            return self.words(number)
        if column == COST:
            return priced(row.cost)
        if column == TOKENS:
            return str(row.tokens) if row.tokens else ""
        return lasted(row.latency)

    def _tip(self, number: int) -> str:
        row = self._rows[number]
        moment = datetime.fromtimestamp(row.at).astimezone()
        lines = [
            tr("Event {number} of {all}", number=number + 1, all=len(self._rows)),
            f"{moment:%Y-%m-%d %H:%M:%S}",
            self._title(row.node),
            self.words(number),
        ]
        if row.tokens:
            lines.append(trn("{n} token", "{n} tokens", row.tokens))
        return "\n".join(line for line in lines if line)


def _side(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
