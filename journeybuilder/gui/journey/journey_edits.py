"""Every edit of an open journey, as one step of undo each."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from PySide6.QtCore import Signal
from typing_extensions import override

from journeybuilder.contract.fields import Port
from journeybuilder.document.edit import fresh_id
from journeybuilder.document.findings import Path
from journeybuilder.document.model import Journey
from journeybuilder.errors import AuthorError
from journeybuilder.gui.canvas.model import CanvasModel, WireKey
from journeybuilder.gui.forms.base import UNSET
from journeybuilder.gui.journey.clipboard import clip_of, text_of
from journeybuilder.gui.journey.drafting import beginning, kind_title
from journeybuilder.gui.journey.history import History
from journeybuilder.gui.journey.journal import Change, Draft, Edit, Follower
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.kinds import KINDS, ports_of

_INSERT_GAP = 280.0  # how far what follows moves right when a node comes in between
_ABBREVIATE = 24
_DROP = 160.0  # between pasted nodes that come without places


class JourneyEdits(CanvasModel):
    """Turns what a person wants into changes on the stack of undo.

    Signals:
        refused: Words about an edit that could not be made.

    Attributes:
        history: The changes made.
    """

    refused = Signal(str)
    history: History

    def __init__(self) -> None:
        super().__init__()
        self._gestures = count(1)

    @property
    @abstractmethod
    def draft(self) -> Draft:
        """The journey and its layout as they are shown now."""
        ...

    @property
    def journey(self) -> Journey:
        """The journey as it is shown now."""
        return self.draft.journey

    def port(self, node_id: str, name: str) -> Port:
        """A way out of a node.

        Raises:
            AuthorError: When there is none of this name.
        """
        node = self.journey.nodes.get(node_id)
        for port in ports_of(node) if node is not None else ():
            if port.name == name:
                return port
        raise AuthorError(f"'{node_id}' has no way out '{name}'.")

    def new_gesture(self) -> str:
        """A name for edits that are to be one step of undo."""
        return f"g{next(self._gestures)}"

    def apply(
        self, title: str, *edits: Edit, gesture: str = "", followers: Sequence[Follower] = ()
    ) -> bool:
        """Make a change; False where it cannot be made, with the reason in `refused`.

        Args:
            title: What the person does.
            edits: What that changes.
            gesture: See `Change`.
            followers: Other files that are written with it, by the caller.
        """
        try:
            self.history.make(Change(title, edits, gesture, tuple(followers)), self.draft)
        except AuthorError as error:
            self.refused.emit(f"{said(error.what)} {said(error.hint)}".strip())
            return False
        return True

    def set_setting(self, node_id: str, path: Path, value: Any, gesture: str = "") -> bool:
        """Set a value in a node's settings; UNSET removes it, and unwires where it is a way out."""
        node = self.journey.nodes.get(node_id)
        if node is None:
            return False
        title = tr("Change {what} of {title}", what=_word(path), title=title_of(node))
        if value is UNSET and any(port.path == path for port in ports_of(node)):
            return self.apply(title, Edit("disconnect", {"node": node_id, "path": list(path)}))
        return self._set(title, ("nodes", node_id, *path), value, gesture)

    def set_settings(self, node_id: str, values: Mapping[Path, Any]) -> bool:
        """Set several values in a node's settings in one step; UNSET removes one."""
        node = self.journey.nodes.get(node_id)
        if node is None or not values:
            return False
        edits = [_value_edit(("nodes", node_id, *path), value) for path, value in values.items()]
        return self.apply(tr("Change {title}", title=title_of(node)), *edits)

    def set_value(self, path: Path, value: Any, gesture: str = "") -> bool:
        """Set a value of the journey itself; UNSET removes it."""
        return self._set(tr("Change {what}", what=_word(path)), path, value, gesture)

    def _set(self, title: str, path: Path, value: Any, gesture: str) -> bool:
        return self.apply(title, _value_edit(path, value), gesture=gesture)

    def rename(self, old: str, new: str) -> bool:
        """Give a node another id; every wire to it follows."""
        return self.apply(tr("Rename {name}", name=old), Edit("rename", {"old": old, "new": new}))

    def set_start(self, node_id: str) -> bool:
        """Let the journey begin at a node."""
        return self.apply(tr("Set the start"), Edit("set", {"path": ["start"], "value": node_id}))

    def duplicate(self, ids: Sequence[str]) -> Sequence[str]:
        """Copies of nodes, frames and notes, a little below the originals; gives the new ones."""
        before = {*self.journey.nodes, *self.drawings()}
        nodes = [name for name in ids if name in self.journey.nodes]
        drawn = [key for key in ids if key in self.drawings()]
        copies = {"ids": nodes, "by": [40, 40], **({"drawings": drawn} if drawn else {})}
        self.apply(tr("Duplicate"), self._pinned(nodes), Edit("duplicate", copies))
        return [key for key in (*self.journey.nodes, *self.drawings()) if key not in before]

    def tried(self, *edits: Edit) -> Draft:
        """The draft as some edits would make it; nothing changes.

        Raises:
            AuthorError: When they cannot be made.
        """
        return Change("", edits).apply(self.draft)

    def copied(self, ids: Sequence[str]) -> str:
        """Nodes, frames and notes as text, for the clipboard."""
        nodes = [name for name in ids if name in self.journey.nodes]
        drawn = [one for key, one in self.drawings().items() if key in ids]
        return text_of(self.draft, nodes, {name: self.position(name) for name in nodes}, drawn)

    def paste(self, text: str, at: tuple[float, float]) -> Sequence[str]:
        """Add what is in a text, its upper left at a place; gives the ids and keys of it."""
        try:
            clip = clip_of(text)
        except AuthorError as error:
            self.refused.emit(f"{said(error.what)} {said(error.hint)}")
            return ()
        places = dict(clip.places) or {name: (0.0, _DROP * n) for n, name in enumerate(clip.nodes)}
        corners = [*places.values(), *(one["at"] for one in clip.drawings)]
        left, top = min(x for x, _ in corners), min(y for _, y in corners)
        by = [round(at[0] - left), round(at[1] - top)]
        before = {*self.journey.nodes, *self.drawings()}
        data = {
            "journey": clip.journey,
            "nodes": dict(clip.nodes),
            "places": {name: list(place) for name, place in places.items()},
            "by": by,
            **({"drawings": list(clip.drawings)} if clip.drawings else {}),
            **({"colors": dict(clip.colors)} if clip.colors else {}),
        }
        many = len(clip.nodes) + len(clip.drawings)
        self.apply(trn("Paste {n} step", "Paste {n} steps", many), Edit("paste", data))
        return [key for key in (*self.journey.nodes, *self.drawings()) if key not in before]

    def _pinned(self, ids: Sequence[str]) -> Edit:
        """Write down where nodes are that the layout file does not know yet."""
        places = {name: list(self.position(name)) for name in ids}
        return Edit("move", {"positions": places})

    @override
    def move(self, positions: Mapping[str, tuple[float, float]], gesture: str) -> None:
        places = {name: [round(x), round(y)] for name, (x, y) in positions.items()}
        self.apply(tr("Move"), Edit("move", {"positions": places}), gesture=gesture)

    @override
    def connect_port(self, source: str, port: str, target: str) -> None:
        path = self.port(source, port).path
        args = {"node": source, "path": list(path), "target": target}
        self.apply(tr("Connect"), Edit("connect", args))

    @override
    def disconnect_port(self, source: str, port: str) -> None:
        self.apply(tr("Disconnect"), self._parted(source, port))

    @override
    def cut(self, wires: Sequence[WireKey]) -> None:
        title = trn("Cut {n} wire", "Cut {n} wires", len(wires))
        self.apply(title, *(self._parted(*wire) for wire in wires))

    def _parted(self, source: str, port: str) -> Edit:
        return Edit("disconnect", {"node": source, "path": list(self.port(source, port).path)})

    @override
    def remove(self, ids: Sequence[str]) -> None:
        known = [name for name in ids if name in self.journey.nodes]
        if known:
            title = trn("Remove {n} step", "Remove {n} steps", len(known))
            if len(known) == 1:
                title = tr("Remove {title}", title=title_of(self.journey.nodes[known[0]]))
            self.apply(title, Edit("remove", {"ids": known}))

    @override
    def add(
        self,
        kind: str,
        settings: Mapping[str, Any],
        at: tuple[float, float],
        from_port: WireKey | None = None,
    ) -> str:
        name = self._fresh(kind, settings)
        filled = beginning(kind, settings)
        after = from_port[0] if from_port else ""
        edits = [
            Edit(
                "add",
                {"id": name, "kind": kind, "settings": filled, "at": list(at), "after": after},
            )
        ]
        if from_port is not None:
            path = list(self.port(*from_port).path)
            edits.append(Edit("connect", {"node": from_port[0], "path": path, "target": name}))
        return name if self.apply(tr("Add {title}", title=tr(kind_title(kind))), *edits) else ""

    @override
    def insert_on_wire(
        self, kind: str, settings: Mapping[str, Any], at: tuple[float, float], wire: WireKey
    ) -> str:
        source, port = wire
        name = self._fresh(kind, settings)
        filled = beginning(kind, settings)
        out = next((one for one in KINDS[kind].ports(filled) if one.style == "normal"), None)
        if out is None:
            self.refused.emit(
                tr(
                    "{title} has no way out and cannot stand between two steps.",
                    title=tr(kind_title(kind)),
                )
            )
            return ""
        path = self.port(source, port).path
        edits = [
            Edit(
                "insert",
                {
                    "source": source, "path": list(path), "id": name, "kind": kind, "settings": filled,
                    "out": list(out.path), "at": list(at),
                },
            )
        ]  # fmt: skip
        shifted = self._downstream_shift(self.port(source, port).target, at)
        if shifted:
            edits.append(Edit("move", {"positions": shifted}))
        return name if self.apply(tr("Insert {title}", title=tr(kind_title(kind))), *edits) else ""

    def _downstream_shift(self, target: str, at: tuple[float, float]) -> dict[str, list[float]]:
        """What lies behind the wire, moved right as far as the new node needs."""
        if target not in self.journey.nodes:
            return {}
        gap = at[0] + _INSERT_GAP - self.position(target)[0]
        if gap <= 0:
            return {}
        edge = self.position(target)[0]
        found, waiting = {target}, [target]
        while waiting:
            for port in self.node(waiting.pop()).ports:
                if (
                    port.target in self.journey.nodes
                    and port.target not in found
                    and self.position(port.target)[0] >= edge
                ):
                    found.add(port.target)
                    waiting.append(port.target)
        return {name: [self.position(name)[0] + gap, self.position(name)[1]] for name in found}

    def _fresh(self, kind: str, settings: Mapping[str, Any]) -> str:
        tool = str(settings.get("tool") or "")
        return fresh_id(self.journey, tool.rpartition("/")[2][:_ABBREVIATE] if tool else kind)


def _word(path: Path) -> str:
    return str(path[0]).replace("_", " ")


def _value_edit(path: Path, value: Any) -> Edit:
    if value is UNSET:
        return Edit("unset", {"path": list(path)})
    return Edit("set", {"path": list(path), "value": value})
