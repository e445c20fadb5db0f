"""A small valid value for a JSON Schema, the same every time: what a stand-in answers with."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

from journeybuilder.connect.pattern_text import found_in, text_for
from journeybuilder.document.model import mapping

_DEEPEST = 24
_SURE, _UNSURE = 0.9, 0.3
_WORD = 4
_FORMATS = {
    "date": "2026-01-15",
    "date-time": "2026-01-15T09:30:00Z",
    "time": "09:30:00Z",
    "duration": "PT1H",
    "email": "person@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uri-reference": "/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def sample(schema: Mapping[str, Any], words: str = "") -> Any:
    """A minimal value that fits the schema, as far as the schema is simple.

    Objects get their required fields, an enumeration its first entry that occurs in `words` (else its
    first), a text with a pattern the part of `words` that fits it. Whoever must be sure checks the
    value: conditions, `not` and the like are not looked at.

    Args:
        schema: JSON Schema; only references inside itself are followed.
        words: What somebody said; makes the value fit the conversation.
    """
    return _Sampler(schema, words).value(schema, 0)


def matching(options: Sequence[Any], words: str) -> Any:
    """The first option that stands in the words, as a whole or by one of its longer words, or None."""
    folded = words.casefold()
    plain = [(option, str(option).casefold().replace("_", " ")) for option in options]
    for option, text in plain:
        if text and (text in folded or str(option).casefold() in folded):
            return option
    for option, text in plain:
        parts = [part for part in text.replace("-", " ").split() if len(part) >= _WORD]
        if any(part in folded for part in parts):
            return option
    return None


class _Sampler:
    def __init__(self, root: Mapping[str, Any], words: str) -> None:
        self._root = root
        self._words = words
        self._hit = False

    def value(self, schema: object, depth: int) -> Any:
        if not isinstance(schema, Mapping) or depth > _DEEPEST:
            return None
        rules = resolved(self._root, mapping(schema))  # pyright: ignore[reportUnknownArgumentType]
        if "const" in rules:
            return rules["const"]
        if options := _items(rules.get("enum")):
            return self._option(options)
        if "default" in rules:
            return rules["default"]
        for key in ("oneOf", "anyOf"):
            if rules.get(key):
                rest = {name: item for name, item in rules.items() if name != key}
                return self.value({**rest, **rules[key][0]}, depth + 1)
        return self._typed(rules, depth)

    def _option(self, options: Sequence[Any]) -> Any:
        hit = matching(options, self._words)
        self._hit = self._hit or hit is not None
        return options[0] if hit is None else hit

    def _typed(self, rules: Mapping[str, Any], depth: int) -> Any:
        kind = kind_of(rules)
        if kind == "object":
            return self._object(rules, depth)
        if kind == "array":
            return self._array(rules, depth)
        if kind == "string":
            return self._text(rules)
        if kind in {"integer", "number"}:
            return _number(rules, whole=kind == "integer")
        return False if kind == "boolean" else None

    def _object(self, rules: Mapping[str, Any], depth: int) -> dict[str, Any]:
        fields = mapping(rules.get("properties"))
        out: dict[str, Any] = {}
        for name in _items(rules.get("required")):
            rule = fields.get(name, {"type": "string"})
            value = self.value(rule, depth + 1)
            out[name] = self._confidence(rule, value) if name == "confidence" else value
        return out

    def _confidence(self, rule: object, value: Any) -> Any:
        """How sure a stand-in is: sure where the words named the option it chose."""
        bounds = mapping(rule)
        if bounds.get("type") != "number" or bounds.get("maximum") != 1:
            return value
        return _SURE if self._hit else max(_UNSURE, bounds.get("minimum", 0))

    def _array(self, rules: Mapping[str, Any], depth: int) -> list[Any]:
        first = [self.value(item, depth + 1) for item in _items(rules.get("prefixItems"))]
        missing = int(rules.get("minItems", 0)) - len(first)
        item = rules.get("items", {"type": "string"})
        return first + [self.value(item, depth + 1) for _ in range(missing)]

    def _text(self, rules: Mapping[str, Any]) -> str:
        pattern = rules.get("pattern")
        if isinstance(pattern, str):
            return found_in(pattern, self._words) or text_for(pattern) or ""
        if rules.get("format") in _FORMATS:
            return _FORMATS[rules["format"]]
        text = str(rules.get("title") or "text").casefold()
        longest = rules.get("maxLength", len(text))
        return text[:longest].ljust(int(rules.get("minLength", 0)), ".")


def _items(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def kind_of(rules: Mapping[str, Any]) -> str:
    """The type of the values of a schema, the first one that is not null."""
    kind = rules.get("type")
    if kinds := _items(kind):
        kind = next((name for name in kinds if name != "null"), "null")
    if isinstance(kind, str):
        return kind
    if "properties" in rules or "required" in rules:
        return "object"
    return "array" if "items" in rules else "string"


def resolved(root: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema without references and `allOf` at its top.

    Args:
        root: Where references begin.
        schema: The part that is looked at.
    """
    out: Mapping[str, Any] = schema
    for _ in range(_DEEPEST):
        if "$ref" in out:
            rest = {key: item for key, item in out.items() if key != "$ref"}
            out = {**_target(root, str(out["$ref"])), **rest}
        elif out.get("allOf"):
            out = _merged(out)
        else:
            break
    return out


def _target(root: Mapping[str, Any], reference: str) -> Mapping[str, Any]:
    place: Any = root
    for part in reference.removeprefix("#").strip("/").split("/"):
        if part:
            name = part.replace("~1", "/").replace("~0", "~")
            place = mapping(place).get(name)
    return mapping(place)


def _merged(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """`allOf` in one: fields and required names joined, the first of other rules wins."""
    out: dict[str, Any] = {}
    rest = {key: item for key, item in schema.items() if key != "allOf"}
    for part in map(mapping, [rest, *_items(schema["allOf"])]):
        fields = {**mapping(part.get("properties")), **mapping(out.get("properties"))}
        required = [*_items(out.get("required")), *_items(part.get("required"))]
        out = {**part, **out}
        if fields:
            out["properties"] = fields
        if required:
            out["required"] = list(dict.fromkeys(required))
    return out


def _number(rules: Mapping[str, Any], *, whole: bool) -> int | float:
    value = _in_range(rules, rules.get("multipleOf") or 1)
    return int(value) if whole or float(value).is_integer() else value


def _in_range(rules: Mapping[str, Any], step: float) -> float:
    """The number nearest to the lower bound, else to zero, in steps where the range is wide enough."""
    low, above = rules.get("minimum"), rules.get("exclusiveMinimum")
    high, below = rules.get("maximum"), rules.get("exclusiveMaximum")
    if above is not None:
        value = (math.floor(above / step) + 1) * step
        top = below if below is not None else high
        return (above + top) / 2 if top is not None and value >= top else value
    if low is not None:
        value = math.ceil(low / step) * step
        too_far = (high is not None and value > high) or (below is not None and value >= below)
        return low if too_far else value
    if high is not None:
        return min(0, math.floor(high / step) * step)
    if below is not None:
        return min(0, (math.ceil(below / step) - 1) * step)
    return 0
