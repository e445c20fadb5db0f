"""What: a node's kind is known and its settings are of the declared form.

Why: a run must never be the first to notice a missing or misspelled key.
Example: `kind: sya`, or a `tool` node without `tool:`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from journeybuilder.checks.context import Context
from journeybuilder.checks.wording import (
    BAD_NAME,
    name_hint,
    place_words,
    shown,
    similar,
    wrong_form,
)
from journeybuilder.contract.durations import seconds
from journeybuilder.contract.fields import Role, Use
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.kind import NodeKind
from journeybuilder.document.findings import Path, Problem, Rule, choices, near
from journeybuilder.document.model import Node
from journeybuilder.kinds import KINDS

UNKNOWN_KIND = Rule(
    "JB201",
    "error",
    "unknown node kind",
    "A node of an unknown kind is kept, but a run cannot execute it.",
    "Write one of the kinds of the palette after 'kind:'.",
    "greet: {kind: sya, text: Hi, next: done}",
)
UNKNOWN_KEY = Rule(
    "JB202",
    "error",
    "unknown key in a node",
    "A misspelled key has no effect, so the journey does not do what its author meant.",
    "Correct the spelling or take the key out.",
    "greet: {kind: say, txt: Hi, next: done}",
)
MISSING = Rule(
    "JB203",
    "error",
    "missing key or way out",
    "The node cannot run without it, or the run would have nowhere to go.",
    "Add the key; in the editor, fill in the field or draw the wire.",
    "greet: {kind: say, text: Hi}",
)
BAD_VALUE = Rule(
    "JB204",
    "error",
    "value of the wrong form",
    "The node cannot use this value.",
    "Numbers, true and false stand without quotes, other text in quotes where YAML would misread it; "
    "'jb schema' has the form of every key.",
    "ask_it: {kind: ask, text: Hi, attempts: many, next: done}",
)
RULES: Sequence[Rule] = (UNKNOWN_KIND, UNKNOWN_KEY, MISSING, BAD_VALUE)


def check(context: Context) -> Iterable[Problem]:
    """Validate each node against its kind's settings."""
    for node in context.journey.nodes.values():
        kind = context.kinds.get(node.id)
        if kind is None:
            yield _unknown(node)
        else:
            known = context.remembered(node.id)
            if known.problems is None:
                known.problems = tuple(_settings(node, kind))
            yield from known.problems
    for node, use in context.having("duration", "text"):
        if use.value is not None:
            yield from _marked(node, use)
    for node, use in context.having("port"):
        if use.required and use.value == "":
            yield Problem(MISSING, ("nodes", node.id, *use.path), *_nowhere(node, use.path))


_BLANK = "Did you mean 'kind'? A blank is missing after its colon."


def _unknown(node: Node) -> Problem:
    if not node.kind:
        for key, value in node.settings.items():
            if key.startswith("kind:"):
                message = f"node '{node.id}' has no kind, but '{key}'"
                path: Path = ("nodes", node.id, key)
                return Problem(UNKNOWN_KIND, path, message, _BLANK, at_key=True)
            if isinstance(value, str) and value in KINDS and (key == "type" or near(key, ["kind"])):
                place: Path = ("nodes", node.id, key)
                message = f"node '{node.id}' has no kind, but '{key}'"
                return Problem(UNKNOWN_KIND, place, message, "Did you mean 'kind'?", at_key=True)
        message, hint = f"node '{node.id}' has no kind", f"Add 'kind:' with {choices(KINDS)}."
        return Problem(UNKNOWN_KIND, ("nodes", node.id), message, hint, at_key=True)
    hint = near(node.kind, KINDS) or f"The kinds are {choices(KINDS, 12)}."
    return Problem(
        UNKNOWN_KIND, ("nodes", node.id, "kind"), f"'{node.kind}' is not a node kind", hint
    )


def _settings(node: Node, kind: NodeKind[Any]) -> Iterable[Problem]:
    base: Path = ("nodes", node.id)
    try:
        settings = kind.settings.model_validate(dict(node.settings))
    except ValidationError as error:
        roles: dict[Path, Role] = {use.path: use.mark.role for use in kind.uses(node.settings)}
        problems: dict[Path, Problem] = {}
        for details in error.errors(include_url=False, include_context=True):
            problem = _problem(node, kind, details, roles)
            # unions report once a member; of the entries of a list the first speaks for all
            listed = details["type"] in _NO_TEXT and isinstance(problem.path[-1], int)
            problems.setdefault(problem.path[:-1] if listed else problem.path, problem)
        yield from _single(problems)
        return
    for complaint in kind.complaints(settings):
        yield Problem(BAD_VALUE, (*base, *complaint.path), complaint.message, complaint.hint)


_NO_TEXT = frozenset({"string_type", "dict_type"})


def _single(problems: Mapping[Path, Problem]) -> Iterable[Problem]:
    """One cause, one finding: a misspelled key is not missing as well."""
    misspelled = {
        (*path[:-1], _meant(problem.hint))
        for path, problem in problems.items()
        if problem.rule is UNKNOWN_KEY
    }
    for path, problem in problems.items():
        if problem.rule is not MISSING or path not in misspelled:
            yield problem


def _meant(hint: str) -> str:
    """The key in `Did you mean 'key'?`; nothing in another hint."""
    return hint.split("'")[1] if hint.startswith("Did you mean '") else ""


def _marked(node: Node, use: Use) -> Iterable[Problem]:
    """What is wrong with values that are text for the declaration and more for us."""
    path: Path = ("nodes", node.id, *use.path)
    if use.mark.role == "duration" and isinstance(use.value, str):
        try:
            seconds(use.value)
        except ValueError:
            yield Problem(
                BAD_VALUE, path, f"{place_words(use.path)} {_DURATION}, not '{use.value}'", _LENGTHS
            )
    elif use.mark.role == "text" and (as_object(use.value) or use.value == {}):
        yield from _texts(path, use.path, as_object(use.value), deeper=True)


def _texts(
    path: Path, field: Path, variants: Mapping[str, Any], *, deeper: bool
) -> Iterable[Problem]:
    """Texts by language, and below that by channel."""
    if not variants:
        yield Problem(BAD_VALUE, path, f"{place_words(field)} has no words", _VARIANTS)
    for name, value in variants.items():
        below = (*field, name)
        if deeper and (as_object(value) or value == {}):
            yield from _texts((*path, name), below, as_object(value), deeper=False)
        elif not isinstance(value, str):
            message = f"{place_words(below)} must be text, not {shown(value)}"
            yield Problem(BAD_VALUE, (*path, name), message, _VARIANTS)


_DURATION = "must be a duration"
_LENGTHS = "Write for example 30s, 10m, 4h, 2d or 1h30m."
_VARIANTS = 'Write text, {en: "Hi"}, or {en: {chat: "Hi", voice: "Hello"}}.'


def _problem(
    node: Node, kind: NodeKind[Any], details: ErrorDetails, roles: Mapping[Path, Role]
) -> Problem:
    path, value, rest = _locate(node, details["loc"])
    place: Path = ("nodes", node.id, *path)
    if details["type"] == "missing":
        key = str(rest[0]) if rest else "a key"
        return Problem(MISSING, (*place, key), *_missing(node, kind, (*path, key)))
    if details["type"] == "extra_forbidden":
        known = _keys_at(kind.settings, path[:-1])
        given = as_object(_holder(node, path))
        hint = similar(str(path[-1]), known, given) or f"It knows {choices(known, 12)}."
        message = f"'{path[-1]}' is not a key of '{node.kind}'"
        return Problem(UNKNOWN_KEY, place, message, hint, at_key=True)
    role = roles.get(path) or "plain"
    if role == "text" and isinstance(path[-1], int) and isinstance(value, bool | int | float):
        role = "plain"  # one of several texts in a list, which want quotes
    wording, hint = (BAD_NAME, name_hint(value)) if role == "save" else _BY_ROLE.get(role, ("", ""))
    if not wording:
        wording, hint = wrong_form(details, path, _holder(node, path))
    said = "" if "in quotes" in wording else f", not {shown(value)}"
    return Problem(BAD_VALUE, place, f"{place_words(path)} {wording}{said}", hint)


def _holder(node: Node, path: Path) -> Any:
    """The list or mapping in which a value of the settings stands."""
    return _locate(node, path[:-1])[1]


_BY_ROLE: Mapping[Role, tuple[str, str]] = {
    "duration": (_DURATION, _LENGTHS),
    "port": ("must be the id of a node", "Write the id of the node that comes next."),
    "text": ("must be text, or text by language", _VARIANTS),
    "expression": ("must be a condition", 'Put it in quotes, for example "order.total > 3".'),
    "tool": ("must be a tool", "Write it as server/tool, for example orders/get_order."),
}


def _locate(node: Node, loc: tuple[int | str, ...]) -> tuple[Path, Any, Path]:
    """The part of pydantic's place that exists in the file; union tags in it do not."""
    value: Any = node.settings
    path: list[str | int] = []
    for index, part in enumerate(loc):
        inner = as_object(value)
        items = as_list(value)
        if isinstance(part, str) and part in inner:
            value = inner[part]
        elif isinstance(part, int) and part < len(items):
            value = items[part]
        else:
            return tuple(path), value, loc[index:]
        path.append(part)
    return tuple(path), value, ()


def _missing(node: Node, kind: NodeKind[Any], path: Path) -> tuple[str, str]:
    if any(port.path == path for port in kind.ports(node.settings)):
        return _nowhere(node, path)
    return (
        f"{place_words(path)} is missing in '{node.id}'",
        f"A node of the kind '{node.kind}' needs it.",
    )


def _nowhere(node: Node, path: Path) -> tuple[str, str]:
    return (
        f"the way out {place_words(path)} of '{node.id}' leads nowhere",
        f"Add '{path[-1]}:' with the node that comes next.",
    )


def _keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that are known at a place inside settings."""
    if not path:
        return [info.alias or name for name, info in model.model_fields.items()]
    for name, info in model.model_fields.items():
        if (info.alias or name) == path[0]:
            found = _models_in(info.annotation)
            rest = tuple(part for part in path[1:] if isinstance(part, str) and found)
            return [key for inner in found for key in _keys_at(inner, rest[1:] if rest else ())]
    return []


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for arg in get_args(annotation) for model in _models_in(arg)]
