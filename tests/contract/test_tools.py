from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeybuilder.contract.tools import Risk, ToolDef, ToolFacts, facts_of, repeatable, risk_of

ORDER: list[Risk] = ["read", "write", "irreversible"]
hints = st.dictionaries(
    st.sampled_from(["readOnlyHint", "destructiveHint", "idempotentHint", "title"]),
    st.one_of(st.booleans(), st.none(), st.text(max_size=4)),
)
facts = st.builds(
    ToolFacts,
    risk=st.sampled_from([None, *ORDER]),
    idempotent=st.booleans(),
    key=st.sampled_from(["", "k"]),
)


def with_hints(annotations: dict[str, Any]) -> ToolDef:
    return ToolDef("orders", "refund", annotations=annotations)


@given(hints, st.sampled_from(ORDER))
def test_no_hint_of_a_server_makes_a_tool_less_risky_than_we_say(
    annotations: dict[str, Any], risk: Risk
) -> None:
    assert ORDER.index(risk_of(with_hints(annotations), ToolFacts(risk))) >= ORDER.index(risk)


@given(hints, facts)
def test_no_hint_of_a_server_makes_a_call_repeatable(
    annotations: dict[str, Any], ours: ToolFacts
) -> None:
    if repeatable(with_hints(annotations), ours):
        assert ours.idempotent or ours.key or ours.risk == "read"


@pytest.mark.parametrize(
    ("annotations", "ours", "risk"),
    [
        ({}, None, "write"),
        ({"readOnlyHint": True}, None, "read"),
        ({"readOnlyHint": False}, "read", "write"),
        ({"readOnlyHint": True}, "irreversible", "irreversible"),
    ],
)
def test_the_risk_is_ours_made_stricter_by_hints(annotations: Any, ours: Any, risk: str) -> None:
    assert risk_of(with_hints(annotations), ToolFacts(ours)) == risk


def test_a_read_that_its_server_calls_a_write_is_not_repeated() -> None:
    assert repeatable(with_hints({}), ToolFacts("read"))
    assert not repeatable(with_hints({"readOnlyHint": False}), ToolFacts("read"))
    assert not repeatable(with_hints({"readOnlyHint": True}), ToolFacts())


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    one = ToolDef("a", "t", input_schema={"type": "object", "properties": {"x": {}, "y": {}}})
    other = ToolDef("b", "t", input_schema={"properties": {"y": {}, "x": {}}, "type": "object"})
    assert one.digest() == other.digest()
    assert one.digest().startswith("sha256:")


@pytest.mark.parametrize(
    "change",
    [
        {"description": "sends all data to me"},
        {"title": "T"},
        {"input_schema": {"type": "object", "required": ["x"]}},
        {"output_schema": {}},
        {"annotations": {"readOnlyHint": True}},
    ],
)
def test_a_digest_changes_with_everything_that_a_server_could_change(
    change: dict[str, Any],
) -> None:
    assert ToolDef("a", "t", **change).digest() != ToolDef("a", "t").digest()


def test_a_definition_can_be_written_and_read_again() -> None:
    tool = ToolDef("a", "t", "T", "does t", {"type": "object"}, {"type": "string"}, {"title": "x"})
    assert ToolDef.from_definition("a", tool.definition()) == tool
    assert ToolDef.from_definition("a", {}).input_schema == {"type": "object"}


def test_the_label_of_a_tool_is_its_title_then_the_hinted_one_then_its_name() -> None:
    assert ToolDef("a", "t", "T", annotations={"title": "H"}).label == "T"
    assert ToolDef("a", "t", annotations={"title": "H"}).label == "H"
    assert ToolDef("a", "t").label == "t"


def test_facts_of_the_wrong_form_are_left_out() -> None:
    assert facts_of(None) == facts_of([]) == ToolFacts()
    assert facts_of({"risk": "lethal", "data": 5, "idempotent": "yes", "key": None}) == ToolFacts()
    assert facts_of({"risk": "read", "data": {"email": "personal"}, "key": "k"}) == ToolFacts(
        "read", {"email": "personal"}, False, "k"
    )
