"""Themes can be read, icons are there, and both change with the system."""

import pytest
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from journeybuilder.gui.look import theme as themes
from journeybuilder.gui.look.resources import names, resource
from journeybuilder.gui.look.theme import GROUPS, LIGHT, TEXT_PAIRS, THEMES, Theme

KINDS = ("say", "ask", "tool", "generate", "classify", "agent", "branch", "set", "review", "handoff", "end")  # fmt: skip
ACTIONS = (
    "open", "save", "undo", "redo", "run", "stop", "export", "tidy", "search", "zoom-fit", "zoom-in", "zoom-out",
    "add", "remove", "server", "problem", "warning", "check", "chat", "settings", "moon", "sun", "play", "lock",
    "person", "model", "start", "unknown",
)  # fmt: skip
each_theme = pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)


@each_theme
def test_every_text_can_be_read(theme: Theme) -> None:
    faint = {
        (text, back): found
        for text, back in TEXT_PAIRS
        if (found := themes.contrast(getattr(theme, text), getattr(theme, back))) < 4.5
    }
    assert faint == {}


@each_theme
def test_every_icon_stands_out_from_its_tile(theme: Theme) -> None:
    faint = [g for g in GROUPS if themes.contrast(theme.group(g), theme.tile(g)) < 4.5]
    assert faint == []


@each_theme
def test_wires_and_ports_stand_out_from_the_canvas(theme: Theme) -> None:
    for token in ("wire", "port", "error", "waiting", "ok", "accent"):
        assert themes.contrast(getattr(theme, token), theme.canvas) >= 2.8, token


def test_contrast_is_that_of_wcag() -> None:
    assert themes.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert themes.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_icon_is_shipped_and_drawn_in_the_asked_color(qapp: QApplication) -> None:
    for name in KINDS + ACTIONS:
        assert b"currentColor" in resource("icons", f"{name}.svg")
        image = themes.glyph(name, "#c5283d", 48)
        pixels = (image.pixelColor(x, y) for x in range(48) for y in range(48))
        inked = {pixel.name() for pixel in pixels if pixel.alpha() == 255}
        assert "#c5283d" in inked, name


def test_an_unknown_icon_is_drawn_as_unknown(qapp: QApplication) -> None:
    assert themes.glyph("no-such", "#000000", 24) == themes.glyph("unknown", "#000000", 24)


def test_icons_are_sharp_at_three_times_the_size(qapp: QApplication) -> None:
    icon = themes.icon("say", "#000000")
    assert icon.actualSize(icon.availableSizes()[-1]).width() >= 72
    faint = icon.pixmap(24, QIcon.Mode.Disabled).toImage()
    plain = icon.pixmap(24).toImage()
    assert faint != plain


def test_no_shipped_icon_has_a_color_of_its_own() -> None:
    for name in names("icons"):
        assert b"#" not in resource("icons", name), name


@each_theme
def test_a_theme_gives_the_program_its_palette_and_a_complete_stylesheet(
    qapp: QApplication, theme: Theme
) -> None:
    before = qapp.palette(), qapp.styleSheet()
    themes.apply(qapp, theme)
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(theme.window)
    assert "@" not in qapp.styleSheet()
    qapp.setStyleSheet(before[1])
    qapp.setPalette(before[0])


def test_the_system_has_a_say(qapp: QApplication) -> None:
    assert themes.system_theme() in THEMES.values()
    assert LIGHT.color("accent", 10).alpha() == 10
