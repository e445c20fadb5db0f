import pytest

from journeybuilder.contract.expressions import compile_expression
from journeybuilder.errors import AuthorError
from journeybuilder.refactor.cel_names import reads, rename_in_expression, rename_in_template

EXPRESSIONS = {
    "order": "parcel",
    "order.total > 3": "parcel.total > 3",
    "x.order == order": "x.order == parcel",
    'order == "order"': 'parcel == "order"',
    "order == 'it\\'s order' || order.a": "parcel == 'it\\'s order' || parcel.a",
    "orders + order_ + _order": "orders + order_ + _order",
    "[order, {'order': order}]": "[parcel, {'order': parcel}]",
    "xs.exists(order, order.a) || order.b": "xs.exists(order, order.a) || parcel.b",
    "order.exists(o, o == order)": "parcel.exists(o, o == parcel)",
    "xs.map(order, order > 1, order * 2)": "xs.map(order, order > 1, order * 2)",
    "xs.filter(o, o.all(order, order)) == order": "xs.filter(o, o.all(order, order)) == parcel",
    "has(order.total) ? order.total : 0": "has(parcel.total) ? parcel.total : 0",
    "order [ 0 ]": "parcel [ 0 ]",
    "x . order + order . order": "x . order + parcel . order",
    "size(order) + order.size()": "size(parcel) + parcel.size()",
    "r'order' + order": "r'order' + parcel",
    '"""order""" + order': '"""order""" + parcel',
    "order ? order : order": "parcel ? parcel : parcel",
    "1.0 + order": "1.0 + parcel",
}


@pytest.mark.parametrize(("before", "after"), EXPRESSIONS.items())
def test_exactly_the_reads_of_a_variable_are_renamed(before: str, after: str) -> None:
    assert rename_in_expression(before, "order", "parcel") == after
    assert rename_in_expression(after, "parcel", "order").count("order") == before.count("order")


@pytest.mark.parametrize("text", [*EXPRESSIONS, "a && b.c || d in [e]", "now > input.at", "true"])
def test_what_is_found_is_what_the_language_itself_reads(text: str) -> None:
    assert {read.name for read in reads(text)} == set(compile_expression(text).names)


def test_a_name_that_a_comprehension_takes_is_refused() -> None:
    with pytest.raises(AuthorError, match="for values of its own"):
        rename_in_expression("xs.exists(o, o == order)", "order", "o")
    assert rename_in_expression("xs.exists(o, o) && order", "order", "o") == "xs.exists(o, o) && o"


def test_templates_are_renamed_in_their_slots_alone() -> None:
    text = "order ${order.id} $${order} ${ {'order': order}.order } ${x.order}"
    assert rename_in_template(text, "order", "p") == (
        "order ${p.id} $${order} ${ {'order': p}.order } ${x.order}"
    )
    assert rename_in_template("${order", "order", "p") == "${order"


def test_the_fields_behind_a_name_are_told() -> None:
    (read,) = reads("input.customer.name.size() > 3")
    assert (read.name, read.fields) == ("input", ("customer", "name"))
    (read,) = reads("input['a']")
    assert read.fields == ()


@pytest.mark.parametrize("text", ["", "(", "a.exists(", "'", "a ? : b", "}{", "x.map(a"])
def test_what_is_no_expression_stays_and_nothing_raises(text: str) -> None:
    assert rename_in_expression(text, "zzz", "y") == text
