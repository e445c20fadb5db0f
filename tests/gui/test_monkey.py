"""Somebody who presses and clicks anything anywhere: nothing breaks, whatever is open."""

import random
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from typing_extensions import override

from tests.gui.desk import JOURNEY, Desk, make_workspace

SEED, MANY = 20261122, 150  # events in each state
_DOUBLE, _RIGHT = 0.2, 0.4  # shares of the clicks
STUCK = 300  # ms that a question which waits by itself stays
SETTLE = 20  # events after which what is open besides the window is closed
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NO = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
MODIFIERS = [NO] * 6 + [CTRL] * 3 + [SHIFT, ALT, CTRL | SHIFT, CTRL | ALT]
KEYS = [
    *[Qt.Key.Key_Tab] * 4, *[Qt.Key.Key_Return] * 3, *[Qt.Key.Key_Escape] * 3, Qt.Key.Key_Space,
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Delete,
    Qt.Key.Key_Backspace, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
    Qt.Key.Key_Menu, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Period, Qt.Key.Key_Comma,
    *(Qt.Key(Qt.Key.Key_F1.value + number) for number in range(12)),
    *(Qt.Key(Qt.Key.Key_A.value + number) for number in range(26)),
    *(Qt.Key(Qt.Key.Key_0.value + number) for number in range(10)),
]  # fmt: skip


class StaysOpen(QObject):
    """Keeps the window of the test from being closed, as somebody does who changes their mind."""

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Close:
            event.ignore()
            return True
        return False


class Monkey:
    """Does one thing after another; the same seed does the same to the same window.

    Args:
        desk: The window.
        seed: Where chance begins.
        again: Opens what is to be open, where it was closed.

    Attributes:
        done: What it did, to find out which event broke something.
        broken: Exceptions of slots and event handlers.
    """

    def __init__(self, desk: Desk, seed: int, again: Callable[[], object]) -> None:
        self.desk = desk
        self._again = again
        self.chance = random.Random(seed)
        self.done: list[str] = []
        self.broken: list[str] = []
        self._stays = StaysOpen()
        desk.window.installEventFilter(self._stays)
        self._clock = QTimer(desk.window)  # a question of its own loop would wait for ever
        self._clock.setInterval(STUCK)
        self._clock.timeout.connect(self._dismiss)

    def run(self, many: int) -> None:
        before = sys.excepthook
        sys.excepthook = self._broke
        self._clock.start()
        try:
            for number in range(many):
                self._one()
                QApplication.processEvents()
                if number % SETTLE == 0:
                    self._settle()
                assert not self.broken, "\n".join([*self.done[-8:], *self.broken])
        finally:
            self._clock.stop()
            sys.excepthook = before
            self._settle()
            self.desk.window.removeEventFilter(self._stays)

    def _broke(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self.broken.append("".join(traceback.format_exception(kind, error, trace)))

    def _top(self) -> QWidget:
        return (
            QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.desk.window
        )

    def _dismiss(self) -> None:
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if isinstance(top, QDialog):
            top.reject()
        elif top is not None:
            top.close()

    def _settle(self) -> None:
        """Close what is open over the window, and the windows beside it."""
        while QApplication.activePopupWidget() or QApplication.activeModalWidget():
            self._dismiss()
            QApplication.processEvents()
        for other in self.desk.windows.open:
            if other is not self.desk.window:
                other.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        self._again()
        self.desk.window.activateWindow()
        QApplication.processEvents()

    def _one(self) -> None:
        deeds: list[Callable[[], None]] = [
            self._key,
            self._key,
            self._click,
            self._drag,
            self._wheel,
        ]
        self.chance.choice(deeds)()

    def _key(self) -> None:
        key, keys = self.chance.choice(KEYS), self.chance.choice(MODIFIERS)
        popup = QApplication.activePopupWidget()
        at = popup or QApplication.focusWidget() or self._top()
        self.done.append(f"{key.name} {keys} in {type(at).__name__} {at.objectName()}")
        QTest.keyClick(at, key, keys)

    def _place(self) -> tuple[QWidget, QPoint]:
        top = self._top()
        seen = [one for one in top.findChildren(QWidget) if one.isVisible() and one.isEnabled()]
        widget = self.chance.choice(seen) if seen else top
        at = QPoint(
            self.chance.randrange(max(1, widget.width())),
            self.chance.randrange(max(1, widget.height())),
        )
        self.done.append(f"mouse in {type(widget).__name__} {widget.objectName()} {at.toTuple()}")
        return widget, at

    def _click(self) -> None:
        widget, at = self._place()
        kind = self.chance.random()
        keys = self.chance.choice(MODIFIERS)
        try:
            if kind < _DOUBLE:
                QTest.mouseDClick(widget, LEFT, NO, at)
            else:
                QTest.mouseClick(widget, RIGHT if kind < _RIGHT else LEFT, keys, at)
        except RuntimeError:
            if isValid(widget):  # else the first half of the click has closed it, as it may
                raise

    def _drag(self) -> None:
        widget, at = self._place()
        self._mouse(widget, QEvent.Type.MouseButtonPress, at, LEFT, LEFT)
        for _ in range(3):
            at += QPoint(self.chance.randrange(-90, 90), self.chance.randrange(-90, 90))
            self._mouse(widget, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, LEFT)
        self._mouse(widget, QEvent.Type.MouseButtonRelease, at, LEFT, Qt.MouseButton.NoButton)

    @staticmethod
    def _mouse(
        widget: QWidget, kind: QEvent.Type, at: QPoint, button: Qt.MouseButton, down: Qt.MouseButton
    ) -> None:
        if not isValid(widget):
            return
        place = QPointF(widget.mapToGlobal(at))
        QApplication.sendEvent(widget, QMouseEvent(kind, QPointF(at), place, button, down, NO))

    def _wheel(self) -> None:
        widget, at = self._place()
        turn = QPoint(0, self.chance.choice((-120, 120)))
        event = QWheelEvent(
            QPointF(at), QPointF(widget.mapToGlobal(at)), QPoint(), turn, Qt.MouseButton.NoButton,
            self.chance.choice(MODIFIERS), Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)


@pytest.fixture(autouse=True)
def nothing_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What it opens, chooses and makes stays in the folder of the test."""
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "documents"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("state", ["nothing", "workspace", "journey"])
def test_whatever_is_pressed_and_clicked_nothing_breaks(
    qtbot: QtBot, tmp_path: Path, state: str
) -> None:
    root = make_workspace(tmp_path / "space")
    second = JOURNEY.replace("journey: parcel", "journey: second")
    (root / "journeys" / "second.journey.yaml").write_text(second, encoding="utf-8")

    with Desk(qtbot, tmp_path) as desk:

        def again() -> None:
            if state != "nothing" and desk.window.files.workspace is None:
                desk.window.files.open_path(root)
            if state == "journey" and desk.window.tab is None:
                desk.window.files.open_journey("parcel")

        desk.settings.put("tour", "seen")
        again()
        monkey = Monkey(desk, SEED, again)
        monkey.run(MANY)
        assert len(monkey.done) > MANY // 2
