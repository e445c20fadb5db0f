"""What is said to the customer: a text per language, where wanted also per channel, side by side."""

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import UNSET, Editor, FormContext, Path, column, label, row
from journeybuilder.gui.forms.named_rows import quiet_button
from journeybuilder.gui.forms.text_variants import (
    DEFAULT,
    Place,
    by_language,
    channels_of,
    language_words,
    languages_of,
    missing_languages,
    with_channel,
    with_words,
    without_channel,
    words_at,
)
from journeybuilder.gui.forms.word_cards import LanguageCard, Wording
from journeybuilder.gui.look.language import tr

_TWO_COLUMNS = 440  # px from which two languages stand side by side
_Plan = list[tuple[str, tuple[str, ...]]]


class WordsEditor(Editor):
    """A text of the journey in all its languages: a card each, one or two beside each other."""

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self._value: Any = UNSET
        self._split: set[tuple[str, str]] = set()  # channels that stay although they are empty
        self.cards: list[LanguageCard] = []
        self._plan: _Plan | None = None
        self._columns = 1
        layout = column(self, spacing=4)
        self._body = QWidget()
        self._grid = QGridLayout(self._body)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        layout.addWidget(self._body)
        self._hint = label("", "problem", wrap=True)
        self._hint.setProperty("severity", "warning")
        layout.addWidget(self._hint)
        foot = row(spacing=4)
        self.translate = quiet_button(tr("Translate"), self._translate)
        self.translate.setToolTip(tr("A text of its own for each language of the journey"))
        self.unite = quiet_button(tr("One text for all languages"), self._unite)
        foot.addWidget(self.translate)
        foot.addWidget(self.unite)
        foot.addStretch(1)
        layout.addLayout(foot)
        self.show_value(UNSET)

    @property
    def _main(self) -> str:
        return self.context.languages[0]

    @property
    def wordings(self) -> dict[Place, Wording]:
        """Every field by the language and channel that it is for."""
        return {place: one for card in self.cards for place, one in card.wordings.items()}

    # --- drawing -------------------------------------------------------------------------------

    def _planned(self, value: Any) -> _Plan:
        """The languages that are shown, each with the channels that have words of their own."""
        texts = by_language(value)
        plain = isinstance(value, str) and bool(value)
        if texts is None and not self._split and (plain or len(self.context.languages) == 1):
            return [("", ())]
        out: _Plan = []
        for code in languages_of(value, self.context.languages):
            kept = [channel for language, channel in self._split if language == code]
            said = channels_of(value, code)
            own = dict.fromkeys([*said, *sorted(kept)])
            if DEFAULT not in said and own.keys() >= set(self.context.channels):
                own.pop(DEFAULT, None)  # no channel is left that it could serve
            out.append((code, tuple(own)))
        return out

    def _draw(self, plan: _Plan) -> None:
        focused = self._focused_place()
        for card in self.cards:
            self._grid.removeWidget(card)
            card.hide()
            card.setParent(None)
            card.deleteLater()
        self.cards = []
        for code, own in plan:
            card = LanguageCard(self.path, self.context, code, own, main=code == self._main)
            card.asked.connect(self._asked)
            for wording in card.wordings.values():
                wording.edited.connect(self._typed)
            self.cards.append(card)
        self._arrange()
        first = next(iter(self.wordings.values()))
        self.setFocusProxy(first.box.area)
        if focused is not None:
            self._focus(focused)

    def _arrange(self) -> None:
        wide = self.width() >= _TWO_COLUMNS and len(self.cards) > 1
        self._columns = 2 if wide else 1
        for index, card in enumerate(self.cards):
            self._grid.addWidget(card, index // self._columns, index % self._columns)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if wide else 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _TWO_COLUMNS and len(self.cards) > 1
        if (2 if wide else 1) != self._columns:
            self._arrange()

    def _focused_place(self) -> Place | None:
        widget = QApplication.focusWidget()
        if widget is None:
            return None
        for place, wording in self.wordings.items():
            if wording.isAncestorOf(widget):
                return place
        return None

    def _focus(self, place: Place) -> None:
        known = self.wordings
        found = known.get(place) or known.get(place[:1])
        if found is not None:
            found.focus_path(found.path)

    # --- what a person does ----------------------------------------------------------------------

    def _typed(self, path: object, value: object) -> None:
        place = cast("Place", cast("Path", path)[len(self.path) :])
        if len(place) > 1:
            self._split.add((place[0], place[1]))
        words = "" if value is UNSET else value
        self._take(with_words(self._value, place, words, self._main))

    def _take(self, value: Any) -> None:
        self.show_value(value)
        self.say(value)

    def _translate(self) -> None:
        before = words_at(self._value, ())
        self._take({self._main: before} if before else UNSET)
        others = [code for code in self.context.languages if code != self._main]
        self._focus((others[0],) if others else ())

    def _unite(self) -> None:
        """The main language's words for all; only offered where nothing else would be lost."""
        self._split.clear()
        self._take(self._only_text() or UNSET)
        self._focus(())

    def _only_text(self) -> str | None:
        """The text where there is no more than one, None where there are several."""
        texts = by_language(self._value)
        if texts is None or any(by_language(words) is not None for words in texts.values()):
            return None
        given = [words for words in texts.values() if isinstance(words, str) and words]
        return None if len(set(given)) > 1 else "".join(given[:1])

    def _asked(self, what: str, language: str, channel: str) -> None:
        code = language or self._main
        if what == "copy":
            source = (by_language(self._value) or {}).get(self._main, "")
            self._take(with_words(self._value, (code,), source, self._main))
        elif what == "remove":
            self._split = {one for one in self._split if one[0] != code}
            self._take(with_words(self._value, (code,), UNSET, self._main))
        elif what == "add":
            self._split |= {(code, DEFAULT), (code, channel)}
            self._take(with_channel(self._value, code, channel, self._main))
            self._focus((code, channel))
            return
        else:
            gone = {(code, channel), (code, DEFAULT)}
            self._split -= gone
            left = without_channel(self._value, code, channel)
            alone = len(self.context.languages) == 1 and list(left) == [code]
            self._take(left[code] if alone and isinstance(left[code], str) else left)
        self._focus((code,))

    # --- showing -------------------------------------------------------------------------------

    @override
    def show_value(self, value: Any) -> None:
        self._value = UNSET if value is None else value
        plan = self._planned(self._value)
        if plan != self._plan:
            self._plan = plan
            self._draw(plan)
        for place, wording in self.wordings.items():
            wording.show_value(words_at(self._value, place))
        missing = missing_languages(self._value, self.context.languages)
        for card in self.cards:
            card.show_missing(missing=card.language in missing)
        self._show_hint(missing)
        many = len(self.context.languages) > 1
        plain = by_language(self._value) is None and plan[0][0] == ""
        self.translate.setVisible(many and plain)
        self.unite.setVisible(many and not plain and self._only_text() is not None and bool(self._value))  # fmt: skip

    def _show_hint(self, missing: Sequence[str]) -> None:
        shown = bool(missing) and by_language(self._value) is not None
        if shown:
            names = ", ".join(language_words(code) for code in missing)
            main = language_words(self._main)
            self._hint.setText(
                "\u26a0 "
                + tr(
                    "No words yet in {languages}: these customers get {main}.",
                    languages=names,
                    main=main,
                )
            )
        self._hint.setVisible(shown)

    @override
    def focus_path(self, path: Path) -> bool:
        if path[: len(self.path)] != self.path and self.path[: len(path)] != path:
            return False
        place = tuple(str(part) for part in path[len(self.path) :])
        known = self.wordings
        found = next((known[place[:n]] for n in (2, 1) if place[:n] in known), None)
        return found.focus_path(found.path) if found is not None else super().focus_path(path)
