"""The look in use: which theme, and everybody who must know when it changes."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from journeybuilder.gui.look.marks import Marks
from journeybuilder.gui.look.motion import system_reduces_motion
from journeybuilder.gui.look.panelstyle import PANEL_STYLESHEET
from journeybuilder.gui.look.theme import THEMES, Theme, apply, icon, system_theme

SYSTEM = "system"
CHOICES = (SYSTEM, *THEMES)
FULL, REDUCED = "full", "reduced"


class Look(QObject):
    """Holds the theme of the program and follows the system where the person chose that.

    Signals:
        changed: Another theme is in use, or motion is wanted or not.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = SYSTEM, motion: str = SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._motion = motion
        self._marks = Marks()
        self._icons: dict[tuple[str, str], QIcon] = {}
        self.choice = choice if choice in CHOICES else SYSTEM
        self.theme: Theme = THEMES.get(self.choice) or system_theme()
        self._apply()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)

    def _apply(self) -> None:
        sheet = PANEL_STYLESHEET + self._marks.sheet(self.theme)
        tokens = [
            name
            for name in self.theme.__dataclass_fields__
            if isinstance(getattr(self.theme, name), str)
        ]
        for token in tokens:
            sheet = sheet.replace(f"@{token}@", getattr(self.theme, token))
        # Where all text is white, an example in a field must not look like what was typed.
        faint = self.theme.disabled if self.theme.high_contrast else self.theme.muted
        sheet = sheet.replace("@placeholder@", faint)
        width = "2px" if self.theme.high_contrast else "1px"
        apply(self._app, self.theme, sheet.replace("@border@", width))

    @property
    def reduced_motion(self) -> bool:
        """Whether things jump to new places instead of gliding there."""
        if self._motion == SYSTEM:
            return system_reduces_motion()
        return self._motion == REDUCED

    def set_motion(self, motion: str) -> None:
        """Glide, jump, or do what the system asks for."""
        if motion != self._motion:
            self._motion = motion
            self.changed.emit()

    def choose(self, choice: str) -> None:
        """Use a theme by its name, or the system's."""
        self.choice = choice if choice in CHOICES else SYSTEM
        self._use(THEMES.get(self.choice) or system_theme())

    def _follow(self) -> None:
        if self.choice == SYSTEM:
            self._use(system_theme())

    def _use(self, theme: Theme) -> None:
        if theme is not self.theme:
            self.theme = theme
            self._apply()
            self.changed.emit()

    def dispose(self) -> None:
        """Follow the system no longer."""
        QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._follow)
        self.deleteLater()

    def icon(self, name: str) -> QIcon:
        """An icon for buttons and menus."""
        found = self._icons.get((name, self.theme.text))
        if found is None:
            found = self._icons[name, self.theme.text] = icon(name, self.theme.text)
        return found
