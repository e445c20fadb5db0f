"""Which scenarios somebody means."""

import sys
from pathlib import Path

import pytest

from journeybuilder.document.workspace import Workspace, read_workspace
from journeybuilder.errors import AuthorError
from journeybuilder.rehearse.suites.choosing import (
    among,
    compile_choice,
    name_of,
    names_of,
    script_of,
)
from tests.fakes import journey_data, write_files
from tests.rehearse.suites import make_shop

NODES = "a: {kind: end, outcome: done}"


@pytest.mark.parametrize(
    ("choice", "chosen"),
    [
        ("", "abcd"),
        ("late", "ab"),
        ("LATE", "ab"),
        ("late and refund", "b"),
        ("late refund", "b"),
        ("late or gift", "abd"),
        ("not late", "cd"),
        ("late and not refund", "a"),
        ("late not refund", "a"),
        ("not (late or gift)", "c"),
        ("(late) or (refund)", "abc"),
        ("late and refund or gift", "bd"),
        ("late and (refund or gift)", "b"),
        ('"gift card"', "d"),
        ("'gift card' or \"a late\"", "ad"),
        ("not not late", "ab"),
        ('"or"', "d"),
        ("nothing", ""),
    ],
)
def test_a_choice_means(choice: str, chosen: str) -> None:
    texts = {"a": "a late return", "b": "Late refund", "c": "refund", "d": "a gift card, or two"}
    fits = compile_choice(choice)
    assert "".join(name for name, text in texts.items() if fits(text)) == chosen


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ("late and", "a word is missing at the end"),
        ("or late", "a word is missing before 'or'"),
        ("(late", "a parenthesis is not closed"),
        ("late)", r"'\)' stands where nothing more is expected"),
        ("not", "a word is missing at the end"),
        ("()", r"a word is missing before '\)'"),
        ("'late", "a quotation mark is not closed"),
        ("late and and card", "a word is missing before 'and'"),
    ],
)
def test_a_choice_that_is_none_is_told(choice: str, words: str) -> None:
    with pytest.raises(AuthorError, match=words):
        compile_choice(choice)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    def scenario(name: str, journey: str) -> str:
        return f"journeybuilder: 1\nscenario: {name}\njourney: {journey}\n"

    def journey(name: str) -> str:
        data = journey_data(name, NODES)
        return f"journeybuilder: 1\njourney: {data['journey']}\nstart: a\nnodes:\n  {NODES}\n"

    write_files(
        tmp_path,
        {
            "journeybuilder.yaml": "journeybuilder: 1\nworkspace: shop\n",
            "journeys/give.journey.yaml": journey("give"),
            "journeys/take.journey.yaml": journey("take"),
            "scenarios/one.scenario.yaml": scenario("the first one", "give"),
            "scenarios/two.scenario.yaml": scenario("second", "take"),
            "scenarios/three.scenario.yaml": scenario("third", "give"),
            "scenarios/bad.scenario.yaml": "journeybuilder: 1\nscenario: bad\nexpct: []\n",
        },
    )
    monkeypatch.chdir(tmp_path)
    return read_workspace(tmp_path)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ([], ["bad", "the first one", "third", "second"]),
        (["scenarios"], ["bad", "the first one", "third", "second"]),
        (["."], ["bad", "the first one", "third", "second"]),
        (["one"], ["the first one"]),
        (["the first one"], ["the first one"]),
        (["scenarios/one.scenario.yaml", "second"], ["the first one", "second"]),
        (["give"], ["the first one", "third"]),
        (["journeys/take.journey.yaml"], ["second"]),
        (["second", "second", "two"], ["second"]),
    ],
)
def test_files_folders_names_and_journeys_are_ways_to_say_it(
    shop: Workspace, given: list[str], names: list[str]
) -> None:
    assert names_of(shop, given) == names


def test_what_means_no_scenario_is_told_with_what_is_near(shop: Workspace) -> None:
    with pytest.raises(AuthorError) as told:
        names_of(shop, ["secnd"])
    assert told.value.hint == "Did you mean 'second'?"
    Path("mcp").mkdir()
    with pytest.raises(AuthorError, match="'mcp' holds no scenario"):
        names_of(shop, ["mcp"])
    with pytest.raises(AuthorError, match="no scenario 'x'"):
        name_of(shop, "x")
    with pytest.raises(AuthorError, match="no scenario fits 'zzz'"):
        among(shop, ["second"], "zzz")
    assert among(shop, list(shop.scenarios), "give") == ["the first one", "third"]


def test_a_scenario_with_an_error_in_its_form_is_not_read(shop: Workspace) -> None:
    with pytest.raises(AuthorError, match="expct") as told:
        script_of(shop, shop.scenarios["bad"])
    assert told.value.where == "scenarios/bad.scenario.yaml:3"
    assert script_of(shop, shop.scenarios["second"]).journey == "take"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_that_leads_in_a_circle_harms_nobody(tmp_path: Path) -> None:
    place = make_shop(tmp_path)
    link = place / "scenarios" / "z.scenario.yaml"
    link.symlink_to(link)
    workspace = read_workspace(place)
    assert name_of(workspace, "a") == "a"
    assert "a" in names_of(workspace, [str(place / "scenarios")])
