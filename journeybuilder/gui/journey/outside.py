"""What other programs do to the files of an open journey: taken over, brought together, or asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from journeybuilder.document.diff import Change
from journeybuilder.document.workspace import JOURNEY_ENDING
from journeybuilder.document.write import dump, rewrite
from journeybuilder.errors import AuthorError
from journeybuilder.gui.journey.three_way import (
    Choice,
    Pair,
    ThreeWay,
    changes_between,
    journey_of,
    says,
)
from journeybuilder.gui.look.language import tr

if TYPE_CHECKING:
    from journeybuilder.gui.journey.journey_model import JourneyModel

What = Literal[
    "taken", "merged", "conflicts", "settled", "gone", "moved", "back", "closed", "broken"
]


@dataclass(frozen=True, slots=True)
class News:
    """What has happened to the files.

    Attributes:
        what: `taken` over as it is, `merged` with the changes here, `conflicts` wait for a decision
            or are `settled` since the file says again what it said; the file is `gone`, has `moved`, is `back`, cannot be read (`closed`), or makes no sense
            any more (`broken`).
        changes: What came in, in words.
        before: What was shown here before, where something else is now.
        path: Where the file is now, where it has moved.
        why: Why it cannot be read.
    """

    what: What
    changes: Sequence[Change] = ()
    before: Pair | None = None
    path: Path | None = None
    why: str = ""


class Outside(QObject):
    """Watches over one journey's files.

    Args:
        model: The journey.
        base: What its draft is built on, where that is not what the files hold.

    Attributes:
        base: What both sides began with; None while the file has never made sense.
        meeting: The two changes whose conflicts wait for a decision.
        news: What has happened last.

    Signals:
        happened: A `News`.
    """

    happened = Signal(object)

    def __init__(self, model: "JourneyModel", base: Pair | None = None) -> None:
        super().__init__(model)
        self._model = model
        source = model.disk.source
        self.base = base or (model.disk.pair if source.readable else None)
        self.meeting: ThreeWay | None = None
        self.news: News | None = None
        self._gone = False
        self._closed = False
        model.disk.changed_outside.connect(self.look)

    # --- what is shown here ------------------------------------------------------------------------

    def ours(self) -> Pair:
        """The texts for what is shown.

        Raises:
            AuthorError: When it cannot be written as text.
        """
        draft, disk = self._model.draft, self._model.disk
        base = self.base or Pair("")
        data, layout = draft.journey.data, draft.layout.data
        text = rewrite(draft.text, data) if draft.text else disk.known_text(data)
        if not text:
            text = rewrite(base.journey, data) if base.journey.strip() else dump(data)
        if layout == says(base.layout):
            return Pair(text, base.layout)
        known = base.layout.strip()
        return Pair(text, rewrite(base.layout, layout) if known else dump(layout))

    def meets(self) -> bool:
        """Look at the files now; whether something in them waits for a decision."""
        if self._model.disk.differs():
            self.look()
        return self.meeting is not None

    # --- looking ---------------------------------------------------------------------------------

    def look(self) -> None:
        """See what the files hold, and take it in."""
        disk = self._model.disk
        try:
            now = disk.now()
        except OSError as error:
            self._shut(error)
            return
        self._closed = False
        if now is None:
            self._lost()
            return
        back, self._gone = self._gone, False
        if now == disk.pair and self.meeting is None:
            if back:
                self._model.built_on(saved=self.ours() == now)
                self._tell(News("back"))
            return
        before, met = self.news, self.meeting is not None
        try:
            self.bring(now)
        except AuthorError as error:
            self._break(error)
        if self.news is before and (back or met):
            self._tell(News("back" if back else "settled"))

    def bring_in(self) -> None:
        """Bring together the edits of last time and what the files hold since."""
        try:
            self.bring(self._model.disk.pair)
        except AuthorError as error:
            self._break(error)

    def bring(self, theirs: Pair) -> None:
        """Bring together what is shown and what the files hold.

        Raises:
            AuthorError: When the file makes no sense.
        """
        journey_of(theirs.journey)
        self.meeting = None
        if self.base is None:
            self._model.reload()
            self.base = theirs
            self._tell(News("taken"))
            return
        ours = self.ours()
        if theirs == ours:
            self._built_on(theirs, saved=True)
        elif theirs == self.base:
            self._built_on(theirs, saved=False)
        elif ours == self.base or self._model.saved:
            self._take("taken", ours, theirs, theirs)
        else:
            way = ThreeWay(self.base, ours, theirs)
            if way.conflicts:
                self.meeting = way
                self._model.keep_version(theirs, "outside")
                self._tell(News("conflicts", changes_between(self.base.journey, theirs.journey)))
            else:
                self._take("merged", ours, way.resolved({}), theirs)

    def decide(self, choices: Mapping[int, Choice]) -> None:
        """Make what was decided about the conflicts the journey, as one step of undo.

        Raises:
            AuthorError: When a decision cannot be written.
        """
        way = self.meeting
        if way is not None:
            pair = way.resolved(choices)
            self.meeting = None
            self._take("merged", way.ours, pair, way.theirs)

    def renewed(self) -> ThreeWay | None:
        """The meeting with what is shown now; where nothing is to be decided any more, None."""
        way = self.meeting
        if way is None or way.ours == self.ours():
            return way
        self.meeting = None
        try:
            self.bring(way.theirs)
        except AuthorError as error:
            self._break(error)
        return self.meeting

    def _take(self, what: What, ours: Pair, pair: Pair, theirs: Pair) -> None:
        """Show other texts from now on, as one step of undo."""
        model = self._model
        title = tr("Take over what was changed outside") if what == "taken" else tr("Merge")
        changes = changes_between(ours.journey, pair.journey)
        model.keep_version(ours, "before")
        model.keep_version(theirs, "outside")
        if pair == ours or model.replace_with(title, pair):
            self._built_on(theirs, saved=pair == theirs)
            self._tell(News(what, changes, ours))

    def _built_on(self, theirs: Pair, *, saved: bool) -> None:
        self.base = theirs
        if self._model.disk.now() is not None:
            self._model.disk.read(self._model.draft.text)
        self._model.built_on(saved=saved)

    def _tell(self, news: News) -> None:
        self.news = news
        self.happened.emit(news)

    # --- files that are no more, or no journeys --------------------------------------------------

    def _break(self, error: AuthorError) -> None:
        model = self._model
        self.meeting = None
        if self.base is None and not model.history.count():
            model.reload()
        else:
            model.disk.read(model.draft.text)
            model.built_on(saved=False)
        self._tell(News("broken", why=error.what))

    def _shut(self, error: OSError) -> None:
        if not self._closed:
            self._closed = True
            self._tell(News("closed", why=error.strerror or type(error).__name__))

    def _lost(self) -> None:
        if self._gone:
            return
        self._gone = True
        moved = self._moved_to()
        if moved is None:
            self._model.built_on(saved=False)
        self._tell(News("moved" if moved else "gone", path=moved))

    def _moved_to(self) -> Path | None:
        """The file that holds the same text under another name, where one has come."""
        disk = self._model.disk
        for path in sorted(disk.path.parent.glob("*" + JOURNEY_ENDING)):
            try:
                same = path != disk.path and path.read_bytes() == disk.source.text.encode()
            except OSError:  # gone again, or not ours to read
                continue
            if same:
                return path
        return None
