"""What is drawn above the cards while something is going on: bands, guides, wires in the making."""

from dataclasses import dataclass, field

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from journeybuilder.gui.canvas.geometry import HEAD, RADIUS, WIDTH
from journeybuilder.gui.look.theme import Theme

_LABEL_PX = 11


@dataclass(slots=True)
class Overlay:
    """One gesture's drawing, in scene units; empty when nothing is going on.

    Attributes:
        band: Rubber band. `guides`: alignment lines. `stroke`: the cut so far.
        wire: The wire being made; `tip` its free end. `lit`: entries a wire could end at.
        target: Card it would end at if released now. `ghost`: card about to be dropped.
        label: Text beside `label_at`.
        cut: Wires that would be cut.
        port: The port under the pointer. `focus`: the card that the keyboard is at.
        tokens: Where tokens of a run are on their way; `Lights` paints their places anew itself.
    """

    band: QRectF | None = None
    guides: list[QLineF] = field(default_factory=list[QLineF])
    stroke: list[QPointF] = field(default_factory=list[QPointF])
    wire: QPainterPath | None = None
    tip: QPointF | None = None
    lit: list[QPointF] = field(default_factory=list[QPointF])
    target: QRectF | None = None
    ghost: QRectF | None = None
    ghost_text: str = ""
    label: str = ""
    label_at: QPointF | None = None
    cut: list[QPainterPath] = field(default_factory=list[QPainterPath])
    port: QPointF | None = None
    focus: QRectF | None = None
    tokens: list[QPointF] = field(default_factory=list[QPointF])

    def clear(self) -> None:
        """Draw nothing more of a gesture; what the pointer and keyboard are at stays."""
        fresh = Overlay(
            label=self.label, label_at=self.label_at, port=self.port, focus=self.focus,
            tokens=self.tokens,
        )  # fmt: skip
        for name in Overlay.__slots__:
            setattr(self, name, getattr(fresh, name))

    def area(self, pixel: float) -> QRectF:
        """What it covers in the scene; `pixel` is one screen pixel in scene units."""
        area = QRectF()
        for rect in (self.band, self.target, self.ghost, self.focus):
            if rect is not None:
                area = area.united(rect)
        for path in (self.wire, *self.cut):
            if path is not None:
                area = area.united(path.controlPointRect())
        for line in self.guides:
            area = area.united(QRectF(line.p1(), line.p2()).normalized().adjusted(0, 0, 1, 1))
        points = [*self.stroke, *self.lit]
        points += [point for point in (self.tip, self.port) if point is not None]
        for point in points:
            area = area.united(QRectF(point.x() - 1, point.y() - 1, 2, 2))
        if self.label and self.label_at is not None:
            reach = QPointF(240 * pixel, 24 * pixel)
            area = area.united(QRectF(self.label_at - reach, self.label_at + reach))
        wide = 14 * pixel
        return area.adjusted(-wide, -wide, wide, wide) if not area.isNull() else area


def paint_overlay(
    painter: QPainter, overlay: Overlay, theme: Theme, pixel: float, ratio: float
) -> None:
    """Paint it; the painter's transform is the view's.

    Args:
        painter: Paints in scene units.
        overlay: What to paint.
        theme: Its colors.
        pixel: One screen pixel in scene units.
        ratio: Device pixels a screen pixel, for pens that are as wide at any zoom.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawing = _Drawing(painter, overlay, theme, pixel, ratio)
    drawing.focus()
    drawing.wire()
    drawing.ghost()
    drawing.strokes()
    drawing.tokens()
    drawing.label()


class _Drawing:
    """Paints one overlay."""

    def __init__(
        self, painter: QPainter, overlay: Overlay, theme: Theme, pixel: float, ratio: float
    ) -> None:
        self._painter = painter
        self._overlay = overlay
        self._theme = theme
        self._pixel = pixel
        self._ratio = ratio

    def _pen(self, color: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        pen = QPen(color, width * self._ratio, style)
        pen.setCosmetic(True)
        return pen

    def focus(self) -> None:
        """What the keyboard and the pointer are at."""
        painter, overlay, theme, pixel = self._painter, self._overlay, self._theme, self._pixel
        accent = theme.color("accent")
        if overlay.focus is not None:
            out = 5 * pixel
            painter.setPen(self._pen(accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            radius = RADIUS + out
            painter.drawRoundedRect(overlay.focus.adjusted(-out, -out, out, out), radius, radius)
        if overlay.port is not None:
            painter.setPen(self._pen(accent, 2))
            painter.setBrush(theme.color("accent", 60))
            painter.drawEllipse(overlay.port, 8 * pixel, 8 * pixel)

    def wire(self) -> None:
        """A wire in the making, and where it could end."""
        painter, overlay, theme, pixel = self._painter, self._overlay, self._theme, self._pixel
        accent = theme.color("accent")
        if overlay.lit:
            painter.setPen(self._pen(accent, 2))
            painter.setBrush(theme.color("card"))
            for point in overlay.lit:
                painter.drawEllipse(point, 5 * pixel, 5 * pixel)
        if overlay.target is not None:
            painter.setPen(self._pen(accent, 2.5))
            painter.setBrush(theme.color("accent", 28))
            painter.drawRoundedRect(overlay.target, RADIUS, RADIUS)
        if overlay.wire is not None:
            painter.setPen(self._pen(accent, 2.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(overlay.wire)
        if overlay.tip is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
            painter.drawEllipse(overlay.tip, 5 * pixel, 5 * pixel)

    def ghost(self) -> None:
        """The card that a drop would make."""
        painter, overlay, theme, pixel = self._painter, self._overlay, self._theme, self._pixel
        if overlay.ghost is None:
            return
        painter.setPen(self._pen(theme.color("accent"), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(theme.color("soft", 200))
        painter.drawRoundedRect(overlay.ghost, RADIUS, RADIUS)
        font = QFont(painter.font())
        font.setPixelSize(13)
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        if pixel < 2:  # noqa: PLR2004 - smaller than half size it cannot be read
            room = overlay.ghost.adjusted(14, 0, -14, 0)
            text = QFontMetricsF(font).elidedText(
                overlay.ghost_text, Qt.TextElideMode.ElideRight, room.width()
            )
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)

    def strokes(self) -> None:
        """Rubber band, alignment guides, the cut."""
        painter, overlay, theme = self._painter, self._overlay, self._theme
        if overlay.band is not None:
            painter.setPen(self._pen(theme.color("accent"), 1))
            painter.setBrush(theme.color("accent", 26))
            painter.drawRect(overlay.band)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if overlay.guides:
            painter.setPen(self._pen(theme.color("accent"), 1, Qt.PenStyle.DashLine))
            painter.drawLines(overlay.guides)
        if overlay.cut:
            painter.setPen(self._pen(theme.color("error"), 2.5))
            for path in overlay.cut:
                painter.drawPath(path)
        if len(overlay.stroke) > 1:
            painter.setPen(self._pen(theme.color("error"), 1.5, Qt.PenStyle.DashLine))
            painter.drawPolyline(overlay.stroke)

    def tokens(self) -> None:
        """Tokens of a run on their way, as large on the screen at any zoom."""
        if not self._overlay.tokens:
            return
        painter, pixel = self._painter, self._pixel
        painter.setPen(self._pen(self._theme.color("card"), 2))
        painter.setBrush(self._theme.color("running"))
        for point in self._overlay.tokens:
            painter.drawEllipse(point, 6 * pixel, 6 * pixel)

    def label(self) -> None:
        """A small sign at a wire, as large on the screen at any zoom."""
        painter, overlay, theme, pixel = self._painter, self._overlay, self._theme, self._pixel
        if not overlay.label or overlay.label_at is None:
            return
        painter.save()
        painter.translate(overlay.label_at)
        painter.scale(pixel, pixel)
        font = QFont(painter.font())
        font.setPixelSize(_LABEL_PX)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        text = metrics.elidedText(overlay.label, Qt.TextElideMode.ElideRight, 420)
        width = metrics.horizontalAdvance(text) + 16
        box = QRectF(-width / 2, -11, width, 22)
        painter.setPen(self._pen(theme.color("accent"), 1))
        painter.setBrush(theme.color("card"))
        painter.drawRoundedRect(box, 11, 11)
        painter.setPen(theme.color("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()


def ghost_at(at: QPointF) -> QRectF:
    """The card that a drop at this point makes."""
    return QRectF(at.x(), at.y(), WIDTH, HEAD)
