"""Rows of lists and trees: an icon, a title, a second line and a tag, painted alike everywhere."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
)
from typing_extensions import override

from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.theme import glyph

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
_GAP = 8
_SIGN = 28  # pixels that a tag has which is one sign, with its gap
_TAG_PART = 0.75  # of its line that a tag takes at most
_USUAL = 220  # pixels that a row is wide where nobody knows
Index = QModelIndex | QPersistentModelIndex


def as_rows(tree: QTreeView, indentation: int) -> None:
    """Let a tree look like the rows of the other panels: no header, no signs, scrolled by the pixel.

    Args:
        tree: The tree; its delegate is a `RowDelegate`.
        indentation: Pixels that a row is further in than the one above it in the tree.
    """
    tree.setHeaderHidden(True)
    tree.setProperty("role", "rows")
    tree.setIndentation(indentation)
    tree.setRootIsDecorated(False)
    tree.setMouseTracking(True)
    tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


def _word(index: Index, role: int) -> str:
    value = index.data(role)
    return value if isinstance(value, str) else ""


def _room(option: QStyleOptionViewItem) -> int:
    """How wide a row is; a list that lays out its rows gives any width, for it has none yet."""
    view = option.widget
    if isinstance(view, QListView):
        return view.viewport().width()
    return option.rect.width() if option.rect.width() > 0 else _USUAL


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
            lines += self._wrapped(option.font, sub, _room(option) - 2 * _PAD - _TILE - 8) + 2
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
        words = QFontMetrics(font).elidedText(
            _word(index, Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideRight, rect.width()
        )
        painter.drawText(
            rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words
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
        marked = chosen and theme.high_contrast  # there the fill alone is too faint
        if marked or option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.color("accent"))
            painter.drawRoundedRect(rect, 6, 6)

    def _paint_row(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        inside = option.rect.adjusted(_PAD, 5, -_PAD, -5)
        left = inside.left()
        name = _word(index, ICON)
        wrap = bool(index.data(WRAP))
        if name:
            side = _TILE if self._tiles else 16
            top = inside.top() if wrap else inside.center().y() - side // 2
            self._paint_icon(painter, QRect(left, top, side, side), index)
            left += side + 8
        inside.setLeft(left)
        self._paint_words(painter, option, index, inside)

    def _paint_words(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, room: QRect
    ) -> None:
        """Title and tag, below them the second line; a tag that leaves no room goes down there."""
        title, sub = _word(index, Qt.ItemDataRole.DisplayRole), _word(index, SUB)
        wrap = bool(index.data(WRAP))
        metrics, small = QFontMetrics(option.font), self._small_font(option.font)
        first, second = QRect(room), QRect(room)
        if sub:
            first.setHeight(metrics.height())
            second.setTop(first.bottom() + 2)
        tag = _word(index, TAG)
        if tag:
            width = QFontMetrics(small).horizontalAdvance(tag) + _GAP
            beside = metrics.horizontalAdvance(title) + width <= room.width()
            if width <= _SIGN and not wrap:  # in the middle of both lines
                self._paint_tag(painter, index, small, room)
                first.setRight(room.right())
                second.setRight(room.right())
            else:
                up = beside or wrap or not sub
                self._paint_tag(painter, index, small, first if up else second)
        enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
        painter.setFont(option.font)
        painter.setPen(self._look.theme.color("text" if enabled else "disabled"))
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, first.width())
        painter.drawText(
            first, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown
        )
        if sub:
            painter.setFont(small)
            painter.setPen(self._look.theme.color("muted"))
            self._paint_sub(painter, second, sub, small, wrap=wrap)

    def _paint_tag(self, painter: QPainter, index: Index, font: QFont, room: QRect) -> None:
        """The tag at the right end of a line, which gets so much narrower."""
        metrics = QFontMetrics(font)
        words = _word(index, TAG)
        title = QFontMetrics(font).horizontalAdvance(_word(index, Qt.ItemDataRole.DisplayRole))
        if title + metrics.horizontalAdvance(words) + _GAP > room.width():
            most = round(room.width() * _TAG_PART)
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, most)
        width = metrics.horizontalAdvance(words)
        painter.setFont(font)
        painter.setPen(self._tone(index, "muted"))
        place = QRect(room.right() - width, room.top(), width + 1, room.height())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), words)
        room.setRight(room.right() - width - _GAP)

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
