"""Named layers of marks over the journey: findings, a run, a comparison, coverage, cost.

A layer says by id what to mark on nodes and wires; several layers are laid over each other. The scene
asks for what they make together and repaints only what differs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from journeybuilder.gui.canvas.model import WireKey

Tone = Literal["", "ok", "warning", "error", "accent", "muted", "running", "waiting"]
"""A color by what it says; each is a token of the theme, empty for none."""
Dash = Literal["", "solid", "dash", "dot"]
_K = TypeVar("_K")
_V = TypeVar("_V")

FINDINGS, DIFF, SEARCH, MEASURES, RUN = 10, 20, 30, 40, 50
"""Priorities: what a layer above says of ring, fill, state and wire goes before one below."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A small sign on a node's face.

    Attributes:
        icon: Name of an icon in `resources/icons`; of two badges with one icon the upper one shows.
        word: What it is called, in a word or two; screen readers say it.
        tip: One or two sentences for the tooltip; the word where it is empty.
    """

    icon: str
    word: str
    tone: Tone = "muted"
    tip: str = ""


@dataclass(frozen=True, slots=True)
class NodeMark:
    """What a layer marks on a node.

    Attributes:
        ring: Tone of a ring around the card, dashed where `dashed` is True. `tint`: of its fill.
        caption: A few characters in a sign at the card's lower edge, such as a cost.
        state: A live state: `running`, `waiting`, `done` or `failed`.
        faded: Draw it pale, for what is out of question now.
        notes: Sentences for the tooltip and for screen readers.
    """

    badges: tuple[Badge, ...] = ()
    ring: Tone = ""
    dashed: bool = False
    tint: Tone = ""
    caption: str = ""
    caption_tone: Tone = ""
    state: str = ""
    faded: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WireMark:
    """What a layer marks on a wire.

    Attributes:
        width: In screen pixels; 0 leaves it as it is.
        dash: Empty leaves the dashes of error and time-out wires as they are.
        label: A few words in a sign in the middle of the wire, after an icon where one is named.
        tip: One or two sentences for the tooltip and for screen readers; the label where empty.
    """

    tone: Tone = ""
    width: float = 0.0
    dash: Dash = ""
    label: str = ""
    icon: str = ""
    faded: bool = False
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """Marks by node id and by wire (source, port); ids that nobody has do no harm."""

    nodes: Mapping[str, NodeMark] = field(default_factory=dict[str, NodeMark])
    wires: Mapping[WireKey, WireMark] = field(default_factory=dict[WireKey, WireMark])
    priority: int = 0


NO_NODE_MARK = NodeMark()
NO_WIRE_MARK = WireMark()
_EMPTY = Layer()


class Layers:
    """The layers by name, and what they make together."""

    def __init__(self) -> None:
        self._layers: dict[str, Layer] = {}

    def copy(self) -> "Layers":
        """The same layers, which go their own way from now on."""
        other = Layers()
        other._layers = dict(self._layers)
        return other

    def names(self) -> Sequence[str]:
        """The layers that are set, the uppermost first."""
        return sorted(self._layers, key=self._weight, reverse=True)

    def _weight(self, name: str) -> tuple[int, str]:
        return self._layers[name].priority, name

    def put(self, name: str, layer: Layer | None) -> tuple[set[str], set[WireKey]]:
        """Set a layer, or take it away with None; gives the nodes and wires that may look different."""
        old = self._layers.pop(name, _EMPTY)
        if layer is not None and (layer.nodes or layer.wires):
            self._layers[name] = layer
        new = self._layers.get(name, _EMPTY)
        if old.priority != new.priority and old is not _EMPTY and new is not _EMPTY:
            return {*old.nodes, *new.nodes}, {*old.wires, *new.wires}
        return _differing(old.nodes, new.nodes), _differing(old.wires, new.wires)

    def wide(self, name: str) -> Sequence[WireKey]:
        """Wires that a layer draws wider than others."""
        return [key for key, mark in self._layers[name].wires.items() if mark.width]

    def node(self, node_id: str) -> NodeMark:
        """What all layers together mark on a node."""
        return _stacked(self._of(node_id))

    def _of(self, node_id: str) -> list[NodeMark]:
        if not self._layers:
            return []
        marks = (self._layers[name].nodes.get(node_id) for name in self.names())
        return [mark for mark in marks if mark is not None]

    def wire(self, key: WireKey) -> WireMark:
        """What all layers together mark on a wire."""
        found = NO_WIRE_MARK
        for name in self.names() if self._layers else ():
            mark = self._layers[name].wires.get(key)
            if mark is not None:
                found = mark if found is NO_WIRE_MARK else _over(found, mark)
        return found


def _differing(old: Mapping[_K, _V], new: Mapping[_K, _V]) -> set[_K]:
    if old is new:
        return set()
    return {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


def _stacked(marks: Sequence[NodeMark]) -> NodeMark:
    """One mark out of several, the uppermost first."""
    if len(marks) < 2:  # noqa: PLR2004 - most nodes are marked once
        return marks[0] if marks else NO_NODE_MARK
    ringed = next((mark for mark in marks if mark.ring), NO_NODE_MARK)
    captions = [mark for mark in marks if mark.caption]
    return NodeMark(
        badges=distinct(badge for mark in marks for badge in mark.badges),
        ring=ringed.ring,
        dashed=ringed.dashed,
        tint=_first(mark.tint for mark in marks),
        caption=" · ".join(mark.caption for mark in captions),
        caption_tone=_first(mark.caption_tone for mark in captions),
        state=next((mark.state for mark in marks if mark.state), ""),
        faded=any(mark.faded for mark in marks),
        notes=tuple(note for mark in marks for note in mark.notes),
    )


def _first(tones: Iterable[Tone]) -> Tone:
    for tone in tones:
        if tone:
            return tone
    return ""


def distinct(badges: Iterable[Badge]) -> tuple[Badge, ...]:
    """The badges without those whose icon came before."""
    found: dict[str, Badge] = {}
    for badge in badges:
        found.setdefault(badge.icon, badge)
    return tuple(found.values())


def _over(upper: WireMark, lower: WireMark) -> WireMark:
    tips = [tip for tip in (upper.tip or upper.label, lower.tip or lower.label) if tip]
    return replace(
        upper,
        tone=upper.tone or lower.tone,
        width=upper.width or lower.width,
        dash=upper.dash or lower.dash,
        label=upper.label or lower.label,
        icon=upper.icon or (lower.icon if not upper.label else ""),
        faded=upper.faded or lower.faded,
        tip="\n".join(tips),
    )
