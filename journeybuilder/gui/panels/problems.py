"""The problems of the journey in front; a click goes to the node and its field."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStackedLayout,
    QWidget,
)

from journeybuilder.document.findings import Finding
from journeybuilder.gui.forms.base import column, label, sentence
from journeybuilder.gui.look import Look
from journeybuilder.gui.panels.rows import ICON, SUB, TAG, TONE, RowDelegate

_FINDING = Qt.ItemDataRole.UserRole + 20


class ProblemsPanel(QWidget):
    """A list of findings, errors first.

    Signals:
        chosen: The `Finding` to go to.
    """

    chosen = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self._stack = QStackedLayout(self)
        self._empty = QWidget()
        inside = column(self._empty, margins=(16, 16, 16, 16))
        self._words = label("", "muted", wrap=True)
        inside.addWidget(self._words)
        inside.addStretch(1)
        self.list = QListWidget()
        self.list.setProperty("role", "rows")
        self.list.setMouseTracking(True)
        self.list.setAccessibleName("Problems of this journey")
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._delegate = RowDelegate(look, tiles=False)
        self.list.setItemDelegate(self._delegate)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.list)
        self._shown: Sequence[Finding] = ()
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)

    @property
    def findings(self) -> Sequence[Finding]:
        """What is shown."""
        return self._shown

    def show_findings(self, findings: Sequence[Finding], *, open_journey: bool = True) -> None:
        """Show these; an unchanged list keeps its selection."""
        self._words.setText(
            "No problems. This journey can be exported."
            if open_journey
            else "Open a journey to see its problems."
        )
        ordered = sorted(findings, key=lambda one: one.severity != "error")
        self._stack.setCurrentIndex(1 if ordered else 0)
        if ordered == self._shown:
            return
        self._shown = ordered
        self.list.clear()
        for finding in ordered:
            self.list.addItem(self._item(finding))

    @staticmethod
    def _item(finding: Finding) -> QListWidgetItem:
        item = QListWidgetItem(sentence(finding.message))
        error = finding.severity == "error"
        item.setData(ICON, "problem" if error else "warning")
        item.setData(TONE, "error" if error else "warning")
        item.setData(SUB, finding.hint)
        place = finding.node or (f"line {finding.line}" if finding.line else "journey")
        item.setData(TAG, f"{'Error' if error else 'Warning'} · {place} · {finding.code}")
        item.setData(_FINDING, finding)
        item.setToolTip(f"{finding.message}\n{finding.hint}".strip())
        item.setData(
            Qt.ItemDataRole.AccessibleTextRole,
            f"{finding.severity}: {finding.message}. {finding.hint}",
        )
        return item

    def _go(self, item: QListWidgetItem) -> None:
        finding = item.data(_FINDING)
        if isinstance(finding, Finding):
            self.chosen.emit(finding)
