"""Tells above a journey what has happened to its files, with what can be done about it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from journeybuilder.errors import ProgramError
from journeybuilder.gui.forms.base import sentence
from journeybuilder.gui.journey.outside import News
from journeybuilder.gui.journey.three_way import Pair
from journeybuilder.gui.journey.unfinished import PLACE
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.slots import weak, weak_with
from journeybuilder.gui.notice import Deed
from journeybuilder.gui.shell import Shell

if TYPE_CHECKING:
    from journeybuilder.gui.files import Files

_NAMED = 2  # changes that are named; the rest is counted


class JourneyNews(QObject):
    """Stands between the files of the open journeys and the person."""

    def __init__(self, window: Shell, files: "Files") -> None:
        super().__init__(window)
        self._window = window
        self._files = files

    def follow(self, tab: JourneyTab) -> None:
        """Tell what happens to a journey's files from now on, and what has happened already."""
        outside = tab.model.outside
        outside.happened.connect(weak_with(self._happened, tab))
        if outside.news is not None:
            self._happened(tab, outside.news)
        elif not tab.model.saved:
            self._recovered(tab)
        if tab.model.recovered and tab.model.saved:
            tab.notice.tell(tab.model.recovered)
        if tab.model.typed("yaml"):
            tab.notice.tell(
                tr("Text that could not be taken over yet is in the YAML panel again."),
                Deed(tr("Show it"), weak(self._show_text, tab)),
            )
        half = tab.model.typed(PLACE)
        if half:
            tab.notice.tell(
                tr("This was being typed when the program ended, and is in no field yet. {text}",
                   text=half),
                Deed(tr("Copy"), weak(self._copy, half.partition(": ")[2]), stays=True),
            )  # fmt: skip
        if self._marked(tab):
            self._marked_conflicts(tab)
        if not tab.model.readable:
            self._unreadable(tab)

    def _unreadable(self, tab: JourneyTab) -> None:
        """The file was no journey when it was opened: its text is shown, with what is wrong."""
        why = said(tab.model.disk.source.findings[0].message)
        words = tr(
            "{file} cannot be read as a journey: {why} Mend it as text; nothing is saved over it by "
            "itself.", file=tab.model.disk.path.name, why=sentence(why),
        )  # fmt: skip
        tab.notice.tell(
            words,
            Deed(tr("Show its text"), weak(self._show_text, tab),
                 tr("The YAML panel, with what is wrong"), stays=True),
            done=tr("Later"),
        )  # fmt: skip
        tab.model.findings_changed.connect(weak(self._mended, tab, words))
        self._show_text(tab)

    def _mended(self, tab: JourneyTab, words: str) -> None:
        if tab.model.readable:
            tab.notice.forget(words)

    def _copy(self, text: str) -> None:
        QApplication.clipboard().setText(text)
        self._window.say(tr("Copied"))

    # --- edits of last time --------------------------------------------------------------------

    def _recovered(self, tab: JourneyTab) -> None:
        words = tr("Changes that were not saved last time are here again.")
        tab.notice.tell(
            f"{words} {tab.model.recovered}".strip(),
            Deed(
                tr("Discard"),
                weak(self._discard, tab),
                tr("Go back to what is saved; Redo brings the changes back"),
            ),
            Deed(
                tr("Show differences"),
                weak(self._compare_saved, tab),
                tr("What was changed since it was saved"),
                stays=True,
            ),
            done=tr("Keep"),
        )

    def _discard(self, tab: JourneyTab) -> None:
        tab.model.discard()
        self._window.say(tr("The changes are discarded; Redo brings them back"))

    def _compare_saved(self, tab: JourneyTab) -> None:
        self._compare(tab, tab.model.disk.pair, tr("saved"))

    def _compare(self, tab: JourneyTab, before: Pair, words: str) -> None:
        from journeybuilder.gui.panels.compare import show_comparison  # noqa: PLC0415 - seldom needed

        show_comparison(self._window, tab, before, words)

    # --- other programs --------------------------------------------------------------------------

    def _happened(self, tab: JourneyTab, news: News) -> None:
        tellers: dict[str, Callable[[JourneyTab, News], None]] = {
            "taken": self._taken,
            "merged": self._merged,
            "conflicts": self._conflicts,
            "settled": self._settled,
            "gone": self._gone,
            "moved": self._moved,
            "back": self._back,
            "closed": self._closed,
            "broken": self._broken,
        }
        tellers[news.what](tab, news)

    @staticmethod
    def _came_in(news: News) -> str:
        named = [one.words for one in news.changes[:_NAMED]]
        rest = len(news.changes) - len(named)
        if not named:
            return tr("Only places and comments differ.")
        if rest:
            named.append(trn("{n} more change", "{n} more changes", rest))
        return "; ".join(named) + "."

    def _difference(self, tab: JourneyTab, before: Pair | None) -> list[Deed]:
        if before is None:
            return []
        words = tr("before")
        return [Deed(tr("Show differences"), weak(self._compare, tab, before, words), stays=True)]

    def _taken(self, tab: JourneyTab, news: News) -> None:
        undo = [Deed(tr("Undo"), weak(self._undo, tab))] if news.before is not None else []
        tab.notice.tell(
            tr("Another program has changed this journey; here is what it says now.")
            + f" {self._came_in(news)}",
            *self._difference(tab, news.before),
            *undo,
        )

    def _merged(self, tab: JourneyTab, news: News) -> None:
        came = trn("{n} change came in", "{n} changes came in", len(news.changes))
        tab.notice.tell(
            tr("Another program has changed this journey. Its changes and yours are both here: {came}.",
               came=came) + f" {self._came_in(news)}",
            *self._difference(tab, news.before),
            Deed(tr("Undo the merge"), weak(self._undo, tab), tr("Only your changes are left then")),
        )  # fmt: skip

    def _conflicts(self, tab: JourneyTab, news: News) -> None:
        del news
        way = tab.model.outside.meeting
        number = len(way.conflicts) if way is not None else 0
        tab.notice.tell(
            trn("Another program has changed this journey in {n} place that you have changed too.",
                "Another program has changed this journey in {n} places that you have changed too.",
                number) + " " + tr("Yours is shown, and nothing is saved over theirs until you decide."),
            Deed(tr("Decide…"), weak(self.decide, tab), tr("See both sides of each place")),
            done=tr("Later"),
        )  # fmt: skip

    def decide(self, tab: JourneyTab) -> None:
        """Let the person decide about the conflicts of a journey."""
        from journeybuilder.gui.dialogs.merge_view import show_merge  # noqa: PLC0415 - seldom needed

        show_merge(self._window, tab)

    def _undo(self, tab: JourneyTab) -> None:
        if tab.model.history.canUndo():
            tab.model.history.undo()
            self._window.say(tr("Undone; Redo brings it back"))

    def _gone(self, tab: JourneyTab, news: News) -> None:
        del news
        tab.notice.tell(
            tr("The file {name} is gone. The journey is still here; saving writes the file again.",
               name=tab.model.disk.path.name),
            Deed(tr("Save it again"), weak(self._files.save, tab)),
            Deed(tr("Close the journey"), weak(self._files.forget, tab)),
            done=tr("Later"),
        )  # fmt: skip

    def _moved(self, tab: JourneyTab, news: News) -> None:
        if news.path is None:
            return
        old = tab.model.disk.path.name
        try:
            tab.model.move_to(news.path)
        except ProgramError:
            self._gone(tab, news)
            return
        self._files.reread()
        tab.notice.tell(
            tr("The file {old} is called {new} now; the journey is saved there.",
               old=old, new=news.path.name)
        )  # fmt: skip

    def _back(self, tab: JourneyTab, news: News) -> None:
        del news
        tab.notice.take_back()
        self._window.say(tr("The file {name} is there again", name=tab.model.disk.path.name))

    def _settled(self, tab: JourneyTab, news: News) -> None:
        del news
        tab.notice.take_back()
        self._window.say(
            tr("The file {name} says again what it said before; there is nothing to decide",
               name=tab.model.disk.path.name)
        )  # fmt: skip

    def _closed(self, tab: JourneyTab, news: News) -> None:
        tab.notice.tell(
            tr("The file {name} cannot be read any more: {why}. What is shown stays as it is.",
               name=tab.model.disk.path.name, why=news.why)
        )  # fmt: skip

    def _broken(self, tab: JourneyTab, news: News) -> None:
        tab.notice.tell(
            tr("Another program has changed the file so that it cannot be read ({why}). The drawing shows"
               " what it said before, and nothing is saved over the file by itself.", why=news.why),
            Deed(tr("Show its text"), weak(self._show_text, tab),
                 tr("The YAML panel, with what is wrong"), stays=True),
            Deed(tr("Save what is shown over it"), weak(self._files.save_over, tab)),
            done=tr("Later"),
        )  # fmt: skip

    def _show_text(self, tab: JourneyTab) -> None:
        self._window.show_tab(tab)
        self._window.go_text()

    # --- conflicts that a merge left in the file ---------------------------------------------------

    @staticmethod
    def _marked(tab: JourneyTab) -> int:
        from journeybuilder.gui.journey.left_conflicts import conflicts_left  # noqa: PLC0415 - as above

        return len(conflicts_left(tab.model.disk.source.text))

    def _marked_conflicts(self, tab: JourneyTab) -> None:
        number = self._marked(tab)
        tab.notice.tell(
            trn("A merge has left {n} conflict in this file.",
                "A merge has left {n} conflicts in this file.", number),
            Deed(tr("Decide…"), weak(self.decide, tab), tr("See both sides of each place")),
            done=tr("Later"),
        )  # fmt: skip
