"""Texts by language and channel: `"Hi"`, `{en: Hi, es: Hola}`, `{en: {chat: Hi, voice: Hello}}`."""

from collections.abc import Mapping, Sequence
from typing import Any, cast


def choose(text: Any, language: str, channel: str, languages: Sequence[str]) -> str:
    """The words for one customer.

    Falls back from `es-MX` to `es`, then to the journey's languages in their order, then to whatever
    there is; by channel to `default`, then to the first. Nothing at all is an empty text.
    """
    if isinstance(text, str):
        return text
    if not isinstance(text, Mapping):
        return ""
    variants = cast("Mapping[str, Any]", text)
    wanted = [language, language.split("-", 1)[0], *languages]
    value = next((variants[code] for code in wanted if code in variants), None)
    if value is None:
        value = next(iter(variants.values()), "")
    if isinstance(value, Mapping):
        by_channel = cast("Mapping[str, Any]", value)
        value = by_channel.get(
            channel, by_channel.get("default", next(iter(by_channel.values()), ""))
        )
    return value if isinstance(value, str) else ""


def first_words(text: Any) -> str:
    """The text in its first language and channel, on one line: for a node's face."""
    return " ".join(choose(text, "", "", ()).split())


def variants(text: Any) -> list[tuple[tuple[str, ...], str]]:
    """Every text below with its path of language and channel."""
    if isinstance(text, str):
        return [((), text)]
    if not isinstance(text, Mapping):
        return []
    out: list[tuple[tuple[str, ...], str]] = []
    for key, value in cast("Mapping[str, Any]", text).items():
        out += [((key, *path), words) for path, words in variants(value)]
    return out
