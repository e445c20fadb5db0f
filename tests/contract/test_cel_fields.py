"""Which fields of a variable are read; what the library is given changes no value and no error."""

import pytest

from journeybuilder.contract.cel_fields import looked_into
from journeybuilder.contract.cel_syntax import read
from journeybuilder.contract.expressions import ExpressionError, compile_expression


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("order.total * 1.19", {"order": {"total"}}),
        ("order.customer.id == input.id || order.paid", {"order": {"customer", "paid"}, "input": {"id"}}),
        ("has(order.total)", {"order": {"total"}}),
        ("size(order) > 1 && order.total > 1", {}),
        ("order['total'] + order.total", {}),
        ("order.lines.all(line, line.count > limit.low)", {"order": {"lines"}, "limit": {"low"}}),
        ("order.lines.exists(order, order.count > 1)", {"order": {"lines"}}),
        ("[1].exists(order, order > 1) && order.x", {"order": {"x"}}),
    ],
)  # fmt: skip
def test_the_fields_that_are_read_are_found(text: str, fields: dict[str, set[str]]) -> None:
    tree = read(text)
    assert tree is not None
    assert looked_into(tree) == fields


def test_a_variable_that_is_no_object_is_given_as_it_is() -> None:
    with pytest.raises(ExpressionError):
        compile_expression("order.total + 1").value({"order": "none"})


def test_a_field_that_is_missing_is_missed_as_before() -> None:
    with pytest.raises(ExpressionError, match="total"):
        compile_expression("order.total + 1").value({"order": {"other": 1}})
    assert compile_expression("has(order.total)").value({"order": {"other": 1}}) is False


def test_what_is_not_read_cannot_spoil_an_expression() -> None:
    assert compile_expression("order.total + 1").value({"order": {"total": 1, "note": "a\0b"}}) == 2
