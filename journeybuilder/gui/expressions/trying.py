"""An expression tried on sample values with the real evaluator, within bounds that a window can wait for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, cast

from journeybuilder.contract.cel_syntax import read
from journeybuilder.contract.cel_tree import (
    TYPES,
    Call,
    Each,
    Made,
    Name,
    Select,
    Tree,
    below,
    place,
)
from journeybuilder.contract.cel_tree import Literal as Fixed
from journeybuilder.contract.expressions import (
    ExpressionError,
    as_words,
    compile_expression,
    render,
    slots,
)
from journeybuilder.gui.expressions.samples import MISSING
from journeybuilder.gui.expressions.scope import Scope
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr

State = Literal["value", "wrong", "unknown", "long"]
_MOST_STEPS = 20_000
_MOST_PARTS = 20_000
_MOST_GROWTH = 6
_NEEDS_TEXT = 2


@dataclass(frozen=True)
class Used:
    """A variable or field that was read, as `order.total`.

    Attributes:
        value: Its sample value, MISSING where there is none.
        source: Where that is from, for people.
    """

    path: str
    value: Any
    source: str


@dataclass(frozen=True)
class Outcome:
    """What became of a trial.

    Attributes:
        state: `value`; `wrong`: it has none, `words` say why; `unknown`: a sample value is missing;
            `long`: it would take too long here.
    """

    state: State
    value: Any = MISSING
    words: str = ""
    used: Sequence[Used] = ()

    @property
    def truth(self) -> bool | None:
        """Of a condition, else None."""
        return self.value if isinstance(self.value, bool) and self.state == "value" else None


def tried(text: str, scope: Scope) -> Outcome:
    """The value of an expression with the sample values of a scope."""
    try:
        found = compile_expression(text)
    except ExpressionError as error:
        return Outcome("wrong", words=said(error.message))
    used = used_in([text], scope)
    refused = _refused([text], found.names - found.asked, scope, used)
    if refused is not None:
        return refused
    try:
        return Outcome("value", found.value(scope.values), used=used)
    except ExpressionError as error:
        return Outcome("wrong", words=_said(error, scope), used=used)


def tried_template(text: str, scope: Scope) -> Outcome:
    """A text with each `${…}` filled in; a text that is one slot keeps the value's type."""
    try:
        found = [compile_expression(slot.expression) for _, slot in slots(text)]
    except ExpressionError as error:
        return Outcome("wrong", words=said(error.message))
    texts = [one.text for one in found]
    used = used_in(texts, scope)
    needed = frozenset(name for one in found for name in one.names - one.asked)
    refused = _refused(texts, needed, scope, used)
    if refused is not None:
        return refused
    try:
        return Outcome("value", render(text, scope.values), used=used)
    except ExpressionError as error:
        return Outcome("wrong", words=_said(error, scope), used=used)


def _refused(
    texts: Sequence[str], needed: frozenset[str], scope: Scope, used: Sequence[Used]
) -> Outcome | None:
    """Why it is not tried; None where it can be."""
    bare = sorted(needed - scope.samples.keys())
    if bare:
        return Outcome("unknown", words=_unknown(bare[0], scope), used=used)
    values = [scope.values[name] for name in needed]
    if _too_long(texts, values):
        words = tr("too much to try here; it is tried in a rehearsal")
        return Outcome("long", words=words, used=used)
    return None


def _unknown(name: str, scope: Scope) -> str:
    if name in scope.variables:
        return tr("'{name}' has no sample value yet; type one", name=name)
    near = get_close_matches(name, scope.variables, n=1)
    if near:
        return tr("'{name}' is not known. Did you mean '{near}'?", name=name, near=near[0])
    return tr("'{name}' is not known here", name=name)


def _said(error: ExpressionError, scope: Scope) -> str:
    """Why it has no value, with the name that is probably meant."""
    fields = {name for one in scope.variables.values() for name in one.type.fields}
    near = get_close_matches(error.name, fields - {error.name}, n=1) if error.name else []
    if near:
        return tr("{words}. Did you mean '{near}'?", words=said(error.message), near=near[0])
    return said(error.message)


def used_in(texts: Iterable[str], scope: Scope) -> list[Used]:
    """What some expressions read, in the order of the text; names that macros bind are not among it."""
    paths: dict[str, None] = {}
    for text in texts:
        tree = read(text)
        if tree is not None:
            paths.update(dict.fromkeys(_paths(tree, frozenset())))
    wanted = [path for path in paths if path != "now"]
    return [Used(path, scope.sample(path), scope.source(path)) for path in wanted]


def _paths(tree: Tree, bound: frozenset[str]) -> Iterator[str]:
    if isinstance(tree, Select | Name):
        path = place(tree)
        if path:
            first = path.partition(".")[0]
            if first not in bound and first not in TYPES:
                yield path
            return
    inner = bound | {tree.name} if isinstance(tree, Each) else bound
    parts = [tree.of, *tree.parts] if isinstance(tree, Each) else below(tree)
    for index, part in enumerate(parts):
        yield from _paths(part, inner if index else bound)


# --- bounds ----------------------------------------------------------------------------------------


def _too_long(texts: Iterable[str], values: Sequence[Any]) -> bool:
    parts, longest = _measured(values)
    if parts > _MOST_PARTS:
        return True
    for text in texts:
        tree = read(text)
        if tree is None:
            return len(text) > _MOST_STEPS
        if _steps(tree, max(longest, 1)) > _MOST_STEPS or _growing(tree) > _MOST_GROWTH:
            return True
    return False


def _measured(values: Sequence[Any]) -> tuple[int, int]:
    """How many parts the values have, and how long the longest list, object or text in them is."""
    parts, longest = 0, 0
    waiting: list[Any] = list(values)
    while waiting and parts <= _MOST_PARTS:
        value = waiting.pop()
        parts += 1
        if isinstance(value, str):
            parts += len(value) // 64
            longest = max(longest, len(value) // _NEEDS_TEXT)
        elif isinstance(value, list):
            items = cast("list[Any]", value)
            longest = max(longest, len(items))
            waiting += items
        elif isinstance(value, Mapping):
            fields = cast("Mapping[str, Any]", value)
            longest = max(longest, len(fields))
            waiting += fields.values()
    return parts, longest


def _steps(tree: Tree, longest: int) -> int:
    """About how many parts are evaluated, when every list is as long as the longest."""
    if isinstance(tree, Each):
        written = len(tree.of.parts) if isinstance(tree.of, Made) else longest
        inner = sum(_steps(part, longest) for part in tree.parts)
        return _steps(tree.of, longest) + max(written, 1) * inner
    if isinstance(tree, Fixed):
        return 1 + len(tree.text) // 64
    return 1 + sum(_steps(part, longest) for part in below(tree))


def _growing(tree: Tree) -> int:
    """How many functions are in it that can make a text longer than the one they are given."""
    own = isinstance(tree, Call) and tree.function in {"replace", "format", "join"}
    return own + sum(_growing(part) for part in below(tree))


def in_words(value: Any) -> str:
    """A value as the line below a field shows it."""
    if isinstance(value, str):
        return f"“{value}”"
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    return tr("nothing") if value is None else as_words(value)
