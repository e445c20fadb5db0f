"""Nodes on their way to new places: laid out in another process, shown in 150 ms."""

from collections.abc import Collection, Mapping
from uuid import uuid4

from PySide6.QtCore import QAbstractAnimation, QObject, QVariantAnimation

from journeybuilder.gui.canvas.geometry import snapped
from journeybuilder.gui.canvas.scene import CanvasScene
from journeybuilder.gui.layout_worker import LayoutWorker

_MS = 150
Places = Mapping[str, tuple[float, float]]


class Glide(QObject):
    """Moves nodes to where a layout puts them, as one step of undo."""

    def __init__(self, board: CanvasScene, parent: QObject) -> None:
        super().__init__(parent)
        self._board = board
        self._from: Places = {}
        self._to: Places = {}
        self._shown = True
        self._run = QVariantAnimation(self)
        self._run.setDuration(_MS)
        self._run.setStartValue(0.0)
        self._run.setEndValue(1.0)
        self._run.valueChanged.connect(self._step)
        self._run.finished.connect(self._arrive)
        self.worker = LayoutWorker(self)
        self.worker.finished.connect(self._on_layout)

    def tidy(self, ids: Collection[str], shown: bool) -> None:
        """Lay these nodes out anew; `shown` is False where they shall jump."""
        nodes = self._board.nodes
        known = [node_id for node_id in ids if node_id in nodes]
        if not known:
            return
        self._shown = shown
        sizes = {i: (nodes[i].card().width(), nodes[i].card().height()) for i in known}
        edges = [
            (key[0], self._board.wires[key].target)
            for i in known
            for key in self._board.leaving.get(i, ())
            if self._board.wires[key].target in sizes
        ]
        start = next((i for i in known if "start" in nodes[i].view.badges), known[0])
        self.worker.start(sizes, edges, start)

    def _on_layout(self, places: Places) -> None:
        """Keep the picture where it was: the first node of the layout stays in place."""
        known = {i: place for i, place in places.items() if i in self._board.nodes}
        if not known:
            return
        before = self._board.content(known)
        left = min(x for x, _ in known.values())
        top = min(y for _, y in known.values())
        dx, dy = snapped(before.left() - left), snapped(before.top() - top)
        self.to({i: (snapped(x + dx), snapped(y + dy)) for i, (x, y) in known.items()})

    def to(self, places: Places) -> None:
        """Move nodes there."""
        self.stop()
        nodes = self._board.nodes
        self._from = {i: (nodes[i].pos().x(), nodes[i].pos().y()) for i in places}
        self._to = places
        if self._shown:
            self._run.start()
        else:
            self._arrive()

    def _step(self, part: object) -> None:
        if not isinstance(part, float):
            return
        eased = 1 - (1 - part) ** 3
        self._board.preview(
            {
                i: (x + (self._to[i][0] - x) * eased, y + (self._to[i][1] - y) * eased)
                for i, (x, y) in self._from.items()
            }
        )

    def _arrive(self) -> None:
        places, self._to = self._to, {}
        if places and self._board.model is not None:
            self._board.model.move(places, uuid4().hex)

    def stop(self) -> None:
        """End a movement where the model has the nodes."""
        if self._run.state() == QAbstractAnimation.State.Running:
            self._run.stop()
            self._to = {}
            self._board.settle(self._from)

    def cancel(self) -> None:
        """Forget a layout under way, too."""
        self.worker.cancel()
        self.stop()
