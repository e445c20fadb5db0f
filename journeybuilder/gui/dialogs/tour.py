"""Shows around in the window: five callouts that point at what they speak of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QFrame, QPushButton, QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.settings import UserSettings

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow

_WIDTH, _GAP, _EDGE = 320, 14, 12


@dataclass(frozen=True, slots=True)
class Stop:
    """One callout; `title` and `words` are marked with `noop`."""

    title: str
    words: str
    at: Callable[["MainWindow"], QWidget]


def _palette(window: "MainWindow") -> QWidget:
    window.docks.show("palette")
    return window.docks.palette


def _canvas(window: "MainWindow") -> QWidget:
    tab = window.tab
    return tab if tab is not None else window.journeys


def _settings(window: "MainWindow") -> QWidget:
    window.docks.show("inspector")
    return window.docks.inspector


def _problems(window: "MainWindow") -> QWidget:
    window.docks.show("problems")
    return window.docks.problems


def _rehearse(window: "MainWindow") -> QWidget:
    return window.toolbar.button_of("run.rehearse")


STOPS: Sequence[Stop] = (
    Stop(noop("What a journey is made of"), noop("Drag a step or a tool onto the canvas, or choose one and press Enter."), _palette),
    Stop(noop("The journey"), noop("Drag from a way out of a step to the next one. Dropped on empty canvas, it asks what should follow. Tab and the arrow keys go from step to step."), _canvas),
    Stop(noop("Settings of a step"), noop("Select a step to say here what it does. Nothing selected: the settings of the journey itself."), _settings),
    Stop(noop("Problems"), noop("What is missing or wrong is listed while you draw. A click goes there."), _problems),
    Stop(noop("Try it"), noop("Play the journey through as the customer. Nothing real happens. Ctrl+K finds every other command."), _rehearse),
)  # fmt: skip


class Veil(QWidget):
    """Dims the window but for what a callout points at; a click on it does nothing."""

    def __init__(self, parent: QWidget, line: QColor) -> None:
        super().__init__(parent)
        self._line = line
        self.hole = QRect()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setClipRegion(QRegion(self.rect()).subtracted(QRegion(self.hole)))
        painter.fillRect(self.rect(), QColor(0, 0, 0, 110))
        painter.setPen(QPen(self._line, 3))
        painter.drawRect(self.hole.adjusted(-2, -2, 1, 1))
        painter.end()


class Tour(QFrame):
    """The callouts, one after the other; Esc ends it, and it does not come by itself again."""

    def __init__(self, window: "MainWindow", settings: UserSettings) -> None:
        super().__init__(window)
        self.setObjectName("tour")
        self.setProperty("role", "callout")
        self._window = window
        self._settings = settings
        self._before: QWidget | None = window.focusWidget()
        if self._before:  # one of Qt's own, such as a field in a box, is not known as gone else
            self._before.destroyed.connect(self._forget_before)
        self.place = 0
        self._veil = Veil(window, window.look.theme.color("accent"))
        self.setFixedWidth(_WIDTH)
        layout = self._inside = column(self, spacing=8, margins=(16, 14, 16, 12))
        self._count = label("", "caption")
        self._title = label("", "title", wrap=True)
        self._words = label("", "", wrap=True)
        for one in (self._count, self._title, self._words):
            layout.addWidget(one)
        line = row(spacing=8)
        self.skip = QPushButton(tr("Skip"))
        self.skip.setProperty("role", "quiet")
        self.skip.clicked.connect(self.end)
        self.back = QPushButton(tr("Back"))
        self.back.clicked.connect(self._back)
        self.next = QPushButton(tr("Next"))
        self.next.setProperty("role", "primary")
        self.next.clicked.connect(self._next)
        line.addWidget(self.skip)
        line.addStretch(1)
        line.addWidget(self.back)
        line.addWidget(self.next)
        layout.addSpacing(4)
        layout.addLayout(line)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for button in (self.skip, self.back, self.next):
            button.installEventFilter(self)  # a button takes the arrow keys for itself
        window.installEventFilter(self)
        window.journeys.currentChanged.connect(self._tab_changed)

    def begin(self) -> None:
        """Show the first callout."""
        self._settings.put("tour", "seen")
        self._veil.show()
        self.show()
        self._show()

    @property
    def target(self) -> QWidget:
        """What the callout points at."""
        return STOPS[self.place].at(self._window)

    def _show(self) -> None:
        stop = STOPS[self.place]
        count = tr("{n} of {all}", n=self.place + 1, all=len(STOPS))
        self._count.setText(count)
        self._title.setText(tr(stop.title))
        self._words.setText(tr(stop.words))
        self.setAccessibleName(f"{tr(stop.title)}, {count}")
        self.setAccessibleDescription(tr(stop.words))
        self.next.setAccessibleDescription(f"{tr(stop.title)}. {tr(stop.words)} {count}")
        self.skip.setVisible(self.place < len(STOPS) - 1)
        self.back.setEnabled(self.place > 0)
        self.next.setText(tr("Next") if self.place < len(STOPS) - 1 else tr("Done"))
        self._put()
        self.next.setFocus(Qt.FocusReason.OtherFocusReason)

    def _put(self) -> None:
        """Beside what it points at, wherever there is room."""
        target, window = self.target, self._window
        hole = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
        self._veil.setGeometry(window.rect())
        self._veil.hole = hole
        self._veil.update()
        self._veil.raise_()
        self.setFixedHeight(self._inside.totalHeightForWidth(_WIDTH))
        width, height = self.width(), self.height()
        if hole.right() + _GAP + width < window.width():
            corner = QPoint(hole.right() + _GAP, hole.top())
        elif hole.left() - _GAP - width > 0 and hole.width() < window.width() // 2:
            corner = QPoint(hole.left() - _GAP - width, hole.top())
        elif hole.top() - _GAP - height > 0:
            corner = QPoint(hole.left(), hole.top() - _GAP - height)
        elif hole.bottom() + _GAP + height < window.height():
            corner = QPoint(hole.left(), hole.bottom() + _GAP)
        else:
            corner = hole.center() - QPoint(width // 2, height // 2)
        self.move(
            min(max(corner.x(), _EDGE), window.width() - width - _EDGE),
            min(max(corner.y(), _EDGE), window.height() - height - _EDGE),
        )
        self.raise_()

    def _forget_before(self) -> None:
        self._before = None

    def _next(self) -> None:
        if self.place == len(STOPS) - 1:
            self.end()
        else:
            self.place += 1
            self._show()

    def _back(self) -> None:
        if self.place > 0:
            self.place -= 1
            self._show()

    def _tab_changed(self, index: int) -> None:
        if index < 0:
            self.end()

    def end(self) -> None:
        """Leave the tour; the focus goes back to where it was."""
        if self.isHidden():
            return
        self._window.removeEventFilter(self)
        self.hide()
        self._veil.hide()
        self._veil.deleteLater()
        self.deleteLater()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()
        else:
            self._window.go_canvas()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self._put()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return watched is not self._window and self._done(event.key())
        return super().eventFilter(watched, event)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab stays among the buttons of the callout."""
        shown = [
            one for one in (self.skip, self.back, self.next) if one.isVisible() and one.isEnabled()
        ]
        here = next_of(shown, self.focusWidget(), 1 if next else -1)
        if here is not None:
            here.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._done(event.key()):
            super().keyPressEvent(event)

    def _done(self, key: int) -> bool:
        """Do what a key asks for; False where it means nothing here."""
        deeds = {
            Qt.Key.Key_Escape: self.end, Qt.Key.Key_Right: self._next, Qt.Key.Key_Left: self._back
        }  # fmt: skip
        deed = deeds.get(Qt.Key(key))
        if deed is not None:
            deed()
        return deed is not None


def next_of(shown: Sequence[QPushButton], here: QWidget | None, by: int) -> QPushButton | None:
    """The button so many places further, from the first one where none has the focus."""
    if not shown:
        return None
    place = next((index for index, one in enumerate(shown) if one is here), -1)
    return shown[(place + by) % len(shown)]
