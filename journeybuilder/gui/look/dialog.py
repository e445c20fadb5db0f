"""What every dialog of the program does alike: it fits on its screen, and Enter does one thing."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLayout,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

_FRAME = QSize(8, 40)  # what the system draws around a window, at least
_BAR = 12  # pixels that a scroll bar takes
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class Question(QMessageBox):
    """A short question or message, with the paddings of the other dialogs."""

    @override
    def showEvent(self, arg__1: QShowEvent) -> None:
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(24, 20, 24, 16)
        super().showEvent(arg__1)


class Dialog(QDialog):
    """A dialog that is as large as its content wants, but never larger than its screen.

    What has no room scrolls, and the buttons stay in sight. Enter presses the button that has the
    focus, else the default one; where no button was made the default, it presses none.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ready = False
        self._scrolls = False
        self._enters = False
        self._floor = QSize(0, 0)

    @override
    def setVisible(self, visible: bool) -> None:
        if visible and not self._ready:
            self._choose_default()
            self._fit()
            self._ready = True
        super().setVisible(visible)
        if visible and not self._enters:  # a box of buttons chooses one as soon as it is shown
            for one in self.findChildren(QPushButton):
                one.setDefault(False)

    @override
    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        button = self.focusWidget()
        if not self.isVisible():
            arg__1.accept()  # what the key was for has closed it
        elif arg__1.key() in _ENTER and isinstance(button, QPushButton) and button.isEnabled():
            button.click()
        else:
            super().keyPressEvent(arg__1)

    @override
    def event(self, arg__1: QEvent) -> bool:
        handled = super().event(arg__1)
        if arg__1.type() == QEvent.Type.LayoutRequest and self._ready and not self._scrolls:
            self._grow()
        return handled

    def shrink(self) -> None:
        """Take no more height than the content needs, after some of it went."""
        layout = self.layout()
        if layout is not None and not self._scrolls:
            layout.activate()
            self._grow()
            self.resize(self.width(), self.minimumHeight())
        elif self._scrolls:
            self.resize(self.width(), self._room().height())

    def _choose_default(self) -> None:
        """Qt takes any button where a default was set before the button was in the dialog."""
        buttons = self.findChildren(QPushButton)
        chosen = next((one for one in buttons if one.isDefault()), None)
        for one in buttons:
            one.setAutoDefault(False)
            one.setDefault(False)
        self._enters = chosen is not None
        if chosen is not None:
            chosen.setDefault(True)

    # --- size --------------------------------------------------------------------------------------

    def _room(self) -> QSize:
        return (self.parentWidget() or self).screen().availableSize() - _FRAME

    def _fit(self) -> None:
        """Take the size for the first time."""
        layout = self.layout()
        if layout is None:
            return
        self.ensurePolished()
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        room, self._floor = self._room(), self.minimumSize()
        chosen = self.testAttribute(Qt.WidgetAttribute.WA_Resized)
        usual = self.size() if chosen else layout.totalSizeHint()
        narrow = layout.totalMinimumSize().width()
        width = min(max(usual.width(), self._floor.width(), narrow), room.width())
        least = _height(layout, width)
        if narrow > room.width() or least > room.height():
            self._let_scroll(layout)
            self.setMinimumSize(QSize(0, 0))
        else:
            self._hold(QSize(narrow, least))
        height = usual.height() if chosen else _height(layout, width, wanted=True)
        height = max(height, self._floor.height(), least) + (_BAR if self._scrolls else 0)
        self.resize(QSize(width, height).boundedTo(room))

    def _hold(self, least: QSize) -> None:
        self.setMinimumSize(least.expandedTo(self._floor).boundedTo(self._room()))

    def _grow(self) -> None:
        """Words came, or wrap into more lines: nothing of them is cut off."""
        layout = self.layout()
        if layout is not None:
            narrow = layout.totalMinimumSize().width()
            least = QSize(narrow, _height(layout, max(self.width(), narrow)))
            if least.height() > self._room().height():
                self._let_scroll(layout)
            self._hold(QSize(0, 0) if self._scrolls else least)

    def _let_scroll(self, layout: QLayout) -> None:
        """Put everything into an area that scrolls, but for the buttons where these have room."""
        focused = self.focusWidget()
        buttons = _last(layout)
        margins = layout.contentsMargins()
        room = self._room().width() - margins.left() - margins.right()
        apart = isinstance(buttons, QDialogButtonBox) and buttons.minimumSizeHint().width() <= room
        if apart and buttons is not None:
            layout.takeAt(layout.count() - 1)
            layout.setContentsMargins(margins.left(), margins.top(), margins.right(), 8)
        inside = QWidget(self)  # in the same window all the time, so that Tab keeps its order
        inside.setLayout(layout)
        area = QScrollArea(self)
        area.setProperty("role", "dialog")
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(area, 1)
        if apart and buttons is not None:
            buttons.setContentsMargins(margins.left(), 8, margins.right(), margins.bottom())
            outer.addWidget(buttons)
        if self.isVisible():
            area.show()
        if focused:
            focused.setFocus()
        self._scrolls = True


def _last(layout: QLayout) -> QWidget | None:
    item = layout.itemAt(layout.count() - 1)
    return item.widget() if item is not None else None


def _height(layout: QLayout, width: int, *, wanted: bool = False) -> int:
    """How high the content has to be at a width, or wants to be."""
    if layout.hasHeightForWidth():
        least = layout.totalMinimumHeightForWidth(width)
        return max(layout.totalHeightForWidth(width), least) if wanted else least
    return (layout.totalSizeHint() if wanted else layout.totalMinimumSize()).height()
