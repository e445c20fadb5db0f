import asyncio
from typing import Any

import pytest

from journeybuilder.contract.json import as_object
from journeybuilder.errors import AuthorError
from journeybuilder.rehearse.campaigns.campaign import CampaignResult, Progress, run_campaign
from journeybuilder.rehearse.campaigns.explore import World
from journeybuilder.rehearse.campaigns.seeds import Seeds, scenario_data
from journeybuilder.rehearse.scenario import scenario_of
from journeybuilder.rehearse.simulate import simulate
from journeybuilder.rehearse.world.generate import seed_for
from tests.fakes import plan_of
from tests.rehearse.planted import PLANTED, Planted

HEAD = {"journeybuilder", "scenario", "journey", "expect"}
RUNS, SEED = 120, 7


def campaign(planted: Planted, *, right: bool = False, **more: Any) -> CampaignResult:
    plan = planted.right_plan() if right else planted.wrong_plan()
    given: dict[str, Any] = {"runs": RUNS, "seed": SEED, **more}
    return run_campaign(plan, invariants=planted.invariants, **given)


@pytest.mark.parametrize("planted", PLANTED, ids=lambda one: one.name)
def test_a_campaign_finds_a_planted_bug_and_its_shortest_scenario(planted: Planted) -> None:
    result = campaign(planted)
    assert [(one.code, one.node) for one in result.found] == [planted.found]
    scenario = result.found[0].scenario
    assert {key: one for key, one in scenario.items() if key not in HEAD} == planted.shortest


@pytest.mark.parametrize("planted", PLANTED, ids=lambda one: one.name)
def test_a_campaign_finds_nothing_in_the_right_version(planted: Planted) -> None:
    result = campaign(planted, right=True)
    assert [one.words for one in result.found] == []
    assert result.runs == RUNS


@pytest.mark.parametrize("planted", PLANTED, ids=lambda one: one.name)
def test_the_shortest_scenario_fails_for_the_same_reason_and_passes_once_the_bug_is_mended(
    planted: Planted,
) -> None:
    found = campaign(planted).found[0]
    scenario = scenario_of(found.scenario)
    wrong = asyncio.run(simulate(planted.wrong_plan(), scenario))
    assert any(found.words in words for words in wrong.failures), wrong.failures
    right = asyncio.run(simulate(planted.right_plan(), scenario))
    assert right.failures == []


@pytest.mark.parametrize("planted", PLANTED, ids=lambda one: one.name)
def test_a_generated_run_is_the_same_as_its_scenario_simulated(planted: Planted) -> None:
    plan = planted.wrong_plan()
    asyncio.run(_compare(Seeds(plan), 40))


async def _compare(seeds: Seeds, runs: int) -> None:
    world = World(seeds)
    for number in range(runs):
        played = await world.play(seed_for(3, number), {})
        scenario = scenario_of(scenario_data(seeds, played.genes, "again"))
        again = await simulate(seeds.plan, scenario)
        assert [strip(event) for event in again.events] == [strip(event) for event in played.events]


def strip(event: Any) -> Any:
    """An event without the note of who made an answer up."""
    answer = as_object(event.get("answer"))
    if "note" not in answer:
        return event
    return {**event, "answer": {key: one for key, one in answer.items() if key != "note"}}


def test_a_campaign_is_the_same_every_time_and_with_another_number_of_processes() -> None:
    planted = PLANTED[0]
    one, again, two = (campaign(planted, jobs=jobs, runs=300) for jobs in (1, 1, 2))
    assert one.found == again.found
    assert one.coverage == again.coverage
    assert one.found == two.found
    assert one.coverage == two.coverage
    assert campaign(planted, runs=300, seed=SEED + 1).coverage != one.coverage


def test_every_run_of_a_campaign_is_counted() -> None:
    nodes = """
a: {kind: ask, text: Which?, save: id, timeout: 5m, next: b, on_timeout: b}
b: {kind: set, values: {n: 1}, next: z}
z: {kind: end, outcome: done}
"""
    for jobs in (1, 2):
        coverage = run_campaign(plan_of(nodes), runs=230, seed=4, jobs=jobs).coverage
        assert coverage.nodes == {"a": 230, "b": 230, "z": 230}
        assert coverage.edges["b", "next"] == 230
        assert coverage.edges["a", "next"] + coverage.edges["a", "on_timeout"] == 230


def test_a_campaign_that_is_stopped_gives_what_was_found_so_far() -> None:
    seen: list[Progress] = []
    result = campaign(
        PLANTED[1],
        runs=100_000,
        on_progress=seen.append,
        stop=lambda: bool(seen) and seen[-1].found > 0,
    )
    assert result.stopped
    assert 0 < result.runs < 100_000
    assert [one.code for one in result.found] == ["waits_forever"]
    assert seen[-1].shrinking


def test_processes_stop_at_once_when_a_campaign_is_stopped() -> None:
    asked = iter(range(1_000_000))
    result = campaign(PLANTED[1], runs=1_000_000, jobs=2, stop=lambda: next(asked) > 20)
    assert result.stopped
    assert result.runs < 1_000_000


def test_an_expectation_that_is_none_is_refused() -> None:
    with pytest.raises(AuthorError, match="'outcom' is no expectation"):
        run_campaign(PLANTED[1].right_plan(), runs=1, seed=1, invariants=[{"outcom": "done"}])


def test_what_a_scenario_gives_is_not_made_up() -> None:
    planted = PLANTED[5]
    base = scenario_of(
        {
            "scenario": "young",
            "journey": "test",
            "tools": {
                "orders/get_order": {"returns": {"age_days": 3, "status": "open", "lines": []}}
            },
        }
    )
    result = campaign(planted, base=base)
    assert result.found == []
    assert result.coverage.edges["b", "cases.0"] == RUNS
    assert result.coverage.edges["b", "otherwise"] == 0


def test_what_is_never_reached_is_not_covered_and_no_bug() -> None:
    nodes = """
a: {kind: set, values: {count: 1}, next: b}
b: {kind: branch, cases: [{when: count > 2, next: never}], otherwise: z}
never: {kind: say, text: Hello, next: z}
z: {kind: end, outcome: done}
"""
    result = run_campaign(plan_of(nodes), runs=50, seed=1)
    assert result.found == []
    assert [gap.words for gap in result.coverage.missing() if not gap.port] == ["never"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("recording", "monday"),
        ("sources", {"tools": {"*": "recording"}}),
        ("changes", [{"before": "begin", "set": {"x": 1}}]),
    ],
)
def test_what_no_generated_run_can_follow_is_refused_by_its_key(key: str, value: Any) -> None:
    base = scenario_of({"scenario": "fixed", "journey": "any", key: value})
    with pytest.raises(AuthorError, match=f"follow no '{key}'"):
        campaign(PLANTED[0], base=base)
