from collections.abc import Mapping
from typing import Any

import pytest

from journeybuilder.document.forms import JOURNEY, MODELS, read_source
from journeybuilder.document.upgrade import UPGRADES, Upgrades
from journeybuilder.document.write import canonical
from journeybuilder.errors import AuthorError


def begin_to_start(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"start" if key == "begin" else key: value for key, value in data.items()}


def title_in_capitals(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**data, "title": str(data.get("title", "")).upper()}


LATER = Upgrades(3, {("journey", 1): begin_to_start, ("journey", 2): title_in_capitals})
OLD = (
    "journeybuilder: 1\njourney: a\ntitle: hi\nbegin: x  # where\nnodes:\n  x: {kind: end}  # all\n"
)


def test_a_file_of_an_older_version_is_read_as_todays_and_a_finding_says_so() -> None:
    source = read_source(OLD, "a.journey.yaml", JOURNEY, LATER)
    assert [(item.code, item.severity, item.line) for item in source.findings] == [
        ("JB119", "warning", 1)
    ]
    assert "version 1 and was read as version 3" in source.findings[0].message
    assert "jb fmt" in source.findings[0].hint
    assert source.readable
    assert list(source.data) == ["journeybuilder", "journey", "title", "start", "nodes"]
    assert source.data["journeybuilder"] == 3
    assert source.data["title"] == "HI"
    assert source.text == OLD


def test_a_file_in_between_takes_only_the_steps_that_are_left() -> None:
    text = OLD.replace("journeybuilder: 1", "journeybuilder: 2").replace("begin", "start")
    data = read_source(text, "a.journey.yaml", JOURNEY, LATER).data
    assert (data["start"], data["title"]) == ("x", "HI")


def test_fmt_writes_the_upgrade_and_keeps_the_comments() -> None:
    text = canonical(OLD, LATER)
    assert text.startswith("journeybuilder: 3\n")
    assert "title: HI" in text
    assert "start: x" in text
    assert "# all" in text
    assert "# where" in text
    assert canonical(text, LATER) == text
    assert read_source(text, "a.journey.yaml", JOURNEY, LATER).findings == ()


def test_a_kind_of_file_without_a_step_gets_the_new_version_alone() -> None:
    data = read_source("journeybuilder: 1\nmodels: {}\n", "models.yaml", MODELS, LATER).data
    assert data == {"journeybuilder": 3, "models": {}}
    assert read_source("models: {}\n", "models.yaml", MODELS, LATER).findings == ()


def test_a_newer_file_is_refused_with_the_version_that_reads_it() -> None:
    source = read_source("journeybuilder: 4\nwhatever: 1\n", "a", JOURNEY, LATER)
    assert [item.code for item in source.findings] == ["JB111"]
    assert "reads version 4" in source.findings[0].hint
    assert not source.readable


@pytest.mark.parametrize("version", ["", "journeybuilder: 0\n", "journeybuilder: true\n"])
def test_a_file_of_no_version_is_not_upgraded(version: str) -> None:
    source = read_source(f"{version}journey: a\nbegin: x\n", "a", JOURNEY, LATER)
    assert "JB110" in [item.code for item in source.findings]
    assert "begin" in source.data


def test_todays_version_is_the_one_that_is_written() -> None:
    assert UPGRADES.current == 1
    data = {"journeybuilder": 1, "journey": "a"}
    assert UPGRADES.upgraded(data, "journey") is data


def test_every_step_leads_to_a_version_that_there_is() -> None:
    for _, version in UPGRADES.steps:
        assert 1 <= version < UPGRADES.current


def test_a_step_never_hides_a_broken_text() -> None:
    with pytest.raises(AuthorError, match="line 2"):
        canonical("journeybuilder: 1\na: @x\n", LATER)
