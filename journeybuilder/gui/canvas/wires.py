"""A wire in the scene: one plain path item, and a sign along it where a layer puts one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from journeybuilder.gui.canvas.items import CardPainter
from journeybuilder.gui.canvas.layers import NO_WIRE_MARK, WireMark
from journeybuilder.gui.canvas.model import WireKey
from journeybuilder.gui.look.theme import Theme, glyph, mixed, paint_glyph

_CALM_COUNT = 250
"""Up to this many nodes wires are drawn with a softer, wider pen, which costs three times more."""
_TOUCHED = 2.6
_PALE = 0.35
_PARTS = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9)
_APART = 5  # wires of one card whose signs begin at different parts
_TOKENS = {"normal": "wire", "error": "error", "timeout": "waiting"}
_DASHES = {"error": "dash", "timeout": "dot"}
_PATTERNS = {"dash": (7.0, 4.0), "dot": (2.0, 4.0)}
_SIGN_PX, _SIGN_H, _SIGN_ROOM = 11, 18.0, 180
_SIGN_SMALLEST = 0.45
"""Zoom below which signs of wires cannot be read and are left out."""


class WireSign(QGraphicsItem):
    """A small sign in the middle of a wire: an icon, a few words or both."""

    def __init__(self, mark: WireMark, cards: CardPainter, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self._cards = cards
        self._words = cards.texts.cut(mark.label, _SIGN_PX, bold=False, room=_SIGN_ROOM)
        self._icon = mark.icon
        self._tone = mark.tone or "muted"
        text = cards.texts.width(self._words, _SIGN_PX) if self._words else 0.0
        icon = 14.0 if mark.icon else 0.0
        gap = 4.0 if mark.icon and self._words else 0.0
        width = max(text + icon + gap + (12 if self._words else 4), _SIGN_H)
        self._box = QRectF(-width / 2, -_SIGN_H / 2, width, _SIGN_H)

    @override
    def boundingRect(self) -> QRectF:
        return self._box.adjusted(-1, -1, 1, 1)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        zoom = painter.worldTransform().m11()
        if zoom < _SIGN_SMALLEST and not self._cards.vector:
            return
        theme, box = self._cards.faces.theme, self._box
        color = theme.color(self._tone)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, 1.2))
        painter.setBrush(theme.color("card"))
        painter.drawRoundedRect(box, _SIGN_H / 2, _SIGN_H / 2)
        left = box.left() + 6
        if self._icon:
            place = QRectF(left - (0 if self._words else 4), -7, 14, 14)
            left += 18
            if self._cards.vector:
                paint_glyph(painter, self._icon, color.name(), place)
            else:
                side = max(1, round(14 * zoom * self._cards.ratio))
                painter.drawImage(place, glyph(self._icon, color.name(), side))
        painter.setPen(theme.color("text"))
        painter.setFont(self._cards.texts.font(_SIGN_PX, bold=False))
        room = QRectF(left, box.top(), box.right() - left, box.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self._words)


@dataclass(slots=True)
class Wire:
    """A wire: where it starts, where it leads, its item in the scene, and what layers mark on it."""

    key: WireKey
    target: str
    style: str
    lane: int
    item: QGraphicsPathItem
    mark: WireMark = NO_WIRE_MARK
    sign: WireSign | None = None

    def show_mark(self, mark: WireMark, cards: CardPainter) -> None:
        """Make the sign that a mark asks for; its place and the pen are the scene's affair."""
        self.mark = mark
        if self.sign is not None:
            self.sign.setParentItem(cast("QGraphicsItem", None))  # Qt takes it from the wire so
            self.item.scene().removeItem(self.sign)
            self.sign = None
        if mark.label or mark.icon:
            self.sign = WireSign(mark, cards, self.item)

    def set_path(self, path: QPainterPath, covered: Callable[[QPointF], object]) -> None:
        """Run another way; the sign goes along, see `place_sign`."""
        self.item.setPath(path)
        self.place_sign(covered)

    def place_sign(self, covered: Callable[[QPointF], object]) -> None:
        """Put the sign as near to the middle as it can be seen, away from those of its neighbors.

        Args:
            covered: Says of a place of the scene whether a card is there.
        """
        if self.sign is not None:
            path = self.item.path()
            own = _PARTS[self.lane % _APART]
            spots = [path.pointAtPercent(part) for part in (own, *_PARTS)]
            self.sign.setPos(next((spot for spot in spots if not covered(spot)), spots[0]))


_Key = tuple[str, str, str, float, str, bool, bool, bool]


class WirePens:
    """The pens of wires by style, touch and mark; cosmetic, so as wide at any zoom.

    Attributes:
        cosmetic: Set to False for pictures, whose wires grow with them; then call `set_theme`.
    """

    def __init__(self, theme: Theme) -> None:
        self._pens: dict[_Key, QPen] = {}
        self._calm = True
        self._dashed = True
        self.cosmetic = True
        self.set_theme(theme)

    def set_theme(self, theme: Theme, ratio: float = 1.0) -> None:
        """Draw with other colors, or for another number of device pixels a pixel, from now on."""
        self._theme = theme
        self._ratio = ratio
        self._pens.clear()

    def adapt(self, count: int, far: bool) -> bool:
        """So many nodes are seen from here; returns whether wires are drawn otherwise from now on.

        Many wires seen from afar have no dashes: there they are noise and cost a third of a frame,
        and the ports' shapes still tell errors and time-outs.
        """
        before = self._calm, self._dashed
        self._calm = count <= _CALM_COUNT
        self._dashed = self._calm or not far
        return before != (self._calm, self._dashed)

    def pen(self, style: str, touch: str, mark: WireMark = NO_WIRE_MARK) -> QPen:
        """A wire's pen; `touch` is empty or `hot`."""
        key = (style, touch, mark.tone, mark.width, mark.dash, mark.faded, self._calm, self._dashed)
        pen = self._pens.get(key)
        if pen is None:
            pen = self._pens[key] = self._made(style, touch, mark)
        return pen

    def _made(self, style: str, touch: str, mark: WireMark) -> QPen:
        color = self._color(style, touch, mark)
        width = mark.width or (1.6 if self._calm else 1.0)
        width = _TOUCHED if touch else width
        pen = QPen(color, width * self._ratio)
        pen.setCosmetic(self.cosmetic)
        plain = not touch and mark is NO_WIRE_MARK
        dash = mark.dash or _DASHES.get(style, "")
        if dash in _PATTERNS and (self._dashed or not plain):
            pen.setDashPattern([part / width for part in _PATTERNS[dash]])
        return pen

    def _color(self, style: str, touch: str, mark: WireMark) -> QColor:
        color = self._theme.color("accent" if touch else mark.tone or _TOKENS.get(style, "wire"))
        pale = mark.faded and not touch
        return mixed(color, self._theme.color("canvas"), _PALE) if pale else color
