"""Fuzzy search over names: every typed word must occur, whole or as letters in order."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

_AT_START = 100.0
_AT_WORD = 60.0
_INSIDE = 30.0
_SCATTERED = 8.0
_FIELD_WEIGHT = 0.55


def _word_score(word: str, text: str) -> float:
    """How well one typed word fits one text; 0 when not at all."""
    place = text.find(word)
    if place == 0:
        return _AT_START + len(word) / max(len(text), 1)
    if place > 0:
        return _AT_WORD if not text[place - 1].isalnum() else _INSIDE
    return _scattered(word, text)


def _scattered(word: str, text: str) -> float:
    """Letters in order, starting at a word's start; the closer together, the better."""
    if len(word) < 2:  # noqa: PLR2004 - one letter is no pattern
        return 0.0
    place = -1
    first = -1
    for letter in word:
        place = text.find(letter, place + 1)
        if place < 0:
            return 0.0
        first = place if first < 0 else first
    spread = place - first + 1
    at_word = first == 0 or not text[first - 1].isalnum()
    return _SCATTERED * len(word) / spread if at_word and spread <= 3 * len(word) else 0.0


def score(typed: str, fields: Sequence[str]) -> float:
    """How well the typed words fit an entry; its fields in order of weight; 0 when they do not."""
    words = typed.casefold().split()
    if not words:
        return 1.0
    texts = [field.casefold() for field in fields]
    total = 0.0
    for word in words:
        best = 0.0
        weight = 1.0
        for text in texts:
            best = max(best, weight * _word_score(word, text))
            weight *= _FIELD_WEIGHT
        if best <= 0:
            return 0.0
        total += best
    return total / len(words)


def ranked(typed: str, entries: Iterable[tuple[T, Sequence[str]]]) -> list[T]:
    """The entries that fit, best first; equal ones keep their order."""
    scored = [(score(typed, fields), entry) for entry, fields in entries]
    hits = [(points, entry) for points, entry in scored if points > 0]
    hits.sort(key=lambda hit: -hit[0])
    return [entry for _, entry in hits]
