"""Edits of what is beside the logic: frames, notes, colors, bookmarks, several things at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from typing_extensions import override

from journeybuilder.contract.fields import Port
from journeybuilder.document.drawings import (
    FRAME,
    Drawing,
    bookmarks_of,
    colors_of,
    drawings_of,
    fresh_key,
    is_drawing,
)
from journeybuilder.document.model import Layout
from journeybuilder.gui.canvas.model import WireKey
from journeybuilder.gui.forms.base import UNSET
from journeybuilder.gui.journey.drafting import beginning
from journeybuilder.gui.journey.journal import Edit
from journeybuilder.gui.journey.journey_edits import JourneyEdits
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.kinds import KINDS, ports_of

Place = tuple[float, float]


class DrawingEdits(JourneyEdits):
    """Adds frames, notes, colors and bookmarks to what can be changed."""

    def __init__(self) -> None:
        super().__init__()
        self._drawn: tuple[Layout, Mapping[str, Drawing]] = (Layout(), {})

    # --- what there is -----------------------------------------------------------------------

    @override
    def drawings(self) -> Mapping[str, Drawing]:
        layout = self.draft.layout
        if self._drawn[0] is not layout:
            self._drawn = (layout, drawings_of(layout))
        return self._drawn[1]

    def colors(self) -> Mapping[str, str]:
        """The color of every node that has one of its own."""
        return colors_of(self.draft.layout)

    def bookmarks(self) -> Mapping[str, str]:
        """The node at each bookmark, by `1` to `9`; only those that exist."""
        nodes = self.journey.nodes
        marks = bookmarks_of(self.draft.layout)
        return {number: node for number, node in marks.items() if node in nodes}

    def set_bookmark(self, number: str, node: str) -> bool:
        """Put a bookmark at a node; an empty node removes it."""
        words = tr("Set bookmark {number}") if node else tr("Remove bookmark {number}")
        edit = Edit("set_bookmark", {"number": number, "node": node})
        return self.apply(words.format(number=number), edit)

    @override
    def why_not_between(self, kind: str, settings: Mapping[str, Any]) -> str:
        ports = KINDS[kind].ports(beginning(kind, settings)) if kind in KINDS else ()
        return "" if _onward(ports) is not None else tr("Nothing can come after it.")

    # --- frames and notes ----------------------------------------------------------------------

    @override
    def draw(self, what: str, at: Place, size: Place, text: str = "") -> str:
        key = fresh_key(self.draft.layout, what)
        values = {"text": text, "at": _whole(at), "size": _whole(size)}
        title = tr("Add a frame") if what == FRAME else tr("Add a note")
        return key if self.apply(title, Edit("draw", {"key": key, "values": values})) else ""

    @override
    def reshape(self, key: str, at: Place, size: Place) -> None:
        values = {"at": _whole(at), "size": _whole(size)}
        self.apply(tr("Resize"), Edit("redraw", {"key": key, "values": values}))

    @override
    def retitle(self, node_id: str, title: str) -> bool:
        if is_drawing(node_id):
            drawing = self.drawings().get(node_id)
            if drawing is None or drawing.text == title:
                return False
            words = tr("Rename a frame") if drawing.what == FRAME else tr("Write a note")
            return self.apply(words, Edit("redraw", {"key": node_id, "values": {"text": title}}))
        node = self.journey.nodes.get(node_id)
        if node is None or title == title_of(node):
            return False
        return self.set_setting(node_id, ("title",), title or UNSET)

    @override
    def paint(self, ids: Sequence[str], color: str) -> None:
        known = [key for key in ids if key in self.journey.nodes or key in self.drawings()]
        if known:
            self.apply(tr("Change the color"), Edit("color", {"ids": known, "color": color}))

    @override
    def rearrange(
        self, positions: Mapping[str, Place], sizes: Mapping[str, Place], title: str
    ) -> None:
        places = {key: _whole(at) for key, at in positions.items()}
        edits = [Edit("move", {"positions": places})] if places else []
        known = self.drawings()
        edits += [
            Edit("redraw", {"key": key, "values": {"size": _whole(size)}})
            for key, size in sizes.items()
            if key in known and known[key].size != size
        ]
        if edits:
            self.apply(title, *edits)

    # --- nodes ---------------------------------------------------------------------------------

    @override
    def remove(self, ids: Sequence[str]) -> None:
        nodes = [name for name in ids if name in self.journey.nodes]
        drawn = [key for key in ids if key in self.drawings()]
        if not drawn:
            super().remove(nodes)
            return
        edits = [Edit("remove", {"ids": nodes})] if nodes else []
        many = len(nodes) + len(drawn)
        title = trn("Remove {n} thing", "Remove {n} things", many)
        if not nodes and many == 1:
            frame = self.drawings()[drawn[0]].what == FRAME
            title = tr("Remove a frame") if frame else tr("Remove a note")
        self.apply(title, *edits, Edit("erase", {"keys": drawn}))

    @override
    def bypass(self, ids: Sequence[str]) -> None:
        known = [name for name in ids if name in self.journey.nodes]
        if known:
            n = len(known)
            title = trn("Remove {n} step and reconnect", "Remove {n} steps and reconnect", n)
            self.apply(title, Edit("bypass", {"ids": known}))

    @override
    def connect_ports(self, wires: Sequence[WireKey], target: str) -> None:
        edits = [
            Edit(
                "connect",
                {"node": source, "path": list(self.port(source, port).path), "target": target},
            )
            for source, port in wires
        ]
        if edits:
            self.apply(trn("Connect {n} wire", "Connect {n} wires", len(edits)), *edits)

    @override
    def splice(self, node_id: str, wire: WireKey, positions: Mapping[str, Place]) -> bool:
        source, port = wire
        node = self.journey.nodes[node_id]
        out = _onward(ports_of(node))
        if out is None:
            words = tr("{title} has no way out and cannot stand between two steps.")
            self.refused.emit(words.format(title=title_of(node)))
            return False
        before = self.port(source, port)
        args = {
            "source": source, "path": list(before.path), "node": node_id, "out": list(out.path),
        }  # fmt: skip
        at = positions.get(node_id, self.position(node_id))
        behind = self._downstream_shift(before.target, at)
        behind.pop(node_id, None)
        places = {**{key: _whole(place) for key, place in positions.items()}, **behind}
        title = tr("Insert {title}", title=title_of(node))
        return self.apply(title, Edit("splice", args), Edit("move", {"positions": places}))


def _whole(pair: Place) -> list[int]:
    return [round(pair[0]), round(pair[1])]


def _onward(ports: Sequence[Port]) -> Port | None:
    """The way out that leads on when a node comes in between: the first normal one, if it is free."""
    return next((port for port in ports if port.style == "normal"), None)
