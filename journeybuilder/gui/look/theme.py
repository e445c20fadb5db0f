"""Colors of the whole program, as tokens that palette, panels, canvas and icons read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from journeybuilder.gui.look.resources import resource
from journeybuilder.gui.look.stylesheet import HIGH_CONTRAST_STYLESHEET, STYLESHEET

GROUPS = ("talk", "tools", "models", "flow", "people", "other")
ICON_SIZES = (16, 20, 24, 32, 48, 72)
_DISABLED = 0.4
_TILE = 0.1
PAINTS = {
    "gray": "flow", "yellow": "waiting", "green": "ok", "teal": "tools", "blue": "talk",
    "violet": "models", "pink": "people", "red": "error",
}  # fmt: skip
"""The colors that a person can give a node, frame or note: a group's color or that of a token."""
PAINT_TOKENS = ("waiting", "ok", "error")
SRGB_LINEAR = 0.04045
"""Below this an sRGB channel is linear (WCAG 2)."""


@dataclass(frozen=True)
class Theme:
    """One set of colors, each as `#rrggbb`.

    Attributes:
        name: `light`, `dark` or `high contrast`.
        window: Around and between panels. `panel`: panels and menus. `base`: inputs and lists.
        canvas: Behind the nodes; `dot` is its grid.
        card, card_line, divider: A node's face, its border, lines inside of it.
        text, muted: Main and secondary text, on every surface.
        accent, on_accent, soft: Selection and focus, text on it, a pale fill of it.
        error, warning, ok, running, waiting: Text, icons and rings of states and findings.
        on_state: What is drawn on a fill of those.
        paper: A yellow sticky note.
        groups, tiles: By group of node kinds: the icon's color and the tile behind it.
    """

    name: str
    dark: bool
    high_contrast: bool
    window: str
    panel: str
    base: str
    line: str
    canvas: str
    dot: str
    card: str
    card_line: str
    divider: str
    text: str
    muted: str
    disabled: str
    hover: str
    accent: str
    on_accent: str
    soft: str
    wire: str
    port: str
    error: str
    warning: str
    ok: str
    running: str
    waiting: str
    on_state: str
    paper: str
    shadow: int
    groups: Mapping[str, str] = field(default_factory=dict[str, str])
    tiles: Mapping[str, str] = field(default_factory=dict[str, str])

    def color(self, token: str, alpha: int = 255) -> QColor:
        """A token's color, by its name."""
        color = QColor(getattr(self, token))
        color.setAlpha(alpha)
        return color

    def group(self, name: str) -> str:
        """The color of a group of kinds, or a named one; unknown groups count as `other`."""
        token = PAINTS.get(name, name)
        if token in PAINT_TOKENS:
            return str(getattr(self, token))
        return self.groups.get(token, self.groups["other"])

    def tile(self, name: str) -> str:
        """The fill behind an icon of a group, or of a named color."""
        token = PAINTS.get(name, name)
        if token in PAINT_TOKENS:
            return mixed(QColor(self.group(name)), self.color("card"), _TILE).name()
        return self.tiles.get(token, self.tiles["other"])

    def state(self, name: str) -> str:
        """The color of a node's live state."""
        tokens = {"running": self.running, "waiting": self.waiting, "done": self.ok}
        return tokens.get(name, self.error)


LIGHT = Theme(
    name="light", dark=False, high_contrast=False,
    window="#f1f2f5", panel="#ffffff", base="#ffffff", line="#dfe2e8",
    canvas="#f6f7f9", dot="#d3d7df", card="#ffffff", card_line="#d4d9e1", divider="#eceef2",
    text="#1a1d24", muted="#565e6c", disabled="#9aa1ad", hover="#e9ebf0",
    accent="#3d5bd9", on_accent="#ffffff", soft="#e6ebfd",
    wire="#858e9d", port="#6e7787", error="#c5283d", warning="#96590a", ok="#1e7a45",
    running="#0a6f96", waiting="#8a5a00", on_state="#ffffff", paper="#fff3bd", shadow=26,
    groups={"talk": "#1763c6", "tools": "#08746a", "models": "#7440d6", "flow": "#515c6e",
            "people": "#b5305f", "other": "#5d6675"},
    tiles={"talk": "#e4effc", "tools": "#dcf3f0", "models": "#efe7fd", "flow": "#eaedf1",
           "people": "#fce6ee", "other": "#ebedf0"},
)  # fmt: skip

DARK = Theme(
    name="dark", dark=True, high_contrast=False,
    window="#15171b", panel="#1c1f24", base="#16181c", line="#30343c",
    canvas="#121417", dot="#2a2e35", card="#1f2228", card_line="#383d47", divider="#2b2f37",
    text="#eceef2", muted="#a3abb8", disabled="#636b78", hover="#282c33",
    accent="#7c96ff", on_accent="#0e1120", soft="#27304f",
    wire="#6f7889", port="#98a1b0", error="#ff7b86", warning="#f0b35a", ok="#5cc98a",
    running="#4cc9f0", waiting="#f0b35a", on_state="#14161a", paper="#3d3516", shadow=110,
    groups={"talk": "#6cb2ff", "tools": "#4ccdbe", "models": "#b79bff", "flow": "#a9b3c3",
            "people": "#ff8fb5", "other": "#a4adbb"},
    tiles={"talk": "#1b2f47", "tools": "#17363a", "models": "#2f2750", "flow": "#2b3038",
           "people": "#44232f", "other": "#2b2f36"},
)  # fmt: skip

HIGH_CONTRAST = Theme(
    name="high contrast", dark=True, high_contrast=True,
    window="#000000", panel="#000000", base="#000000", line="#ffffff",
    canvas="#000000", dot="#4d4d4d", card="#000000", card_line="#ffffff", divider="#8c8c8c",
    text="#ffffff", muted="#ffffff", disabled="#b0b0b0", hover="#333333",
    accent="#ffe14d", on_accent="#000000", soft="#3d3600",
    wire="#e0e0e0", port="#ffffff", error="#ff8f8f", warning="#ffc14d", ok="#6dff9e",
    running="#7fd4ff", waiting="#ffc14d", on_state="#000000", paper="#000000", shadow=0,
    groups={"talk": "#7fd4ff", "tools": "#6dffe0", "models": "#d5bdff", "flow": "#ffffff",
            "people": "#ffadd0", "other": "#ffffff"},
    tiles=dict.fromkeys(GROUPS, "#000000"),
)  # fmt: skip

THEMES = {theme.name: theme for theme in (LIGHT, DARK, HIGH_CONTRAST)}

TEXT_PAIRS = (
    *((text, back) for text in ("text", "muted") for back in
      ("window", "panel", "base", "canvas", "card", "hover", "soft")),
    ("on_accent", "accent"),
    *((state, back) for state in ("error", "warning", "ok", "running", "waiting", "accent")
      for back in ("panel", "base", "card")),
    *(("on_state", state) for state in ("error", "warning", "ok", "running", "waiting")),
)  # fmt: skip
"""Every pair of text and background tokens the program uses; tested to reach 4.5:1."""


def system_theme() -> Theme:
    """The theme that the system asks for: its contrast first, then its light or dark scheme."""
    hints = QGuiApplication.styleHints()
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return HIGH_CONTRAST
    return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT


def apply(app: QApplication, theme: Theme, more: str = "") -> None:
    """Give the whole program this look: style, palette and stylesheet.

    Each of the three makes every widget new, which is felt where there are many: once each.

    Args:
        app: Qt's application.
        theme: The theme.
        more: What the stylesheet has besides that of the canvas and the plain widgets.
    """
    if not app.styleSheet():
        app.setStyle("Fusion")
    app.setPalette(palette(theme))
    app.setStyleSheet(stylesheet(theme) + more)


def palette(theme: Theme) -> QPalette:
    """The Qt palette of a theme."""
    role = QPalette.ColorRole
    colors = QPalette()
    for name, token in {
        role.Window: "window", role.WindowText: "text", role.Base: "base",
        role.AlternateBase: "hover", role.Text: "text", role.Button: "panel",
        role.ButtonText: "text", role.BrightText: "error", role.Highlight: "accent",
        role.HighlightedText: "on_accent", role.ToolTipBase: "panel", role.ToolTipText: "text",
        role.PlaceholderText: "muted", role.Link: "accent", role.LinkVisited: "accent",
        role.Light: "hover", role.Midlight: "line", role.Mid: "line", role.Dark: "line",
        role.Shadow: "line", role.Accent: "accent",
    }.items():  # fmt: skip
        colors.setColor(name, theme.color(token))
    for name in (role.WindowText, role.Text, role.ButtonText):
        colors.setColor(QPalette.ColorGroup.Disabled, name, theme.color("disabled"))
    return colors


def stylesheet(theme: Theme) -> str:
    """The stylesheet with the theme's colors filled in for `@token`."""
    sheet = STYLESHEET + (HIGH_CONTRAST_STYLESHEET if theme.high_contrast else "")
    tokens = [name for name in theme.__dataclass_fields__ if isinstance(getattr(theme, name), str)]
    for token in sorted(tokens, key=len, reverse=True):
        sheet = sheet.replace(f"@{token}@", getattr(theme, token))
    return sheet.replace("@border@", "2px" if theme.high_contrast else "1px")


@lru_cache(maxsize=256)
def _svg(name: str, color: str) -> QByteArray:
    try:
        source = resource("icons", f"{name}.svg")
    except FileNotFoundError:
        source = resource("icons", "unknown.svg")
    return QByteArray(source.replace(b"currentColor", color.encode()))


@lru_cache(maxsize=1024)
def glyph(name: str, color: str, pixels: int) -> QImage:
    """An icon of `resources/icons` as an image of pixels × pixels; `unknown` where none is."""
    return _rendered(QSvgRenderer(_svg(name, color)), pixels)


def paint_glyph(painter: QPainter, name: str, color: str, box: QRectF) -> None:
    """Draw an icon as lines, for formats that know lines."""
    QSvgRenderer(_svg(name, color)).render(painter, box)


def _rendered(drawing: QSvgRenderer, pixels: int) -> QImage:
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawing.render(painter)
    painter.end()
    return image


@lru_cache(maxsize=256)
def _images(name: str, color: str) -> tuple[tuple[QImage, QImage], ...]:
    """Every size of an icon, enabled and disabled; read once, for reading is what takes long."""
    drawing = QSvgRenderer(_svg(name, color))
    plain = [_rendered(drawing, size) for size in ICON_SIZES]
    return tuple((image, _faded(image)) for image in plain)


def _faded(image: QImage) -> QImage:
    faded = QImage(image.size(), image.format())
    faded.fill(Qt.GlobalColor.transparent)
    painter = QPainter(faded)
    painter.setOpacity(_DISABLED)
    painter.drawImage(0, 0, image)
    painter.end()
    return faded


def icon(name: str, color: str) -> QIcon:
    """An icon of `resources/icons` in a color (`#rrggbb`), sharp in toolbars up to 300 % scale."""
    found = QIcon()
    for plain, faded in _images(name, color):
        found.addPixmap(QPixmap.fromImage(plain))
        found.addPixmap(QPixmap.fromImage(faded), QIcon.Mode.Disabled)
    return found


def mixed(color: QColor, back: QColor, part: float) -> QColor:
    """So much of a color in another one: opaque, for blending is slow and shows what is below."""
    return QColor(
        round(color.red() * part + back.red() * (1 - part)),
        round(color.green() * part + back.green() * (1 - part)),
        round(color.blue() * part + back.blue() * (1 - part)),
    )


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two colors, from 1 to 21."""
    first, second = sorted((_luminance(QColor(one)), _luminance(QColor(other))), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    linear = [
        part / 12.92 if part <= SRGB_LINEAR else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
