"""The form of each kind of file: its top-level keys, its version, its ids, and no secrets in it.

What stands inside a node is no matter of form; the node kinds know that.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from journeybuilder.document import rules
from journeybuilder.document.drawings import drawing_problems
from journeybuilder.document.entries import problems_inside
from journeybuilder.document.findings import Finding, Path, Problem, choices, near
from journeybuilder.document.leftovers import left_over
from journeybuilder.document.model import FORMAT_VERSION, kind_words, mapping
from journeybuilder.document.servers import holds_password, looks_secret
from journeybuilder.document.source import Source
from journeybuilder.document.tree import MappingNode, load
from journeybuilder.document.upgrade import UPGRADES, Upgrades

Type = Literal[
    "text",
    "text or number",
    "whole number",
    "mapping",
    "list",
    "list of texts",
    "mapping or list",
    "text, mapping or list",
]

JOURNEY_ID = re.compile(r"[a-z][a-z0-9-]*")
NODE_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VERSION_KEY = "journeybuilder"
# Below these keys a name such as `token` is the name of a field, a decision or a variable.
_NO_SECRETS_BELOW = {"data", "decisions", "properties", "routes", "ways", "save", "required"}


@dataclass(frozen=True, slots=True)
class Form:
    """What a kind of file may hold at its top.

    Attributes:
        name: One word for it.
        what: Its name in messages.
        keys: The known keys with the type of their values, in canonical order.
        id_key: The key of its id, or an empty string where it has none.
        versioned: True where it has to say its version.
        open: True where unknown keys are left alone.
        secrets: True where literal secrets are looked for.
    """

    name: str
    what: str
    keys: Mapping[str, Type] = field(default_factory=dict[str, Type])
    id_key: str = ""
    versioned: bool = True
    open: bool = False
    secrets: bool = True


JOURNEY = Form(
    "journey",
    "a journey",
    {
        "journey": "text",
        "title": "text",
        "about": "text",
        "version": "text or number",
        "channels": "list of texts",
        "languages": "list of texts",
        "input": "mapping",
        "output": "mapping",
        "variables": "mapping",
        "limits": "mapping",
        "on_error": "text",
        "start": "text",
        "nodes": "mapping",
    },
    id_key="journey",
)
LAYOUT = Form(
    "layout",
    "a layout",
    {
        "layout": "text",
        "nodes": "mapping",
        "notes": "mapping or list",
        "frames": "mapping or list",
    },
    open=True,
    secrets=False,
)
SCENARIO = Form(
    "scenario",
    "a scenario",
    {
        "scenario": "text",
        "journey": "text",
        "input": "mapping",
        "channel": "text",
        "language": "text",
        "customer": "text, mapping or list",
        "tools": "mapping",
        "models": "mapping",
        "people": "mapping",
        "resources": "mapping",
        "prompts": "mapping",
        "events": "mapping",
        "remembered": "mapping",
        "changes": "list",
        "recording": "text",
        "sources": "mapping",
        "seed": "whole number",
        "random": "mapping",
        "expect": "list",
        "vary": "mapping",
    },
    id_key="scenario",
    secrets=False,
)
WORKSPACE = Form(
    "workspace",
    "a workspace",
    {
        "workspace": "text",
        "tenants": "list of texts",
        "environments": "mapping",
        "servers": "mapping",
        "tools": "mapping",
        "queues": "list of texts",
        "people": "list",
    },
)
MODELS = Form("models", "a file of models", {"models": "mapping"}, versioned=False)
LOCK = Form("lock", "a lock of tools", {"tools": "mapping"}, secrets=False)


_BY_NAME = (
    (".journey.yaml", JOURNEY),
    (".layout.yaml", LAYOUT),
    (".scenario.yaml", SCENARIO),
    ("journeybuilder.yaml", WORKSPACE),
    ("models.yaml", MODELS),
    ("mcp.lock", LOCK),
)


def form_of(file: str, data: Mapping[str, Any]) -> Form:
    """The form of a file by its name; by its keys where the name says nothing."""
    named = next((form for ending, form in _BY_NAME if file.endswith(ending)), None)
    return named or form_like(data)


def form_like(data: Mapping[str, Any]) -> Form:
    """The form that data looks like."""
    if SCENARIO.id_key in data:
        return SCENARIO
    if "nodes" in data and "layout" not in data:
        return JOURNEY
    return next((form for form in (LAYOUT, WORKSPACE, MODELS) if form.name in data), LOCK)


def read_source(text: str | bytes, file: str, form: Form, upgrades: Upgrades = UPGRADES) -> Source:
    """A file of a form, with everything that is wrong with it as such; never raises for content.

    What a file of an older version says is given as today's version says it, with a finding.
    """
    tree = load(text, file)
    source = Source.of(file, tree)
    left = list(left_over(tree))
    if left and tree.marks.root is None:
        source = replace(source, findings=())  # what cannot be read is that both sides stand there
    older = upgrades.older(source.data)
    told: list[Finding] = [
        source.locate(Problem(rules.UNDECIDED, (), f"A merge left a conflict: {words}.")).at(
            line, column
        )
        for line, column, words in left
    ]
    if older is not None:
        message = f"The file is of version {older} and was read as version {upgrades.current}."
        told.append(source.locate(Problem(rules.OLDER, (_VERSION_KEY,), message)))
    source = replace(
        source,
        data=upgrades.upgraded(source.data, form.name),
        newer=upgrades.newer(source.data),
    )
    source = replace(source, findings=(*source.findings, *told))
    shape = check_form(source, form, upgrades.current)
    return replace(source, findings=(*source.findings, *shape))


def check_form(source: Source, form: Form, current: int = FORMAT_VERSION) -> list[Finding]:
    """What is wrong with the form of a file; nothing where its text is no YAML."""
    if isinstance(source.marks.root, MappingNode):
        return [source.locate(problem) for problem in _problems(source, form, current)]
    if source.findings:
        return []
    hint = f"Write `{_VERSION_KEY}: {current}` as the first line, then its keys."
    message = f"The file is no mapping of keys, as {form.what} is."
    return [source.locate(Problem(rules.WRONG_TYPE, (), message, hint))]


def _problems(source: Source, form: Form, current: int) -> Iterator[Problem]:
    data = source.data
    if source.newer is not None:
        message = f"The file is of version {source.newer}; this program reads up to {current}."
        hint = f"Update journeybuilder to a release that reads version {source.newer}."
        yield Problem(rules.NEWER, (_VERSION_KEY,), message, hint)
        return
    yield from _version(data, form)
    yield from _keys(data, form)
    yield from _ids(data, form)
    yield from problems_inside(form.name, data)
    if form is LAYOUT:
        yield from drawing_problems(data)
    if form.secrets:
        yield from _secrets(data, ())


def _version(data: Mapping[str, Any], form: Form) -> Iterator[Problem]:
    if _VERSION_KEY not in data:
        if form.versioned:
            message = f"The line `{_VERSION_KEY}: {FORMAT_VERSION}` is missing."
            yield Problem(rules.VERSION, (), message)
        return
    version = data[_VERSION_KEY]
    if type(version) is not int or version < 1:
        message = f"`{_VERSION_KEY}:` has to be a whole number from 1 to {FORMAT_VERSION}."
        yield Problem(rules.VERSION, (_VERSION_KEY,), message)


def _keys(data: Mapping[str, Any], form: Form) -> Iterator[Problem]:
    known = (_VERSION_KEY, *form.keys)
    for key, value in data.items():
        if key in form.keys:
            if not _has_type(value, form.keys[key]):
                message = f"`{key}:` has to be a {form.keys[key]}, and is {kind_words(value)}."
                hint = _in_form(key, form.keys[key], value)
                yield Problem(rules.WRONG_TYPE, (key,), message, hint)
        elif key != _VERSION_KEY and not form.open:
            hint = near(key, known) or f"Known are: {choices(known, limit=len(known))}."
            message = f"{form.what.capitalize()} has no key '{key}'."
            yield Problem(rules.UNKNOWN_KEY, (key,), message, hint, at_key=True)


def _ids(data: Mapping[str, Any], form: Form) -> Iterator[Problem]:
    if not form.id_key:
        return
    if data.get(form.id_key) in (None, ""):
        path = (form.id_key,) if form.id_key in data else ()
        yield Problem(rules.NO_ID, path, f"The line `{form.id_key}: …` is missing.")
    elif form is JOURNEY:
        name = data[form.id_key]
        if isinstance(name, str) and not JOURNEY_ID.fullmatch(name):
            message = f"'{name}' cannot be the id of a journey."
            hint = "Small letters, digits and `-`, a letter first, for example `order-return`."
            yield Problem(rules.BAD_ID, (form.id_key,), message, hint)
    if form is JOURNEY:
        for name in mapping(data.get("nodes")):
            if not NODE_ID.fullmatch(name):
                message = f"'{name}' cannot be the id of a node."
                hint = "Letters, digits and `_`, no digit first, for example `look_up`."
                yield Problem(rules.BAD_ID, ("nodes", name), message, hint, at_key=True)


def _secrets(value: object, path: Path) -> Iterator[Problem]:
    if isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            yield from _secrets(item, (*path, index))
    if isinstance(value, str) and path and holds_password(value):
        message = f"The address in '{path[-1]}' holds a password."
        yield Problem(rules.LITERAL_SECRET, path, message, rules.LITERAL_SECRET.mend)
    if not isinstance(value, Mapping):
        return
    for key, item in cast("Mapping[str, object]", value).items():
        if looks_secret(key) and _is_literal(item):
            message = f"The value of '{key}' looks like a secret, written out."
            hint = (
                f"Store it with the keyring and write `${{secret:{key.upper()}}}`; then change it."
            )
            yield Problem(rules.LITERAL_SECRET, (*path, key), message, hint)
        elif key not in _NO_SECRETS_BELOW:
            yield from _secrets(item, (*path, key))


def _is_literal(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip()) and "${" not in value
    return isinstance(value, int) and not isinstance(value, bool)


def _has_type(value: object, wanted: Type) -> bool:
    match wanted:
        case "text":
            return isinstance(value, str)
        case "text or number":
            return isinstance(value, str | int | float) and not isinstance(value, bool)
        case "mapping":
            return isinstance(value, Mapping)
        case "list":
            return isinstance(value, list)
        case "mapping or list":
            return isinstance(value, Mapping | list)
        case "text, mapping or list":
            return isinstance(value, str | Mapping | list)
        case "whole number":
            return isinstance(value, int) and not isinstance(value, bool)
        case "list of texts":
            return isinstance(value, list) and all(
                isinstance(item, str) for item in cast("list[object]", value)
            )


def _in_form(key: str, wanted: Type, value: object) -> str:
    """How a value of the wrong type could be written."""
    simple = isinstance(value, str | int | float) and not isinstance(value, bool)
    match wanted:
        case "text" | "text or number":
            return f'Write `{key}: "{value}"`.' if simple else f"Write text behind `{key}:`."
        case "list of texts" if isinstance(value, list):
            return f'Put each entry in quotes: `{key}: ["first", "second"]`.'
        case "list" | "list of texts":
            return f"Write `{key}: [{value}]`." if simple else f"Write `{key}: [first, second]`."
        case "whole number":
            return f"Write `{key}: 1`."
        case "mapping" | "mapping or list" | "text, mapping or list":
            return f"Write each entry in a line below `{key}:`, two blanks in, as `name: value`."
