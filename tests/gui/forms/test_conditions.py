"""Rows of a condition, written as CEL and read back."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.contract.expressions import ExpressionError, compile_expression
from journeybuilder.gui.forms.condition_reading import in_words, read, read_or_reason
from journeybuilder.gui.forms.conditions import (
    OPERATORS,
    Group,
    Row,
    Value,
    normal,
    operators_for,
    write,
)


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("order.age_days <= 30 && order.total < 200", "order.age_days <= 30 && order.total < 200"),
        ("!a || b.c == 'x'", '!a || b.c == "x"'),
        ('(a==1||b==2)&&c.contains("é")', '(a == 1 || b == 2) && c.contains("é")'),
        ('!(x.y in ["a", "b"])', '!(x.y in ["a", "b"])'),
        ("has(a.b) && !has(c.d)", "has(a.b) && !has(c.d)"),
        ("x in allowed", "x in allowed"),
        ("size(x) > 3", "size(x) > 3"),
        ("x.size() == 0", "size(x) == 0"),
        ("3 < a", "a > 3"),
        ("!(a > 1 && b)", "!(a > 1 && b)"),
        ("!(a > 1)", "!(a > 1)"),
        ('"vip" in order.tags', '"vip" in order.tags'),
        ('timestamp(o.at) < timestamp("2026-01-01T00:00:00Z")',)*2,
        ('now - timestamp(o.at) > duration("720h")',)*2,
        ("order.items.exists(i, i.price > 3 && i.sku.startsWith('L'))",
         'order.items.exists(i, i.price > 3 && i.sku.startsWith("L"))'),
        ("!order.items.all(i, i.ok)", "!order.items.all(i, i.ok)"),
        ("a || (b && (c || (d && e)))", "a || (b && (c || (d && e)))"),
        ("", "true"),
    ],
)  # fmt: skip
def test_conditions_become_rows_and_cel_again(text: str, again: str) -> None:
    group = read(text)
    assert group is not None
    assert write(group) == again


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a + 1 > 2", "“a + 1 > 2” says more than a row can show."),
        ("b && x == null", "“x == null” says more than a row can show."),
        ("x in [1, '2']", "Its list has items that a row cannot show."),
        ("a ? b : c", "“a ? b : c” says more than a row can show."),
        ("a.map(x, x)", "“a.map(x, x)” says more than a row can show."),
        ("a ==", "It cannot be read as a condition, so it cannot be shown as rows."),
        ("x in ['a,b']", "Its list has items that a row cannot show."),
        ("!(a && !(b && !(c && !(d && !(e && !(f && g))))))",
         "Its groups are nested too deeply to be shown as rows."),
    ],
)  # fmt: skip
def test_what_rows_cannot_say_stays_text_and_says_why(text: str, reason: str) -> None:
    assert read(text) is None
    assert read_or_reason(text) == reason


def test_operators_follow_the_type_of_the_field() -> None:
    offered = {kind: {one.id for one in operators_for(kind)} for kind in ("text", "bool", "list")}
    assert {"contains", "in", "empty", "has"} <= offered["text"]
    assert offered["bool"] == {"==", "!=", "true", "false", "has", "!has"}
    assert {"holds", "size>", "none"} <= offered["list"]
    assert "contains" not in offered["list"]
    assert len(operators_for("dynamic")) == len(OPERATORS)


def test_every_operator_has_words_and_its_opposite_points_back() -> None:
    for one in OPERATORS.values():
        assert one.words
        if one.opposite:
            assert OPERATORS[one.opposite].opposite == one.id


def test_a_condition_in_words_says_all_of_it() -> None:
    said = in_words("!(order.total <= 200 && order.items.exists(i, i.sku in ['a', 'b']))")
    assert said == (
        "not (order.total ≤ 200 and (holds for any item of order.items: i.sku is one of a, b))"
    )


NAMES = st.sampled_from(["order.total", "input.vip", "a", "b.c.d"])
TEXTS = st.text(alphabet="abc é\"\\'${}()&|\n", max_size=8)
DURATIONS = st.sampled_from(["30d", "1h30m", "45s", "2d"])
MOMENTS = st.sampled_from(["2026-01-01T00:00:00Z", "2027-06-30T12:30:00Z"])


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
        "number": st.sampled_from(["0", "1", "-2.5"]),
        "yes/no": st.sampled_from(["yes", "no"]),
        "variable": NAMES,
        "moment": MOMENTS,
        "duration": DURATIONS,
    }
    return Row(draw(NAMES), operator.id, Value(draw(values[kind]), kind))


def groups(depth: int) -> st.SearchStrategy[Group]:
    part = rows() if depth == 0 else rows() | groups(depth - 1)
    listed = st.lists(part, min_size=1, max_size=3).map(tuple)
    plain = st.builds(Group, st.sampled_from(["all", "any"]), listed, st.booleans())
    about = st.builds(
        Group,
        st.sampled_from(["all", "any"]),
        listed,
        st.booleans(),
        st.just("order.items"),
        st.sampled_from(["any", "all", "one"]),
        st.sampled_from(["item", "i"]),
    )
    return plain | about


@given(groups(2))
def test_whatever_rows_say_is_valid_cel_and_reads_back_as_the_same_rows(group: Group) -> None:
    text = write(group)
    compile_expression(text)
    assert read(text) == normal(group)
    again = read(text)
    assert again is not None
    assert normal(again) == again


SCALARS = st.sampled_from([0, 1, 2.5, -3, "", "abc", "b", True, False])
LISTS = st.lists(st.sampled_from([1, 2, "x", "b", True]), max_size=3)
DATA = st.fixed_dictionaries(dict.fromkeys(("a", "b", "c", "d"), SCALARS | LISTS))

LEAVES = st.sampled_from(
    [
        "a == 1", "a != b", "1 < a", "a >= 2.5", "b in [1, 2]", "!(c in d)", "c.contains('b')",
        "!c.startsWith('a')", "size(d) > 0", "d.size() == 0", "'x' in d", "!('b' in d)", "a", "!b",
        "has(a)", "!has(zz)", "c == ''", "c != ''", "d.exists(i, i == 'x')", "!d.all(i, i == 1)",
        "d.exists_one(i, i == 1 || i == 2)", "'abc' == c", "size(d) <= a", "!(a > 1)",
    ]
)  # fmt: skip


def joined(parts: list[str], sign: str, negated: bool) -> str:
    inside = f" {sign} ".join(parts)
    return f"!({inside})" if negated else f"({inside})"


CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        joined,
        st.lists(inner, min_size=1, max_size=3),
        st.sampled_from(["&&", "||"]),
        st.booleans(),
    ),
    max_leaves=6,
)


def outcome(text: str, data: Mapping[str, Any]) -> Any:
    try:
        return compile_expression(text).value(data)
    except ExpressionError:
        return "no value"


@given(CONDITIONS, DATA)
def test_a_condition_means_the_same_after_it_was_shown_as_rows(
    text: str, data: dict[str, Any]
) -> None:
    group = read(text)
    if group is not None:
        assert outcome(write(group), data) == outcome(text, data)
