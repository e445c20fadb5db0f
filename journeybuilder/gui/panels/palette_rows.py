"""How the palette paints its rows: like other lists, with risk, drift and the star at their end."""

from PySide6.QtCore import QAbstractItemModel, QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem
from typing_extensions import override

from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.rows import HEADER, SUB, WRAP, RowDelegate
from journeybuilder.gui.look.theme import glyph
from journeybuilder.gui.panels.palette_model import ENTRY, STARRED, Index
from journeybuilder.gui.workspace.palette_entries import RISK_WORDS, PaletteEntry

_STAR = 20
_SIGN = 14
_RISKS = {
    "read": ("eye", "muted"),
    "write": ("pencil", "warning"),
    "irreversible": ("risk", "error"),
}


class PaletteDelegate(RowDelegate):
    """Paints the rows of the palette.

    Signals:
        star_clicked: Index of a row whose star was clicked.
    """

    star_clicked = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._theme_of = look
        self._heights: dict[tuple[bool, bool, str], int] = {}

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        if index.data(WRAP):
            return super().sizeHint(option, index)
        two = bool(index.data(SUB))
        key = (bool(index.data(HEADER)), two, option.font.key())
        height = self._heights.get(key)
        if height is None:
            height = super().sizeHint(option, index).height()
            self._heights[key] = height
        return QSize(40, height)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(ENTRY)
        if not isinstance(entry, PaletteEntry):
            super().paint(painter, option, index)
            return
        inner = QStyleOptionViewItem(option)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_back(painter, option)
        room = self._paint_end(painter, option, entry, starred=bool(index.data(STARRED)))
        inner.rect = option.rect.adjusted(0, 0, -room, 0)
        self._paint_row(painter, inner, index)
        painter.restore()

    def _paint_end(
        self, painter: QPainter, option: QStyleOptionViewItem, entry: PaletteEntry, *, starred: bool
    ) -> int:
        """Star, risk and drift; gives how much room they take."""
        over = bool(
            option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected)
        )
        if starred or over:
            name = "star-full" if starred else "star"
            self._glyph(painter, star_place(option.rect), name, "accent" if starred else "muted")
        font = QFont(option.font)
        small = font.pixelSize() - 2 if font.pixelSize() > 0 else 0
        if small:
            font.setPixelSize(small)
        else:
            font.setPointSizeF(font.pointSizeF() * 0.88)
        painter.setFont(font)
        signs = [(_RISKS[entry.risk], tr(RISK_WORDS[entry.risk]))] if entry.risk else []
        widest = 0
        measure = QFontMetrics(font)
        step = max(measure.height(), _SIGN) + 1
        right = option.rect.right() - _STAR - 8
        top = option.rect.center().y() - (step * len(signs)) // 2
        for (icon, tone), words in signs:
            width = measure.horizontalAdvance(words)
            place = QRect(right - width, top, width + 2, step)
            painter.setPen(self._theme_of.theme.color(tone))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), words)
            sign = QRect(right - width - _SIGN - 4, top + (step - _SIGN) // 2, _SIGN, _SIGN)
            self._glyph(painter, sign, icon, tone)
            widest = max(widest, width + _SIGN + 10)
            top += step
        return _STAR + 4 + widest

    def _glyph(self, painter: QPainter, place: QRect, name: str, tone: str) -> None:
        ratio = painter.device().devicePixelRatioF()
        side = min(place.width(), 16)
        image = glyph(name, self._theme_of.theme.color(tone).name(), round(side * ratio))
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(ratio)
        gap = (place.width() - side) // 2
        painter.drawPixmap(place.topLeft().x() + gap, place.center().y() - side // 2, pixmap)

    @override
    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        if (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and isinstance(index.data(ENTRY), PaletteEntry)
            and star_place(option.rect).contains(event.position().toPoint())
        ):
            self.star_clicked.emit(index)
            return True
        return super().editorEvent(event, model, option, index)


def star_place(row: QRect) -> QRect:
    """Where the star of a row is."""
    return QRect(row.right() - _STAR - 4, row.top(), _STAR, row.height())
