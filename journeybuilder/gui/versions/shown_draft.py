"""A draft that is only looked at: a comparison or a preview of a merge, on a canvas of its own."""

from collections.abc import Mapping, Sequence

from typing_extensions import override

from journeybuilder.document.model import Journey, Layout, mapping
from journeybuilder.gui.canvas.model import NodeView, QuickKind, WireKey
from journeybuilder.gui.journey.drawing_edits import DrawingEdits
from journeybuilder.gui.journey.history import History
from journeybuilder.gui.journey.journal import Draft, Edit, Follower
from journeybuilder.gui.journey.node_views import Facts, placed, view_of


class ShownDraft(DrawingEdits):
    """Shows a draft and changes nothing, whatever is tried on the canvas."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self.history = History(self.show_draft, draft)
        self._views: dict[str, NodeView] = {}
        self._places: Mapping[str, tuple[float, float]] = {}
        self._incoming: dict[str, list[WireKey]] = {}
        self.show_draft(draft)

    def show_draft(self, draft: Draft) -> None:
        """Show another draft."""
        self._draft = draft
        journey = draft.journey
        self._views = {
            name: view_of(node, journey.start, Facts()) for name, node in journey.nodes.items()
        }
        self._places = placed(journey, draft.layout.positions)
        self._incoming = {}
        for name, view in self._views.items():
            for port in view.ports:
                if port.target:
                    self._incoming.setdefault(port.target, []).append((name, port.name))
        self.reset.emit()

    @property
    @override
    def draft(self) -> Draft:
        """What is shown."""
        return self._draft

    @override
    def node_ids(self) -> Sequence[str]:
        return list(self._views)

    @override
    def node(self, node_id: str) -> NodeView:
        return self._views[node_id]

    @override
    def position(self, node_id: str) -> tuple[float, float]:
        return self._places[node_id]

    @override
    def incoming(self, node_id: str) -> Sequence[WireKey]:
        return self._incoming.get(node_id, ())

    @override
    def quick_kinds(self, source: str, port: str) -> Sequence[QuickKind]:
        return ()

    @override
    def apply(
        self, title: str, *edits: Edit, gesture: str = "", followers: Sequence[Follower] = ()
    ) -> bool:
        """Nothing changes; nodes that were dragged go back."""
        self.nodes_moved.emit(tuple(self._views))
        return False


def union(old: Draft, new: Draft, gone: Sequence[str]) -> Draft:
    """The new draft with nodes of the old one that are gone, where they were.

    Args:
        old: The draft before.
        new: The draft after.
        gone: Ids of nodes that only the old one has.
    """
    before = mapping(old.journey.data.get("nodes"))
    nodes = {**mapping(new.journey.data.get("nodes")), **{name: before[name] for name in gone}}
    places = mapping(old.layout.data.get("nodes"))
    kept = {name: places[name] for name in gone if name in places}
    layout = {**new.layout.data, "nodes": {**kept, **mapping(new.layout.data.get("nodes"))}}
    return Draft(Journey({**new.journey.data, "nodes": nodes}), Layout(layout))
