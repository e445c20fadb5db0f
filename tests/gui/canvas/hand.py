"""A hand for tests: real mouse, wheel, key and drop events, sent to the viewport."""

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from journeybuilder.gui.canvas.model import NODE_MIME
from journeybuilder.gui.canvas.view import CanvasView

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NO = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


class Hand:
    """Points at places of the scene."""

    def __init__(self, view: CanvasView) -> None:
        self.view = view
        self.button = LEFT

    def pixel(self, at: QPointF) -> QPointF:
        return self.view.viewportTransform().map(at)

    def _mouse(
        self,
        kind: QEvent.Type,
        at: QPointF,
        button: Qt.MouseButton,
        down: Qt.MouseButton,
        keys: Qt.KeyboardModifier,
    ) -> None:
        pixel = self.pixel(at)
        place = QPointF(self.view.viewport().mapToGlobal(pixel.toPoint()))
        event = QMouseEvent(kind, pixel, place, button, down, keys)
        QApplication.sendEvent(self.view.viewport(), event)

    def press(
        self, at: QPointF, keys: Qt.KeyboardModifier = NO, button: Qt.MouseButton = LEFT
    ) -> None:
        self.button = button
        self._mouse(QEvent.Type.MouseButtonPress, at, button, button, keys)

    def move(self, at: QPointF, keys: Qt.KeyboardModifier = NO) -> None:
        self._mouse(QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, self.button, keys)

    def release(self, at: QPointF, keys: Qt.KeyboardModifier = NO) -> None:
        self._mouse(QEvent.Type.MouseButtonRelease, at, self.button, Qt.MouseButton.NoButton, keys)

    def hover(self, at: QPointF) -> None:
        self._mouse(QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, NO)

    def click(self, at: QPointF, keys: Qt.KeyboardModifier = NO) -> None:
        self.press(at, keys)
        self.release(at, keys)

    def double_click(self, at: QPointF) -> None:
        self.click(at)
        self._mouse(QEvent.Type.MouseButtonDblClick, at, LEFT, LEFT, NO)
        self.release(at)

    def drag(
        self,
        start: QPointF,
        end: QPointF,
        keys: Qt.KeyboardModifier = NO,
        button: Qt.MouseButton = LEFT,
    ) -> None:
        """Press, three steps, release; scene points are mapped anew, as the view may pan."""
        self.press(start, keys, button)
        self.pull(start, end, keys)
        self.release(end, keys)

    def pull(self, start: QPointF, end: QPointF, keys: Qt.KeyboardModifier = NO) -> None:
        for part in (0.3, 0.7, 1.0):
            self.move(start + (end - start) * part, keys)

    def key(
        self, key: Qt.Key, keys: Qt.KeyboardModifier = NO, text: str = "", to: QWidget | None = None
    ) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(to or self.view, QKeyEvent(kind, key, keys, text))

    def hold(self, key: Qt.Key) -> None:
        QApplication.sendEvent(self.view, QKeyEvent(QEvent.Type.KeyPress, key, NO))

    def wheel(
        self, at: QPointF, angle: int = 0, pixels: int = 0, keys: Qt.KeyboardModifier = NO
    ) -> None:
        pixel = self.pixel(at)
        place = QPointF(self.view.viewport().mapToGlobal(pixel.toPoint()))
        event = QWheelEvent(
            pixel, place, QPoint(0, pixels), QPoint(0, angle), Qt.MouseButton.NoButton, keys,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(self.view.viewport(), event)

    # --- drops ---

    def carry(
        self, kind: str, settings: Mapping[str, Any], path: list[QPointF], drop: bool = True
    ) -> bool:
        """Drag a new node along a path and drop it, or leave again; returns whether it is taken."""
        data = QMimeData()
        data.setData(NODE_MIME, json.dumps({"kind": kind, "settings": settings}).encode())
        return self.carry_data(data, path, drop)

    def carry_data(self, data: QMimeData, path: list[QPointF], drop: bool = True) -> bool:
        copy, port = Qt.DropAction.CopyAction, self.view.viewport()
        enter = QDragEnterEvent(self.pixel(path[0]).toPoint(), copy, data, LEFT, NO)
        enter.ignore()
        QApplication.sendEvent(port, enter)
        if not enter.isAccepted():
            return False
        for at in path:
            QApplication.sendEvent(
                port, QDragMoveEvent(self.pixel(at).toPoint(), copy, data, LEFT, NO)
            )
        if drop:
            QApplication.sendEvent(port, QDropEvent(self.pixel(path[-1]), copy, data, LEFT, NO))
        else:
            QApplication.sendEvent(port, QDragLeaveEvent())
        return True
