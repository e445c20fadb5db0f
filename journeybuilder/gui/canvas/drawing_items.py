"""Frames and notes in the scene: one painted item each, below the wires."""

from collections.abc import Callable
from math import floor

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QImage,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QPixmap,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from journeybuilder.document.drawings import FRAME, Drawing
from journeybuilder.gui.canvas.colors import bar_fill, frame_fill, note_fill, strong
from journeybuilder.gui.canvas.texts import TextCache
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.theme import Theme

BAR = 32.0
"""Height of a frame's title bar, in scene units."""
PAD = 12.0
TITLE_PX, NOTE_PX = 14, 13
_RADIUS, _NOTE_RADIUS = 10.0, 4.0
_FAR_TITLE = 11
_UNREADABLE = 0.3
_HANDLE = 7.0
_MARGIN = 6.0
_INDENT = 16
_HEADINGS = {1: 1}
"""How many steps larger than the text a heading of a level is."""
_FAINT = 0.16  # below this a frame has no title


def _plain_document() -> QTextDocument:
    """A document that never loads anything from anywhere."""
    return _Closed()


class _Closed(QTextDocument):
    """Shows text only: an image or style sheet that a text names stays what it is, a name."""

    @override
    def loadResource(self, type: int, name: object) -> object:
        del type, name
        return QImage()


def _calm_headings(document: QTextDocument) -> None:
    """Headings hardly larger than the text, for a note is small."""
    block = document.begin()
    while block.isValid():
        level = block.blockFormat().headingLevel()
        if level:
            look = QTextCharFormat()
            look.setProperty(QTextFormat.Property.FontSizeAdjustment, _HEADINGS.get(level, 0))
            cursor = QTextCursor(block)
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(look)
        block = block.next()


class DrawingItem(QGraphicsRectItem):
    """What frames and notes have in common; its place is its upper left corner.

    Attributes:
        drawing: What it shows. `selected`: whether it is selected.
    """

    def __init__(self, drawing: Drawing, theme: Theme) -> None:
        super().__init__()
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.drawing = drawing
        self.theme = theme
        self.selected = False
        self.ratio = 1.0
        self.size = QSizeF(*drawing.size)
        self.show_drawing(drawing)

    def show_drawing(self, drawing: Drawing) -> None:
        """Show this from now on."""
        self.drawing = drawing
        self.setPos(*drawing.at)
        self.resize(QSizeF(*drawing.size))

    def resize(self, size: QSizeF) -> None:
        """Be as large as this."""
        self.size = size
        self.setRect(-_MARGIN, -_MARGIN, size.width() + 2 * _MARGIN, size.height() + 2 * _MARGIN)
        self.update()

    def area(self) -> QRectF:
        """What it covers, in the scene."""
        return QRectF(self.pos(), self.size)

    def set_theme(self, theme: Theme) -> None:
        """Draw with other colors."""
        self.theme = theme
        self.update()

    def set_selected(self, selected: bool) -> None:
        """Show that it is selected, or not."""
        if selected != self.selected:
            self.selected = selected
            self.update()

    def outline(self) -> QPen:
        """The pen of its border, as wide at any zoom."""
        color = (
            self.theme.color("accent") if self.selected else strong(self.theme, self.drawing.color)
        )
        width = 2.0 if self.selected or self.theme.high_contrast else 1.0
        if not self.selected and not self.theme.high_contrast:
            color.setAlpha(150)
        pen = QPen(color, width * self.ratio)
        pen.setCosmetic(True)
        return pen

    def paint_handles(self, painter: QPainter) -> None:
        """Squares at the corners say that it can be made larger there."""
        scale = painter.worldTransform().m11()
        half = _HANDLE / 2 / max(scale, 0.01)
        painter.setPen(self.outline())
        painter.setBrush(self.theme.color("card"))
        width, height = self.size.width(), self.size.height()
        for x, y in ((0.0, 0.0), (width, 0.0), (0.0, height), (width, height)):
            painter.drawRect(QRectF(x - half, y - half, 2 * half, 2 * half))


def _bar(width: float) -> QPainterPath:
    """A title bar: round above, straight below."""
    path = QPainterPath(QPointF(0, BAR))
    path.lineTo(0, _RADIUS)
    path.quadTo(0, 0, _RADIUS, 0)
    path.lineTo(width - _RADIUS, 0)
    path.quadTo(width, 0, width, _RADIUS)
    path.lineTo(width, BAR)
    path.closeSubpath()
    return path


class FrameItem(DrawingItem):
    """A group of nodes: a pale field with a title bar."""

    def __init__(self, drawing: Drawing, theme: Theme, texts: TextCache) -> None:
        self._texts = texts
        super().__init__(drawing, theme)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, name = self.theme, self.drawing.color
        box = QRectF(QPointF(0, 0), self.size)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        inner = box.adjusted(0, _RADIUS, 0, -_RADIUS)
        painter.fillRect(inner, frame_fill(theme, name))  # large: without smooth edges it is fast
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(frame_fill(theme, name))
        painter.drawRoundedRect(
            QRectF(0, box.height() - 3 * _RADIUS, box.width(), 3 * _RADIUS), _RADIUS, _RADIUS
        )
        painter.setBrush(bar_fill(theme, name))
        painter.drawPath(_bar(box.width()))
        painter.setPen(self.outline())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        if theme.high_contrast:
            painter.drawLine(QPointF(0, BAR), QPointF(box.width(), BAR))
        self._paint_title(painter)
        if self.selected:
            self.paint_handles(painter)

    def _paint_title(self, painter: QPainter) -> None:
        """In whole device pixels, like the titles of cards, so that it is cached and sharp."""
        view = painter.worldTransform()
        zoom = view.m11()
        if zoom < _FAINT:
            return
        pixels = max(_FAR_TITLE, int(TITLE_PX * zoom))
        room = int((self.size.width() - 2 * PAD) * zoom)
        text = self.drawing.text or tr("Group")
        shown = self._texts.laid_out(text, pixels, bold=True, room=max(room, 1))
        painter.setFont(self._texts.font(pixels, bold=True))
        painter.setPen(self.theme.color("text" if self.drawing.text else "muted"))
        height = self._texts.height(pixels, bold=True)
        painter.resetTransform()
        x = floor(view.dx() + PAD * zoom + 0.5)
        y = floor(view.dy() + (BAR * zoom - height) / 2 + 0.5)
        painter.drawStaticText(QPointF(x, y), shown)
        painter.setWorldTransform(view)


class NoteItem(DrawingItem):
    """A sticky note; its Markdown is kept as a picture of the zoom that it was last seen at.

    Args:
        later: Takes a note whose picture is of another zoom, to be drawn anew in a quiet moment;
            gives True where there is time to do it at once.
    """

    def __init__(
        self,
        drawing: Drawing,
        theme: Theme,
        font: QFont,
        later: Callable[["NoteItem"], bool],
    ) -> None:
        self._font = font
        self._later = later
        self._document: QTextDocument | None = None
        self._picture: QPixmap | None = None
        self._scale = 0.0
        super().__init__(drawing, theme)

    @override
    def show_drawing(self, drawing: Drawing) -> None:
        if drawing.text != self.drawing.text:
            self.forget()
        super().show_drawing(drawing)

    @override
    def resize(self, size: QSizeF) -> None:
        if size != self.size:
            self.forget()
        super().resize(size)

    @override
    def set_theme(self, theme: Theme) -> None:
        self.forget()
        super().set_theme(theme)

    def set_font(self, font: QFont) -> None:
        """Draw with another font from now on."""
        self._font = font
        self.forget()
        self.update()

    def forget(self) -> None:
        """The picture is not true any more."""
        self._document = None
        self._picture = None

    def document(self) -> QTextDocument:
        """Its text, laid out as wide as it is."""
        if self._document is None:
            document = _plain_document()
            font = QFont(self._font)
            font.setPixelSize(NOTE_PX)
            document.setDefaultFont(font)
            document.setDocumentMargin(0)
            features = QTextDocument.MarkdownFeature
            document.setMarkdown(
                self.drawing.text, features.MarkdownDialectGitHub | features.MarkdownNoHTML
            )
            document.setIndentWidth(_INDENT)
            document.setTextWidth(max(self.size.width() - 2 * PAD, 10))
            _calm_headings(document)
            self._document = document
        return self._document

    def sharpen(self, scale: float) -> None:
        """Draw the picture of the text, `scale` device pixels a scene unit."""
        width = max(1, int((self.size.width() - 2 * PAD) * scale))
        height = max(1, int((self.size.height() - 2 * PAD) * scale))
        picture = QPixmap(width, height)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.scale(scale, scale)
        self._draw_text(painter)
        painter.end()
        self._picture, self._scale = picture, scale

    def _draw_text(self, painter: QPainter) -> None:
        context = QAbstractTextDocumentLayout.PaintContext()
        colors = QPalette()
        colors.setColor(QPalette.ColorRole.Text, self.theme.color("text"))
        colors.setColor(QPalette.ColorRole.Link, self.theme.color("accent"))
        room = QRectF(0, 0, self.size.width() - 2 * PAD, self.size.height() - 2 * PAD)
        setattr(context, "palette", colors)  # noqa: B010 - the stubs have no setters for these
        setattr(context, "clip", room)  # noqa: B010
        painter.setPen(self.theme.color("text"))
        painter.setClipRect(room)
        self.document().documentLayout().draw(painter, context)
        painter.setClipping(False)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        box = QRectF(QPointF(0, 0), self.size)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.outline())
        painter.setBrush(note_fill(self.theme, self.drawing.color))
        painter.drawRoundedRect(box, _NOTE_RADIUS, _NOTE_RADIUS)
        zoom = painter.worldTransform().m11()
        if widget is None:  # a picture for a file, which is to be exact
            painter.save()
            painter.translate(PAD, PAD)
            self._draw_text(painter)
            painter.restore()
        elif zoom >= _UNREADABLE:
            self._paint_picture(painter, zoom)
        if self.selected:
            self.paint_handles(painter)

    def _paint_picture(self, painter: QPainter, zoom: float) -> None:
        scale = zoom * self.ratio
        if (self._picture is None or self._scale != scale) and self._later(self):
            self.sharpen(scale)
        picture = self._picture
        if picture is None:
            return
        view = painter.worldTransform()
        painter.resetTransform()
        left = floor((view.dx() + PAD * zoom) * self.ratio + 0.5) / self.ratio
        top = floor((view.dy() + PAD * zoom) * self.ratio + 0.5) / self.ratio
        shown = QSizeF(picture.width(), picture.height()) * (zoom / self._scale)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=self._scale != scale)
        painter.drawPixmap(QRectF(QPointF(left, top), shown), picture, QRectF(picture.rect()))
        painter.setWorldTransform(view)


def make_item(
    drawing: Drawing,
    theme: Theme,
    texts: TextCache,
    font: QFont,
    later: Callable[[NoteItem], bool],
) -> DrawingItem:
    """The item of a drawing."""
    if drawing.what == FRAME:
        return FrameItem(drawing, theme, texts)
    return NoteItem(drawing, theme, font, later)


def flat_color(theme: Theme, drawing: Drawing) -> QColor:
    """The fill of a drawing that is seen from afar."""
    fill = bar_fill if drawing.what == FRAME else note_fill
    return fill(theme, drawing.color)
