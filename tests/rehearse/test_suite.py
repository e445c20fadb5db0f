"""Suites: what they say, variants, scenarios side by side, and what is to be real."""

import threading
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.contract.services import Models, Tools
from journeybuilder.document.templates import make_workspace
from journeybuilder.errors import AuthorError
from journeybuilder.packaged import packaged
from journeybuilder.plan.bundle import Bundle
from journeybuilder.rehearse.suites.suite import Manner, ScenarioResult, SuiteResult, run_suite
from tests.fakes import FakeModels, FakeTools, write_files
from tests.rehearse.suites import BROKEN, add, make_shop, scenario, suite

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return make_shop(tmp_path)


# -- what it says -----------------------------------------------------------------------------


def test_the_result_has_the_promised_form(shop: Path) -> None:
    value = suite(shop, "a", "b").as_json()
    assert set(value) == {"passed", "failed", "skipped", "scenarios", "coverage"}
    assert (value["passed"], value["failed"], value["skipped"]) == (2, 0, 0)
    first = value["scenarios"][0]
    assert set(first) == {"name", "journey", "passed", "failures", "path", "cost_usd", "ms"}
    assert first["name"] == "a"
    assert first["journey"] == "hello"
    assert first["path"] == ["which", "vip", "done"]
    assert first["failures"] == []
    assert first["cost_usd"] == 0
    assert value["coverage"]["nodes"] == {"hit": 4, "all": 5}
    assert value["coverage"]["edges"] == {"hit": 3, "all": 4}
    assert value["coverage"]["errors"] == {"hit": 0, "all": 1}
    assert value["coverage"]["cases"] == {"hit": 2, "all": 2}
    assert [gap["words"] for gap in value["coverage"]["missing"]] == [
        "hello: late",
        "hello: which → late (on_timeout)",
    ]


def test_a_failure_names_the_expectation_its_line_and_the_node(shop: Path) -> None:
    body = "expect:\n  - outcome: good\n  - path: [which, late]\n  - said: nothing like it\n"
    add(shop, "c", scenario("c", body, who="Bo"))
    result = suite(shop, "c").results[0]
    assert not result.passed
    assert [(one.words, one.line, one.node) for one in result.wrong] == [
        ("outcome: it was 'fine', not 'good'", 7, "other"),
        ("path: went which → vip → other, without late in its place", 8, "late"),
        ("said: nothing said matches 'nothing like it'; said was: Hi Bo, which?", 9, "other"),
    ]
    assert result.wrong[0].place == "scenarios/c.scenario.yaml:7"


def test_what_a_scenario_names_and_is_not_there_is_told_with_its_line(shop: Path) -> None:
    add(shop, "c", scenario("c", "people:\n  wich: {decision: yes}\n"))
    add(shop, "d", scenario("d", "expect:\n  - path: [wich]\n"))
    add(shop, "e", scenario("e", journey="helo"))
    by_name = {one.name: one for one in suite(shop).results}
    first = by_name["c"].wrong[0]
    assert "'hello' has no node 'wich'" in first.words
    assert (first.line, first.hint) == (7, "Did you mean 'which'?")
    assert by_name["d"].wrong[0].line == 7
    assert "there is no journey 'helo'" in by_name["e"].failures[0]
    assert by_name["e"].wrong[0].line == 3
    assert by_name["a"].passed


JUNK = {
    "empty": "",
    "list": "- 1\n- 2\n",
    "text": "hello",
    "bytes": "\x00\x01\x02",
    "open": "scenario: 'x\n",
    "twice": "scenario: x\nscenario: y\njourney: hello\n",
    "newer": "journeybuilder: 99\nscenario: newer\njourney: hello\n",
    "alias": "scenario: &a x\njourney: *b\n",
    "nowhere": "journeybuilder: 1\nscenario: nowhere\n",
    "form": "journeybuilder: 1\nscenario: form\njourney: hello\nexpect: {outcome: good}\n",
    "odd": "journeybuilder: 1\nscenario: odd\njourney: hello\ninput: {name: Ana}\nexpct: []\n",
    "deep": "a: " + "[" * 5000,
    "no_input": "journeybuilder: 1\nscenario: no_input\njourney: hello\n",
    "a_number": "journeybuilder: 1\nscenario: 7\njourney: 9\n",
}


@pytest.mark.parametrize("junk", JUNK)
def test_a_file_that_cannot_be_read_fails_alone_and_says_why(shop: Path, junk: str) -> None:
    add(shop, "junk", JUNK[junk])
    result = suite(shop)
    assert (result.passed, result.failed) == (2, 1)
    failed = next(one for one in result.results if one.wrong)
    assert failed.file == "scenarios/junk.scenario.yaml"
    assert failed.failures[0]
    assert "inside the program" not in failed.failures[0]


def test_two_scenarios_of_one_name_are_both_told(shop: Path) -> None:
    add(shop, "z", scenario("a"))
    result = suite(shop)
    assert result.failed == 1
    assert "already in scenarios/a.scenario.yaml" in result.results[-1].failures[0]


def test_a_journey_that_cannot_run_fails_its_scenarios_and_no_other(shop: Path) -> None:
    write_files(shop, {"journeys/broken.journey.yaml": BROKEN})
    add(shop, "c", scenario("c", journey="broken"))
    result = suite(shop, manner=Manner(whole=True))
    assert [one.name for one in result.results if one.wrong] == ["c"]
    assert "vipp" in result.results[2].failures[0]
    assert "vipp" in result.uncounted["broken"]


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("journeybuilder.yaml", "journeybuilder: 1\nworkspace: [\n", "journeybuilder.yaml"),
        ("models.yaml", "journeybuilder: 1\nmodels: {a: {modl: x}}\n", "models.yaml"),
    ],
)
def test_a_broken_workspace_is_told_once(shop: Path, file: str, text: str, words: str) -> None:
    write_files(shop, {file: text})
    with pytest.raises(AuthorError, match=words):
        suite(shop)


def test_a_folder_without_workspace_names_and_environments_that_are_not_there(
    shop: Path, tmp_path: Path
) -> None:
    with pytest.raises(AuthorError, match=r"no journeybuilder\.yaml"):
        run_suite(tmp_path / "scenarios", ["a"], jobs=1)
    with pytest.raises(AuthorError, match="no scenario 'aa'"):
        suite(shop, "aa")
    with pytest.raises(AuthorError, match="no environment 'prd'"):
        suite(shop, env="prd")


def test_journeys_without_scenario_count_as_not_covered_in_the_whole(shop: Path) -> None:
    assert suite(shop).coverage.journeys == ["hello"]
    result = suite(shop, manner=Manner(whole=True))
    assert result.coverage.of_journey("endless").nodes == {"rest": 0, "over": 0, "done": 0}


# -- vary -------------------------------------------------------------------------------------


def test_variants_must_come_to_the_same_outcome(shop: Path) -> None:
    body = "vary: {input.name: [Ana, Bo, Cy]}\nexpect: [{outcome: good}]\n"
    add(shop, "c", scenario("c", body))
    add(shop, "d", scenario("d", "vary: {input.name: [Bo, Cy]}\nexpect: [{outcome: good}]\n"))
    results = {one.name: one for one in suite(shop).results}
    assert results["c"].failures == [
        """vary: with input.name "Bo" it ended 'fine', and with "Ana" 'good'""",
        """vary: with input.name "Cy" it ended 'fine', and with "Ana" 'good'""",
    ]
    assert results["c"].wrong[0].line == 6
    assert results["c"].runs == 4
    assert results["c"].coverage.nodes["other"] == 2
    assert results["d"].failures == [
        """vary: with input.name "Bo" it ended 'fine', and with "Ana" 'good'""",
        """vary: with input.name "Cy" it ended 'fine', and with "Ana" 'good'""",
    ]


def test_variants_and_campaigns_that_show_nothing_do_not_pass(shop: Path) -> None:
    add(shop, "c", scenario("c", "vary: {input.nmae: [Bo, Cy]}\n"))
    add(shop, "d", scenario("d", "vary: {input.name: []}\n"))
    add(shop, "e", scenario("e", "random: {runs: 0}\n"))
    results = {one.name: one for one in suite(shop).results}
    assert results["c"].failures == [
        "vary: 'input.nmae' changes nothing: 'input' of 'hello' has no field 'nmae'"
    ]
    assert "Did you mean 'name'?" in results["c"].wrong[0].hint
    assert results["c"].wrong[0].line == 6
    assert results["d"].failures == ["vary: 'input.name' changes nothing: it has no values"]
    assert results["e"].failures == [
        "random: no run is made, which shows nothing: write for example runs: 200"
    ]


def test_a_single_variant_must_come_to_the_same_outcome_as_the_scenario_itself(shop: Path) -> None:
    add(shop, "c", scenario("c", "vary: {input.name: [Bo]}\n"))
    add(shop, "d", scenario("d", "vary: {customer.name: [Bo], input.name: [Ana]}\n"))
    results = {one.name: one for one in suite(shop).results}
    assert results["c"].failures == [
        """vary: with input.name "Bo" it ended 'fine', and with "Ana" 'good'"""
    ]
    assert results["d"].passed


# -- side by side -----------------------------------------------------------------------------


def without_time(result: SuiteResult) -> dict[str, Any]:
    value = result.as_json()
    return {**value, "scenarios": [{**one, "ms": 0} for one in value["scenarios"]]}


def test_processes_give_the_same_as_this_process() -> None:
    root = packaged("samples") / "retail"
    here = suite(root, jobs=1, apart=False)
    there = suite(root, jobs=2, apart=True)
    assert without_time(here) == without_time(there)
    assert here.coverage == there.coverage
    assert [one.wrong for one in here.results] == [one.wrong for one in there.results]


def test_results_come_one_by_one_and_stand_in_order(shop: Path) -> None:
    came: list[ScenarioResult] = []
    result = suite(shop, "b", "a", "b", jobs=2, apart=True, on_result=came.append)
    assert [one.name for one in result.results] == ["b", "a"]
    assert sorted(one.name for one in came) == ["a", "b"]


def test_what_is_stopped_is_skipped_and_what_is_done_is_kept(shop: Path) -> None:
    add(shop, "c", scenario("c", journey="endless"))
    came: list[str] = []

    def note(one: ScenarioResult) -> None:
        came.append(one.name)

    result = suite(shop, "a", "c", "b", on_result=note, stop=lambda: "a" in came, apart=True)
    assert [(one.name, one.passed, bool(one.skipped)) for one in result.results] == [
        ("a", True, False),
        ("c", False, True),
        ("b", False, True),
    ]
    assert (result.passed, result.failed, result.skipped) == (1, 0, 2)


def test_a_thread_that_takes_too_long_is_given_up_and_the_rest_goes_on(shop: Path) -> None:
    add(shop, "c", scenario("c", journey="endless"))
    # signs of life come every half a second: a shorter patience takes the endless run for a hanging one
    result = suite(shop, "c", "a", apart=None, jobs=2, manner=Manner(patience=0.3))
    assert "nothing happened in it for 0.3 s" in result.results[0].failures[0]
    assert result.results[1].passed
    for thread in threading.enumerate():
        if thread.name == "suite":
            thread.join(20)
            assert not thread.is_alive()


# -- what is to be real ------------------------------------------------------------------------


ITEM = {"sku": "L-1", "title": "Lamp", "quantity": 1, "price": 77.5}
ORDER = {
    "order_id": "O-1001", "customer_id": "C-17", "status": "delivered", "placed_on": "2025-12-13",
    "age_days": 3, "total": 77.5, "refunded": 0, "currency": "EUR", "items": [ITEM],
}  # fmt: skip


class OneServer:
    """A world with one server, whose answers say that it is real."""

    def __init__(self) -> None:
        self.tools = FakeTools({"orders/get_order": [ORDER]})
        self.opened: list[str] = []
        self.closed = 0

    async def open(self, bundle: Bundle) -> tuple[Tools, Models]:
        self.opened.append(bundle.journey_id)
        return self.tools, FakeModels({})

    async def close(self) -> None:
        self.closed += 1


REAL = """\
journeybuilder: 1
scenario: a real order
journey: order-return
input: {customer_id: C-17}
customer: [{says: O-1001}, {says: It is broken}]
sources: {tools: {orders/get_order: real}}
expect: [{when: order.total == 77.5}, {path: [theirs, ask_why]}]
"""


@pytest.mark.parametrize("apart", [None, True])
def test_what_a_scenario_wants_is_real_and_nothing_else(tmp_path: Path, apart: bool | None) -> None:
    root = make_workspace(tmp_path / "center", "retail")
    add(root, "real", REAL)
    world = OneServer()
    manner = Manner(world=world)
    result = suite(root, "a real order", "a damaged lamp goes back", apart=apart, manner=manner)
    assert [one.failures for one in result.results] == [[], []]
    assert [call.tool for call in world.tools.calls] == ["orders/get_order"]
    assert world.opened == ["order-return"]
    assert world.closed == 1


def test_without_a_real_world_a_scenario_that_wants_it_fails_with_words(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "center", "retail")
    add(root, "real", REAL)
    [result] = suite(root, "a real order").results
    assert "'orders/get_order' is to be real" in result.failures[0]
