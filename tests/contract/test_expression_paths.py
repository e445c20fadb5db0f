"""A value that is only looked up is the value that the library gives."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.contract.expressions import ExpressionError, compile_expression

LEAVES = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=4)
    | st.lists(st.integers(0, 3), max_size=2)
)  # fmt: skip
NAMES = st.sampled_from(["order", "customer", "id"])
OBJECTS = st.dictionaries(NAMES, LEAVES | st.dictionaries(NAMES, LEAVES, max_size=3), max_size=3)


def outcome(expression: Any, variables: dict[str, Any]) -> Any:
    try:
        value = expression.value(variables)
    except ExpressionError as error:
        return error.message, error.name
    return type(value), value


@given(
    text=st.sampled_from(["order", "order.id", "order.customer.id", "customer.id"]),
    variables=OBJECTS,
)
def test_it_is_the_value_or_the_error_of_the_library(text: str, variables: dict[str, Any]) -> None:
    quick = compile_expression(text)
    assert quick.path == tuple(text.split("."))
    assert outcome(quick, variables) == outcome(replace(quick, path=()), variables)


@pytest.mark.parametrize(
    "text",
    ["true", "null", "order.id == 1", "size(order)", "order['id']", "has(order.id)", "-order"],
)
def test_what_is_more_than_a_path_is_for_the_library(text: str) -> None:
    assert compile_expression(text).path == ()


def test_a_moment_is_given_as_text() -> None:
    moment = datetime(2026, 1, 31, 8, tzinfo=UTC)
    assert compile_expression("now").value({"now": moment}).startswith("2026-01-31T08:00:00")
