from collections.abc import Callable
from typing import Any

import pytest

from journeybuilder.rehearse.campaigns.shrink import same_trouble, shrink, trouble_in, weight
from journeybuilder.rehearse.simulate import Rehearsed
from tests.fakes import plan_of

NODES = """
a: {kind: ask, text: Which?, save: id, timeout: 5m, next: b, on_invalid: z, on_timeout: z}
b: {kind: tool, tool: orders/get_order, with: {order_id: "${id}"}, save: order, next: c, on_error: sorry}
c: {kind: branch, cases: [{when: 'has(order.total) && order.total > 9 && order.owner == id', next: d}], otherwise: z}
d: {kind: end, outcome: rich}
sorry: {kind: end, outcome: sorry}
z: {kind: end, outcome: done}
"""
LONG: dict[str, Any] = {
    "journeybuilder": 1,
    "scenario": "long",
    "journey": "test",
    "input": {"anything": [1, 2]},
    "channel": "voice",
    "customer": [{"says": "O-1234567", "after": "1m"}, {"says": "more"}, {"silent": True}],
    "tools": {
        "orders/get_order": [
            {"returns": {"total": 300.5, "owner": "O-1234567", "lines": [1, 2, 3], "paid": True}},
            {"fails": "timeout"},
        ],
        "orders/refund": {"returns": {}},
    },
    "people": {"a": {"decision": "approve", "note": "yes"}},
    "remembered": {"tier": "gold"},
}


def ends(outcome: str) -> Callable[[Rehearsed], bool]:
    return lambda done: done.state.outcome == outcome


def shortest(data: dict[str, Any], outcome: str, **more: Any) -> dict[str, Any]:
    short = shrink(plan_of(NODES), data, ends(outcome), **more)
    return {
        key: value
        for key, value in short.items()
        if key not in {"journeybuilder", "scenario", "journey"}
    }


def test_what_does_not_matter_goes_and_values_that_belong_together_shrink_together() -> None:
    assert shortest(LONG, "rich") == {
        "customer": [{"says": "x"}],
        "tools": {"orders/get_order": {"returns": {"total": 300, "owner": "x"}}},
    }


def test_a_fault_stays_where_it_matters_and_becomes_the_plainest_one() -> None:
    data = {
        **LONG,
        "tools": {"orders/get_order": [{"returns": {"total": 1}}, {"fails": "timeout"}]},
    }
    data["tools"]["orders/get_order"].reverse()
    assert shortest(data, "sorry") == {
        "customer": [{"says": "x"}],
        "tools": {"orders/get_order": {"fails": "error"}},
    }


def test_a_scenario_that_does_not_show_it_stays_as_it_is() -> None:
    assert shrink(plan_of(NODES), LONG, ends("sorry")) == LONG


def test_a_scenario_of_one_bug_does_not_become_that_of_another_one_of_the_same_sort() -> None:
    nodes = """
a: {kind: ask, text: Which?, save: id, timeout: 5m, next: b, on_timeout: c}
b: {kind: tool, tool: orders/get_order, with: {order_id: "${id}"}, next: z}
c: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, next: z}
z: {kind: end}
"""
    plan = plan_of(nodes)
    data = {
        "journey": "test",
        "customer": [{"says": "O-1"}],
        "tools": {"orders/get_order": {"fails": "unreachable"}},
    }
    key = ("not_caught", "b", "outside")
    assert shrink(plan, data, same_trouble(plan, key)) == {
        **data,
        "customer": [{"says": "x"}],
        "tools": {"orders/get_order": {"fails": "error"}},
    }
    found = trouble_in(plan, data, key)
    assert found is not None
    assert found.node == "b"
    assert trouble_in(plan, data, ("not_caught", "c", "outside")) is None


def test_shrinking_again_changes_nothing() -> None:
    once = shrink(plan_of(NODES), LONG, ends("rich"))
    assert shrink(plan_of(NODES), once, ends("rich")) == once
    assert weight(once) < weight(LONG)


def test_shrinking_can_be_stopped_and_is_bounded() -> None:
    asked = iter(range(100))
    some = shrink(plan_of(NODES), LONG, ends("rich"), stop=lambda: next(asked) >= 3)
    assert weight(shrink(plan_of(NODES), LONG, ends("rich"))) < weight(some) < weight(LONG)
    assert shrink(plan_of(NODES), LONG, ends("rich"), tries=1) == LONG


@pytest.mark.parametrize(
    ("plainer", "value"),
    [(0, 7), (False, True), ("", "x"), ("x", "xyz"), ([], [1]), ({}, {"a": 1}), (1, 19.5)],
)
def test_a_plainer_value_weighs_less(plainer: Any, value: Any) -> None:
    assert weight(plainer) < weight(value)
