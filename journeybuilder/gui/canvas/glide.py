"""Nodes on their way to new places: laid out in another process, shown in 150 ms."""

from collections.abc import Collection, Mapping

from PySide6.QtCore import (
    QAbstractAnimation,
    QObject,
    QPointF,
    QRectF,
    QTimer,
    QVariantAnimation,
)

from journeybuilder.document.drawings import FRAME
from journeybuilder.gui.canvas.drawings import around
from journeybuilder.gui.canvas.geometry import snapped
from journeybuilder.gui.canvas.layout_worker import LayoutWorker
from journeybuilder.gui.canvas.routing import MANY
from journeybuilder.gui.canvas.scene import CanvasScene
from journeybuilder.gui.look.language import tr

_MS = 150
_SOME = 100  # nodes that are put elsewhere at a time, of very many
Places = Mapping[str, tuple[float, float]]
Areas = dict[str, QRectF]


class Glide(QObject):
    """Moves nodes to where a layout puts them, as one step of undo; frames follow what is in them."""

    def __init__(self, board: CanvasScene, parent: QObject) -> None:
        super().__init__(parent)
        self._board = board
        self._from: Areas = {}
        self._to: Areas = {}
        self._shown = True
        self._run = QVariantAnimation(self)
        self._run.setDuration(_MS)
        self._run.setStartValue(0.0)
        self._run.setEndValue(1.0)
        self._run.valueChanged.connect(self._step)
        self._run.finished.connect(self._arrive)
        self._left: list[str] = []
        self._pieces = QTimer(self)
        self._pieces.setInterval(0)
        self._pieces.timeout.connect(self._put_some)
        self.worker = LayoutWorker(self)
        self.worker.finished.connect(self._on_layout)

    def tidy(self, ids: Collection[str], shown: bool) -> None:
        """Lay these nodes out anew; `shown` is False where they shall jump."""
        self.cancel()
        board, nodes = self._board, self._board.nodes
        known = [node_id for node_id in ids if node_id in nodes]
        if not known:
            return
        self._shown = shown
        groups, notes = self._groups(set(known))
        sizes = {
            key: (box.width(), box.height())
            for key in (*known, *notes)
            if (box := board.box_of(key)) is not None
        }
        edges = [
            (key[0], board.wires[key].target)
            for i in known
            for key in board.leaving.get(i, ())
            if board.wires[key].target in sizes
        ]
        start = next((i for i in known if "start" in nodes[i].view.badges), known[0])
        self.worker.start(sizes, edges, start, groups)

    def _groups(self, known: set[str]) -> tuple[dict[str, list[str]], list[str]]:
        """Frames all of whose nodes are laid out, with what is directly in them; and their notes."""
        drawings = self._board.drawings
        held = {
            key: drawings.members(key)
            for key, item in drawings.items.items()
            if item.drawing.what == FRAME
        }
        nodes = self._board.nodes.keys()
        whole = {
            key: inside
            for key, inside in held.items()
            if inside & nodes and inside & nodes <= known
        }
        by_size = sorted(whole, key=lambda key: len(whole[key]))
        groups: dict[str, list[str]] = {key: [] for key in by_size}
        notes: list[str] = []
        for name in [*known, *drawings.items]:
            home = next((key for key in by_size if name in whole[key]), "")
            if home and (name in known or name in groups or name not in held):
                groups[home].append(name)
                notes += [name] if name in drawings.items and name not in held else []
        return groups, notes

    def _on_layout(self, places: Places) -> None:
        """Keep the picture where it was: its upper left corner stays in place."""
        board = self._board
        known = {key: at for key, at in places.items() if board.box_of(key) is not None}
        if not known:
            return
        before = board.content(known)
        left = min(x for x, _ in known.values())
        top = min(y for _, y in known.values())
        dx, dy = snapped(before.left() - left), snapped(before.top() - top)
        areas: Areas = {}
        for key, (x, y) in known.items():
            box = board.box_of(key) or QRectF()
            areas[key] = QRectF(QPointF(snapped(x + dx), snapped(y + dy)), box.size())
        self.to({**areas, **self._frames(areas)})

    def _frames(self, areas: Areas) -> Areas:
        """Where frames are when what is in them is elsewhere: around it, inner ones first."""
        drawings = self._board.drawings
        frames = [key for key, item in drawings.items.items() if item.drawing.what == FRAME]
        held = {key: drawings.members(key) for key in frames}
        found: Areas = {}
        for key in sorted(frames, key=lambda one: len(held[one])):
            if not held[key] & (areas.keys() | found.keys()):
                continue
            inside = [
                found.get(name) or areas.get(name) or self._board.box_of(name) or QRectF()
                for name in held[key]
            ]
            whole = held[key] & self._board.nodes.keys() <= areas.keys()
            fitting = around(inside)
            found[key] = fitting if whole else drawings.items[key].area().united(fitting)
        return found

    def to(self, areas: Areas) -> None:
        """Move nodes and drawings there."""
        self.stop()
        self._from = {key: self._board.box_of(key) or QRectF() for key in areas}
        self._to = areas
        if len(areas) > MANY:  # no machine moves so many of them in each frame
            self._left = list(areas)
            self._pieces.start()
        elif self._shown:
            self._run.start()
        else:
            self._arrive()

    def _put_some(self) -> None:
        """Put the next few of very many where they belong, so that the window is never held up."""
        now, self._left = self._left[:_SOME], self._left[_SOME:]
        self._put({key: self._to[key] for key in now})
        if not self._left:
            self._pieces.stop()
            self._arrive()

    def _step(self, part: object) -> None:
        if not isinstance(part, float):
            return
        eased = 1 - (1 - part) ** 3
        self._put({key: _between(self._from[key], self._to[key], eased) for key in self._from})

    def _put(self, now: Areas) -> None:
        self._board.preview({key: (box.x(), box.y()) for key, box in now.items()})
        drawn = self._board.drawings.items
        self._board.drawings.preview({key: box for key, box in now.items() if key in drawn})

    def _arrive(self) -> None:
        areas, self._to = self._to, {}
        if areas and self._board.model is not None:
            drawn = self._board.drawings.items
            positions = {key: (box.x(), box.y()) for key, box in areas.items()}
            sizes = {key: (box.width(), box.height()) for key, box in areas.items() if key in drawn}
            self._board.model.rearrange(positions, sizes, tr("Tidy up"))
            self._board.settle(areas)

    def stop(self) -> None:
        """End a movement where the model has the nodes."""
        if self._run.state() == QAbstractAnimation.State.Running or self._left:
            self._run.stop()
            self._pieces.stop()
            self._left = []
            self._to = {}
            self._board.settle(self._from)

    def cancel(self) -> bool:
        """Forget a layout under way, too; returns whether there was one."""
        before = self.worker.busy
        self.worker.cancel()
        self.stop()
        return before


def _between(one: QRectF, other: QRectF, part: float) -> QRectF:
    rest = 1 - part
    return QRectF(
        one.x() * rest + other.x() * part,
        one.y() * rest + other.y() * part,
        one.width() * rest + other.width() * part,
        one.height() * rest + other.height() * part,
    )
