from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from journeybuilder.document.tree import load
from journeybuilder.document.workspace import read_workspace
from journeybuilder.host import known_of
from journeybuilder.kinds import KINDS
from journeybuilder.packaged import packaged
from journeybuilder.plan.bundle import build
from journeybuilder.plan.schema import SCHEMAS

SAMPLES = packaged("samples")
FILES = {
    "journey": "journeys/*.journey.yaml",
    "scenario": "scenarios/*.scenario.yaml",
    "workspace": "journeybuilder.yaml",
    "models": "models.yaml",
}
SAMPLE_FILES = [
    (name, path.relative_to(SAMPLES).as_posix())
    for name, pattern in FILES.items()
    for path in sorted(SAMPLES.glob(f"*/{pattern}"))
]


def errors(name: str, value: Any) -> list[str]:
    return [error.json_path for error in Draft202012Validator(SCHEMAS[name]()).iter_errors(value)]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_each_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name]())


@pytest.mark.parametrize(("name", "file"), SAMPLE_FILES)
def test_the_files_of_the_samples_fit_their_schemas(name: str, file: str) -> None:
    assert errors(name, load((SAMPLES / file).read_bytes(), file).value) == []


def test_a_bundle_fits_its_schema() -> None:
    workspace = read_workspace(SAMPLES / "retail")
    assert errors("bundle", build(workspace, "order-return", known_of(workspace)).data) == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_example_of_each_kind_fits_the_schema_of_journeys(kind: str) -> None:
    nodes = load(KINDS[kind].example, "example.yaml").value
    assert errors("journey", {"journeybuilder": 1, "journey": "x", "nodes": nodes}) == []


@pytest.mark.parametrize(
    ("node", "place"),
    [
        ({"kind": "sya", "next": "z"}, "$.nodes.a.kind"),
        ({"kind": "say", "next": "z"}, "$.nodes.a"),
        ({"kind": "say", "text": "Hi", "next": "z", "txt": "Hi"}, "$.nodes.a"),
        ({"kind": "ask", "text": "Hi", "next": "z", "attempts": "many"}, "$.nodes.a.attempts"),
        ({"kind": "branch", "cases": [{"when": "a"}], "otherwise": "z"}, "$.nodes.a.cases[0]"),
    ],
)
def test_a_broken_node_does_not_fit(node: dict[str, Any], place: str) -> None:
    assert place in errors("journey", {"journeybuilder": 1, "journey": "x", "nodes": {"a": node}})


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_an_unknown_key_does_not_fit(name: str) -> None:
    assert "$" in errors(name, {"journeybuilder": 1, "nonsense": True})


def test_the_sample_files_are_all_looked_at() -> None:
    assert {Path(file).parts[0] for _, file in SAMPLE_FILES} >= {"blank", "retail"}
