"""What the scenarios have taken of the journey: totals, and a list of what is missing."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTreeWidgetItem,
    QWidget,
)
from typing_extensions import override

from journeybuilder.document.model import Journey
from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.panels.campaign import show_campaign
from journeybuilder.gui.panels.flow import FlowLayout
from journeybuilder.gui.panels.gray_branch import GrayBranches
from journeybuilder.gui.panels.panel import BY_KEYS, Panel
from journeybuilder.gui.scenarios.heat import Heat
from journeybuilder.gui.scenarios.missing_list import GAP, MissingList
from journeybuilder.gui.scenarios.suite_book import SuiteBook

if TYPE_CHECKING:
    from journeybuilder.gui.journey_tab import JourneyTab
    from journeybuilder.gui.window import MainWindow
    from journeybuilder.rehearse.coverage import Coverage, Gap

_BAR = 24  # pixels that a bar has at least
_GAP, _SIDE = 8, 12  # pixels between the buttons, and at their sides
_SETTLE = 120  # ms in which several news become one
_ORDER = ("error", "timeout", "case", "node", "edge")


class CoveragePanel(Panel, QWidget):
    """Totals at the left, what is missing at the right."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self.book = SuiteBook.of(window)
        self.heat = Heat.of(window)
        self._model: JourneyModel | None = None
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        layout = column(self, spacing=0)
        layout.addWidget(self._head())
        self.words = label("", "muted", wrap=True)
        self.words.setContentsMargins(_SIDE, 0, _SIDE, 6)
        layout.addWidget(self.words)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self._totals())
        self.split.addWidget(self._missing())
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([300, 600])
        layout.addWidget(self.split, 1)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self.refresh)
        self.book.changed.connect(self._later)
        self.heat.changed.connect(self._switched)
        self.refresh()

    # --- building ----------------------------------------------------------------------------------

    def _head(self) -> QWidget:
        head = QWidget()
        flow = QWidget()
        beside = row(head, spacing=_GAP, margins=(_SIDE, 8, _SIDE, 6))
        beside.addWidget(flow, 1)
        line = FlowLayout(flow, _GAP)
        self.run = QPushButton(tr("Run the scenarios"))
        self.run.setObjectName("coverage.run")
        self.run.setProperty("role", "primary")
        self.run.clicked.connect(self._run)
        self.stop = QPushButton(tr("Stop"))
        self.stop.clicked.connect(self.book.cancel)
        self.map = QCheckBox(tr("On the canvas"))
        self.map.setToolTip(tr("Show on steps and wires how often the scenarios took them"))
        self.map.setChecked(self.heat.on)
        self.map.toggled.connect(self._map)
        self.again = QCheckBox(tr("Run again after each change"))
        self.again.setChecked(self.heat.again)
        self.again.toggled.connect(self._again)
        self.random = QPushButton(tr("Random customers…"))
        self.random.clicked.connect(self._campaign)
        self.write = QPushButton(tr("Write a scenario for it…"))
        self.write.setObjectName("coverage.write")
        self.write.setToolTip(tr("Look for a scenario that takes what is chosen in the list"))
        self.write.clicked.connect(self.ask_scenario)
        beside.addWidget(self.write, 0, Qt.AlignmentFlag.AlignTop)
        self._head_parts = (self.run, self.map, self.again, self.random, self.write)
        for widget in (self.run, self.stop, self.map, self.again, self.random):
            line.addWidget(widget)
        return head

    def _totals(self) -> QWidget:
        holder = QWidget()
        holder.setProperty("role", "page")
        grid = QGridLayout(holder)
        grid.setContentsMargins(12, 4, 12, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        titles = {
            "nodes": tr("Steps"),
            "edges": tr("Wires"),
            "errors": tr("Errors and time-outs"),
            "cases": tr("Cases of decisions"),
        }
        self._bars: dict[str, QProgressBar] = {}
        self.numbers = {name: label("", "field") for name in titles}
        for place, (name, words) in enumerate(titles.items()):
            bar = QProgressBar()
            bar.setTextVisible(False)
            bar.setFixedHeight(8)
            bar.setMinimumWidth(_BAR)
            bar.setAccessibleName(words)
            self._bars[name] = bar
            grid.addWidget(label(words, "text"), place, 0)
            grid.addWidget(bar, place, 1)
            grid.addWidget(self.numbers[name], place, 2)
        grid.setColumnStretch(1, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(holder)
        area.setMinimumWidth(248)
        return area

    def _missing(self) -> QWidget:
        self.list = MissingList(self._window.look)
        self.list.itemActivated.connect(self._opened)
        self.list.itemClicked.connect(self._opened)
        self.list.currentItemChanged.connect(self._ready)
        self.list.menu_asked.connect(self._menu)
        return self.list

    # --- what is shown -----------------------------------------------------------------------------

    @override
    def show_journey(self, tab: "JourneyTab | None") -> None:
        if self._model is not None:
            self._model.edited.disconnect(self._later)
        self._model = tab.model if tab is not None else None
        if self._model is not None:
            self._model.edited.connect(self._later)
        self.refresh()

    @override
    def go(self) -> None:
        """Put the focus on the list, or on what runs the scenarios."""
        rows = self.list.rows()
        if not rows:
            self.run.setFocus(BY_KEYS)
            return
        self.list.setFocus(BY_KEYS)
        if self.list.gap() is None:  # Qt takes the head of a group
            self.list.setCurrentItem(rows[0])

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = sum(one.sizeHint().width() + _GAP for one in self._head_parts) + 2 * _SIDE
        self.random.setVisible(self.width() >= wide)

    def _later(self) -> None:
        if self.isVisible() and not self._settle.isActive():
            self._settle.start()

    def refresh(self) -> None:
        """Show what there is now."""
        model = self._model
        coverage = self.book.coverage(model.journey.id) if model is not None else None
        self._show_totals(coverage)
        self.list.show_gaps(self._groups(coverage) if coverage is not None else [])
        self.words.setText(self._said(coverage))
        some = bool(self.list.rows())
        self.list.setVisible(some)
        self.write.setVisible(some)
        self.words.setVisible(bool(self.words.text()))
        running = self.book.running
        self.run.setVisible(not running)
        self.stop.setVisible(running)
        self.run.setEnabled(model is not None and bool(self.book.scenarios(model.journey.id)))
        self.random.setEnabled(model is not None)
        self._ready()

    def _said(self, coverage: "Coverage | None") -> str:
        model = self._model
        if model is None:
            return tr("Open a journey to see what its scenarios take of it.")
        if not self.book.scenarios(model.journey.id):
            return tr("This journey has no scenarios yet. Write one in the panel “Scenarios”.")
        if self.book.running:
            done, total = self.book.done, self.book.total
            return tr("Running: {done} of {total} done", done=done, total=total)
        if coverage is None:
            return tr("Run the scenarios to see which steps and wires they take.")
        if self.book.is_stale(model.journey.id):
            return "\u26a0 " + tr(
                "These numbers are from before your changes: run the scenarios again."
            )
        if not coverage.missing():
            return "\u2714 " + tr("The scenarios take every step and every wire.")
        return ""

    def _show_totals(self, coverage: "Coverage | None") -> None:
        counts = {
            "nodes": coverage.node_count if coverage is not None else None,
            "edges": coverage.edge_count if coverage is not None else None,
            "errors": coverage.error_count if coverage is not None else None,
            "cases": coverage.case_count if coverage is not None else None,
        }
        for name, count in counts.items():
            bar = self._bars[name]
            bar.setRange(0, max(1, count.all if count is not None else 1))
            bar.setValue(count.hit if count is not None else 0)
            words = tr("{hit} of {all}", hit=count.hit, all=count.all) if count is not None else "–"
            if count is not None and not count.all:
                words = tr("none")
            self.numbers[name].setText(words)
            bar.setAccessibleDescription(words)

    def _groups(self, coverage: "Coverage") -> list[tuple[str, list[tuple["Gap", str, str]]]]:
        """What is missing by its kind, each with its words and where it leads."""
        titles = {
            "error": tr("Errors that no scenario meets"),
            "timeout": tr("Time-outs that no scenario meets"),
            "case": tr("Cases that no scenario takes"),
            "node": tr("Steps that no scenario visits"),
            "edge": tr("Other wires that no scenario takes"),
        }
        found: dict[str, list[tuple[Gap, str, str]]] = {}
        for gap in coverage.missing():
            found.setdefault(gap.kind, []).append((gap, *self._gap_words(gap)))
        return [(titles[kind], found[kind]) for kind in _ORDER if kind in found]

    def _gap_words(self, gap: "Gap") -> tuple[str, str]:
        model = self._model
        nodes = model.journey.nodes if model is not None else Journey({}).nodes
        title = title_of(nodes[gap.node]) if gap.node in nodes else gap.node
        if not gap.port:
            return title or gap.node, ""
        target = title_of(nodes[gap.target]) if gap.target in nodes else gap.target
        port = gap.port
        if model is not None and gap.node in nodes:
            views = {one.name: one for one in model.node(gap.node).ports}
            port = views[gap.port].label or gap.port if gap.port in views else gap.port
        words = tr(
            "{from_step} → {to_step}", from_step=title or tr("The journey itself"), to_step=target
        )
        return words, port

    def _ready(self) -> None:
        self.write.setEnabled(self.list.gap() is not None)

    # --- deeds ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        if self._model is not None:
            self.book.run(self.book.scenarios(self._model.journey.id))

    def _campaign(self) -> None:
        show_campaign(self._window)

    def _map(self, on: bool) -> None:
        self.heat.show(on=on)

    def _again(self, on: bool) -> None:
        self.heat.run_again(wanted=on)

    def _switched(self) -> None:
        self.map.setChecked(self.heat.on)

    def _opened(self, item: QTreeWidgetItem) -> None:
        gap = item.data(0, GAP)
        if gap is None:
            item.setExpanded(not item.isExpanded())
        else:
            self.go_to(gap)

    def go_to(self, gap: "Gap") -> None:
        """Show a step or a wire that is missing."""
        tab = self._window.tab
        if tab is None or gap.node not in tab.model.journey.nodes:
            return
        tab.go_to(gap.node)
        if gap.port and (gap.node, gap.port) in tab.canvas.board.wires:
            tab.canvas.board.pick((gap.node, gap.port))

    def ask_scenario(self) -> None:
        """Write a scenario for what is chosen."""
        gap = self.list.gap()
        if gap is not None:
            self.go_to(gap)
            GrayBranches.of(self._window).ask(gap.journey, gap.node, gap.port)

    def _menu(self, place: QPoint) -> None:
        gap = self.list.gap()
        if gap is None:
            return
        menu = QMenu(self)
        menu.addAction(tr("Show it")).triggered.connect(weak(self.go_to, gap))
        menu.addAction(tr("Write a scenario for it…")).triggered.connect(weak(self.ask_scenario))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)


def make_panel(window: "MainWindow") -> CoveragePanel:
    """The panel of a window."""
    return CoveragePanel(window)
