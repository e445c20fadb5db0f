"""A journey as a picture: SVG, PNG, PDF, printed pages; drawn by the scene, so nothing is left out.

A picture has a scene of its own over the same model: another theme, no selection, nothing under the
pointer, and wires that grow with it. The formats that know lines and texts get lines and texts.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from math import ceil, sqrt
from types import TracebackType
from typing import Literal, Self

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QImageWriter,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTransform,
)
from PySide6.QtSvg import QSvgGenerator

from journeybuilder.gui.canvas.layers import Layers
from journeybuilder.gui.canvas.model import CanvasModel
from journeybuilder.gui.canvas.scene import CanvasScene
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.theme import Theme

Format = Literal["svg", "png", "pdf"]
FORMATS: tuple[Format, ...] = ("svg", "png", "pdf")
_MARGIN = 40.0
_PROBLEMS = ("error", "warning")
_MOST_PIXELS = 120_000_000
_READABLE = 0.65
_SIDE = 32_000
"""No side of an image is longer, in pixels: many programs cannot show more."""
_PDF_DOTS = 144
"""Dots an inch: places are as exact as numbers, and what is one dot wide is still to be seen."""
_FOOT = 9.0  # points
_PAGE_MARGIN = 12.0  # millimeters
_UNIT_POINTS = 0.6
"""Points a scene unit on pages of normal size: a card is 5 cm wide, its texts 7 to 8 points."""


@dataclass(frozen=True, slots=True)
class Footer:
    """What stands below every page: at its left and at its right, before the page's number."""

    title: str = ""
    date: str = ""


class Picture:
    """Draws a journey, or some of its nodes; use it in a `with` block.

    Attributes:
        area: What is drawn, in scene units.
    """

    def __init__(
        self,
        model: CanvasModel,
        theme: Theme,
        *,
        font: QFont | None = None,
        only: Collection[str] = (),
        layers: Layers | None = None,
    ) -> None:
        """Prepare a picture.

        Args:
            model: What to draw.
            theme: Its colors.
            font: The font of its texts; the program's where it is left out.
            only: Ids of the nodes to draw, with the wires between them; all where it is empty.
            layers: Marks to draw, e.g. those of the canvas; none where it is left out.
        """
        self._theme = theme
        self._scene = CanvasScene(theme, font or QGuiApplication.font())
        if layers is not None:
            self._scene.layers = layers.copy()
        self._scene.set_model(model)
        self._scene.pens.cosmetic = False
        self._scene.set_ratio(1.0)
        if layers is None:
            self._without_problems()
        if only:
            self._leave_out_all_but(set(only))
        self.area = self._covered()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._scene.set_model(None)
        self._scene.deleteLater()

    def _without_problems(self) -> None:
        """A picture without marks says nothing of problems; what a node is and does stays."""
        for item in self._scene.nodes.values():
            kept = tuple(word for word in item.view.badges if word not in _PROBLEMS)
            if kept != item.view.badges:
                item.show_view(replace(item.view, badges=kept))

    def _leave_out_all_but(self, only: set[str]) -> None:
        """Hide other nodes and their wires, and what is drawn around nodes elsewhere."""
        scene = self._scene
        kept = scene.content(only)
        mine = {id(item): name in only for name, item in scene.nodes.items()}
        for key, wire in scene.wires.items():
            mine[id(wire.item)] = key[0] in only and wire.target in only
        top = {item.topLevelItem() for item in scene.items()}
        for item in scene.items():
            if item in top:
                known = mine.get(id(item))
                near = item.sceneBoundingRect().intersects(kept)
                item.setVisible(near if known is None else known)

    def _covered(self) -> QRectF:
        area = QRectF()
        for item in self._scene.items():
            if item.isVisible():
                area = area.united(item.sceneBoundingRect())
        if area.isEmpty():
            area = QRectF(0, 0, 240, 60)
        return area.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN).toAlignedRect().toRectF()

    def _draw(self, painter: QPainter, target: QRectF, source: QRectF, *, vector: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        self._scene.cards.vector = vector
        self._scene.render(painter, target, source, Qt.AspectRatioMode.KeepAspectRatio)

    # --- images --------------------------------------------------------------------------------

    def largest_scale(self, wanted: float) -> float:
        """The scale, or the largest one below it at which an image is not too large to be opened."""
        width, height = self.area.width(), self.area.height()
        return min(wanted, _SIDE / max(width, height), sqrt(_MOST_PIXELS / (width * height)))

    def image(self, scale: float = 1.0, *, whole: bool = True) -> QImage:
        """The picture in pixels, `scale` of them a scene unit, or fewer where it were too large.

        Small cards have all their texts, which takes its time, unless `whole` is False.
        """
        scale = self.largest_scale(scale)
        size = (self.area.size() * scale).toSize()
        image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(self._theme.color("canvas"))
        painter = QPainter(image)
        small = (
            whole and scale < _READABLE
        )  # cards in pixels leave out what could not be read on a screen
        self._draw(painter, QRectF(image.rect()), self.area, vector=small)
        painter.end()
        return image

    def png(self, scale: float = 2.0) -> bytes:
        """The picture as a PNG file."""
        kept = QByteArray()
        buffer = QBuffer(kept)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(self.image(scale))
        buffer.close()
        return bytes(kept.data())

    # --- lines ---------------------------------------------------------------------------------

    def svg(self, title: str, scale: float = 1.0) -> bytes:
        """The picture as an SVG file: texts stay texts; the same journey gives the same bytes."""
        kept = QByteArray()
        buffer = QBuffer(kept)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        drawing = QSvgGenerator()
        drawing.setOutputDevice(buffer)
        drawing.setTitle(title)
        drawing.setDescription("")
        drawing.setResolution(96)
        drawing.setSize((self.area.size() * scale).toSize())
        drawing.setViewBox(QRectF(QPointF(), self.area.size()))
        painter = QPainter(drawing)
        box = QRectF(QPointF(), self.area.size())
        painter.fillRect(box, self._theme.color("canvas"))
        self._draw(painter, box, self.area, vector=True)
        painter.end()
        buffer.close()
        return bytes(kept.data())

    def pdf(self, footer: Footer, *, spread: bool = False, scale: float = 1.0) -> bytes:
        """The picture as a PDF file: on one page, or spread over as many as it needs at a scale."""
        kept = QByteArray()
        buffer = QBuffer(kept)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setTitle(footer.title)
        writer.setCreator("journeybuilder")
        writer.setResolution(_PDF_DOTS)
        writer.setPageLayout(self.page(QPageSize(QPageSize.PageSizeId.A4)))
        painter = QPainter(writer)
        self.paint_pages(painter, writer, footer, spread=spread, scale=scale)
        painter.end()
        buffer.close()
        return bytes(kept.data())

    def page(self, size: QPageSize) -> QPageLayout:
        """A page of this size, turned as the picture needs it."""
        wide = self.area.width() > self.area.height()
        turned = QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait
        margin = _PAGE_MARGIN
        margins = QMarginsF(margin, margin, margin, margin)
        return QPageLayout(size, turned, margins, QPageLayout.Unit.Millimeter)

    def paint_pages(
        self,
        painter: QPainter,
        device: QPagedPaintDevice,
        footer: Footer,
        *,
        spread: bool = False,
        scale: float = 1.0,
    ) -> int:
        """Paint the picture on pages, each with the footer; gives how many pages.

        Args:
            painter: Paints on the device.
            device: A PDF file or a printer.
            footer: What stands below.
            spread: Over as many pages as it needs at the scale, in rows; else on one page.
            scale: 1 prints a card 5 cm wide; only used when it is spread.
        """
        point = device.logicalDpiX() / 72
        page = QRectF(
            QPointF(), QSizeF(device.pageLayout().paintRectPixels(device.logicalDpiX()).size())
        )
        room = QRectF(page.topLeft(), QSizeF(page.width(), page.height() - 2.2 * _FOOT * point))
        parts = self._parts(room, _UNIT_POINTS * point * scale) if spread else [self.area]
        most = _UNIT_POINTS * point * (scale if spread else 1.6)
        for number, part in enumerate(parts):
            if number:
                device.newPage()
            self._paint_part(painter, room, part, most, centered=not spread)
            numbered = (
                tr("Page {n} of {all}", n=number + 1, all=len(parts)) if len(parts) > 1 else ""
            )
            self._paint_footer(painter, page, footer, numbered, point)
        return len(parts)

    def _parts(self, room: QRectF, unit: float) -> list[QRectF]:
        """The picture cut into pages, row by row; all pages of a picture are filled alike."""
        area = self.area
        across = ceil(area.width() * unit / room.width())
        down = ceil(area.height() * unit / room.height())
        width, height = room.width() / unit, room.height() / unit
        return [
            QRectF(area.left() + width * x, area.top() + height * y, width, height)
            for y in range(down)
            for x in range(across)
        ]

    def _paint_part(
        self, painter: QPainter, room: QRectF, part: QRectF, most: float, *, centered: bool
    ) -> None:
        unit = min(room.width() / part.width(), room.height() / part.height(), most)
        target = QRectF(QPointF(), part.size() * unit)
        if centered:
            target.moveCenter(room.center())
        painter.save()
        painter.setClipRect(target)
        if self._theme.dark:
            painter.fillRect(target, self._theme.color("canvas"))
        self._draw(painter, target, part, vector=True)
        painter.restore()

    @staticmethod
    def _paint_footer(
        painter: QPainter, page: QRectF, footer: Footer, numbered: str, point: float
    ) -> None:
        painter.save()
        painter.setTransform(QTransform())
        font = QFont(QGuiApplication.font())
        font.setPixelSize(max(1, round(_FOOT * point)))
        painter.setFont(font)
        painter.setPen(Qt.GlobalColor.darkGray)
        line = QRectF(
            page.left(), page.bottom() - 1.6 * _FOOT * point, page.width(), 1.6 * _FOOT * point
        )
        right = "    ".join(part for part in (footer.date, numbered) if part)
        metrics = QFontMetricsF(font, painter.device())
        free = page.width() - metrics.horizontalAdvance(right) - 2 * _FOOT * point
        title = metrics.elidedText(footer.title, Qt.TextElideMode.ElideRight, free)
        bottom = Qt.AlignmentFlag.AlignBottom
        painter.drawText(line, bottom | Qt.AlignmentFlag.AlignLeft, title)
        painter.drawText(line, bottom | Qt.AlignmentFlag.AlignRight, right)
        painter.restore()
