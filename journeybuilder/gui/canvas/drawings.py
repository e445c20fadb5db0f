"""The frames and notes of a scene: their items, what is under a point, what a frame holds."""

from collections.abc import Collection, Iterable, Mapping
from time import perf_counter
from typing import Protocol

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QPainter, QPen
from PySide6.QtWidgets import QGraphicsScene

from journeybuilder.document.drawings import FRAME, NOTE, SMALLEST, Drawing
from journeybuilder.gui.canvas.colors import strong
from journeybuilder.gui.canvas.drawing_items import (
    BAR,
    DrawingItem,
    NoteItem,
    flat_color,
    make_item,
)
from journeybuilder.gui.canvas.items import NodeItem
from journeybuilder.gui.canvas.texts import TextCache
from journeybuilder.gui.look.theme import Theme

_FRAMES_Z, _NOTES_Z = -30.0, -5.0
_BUDGET_MS = 2.5
"""How long notes may be drawn anew in one repaint; the others follow in the next quiet moments."""
_PAUSE_MS = 30
_GRAB = 6.0
"""Screen pixels around an edge that count as the edge."""
Place = tuple[float, float]


class Cards(Protocol):
    """The scene's cards, as far as frames are concerned."""

    nodes: dict[str, NodeItem]

    def nodes_in(self, area: QRectF) -> list[str]:
        """Nodes whose card meets an area."""
        ...


class Drawings(QObject):
    """Every frame and note, by key.

    Attributes:
        items: The items. `selection`: keys of the selected ones.

    Signals:
        touched: The area of the scene whose picture is not true any more.
    """

    touched = Signal(QRectF)

    def __init__(
        self, scene: QGraphicsScene, cards: Cards, theme: Theme, texts: TextCache, font: QFont
    ) -> None:
        super().__init__(scene)
        self._scene = scene
        self._cards = cards
        self._theme = theme
        self._texts = texts
        self._font = font
        self._ratio = 1.0
        self.items: dict[str, DrawingItem] = {}
        self.selection: set[str] = set()
        self._blurred: set[NoteItem] = set()
        self._spent = 0.0
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_PAUSE_MS)
        self._quiet.timeout.connect(self._sharpen)

    # --- what there is -----------------------------------------------------------------------

    def show_all(self, wanted: Mapping[str, Drawing]) -> bool:
        """Show exactly these; returns whether a selected one is gone."""
        area = QRectF()
        for key in [key for key in self.items if key not in wanted]:
            item = self.items.pop(key)
            area = area.united(item.area())
            self._blurred -= {item}
            self._scene.removeItem(item)
        for key, drawing in wanted.items():
            item = self.items.get(key)
            if item is not None and item.drawing == drawing and item.area() == _area(drawing):
                continue
            area = area.united(_area(drawing))
            if item is None:
                item = make_item(drawing, self._theme, self._texts, self._font, self._later)
                item.ratio = self._ratio
                item.setZValue(_NOTES_Z)
                self.items[key] = item
                self._scene.addItem(item)
            else:
                area = area.united(item.area())
                item.show_drawing(drawing)
        self._stack()
        self.touched.emit(area)
        gone = self.selection - self.items.keys()
        self.selection -= gone
        return bool(gone)

    def _stack(self) -> None:
        """A small frame stands above the larger one that it is in."""
        frames = [item for item in self.items.values() if item.drawing.what == FRAME]
        frames.sort(key=lambda item: -item.size.width() * item.size.height())
        for place, item in enumerate(frames):
            item.setZValue(_FRAMES_Z + place / (len(frames) + 1))

    def select(self, keys: Iterable[str]) -> bool:
        """Select exactly these; unknown ones are left out; returns whether that is a change."""
        wanted = self.items.keys() & set(keys)
        if wanted == self.selection:
            return False
        for key in wanted ^ self.selection:
            item = self.items.get(key)
            if item is not None:
                item.set_selected(key in wanted)
                self.touched.emit(item.area())
        self.selection = wanted
        return True

    def area_of(self, keys: Iterable[str]) -> QRectF:
        """What these cover; unknown ones are left out."""
        area = QRectF()
        for key in keys:
            if key in self.items:
                area = area.united(self.items[key].area())
        return area

    def in_band(self, band: QRectF) -> list[str]:
        """Notes that a rubber band touches, and frames that it holds whole."""
        return [
            key
            for key, item in self.items.items()
            if (
                band.contains(item.area())
                if item.drawing.what == FRAME
                else band.intersects(item.area())
            )
        ]

    # --- under a point -----------------------------------------------------------------------

    def at(self, at: QPointF, pixel: float) -> tuple[str, str]:
        """What is under a point: key and part, or two empty strings.

        The part is `body` (of a note, or a frame's title bar) or an edge or corner in the words
        `left`, `right`, `top`, `bottom`, joined with `-`. The inside of a frame is open canvas.

        Args:
            at: In the scene.
            pixel: A screen pixel in scene units.
        """
        ordered = sorted(self.items.items(), key=lambda one: -one[1].zValue())
        for key, item in ordered:
            part = _part(item, at, _GRAB * pixel)
            if part:
                return key, part
        return "", ""

    def key_at(self, at: QPointF, pixel: float) -> str:
        """The drawing under a point, or an empty string."""
        return self.at(at, pixel)[0]

    # --- frames and what is in them ------------------------------------------------------------

    def members(self, key: str) -> set[str]:
        """Nodes and drawings that lie in a frame, nested ones with theirs; nothing for a note."""
        item = self.items.get(key)
        if item is None or item.drawing.what != FRAME:
            return set()
        area = item.area()
        inside = {
            node_id
            for node_id in self._cards.nodes_in(area)
            if area.contains(self._cards.nodes[node_id].card().center())
        }
        for other, drawing in self.items.items():
            whole = drawing.drawing.what == FRAME
            holds = (
                area.contains(drawing.area()) and drawing.area() != area
                if whole
                else area.contains(drawing.area().center())
            )
            if other != key and holds:
                inside.add(other)
        return inside

    def with_members(self, keys: Iterable[str]) -> set[str]:
        """These, and all that lies in those of them that are frames."""
        found = set(keys)
        for key in list(found):
            found |= self.members(key)
        return found

    # --- on the move -----------------------------------------------------------------------------

    def preview(self, areas: Mapping[str, QRectF]) -> None:
        """Show drawings elsewhere without telling the model."""
        touched = QRectF()
        for key, area in areas.items():
            item = self.items.get(key)
            if item is None:
                continue
            touched = touched.united(item.area()).united(area)
            item.setPos(area.topLeft())
            if item.size != area.size():
                item.resize(area.size())
        self.touched.emit(touched)

    def settle(self, keys: Iterable[str]) -> None:
        """Put drawings where the model has them."""
        self.preview({key: _area(self.items[key].drawing) for key in keys if key in self.items})

    # --- look ------------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Draw with other colors."""
        self._theme = theme
        for item in self.items.values():
            item.set_theme(theme)

    def set_font(self, font: QFont) -> None:
        """Draw with another font."""
        self._font = font
        for item in self.items.values():
            if isinstance(item, NoteItem):
                item.set_font(font)

    def set_ratio(self, ratio: float) -> None:
        """Draw for so many device pixels a pixel."""
        self._ratio = ratio
        for item in self.items.values():
            item.ratio = ratio

    def paint_far(self, painter: QPainter, area: QRectF) -> None:
        """Paint what meets an area flat, for the overview and the minimap."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for item in sorted(self.items.values(), key=DrawingItem.zValue):
            box = item.area()
            if not box.intersects(area):
                continue
            color = strong(self._theme, item.drawing.color)
            pen = QPen(self._theme.color("accent") if item.selected else color)
            pen.setWidth(2 if item.selected else 1)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(flat_color(self._theme, item.drawing))
            painter.drawRect(box)

    def _later(self, note: NoteItem) -> bool:
        """Whether a note may be drawn anew within this repaint."""
        now = perf_counter() * 1000
        if not self._quiet.isActive():
            self._spent = now
            self._quiet.start()
        if now - self._spent <= _BUDGET_MS:
            return True
        self._blurred.add(note)
        return False

    def _sharpen(self) -> None:
        """Let the notes that were left be painted again, each at its sharpest."""
        blurred, self._blurred = self._blurred, set()
        for note in blurred:
            note.update()


def _area(drawing: Drawing) -> QRectF:
    return QRectF(QPointF(*drawing.at), QSizeF(*drawing.size))


def _part(item: DrawingItem, at: QPointF, reach: float) -> str:
    """The part of a drawing under a point, see `Drawings.at`."""
    area = item.area()
    if not area.adjusted(-reach, -reach, reach, reach).contains(at):
        return ""
    edges = [
        name
        for name, distance in (
            ("top", at.y() - area.top()),
            ("bottom", area.bottom() - at.y()),
            ("left", at.x() - area.left()),
            ("right", area.right() - at.x()),
        )
        if abs(distance) <= reach
    ]
    if edges:
        return "-".join(edges[:2])
    if item.drawing.what == NOTE:
        return "body"
    return "body" if at.y() <= area.top() + BAR else ""


def resized(area: QRectF, part: str, step: QPointF, what: str) -> QRectF:
    """An area whose edge or corner was dragged, never smaller than can be used."""
    least = SMALLEST[what]
    box = QRectF(area)
    if "left" in part:
        box.setLeft(min(area.left() + step.x(), area.right() - least[0]))
    if "right" in part:
        box.setRight(max(area.right() + step.x(), area.left() + least[0]))
    if "top" in part:
        box.setTop(min(area.top() + step.y(), area.bottom() - least[1]))
    if "bottom" in part:
        box.setBottom(max(area.bottom() + step.y(), area.top() + least[1]))
    return box


def cursor_of(part: str) -> Qt.CursorShape:
    """The pointer's shape over a part."""
    if part == "body":
        return Qt.CursorShape.ArrowCursor
    if part in ("left", "right"):
        return Qt.CursorShape.SizeHorCursor
    if part in ("top", "bottom"):
        return Qt.CursorShape.SizeVerCursor
    falling = part in ("top-left", "bottom-right")
    return Qt.CursorShape.SizeFDiagCursor if falling else Qt.CursorShape.SizeBDiagCursor


def around(areas: Collection[QRectF]) -> QRectF:
    """The frame that holds these areas, with room for its title."""
    box = QRectF()
    for area in areas:
        box = box.united(area)
    pad = 24.0
    return box.adjusted(-pad, -pad - BAR, pad, pad)
