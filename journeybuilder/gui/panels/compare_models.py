"""The scenarios with several models, or with another version of the journey: who does better, at what cost."""

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QWidget,
)
from typing_extensions import override

from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.number_box import NumberBox
from journeybuilder.gui.panels.panel import BY_KEYS
from journeybuilder.gui.scenarios.comparing import Comparing, Wish
from journeybuilder.gui.scenarios.table_words import (
    cost_notes,
    cost_rows,
    cost_words,
    difference_words,
    summary_rows,
)

if TYPE_CHECKING:
    from journeybuilder.gui.journey_tab import JourneyTab
    from journeybuilder.gui.window import MainWindow
    from journeybuilder.rehearse.comparing.compare import Progress
    from journeybuilder.rehearse.comparing.comparison import Comparison
    from journeybuilder.rehearse.comparing.cost import Forecast

_ALIAS = Qt.ItemDataRole.UserRole
_MOST_RUNS, _CONTACTS = 1000, 10_000
_SIZE = (1120, 560)


class CompareModels(QWidget):
    """What to compare at the left, the table at the right; a second table forecasts cost."""

    def __init__(self, window: "MainWindow", model: JourneyModel) -> None:
        super().__init__()
        self._window = window
        self._model = model
        self.comparing = Comparing(window, self)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        layout = column(self, spacing=0)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self._left())
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self._comparison(), tr("Comparison"))
        self.tabs.addTab(self._forecast(), tr("Cost forecast"))
        self.split.addWidget(self.tabs)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([290, 700])
        layout.addWidget(self.split)
        self.comparing.progressed.connect(self._progressed)
        self.comparing.compared.connect(self._compared)
        self.comparing.forecasted.connect(self._forecasted)
        self.comparing.failed.connect(self._failed)
        self.comparing.over.connect(self._ready)
        self._fill()
        self._ready()

    # --- building ----------------------------------------------------------------------------------

    def _left(self) -> QWidget:
        left = QWidget()
        inside = column(left, spacing=6, margins=(12, 8, 8, 8))
        inside.addWidget(label(tr("Models to compare"), "field"))
        self.models = QListWidget()
        self.models.setAccessibleName(tr("Models to compare"))
        self.models.setAccessibleDescription(tr("Space chooses a model, or leaves it out."))
        self.models.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.models.setMinimumHeight(60)
        self.models.itemChanged.connect(self._ready)
        inside.addWidget(self.models, 1)
        self.against = QLineEdit()
        self.against.setPlaceholderText(tr("Another version: a file, or a commit of git"))
        self.against.setAccessibleName(tr("Another version to compare with"))
        self.against.setClearButtonEnabled(True)
        self.against.textChanged.connect(self._ready)
        inside.addWidget(self.against)
        line = row(spacing=6)
        runs = label(tr("Runs of each"), "text")
        self.runs = NumberBox()
        self.runs.setRange(1, _MOST_RUNS)
        self.runs.setAccessibleName(tr("Runs of each scenario with each model"))
        runs.setBuddy(self.runs)
        self.start = QPushButton(tr("Compare"))
        self.start.setObjectName("compare.start")
        self.start.setProperty("role", "primary")
        self.start.clicked.connect(self.compare)
        self.stop = QPushButton(tr("Stop"))
        self.stop.clicked.connect(self.comparing.stop)
        for widget in (runs, self.runs):
            line.addWidget(widget)
        line.addStretch(1)
        inside.addLayout(line)
        inside.addWidget(self.start)
        inside.addWidget(self.stop)
        left.setMinimumWidth(290)
        return left

    def _comparison(self) -> QWidget:
        page = QWidget()
        page.setProperty("role", "page")
        inside = column(page, spacing=4, margins=(8, 6, 12, 8))
        head = row(spacing=8)
        self.words = label("", "muted", wrap=True)
        head.addWidget(self.words, 1)
        self.export = QPushButton(tr("Export as HTML…"))
        self.export.clicked.connect(self.ask_export)
        head.addWidget(self.export)
        inside.addLayout(head)
        self.table = _table(tr("Comparison of models"))
        inside.addWidget(self.table, 2)
        self.differences = _notes(tr("What differs, and what may be chance"))
        inside.addWidget(self.differences, 1)
        inside.addStretch(0)
        return page

    def _forecast(self) -> QWidget:
        page = QWidget()
        page.setProperty("role", "page")
        inside = column(page, spacing=4, margins=(8, 6, 12, 8))
        head = row(spacing=8)
        name = label(tr("Contacts to come"), "text")
        self.contacts = NumberBox()
        self.contacts.setRange(1, 1_000_000_000)
        self.contacts.setSingleStep(1000)
        self.contacts.setValue(_CONTACTS)
        self.contacts.setGroupSeparatorShown(True)
        self.contacts.setAccessibleName(tr("Contacts to come"))
        name.setBuddy(self.contacts)
        self.reckon = QPushButton(tr("Forecast"))
        self.reckon.setObjectName("compare.forecast")
        self.reckon.clicked.connect(self.forecast)
        for widget in (name, self.contacts, self.reckon):
            head.addWidget(widget)
        head.addStretch(1)
        inside.addLayout(head)
        self.cost = label("", "muted", wrap=True)
        inside.addWidget(self.cost)
        self.costs = _table(tr("Cost by step and by model"))
        inside.addWidget(self.costs, 2)
        self.notes = _notes(tr("What the forecast rests on"))
        inside.addWidget(self.notes, 1)
        inside.addStretch(0)
        return page

    # --- what is shown -----------------------------------------------------------------------------

    def go(self) -> None:
        """Put the focus on the models."""
        self.models.setFocus(BY_KEYS)
        if self.models.currentRow() < 0:
            self.models.setCurrentRow(0)

    def _fill(self) -> None:
        space = self._window.files.workspace
        known = list(space.workspace.models.items()) if space is not None else []
        chosen = set(self.chosen())
        self.models.blockSignals(True)
        self.models.clear()
        for alias, entry in known:
            words = f"{alias}   {entry.get('model') or ''}"
            item = QListWidgetItem(words)
            item.setData(_ALIAS, alias)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            state = Qt.CheckState.Checked if alias in chosen else Qt.CheckState.Unchecked
            item.setCheckState(state)
            item.setToolTip(words)
            self.models.addItem(item)
        self.models.blockSignals(False)
        self._ready()

    def chosen(self) -> list[str]:
        """The models that are to be compared."""
        items = (self.models.item(place) for place in range(self.models.count()))
        return [
            str(item.data(_ALIAS)) for item in items if item.checkState() == Qt.CheckState.Checked
        ]

    def _ready(self) -> None:
        running = self.comparing.running
        some = bool(self.chosen()) or bool(self.against.text().strip())
        self.start.setVisible(not running)
        self.start.setEnabled(some)
        self.stop.setVisible(running)
        self.reckon.setEnabled(not running)
        compared = self.comparing.result is not None
        self.export.setVisible(compared)
        for widget in (self.table, self.differences):
            widget.setVisible(compared)
        reckoned = self.comparing.cost is not None
        for widget in (self.costs, self.notes):
            widget.setVisible(reckoned)
        if self.comparing.result is None and not running:
            self.words.setText(self._hint())
        if self.comparing.cost is None and not running:
            self.cost.setText(
                tr(
                    "What so many contacts will cost: from finished runs, recordings or the scenarios."
                )
            )

    def _hint(self) -> str:
        return tr(
            "Choose models, and every scenario of this journey is run with each. Models are really "
            "asked, which costs money; tools answer from the scenarios."
        )

    # --- comparing -----------------------------------------------------------------------------------

    def compare(self) -> None:
        """Run the scenarios with what is chosen."""
        wish = Wish(
            self._model.journey.id, self.chosen(), self.against.text().strip(), self.runs.value()
        )
        self.words.setText(tr("Starting …"))
        self.comparing.compare(wish)
        self._ready()

    def _progressed(self, value: object) -> None:
        progress = cast("Progress", value)
        self.words.setText(
            tr("{done} of {all} runs · {usd} USD spent", done=progress.done, all=progress.planned,
               usd=f"{progress.spent_usd:.4f}")
        )  # fmt: skip

    def _compared(self, value: object) -> None:
        result = cast("Comparison", value)
        head, rows = summary_rows(result)
        _fill_table(self.table, head, rows)
        self.differences.clear()
        self.differences.addItems(difference_words(result))
        done = trn("{n} run", "{n} runs", len(result.trials))
        parts = [done, tr("{usd} USD spent", usd=f"{result.spent_usd:.4f}")]
        if result.stopped:
            parts.append(tr("ended early: {why}", why=said(result.stopped)))
        self.words.setText(" · ".join(parts))
        self._ready()

    def forecast(self) -> None:
        """Say what contacts will cost."""
        self.cost.setText(tr("Reckoning …"))
        self.comparing.forecast(self._model.journey.id, self.contacts.value())
        self._ready()

    def _forecasted(self, value: object) -> None:
        result = cast("Forecast", value)
        self.cost.setText(cost_words(result))
        self.notes.clear()
        self.notes.addItems(cost_notes(result))
        head, rows = cost_rows(result)
        _fill_table(self.costs, head, rows)
        self._ready()

    def _failed(self, words: str) -> None:
        target = self.words if self.tabs.currentIndex() == 0 else self.cost
        target.setText(f"\u2716 {words}")

    def ask_export(self) -> None:
        """Write the comparison as a page that needs nothing else."""
        space = self._window.files.workspace
        start = str(space.root / "comparison.html") if space is not None else ""
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Export the comparison"), start, "HTML (*.html)"
        )
        if chosen and self.comparing.export(chosen):
            self._window.say(tr("The report is in {file}", file=chosen))


def _table(name: str) -> QTableWidget:
    table = QTableWidget()
    table.setProperty("role", "rows")
    table.setAccessibleName(name)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
    table.setMinimumHeight(60)
    return table


def _notes(name: str) -> QListWidget:
    notes = QListWidget()
    notes.setAccessibleName(name)
    notes.setWordWrap(True)
    notes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    notes.setMinimumHeight(40)
    return notes


def _fill_table(table: QTableWidget, head: list[str], rows: list[list[str]]) -> None:
    table.clear()
    table.setColumnCount(len(head))
    table.setRowCount(len(rows))
    table.setHorizontalHeaderLabels(head)
    for place, cells in enumerate(rows):
        for column_at, words in enumerate(cells):
            item = QTableWidgetItem(words)
            spoken = f"{head[column_at]}: {words}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
            item.setToolTip(words)
            table.setItem(place, column_at, item)
    table.resizeColumnsToContents()
    if rows:
        table.setCurrentCell(0, 0)


class CompareDialog(Dialog):
    """The comparison in a window of its own, beside the editor."""

    def __init__(self, window: "MainWindow", tab: "JourneyTab") -> None:
        super().__init__(window)
        self.setObjectName("compare")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Compare models on {title}", title=tab.model.title))
        self.resize(*_SIZE)
        outer = column(self, spacing=0)
        self.body = CompareModels(window, tab.model)
        outer.addWidget(self.body)
        window.files.closing.connect(self.reject)

    @override
    def done(self, arg__1: int) -> None:
        self.body.comparing.drop()
        super().done(arg__1)


def show_compare(window: "MainWindow") -> CompareDialog | None:
    """Compare models on the journey in front; None where none is."""
    tab = window.tab
    if tab is None:
        return None
    dialog = CompareDialog(window, tab)
    dialog.show()
    dialog.body.go()
    return dialog
