"""A node in the scene: one item, painted by the one painter that all cards share."""

from math import floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QTransform
from PySide6.QtWidgets import QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from journeybuilder.gui.canvas.badges import HEAD_Y, LINE_Y, badges_of, room_of
from journeybuilder.gui.canvas.faces import TILE_AT, Face, FaceCache, Look, look_of
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
from journeybuilder.gui.canvas.layers import NO_NODE_MARK, NodeMark
from journeybuilder.gui.canvas.model import NodeView
from journeybuilder.gui.canvas.texts import TextCache
from journeybuilder.gui.look.theme import Theme

TEXT_LEFT = 58.0
_FINE = 0.6
_TITLE, _LINE, _LABEL = 13, 12, 11
_FAR_TITLE = 10
_FAINT, _TWO_LINES = 0.28, 0.44
_PALE = 0.35
_NEAR_LEAST, _NEAR_MOST = 0.6, 1.6
"""So much may faces be scaled before they look wrong."""
_CAPTION_H = 17.0


class CardPainter:
    """Paints every card of a scene: a face pixmap, then its texts, at whole device pixels.

    Attributes:
        ratio: Device pixels a pixel of the view.
        hurried: True while somebody turns the wheel: faces are those of the zoom where that began,
            scaled; drawing them anew is half of a frame.
        vector: Paint lines and texts instead of pixmaps, for pictures that may be enlarged.
    """

    def __init__(self, theme: Theme, font: QFont) -> None:
        self.faces = FaceCache(theme)
        self.texts = TextCache(font)
        self.ratio = 1.0
        self.vector = False
        self.hurried = False
        self._zoom = -1.0
        self._anchor = 1.0
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

    def sharpen(self) -> None:
        """The wheel stands still: draw faces of their own for this zoom again."""
        self.hurried = False
        self._zoom = -1.0

    def _rescale(self, zoom: float) -> None:
        self._zoom = zoom
        if not self.hurried or not _NEAR_LEAST < zoom / self._anchor < _NEAR_MOST:
            self._anchor = zoom
        self._fine = zoom >= _FINE
        self._title_px = max(_FAR_TITLE, int(_TITLE * zoom))
        self._line_px = max(1, int(_LINE * zoom))
        self._label_px = max(1, int(_LABEL * zoom))
        self._title_font = self.texts.font(self._title_px, bold=True)
        self._line_font = self.texts.font(self._line_px, bold=False)
        self._label_font = self.texts.font(self._label_px, bold=False)

    def paint(self, painter: QPainter, item: "NodeItem") -> None:
        """Paint one card where the painter's transform puts it."""
        if item.mark.faded:
            painter.setOpacity(_PALE)
        if self.vector:
            self._paint_lines(painter, item)
        else:
            self._paint_pixels(painter, item)
        if item.mark.faded:
            painter.setOpacity(1.0)

    def _paint_lines(self, painter: QPainter, item: "NodeItem") -> None:
        painter.save()
        painter.translate(-MARGIN, -MARGIN)
        face = Face(painter, self.faces.theme, item.look, 1.0, vector=True)
        face.draw_blank(item.marks)
        face.draw_marks()
        painter.restore()
        painter.save()
        self._rescale(1.0)
        painter.setPen(self._text)
        self._near_texts(painter, item, 1.0)
        painter.restore()
        self._zoom = -1.0

    def _paint_pixels(self, painter: QPainter, item: "NodeItem") -> None:
        at = painter.worldTransform()
        zoom = at.m11()
        if zoom != self._zoom:
            self._rescale(zoom)
        ratio = self.ratio
        x = floor(at.dx() * ratio + 0.5) / ratio  # round() goes to even numbers: it would jitter
        y = floor(at.dy() * ratio + 0.5) / ratio
        painter.setWorldTransform(QTransform.fromTranslate(x, y))
        self._paint_face(painter, item, zoom)
        painter.setPen(self._text)
        if self._fine:
            self._near_texts(painter, item, zoom)
        else:
            self._far_title(painter, item, zoom)

    def _paint_face(self, painter: QPainter, item: "NodeItem", zoom: float) -> None:
        ratio, anchor = self.ratio, self._anchor
        margin = round(MARGIN * zoom * ratio) / ratio
        face = self.faces.get(item.look, item.marks, anchor, ratio)
        if anchor == zoom:
            painter.drawPixmap(QPointF(-margin, -margin), face)
            return
        part = zoom / anchor / ratio
        place = QRectF(-margin, -margin, face.width() * part, face.height() * part)
        painter.drawPixmap(place, face, QRectF(face.rect()))

    def _write(
        self,
        painter: QPainter,
        at: QPointF,
        text: str,
        pixels: int,
        *,
        bold: bool,
        room: int,
        right: bool = False,
    ) -> None:
        """A line of text from a top left corner, or up to a top right one, cut where it is too wide."""
        texts = self.texts
        if self.vector:
            shown = texts.cut(text, pixels, bold, room)
            x = at.x() - (texts.width(shown, pixels, bold) if right else 0.0)
            painter.drawText(QPointF(x, at.y() + texts.ascent(pixels, bold)), shown)
            return
        laid = texts.laid_out(text, pixels, bold=bold, room=room)
        x = at.x() - (laid.size().width() if right else 0.0)
        painter.drawStaticText(QPointF(x, at.y()), laid)

    def _far_title(self, painter: QPainter, item: "NodeItem", zoom: float) -> None:
        """From afar only the title is drawn, larger than its share of the card."""
        if zoom < _FAINT:
            return
        painter.setFont(self._title_font)
        room = int((WIDTH - TEXT_LEFT - 8) * int(zoom * 20) / 20)
        lines = self.texts.two_lines if zoom >= _TWO_LINES else self.texts.laid_out
        title = lines(item.view.title, self._title_px, bold=True, room=room)
        y = AXIS * zoom - title.size().height() / 2
        painter.drawStaticText(QPointF(TEXT_LEFT * zoom, y), title)

    def _near_texts(self, painter: QPainter, item: "NodeItem", zoom: float) -> None:
        texts = self.texts
        view, look = item.view, item.look
        size_now = self._title_px
        free = WIDTH - TEXT_LEFT - 14
        room = int((free - room_of(len(look.head))) * size_now / _TITLE)
        left = TEXT_LEFT * zoom
        center = HEAD_Y if view.line or look.facts else AXIS
        height = texts.height(size_now, bold=True)
        painter.setFont(self._title_font)
        at = QPointF(left, center * zoom - height / 2)
        self._write(painter, at, view.title, size_now, bold=True, room=room)
        painter.setPen(self._muted)
        if view.line:
            room = int((free - room_of(len(look.facts))) * self._line_px / _LINE)
            painter.setFont(self._line_font)
            height = texts.height(self._line_px, bold=False)
            at = QPointF(left, LINE_Y * zoom - height / 2)
            self._write(painter, at, view.line, self._line_px, bold=False, room=room)
        self._labels(painter, view, zoom)
        if item.mark.caption:
            self._caption(painter, item, zoom)

    def _labels(self, painter: QPainter, view: NodeView, zoom: float) -> None:
        ports = rows(view)
        if not ports:
            return
        size_now = self._label_px
        painter.setFont(self._label_font)
        room = int((WIDTH - 36) * size_now / _LABEL)
        right = (WIDTH - 14) * zoom
        top = ROWS_TOP * zoom + (ROW * zoom - self.texts.height(size_now, bold=False)) / 2
        for index, port in enumerate(ports):
            at = QPointF(right, top + index * ROW * zoom)
            self._write(painter, at, port.label, size_now, bold=False, room=room, right=True)

    def _caption(self, painter: QPainter, item: "NodeItem", zoom: float) -> None:
        """A sign that hangs at the lower edge of the card."""
        texts, theme, mark = self.texts, self.faces.theme, item.mark
        size_now = self._label_px
        room = int((WIDTH - 60) * size_now / _LABEL)
        shown = texts.cut(mark.caption, size_now, bold=False, room=room)
        width = texts.width(shown, size_now) + 14 * zoom
        height = _CAPTION_H * zoom
        box = QRectF(TILE_AT * zoom, item.height * zoom - height / 2, width, height)
        painter.setPen(QPen(theme.color(mark.caption_tone or "card_line"), max(1.0, zoom)))
        painter.setBrush(theme.color("card"))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(self._text)
        painter.setFont(self._label_font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)


class NodeItem(QGraphicsRectItem):
    """A node's card; its place is the card's top left corner.

    Attributes:
        view: What it shows. `mark`: what the layers mark on it.
        marks: How it is touched, see `faces`. `entered`: how many wires lead to it.
    """

    def __init__(self, view: NodeView, cards: CardPainter, mark: NodeMark = NO_NODE_MARK) -> None:
        width, height = size(view)
        super().__init__(-MARGIN, -MARGIN, width + 2 * MARGIN, height + 2 * MARGIN)
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.view = view
        self.cards = cards
        self.mark = mark
        self.marks = 0
        self.entered = 0
        self.main = has_main(view)
        self.height = height
        self.look: Look = look_of(view, badges_of(view, mark), mark, self.main, entered=False)

    @property
    def state(self) -> str:
        """The live state: that of the layers, else the view's."""
        return self.look.state

    def _relook(self) -> None:
        view, mark = self.view, self.mark
        self.look = look_of(view, badges_of(view, mark), mark, self.main, self.entered > 0)
        self.update()

    def show_view(self, view: NodeView) -> bool:
        """Show this from now on; returns whether the card's size has changed."""
        self.view = view
        self.main = has_main(view)
        self._relook()
        width, height = size(view)
        resized = height != self.height
        if resized:
            self.height = height
            self.setRect(-MARGIN, -MARGIN, width + 2 * MARGIN, height + 2 * MARGIN)
        return resized

    def show_mark(self, mark: NodeMark) -> bool:
        """Show what the layers mark now; returns whether that is a change."""
        if mark == self.mark:
            return False
        self.mark = mark
        self._relook()
        return True

    def count_entry(self, by: int) -> None:
        """One wire more or less leads to it."""
        self.entered += by
        if (self.entered > 0) != self.look.entered:
            self.look = self.look._replace(entered=self.entered > 0)
            self.update()

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
