"""The named edits of drawings, colors and bookmarks: from a layout and JSON to a layout."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from journeybuilder.document import drawings
from journeybuilder.document.layout import move
from journeybuilder.document.model import Layout, mapping
from journeybuilder.errors import AuthorError
from journeybuilder.gui.look.language import tr

Args = Mapping[str, Any]
Pair = tuple[float, float]


def pair(raw: Any) -> Pair:
    """Two numbers out of JSON."""
    x, y = cast("Sequence[float]", raw)
    return float(x), float(y)


def _move(layout: Layout, args: Args) -> Layout:
    """Nodes by id and drawings by key at other places."""
    places = {str(name): pair(place) for name, place in mapping(args["positions"]).items()}
    nodes = {name: at for name, at in places.items() if not drawings.is_drawing(name)}
    moved = move(layout, nodes) if nodes else layout
    return drawings.shift(
        moved, {key: at for key, at in places.items() if drawings.is_drawing(key)}
    )


def _draw(layout: Layout, args: Args) -> Layout:
    """A new frame or note: `{key, values: {text, at, size, color}}`."""
    return drawings.put(layout, str(args["key"]), mapping(args["values"]))


def _redraw(layout: Layout, args: Args) -> Layout:
    """Other values of a frame or note.

    Raises:
        AuthorError: When it does not exist any more.
    """
    if str(args["key"]) not in drawings.drawings_of(layout):
        raise AuthorError(tr("This frame or note does not exist any more."))
    return _draw(layout, args)


def _erase(layout: Layout, args: Args) -> Layout:
    return drawings.erase(layout, [str(key) for key in args["keys"]])


def _color(layout: Layout, args: Args) -> Layout:
    """Nodes and drawings in a color, "" for the usual one: `{ids, color}`."""
    return drawings.paint(layout, [str(key) for key in args["ids"]], str(args["color"]))


def _set_bookmark(layout: Layout, args: Args) -> Layout:
    """A bookmark at a node, or nowhere: `{number, node}`."""
    return drawings.set_bookmark(layout, str(args["number"]), str(args.get("node") or ""))


def copy_drawings(layout: Layout, keys: Sequence[str], by: Pair) -> Layout:
    """The layout with copies of drawings, a step away from the originals."""
    known = drawings.drawings_of(layout)
    for one in [known[key] for key in keys if key in known]:
        layout = paste_drawing(layout, as_json(one), by)
    return layout


def as_json(drawing: drawings.Drawing) -> dict[str, Any]:
    """A drawing as a clipboard and an edit hold it."""
    return {
        "what": drawing.what,
        "text": drawing.text,
        "at": [round(one) for one in drawing.at],
        "size": [round(one) for one in drawing.size],
        "color": drawing.color,
    }


def paste_drawing(layout: Layout, raw: Mapping[str, Any], by: Pair) -> Layout:
    """The layout with one more drawing, from what `as_json` gave, moved by a step."""
    x, y = pair(raw["at"])
    values = {
        "text": str(raw.get("text", "")),
        "at": (x + by[0], y + by[1]),
        "size": pair(raw["size"]),
        "color": str(raw["color"]),
    }
    return drawings.put(layout, drawings.fresh_key(layout, str(raw["what"])), values)


def copy_colors(layout: Layout, colors: Mapping[str, Any], ids: Mapping[str, str]) -> Layout:
    """The layout with nodes in the colors of those that they are copies of."""
    for name, color in colors.items():
        if name in ids and color in drawings.COLORS:
            layout = drawings.paint(layout, (ids[name],), str(color))
    return layout


LAYOUT_EDITS: Mapping[str, Callable[[Layout, Args], Layout]] = {
    "move": _move,
    "draw": _draw,
    "redraw": _redraw,
    "erase": _erase,
    "color": _color,
    "set_bookmark": _set_bookmark,
}
