"""Editors of values that are a word or something else: how many lanes, which facts, an old step."""

from abc import abstractmethod
from typing import Any, cast

from typing_extensions import override

from journeybuilder.document.write import dump
from journeybuilder.gui.forms.base import UNSET, Editor, FormContext, Path, column, label
from journeybuilder.gui.forms.plain import ListEditor, NumberEditor, QuietCombo, ReadingText
from journeybuilder.gui.look.language import noop, tr


class WordOrMore(Editor):
    """A box of words; the last one opens an editor for the value itself."""

    words: tuple[tuple[Any, str], ...] = ()
    """Value and words of each choice; the last one's value begins the editor."""

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self.combo = QuietCombo()
        for _, words in self.words:
            self.combo.addItem(tr(words))
        self.more = self.make()
        self.more.edited.connect(self._typed)
        layout = column(self, spacing=4)
        layout.addWidget(self.combo)
        layout.addWidget(self.more)
        self.setFocusProxy(self.combo)
        self.combo.activated.connect(self._chosen)
        self._mode(0)

    @abstractmethod
    def make(self) -> Editor:
        """The editor of the value."""
        ...

    def _mode(self, index: int) -> None:
        self.combo.setCurrentIndex(index)
        self.more.setVisible(index == len(self.words) - 1)

    def _chosen(self, index: int) -> None:
        value = self.words[index][0]
        self._mode(index)
        if index == len(self.words) - 1:
            self.more.show_value(value)
            self.more.setFocus()
        self.say(value)

    def _typed(self, _path: object, value: object) -> None:
        self.say(self.words[-1][0] if value is UNSET else value)

    @override
    def show_value(self, value: Any) -> None:
        wanted = UNSET if value is None else value
        for index, (known, _) in enumerate(self.words[:-1]):
            if wanted == known:
                self._mode(index)
                return
        self._mode(len(self.words) - 1)
        self.more.show_value(wanted)


class LaneCount(WordOrMore):
    """How many lanes a join waits for; all of them where the file says nothing."""

    words = (
        (UNSET, noop("All lanes")),
        ("any", noop("The first lane to arrive")),
        (2, noop("As many lanes as")),
    )

    @override
    def make(self) -> Editor:
        return NumberEditor(self.path, self.context, whole=True, placeholder=tr("a number"))

    @override
    def show_value(self, value: Any) -> None:
        super().show_value(UNSET if value == "all" else value)


class ForgottenFacts(WordOrMore):
    """Which facts are forgotten: none, all, or those with these names."""

    words = (
        (UNSET, noop("Nothing")),
        ("all", noop("Everything")),
        ([], noop("These facts")),
    )

    @override
    def make(self) -> Editor:
        return ListEditor(self.path, self.context, placeholder=tr("one name per line"))


class OldStep(Editor):
    """An imported step as it was, to read and to copy."""

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self.text = ReadingText("", "reading code")
        layout = column(self, spacing=4)
        layout.addWidget(self.text)
        words = tr("Kept word for word; replace the node by others.")
        layout.addWidget(label(words, "help", wrap=True))
        self.setFocusProxy(self.text)

    @override
    def show_value(self, value: Any) -> None:
        if isinstance(value, dict):
            self.text.show_text(dump(cast("dict[str, Any]", value)).rstrip())
        else:
            self.text.show_text("" if value is UNSET or value is None else str(value))
