"""A text in its languages and channels: what there is, what is missing, what does not suit a channel.

A text is `Hi`, `{en: Hi, es: Hola}` or `{en: {chat: Hi, voice: Hello}}`. Knows no Qt.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from journeybuilder.gui.forms.base import UNSET
from journeybuilder.gui.look.language import noop, tr, trn

Place = tuple[str, ...]
"""Where one wording stands in a text: (), (language,) or (language, channel)."""

DEFAULT = "default"
"""The key below a language for every channel that has no wording of its own."""

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€\f")
_SMS = {True: (160, 153), False: (70, 67)}  # one message alone, each part of several
_LONGEST = {"sms": 1600, "whatsapp": 4096, "messenger": 2000}
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_MARKDOWN = re.compile(
    r"\*\*[^*\n]+\*\*|__[^_\n]+__|`[^`\n]+`|\[[^\]\n]+\]\([^)\n]+\)|^\s{0,3}(?:#{1,6}|[-*]|\d+\.)\s",
    re.MULTILINE,
)
_SLOT = re.compile(r"\$\{[^}]*\}")
_SPEECH = re.compile(
    r"</?(?:speak|break|say-as|prosody|emphasis|phoneme|sub|audio|p|s)\b", re.IGNORECASE
)

_NAMES = {
    "en": noop("English"), "es": noop("Spanish"), "de": noop("German"), "fr": noop("French"),
    "it": noop("Italian"), "pt": noop("Portuguese"), "nl": noop("Dutch"), "pl": noop("Polish"),
    "tr": noop("Turkish"), "ar": noop("Arabic"), "hi": noop("Hindi"), "ja": noop("Japanese"),
    "zh": noop("Chinese"), "ko": noop("Korean"), "ru": noop("Russian"), "uk": noop("Ukrainian"),
    "cs": noop("Czech"), "da": noop("Danish"), "fi": noop("Finnish"), "el": noop("Greek"),
    "he": noop("Hebrew"), "hu": noop("Hungarian"), "no": noop("Norwegian"), "nb": noop("Norwegian"),
    "ro": noop("Romanian"), "sv": noop("Swedish"), "vi": noop("Vietnamese"), "ca": noop("Catalan"),
    "fa": noop("Persian"), "ur": noop("Urdu"),
}  # fmt: skip
_RIGHT_TO_LEFT = {"ar", "he", "fa", "ur"}
_CHANNELS = {
    "chat": noop("Chat"), "voice": noop("Voice"), "email": noop("Email"), "sms": noop("SMS"),
    "whatsapp": noop("WhatsApp"), "messenger": noop("Messenger"), "web": noop("Web"),
}  # fmt: skip


def language_words(code: str) -> str:
    """A language for people: `Spanish (es)`, `Spanish (es-MX)`."""
    name = _NAMES.get(code.split("-", maxsplit=1)[0].lower())
    return f"{tr(name)} ({code})" if name else code


def channel_words(channel: str) -> str:
    """A channel for people; the empty one and `default` stand for all the others."""
    if channel in {"", DEFAULT}:
        return tr("All other channels") if channel else tr("All channels")
    return tr(_CHANNELS[channel]) if channel in _CHANNELS else channel


def runs_to_the_left(code: str) -> bool:
    """Whether a language is written from right to left."""
    return code.split("-", maxsplit=1)[0].lower() in _RIGHT_TO_LEFT


def by_language(value: Any) -> Mapping[str, Any] | None:
    """The wordings by language, None where one text stands for all of them."""
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else None


def words_at(value: Any, place: Place) -> str:
    """The text at a place, empty where there is none."""
    for key in place:
        value = by_language(value)
        value = value.get(key) if value is not None else None
    return value if isinstance(value, str) else ""


def languages_of(value: Any, wanted: Sequence[str]) -> list[str]:
    """The journey's languages, then those that only this text has."""
    return list(dict.fromkeys([*wanted, *map(str, by_language(value) or {})]))


def channels_of(value: Any, language: str) -> list[str]:
    """The channels with a wording of their own in a language; empty where one serves all."""
    inner = by_language((by_language(value) or {}).get(language))
    return [str(key) for key in inner] if inner is not None else []


def with_words(value: Any, place: Place, words: Any, main: str) -> Any:
    """The text with another wording at a place; UNSET or an empty one takes the key away.

    Args:
        value: The text as it is; a plain one becomes that of the main language where it must.
        place: Where.
        words: A text, a mapping by channel, or UNSET.
        main: The journey's first language.
    """
    if not place:
        return words if words != "" else UNSET
    texts = by_language(value)
    plain = {main: value} if isinstance(value, str) and value else {}
    out = dict(texts) if texts is not None else plain
    if len(place) == 1:
        _put(out, place[0], words)
    else:
        inner = out.get(place[0])
        known = by_language(inner)
        below = dict(known) if known is not None else ({DEFAULT: inner} if inner else {})
        _put(below, place[1], words)
        _put(out, place[0], below)
    return out or UNSET


def _put(into: dict[str, Any], key: str, words: Any) -> None:
    if words is UNSET or words in ("", {}):
        into.pop(key, None)
    else:
        into[key] = words


def with_channel(value: Any, language: str, channel: str, main: str) -> Any:
    """The text with a wording of its own for a channel, which begins as the one that served it."""
    texts = by_language(value)
    had = texts.get(language) if texts is not None else (value if language == main else "")
    known = by_language(had)
    plain = had if isinstance(had, str) else ""
    below = dict(known) if known is not None else {DEFAULT: plain}
    below[channel] = str(below.get(DEFAULT) or next(iter(below.values()), ""))
    kept = dict(texts) if texts is not None else ({main: value} if isinstance(value, str) else {})
    _put(kept, language, {key: words for key, words in below.items() if words})
    return kept or UNSET


def without_channel(value: Any, language: str, channel: str) -> Any:
    """The text without a channel's own wording; one wording that is left serves every channel."""
    texts = dict(by_language(value) or {})
    below = dict(by_language(texts.get(language)) or {})
    below.pop(channel, None)
    if list(below) == [DEFAULT] or not below:
        texts[language] = next(iter(below.values()), "")
    else:
        texts[language] = below
    return texts


def missing_languages(value: Any, wanted: Sequence[str]) -> list[str]:
    """The journey's languages in which customers get another one's words.

    `es` serves a customer of `es-MX`. One text for all languages counts as the main one's.
    """
    if len(wanted) < 2:  # noqa: PLR2004 - one language needs no translation
        return []
    texts = by_language(value)
    given = [str(code) for code, words in texts.items() if _says(words)] if texts else []
    if texts is None and isinstance(value, str) and value:
        given = [wanted[0]]
    if not given:
        return []  # nothing is said at all: that is another problem
    return [code for code in wanted if code not in given and code.split("-")[0] not in given]


def _says(words: Any) -> bool:
    inner = by_language(words)
    return any(map(_says, inner.values())) if inner is not None else bool(words)


class Length(NamedTuple):
    """How long a text is.

    Attributes:
        characters: Without the values that `${…}` puts in.
        messages: How many SMS it takes.
        left: Characters until it takes one more.
        plain: False where a letter beyond GSM 03.38 halves what an SMS holds.
        open: Whether values come in, so that it gets longer.
    """

    characters: int
    messages: int
    left: int
    plain: bool
    open: bool


def length_of(text: str) -> Length:
    """How long a text is, as characters and as SMS."""
    fixed, slots = _SLOT.subn("", text)
    plain = all(letter in _GSM or letter in _GSM_TWICE for letter in fixed)
    if plain:
        units = len(fixed) + sum(letter in _GSM_TWICE for letter in fixed)
    else:
        units = len(fixed.encode("utf-16-le")) // 2
    alone, part = _SMS[plain]
    messages = 0 if not units else (1 if units <= alone else -(-units // part))
    room = alone if messages <= 1 else messages * part
    return Length(len(fixed), messages, room - units, plain, bool(slots))


def length_words(text: str, channels: Sequence[str]) -> str:
    """The line below a text: characters, and SMS where it goes there."""
    length = length_of(text)
    if not length.characters and not length.open:
        return ""
    parts = [trn("{n} character", "{n} characters", length.characters)]
    if "sms" in channels:
        parts.append(trn("{n} SMS", "{n} SMS", length.messages))
        parts.append(tr("{n} left", n=length.left))
        if not length.plain:
            parts.append(tr("special letters: 70 per SMS"))
    if length.open:
        parts.append(tr("and what ${…} puts in"))
    return " · ".join(parts)


def doubts(text: str, channels: Sequence[str]) -> list[str]:
    """What does not suit the channels that a text goes to."""
    out: list[str] = []
    if "voice" in channels:
        out += _spoken(text)
    if "voice" not in channels and _SPEECH.search(text):
        out.append(tr("Speech marks (SSML) are for voice only; here they are shown as they stand."))
    characters = length_of(text).characters
    for channel in channels:
        most = _LONGEST.get(channel)
        if most is not None and characters > most:
            words = tr("{channel} takes {n} characters at the most.", channel=channel_words(channel), n=most)  # fmt: skip
            out.append(words)
    return out


def _spoken(text: str) -> list[str]:
    out: list[str] = []
    if _LINK.search(text):
        out.append(tr("A link cannot be followed on the phone; say where to find it."))
    if _MARKDOWN.search(text):
        out.append(tr("Markdown is read aloud sign by sign; voice takes plain words or SSML."))
    return out
