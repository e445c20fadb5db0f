"""The badges that a node has by itself, where badges stand on a card, and which of them fit there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF

from journeybuilder.gui.canvas.geometry import WIDTH
from journeybuilder.gui.canvas.layers import Badge, NodeMark, Tone, distinct
from journeybuilder.gui.canvas.model import NodeView
from journeybuilder.gui.look.language import noop, tr

SIDE = 15.0
GAP = 4.0
RIGHT = WIDTH - 12.0
HEAD_Y, LINE_Y = 22.0, 41.0
_MOST = 3
MORE = "more"
"""Icon of the sign that there are more badges than fit."""


class _Known(NamedTuple):
    """A badge that a node's view names by a word, alone or before its details as `word:details`."""

    icon: str
    word: str
    tone: Tone
    tip: str
    detailed: str
    fact: bool


_KNOWN: Mapping[str, _Known] = {
    "error": _Known("problem", noop("error"), "error", noop("There is an error here."), "", False),
    "warning": _Known("warning", noop("warning"), "warning", noop("There is a warning here."), "", False),
    "risk": _Known("risk", noop("cannot be undone"), "warning", noop("It calls a tool whose effect cannot be undone."),
                   noop("It calls a tool whose effect cannot be undone: {details}"), True),
    "approval": _Known("approval", noop("a person approves"), "muted", noop("A person approves before it acts."),
                       noop("A person approves before it acts: {details}"), True),
    "personal": _Known("personal", noop("personal data"), "muted", noop("Personal data passes here."),
                       noop("Personal data passes here: {details}"), True),
    "model": _Known("model", noop("uses a model"), "muted", noop("It asks a language model."),
                    noop("It asks a language model: {details}"), True),
}  # fmt: skip


def own_badges(words: Sequence[str]) -> Iterator[tuple[Badge, bool]]:
    """The badges that a view's words mean, each with whether it is a fact and no call for action."""
    for entry in words:
        word, _, details = entry.partition(":")
        known = _KNOWN.get(word)
        if known is not None:
            tip = tr(known.detailed, details=details) if details else tr(known.tip)
            yield Badge(known.icon, tr(known.word), known.tone, tip), known.fact


class Shown(NamedTuple):
    """The badges of a card: what calls for attention beside the title, facts beside the line."""

    head: tuple[Badge, ...]
    facts: tuple[Badge, ...]

    def fitting(self) -> tuple[tuple[tuple[str, Tone], ...], tuple[tuple[str, Tone], ...]]:
        """Icon and tone of those that are drawn, row by row."""
        return _fitting(self.head), _fitting(self.facts)


def badges_of(view: NodeView, mark: NodeMark) -> Shown:
    """All badges of a node: those of the layers first, then its own."""
    if not view.badges:
        return Shown(mark.badges, ()) if mark.badges else _NONE
    own = list(own_badges(view.badges))
    head = distinct((*mark.badges, *(badge for badge, fact in own if not fact)))
    icons = {badge.icon for badge in head}
    facts = tuple(badge for badge, fact in own if fact and badge.icon not in icons)
    return Shown(head, facts)


_NONE = Shown((), ())


def _fitting(badges: tuple[Badge, ...]) -> tuple[tuple[str, Tone], ...]:
    if len(badges) > _MOST:
        shown: list[tuple[str, Tone]] = [(badge.icon, badge.tone) for badge in badges[: _MOST - 1]]
        return (*shown, (MORE, "muted"))
    return tuple((badge.icon, badge.tone) for badge in badges)


def room_of(count: int) -> float:
    """Width that so many badges take at the right of a row, in scene units."""
    return count * (SIDE + GAP)


def boxes(count: int, y: float) -> list[QRectF]:
    """Where so many badges of a row stand, in the card's coordinates."""
    left = RIGHT - room_of(count) + GAP
    return [QRectF(left + room_of(index), y - SIDE / 2, SIDE, SIDE) for index in range(count)]


def badge_boxes(shown: Shown) -> Iterator[tuple[QRectF, tuple[Badge, ...]]]:
    """Where the drawn badges stand, each with what it tells; the last one may stand for several."""
    for row, y in ((shown.head, HEAD_Y), (shown.facts, LINE_Y)):
        drawn = _fitting(row)
        for index, box in enumerate(boxes(len(drawn), y)):
            last = index == len(drawn) - 1
            yield box, row[index:] if last else row[index : index + 1]
