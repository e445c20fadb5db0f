"""Says in our words why a text is not YAML, from what the parser noticed and where."""

import re
from dataclasses import dataclass

from journeybuilder.document import rules
from journeybuilder.document.findings import Rule

HARD_BLANKS = "\u00a0\u00a0"
"""An indentation that was copied from a web page: YAML takes it for part of the key."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why a text cannot be read.

    Attributes:
        at_start: True where the place is the beginning of the construct the parser was in (the
            quote that is never closed) and not the character at which it gave up.
    """

    message: str
    hint: str = ""
    rule: Rule = rules.SYNTAX
    at_start: bool = False


_QUOTE = Mistake(
    "This quote is never closed.", "Write the closing quote at the end of the text.", at_start=True
)
_COLON = Mistake(
    "This line is neither `key: value` nor part of the value above.",
    "Is a colon missing, or the blank after it? Text that goes on must be indented further.",
    at_start=True,
)
_BRACE = Mistake(
    "This `{` is never closed, or a comma is missing before the next key.",
    "Text with `,`, `[`, `]`, `{` or `}` inside braces goes in quotes.",
    at_start=True,
)
_BRACKET = Mistake(
    "This `[` is never closed, or a comma is missing before the next value.",
    "Text with `,`, `[`, `]`, `{` or `}` inside brackets goes in quotes.",
    at_start=True,
)
_SECOND = Mistake(
    "A second `: ` in one line, or a line indented further than the ones above it.",
    "Text that contains `: ` goes in quotes; keys of one mapping begin in the same column.",
)
_INDENT = Mistake(
    "This line does not fit the lines above it.",
    "Check its indentation: keys of one mapping begin in the same column.",
)
_DIRECTIVE = Mistake("A line that begins with `%` is not part of these files.", "Remove the line.")
_ANCHOR = Mistake(
    "`&` and `*` name and repeat a value, and no name follows here.", "Put the text in quotes."
)
_TAG = Mistake("Tags such as `!name` are not used here.", "Remove it.", rules.TAG)

# What the parser's notice contains, most telling first. The notices are those of libyaml.
_MISTAKES: tuple[tuple[str, Mistake], ...] = (
    (
        "mapping values are not allowed",
        _SECOND,
    ),
    ("could not find expected ':'", _COLON),
    ("found unexpected end of stream", _QUOTE),
    ("found unexpected document indicator", _QUOTE),
    (
        "did not find expected ',' or '}'",
        _BRACE,
    ),
    (
        "did not find expected ',' or ']'",
        _BRACKET,
    ),
    ("did not find expected key", _INDENT),
    ("did not find expected '-' indicator", _INDENT),
    (
        "block sequence entries are not allowed",
        Mistake("A list entry `-` cannot begin here.", "Begin the list in a line of its own."),
    ),
    ("mapping keys are not allowed", Mistake("A key cannot begin here.", "Put `?` in quotes.")),
    (
        "did not find expected node content",
        Mistake("A value is missing here.", "Is there a comma or a bracket too many?"),
    ),
    (
        "found undefined alias",
        Mistake(
            "`*` repeats a value that was named with `&`, and there is none of this name.",
            "If it shall be text, put it in quotes.",
        ),
    ),
    (
        "second occurrence",
        Mistake("This `&name` was already given to another value.", "Choose another name."),
    ),
    (
        "unknown escape character",
        Mistake(
            "There is no such escape after `\\` in double quotes.",
            "Write `\\\\` for a backslash, or use single quotes.",
        ),
    ),
    (
        "hexadecimal number",
        Mistake("This escape needs hexadecimal digits.", "For example `\\xe9` or `\\u20ac`."),
    ),
    (
        "invalid Unicode character",
        Mistake("This escape stands for no character.", "Write the character itself."),
    ),
    ("tag", _TAG),
    ("directive", _DIRECTIVE),
    ("document start", _INDENT),
    ("alphabetic or numeric character", _ANCHOR),
    (
        "indentation indicator",
        Mistake("After `|` or `>` an indentation from 1 to 9 may stand.", "Remove the digit."),
    ),
    (
        "comment or line break",
        Mistake("Nothing may follow `|` or `>` in this line.", "Begin the text in the next line."),
    ),
)
_UNKNOWN = Mistake("This cannot be read as YAML.", "Compare it with the lines around it.")


def explain(problem: str, context: str, char: str) -> Mistake:
    """The mistake behind a parser's notice.

    Args:
        problem: What the parser noticed.
        context: What it was reading.
        char: The character at which it stopped, or an empty string at the end of the text.
    """
    if "tab character" in problem or ("cannot start any token" in problem and char == "\t"):
        return Mistake(
            "A tab cannot indent a line or separate a key from its value here.",
            "Replace it with blanks.",
            rules.TAB,
        )
    if not char and "node content" in problem:
        return Mistake("A `{` or `[` above is never closed.", "Write the closing bracket.")
    if "cannot start any token" in problem:
        return Mistake(f"A value cannot begin with `{char}`.", "Put the text in quotes.")
    if "tag" in context or "directive" in context:
        return _TAG if "tag" in context else _DIRECTIVE
    return next((mistake for notice, mistake in _MISTAKES if notice in problem), _UNKNOWN)


_NO_BLANK = re.compile(r"\s*(?:- +)?(?P<key>[A-Za-z_]\w*):(?P<value>[^\s:/\"'{\[][^:]*)")


def look_closer(mistake: Mistake, text: str, line: int, column: int) -> tuple[Mistake, int, int]:
    """The same mistake, or a more telling one where the lines of the text give it away.

    Args:
        mistake: What `explain` says.
        text: The whole text.
        line: Where it is reported, counted from 0.
        column: Likewise.
    """
    lines = text.split("\n")
    if mistake in (_BRACE, _BRACKET):
        return _in_brackets(mistake, lines[line], line, column)
    if mistake in (_SECOND, _COLON):
        for number in (line, line - 1):
            match = (
                _NO_BLANK.fullmatch(lines[number].rstrip()) if 0 <= number < len(lines) else None
            )
            if match:
                hint = f"Write `{match['key']}: {match['value']}`."
                better = Mistake("A blank is missing after this colon.", hint)
                return better, number, match.end("key")
    return mistake, line, column


def _in_brackets(mistake: Mistake, words: str, line: int, column: int) -> tuple[Mistake, int, int]:
    """Why a bracket may not be closed in its line: a quote is not, or it ends in a comment."""
    quote, opened, before = "", 0, ""
    for index in range(column, len(words)):
        char = words[index]
        if quote:
            quote = "" if char == quote and words[index - 1] != "\\" else quote
        elif char in "\"'" and before in "{[,:":
            quote, opened = char, index
        elif char == "#" and words[index - 1] == " " and {"}", "]"} & set(words[index:]):
            better = Mistake(
                "From this `#` on the line is a comment, the closing bracket too.",
                "Put text with `#` in quotes, or the comment behind the bracket.",
            )
            return better, line, index
        before = char if not char.isspace() else before
    if quote:
        better = Mistake(
            "This quote is not closed in its line.",
            "Write the closing quote at the end of the text.",
        )
        return better, line, opened
    return mistake, line, column
