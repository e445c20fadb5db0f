"""Changes of a journey as data: what undo holds, and what a journal on disk can hold.

A change names pure edits and their arguments, all JSON; playing the changes of a journal over the
journey they began with gives the same journey again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from weakref import WeakMethod

from PySide6.QtGui import QUndoCommand, QUndoStack
from typing_extensions import override

from journeybuilder.document import edit
from journeybuilder.document.findings import Path
from journeybuilder.document.layout import forget, move, rename_in_layout
from journeybuilder.document.model import Journey, Layout, mapping
from journeybuilder.errors import AuthorError
from journeybuilder.kinds import ports_of
from journeybuilder.refactor.extract import extract
from journeybuilder.refactor.nodes import Clip, pasted
from journeybuilder.refactor.variables import rename_variable

_SETTINGS_DEPTH = 3  # nodes / id / key: what lies deeper goes with its last value
UNDO_LIMIT = 500
Args = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """A journey and where its nodes are: what one undo step turns into another."""

    journey: Journey
    layout: Layout


@dataclass(frozen=True, slots=True)
class Edit:
    """One pure edit by its name, and its arguments as JSON values."""

    name: str
    args: Args

    def as_json(self) -> dict[str, Any]:
        """`{"edit": …, "args": {…}}`."""
        return {"edit": self.name, "args": dict(self.args)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Edit":
        """The inverse of `as_json`.

        Raises:
            AuthorError: When there is no such edit.
        """
        name = str(data.get("edit"))
        if name not in EDITS:
            raise AuthorError(
                f"There is no edit '{name}'.", hint="The journal is of a newer version."
            )
        return cls(name, mapping(data.get("args")))


@dataclass(frozen=True, slots=True)
class Change:
    """One step of undo.

    Attributes:
        title: What the person did, for the history.
        gesture: Changes that follow each other with the same one are one step; "" never merges.
    """

    title: str
    edits: tuple[Edit, ...]
    gesture: str = ""

    def apply(self, draft: Draft) -> Draft:
        """The draft after this change.

        Raises:
            AuthorError: When it cannot be made.
        """
        for one in self.edits:
            draft = EDITS[one.name](draft, one.args)
        return draft

    def as_json(self) -> dict[str, Any]:
        """What the journal holds of it."""
        return {
            "title": self.title,
            "gesture": self.gesture,
            "edits": [one.as_json() for one in self.edits],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Change":
        """The inverse of `as_json`.

        Raises:
            AuthorError: When an edit is not known.
        """
        raw = data.get("edits")
        edits = cast("list[Any]", raw) if isinstance(raw, list) else []
        return cls(
            str(data.get("title", "")),
            tuple(Edit.from_json(mapping(one)) for one in edits),
            str(data.get("gesture", "")),
        )

    def merged(self, later: "Change") -> "Change":
        """Both as one: a later edit of the same place takes the place of the earlier."""
        kept = list(self.edits)
        for one in later.edits:
            if kept and _same_place(kept[-1], one):
                kept.pop()
            kept.append(one)
        return replace(later, title=self.title, edits=tuple(kept))


def _same_place(one: Edit, other: Edit) -> bool:
    if {one.name, other.name} <= {"set", "unset"}:
        return one.args["path"] == other.args["path"]
    both_moves = one.name == other.name == "move"
    return both_moves and set(one.args["positions"]) == set(other.args["positions"])


def _path(raw: Any) -> Path:
    return tuple(cast("Sequence[str | int]", raw))


def _at(raw: Any) -> tuple[float, float]:
    x, y = cast("Sequence[float]", raw)
    return float(x), float(y)


def _set(draft: Draft, args: Args) -> Draft:
    return replace(draft, journey=edit.set_value(draft.journey, _path(args["path"]), args["value"]))


def _unset(draft: Draft, args: Args) -> Draft:
    """Remove a value, and the groups inside a node's settings that are empty without it."""
    path = _path(args["path"])
    journey = edit.remove_value(draft.journey, path)
    while len(path) > _SETTINGS_DEPTH and isinstance(path[-2], str):
        path = path[:-1]
        if _value_at(journey.data, path) != {}:
            break
        journey = edit.remove_value(journey, path)
    return replace(draft, journey=journey)


def _value_at(value: Any, path: Path) -> Any:
    for key in path:
        if isinstance(key, int):
            items = cast("list[Any]", value) if isinstance(value, list) else []
            value = items[key] if 0 <= key < len(items) else None
        else:
            value = mapping(value).get(key)
    return value


def _add(draft: Draft, args: Args) -> Draft:
    name = str(args["id"])
    journey = edit.add_node(
        draft.journey,
        name,
        str(args["kind"]),
        mapping(args["settings"]),
        after=str(args.get("after", "")),
    )
    if not journey.start or journey.start not in journey.nodes:
        journey = edit.set_value(journey, ("start",), name)
    return Draft(journey, move(draft.layout, {name: _at(args["at"])}))


def _remove(draft: Draft, args: Args) -> Draft:
    ids = [str(name) for name in args["ids"]]
    return Draft(edit.remove_nodes(draft.journey, ids, ports_of), forget(draft.layout, ids))


def _connect(draft: Draft, args: Args) -> Draft:
    path = _path(args["path"])
    return replace(
        draft, journey=edit.connect(draft.journey, str(args["node"]), path, str(args["target"]))
    )


def _disconnect(draft: Draft, args: Args) -> Draft:
    return replace(
        draft, journey=edit.disconnect(draft.journey, str(args["node"]), _path(args["path"]))
    )


def _rename(draft: Draft, args: Args) -> Draft:
    old, new = str(args["old"]), str(args["new"])
    return Draft(
        edit.rename_node(draft.journey, old, new, ports_of),
        rename_in_layout(draft.layout, old, new),
    )


def _insert(draft: Draft, args: Args) -> Draft:
    name = str(args["id"])
    journey = edit.insert_on_wire(
        draft.journey, str(args["source"]), _path(args["path"]), name, str(args["kind"]),
        mapping(args["settings"]), _path(args["out"]),
    )  # fmt: skip
    return Draft(journey, move(draft.layout, {name: _at(args["at"])}))


def _duplicate(draft: Draft, args: Args) -> Draft:
    ids = [str(name) for name in args["ids"]]
    journey, copies = edit.duplicate_nodes(draft.journey, ids, ports_of)
    dx, dy = _at(args["by"])
    places = draft.layout.positions
    moved = {
        copies[name]: (places[name][0] + dx, places[name][1] + dy) for name in ids if name in places
    }
    return Draft(journey, move(draft.layout, moved))


def _move(draft: Draft, args: Args) -> Draft:
    positions = {str(name): _at(place) for name, place in mapping(args["positions"]).items()}
    return replace(draft, layout=move(draft.layout, positions))


def _paste(draft: Draft, args: Args) -> Draft:
    """Copied nodes under free ids, as far from where they were as `by` says."""
    places = {str(name): _at(at) for name, at in mapping(args.get("places")).items()}
    clip = Clip(str(args.get("journey", "")), mapping(args["nodes"]), places)
    journey, ids = pasted(draft.journey, clip)
    dx, dy = _at(args["by"])
    moved = {ids[name]: (x + dx, y + dy) for name, (x, y) in places.items() if name in ids}
    return Draft(journey, move(draft.layout, moved))


def _rename_variable(draft: Draft, args: Args) -> Draft:
    old, new = str(args["old"]), str(args["new"])
    return replace(draft, journey=rename_variable(draft.journey, old, new))


def _extract(draft: Draft, args: Args) -> Draft:
    """A part becomes a journey of its own; the call stands where the part began."""
    ids = [str(name) for name in args["ids"]]
    done = extract(draft.journey, ids, str(args["new"]))
    return Draft(done.journey, move(forget(draft.layout, ids), {done.call: _at(args["at"])}))


EDITS: Mapping[str, Callable[[Draft, Args], Draft]] = {
    "set": _set,
    "unset": _unset,
    "add": _add,
    "remove": _remove,
    "connect": _connect,
    "disconnect": _disconnect,
    "rename": _rename,
    "insert": _insert,
    "duplicate": _duplicate,
    "move": _move,
    "paste": _paste,
    "rename_variable": _rename_variable,
    "extract": _extract,
}


Show = WeakMethod[Callable[[Draft], None]]


class _Step(QUndoCommand):
    """A change on the stack, with the draft before and after; shows one of them and nothing else."""

    def __init__(self, change: Change, before: Draft, after: Draft, show: "Show") -> None:
        super().__init__(change.title)
        self.change = change
        self.before = before
        self.after = after
        self._show = show

    def _display(self, draft: Draft) -> None:
        show = self._show()
        if show is not None:
            show(draft)

    @override
    def redo(self) -> None:
        self._display(self.after)

    @override
    def undo(self) -> None:
        self._display(self.before)

    @override
    def id(self) -> int:
        return 1 if self.change.gesture else -1

    @override
    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Step) or other.change.gesture != self.change.gesture:
            return False
        self.change = self.change.merged(other.change)
        self.after = other.after
        return True


class History(QUndoStack):
    """The changes of one journey.

    Args:
        show: Bound method that takes the draft to show from now on.
    """

    def __init__(self, show: Callable[[Draft], None]) -> None:
        super().__init__()
        self._show: Show = WeakMethod(show)
        self.setUndoLimit(UNDO_LIMIT)

    def make(self, change: Change, draft: Draft) -> Draft:
        """Make a change: it is worked out first, and is on the stack only when that went well.

        Raises:
            AuthorError: When it cannot be made; nothing has changed then.
        """
        after = change.apply(draft)
        unchanged = (
            after.journey.data == draft.journey.data and after.layout.data == draft.layout.data
        )
        if unchanged:
            return draft
        self.push(_Step(change, draft, after, self._show))
        return after

    def changes(self) -> list[Change]:
        """Everything that is done now, the first first."""
        steps = [self.command(index) for index in range(self.index())]
        return [step.change for step in steps if isinstance(step, _Step)]
