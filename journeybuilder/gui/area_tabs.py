"""The tabs of one area of panels; where their titles do not fit, only the one in front keeps its."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QTabBar, QTabWidget, QVBoxLayout, QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import column
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.panel_list import PanelSpec

_ICON = 16
_SIDE = 10  # pixels between the edge of a tab and what is in it
_GAP = 8  # between icon and words
_BARE = _ICON + 2 * _SIDE  # a tab without words
_LEAST = 60  # of a tab with words: its icon, and that there are words


class _Bar(QTabBar):
    """Tabs as wide as what is in them; where all are too wide, the one with words gives way."""

    @override
    def tabSizeHint(self, index: int) -> QSize:
        """Never wider than the area: with arrows to scroll one sees neither tab nor place."""
        height = super().tabSizeHint(index).height()
        words = self.tabText(index)
        if not words:
            return QSize(_BARE, height)
        return QSize(max(_LEAST, min(self._wide(words), self._left(index))), height)

    @override
    def minimumTabSizeHint(self, index: int) -> QSize:
        """An area can be made so narrow that only icons are left."""
        return QSize(_BARE, super().minimumTabSizeHint(index).height())

    def room(self, titles: Sequence[str]) -> int:
        """How many pixels the tabs would take with all of their titles."""
        return sum(self._wide(one) for one in titles)

    def _wide(self, words: str) -> int:
        return self.fontMetrics().horizontalAdvance(words) + _BARE + _GAP

    def _left(self, index: int) -> int:
        """What the tabs without words leave to this one."""
        others = [n for n in range(self.count()) if n != index]
        if any(self.tabText(n) for n in others):
            return self._wide(self.tabText(index))  # all have their titles, for they fit
        area = self.parentWidget()
        whole = area.width() if area is not None else self.width()
        return whole - _BARE * len(others)


class AreaTabs(QTabWidget):
    """Pages by panel id, empty until their panel is put in.

    Signals:
        wanted: Id of a panel that is seen now; it may have to be made.
    """

    wanted = Signal(str)

    def __init__(self, look: Look, specs: Sequence[PanelSpec], size: QSize) -> None:
        super().__init__()
        self._size = size
        self._look = look
        self._specs = list(specs)
        self._pages: dict[str, QVBoxLayout] = {}
        self._painted = False
        self._bar = _Bar(self)
        self.setTabBar(self._bar)
        self.setDocumentMode(True)
        self.setIconSize(QSize(_ICON, _ICON))
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self._bar.setDrawBase(False)
        self._bar.setProperty("role", "panels")
        self._bar.setUsesScrollButtons(False)
        self.setAccessibleName(tr("Panels"))
        for spec in self._specs:
            page = QWidget()
            self._pages[spec.id] = column(page, spacing=0)
            index = self.addTab(page, tr(spec.title))
            self.setTabToolTip(index, self._hint(spec))
        self.currentChanged.connect(self._changed)
        look.changed.connect(self._fit)
        self._fit()

    @staticmethod
    def _hint(spec: PanelSpec) -> str:
        return f"{tr(spec.title)} ({spec.shortcut})" if spec.shortcut else tr(spec.title)

    @property
    def current(self) -> str:
        """Id of the panel in front."""
        index = self.currentIndex()
        return self._specs[index].id if index >= 0 else ""

    def put(self, name: str, panel: QWidget) -> None:
        """Put a panel into its page."""
        self._pages[name].addWidget(panel)
        panel.show()  # at once, and not with the next turn of the events

    def bring(self, name: str) -> None:
        """Show a panel in front."""
        self.setCurrentIndex(self._index(name))

    def _index(self, name: str) -> int:
        return next(i for i, spec in enumerate(self._specs) if spec.id == name)

    def _changed(self) -> None:
        self._fit()
        if self.isVisible():
            self.wanted.emit(self.current)

    def _fit(self) -> None:
        """All titles where they fit; else icons, and the title of the one in front."""
        tight = self._bar.room([tr(one.title) for one in self._specs]) > self.width()
        for index, spec in enumerate(self._specs):
            here = index == self.currentIndex()
            self.setTabText(index, tr(spec.title) if here or not tight else "")
            self.setTabIcon(index, self._look.icon(spec.icon))
            self._bar.setAccessibleTabName(index, tr(spec.title))

    @override
    def sizeHint(self) -> QSize:
        """The same whichever panels are made: what is in front must not change the window."""
        return self._size

    @override
    def event(self, e: QEvent) -> bool:
        if e.type() == QEvent.Type.Show and self._painted:
            self._ask()
        return super().event(e)

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        """The window is to be seen before its panels are made: they take longer than all else."""
        super().paintEvent(e)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self._ask)

    def _ask(self) -> None:
        if self.isVisible() and self.current:
            self.wanted.emit(self.current)

    @override
    def resizeEvent(self, e: QResizeEvent) -> None:
        super().resizeEvent(e)
        self._fit()
