"""Nodes as text: what copying puts on the clipboard, and what pasting reads from it.

The text is YAML that a person can read, send and put into a file.
"""

from typing import Any

from journeybuilder.document.layout import move
from journeybuilder.document.model import Layout, mapping
from journeybuilder.document.tree import load
from journeybuilder.document.write import dump
from journeybuilder.errors import AuthorError
from journeybuilder.gui.journal import Draft
from journeybuilder.refactor.nodes import Clip, copied

_HINT = "Copy nodes first, or text like `hello: {kind: say, text: Hi}`."


def text_of(draft: Draft, ids: list[str], places: dict[str, tuple[float, float]]) -> str:
    """Some nodes as text, with where they are.

    Raises:
        AuthorError: When there is no such node.
    """
    clip = copied(draft.journey, move(Layout({}), places), ids)
    return dump({key: value for key, value in clip.as_json().items() if value})


def clip_of(text: str) -> Clip:
    """The nodes in a text.

    Raises:
        AuthorError: When there is none in it, with what to do.
    """
    tree = load(text, "the clipboard")
    data = mapping(tree.value)
    if tree.findings and not data:
        raise AuthorError("What is on the clipboard is no node.", hint=_HINT)
    nodes = mapping(data.get("nodes")) or data
    if not nodes or not all(mapping(raw).get("kind") for raw in nodes.values()):
        raise AuthorError("What is on the clipboard is no node.", hint=_HINT)
    return clip_from({**data, "nodes": nodes} if "nodes" in data else {"nodes": nodes})


def clip_from(data: Any) -> Clip:
    """A clip out of plain values, the inverse of `Clip.as_json`."""
    facts = mapping(data)
    raw = {name: {"at": at} for name, at in mapping(facts.get("places")).items()}
    journey = facts.get("journey")
    return Clip(
        journey if isinstance(journey, str) else "",
        mapping(facts.get("nodes")),
        dict(Layout({"nodes": raw}).positions),
    )
