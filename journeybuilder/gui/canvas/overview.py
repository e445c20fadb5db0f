"""The journey from afar: boxes and straight lines, drawn in batches by tiles of the plane."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from journeybuilder.gui.canvas.items import NodeItem
from journeybuilder.gui.canvas.model import WireKey
from journeybuilder.gui.canvas.wires import Wire
from journeybuilder.gui.look.theme import Theme, mixed

_TILE_W, _TILE_H = 2000.0, 1500.0
_CALM, _FAINT = 0.62, 0.6
Place = tuple[int, int]


@dataclass(slots=True)
class _Tile:
    """The nodes of one tile of the plane and the wires that start there.

    Attributes:
        area: What its boxes and lines cover, beyond the tile where wires are long.
    """

    ids: set[str] = field(default_factory=set[str])
    boxes: dict[str, list[QRectF]] = field(default_factory=dict[str, list[QRectF]])
    lines: dict[str, list[QLineF]] = field(default_factory=dict[str, list[QLineF]])
    area: QRectF = field(default_factory=QRectF)
    stale: bool = True


class Overview:
    """Batches of boxes by color and lines by style, kept per tile and rebuilt where touched.

    Attributes:
        version: Another number where something is different, what is on the move aside.
    """

    def __init__(
        self,
        nodes: Mapping[str, NodeItem],
        wires: Mapping[WireKey, Wire],
        leaving: Mapping[str, Iterable[WireKey]],
        arriving: Mapping[str, Iterable[WireKey]],
    ) -> None:
        self._nodes = nodes
        self._wires = wires
        self._leaving = leaving
        self._arriving = arriving
        self.version = 0
        self._lifted: set[str] = set()
        self._loose: set[WireKey] = set()
        self._tiles: dict[Place, _Tile] = {}
        self._places: dict[str, Place] = {}

    def clear(self) -> None:
        """Forget everything."""
        self._lifted.clear()
        self._loose.clear()
        self._tiles.clear()
        self._places.clear()

    def touch(self, ids: Iterable[str]) -> None:
        """These nodes are new, elsewhere, different or gone."""
        self.version += 1
        for node_id in ids:
            item = self._nodes.get(node_id)
            before = self._places.get(node_id)
            after = self._place(item) if item is not None else None
            if before is not None and before != after:
                self._tiles[before].ids.discard(node_id)
                self._tiles[before].stale = True
                del self._places[node_id]
            if after is not None:
                tile = self._tiles.setdefault(after, _Tile())
                tile.ids.add(node_id)
                tile.stale = True
                self._places[node_id] = after

    def lift(self, ids: Iterable[str]) -> None:
        """These nodes are on the move: kept out of the batches, so that each step is cheap."""
        new = set(ids) - self._lifted
        if new:
            loose = {
                key
                for node_id in new
                for key in (*self._leaving.get(node_id, ()), *self._arriving.get(node_id, ()))
            }
            self._lifted |= new
            self._loose |= loose
            self.touch(new | {key[0] for key in loose})

    def land(self) -> None:
        """The nodes on the move have arrived."""
        touched = self._lifted | {key[0] for key in self._loose}
        self._lifted.clear()
        self._loose.clear()
        self.touch(touched)

    @staticmethod
    def _place(item: NodeItem) -> Place:
        at = item.pos()
        return floor(at.x() / _TILE_W), floor(at.y() / _TILE_H)

    def _box(self, node_id: str, boxes: dict[str, list[QRectF]]) -> QRectF:
        item = self._nodes[node_id]
        card = item.card()
        look = _look_of(item)
        boxes.setdefault(look, []).append(card)
        return card

    def _line(self, key: WireKey, lines: dict[str, list[QLineF]]) -> QPointF:
        wire = self._wires[key]
        end = self._nodes[wire.target].entry()
        start = self._nodes[key[0]].port_at(key[1])
        style = f"tone {wire.mark.tone}" if wire.mark.tone else wire.style
        lines.setdefault(style, []).append(QLineF(start, end))
        return end

    def _rebuild(self, tile: _Tile) -> None:
        boxes: dict[str, list[QRectF]] = {}
        lines: dict[str, list[QLineF]] = {}
        left = top = float("inf")
        right = bottom = float("-inf")
        for node_id in tile.ids - self._lifted:
            card = self._box(node_id, boxes)
            left, top = min(left, card.left()), min(top, card.top())
            right, bottom = max(right, card.right()), max(bottom, card.bottom())
            for key in self._leaving.get(node_id, ()):
                if key not in self._loose:
                    end = self._line(key, lines)
                    left, top = min(left, end.x()), min(top, end.y())
                    right, bottom = max(right, end.x()), max(bottom, end.y())
        tile.boxes, tile.lines = boxes, lines
        tile.area = QRectF(QPointF(left, top), QPointF(right, bottom)) if boxes else QRectF()
        tile.stale = False

    @property
    def moving(self) -> bool:
        """True while nodes are on the move."""
        return bool(self._lifted)

    def paint(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint what meets an area of the scene; the painter's transform is the view's."""
        tiles = [tile for tile in self._tiles.values() if self._meets(tile, area)]
        if self._lifted:
            tiles.append(self._on_the_move())
        _paint_tiles(painter, theme, tiles)

    def paint_still(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint what is not on the move, as `paint` does."""
        tiles = [tile for tile in self._tiles.values() if self._meets(tile, area)]
        _paint_tiles(painter, theme, tiles)

    def paint_moving(self, painter: QPainter, theme: Theme) -> None:
        """Paint what is on the move."""
        _paint_tiles(painter, theme, [self._on_the_move()])

    def _on_the_move(self) -> _Tile:
        tile = _Tile()
        for node_id in self._lifted & self._nodes.keys():
            self._box(node_id, tile.boxes)
        for key in self._loose & self._wires.keys():
            self._line(key, tile.lines)
        return tile

    @staticmethod
    def paint_marked(painter: QPainter, theme: Theme, selected: Iterable[QRectF]) -> None:
        """Paint a frame around selected boxes."""
        marked = list(selected)
        if marked:
            pen = QPen(theme.color("accent"), 2)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRects(marked)

    def _meets(self, tile: _Tile, area: QRectF) -> bool:
        if tile.stale:
            self._rebuild(tile)
        return tile.area.adjusted(-1, -1, 1, 1).intersects(area)


def _paint_tiles(painter: QPainter, theme: Theme, tiles: Sequence[_Tile]) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    for style in sorted({style for tile in tiles for style in tile.lines}, key=_line_order):
        painter.setPen(QPen(_line_color(theme, style), 0))
        for tile in tiles:
            lines = tile.lines.get(style)
            if lines:
                painter.drawLines(lines)
    painter.setPen(Qt.PenStyle.NoPen)
    for look in {look for tile in tiles for look in tile.boxes}:
        painter.setBrush(box_color(theme, look))
        for tile in tiles:
            boxes = tile.boxes.get(look)
            if boxes:
                painter.drawRects(boxes)


def _look_of(item: NodeItem) -> str:
    """What colors a node's box: its live state, else what a layer marks, else its group."""
    look = item.look
    if look.state:
        return f"state {look.state}"
    tone = look.tint or look.ring
    return f"tone {tone}" if tone else item.view.group


_ORDER = ("normal", "timeout", "error")


def _line_order(style: str) -> tuple[int, str]:
    """Marked lines are drawn above the others."""
    return (_ORDER.index(style) if style in _ORDER else len(_ORDER)), style


def _line_color(theme: Theme, style: str) -> QColor:
    if style.startswith("tone "):
        return theme.color(style.removeprefix("tone "))
    token = {"timeout": "waiting", "error": "error"}.get(style, "wire")
    return mixed(theme.color(token), theme.color("canvas"), _FAINT)


def box_color(theme: Theme, look: str) -> QColor:
    """The fill of a box: the live state's color, a layer's, else a calm one of the group's."""
    if look.startswith("tone "):
        return theme.color(look.removeprefix("tone "))
    if look.startswith("state "):
        return QColor(theme.state(look.removeprefix("state ")))
    group = QColor(theme.group(look))
    return group if theme.high_contrast else mixed(group, theme.color("canvas"), _CALM)
