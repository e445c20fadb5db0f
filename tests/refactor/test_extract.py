import pytest

from journeybuilder.checks import Known, check_journey
from journeybuilder.errors import AuthorError
from journeybuilder.refactor.extract import extract
from tests.refactor.journeys import RETURN, journey


def test_what_goes_in_and_what_comes_back_is_worked_out() -> None:
    out = extract(journey(), ["label", "price"], "make-label")
    assert out.journey.nodes["make_label"].settings == {
        "journey": "make-label",
        "with": {"order": "${order}", "customer_id": "${input.customer_id}"},
        "save": "make_label_result",
        "next": "make_label_back",
    }
    assert out.journey.nodes["make_label_back"].settings == {
        "values": {
            "label": "${make_label_result.label}",
            "fee": "${make_label_result.fee}",
        },
        "next": "tell",
    }
    assert out.journey.nodes["eligible"].settings["cases"][0]["next"] == "make_label"
    assert not {"label", "price"} & set(out.journey.nodes)
    part = out.part
    assert part.id == "make-label"
    assert part.start == "begin"
    assert part.nodes["begin"].settings == {"values": {"order": "${input.order}"}, "next": "label"}
    assert part.nodes["price"].settings["next"] == "done"
    assert part.nodes["done"].settings["output"] == {"label": "${label}", "fee": "${fee}"}
    assert part.input == {"properties": {"order": {}, "customer_id": {"type": "string"}}}
    assert part.channels == ["chat"]
    assert out.notes == []


def test_errors_that_went_to_the_journeys_own_node_go_there_through_the_call() -> None:
    part = extract(journey(), ["label", "price"], "make-label").part
    assert "on_error" not in part.nodes["label"].settings


def test_a_part_that_needs_nothing_is_called_with_nothing() -> None:
    text = RETURN.replace("Too late, ${reason}.", "Too late.")
    out = extract(journey(text), ["too_late"], "refuse")
    assert out.journey.nodes["refuse"].settings == {"journey": "refuse", "next": "done"}
    assert out.journey.nodes["eligible"].settings["otherwise"] == "refuse"
    assert out.part.start == "too_late"


def test_the_start_of_a_journey_follows_its_node_into_the_part() -> None:
    out = extract(journey(), ["begin"], "set-up")
    assert out.journey.start == "set_up"


def test_a_variable_that_some_ways_leave_alone_keeps_the_value_it_had() -> None:
    text = RETURN.replace(
        "price: {kind: set",
        "free: {kind: branch, cases: [{when: fee == 0, next: tell}], otherwise: price}\n"
        "  price: {kind: set",
    )
    out = extract(journey(text), ["free", "price"], "charge")
    assert out.journey.nodes["charge"].settings["with"] == {"fee": "${fee}", "order": "${order}"}
    assert out.part.nodes["done"].settings["output"] == {"fee": "${fee}"}


@pytest.mark.parametrize(
    ("ids", "reason"),
    [
        ([], "No node is chosen"),
        (["label", "tell"], "lead to several of them"),
        (["eligible"], "several nodes outside"),
        (["tell", "done"], "'done' ends the journey"),
        (["sorry"], "errors go to 'sorry'"),
        (
            ["look_up", "begin", "eligible", "label", "price", "tell", "too_late", "sorry", "done"],
            "leads out",
        ),
    ],
)
def test_nodes_that_cannot_be_a_journey_are_refused_with_the_reason(
    ids: list[str], reason: str
) -> None:
    with pytest.raises(AuthorError, match=reason):
        extract(journey(), ids, "part")


def test_a_variable_that_may_have_no_value_cannot_be_handed_over() -> None:
    text = RETURN.replace("fee: 0}, next: look_up", "fee: 0}, next: eligible")
    with pytest.raises(AuthorError, match="'order' may have no value yet"):
        extract(journey(text), ["label", "price"], "part")


def test_the_whole_input_and_an_id_that_cannot_be_are_refused() -> None:
    text = RETURN.replace("${input.customer_id}", "${input}")
    with pytest.raises(AuthorError, match="the whole `input`"):
        extract(journey(text), ["label", "price"], "part")
    with pytest.raises(AuthorError, match="cannot be the id of a journey"):
        extract(journey(), ["label", "price"], "Make Label")
    with pytest.raises(AuthorError, match="no node 'labl'"):
        extract(journey(), ["labl"], "part")


@pytest.mark.parametrize("ids", [["label", "price"], ["price"], ["too_late"], ["begin"]])
def test_both_journeys_are_sound_where_the_one_was(ids: list[str]) -> None:
    out = extract(journey(), ids, "part")
    known = Known(unread={"mcp.json", "models.yaml"})
    before = {problem.rule.code for problem in check_journey(journey(), known)}
    for one in (out.journey, out.part):
        wrong = [
            (problem.rule.code, problem.message)
            for problem in check_journey(one, known)
            if problem.rule.severity == "error" and problem.rule.code not in before
        ]
        assert wrong == []
