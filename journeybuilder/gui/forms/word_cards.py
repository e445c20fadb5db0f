"""One language of a text: a card with its wording, or with one wording per channel."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QMenu, QToolButton
from typing_extensions import override

from journeybuilder.gui.forms.base import Editor, FormContext, Path, column, label, name_it, row
from journeybuilder.gui.forms.cel import TemplateEditor
from journeybuilder.gui.forms.text_variants import (
    Place,
    channel_words,
    doubts,
    language_words,
    length_words,
    runs_to_the_left,
)
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak


class Wording(Editor):
    """One wording: the text, how long it is and what does not suit its channels."""

    def __init__(
        self, path: Path, context: FormContext, place: Place, channels: Sequence[str]
    ) -> None:
        super().__init__(path, context)
        self.place = place
        self._channels = channels
        self.box = TemplateEditor(
            path, context, lines=2, placeholder=tr("what the customer reads or hears")
        )
        self.box.edited.connect(self._typed)
        self._foot = label("", "help", wrap=True)
        self._doubt = label("", "problem", wrap=True)
        self._doubt.setProperty("severity", "warning")
        layout = column(self, spacing=2)
        layout.addWidget(self.box)
        layout.addWidget(self._foot)
        layout.addWidget(self._doubt)
        self.setFocusProxy(self.box.area)
        if place and runs_to_the_left(place[0]):
            option = self.box.area.document().defaultTextOption()
            option.setTextDirection(Qt.LayoutDirection.RightToLeft)
            self.box.area.document().setDefaultTextOption(option)
        self._tell("")

    def _typed(self, _path: object, value: object) -> None:
        self._tell(value if isinstance(value, str) else "")
        self.say(value)

    def _tell(self, text: str) -> None:
        foot = length_words(text, self._channels)
        self._foot.setText(foot)
        self._foot.setVisible(bool(foot))
        wrong = "\n".join(f"\u26a0 {words}" for words in doubts(text, self._channels))
        self._doubt.setText(wrong)
        self._doubt.setVisible(bool(wrong))

    @override
    def show_value(self, value: object) -> None:
        self.box.show_value(value)
        self._tell(value if isinstance(value, str) else "")


class LanguageCard(QFrame):
    """A language with its wordings and what can be done with it.

    Args:
        language: Its code; empty where one text serves all languages.
        own: Channels with a wording of their own, `default` for the others; none where one serves all.
        main: Whether it is the journey's first language.

    Signals:
        asked: What to do (`copy`, `remove`, `add`, `drop`), the language and a channel or "".
    """

    asked = Signal(str, str, str)

    def __init__(
        self, path: Path, context: FormContext, language: str, own: Sequence[str], *, main: bool
    ) -> None:
        super().__init__()
        self.language = language
        self.wordings: dict[Place, Wording] = {}
        self._context = context
        self._main = main
        layout = column(self, spacing=4)
        head = row(spacing=4)
        words = language_words(language) if language else ""
        if words:
            head.addWidget(label(words, "caption"))
        self._tag = label("", "help")
        head.addWidget(self._tag)
        head.addStretch(1)
        self.menu = self._menu(own)
        if self.menu is not None:
            head.addWidget(self.menu)
        layout.addLayout(head)
        for place, channels in self._places(own).items():
            if len(place) > 1:
                layout.addWidget(label(channel_words(place[1]), "help"))
            wording = Wording((*path, *place), context, place, channels)
            name = ", ".join([words or tr("Text"), *map(channel_words, place[1:])])
            name_it(wording, name)
            wording.box.area.setAccessibleName(name)
            self.wordings[place] = wording
            layout.addWidget(wording)
        layout.addStretch(1)
        self.show_missing(missing=False)

    def _places(self, own: Sequence[str]) -> Mapping[Place, Sequence[str]]:
        """Each wording with the channels that it goes to."""
        here: Place = (self.language,) if self.language else ()
        if not own:
            return {here: self._context.channels}
        others = [name for name in self._context.channels if name not in own]
        return {
            (*here, name): (others if name == "default" else [name])
            for name in sorted(own, key=lambda name: name != "default")
        }

    def _menu(self, own: Sequence[str]) -> QToolButton | None:
        choices = self._choices(own)
        if not choices:
            return None
        button = QToolButton()
        button.setText("\u22ef")
        name = language_words(self.language) if self.language else tr("this text")
        button.setToolTip(tr("More for {name}", name=name))
        button.setAccessibleName(tr("More for {name}", name=name))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setProperty("role", "more")
        menu = QMenu(button)
        for what, channel, words in choices:
            action = menu.addAction(words)
            action.setObjectName(f"{what}.{channel}" if channel else what)
            action.triggered.connect(weak(self._ask, what, channel))
        button.setMenu(menu)
        return button

    def _choices(self, own: Sequence[str]) -> list[tuple[str, str, str]]:
        out: list[tuple[str, str, str]] = []
        languages = self._context.languages
        if self.language and not self._main:
            main = language_words(languages[0])
            out.append(("copy", "", tr("Copy from {language}", language=main)))
        if len(self._context.channels) > 1 or own:
            free = [name for name in self._context.channels if name not in own]
            for name in free:
                words = tr("Own words for {channel}", channel=channel_words(name))
                out.append(("add", name, words))
            for name in own:
                if name != "default" or len(own) == 1:
                    words = tr("Remove the words for {channel}", channel=channel_words(name))
                    out.append(("drop", name, words))
        if self.language and (not self._main or len(languages) > 1):
            words = tr("Remove {language}", language=language_words(self.language))
            if not self._main:
                out.append(("remove", "", words))
        return out

    def _ask(self, what: str, channel: str) -> None:
        self.asked.emit(what, self.language, channel)

    def show_missing(self, *, missing: bool) -> None:
        """Say beside the language whether it is the main one, missing or none of the journey's."""
        if not self.language:
            many = len(self._context.languages) > 1
            words = tr("one text for all languages") if many else ""
        elif missing:
            words = "\u26a0 " + tr("missing")
        elif self._main:
            words = tr("main language")
        elif self.language not in self._context.languages:
            words = "\u26a0 " + tr("no language of this journey")
        else:
            words = ""
        self._tag.setText(words)
        self._tag.setVisible(bool(words))
