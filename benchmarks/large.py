"""Large journeys for measurements: the same graph for every editor."""

from dataclasses import dataclass
from random import Random

COLUMN, ROW = 300, 160


@dataclass(frozen=True)
class Graph:
    """Nodes by number: `edges` leave them in order of their ports, `places` are left, top."""

    count: int
    edges: dict[int, list[int]]
    places: list[tuple[float, float]]


def graph(count: int, seed: int = 7) -> Graph:
    """About 1.3 edges a node, 3 in 100 of them backward, on a grid 1.6 times as wide as high."""
    dice = Random(seed)
    columns = max(1, round((count * 1.6 * ROW / COLUMN) ** 0.5))
    edges: dict[int, list[int]] = {number: [] for number in range(count)}
    for number in range(1, count):
        edges[max(0, number - dice.choice((1, 1, 1, 2, 3, columns)))].append(number)
    for _ in range(int(count * 0.3)):
        source = dice.randrange(count - 1)
        back = dice.random() < 0.1
        low, high = (0, source) if back else (source + 1, min(source + 2 * columns, count - 1))
        edges[source].append(dice.randint(low, high))
    places = [
        (float(number // _rows(count, columns) * COLUMN), float(number % _rows(count, columns) * ROW))
        for number in range(count)
    ]  # fmt: skip
    return Graph(count, edges, places)


def _rows(count: int, columns: int) -> int:
    return -(-count // columns)
