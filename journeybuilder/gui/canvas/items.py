"""What stands in the scene: one painted item a node, one plain path item a wire."""

from dataclasses import dataclass
from math import floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QTransform
from PySide6.QtWidgets import (
    QGraphicsPathItem,
    QGraphicsRectItem,
    QStyleOptionGraphicsItem,
    QWidget,
)
from typing_extensions import override

from journeybuilder.gui.canvas.faces import BADGE, FaceCache, Look, look_of, shown_badges
from journeybuilder.gui.canvas.geometry import (
    AXIS,
    MARGIN,
    ROW,
    ROWS_TOP,
    WIDTH,
    has_main,
    port_index,
    port_y,
    rows,
    size,
)
from journeybuilder.gui.canvas.model import NodeView, WireKey
from journeybuilder.gui.canvas.texts import TextCache
from journeybuilder.gui.theme import Theme

TEXT_LEFT = 58.0
_FINE = 0.6
_TITLE, _LINE, _LABEL = 13, 12, 11
_FAR_TITLE = 10
_FAINT, _TWO_LINES = 0.28, 0.44
_CALM_COUNT = 250
"""Up to this many nodes wires are drawn with a softer, wider pen, which costs three times more."""


class CardPainter:
    """Paints every card of a scene: a face pixmap, then its texts, at whole device pixels."""

    def __init__(self, theme: Theme, font: QFont) -> None:
        self.faces = FaceCache(theme)
        self.texts = TextCache(font)
        self.ratio = 1.0
        self._zoom = -1.0
        self._fine = True
        self._text = QColor()
        self._muted = QColor()
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw with other colors from now on."""
        self.faces.clear(theme)
        self._text = theme.color("text")
        self._muted = theme.color("muted")

    def set_font(self, font: QFont) -> None:
        """Draw with another font from now on."""
        self.texts.clear(font)
        self._zoom = -1.0

    def _rescale(self, zoom: float) -> None:
        self._zoom = zoom
        self._fine = zoom >= _FINE
        self._title_px = max(_FAR_TITLE, int(_TITLE * zoom))
        self._line_px = max(1, int(_LINE * zoom))
        self._label_px = max(1, int(_LABEL * zoom))
        self._title_font = self.texts.font(self._title_px, bold=True)
        self._line_font = self.texts.font(self._line_px, bold=False)
        self._label_font = self.texts.font(self._label_px, bold=False)

    def paint(self, painter: QPainter, item: "NodeItem") -> None:
        """Paint one card where the painter's transform puts it."""
        at = painter.worldTransform()
        zoom = at.m11()
        if zoom != self._zoom:
            self._rescale(zoom)
        ratio = self.ratio
        x = floor(at.dx() * ratio + 0.5) / ratio  # round() goes to even numbers: it would jitter
        y = floor(at.dy() * ratio + 0.5) / ratio
        painter.setWorldTransform(QTransform.fromTranslate(x, y))
        margin = round(MARGIN * zoom * ratio) / ratio
        face = self.faces.get(item.look, item.marks, zoom, ratio)
        painter.drawPixmap(QPointF(-margin, -margin), face)
        painter.setPen(self._text)
        painter.setFont(self._title_font)
        if not self._fine:
            self._far_title(painter, item, zoom)
            return
        self._near_texts(painter, item, zoom)

    def _far_title(self, painter: QPainter, item: "NodeItem", zoom: float) -> None:
        """From afar only the title is drawn, larger than its share of the card."""
        if zoom < _FAINT:
            return
        room = int((WIDTH - TEXT_LEFT - 8) * int(zoom * 20) / 20)
        lines = self.texts.two_lines if zoom >= _TWO_LINES else self.texts.laid_out
        title = lines(item.view.title, self._title_px, bold=True, room=room)
        y = AXIS * zoom - title.size().height() / 2
        painter.drawStaticText(QPointF(TEXT_LEFT * zoom, y), title)

    def _near_texts(self, painter: QPainter, item: "NodeItem", zoom: float) -> None:
        texts = self.texts
        view = item.view
        size_now = self._title_px
        badges = len(shown_badges(view.badges))
        room = int((WIDTH - TEXT_LEFT - 14 - badges * (BADGE + 4)) * size_now / _TITLE)
        left = TEXT_LEFT * zoom
        center = 22.0 if view.line else AXIS
        title = texts.laid_out(view.title, size_now, bold=True, room=room)
        height = texts.height(size_now, bold=True)
        painter.drawStaticText(QPointF(left, center * zoom - height / 2), title)
        painter.setPen(self._muted)
        if view.line:
            room = int((WIDTH - TEXT_LEFT - 14) * self._line_px / _LINE)
            painter.setFont(self._line_font)
            line = texts.laid_out(view.line, self._line_px, bold=False, room=room)
            height = texts.height(self._line_px, bold=False)
            painter.drawStaticText(QPointF(left, 41.0 * zoom - height / 2), line)
        self._labels(painter, view, zoom)

    def _labels(self, painter: QPainter, view: NodeView, zoom: float) -> None:
        ports = rows(view)
        if not ports:
            return
        texts = self.texts
        size_now = self._label_px
        painter.setFont(self._label_font)
        room = int((WIDTH - 36) * size_now / _LABEL)
        right = (WIDTH - 14) * zoom
        top = ROWS_TOP * zoom + (ROW * zoom - texts.height(size_now, bold=False)) / 2
        for index, port in enumerate(ports):
            label = texts.laid_out(port.label, size_now, bold=False, room=room)
            x = right - label.size().width()
            painter.drawStaticText(QPointF(x, top + index * ROW * zoom), label)


class NodeItem(QGraphicsRectItem):
    """A node's card; its place is the card's top left corner.

    Attributes:
        view: What it shows. `state`: the live state, which goes before the view's.
        marks: How it is touched, see `faces`. `entered`: how many wires lead to it.
    """

    def __init__(self, view: NodeView, cards: CardPainter) -> None:
        width, height = size(view)
        super().__init__(-MARGIN, -MARGIN, width + 2 * MARGIN, height + 2 * MARGIN)
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.view = view
        self.cards = cards
        self.marks = 0
        self.entered = 0
        self.state: str = view.state
        self.main = has_main(view)
        self.height = height
        self.look: Look = look_of(view, self.main, entered=False, state=self.state)

    def show_view(self, view: NodeView) -> bool:
        """Show this from now on; returns whether the card's size has changed."""
        self.view = view
        self.main = has_main(view)
        self.look = look_of(view, self.main, self.entered > 0, self.state)
        width, height = size(view)
        resized = height != self.height
        if resized:
            self.height = height
            self.setRect(-MARGIN, -MARGIN, width + 2 * MARGIN, height + 2 * MARGIN)
        self.update()
        return resized

    def count_entry(self, by: int) -> None:
        """One wire more or less leads to it."""
        self.entered += by
        if (self.entered > 0) != self.look.entered:
            self.look = self.look._replace(entered=self.entered > 0)
            self.update()

    def set_state(self, state: str) -> bool:
        """Show a live state; returns whether that is a change."""
        if state == self.state:
            return False
        self.state = state
        self.look = self.look._replace(state=state)
        self.update()
        return True

    def set_flag(self, flag: int, on: bool) -> None:
        """Set or clear a bit of `marks`."""
        marks = self.marks | flag if on else self.marks & ~flag
        if marks != self.marks:
            self.marks = marks
            self.update()

    def card(self) -> QRectF:
        """The card in the scene, without its margin."""
        at = self.pos()
        return QRectF(at.x(), at.y(), WIDTH, self.height)

    def port_at(self, name: str) -> QPointF:
        """Where a port is in the scene."""
        at = self.pos()
        y = port_y(self.view, port_index(self.view, name))
        return QPointF(at.x() + WIDTH, at.y() + y)

    def entry(self) -> QPointF:
        """Where wires enter, in the scene."""
        at = self.pos()
        return QPointF(at.x(), at.y() + AXIS)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        self.cards.paint(painter, self)


@dataclass(slots=True)
class Wire:
    """A wire: where it starts, where it leads, and its item in the scene."""

    key: WireKey
    target: str
    style: str
    lane: int
    item: QGraphicsPathItem


class WirePens:
    """The pens of wires by style and touch; cosmetic, so as wide at any zoom."""

    def __init__(self, theme: Theme) -> None:
        self._pens: dict[tuple[str, str, bool], QPen] = {}
        self._calm = True
        self._dashed = True
        self.set_theme(theme)

    def set_theme(self, theme: Theme, ratio: float = 1.0) -> None:
        """Draw with other colors, or for another number of device pixels a pixel, from now on."""
        self._ratio = ratio
        self._pens.clear()
        for style, token in (("normal", "wire"), ("error", "error"), ("timeout", "waiting")):
            for calm in (False, True):
                plain = theme.color(token)
                self._pens[style, "", calm] = self._pen(plain, 1.6 if calm else 1.0, style)
                self._pens[style, "path", calm] = self._pen(theme.color("ok"), 2.6, style)
                self._pens[style, "hot", calm] = self._pen(theme.color("accent"), 2.6, style)

    def _pen(self, color: QColor, width: float, style: str) -> QPen:
        pen = QPen(color, width * self._ratio)
        pen.setCosmetic(True)
        if style == "error":
            pen.setDashPattern([7 / width, 4 / width])
        if style == "timeout":
            pen.setDashPattern([2 / width, 4 / width])
        return pen

    def adapt(self, count: int, far: bool) -> bool:
        """So many nodes are seen from here; returns whether wires are drawn otherwise from now on.

        Many wires seen from afar have no dashes: there they are noise and cost a third of a frame,
        and the ports' shapes still tell errors and time-outs.
        """
        before = self._calm, self._dashed
        self._calm = count <= _CALM_COUNT
        self._dashed = self._calm or not far
        return before != (self._calm, self._dashed)

    def pen(self, style: str, touch: str) -> QPen:
        """A wire's pen; `touch` is empty, `path` or `hot`."""
        pen = self._pens[style, touch, self._calm]
        if self._dashed or touch:
            return pen
        plain = QPen(pen)
        plain.setStyle(Qt.PenStyle.SolidLine)
        return plain
