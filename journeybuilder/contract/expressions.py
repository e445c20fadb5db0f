"""Expressions of journeys: CEL (Google's Common Expression Language) and `${…}` templates.

An expression is compiled once and evaluated often (about 20 µs). Variables are dynamic here: the plain
values that tools, models and people gave. The library's own wording never reaches a person.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from cel_expr_python import cel
from cel_expr_python.ext.ext_math import ExtMath
from cel_expr_python.ext.ext_optional import ExtOptional
from cel_expr_python.ext.ext_strings import ExtStrings

from journeybuilder.contract.json import canonical

MOMENTS = frozenset({"now"})
"""Names whose value is a moment, not a plain value."""


class ExpressionError(Exception):
    """An expression that cannot be read or has no value.

    Attributes:
        column: Where in the expression, counted from 1; 0 where it is the whole.
        name: The variable or field it is about, or an empty string.
    """

    def __init__(self, message: str, column: int = 0, name: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        self.name = name


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression.

    Attributes:
        names: The variables it reads, in no order.
    """

    text: str
    names: frozenset[str]
    program: cel.Expression

    def value(self, variables: Mapping[str, Any]) -> Any:
        """Its value with these variables.

        Raises:
            ExpressionError: When a variable or field is missing or types do not go together.
        """
        missing = [name for name in self.names if name not in variables]
        if missing:
            raise ExpressionError(f"'{min(missing)}' has no value here", name=min(missing))
        data = {name: variables[name] for name in self.names}
        for name, value in data.items():
            if not _is_whole(value):
                raise ExpressionError(f"a text in '{name}' holds a null character", name=name)
        try:
            result = self.program.eval(data=data)
            if str(result.type()) == "ERROR":
                error = _runtime_error(str(result.value()))
                raise error
            return plain(result.plain_value())
        except (
            RuntimeError,
            TypeError,
        ) as error:  # what the library cannot turn into a plain value
            refusal = _runtime_error(str(error))
            raise refusal from None


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
    names: frozenset[str] = frozenset()
    for _ in range(8):  # names hidden behind other errors come up one round later
        try:
            return Expression(text, names, _environment(names).compile(text))
        except RuntimeError as error:
            more = names | _undeclared(text, str(error))
            if more == names:
                refusal = _compile_error(text, str(error))
                raise refusal from None
            names = more
    raise ExpressionError("the expression is too deeply nested")


@lru_cache(maxsize=512)
def _environment(names: frozenset[str]) -> cel.Env:
    types = {name: cel.Type.TIMESTAMP if name in MOMENTS else cel.Type.DYN for name in names}
    return cel.NewEnv(variables=types, extensions=[ExtStrings(), ExtMath(), ExtOptional()])


_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']+)'")


def _errors(text: str, report: str) -> Iterator[tuple[int, str]]:
    """Column (from 1, over the whole text) and wording of each error in the library's report."""
    lines = text.split("\n")
    for match in _ERROR.finditer(report):
        line, column = int(match.group(1)), int(match.group(2))
        yield sum(len(other) + 1 for other in lines[: line - 1]) + column, match.group(3)


def _is_call(text: str, column: int, name: str) -> bool:
    """Whether the name is that of a function; `has(order.id)` is no call of `order.id`."""
    called = text[: column - 1].rstrip().endswith(name.rsplit(".", 1)[-1])
    return text[column - 1 : column] == "(" and called


def _undeclared(text: str, report: str) -> frozenset[str]:
    found: set[str] = set()
    for column, wording in _errors(text, report):
        match = _UNDECLARED.match(wording)
        if match and not _is_call(text, column, match.group(1)):
            found.add(match.group(1).split(".", 1)[0])
    return frozenset(found)


_SYMBOLS = {"_+_": "+", "_-_": "-", "_*_": "*", "_/_": "/", "_%_": "%", "_<_": "<", "_<=_": "<=",
    "_>_": ">", "_>=_": ">=", "_==_": "==", "_!=_": "!=", "_&&_": "&&", "_||_": "||", "!_": "!",
    "-_": "-", "@in": "in", "_?_:_": "? :", "_[_]": "[ ]"}  # fmt: skip
_TYPES = {"int": "a whole number", "int64": "a whole number", "double": "a number",
    "string": "text", "bool": "true/false", "null": "nothing", "null_type": "nothing",
    "list": "a list", "map": "an object", "timestamp": "a moment", "duration": "a duration",
    "dyn": "this value"}  # fmt: skip
_OVERLOAD = re.compile(
    r"(?i)(?:found )?no matching overloads? (?:found : |for )'?([^'( ]+)'?(?: applied to )?'?"
    r"(?:\(([^)]*)\))?"
)


def _overload(wording: str) -> str:
    match = _OVERLOAD.search(wording)
    if match is None:
        return ""
    symbol = _SYMBOLS.get(match.group(1), match.group(1))
    if match.group(2) is None:
        return f"'{symbol}' goes only {'before' if symbol == '!' else 'between'} true/false values"
    given = [part.strip() for part in match.group(2).split(",")]
    kinds = [_TYPES.get(part.split("(")[0], part) for part in given]
    advice = ""
    if {"double", "int64"} == set(given) or {"double", "int"} == set(given):
        advice = "; write 2.0 for 2, and double(x) for a whole x"
    return f"'{symbol}' does not go with {' and '.join(kinds)}{advice}"


def _compile_error(text: str, report: str) -> ExpressionError:
    for column, wording in _errors(text, report):
        undeclared = _UNDECLARED.match(wording)
        if undeclared:
            name = undeclared.group(1)
            return ExpressionError(f"there is no function '{name}'", column, name)
        if overload := _overload(wording):
            return ExpressionError(overload, column)
        if "<EOF>'" in wording or "at input '<EOF>'" in wording:
            return ExpressionError("the expression ends too early", column)
        if "token recognition" in wording and text[column - 1 : column] not in _WORD_OPERATORS:
            return ExpressionError("a quote or character here cannot be read", column)
        if "Syntax error" in wording or "token recognition" in wording:
            return ExpressionError(_syntax(text, column), column)
        if "reserved identifier" in wording:
            word = wording.rsplit(" ", 1)[-1]
            return ExpressionError(f"'{word}' is a word of the language, not a name", column, word)
    return ExpressionError("this cannot be read as an expression", 1)


_WORD_OPERATORS = {"and": "&&", "or": "||", "not": "!", "=": "=="}


def _syntax(text: str, column: int) -> str:
    rest = text[column - 1 :].lstrip()
    token = re.match(r"\w+|\S", rest) or re.match(r"", rest)
    word = token.group(0) if token else ""
    if re.search(r"\bnot\s*$", text[: column - 1]):
        word = "not"
    if better := _WORD_OPERATORS.get(word):
        return f"'{word}' is not used here; write {better}"
    return f"'{word}' does not fit here" if word else "this cannot be read here"


_MISSING_KEY = re.compile(r'Key not found in map : "?([^"]*)"?')
_TOO_BIG = re.compile(r"Integer value '.*' out of range for '(.*)'")
_RUNTIME = {
    "<jump_condition>": "the condition before '?' is neither true nor false",
    "divide by zero": "a division by zero",
    "modulus by zero": "a division by zero",
    "expected integer type": "the elements of a list are counted, from 0; this is no whole number",
    "Index error": "the list has no element at this place",
    "index out of bounds": "the list has no element at this place",
    "SELECT": "a field is read from something that has no fields",
    "overflow": "the number is too big",
    "cannot convert string": "the text is no number",
    "to Timestamp": "the text is no moment; write it as 2026-01-31T08:00:00Z",
    "to Duration": "the text is no duration of CEL; write it as 90s, 15m or 24h",
    "invalid regular expression": "the pattern is no regular expression",
    "duplicate key": "an object has the same key twice",
    "substring": "the text is shorter than that",
}


def _runtime_error(wording: str) -> ExpressionError:
    if match := _MISSING_KEY.search(wording):
        return ExpressionError(f"there is no field '{match.group(1)}'", name=match.group(1))
    if match := _TOO_BIG.search(wording):
        return ExpressionError(f"the number in '{match.group(1)}' is too big", name=match.group(1))
    for part, words in _RUNTIME.items():
        if part in wording:
            return ExpressionError(words)
    return ExpressionError(_overload(wording) or "it has no value")


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
    while index < len(text):
        if text.startswith("$${", index):
            plain_text, index = plain_text + "${", index + 3
        elif text.startswith("${", index):
            end = _closing(text, index + 2)
            if plain_text:
                parts.append(plain_text)
            parts.append(Slot(text[index + 2 : end], index + 2))
            plain_text, index = "", end + 1
        else:
            plain_text, index = plain_text + text[index], index + 1
    if plain_text:
        parts.append(plain_text)
    return tuple(parts)


def _closing(text: str, index: int) -> int:
    begin, depth, quote = index, 0, ""
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
