"""Gives a variable another name everywhere: where it is set, declared and read, and in scenarios."""

import re
from collections.abc import Mapping
from typing import Any, cast

from journeybuilder.contract.expressions import ExpressionError, compile_expression
from journeybuilder.contract.fields import Path
from journeybuilder.document.edit import set_value, value_at
from journeybuilder.document.findings import near
from journeybuilder.document.model import Journey, mapping
from journeybuilder.errors import AuthorError
from journeybuilder.refactor.cel_names import rename_in_expression, rename_in_template
from journeybuilder.refactor.places import ALWAYS, Place, places, unnamed, written_by

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def variables_of(journey: Journey) -> list[str]:
    """Every variable of a journey: declared, or set by a node."""
    names = dict.fromkeys(journey.variables)
    for node in journey.nodes.values():
        names.update(dict.fromkeys(written_by(node)))
    return list(names)


def rename_variable(journey: Journey, old: str, new: str) -> Journey:
    """The journey with a variable under another name, in every node, condition and template.

    Raises:
        AuthorError: When there is no such variable, a kind names it, or the new name is taken or
            cannot be one.
    """
    known = variables_of(journey)
    if old not in known:
        raise AuthorError(f"There is no variable '{old}'.", where=journey.id, hint=near(old, known))
    if old == new:
        return journey
    _check_name(journey, new, known)
    out = journey
    if old in journey.variables:
        declared = {new if name == old else name: raw for name, raw in journey.variables.items()}
        out = set_value(out, ("variables",), declared)
    for node in journey.nodes.values():
        if old in unnamed(node):
            raise AuthorError(
                f"'{node.id}' gives '{old}' its name by itself.",
                where=journey.id,
                hint=f"Write the name into its settings first, for a loop `as: {old}`.",
            )
        for place in places(node):
            out = _renamed(out, ("nodes", node.id), place, old, new)
    return out


def rename_in_scenario(data: Mapping[str, Any], old: str, new: str) -> Mapping[str, Any]:
    """What a scenario of the journey says, with the variable under its new name in `when:`."""
    expect = data.get("expect")
    if not isinstance(expect, list):
        return data
    items = cast("list[Any]", expect)
    changed = [
        {**mapping(item), "when": rename_in_expression(item["when"], old, new)}
        if isinstance(mapping(item).get("when"), str)
        else item
        for item in items
    ]
    return data if changed == items else {**data, "expect": changed}


def _renamed(journey: Journey, node: Path, place: Place, old: str, new: str) -> Journey:
    path: Path = (*node, *place.path)
    match place.what:
        case "name":
            return set_value(journey, path, new) if place.text == old else journey
        case "key" if place.text == old:
            around = mapping(value_at(journey.data, path[:-1]))
            renamed = {new if name == old else name: raw for name, raw in around.items()}
            return set_value(journey, path[:-1], renamed)
        case "key":
            return journey
        case "expression" | "template":
            if old in place.own:
                return journey
            rename = rename_in_expression if place.what == "expression" else rename_in_template
            text = rename(place.text, old, new)
            if text == place.text:
                return journey
            if new in place.own:
                raise AuthorError(
                    f"'{new}' has a meaning of its own in '{node[-1]}'.",
                    hint="Choose another name.",
                )
            return set_value(journey, _moved(journey, path, old, new), text)


def _moved(journey: Journey, path: Path, old: str, new: str) -> Path:
    """Where a value of a variable stands now, if its key was the variable that is renamed."""
    for at in range(2, len(path)):
        around = value_at(journey.data, path[:at])
        if path[at] == old and isinstance(around, Mapping) and old not in around and new in around:
            return (*path[:at], new, *path[at + 1 :])
    return path


def _check_name(journey: Journey, name: str, known: list[str]) -> None:
    if name in known:
        raise AuthorError(
            f"There is already a variable '{name}'.", where=journey.id, hint="Choose another name."
        )
    if name in ALWAYS or not _NAME.fullmatch(name) or not _readable(name):
        raise AuthorError(
            f"'{name}' cannot be the name of a variable.",
            where=journey.id,
            hint="Use letters, digits and _, no digit first, and no word of the expressions.",
        )


def _readable(name: str) -> bool:
    try:
        return compile_expression(name).names == frozenset({name})
    except ExpressionError:
        return False
