"""What findings and errors say, in the person's language.

The parts below the window write English sentences with names in them. `packaging/texts.py` collects
these sentences as templates (`there is no node '{0}'`); here a sentence is matched with its template,
and the template's translation gets the same names. What has no template stays as it is.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from journeybuilder.gui.look.language import current, tr
from journeybuilder.gui.look.resources import resource

_PLACE = re.compile(r"\{(\d+)\}")
_END = re.compile(r"(?<=[.!?])\s+")
_CASE = re.compile(r"case (\d+)")
_AND_MORE = re.compile(r"(.+), … \((\d+) in all\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Template:
    """One sentence with places for names.

    Attributes:
        anchor: Its longest fixed part: a text without it cannot be this sentence.
    """

    text: str
    anchor: str
    pattern: re.Pattern[str]
    names: tuple[str, ...]


def said(text: str) -> str:
    """A message or hint in the person's language."""
    return text if current() == "en" or not text else _said(current(), text)


@lru_cache(maxsize=4096)
def _said(language: str, text: str) -> str:
    found = _whole(text)
    if found is not None:
        return found
    parts = _END.split(text)
    if len(parts) == 1:
        return text
    return " ".join(_said(language, part) for part in parts)


def _whole(text: str) -> str | None:
    """The translation of a text that is one known sentence; None where it is not."""
    known = tr(text)
    if known != text:
        return known
    for template in _templates():
        if template.anchor not in text:
            continue
        match = template.pattern.fullmatch(text)
        if match is not None:
            return _filled(template, match.groups())
    return None


def _filled(template: _Template, groups: Sequence[str]) -> str:
    values: Mapping[str, str] = dict(zip(template.names, groups, strict=True))
    translated = tr(template.text)
    plain = translated.replace("{{", "\x00").replace("}}", "\x01")
    filled = _PLACE.sub(lambda place: _inner(values.get(place[1], place[0])), plain)
    return filled.replace("\x00", "{").replace("\x01", "}")


def _inner(words: str) -> str:
    """What stands at a place of a template: a phrase of ours is translated, a name never is."""
    if " " not in words:
        return words
    case, more = _CASE.fullmatch(words), _AND_MORE.fullmatch(words)
    if case is not None:
        return tr("case {n}", n=case[1])
    if more is not None:
        return more[1] + tr(", … ({0} in all)").replace("{0}", more[2])
    return said(words)


@cache
def _templates() -> Sequence[_Template]:
    """The templates, those with the most fixed words first: they say most exactly what is meant."""
    made: list[_Template] = []
    for text in json.loads(resource("translations", "sentences.json")):
        pieces = _PLACE.split(text)
        fixed = [piece.replace("{{", "{").replace("}}", "}") for piece in pieces[::2]]
        pattern = "(.+?)".join(re.escape(piece) for piece in fixed)
        anchor = max(fixed, key=len)
        made.append(_Template(text, anchor, re.compile(pattern, re.DOTALL), tuple(pieces[1::2])))
    return sorted(made, key=lambda one: -len(one.text))
