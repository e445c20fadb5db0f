"""What is wrong with an expression, in our words: the library's own never reach a person."""

import re
from collections.abc import Iterator


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


def undeclared(text: str, report: str) -> frozenset[str]:
    """The names that the library's report says are declared nowhere; functions are not among them."""
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
    return f"'{symbol}' does not go with {' and '.join(kinds)}"


def compile_error(text: str, report: str) -> ExpressionError:
    """What the library's report on a text that it does not compile means."""
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
_NO_VALUE = re.compile(r'No value with name "([^"]*)"')
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


def runtime_error(wording: str) -> ExpressionError:
    """What the library's words about an evaluation mean."""
    if match := _MISSING_KEY.search(wording):
        return ExpressionError(f"there is no field '{match.group(1)}'", name=match.group(1))
    if match := _NO_VALUE.search(wording):
        return ExpressionError(f"'{match.group(1)}' has no value here", name=match.group(1))
    if match := _TOO_BIG.search(wording):
        return ExpressionError(f"the number in '{match.group(1)}' is too big", name=match.group(1))
    for part, words in _RUNTIME.items():
        if part in wording:
            return ExpressionError(words)
    return ExpressionError(_overload(wording) or "it has no value")
