import pytest

from journeybuilder.document.model import Journey, Layout
from journeybuilder.errors import AuthorError
from journeybuilder.refactor.nodes import copied, pasted, rename_everywhere
from tests.refactor.journeys import journey

LAYOUT = Layout({"nodes": {"label": {"at": [10, 20]}, "price": {"at": [30, 40]}}})


def test_a_node_is_renamed_in_the_journey_its_layout_and_its_scenarios() -> None:
    scenarios = {
        "a": {
            "journey": "order-return",
            "people": {"label": {"decision": "approve"}, "x": {}},
            "expect": [{"path": ["begin", "label"]}, {"path": "label"}, {"said": "label"}],
        },
        "b": {"journey": "order-return", "expect": [{"said": "label"}]},
        "c": {"journey": "other", "people": {"label": {}}},
    }
    after = rename_everywhere(journey(), LAYOUT, scenarios, "label", "print")
    assert after.journey.nodes["eligible"].settings["cases"][0]["next"] == "print"
    assert after.layout.positions["print"] == (10.0, 20.0)
    assert list(after.scenarios) == ["a"]
    assert after.scenarios["a"]["people"] == {"print": {"decision": "approve"}, "x": {}}
    assert after.scenarios["a"]["expect"] == [
        {"path": ["begin", "print"]},
        {"path": "print"},
        {"said": "label"},
    ]


def test_nodes_pasted_into_their_journey_keep_inner_and_outer_wires() -> None:
    clip = copied(journey(), LAYOUT, ["price", "label"])
    assert clip.as_json()["places"] == {"label": [10.0, 20.0], "price": [30.0, 40.0]}
    after, new = pasted(journey(), clip)
    assert new == {"label": "label_2", "price": "price_2"}
    assert list(after.nodes)[-2:] == ["label_2", "price_2"]
    assert after.nodes["label_2"].settings["next"] == "price_2"
    assert after.nodes["label_2"].settings["on_error"] == "sorry"
    assert after.nodes["price_2"].settings["next"] == "tell"
    assert after.nodes["label"] == journey().nodes["label"]


def test_nodes_pasted_into_another_journey_lose_their_outer_wires() -> None:
    other = Journey(
        {"journey": "other", "nodes": {"label": {"kind": "end"}, "sorry": {"kind": "end"}}}
    )
    after, new = pasted(
        other, copied(journey(), LAYOUT, ["label", "price", "eligible"]), after="label"
    )
    assert list(after.nodes) == ["label", "eligible", "label_2", "price", "sorry"]
    assert new["label"] == "label_2"
    assert after.nodes["label_2"].settings["next"] == "price"
    assert "on_error" not in after.nodes["label_2"].settings
    assert "next" not in after.nodes["price"].settings
    assert after.nodes["eligible"].settings["cases"][0]["next"] == "label_2"
    assert "otherwise" not in after.nodes["eligible"].settings


def test_what_is_not_there_cannot_be_copied() -> None:
    with pytest.raises(AuthorError, match="no node 'labl'"):
        copied(journey(), LAYOUT, ["labl"])
