"""Finds words in a journey: in the names of its nodes and in everything their settings say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from journeybuilder.document.findings import Path
from journeybuilder.document.model import Journey
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.kinds import ports_of

_AROUND = 24  # characters of a text before what was found in it


@dataclass(frozen=True, slots=True)
class Hit:
    """A node in which something was found.

    Attributes:
        path: Where in its settings; empty for its name.
        text: The words around what was found there.
    """

    node: str
    path: Path
    text: str


def find(journey: Journey, typed: str) -> list[Hit]:
    """One hit for each node that has all the typed words, in the order of `path_order`."""
    words = typed.casefold().split()
    if not words:
        return []
    out: list[Hit] = []
    reached, loose = path_order(journey)
    for name in (*reached, *loose):
        node = journey.nodes[name]
        places = [((), f"{title_of(node)} {name} {node.kind}"), *_texts(node.settings, ())]
        whole = " ".join(text for _, text in places).casefold()
        if not all(word in whole for word in words):
            continue
        path, text = next((one for one in places if words[0] in one[1].casefold()), places[0])
        out.append(Hit(name, path, _around(text, words[0]) if path else ""))
    return out


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Any]", value)):
            yield from _texts(item, (*path, index))
    elif value is not None:
        yield path, str(value)


def _around(text: str, word: str) -> str:
    plain = " ".join(text.split())
    at = plain.casefold().find(word)
    start = max(0, at - _AROUND)
    return ("…" if start else "") + plain[start:]


def path_order(journey: Journey) -> tuple[Sequence[str], Sequence[str]]:
    """The nodes as a run would come by them, the first way out first; and those it cannot reach."""
    seen: dict[str, None] = {}
    waiting = [name for name in (journey.on_error, journey.start) if name in journey.nodes]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen[name] = None
        targets = [port.target for port in ports_of(journey.nodes[name])]
        waiting += [one for one in reversed(targets) if one in journey.nodes and one not in seen]
    return list(seen), [name for name in journey.nodes if name not in seen]
