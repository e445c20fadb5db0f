"""Where a name is defined: the node that sets a variable, the journey that is called, a tool, a model."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, cast

from journeybuilder.checks import Known
from journeybuilder.document.findings import Path
from journeybuilder.document.model import Journey, Node
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.journey.variable_index import Spot, VariableIndex
from journeybuilder.gui.look.language import tr
from journeybuilder.kinds import KINDS, ports_of

_NAME = re.compile(r"[A-Za-z0-9_./:-]+")


@dataclass(frozen=True, slots=True)
class Target:
    """Something to go to.

    Attributes:
        what: What `name` is.
        path: In the node's settings, for a place of a node.
        words: What it is called in a menu.
    """

    what: Literal["node", "journey", "tool", "model", "variable"]
    name: str
    words: str
    path: Path = ()


def word_at(text: str, cursor: int) -> str:
    """The name at a place of a text, dots and slashes being part of it."""
    for found in _NAME.finditer(text):
        if found.start() <= cursor <= found.end():
            return found[0].strip(".:/-")
    return ""


def defined(journey: Journey, known: Known, word: str) -> list[Target]:
    """What a word of a text means."""
    first = word.partition(".")[0]
    if word in (known.journeys or {}) and word != journey.id:
        return [Target("journey", word, tr("Journey {name}", name=word))]
    if word in known.tools:
        return [Target("tool", word, tr("Tool {name}", name=word))]
    if word in known.models and word not in journey.nodes:
        return [Target("model", word, tr("Model {name}", name=word))]
    if word in journey.nodes:
        return [Target("node", word, title_of(journey.nodes[word]))]
    return list(_setters(journey, first))


def _setters(journey: Journey, name: str) -> Iterator[Target]:
    for entry in VariableIndex().entries(journey):
        if entry.name == name:
            for spot in entry.sets:
                yield _at(journey, spot)


def _at(journey: Journey, spot: Spot) -> Target:
    return Target("node", spot.node, title_of(journey.nodes[spot.node]), spot.path)


def behind(journey: Journey, known: Known, node: Node) -> list[Target]:
    """What a node rests on: what it calls first, then the steps that set what it reads."""
    out: dict[tuple[str, str], Target] = {}
    kind = KINDS.get(node.kind)
    for use in kind.uses(node.settings) if kind is not None else ():
        listed = isinstance(use.value, list)
        names = cast("list[Any]", use.value) if listed else [use.value]
        role = use.mark.role
        for name in names:
            if role in {"tool", "tools", "model", "journey"} and isinstance(name, str) and name:
                for target in defined(journey, known, name):
                    if target.what != "node":
                        out[target.what, target.name] = target
    for entry in VariableIndex().entries(journey):
        if any(spot.node == node.id for spot in entry.reads):
            for spot in entry.sets:
                target = _at(journey, spot)
                words = tr("{step} sets {name}", step=target.words, name=entry.name)
                out["node", f"{spot.node} {entry.name}"] = Target(
                    "node", spot.node, words, spot.path
                )
    return list(out.values())


def uses_of(journey: Journey, node: Node) -> list[Target]:
    """Where a node is used: what leads to it, and who reads what it sets."""
    out: list[Target] = []
    for one in journey.nodes.values():
        for port in ports_of(one):
            if port.target == node.id:
                words = tr(
                    "{step} leads here by ‘{way}’", step=title_of(one), way=port.label or port.name
                )
                out.append(Target("node", one.id, words, port.path))
    for entry in VariableIndex().entries(journey):
        if entry.group == "variable" and any(spot.node == node.id for spot in entry.sets):
            out += [
                Target("node", spot.node, tr("{step} reads {name}", step=title_of(journey.nodes[spot.node]), name=entry.name), spot.path)
                for spot in entry.reads
            ]  # fmt: skip
    return out
