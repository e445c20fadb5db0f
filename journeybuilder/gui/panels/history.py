"""The history of the journey in front: every step with its time; a click goes there."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QPushButton, QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.journey.history import Step
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.rows import ICON, SUB, TAG, TONE, RowDelegate
from journeybuilder.gui.panels.panel import BY_KEYS, Panel
from journeybuilder.gui.versions.version_list import moment, when_words

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow

_FOLLOW = 80  # ms after a step until the list follows
_FAINT = "muted"


class HistoryPanel(Panel, QWidget):
    """The steps of undo, the first on top; those below what is shown are undone and can be done again."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._tab: JourneyTab | None = None
        self._filling = False
        self._rows: list[tuple[str, ...]] = []
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        outer = column(self, spacing=6, margins=(8, 8, 8, 8))
        self.words = label("", "muted", wrap=True)
        outer.addWidget(self.words)
        self.list = QListWidget()
        self.list.setProperty("role", "rows")
        self.list.setMouseTracking(True)
        self.list.setAccessibleName(tr("Steps of this journey"))
        self.list.setAccessibleDescription(
            tr("Enter or a click goes to the journey as it was then.")
        )
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._delegate = RowDelegate(look, tiles=False)
        self.list.setItemDelegate(self._delegate)
        outer.addWidget(self.list, 1)
        buttons = row(spacing=6)
        self.saved = QPushButton(tr("Go to what is saved"))
        self.saved.clicked.connect(self._go_saved)
        buttons.addWidget(self.saved)
        buttons.addStretch(1)
        outer.addLayout(buttons)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_FOLLOW)
        self._late.timeout.connect(self.refresh)
        self.list.itemClicked.connect(self._go_to)
        self.list.itemActivated.connect(self._go_to)
        self.refresh()

    @override
    def show_journey(self, tab: JourneyTab | None) -> None:
        if tab is self._tab:
            return
        if self._tab is not None:
            self._tab.model.edited.disconnect(self._late.start)
            self._tab.model.saved_changed.disconnect(self._late.start)
        self._tab = tab
        if tab is not None:
            tab.model.edited.connect(self._late.start)
            tab.model.saved_changed.connect(self._late.start)
        self._late.stop()
        self.refresh()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    @override
    def go(self) -> None:
        """Put the focus on the list, at the step that is shown."""
        self.refresh()
        self.list.setFocus(BY_KEYS)

    def refresh(self) -> None:
        """List the steps as they are now; only rows that differ are touched."""
        tab = self._tab
        if tab is not None and not self.isVisible() and self._rows:
            return
        history = tab.model.history if tab is not None else None
        clean = history.cleanIndex() if history is not None else -1
        at = history.index() if history is not None else -1
        rows: list[tuple[str, ...]] = []
        if history is not None:
            rows.append(_row(tr("The beginning"), "", 0, at, clean))
            rows += [_step(step, n, at, clean) for n, step in enumerate(history.steps(), start=1)]
        self._fill(rows)
        self.words.setText(
            tr("Open a journey to see its history.") if history is None
            else tr("Nothing was changed yet. Every change is listed here and can be undone, after a"
                    " restart too.") if len(rows) == 1
            else ""
        )  # fmt: skip
        self.words.setVisible(bool(self.words.text()))
        self.saved.setEnabled(clean >= 0 and clean != at)
        if at >= 0:
            self.list.setCurrentRow(at)

    def _fill(self, rows: list[tuple[str, ...]]) -> None:
        while self.list.count() > len(rows):
            self.list.takeItem(self.list.count() - 1)
        for index, (title, when, mark, icon, tone) in enumerate(rows):
            if index < len(self._rows) and self._rows[index] == rows[index]:
                continue
            if index == self.list.count():
                self.list.addItem(QListWidgetItem())
            item = self.list.item(index)
            item.setText(title)
            item.setData(ICON, icon)
            item.setData(TONE, tone)
            item.setData(TAG, when)
            item.setData(SUB, mark)
            item.setToolTip("\n".join(part for part in (title, mark, when) if part))
            said = ". ".join(part for part in (title, mark, when) if part)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
        self._rows = rows

    def _go_to(self, item: QListWidgetItem) -> None:
        if self._tab is not None:
            self._tab.model.history.setIndex(self.list.row(item))
            self.refresh()

    def _go_saved(self) -> None:
        if self._tab is not None and self._tab.model.history.cleanIndex() >= 0:
            self._tab.model.history.setIndex(self._tab.model.history.cleanIndex())
            self.refresh()


def _step(step: Step, number: int, at: int, clean: int) -> tuple[str, ...]:
    moment_ = moment(step.change.at) if step.change.at else None
    when = when_words(moment_) if moment_ is not None else ""
    return _row(step.change.title, when, number, at, clean)


def _row(title: str, when: str, number: int, at: int, clean: int) -> tuple[str, ...]:
    marks: list[str] = []
    if number == at:
        marks.append(tr("shown now"))
    if number == clean:
        marks.append(tr("saved"))
    if number > at:
        marks.append(tr("undone"))
    icon = "save" if number == clean else "redo" if number > at else "check"
    tone = "accent" if number == at else "ok" if number == clean else _FAINT
    return title, when, " · ".join(marks), icon, tone


def make_panel(window: "MainWindow") -> HistoryPanel:
    """The panel of a window."""
    return HistoryPanel(window.look)
