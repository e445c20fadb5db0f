"""The breakpoints and watches of the open workspace: changed here, kept at once, told to whoever looks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Signal

from journeybuilder.document.model import mapping
from journeybuilder.gui.debug.notebook import Notebook, Notes
from journeybuilder.gui.journey.drafting import raw_nodes
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak
from journeybuilder.rehearse.debug.breakpoints import Breakpoint

PLACED = ("node", "edge")
"""The kinds of breakpoints that stand at a node."""


class Breakpoints(QObject):
    """The breakpoints by journey.

    Signals:
        changed: Id of a journey whose breakpoints are other ones now.
        watches_changed: Id of a journey whose watches are other ones now.
        renamed: Id of a journey, and the new names of its nodes that are called otherwise, by old ones.
        refused: Words about why they cannot be kept on the disk.
    """

    changed = Signal(str)
    watches_changed = Signal(str)
    renamed = Signal(str, object)
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notebook: Notebook | None = None
        self._loose: dict[str, Notes] = {}
        self._raw: WeakKeyDictionary[JourneyModel, Mapping[str, Any]] = WeakKeyDictionary()

    def open(self, folder: Path | None) -> None:
        """Show those of a workspace, by its folder of local state, from now on; None: of none."""
        self._notebook = Notebook(folder) if folder is not None else None
        self._loose = {}

    def _notes(self, journey: str) -> Notes:
        if self._notebook is None:
            return self._loose.setdefault(journey, Notes())
        return self._notebook.of(journey)

    def _keep(self) -> None:
        why = self._notebook.keep() if self._notebook is not None else ""
        if why:
            self.refused.emit(tr("Breakpoints cannot be kept for next time: {reason}", reason=why))

    # --- breakpoints -------------------------------------------------------------------------------

    def of(self, journey: str) -> Sequence[Breakpoint]:
        """The breakpoints of a journey, in the order in which they were set."""
        return tuple(self._notes(journey).breakpoints)

    def for_run(self, journey: str, called: Iterable[str]) -> list[Breakpoint]:
        """What a run of a journey stops at: its own ones, and those at nodes of journeys it calls."""
        found = list(self.of(journey))
        for name in called:
            if name != journey:
                placed = [one for one in self.of(name) if one.kind in PLACED]
                found += [replace(one, node=f"{name}/{one.node}") for one in placed]
        return found

    def index_at(self, journey: str, node: str, port: str = "") -> int | None:
        """Which of them stands at a node, or with a port at its wire; None where none does."""
        kind = "edge" if port else "node"
        for index, one in enumerate(self.of(journey)):
            if (one.kind, one.node, one.port) == (kind, node, port):
                return index
        return None

    def toggle(self, journey: str, node: str, port: str = "") -> bool:
        """Set one at a node or wire, or take it away; gives whether there is one now."""
        index = self.index_at(journey, node, port)
        if index is not None:
            self.remove(journey, index)
            return False
        self.put(journey, Breakpoint("edge" if port else "node", node=node, port=port))
        return True

    def put(self, journey: str, point: Breakpoint, index: int | None = None) -> int:
        """Add a breakpoint, or put it in the place of another one; gives where it stands."""
        points = self._notes(journey).breakpoints
        if index is None or not 0 <= index < len(points):
            points.append(point)
            index = len(points) - 1
        else:
            points[index] = point
        self._keep()
        self.changed.emit(journey)
        return index

    def enable(self, journey: str, index: int, *, on: bool) -> None:
        """Let a run stop there, or pass for now."""
        self.put(journey, replace(self.of(journey)[index], enabled=on), index)

    def enable_all(self, journey: str, *, on: bool) -> None:
        """Let a run stop at all of them, or pass them all for now."""
        notes = self._notes(journey)
        notes.breakpoints = [replace(one, enabled=on) for one in notes.breakpoints]
        self._keep()
        self.changed.emit(journey)

    def remove(self, journey: str, index: int) -> None:
        """Take one away."""
        del self._notes(journey).breakpoints[index]
        self._keep()
        self.changed.emit(journey)

    def clear(self, journey: str) -> None:
        """Take all of them away."""
        self._notes(journey).breakpoints = []
        self._keep()
        self.changed.emit(journey)

    # --- watches -----------------------------------------------------------------------------------

    def watches(self, journey: str) -> Sequence[str]:
        """The expressions that are watched, in order."""
        return tuple(self._notes(journey).watches)

    def watch(self, journey: str, expression: str, index: int | None = None) -> None:
        """Watch an expression, or another one in the place of one; twice the same is once."""
        watches = self._notes(journey).watches
        known = watches.index(expression) if expression in watches else None
        if known is not None and known != index:
            if index is not None:
                del watches[index]
        elif index is None or not 0 <= index < len(watches):
            watches.append(expression)
        else:
            watches[index] = expression
        self._keep()
        self.watches_changed.emit(journey)

    def unwatch(self, journey: str, index: int) -> None:
        """Watch one of them no longer."""
        del self._notes(journey).watches[index]
        self._keep()
        self.watches_changed.emit(journey)

    # --- nodes that are called otherwise ------------------------------------------------------------

    def follow(self, model: JourneyModel) -> None:
        """Let breakpoints go along when a node of this journey is renamed."""
        if model not in self._raw:
            self._raw[model] = raw_nodes(model.journey)
            model.edited.connect(weak(self._edited, model))

    def _edited(self, model: JourneyModel) -> None:
        before, after = self._raw.get(model, {}), raw_nodes(model.journey)
        self._raw[model] = after
        if before.keys() == after.keys():
            return
        renamed = renamed_nodes(before, after)
        self.renamed.emit(model.journey.id, renamed)
        notes = self._notes(model.journey.id)
        moved = [
            replace(one, node=renamed[one.node]) if one.node in renamed else one
            for one in notes.breakpoints
        ]
        if moved != notes.breakpoints:
            notes.breakpoints = moved
            self._keep()
        self.changed.emit(model.journey.id)


def renamed_nodes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """Nodes that are called otherwise after an edit, by their old ids.

    A node keeps its settings when it is renamed; one that leads to itself does not quite, so where one
    has gone and one of its kind has come, it is that one.
    """
    gone = [name for name in before if name not in after]
    come = [name for name in after if name not in before]
    found: dict[str, str] = {}
    for name in gone:
        same = next((new for new in come if before[name] == after[new]), None)
        if same is not None:
            found[name] = same
            come.remove(same)
    left = [name for name in gone if name not in found]
    if len(left) == len(come) == 1 and _kind(before[left[0]]) == _kind(after[come[0]]):
        found[left[0]] = come[0]
    return found


def _kind(node: Any) -> object:
    return mapping(node).get("kind")
