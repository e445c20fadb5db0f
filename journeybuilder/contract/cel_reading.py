"""What an expression gives and needs, told from the types of the variables before anything runs.

CEL's own checker is stricter than JSON in one place (279 and 279.0 are of two types) and cannot say
of an object that it is one (`"total" in order` is an error to it once `order` has declared fields), so
the rules of its checker are applied here to the types of JSON. The tests hold them against CEL's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

from journeybuilder.contract import cel_functions
from journeybuilder.contract.cel_tree import (
    TYPES,
    Call,
    Each,
    Index,
    Literal,
    Made,
    Name,
    Operation,
    Select,
    Tree,
    names,
    place,
)
from journeybuilder.contract.cel_types import (
    BOOL,
    DOUBLE,
    DYNAMIC,
    INT,
    LENGTH,
    MOMENT,
    NULL,
    NUMBER,
    NUMBERS,
    TEXT,
    Type,
    joined,
    list_of,
)


@dataclass(frozen=True, slots=True)
class Clash:
    """Something in an expression that does not go together.

    Attributes:
        kind: `field` (there is none), `type`, `never` (a value that it cannot have), `whole` (a division
            that sometimes drops the decimals) or `missing` (a field that need not be there).
        column: From 1.
        about: The field as dotted text, of a `missing` one.
    """

    kind: str
    column: int
    message: str
    hint: str = ""
    about: str = ""


@dataclass(slots=True)
class Reading:
    """What is known of an expression.

    Attributes:
        type: Of its value.
        clashes: What is wrong.
        needs: Each variable and dotted field (`order.total`) that must be there, with its column:
            those behind `has(…)` are not among them.
        reads: Each variable that it reads, there or not.
        yes: What is there when the expression is true.
        no: What is there when it is false.
        sure: Whether every function in it is known, so that CEL has nothing to add.
        kinds: The kind of each part by its `id`.
    """

    type: Type = DYNAMIC
    clashes: list[Clash] = field(default_factory=list[Clash])
    needs: dict[str, int] = field(default_factory=dict[str, int])
    reads: frozenset[str] = frozenset()
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    sure: bool = True
    kinds: dict[int, str] = field(default_factory=dict[int, str])


_NONE: frozenset[str] = frozenset()


def reading(tree: Tree, variables: Mapping[str, Type]) -> Reading:
    """Read an expression.

    Args:
        tree: A tree of `cel_syntax`.
        variables: The types of variables; others are dynamic.
    """
    reader = _Reader(variables)
    out = reader.out
    out.type = reader.of(tree, _NOTHING)
    out.reads = names(tree)
    out.yes, out.no = facts(tree)
    return out


def facts(tree: Tree) -> tuple[frozenset[str], frozenset[str]]:
    """The variables and fields that are there when this is true, and when it is false."""
    if isinstance(tree, Call) and tree.function == "has" and tree.of is None and tree.parts:
        found = place(tree.parts[0])
        return (frozenset({found}) if found else _NONE), _NONE
    if isinstance(tree, Operation) and tree.sign == "!_":
        yes, no = facts(tree.parts[0])
        return no, yes
    if isinstance(tree, Operation) and tree.sign in {"&&", "||"}:
        (yes, no), (more_yes, more_no) = facts(tree.parts[0]), facts(tree.parts[1])
        return (
            (yes | more_yes, no & more_no) if tree.sign == "&&" else (yes & more_yes, no | more_no)
        )
    return _NONE, _NONE


class _Scope(NamedTuple):
    """Names that macros bind, and what is known to be there."""

    bound: Mapping[str, Type]
    there: frozenset[str]

    def knowing(self, more: frozenset[str]) -> "_Scope":
        """The same where more is known to be there."""
        return _Scope(self.bound, self.there | more) if more else self


_NOTHING = _Scope({}, _NONE)


class _Reader:
    def __init__(self, variables: Mapping[str, Type]) -> None:
        self.variables = variables
        self.out = Reading()

    def of(self, tree: Tree, scope: _Scope) -> Type:
        found = self._of(tree, scope)
        self.out.kinds[id(tree)] = found.kind
        return found

    def _of(self, tree: Tree, scope: _Scope) -> Type:
        if isinstance(tree, Select):
            return self.select(tree, scope)
        if isinstance(tree, Name):
            return self.name(tree, scope)
        if isinstance(tree, Literal):
            self.out.sure = self.out.sure and tree.kind != "uint"
            return _LITERALS[tree.kind]
        if isinstance(tree, Operation):
            return self.operation(tree, scope)
        if isinstance(tree, Index):
            return self.index(tree, scope)
        if isinstance(tree, Made):
            return self.made(tree, scope)
        return self.each(tree, scope) if isinstance(tree, Each) else self.call(tree, scope)

    def clash(self, kind: str, column: int, message: str, hint: str = "", about: str = "") -> Type:
        self.out.clashes.append(Clash(kind, column, message, hint, about))
        return DYNAMIC

    # -- names and fields ------------------------------------------------------------------------

    def name(self, tree: Name, scope: _Scope) -> Type:
        if tree.id in scope.bound:
            return scope.bound[tree.id]
        if tree.id in TYPES:
            return Type("type")
        if tree.id not in scope.there:
            self.out.needs.setdefault(tree.id, tree.at)
        return self.variables.get(tree.id, DYNAMIC)

    def select(self, tree: Select, scope: _Scope, *, asked: bool = False) -> Type:
        of = self.of(tree.of, scope)
        found = self.field(of, tree.field, tree, scope, asked=asked or tree.soft)
        return Type("optional", found) if tree.soft or of.kind == "optional" else found

    def field(
        self, of: Type, name: str, tree: Select | Index, scope: _Scope, *, asked: bool
    ) -> Type:
        """The type of a field; a clash where there is none, or need not be one."""
        if of.kind == "optional":
            return self.field(of.item or DYNAMIC, name, tree, scope, asked=True)
        if of.kind == "dynamic":
            return DYNAMIC
        if of.kind != "object":
            said = f"'{name}' is read from {of.words}, which has no fields"
            return self.clash("type", tree.at, said)
        if name not in of.fields:
            return (of.item or DYNAMIC) if of.open else self.no_field(of, name, tree)
        full = place(tree)
        if not asked and of.needed is not None and name not in of.needed:
            self.may_miss(tree, name, full, scope)
        return of.fields[name]

    def may_miss(self, tree: Select | Index, name: str, full: str, scope: _Scope) -> None:
        if full and full in scope.there:
            return
        holder = _called(tree.of)
        ask = f"has({full}) && …" if full else f".?{name}.orValue(…)"
        said = f"{holder} need not have '{name}'"
        self.clash("missing", tree.at, said, f"Ask first, for example {ask}.", full)

    def no_field(self, of: Type, name: str, tree: Select | Index) -> Type:
        hint = _near(name, of.fields)
        known = ", ".join(sorted(of.fields)[:8]) or "none"
        return self.clash(
            "field",
            tree.at,
            f"{_called(tree.of)} has no field '{name}'",
            hint or f"It has {known}.",
        )

    def index(self, tree: Index, scope: _Scope) -> Type:
        of, by = self.of(tree.of, scope), self.of(tree.by, scope)
        inner = (of.item or DYNAMIC) if of.kind == "optional" else of
        found = self.element(inner, by, tree, scope, soft=tree.soft or of.kind == "optional")
        return Type("optional", found) if tree.soft or of.kind == "optional" else found

    def element(self, of: Type, by: Type, tree: Index, scope: _Scope, *, soft: bool) -> Type:
        if of.kind == "list":
            if by.kind not in {"int", "number", "dynamic"}:
                said = f"the elements of a list are counted, from 0; this is {by.words}"
                return self.clash("type", tree.at, said)
            return of.item or DYNAMIC
        if of.kind == "object":
            if by.kind not in {"text", "dynamic"}:
                return self.clash("type", tree.at, f"a field has a name; this is {by.words}")
            words = tree.by.words if isinstance(tree.by, Literal) else None
            if words is not None:
                return self.field(of, words, tree, scope, asked=soft)
            return DYNAMIC
        if of.kind == "dynamic":
            return DYNAMIC
        return self.clash("type", tree.at, f"{of.words} has no elements")

    # -- operators -------------------------------------------------------------------------------

    def operation(self, tree: Operation, scope: _Scope) -> Type:
        if tree.sign in {"&&", "||", "?:"}:
            return self.choice(tree, scope)
        given = [self.of(part, scope) for part in tree.parts]
        if tree.sign == "!_":
            self.truth(given[0], tree.at, "'!' goes only before true/false values")
            return BOOL
        if tree.sign == "-_":
            fine = given[0].kind in {*NUMBERS, "dynamic", "duration"}
            return given[0] if fine else self.wrong(tree, given)
        return self.between(tree, given[0], given[1])

    def choice(self, tree: Operation, scope: _Scope) -> Type:
        first = self.of(tree.parts[0], scope)
        yes, no = facts(tree.parts[0])
        if tree.sign == "?:":
            said = "the condition before '?' is neither true nor false"
            self.truth(first, tree.at, said)
            types = [
                self.of(part, scope.knowing(there))
                for part, there in zip(tree.parts[1:], (yes, no), strict=True)
            ]
            self.library(types[0].kind == types[1].kind)
            return joined(types)
        second = self.of(tree.parts[1], scope.knowing(yes if tree.sign == "&&" else no))
        for each in (first, second):
            self.truth(each, tree.at, f"'{tree.sign}' goes only between true/false values")
        return BOOL

    def library(self, fine: bool) -> None:
        """Leave the last word to CEL where it may be stricter than JSON needs."""
        self.out.sure = self.out.sure and fine

    def truth(self, given: Type, column: int, message: str) -> None:
        if given.kind not in {"bool", "dynamic"}:
            self.clash("type", column, message)

    def wrong(self, tree: Operation, given: Sequence[Type]) -> Type:
        sign = tree.sign.removesuffix("_")
        kinds = " and ".join(each.words for each in given)
        return self.clash("type", tree.at, f"'{sign}' does not go with {kinds}")

    def between(self, tree: Operation, one: Type, other: Type) -> Type:
        if tree.sign in {"==", "!="}:
            self.equal(tree, one, other)
            return BOOL
        if tree.sign == "in":
            return self.within(tree, one, other)
        kinds = {one.kind, other.kind}
        if tree.sign in {"<", "<=", ">", ">="}:
            fine = kinds <= NUMBERS or (len(kinds) == 1 and kinds <= _ORDERED)
            if not fine and "dynamic" not in kinds:
                self.wrong(tree, (one, other))
            return BOOL
        if "dynamic" in kinds:
            return DYNAMIC if kinds - {"null"} == kinds else self.wrong(tree, (one, other))
        found = _computed(tree.sign, one, other)
        self.library(not kinds & _DEEP)
        if tree.sign == "/" and found is not None and kinds == {"number", "int"}:
            self.whole(tree)
        return found or self.wrong(tree, (one, other))

    def whole(self, tree: Operation) -> None:
        divisor = tree.parts[1]
        better = f" / {divisor.text}.0" if isinstance(divisor, Literal) else " / double(…)"
        said = "this division drops the decimals when both numbers happen to be whole"
        self.clash("whole", tree.at, said, f"Write{better} to keep them.")

    def equal(self, tree: Operation, one: Type, other: Type) -> None:
        kinds = {one.kind, other.kind}
        self.library("dynamic" in kinds or not kinds & _DEEP)
        if "dynamic" in kinds or "null" in kinds or "optional" in kinds or kinds <= NUMBERS:
            return
        if len(kinds) > 1:
            self.wrong(tree, (one, other))
            return
        for side, part, options in (
            (tree.parts[1], tree.parts[0], one.options),
            (tree.parts[0], tree.parts[1], other.options),
        ):
            words = side.words if isinstance(side, Literal) else None
            if options and words is not None and words not in options:
                self.never(side, part, words, options)

    def never(self, side: Tree, part: Tree, words: str, options: Sequence[str]) -> None:
        hint = _near(words, options) or f"It is one of {', '.join(options[:8])}."
        self.clash("never", side.at, f"{_called(part)} is never '{words}'", hint)

    def within(self, tree: Operation, one: Type, other: Type) -> Type:
        self.library(one.kind not in _DEEP)
        item = other.item or DYNAMIC
        if other.kind == "list":
            kinds = {one.kind, item.kind}
            free = "dynamic" in kinds or "null" in kinds or kinds <= NUMBERS or len(kinds) == 1
            if not free:
                self.wrong(tree, (one, other))
            elif one.options and isinstance(tree.parts[1], Made):
                for part in tree.parts[1].parts:
                    words = part.words if isinstance(part, Literal) else None
                    if words is not None and words not in one.options:
                        self.never(part, tree.parts[0], words, one.options)
        elif other.kind == "object":
            if one.kind not in {"text", "dynamic"}:
                self.wrong(tree, (one, other))
        elif other.kind != "dynamic":
            self.wrong(tree, (one, other))
        return BOOL

    # -- lists, objects, calls -------------------------------------------------------------------

    def made(self, tree: Made, scope: _Scope) -> Type:
        given = [self.of(part, scope) for part in tree.parts]
        if any(tree.soft):
            return list_of(DYNAMIC) if tree.kind == "list" else _ANY_OBJECT
        if tree.kind == "list":
            return list_of(joined(given))
        keys = [part.words if isinstance(part, Literal) else None for part in tree.parts[::2]]
        fields = {key: each for key, each in zip(keys, given[1::2], strict=True) if key is not None}
        whole = len(fields) == len(keys)
        needed = frozenset(fields) if whole else None
        return Type("object", DYNAMIC, fields, open=not whole, needed=needed)

    def each(self, tree: Each, scope: _Scope) -> Type:
        of = self.of(tree.of, scope)
        if of.kind not in _RUN_OVER[tree.macro.startswith("opt")]:
            self.clash("type", tree.at, f"'{tree.macro}' does not go with {of.words}")
        item = TEXT if of.kind == "object" else of.item or DYNAMIC
        inner = scope._replace(bound={**scope.bound, tree.name: item})
        if tree.macro == "map" and len(tree.parts) > 1:
            yes, _ = facts(tree.parts[0])
            types = [self.of(tree.parts[0], inner)]
            types.append(self.of(tree.parts[1], inner.knowing(yes)))
        else:
            types = [self.of(part, inner) for part in tree.parts]
        if tree.macro in {"all", "exists", "exists_one", "filter"} or len(types) > 1:
            said = f"the condition in '{tree.macro}' is neither true nor false"
            self.truth(types[0], tree.at, said)
        if tree.macro in {"all", "exists", "exists_one"}:
            return BOOL
        if tree.macro == "filter":
            return list_of(item)
        if tree.macro == "map":
            return list_of(types[-1])
        return types[-1] if tree.macro == "optFlatMap" else Type("optional", types[-1])

    def call(self, tree: Call, scope: _Scope) -> Type:
        if tree.function == "has" and tree.of is None and len(tree.parts) == 1:
            self.asked(tree.parts[0], scope)
            return BOOL
        parts = tree.parts if tree.of is None else (tree.of, *tree.parts)
        given = [self.of(part, scope) for part in parts]
        method = tree.of is not None
        if not cel_functions.is_known(tree.function, method=method):
            self.out.sure = False
            return DYNAMIC
        if tree.function == "dyn":
            return DYNAMIC
        self.library(not any(each.kind == "optional" for each in given))
        if tree.function in {"value", "orValue"} and given[0].kind == "optional":
            item = given[0].item or DYNAMIC
            return joined([item, *given[1:]])
        found = cel_functions.result(tree.function, given, method=method)
        if found is None:
            kinds = " and ".join(each.words for each in given) or "nothing"
            return self.clash("type", tree.at, f"'{tree.function}' does not go with {kinds}")
        return found

    def asked(self, tree: Tree, scope: _Scope) -> None:
        """What stands in `has(…)`: the last field need not be there, what it is read from must."""
        if isinstance(tree, Select):
            self.select(tree, scope, asked=True)
        elif not isinstance(tree, Name):
            self.out.sure = False


_LITERALS = {
    "int": INT, "uint": INT, "double": DOUBLE, "string": TEXT, "bool": BOOL, "null": NULL,
}  # fmt: skip
_DEEP = frozenset({"list", "object", "null", "optional", "type"})
_ORDERED = frozenset({"text", "bool", "moment", "duration", "bytes"})
_ANY_OBJECT = Type("object", DYNAMIC, open=True)
_RUN_OVER = (frozenset({"list", "object", "dynamic"}), frozenset({"optional", "dynamic"}))
_SUMS: Mapping[tuple[str, str, str], Type] = {
    ("+", "text", "text"): TEXT, ("+", "bytes", "bytes"): Type("bytes"),
    ("+", "moment", "duration"): MOMENT, ("+", "duration", "moment"): MOMENT,
    ("+", "duration", "duration"): LENGTH, ("-", "moment", "moment"): LENGTH,
    ("-", "moment", "duration"): MOMENT, ("-", "duration", "duration"): LENGTH,
}  # fmt: skip


def _computed(sign: str, one: Type, other: Type) -> Type | None:
    if sign == "+" and one.kind == other.kind == "list":
        return list_of(joined([one.item or DYNAMIC, other.item or DYNAMIC]))
    kinds = {one.kind, other.kind}
    if not kinds <= NUMBERS:
        return _SUMS.get((sign, one.kind, other.kind))
    if sign == "%":
        return None if "double" in kinds else INT
    if "double" in kinds:
        return DOUBLE
    return INT if kinds == {"int"} else NUMBER


def _called(tree: Tree) -> str:
    """What a message calls a part: its dotted name where it has one."""
    return f"'{place(tree)}'" if place(tree) else "this"


def _near(name: str, known: "Mapping[str, Type] | Sequence[str]") -> str:
    folded = {each.casefold(): each for each in known}
    close = [folded[name.casefold()]] if name.casefold() in folded else []
    close = close or get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"Did you mean '{close[0]}'?" if close else ""
