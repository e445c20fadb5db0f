"""What: every tool exists on its server and gets the arguments that its schema asks for.

Why: a wrong argument is found while drawing, not by a customer.
Example: `with: {oder_id: "${order_id}"}` where the tool wants `order_id`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from journeybuilder.checks.context import Context
from journeybuilder.checks.journeys import takes
from journeybuilder.contract.cel_types import Type, fits, of_schema
from journeybuilder.contract.expressions import ExpressionError, split_template
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.schemas import BadSchema, convert, violations
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.findings import Path, Problem, Rule, choices, near
from journeybuilder.document.model import Node

BAD_NAME = Rule(
    "JB501",
    "error",
    "a tool that is not written as server/tool",
    "Tools are always named with their server, so that two servers cannot be mixed up.",
    "Write the server's name, a slash and the tool's name.",
    "look: {kind: tool, tool: get_order, next: done}",
)
UNKNOWN_SERVER = Rule(
    "JB502",
    "error",
    "a server that mcp.json does not have",
    "Nothing stands behind the tool.",
    "Correct the name, or add the server to mcp.json.",
    "look: {kind: tool, tool: ordrs/get_order, next: done}",
)
UNKNOWN_TOOL = Rule(
    "JB503",
    "error",
    "a tool that its server does not have",
    "The call would fail.",
    "Correct the name; 'jb tools' lists what there is.",
    "look: {kind: tool, tool: orders/get_ordr, next: done}",
)
NOT_SEEN = Rule(
    "JB504",
    "warning",
    "a server whose tools were never discovered",
    "Its tools and their arguments cannot be checked.",
    "Run 'jb tools', or 'jb lock' to approve and keep the definitions.",
)
MISSING_ARGUMENT = Rule(
    "JB505",
    "error",
    "a required argument is missing",
    "The tool would refuse the call.",
    "Add the argument.",
    "look: {kind: tool, tool: orders/get_order, next: done}",
)
UNKNOWN_ARGUMENT = Rule(
    "JB506",
    "error",
    "an argument that the tool does not have",
    "It is misspelled or the tool has changed; its value would be lost.",
    "Correct the name or take it out.",
    'with: {oder_id: "${order_id}"}',
)
BAD_ARGUMENT = Rule(
    "JB507",
    "error",
    "an argument that does not fit the tool's schema",
    "The tool would refuse the call.",
    "'jb tools SERVER --schema' shows what the tool takes; numbers stand without quotes.",
    "with: {days: soon}",
)
DRIFTED = Rule(
    "JB508",
    "error",
    "a tool that differs from its approved definition",
    "It changed since it was approved in mcp.lock; a run refuses to call it.",
    "Look at 'jb lock --check', then approve it again with 'jb lock SERVER/TOOL'.",
)
NOT_WHOLE = Rule(
    "JB509",
    "warning",
    "a number that may have decimals, where the tool wants a whole one",
    "The tool would refuse the call for 2.5.",
    "Write for example ${int(order.total)}, which drops the decimals.",
)
RULES: Sequence[Rule] = (
    BAD_NAME, UNKNOWN_SERVER, UNKNOWN_TOOL, NOT_SEEN, MISSING_ARGUMENT, UNKNOWN_ARGUMENT,
    BAD_ARGUMENT, DRIFTED, NOT_WHOLE,
)  # fmt: skip


def check(context: Context) -> Iterable[Problem]:
    """Check every tool name and every argument."""
    unseen: set[str] = set()
    for node, use in context.having("tool", "tools", "resource", "prompt", "arguments"):
        path: Path = ("nodes", node.id, *use.path)
        if use.mark.role == "tool" and isinstance(use.value, str):
            yield from _tool(context, path, use.value, unseen)
        elif use.mark.role == "tools":
            for index, name in enumerate(as_list(use.value)):
                yield from _tool(context, (*path, index), str(name), unseen)
        elif use.mark.role in {"resource", "prompt"} and isinstance(use.value, str):
            yield from _server(context, path, use.value.partition("/")[0], unseen)
        elif use.mark.role == "arguments" and use.mark.of == "tool":
            yield from _arguments(context, node, path, use.path, use.value)


def _tool(context: Context, path: Path, name: str, unseen: set[str]) -> Iterable[Problem]:
    known = context.known
    server, slash, tool = name.partition("/")
    if not (server and slash and tool):
        hint = near(name, known.tools) or _by_tool(name, known.tools)
        yield Problem(BAD_NAME, path, f"'{name}' is not of the form server/tool", hint)
    elif "mcp.json" in known.unread or server in known.unusable:
        return
    elif server not in known.servers:
        hint = near(server, known.servers) or f"Servers: {choices(known.servers) or 'none'}."
        yield Problem(UNKNOWN_SERVER, path, f"there is no server '{server}'", hint)
    elif name in known.tools:
        if name in known.locked and known.found.get(name, known.locked[name]) != known.locked[name]:
            yield Problem(DRIFTED, path, f"'{name}' is no longer what was approved", DRIFTED.mend)
    elif server in known.discovered:
        siblings = [other.name for other in known.tools.values() if other.server == server]
        hint = near(tool, siblings) or f"It has {choices(siblings) or 'no tools'}."
        yield Problem(UNKNOWN_TOOL, path, f"server '{server}' has no tool '{tool}'", hint)
    elif server not in unseen and "mcp.lock" not in known.unread:
        unseen.add(server)
        message = f"the tools of server '{server}' are not known yet"
        yield Problem(NOT_SEEN, path, message, NOT_SEEN.mend)


def _by_tool(name: str, tools: Mapping[str, ToolDef]) -> str:
    full = [tool.id for tool in tools.values() if tool.name == name]
    return f"Did you mean '{full[0]}'?" if full else ""


def _server(context: Context, path: Path, server: str, unseen: set[str]) -> Iterable[Problem]:
    known = context.known
    if not server or "mcp.json" in known.unread or server in known.unusable:
        return
    if server not in known.servers:
        hint = near(server, known.servers) or f"Servers: {choices(known.servers) or 'none'}."
        yield Problem(UNKNOWN_SERVER, path, f"there is no server '{server}'", hint)
    elif server not in known.discovered and server not in unseen and "mcp.lock" not in known.unread:
        unseen.add(server)
        if not any(tool.server == server for tool in known.tools.values()):  # an approved one
            message = f"what server '{server}' offers is not known yet"
            yield Problem(NOT_SEEN, path, message, NOT_SEEN.mend)


def _arguments(
    context: Context, node: Node, path: Path, inside: Path, given: Any
) -> Iterable[Problem]:
    holder: Any = node.settings
    for part in inside[:-1]:
        holder = holder[part]
    tool = context.known.tools.get(str(as_object(holder).get("tool", "")))
    if tool is None:
        return
    properties = as_object(tool.input_schema.get("properties"))
    arguments = as_object(given)
    misspelled = {near(name, properties) for name in arguments if name not in properties}
    for name in as_list(tool.input_schema.get("required")):
        if name == context.known.keys.get(tool.id):
            continue  # the gate gives it at every call
        if name not in arguments and f"Did you mean '{name}'?" not in misspelled:
            message = f"'{tool.id}' needs the argument '{name}'"
            yield Problem(MISSING_ARGUMENT, path, message, _about(as_object(properties.get(name))))
    for name, value in arguments.items():
        if name in properties:
            place = (*path, name)
            if _has_slot(value):
                local = context.kinds[node.id].local_names((*inside, name))
                given_type = context.typed.of_template(value, tuple(local))
                yield from _computed(
                    place, tool, name, as_object(properties[name]), value, given_type
                )
            else:
                yield from _value(place, tool, name, as_object(properties[name]), value)
        elif _is_closed(tool.input_schema) or near(name, properties):
            hint = near(name, properties) or f"It has {choices(properties) or 'no arguments'}."
            message = f"'{tool.id}' has no argument '{name}'"
            yield Problem(UNKNOWN_ARGUMENT, (*path, name), message, hint, at_key=True)


_MORE = ("$ref", "allOf", "anyOf", "oneOf", "if", "patternProperties", "dependentSchemas")


def _is_closed(schema: Mapping[str, Any]) -> bool:
    """Whether the tool's arguments are those in `properties`, and no others.

    JSON Schema allows others where `additionalProperties` is not said, but few servers mean that: of a
    tool that names arguments, an unknown one is a slip. One that names none takes what it is given.
    """
    more = schema.get("additionalProperties")
    if more is False:
        return True
    return more is None and "properties" in schema and not any(key in schema for key in _MORE)


def _about(schema: Mapping[str, Any]) -> str:
    about = str(schema.get("description") or schema.get("title") or "")
    return f"It is: {about}" if about else ""


def _value(
    path: Path, tool: ToolDef, name: str, schema: Mapping[str, Any], value: Any
) -> Iterable[Problem]:
    whole = _whole(tool, schema)
    try:
        wrong = violations(whole, value)
    except BadSchema:
        return  # the server's schema is at fault; discovery reports that
    if wrong:
        message = f"'{name}' of '{tool.id}': {wrong[0]}"
        yield Problem(BAD_ARGUMENT, path, message, _quotes(whole, name, value) or _about(schema))


def _whole(tool: ToolDef, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of an argument with the definitions that it may refer to."""
    if "$ref" not in str(schema):
        return schema
    roots = {
        key: {**as_object(tool.input_schema.get(key)), **as_object(schema.get(key))}
        for key in ("$defs", "definitions")
    }
    return {**schema, **{key: found for key, found in roots.items() if found}}


def _computed(
    path: Path, tool: ToolDef, name: str, schema: Mapping[str, Any], value: Any, given: Type
) -> Iterable[Problem]:
    """Check a value with `${…}` by its type."""
    if isinstance(value, str) and not _is_one_slot(value) and not _takes_text(schema):
        message = f"'{name}' of '{tool.id}' is no text, but text stands around '${{…}}'"
        yield Problem(BAD_ARGUMENT, path, message, "Write the '${…}' alone.")
        return
    wanted = of_schema(_whole(tool, schema))
    if not fits(given, wanted):
        message = f"'{name}' of '{tool.id}' {takes(wanted, given)}"
        yield Problem(BAD_ARGUMENT, path, message, _about(schema) or "Give another value.")
    elif wanted.kind == "int" and given.kind in {"number", "double"}:
        message = f"'{name}' of '{tool.id}' has to be a whole number, and this may have decimals"
        yield Problem(NOT_WHOLE, path, message, NOT_WHOLE.mend)


def _quotes(schema: Mapping[str, Any], name: str, value: Any) -> str:
    """The advice where only the quotes around a value are wrong, or those that are not there."""
    if isinstance(value, str):
        bare = convert(schema, value)
        wrong = isinstance(bare, str) or violations(schema, bare)
        return "" if wrong else f"Take the quotes away: {name}: {json.dumps(bare)}."
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return "" if violations(schema, str(value)) else f'Put it in quotes: {name}: "{value}".'


def _has_slot(value: Any) -> bool:
    if isinstance(value, str):
        return "${" in value
    return any(_has_slot(item) for item in [*as_object(value).values(), *as_list(value)])


def _is_one_slot(text: str) -> bool:
    """Whether the value keeps the type of its expression."""
    try:
        return len(split_template(text)) == 1
    except ExpressionError:
        return True  # an unclosed slot is another finding


def _takes_text(schema: Mapping[str, Any]) -> bool:
    kind = schema.get("type")
    return kind is None or kind == "string" or "string" in as_list(kind)
