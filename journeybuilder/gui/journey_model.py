"""A journey in the editor: the draft, its findings, undo, saving; what canvas and forms look at."""

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from PySide6.QtCore import QTimer, Signal
from typing_extensions import override

from journeybuilder.checks import Known, check_journey
from journeybuilder.contract.fields import Port
from journeybuilder.contract.tools import Risk
from journeybuilder.document.edit import fresh_id
from journeybuilder.document.findings import Finding, Path
from journeybuilder.document.model import Journey, Node
from journeybuilder.errors import AuthorError
from journeybuilder.gui.canvas.model import CanvasModel, NodeView, QuickKind, WireKey
from journeybuilder.gui.drafting import beginning, distinct, kind_title, kinds_only, raw_nodes
from journeybuilder.gui.forms.base import UNSET
from journeybuilder.gui.journal import Change, Draft, Edit, History
from journeybuilder.gui.journey_file import JourneyOnDisk
from journeybuilder.gui.node_views import Facts, placed, title_of, view_of
from journeybuilder.kinds import KINDS, ports_of

_SETTLE = 60  # ms after the last edit until the journey is checked
_INSERT_GAP = 280.0  # how far what follows moves right when a node comes in between
_ABBREVIATE = 24

QuickOffer = Callable[[], Sequence[QuickKind]]


class JourneyModel(CanvasModel):
    """One open journey.

    Signals:
        findings_changed: The journey was checked again.
        saved_changed: Saved or modified now.
        edited: Another draft is shown, by an edit, undo, redo or reload.
        refused: Words about an edit that could not be made.
    """

    findings_changed = Signal()
    saved_changed = Signal()
    edited = Signal()
    refused = Signal(str)

    def __init__(self, disk: JourneyOnDisk, known: Known, risks: Mapping[str, Risk]) -> None:
        super().__init__()
        self.disk = disk
        self._known = known
        self._facts = Facts(risks=risks)
        self._draft = disk.draft()
        self._places = placed(self._draft.journey, self._draft.layout.positions)
        self._views: dict[str, NodeView] = {}
        self._incoming: dict[str, list[WireKey]] | None = None
        self._gestures = count(1)
        self.findings: Sequence[Finding] = ()
        self.quick_offer: QuickOffer = kinds_only
        self.history = History(self._show)
        self.history.cleanChanged.connect(self.saved_changed)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self.check)
        self.check()

    # --- what there is -----------------------------------------------------------------------

    @property
    def journey(self) -> Journey:
        """The journey as it is shown now."""
        return self._draft.journey

    @property
    def draft(self) -> Draft:
        """The journey and its layout as they are shown now."""
        return self._draft

    @property
    def known(self) -> Known:
        """What is known of the world around it."""
        return self._known

    @property
    def saved(self) -> bool:
        """True where the files say what is shown."""
        return self.history.isClean()

    def settings_of(self, node_id: str) -> Node | None:
        """A node with its settings; None where there is none."""
        return self.journey.nodes.get(node_id)

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

    @override
    def node_ids(self) -> Sequence[str]:
        return list(self.journey.nodes)

    @override
    def node(self, node_id: str) -> NodeView:
        view = self._views.get(node_id)
        if view is None:
            view = view_of(self.journey.nodes[node_id], self.journey.start, self._facts)
            self._views[node_id] = view
        return view

    @override
    def position(self, node_id: str) -> tuple[float, float]:
        return self._places[node_id]

    @override
    def incoming(self, node_id: str) -> Sequence[WireKey]:
        if self._incoming is None:
            self._incoming = {}
            for source in self.journey.nodes:
                for port in self.node(source).ports:
                    if port.target:
                        self._incoming.setdefault(port.target, []).append((source, port.name))
        return self._incoming.get(node_id, ())

    @override
    def quick_kinds(self, source: str, port: str) -> Sequence[QuickKind]:
        return self.quick_offer()

    # --- edits ---------------------------------------------------------------------------------

    def new_gesture(self) -> str:
        """A name for edits that are to be one step of undo."""
        return f"g{next(self._gestures)}"

    def apply(self, title: str, *edits: Edit, gesture: str = "") -> bool:
        """Make a change; False where it cannot be made, with the reason in `refused`."""
        try:
            self.history.make(Change(title, edits, gesture), self._draft)
        except AuthorError as error:
            self.refused.emit(f"{error.what} {error.hint}".strip())
            return False
        return True

    def set_setting(self, node_id: str, path: Path, value: Any, gesture: str = "") -> bool:
        """Set a value in a node's settings; UNSET removes it, and unwires where it is a way out."""
        node = self.journey.nodes.get(node_id)
        if node is None:
            return False
        title = f"Change {str(path[0]).replace('_', ' ')} of {title_of(node)}"
        if value is UNSET and any(port.path == path for port in ports_of(node)):
            return self.apply(title, Edit("disconnect", {"node": node_id, "path": list(path)}))
        return self._set(title, ("nodes", node_id, *path), value, gesture)

    def set_value(self, path: Path, value: Any, gesture: str = "") -> bool:
        """Set a value of the journey itself; UNSET removes it."""
        return self._set(f"Change {str(path[0]).replace('_', ' ')}", path, value, gesture)

    def _set(self, title: str, path: Path, value: Any, gesture: str) -> bool:
        if value is UNSET:
            return self.apply(title, Edit("unset", {"path": list(path)}), gesture=gesture)
        return self.apply(title, Edit("set", {"path": list(path), "value": value}), gesture=gesture)

    def rename(self, old: str, new: str) -> bool:
        """Give a node another id; every wire to it follows."""
        return self.apply(f"Rename {old}", Edit("rename", {"old": old, "new": new}))

    def set_start(self, node_id: str) -> bool:
        """Let the journey begin at a node."""
        return self.apply("Set the start", Edit("set", {"path": ["start"], "value": node_id}))

    def duplicate(self, ids: Sequence[str]) -> None:
        """Copies of nodes, a little below the originals."""
        self.apply(
            "Duplicate", self._pinned(ids), Edit("duplicate", {"ids": list(ids), "by": [40, 40]})
        )

    def _pinned(self, ids: Sequence[str]) -> Edit:
        """Write down where nodes are that the layout file does not know yet."""
        places = {name: list(self._places[name]) for name in ids}
        return Edit("move", {"positions": places})

    @override
    def move(self, positions: Mapping[str, tuple[float, float]], gesture: str) -> None:
        places = {name: [round(x), round(y)] for name, (x, y) in positions.items()}
        self.apply("Move", Edit("move", {"positions": places}), gesture=gesture)

    @override
    def connect_port(self, source: str, port: str, target: str) -> None:
        path = self.port(source, port).path
        args = {"node": source, "path": list(path), "target": target}
        self.apply("Connect", Edit("connect", args))

    @override
    def disconnect_port(self, source: str, port: str) -> None:
        self.apply("Disconnect", self._parted(source, port))

    @override
    def cut(self, wires: Sequence[WireKey]) -> None:
        title = "Cut a wire" if len(wires) == 1 else f"Cut {len(wires)} wires"
        self.apply(title, *(self._parted(*wire) for wire in wires))

    def _parted(self, source: str, port: str) -> Edit:
        return Edit("disconnect", {"node": source, "path": list(self.port(source, port).path)})

    @override
    def remove(self, ids: Sequence[str]) -> None:
        known = [name for name in ids if name in self.journey.nodes]
        if known:
            what = (
                title_of(self.journey.nodes[known[0]]) if len(known) == 1 else f"{len(known)} nodes"
            )
            self.apply(f"Remove {what}", Edit("remove", {"ids": known}))

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
        return name if self.apply(f"Add {kind_title(kind)}", *edits) else ""

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
                f"{kind_title(kind)} has no way out and cannot stand between two nodes."
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
        return name if self.apply(f"Insert {kind_title(kind)}", *edits) else ""

    def _downstream_shift(self, target: str, at: tuple[float, float]) -> dict[str, list[float]]:
        """What lies behind the wire, moved right as far as the new node needs."""
        if target not in self._places:
            return {}
        gap = at[0] + _INSERT_GAP - self._places[target][0]
        if gap <= 0:
            return {}
        edge = self._places[target][0]
        found, waiting = {target}, [target]
        while waiting:
            for port in self.node(waiting.pop()).ports:
                if (
                    port.target in self._places
                    and port.target not in found
                    and self._places[port.target][0] >= edge
                ):
                    found.add(port.target)
                    waiting.append(port.target)
        return {name: [self._places[name][0] + gap, self._places[name][1]] for name in found}

    def _fresh(self, kind: str, settings: Mapping[str, Any]) -> str:
        tool = str(settings.get("tool") or "")
        return fresh_id(self.journey, tool.rpartition("/")[2][:_ABBREVIATE] if tool else kind)

    # --- showing another draft -------------------------------------------------------------------

    def _show(self, draft: Draft) -> None:
        """Show a draft and tell what differs, node by node; equal nodes keep their identity."""
        old, self._draft = self._draft, draft
        before, after = old.journey.nodes, draft.journey.nodes
        raw_before, raw_after = raw_nodes(old.journey), raw_nodes(draft.journey)
        removed = tuple(name for name in before if name not in after)
        added = tuple(name for name in after if name not in before)
        changed = {
            name for name in after if name in before and raw_before[name] is not raw_after[name]
        }
        if old.journey.start != draft.journey.start:
            changed |= {
                name
                for name in (old.journey.start, draft.journey.start)
                if name in after and name in before
            }
        for name in (*removed, *changed):
            self._views.pop(name, None)
        self._incoming = None
        places, self._places = self._places, self._placed(draft)
        moved = tuple(
            name for name, place in self._places.items() if name in places and places[name] != place
        )
        if removed:
            self.nodes_removed.emit(removed)
        if added:
            self.nodes_added.emit(added)
        if changed:
            self.nodes_changed.emit(tuple(changed))
        if moved:
            self.nodes_moved.emit(moved)
        self.edited.emit()
        self._settle.start()

    def _placed(self, draft: Draft) -> dict[str, tuple[float, float]]:
        known = {
            **{name: at for name, at in self._places.items() if name in draft.journey.nodes},
            **draft.layout.positions,
        }
        return placed(draft.journey, known)

    # --- findings ------------------------------------------------------------------------------

    def check(self) -> None:
        """Check now what is shown."""
        self._settle.stop()
        problems = check_journey(self.journey, self._known)
        source = self.disk.source
        located = [source.locate(problem) for problem in problems]
        own = [] if self.disk.source.readable and not self.saved else list(source.findings)
        self.findings = distinct([*own, *located])
        severities: dict[str, str] = {}
        for finding in self.findings:
            if finding.node and severities.get(finding.node) != "error":
                severities[finding.node] = finding.severity
        self._use_facts(Facts(severities, self._facts.risks))
        self.findings_changed.emit()

    def set_known(self, known: Known, risks: Mapping[str, Risk]) -> None:
        """What is known around it has changed: tools were discovered, files were read again."""
        self._known = known
        self._use_facts(Facts(self._facts.severities, risks))
        self.check()

    def _use_facts(self, facts: Facts) -> None:
        old, self._facts = self._facts, facts
        if old == facts:
            return
        changed: list[str] = []
        for name, node in self.journey.nodes.items():
            view = view_of(node, self.journey.start, facts)
            if view != self._views.get(name):
                self._views[name] = view
                changed.append(name)
        if changed:
            self.nodes_changed.emit(tuple(changed))

    def findings_of(self, node_id: str) -> list[Finding]:
        """What is wrong with one node."""
        return [finding for finding in self.findings if finding.node == node_id]

    # --- files -----------------------------------------------------------------------------------

    def save(self) -> None:
        """Write what has changed; comments and untouched lines stay as they are.

        Raises:
            OperatorError: When a file cannot be written; nothing is half-written then.
        """
        self.disk.write(self._draft)
        self.history.setClean()
        self.check()

    def reload(self) -> None:
        """Take what the files say now; undo begins anew."""
        self.disk.read()
        self._draft = self.disk.draft()
        self._places = placed(self._draft.journey, self._draft.layout.positions)
        self._views.clear()
        self._incoming = None
        self.history.clear()
        self.reset.emit()
        self.edited.emit()
        self.saved_changed.emit()
        self.check()

    def dispose(self) -> None:
        """Let go of the files; nothing is checked any more."""
        self.history.clear()
        self._settle.stop()
        self.disk.close()

    def keep_mine(self) -> None:
        """The files have changed and what is shown stays: it counts as modified."""
        self.disk.read_keeping_marks()
        self.history.resetClean()
        self.saved_changed.emit()
