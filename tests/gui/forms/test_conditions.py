"""Rows of a condition, written as CEL and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.contract.expressions import compile_expression
from journeybuilder.gui.forms.conditions import OPERATORS, Group, Row, Value, read, write


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("order.age_days <= 30 && order.total < 200", "order.age_days <= 30 && order.total < 200"),
        ("!a || b.c == 'x'", '!a || b.c == "x"'),
        ('(a==1||b==2)&&c.contains("é")', '(a == 1 || b == 2) && c.contains("é")'),
        ('!(x.y in ["a", "b"])', '!(x.y in ["a", "b"])'),
        ("has(a.b) && !has(c.d)", "has(a.b) && !has(c.d)"),
        ("x in allowed", "x in allowed"),
        ("", "true"),
    ],
)
def test_simple_conditions_become_rows_and_cel_again(text: str, again: str) -> None:
    group = read(text)
    assert group is not None
    assert write(group) == again


@pytest.mark.parametrize(
    "text",
    [
        "size(x) > 3",
        "a + 1 > 2",
        "x == null",
        "x in [1, '2']",
        "a ? b : c",
        "a.map(x, x)",
        "a ==",
        "x in ['a,b']",
    ],
)
def test_what_rows_cannot_say_stays_text(text: str) -> None:
    assert read(text) is None


NAMES = st.sampled_from(["order.total", "input.vip", "a", "b.c.d"])
TEXTS = st.text(alphabet="abc é\"\\'${}\n", max_size=8)


@st.composite
def rows(draw: st.DrawFn) -> Row:
    operator = draw(st.sampled_from(list(OPERATORS.values())))
    if operator.id in {"in", "!in"}:
        items = draw(st.lists(st.sampled_from(["x", "y z", "3", "true"]), max_size=3))
        return Row(draw(NAMES), operator.id, Value(", ".join(items), "list"))
    if not operator.kinds:
        name = "b.c" if "has" in operator.id else draw(NAMES)
        return Row(name, operator.id)
    kind = draw(st.sampled_from(operator.kinds))
    values = {
        "text": TEXTS,
        "number": st.sampled_from(["1", "-2.5"]),
        "yes/no": st.sampled_from(["yes", "no"]),
        "variable": NAMES,
    }
    return Row(draw(NAMES), operator.id, Value(draw(values[kind]), kind))


@given(st.lists(rows(), min_size=2, max_size=4), st.sampled_from(["all", "any"]))
def test_whatever_rows_say_is_valid_cel_and_reads_back_as_the_same_rows(
    parts: list[Row], join: str
) -> None:
    group = Group(join, tuple(parts))
    text = write(group)
    compile_expression(text)
    assert read(text) == group
