"""Rows of lists and trees: an icon, a title, a second line and a tag, painted alike everywhere."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from journeybuilder.gui.look import Look
from journeybuilder.gui.theme import glyph

SUB = Qt.ItemDataRole.UserRole + 1
ICON = Qt.ItemDataRole.UserRole + 2
GROUP = Qt.ItemDataRole.UserRole + 3
TAG = Qt.ItemDataRole.UserRole + 4
TONE = Qt.ItemDataRole.UserRole + 5
KEY = Qt.ItemDataRole.UserRole + 6
WRAP = Qt.ItemDataRole.UserRole + 7
HEADER = Qt.ItemDataRole.UserRole + 8

_PAD = 8
_TILE = 24
Index = QModelIndex | QPersistentModelIndex


def _word(index: Index, role: int) -> str:
    value = index.data(role)
    return value if isinstance(value, str) else ""


class RowDelegate(QStyledItemDelegate):
    """Paints rows whose parts stand in the roles above.

    TONE picks the icon's color where there is no GROUP: `error`, `warning`, `ok`, `running`, `muted`.
    """

    def __init__(self, look: Look, *, tiles: bool = True) -> None:
        super().__init__()
        self._look = look
        self._tiles = tiles

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        metrics = QFontMetrics(option.font)
        if index.data(HEADER):
            return QSize(40, metrics.height() + 16)
        lines = metrics.height()
        sub = _word(index, SUB)
        if sub and index.data(WRAP):
            width = option.rect.width() if option.rect.width() > 0 else 220
            lines += self._wrapped(option.font, sub, width - 2 * _PAD - _TILE - 8) + 2
        elif sub:
            lines += self._small(option.font).height() + 1
        return QSize(40, max(lines, _TILE if self._tiles else 16) + 10)

    @staticmethod
    def _small_font(font: QFont) -> QFont:
        small = QFont(font)
        if font.pixelSize() > 0:
            small.setPixelSize(font.pixelSize() - 1)
        else:
            small.setPointSizeF(font.pointSizeF() * 0.92)
        return small

    def _small(self, font: QFont) -> QFontMetrics:
        return QFontMetrics(self._small_font(font))

    def _wrapped(self, font: QFont, text: str, width: int) -> int:
        flags = Qt.TextFlag.TextWordWrap
        return (
            self._small(font)
            .boundingRect(QRect(0, 0, max(width, 80), 4000), int(flags), text)
            .height()
        )

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(HEADER):
            self._paint_header(painter, option, index)
        else:
            self._paint_back(painter, option)
            self._paint_row(painter, option, index)
        painter.restore()

    def _paint_header(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._look.theme
        font = self._small_font(option.font)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(theme.color("muted"))
        rect = option.rect.adjusted(_PAD, 6, -_PAD, 0)
        painter.drawText(
            rect,
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft),
            _word(index, Qt.ItemDataRole.DisplayRole),
        )

    def _paint_back(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        theme = self._look.theme
        rect = option.rect.adjusted(2, 1, -2, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen or over:
            painter.setBrush(theme.color("soft" if chosen else "hover"))
            painter.drawRoundedRect(rect, 6, 6)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.color("accent"))
            painter.drawRoundedRect(rect, 6, 6)

    def _paint_row(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._look.theme
        inside = option.rect.adjusted(_PAD, 5, -_PAD, -5)
        left = inside.left()
        name = _word(index, ICON)
        wrap = bool(index.data(WRAP))
        if name:
            side = _TILE if self._tiles else 16
            top = inside.top() if wrap else inside.center().y() - side // 2
            self._paint_icon(painter, QRect(left, top, side, side), index)
            left += side + 8
        right = inside.right()
        tag = _word(index, TAG)
        small = self._small_font(option.font)
        if tag:
            width = QFontMetrics(small).horizontalAdvance(tag)
            painter.setFont(small)
            painter.setPen(self._tone(index, "muted"))
            height = QFontMetrics(option.font).height() if wrap else inside.height()
            place = QRect(right - width, inside.top(), width + 1, height)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), tag)
            right -= width + 8
        sub = _word(index, SUB)
        title = _word(index, Qt.ItemDataRole.DisplayRole)
        enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
        painter.setFont(option.font)
        painter.setPen(theme.color("text" if enabled else "disabled"))
        height = QFontMetrics(option.font).height()
        first = QRect(left, inside.top(), right - left, height if sub else inside.height())
        shown = QFontMetrics(option.font).elidedText(
            title, Qt.TextElideMode.ElideRight, first.width()
        )
        painter.drawText(
            first, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown
        )
        if sub:
            end = inside.right() if wrap else right  # wrapped text goes on below the tag
            second = QRect(left, first.bottom() + 2, end - left, inside.bottom() - first.bottom())
            painter.setFont(small)
            painter.setPen(theme.color("muted"))
            self._paint_sub(painter, second, sub, small, wrap=wrap)

    @staticmethod
    def _paint_sub(painter: QPainter, rect: QRect, text: str, font: QFont, *, wrap: bool) -> None:
        if wrap:
            painter.drawText(rect, int(Qt.TextFlag.TextWordWrap), text)
        else:
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(
                rect, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft), shown
            )

    def _tone(self, index: Index, default: str) -> QColor:
        tone = _word(index, TONE)
        return self._look.theme.color(tone or default)

    def _paint_icon(self, painter: QPainter, rect: QRect, index: Index) -> None:
        theme = self._look.theme
        group = _word(index, GROUP)
        color = theme.group(group) if group else self._tone(index, "muted").name()
        inner = rect
        if self._tiles:
            if group:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.tile(group)))
                painter.drawRoundedRect(rect, 6, 6)
            inner = rect.adjusted(4, 4, -4, -4)
        ratio = painter.device().devicePixelRatioF()
        image = glyph(_word(index, ICON), color, round(inner.width() * ratio))
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(ratio)
        painter.drawPixmap(inner.topLeft(), pixmap)
