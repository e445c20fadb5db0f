"""Changes single members of a JSON file that people keep: comments and everything else stay.

Every change has been read again before it is given: it says what was wanted, and nothing else differs.
"""

import json
import re
from copy import deepcopy
from typing import Any, cast

from journeybuilder.document.jsonc import JsonError, JsonTree, Path, after_value, load_jsonc
from journeybuilder.errors import OperatorError

_GAP = re.compile(r"(?:[ \t\r\n]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_INDENT = "  "


def put_member(text: str, path: Path, value: Any) -> str:
    """The text with a member of an object set; objects that do not exist yet are made.

    Raises:
        OperatorError: When the text is no JSON, or something on the way is no object.
    """
    tree = _tree(text)
    wanted = _with(tree.value, path, value)
    if path in tree.places:
        start = tree.places[path]
        out = _replaced(
            text, start, after_value(text, start), _written(value, _margin(text, start))
        )
    else:
        out = _inserted(tree, path, value)
    return _checked(out, wanted)


def drop_member(text: str, path: Path) -> str:
    """The text without a member; one that is not there changes nothing.

    Raises:
        OperatorError: When the text is no JSON.
    """
    tree = _tree(text)
    if path not in tree.keys:
        return text
    wanted = deepcopy(tree.value)
    del _at(wanted, path[:-1])[str(path[-1])]
    start, end = tree.keys[path], after_value(text, tree.places[path])
    gap = _GAP.match(text, end)
    after = gap.end() if gap else end
    if text[after : after + 1] == ",":
        end = after + 1
    else:
        start = _before_comma(text, tree, path, start)
    start, end = _whole_line(text, start, end)
    return _checked(text[:start] + text[end:], wanted)


def rename_member(text: str, path: Path, name: str) -> str:
    """The text with another key in the place of one; its value and the order stay.

    Raises:
        OperatorError: When the text is no JSON, or there is such a key already.
    """
    tree = _tree(text)
    if (*path[:-1], name) in tree.keys:
        raise OperatorError(f"there is '{name}' already", hint="Choose another name.")
    start = tree.keys[path]
    end = after_value(text, start)
    wanted = deepcopy(tree.value)
    parent = _at(wanted, path[:-1])
    items = {(name if key == path[-1] else key): item for key, item in parent.items()}
    parent.clear()
    parent.update(items)
    return _checked(_replaced(text, start, end, json.dumps(name, ensure_ascii=False)), wanted)


def _tree(text: str) -> JsonTree:
    try:
        return load_jsonc(text)
    except JsonError as error:
        line, column = JsonTree(text).line_column(error.offset)
        raise OperatorError(
            f"the file is no JSON (line {line}, column {column}): {error.message}",
            hint="Mend it in an editor first, so that nothing in it is lost.",
        ) from None


def _at(value: Any, path: Path) -> dict[str, Any]:
    for part in path:
        value = value[part]
    return cast("dict[str, Any]", value)


def _with(value: Any, path: Path, new: Any) -> Any:
    """The value with something else at a path.

    Raises:
        OperatorError: When something on the way is no object.
    """
    out = deepcopy(value)
    inner: Any = out
    for number, part in enumerate(path):
        if not isinstance(inner, dict):
            raise OperatorError("there is no object where the change belongs", where=str(path[0]))
        here = cast("dict[str, Any]", inner)
        if number == len(path) - 1:
            here[str(part)] = new
        else:
            inner = here.setdefault(str(part), {})
    return out


def _inserted(tree: JsonTree, path: Path, value: Any) -> str:
    """Add a member behind the last one of the nearest object that exists."""
    text, depth = tree.text, len(path) - 1
    while path[:depth] not in tree.places:
        depth -= 1
    for part in reversed(path[depth + 1 :]):
        value = {str(part): value}
    parent, name = path[:depth], json.dumps(str(path[depth]), ensure_ascii=False)
    opening = tree.places[parent]
    closing = after_value(text, opening) - 1
    members = [key for key in tree.keys if key[:-1] == parent and len(key) == depth + 1]
    body = text[opening + 1 : closing]
    newline = "\r\n" if "\r\n" in text else "\n"
    margin = _margin(text, opening)
    if members and "\n" not in body:
        end = after_value(text, tree.places[members[-1]])
        comma = "" if "," in text[end:closing] else ","
        return f"{text[:end]}{comma} {name}: {_written(value, '', flat=True)}{text[end:]}"
    inner = _margin(text, tree.keys[members[-1]]) if members else margin + _INDENT
    member = f"{inner}{name}: {_written(value, inner)}".replace("\n", newline)
    head, tail = text[:closing].rstrip(" \t"), text[closing:]
    if members:
        end = after_value(text, tree.places[members[-1]])
        gap = _GAP.match(text, end)
        if gap is None or text[gap.end() : gap.end() + 1] != ",":
            head = f"{head[:end]},{head[end:]}"
    head = head if head.endswith("\n") else head + newline
    return f"{head}{member}{newline}{margin}{tail}"


def _margin(text: str, offset: int) -> str:
    """The blanks at the beginning of the line."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _written(value: Any, margin: str, *, flat: bool = False) -> str:
    if flat or not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list) and not any(
        isinstance(item, dict | list) for item in cast("list[Any]", value)
    ):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, indent=len(_INDENT)).replace(
            "\n", f"\n{margin}"
        )
    inner = margin + _INDENT
    members = [
        f"{inner}{json.dumps(str(key), ensure_ascii=False)}: {_written(item, inner)}"
        for key, item in cast("dict[str, Any]", value).items()
    ]
    return "{\n" + ",\n".join(members) + f"\n{margin}}}"


def _replaced(text: str, start: int, end: int, new: str) -> str:
    if "\r\n" in text:
        new = new.replace("\n", "\r\n")
    return text[:start] + new + text[end:]


def _before_comma(text: str, tree: JsonTree, path: Path, start: int) -> int:
    """Where the last member of an object begins, with the comma that parts it from the one before."""
    before = [key for key in tree.keys if key[:-1] == path[:-1] and tree.keys[key] < start]
    if not before:
        return start
    end = after_value(text, tree.places[max(before, key=lambda key: tree.keys[key])])
    gap = _GAP.match(text, end)
    comma = gap.end() if gap else end
    rest = text[comma + 1 : start]
    return comma if not rest.strip() else start


def _whole_line(text: str, start: int, end: int) -> tuple[int, int]:
    """Take the line break with it where nothing else stands on the lines."""
    first = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    rest = text[end:stop].strip()
    if not text[first:start].strip() and (not rest or rest.startswith("//")):
        return first, min(stop + 1, len(text))
    return start, end


def _checked(text: str, wanted: Any) -> str:
    """The text, where it says what is wanted.

    Raises:
        OperatorError: When it does not.
    """
    try:
        said = load_jsonc(text).value
    except JsonError:
        said = None
    if said != wanted:
        raise OperatorError(
            "the change could not be made without touching something else in the file",
            hint="Make it in an editor.",
        )
    return text
