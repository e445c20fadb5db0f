from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.checks.reach import backwards, cycles, reached_from

NAMES = list("abcdefg")
graphs = st.dictionaries(
    st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=4), max_size=7
).map(lambda found: {name: found.get(name, []) for name in NAMES})
Closure = dict[str, set[str]]


def closure(graph: dict[str, list[str]]) -> Closure:
    """Where one can come from each node in one step or more, worked out the slow way."""
    out = {node: set(targets) for node, targets in graph.items()}
    for middle, first, last in product(NAMES, repeat=3):
        if middle in out[first] and last in out[middle]:
            out[first].add(last)
    return out


@given(graphs, st.sets(st.sampled_from(NAMES)))
def test_what_is_reached_is_the_roots_and_all_that_lies_behind_them(
    graph: dict[str, list[str]], roots: set[str]
) -> None:
    behind = closure(graph)
    assert reached_from(roots, graph) == roots.union(*(behind[root] for root in roots))


@given(graphs)
def test_backwards_has_the_same_edges_the_other_way_round(graph: dict[str, list[str]]) -> None:
    edges = sorted((a, b) for a, targets in graph.items() for b in targets)
    turned = sorted((b, a) for a, targets in backwards(graph).items() for b in targets)
    assert turned == edges


@given(graphs)
def test_cycles_are_the_groups_of_nodes_that_come_back_to_each_other(
    graph: dict[str, list[str]],
) -> None:
    behind = closure(graph)
    wanted = {
        frozenset(other for other in NAMES if other in behind[node] and node in behind[other])
        for node in NAMES
        if node in behind[node]
    }
    found = cycles(graph)
    assert {frozenset(members) for members in found} == wanted
    assert len(found) == len(wanted)


def test_a_long_chain_needs_no_recursion() -> None:
    chain = {str(number): [str(number + 1)] for number in range(20_000)} | {"20000": ["0"]}
    assert len(cycles(chain)[0]) == 20_001
    assert len(reached_from(["0"], chain)) == 20_001


def test_a_target_that_is_no_node_is_no_cycle() -> None:
    assert cycles({"a": ["gone"]}) == []
