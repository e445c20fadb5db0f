"""The versions of a journey from every source: on disk, of this session, kept here, commits of git."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.kept_versions import Kept, list_name
from journeybuilder.gui.journey.three_way import Pair
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.versions.git_versions import Commit

Source = Literal["disk", "session", "kept", "commit"]
_WHYS = {
    "saved": noop("Saved here"),
    "before": noop("Before a save"),
    "outside": noop("Written by another program"),
    "opened": noop("As it was opened"),
}


@dataclass(frozen=True, slots=True)
class Version:
    """One version that can be compared and gone back to.

    Attributes:
        at: When it was made; None for what is on disk now.
        title: What was done, or the message of a commit.
        about: Where it comes from, and from whom.
        pair: Its texts, where they are at hand; else they are fetched by `kept` or `commit`.
    """

    source: Source
    at: datetime | None
    title: str
    about: str
    pair: Pair | None = None
    kept: Kept | None = None
    commit: Commit | None = None

    @property
    def name(self) -> str:
        """What to call it in a sentence."""
        if self.at is None:
            return self.title
        when = when_words(self.at)
        return f"{when}, {self.title}" if self.title else when


def when_words(at: datetime) -> str:
    """A moment for people: only the time today, else the day too."""
    here = at.astimezone()
    today = datetime.now().astimezone()
    clock = here.strftime("%H:%M")
    if here.date() == today.date():
        return clock
    return f"{here.date().isoformat()} {clock}"


def versions_of(model: JourneyModel, commits: Sequence[Commit] = ()) -> list[Version]:
    """Every version of a journey, the latest first.

    Args:
        model: The journey.
        commits: What git has told of it.
    """
    dated = [*_of_session(model), *_kept(model), *(_committed(one) for one in commits)]
    dated.sort(key=lambda one: one.at.timestamp() if one.at is not None else 0.0, reverse=True)
    return [*_on_disk(model), *dated]


def _on_disk(model: JourneyModel) -> list[Version]:
    pair = model.disk.pair
    if not pair.journey or not model.disk.source.readable:
        return []
    return [Version("disk", None, tr("As it is on disk"), model.disk.path.name, pair)]


def _of_session(model: JourneyModel) -> list[Version]:
    """What was shown before the first step of today."""
    today = datetime.now().astimezone().date()
    for step in model.history.steps():
        at = moment(step.change.at)
        if at is not None and at.date() == today:
            text = model.disk.known_text(step.before.journey.data) or model.disk.fresh_text(
                step.before
            )
            layout = model.disk.layout_text(step.before.layout)
            title = tr("Before the first change of today")
            return [Version("session", at, title, tr("From the history"), Pair(text, layout))]
    return []


def moment(text: str) -> datetime | None:
    """The moment in a step of the history, in the time of this place."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        return None


def _kept(model: JourneyModel) -> list[Version]:
    store = model.versions
    if store is None:
        return []
    found: list[Version] = []
    for one in store.of(list_name(model.disk.path, model.disk.root)):
        why = tr(_WHYS[one.why])
        about = f"{why} · {one.author}" if one.author else why
        found.append(Version("kept", one.at, one.title, about, kept=one))
    return found


def _committed(commit: Commit) -> Version:
    about = tr("Commit {id} · {author}", id=commit.id[:7], author=commit.author)
    return Version("commit", commit.at, commit.message, about, commit=commit)
