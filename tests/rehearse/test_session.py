import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from journeybuilder.errors import OperatorError
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.rehearse.session import Rehearsal
from tests.fakes import FakeTools, plan_of

NODES = """
a: {kind: ask, text: Which order?, save: id, timeout: 3d, next: b, on_timeout: late}
b: {kind: tool, tool: orders/get_order, with: {order_id: "${id}"}, save: order, next: c}
c: {kind: review, to: desk, decisions: {approve: z, reject: late}, save: decision, draft: Hi, editable: true}
z: {kind: end, outcome: good, output: {draft: "${decision.value}", order: "${order}"}}
late: {kind: end, outcome: late}
"""
Events = list[Mapping[str, Any]]


def rehearsal(**more: Any) -> tuple[Rehearsal, Events]:
    events: Events = []
    return Rehearsal(plan_of(NODES), on_event=events.append, **more), events


def test_a_person_at_the_screen_plays_the_customer_and_the_colleague() -> None:
    async def play() -> None:
        screen, events = rehearsal()
        assert screen.waiting_for is None
        state = await screen.start({})
        assert state.status == "parked"
        assert (screen.waiting_for or {})["kind"] == "customer"
        await screen.reply("O-1")
        assert (screen.waiting_for or {})["kind"] == "review"
        state = await screen.decide("approve", "Hello")
        assert (state.outcome, state.output) == ("good", {"draft": "Hello", "order": {}})
        assert screen.waiting_for is None
        names = [event["event"] for event in events]
        assert names[0] == "started"
        assert names[-1] == "ended"
        assert names.count("parked") == 2
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))

    asyncio.run(play())


def test_letting_the_time_pass_takes_the_way_of_the_time_out() -> None:
    async def play() -> None:
        screen, _ = rehearsal()
        await screen.start({})
        assert (await screen.let_time_pass()).outcome == "late"

    asyncio.run(play())


def test_a_wait_without_an_end_cannot_be_passed() -> None:
    async def play() -> None:
        screen, _ = rehearsal()
        await screen.start({})
        await screen.reply("O-1")
        with pytest.raises(OperatorError, match="this wait has no time-out"):
            await screen.let_time_pass()

    asyncio.run(play())


def test_an_answer_that_nobody_waits_for_is_refused_and_harms_nothing() -> None:
    async def play() -> None:
        screen, _ = rehearsal()
        await screen.start({})
        with pytest.raises(
            OperatorError, match="does not wait for a person; it waits for the customer"
        ):
            await screen.decide("approve")
        await screen.reply("O-1")
        with pytest.raises(
            OperatorError, match="does not wait for the customer; it waits for a review"
        ):
            await screen.reply("hello?")
        with pytest.raises(OperatorError, match="'maybe' is no decision here"):
            await screen.decide("maybe")
        assert (await screen.decide("reject")).outcome == "late"

    asyncio.run(play())


def test_a_rehearsal_can_be_stopped_at_any_time_and_twice() -> None:
    async def play() -> None:
        screen, events = rehearsal()
        await screen.stop()
        await screen.start({})
        await screen.stop()
        await screen.stop()
        assert screen.state is not None
        assert screen.state.status == "cancelled"
        assert [event["event"] for event in events].count("cancelled") == 1

    asyncio.run(play())


def test_tools_answer_from_the_scenario_then_really_then_from_their_schemas() -> None:
    async def play(**more: Any) -> Any:
        screen, _ = rehearsal(**more)
        await screen.start({})
        state = await screen.reply("O-1")
        return state.variables["order"]

    real = FakeTools({"orders/get_order": [{"from": "real"}]})
    script = Scenario("s", "test", tools={"orders/get_order": {"returns": {"from": "script"}}})
    assert asyncio.run(play(tools=real, scenario=script)) == {"from": "script"}
    assert asyncio.run(play(tools=real)) == {"from": "real"}
    assert asyncio.run(play()) == {}


def test_a_rehearsal_speaks_the_language_it_was_started_in() -> None:
    async def play() -> None:
        events: Events = []
        plan = plan_of("a: {kind: say, text: {en: Hi, es: Hola}, next: z}\nz: {kind: end}")
        await Rehearsal(plan, on_event=events.append).start({}, language="es", channel="voice")
        assert [event["request"]["text"] for event in events if event["event"] == "asked"] == [
            "Hola"
        ]

    asyncio.run(play())


WAIT = """
a: {kind: branch, cases: [{when: "has(customer.color)", next: b}], otherwise: late}
b: {kind: wait, event: ready, timeout: 2h, save: came, next: z, on_timeout: late}
z: {kind: end, outcome: good, output: {came: "${came.n}", color: "${customer.color}"}}
late: {kind: end, outcome: late}
"""


def test_an_event_comes_when_the_person_at_the_screen_says_so() -> None:
    async def play() -> None:
        script = Scenario(
            "", "test", events={"ready": {"data": {"n": 3}}}, remembered={"color": "blue"}
        )
        screen = Rehearsal(plan_of(WAIT), on_event=lambda _: None, scenario=script)
        assert (await screen.start({})).waits[0]["name"] == "ready"
        assert (await screen.happen("ready")).output == {"came": 3, "color": "blue"}
        other = Rehearsal(plan_of(WAIT), on_event=lambda _: None, scenario=script)
        await other.start({"customer_id": "C-1"})
        assert (await other.let_time_pass()).outcome == "late"

    asyncio.run(play())
