"""Two runs of this session side by side: where they part, and what differs there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget
from typing_extensions import override

from journeybuilder.errors import ProgramError
from journeybuilder.gui.debug.beside_rows import BesideRows
from journeybuilder.gui.debug.debugging import Debugging, SessionRun
from journeybuilder.gui.debug.timeline_model import priced
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.forms.plain import QuietCombo
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.panels.combo_room import RoomyCombo
from journeybuilder.gui.panels.flow import FlowLayout
from journeybuilder.gui.panels.panel import BY_KEYS, Panel
from journeybuilder.rehearse.debug.beside import Beside, Comparison, beside

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow

_TWO = 2
_GAP = 8  # pixels between the parts of the head


class RunsBeside(Panel, QWidget):
    """Which two, in a sentence how they differ, and the aligned steps."""

    def __init__(self, debugging: Debugging, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self.setAccessibleName(tr("Runs side by side"))
        self._debugging = debugging
        self._compared: tuple[int, ...] | None = None
        layout = column(self, spacing=6, margins=(8, 8, 8, 4))
        self._choice = QWidget()
        self._fill_head(FlowLayout(self._choice, _GAP))
        layout.addWidget(self._choice)
        self.words = label("", "muted", wrap=True)
        layout.addWidget(self.words)
        self.rows = BesideRows(debugging.title, debugging.way_words, look)
        self.rows.asked.connect(self._go)
        layout.addWidget(self.rows, 1)
        self._below = QWidget()
        layout.addWidget(self._below, 1)
        debugging.runs_changed.connect(self._runs_changed)
        debugging.moment_changed.connect(self._grown)
        look.changed.connect(self.compare)
        self._runs_changed()

    @override
    def sizeHint(self) -> QSize:
        return QSize(600, 204)

    def _fill_head(self, line: FlowLayout) -> None:
        self.left, self.right = RoomyCombo(), RoomyCombo()
        for box, name in ((self.left, tr("Left run")), (self.right, tr("Right run"))):
            box.setAccessibleName(name)
            box.activated.connect(self.compare)
        self.left.setObjectName("beside.left")
        self.right.setObjectName("beside.right")
        self.only = QCheckBox(tr("Only what differs"))
        self.only.setObjectName("beside.only")
        self.only.toggled.connect(self.compare)
        self.first = QPushButton(tr("First difference"))
        self.first.setObjectName("beside.first")
        self.first.clicked.connect(self.rows_first)
        for widget in (self.left, self.right, self.only, self.first):
            line.addWidget(widget)

    def _fit_head(self) -> None:
        """Where there is no room for it, the button that shows the first difference is left out."""
        parts = (self.left, self.right, self.only, self.first)
        wide = sum(one.sizeHint().width() + _GAP for one in parts) + _GAP
        self.first.setVisible(self.width() >= wide)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_head()

    def rows_first(self) -> None:
        """Show the first difference."""
        self.rows.go_first()
        self.rows.setFocus(BY_KEYS)

    # --- which runs ----------------------------------------------------------------------------

    @override
    def go(self) -> None:
        """Put the focus on the steps, or on the choice of a run."""
        several = self._choice.isVisibleTo(self)
        target = self.rows if self.rows.topLevelItemCount() else self.left if several else self
        target.setFocus(BY_KEYS)

    def _runs_changed(self) -> None:
        """A run came: the newest stands at the right, the one before it at the left."""
        runs = self._debugging.runs
        for box in (self.left, self.right):
            box.clear()
            for number, one in enumerate(runs):
                box.addItem(one.name, number)
            box.updateGeometry()
        self._fit_head()
        if runs:
            self.left.setCurrentIndex(max(0, len(runs) - _TWO))
            self.right.setCurrentIndex(len(runs) - 1)
        self._compared = None
        self._grown()

    def _run(self, box: QuietCombo) -> SessionRun | None:
        number, runs = box.currentData(), self._debugging.runs
        return runs[number] if isinstance(number, int) and number < len(runs) else None

    def _grown(self) -> None:
        """Compare anew where one of the two has grown and somebody looks."""
        if self.isVisible():
            lengths = [len(one.timeline) if one else 0 for one in self._both()]
            key = (self.left.currentIndex(), self.right.currentIndex(), *lengths)
            if key != self._compared:
                self.compare()
                self._compared = key

    def _both(self) -> tuple[SessionRun | None, SessionRun | None]:
        return self._run(self.left), self._run(self.right)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._grown()

    # --- comparing -----------------------------------------------------------------------------

    def compare(self, *_signal: object) -> None:
        """Lay the two runs side by side."""
        left, right = self._both()
        found: Comparison | None = None
        problem = ""
        if left is not None and right is not None and left is not right:
            try:
                found = beside(left.timeline, right.timeline)
            except ProgramError as error:
                problem = said(str(error))
        names = (left.name if left else "", right.name if right else "")
        ends = (_end(left), _end(right))
        self.rows.show_comparison(found, names, ends, differing=self.only.isChecked())
        self.words.setText(problem or self._told(found))
        self.rows.setVisible(found is not None)
        self._below.setVisible(found is None)
        several = len(self._debugging.runs) >= _TWO
        self._choice.setVisible(several)
        self.first.setEnabled(self.rows.first is not None)
        self.rows.go_first()

    def _told(self, found: Comparison | None) -> str:
        if len(self._debugging.runs) < _TWO:
            return tr(
                "Two runs are needed. Rehearse the journey twice, or change a value at a moment of a "
                "run and branch: both runs stay and can be compared here."
            )
        if found is None:
            return tr("Choose two different runs.")
        words = [self._parting(found)]
        left, right = (self._outcome(one) for one in found.outcome)
        if left != right:
            words.append(tr("Outcome: {left} | {right}", left=left, right=right))
        costs = [priced(one) or "$0" for one in found.cost]
        if costs[0] != costs[1]:
            words.append(tr("Cost: {left} | {right}", left=costs[0], right=costs[1]))
        return "  ·  ".join(words)

    @staticmethod
    def _outcome(outcome: str) -> str:
        """How it ended; what is not over has the name of a state."""
        return tr("not over yet") if outcome in {"running", "parked", ""} else outcome

    def _parting(self, found: Comparison) -> str:
        if found.first is None:
            return tr("Both runs are the same.")
        one = found.rows[found.first]
        visit = one.left or one.right
        step = self._debugging.title(visit.place) if visit is not None else ""
        return tr("They part at step {n}, “{step}”.", n=found.first + 1, step=step)

    def _go(self, asked: object) -> None:
        """Look at that moment, of the left run where it has it, else of the right one."""
        if isinstance(asked, Beside):
            left, right = self._both()
            for run, visit in ((left, asked.left), (right, asked.right)):
                if run is not None and visit is not None:
                    self._debugging.look_at_moment(run, visit.end)
                    return


def _end(run: SessionRun | None) -> Mapping[str, Any]:
    """The variables in the end, or as far as the run has come."""
    return run.timeline.variables(len(run.timeline)) if run is not None else {}


def make_panel(window: "MainWindow") -> RunsBeside:
    """The panel of a window."""
    return RunsBeside(Debugging.of(window), window.look)
