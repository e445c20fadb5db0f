"""What the lines of an edit journal say, and playing them over a history again.

The first line is the base: the journey and layout that the first edit changed, and what stood in the
files then. Each further line is an edit, a step of undo or redo, or a save:
`{"do": CHANGE}`, `{"undone": STEPS}`, `{"start": 1}`, `{"saving": STAMP}`, `{"saved": STAMP, "text": …, "drawn": …}`,
`{"theirs": STAMP}`, `{"typing": [PLACE, TEXT]}`. The last line of each writing carries the `sum` of the draft that it leads to.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from journeybuilder.document.model import Journey, Layout, mapping, strings
from journeybuilder.errors import AuthorError
from journeybuilder.gui.journey.history import History
from journeybuilder.gui.journey.journal import Change, Draft

VERSION = 1
Line = Mapping[str, Any]
TextsOf = Callable[[Draft], tuple[str, str]]
"""Gives the texts that the journey's and the layout's file had when they said a draft, or ""."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the two files of a journey hold, as SHA-256 of their texts; "" where there is none."""

    journey: str
    layout: str

    @classmethod
    def of(cls, journey: str, layout: str) -> "Stamp":
        """The stamp of these texts."""
        return cls(_digest(journey), _digest(layout))

    def as_json(self) -> list[str]:
        """`[journey, layout]`."""
        return [self.journey, self.layout]

    @classmethod
    def from_json(cls, data: Any) -> "Stamp":
        """The inverse of `as_json`.

        Raises:
            AuthorError: When it is no stamp.
        """
        both = strings(data)
        if len(both) != 2:  # noqa: PLR2004 - the journey's and the layout's
            raise AuthorError("A line of the journal has no stamp.")
        return cls(both[0], both[1])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() if text else ""


def sum_of(draft: Draft) -> str:
    """A short digest of all that a draft says, the order of its keys included."""
    text = json.dumps([draft.journey.data, draft.layout.data, draft.text], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def as_line(line: Line) -> str:
    """The text of one line; ASCII only, so that half a character cannot stop it."""
    return json.dumps(line, separators=(",", ":")) + "\n"


def base_line(base: Draft, stamp: Stamp, texts_of: TextsOf) -> Line:
    """The first line of a journal: what the first edit changes, and what the files hold."""
    text, drawn = texts_of(base)
    return {
        "journal": VERSION,
        "journey": base.journey.data,
        "layout": base.layout.data,
        "typed": base.text,
        "text": text,
        "drawn": drawn,
        "stamp": stamp.as_json(),
        "sum": sum_of(base),
    }


@dataclass
class Played:
    """What came out of playing a journal.

    Attributes:
        draft: What was shown last.
        texts: Texts of the journey's file as they were, each behind the draft it says.
        drawn: Texts of the layout's file, each behind the values it says.
        typed_for: The typed text of the draft that the journey's file said, by the file's digest.
        fits: Whether the files hold what the journal left in them.
        typing: What was typed and was no part of the journey yet, by its place.
        lost: How many lines could not be played, all of them at its end.
        left: What the journal last left in the files.
        behind: Whether the files hold a save that lies in the lines that are lost.
    """

    draft: Draft
    texts: list[tuple[Draft, str]] = field(default_factory=list[Any])
    drawn: list[tuple[Mapping[str, Any], str]] = field(default_factory=list[Any])
    typed_for: dict[str, str] = field(default_factory=dict[str, str])
    fits: bool = False
    lost: int = 0
    typing: dict[str, str] = field(default_factory=dict[str, str])
    left: Stamp = Stamp("", "")
    behind: bool = False

    def text(self, digest: str) -> str:
        """The text of the journey's file with this digest, where it is among those kept; else ""."""
        return next((text for _, text in self.texts if _digest(text) == digest), "")


class _SumError(AuthorError):
    """What was played is not what was there."""


class _Player:
    """Follows a journal line by line: the drafts on the history, and what it believes of the files."""

    def __init__(self, first: Line, history: History, stamp: Stamp) -> None:
        if first.get("journal") != VERSION:
            raise AuthorError("The journal is of another version.")
        journey, layout = Journey(mapping(first.get("journey"))), mapping(first.get("layout"))
        base = Draft(journey, Layout(layout), str(first.get("typed", "")))
        self.out = Played(base)
        history.shown = base
        self._history = history
        self._stamp = stamp
        self._sure = Stamp.from_json(first.get("stamp"))
        self._maybe: list[Stamp] = []  # of saves that began, and nothing tells that they ended
        self._remember(first)
        self._check(first)

    def _remember(self, line: Line) -> None:
        text = line.get("text")
        if isinstance(text, str) and text:
            self.out.texts.append((self.out.draft, text))
        drawn = line.get("drawn")
        if isinstance(drawn, str) and drawn:
            self.out.drawn.append((self.out.draft.layout.data, drawn))

    def _check(self, line: Line) -> None:
        if "sum" in line and line["sum"] != sum_of(self.out.draft):
            raise _SumError("Playing the edits again does not give what they gave.")

    def take(self, line: Line) -> None:
        """Do what a line says.

        Raises:
            AuthorError: When that cannot be done.
        """
        if "do" in line:
            change = Change.from_json(mapping(line["do"]))
            self.out.draft = self._history.make_again(change, self.out.draft)
        elif "undone" in line:
            self._go(line["undone"])
        elif "start" in line:
            self._history.seal()
        elif "saving" in line:
            self._maybe.append(Stamp.from_json(line["saving"]))
            self.out.typed_for[self._maybe[-1].journey] = self.out.draft.text
        elif "saved" in line:
            self._believe(line["saved"])
            self.out.typed_for[self._sure.journey] = self.out.draft.text
            self._history.setClean()
            self._remember(line)
        elif "theirs" in line:
            self._believe(line["theirs"])
            self._history.resetClean()
        elif "typing" in line:
            place, text = strings(line["typing"])
            self.out.typing[place] = text
        else:
            raise AuthorError("A line of the journal says nothing.")
        self._check(line)

    def _believe(self, stamp: Any) -> None:
        self._sure = Stamp.from_json(stamp)
        self._maybe.clear()

    def _go(self, undone: object) -> None:
        if not isinstance(undone, int) or not 0 <= undone <= self._history.count():
            raise AuthorError("The journal goes back to a step that there is not.")
        index = self._history.count() - undone
        if index != self._history.index():
            self._history.setIndex(index)
            self.out.draft = self._history.shown

    def end(self, last: Line) -> Played:
        """The outcome, once all lines are taken; a program can have ended within a save."""
        now, known = self._stamp, (self._sure, *self._maybe)
        self.out.left = self._sure
        self.out.fits = now.journey in {one.journey for one in known} and now.layout in {
            one.layout for one in known
        }
        if not self.out.fits:
            return self.out
        if "saving" in last and now == self._maybe[-1]:
            self._history.setClean()
        elif now != self._sure:
            self._history.resetClean()
        return self.out


def play(lines: Sequence[str], history: History, stamp: Stamp) -> Played:
    """Make everything again that the lines of a journal tell.

    Args:
        lines: Its lines, the base first.
        history: An empty one; it is as it was then afterwards, which of it is saved included.
        stamp: What the files hold now.

    Where a line is damaged, or does not lead to what it led to, all before it is made again and the
    rest is lost.

    Raises:
        AuthorError: When nothing can be made of it.
    """
    good, player = len(lines), None
    while player is None:
        if not good:
            raise AuthorError("A line of the journal is damaged.")
        try:
            player = _played(lines[:good], history, stamp)
        except _BadLineError as bad:
            if not bad.good:
                raise AuthorError(bad.why) from None
            history.clear()
            good = bad.good
    out = player.end(_line(lines[good - 1]))
    out.lost = len(lines) - good
    out.behind = not out.fits and any(_saves(line, stamp) for line in lines[good:])
    return out


class _BadLineError(Exception):
    """A line that cannot be played.

    Attributes:
        good: So many lines before it can be.
    """

    def __init__(self, good: int, why: str) -> None:
        super().__init__(why)
        self.good = good
        self.why = why


def _played(lines: Sequence[str], history: History, stamp: Stamp) -> "_Player":
    player: _Player | None = None
    sure = 0  # lines up to one whose sum was right
    for index, text in enumerate(lines):
        try:
            line = _line(text)
            if player is None:
                player = _Player(line, history, stamp)
            else:
                player.take(line)
        except _SumError as error:
            raise _BadLineError(sure, error.what) from None
        except AuthorError as error:
            raise _BadLineError(index, error.what) from None
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise _BadLineError(index, f"A line of the journal is damaged: {error}.") from None
        if "sum" in line:
            sure = index + 1
    if player is None:
        raise _BadLineError(0, "The journal is empty.")
    return player


def _saves(text: str, stamp: Stamp) -> bool:
    try:
        line = _line(text)
    except AuthorError:
        return False
    return stamp.as_json() in (line.get("saved"), line.get("theirs"))


def _line(text: str) -> Line:
    try:
        data = json.loads(text)
    except ValueError:
        raise AuthorError("A line of the journal is damaged.") from None
    if not isinstance(data, dict):
        raise AuthorError("A line of the journal is damaged.")
    return cast("dict[str, Any]", data)


def packed(history: History, stamp: Stamp, texts_of: TextsOf, limit: int) -> tuple[list[str], int]:
    """A shorter journal with the same history, but for the oldest steps where they take too much.

    Args:
        history: The steps.
        stamp: What the files hold.
        texts_of: Texts that are known.
        limit: How many characters it should have at most; the steps that are needed to get from what
            is saved to what is shown are kept in any case.

    Returns:
        Its lines, and how many of the oldest steps are not in them.
    """
    history.seal()  # what comes later merges neither now nor when these are played
    steps = history.steps()
    clean, at = history.cleanIndex(), history.index()
    last = min(at, clean) if clean >= 0 else at
    lines = [as_line({"do": step.change.as_json()}) for step in steps]
    first, size = 0, sum(len(line) for line in lines)
    while first < last and size > limit:
        size -= len(lines[first])
        first += 1
    base = steps[first].before if steps else history.shown
    out = [as_line(base_line(base, stamp, texts_of)), *lines[first:]]
    if clean >= 0:
        out += [as_line({"undone": len(steps) - clean}), as_line({"saved": stamp.as_json()})]
    else:
        out.append(as_line({"theirs": stamp.as_json()}))
    out.append(as_line({"undone": len(steps) - at, "sum": sum_of(history.shown)}))
    return out, first
