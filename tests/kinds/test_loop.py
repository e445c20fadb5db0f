from typing import Any

import pytest

from journeybuilder.errors import StepError
from tests.kinds.steps import FakeStep, complaints, visit

LOOP: dict[str, Any] = {
    "each": "order.lines",
    "as": "line",
    "limit": 3,
    "collect": {"labels": "${label.id}", "twice": "${line * 2}"},
    "body": "make",
    "next": "done",
}


def rounds(settings: dict[str, Any], lines: list[Any]) -> tuple[list[Any], Any]:
    """The items of every round, and how the loop was left."""
    seen: list[Any] = []
    variables: dict[str, Any] = {"order": {"lines": lines}}
    leave = visit("loop", settings, FakeStep(variables))
    while leave.port == "body":
        variables |= leave.save
        seen.append(variables["line"])
        variables["label"] = {"id": f"L-{variables['line']}"}
        variables["order"] = "changed by the body"
        leave = visit("loop", settings, FakeStep(variables, kept=leave.keep))
    return seen, leave


def test_every_item_has_its_round_in_order_and_what_is_collected_is_a_list() -> None:
    seen, leave = rounds(LOOP, [1, 2, 3])
    assert seen == [1, 2, 3]
    assert leave.port == "next"
    assert leave.save == {"labels": ["L-1", "L-2", "L-3"], "twice": [2, 4, 6]}
    assert leave.keep is None


def test_an_empty_list_has_no_round_and_collects_an_empty_list() -> None:
    seen, leave = rounds(LOOP, [])
    assert seen == []
    assert leave.save == {"labels": [], "twice": []}


def test_a_list_beyond_the_limit_is_an_error_before_the_first_round() -> None:
    with pytest.raises(StepError) as raised:
        rounds(LOOP, [1, 2, 3, 4])
    assert raised.value.code == "limit"
    assert raised.value.message == "'order.lines' has 4 items, more than the limit of 3"


@pytest.mark.parametrize("lines", [None, "abc", {"a": 1}, 3])
def test_what_is_no_list_is_an_error(lines: Any) -> None:
    with pytest.raises(StepError, match=r"'order\.lines' is no list to go through"):
        rounds(LOOP, lines)


def test_a_value_to_collect_that_is_missing_is_an_error_of_its_round() -> None:
    step = FakeStep({"line": 1}, kept={"items": [1], "done": []})
    with pytest.raises(StepError, match="'label' has no value here"):
        visit("loop", LOOP, step)


def test_what_is_kept_between_rounds_is_the_list_as_it_was_and_what_was_collected() -> None:
    leave = visit("loop", LOOP, FakeStep({"order": {"lines": [1, 2, 3]}}))
    assert leave.keep == {"items": [1, 2, 3], "done": []}
    again = FakeStep({"line": 1, "label": {"id": "L-1"}}, kept=leave.keep)
    assert visit("loop", LOOP, again).keep == {
        "items": [1, 2, 3],
        "done": [{"labels": "L-1", "twice": 2}],
    }


def test_a_list_cannot_be_collected_into_the_item() -> None:
    assert complaints("loop", {**LOOP, "collect": {"line": "x"}}) == [
        "collect.line: 'line' is the item of the round already"
    ]
