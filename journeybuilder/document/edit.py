"""Every change of a journey, as a pure function from a journey to a journey.

Values that do not change are shared between the old and the new journey, so keeping the old one for
undo costs next to nothing. Ports come from the caller, because only the node kinds know them.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol, cast

from journeybuilder.document.findings import Path, near
from journeybuilder.document.forms import NODE_ID
from journeybuilder.document.model import Journey, Node, mapping
from journeybuilder.errors import AuthorError


class PortLike(Protocol):
    """What the edits need to know of a way out."""

    @property
    def name(self) -> str:
        """Unique in the node."""
        ...

    @property
    def path(self) -> Path:
        """Where in the node's settings the target stands."""
        ...

    @property
    def target(self) -> str:
        """The node it leads to, or an empty string."""
        ...


PortsOf = Callable[[Node], Sequence[PortLike]]
_ENTRIES = ("start", "on_error")


def set_value(journey: Journey, path: Path, value: object) -> Journey:
    """The journey with a value at a path; mappings on the way that are missing are made.

    A list takes an index one past its end as a new last item.

    Raises:
        AuthorError: When the path leads through a text, a number or past the end of a list.
    """
    return Journey(_put(journey.data, path, value))


def remove_value(journey: Journey, path: Path) -> Journey:
    """The journey without the key or list item at a path; the same journey where there is none."""
    if not path or not _has(journey.data, path):
        return journey
    return Journey(_drop(journey.data, path))


def add_node(
    journey: Journey, node_id: str, kind: str, settings: Mapping[str, Any], *, after: str = ""
) -> Journey:
    """The journey with one more node, behind the node `after` or last in the file.

    Raises:
        AuthorError: When the id is taken or cannot be one.
    """
    _check_id(journey, node_id)
    nodes: dict[str, Any] = {}
    for name, raw in _nodes(journey).items():
        nodes[name] = raw
        if name == after:
            nodes[node_id] = {"kind": kind, **settings}
    nodes.setdefault(node_id, {"kind": kind, **settings})
    return set_value(journey, ("nodes",), nodes)


def remove_nodes(journey: Journey, ids: Collection[str], ports_of: PortsOf) -> Journey:
    """The journey without some nodes and without the wires, `start` and `on_error` to them.

    Raises:
        AuthorError: When there is no such node.
    """
    gone = {_known(journey, name) for name in ids}
    rest = {name: raw for name, raw in _nodes(journey).items() if name not in gone}
    for name, node in journey.nodes.items():
        if name in gone:
            continue
        loose = [port.path for port in ports_of(node) if port.target in gone]
        for path in sorted(loose, key=_later_items_first, reverse=True):
            rest[name] = _unwire(rest[name], path)
    out = set_value(journey, ("nodes",), rest)
    for key in _ENTRIES:
        if out.data.get(key) in gone:
            out = remove_value(out, (key,))
    return out


def connect(journey: Journey, node: str, port_path: Path, target: str) -> Journey:
    """The journey with a way out of a node leading to a target.

    Raises:
        AuthorError: When one of the two nodes does not exist.
    """
    return set_value(journey, ("nodes", _known(journey, node), *port_path), _known(journey, target))


def disconnect(journey: Journey, node: str, port_path: Path) -> Journey:
    """The journey with a way out of a node leading nowhere.

    The key of the way out is removed; where the key is a word of the author's (`decisions.approve`)
    it stays, with an empty text, so that the decision is not lost with its wire.

    Raises:
        AuthorError: When there is no such node.
    """
    path = ("nodes", _known(journey, node))
    if not _has(journey.data, (*path, *port_path)):
        return journey
    return set_value(journey, path, _unwire(_nodes(journey)[node], port_path))


def rename_node(journey: Journey, old: str, new: str, ports_of: PortsOf) -> Journey:
    """The journey with a node under another id, in the same place; every wire to it follows.

    Raises:
        AuthorError: When there is no such node, or the new id is taken or cannot be one.
    """
    _known(journey, old)
    if old == new:
        return journey
    _check_id(journey, new)
    followed = _retarget(journey, journey.nodes.values(), {old: new}, ports_of)
    nodes = {new if name == old else name: raw for name, raw in followed.items()}
    out = set_value(journey, ("nodes",), nodes)
    for key in _ENTRIES:
        if out.data.get(key) == old:
            out = set_value(out, (key,), new)
    return out


def renamed_targets(journey: Journey, new_ids: Mapping[str, str], ports_of: PortsOf) -> Journey:
    """The journey with several nodes under other ids at once, in the same places; wires follow.

    Nothing is refused: of two nodes that get the same id, the later one stays.
    """
    if not new_ids:
        return journey
    followed = _retarget(journey, journey.nodes.values(), new_ids, ports_of)
    nodes = {new_ids.get(name, name): raw for name, raw in followed.items()}
    out = set_value(journey, ("nodes",), nodes)
    for key in _ENTRIES:
        target = out.data.get(key)
        if isinstance(target, str) and target in new_ids:
            out = set_value(out, (key,), new_ids[target])
    return out


def insert_on_wire(
    journey: Journey,
    source: str,
    port_path: Path,
    node_id: str,
    kind: str,
    settings: Mapping[str, Any],
    out_path: Path,
) -> Journey:
    """The journey with a new node between a way out and the node it led to.

    Args:
        journey: The journey before.
        source: The node whose wire is cut.
        port_path: The way out of it, from its settings.
        node_id: Id of the new node.
        kind: Its kind.
        settings: Its settings.
        out_path: The new node's way out that leads on, from its settings.

    Raises:
        AuthorError: When there is no such node, or the id is taken or cannot be one.
    """
    target = value_at(_nodes(journey)[_known(journey, source)], port_path)
    out = add_node(journey, node_id, kind, settings, after=source)
    out = set_value(out, ("nodes", source, *port_path), node_id)
    if isinstance(target, str) and target:
        out = set_value(out, ("nodes", node_id, *out_path), target)
    return out


def duplicate_nodes(
    journey: Journey, ids: Collection[str], ports_of: PortsOf
) -> tuple[Journey, dict[str, str]]:
    """The journey with copies of some nodes, and the copies' ids by the originals'.

    Wires between the originals become wires between the copies; wires that lead out of them lead
    out of the copies too. The copies follow the last original in the file.

    Raises:
        AuthorError: When there is no such node.
    """
    wanted = {_known(journey, name) for name in ids}
    originals = [node for name, node in journey.nodes.items() if name in wanted]
    new_ids: dict[str, str] = {}
    for node in originals:
        new_ids[node.id] = _free(node.id, {*_nodes(journey), *new_ids.values()})
    followed = _retarget(journey, originals, new_ids, ports_of)
    nodes: dict[str, Any] = {}
    for name, raw in _nodes(journey).items():
        nodes[name] = raw
        if originals and name == originals[-1].id:
            nodes |= {new_ids[node.id]: followed[node.id] for node in originals}
    return set_value(journey, ("nodes",), nodes), new_ids


def fresh_id(journey: Journey, base: str) -> str:
    """An id that is not taken: the base as an id (`Look up!` is `look_up`), numbered if need be."""
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", base).strip("_").lower()
    if not plain or plain[0].isdigit():
        plain = f"node_{plain}".rstrip("_")
    return _free(plain, _nodes(journey))


def _free(base: str, taken: Collection[str]) -> str:
    if base not in taken:
        return base
    stem = re.sub(r"_[0-9]+$", "", base) or base
    number = 2
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def _retarget(
    journey: Journey, nodes: Iterable[Node], new_ids: Mapping[str, str], ports_of: PortsOf
) -> dict[str, Any]:
    """The raw nodes of the journey, the given ones with their wires led to the new ids."""
    out = dict(_nodes(journey))
    for node in nodes:
        for port in ports_of(node):
            if port.target in new_ids:
                out[node.id] = _put(out[node.id], port.path, new_ids[port.target])
    return out


def _later_items_first(path: Path) -> list[tuple[int, str]]:
    return [(part, "") if isinstance(part, int) else (-1, part) for part in path]


def _nodes(journey: Journey) -> Mapping[str, Any]:
    return mapping(journey.data.get("nodes"))


def _known(journey: Journey, name: str) -> str:
    nodes = _nodes(journey)
    if name not in nodes:
        raise AuthorError(f"There is no node '{name}'.", where=journey.id, hint=near(name, nodes))
    return name


def _check_id(journey: Journey, name: str) -> None:
    if name in _nodes(journey):
        raise AuthorError(
            f"There is already a node '{name}'.", where=journey.id, hint="Choose another id."
        )
    if not NODE_ID.fullmatch(name):
        raise AuthorError(
            f"'{name}' cannot be the id of a node.",
            where=journey.id,
            hint="Use letters, digits and `_`, no digit first, for example `look_up`.",
        )


def _unwire(raw: Any, path: Path) -> Any:
    """A raw node without a way out; a list item that is left with nothing goes too."""
    if not _has(raw, path):
        return raw
    named = len(path) > 1 and isinstance(path[-1], str) and path[-1] != "next"
    if named:
        return _put(raw, path, "")
    out = _drop(raw, path)
    inside_list = len(path) > 1 and isinstance(path[-2], int)
    return _drop(out, path[:-1]) if inside_list and not value_at(out, path[:-1]) else out


def value_at(value: Any, path: Path) -> Any:
    """What stands at a path in plain values; None where there is no such place."""
    for part in path:
        if isinstance(part, int):
            items = cast("list[Any]", value) if isinstance(value, list) else []
            value = items[part] if 0 <= part < len(items) else None
        else:
            value = mapping(value).get(part)
    return value


def _has(value: Any, path: Path) -> bool:
    around, last = value_at(value, path[:-1]), path[-1]
    if isinstance(last, int):
        return isinstance(around, list) and 0 <= last < len(cast("list[Any]", around))
    return last in mapping(around)


def _put(container: Any, path: Path, value: object) -> Any:
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(head, int):
        items = list(cast("list[Any]", container)) if isinstance(container, list) else []
        if (container is not None and not isinstance(container, list)) or head > len(items):
            raise AuthorError(f"There is no item {head} to change here.", hint="Look at the file.")
        below = items[head] if head < len(items) else None
        items[head:] = [_put(below, rest, value), *items[head + 1 :]]
        return items
    if container is not None and not isinstance(container, Mapping):
        raise AuthorError(
            f"'{head}' cannot be set: what should hold it is no mapping.", hint="Look at the file."
        )
    entries = mapping(cast("object", container))
    return {**entries, head: _put(entries.get(head), rest, value)}


def _drop(container: Any, path: Path) -> Any:
    head, rest = path[0], path[1:]
    if isinstance(head, int):
        items = list(cast("list[Any]", container))
        items[head : head + 1] = [_drop(items[head], rest)] if rest else []
        return items
    entries = dict(mapping(container))
    if rest:
        entries[head] = _drop(entries[head], rest)
    else:
        del entries[head]
    return entries
