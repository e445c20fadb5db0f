"""Changes of a journey as data: what undo holds, and what a journal on disk can hold.

A change names pure edits and their arguments, all JSON; playing the changes of a journal over the
journey they began with gives the same journey again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from journeybuilder.document import drawings, edit
from journeybuilder.document.findings import Path
from journeybuilder.document.layout import forget, move, rename_in_layout
from journeybuilder.document.model import Journey, Layout, mapping
from journeybuilder.document.style import same
from journeybuilder.document.workspace import journey_source
from journeybuilder.errors import AuthorError
from journeybuilder.gui.journey.layout_edits import (
    LAYOUT_EDITS,
    copy_colors,
    copy_drawings,
    pair,
    paste_drawing,
)
from journeybuilder.kinds import ports_of
from journeybuilder.refactor import rewire
from journeybuilder.refactor.extract import extract
from journeybuilder.refactor.nodes import Clip, pasted
from journeybuilder.refactor.variables import rename_variable

_SETTINGS_DEPTH = 3  # nodes / id / key: what lies deeper goes with its last value
Args = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """A journey and where its nodes are: what one undo step turns into another.

    Attributes:
        text: What was typed last as the text of the journey's file, with its comments; "" where
            nothing was. What the file will say is this text, changed so that it says `journey`.
    """

    journey: Journey
    layout: Layout
    text: str = ""


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
class Follower:
    """Another file of the workspace that changes with a journey.

    Attributes:
        file: Its name from the workspace's root, with `/` between folders.
        before: Its text before the change; None where there was none.
        after: Its text after it.
    """

    file: str
    before: str | None
    after: str | None

    def as_json(self) -> list[str | None]:
        """`[file, before, after]`."""
        return [self.file, self.before, self.after]

    @classmethod
    def from_json(cls, data: Any) -> "Follower":
        """The inverse of `as_json`."""
        file, before, after = cast("list[Any]", data)
        texts = [None if text is None else str(text) for text in (before, after)]
        return cls(str(file), *texts)


@dataclass(frozen=True, slots=True)
class Change:
    """One step of undo.

    Attributes:
        title: What the person did, for the history.
        gesture: Changes that follow each other with the same one are one step; "" never merges.
        followers: Other files that were written with it.
        at: When it was made, in ISO format with the zone; "" where that is not known.
    """

    title: str
    edits: tuple[Edit, ...]
    gesture: str = ""
    followers: tuple[Follower, ...] = ()
    at: str = ""

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
        files = [one.as_json() for one in self.followers]
        return {
            "title": self.title,
            "gesture": self.gesture,
            "edits": [one.as_json() for one in self.edits],
            **({"files": files} if files else {}),
            **({"at": self.at} if self.at else {}),
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
            tuple(Follower.from_json(one) for one in data.get("files", ())),
            str(data.get("at", "")),
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
    if one.name == other.name == "retype":
        return True
    if {one.name, other.name} <= {"set", "unset"}:
        return one.args["path"] == other.args["path"]
    if one.name == other.name == "redraw":
        same_values = set(one.args["values"]) == set(other.args["values"])
        return one.args["key"] == other.args["key"] and same_values
    both_moves = one.name == other.name == "move"
    return both_moves and set(one.args["positions"]) == set(other.args["positions"])


def _path(raw: Any) -> Path:
    return tuple(cast("Sequence[str | int]", raw))


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
    return replace(draft, journey=journey, layout=move(draft.layout, {name: pair(args["at"])}))


def _remove(draft: Draft, args: Args) -> Draft:
    ids = [str(name) for name in args["ids"]]
    journey = edit.remove_nodes(draft.journey, ids, ports_of)
    layout = drawings.follow_nodes(forget(draft.layout, ids), dict.fromkeys(ids, ""))
    return replace(draft, journey=journey, layout=layout)


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
    return replace(
        draft,
        journey=edit.rename_node(draft.journey, old, new, ports_of),
        layout=drawings.follow_nodes(rename_in_layout(draft.layout, old, new), {old: new}),
    )


def _insert(draft: Draft, args: Args) -> Draft:
    name = str(args["id"])
    journey = edit.insert_on_wire(
        draft.journey, str(args["source"]), _path(args["path"]), name, str(args["kind"]),
        mapping(args["settings"]), _path(args["out"]),
    )  # fmt: skip
    return replace(draft, journey=journey, layout=move(draft.layout, {name: pair(args["at"])}))


def _duplicate(draft: Draft, args: Args) -> Draft:
    ids = [str(name) for name in args["ids"]]
    journey, copies = edit.duplicate_nodes(draft.journey, ids, ports_of)
    dx, dy = pair(args["by"])
    places = draft.layout.positions
    moved = {
        copies[name]: (places[name][0] + dx, places[name][1] + dy) for name in ids if name in places
    }
    layout = copy_colors(move(draft.layout, moved), drawings.colors_of(draft.layout), copies)
    layout = copy_drawings(layout, [str(key) for key in args.get("drawings", ())], (dx, dy))
    return replace(draft, journey=journey, layout=layout)


def _splice(draft: Draft, args: Args) -> Draft:
    """A node that exists comes in the middle of a wire."""
    source, node = str(args["source"]), str(args["node"])
    journey = rewire.splice(
        draft.journey, source, _path(args["path"]), node, _path(args["out"]), ports_of
    )
    return replace(draft, journey=journey)


def _bypass(draft: Draft, args: Args) -> Draft:
    """Nodes are removed; wires that led to them lead to where their way on led."""
    ids = [str(name) for name in args["ids"]]
    layout = drawings.follow_nodes(forget(draft.layout, ids), dict.fromkeys(ids, ""))
    return replace(draft, journey=rewire.bypass(draft.journey, ids, ports_of), layout=layout)


def _paste(draft: Draft, args: Args) -> Draft:
    """Copied nodes under free ids, as far from where they were as `by` says."""
    places = {str(name): pair(at) for name, at in mapping(args.get("places")).items()}
    clip = Clip(str(args.get("journey", "")), mapping(args["nodes"]), places)
    journey, ids = pasted(draft.journey, clip)
    dx, dy = pair(args["by"])
    moved = {ids[name]: (x + dx, y + dy) for name, (x, y) in places.items() if name in ids}
    layout = copy_colors(move(draft.layout, moved), mapping(args.get("colors")), ids)
    for raw in args.get("drawings", ()):
        layout = paste_drawing(layout, mapping(raw), (dx, dy))
    return replace(draft, journey=journey, layout=layout)


def _rename_variable(draft: Draft, args: Args) -> Draft:
    old, new = str(args["old"]), str(args["new"])
    return replace(draft, journey=rename_variable(draft.journey, old, new))


def _extract(draft: Draft, args: Args) -> Draft:
    """A part becomes a journey of its own; the call stands where the part began."""
    ids = [str(name) for name in args["ids"]]
    done = extract(draft.journey, ids, str(args["new"]))
    layout = move(forget(draft.layout, ids), {done.call: pair(args["at"])})
    return replace(draft, journey=done.journey, layout=layout)


def _retype(draft: Draft, args: Args) -> Draft:
    """What a text says; nodes that are in both journeys and equal stay the same objects.

    Raises:
        AuthorError: When nothing can be made of the text.
    """
    text = str(args["text"])
    source = journey_source(text, draft.journey.id)
    if not source.readable:
        raise AuthorError("This text is no journey.", hint="Look at the marks beside it.")
    return replace(draft, journey=Journey(_shared(draft.journey.data, source.data)), text=text)


def _relayout(draft: Draft, args: Args) -> Draft:
    """What a layout says, as a whole."""
    return replace(draft, layout=Layout(mapping(args["layout"])))


def _shared(old: Any, new: Any) -> Any:
    """The new value, made of parts of the old one where they are the same."""
    before, after = mapping(old), mapping(new)
    if before and after:
        made = {key: _shared(before.get(key), value) for key, value in after.items()}
        kept = list(made) == list(before) and all(made[key] is before[key] for key in made)
        return before if kept else made
    return old if same(old, new) else new


def _on_layout(change: Callable[[Layout, Args], Layout]) -> Callable[[Draft, Args], Draft]:
    """An edit that leaves the journey alone."""

    def edited(draft: Draft, args: Args) -> Draft:
        return replace(draft, layout=change(draft.layout, args))

    return edited


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
    "splice": _splice,
    "bypass": _bypass,
    "paste": _paste,
    "rename_variable": _rename_variable,
    "extract": _extract,
    "retype": _retype,
    "relayout": _relayout,
    **{name: _on_layout(change) for name, change in LAYOUT_EDITS.items()},
}
