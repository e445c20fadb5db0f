"""What is said to the customer: a text per language, where wanted also per channel."""

from collections.abc import Mapping
from typing import Any, cast

from PySide6.QtWidgets import QTabWidget, QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import UNSET, Editor, FormContext, Path, column, label, name_it
from journeybuilder.gui.forms.cel import TemplateEditor
from journeybuilder.gui.forms.plain import TickBox

_LANGUAGES = {"en": "English", "es": "Spanish", "de": "German", "fr": "French", "it": "Italian",
    "pt": "Portuguese", "nl": "Dutch", "pl": "Polish", "tr": "Turkish", "ar": "Arabic",
    "hi": "Hindi", "ja": "Japanese", "zh": "Chinese"}  # fmt: skip


def language_words(code: str) -> str:
    """A language for people: `Spanish` for `es` and `es-MX`."""
    name = _LANGUAGES.get(code.split("-", maxsplit=1)[0])
    return f"{name} ({code})" if name else code


class WordsEditor(Editor):
    """A text of the journey in all its languages, one below the other."""

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self._value: Any = UNSET  # text, or texts by language, or by language and channel
        self._boxes: dict[Path, TemplateEditor] = {}
        self._layout = column(self, spacing=8)
        self._body: QWidget | None = None
        self._by_language = TickBox("A text for each language")
        self._by_language.clicked.connect(self._translate)
        self._by_language.setVisible(len(context.languages) > 1)
        self._by_channel = TickBox("Different words per channel")
        self._by_channel.clicked.connect(self._split)
        self._by_channel.setVisible(len(context.channels) > 1)
        self._layout.addWidget(self._by_language)
        self._layout.addWidget(self._by_channel)
        self._drawn: object = None

    def _texts(self) -> Mapping[str, Any] | None:
        """The texts by language, where there are some."""
        value = self._value
        return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else None

    def _plain_ok(self) -> bool:
        return len(self.context.languages) == 1

    def _places(self, value: Any) -> list[tuple[Path, str]]:
        """Where a text stands or could stand, with words for it."""
        texts: Mapping[str, Any] = {}
        if isinstance(value, Mapping):
            texts = cast("Mapping[str, Any]", value)
            languages = list(dict.fromkeys([*self.context.languages, *texts]))
        elif self._plain_ok() or (isinstance(value, str) and value):
            return [((), "")]
        else:
            languages = list(self.context.languages)
        places: list[tuple[Path, str]] = []
        for code in languages:
            inner = texts.get(code)
            if isinstance(inner, Mapping):
                channels = list(
                    dict.fromkeys([*cast("Mapping[str, Any]", inner), *self.context.channels])
                )
                places += [
                    ((code, channel), f"{language_words(code)}, {channel}") for channel in channels
                ]
            else:
                places.append(((code,), language_words(code)))
        return places

    def _draw(self, places: list[tuple[Path, str]]) -> None:
        if self._body is not None:
            self._layout.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._boxes.clear()
        self._body = QWidget()
        inside = column(self._body, spacing=8)
        many = len(places) > 3  # noqa: PLR2004 - more would push the rest of the form away
        tabs = QTabWidget() if many else None
        for place, words in places:
            box = TemplateEditor(
                (*self.path, *place),
                self.context,
                lines=2,
                placeholder="what the customer reads or hears",
            )
            box.edited.connect(self._typed)
            name_it(box, words or "Text")
            self._boxes[place] = box
            if tabs is not None:
                tabs.setTabToolTip(tabs.addTab(box, " ".join(str(part) for part in place)), words)
                continue
            if words:
                inside.addWidget(label(words, "caption"))
            inside.addWidget(box)
        if tabs is not None:
            inside.addWidget(tabs)
        self._layout.insertWidget(0, self._body)
        first = next(iter(self._boxes.values()), None)
        if first is not None:
            self.setFocusProxy(first.area)

    def _typed(self, path: object, value: object) -> None:
        place = cast("Path", path)[len(self.path) :]
        if place:
            changed: Any = _with(self._texts() or {}, place, value)
        else:
            changed = value
        self._value = changed
        self.say(changed if changed not in ({}, "") else UNSET)

    def _translate(self, checked: bool) -> None:
        first = self.context.languages[0]
        value: Any
        if checked:
            value = {first: self._value} if isinstance(self._value, str) else {first: ""}
        else:
            value = _at(self._value, (first,))
        self.show_value(value)
        self.say(value if value not in ("", {first: ""}) else UNSET)

    def _split(self, checked: bool) -> None:
        texts = self._texts()
        first = self.context.languages[0]
        plain = self._value if isinstance(self._value, str) else ""
        by_language: dict[str, Any] = {first: plain} if texts is None else dict(texts)
        for code, text in by_language.items():
            if checked and not isinstance(text, Mapping):
                words = text if isinstance(text, str) else ""
                by_language[code] = dict.fromkeys(self.context.channels, words)
            elif not checked and isinstance(text, Mapping):
                by_language[code] = next(iter(cast("Mapping[str, Any]", text).values()), "")
        self.show_value(by_language)
        self.say(by_language)

    @override
    def show_value(self, value: Any) -> None:
        self._value = UNSET if value is None else value
        places = self._places(self._value)
        if places != self._drawn:
            self._drawn = places
            self._draw(places)
        for place, box in self._boxes.items():
            box.show_value(_at(self._value, place))
        split = any(isinstance(text, Mapping) for text in (self._texts() or {}).values())
        self._by_channel.setChecked(split)
        self._by_language.setChecked(self._texts() is not None or places[0][0] != ())


def _at(value: Any, place: Path) -> Any:
    for key in place:
        value = (
            cast("Mapping[Any, Any]", value).get(key, UNSET)
            if isinstance(value, Mapping)
            else UNSET
        )
    return value


def _with(texts: Mapping[str, Any], place: Path, value: object) -> dict[str, Any]:
    key = str(place[0])
    out = dict(texts)
    if len(place) > 1:
        inner = out.get(key)
        changed: object = _with(
            cast("Mapping[str, Any]", inner) if isinstance(inner, Mapping) else {}, place[1:], value
        )
    else:
        changed = value
    if changed is UNSET or changed == {}:
        out.pop(key, None)
    else:
        out[key] = changed
    return out
