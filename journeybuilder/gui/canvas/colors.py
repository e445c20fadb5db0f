"""The named colors of frames, notes and nodes in each theme."""

from PySide6.QtGui import QColor

from journeybuilder.document.drawings import COLORS
from journeybuilder.gui.look.language import noop
from journeybuilder.gui.look.theme import Theme, mixed

NAMES = {
    "gray": noop("Gray"),
    "yellow": noop("Yellow"),
    "green": noop("Green"),
    "teal": noop("Teal"),
    "blue": noop("Blue"),
    "violet": noop("Violet"),
    "pink": noop("Pink"),
    "red": noop("Red"),
}
"""What each color is called, in the order of menus; for `tr`."""
_NOTE, _FRAME, _BAR = 0.17, 0.06, 0.15
_NOTE_DARK = 0.2


def strong(theme: Theme, name: str) -> QColor:
    """The color itself: of borders, and of a node's icon."""
    return QColor(theme.group(name if name in COLORS else "gray"))


def note_fill(theme: Theme, name: str) -> QColor:
    """The paper of a note; the theme's text can be read on it."""
    if theme.high_contrast:
        return theme.color("card")
    if name == "yellow":
        return theme.color("paper")
    return _mixed(theme, name, "card", _NOTE_DARK if theme.dark else _NOTE)


def frame_fill(theme: Theme, name: str) -> QColor:
    """The inside of a frame, hardly different from the canvas."""
    return theme.color("canvas") if theme.high_contrast else _mixed(theme, name, "canvas", _FRAME)


def bar_fill(theme: Theme, name: str) -> QColor:
    """Behind the title of a frame; the theme's text can be read on it."""
    return theme.color("canvas") if theme.high_contrast else _mixed(theme, name, "canvas", _BAR)


def _mixed(theme: Theme, name: str, under: str, part: float) -> QColor:
    return mixed(strong(theme, name), theme.color(under), part)
