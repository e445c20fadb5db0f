"""Where the lanes of each `parallel` meet and what the rounds of each `loop` are, without running."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from journeybuilder.contract.durations import seconds
from journeybuilder.errors import AuthorError

FORK = "parallel"
JOIN = "join"
LOOP = "loop"


@dataclass(frozen=True, slots=True)
class Joining:
    """How the lanes of one `parallel` meet.

    Attributes:
        node: The join, or an empty text where every lane comes to an end by itself.
        need: How many lanes are waited for; None for all.
        timeout: Seconds from the start of the lanes, or None for no end.
        undo: Whether what cancelled lanes have done is taken back.
    """

    node: str
    need: int | None = None
    timeout: float | None = None
    undo: bool = False


@dataclass(frozen=True, slots=True)
class Wiring:
    """One node as far as lanes go: its kind, raw settings and where its ports lead."""

    kind: str
    raw: Mapping[str, Any]
    ways: Mapping[str, str]


def joinings(nodes: Mapping[str, Wiring]) -> Mapping[str, Joining]:
    """How the lanes of every `parallel` meet, by its id.

    Raises:
        AuthorError: When lanes of one come together in more than one join, or the join's settings are
            not understood.
    """
    search = _Search(nodes)
    return {node: search.joining(node) for node, wired in nodes.items() if wired.kind == FORK}


def rounds(nodes: Mapping[str, Wiring], roots: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """The nodes that are come to only by way of a loop, by the loop's id.

    Who comes to a loop from one of them comes back from a round; from everywhere else it begins anew.

    Args:
        nodes: The journey's.
        roots: Where runs, and the handling of their errors, begin.
    """
    begins = list(roots)
    return {
        node: frozenset(nodes) - _around(nodes, begins, node)
        for node, wired in nodes.items()
        if wired.kind == LOOP
    }


def _around(nodes: Mapping[str, Wiring], roots: Iterable[str], without: str) -> set[str]:
    """The nodes that can be come to without passing one."""
    waiting, seen = [root for root in roots if root in nodes], set[str]()
    while waiting:
        node = waiting.pop()
        if node not in seen and node != without:
            seen.add(node)
            waiting += [target for target in nodes[node].ways.values() if target in nodes]
    return seen


class _Search:
    def __init__(self, nodes: Mapping[str, Wiring]) -> None:
        self._nodes = nodes
        self._found: dict[str, str] = {}

    def joining(self, fork: str) -> Joining:
        join = self._join_of(fork)
        if not join:
            return Joining("")
        raw = self._nodes[join].raw
        need, timeout = raw.get("wait_for", "all"), raw.get("timeout")
        try:
            length = None if timeout is None else seconds(str(timeout))
        except ValueError as error:
            raise AuthorError(str(error), where=f"'timeout' of '{join}'") from None
        wanted = need if isinstance(need, int) else 1 if need == "any" else None
        return Joining(join, wanted, length, raw.get("cancel") == "undo")

    def _join_of(self, fork: str) -> str:
        """The join behind a fork's lanes; a fork within them counts as its own join.

        Raises:
            AuthorError: When there is more than one.
        """
        if fork in self._found:
            return self._found[fork]
        self._found[fork] = ""  # a way back to it leads to no other join
        waiting, seen = list(self._nodes[fork].ways.values()), set[str]()
        joins: list[str] = []
        while waiting:
            node = waiting.pop(0)
            if node in seen or node not in self._nodes:
                continue
            seen.add(node)
            if self._nodes[node].kind == JOIN:
                joins.append(node)
            else:
                waiting += self._beyond(node)
        if len(joins) > 1:
            raise AuthorError(
                f"the lanes of '{fork}' come together in '{joins[0]}' and in '{joins[1]}'",
                hint="Lead all of its lanes into one join.",
            )
        self._found[fork] = joins[0] if joins else ""
        return self._found[fork]

    def _beyond(self, node: str) -> Sequence[str]:
        if self._nodes[node].kind != FORK:
            return list(self._nodes[node].ways.values())
        inner = self._join_of(node)
        return list(self._nodes[inner].ways.values()) if inner else []
