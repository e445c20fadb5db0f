"""What a person does with a selection: align, distribute, group, color, select along the wires."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, Protocol

from PySide6.QtCore import QPointF, QRectF

from journeybuilder.document.drawings import FRAME, NOTE, SIZES
from journeybuilder.gui.canvas.drawings import around
from journeybuilder.gui.canvas.geometry import snapped
from journeybuilder.gui.canvas.gesture import Stage
from journeybuilder.gui.canvas.navigate import free_place
from journeybuilder.gui.canvas.writing import Writer
from journeybuilder.gui.look.language import tr

Side = Literal["left", "center", "right", "top", "middle", "bottom"]
Direction = Literal["across", "down"]
_GAP = 40.0
_TWO, _THREE = 2, 3


class ArrangeStage(Stage, Protocol):
    """What arranging uses of the view beyond what gestures use."""

    writer: Writer

    def focus_node(self, node_id: str) -> None:
        """Let the keyboard be at this node, frame or note."""
        ...

    def pointer_place(self) -> QPointF:
        """Where the pointer is in the scene, else the middle of what can be seen."""
        ...


class Arranging:
    """Deeds upon the selection of a canvas; each one is one step of undo."""

    def __init__(self, stage: ArrangeStage) -> None:
        self._stage = stage

    # --- the selection -------------------------------------------------------------------------

    def chosen(self) -> list[str]:
        """Selected nodes in the journey's order, then frames and notes."""
        board = self._stage.board
        nodes = [key for key in board.nodes if key in board.selection]
        return [*nodes, *(key for key in board.drawings.items if key in board.drawings.selection)]

    def select_all(self) -> None:
        """Select every node, frame and note."""
        board = self._stage.board
        board.select((*board.nodes, *board.drawings.items))

    def invert(self) -> None:
        """Select what is not selected."""
        board = self._stage.board
        board.select({*board.nodes, *board.drawings.items} - board.chosen())

    def select_downstream(self) -> None:
        """Select what the selected nodes lead to, on and on."""
        self._spread(self._targets)

    def select_upstream(self) -> None:
        """Select what leads to the selected nodes, on and on."""
        self._spread(self._sources)

    def select_connected(self) -> None:
        """Select everything that hangs together with the selected nodes."""
        self._spread(self._neighbors)

    def _targets(self, node_id: str) -> set[str]:
        board = self._stage.board
        return {board.wires[key].target for key in board.leaving.get(node_id, ())}

    def _sources(self, node_id: str) -> set[str]:
        return {key[0] for key in self._stage.board.arriving.get(node_id, ())}

    def _neighbors(self, node_id: str) -> set[str]:
        return self._targets(node_id) | self._sources(node_id)

    def _spread(self, step: Callable[[str], set[str]]) -> None:
        board = self._stage.board
        found, waiting = set(board.selection), list(board.selection)
        while waiting:
            new = step(waiting.pop()) - found
            found |= new
            waiting.extend(new)
        board.select(found)

    # --- align and distribute ------------------------------------------------------------------

    def align(self, side: Side) -> None:
        """Bring the chosen things to one line: that of the outermost edge, or of all their middles."""
        boxes = self._boxes()
        if len(boxes) < _TWO:
            return
        whole = _united(boxes.values())
        self._move({key: _aligned(box, whole, side) for key, box in boxes.items()}, tr("Align"))

    def distribute(self, direction: Direction) -> None:
        """Let the gaps between three or more things be the same; the outermost ones stay."""
        boxes = self._boxes()
        if len(boxes) < _THREE:
            return
        across = direction == "across"
        start, length = (QRectF.left, QRectF.width) if across else (QRectF.top, QRectF.height)
        ordered = sorted(boxes.items(), key=lambda one: start(one[1]))
        whole = _united(boxes.values())
        total = sum(length(box) for _, box in ordered)
        gap = (length(whole) - total) / (len(ordered) - 1)
        at = start(whole)
        places: dict[str, QPointF] = {}
        for key, box in ordered:
            places[key] = QPointF(at, box.y()) if across else QPointF(box.x(), at)
            at += length(box) + gap
        self._move(places, tr("Distribute"))

    def stack(self, direction: Direction) -> None:
        """Put the chosen things in a row with the usual gap, in the order in which they stand."""
        boxes = self._boxes()
        if len(boxes) < _TWO:
            return
        across = direction == "across"
        start = QRectF.left if across else QRectF.top
        ordered = sorted(boxes.items(), key=lambda one: start(one[1]))
        at = start(ordered[0][1])
        places: dict[str, QPointF] = {}
        for key, box in ordered:
            places[key] = QPointF(at, box.y()) if across else QPointF(box.x(), at)
            at += (box.width() if across else box.height()) + _GAP
        self._move(places, tr("Same gaps"))

    def _boxes(self) -> dict[str, QRectF]:
        """The areas of what is chosen; what lies in a chosen frame goes along and counts not."""
        board = self._stage.board
        chosen = self.chosen()
        inside: set[str] = set()
        for key in chosen:
            inside |= board.drawings.members(key)
        boxes = {key: board.box_of(key) for key in chosen if key not in inside}
        return {key: box for key, box in boxes.items() if box is not None}

    def _move(self, places: Mapping[str, QPointF], title: str) -> None:
        board, model = self._stage.board, self._stage.shown_model()
        moved: dict[str, tuple[float, float]] = {}
        for key, at in places.items():
            x, y = model.position(key)
            step = QPointF(round(at.x()) - x, round(at.y()) - y)
            if step.isNull():
                continue
            for member in (key, *board.drawings.members(key)):
                mx, my = model.position(member)
                moved[member] = (mx + step.x(), my + step.y())
        if moved:
            model.rearrange(moved, {}, title)

    # --- frames and notes ------------------------------------------------------------------------

    def group(self) -> None:
        """A frame around what is selected, or an empty one; its name can be typed at once."""
        board = self._stage.board
        boxes = [box for key in self.chosen() if (box := board.box_of(key)) is not None]
        box = around(boxes) if boxes else self._free(FRAME)
        self._draw(FRAME, box)

    def add_note(self, at: QPointF | None = None) -> None:
        """A new note, at a place or where the pointer is; one writes at once."""
        self._draw(NOTE, self._free(NOTE, at))

    def add_frame(self, at: QPointF | None = None) -> None:
        """A new empty frame."""
        self._draw(FRAME, self._free(FRAME, at))

    def _free(self, what: str, at: QPointF | None = None) -> QRectF:
        place = at if at is not None else self._stage.pointer_place()
        width, height = SIZES[what]
        corner = QPointF(snapped(place.x() - width / 2), snapped(place.y() - height / 2))
        box = QRectF(corner.x(), corner.y(), width, height)
        return QRectF(free_place(self._stage.board, box), box.size()) if what == NOTE else box

    def _draw(self, what: str, box: QRectF) -> None:
        model = self._stage.shown_model()
        at, size = (box.x(), box.y()), (box.width(), box.height())
        key = model.draw(what, at, size)
        if key:
            self._stage.board.select((key,))
            self._stage.focus_node(key)
            self._stage.writer.open(key)

    def ungroup(self) -> None:
        """Remove the selected frames; what is in them stays and is selected."""
        board = self._stage.board
        frames = [key for key in board.drawings.selection if key.startswith(f"{FRAME}:")]
        inside = set[str]().union(*(board.drawings.members(key) for key in frames))
        if frames:
            self._stage.shown_model().remove(frames)
            board.select(inside - set(frames))

    def has_frame(self) -> bool:
        """Whether a frame is selected."""
        selection = self._stage.board.drawings.selection
        return any(key.startswith(f"{FRAME}:") for key in selection)

    def paint(self, color: str) -> None:
        """Give everything that is selected a color; an empty one is the usual color."""
        chosen = self.chosen()
        if chosen:
            self._stage.shown_model().paint(chosen, color)

    def write(self) -> None:
        """Write the name of the node or frame, or the text of the note, that the keyboard is at."""
        chosen = self.chosen()
        key = self._stage.board.current if not chosen else chosen[0]
        if key and (len(chosen) <= 1 or self._stage.board.current in chosen):
            self._stage.writer.open(self._stage.board.current or key)

    def bypass(self) -> None:
        """Remove the selected nodes; what led to them leads on to where they led."""
        nodes = [key for key in self.chosen() if key in self._stage.board.nodes]
        if nodes:
            self._stage.shown_model().bypass(nodes)

    def next_drawing(self, step: int) -> None:
        """Go to the next or the one before of all frames and notes, top left to bottom right."""
        board = self._stage.board
        items = board.drawings.items
        ordered = sorted(items, key=lambda key: (items[key].y(), items[key].x()))
        if ordered:
            here = ordered.index(board.current) if board.current in ordered else -min(step, 0)
            at = here + step if board.current in ordered else (0 if step > 0 else -1)
            key = ordered[at % len(ordered)]
            board.select((key,))
            self._stage.focus_node(key)


def _united(boxes: Iterable[QRectF]) -> QRectF:
    whole = QRectF()
    for box in boxes:
        whole = whole.united(box)
    return whole


def _aligned(box: QRectF, whole: QRectF, side: Side) -> QPointF:
    x = {
        "left": whole.left(),
        "center": whole.center().x() - box.width() / 2,
        "right": whole.right() - box.width(),
    }.get(side, box.x())
    y = {
        "top": whole.top(),
        "middle": whole.center().y() - box.height() / 2,
        "bottom": whole.bottom() - box.height(),
    }.get(side, box.y())
    return QPointF(x, y)
