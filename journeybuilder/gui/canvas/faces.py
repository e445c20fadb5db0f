"""Faces of cards: one pixmap per look and zoom, shared by every node that looks alike."""

from collections import OrderedDict
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from journeybuilder.gui.canvas.badges import HEAD_Y, LINE_Y, SIDE, Shown, boxes
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
from journeybuilder.gui.canvas.layers import NodeMark, Tone
from journeybuilder.gui.canvas.model import NodeView
from journeybuilder.gui.look.theme import Theme, glyph, mixed, paint_glyph

SELECTED, HOVERED, TARGET = 1, 2, 4
"""Bits of how a card is touched right now."""
TILE = 36.0
TILE_AT = 12.0
_BYTES = 48 * 1024 * 1024
_BLANKS = 48
_FINE = 0.6
_BARS = {"parallel": "right", "join": "left"}
_STATE_ICONS = {"running": "run", "waiting": "clock", "done": "check", "failed": "cross"}
_TINT = 0.16
"""How much of a tone a tinted card takes; its texts stay as readable."""
Row = tuple[tuple[str, Tone], ...]


class Look(NamedTuple):
    """All that tells one face from another, the texts aside.

    Attributes:
        ports: Of each port its style, whether it is wired, and whether it misses a wire.
        head, facts: Icon and tone of the badges beside the title and beside the line.
        start: True for the node where the journey starts.
        ring, dashed, tint: Marks of layers, see `layers.NodeMark`.
    """

    icon: str
    group: str
    main: bool
    ports: tuple[tuple[str, bool, bool], ...]
    head: Row
    facts: Row
    start: bool
    state: str
    entered: bool
    ring: Tone
    dashed: bool
    tint: Tone

    @property
    def height(self) -> float:
        """Height of the card, in scene units."""
        count = len(self.ports) - (1 if self.main else 0)
        return HEAD + (count * ROW + ROWS_PAD if count else 0.0)


def look_of(view: NodeView, shown: Shown, mark: NodeMark, main: bool, entered: bool) -> Look:
    """The look of a node; `entered` is True where a wire leads to it."""
    ports = tuple(
        (port.style, bool(port.target), port.required and not port.target) for port in view.ports
    )
    head, facts = shown.fitting()
    state = mark.state or view.state
    return Look(
        view.icon, view.group, main, ports, head, facts, "start" in view.badges, state, entered,
        mark.ring, mark.dashed, mark.tint,
    )  # fmt: skip


class FaceCache:
    """Pixmaps by look, touch and zoom; the oldest go when they need too much memory."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._faces: OrderedDict[tuple[Look, int, float], QPixmap] = OrderedDict()
        self._blanks: dict[tuple[object, ...], QPixmap] = {}
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
        height = look.height
        key = (height, flags, look.state, look.ring, look.dashed, look.tint, scale)
        blank = self._blanks.get(key)
        if blank is None:
            if len(self._blanks) >= _BLANKS:
                self._blanks.clear()
            size = QSizeF(WIDTH + 2 * MARGIN, height + 2 * MARGIN) * scale
            blank = QPixmap(int(size.width()) + 2, int(size.height()) + 2)
            blank.fill(Qt.GlobalColor.transparent)
            with QPainter(blank) as painter:
                Face(painter, self.theme, look, scale).draw_blank(flags)
            self._blanks[key] = blank
        face = QPixmap(blank)
        with QPainter(face) as painter:
            Face(painter, self.theme, look, scale).draw_marks()
        return face


class Face:
    """Draws one face in device pixels, so that its straight lines fall on pixels."""

    def __init__(
        self, painter: QPainter, theme: Theme, look: Look, scale: float, *, vector: bool = False
    ) -> None:
        """Begin a face at the painter's origin.

        Args:
            painter: Paints it.
            theme: Its colors.
            look: What it shows.
            scale: Device pixels a scene unit.
            vector: Draw icons as lines and not as images, for formats that know lines.
        """
        self.painter = painter
        self.theme = theme
        self.look = look
        self.scale = scale
        self.vector = vector
        self.left = round(MARGIN * scale)
        self.fine = scale >= _FINE
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def draw_blank(self, flags: int) -> None:
        """The card itself: shadow, ring, border, the line below its head."""
        scale, height = self.scale, self.look.height
        card = QRectF(
            self.left + 0.5, self.left + 0.5, round(WIDTH * scale) - 1, round(height * scale) - 1
        )
        self._shadow(card)
        self._ring(card)
        line = self._line(flags)
        self.painter.setPen(line)
        self.painter.setBrush(self._fill())
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

    def _fill(self) -> QColor:
        card = self.theme.color("card")
        return mixed(self.theme.color(self.look.tint), card, _TINT) if self.look.tint else card

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
        """Around the card: the live state, else what a layer marks; told apart by dashes, too."""
        state = self.look.state
        if not state and not self.look.ring:
            return
        width = 3.0 * self.scale
        color = QColor(self.theme.state(state)) if state else self.theme.color(self.look.ring)
        pen = QPen(color, width)
        if state == "waiting" or (not state and self.look.dashed):
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
        scale, height = self.scale, self.look.height
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
            self._glyph(place, place, self.look.icon, color.name(), icon)

    def _glyph(self, x: int, y: int, icon: str, color: str, side: int) -> None:
        if self.vector:
            paint_glyph(self.painter, icon, color, QRectF(x, y, side, side))
        else:
            self.painter.drawImage(x, y, glyph(icon, color, side))

    def _badges(self) -> None:
        if not self.fine:
            self._far_badge()
            return
        side = round(SIDE * self.scale)
        for row, y in ((self.look.head, HEAD_Y), (self.look.facts, LINE_Y)):
            for (icon, tone), box in zip(row, boxes(len(row), y), strict=True):
                left = self.left + round(box.left() * self.scale)
                top = self.left + round(box.top() * self.scale)
                self._glyph(left, top, icon, getattr(self.theme, tone or "muted"), side)

    def _far_badge(self) -> None:
        """From afar only what calls for attention, larger than its share, where a state would be."""
        if self.look.head and not self.look.state:
            icon, tone = self.look.head[0]
            at = QPointF(self.left + (WIDTH - 8) * self.scale, self.left + 4 * self.scale)
            self._disc(at, 14, self.theme.color(tone or "muted"), icon, "on_state")

    def _entry(self) -> None:
        """The place where wires come in: a mark for the start, else an arrow or a faint dot."""
        scale = self.scale
        x = float(self.left)
        y = self.left + AXIS * scale
        if self.look.start:
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
            x, y = round(at.x() - side / 2), round(at.y() - side / 2)
            self._glyph(x, y, icon, getattr(self.theme, ink), side)
