"""Coverage equals what is counted again from the traces and the YAML, in another way."""

import asyncio
from collections import Counter as Tally
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from journeybuilder.connect.store_memory import MemoryJournal
from journeybuilder.contract.services import Services
from journeybuilder.document.workspace import Workspace, read_workspace
from journeybuilder.host import known_of
from journeybuilder.packaged import packaged
from journeybuilder.plan.bundle import build
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.rehearse.coverage import Counter, Coverage, none_of
from journeybuilder.rehearse.scenario import scenario_of
from journeybuilder.rehearse.simulate import simulate
from journeybuilder.rehearse.suites.suite import Manner, run_suite
from journeybuilder.rehearse.world.cast import Cast
from journeybuilder.run.engine import Engine
from journeybuilder.run.state import Event
from tests.fakes import FakeClock, FakeCustomer, FakePeople, FakeTools, journey_data, plan_of

Edge = tuple[str, str, str]
DECIDING = {"branch": ("cases", "otherwise"), "split": ("ways",), "review": ("decisions",),
            "classify": ("routes", "otherwise")}  # fmt: skip
TROUBLE = {
    "on_error",
    "on_timeout",
    "on_invalid",
    "on_limit",
    "on_failed",
    "on_unavailable",
    "fail",
}


# -- counted again ----------------------------------------------------------------------------


def wired(journeys: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Edge, str]]:
    """Every wire that the YAML draws, and the kind of its node, by looking for ids of nodes."""
    for name, data in journeys.items():
        if data.get("on_error"):
            yield (name, "", "on_error"), ""
        for node, settings in data["nodes"].items():
            for path, value in leaves(settings):
                way = [part for part in path if part != "next"] if len(path) > 2 else path
                ports = ("next", "otherwise", "pass", "fail", "yes", "no", "body")
                named = path[0] in {"decisions", "lanes"} or path[-1] in ports
                if (named or str(path[-1]).startswith("on_")) and value in data["nodes"]:
                    yield (name, node, ".".join(map(str, way))), settings["kind"]


def leaves(value: Any, *path: str | int) -> Iterator[tuple[list[str | int], Any]]:
    if not isinstance(value, dict | list):
        yield [*path], value
        return
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value)  # type: ignore[reportUnknownMemberType]
    for key, one in inner:
        yield from leaves(one, *path, key)


def gone(first: str, events: Sequence[Event]) -> Tally[Edge]:
    """Every wire that a run went, by following each lane through the journeys that it calls."""
    out: Tally[Edge] = Tally()
    inside: dict[str, list[str]] = {"0": [first]}
    for event in events:
        lane = event.get("lane", "")
        match event["event"]:
            case "called":
                inside[lane].append(event["journey"])
            case "returned":
                inside[lane].pop()
            case "forked":
                for name, one in event["lanes"].items():
                    inside[one["lane"]] = [inside[lane][-1]]
                    out[inside[lane][-1], event["node"], f"lanes.{name}"] += 1
            case "left":
                out[inside[lane][-1], event["node"], event["port"]] += 1
            case "caught":
                journey = inside[lane][-1]
                out[journey, event["node"] if event["by"] == "node" else "", "on_error"] += 1
            case _:
                pass
    return out


def visited(first: str, events: Sequence[Event]) -> Tally[tuple[str, str]]:
    return Tally(
        (event.get("journey", first), event["node"])
        for event in events
        if event["event"] == "entered"
    )


def hold(coverage: Coverage, plan: Plan, runs: Sequence[Sequence[Event]]) -> None:
    """See that a coverage is what is counted again."""
    journeys = {name: each.journey.data for name, each in plan.journeys.items()}
    kinds = dict(wired(journeys))
    first = plan.journey.id
    edges: Tally[Edge] = Tally()
    nodes: Tally[tuple[str, str]] = Tally()
    for events in runs:
        edges.update(gone(first, events))
        nodes.update(visited(first, events))
    everything = [(name, node) for name, data in journeys.items() for node in data["nodes"]]
    assert {tuple(place): n for place, n in coverage.visits.items()} == {
        place: nodes[place] for place in everything
    }
    assert {tuple(edge): n for edge, n in coverage.passed.items()} == {
        edge: edges[edge] for edge in kinds
    }
    trouble = [edge for edge in kinds if edge[2] in TROUBLE]
    cases = [edge for edge in kinds if edge[2].partition(".")[0] in DECIDING.get(kinds[edge], ())]
    told = coverage.as_json()
    assert told["nodes"] == {"hit": len(nodes), "all": len(everything)}
    assert told["edges"] == {"hit": len(edges), "all": len(kinds)}
    assert told["errors"] == {"hit": sum(1 for one in trouble if edges[one]), "all": len(trouble)}
    assert told["cases"] == {"hit": sum(1 for one in cases if edges[one]), "all": len(cases)}
    assert {(gap["journey"], gap["node"], gap["port"]) for gap in told["missing"]} == {
        *(edge for edge in kinds if not edges[edge]),
        *((*place, "") for place in everything if not nodes[place]),
    }


# -- the samples ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def retail() -> Workspace:
    return read_workspace(packaged("samples") / "retail")


def plan_in(workspace: Workspace, journey: str) -> Plan:
    return make_plan(build(workspace, journey, known_of(workspace)))


def test_coverage_of_each_sample_journey_is_that_of_its_traces(retail: Workspace) -> None:
    for journey in retail.journeys:
        plan = plan_in(retail, journey)
        together, runs = none_of(plan), list[Sequence[Event]]()
        for source in retail.scenarios.values():
            scenario = scenario_of(source.data)
            if scenario.journey != journey or scenario.random or scenario.vary:
                continue
            events = asyncio.run(simulate(plan, scenario)).events
            hold(Coverage.of(plan, events), plan, [events])
            together = together.merged(Coverage.of(plan, events))
            runs.append(events)
        hold(together, plan, runs)


def test_coverage_of_a_whole_suite_is_that_of_all_its_traces(retail: Workspace) -> None:
    nodes: Tally[tuple[str, str]] = Tally()
    edges: Tally[Edge] = Tally()
    names = [name for name, one in retail.scenarios.items() if not {"random", "vary"} & {*one.data}]
    for name in names:
        scenario = scenario_of(retail.scenarios[name].data)
        plan = plan_in(retail, scenario.journey)
        events = asyncio.run(simulate(plan, scenario)).events
        nodes.update(visited(scenario.journey, events))
        edges.update(gone(scenario.journey, events))
    result = run_suite(retail, names, jobs=1, apart=False, manner=Manner(whole=True))
    journeys = {name: file.journey.data for name, file in retail.journeys.items()}
    kinds = dict(wired(journeys))
    told = result.as_json()["coverage"]
    every = [(name, node) for name, data in journeys.items() for node in data["nodes"]]
    assert told["nodes"] == {"hit": len(nodes), "all": len(every)}
    assert told["edges"] == {"hit": len(edges), "all": len(kinds)}
    assert {tuple(edge): n for edge, n in result.coverage.passed.items() if n} == dict(edges)
    assert {tuple(place): n for place, n in result.coverage.visits.items() if n} == dict(nodes)


@pytest.mark.parametrize("seed", range(12))
def test_coverage_of_runs_left_to_chance_is_that_of_their_traces(
    retail: Workspace, seed: int
) -> None:
    for journey in retail.journeys:
        plan = plan_in(retail, journey)
        given = {"customer_id": "C-17", "order_id": "O-1001"}
        allowed = plan.journey.input.get("properties", {})
        data = {
            "journey": journey,
            "input": {name: value for name, value in given.items() if name in allowed},
            "customer": "random",
            "seed": seed,
        }
        faults = {"*": {"fails": "timeout", "share": 0.2}} if seed % 2 else {}
        cast = Cast(faults=faults, seed=seed)
        result = asyncio.run(simulate(plan, scenario_of(data), cast=cast))
        assert result.events, result.failures
        hold(Coverage.of(plan, result.events), plan, [result.events])


# -- lanes, loops, called journeys, errors, going back -----------------------------------------

MANY = """
a: {kind: set, values: {items: [1, 2]}, next: each}
each: {kind: loop, each: items, body: call, next: fork}
call: {kind: journey, journey: inner, save: given, next: each, on_error: fork}
fork: {kind: parallel, lanes: {x/y: one, z: two}}
one: {kind: tool, tool: shipping/create_label, with: {order_id: O-1}, next: met, on_error: met}
two: {kind: set, values: {b: 1}, next: met}
met: {kind: join, wait_for: all, next: ask, on_timeout: bye}
ask: {kind: ask, text: Well?, save: w, timeout: 1h, next: last, on_timeout: bye}
last: {kind: tool, tool: orders/refund, with: {order_id: O-1, amount: 1}, next: bye}
sorry: {kind: say, text: Sorry, next: bye}
bye: {kind: end, outcome: done}
"""
INNER = journey_data(
    "inner",
    """
a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, save: seen, next: b}
b:
  kind: branch
  cases: [{when: has(seen.x) && seen.x, next: c}, {when: "false", next: c}]
  otherwise: c
c: {kind: end, outcome: good}
oops: {kind: end, outcome: bad}
""",
    "on_error: oops",
)


def many() -> Plan:
    return plan_of(MANY, "on_error: sorry", others={"inner": INNER})


@pytest.mark.parametrize(
    "script",
    [
        {"customer": [{"says": "yes"}]},
        {"tools": {"orders/get_order": [{"fails": "timeout"}, {"returns": {"x": True}}]}},
        {"customer": [{"says": "y"}], "tools": {"orders/refund": {"fails": "error"}}},
        {"tools": {"shipping/create_label": {"fails": "unreachable"}}},
    ],
)
def test_lanes_loops_and_called_journeys_are_counted(script: Mapping[str, Any]) -> None:
    plan = many()
    scenario = scenario_of({"scenario": "s", "journey": plan.journey.id, **script})
    result = asyncio.run(simulate(plan, scenario))
    assert result.state.status == "ended"
    coverage = Coverage.of(plan, result.events)
    hold(coverage, plan, [result.events])
    assert coverage.nodes["inner/a"] == 2
    assert coverage.nodes["each"] == 3
    assert coverage.edges["fork", "lanes.x/y"] == 1
    assert coverage.of_journey("inner").nodes["a"] == 2


def test_an_error_that_the_journey_catches_is_an_edge_of_its_own() -> None:
    plan = many()
    script = {"customer": [{"says": "y"}], "tools": {"orders/refund": {"fails": "error"}}}
    scenario = scenario_of({"scenario": "s", "journey": plan.journey.id, **script})
    coverage = Coverage.of(plan, asyncio.run(simulate(plan, scenario)).events)
    assert coverage.edges["", "on_error"] == 1
    assert coverage.edges["inner/", "on_error"] == 0
    assert "the journey itself → oops (on_error)" in [gap.words for gap in coverage.missing()]


def test_a_run_that_goes_back_and_branches_is_counted_in_its_journeys() -> None:
    nodes = """
    a: {kind: journey, journey: talk, save: t, next: b}
    b: {kind: end, outcome: done}
    """
    inner = """
    p: {kind: ask, text: One?, save: one, next: q}
    q: {kind: ask, text: Two?, save: two, next: r}
    r: {kind: end, outcome: good}
    """
    plan = plan_of(nodes, others={"talk": {**journey_data("talk", inner), "start": "p"}})

    async def run() -> Sequence[Event]:
        events: list[Event] = []
        services = Services(FakeTools(), None, FakeCustomer(), FakePeople(), FakeClock())  # type: ignore[arg-type]
        engine = Engine(plan, MemoryJournal(), services, events.append)
        await engine.start({}, {"channel": "chat", "language": "en", "tenant": ""}, "r1")
        await engine.answer("r1", {"text": "1"}, "c")
        await engine.branch("r1", 3, "r2")
        await engine.resume("r2")
        await engine.answer("r2", {"text": "2"}, "c")
        return [event for event in events if event["run"] == "r2"]

    events = asyncio.run(run())
    assert events[0]["event"] == "branched"
    coverage = Coverage.of(plan, events)
    assert coverage.nodes == {"a": 0, "b": 1, "talk/p": 0, "talk/q": 1, "talk/r": 1}
    assert coverage.edges == {("a", "next"): 1, ("talk/p", "next"): 0, ("talk/q", "next"): 1}


def test_a_run_that_branches_two_journeys_deep_is_counted_on_the_way_back() -> None:
    talk = "p: {kind: ask, text: One?, save: one, next: q}\nq: {kind: end, outcome: good}"
    middle = "m: {kind: journey, journey: talk, save: t, next: n}\nn: {kind: end, outcome: good}"
    plan = plan_of(
        "a: {kind: journey, journey: mid, save: t, next: b}\nb: {kind: end, outcome: done}",
        others={
            "mid": {**journey_data("mid", middle), "start": "m"},
            "talk": {**journey_data("talk", talk), "start": "p"},
        },
    )

    async def run() -> Sequence[Event]:
        events: list[Event] = []
        services = Services(FakeTools(), None, FakeCustomer(), FakePeople(), FakeClock())  # type: ignore[arg-type]
        engine = Engine(plan, MemoryJournal(), services, events.append)
        await engine.start({}, {"channel": "chat", "language": "en", "tenant": ""}, "r1")
        await engine.branch("r1", 3, "r2")
        await engine.resume("r2")
        await engine.answer("r2", {"text": "2"}, "c")
        return [event for event in events if event["run"] == "r2"]

    coverage = Coverage.of(plan, asyncio.run(run()))
    assert coverage.edges == {("a", "next"): 1, ("mid/m", "next"): 1, ("talk/p", "next"): 1}


# -- several together --------------------------------------------------------------------------


def test_merged_coverage_of_several_journeys_names_each_node_with_its_journey(
    retail: Workspace,
) -> None:
    outer, inner = plan_in(retail, "where-is-my-order"), plan_in(retail, "parcel-status")
    both = none_of(outer).merged(none_of(inner))
    assert both.journey == ""
    assert set(both.journeys) == {outer.journey.id, inner.journey.id} | set(outer.journeys)
    node = next(iter(inner.nodes))
    assert both.nodes[f"parcel-status/{node}"] == 0
    assert both.of_journey("parcel-status").nodes == none_of(inner).nodes


def test_merging_adds_counts_and_does_not_hang_on_the_order() -> None:
    plan = many()
    scenarios = [{"customer": [{"says": "y"}]}, {}]
    one, two = (
        Coverage.of(
            plan,
            asyncio.run(simulate(plan, scenario_of({"journey": plan.journey.id, **each}))).events,
        )
        for each in scenarios
    )
    assert one.merged(two).nodes == two.merged(one).nodes
    assert one.merged(two).edges["a", "next"] == 2
    assert one.merged(Coverage()).nodes == Coverage().merged(one).nodes == one.nodes
    assert one.merged(two).journey == plan.journey.id


def test_a_counter_that_looks_on_shows_the_coverage_at_every_moment() -> None:
    plan = many()
    events = asyncio.run(simulate(plan, scenario_of({"journey": plan.journey.id}))).events
    counter = Counter(plan)
    for index, event in enumerate(events, 1):
        counter.see(event)
        assert counter.coverage() == Coverage.of(plan, events[:index])


def test_events_of_another_version_of_the_journey_are_left_out() -> None:
    plan = many()
    events = [
        {"event": "entered", "lane": "0", "node": "gone", "visit": 1},
        {"event": "left", "lane": "0", "node": "gone", "visit": 1, "port": "next"},
    ]
    assert Coverage.of(plan, events) == none_of(plan)


def test_nothing_to_cover_is_all_covered() -> None:
    plan = plan_of("a: {kind: end, outcome: done}")
    coverage = Coverage.of(plan, asyncio.run(simulate(plan, scenario_of({}))).events)
    assert coverage.edge_count.percent == 100
    assert coverage.as_json()["edges"] == {"hit": 0, "all": 0}
    assert coverage.missing() == []
