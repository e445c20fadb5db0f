"""What the scenarios' window is made of: files with steps, drafts, the schema of the form, completion."""

from pathlib import Path

import pytest

from journeybuilder.checks import Known
from journeybuilder.contract.schemas import violations
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.model import Journey
from journeybuilder.document.source import Source
from journeybuilder.errors import AuthorError, OperatorError
from journeybuilder.gui.forms.base import UNSET
from journeybuilder.gui.scenarios.scenario_completion import ScenarioCompletion
from journeybuilder.gui.scenarios.scenario_draft import ScenarioDraft
from journeybuilder.gui.scenarios.scenario_files import ScenarioFiles, file_stem, scenario_source
from journeybuilder.gui.scenarios.scenario_form_schema import sections_of, whole
from journeybuilder.gui.scenarios.taken import Taken
from journeybuilder.gui.scenarios.template import template
from journeybuilder.rehearse.coverage import Coverage, Edge, Place, Way

TEXT = """\
journeybuilder: 1
scenario: one   # the first
journey: parcel
input: {number: P-1}
expect: [{outcome: found}]
"""
FILE = "scenarios/one.scenario.yaml"
JOURNEY = Journey(
    {
        "journey": "parcel",
        "title": "Parcel",
        "channels": ["chat", "voice"],
        "input": {"properties": {"number": {"type": "string"}}, "required": ["number"]},
        "start": "which",
        "nodes": {
            "which": {
                "kind": "ask",
                "text": "Which one is it?",
                "choices": ["red"],
                "next": "find",
            },
            "find": {"kind": "tool", "tool": "parcels/find", "save": "found", "next": "decide"},
            "decide": {"kind": "review", "to": "desk", "decisions": {"yes": "done", "no": "done"}},
            "done": {"kind": "end", "outcome": "found"},
        },
    }
)
TOOL = ToolDef.from_definition(
    "parcels",
    {
        "name": "find",
        "inputSchema": {"type": "object"},
        "outputSchema": {"type": "object", "properties": {"shelf": {"type": "integer"}}},
    },
)
KNOWN = Known(tools={TOOL.id: TOOL}, journeys={"parcel": JOURNEY})


def source(text: str = TEXT) -> Source:
    return scenario_source(text, FILE)


def written(root: Path, text: str = TEXT) -> ScenarioFiles:
    (root / "scenarios").mkdir()
    (root / FILE).write_text(text, encoding="utf-8")
    return ScenarioFiles(root)


@pytest.mark.parametrize(
    ("name", "stem"),
    [("Late return!", "late-return"), ("¿Qué?", "qu"), ("…", "scenario"), ("a" * 99, "a" * 80)],
)
def test_a_name_becomes_the_name_of_a_file(name: str, stem: str) -> None:
    assert file_stem(name) == stem


def test_every_change_of_a_file_is_taken_back_and_made_again(tmp_path: Path) -> None:
    files = written(tmp_path)
    made = files.rename(source(), "another", ["one"])
    assert made == "scenarios/another.scenario.yaml"
    assert "scenario: another   # the first" in (tmp_path / made).read_text(encoding="utf-8")
    assert not (tmp_path / FILE).exists()
    files.undo()
    assert (tmp_path / FILE).read_text(encoding="utf-8") == TEXT
    assert not (tmp_path / made).exists()
    files.redo()
    assert (tmp_path / made).exists()


def test_undo_leaves_a_file_as_it_is_that_somebody_has_changed_since(tmp_path: Path) -> None:
    files = written(tmp_path)
    files.write(FILE, TEXT.replace("P-1", "P-2"), "one")
    (tmp_path / FILE).write_text("mine", encoding="utf-8")
    with pytest.raises(OperatorError, match="changed since"):
        files.undo()
    assert (tmp_path / FILE).read_text(encoding="utf-8") == "mine"


def test_two_scenarios_cannot_have_one_name(tmp_path: Path) -> None:
    with pytest.raises(AuthorError, match="already"):
        written(tmp_path).rename(source(), "two", ["one", "two"])


def test_a_copy_and_a_new_scenario_get_names_of_their_own(tmp_path: Path) -> None:
    files = written(tmp_path)
    copy = files.duplicate(source(), ["one"])
    assert "scenario: one (copy)   # the first" in (tmp_path / copy).read_text(encoding="utf-8")
    new = files.new({"scenario": "one", "journey": "parcel"}, ["one", "one (copy)"])
    assert "scenario: one 2" in (tmp_path / new).read_text(encoding="utf-8")


def test_a_draft_keeps_comments_and_makes_typing_one_step() -> None:
    draft = ScenarioDraft(source())
    draft.change(("input", "number"), "P-12", "typing")
    draft.change(("input", "number"), "P-123", "typing")
    assert draft.data["input"] == {"number": "P-123"}
    assert "# the first" in draft.text
    assert draft.step(-1)
    assert draft.text == TEXT
    assert not draft.changed
    assert draft.step(1)
    assert draft.data["input"] == {"number": "P-123"}


def test_a_draft_drops_a_part_whose_last_value_is_removed() -> None:
    draft = ScenarioDraft(source())
    draft.change(("tools", "parcels/find"), {"fails": "timeout"})
    draft.change(("tools", "parcels/find"), UNSET)
    assert "tools" not in draft.data


def test_a_broken_text_is_told_and_not_written_over_by_the_form() -> None:
    draft = ScenarioDraft(source())
    draft.retype("scenario: [")
    assert any(one.severity == "error" for one in draft.findings(KNOWN))
    with pytest.raises(AuthorError):
        draft.change(("input", "number"), "P-2")


def test_what_is_not_saved_is_there_the_next_time(tmp_path: Path) -> None:
    draft = ScenarioDraft(source(), tmp_path)
    draft.change(("input", "number"), "P-7")
    draft.keep()
    again = ScenarioDraft(source(), tmp_path)
    assert again.restored
    assert again.data["input"] == {"number": "P-7"}
    again.step(-1)
    assert again.text == TEXT
    again.step(1)
    again.saved(again.text)
    assert not ScenarioDraft(source(again.text), tmp_path).restored


@pytest.mark.parametrize(
    "data",
    [
        {"customer": [{"hears": "Which", "says": "red"}]},
        {"customer": "random"},
        {"tools": {"parcels/find": {"returns": {"shelf": 3}, "slow": "20s"}}},
        {"tools": {"parcels/find": {"fails": "unauthorized", "calls": [2]}}},
        {"tools": {"parcels/find": [{"fails": "no such parcel"}, {"returns": {"shelf": 1}}]}},
        {"people": {"decide": {"decision": "yes", "after": "20m"}}},
        {"expect": [{"path": ["which", "done"]}, {"called": {"tool": "parcels/find", "times": 1}}]},
        {"expect": [{"outcome": "found"}, {"never": {"tool": "parcels/find"}}]},
        {"channel": "voice", "input": {"number": "P-1"}},
    ],
)
def test_the_form_takes_what_scenarios_say(data: dict[str, object]) -> None:
    assert not violations(whole(sections_of(JOURNEY, KNOWN)), data)


@pytest.mark.parametrize(
    "data",
    [
        {"people": {"decide": {"decision": "perhaps"}}},
        {"tools": {"parcels/find": {"returns": {"shelf": "three"}}}},
        {"expect": [{"outcome": "lost"}]},
        {"channel": "fax"},
    ],
)
def test_the_form_says_what_does_not_fit_the_journey(data: dict[str, object]) -> None:
    assert violations(whole(sections_of(JOURNEY, KNOWN)), data)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("journey: parcel\nto", "tools"),
        ("people:\n  de", "decide"),
        ("people:\n  decide: {decision: y", "yes"),
        ("tools:\n  parcels/find:\n    fails: unr", "unreachable"),
        ("expect:\n  - {outcome: f", "found"),
        ("expect:\n  - path: [w", "which"),
        ("journey: p", "parcel"),
    ],
)
def test_completion_offers_what_can_stand_there(text: str, label: str) -> None:
    schema = whole(sections_of(JOURNEY, KNOWN))
    found = ScenarioCompletion(lambda: schema, lambda: ["parcel"]).ask(text, len(text), True)
    assert label in [one.label for one in found]


def test_a_template_answers_the_questions_on_the_way_with_an_example() -> None:
    data = template(JOURNEY, "new")
    assert data["customer"] == [{"hears": "Which one is it", "says": "red"}]
    assert set(data["input"]) == {"number"}
    others = [{"journey": "parcel", "input": {"number": "P-9"}}]
    assert template(JOURNEY, "new", others)["input"] == {"number": "P-9"}


def test_what_was_taken_follows_results_that_come_change_and_go() -> None:
    node, old = Place("parcel", "which"), Place("parcel", "gone")
    edge, way = Edge("parcel", "which", "next"), Way("ask", "normal", False, "find")
    one = Coverage("parcel", {node: 2, old: 0}, {edge: 2}, {edge: way})
    two = Coverage("parcel", {node: 3}, {edge: 0}, {edge: way})
    taken = Taken()
    taken.follow({"a": one, "b": two})
    both = taken.of("parcel")
    assert both is not None
    assert both == one.merged(two)
    taken.follow({"b": two})
    rest = taken.of("parcel")
    assert rest == two
    assert taken.of("another") is None
    taken.follow({})
    assert taken.of("parcel") is None
