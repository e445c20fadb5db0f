"""Answers made from a schema: sensible ones, and edge cases on request. All of them fit it."""

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from random import Random
from typing import Any, cast

from journeybuilder.connect.pattern_text import found_in, text_for
from journeybuilder.connect.sample_values import kind_of, matching, resolved, sample
from journeybuilder.contract.json import as_list, as_object, canonical
from journeybuilder.contract.patterns import BadSchema, found
from journeybuilder.contract.schemas import Checker
from journeybuilder.rehearse.world import named
from journeybuilder.rehearse.world.edges import EMPTY, LARGE, MIXED, Edges
from journeybuilder.rehearse.world.sources import seed_of

_DEEPEST = 12
_TRIES = 8
_MOST_ITEMS = 3
_TWO = 2
_OPTIONAL = 0.8


def made(
    schema: Mapping[str, Any],
    seed: int,
    *,
    given: Mapping[str, Any] | None = None,
    about: str = "",
    ids: int = 0,
    varied: bool = False,
) -> Any:
    """A sensible value for a schema, the same for the same arguments on every machine.

    Ids that were given come back: who asks for order O-7 gets order O-7.

    Args:
        schema: JSON Schema; only references inside itself are followed.
        seed: Of what is invented.
        given: The arguments of the call.
        about: The tool's name, which says what an `id` is of.
        ids: Seed of ids, which are the same in every answer of a run.
        varied: Whether choices vary by the seed; else the one that was talked about, or the first.
    """
    maker = _Maker(schema, Random(seed), given or {}, about, ids, varied=varied)  # noqa: S311
    return _fitting(schema, [maker.made] * _TRIES, canonical(given or {}))


def edge(schema: Mapping[str, Any], seed: int, number: int = 0) -> Any:
    """An unusual value that fits a schema: the emptiest one, the largest one, then others.

    Args:
        schema: JSON Schema; only references inside itself are followed.
        seed: Of what is chosen.
        number: 0 is the emptiest value, 1 the largest, every other one a mixture.
    """
    how = (EMPTY, LARGE)[number] if number < _TWO else MIXED
    edges = [Edges(schema, Random(seed_of(seed, number, each)), how) for each in range(_TRIES)]  # noqa: S311
    other = _Maker(schema, Random(seed), {}, "", seed, varied=True)  # noqa: S311
    return _fitting(schema, [*(each.made for each in edges), *[other.made] * _TRIES], "")


def empty(schema: Mapping[str, Any]) -> Any:
    """The emptiest value that fits a schema."""
    return edge(schema, 0)


def _fitting(schema: Mapping[str, Any], ways: Sequence[Any], words: str) -> Any:
    """The first value that fits; the plain one of `sample` where none does."""
    for way in ways:
        value = way()
        try:
            if _fits(schema, value):
                return value
        except BadSchema:
            return value  # nobody can tell
    return sample(schema, words)


def _fits(schema: Mapping[str, Any], value: Any) -> bool:
    return not _checker(json.dumps(schema, default=str)).violations(value)


@lru_cache(
    maxsize=512
)  # the same few schemas again and again, and each takes a millisecond to read
def _checker(text: str) -> Checker:
    return Checker(json.loads(text))


class _Maker:
    def __init__(
        self,
        root: Mapping[str, Any],
        random: Random,
        given: Mapping[str, Any],
        about: str,
        ids: int,
        *,
        varied: bool,
    ) -> None:
        self._root = root
        self._random = random
        self._given = given
        self._words = canonical(given)
        self._about = named.words_of(about.rpartition("/")[2])
        self._ids = ids
        self._varied = varied

    def made(self) -> Any:
        return self._value(self._root, self._about[-1] if self._about else "", 0, 0)

    def _value(self, schema: object, name: str, depth: int, index: int) -> Any:
        rules = resolved(self._root, as_object(schema))
        if "const" in rules:
            return rules["const"]
        known = self._known(rules, name, index)
        if known is not None:
            return known
        if options := as_list(rules.get("enum")):
            return self._option(options)
        if "default" in rules and not self._varied:
            return rules["default"]
        for key in ("oneOf", "anyOf"):
            if branches := as_list(rules.get(key)):
                rest = {other: item for other, item in rules.items() if other != key}
                return self._value({**rest, **self._branch(branches)}, name, depth + 1, index)
        return self._typed(rules, name, depth, index)

    def _branch(self, branches: Sequence[Any]) -> Mapping[str, Any]:
        some = [as_object(each) for each in branches]
        told = [each for each in some if each.get("type") != "null"] or some
        return self._random.choice(told) if self._varied else told[0]

    def _option(self, options: Sequence[Any]) -> Any:
        hit = matching(options, self._words)
        if hit is not None:
            return hit
        return self._random.choice(options) if self._varied else options[0]

    def _known(self, rules: Mapping[str, Any], name: str, index: int) -> Any:
        """What the arguments say of this field, where they do and it fits."""
        if index or not name or kind_of(rules) in {"object", "array"}:
            return None
        value = self._given.get(name)
        if value is None and name == "id":
            fields = [f"{word}_id" for word in self._about[-1:]]
            value = next((self._given[each] for each in fields if each in self._given), None)
        if isinstance(value, dict | list) or value is None:
            return None
        try:
            return value if _fits(rules, value) else None
        except BadSchema:
            return None

    def _typed(self, rules: Mapping[str, Any], name: str, depth: int, index: int) -> Any:
        match kind_of(rules):
            case "object":
                return self._object(rules, depth, index)
            case "array":
                return self._array(rules, name, depth)
            case "string":
                return self._text(rules, name, index)
            case "integer":
                return self._number(rules, name, whole=True)
            case "number":
                return self._number(rules, name, whole=False)
            case "boolean":
                return self._random.random() < 0.5 if self._varied else named.flag(name)  # noqa: PLR2004
            case _:
                return None

    def _object(self, rules: Mapping[str, Any], depth: int, index: int) -> dict[str, Any]:
        fields = as_object(rules.get("properties"))
        needed = as_list(rules.get("required"))
        optional = [name for name in fields if name not in needed and self._is_told(depth)]
        every = [name for name in fields if name in needed or name in optional]
        every += [name for name in needed if name not in fields]
        return {name: self._value(fields.get(name, {}), name, depth + 1, index) for name in every}

    def _is_told(self, depth: int) -> bool:
        if depth >= _DEEPEST // _TWO:
            return False
        return not self._varied or self._random.random() < _OPTIONAL

    def _array(self, rules: Mapping[str, Any], name: str, depth: int) -> list[Any]:
        first = [
            self._value(item, name, depth + 1, at)
            for at, item in enumerate(as_list(rules.get("prefixItems")))
        ]
        if rules.get("items") is False:
            return first
        lowest = int(rules.get("minItems", 0))
        wanted = self._random.randint(1, _MOST_ITEMS) if self._varied else _TWO
        if depth >= _DEEPEST // _TWO:
            wanted = 0
        number = min(max(lowest, wanted), int(rules.get("maxItems", max(lowest, wanted))))
        one = name.removesuffix("s")
        out, unique = list(first), rules.get("uniqueItems") is True
        for at in range(len(first), number * (_TRIES if unique else 1)):
            if len(out) >= number:
                break
            item = self._value(rules.get("items", {}), one, depth + 1, at + 1)
            if not unique or item not in out:
                out.append(item)
        return out

    def _text(self, rules: Mapping[str, Any], name: str, index: int) -> str:
        random = self._random
        if named.is_id(name) and not self._varied:
            random = Random(seed_of(self._ids, name, index))  # noqa: S311 - no secret
        pattern = rules.get("pattern")
        if isinstance(pattern, str):
            return found_in(pattern, self._words) or varied_text(pattern, random)
        if rules.get("format") in named.FORMATS:
            return named.FORMATS[rules["format"]](random)
        label = name or str(rules.get("title") or "")
        text = named.text(label, random)
        longest = int(rules.get("maxLength", len(text)))
        return text[:longest].ljust(int(rules.get("minLength", 0)), ".")

    def _number(self, rules: Mapping[str, Any], name: str, *, whole: bool) -> int | float:
        wished = named.number(name, self._random)
        step = rules.get("multipleOf") or (1 if whole else 0.01)
        low = _bound(rules, "minimum", "exclusiveMinimum", step)
        high = _bound(rules, "maximum", "exclusiveMaximum", -step)
        if low is not None and high is not None and not low <= wished <= high:
            wished = low + (high - low) * self._random.random()
        wished = wished if low is None else max(wished, low)
        wished = wished if high is None else min(wished, high)
        value = round(wished / step) * step
        if low is not None and value < low:
            value = math.ceil(low / step) * step
        if high is not None and value > high:
            value = math.floor(high / step) * step
        return int(value) if whole else round(value, 6)


def _bound(rules: Mapping[str, Any], inclusive: str, exclusive: str, step: float) -> float | None:
    if isinstance(rules.get(exclusive), int | float):
        return cast("float", rules[exclusive]) + step
    return cast("float | None", rules.get(inclusive))


def varied_text(pattern: str, random: Random) -> str:
    """A text for a pattern, with other digits than zeros where it allows them."""
    text = text_for(pattern) or ""
    other = "".join(str(random.randrange(1, 10)) if each == "0" else each for each in text)
    try:
        return other if other != text and found(pattern, other) else text
    except BadSchema:
        return text
