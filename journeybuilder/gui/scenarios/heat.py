"""Shows on the canvases of a window what the scenarios took, as long as that is wished for."""

from typing import TYPE_CHECKING
from weakref import WeakSet

from PySide6.QtCore import QObject, QTimer, Signal

from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.scenarios.heat_legend import HeatLegend
from journeybuilder.gui.scenarios.heat_marks import LAYER, heat_layer
from journeybuilder.gui.scenarios.suite_book import SuiteBook

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow

_SETTLE = 150  # ms after an edit or a result until the marks follow
_AGAIN = 1500  # ms after an edit until the scenarios run again, where that is wished for


class Heat(QObject):
    """The heat map of a window; lives as long as it.

    Signals:
        changed: It is switched on or off.
    """

    changed = Signal()

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._book = SuiteBook.of(window)
        self._followed: WeakSet[JourneyTab] = WeakSet()
        self._legends: dict[JourneyTab, HeatLegend] = {}
        self.on = False
        self.again = False
        self._settle = self._timer(_SETTLE)
        self._settle.timeout.connect(self.refresh)
        self._edited = self._timer(_AGAIN)
        self._edited.timeout.connect(self._run_again)
        self._book.changed.connect(self._soon)
        window.journeys.currentChanged.connect(self._soon)

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        return timer

    @classmethod
    def of(cls, window: "MainWindow") -> "Heat":
        """The one of a window."""
        return window.findChild(cls) or cls(window)

    def toggle(self) -> None:
        """Show it, or show it no longer; where nothing has run yet the scenarios are run."""
        self.show(on=not self.on)

    def show(self, *, on: bool) -> None:
        """Show it or not."""
        if self.on == on:
            return
        self.on = on
        tab = self._window.tab
        if on and tab is not None:
            journey = tab.model.journey.id
            if self._book.coverage(journey) is None and not self._book.running:
                self._book.run(self._book.scenarios(journey))
        self.refresh()
        self.changed.emit()

    def run_again(self, *, wanted: bool) -> None:
        """Run scenarios whose result is old after each change, or leave that to the person."""
        self.again = wanted
        if wanted:
            self._run_again()

    def _follow(self, tab: JourneyTab) -> None:
        if tab not in self._followed:
            self._followed.add(tab)
            tab.model.edited.connect(self._later)

    def _soon(self) -> None:
        self._settle.start()

    def _later(self) -> None:
        if self.on:
            self._settle.start()
        if self.again:
            self._edited.start()

    def _run_again(self) -> None:
        tab = self._window.tab
        if self.again and tab is not None and not self._book.running:
            self._book.run(self._book.stale(tab.model.journey.id))

    def refresh(self) -> None:
        """Mark every open journey anew."""
        self._settle.stop()
        shown = self._window.tabs()
        self._legends = {tab: one for tab, one in self._legends.items() if tab in shown}
        for tab in shown:
            self._follow(tab)
            self._mark(tab)

    def _mark(self, tab: JourneyTab) -> None:
        journey = tab.model.journey
        coverage = self._book.coverage(journey.id) if self.on else None
        if coverage is None:
            tab.canvas.clear_layer(LAYER)
        else:
            tab.canvas.set_layer(LAYER, heat_layer(journey, coverage))
        legend = self._legends.get(tab)
        if not self.on:
            if legend is not None:
                legend.hide()
            return
        if legend is None:
            legend = HeatLegend(tab)
            legend.hidden.connect(self.toggle)
            self._legends[tab] = legend
        running = self._book.running
        legend.tell(coverage, stale=self._book.is_stale(journey.id), running=running)
