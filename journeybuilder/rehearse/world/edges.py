"""Edge cases: unusual values that fit a schema and that journeys forget about."""

import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Literal

from journeybuilder.connect.pattern_text import text_for
from journeybuilder.connect.sample_values import kind_of, resolved, sample
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.rehearse.world import named

How = Literal["empty", "large", "mixed"]
EMPTY: How = "empty"
LARGE: How = "large"
MIXED: How = "mixed"
_DEEPEST = 12
_LONG = 25_000  # more than one message to a customer may have
_LONG_AMONG_MANY = 300
_MANY = 40
_HUGE = 9_007_199_254_740_991  # the largest whole number that every JSON reader knows
_TEXTS = (
    "", " ", "0", "null", "Zoë Łukasiewicz-Ó'Brien", "李小龍 🚚📦", "مرحبا بالعالم", "e\u0301a\u0308o\u0302",
    "line one\nline two", "<b>bold</b> & \"quoted\"", "${order_id}", "x" * 255,
)  # fmt: skip
_SOMETIMES = 0.35


class Edges:
    """Makes one unusual value.

    Args:
        root: The schema.
        random: Decides between edges where there are several.
        how: The emptiest value, the largest one, or a mixture.
    """

    def __init__(self, root: Mapping[str, Any], random: Random, how: How) -> None:
        self._root = root
        self._random = random
        self._how: How = how
        self._lists = 0

    def made(self) -> Any:
        """The value."""
        return self._value(self._root, "", 0)

    def _pick(self) -> Literal["empty", "large"] | None:
        """Which end a leaf is at; None is neither."""
        if self._how == "mixed":
            return self._random.choice(("empty", "large", None))
        return self._how

    def _value(self, schema: object, name: str, depth: int) -> Any:
        rules = resolved(self._root, as_object(schema))
        if "const" in rules:
            return rules["const"]
        if "null" in as_list(rules.get("type")) and self._takes_null():
            return None
        if options := as_list(rules.get("enum")):
            return options[-1] if self._pick() == "large" else self._random.choice(options)
        for key in ("oneOf", "anyOf"):
            if branches := as_list(rules.get(key)):
                rest = {other: item for other, item in rules.items() if other != key}
                chosen = as_object(self._branch(branches))
                return self._value({**rest, **chosen}, name, depth + 1)
        return self._typed(rules, name, depth)

    def _takes_null(self) -> bool:
        return self._how == "empty" or (self._how == "mixed" and self._random.random() < _SOMETIMES)

    def _branch(self, branches: Sequence[Any]) -> Any:
        nulls = [each for each in branches if as_object(each).get("type") == "null"]
        if nulls and self._takes_null():
            return nulls[0]
        return self._random.choice([each for each in branches if each not in nulls] or branches)

    def _typed(self, rules: Mapping[str, Any], name: str, depth: int) -> Any:
        match kind_of(rules):
            case "object":
                return self._object(rules, depth)
            case "array":
                return self._array(rules, name, depth)
            case "string":
                return self._text(rules, name)
            case "integer":
                return self._number(rules, whole=True)
            case "number":
                return self._number(rules, whole=False)
            case "boolean":
                return self._pick() == "large"
            case _:
                return None

    def _object(self, rules: Mapping[str, Any], depth: int) -> dict[str, Any]:
        fields, needed = as_object(rules.get("properties")), as_list(rules.get("required"))
        rest = [name for name in fields if name not in needed]
        if depth >= _DEEPEST:
            rest = []
        elif self._how != "large":
            odds = 0.0 if self._how == "empty" else 0.5
            rest = [name for name in rest if self._random.random() < odds]
        every = [*needed, *rest]
        return {name: self._value(fields.get(name, {}), name, depth + 1) for name in every}

    def _array(self, rules: Mapping[str, Any], name: str, depth: int) -> list[Any]:
        least = int(rules.get("minItems", 0))
        most = int(rules.get("maxItems", max(least, 2 if depth > 1 else _MANY)))
        first = as_list(rules.get("prefixItems"))
        pick = "empty" if depth >= _DEEPEST // 2 else self._pick()
        number = most if pick == "large" else max(least, 0 if pick == "empty" else 1)
        number = (
            min(max(number, len(first)), most) if rules.get("items") is not False else len(first)
        )
        out: list[Any] = []
        self._lists += 1
        for at in range(number):
            rule = first[at] if at < len(first) else rules.get("items", {})
            item = self._value(rule, name.removesuffix("s"), depth + 1)
            if rules.get("uniqueItems") is not True or item not in out:
                out.append(item)
        self._lists -= 1
        return out

    def _text(self, rules: Mapping[str, Any], name: str) -> str:
        if isinstance(rules.get("pattern"), str):
            return text_for(rules["pattern"]) or str(sample(rules))
        least, most = int(rules.get("minLength", 0)), rules.get("maxLength")
        pick = self._pick()
        longest = (_LONG_AMONG_MANY if self._lists else _LONG) if most is None else int(most)
        if rules.get("format") in named.FORMATS:
            made = named.FORMATS[rules["format"]](self._random)
            is_path = rules["format"] in {"uri", "iri", "uri-reference"}
            return made.ljust(longest, "a") if is_path and pick == "large" else made
        if pick == "empty":
            return " " * least
        if pick == "large":
            long = f"{name or 'text'} Größe 漢字 🚚 "
            wanted = max(least, longest)
            return (long * (wanted // len(long) + 1))[:wanted]
        text = self._random.choice(_TEXTS)
        return text[: len(text) if most is None else int(most)].ljust(least, "é")

    def _number(self, rules: Mapping[str, Any], *, whole: bool) -> int | float:
        step = rules.get("multipleOf") or (1 if whole else 0)
        low = _end(rules, "minimum", "exclusiveMinimum", step or 1e-6)
        high = _end(rules, "maximum", "exclusiveMaximum", -(step or 1e-6))
        pick = self._pick()
        if pick == "empty":
            wished: float = (
                0 if (low is None or low <= 0) and (high is None or high >= 0) else low or 0
            )
        elif pick == "large":
            wished = _HUGE if high is None else high
        else:
            near = [-1, 1, 0.1 + 0.2, -_HUGE, low or 0, 0.01]
            wished = self._random.choice(near)
        wished = wished if low is None else max(wished, low)
        wished = wished if high is None else min(wished, high)
        if step:
            rounded = (math.floor if pick == "large" else math.ceil)(wished / step) * step
            wished = (
                rounded if high is None or rounded <= high else math.floor(wished / step) * step
            )
        return int(wished) if whole else wished


def _end(rules: Mapping[str, Any], inclusive: str, exclusive: str, step: float) -> float | None:
    beyond = rules.get(exclusive)
    if isinstance(beyond, int | float) and not isinstance(beyond, bool):
        return beyond + step
    end = rules.get(inclusive)
    return end if isinstance(end, int | float) else None
