"""What a new step that calls a tool begins with: arguments that the journey can already fill."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from journeybuilder.contract.json import as_list
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.model import mapping
from journeybuilder.gui.forms.base import Name

_VERB = re.compile(
    r"(?:get|find|fetch|read|search|look_?up|list|load|query|show|describe|retrieve|create|make)[_-]"
)
_WIDER = {"integer": {"integer", "number"}, "number": {"number"}, "string": {"string"}}
_MOST = 40


def begun(tool: ToolDef, names: Sequence[Name], taken: set[str]) -> dict[str, Any]:
    """Settings of a step that calls a tool: what it gets as far as that is plain, and what it saves.

    Args:
        tool: The tool.
        names: What expressions of the journey may use.
        taken: The variables that the journey has, which are not written over.
    """
    out: dict[str, Any] = {"tool": tool.id}
    given = arguments(tool, names)
    if given:
        out["with"] = given
    save = saved_as(tool.name)
    if save and save not in taken:
        out["save"] = save
    return out


def arguments(tool: ToolDef, names: Sequence[Name]) -> dict[str, Any]:
    """The required arguments for which there is one plain answer.

    That is the only value allowed, the server's own default, or a value of the journey with the same
    name and a type that fits. The others stay empty, so that the form and the findings ask for them.
    """
    properties = mapping(tool.input_schema.get("properties"))
    required = [str(name) for name in tool.input_schema.get("required") or ()]
    out: dict[str, Any] = {}
    for name in required[:_MOST]:
        schema = mapping(properties.get(name))
        found, value = _plain(schema)
        if not found:
            path = _match(name, schema, names)
            found, value = bool(path), f"${{{path}}}"
        if found:
            out[name] = value
    return out


def _plain(schema: Mapping[str, Any]) -> tuple[bool, Any]:
    if "const" in schema:
        return True, schema["const"]
    if "default" in schema and schema["default"] is not None:
        return True, schema["default"]
    values = as_list(schema.get("enum"))
    if len(values) == 1:
        return True, values[0]
    return False, None


def _match(argument: str, schema: Mapping[str, Any], names: Sequence[Name]) -> str:
    """The path of the value that is called like the argument; a variable before a field of one."""
    wanted = _key(argument)
    fits = [one for one in names if _called(one.path, wanted) and _type_fits(one.type, schema)]
    exact = [one for one in fits if _key(one.path.rpartition(".")[2]) == wanted]
    found = sorted(
        exact or fits, key=lambda one: (one.path.count("."), one.path.startswith("error"))
    )
    return found[0].path if found else ""


def _called(path: str, wanted: str) -> bool:
    """`order_id` and `orderId` mean the same, and so does the `id` of `order`."""
    parts = path.split(".")
    last = _key(parts[-1])
    return last == wanted or (len(parts) > 1 and _key(parts[-2]) + last == wanted)


def _key(name: str) -> str:
    return name.replace("_", "").replace("-", "").casefold()


def _type_fits(have: str, schema: Mapping[str, Any]) -> bool:
    kind = schema.get("type")
    wanted = {kind} if isinstance(kind, str) else {str(one) for one in kind or ()}
    wanted.discard("null")
    if not wanted or not have:
        return True
    return bool(wanted & _WIDER.get(have, {have}))


def saved_as(tool: str) -> str:
    """The variable that a result goes to, from a name such as `get_order`; empty where none is plain."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", tool).casefold()
    found = _VERB.match(name)
    noun = re.sub(r"[^a-z0-9_]", "_", name[found.end() :]) if found else ""
    noun = re.split(r"_(?:by|for|from|of|in)_", noun)[0].strip("_")
    return noun if noun.isidentifier() and len(noun) <= _MOST else ""
