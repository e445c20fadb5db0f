"""Fixes of expressions: misspelled names and fields, values that may be missing, wrong signs."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from journeybuilder.document.model import mapping
from journeybuilder.errors import AuthorError
from journeybuilder.gui.fixes.fix import Case, Fix, as_title, set_at
from journeybuilder.gui.journey.journal import Edit
from journeybuilder.gui.look.language import tr
from journeybuilder.refactor.cel_names import (
    expressions_in,
    rename_in_expression,
    rename_in_template,
)

_SAYS = re.compile(r"^in '(?P<text>.*)' \(character (?P<column>\d+)\): (?P<rest>.*)$", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BUILT_IN = {"input", "session", "customer", "now", "error"}


def _written(case: Case, text: str, *, best: bool = False) -> Iterator[Fix]:
    """The text at the place of the finding is to be this one."""
    if text != case.value:
        title = tr("Write {value}", value=as_title(text))
        yield Fix(title, (set_at(case.path, text),), best=best)


def _changed(case: Case, change: Callable[[str], str]) -> str:
    """The text with each of its expressions changed."""
    text = str(case.value)
    if case.role == "expression":
        return change(text)
    out: list[str] = []
    done = 0
    for start, expression in expressions_in(text):
        out += [text[done:start], change(expression)]
        done = start + len(expression)
    return "".join([*out, text[done:]])


def unreadable(case: Case) -> Iterator[Fix]:
    """An expression that cannot be read."""
    text, hint = case.value, case.finding.hint
    if not isinstance(text, str):
        return
    if hint.startswith("Write ") and "without '${ }'" in case.finding.message:
        yield from _written(case, hint.removeprefix("Write "), best=True)
    elif "has no closing '}'" in case.finding.message:
        yield from _written(case, text + "}", best=True)
    elif not text.strip() and case.role == "expression":
        yield from _written(case, "true")
    else:
        yield from _wrong_sign(case)


def _wrong_sign(case: Case) -> Iterator[Fix]:
    said = re.search(
        r"\(character (\d+)\): '([^']+)' is not used here; write (.+?)\.?$", case.finding.message
    )
    if not said:
        return
    at, wrong, right = int(said[1]) - 1, said[2], said[3].strip("'")

    def mended(expression: str) -> str:
        same = expression[at : at + len(wrong)] == wrong
        return expression[:at] + right + expression[at + len(wrong) :] if same else expression

    yield from _written(case, _changed(case, mended), best=True)


def unknown_name(case: Case) -> Iterator[Fix]:
    """A name that nothing sets: the near miss, an input, or a value from the beginning."""
    name = case.quoted[0] if case.quoted else ""
    if not name or not isinstance(case.value, str):
        return
    if case.meant:
        title = tr("Change '{old}' to '{new}'", old=name, new=case.meant)
        yield Fix(title, (set_at(case.path, _renamed(case, name, case.meant)),), best=True)
    yield from set_before(case)
    if name not in case.journey.variables and name not in _inputs(case):
        edits = (
            set_at(("input", "properties", name), {}),
            set_at(case.path, _renamed(case, name, f"input.{name}")),
        )
        yield Fix(tr("Make '{name}' an input of the journey", name=name), edits)


def _inputs(case: Case) -> Any:
    return mapping(case.journey.input.get("properties"))


def _renamed(case: Case, old: str, new: str) -> str:
    rename = rename_in_expression if case.role == "expression" else rename_in_template
    try:
        return rename(str(case.value), old, new)
    except AuthorError:
        return str(case.value)


def set_before(case: Case) -> Iterator[Fix]:
    """The variable gets an empty value where the journey begins."""
    name = case.quoted[0] if case.quoted else ""
    fields = re.search(rf"(?<![\w.]){re.escape(name)}\s*[.\[]", str(case.value)) if name else None
    edits = beginning(case, name)
    if edits and not fields:
        yield Fix(tr("Set '{name}' at the beginning", name=name), edits)


def beginning(case: Case, name: str) -> tuple[Edit, ...]:
    """The edits that give a variable an empty value at the start; none where that cannot be."""
    journey = case.journey
    if name in _BUILT_IN or not _WORD.fullmatch(name) or journey.start not in journey.nodes:
        return ()
    first, value = journey.nodes[journey.start], _empty(case, name)
    if first.kind == "set" and first.id != case.finding.node:
        return (set_at(("nodes", first.id, "values", name), value),)
    new = case.fresh("begin")
    x, y = case.place(journey.start)
    settings = {"values": {name: value}, "next": journey.start}
    add = {"id": new, "kind": "set", "settings": settings, "at": [round(x - 280), round(y)]}
    return (Edit("add", add), set_at(("start",), new))


def _empty(case: Case, name: str) -> Any:
    kind = mapping(case.journey.variables.get(name)).get("type")
    plain: dict[str, Any] = {"integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}
    return plain.get(str(kind), "")


def maybe_unset(case: Case) -> Iterator[Fix]:
    """A variable that is not set on every way is asked for first, or set before."""
    name = case.quoted[0] if case.quoted else ""
    yield from _asked_first(case, f"has({name})", name)
    yield from set_before(case)


def maybe_missing(case: Case) -> Iterator[Fix]:
    """A field that need not be there is asked for first."""
    found = re.search(r"has\(([^)]+)\)", case.finding.hint)
    if found:
        yield from _asked_first(case, f"has({found[1]})", found[1])


def _asked_first(case: Case, asks: str, name: str) -> Iterator[Fix]:
    if not isinstance(case.value, str):
        return
    reads = re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w)")
    if case.role == "expression":
        if case.path[-1] == "when":
            yield from _written(case, f"{asks} && ({case.value})", best=True)
        return

    def guarded(expression: str) -> str:
        if not reads.search(expression):
            return expression
        empty = "''" if case.role == "text" else "null"
        inner = f"string({expression})" if case.role == "text" else expression
        return f"{asks} ? {inner} : {empty}"

    title = tr("Write nothing where '{name}' is missing", name=name)
    yield Fix(title, (set_at(case.path, _changed(case, guarded)),), best=True)


def wrong_name(case: Case) -> Iterator[Fix]:
    """A field or a value that is not there: the one that is meant."""
    said = _SAYS.match(case.finding.message)
    if not said or not case.meant or not isinstance(case.value, str):
        return
    wrong = _last_quoted(said["rest"])
    column = int(said["column"])

    def mended(expression: str) -> str:
        if said["text"].strip("…") not in expression.replace("\n", " "):
            return expression
        at = expression.find(wrong, max(0, column - 1))
        at = at if at >= 0 else expression.find(wrong)
        return (
            expression[:at] + case.meant + expression[at + len(wrong) :] if at >= 0 else expression
        )

    title = tr("Change '{old}' to '{new}'", old=wrong, new=case.meant)
    after = _changed(case, mended)
    if after != case.value:
        yield Fix(title, (set_at(case.path, after),), best=True)


def _last_quoted(text: str) -> str:
    found = re.findall(r"'([^']*)'", text)
    return found[-1] if found else ""


def kept_decimals(case: Case) -> Iterator[Fix]:
    """A division keeps its decimals."""
    said = _SAYS.match(case.finding.message)
    found = re.search(r"Write / ([0-9.]+) to keep", case.finding.hint)
    if not said or not found or not isinstance(case.value, str):
        return
    at = int(said["column"]) - 1

    def mended(expression: str) -> str:
        tail = re.sub(r"^/(\s*)\d+", rf"/\g<1>{found[1]}", expression[at:])
        return expression[:at] + tail

    yield from _written(case, _changed(case, mended), best=True)


def condition(case: Case) -> Iterator[Fix]:
    """An expression that is no condition is compared with something; one that is no list becomes one."""
    text, message = str(case.value), case.finding.message
    if "has to be a list" in message:
        yield from _written(case, f"[{text}]")
        return
    by_type = (
        ("is a number", "{0} > 0"), ("is a whole number", "{0} > 0"), ("is a decimal", "{0} > 0"),
        ("is text", "{0} != ''"), ("is a list", "size({0}) > 0"), ("is an object", "{0} != null"),
    )  # fmt: skip
    for words, shape in by_type:
        if message.endswith(words):
            simple = bool(re.fullmatch(r"[\w.]+", text)) or shape.startswith("size")
            yield from _written(case, shape.format(text if simple else f"({text})"), best=True)


def as_words(case: Case) -> Iterator[Fix]:
    """A list in the customer's words: how many there are."""
    name = case.quoted[0] if case.quoted else ""
    if not isinstance(case.value, str) or "is a list" not in case.finding.message:
        return
    counted = _changed(case, lambda text: f"size({text})" if text.strip() == name else text)
    if counted != case.value:
        title = tr("Say how many there are: {value}", value=as_title(f"size({name})"))
        yield Fix(title, (set_at(case.path, counted),))


def placeholder(case: Case) -> Iterator[Fix]:
    """A placeholder of another program becomes `${…}`."""
    found = re.match(r"Write (\$\{.+\}) for its value\.$", case.finding.hint)
    words = re.match(r"'(.+)' is written to the reader", case.finding.message)
    if found and words and isinstance(case.value, str):
        text = case.value.replace(words[1], found[1])
        name = found[1].strip("${} ").partition(".")[0]
        lacks = name in case.journey.variables and name not in case.saved
        edits = beginning(case, name) if lacks else ()
        title = tr("Write {value}", value=as_title(text))
        yield Fix(title, (set_at(case.path, text), *edits), best=True)
