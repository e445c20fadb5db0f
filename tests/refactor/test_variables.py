import pytest

from journeybuilder.document.write import rewrite
from journeybuilder.errors import AuthorError
from journeybuilder.refactor.variables import rename_in_scenario, rename_variable, variables_of
from tests.refactor.journeys import RETURN, journey


def lines(text: str) -> list[str]:
    return [
        new for old, new in zip(RETURN.splitlines(), text.splitlines(), strict=True) if old != new
    ]


def test_a_variable_is_renamed_where_it_is_saved_and_read_and_nowhere_else() -> None:
    after = rename_variable(journey(), "order", "parcel")
    assert [line.strip() for line in lines(rewrite(RETURN, after.data))] == [
        "save: parcel",
        '- {when: "parcel.lines.exists(l, l.order == parcel.id)", next: label}',
        'with: {order: "${parcel.id}", customer: "${input.customer_id}"}',
        'price: {kind: set, values: {fee: "${parcel.total * 0.1}"}, next: tell}',
        'tell: {kind: say, text: {en: "Your order ${parcel.id}: ${label.url} costs ${fee}."}, next: done}',
    ]


def test_a_variable_that_is_declared_and_set_is_renamed_there_too() -> None:
    after = rename_variable(journey(), "reason", "why")
    assert [line.strip() for line in lines(rewrite(RETURN, after.data))] == [
        "why: {type: string}",
        'begin: {kind: set, values: {why: "", fee: 0}, next: look_up}',
        'too_late: {kind: say, text: "Too late, ${why}.", next: done}',
    ]
    assert rename_variable(after, "why", "reason").data == journey().data


def test_a_value_that_reads_the_variable_it_sets_is_renamed_as_well() -> None:
    text = RETURN.replace("order.total * 0.1", "fee + 1")
    after = rename_variable(journey(text), "fee", "cost")
    assert after.nodes["price"].settings["values"] == {"cost": "${cost + 1}"}


def test_variables_are_those_declared_and_those_set() -> None:
    assert variables_of(journey()) == ["reason", "fee", "order", "label"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("ordr", "x", "no variable 'ordr'"),
        ("order", "fee", "already a variable 'fee'"),
        ("order", "now", "cannot be the name"),
        ("order", "a b", "cannot be the name"),
        ("order", "in", "cannot be the name"),
        ("order", "l", "for values of its own"),
    ],
)
def test_a_name_that_cannot_be_is_refused(old: str, new: str, words: str) -> None:
    with pytest.raises(AuthorError, match=words):
        rename_variable(journey(), old, new)


def test_the_same_name_changes_nothing() -> None:
    one = journey()
    assert rename_variable(one, "order", "order") is one


def test_scenarios_expect_the_variable_under_its_new_name() -> None:
    data = {"scenario": "s", "expect": [{"when": "order.total == 3"}, {"outcome": "order"}]}
    after = rename_in_scenario(data, "order", "parcel")
    assert after["expect"] == [{"when": "parcel.total == 3"}, {"outcome": "order"}]
    assert rename_in_scenario(data, "fee", "cost") is data


def test_a_node_of_an_unknown_kind_is_renamed_by_what_looks_like_it() -> None:
    text = RETURN.replace("kind: set, values: {fee", "kind: strange, values: {fee")
    after = rename_variable(journey(text), "fee", "cost")
    assert after.nodes["price"].settings["values"] == {"cost": "${order.total * 0.1}"}


LOOP = RETURN.replace(
    "too_late: {kind: say",
    "each: {kind: loop, each: order.lines, as: line, collect: {all: '${line.id} ${order.id}'},"
    " body: tell, next: done}\n"
    "  who: {kind: verify, text: Hi, check: {tool: a/b, with: {code: '${answer}', of: '${order.id}'},"
    " passed: result.valid && order.paid}, next: done, on_failed: done}\n"
    "  too_late: {kind: say",
)


def test_the_item_of_a_loop_and_what_it_collects_are_variables() -> None:
    after = rename_variable(rename_variable(journey(LOOP), "line", "entry"), "all", "every")
    settings = after.nodes["each"].settings
    assert settings["as"] == "entry"
    assert settings["collect"] == {"every": "${entry.id} ${order.id}"}


def test_a_name_that_a_loop_gives_by_itself_has_to_be_written_first() -> None:
    with pytest.raises(AuthorError, match="gives 'item' its name by itself"):
        rename_variable(journey(LOOP.replace("as: line, ", "")), "item", "entry")


def test_names_that_a_field_knows_by_itself_are_no_variables() -> None:
    text = LOOP.replace("save: label", "save: result")
    after = rename_variable(rename_variable(journey(text), "result", "paper"), "order", "parcel")
    assert after.nodes["label"].settings["save"] == "paper"
    assert after.nodes["who"].settings["check"] == {
        "tool": "a/b",
        "with": {"code": "${answer}", "of": "${parcel.id}"},
        "passed": "result.valid && parcel.paid",
    }
    with pytest.raises(AuthorError, match="'answer' has a meaning of its own in 'who'"):
        rename_variable(journey(LOOP), "order", "answer")
