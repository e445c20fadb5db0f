"""The types of values, as far as JSON Schemas tell them.

What a schema leaves open, or says in a way that is not followed here (several forms, recursion,
conditions), is *dynamic*: nothing is said about it. `number` is a number of JSON, whole at one time and
decimal at another; `int` and `double` are those of CEL.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from journeybuilder.contract.json import as_list, as_object


@dataclass(frozen=True)
class Type:
    """A type.

    Attributes:
        kind: `dynamic`, `text`, `int`, `double`, `number`, `bool`, `null`, `list`, `object`, `moment`,
            `duration`, `bytes`, `type` or `optional`.
        item: Of the elements of a list, of the further fields of an object, of what is optional.
        fields: Of an object, by name.
        open: Whether an object may have further fields.
        needed: The fields that are always there; None where the schema does not say.
        empty: Whether it may be null instead.
        options: The only values, where there are few.
    """

    kind: str
    item: "Type | None" = None
    fields: Mapping[str, "Type"] = field(default_factory=dict[str, "Type"])
    open: bool = False
    needed: frozenset[str] | None = None
    empty: bool = False
    options: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """For a message."""
        return _WORDS.get(self.kind, self.kind)


_WORDS = {
    "dynamic": "a value", "int": "a whole number", "double": "a number", "number": "a number",
    "bool": "true/false", "null": "nothing", "list": "a list", "object": "an object",
    "moment": "a moment", "duration": "a duration", "optional": "a value that may be missing",
    "type": "a type",
}  # fmt: skip
DYNAMIC = Type("dynamic")
TEXT, INT, DOUBLE, NUMBER = Type("text"), Type("int"), Type("double"), Type("number")
BOOL, NULL, MOMENT, LENGTH = Type("bool"), Type("null"), Type("moment"), Type("duration")
NUMBERS = frozenset({"int", "double", "number"})
_SCALARS = {
    "string": TEXT, "integer": INT, "number": NUMBER, "boolean": BOOL, "null": NULL,
}  # fmt: skip
_BEYOND = ("if", "then", "else", "not", "dependentSchemas", "unevaluatedProperties", "$dynamicRef")
_DEEPEST = 12


def list_of(item: Type) -> Type:
    """A list of such elements."""
    return Type("list", item)


def object_of(fields: Mapping[str, Type]) -> Type:
    """An object that has these fields and no others."""
    return Type("object", fields=fields, needed=frozenset(fields))


def of_schema(schema: Any) -> Type:
    """The type that a JSON Schema describes."""
    return _Mapper(as_object(schema)).type(schema, ())


@dataclass(frozen=True)
class _Mapper:
    root: Mapping[str, Any]

    def type(self, schema: Any, inside: tuple[str, ...]) -> Type:
        rules = as_object(schema)
        if not rules or len(inside) > _DEEPEST or any(key in rules for key in _BEYOND):
            return DYNAMIC
        if "$ref" in rules:
            return self._referred(str(rules["$ref"]), rules, inside)
        for key in ("anyOf", "oneOf"):
            if key in rules:
                return self._one_of(as_list(rules[key]), rules, inside)
        if "allOf" in rules:
            every = as_list(rules["allOf"])
            alone = len(every) == 1 and not ({"type", "properties"} & set(rules))
            return self.type(every[0], (*inside, "")) if alone else DYNAMIC
        if "enum" in rules or "const" in rules:
            return _of_values(as_list(rules.get("enum")) or [rules.get("const")])
        return self._typed(rules, inside)

    def _referred(self, reference: str, rules: Mapping[str, Any], inside: tuple[str, ...]) -> Type:
        if not reference.startswith("#/") or reference in inside or "properties" in rules:
            return DYNAMIC
        found: Any = self.root
        for part in reference[2:].split("/"):
            found = as_object(found).get(part.replace("~1", "/").replace("~0", "~"))
        return self.type(found, (*inside, reference))

    def _one_of(
        self, forms: Sequence[Any], rules: Mapping[str, Any], inside: tuple[str, ...]
    ) -> Type:
        if {"properties", "type"} & set(rules):
            return DYNAMIC
        types = [self.type(form, (*inside, "")) for form in forms]
        some = [each for each in types if each.kind != "null"]
        if len(some) == 1:
            return replace(some[0], empty=some[0].empty or len(types) > 1)
        if some and all(each.kind in {"text", "bool"} | NUMBERS for each in some):
            return joined(types)
        return DYNAMIC

    def _typed(self, rules: Mapping[str, Any], inside: tuple[str, ...]) -> Type:
        kinds = [str(kind) for kind in as_list(rules.get("type")) or [rules.get("type")] if kind]
        if not kinds:
            kinds = ["object"] if "properties" in rules else ["array"] if "items" in rules else []
        empty = len(kinds) > 1 and "null" in kinds
        some = [kind for kind in kinds if kind != "null" or not empty]
        if set(some) == {"integer", "number"}:
            some = ["number"]
        if len(some) != 1:
            return DYNAMIC
        if some[0] == "object":
            found = self._object(rules, inside)
        elif some[0] == "array":
            plain = "prefixItems" not in rules and not isinstance(rules.get("items"), list)
            found = list_of(self.type(rules.get("items"), (*inside, "")) if plain else DYNAMIC)
        else:
            found = _SCALARS.get(some[0], DYNAMIC)
        return replace(found, empty=True) if empty else found

    def _object(self, rules: Mapping[str, Any], inside: tuple[str, ...]) -> Type:
        properties = as_object(rules.get("properties"))
        more = rules.get("additionalProperties")
        free = "patternProperties" in rules or more not in (None, False) or not properties
        return Type(
            "object",
            self.type(more, (*inside, "")) if isinstance(more, Mapping) else DYNAMIC,
            {name: self.type(item, (*inside, "")) for name, item in properties.items()},
            open=free and more is not False,
            needed=frozenset(map(str, as_list(rules["required"]))) if "required" in rules else None,
        )


def _of_values(values: Sequence[Any]) -> Type:
    types = [of_value(value) for value in values]
    found = joined(types)
    if found.kind == "text" and not found.empty:
        return replace(found, options=tuple(str(value) for value in values))
    return found if found.kind in {"text", "bool"} | NUMBERS else DYNAMIC


def of_value(value: Any) -> Type:
    """The type of a JSON value."""
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, str):
        return TEXT
    if isinstance(value, int | float):
        return INT if isinstance(value, int) else DOUBLE
    if value is None:
        return NULL
    if isinstance(value, list):
        return list_of(joined(of_value(item) for item in cast("list[Any]", value)))
    return object_of({str(key): of_value(item) for key, item in as_object(value).items()})


def joined(types: Iterable[Type]) -> Type:
    """What is one of these; dynamic where they have little in common, or there is none."""
    found: Type | None = None
    for each in types:
        found = each if found is None else _join(found, each)
    return found or DYNAMIC


def _join(one: Type, other: Type) -> Type:
    if one == other:
        return one
    if "null" in {one.kind, other.kind}:
        rest = other if one.kind == "null" else one
        return rest if rest.kind == "dynamic" else replace(rest, empty=True)
    empty = one.empty or other.empty
    if {one.kind, other.kind} <= NUMBERS:
        kind = one.kind if one.kind == other.kind else "number"
        return Type(kind, empty=empty)
    if one.kind != other.kind:
        return DYNAMIC
    if one.kind == "object":
        return replace(_either(one, other), empty=empty)
    item = None if one.item is None or other.item is None else _join(one.item, other.item)
    both = (*one.options, *other.options) if one.options and other.options else ()
    return Type(one.kind, item, empty=empty, options=tuple(dict.fromkeys(both)))


def _either(one: Type, other: Type) -> Type:
    """An object that is one of two: a field of either may be read, one of neither not."""
    fields = {**one.fields, **other.fields}
    for name in one.fields.keys() & other.fields.keys():
        fields[name] = _join(one.fields[name], other.fields[name])
    needed = None if one.needed is None or other.needed is None else one.needed & other.needed
    return Type(
        "object", _join(one.item or DYNAMIC, other.item or DYNAMIC), fields,
        one.open or other.open, needed,
    )  # fmt: skip


def fits(given: Type, wanted: Type) -> bool:
    """Whether a value of one type can be one of another; yes where nobody can tell."""
    if "dynamic" in {given.kind, wanted.kind} or given.kind in {"optional", "type"}:
        return True
    if given.kind == "null":
        return wanted.empty or wanted.kind == "null"
    if given.kind in NUMBERS and wanted.kind in NUMBERS:
        return True
    if given.kind in _PLAIN:  # what it is once it is JSON
        return wanted.kind in _PLAIN[given.kind]
    return given.kind == wanted.kind and _alike(given, wanted)


_PLAIN: Mapping[str, frozenset[str]] = {
    "moment": frozenset({"text"}),
    "bytes": frozenset({"text"}),
    "duration": NUMBERS,
}


def _alike(given: Type, wanted: Type) -> bool:
    """Whether two of one kind fit by what is in them."""
    if given.kind == "list":
        return fits(given.item or DYNAMIC, wanted.item or DYNAMIC)
    if given.kind == "object":
        return _has_fields(given, wanted)
    return not (given.options and wanted.options) or bool({*given.options} & {*wanted.options})


def _has_fields(given: Type, wanted: Type) -> bool:
    if not given.open and wanted.needed and not wanted.needed <= given.fields.keys():
        return False
    both = given.fields.keys() & wanted.fields.keys()
    return all(fits(given.fields[name], wanted.fields[name]) for name in both)
