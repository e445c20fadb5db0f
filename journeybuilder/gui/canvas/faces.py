"""Faces of cards: one pixmap per look and zoom, shared by every node that looks alike."""

from collections import OrderedDict
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from journeybuilder.gui.canvas.geometry import (
    AXIS,
    HEAD,
    MARGIN,
    RADIUS,
    ROW,
    ROWS_PAD,
    ROWS_TOP,
    WIDTH,
)
from journeybuilder.gui.canvas.model import NodeView
from journeybuilder.gui.theme import Theme, glyph

SELECTED, HOVERED, TARGET = 1, 2, 4
"""Bits of how a card is touched right now."""
TILE = 36.0
TILE_AT = 12.0
BADGE = 15.0
_BYTES = 48 * 1024 * 1024
_BLANKS = 48
_FINE = 0.6
_BARS = {"parallel": "right", "join": "left"}
_STATE_ICONS = {"running": "run", "waiting": "clock", "done": "check", "failed": "cross"}
_BADGE_TOKENS = {"error": "error", "warning": "warning", "risk": "warning", "model": "muted"}
_BADGE_ICONS = {"error": "problem", "warning": "warning", "risk": "risk", "model": "model"}


class Look(NamedTuple):
    """All that tells one face from another, the texts aside.

    Attributes:
        ports: Of each port its style, whether it is wired, and whether it misses a wire.
    """

    icon: str
    group: str
    main: bool
    ports: tuple[tuple[str, bool, bool], ...]
    badges: tuple[str, ...]
    state: str
    entered: bool


def look_of(view: NodeView, main: bool, entered: bool, state: str) -> Look:
    """The look of a node; `entered` is True where a wire leads to it."""
    ports = tuple(
        (port.style, bool(port.target), port.required and not port.target) for port in view.ports
    )
    return Look(view.icon, view.group, main, ports, view.badges, state, entered)


def shown_badges(badges: tuple[str, ...]) -> list[str]:
    """The badges drawn in the head, at most three; the start has a mark of its own."""
    return [badge for badge in badges if badge in _BADGE_ICONS][:3]


class FaceCache:
    """Pixmaps by look, touch and zoom; the oldest go when they need too much memory."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._faces: OrderedDict[tuple[Look, int, float], QPixmap] = OrderedDict()
        self._blanks: dict[tuple[float, int, str, bool, float], QPixmap] = {}
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._faces)

    def clear(self, theme: Theme) -> None:
        """Forget every face, for another theme."""
        self.theme = theme
        self._faces.clear()
        self._blanks.clear()
        self._bytes = 0

    def get(self, look: Look, flags: int, zoom: float, ratio: float) -> QPixmap:
        """The face at a zoom and a device pixel ratio, drawn when first asked for."""
        key = (look, flags, zoom * ratio)
        face = self._faces.get(key)
        if face is None:
            face = self._drawn(look, flags, zoom * ratio)
            face.setDevicePixelRatio(ratio)
            self._faces[key] = face
            self._bytes += face.width() * face.height() * 4
            while self._bytes > _BYTES and len(self._faces) > 1:
                _, old = self._faces.popitem(last=False)
                self._bytes -= old.width() * old.height() * 4
        return face

    def _drawn(self, look: Look, flags: int, scale: float) -> QPixmap:
        """A card without its texts, `scale` device pixels a scene unit, MARGIN around the card.

        Its outline is drawn once for all cards of a height: rounded shapes are what is slow, and a
        zoom step needs every face anew.
        """
        count = len(look.ports) - (1 if look.main else 0)
        height = HEAD + (count * ROW + ROWS_PAD if count else 0.0)
        key = (height, flags, look.state, count > 0, scale)
        blank = self._blanks.get(key)
        if blank is None:
            if len(self._blanks) >= _BLANKS:
                self._blanks.clear()
            size = QSizeF(WIDTH + 2 * MARGIN, height + 2 * MARGIN) * scale
            blank = QPixmap(int(size.width()) + 2, int(size.height()) + 2)
            blank.fill(Qt.GlobalColor.transparent)
            with QPainter(blank) as painter:
                _Face(painter, self.theme, look, scale).draw_blank(flags, height)
            self._blanks[key] = blank
        face = QPixmap(blank)
        with QPainter(face) as painter:
            _Face(painter, self.theme, look, scale).draw_marks()
        return face


class _Face:
    """Draws one face in device pixels, so that its straight lines fall on pixels."""

    def __init__(self, painter: QPainter, theme: Theme, look: Look, scale: float) -> None:
        self.painter = painter
        self.theme = theme
        self.look = look
        self.scale = scale
        self.left = round(MARGIN * scale)
        self.fine = scale >= _FINE
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def draw_blank(self, flags: int, height: float) -> None:
        """The card itself: shadow, ring, border, the line below its head."""
        scale = self.scale
        card = QRectF(
            self.left + 0.5, self.left + 0.5, round(WIDTH * scale) - 1, round(height * scale) - 1
        )
        self._shadow(card)
        self._ring(card)
        line = self._line(flags)
        self.painter.setPen(line)
        self.painter.setBrush(self.theme.color("card"))
        inset = (line.widthF() - 1) / 2
        self.painter.drawRoundedRect(
            card.adjusted(inset, inset, -inset, -inset), RADIUS * scale, RADIUS * scale
        )
        self._divider(card)

    def draw_marks(self) -> None:
        """What is on the card: icon, badges, ports, state."""
        self._bar()
        self._tile()
        self._badges()
        self._entry()
        self._ports()
        self._state()

    def _line(self, flags: int) -> QPen:
        theme = self.theme
        if flags & (SELECTED | TARGET):
            return QPen(theme.color("accent"), max(2.0, 2.0 * self.scale))
        if flags & HOVERED:
            return QPen(theme.color("wire"), max(1.0, round(self.scale)))
        return QPen(theme.color("card_line"), max(1.0, round(self.scale)))

    def _shadow(self, card: QRectF) -> None:
        if not self.theme.shadow or self.scale < _FINE / 2:
            return
        self.painter.setPen(Qt.PenStyle.NoPen)
        steps = 4
        for step in range(steps, 0, -1):
            spread = step * 1.1 * self.scale
            color = QColor(10, 14, 25, max(2, self.theme.shadow // (steps + step)))
            self.painter.setBrush(color)
            radius = (RADIUS + step) * self.scale
            box = card.adjusted(-spread, -spread / 2, spread, spread * 1.6)
            self.painter.drawRoundedRect(box, radius, radius)

    def _ring(self, card: QRectF) -> None:
        state = self.look.state
        if not state:
            return
        width = 3.0 * self.scale
        color = QColor(self.theme.state(state))
        pen = QPen(color, width)
        if state == "waiting":
            pen.setDashPattern([2.2, 1.6])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if state == "done":
            color.setAlpha(150)
            pen.setColor(color)
            pen.setWidthF(width * 0.7)
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        out = width / 2 + 1
        radius = (RADIUS + 2) * self.scale
        self.painter.drawRoundedRect(card.adjusted(-out, -out, out, out), radius, radius)

    def _divider(self, card: QRectF) -> None:
        if len(self.look.ports) - (1 if self.look.main else 0) < 1 or not self.fine:
            return
        y = self.left + round((HEAD - 1) * self.scale) + 0.5
        self.painter.setPen(QPen(self.theme.color("divider"), max(1.0, round(self.scale))))
        self.painter.drawLine(QPointF(card.left() + 1, y), QPointF(card.right() - 1, y))

    def _bar(self) -> None:
        """A thick edge where lanes begin, at the right, or meet, at the left: not by color alone."""
        side = _BARS.get(self.look.icon)
        if side is None:
            return
        scale = self.scale
        count = len(self.look.ports) - (1 if self.look.main else 0)
        height = HEAD + (count * ROW + ROWS_PAD if count else 0.0)
        width = max(2, round(4 * scale))
        right = self.left + round(WIDTH * scale)
        x = self.left if side == "left" else right - width
        inset = round(RADIUS * scale)
        self.painter.fillRect(
            QRectF(x, self.left + inset, width, round(height * scale) - 2 * inset),
            QColor(self.theme.group(self.look.group)),
        )

    def _tile(self) -> None:
        scale = self.scale
        at = self.left + round(TILE_AT * scale)
        side = round(TILE * scale)
        color = QColor(self.theme.group(self.look.group))
        tile = QColor(self.theme.tile(self.look.group))
        if self.theme.high_contrast:
            self.painter.setPen(QPen(color, max(1.0, scale)))
        else:
            self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(tile)
        self.painter.drawRoundedRect(QRectF(at, at, side, side), 9 * scale, 9 * scale)
        icon = round(22 * scale) // 2 * 2
        if icon > 1:
            place = at + (side - icon) // 2
            self.painter.drawImage(place, place, glyph(self.look.icon, color.name(), icon))

    def _badges(self) -> None:
        shown = shown_badges(self.look.badges)
        if not self.fine:
            self._far_badge(shown)
            return
        side = round(BADGE * self.scale)
        right = self.left + round((WIDTH - 12) * self.scale)
        top = self.left + round(22 * self.scale) - side // 2
        for badge in reversed(shown):
            right -= side
            color = getattr(self.theme, _BADGE_TOKENS[badge])
            self.painter.drawImage(right, top, glyph(_BADGE_ICONS[badge], color, side))
            right -= round(4 * self.scale)

    def _far_badge(self, shown: list[str]) -> None:
        """From afar only findings are shown, larger than their share, where a state would be."""
        finding = next((badge for badge in shown if badge in ("error", "warning")), "")
        if finding and not self.look.state:
            at = QPointF(self.left + (WIDTH - 8) * self.scale, self.left + 4 * self.scale)
            color = self.theme.color(_BADGE_TOKENS[finding])
            self._disc(at, 14, color, _BADGE_ICONS[finding], "on_state")

    def _entry(self) -> None:
        """The place where wires come in: a mark for the start, else an arrow or a faint dot."""
        scale = self.scale
        x = float(self.left)
        y = self.left + AXIS * scale
        if "start" in self.look.badges:
            self._disc(QPointF(x, y), 10, self.theme.color("accent"), "run", "on_accent")
            return
        self.painter.setPen(Qt.PenStyle.NoPen)
        if self.look.entered:
            self.painter.setBrush(self.theme.color("wire"))
            reach, half = 9 * scale, 5 * scale
            points = [QPointF(x - reach, y - half), QPointF(x, y), QPointF(x - reach, y + half)]
            self.painter.drawPolygon(QPolygonF(points))
            return
        self.painter.setPen(QPen(self.theme.color("wire"), max(1.0, 1.3 * scale)))
        self.painter.setBrush(self.theme.color("card"))
        self.painter.drawEllipse(QPointF(x, y), 3.6 * scale, 3.6 * scale)

    def _ports(self) -> None:
        scale = self.scale
        x = float(self.left + round(WIDTH * scale)) - 0.5
        rows = 0
        for index, (style, wired, missing) in enumerate(self.look.ports):
            if index == 0 and self.look.main:
                y = AXIS
            else:
                y = ROWS_TOP + ROW * rows + ROW / 2
                rows += 1
            self._port(QPointF(x, self.left + y * scale), style, wired, missing)

    def _port(self, at: QPointF, style: str, wired: bool, missing: bool) -> None:
        """A disc for the normal way, a diamond for an error, a square for a time-out."""
        scale = self.scale
        token = {"error": "error", "timeout": "waiting"}.get(style, "port")
        color = self.theme.color("warning" if missing else token)
        self.painter.setPen(QPen(color, max(1.0, (2.0 if missing else 1.5) * scale)))
        self.painter.setBrush(color if wired else self.theme.color("card"))
        half = 4.2 * scale
        if style == "error":
            reach = half * 1.3
            corners = ((0, -reach), (reach, 0), (0, reach), (-reach, 0))
            self.painter.drawPolygon(QPolygonF([at + QPointF(dx, dy) for dx, dy in corners]))
        elif style == "timeout":
            self.painter.drawRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half))
        else:
            self.painter.drawEllipse(at, half, half)

    def _state(self) -> None:
        if not self.look.state:
            return
        right = self.left + (WIDTH - 6) * self.scale
        top = self.left + 1 * self.scale
        color = QColor(self.theme.state(self.look.state))
        self._disc(
            QPointF(right, top), 10, color, _STATE_ICONS.get(self.look.state, "problem"), "on_state"
        )

    def _disc(self, at: QPointF, radius: float, fill: QColor, icon: str, ink: str) -> None:
        scale = self.scale
        self.painter.setPen(QPen(self.theme.color("card"), max(1.0, 2 * scale)))
        self.painter.setBrush(fill)
        self.painter.drawEllipse(at, radius * scale, radius * scale)
        side = round(radius * 1.2 * scale)
        if side > 2:  # noqa: PLR2004 - smaller is a smudge
            corner = QPointF(round(at.x() - side / 2), round(at.y() - side / 2))
            self.painter.drawImage(corner, glyph(icon, getattr(self.theme, ink), side))
