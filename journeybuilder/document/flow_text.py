"""The text of a value in braces or brackets after a change, keeping what did not change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from journeybuilder.document.align import align_items, align_keys
from journeybuilder.document.style import flow, key_text, same, scalar
from journeybuilder.document.tree import MappingNode, Node, ScalarNode


@dataclass(slots=True)
class _Piece:
    """An entry and what stands between it and the one before."""

    before: str
    text: str


def flow_text(text: str, node: Node, old: Any, new: Any) -> str | None:
    """The new text of a node that stands in one of `{}` and `[]`; None where it cannot be kept."""
    start, end = node.start_mark.index, node.end_mark.index
    if same(old, new):
        return text[start:end]
    if isinstance(node, ScalarNode):
        return scalar(new, flow=True, style=node.style or "") if _is_scalar(new) else flow(new)
    kind = Mapping if isinstance(node, MappingNode) else list
    if not (old and new and isinstance(new, kind)):
        return flow(new)
    if text[start : start + 1] not in "{[":
        return None
    parts = (
        _mapping(text, node, old, new)
        if isinstance(node, MappingNode)
        else _list(text, node, old, new)
    )
    return None if parts is None else "".join([*parts, text[_last_end(node) : end]])


def _is_scalar(value: object) -> bool:
    return not isinstance(value, Mapping | list)


def _last_end(node: Node) -> int:
    last = node.value[-1]
    return (last[1] if isinstance(last, tuple) else last).end_mark.index  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def _mapping(text: str, node: MappingNode, old: Any, new: Any) -> Sequence[str] | None:
    pairs: Sequence[tuple[Node, Node]] = node.value
    plan = align_keys(old, new)
    opening = text[node.start_mark.index : pairs[0][0].start_mark.index]
    pieces = [
        _Piece("", f"{key_text(name)}: {flow(new[name])}") for name in plan.added.get(None, [])
    ]
    done = node.start_mark.index
    for key, value in pairs:
        if value.start_mark.index < key.start_mark.index:
            return None  # an alias: its own place is not known
        between = text[done : key.start_mark.index]
        done = value.end_mark.index
        kept = plan.kept.get(key.value)
        if kept is None:
            if "#" in between:
                return None
            continue
        name = text[key.start_mark.index : key.end_mark.index]
        if kept.renamed:
            name = key_text(kept.name, cast("str", key.style or ""))  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        colon = text[key.end_mark.index : value.start_mark.index]
        body = flow_text(text, value, old[key.value], new[kept.name])
        if body is None:
            return None
        spaced = colon if (":" in colon and colon != ":") or not body else ": "
        pieces.append(_Piece(between, f"{name}{spaced}{body}"))
        pieces += [
            _Piece("", f"{key_text(other)}: {flow(new[other])}")
            for other in plan.added.get(kept.name, [])
        ]
    return _joined(opening, pieces)


def _list(text: str, node: Node, old: Any, new: Any) -> Sequence[str] | None:
    items: Sequence[Node] = node.value
    plan = align_items(old, new)
    opening = text[node.start_mark.index : items[0].start_mark.index]
    fresh = [_Piece("", flow(new[index])) for index in plan.added]
    pieces = fresh if plan.after is None else []
    done = node.start_mark.index
    for index, item in enumerate(items):
        if item.start_mark.index < done:
            return None  # an alias: its own place is not known
        between = text[done : item.start_mark.index]
        done = item.end_mark.index
        if index not in plan.kept:
            if "#" in between:
                return None
            continue
        body = flow_text(text, item, old[index], new[plan.kept[index]])
        if body is None:
            return None
        pieces.append(_Piece(between, body))
        if index == plan.after:
            pieces += fresh
    return _joined(opening, pieces)


def _joined(opening: str, pieces: Sequence[_Piece]) -> list[str] | None:
    if pieces and pieces[0].before != opening and "#" in pieces[0].before:
        return None  # a comment behind an entry that went
    out: list[str] = [opening]
    for index, piece in enumerate(pieces):
        if index:
            out.append(piece.before if "," in piece.before else ", ")
        out.append(piece.text)
    return out
