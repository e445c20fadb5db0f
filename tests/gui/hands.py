"""Two persons at the window: one has a mouse, the other has keys only.

Both find things by what they are called, as somebody does who sees or hears the window: the next one
of that name from where they are, in the order of Tab. Nothing is done to a widget but by events.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QScrollArea,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from journeybuilder.gui.forms.completion_list import CompletionList
from journeybuilder.gui.forms.tab_order import stops_of
from tests.gui.desk import Desk

LEFT = Qt.MouseButton.LeftButton
NO_BUTTON = Qt.MouseButton.NoButton
NO = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
_MOST_STOPS = 150


def called(widget: QWidget) -> str:
    """What a widget is called for somebody who hears it."""
    words = widget.accessibleName() or getattr(widget, "text", str)()
    return str(words).replace("&", "").partition("  (")[0]  # without the number of settings in it


def is_stop(widget: QWidget) -> bool:
    """Whether Tab stops there."""
    by_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
    return by_tab and widget.isVisible() and widget.isEnabled()


def line_of(box: QComboBox, words: str) -> int:
    """The line of a box that says this, else the first that begins so."""
    lines = [box.itemText(row) for row in range(box.count())]
    whole = [row for row, line in enumerate(lines) if line == words]
    begun = [row for row, line in enumerate(lines) if line.startswith(words)]
    assert begun, f"{words!r} is none of {lines}"
    return (whole or begun)[0]


def settle() -> None:
    """Let the window do what it has to do after an event."""
    QApplication.processEvents()


def when(holds: Callable[[], bool], do: Callable[[], object]) -> None:
    """Do something as soon as something holds, while a menu or question keeps the window waiting."""
    app = QApplication.instance()
    clock = QTimer(app)
    clock.setInterval(5)

    def look() -> None:
        if not holds():
            return
        clock.stop()
        clock.deleteLater()
        try:
            do()
        except BaseException:
            waiting = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if waiting is not None:
                waiting.close()  # else the window would wait for ever
            raise

    clock.timeout.connect(look)
    clock.start()


def asked() -> bool:
    """Whether a question is open and the cursor is in it."""
    box, focused = QApplication.activeModalWidget(), QApplication.focusWidget()
    return box is not None and focused is not None and box.isAncestorOf(focused)


class Person(ABC):
    """What both can do: type, press keys, wait."""

    steps: int = 0
    """Clicks and keys other than typed letters, so far."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @property
    def focus(self) -> QWidget:
        """What has the focus."""
        popup = QApplication.activePopupWidget()
        found = QApplication.focusWidget()
        if popup is not None and (found is None or not popup.isAncestorOf(found)):
            found = popup
        assert found is not None, "nothing has the focus"
        return found

    def at_window(self) -> None:
        """The window gets the focus back, as a window manager does once a question or menu is closed."""
        self.desk.window.activateWindow()
        self.desk.until(self.desk.window.isActiveWindow)
        settle()

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NO) -> None:
        """Press a key where the focus is."""
        self.steps += 1
        QTest.keyClick(self.focus, key, keys)
        settle()

    def type(self, text: str) -> None:
        """Type where the focus is."""
        for letter in text:
            if letter == "\n":
                QTest.keyClick(self.focus, Qt.Key.Key_Return)
            elif letter.isascii():
                QTest.keyClicks(self.focus, letter)
            else:
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    event = QKeyEvent(kind, ord(letter.upper()), NO, letter)
                    QApplication.sendEvent(self.focus, event)
        settle()

    def replace(self, text: str) -> None:
        """Type in place of what the field with the focus holds."""
        self.key(Qt.Key.Key_A, CTRL)
        if text:
            self.type(text)
        else:
            self.key(Qt.Key.Key_Delete)

    def fill(self, name: str, text: str, nth: int = 1) -> None:
        """Write into the next field of that name."""
        self.go(name, nth)
        self.replace(text)

    @abstractmethod
    def go(self, name: str, nth: int = 1) -> None:
        """Put the cursor into the next field of that name."""

    @abstractmethod
    def press(self, name: str, nth: int = 1) -> None:
        """Press the next button of that name."""

    @abstractmethod
    def unfold(self, name: str) -> None:
        """Open the next part of that name where it is folded away."""

    @abstractmethod
    def choose(self, name: str, words: str, nth: int = 1) -> None:
        """Choose a line of the next box of that name."""

    @abstractmethod
    def menu(self, name: str, words: str, *, before: bool = False) -> None:
        """Choose an entry of the menu of the next button of that name, or of the one before."""


class Mouse(Person):
    """Clicks, drags and turns the wheel; types once the cursor is in a field."""

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click on what is seen of a widget, once it holds still."""
        place = at if at is not None else widget.rect().center()
        self.desk.until(lambda: self._seen(widget, place))
        under = self._under(widget, place)  # at once: nothing has happened since it was seen there
        spot = widget.mapToGlobal(place)
        self.steps += 1
        QTest.mouseClick(under, LEFT, NO, under.mapFromGlobal(spot))
        settle()

    def _arrow_seen(self, name: str, nth: int) -> bool:
        """Whether a choice can be clicked; a form may be made anew, and suggestions may lie there."""
        box = self.find(name, nth)
        place = QPoint(box.width() - 10, box.height() // 2)
        if self._seen(box, place):
            return True
        cover: QWidget | None = self._under(box, place)
        while cover is not None and not isinstance(cover, CompletionList):
            cover = cover.parentWidget()
        typed_in = QApplication.focusWidget()
        if cover is not None and typed_in is not None:
            QTest.keyClick(typed_in, Qt.Key.Key_Escape)
        return False

    def _seen(self, widget: QWidget, place: QPoint) -> bool:
        """Turn the wheel where that must be; False while something else lies there."""
        settle()
        self._show(widget)
        under = self._under(widget, place)
        return under is widget or widget.isAncestorOf(under)

    @staticmethod
    def _under(widget: QWidget, place: QPoint) -> QWidget:
        """What is seen at a place of a widget."""
        window, popup = widget.window(), QApplication.activePopupWidget()
        assert popup is None or popup is window, f"{popup} lies over {called(widget)!r}"
        return window.childAt(widget.mapTo(window, place)) or window

    def _show(self, widget: QWidget) -> None:
        """Turn the wheel over the form until the widget is seen."""
        area: QWidget | None = widget
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if not isinstance(area, QScrollArea):
            return
        port = area.viewport()
        for _ in range(100):
            top = widget.mapTo(port, QPoint(0, 0)).y()
            high = min(widget.height(), port.height())
            if top >= 0 and top + high <= port.height():
                return
            before = area.verticalScrollBar().value()
            self._wheel(port, 240 if top < 0 else -240)
            if area.verticalScrollBar().value() == before:
                return

    @staticmethod
    def _wheel(port: QWidget, angle: int) -> None:
        at = QPointF(3, port.height() / 2)
        event = QWheelEvent(
            at, port.mapToGlobal(at), QPoint(), QPoint(0, angle), NO_BUTTON, NO,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(port, event)
        settle()

    def find(self, name: str, nth: int = 1) -> QWidget:
        """The next thing of that name in the settings, from the focus on."""
        page = self.desk.window.docks.inspector.widget()
        assert page is not None
        seen = [one for one in stops_of(page) if is_stop(one)]
        start = QApplication.focusWidget()
        here = seen.index(start) if start in seen else 0
        found = [one for one in seen[here:] + seen[:here] if called(one) == name]
        if len(found) >= nth:
            return found[nth - 1]
        raise AssertionError(f"nothing is called {name!r}: {[called(one) for one in seen]}")

    @override
    def go(self, name: str, nth: int = 1) -> None:
        self.click(self.find(name, nth))

    @override
    def press(self, name: str, nth: int = 1) -> None:
        button = self.find(name, nth)
        middle = button.height() // 2
        self.click(button, QPoint(10, middle) if isinstance(button, QCheckBox) else None)

    @override
    def unfold(self, name: str) -> None:
        button = self.find(name)
        assert isinstance(button, QToolButton)
        if not button.isChecked():
            self.click(button)

    @override
    def choose(self, name: str, words: str, nth: int = 1) -> None:
        self.desk.until(lambda: self._arrow_seen(name, nth))
        box = self.find(name, nth)
        assert isinstance(box, QComboBox)
        self.click(box, QPoint(box.width() - 10, box.height() // 2))
        view = box.view()
        row = line_of(box, words)
        self.item(view, view.model().index(row, box.modelColumn()))
        assert not view.isVisible()

    def item(self, view: QAbstractItemView, index: Any) -> None:
        """Click on a line of a list, which is scrolled by the wheel until it is seen."""
        port = view.viewport()
        for _ in range(100):
            line: QRect = view.visualRect(index)
            if port.rect().contains(line.center()):
                break
            self._wheel(port, 120 if line.center().y() < 0 else -120)
        spot = view.visualRect(index).center()
        self.mouse(QEvent.Type.MouseMove, port, spot, NO_BUTTON, NO_BUTTON)
        QTest.mouseClick(port, LEFT, NO, spot)
        self.steps += 1
        settle()

    @override
    def menu(self, name: str, words: str, *, before: bool = False) -> None:
        button = self.find(name)
        assert isinstance(button, QToolButton)
        menu = button.menu()
        assert menu is not None

        def pick() -> None:
            action = next(one for one in menu.actions() if one.text() == words)
            QTest.mouseClick(menu, LEFT, NO, menu.actionGeometry(action).center())

        when(menu.isVisible, pick)
        self.click(button)
        self.at_window()

    def mouse(
        self,
        kind: QEvent.Type,
        widget: QWidget,
        at: QPoint,
        button: Qt.MouseButton,
        held: Qt.MouseButton,
    ) -> None:
        """One event of the mouse."""
        place = QPointF(widget.mapToGlobal(at))
        QApplication.sendEvent(widget, QMouseEvent(kind, QPointF(at), place, button, held, NO))


class Keyboard(Person):
    """Has no mouse."""

    @override
    def go(self, name: str, nth: int = 1) -> None:
        seen: list[str] = []
        for _ in range(_MOST_STOPS):
            here = self.focus
            seen.append(called(here))
            nth -= called(here) == name
            if nth == 0:
                return
            self.tab()
        raise AssertionError(f"Tab does not come to {name!r}: {seen}")

    def tab(self, *, back: bool = False) -> None:
        """Go to the next field, out of a text too."""
        key = Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab
        self.key(key, SHIFT if back else NO)

    def back(self, name: str) -> None:
        """Go back to the field of that name before this one."""
        for _ in range(_MOST_STOPS):
            if called(self.focus) == name:
                return
            self.tab(back=True)
        raise AssertionError(f"Shift+Tab does not come to {name!r}")

    @override
    def press(self, name: str, nth: int = 1) -> None:
        self.go(name, nth)
        self.key(Qt.Key.Key_Space)

    @override
    def unfold(self, name: str) -> None:
        self.go(name)
        button = self.focus
        assert isinstance(button, QToolButton)
        if not button.isChecked():
            self.key(Qt.Key.Key_Space)

    @override
    def choose(self, name: str, words: str, nth: int = 1) -> None:
        self.go(name, nth)
        box = self.focus
        assert isinstance(box, QComboBox)
        if box.isEditable():
            self.replace(words)
            self.key(Qt.Key.Key_Return)
            return
        self.key(Qt.Key.Key_Space)
        view = box.view()
        assert view.isVisible()
        row = line_of(box, words)
        self.type(words.split(maxsplit=1)[0])
        for _ in range(box.count()):
            if view.currentIndex().row() == row:
                break
            self.key(Qt.Key.Key_Down if view.currentIndex().row() < row else Qt.Key.Key_Up)
        self.key(Qt.Key.Key_Return)
        assert box.currentIndex() == row, box.currentText()

    @override
    def menu(self, name: str, words: str, *, before: bool = False) -> None:
        (self.back if before else self.go)(name)
        button = self.focus
        assert isinstance(button, QToolButton)
        menu = button.menu()
        assert menu is not None

        def pick() -> None:
            for _ in menu.actions():
                QTest.keyClick(menu, Qt.Key.Key_Down)
                chosen: QAction | None = menu.activeAction()
                if chosen and chosen.text() == words:
                    break
            QTest.keyClick(menu, Qt.Key.Key_Return)

        when(menu.isVisible, pick)
        self.key(Qt.Key.Key_Space)
        self.at_window()
