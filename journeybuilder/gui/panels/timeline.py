"""The time line: every event of a rehearsal; the one that is chosen is the moment that all panels show."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableView,
    QWidget,
)
from typing_extensions import override

from journeybuilder.gui.debug.debugging import Debugging
from journeybuilder.gui.debug.event_words import SORTS
from journeybuilder.gui.debug.timeline_model import (
    COST,
    STEP,
    TIME,
    TOKENS,
    TOOK,
    WORDS,
    Index,
    TimelineModel,
    priced,
)
from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.forms.plain import QuietCombo
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.panels.panel import BY_KEYS, Panel

if TYPE_CHECKING:
    from journeybuilder.gui.journey_tab import JourneyTab
    from journeybuilder.gui.window import MainWindow

_PAD = 16  # pixels that a cell has beside its words
_STEP = 13  # signs that the title of a step has at most before it is cut
_FILTER = 180


class TimelineTable(QTableView):
    """The rows; the arrow keys walk through the moments.

    Signals:
        chosen: The row that the person has gone to.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "rows")
        self.setObjectName("timeline.rows")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.setAccessibleName(tr("Time line of the rehearsal"))
        self.setAccessibleDescription(
            tr(
                "Up and Down go from moment to moment; canvas, variables and story show that moment."
            )
        )
        self._quiet = False

    def point_at(self, line: int) -> None:
        """Make a row the current one without telling, as the run goes on."""
        model = self.model()
        if line == self.currentIndex().row():
            return
        self._quiet = True
        try:
            if line < 0:
                self.setCurrentIndex(QModelIndex())
                self.clearSelection()
                self.scrollToTop()
            else:
                self.setCurrentIndex(model.index(line, WORDS))
                self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.EnsureVisible)
        finally:
            self._quiet = False

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if not self._quiet and current.isValid() and current.row() != previous.row():
            self.chosen.emit(current.row())

    def fit_columns(self) -> None:
        """As wide as what usually stands in them; words take what is left."""
        metrics = self.fontMetrics()
        head = self.horizontalHeader()
        head.setSectionResizeMode(WORDS, QHeaderView.ResizeMode.Stretch)
        samples = {TIME: "00:00.0", COST: "$0.0000", TOKENS: "00000", TOOK: "000 ms"}
        for number, words in {**samples, STEP: "n" * _STEP}.items():
            title = str(self.model().headerData(number, Qt.Orientation.Horizontal))
            wide = max(metrics.horizontalAdvance(words), metrics.horizontalAdvance(title) + 6)
            head.resizeSection(number, wide + _PAD)
        self.verticalHeader().setDefaultSectionSize(metrics.height() + 8)
        self.verticalHeader().setMinimumSectionSize(metrics.height() + 4)


class TimelinePanel(Panel, QWidget):
    """Which run, what of it, its rows, and what it has cost so far."""

    def __init__(self, debugging: Debugging, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self._debugging = debugging
        self._rehearsing = debugging.rehearsing
        self._look = look
        self._shown: object = None
        layout = column(self, spacing=8, margins=(8, 8, 8, 4))
        layout.addLayout(self._head())
        self.empty = label("", "muted", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.empty, 1)
        self.model = TimelineModel(debugging.title, debugging.way_words, self._muted, self)
        self.table = TimelineTable()
        self.table.setModel(self.model)
        self.table.fit_columns()
        self.table.chosen.connect(self._chosen)
        layout.addWidget(self.table, 1)
        self._rehearsing.began.connect(self._anew)
        self._rehearsing.happened.connect(self._happened)
        self._rehearsing.cursor_changed.connect(self._moved)
        self._rehearsing.run_changed.connect(self._anew)
        self._rehearsing.phase_changed.connect(self._phase_changed)
        look.changed.connect(self._restyle)
        self._anew()

    @override
    def sizeHint(self) -> QSize:
        return QSize(600, 204)

    def _head(self) -> QHBoxLayout:
        line: QHBoxLayout = row(spacing=8)
        self.runs = QuietCombo()
        self.runs.setObjectName("timeline.runs")
        self.runs.setAccessibleName(tr("Run that is looked at"))
        self.runs.activated.connect(self._run_chosen)
        self.sort = QuietCombo()
        self.sort.setObjectName("timeline.sort")
        self.sort.setAccessibleName(tr("Which events are shown"))
        for value, words in SORTS.items():
            self.sort.addItem(tr(words), value)
        self.sort.activated.connect(self._narrow)
        self.line = QLineEdit()
        self.line.setObjectName("timeline.filter")
        self.line.setPlaceholderText(tr("Filter"))
        self.line.setClearButtonEnabled(True)
        self.line.setAccessibleName(tr("Show only events with these words"))
        self.line.setMaximumWidth(_FILTER)
        self.line.textChanged.connect(self._narrow)
        self.sums = label("", "muted")
        line.addWidget(self.runs, 2)
        line.addWidget(self.sort, 2)
        line.addWidget(self.line, 2)
        line.addStretch(1)
        line.addWidget(self.sums)
        return line

    def _muted(self) -> QColor:
        return self._look.theme.color("muted")

    def _restyle(self) -> None:
        self.table.fit_columns()
        self.table.viewport().update()

    # --- what is shown -------------------------------------------------------------------------

    @override
    def show_journey(self, tab: "JourneyTab | None") -> None:
        self._refresh()

    @override
    def go(self) -> None:
        """Put the focus on the moment that is looked at."""
        target = self.table if self.model.rowCount() else self.line
        target.setFocus(BY_KEYS)

    def _anew(self, *_signal: object) -> None:
        """Another run, or none."""
        self.model.show(self._rehearsing.timeline, self._rehearsing.cursor)
        self._fill_runs()
        self._point()
        self._refresh()

    def _phase_changed(self, phase: str) -> None:
        """What was cleared is not listed any longer."""
        if phase == "off":
            self._anew()
        else:
            self._refresh()

    def _fill_runs(self) -> None:
        names = self._debugging.run_names()
        self.runs.clear()
        for number, words in enumerate(names):
            self.runs.addItem(words, number)
        self.runs.setCurrentIndex(self._rehearsing.run)
        self.runs.setVisible(len(names) > 1)

    def _happened(self, _events: object) -> None:
        if self.runs.count() != len(self._rehearsing.timelines):
            self._anew()
            return
        self.model.grow()
        self._moved(self._rehearsing.cursor)

    def _moved(self, cursor: int) -> None:
        self.model.look_at(cursor)
        self._point()
        self._refresh()

    def _point(self) -> None:
        self.table.point_at(self.model.row_of(self._rehearsing.cursor))

    def _refresh(self, *_signal: object) -> None:
        timeline = self._rehearsing.timeline
        count = len(timeline) if timeline is not None else 0
        self.table.setVisible(self.model.rowCount() > 0)
        self.empty.setVisible(self.model.rowCount() == 0)
        self.empty.setText(self._empty_words(count))
        for widget in (self.sort, self.line):
            widget.setEnabled(count > 0)
        self.sums.setText(" · ".join(self._sums(count)))

    @staticmethod
    def _empty_words(count: int) -> str:
        if count:
            return tr("No event is of this sort and has these words.")
        return tr(
            "Every step, call and answer of a rehearsal is listed here, with its time and cost. Start one "
            "with F5; then click a line to look at that moment."
        )

    def _sums(self, count: int) -> Sequence[str]:
        timeline = self._rehearsing.timeline
        if timeline is None or not count:
            return ()
        cost = timeline.cost(self._rehearsing.cursor)
        told = [
            tr("Event {n} of {all}", n=self._rehearsing.cursor, all=count)
            if self._rehearsing.cursor < count
            else trn("{n} event", "{n} events", count),
            tr("cost not known") if cost is None else priced(cost),
        ][: 1 if cost == 0 else 2]
        other = self._debugging.title_of_other()
        return [other, *told] if other else told

    # --- what the person does ------------------------------------------------------------------

    def _narrow(self, *_signal: object) -> None:
        self.model.narrow(str(self.sort.currentData() or ""), self.line.text())
        self._point()
        self._refresh()

    def _chosen(self, line: int) -> None:
        self._debugging.look_at(self.model.event_at(line) + 1)

    def _run_chosen(self, number: int) -> None:
        self._debugging.look_at_run(number)


def make_panel(window: "MainWindow") -> TimelinePanel:
    """The panel of a window."""
    return TimelinePanel(Debugging.of(window), window.look)
