from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.contract.expressions import (
    ExpressionError,
    Slot,
    as_words,
    compile_expression,
    render,
    slots,
    split_template,
)

ORDER: dict[str, Any] = {
    "id": "O-1",
    "total": 64.5,
    "days": 12,
    "items": ["lamp", "mug"],
    "gone": None,
}
NAMES: dict[str, Any] = {
    "order": ORDER,
    "n": 3,
    "big": 2**70,
    "name": "Ana",
    "ok": True,
    "now": datetime(2026, 1, 5, 8, tzinfo=UTC),
}


def value(text: str) -> Any:
    return compile_expression(text).value(NAMES)


def refusal(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        value(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("order.total < 100.0 && order.days <= 30", True),
        ("order.total < 100", True),
        ("n + 1", 4),
        ("'lamp' in order.items", True),
        ("order.items.map(item, item + '!')", ["lamp!", "mug!"]),
        ("order.items.filter(item, item.startsWith('m'))", ["mug"]),
        ("has(order.total)", True),
        ("has(order.nothing)", False),
        ("has(order.gone)", True),
        ("order.?nothing.orValue('none')", "none"),
        ("order.gone == null", True),
        ("{'a': order.id}", {"a": "O-1"}),
        ("ok ? name : 'nobody'", "Ana"),
        ("name.upperAscii()", "ANA"),
        ("math.greatest(1, 2)", 2),
        ("now > timestamp('2026-01-01T00:00:00Z')", True),
        ("now", "2026-01-05T08:00:00+00:00"),
        ("duration('90s')", 90.0),
        ("double(n) * order.total", 193.5),
        ("n == 3.0", True),
    ],
)
def test_an_expression_has_the_value_that_cel_gives_it(text: str, wanted: Any) -> None:
    assert value(text) == wanted


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("order.total < limit", {"order", "limit"}),
        ("has(order.total) && has(customer.name)", {"order", "customer"}),
        ("order.items.exists(item, item == wanted)", {"order", "wanted"}),
        ("'order' + \"name\"", set[str]()),
        ("math.greatest(a, b)", {"a", "b"}),
    ],
)
def test_the_names_of_an_expression_are_the_variables_it_reads(text: str, names: set[str]) -> None:
    assert compile_expression(text).names == names


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("", "the expression is empty", 0),
        ("ok and ok", "'and' is not used here; write &&", 4),
        ("ok or ok", "'or' is not used here; write ||", 4),
        ("not ok", "'not' is not used here; write !", 5),
        ("order.total = 3", "'=' is not used here; write ==", 13),
        ("(n + 1", "the expression ends too early", 7),
        ("n ==", "the expression ends too early", 5),
        ("'abc", "a quote or character here cannot be read", 1),
        ("foo(n)", "there is no function 'foo'", 4),
        ("name.foo(n)", "there is no function 'foo'", 9),
        ("return", "'return' is a word of the language, not a name", 1),
        ("n + * 2", "'*' does not fit here", 5),
        ("n +\n* 2", "'*' does not fit here", 5),
        ("size(1)", "'size' does not go with a whole number", 5),
    ],
)
def test_what_cannot_be_read_is_explained_with_its_column(
    text: str, message: str, column: int
) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text)
    assert (caught.value.message, caught.value.column) == (message, column)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ordr.total", "'ordr' has no value here"),
        ("order.nothing", "there is no field 'nothing'"),
        ("name + 1", "'+' does not go with text and a whole number"),
        ("order.gone + 1", "'+' does not go with nothing and a whole number"),
        ("n && ok", "'&&' goes only between true/false values"),
        ("!n", "'!' goes only before true/false values"),
        ("n ? 1 : 2", "the condition before '?' is neither true nor false"),
        ("n / 0", "a division by zero"),
        ("n % 0", "a division by zero"),
        ("order.items[5]", "the list has no element at this place"),
        ("order.items['x']", "the elements of a list are counted, from 0; this is no whole number"),
        ("order.id.length", "a field is read from something that has no fields"),
        ("big + 1", "the number in 'big' is too big"),
        ("9223372036854775807 + n", "the number is too big"),
        ("int(name)", "the text is no number"),
        ("timestamp(name)", "the text is no moment; write it as 2026-01-31T08:00:00Z"),
        ("duration(name)", "the text is no duration of CEL; write it as 90s, 15m or 24h"),
        ("name.matches('[')", "the pattern is no regular expression"),
        ("{name: 1, name: 2}", "an object has the same key twice"),
    ],
)  # fmt: skip
def test_what_has_no_value_is_explained_in_our_own_words(text: str, message: str) -> None:
    assert refusal(text).message == message


@pytest.mark.parametrize("text", ["1.0 / 0.0", "double('nan')", "b'abc'", "type(n)", "order.?gone"])
def test_a_result_that_json_does_not_have_is_an_error_and_never_a_value(text: str) -> None:
    assert refusal(text).message


def test_the_error_of_a_missing_variable_or_field_names_it() -> None:
    assert refusal("order.nothing").name == "nothing"
    assert refusal("nobody.name").name == "nobody"


def test_a_text_that_is_one_slot_keeps_the_type_of_its_value() -> None:
    assert render("${order.items}", NAMES) == ["lamp", "mug"]
    assert render("${order.total}", NAMES) == 64.5
    assert render("${ok}", NAMES) is True
    assert render("${order.gone}", NAMES) is None


def test_text_around_slots_makes_text_of_their_values() -> None:
    assert render("Order ${order.id}: ${order.total} EUR", NAMES) == "Order O-1: 64.5 EUR"
    assert render("${n}${n}", NAMES) == "33"
    assert render(" ${ok}", NAMES) == " true"
    assert render("[${order.gone}]", NAMES) == "[]"
    assert render("${order.items} there", NAMES) == '["lamp","mug"] there'


@pytest.mark.parametrize(
    ("given", "words"),
    [(None, ""), ("a", "a"), (64.0, "64"), (64.5, "64.5"), (True, "true"), ([1, "a"], '[1,"a"]')],
)
def test_a_value_inside_a_text_is_written_for_people(given: Any, words: str) -> None:
    assert as_words(given) == words


def test_braces_and_quotes_inside_a_slot_do_not_end_it() -> None:
    assert render("${ {'a': {'b': 1}}['a']['b'] }", NAMES) == 1
    assert render("a ${'}' + \"{\" + '\\'}'} b", NAMES) == "a }{'} b"
    assert render("${order.items.map(i, {'x': i})}", NAMES) == [{"x": "lamp"}, {"x": "mug"}]


def test_a_doubled_dollar_stands_for_a_plain_slot() -> None:
    assert render("write $${order.id} for the id", NAMES) == "write ${order.id} for the id"
    assert render("5 $ and {braces} stay", NAMES) == "5 $ and {braces} stay"


@pytest.mark.parametrize("text", ["Hi ${name", "Hi ${ {'a': 1}", "Hi ${'}", "Hi ${name + '}'"])
def test_an_unclosed_slot_is_an_error_at_its_beginning(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        split_template(text)
    assert caught.value.message == "a '${' has no closing '}'"
    assert caught.value.column == text.index("${") + 1


def test_nested_values_are_rendered_and_other_types_stay_as_they_are() -> None:
    template = {"a": ["${n}", {"b": "x${n}"}], "c": 1.5, "d": None, "e": False}
    assert render(template, NAMES) == {"a": [3, {"b": "x3"}], "c": 1.5, "d": None, "e": False}


def test_every_slot_of_a_nested_value_is_found_with_its_path() -> None:
    found = list(slots({"a": ["x", "${n} ${name}"], "b": {"c": "${ok}"}, "d": 1}))
    assert [(path, slot.expression) for path, slot in found] == [
        (("a", 1), "n"),
        (("a", 1), "name"),
        (("b", "c"), "ok"),
    ]


plain_texts = st.text(st.characters(codec="utf-8"), max_size=8).map(
    lambda text: text.replace("$", "").replace("{", "(")
)
expressions = st.sampled_from(["n", "order.id", "{'a': 1}", "'}'", '"{"', "[1, 2]", "'a\\'}'"])


@given(st.lists(st.one_of(plain_texts.filter(bool), expressions.map(lambda text: Slot(text, 0)))))
def test_a_template_that_is_split_and_joined_again_is_the_same(parts: list[str | Slot]) -> None:
    text = "".join(
        part if isinstance(part, str) else "${" + part.expression + "}" for part in parts
    )
    joined = "".join(
        part if isinstance(part, str) else "${" + part.expression + "}"
        for part in split_template(text)
    )
    assert joined == text
    for part in split_template(text):
        if isinstance(part, Slot):
            assert text[part.start :].startswith(part.expression + "}")


@given(st.text(max_size=20).filter(lambda text: not text.endswith("$")))
def test_any_text_comes_through_when_its_slots_are_doubled(text: str) -> None:
    assert render(text.replace("${", "$${"), {}) == text.replace("$$${", "$${")  # `$` before `$${`


@given(st.text(max_size=30))
def test_no_text_makes_the_compiler_fail_in_another_way(text: str) -> None:
    try:
        compile_expression(text)
    except ExpressionError as error:
        told = error
    else:
        return
    assert told.message
    assert "ERROR" not in told.message
    assert 0 <= told.column <= len(text) + 1


@pytest.mark.parametrize("value", ["guest\0x", ["a\0b"], {"k": {"l": "a\0b"}}, {"k\0": 1}])
def test_a_text_that_the_library_would_cut_is_refused(value: Any) -> None:
    with pytest.raises(ExpressionError, match="a text in 'x' holds a null character"):
        compile_expression("x == 'guest'").value({"x": value})


MIXED: list[tuple[str, Any]] = [
    ("price * 1.19", 332.01),
    ("1.19 * price", 332.01),
    ("price + 0.5 - n", 276.5),
    ("order.total * 2", 129.0),
    ("price / 2.0", 139.5),
    ("price == 279.0", True),
    ("279 == 279.0", True),
    ("price != 279.5", True),
    ("size(order.items) > 1.5", True),
    ("size(order.items) * 1.5", 3.0),
    ("size(order.items) == 2.0", True),
    ("n < 3.5 && 3.5 > n", True),
    ("[1, 2.5].map(x, x * 2.0)", [2.0, 5.0]),
    ("[1, 2.5].exists(x, x * 2.0 == 5.0)", True),
    ("ok ? 1 : 1.5", 1),
    ("order.items[n - 2] + (n * 1.5 > 4.0 ? '!' : '')", "mug!"),
    ("math.round(price)", 279.0),
    ("math.floor(price * 1.19)", 332.0),
    ("1 + 1.5", 2.5),
    ("2.5 + (n + 1)", 6.5),
    ("n + 1 > 2.5", True),
    ("1 in [1.0, 2.0]", True),
]


@pytest.mark.parametrize(("text", "wanted"), MIXED)
def test_whole_and_decimal_numbers_are_reckoned_together(text: str, wanted: Any) -> None:
    found = compile_expression(text).value({**NAMES, "price": 279})
    assert found == pytest.approx(wanted) if isinstance(wanted, float) else found == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("7 / 2", 3), ("seven / 2", 3), ("seven / 2 + 0.5", 3.5), ("0.5 + seven / 2 * 1", 3.5), ("seven / 2.0", 3.5),
     ("-7 / 2 + half", -2.5), ("(seven + half) / 2", 3.75)],
)  # fmt: skip
def test_a_division_of_whole_numbers_is_the_same_beside_decimal_ones(
    text: str, wanted: Any
) -> None:
    found = compile_expression(text).value({"seven": 7, "half": 0.5})
    assert found == wanted
    assert type(found) is type(wanted)


@pytest.mark.parametrize(
    "text", ["n % 2.0", "name * 1.5", "n + name", "order.items * 2", "order.items[1.5]"]
)
def test_what_decimals_do_not_mend_stays_an_error(text: str) -> None:
    assert refusal(text).message


ASKED: list[tuple[str, dict[str, Any], Any]] = [
    ("has(label)", {}, False),
    ("has(label)", {"label": None}, True),
    ("has(label) && label.url != ''", {}, False),
    ("has(label) && label.url != ''", {"label": {"url": "x"}}, True),
    ("has(label) ? label.url : 'none'", {}, "none"),
    ("!has( label )", {}, True),
    ("has(label) && price * 1.19 > 2.0", {"label": 1, "price": 2}, True),
    ("[1, 2].filter(x, has(label) && x == label)", {"label": 2}, [2]),
]


@pytest.mark.parametrize(("text", "given", "wanted"), ASKED)
def test_whether_a_variable_is_set_can_be_asked(
    text: str, given: dict[str, Any], wanted: Any
) -> None:
    assert compile_expression(text).value(given) == wanted


def test_a_variable_that_is_read_although_it_is_not_set_is_named() -> None:
    with pytest.raises(ExpressionError, match="'label' has no value here"):
        compile_expression("has(label) || label.url == ''").value({})
    with pytest.raises(ExpressionError, match=r"has\(…\) asks for a variable or a field"):
        compile_expression("[1].map(x, has(x))")


@pytest.mark.parametrize(("text", "column"), [("has(a) ? 1 + : 2", 14), ("has(a) && foo(b)", 14)])
def test_the_place_of_an_error_is_right_behind_a_question_for_a_variable(
    text: str, column: int
) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text)
    assert caught.value.column == column


numbers = st.sampled_from(["a", "b", "1", "2", "2.5", "0.5"])
sums = st.recursive(
    numbers, lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner), max_leaves=6
)  # fmt: skip


@given(sums, st.integers(-9, 9), st.integers(-9, 9))
def test_a_sum_has_the_value_that_reckoning_has(text: str, a: int, b: int) -> None:
    wanted = eval(text, {"a": a, "b": b})
    assert compile_expression(text).value({"a": a, "b": b}) == pytest.approx(wanted)


@pytest.mark.parametrize(
    "text",
    ["order" + ".a" * 5000, "n" + " + n" * 5000, "order" + "['a']" * 5000, "order" + ".size()" * 5000,
     "has(n)" + " && ok" * 5000, "[" * 5000 + "]" * 5000, "(" * 5000],
)  # fmt: skip
def test_an_expression_without_end_is_refused_in_words(text: str) -> None:
    assert "read" in refusal(text).message


def test_many_conditions_in_a_row_are_no_trouble() -> None:
    assert value("ok" + " && ok" * 90) is True
    assert value("has(n)" + " && ok" * 90) is True
