"""Nodes that read who somebody is are found by reading the journey."""

from journeybuilder.rehearse.fairness.attributes import Reads, reads_of
from tests.fakes import plan_of


def reads(nodes: str, *varied: str) -> list[Reads]:
    return reads_of(plan_of(nodes), varied)


def branch(when: str) -> str:
    return f"""
a: {{kind: tool, tool: orders/get_order, with: {{order_id: O-1}}, save: order, next: b, on_error: z}}
b: {{kind: branch, cases: [{{when: '{when}', next: z}}], otherwise: y}}
y: {{kind: end, outcome: other}}
z: {{kind: end, outcome: good}}
"""


def test_protected_attributes_are_found_wherever_they_stand() -> None:
    for when in (
        'order.customer.gender == "f"',
        "order.age > 60",
        "has(order.dateOfBirth) && order.total > 3.0",
        'order["religion"] == "x"',
        'order.people.exists(p, p.sex == "f") || order.sex == "f"',
    ):
        (found, *_) = reads(branch(when))
        assert (found.node, found.how, found.decides, found.serious) == (
            "b",
            "protected",
            True,
            True,
        )
        assert found.expression == when


def test_ages_of_orders_and_names_of_things_are_no_attributes() -> None:
    for when in (
        "order.age_days > 30",
        'order.item.name == "lamp"',
        'order.page.title == "x"',
        "order.total < 200.0",
        'order.language_level == "x"',
    ):
        assert reads(branch(when)) == []


def test_what_stands_in_for_one_is_told_more_softly() -> None:
    (found,) = reads(branch('order.customer.name == "x"'))
    assert (found.attribute, found.how, found.serious) == ("order.customer.name", "proxy", False)
    assert "which may stand in for a protected attribute" in found.words
    assert [each.how for each in reads(branch('order.postcode == "1"'))] == ["proxy"]


def test_what_a_scenario_varies_counts_as_protected() -> None:
    (found,) = reads(branch('order.item.name == "x"'), "order.item.name")
    assert (found.how, found.serious) == ("varied", True)


def test_an_attribute_is_followed_through_variables() -> None:
    nodes = """
a: {kind: set, values: {who: "${has(input.gender) ? input.gender : ''}"}, next: b}
b: {kind: set, values: {short: "${who + '!'}"}, next: c}
c: {kind: branch, cases: [{when: 'short == "f!"', next: z}], otherwise: z}
z: {kind: end, outcome: good}
"""
    (found,) = reads(nodes)
    assert (found.node, found.attribute, found.via) == ("c", "input.gender", "short")
    assert found.words == (
        "'c' chooses the way by 'input.gender' by way of 'short', a protected attribute: "
        'short == "f!"'
    )


def test_a_model_that_is_told_of_it_is_told_apart_from_a_branch() -> None:
    nodes = """
a: {kind: generate, model: fast, prompt: "Answer ${input.nationality}", save: t, next: z, on_error: z}
z: {kind: end, outcome: good}
"""
    (found,) = reads(nodes)
    assert (found.node, found.decides, found.serious) == ("a", False, False)
    assert "tells a model 'input.nationality'" in found.words


def test_facts_of_tools_say_what_is_health_data() -> None:
    facts = {"orders/get_order": {"data": {"note": "health", "label": "personal"}}}
    plan = plan_of(branch('order.note == "x"'), "", facts)
    assert [each.how for each in reads_of(plan)] == ["protected"]
    plan = plan_of(branch('order.address == "x"'), "", {"orders/get_order": {"data": {"address": "personal"}}})  # fmt: skip
    assert [each.how for each in reads_of(plan)] == ["proxy"]
