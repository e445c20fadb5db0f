"""Completion in expressions and templates: what could stand at the cursor, the likeliest first."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from journeybuilder.contract.cel_types import NUMBERS, Type
from journeybuilder.gui.expressions.functions import FUNCTIONS, METHODS, OPERATORS, Function
from journeybuilder.gui.expressions.place import Place, place_of, type_of
from journeybuilder.gui.expressions.samples import MISSING
from journeybuilder.gui.expressions.scope import (
    PRESENCE,
    TYPE_WORDS,
    Presence,
    Scope,
    type_words,
)
from journeybuilder.gui.look.fuzzy import score
from journeybuilder.gui.look.language import tr

Kind = Literal["variable", "field", "function", "method", "value", "operator"]
_DEEPEST = 3
_MOST = 60
_SHOWN = 40
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_ICONS = {
    "text": "type-text", "int": "type-number", "double": "type-number", "number": "type-number",
    "bool": "type-bool", "list": "type-list", "object": "type-object", "moment": "type-moment",
    "duration": "type-moment",
}  # fmt: skip
_RANK: dict[Presence, float] = {
    "here": 6.0,
    "always": 5.0,
    "given": 4.0,
    "sometimes": 2.0,
    "later": -40.0,
}


@dataclass(frozen=True)
class Suggestion:
    """Something that can be inserted.

    Attributes:
        label: What the list shows.
        insert: What takes the place of `start` to `end` of the text.
        caret: Where the cursor is in the whole text afterwards.
        icon: Its name in `resources/icons`.
        type: For people, or "".
        sample: A sample value on one line, or "".
        data: Its data class, or "".
        presence: For people: whether it is set here; "" where that is no question.
        signature: How a function is called, or "".
    """

    label: str
    insert: str
    start: int
    end: int
    caret: int
    kind: Kind
    icon: str
    type: str = ""
    about: str = ""
    sample: str = ""
    data: str = ""
    presence: str = ""
    signature: str = ""
    rank: float = 0.0

    @property
    def spoken(self) -> str:
        """All of it in a sentence, for screen readers."""
        parts = (self.label, self.type, self.about, self.presence, self.data, self.sample)
        return ", ".join(part for part in parts if part)


def shown(value: Any, most: int = _SHOWN) -> str:
    """A value on one short line, "" where there is none."""
    if value is MISSING:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def complete(text: str, cursor: int, scope: Scope, *, explicit: bool = False) -> list[Suggestion]:
    """What could stand at the cursor of an expression, the likeliest first.

    Args:
        text: CEL, finished or not.
        cursor: How many characters stand before it.
        scope: The names that are known there.
        explicit: The person asked; else nothing is offered where nothing has been typed yet.
    """
    at = place_of(text, cursor, scope)
    if not explicit and not (at.word or at.of or at.compared):
        return []
    end = cursor + _rest_of_word(text, cursor, at)
    found = [_placed(one, at, end, text) for one in _offers(at, explicit=explicit)]
    return _ranked(at.word, found, text[at.start : end])


def complete_template(
    text: str, cursor: int, scope: Scope, *, explicit: bool = False
) -> list[Suggestion]:
    """The same for a text with `${…}`: only inside of a slot, unless the person asked."""
    begin = slot_at(text, cursor)
    if begin is None:
        if not explicit:
            return []
        whole = complete("", 0, scope, explicit=True)
        wanted = [one for one in whole if one.kind in {"variable", "field"}]
        return [_in_braces(one, text, cursor) for one in wanted]
    end = _slot_end(text, cursor)
    inside = complete(text[begin:end], cursor - begin, scope, explicit=True)
    closed = text[end : end + 1] == "}"
    return [_moved(one, begin, "" if closed else "}") for one in inside]


def slot_at(text: str, cursor: int) -> int | None:
    """Where the expression begins whose `${…}` the cursor is in; None outside of any."""
    begin = text.rfind("${", 0, cursor)
    while begin > 0 and text[begin - 1] == "$":
        begin = text.rfind("${", 0, begin)
    if begin < 0:
        return None
    depth, quote = 0, ""
    for char in text[begin + 2 : cursor]:
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        else:
            depth += (char == "{") - (char == "}")
        if depth < 0:
            return None
    return begin + 2


def _slot_end(text: str, cursor: int) -> int:
    """Where the slot ends; before anything that cannot belong to it when nobody has closed it yet."""
    stop = re.compile(r"[}\n]|\$\{").search(text, cursor)
    if stop is not None and stop.group() == "}":
        return stop.start()
    word = re.compile(r"\w*").match(text, cursor)
    return word.end() if word else cursor


def _moved(one: Suggestion, by: int, closing: str) -> Suggestion:
    """A suggestion of a slot in the whole text; a slot that is a whole name is closed behind it."""
    whole = one.kind in {"variable", "field"} and one.icon != "type-object"
    close = closing if whole else ""
    return replace(
        one,
        start=one.start + by,
        end=one.end + by,
        caret=one.caret + by + len(close),
        insert=one.insert + close,
    )


def _in_braces(one: Suggestion, text: str, cursor: int) -> Suggestion:
    del text
    insert = f"${{{one.insert}}}"
    return replace(one, insert=insert, start=cursor, end=cursor, caret=cursor + len(insert))


# --- what there is ---------------------------------------------------------------------------------


def _offers(at: Place, *, explicit: bool) -> Iterator[Suggestion]:
    if at.of:
        yield from _members(at)
        return
    if at.compared:
        yield from _values(at)
    if at.quote:
        return
    if at.after:
        if explicit and not at.word:
            yield from _operators(at)
        return
    wanted = type_of(at.compared, at.scope) if at.compared else None
    yield from _variables(at, wanted)
    for one in FUNCTIONS:
        yield _function(one, "function")


def _members(at: Place) -> Iterator[Suggestion]:
    of = type_of(at.of, at.scope)
    inner = of.item if of.kind == "optional" and of.item is not None else of
    for name, kind in inner.fields.items():
        if _IDENTIFIER.fullmatch(name):
            yield _named(at.scope, f"{at.of}.{name}", name, kind, needed=_needed(inner, name))
    for one in METHODS:
        if of.kind in one.on or (of.kind == "dynamic" and not one.on & {"optional", "moment"}):
            yield _function(one, "method")


def _needed(of: Type, name: str) -> bool:
    return of.needed is None or name in of.needed


def _variables(at: Place, wanted: Type | None) -> Iterator[Suggestion]:
    scope = at.scope
    for name, variable in scope.variables.items():
        top = _named(scope, name, name, variable.type, presence=variable.presence)
        top = replace(top, about=variable.about, kind="variable")
        yield _fitting(top, variable.type, wanted)
        if at.word or wanted is not None or variable.presence in {"given", "here"}:
            for path, kind in _below(name, variable.type):
                deep = _named(scope, path, path, kind, presence=variable.presence)
                yield _fitting(replace(deep, rank=deep.rank - path.count(".")), kind, wanted)


def _below(path: str, kind: Type, depth: int = 1) -> Iterator[tuple[str, Type]]:
    if depth >= _DEEPEST:
        return
    for name, inner in kind.fields.items():
        if _IDENTIFIER.fullmatch(name):
            yield f"{path}.{name}", inner
            yield from _below(f"{path}.{name}", inner, depth + 1)


def _fitting(one: Suggestion, kind: Type, wanted: Type | None) -> Suggestion:
    if wanted is None or wanted.kind == "dynamic":
        return one
    same = kind.kind == wanted.kind or {kind.kind, wanted.kind} <= NUMBERS
    return replace(one, rank=one.rank + (8 if same else -8))


def _named(
    scope: Scope,
    path: str,
    label: str,
    kind: Type,
    *,
    presence: Presence = "given",
    needed: bool = True,
) -> Suggestion:
    sometimes = tr("may be missing") if not needed else ""
    said = tr(PRESENCE[presence]) if presence in {"sometimes", "later"} else sometimes
    return Suggestion(
        label, label, 0, 0, 0, "field", icon_of(kind), type_words(kind),
        about=", ".join(kind.options[:6]) if kind.options else "",
        sample=shown(scope.sample(path)),
        data=scope.data_at(path),
        presence=said,
        rank=_RANK[presence] + (0 if needed else -1),
    )  # fmt: skip


def icon_of(kind: Type) -> str:
    """The icon of a type."""
    return "type-choice" if kind.options else _ICONS.get(kind.kind, "type-any")


def _function(one: Function, kind: Kind) -> Suggestion:
    insert = one.insert or f"{one.name}(|)"
    gives = tr(TYPE_WORDS.get(one.gives, ""))
    return Suggestion(
        f"{one.name}()", insert, 0, 0, 0, kind, "function", gives, tr(one.about),
        signature=one.signature, rank=-10.0 if kind == "function" else 0.0,
    )  # fmt: skip


def _values(at: Place) -> Iterator[Suggestion]:
    """Fixed values that the other side of a comparison can have."""
    of = type_of(at.compared, at.scope)
    kind = of.item if of.kind == "list" and of.item is not None else of
    for option in kind.options:
        words = json.dumps(option, ensure_ascii=False)
        yield Suggestion(words, words, 0, 0, 0, "value", "type-choice", rank=30.0)
    if at.quote:
        return
    if kind.kind == "bool":
        for word, said in (("true", tr("yes")), ("false", tr("no"))):
            yield Suggestion(word, word, 0, 0, 0, "value", "type-bool", about=said, rank=30.0)
    sample = at.scope.sample(at.compared) if not kind.options else MISSING
    if isinstance(sample, str | int | float) and not isinstance(sample, bool):
        words = json.dumps(sample, ensure_ascii=False)
        about = tr("its sample value")
        yield Suggestion(words, words, 0, 0, 0, "value", icon_of(kind), about=about, rank=20.0)


def _operators(at: Place) -> Iterator[Suggestion]:
    kind = type_of(at.after, at.scope).kind
    group = "number" if kind in NUMBERS else kind
    for index, (sign, words) in enumerate(OPERATORS.get(group, OPERATORS[""])):
        yield Suggestion(
            sign, f"{sign} ", 0, 0, 0, "operator", "type-any", about=tr(words), rank=9.0 - index
        )


# --- putting it in its place -------------------------------------------------------------------------


def _rest_of_word(text: str, cursor: int, at: Place) -> int:
    """How much of the word or text goes on behind the cursor."""
    if at.quote:
        close = text.find(at.quote, cursor)
        return close + 1 - cursor if close >= 0 else 0
    match = re.compile(r"\w*").match(text, cursor)
    return match.end() - cursor if match else 0


def _placed(one: Suggestion, at: Place, end: int, text: str) -> Suggestion:
    insert = one.insert
    if insert.endswith(")") and text[end : end + 1] == "(":  # its parentheses are there already
        insert = insert.partition("(")[0]
    mark = insert.find("|") if one.kind in {"function", "method"} else -1
    caret = at.start + (mark if mark >= 0 else len(insert))
    plain = insert.replace("|", "", 1) if mark >= 0 else insert
    return replace(one, insert=plain, start=at.start, end=end, caret=caret)


def _ranked(word: str, found: Iterable[Suggestion], there: str) -> list[Suggestion]:
    scored: list[tuple[float, Suggestion]] = []
    seen: set[str] = set()
    for one in found:
        points = score(word, _fields(one)) if word else 1.0
        if points > 0 and one.label not in seen:
            seen.add(one.label)
            scored.append((points + one.rank, one))
    scored.sort(key=lambda pair: -pair[0])
    hits = [one for _, one in scored[:_MOST]]
    return [] if len(hits) == 1 and hits[0].insert == there else hits


def _fields(one: Suggestion) -> Sequence[str]:
    plain = one.label.strip("\"'")
    last = plain.rpartition(".")[2]
    return (last, plain, one.about) if one.kind == "function" else (last, plain)
