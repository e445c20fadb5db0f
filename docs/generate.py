"""Writes the pages that follow from the code: one per node kind, one per finding, one for the commands.

    python docs/generate.py           writes them
    python docs/generate.py --check   says which ones are out of date; exit status 1 when some are

What a page says stands beside the code that it is about (descriptions of settings, texts of rules, help
of commands), so there is one place to mend it.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import click
from pydantic import BaseModel

from journeybuilder.checks.every_rule import ALL_RULES
from journeybuilder.cli import COMMANDS
from journeybuilder.contract.detectors import Detector
from journeybuilder.contract.fields import FieldSpec, Mark, form_of, key_of
from journeybuilder.contract.kind import NodeKind
from journeybuilder.document.findings import Rule
from journeybuilder.kinds import KINDS

DOCS = Path(__file__).parent
Place = tuple[str, ...]
"""Where a setting stands: keys, with N for an entry of a list and NAME for one of a mapping."""
MADE = "<!-- Made by docs/generate.py from the code; change it there. -->\n"
GROUPS = {
    "talk": "Talking with the customer",
    "tools": "Tools",
    "models": "Models",
    "flow": "The way through",
    "people": "People",
    "other": "Others",
}
FORMS = {
    "text": "text, by language and channel where they differ",
    "template": "any value; `${…}` computes",
    "expression": "a CEL expression, without `${…}`",
    "tool": "`server/tool`",
    "tools": "a list of `server/tool`",
    "model": "an alias of models.yaml",
    "save": "the name of a variable",
    "duration": "a duration such as `30s`, `10m`, `4h`, `2d`",
    "schema": "a JSON Schema",
    "queue": "a queue of people",
    "arguments": "a value for each argument; `${…}` computes",
    "resource": "`server/uri-template`",
    "prompt": "`server/prompt`",
    "journey": "the id of a journey",
    "values": "variables and their values; `${…}` computes",
}
AREAS = {
    "JB1": "Form: what a file says",
    "JB2": "Settings of a node",
    "JB3": "The way through a journey",
    "JB4": "Names, expressions and types",
    "JB5": "Tools",
    "JB6": "Models",
    "JB7": "People",
    "JB8": "The workspace",
    "JB9": "Journeys that call journeys, and scenarios",
}


def pages() -> Mapping[str, str]:
    """Every generated page by its path below `docs`."""
    made = {f"kinds/{kind.name}.md": _kind(kind) for kind in KINDS.values()}
    made |= {f"findings/{rule.code}.md": _finding(rule) for rule in ALL_RULES.values()}
    made["kinds/README.md"] = _kinds()
    made["findings/README.md"] = _findings()
    made["commands.md"] = _commands()
    return {name: MADE + "\n" + text.rstrip() + "\n" for name, text in made.items()}


# -- kinds -----------------------------------------------------------------------------------------


def _kinds() -> str:
    lines = ["# Node kinds", "", "What a node of a journey can be."]
    for group, title in GROUPS.items():
        members = [kind for kind in KINDS.values() if kind.group == group]
        if members:
            lines += ["", f"## {title}", "", "| kind | what it does |", "| --- | --- |"]
            lines += [f"| [`{kind.name}`]({kind.name}.md) | {kind.about} |" for kind in members]
    return "\n".join(lines)


def _kind(kind: NodeKind[Any]) -> str:
    parts = [f"# `{kind.name}`: {kind.title}", kind.about]
    if more := _body(kind.__doc__, kind.about):
        parts.append(more)
    parts.append(f"```yaml\n{kind.example.rstrip()}\n```")
    parts.append("## Settings\n\n" + _table(kind.form()))
    parts += [
        f"### Keys of {_named(path)}\n\n" + _table(form_of(part)) + OR_WORDS.get(part, "")
        for path, part in _pieces(kind.settings)
    ]
    if ways := list(_ways(kind.settings)):
        parts.append("## Ways out\n\n" + "\n".join(ways))
        parts += [words for sign, words in SIGNS.items() if any(sign in way for way in ways)]
    if kind.waits:
        parts.append(
            "It may wait for a long time: the run is then parked in the store and holds no memory."
        )
    return "\n\n".join(parts)


def _body(text: str | None, about: str) -> str:
    """The docstring where it says more than `about`."""
    words = " ".join((text or "").split())
    return "" if words == about else words


def _table(fields: Sequence[FieldSpec]) -> str:
    lines = ["| key | what it is | form | |", "| --- | --- | --- | --- |"]
    for field in sorted(fields, key=lambda each: each.key == "title"):
        needed = "needed" if field.required else _default(field)
        lines.append(f"| `{field.key}` | {_cell(field.help)} | {_cell(_form(field))} | {needed} |")
    return "\n".join(lines)


def _default(field: FieldSpec) -> str:
    if field.default in (None, "", [], {}):
        return ""
    return f"`{_value(field.default)}` if left out"


def _value(value: Any) -> str:
    """A default as a file says it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(_value(each) for each in value)}]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _form(field: FieldSpec) -> str:
    if field.options:
        return " or ".join(f"`{option}`" for option in field.options)
    return FORMS.get(field.mark.role) or _type(field.schema, field.schema.get("$defs", {}))


def _type(schema: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """The JSON Schema of a setting in a few words."""
    if "$ref" in schema:
        return _type(known.get(str(schema["$ref"]).rpartition("/")[2], {}), known)
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return " or ".join(f"`{option}`" for option in schema["enum"])
    if "anyOf" in schema:
        kinds = [_type(one, known) for one in schema["anyOf"] if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if schema.get("type") == "object" and schema.get("properties"):
        return "keys " + ", ".join(f"`{key}`" for key in schema["properties"])
    if schema.get("type") == "array":
        return f"a list: {_type(schema.get('items', {}), known)}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"a mapping: {_type(schema['additionalProperties'], known)}"
    words = {"string": "text", "integer": "a whole number", "number": "a number",
             "boolean": "`true` or `false`", "object": "a mapping"}  # fmt: skip
    return words.get(str(schema.get("type")), "any value") + _bounds(schema)


def _bounds(schema: Mapping[str, Any]) -> str:
    low, high = (
        None if schema.get(key) is None else f"{schema[key]:g}" for key in ("minimum", "maximum")
    )
    if "exclusiveMinimum" in schema:
        return f", more than {schema['exclusiveMinimum']:g}"
    if low is None and high is None:
        return ""
    if high is None:
        return f", at least {low}"
    return f", at most {high}" if low is None else f" from {low} to {high}"


def _pieces(model: type[BaseModel], path: Place = ()) -> Iterator[tuple[Place, type[BaseModel]]]:
    """The pieces of settings that have keys of their own, however deep, each with its place."""
    for name, info in model.model_fields.items():
        for below, _, part in _inside(info.annotation, info.metadata):
            if part is not None:
                place = (*path, key_of(name, info), *below)
                yield place, part
                yield from _pieces(part, place)


def _ways(model: type[BaseModel], path: Place = (), *, open_too: bool = False) -> Iterator[str]:
    """The keys of a kind that lead to other nodes, however deep."""
    for name, info in model.model_fields.items():
        may = open_too or not info.is_required()
        for below, mark, part in _inside(info.annotation, info.metadata):
            place = (*path, key_of(name, info), *below)
            if part is not None:
                yield from _ways(part, place, open_too=may)
            elif mark is not None and mark.role == "port":
                key = ".".join(place)
                words = WAYS.get(key) or ("" if below else info.description) or WAYS[place[-1]]
                yield f"- `{key}`: {words} ({'may stay open' if may else 'needed'})"


def _inside(
    annotation: Any, metadata: Sequence[Any]
) -> Iterator[tuple[Place, Mark | None, type[BaseModel] | None]]:
    """What a declared type has in it: marks and pieces, each with its place below."""
    mark = next((each for each in metadata if isinstance(each, Mark)), None)
    origin, inner = get_origin(annotation), get_args(annotation)
    if mark is not None:
        yield (), mark, None
    elif origin is Annotated:
        yield from _inside(inner[0], inner[1:])
    elif origin in {Union, UnionType}:
        for each in inner:
            yield from _inside(each, ())
    elif origin in {list, dict}:
        step = "N" if origin is list else "NAME"
        for below, found, part in _inside(inner[-1], ()):
            yield (step, *below), found, part
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield (), None, annotation


def _named(path: Place) -> str:
    """A place in words: of a list or a mapping, each entry."""
    keys = ".".join(path)
    outer = keys.removesuffix(".NAME").removesuffix(".N")
    return f"`{keys}`" if outer == keys else f"an entry of `{outer}`"


OR_WORDS: Mapping[type[BaseModel], str] = {
    Detector: """

Of `topics`, `schema` and `model` it has exactly one; `question` goes with `model`. An entry may be one of
these words instead:

- `personal_data`: mail addresses, telephone, card and account numbers and the like, by their patterns and
  check digits; no names and no streets.
- `prompt_injection`: well-known ways to talk a model out of its instructions, in English, Spanish and
  German, and characters that a reader does not see.""",
}
"""What may stand in place of a piece of settings."""
SIGNS = {
    ".NAME": "NAME stands for the name that you give.",
    ".N.": "N stands for the place in the list, from 0 on.",
}
WAYS = {
    "lanes.NAME": "where the lane of that name begins.",
    "decisions.NAME": "where the decision of that name leads.",
    "ways.NAME.next": "where that share of the runs goes.",
    "routes.NAME.next": "where the label of that name leads.",
    "cases.N.next": "where it goes when this condition is the first that holds.",
    "next": "where the journey goes on.",
    "on_error": "where it goes when it failed; else to the journey's `on_error`.",
    "on_timeout": "where it goes when the time-out has passed.",
    "on_invalid": "where it goes when no answer was a good one.",
    "otherwise": "where it goes when nothing else fits.",
    "on_failed": "where it goes when no attempt was right.",
    "on_limit": "where it goes when a limit was reached before it was done.",
    "on_handoff": "where it goes when the model wants a person to take over.",
    "on_return": "where it goes when the person hands the customer back.",
    "on_unavailable": "where it goes when nobody can take over.",
    "yes": "where it goes when the customer agrees.",
    "no": "where it goes when the customer does not.",
    "pass": "where it goes when nothing was found.",
    "fail": "where it goes when something was found.",
    "body": "where each round begins; it comes back by a wire to the loop itself.",
}


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


# -- findings --------------------------------------------------------------------------------------


def _findings() -> str:
    lines = [
        "# Findings",
        "",
        "What `jb check` and the editor can find; `jb check --explain CODE` says the same.",
    ]
    for area, title in AREAS.items():
        rules = sorted((r for r in ALL_RULES.values() if r.code.startswith(area)), key=_code)
        if rules:
            lines += ["", f"## {title}", "", "| code | | what is wrong |", "| --- | --- | --- |"]
            lines += [
                f"| [{r.code}]({r.code}.md) | {r.severity} | {_cell(r.title)} |" for r in rules
            ]
    return "\n".join(lines)


def _code(rule: Rule) -> str:
    return rule.code


def _finding(rule: Rule) -> str:
    parts = [
        f"# {rule.code}: {rule.title}",
        f"Severity: {rule.severity}.",
        f"**Why it matters.** {rule.why}",
        f"**How to mend it.** {rule.mend}",
    ]
    if rule.example:
        parts.append(f"This has it:\n\n```yaml\n{rule.example.rstrip()}\n```")
    return "\n\n".join(parts)


# -- commands --------------------------------------------------------------------------------------


def _commands() -> str:
    parts = ["# Commands", ("`jb` is short for `journeybuilder`. Exit status: 0 done, 1 the answer is \"no\", "
             "2 wrong use or unusable input, 3 the run is parked, 130 interrupted.")]  # fmt: skip
    for name in COMMANDS:
        command = import_module(f"journeybuilder.cli.{name}").command
        parts += _command(command, f"jb {name}")
    return "\n\n".join(parts)


def _command(command: click.Command, path: str) -> Iterator[str]:
    context = click.Context(
        command, info_name=path, terminal_width=100, color=False,
        help_option_names=["-h", "--help"],  # of `jb`, from which every command has them
    )  # fmt: skip
    yield f"## `{path}`\n\n```text\n{command.get_help(context).rstrip()}\n```"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _command(inner, f"{path} {name}")


# -- writing ---------------------------------------------------------------------------------------


def stale(made: Mapping[str, str]) -> list[str]:
    """Pages that are missing, differ, or are there for nothing."""
    there = {
        path.relative_to(DOCS).as_posix()
        for path in [*DOCS.glob("kinds/*.md"), *DOCS.glob("findings/*.md")]
    }
    differs = [
        name
        for name, text in made.items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != text
    ]
    return sorted({*differs, *(there - set(made))})


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with `--check` see whether they are what the code says."""
    made = pages()
    wrong = stale(made)
    if "--check" in arguments:
        for name in wrong:
            print(f"docs/{name} is out of date: run 'make docs'", file=sys.stderr)
        return 1 if wrong else 0
    for name in wrong:
        path = DOCS / name
        if name in made:
            path.parent.mkdir(exist_ok=True)
            path.write_text(made[name], encoding="utf-8", newline="\n")
        else:
            path.unlink()
    print(f"{len(made)} pages, {len(wrong)} of them changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
