from pathlib import Path

import pytest

from journeybuilder.contract.schemas import violations
from journeybuilder.document.workspace import read_workspace
from journeybuilder.kinds import KINDS

SAMPLE = Path(__file__).parents[2] / "samples" / "retail"
WORKSPACE = read_workspace(SAMPLE)
NODE_WIDTH, NODE_HEIGHT = 200, 84


def test_the_sample_is_read_without_findings() -> None:
    assert list(WORKSPACE.findings) == []
    assert set(WORKSPACE.journeys) == {
        "delivery-problem",
        "order-return",
        "parcel-status",
        "where-is-my-order",
    }


@pytest.mark.parametrize("journey", sorted(WORKSPACE.journeys))
def test_every_node_fits_its_kind_and_every_way_leads_somewhere(journey: str) -> None:
    nodes = WORKSPACE.journeys[journey].journey.nodes
    for node in nodes.values():
        kind = KINDS[node.kind]
        settings = kind.settings.model_validate(dict(node.settings))
        assert list(kind.complaints(settings)) == []
        for port in kind.ports(node.settings):
            assert not port.required or port.target
            assert not port.target or port.target in nodes


@pytest.mark.parametrize("journey", sorted(WORKSPACE.journeys))
def test_every_node_has_a_place_and_none_covers_another(journey: str) -> None:
    file = WORKSPACE.journeys[journey]
    places = file.layout.positions
    assert set(places) == set(file.journey.nodes)
    for name, (x, y) in places.items():
        for other, (left, top) in places.items():
            apart = abs(x - left) >= NODE_WIDTH or abs(y - top) >= NODE_HEIGHT
            assert name == other or apart


def test_every_text_is_there_in_every_language_of_its_journey() -> None:
    for file in WORKSPACE.journeys.values():
        for node in file.journey.nodes.values():
            text = node.settings.get("text")
            if isinstance(text, dict):
                assert set(text) == set(file.journey.languages)  # pyright: ignore[reportUnknownArgumentType]


def test_every_scenario_starts_a_journey_with_input_that_it_takes() -> None:
    for source in WORKSPACE.scenarios.values():
        journey = WORKSPACE.journeys[source.data["journey"]].journey
        assert violations(journey.input, source.data["input"]) == []
        path = next(item["path"] for item in source.data["expect"] if "path" in item)
        assert set(path) <= set(journey.nodes)


def test_no_model_of_the_default_environment_goes_to_a_network() -> None:
    mapping = WORKSPACE.environments["dev"]["models"]
    used = {
        node.settings["model"]
        for file in WORKSPACE.journeys.values()
        for node in file.journey.nodes.values()
        if "model" in node.settings
    }
    assert {WORKSPACE.models[mapping[alias]]["model"] for alias in used} == {"scripted"}


def test_the_samples_together_use_every_kind_but_the_one_for_imports() -> None:
    used = {
        node.kind for file in WORKSPACE.journeys.values() for node in file.journey.nodes.values()
    }
    assert used == set(KINDS) - {"legacy"}


def test_every_journey_has_a_scenario() -> None:
    rehearsed = {source.data["journey"] for source in WORKSPACE.scenarios.values()}
    assert rehearsed == set(WORKSPACE.journeys)
