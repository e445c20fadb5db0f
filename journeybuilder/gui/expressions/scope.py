"""The names that an expression may use at one place, with types, sample values and data classes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, cast

from journeybuilder.contract.cel_types import DYNAMIC, Type
from journeybuilder.contract.json import as_object
from journeybuilder.gui.expressions.samples import MISSING, Sample, read_at
from journeybuilder.gui.look.language import noop, tr

Presence = Literal["given", "always", "sometimes", "later", "here"]

PRESENCE: Mapping[Presence, str] = {
    "given": noop("always there"),
    "always": noop("set on every way to here"),
    "sometimes": noop("set on some ways to here only"),
    "later": noop("not set before this step"),
    "here": noop("known in this field only"),
}
"""Words for whether a variable has a value at the place."""

TYPE_WORDS: Mapping[str, str] = {
    "text": noop("text"),
    "int": noop("whole number"),
    "double": noop("number"),
    "number": noop("number"),
    "bool": noop("yes or no"),
    "list": noop("list"),
    "object": noop("group"),
    "moment": noop("moment"),
    "duration": noop("length of time"),
    "null": noop("nothing"),
}
"""A type in a word or two, for people."""


def type_words(kind: Type) -> str:
    """The type for people, or "" where it is not known."""
    words = tr(TYPE_WORDS.get(kind.kind, ""))
    if kind.kind == "list" and kind.item is not None and kind.item.kind in TYPE_WORDS:
        return tr("list of {type}", type=tr(TYPE_WORDS[kind.item.kind]))
    return words


@dataclass(frozen=True)
class Variable:
    """A name in scope.

    Attributes:
        about: Where its value comes from, for people.
        data: Its data class (`personal` …), or "".
        classes: Data classes of its fields by dotted path below the name.
    """

    name: str
    type: Type = DYNAMIC
    presence: Presence = "always"
    about: str = ""
    data: str = ""
    classes: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, eq=False)
class Scope:
    """What an expression at one place may use.

    Attributes:
        variables: By name, the likeliest first.
        samples: A value to try an expression with, by variable, where there is one.
        journey: Its id; own sample values are kept by it.
    """

    variables: Mapping[str, Variable] = field(default_factory=dict[str, Variable])
    samples: Mapping[str, Sample] = field(default_factory=dict[str, Sample])
    journey: str = ""

    @cached_property
    def types(self) -> Mapping[str, Type]:
        """The types by name."""
        return {name: one.type for name, one in self.variables.items()}

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The sample values by name, as an evaluation takes them."""
        return {name: one.value for name, one in self.samples.items()}

    def type_at(self, path: str) -> Type:
        """The type of `order.total`; dynamic where it is not known."""
        first, *rest = path.split(".")
        variable = self.variables.get(first)
        found = DYNAMIC if variable is None else variable.type
        for name in rest:
            found = found.fields.get(name, found.item or DYNAMIC)
        return found

    def sample(self, path: str) -> Any:
        """The sample value of `order.total`; MISSING where there is none."""
        first, *rest = path.split(".")
        one = self.samples.get(first)
        return MISSING if one is None else read_at(one.value, rest)

    def source(self, path: str) -> str:
        """Where the sample value of a variable or field comes from, in words; "" where there is none."""
        one = self.samples.get(path.partition(".")[0])
        return "" if one is None else one.source_of(path.partition(".")[2])

    def data_at(self, path: str) -> str:
        """The data class of a variable or field, that of what it stands in where it has none."""
        first, _, rest = path.partition(".")
        variable = self.variables.get(first)
        if variable is None:
            return ""
        while rest:
            if rest in variable.classes:
                return variable.classes[rest]
            rest = rest.rpartition(".")[0]
        return variable.data

    def with_name(self, name: str, kind: Type, value: Any = MISSING, about: str = "") -> "Scope":
        """The same with a name that is known here only, such as the item of a list."""
        own = Variable(name, kind, "here", about)
        samples = dict(self.samples)
        samples.pop(name, None)
        if value is not MISSING:
            samples[name] = Sample(value, "here")
        rest = {key: one for key, one in self.variables.items() if key != name}
        return replace(self, variables={name: own, **rest}, samples=samples)


def data_classes(schema: Any, path: Sequence[str] = ()) -> dict[str, str]:
    """The `data:` classes of a JSON Schema's properties by dotted path; the whole's is at ""."""
    rules = as_object(schema)
    out: dict[str, str] = {}
    if isinstance(rules.get("data"), str):
        out[".".join(path)] = str(rules["data"])
    for name, inner in as_object(rules.get("properties")).items():
        out.update(data_classes(inner, (*path, name)))
    items: object = rules.get("items")
    if isinstance(items, Mapping):
        inner = data_classes(cast("Mapping[str, Any]", items), path)
        out.update({key: kind for key, kind in inner.items() if key not in out})
    return out


_KINDS = {"string": "text", "integer": "int", "boolean": "bool", "array": "list"}


def scope_of_names(names: Iterable[tuple[str, str, str]]) -> Scope:
    """A scope of dotted names, each with its type as JSON Schema calls it and words about it."""
    fields: dict[str, dict[str, Type]] = {}
    variables: dict[str, Variable] = {}
    for path, kind, about in names:
        first, _, rest = path.partition(".")
        own = Type(_KINDS.get(kind, kind) or "dynamic")
        if rest:
            fields.setdefault(first, {})[rest.partition(".")[0]] = own
        else:
            variables[first] = Variable(first, own, "given", about)
    for first, inner in fields.items():
        known = variables.get(first) or Variable(first, presence="given")
        variables[first] = replace(known, type=Type("object", DYNAMIC, inner, open=True))
    return Scope(variables)
