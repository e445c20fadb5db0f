"""Expressions of journeys: CEL (Google's Common Expression Language) and `${…}` templates.

An expression is compiled once and evaluated often (about 20 µs). Variables are dynamic here: the plain
values that tools, models and people gave. The library's own wording never reaches a person.

Two things are added to CEL. `has(label)` tells whether a variable is set; CEL asks for fields only. And
where a whole number meets a decimal one, as 279 and 1.19, they are reckoned with decimals: see
`cel_mixing`. Only an expression that CEL refuses is ever looked at a second time.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from cel_expr_python import cel
from cel_expr_python.ext.ext_math import ExtMath
from cel_expr_python.ext.ext_optional import ExtOptional
from cel_expr_python.ext.ext_strings import ExtStrings

from journeybuilder.contract.cel_errors import (
    ExpressionError,
    compile_error,
    runtime_error,
    undeclared,
)
from journeybuilder.contract.cel_fields import looked_into
from journeybuilder.contract.cel_mixing import GIVEN, asked_for, counting, loosened, written
from journeybuilder.contract.cel_reading import reading
from journeybuilder.contract.cel_syntax import read
from journeybuilder.contract.cel_tree import Tree
from journeybuilder.contract.cel_tree import names as names_in
from journeybuilder.contract.json import canonical

MOMENTS = frozenset({"now"})
"""Names whose value is a moment, not a plain value."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression.

    Attributes:
        names: The variables it reads, in no order.
        asked: Those of them that stand in a `has(…)`, and need not be set.
        path: The names of `order.customer.name`, where it is nothing more than that; else none.
        fields: What is read of each variable of which only fields are read: the library is given no
            more, as it translates all that it is given.
    """

    text: str
    names: frozenset[str]
    program: cel.Expression
    asked: frozenset[str] = frozenset()
    path: tuple[str, ...] = ()
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

    def value(self, variables: Mapping[str, Any]) -> Any:
        """Its value with these variables.

        Raises:
            ExpressionError: When a variable or field is missing or types do not go together.
        """
        if self.path and (found := _at(self.path, variables)) is not _ELSEWHERE:
            return found
        data = self._given(variables)
        try:
            return _evaluated(self.program, data)
        except RuntimeError as error:
            wording = str(error)
        if _MIXED.search(wording) and (program := _widened(self.text)):
            try:
                return _evaluated(program, data)
            except RuntimeError as error:
                wording = str(error)
        refusal = runtime_error(wording)
        raise refusal

    def _given(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """What the library is given.

        Raises:
            ExpressionError: When a variable is missing, or a text in one would be cut.
        """
        data = {name: variables[name] for name in self.names if name in variables}
        if len(data) != len(self.names):
            missing = self.names - data.keys() - self.asked
            if missing:
                raise ExpressionError(f"'{min(missing)}' has no value here", name=min(missing))
        for name, fields in self.fields.items():
            whole = data.get(name)
            if isinstance(whole, dict):
                data[name] = {key: whole[key] for key in fields if key in whole}
        for name, value in data.items():
            if not _is_whole(value):
                raise ExpressionError(f"a text in '{name}' holds a null character", name=name)
        if self.asked:
            data[GIVEN] = {name: True for name in self.asked if name in variables}
        return data


_ELSEWHERE = object()
_WIDEST = 2**63


def _at(path: Sequence[str], variables: Mapping[str, Any]) -> Any:
    """A plain text, number, true, false or null that is only looked up: most slots are that.

    Everything else, also whatever is missing on the way, is for the library: `_ELSEWHERE`.
    """
    value: Any = variables
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return _ELSEWHERE
        value = cast("dict[str, Any]", value)[name]
    if isinstance(value, str):
        return value if "\0" not in value else _ELSEWHERE
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -_WIDEST <= value < _WIDEST else _ELSEWHERE
    return value if isinstance(value, float) and math.isfinite(value) else _ELSEWHERE


def _evaluated(program: cel.Expression, data: Mapping[str, Any]) -> Any:
    """The value of a program as a JSON value.

    Raises:
        RuntimeError: With whatever the library says against it.
    """
    try:
        result = program.eval(data=data)
        if str(result.type()) == "ERROR":
            raise RuntimeError(str(result.value()))
        return plain(result.plain_value())
    except TypeError as error:  # what the library cannot turn into a plain value
        raise RuntimeError(str(error)) from None


_MIXED = re.compile(
    r"overloads?.*(?:_[-+*/]_.*(?:double\W+int|int(?:64)?\W+double)|math\.\w+\(int64\))",
    re.IGNORECASE,
)


@lru_cache(maxsize=512)
def _widened(text: str) -> cel.Expression | None:
    """A program for numbers of both kinds; made when an expression meets them first."""
    tree = read(text)
    if tree is None:
        return None
    try:
        return _environment(_declared(tree)).compile(counting(tree))
    except RuntimeError:
        return None


def _is_whole(value: Any) -> bool:
    """Whether no text in a value has a null character: the library would end the text there.

    `role == 'guest'` would hold for a text that begins with `guest` and goes on behind one.
    """
    rest = [value]
    while rest:
        part = rest.pop()
        if isinstance(part, str):
            if "\0" in part:
                return False
        elif isinstance(part, dict):
            rest += cast("dict[Any, Any]", part)
            rest += cast("dict[Any, Any]", part).values()
        elif isinstance(part, list):
            rest += cast("list[Any]", part)
    return True


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Compile CEL text.

    Raises:
        ExpressionError: With the place and what is wrong, in words.
    """
    if not text.strip():
        raise ExpressionError("the expression is empty")
    tree = read(text)
    if tree is None:
        return _compiled(text, text)
    names, asked = names_in(tree), asked_for(tree)
    if asked - names:
        said = f"has(…) asks for a variable or a field; '{min(asked - names)}' is always there"
        raise ExpressionError(said, 1)
    declared = _declared(tree)
    try:
        program = _environment(declared).compile(written(tree) if asked else text)
    except RuntimeError as error:
        loose = _loosened(tree, declared) if _BOTH.search(str(error)) else None
        if loose is None:
            return _compiled(text, _without_asking(text))
        program = loose
    plain_path = _PATH.fullmatch(text) is not None and names == frozenset([text.split(".", 1)[0]])
    path = tuple(text.split(".")) if plain_path else ()
    return Expression(text, names, program, asked, path, looked_into(tree))


_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_BOTH = re.compile(r"\(.*(?:\bint\b.*\bdouble\b|\bdouble\b.*\bint\b).*\)")


def _declared(tree: Tree) -> frozenset[str]:
    return names_in(tree) | ({GIVEN} if asked_for(tree) else frozenset[str]())


def _loosened(tree: Tree, declared: frozenset[str]) -> cel.Expression | None:
    """A program where CEL minds nothing but that a whole number meets a decimal one."""
    if any(clash.kind == "type" for clash in reading(tree, {}).clashes):
        return None
    try:
        return _environment(declared).compile(loosened(tree))
    except RuntimeError:
        return None


def _without_asking(text: str) -> str:
    """The text, as long as it is, with `true` for what only we understand: for what CEL says of it."""
    return _ASKING.sub(lambda match: "true".ljust(len(match.group(0))), text)


_ASKING = re.compile(r"\bhas\(\s*[A-Za-z_]\w*\s*\)")


def _compiled(text: str, source: str) -> Expression:
    """Compile by asking the library for the names.

    Raises:
        ExpressionError: See `compile_expression`.
    """
    names: frozenset[str] = frozenset()
    for _ in range(8):  # names hidden behind other errors come up one round later
        try:
            return Expression(text, names, _environment(names).compile(source))
        except RuntimeError as error:
            more = names | undeclared(source, str(error))
            if more == names:
                refusal = compile_error(source, str(error))
                raise refusal from None
            names = more
    raise ExpressionError("the expression is too deeply nested")


@lru_cache(maxsize=512)
def _environment(names: frozenset[str]) -> cel.Env:
    types = {name: cel.Type.TIMESTAMP if name in MOMENTS else cel.Type.DYN for name in names}
    return cel.NewEnv(variables=types, extensions=[ExtStrings(), ExtMath(), ExtOptional()])


def plain(value: Any) -> Any:
    """A value of CEL as a JSON value: moments as ISO text, durations as seconds.

    Raises:
        ExpressionError: When JSON has no such value (infinity, bytes, a type).
    """
    if value is None or isinstance(value, (bool, int, str)):  # most are, so they come first
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in cast("Sequence[Any]", value)]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "total_seconds"):
        return value.total_seconds()
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        raise ExpressionError("the result is no finite number")
    raise ExpressionError("the result is neither text, a number, true/false, a list nor an object")


@dataclass(frozen=True, slots=True)
class Slot:
    """A `${…}` in a text: its expression and where the expression begins in the text."""

    expression: str
    start: int


@lru_cache(maxsize=4096)
def split_template(text: str) -> tuple[str | Slot, ...]:
    """The parts of a template: plain text and slots. `$${` stands for a plain `${`.

    Raises:
        ExpressionError: When a `${` has no closing brace.
    """
    parts: list[str | Slot] = []
    plain_text, index = "", 0
    while (found := text.find("${", index)) >= 0:
        if found > index and text[found - 1] == "$":
            plain_text, index = plain_text + text[index : found - 1] + "${", found + 2
            continue
        plain_text += text[index:found]
        if plain_text:
            parts.append(plain_text)
        end = _closing(text, found + 2)
        parts.append(Slot(text[found + 2 : end], found + 2))
        plain_text, index = "", end + 1
    plain_text += text[index:]
    if plain_text:
        parts.append(plain_text)
    return tuple(parts)


_SIMPLE = re.compile(r"""[^{"']*""")


def _closing(text: str, index: int) -> int:
    begin, depth, quote = index, 0, ""
    end = text.find("}", index)
    if end >= 0 and _SIMPLE.fullmatch(text, index, end):
        return end
    while index < len(text):
        char = text[index]
        if quote:
            if char == "\\":
                index += 1
            elif char == quote:
                quote = ""
        elif char in "\"'":
            quote = char
        elif char == "{":
            depth += 1
        elif char == "}":
            if depth == 0:
                return index
            depth -= 1
        index += 1
    raise ExpressionError("a '${' has no closing '}'", begin - 1)


def slots(
    template: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Slot]]:
    """Every `${…}` in a nested value with its path.

    Raises:
        ExpressionError: When a `${` has no closing brace; its `column` is that in the text.
    """
    if isinstance(template, str):
        if "${" in template:
            yield from ((path, part) for part in split_template(template) if isinstance(part, Slot))
    elif isinstance(template, Mapping):
        for key, item in cast("Mapping[str, Any]", template).items():
            yield from slots(item, (*path, key))
    elif isinstance(template, list):
        for index, item in enumerate(cast("list[Any]", template)):
            yield from slots(item, (*path, index))


def render(template: Any, variables: Mapping[str, Any]) -> Any:
    """A nested value with each `${…}` replaced; a text that is one slot keeps the value's type.

    Raises:
        ExpressionError: See `Expression.value`.
    """
    if isinstance(template, str):
        return _render_text(template, variables) if "${" in template else template
    if isinstance(template, Mapping):
        items = cast("Mapping[str, Any]", template).items()
        return {key: render(item, variables) for key, item in items}
    if isinstance(template, list):
        return [render(item, variables) for item in cast("list[Any]", template)]
    return template


def _render_text(template: str, variables: Mapping[str, Any]) -> Any:
    parts = split_template(template)
    if len(parts) == 1 and isinstance(parts[0], Slot):
        return compile_expression(parts[0].expression).value(variables)
    return "".join(
        part
        if isinstance(part, str)
        else as_words(compile_expression(part.expression).value(variables))
        for part in parts
    )


def as_words(value: Any) -> str:
    """A value inside a text: text as it is, nothing for null, other values as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return canonical(value)
