"""Texts of journeys as they were, kept in the workspace's local state: each save, and what it replaced.

Texts are kept once each, under their digest; a short list for every journey says when and why. The
lists and the folder are bounded: the oldest go first.
"""

import getpass
import hashlib
import json
import logging
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any, Literal

from journeybuilder.connect.state_file import write_state
from journeybuilder.document.model import mapping
from journeybuilder.document.workspace import JOURNEY_ENDING
from journeybuilder.gui.journey.three_way import Pair

log = logging.getLogger(__name__)
FOLDER = "versions"
MOST = 200
"""So many versions of a journey are kept."""

_SLACK = 40  # more may gather before the oldest are let go
_ENDING = ".jsonl"
Why = Literal["saved", "before", "outside", "opened"]
_WHY_OF: Mapping[str, Why] = {
    "saved": "saved", "before": "before", "outside": "outside", "opened": "opened",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """One version in the list of a journey.

    Attributes:
        at: When, with its zone.
        why: `saved` here, what stood there `before` a save, `outside`: written by another program,
            `opened`: found when the journey was opened first.
        author: Who was at the machine.
        title: What was done last, in the words of the history, or "".
        journey: Digest of the text of the journey's file.
        layout: Digest of the text of the layout's; "" where there was none.
    """

    at: datetime
    why: Why
    author: str
    title: str
    journey: str
    layout: str

    def as_json(self) -> dict[str, str]:
        """A line of the list."""
        return {
            "at": self.at.isoformat(timespec="seconds"), "why": self.why, "author": self.author,
            "title": self.title, "journey": self.journey, "layout": self.layout,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Any) -> "Kept | None":
        """The inverse of `as_json`; None for what is no line of ours."""
        raw = mapping(data)
        text = {key: value for key, value in raw.items() if isinstance(value, str)}
        try:
            at = datetime.fromisoformat(text.get("at", ""))
        except ValueError:
            return None
        why: Why = _WHY_OF.get(text.get("why", ""), "saved")
        journey, layout = text.get("journey", ""), text.get("layout", "")
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return cls(at, why, text.get("author", ""), text.get("title", ""), journey, layout)


class KeptVersions:
    """The versions of one workspace's journeys.

    Nothing here raises: where the folder cannot be written nothing is kept, which the log says, and
    a text that is damaged counts as absent.

    Args:
        state: Folder of the workspace's local state.
    """

    def __init__(self, state: Path) -> None:
        self._folder = state / FOLDER
        self._texts = self._folder / "texts"

    # --- texts ---------------------------------------------------------------------------------

    def text(self, digest: str) -> str | None:
        """The text with this digest; "" for the digest of no text, None where it is not kept."""
        if not digest:
            return ""
        if not digest.isalnum():
            return None
        try:
            text = zlib.decompress(self._place(digest).read_bytes()).decode("utf-8")
        except (OSError, zlib.error, UnicodeDecodeError):
            return None
        return text if _digest(text) == digest else None

    def pair(self, journey: str, layout: str) -> Pair | None:
        """Both texts by their digests; None where the journey's is not kept."""
        text = self.text(journey)
        return None if not text else Pair(text, self.text(layout) or "")

    def _place(self, digest: str) -> Path:
        return self._texts / digest[:2] / digest

    def _put(self, text: str) -> str:
        digest = _digest(text)
        place = self._place(digest)
        if digest and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            temporary = place.with_name(f".{digest}.{token_hex(4)}.tmp")
            try:
                temporary.write_bytes(zlib.compress(text.encode("utf-8", "surrogatepass")))
                temporary.replace(place)
            finally:
                temporary.unlink(missing_ok=True)
        return digest

    # --- lists -----------------------------------------------------------------------------------

    def keep(self, name: str, pair: Pair, why: Why, title: str = "") -> None:
        """Keep a version of a journey, unless it is the one that was kept last.

        Args:
            name: The journey, as `list_name` has it.
            pair: Its texts.
            why: See `Kept`.
            title: What was done last.
        """
        if not pair.journey:
            return
        try:
            digests = self._put(pair.journey), self._put(pair.layout)
            known = self.of(name)
            if known and (known[0].journey, known[0].layout) == digests:
                return
            one = Kept(datetime.now(UTC), why, _author(), title, *digests)
            line = json.dumps(one.as_json(), ensure_ascii=False) + "\n"
            if len(known) >= MOST + _SLACK:
                self._shorten(name, [one, *known][:MOST])
                return
            with self._list(name).open("a", encoding="utf-8", newline="\n") as file:
                file.write(line)
        except OSError as error:
            log.warning("a version of %s could not be kept: %s", name, error)

    def of(self, name: str) -> Sequence[Kept]:
        """The versions of a journey, the latest first."""
        return list(self._read(self._list(name)))[::-1]

    @staticmethod
    def _read(path: Path) -> Iterator[Kept]:
        try:
            lines = path.read_bytes().decode("utf-8", "replace").splitlines()
        except OSError:
            return
        for line in lines:
            try:
                one = Kept.from_json(json.loads(line))
            except ValueError:  # half a line, or garbage: the others are fine
                continue
            if one is not None:
                yield one

    def _list(self, name: str) -> Path:
        return self._folder / (name + _ENDING)

    def _shorten(self, name: str, kept: Sequence[Kept]) -> None:
        """Let the oldest versions go, and the texts that no list names any more."""
        lines = [json.dumps(one.as_json(), ensure_ascii=False) + "\n" for one in kept[::-1]]
        write_state(self._list(name), "".join(lines))
        named = {
            digest
            for path in self._folder.glob("*" + _ENDING)
            for one in self._read(path)
            for digest in (one.journey, one.layout)
        }
        for place in self._texts.glob("*/*"):
            if place.name not in named:
                place.unlink(missing_ok=True)


def list_name(journey: Path, root: Path) -> str:
    """What the list of a journey is called: its place in the workspace with dots.

    Args:
        journey: The journey's file.
        root: The workspace.
    """
    stem = journey.name.removesuffix(JOURNEY_ENDING)
    folder = journey.parent
    inside = folder.relative_to(root).parts if folder.is_relative_to(root) else folder.parts[1:]
    return ".".join([*(part for part in inside if part != "journeys"), stem])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() if text else ""


def _author() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a system without a name for its user
        return ""
