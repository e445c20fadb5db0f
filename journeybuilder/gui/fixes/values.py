"""Fixes of values: quotes, forms, defaults for what is missing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from journeybuilder.contract.fields import FieldSpec
from journeybuilder.contract.schemas import BadSchema, convert, violations
from journeybuilder.document.edit import value_at
from journeybuilder.document.findings import Path, near
from journeybuilder.document.model import Journey, mapping
from journeybuilder.gui.fixes.fix import Case, Fix, as_title, set_at, unset_at
from journeybuilder.gui.journey.journal import Edit
from journeybuilder.gui.look.language import tr
from journeybuilder.kinds import KINDS

_UNQUOTED = re.compile(r"^Take the quotes away: [^:]+: (.+)\.$", re.DOTALL)
_QUOTED = re.compile(r"^Put (?:it|each) in quotes")
_BOUND = re.compile(r"^Write [^:]+: (-?[0-9.]+) or (?:more|less)\.$")
_LISTED = re.compile(r"^Write [^:]+: \[(.+)\]\.$", re.DOTALL)
_EXAMPLE = re.compile(r"^Write for example ([A-Za-z_][A-Za-z0-9_]*)\.$")
LIMITS: Mapping[str, Any] = {"steps": 500, "cost_usd": 0.25, "duration": "30d"}
_DURATION = "10m"
_WANTS_TEXT = re.compile("must be (?:text|a condition)")


def form(case: Case) -> Iterator[Fix]:
    """A value of the wrong form: as it was meant, as its default, or not at all."""
    hint, value = case.finding.hint, case.value
    bare = _UNQUOTED.match(hint)
    if bare and isinstance(value, str):
        yield _set(case, _number(bare[1]), best=True)
    elif _QUOTED.match(hint) and "condition" not in case.finding.message:
        yield from _in_quotes(case)
    elif found := _BOUND.match(hint):
        yield _set(case, _number(found[1]), best=True)
    elif _LISTED.match(hint) and not isinstance(value, list):
        yield _set(case, [value], best=True)
    elif found := _EXAMPLE.match(hint):
        yield _set(case, found[1], best=True)
    else:
        yield from _by_message(case)
    if not case.meant:
        yield from _taken_out(case)


def _set(case: Case, value: Any, *, best: bool = False) -> Fix:
    words = _said(value)
    return Fix(tr("Write {value}", value=words), (set_at(case.path, value),), best=best)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return as_title(f'"{value}"' if isinstance(value, str) else value)


def _number(text: str) -> Any:
    if text in {"true", "false"}:
        return text == "true"
    try:
        return int(text)
    except ValueError:
        return float(text) if re.fullmatch(r"[-+]?[0-9.]+", text) else text


def _in_quotes(case: Case) -> Iterator[Fix]:
    around = value_at(case.journey.data, case.path[:-1])
    if isinstance(around, list) and isinstance(case.path[-1], int):
        words = [_plain(one) for one in cast("list[Any]", around)]
        title = tr("Put each in quotes")
        yield Fix(title, (set_at(case.path[:-1], words),), best=True)
    else:
        yield _set(case, _plain(case.value), best=True)


def _plain(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _by_message(case: Case) -> Iterator[Fix]:
    """What has no plain advice, by what its message says."""
    message, value = case.finding.message, case.value
    if "must be a duration" in message:
        yield _set(case, _duration_of(value), best=isinstance(value, int))
    elif isinstance(value, int | float | bool) and _WANTS_TEXT.search(message):
        yield _set(case, _plain(value), best=True)
    elif "is to be approved but is not among" in message and case.node is not None:
        tools = [*case.node.settings.get("tools", []), value]
        path = (*case.path[:2], "tools")
        yield Fix(tr("Add '{name}' to the tools", name=value), (set_at(path, tools),), best=True)
    elif "nobody is named who approves" in message:
        for queue in case.known.queues:
            path = (*case.path[:-1], "approve_by")
            yield Fix(tr("Let '{queue}' approve", queue=queue), (set_at(path, queue),))
    elif "can read a value only where 'expect'" in message:
        path = (*case.path[:-1], "expect")
        yield Fix(tr("Look for text"), (set_at(path, {"type": "string"}),))
    elif "Add 'draft'" in case.finding.hint:
        yield Fix(tr("Add a draft"), (set_at((*case.path[:-1], "draft"), tr("A draft")),))


def _duration_of(value: Any) -> str:
    if isinstance(value, int) and value > 0:
        return f"{value}s"
    if isinstance(value, str) and value.isdigit() and int(value):
        return f"{value}s"
    return _DURATION


def _taken_out(case: Case) -> Iterator[Fix]:
    """A setting that need not be there goes, so that its default holds."""
    if case.node is None or not case.inside or case.value is None:
        return
    key = case.inside[0]
    field = next((one for one in _fields(case) if one.key == key), None)
    if field is not None and not field.required and field.mark.role != "port":
        yield Fix(tr("Take '{name}' out", name=key), (unset_at((*case.path[:2], key)),))


def _fields(case: Case) -> Sequence[FieldSpec]:
    kind = KINDS.get(case.node.kind) if case.node is not None else None
    return kind.form() if kind is not None else ()


def missing(case: Case) -> Iterator[Fix]:
    """A setting that a node needs gets a sensible beginning."""
    if case.port is not None or case.node is None or len(case.inside) != 1:
        return
    field = next((one for one in _fields(case) if one.key == case.inside[0]), None)
    for index, value in enumerate(_beginnings(case, field)):
        title = tr("Set '{name}' to {value}", name=case.inside[0], value=_said(value))
        yield Fix(title, (set_at(case.path, value),), best=not index)


def _beginnings(case: Case, field: FieldSpec | None) -> Sequence[Any]:
    if field is None:
        return ()
    known, node = case.known, case.node
    offers: Mapping[str, Sequence[Any]] = {
        "text": [tr("Write the words here.")],
        "template": [tr("Write the words here.")],
        "duration": [_DURATION],
        "model": sorted(known.models)[:4],
        "queue": list(known.queues)[:4],
        "tool": [],
        "journey": [name for name in known.journeys or () if name != case.journey.id][:4],
        "expression": ["[]" if field.key == "each" else "true"],
        "schema": [{"type": "string"}],
        "save": [f"{node.id}_result" if node is not None else "result"],
    }
    if field.options:
        return list(field.options)[:4]
    if field.mark.role in offers:
        return offers[field.mark.role]
    kind = field.schema.get("type")
    plain: Mapping[str, Any] = {"string": tr("Write the words here."), "object": {}, "array": []}
    return [plain[kind]] if kind in plain else ()


def limits(case: Case) -> Iterator[Fix]:
    """A limit that is not understood gets its usual value, or goes."""
    name = str(case.path[-1])
    if name in LIMITS:
        yield _set(case, LIMITS[name], best=True)
        yield Fix(tr("Take '{name}' out", name=name), (unset_at(case.path),))


def first_language(case: Case) -> Iterator[Fix]:
    """A text without the journey's first language gets the words it has, to be translated."""
    words = mapping(case.value)
    first = case.journey.languages[0]
    if words:
        other, said = next(iter(words.items()))
        title = tr("Begin '{new}' with the words of '{old}'", new=first, old=other)
        yield Fix(title, (set_at((*case.path, first), said),), best=True)


def argument(case: Case) -> Iterator[Fix]:
    """A value that does not fit the schema of an argument or an input."""
    schema = schema_at(case)
    hint, value = case.finding.hint, case.value
    if _UNQUOTED.match(hint) and isinstance(value, str):
        yield _set(case, convert(schema, value), best=True)
    elif _QUOTED.match(hint) and isinstance(value, int | float | bool):
        yield _set(case, _plain(value), best=True)
    elif "Write the '${…}' alone" in hint and isinstance(value, str):
        alone = re.search(r"\$\{[^}]*\}", value)
        if alone:
            yield _set(case, alone[0], best=True)
    elif isinstance(value, str) and "${" in value:
        if schema.get("type") == "string":
            yield _set(case, _slots_as("string", value), best=True)
        elif schema.get("type") in {"number", "integer"}:
            change = "double" if schema["type"] == "number" else "int"
            yield _set(case, _slots_as(change, value))
    elif "enum" in schema:
        options = cast("Sequence[Any]", schema["enum"])
        meant = near(str(value), [str(one) for one in options])
        for one in options[:6]:
            yield _set(case, one, best=f"'{one}'" in meant)
    else:
        yield from _plain_argument(case, schema)


def _plain_argument(case: Case, schema: Mapping[str, Any]) -> Iterator[Fix]:
    text = _plain(case.value)
    for one in (text, beginning_of(schema)):
        try:
            fits = case.value != one and not violations(schema, one)
        except BadSchema:
            return
        if fits:
            yield _set(case, one)


def whole_number(case: Case) -> Iterator[Fix]:
    """A number that may have decimals is cut to a whole one."""
    if isinstance(case.value, str):
        yield _set(case, _slots_as("int", case.value), best=True)


def _slots_as(change: str, text: str) -> str:
    return re.sub(r"\$\{([^}]*)\}", rf"${{{change}(\1)}}", text)


def schema_at(case: Case) -> Mapping[str, Any]:
    """The schema of the argument, input or output at the place of a finding."""
    name, holder = str(case.path[-1]), value_at(case.journey.data, case.path[:-2])
    around = mapping(holder)
    if case.path[-2:-1] == ("output",):
        return mapping(mapping(case.journey.output.get("properties")).get(name))
    tool = case.known.tools.get(str(around.get("tool")))
    if tool is not None:
        return mapping(mapping(tool.input_schema.get("properties")).get(name))
    other: Journey | None = (case.known.journeys or {}).get(str(around.get("journey")))
    return mapping(mapping(other.input.get("properties")).get(name)) if other is not None else {}


def beginning_of(schema: Mapping[str, Any]) -> Any:
    """The plainest value that a schema allows, as far as it is told."""
    for key in ("default", "const"):
        if schema.get(key) is not None:
            return schema[key]
    for key in ("enum", "examples"):
        options = schema.get(key)
        if isinstance(options, list) and options:
            return cast("list[Any]", options)[0]
    kind = schema.get("type")
    kinds = cast("list[Any]", kind) if isinstance(kind, list) else [kind]
    plain: Mapping[str, Any] = {
        "integer": schema.get("minimum", 0), "number": schema.get("minimum", 0), "boolean": False,
        "array": [], "object": {}, "null": None,
    }  # fmt: skip
    return plain.get(str(kinds[0]), "")


def missing_argument(case: Case) -> Iterator[Fix]:
    """A required argument or input gets a variable of the same name, or a plain value."""
    name = case.quoted[1] if len(case.quoted) > 1 else ""
    if not name:
        return
    schema = schema_at(replace(case, finding=replace(case.finding, path=(*case.path, name))))
    slot = _known_value(case, name)
    path = (*case.path, name)
    if slot:
        title = tr("Give '{name}' {value}", name=name, value=slot)
        yield Fix(title, (set_at(path, slot),), best=True)
    plain = beginning_of(schema)
    title = tr("Give '{name}' {value}", name=name, value=_said(plain))
    yield Fix(title, (set_at(path, plain),), best=not slot)


def _known_value(case: Case, name: str) -> str:
    """`${…}` of the input or variable with this name."""
    if name in mapping(case.journey.input.get("properties")):
        return f"${{input.{name}}}"
    return f"${{{name}}}" if name in case.saved else ""


def given(case: Case, path: Path, schema: Mapping[str, Any]) -> Sequence[Edit]:
    """Values for the arguments that a tool or journey of this schema needs and does not get yet.

    Args:
        case: The finding.
        path: Where the arguments stand.
        schema: Of all arguments.
    """
    there = mapping(value_at(case.journey.data, path))
    fields = mapping(schema.get("properties"))
    needed = cast("Sequence[Any]", schema.get("required") or ())
    meant = {near(name, fields) for name in there if name not in fields}
    missing = [
        str(one) for one in needed if one not in there and f"Did you mean '{one}'?" not in meant
    ]
    return [
        set_at((*path, name), _known_value(case, name) or beginning_of(mapping(fields.get(name))))
        for name in missing
    ]


def declaration(case: Case) -> Iterator[Fix]:
    """A declared type that is not what is saved: the declaration goes."""
    name = case.quoted[0] if case.quoted else ""
    if name in case.journey.variables:
        rest = len(case.journey.variables) > 1
        path = ("variables", name) if rest else ("variables",)
        title = tr("Take the declaration of '{name}' out", name=name)
        yield Fix(title, (unset_at(path),), best=True)


def schema_type(case: Case) -> Iterator[Fix]:
    """A misspelled type inside a JSON Schema."""
    found = re.search(
        r"at ([^:]*type): \"([^\"]*)\" is no type; the types are (.*)", case.finding.message
    )
    if not found:
        return
    names = re.findall(r"[a-z]+", found[3])
    place = (*case.path, *found[1].split("/"))
    meant = re.findall(r"'([^']+)'", near(found[2], names))
    for name in meant or names[:6]:
        title = tr("Change '{old}' to '{new}'", old=found[2], new=name)
        yield Fix(title, (set_at(place, name),), best=bool(meant))


def form_of_file(case: Case) -> Iterator[Fix]:
    """What the form of a file wants at its top."""
    if case.finding.code == "JB110":
        yield Fix(tr("Write the version"), (set_at(("journeybuilder",), 1),), best=True)
    elif case.finding.code == "JB115" and case.path and case.path != ("nodes",):
        yield Fix(tr("Take '{name}' out", name=case.path[-1]), (unset_at(case.path),))
