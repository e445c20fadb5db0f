"""The tabs of the open journeys: switching, closing, opening again what was closed."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QMenu, QTabBar, QTabWidget, QToolButton, QWidget
from typing_extensions import override

from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak

_CLOSED = 20  # so many closed journeys can be opened again


class MiddleClickBar(QTabBar):
    """A bar whose tabs close with the middle button.

    Signals:
        unwanted: Index of the tab that was clicked so.
    """

    unwanted = Signal(int)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.tabAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton and index >= 0:
            self.unwanted.emit(index)
            return
        super().mouseReleaseEvent(event)


class JourneyTabs(QTabWidget):
    """Open journeys, one tab each.

    Signals:
        closing: The `JourneyTab`s that the person wants to close, as a list.
        asked: Id of a command and the tab that it is for.
    """

    closing = Signal(object)
    asked = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        bar = MiddleClickBar(self)
        self.setTabBar(bar)
        self.setDocumentMode(True)
        self.setMovable(True)
        self.setAccessibleName(tr("Open journeys"))
        bar.setDrawBase(False)
        bar.setProperty("role", "journeys")
        bar.setAccessibleName(tr("Open journeys"))
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        bar.customContextMenuRequested.connect(self._menu)
        bar.unwanted.connect(self._unwanted)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self._closed: list[str] = []

    def all(self) -> list[JourneyTab]:
        """The tabs from left to right."""
        return [self.at(index) for index in range(self.count())]

    def at(self, index: int) -> JourneyTab:
        """A tab by its place."""
        return cast("JourneyTab", self.widget(index))

    def add(self, tab: JourneyTab) -> None:
        """Put a journey in front in a tab of its own."""
        name = tab.model.name
        self._closed = [other for other in self._closed if other != name]
        index = self.addTab(tab, tab.model.title)
        close = QToolButton()
        close.setText("\u2715")
        close.setProperty("role", "close")
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys for it are those of the command
        close.setAccessibleName(tr("Close {title}", title=tab.model.title))
        close.setToolTip(tr("Close (asks about changes)"))
        close.clicked.connect(weak(self._close, tab))
        self.tabBar().setTabButton(index, QTabBar.ButtonPosition.RightSide, close)
        self.setCurrentIndex(index)

    def take(self, tab: JourneyTab) -> None:
        """Take a journey out."""
        self._closed.append(tab.model.name)
        del self._closed[:-_CLOSED]
        self.removeTab(self.indexOf(tab))

    def show_titles(self) -> None:
        """Titles as they are now, with a mark where there is something to save."""
        for index, tab in enumerate(self.all()):
            title = tab.model.title
            mark = "" if tab.model.saved else " \u2022"
            self.setTabText(index, title.replace("&", "&&") + mark)
            self.tabBar().setAccessibleTabName(
                index, title if tab.model.saved else tr("{title}, not saved", title=title)
            )
            self.setTabToolTip(index, str(tab.model.disk.path))

    # --- switching ---------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """Show the tab so many places further; behind the last comes the first."""
        if self.count() > 1:
            self.setCurrentIndex((self.currentIndex() + by) % self.count())
            self.currentWidget().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def several(self) -> bool:
        """Whether there is another tab to go to."""
        return self.count() > 1

    # --- closing -----------------------------------------------------------------------------------

    def forget_closed(self) -> None:
        """Another workspace: what was closed in the last one is not opened again."""
        self._closed = []

    def reopened(self) -> str:
        """Id of the journey closed last, which is taken off the list; "" where none was."""
        return self._closed.pop() if self._closed else ""

    def has_closed(self) -> bool:
        """Whether a journey was closed that can be opened again."""
        return bool(self._closed)

    def others(self, tab: JourneyTab | None = None) -> Sequence[JourneyTab]:
        """Every tab but this one, or but the one in front."""
        kept = tab if tab is not None else self.currentWidget()
        return [one for one in self.all() if one is not kept]

    def _close(self, tab: JourneyTab) -> None:
        self.closing.emit([tab])

    def _close_others(self, tab: JourneyTab) -> None:
        self.closing.emit(list(self.others(tab)))

    def _close_right(self, tab: JourneyTab) -> None:
        self.closing.emit(self.all()[self.indexOf(tab) + 1 :])

    def _unwanted(self, index: int) -> None:
        self.closing.emit([self.at(index)])

    def _ask(self, command: str, tab: JourneyTab) -> None:
        self.asked.emit(command, tab)

    def _menu(self, place: QPoint) -> None:
        index = self.tabBar().tabAt(place)
        if index < 0:
            index = self.currentIndex()  # by the keyboard: the menu of the one in front
        if index >= 0:
            self.tab_menu(self.at(index)).popup(self.tabBar().mapToGlobal(place))

    def tab_menu(self, tab: JourneyTab) -> QMenu:
        """What can be done with a tab; the menu deletes itself when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("&Close")).triggered.connect(weak(self._close, tab))
        others = menu.addAction(tr("Close &others"))
        others.triggered.connect(weak(self._close_others, tab))
        others.setEnabled(self.count() > 1)
        right = menu.addAction(tr("Close those to the &right"))
        right.triggered.connect(weak(self._close_right, tab))
        right.setEnabled(self.indexOf(tab) < self.count() - 1)
        menu.addSeparator()
        save = menu.addAction(tr("&Save"))
        save.setEnabled(not tab.model.saved)
        save.triggered.connect(weak(self._ask, "file.save", tab))
        menu.addAction(tr("Copy the &path of its file")).triggered.connect(
            weak(self._ask, "file.copy_path", tab)
        )
        menu.addAction(tr("Show in its &folder")).triggered.connect(
            weak(self._ask, "file.show_folder", tab)
        )
        return menu
