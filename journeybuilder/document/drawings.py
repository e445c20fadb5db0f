"""Frames and sticky notes, colors and bookmarks: what a layout says beside the places of nodes.

A layout file says `frames: {ID: {title, at, size, color}}`, `notes: {ID: {text, at, size, color}}`,
`nodes: {ID: {color}}` and `bookmarks: {"1": NODE}`. All of it may be missing or wrong: what can be made
sense of is drawn, the rest is a finding, and nothing of it changes what the journey does.

Functions that change a layout are pure. A drawing is named by its key, `frame:ID` or `note:ID`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, cast

from journeybuilder.document import rules
from journeybuilder.document.findings import Path, Problem, choices, near
from journeybuilder.document.layout import written
from journeybuilder.document.model import Layout, kind_words, mapping
from journeybuilder.errors import AuthorError

COLORS = ("gray", "yellow", "green", "teal", "blue", "violet", "pink", "red")
FRAME, NOTE = "frame", "note"
KINDS_OF_DRAWING = (FRAME, NOTE)
SIZES: Mapping[str, tuple[float, float]] = {FRAME: (420.0, 260.0), NOTE: (220.0, 140.0)}
SMALLEST: Mapping[str, tuple[float, float]] = {FRAME: (120.0, 70.0), NOTE: (90.0, 50.0)}
BOOKMARKS = tuple(str(number) for number in range(1, 10))
_TEXT_KEY = {FRAME: "title", NOTE: "text"}
_USUAL_COLOR = {FRAME: "gray", NOTE: "yellow"}
_FARTHEST = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A frame or a note.

    Attributes:
        key: `frame:ID` or `note:ID`.
        text: A frame's title, or a note's Markdown.
        at: Its upper left corner, in scene units. `size`: width and height.
        color: One of `COLORS`.
    """

    key: str
    text: str
    at: tuple[float, float]
    size: tuple[float, float]
    color: str

    @property
    def what(self) -> str:
        """`frame` or `note`."""
        return self.key.partition(":")[0]

    @property
    def id(self) -> str:
        """Its id in the file."""
        return self.key.partition(":")[2]


def is_drawing(key: str) -> bool:
    """True for the key of a drawing, False for the id of a node."""
    what, colon, _ = key.partition(":")
    return bool(colon) and what in KINDS_OF_DRAWING


def drawings_of(layout: Layout) -> dict[str, Drawing]:
    """Every frame and note that can be drawn, by key; frames first, each in the file's order."""
    found: dict[str, Drawing] = {}
    for what in KINDS_OF_DRAWING:
        for name, raw in _entries(layout.data, what).items():
            if _is_entry(raw):
                key = f"{what}:{name}"
                found[key] = _drawing(key, mapping(raw))
    return found


def _is_entry(raw: object) -> bool:
    return isinstance(raw, Mapping)


def _drawing(key: str, raw: Mapping[str, Any]) -> Drawing:
    what = key.partition(":")[0]
    text = raw.get(_TEXT_KEY[what])
    color = raw.get("color")
    smallest = SMALLEST[what]
    width, height = _pair(raw.get("size")) or SIZES[what]
    return Drawing(
        key,
        text if isinstance(text, str) else "",
        _pair(raw.get("at")) or (0.0, 0.0),
        (max(width, smallest[0]), max(height, smallest[1])),
        color if isinstance(color, str) and color in COLORS else _USUAL_COLOR[what],
    )


def colors_of(layout: Layout) -> dict[str, str]:
    """The color of every node that has one of its own."""
    found: dict[str, str] = {}
    for name, raw in mapping(layout.data.get("nodes")).items():
        color = mapping(raw).get("color")
        if isinstance(color, str) and color in COLORS:
            found[name] = color
    return found


def bookmarks_of(layout: Layout) -> dict[str, str]:
    """The node at each bookmark, by `1` to `9`."""
    marked = {str(number): node for number, node in mapping(layout.data.get("bookmarks")).items()}
    return {n: node for n in BOOKMARKS if isinstance(node := marked.get(n), str) and node}


# --- changes ---------------------------------------------------------------------------------


def put(layout: Layout, key: str, values: Mapping[str, Any]) -> Layout:
    """The layout with a drawing, or with other values of one; a value of None removes its key.

    Args:
        layout: The layout.
        key: `frame:ID` or `note:ID`.
        values: `text`, `at`, `size`, `color`.
    """
    what, _, name = key.partition(":")
    entries = dict(_entries(layout.data, what))
    entry = dict(mapping(entries.get(name)))
    for field, value in values.items():
        place = _TEXT_KEY[what] if field == "text" else field
        if value is None:
            entry.pop(place, None)
        else:
            entry[place] = [round(one) for one in value] if field in ("at", "size") else value
    entries[name] = entry
    return written(layout, f"{what}s", entries)


def shift(layout: Layout, positions: Mapping[str, tuple[float, float]]) -> Layout:
    """The layout with drawings at other places; unknown ones are left out."""
    for key, at in positions.items():
        what, _, name = key.partition(":")
        if name in _entries(layout.data, what):
            layout = put(layout, key, {"at": at})
    return layout


def erase(layout: Layout, keys: Collection[str]) -> Layout:
    """The layout without some drawings; a group that is empty then goes, too."""
    for what in KINDS_OF_DRAWING:
        gone = {key.partition(":")[2] for key in keys if key.startswith(f"{what}:")}
        before = _entries(layout.data, what)
        if gone & before.keys():
            left = {name: raw for name, raw in before.items() if name not in gone}
            layout = written(layout, f"{what}s", left or None)
    return layout


def paint(layout: Layout, keys: Collection[str], color: str) -> Layout:
    """The layout with nodes and drawings in a color; an empty one is the usual color again.

    Raises:
        AuthorError: When there is no such color.
    """
    if color and color not in COLORS:
        raise AuthorError(f"There is no color '{color}'.", hint=f"Known are: {choices(COLORS)}.")
    nodes = dict(mapping(layout.data.get("nodes")))
    for key in keys:
        if is_drawing(key):
            layout = put(layout, key, {"color": color or None})
            continue
        entry = {name: value for name, value in _placed(nodes.get(key)).items() if name != "color"}
        nodes[key] = {**entry, "color": color} if color else entry
        if not nodes[key]:
            del nodes[key]
    return written(layout, "nodes", nodes)


def _placed(raw: Any) -> Mapping[str, Any]:
    """What a layout says of a node; a bare place is what older files have."""
    return {"at": raw} if isinstance(raw, list) else mapping(raw)


def set_bookmark(layout: Layout, number: str, node: str) -> Layout:
    """The layout with a bookmark at a node, taken from where it was; an empty node removes it.

    Raises:
        AuthorError: When there is no such bookmark.
    """
    if number not in BOOKMARKS:
        raise AuthorError(f"There is no bookmark {number}.", hint="Bookmarks are 1 to 9.")
    marks = bookmarks_of(layout)
    marks.pop(number, None)
    if node:
        marks[number] = node
    return written(layout, "bookmarks", dict(sorted(marks.items())) or None)


def follow_nodes(layout: Layout, new_ids: Mapping[str, str]) -> Layout:
    """The layout with bookmarks at nodes under other ids; an empty new id is a node that is gone."""
    marks = bookmarks_of(layout)
    after = {number: new_ids.get(node, node) for number, node in marks.items()}
    if after == marks:
        return layout
    return written(layout, "bookmarks", {n: node for n, node in after.items() if node} or None)


def fresh_key(layout: Layout, what: str, taken: Collection[str] = ()) -> str:
    """A key for a new drawing, e.g. `note:note_3`."""
    known = _entries(layout.data, what)
    number = 1
    while f"{what}_{number}" in known or f"{what}:{what}_{number}" in taken:
        number += 1
    return f"{what}:{what}_{number}"


def _entries(data: Mapping[str, Any], what: str) -> Mapping[str, Any]:
    """The drawings of a kind by id; those of a list get ids, so that an edit loses none."""
    raw = data.get(f"{what}s")
    if isinstance(raw, list):
        return {f"{what}_{n}": item for n, item in enumerate(cast("list[Any]", raw), 1)}
    return mapping(raw)


def _pair(value: Any) -> tuple[float, float] | None:
    """Two numbers that can be drawn, else None."""
    items = cast("list[Any]", value) if isinstance(value, list) else []
    numbers = [float(item) for item in items if _is_number(item)]
    if len(items) != 2 or len(numbers) != 2:  # noqa: PLR2004 - x and y
        return None
    return (numbers[0], numbers[1])


def _is_number(item: Any) -> bool:
    if not isinstance(item, int | float) or isinstance(item, bool):
        return False
    return isfinite(item) and abs(item) <= _FARTHEST


# --- findings --------------------------------------------------------------------------------


def drawing_problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    """What cannot be drawn as a layout says it; each of it is a warning."""
    for what in KINDS_OF_DRAWING:
        group = data.get(f"{what}s")
        listed = isinstance(group, list)
        for place, (_, raw) in enumerate(_entries(data, what).items()):
            path: Path = (f"{what}s", place if listed else list(_entries(data, what))[place])
            yield from _entry_problems(what, raw, path)
    for name, raw in mapping(data.get("nodes")).items():
        if "color" in mapping(raw):
            yield from _color_problem(mapping(raw)["color"], ("nodes", name, "color"))
    yield from _bookmark_problems(data)


def _entry_problems(what: str, raw: Any, path: Path) -> Iterator[Problem]:
    if not _is_entry(raw):
        message = f"A {what} is a mapping with `{_TEXT_KEY[what]}:`, `at:` and `size:`, and this is {kind_words(raw)}."
        yield Problem(rules.BAD_DRAWING, path, message, rules.BAD_DRAWING.mend)
        return
    entry = mapping(raw)
    for key in ("at", "size"):
        if key in entry and _pair(entry[key]) is None:
            words = "its place" if key == "at" else "its width and height"
            message = f"`{key}:` has to be two numbers, {words}; it is drawn at the usual one."
            yield Problem(rules.BAD_DRAWING, (*path, key), message, f"Write `{key}: [100, 200]`.")
    text = _TEXT_KEY[what]
    if text in entry and not isinstance(entry[text], str):
        message = f"`{text}:` has to be a text, and is {kind_words(entry[text])}."
        yield Problem(rules.BAD_DRAWING, (*path, text), message, f'Write `{text}: "…"`.')
    if "color" in entry:
        yield from _color_problem(entry["color"], (*path, "color"))


def _color_problem(color: Any, path: Path) -> Iterator[Problem]:
    if color in COLORS:
        return
    hint = near(color, COLORS) if isinstance(color, str) else ""
    message = f"There is no color '{color}'." if isinstance(color, str) else "A color is a word."
    yield Problem(rules.BAD_DRAWING, path, message, hint or f"Known are: {choices(COLORS)}.")


def _bookmark_problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    marks = data.get("bookmarks")
    if marks is not None and not _is_entry(marks):
        message = f"`bookmarks:` has to be a mapping, and is {kind_words(marks)}."
        yield Problem(rules.BAD_DRAWING, ("bookmarks",), message, 'Write `bookmarks: {"1": NODE}`.')
    for number, node in mapping(marks).items():
        if str(number) not in BOOKMARKS or not isinstance(node, str):
            message = f"Bookmark '{number}' leads nowhere: bookmarks are 1 to 9, each with a node."
            path: Path = ("bookmarks", number)
            yield Problem(rules.BAD_DRAWING, path, message, 'Write `bookmarks: {"1": NODE}`.')
