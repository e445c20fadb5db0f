import asyncio
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.debug.debugger import Debugger
from journeybuilder.rehearse.debug.timeline import Timeline
from journeybuilder.rehearse.debug.watch import watch
from journeybuilder.run.state import fold
from tests.fakes import journey_data, plan_of, world
from tests.rehearse.random_runs import Shop, play, random_cast, retail

TALK = """
a: {kind: ask, text: Which order?, save: id, timeout: 3d, next: b, on_timeout: late}
b: {kind: tool, tool: orders/get_order, with: {order_id: "${id}"}, save: order, next: c, on_error: late}
c: {kind: generate, model: fast, prompt: "Sum up ${order}", save: text, next: z}
z: {kind: end, outcome: good}
late: {kind: end, outcome: late}
"""


def timeline(plan: Plan, *says: str, **answers: Any) -> Timeline:
    place = world(*says, **answers)
    place.run(plan)
    return Timeline(place.events)


@pytest.mark.parametrize(
    ("journey", "given"),
    [
        ("order-return", {"customer_id": "C-17"}),
        ("delivery-problem", {"customer_id": "C-17"}),
        ("where-is-my-order", {"customer_id": "C-17"}),
    ],
)
def test_every_state_is_the_fold_of_the_events_so_far(
    journey: str, given: Mapping[str, Any]
) -> None:
    plan = retail(journey)
    for seed in range(12):
        chance = Random(seed)
        cast = random_cast(plan, chance)
        debugger = Debugger(plan, cast=cast, tools=Shop(chance), on_event=lambda _: None)
        asyncio.run(play(debugger, given, chance))
        shown = debugger.timelines[0]
        moments = [*range(len(shown) + 1), *range(len(shown), -1, -1)]
        for n in moments:
            assert shown.state(n) == fold(shown.events[:n])


@pytest.mark.parametrize("journey", ["order-return", "delivery-problem", "where-is-my-order"])
def test_every_moment_shows_what_was_to_be_seen_at_that_moment(journey: str) -> None:
    plan = retail(journey)
    for seed in range(6):
        chance = Random(seed)
        cast = random_cast(plan, chance)
        debugger = Debugger(plan, cast=cast, tools=Shop(chance), on_event=lambda _: None)
        asyncio.run(play(debugger, {"customer_id": "C-17"}, chance))
        shown = debugger.timelines[0]
        then = Timeline()
        for n in range(len(shown) + 1):
            assert shown.node_states(n) == then.node_states(n)
            assert shown.wires(n) == then.wires(n)
            assert shown.place(n) == then.place(n)
            assert shown.cost(n) == then.cost(n)
            assert shown.before(n) == then.before(n)
            if n < len(shown):
                then.add(shown.events[n])


def test_stops_lie_behind_nodes_entered_effects_answered_and_the_end() -> None:
    shown = timeline(plan_of(TALK), "O-1")
    stops = [0]
    while shown.after(stops[-1]) > stops[-1]:
        stops.append(shown.after(stops[-1]))
    told = [shown.events[n - 1]["event"] for n in stops[1:]]
    assert set(told) == {"entered", "answered", "ended"}
    assert stops[-1] == len(shown)
    back = [len(shown)]
    while back[-1]:
        back.append(shown.before(back[-1]))
    assert back == stops[::-1]


def test_a_moment_outside_is_the_nearest_there_is() -> None:
    shown = timeline(plan_of(TALK), "O-1")
    assert shown.state(-5) == shown.state(0)
    assert shown.state(10_000) == shown.state(len(shown))
    assert shown.place(-1) == ""
    assert shown.after(10_000) == len(shown)
    assert len(Timeline()) == 0
    assert Timeline().node_states(3) == {}
    assert Timeline().rows() == []


def test_nodes_are_running_waiting_done_or_failed() -> None:
    place = world("O-1", tools={"orders/get_order": [RuntimeError("no")]})
    place.run(plan_of(TALK))
    shown = Timeline(place.events)
    entered = [n for n in range(len(shown)) if shown.events[n]["event"] == "entered"]
    assert shown.node_states(entered[1] + 1) == {"a": "done", "b": "running"}
    assert shown.node_states(len(shown)) == {"a": "done", "b": "failed", "late": "done"}
    assert shown.wires(len(shown)) == [("a", "next"), ("b", "on_error")]
    assert shown.wires(entered[1]) == [("a", "next")]


def test_a_node_that_waits_is_shown_as_waiting() -> None:
    debugger = Debugger(plan_of(TALK), on_event=lambda _: None)
    asyncio.run(debugger.start({}))
    shown = debugger.timelines[0]
    assert shown.node_states(len(shown)) == {"a": "waiting"}
    assert shown.place(len(shown)) == "a"


def test_rows_tell_place_words_cost_tokens_and_latency() -> None:
    shown = timeline(plan_of(TALK), "O-1", models={"fast": [{"says": "All is well"}]})
    rows = {(row.kind, row.effect): row for row in shown.rows()}
    assert rows["asked", "say"].words == "Which order?"
    assert rows["answered", "listen"].words == "O-1"
    assert rows["asked", "tool"].words == 'orders/get_order {"order_id":"O-1"}'
    model = rows["answered", "model"]
    assert (model.node, model.words, model.cost) == ("c", "All is well", 0.0)
    assert model.tokens > 0
    assert rows["left", ""].words == "next"
    assert rows["ended", ""].words == "good"
    assert [row.index for row in shown.rows()] == list(range(len(shown)))


def test_the_cost_of_a_moment_is_what_models_have_cost_by_then() -> None:
    place = world("O-1", models={"fast": [{"says": "All is well"}]})
    place.run(plan_of(TALK))

    def priced(cost: float | None) -> Timeline:
        return Timeline(
            {**event, "answer": {**event["answer"], "cost_usd": cost}}
            if event["event"] == "answered" and event["effect"] == "model"
            else event
            for event in place.events
        )

    paid = priced(0.02)
    assert (paid.cost(3), paid.cost(len(paid))) == (0.0, 0.02)
    assert sum(row.cost or 0 for row in paid.rows()) == 0.02
    unknown = priced(None)
    assert unknown.cost(len(unknown)) is None
    assert [row.effect for row in unknown.rows() if row.cost is None] == ["model"]


def test_what_is_only_told_is_no_part_of_the_line() -> None:
    shown = timeline(plan_of(TALK), "O-1")
    length = len(shown)
    shown.add({"event": "writing", "run": "r-1", "at": 1.0, "text": "All"})
    assert len(shown) == length


SUB = {
    "sub": journey_data(
        "sub",
        """
a: {kind: set, values: {inner: 7}, next: b}
b: {kind: say, text: hi, next: z}
z: {kind: end, outcome: back}
""",
    )
}


def test_called_journeys_have_places_and_variables_of_their_own() -> None:
    plan = plan_of(
        """
a: {kind: set, values: {outer: 1}, next: b}
b: {kind: journey, journey: sub, save: gone, next: z}
z: {kind: end}
""",
        others=SUB,
    )
    place = world()
    place.run(plan)
    shown = Timeline(place.events)
    inside = next(n for n in range(len(shown)) if shown.place(n) == "sub/b")
    assert shown.variables(inside) == {"inner": 7}
    assert shown.node_states(inside) == {
        "a": "done", "b": "running", "sub/a": "done", "sub/b": "running",
    }  # fmt: skip
    assert shown.variables(len(shown))["outer"] == 1
    assert ("sub/a", "next") in shown.wires(len(shown))


def test_lanes_run_beside_each_other() -> None:
    lanes = """
a: {kind: parallel, lanes: {left: b, right: c}}
b: {kind: say, text: b, next: m}
c: {kind: say, text: c, next: m}
m: {kind: join, wait_for: all, next: z}
z: {kind: end}
"""
    other = world()
    other.run(plan_of(lanes))
    shown = Timeline(other.events)
    forked = next(n for n in range(len(shown)) if shown.events[n]["event"] == "forked") + 1
    assert shown.wires(forked) == [("a", "lanes.left"), ("a", "lanes.right")]
    assert shown.node_states(forked) == {"a": "done", "b": "running", "c": "running"}
    assert shown.node_states(len(shown)) == dict.fromkeys("abcmz", "done")


def test_a_watch_gives_a_value_or_says_why_there_is_none() -> None:
    shown = timeline(plan_of(TALK), "O-1", tools={"orders/get_order": [{"total": 3}]})
    last = shown.state(len(shown))
    assert watch(last, "order.total * 2").value == 6
    assert watch(last, "id + '!'").value == "O-1!"
    assert watch(shown.state(2), "order.total").error == "'order' has no value here"
    assert "order" not in watch(last, "order.total").error
    broken = watch(last, "order.total +")
    assert broken.value is None
    assert broken.error
    assert watch(last, "session.channel").value == "chat"
    assert watch(fold([]), "1 + 1").value == 2
