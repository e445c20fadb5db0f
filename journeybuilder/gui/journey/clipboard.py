"""Nodes, frames and notes as text: what copying puts on the clipboard, and what pasting reads.

The text is YAML that a person can read, send and put into a file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from journeybuilder.document.drawings import Drawing, colors_of, drawings_of
from journeybuilder.document.layout import move
from journeybuilder.document.model import Layout, mapping
from journeybuilder.document.tree import load
from journeybuilder.document.write import dump
from journeybuilder.errors import AuthorError
from journeybuilder.gui.journey.journal import Draft
from journeybuilder.gui.journey.layout_edits import as_json
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.refactor.nodes import Clip, copied

_NOTHING = noop("What is on the clipboard is no node, frame or note.")
_HINT = noop("Copy steps first, or text like `hello: {kind: say, text: Hi}`.")


@dataclass(frozen=True)
class Clipping(Clip):
    """What was copied.

    Attributes:
        drawings: Frames and notes, as `layout_edits.as_json` gives them.
        colors: The colors of nodes that have one of their own, by id.
    """

    drawings: Sequence[Mapping[str, Any]] = ()
    colors: Mapping[str, str] = field(default_factory=dict[str, str])


def text_of(
    draft: Draft,
    ids: list[str],
    places: dict[str, tuple[float, float]],
    drawings: Sequence[Drawing] = (),
) -> str:
    """Some nodes, frames and notes as text, with where they are.

    Raises:
        AuthorError: When there is no such node.
    """
    clip = copied(draft.journey, move(Layout({}), places), ids)
    colors = {name: color for name, color in colors_of(draft.layout).items() if name in ids}
    groups: dict[str, dict[str, Any]] = {}
    for one in drawings:
        raw = as_json(one)
        text = "title" if raw.pop("what") == "frame" else "text"
        entry = {text: raw.pop("text"), **raw}
        groups.setdefault(f"{one.what}s", {})[one.id] = entry
    data = {**clip.as_json(), "colors": colors, **groups}
    return dump({key: value for key, value in data.items() if value})


def clip_of(text: str) -> Clipping:
    """What is in a text.

    Raises:
        AuthorError: When there is nothing of ours in it, with what to do.
    """
    tree = load(text, "the clipboard")
    data = mapping(tree.value)
    if tree.findings and not data:
        raise AuthorError(tr(_NOTHING), hint=tr(_HINT))
    drawn = any(mapping(data.get(key)) for key in ("frames", "notes"))
    nodes = mapping(data.get("nodes")) or ({} if drawn else data)
    if not all(mapping(raw).get("kind") for raw in nodes.values()):
        raise AuthorError(tr(_NOTHING), hint=tr(_HINT))
    found = clip_from({**data, "nodes": nodes} if "nodes" in data or drawn else {"nodes": nodes})
    if not found.nodes and not found.drawings:
        raise AuthorError(tr(_NOTHING), hint=tr(_HINT))
    return found


def clip_from(data: Any) -> Clipping:
    """A clip out of plain values, the inverse of what `text_of` writes."""
    facts = mapping(data)
    raw = {name: {"at": at} for name, at in mapping(facts.get("places")).items()}
    journey = facts.get("journey")
    colored = {name: {"color": color} for name, color in mapping(facts.get("colors")).items()}
    drawn = Layout({"frames": facts.get("frames"), "notes": facts.get("notes")})
    return Clipping(
        journey if isinstance(journey, str) else "",
        mapping(facts.get("nodes")),
        dict(Layout({"nodes": raw}).positions),
        [as_json(one) for one in drawings_of(drawn).values()],
        colors_of(Layout({"nodes": colored})),
    )
