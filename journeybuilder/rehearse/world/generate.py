"""Random values that fit a JSON Schema, and others that do not, all from one seed.

A maker is built once for a schema and used very often: every leaf is a pool of values from which one is
taken. The pools hold the bounds of the schema and what the journey compares the value with.
"""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, Protocol, TypeAlias, TypeVar

from journeybuilder.connect.sample_values import sample
from journeybuilder.contract.json import as_list, as_object, canonical
from journeybuilder.contract.schemas import BadSchema, violations
from journeybuilder.rehearse.world.constants import MOMENTS, Hints, Same
from journeybuilder.rehearse.world.origins import ITEM, SIZE, Origin, Path, Spot

T = TypeVar("T")
LEFT_OUT = 0.1
"""How often a field that may be missing is missing."""
_DEEPEST = 8
_MOST_ITEMS = 60
_HARD = frozenset({
    "oneOf", "anyOf", "allOf", "not", "if", "dependentRequired", "dependentSchemas", "uniqueItems",
    "contains", "patternProperties", "propertyNames", "minProperties", "maxProperties", "$ref",
    "dependencies", "unevaluatedProperties", "minItems", "maxItems", "prefixItems",
})  # fmt: skip
"""Keywords after which a value is looked at before it is used."""
_FORMATS: Mapping[str, Sequence[str]] = {
    "date": ("2026-01-05", "2026-01-04", "2026-01-06", "2025-12-06", "2025-12-05", "2020-02-29"),
    "date-time": MOMENTS,
    "email": ("person@example.com", "a.b+c@example.org"),
}  # fmt: skip
_NUMBERS = (0, 1, 2, 3, 10, 100, 1000, -1, 0.5, 19.99)
_WORDS = (
    "text", "other", "", "Zoë O'Neil", "a longer text with several words in it",
    "A-1", "A-2", "B-3", "C-17", "D-20",
)  # fmt: skip


class Chance:
    """Everything random of one run; the same on every machine.

    Only `Random.random` is used: what `choice` and the like make of it may differ between versions.
    """

    def __init__(self, seed: int) -> None:
        self._draw = Random(seed).random  # noqa: S311 - no secret

    def anew(self, seed: int) -> None:
        """Begin again with another seed."""
        self._draw = Random(seed).random  # noqa: S311 - no secret

    def below(self, number: int) -> int:
        """A whole number from 0 on below this one."""
        return int(self._draw() * number)

    def once_in(self, share: float) -> bool:
        """True in this share of all cases."""
        return self._draw() < share

    def pick(self, of: Sequence[T]) -> T:
        """One of these."""
        return of[int(self._draw() * len(of))]


def seed_for(seed: int, *numbers: int) -> int:
    """A seed of its own for a part of something that has a seed."""
    out = seed & 0xFFFFFFFFFFFFFFFF
    for number in numbers:  # splitmix64: near seeds give runs that have nothing in common
        out = (out + 0x9E3779B97F4A7C15 * (number + 1)) & 0xFFFFFFFFFFFFFFFF
        out = ((out ^ (out >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        out = ((out ^ (out >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        out ^= out >> 31
    return out


class Known(Protocol):
    """What is known of a run so far, for values that are to equal others."""

    def value_at(self, spot: Spot) -> Any:
        """The value at a place; `NOTHING` where there is none yet."""
        ...


class _Nothing:
    """No value, as None is one."""


NOTHING = _Nothing()
Maker: TypeAlias = Callable[[Chance, Known], Any]


def maker(schema: Mapping[str, Any] | None, hints: Hints, origin: Origin) -> Maker:
    """What makes values for a schema that comes from somewhere.

    Args:
        schema: JSON Schema; None or an empty one lets the fields be those that expressions read.
        hints: What the journey looks at and compares.
        origin: Where the value comes from, as the hints name it.
    """
    root = schema or {}
    inner = _Build(root, hints, origin).make(root, (), 0)
    if not _is_hard(root):
        return inner

    def checked(chance: Chance, known: Known) -> Any:
        for _ in range(3):
            value = inner(chance, known)
            if _fits(root, value):
                return value
        return sample(root)

    return checked


def _fits(schema: Mapping[str, Any], value: Any) -> bool:
    try:
        return not violations(schema, value)
    except BadSchema:
        return True  # the gate says so when it comes to it


def _is_hard(schema: Any) -> bool:
    if isinstance(schema, Mapping):
        fields = as_object(schema)  # pyright: ignore[reportUnknownArgumentType]
        return not _HARD.isdisjoint(fields) or any(_is_hard(each) for each in fields.values())
    return any(_is_hard(each) for each in as_list(schema))


class _Build:
    """Builds the makers of one schema."""

    def __init__(self, root: Mapping[str, Any], hints: Hints, origin: Origin) -> None:
        self._root = root
        self._hints = hints
        self._origin = origin

    def make(self, schema: Any, path: Path, deep: int) -> Maker:
        """What makes values for a part of the schema."""
        rules = self._resolved(as_object(schema))
        if not rules:
            rules = self._hints.forms.get(Spot(self._origin, path), rules)
        for key in ("oneOf", "anyOf"):
            options = [as_object(each) for each in as_list(rules.get(key)) if as_object(each)]
            if options and deep < _DEEPEST:
                rest = {name: item for name, item in rules.items() if name != key}
                return _either([self.make({**rest, **one}, path, deep + 1) for one in options])
        kind = self._kind(rules, path)
        if "const" in rules or rules.get("enum"):
            return self._leaf(rules, path, kind)
        if kind == "object" and deep < _DEEPEST:
            return self._object(rules, path, deep)
        if kind == "array" and deep < _DEEPEST:
            return self._array(rules, path, deep)
        return self._leaf(rules, path, kind)

    def _resolved(self, rules: Mapping[str, Any]) -> Mapping[str, Any]:
        for _ in range(_DEEPEST):
            reference = rules.get("$ref")
            if not isinstance(reference, str) or not reference.startswith("#"):
                break
            target: Any = self._root
            for part in reference[1:].strip("/").split("/"):
                target = (
                    as_object(target).get(part.replace("~1", "/").replace("~0", "~"))
                    if part
                    else target
                )
            rules = {
                **as_object(target),
                **{key: one for key, one in rules.items() if key != "$ref"},
            }
        for part in as_list(rules.get("allOf")):
            more = as_object(part)
            fields = {**as_object(more.get("properties")), **as_object(rules.get("properties"))}
            needed = [*as_list(rules.get("required")), *as_list(more.get("required"))]
            rules = {
                **more,
                **rules,
                **({"properties": fields, "required": needed} if fields else {}),
            }
        return rules

    def _kind(self, rules: Mapping[str, Any], path: Path) -> str:
        kind = rules.get("type")
        kinds = [each for each in as_list(kind) if each != "null"] or [kind]
        if isinstance(kinds[0], str):
            return kinds[0]
        if "properties" in rules or "required" in rules:
            return "object"
        if "items" in rules:
            return "array"
        below = self._hints.below(self._origin, path)
        if set(below) & {ITEM, SIZE}:
            return "array"
        return "object" if below else ""

    # -- objects and lists -------------------------------------------------------------------

    def _object(self, rules: Mapping[str, Any], path: Path, deep: int) -> Maker:
        declared = as_object(rules.get("properties"))
        needed = set(as_list(rules.get("required")))
        names = list(declared)
        if not declared:  # nobody says what is in it: it gets what the journey reads
            names = [
                each for each in self._hints.below(self._origin, path) if each not in {ITEM, SIZE}
            ]
            needed |= set(names)
        names += [name for name in as_list(rules.get("required")) if name not in names]
        fields = [
            (name, name in needed, self.make(declared.get(name, {}), (*path, name), deep + 1))
            for name in names
        ]

        def build(chance: Chance, known: Known) -> Any:
            return {
                name: make(chance, known)
                for name, always, make in fields
                if always or not chance.once_in(LEFT_OUT)
            }

        return build

    def _array(self, rules: Mapping[str, Any], path: Path, deep: int) -> Maker:
        first = [
            self.make(one, (*path, ITEM), deep + 1) for one in as_list(rules.get("prefixItems"))
        ]
        make = self.make(rules.get("items", {}), (*path, ITEM), deep + 1)
        least = int(rules.get("minItems", 0))
        most = int(rules.get("maxItems", max(_MOST_ITEMS, least)))
        wished = [
            each for each in self._hints.at(self._origin, (*path, SIZE))
            if isinstance(each, int) and not isinstance(each, bool)
        ]  # fmt: skip
        sizes = sorted({max(least, min(most, size)) for size in (*wished, 0, 1, 2, 3, least)})
        sizes = [size for size in sizes if 0 <= size <= _MOST_ITEMS] or [least]

        def build(chance: Chance, known: Known) -> Any:
            size = chance.pick(sizes)
            out = [one(chance, known) for one in first[:size]]
            return out + [make(chance, known) for _ in range(size - len(out))]

        return _all_different(build, make) if rules.get("uniqueItems") is True else build

    # -- leaves ------------------------------------------------------------------------------

    def _leaf(self, rules: Mapping[str, Any], path: Path, kind: str) -> Maker:
        plain = {key: item for key, item in rules.items() if key != "$ref"}
        fixed = [each for each in self._fixed(rules, kind) if _fits(plain, each)]
        wished = self._hints.at(self._origin, path)
        good = [
            each for each in wished if not isinstance(each, Same) and self._suits(plain, each, kind)
        ]
        same = [each for each in wished if isinstance(each, Same)]
        fixed = fixed or [sample(plain)]
        # as often one of the wished as one of the others
        times = max(1, len(fixed) // max(1, len(good) + len(same)))
        pool: list[Any] = [*fixed, *(good * times), *(same * times)]
        if not same:
            return lambda chance, _: chance.pick(pool)

        def leaf(chance: Chance, known: Known) -> Any:
            value = chance.pick(pool)
            if isinstance(value, Same):
                value = _copied(value, known)
                if value is NOTHING or not _fits(plain, value):
                    return chance.pick(fixed)
            return value

        return leaf

    def _suits(self, rules: Mapping[str, Any], value: Any, kind: str) -> bool:
        if kind == "integer" and isinstance(value, float):
            return False
        return _fits(rules, value)

    def _fixed(self, rules: Mapping[str, Any], kind: str) -> Sequence[Any]:
        """What a leaf may be without a look at the journey."""
        if "const" in rules:
            return [rules["const"]]
        if options := as_list(rules.get("enum")):
            return options
        if kind == "boolean":
            return [True, False]
        if kind in {"integer", "number"}:
            return _numbers(rules, whole=kind == "integer")
        if kind == "null":
            return [None]
        more = [None] if "null" in as_list(rules.get("type")) else []
        return [*_texts(rules), *more]


def _all_different(build: Maker, make: Maker) -> Maker:
    """A list in which nothing stands twice, as far as there are so many values."""

    def unique(chance: Chance, known: Known) -> Any:
        wanted = build(chance, known)
        out: dict[str, Any] = {canonical(one): one for one in wanted}
        for _ in range(4 * len(wanted)):
            if len(out) < len(wanted):
                one = make(chance, known)
                out.setdefault(canonical(one), one)
        return list(out.values())

    return unique


def _copied(same: Same, known: Known) -> Any:
    value = known.value_at(same.spot)
    if same.by == 0:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return NOTHING
    return value + same.by


def _either(makers: Sequence[Maker]) -> Maker:
    return lambda chance, known: chance.pick(makers)(chance, known)


def _numbers(rules: Mapping[str, Any], *, whole: bool) -> list[Any]:
    step = rules.get("multipleOf") or (1 if whole else 0.01)
    out: list[Any] = list(_NUMBERS)
    for key in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"):
        bound = rules.get(key)
        if isinstance(bound, int | float) and not isinstance(bound, bool):
            out += [bound, round(bound + step, 6), round(bound - step, 6)]
    if rules.get("multipleOf"):
        out += [step * number for number in (0, 1, 2, 10)]
    if whole:
        out = [int(each) for each in out if float(each).is_integer()]
    return list(dict.fromkeys(out))


def _texts(rules: Mapping[str, Any]) -> list[str]:
    if isinstance(rules.get("pattern"), str):
        return texts_like(rules)
    if rules.get("format") in _FORMATS:
        return list(_FORMATS[str(rules["format"])])
    if "format" in rules:
        return [sample({"type": "string", "format": rules["format"]})]
    out: list[str] = list(_WORDS)
    least, most = rules.get("minLength"), rules.get("maxLength")
    if isinstance(least, int):
        out += ["x" * least, "x" * (least + 1)]
    if isinstance(most, int) and most <= _LONGEST:
        out += ["x" * most]
    return out


_LONGEST = 2000


def texts_like(rules: Mapping[str, Any]) -> list[str]:
    """A few texts that a pattern fits: the plainest one, and that with other digits and letters."""
    plainest = sample({"type": "string", "pattern": rules["pattern"]})
    chance = Chance(0)
    out = [plainest]
    for _ in range(_VARIANTS):
        longer = plainest + plainest[-1:] * chance.below(3)
        text = longer if chance.once_in(0.3) else plainest  # a pattern may end open
        out.append("".join(_varied(each, chance) for each in text))
    return [each for each in dict.fromkeys(out) if _fits(rules, each)] or [plainest]


_VARIANTS = 40


def _varied(letter: str, chance: Chance) -> str:
    if letter.isdigit():
        return chance.pick("0123456789")
    if letter == "a":
        return chance.pick("abcxyz")
    return chance.pick("ABCXYZ") if letter == "A" else letter
