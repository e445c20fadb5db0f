import asyncio
from typing import Any

import pytest

from journeybuilder.errors import OperatorError
from journeybuilder.rehearse.debug.debugger import Debugger, Stop
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.run.state import fold
from tests.fakes import FakeTools, journey_data, plan_of
from tests.rehearse.at_screen import LOOP, at, debugger


def test_a_person_at_the_screen_plays_the_customer_and_the_colleague() -> None:
    async def play() -> None:
        screen, events = debugger()
        assert screen.waiting_for is None
        assert at(await screen.start({})) == ("waiting", "a")
        assert (screen.waiting_for or {})["kind"] == "customer"
        assert at(await screen.reply("O-1")) == ("waiting", "c")
        stop = await screen.decide("approve", "Hello")
        assert (stop.reason, stop.words) == ("ended", "ended: good")
        assert screen.state is not None
        assert screen.state.output == {"draft": "Hello", "order": {}}
        names = [event["event"] for event in events]
        assert (names[0], names[-1], names.count("parked")) == ("started", "ended", 2)
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        assert screen.state == fold(events)

    asyncio.run(play())


def test_answers_that_nobody_waits_for_are_refused_and_harm_nothing() -> None:
    async def play() -> None:
        screen, _ = debugger()
        with pytest.raises(OperatorError, match="no rehearsal is under way"):
            await screen.reply("hello?")
        await screen.start({})
        with pytest.raises(OperatorError, match="does not wait for a person"):
            await screen.decide("approve")
        await screen.reply("O-1")
        with pytest.raises(OperatorError, match="does not wait for the customer"):
            await screen.reply("hello?")
        with pytest.raises(OperatorError, match="'maybe' is no decision here"):
            await screen.decide("maybe")
        with pytest.raises(OperatorError, match="this wait has no time-out"):
            await screen.let_time_pass()
        assert at(await screen.decide("reject")) == ("ended", "late")
        with pytest.raises(OperatorError, match="it is ended"):
            await screen.reply("again")

    asyncio.run(play())


def test_an_input_that_the_journey_does_not_take_is_refused() -> None:
    head = "input: {properties: {n: {type: integer}}, required: [n]}"
    screen, _ = debugger(plan_of("a: {kind: end}", head))
    with pytest.raises(OperatorError, match="the input does not fit"):
        asyncio.run(screen.start({}))
    assert at(asyncio.run(screen.start({"n": 1}))) == ("ended", "a")


def test_letting_the_time_pass_takes_the_way_of_the_time_out() -> None:
    async def play() -> None:
        screen, _ = debugger()
        await screen.start({})
        assert at(await screen.let_time_pass()) == ("ended", "late")

    asyncio.run(play())


def test_the_scenario_can_play_everybody() -> None:
    script = Scenario(
        "s",
        "test",
        customer=[{"says": "O-1"}],
        people={"c": {"decision": "approve", "after": "2h"}},
    )
    screen, events = debugger(scenario=script, script=True)
    assert at(asyncio.run(screen.start({}))) == ("ended", "z")
    assert not [event for event in events if event["event"] == "parked"]


def test_a_scenario_that_plays_lets_the_time_pass_where_nobody_answers() -> None:
    screen, _ = debugger(scenario=Scenario("s", "test"), script=True)
    assert at(asyncio.run(screen.start({}))) == ("ended", "late")


def test_a_journey_that_goes_round_stops_at_its_limit() -> None:
    nodes = """
a: {kind: set, values: {n: 1}, next: b}
b: {kind: branch, cases: [{when: n > 1, next: z}], otherwise: a}
z: {kind: end}
"""
    screen, _ = debugger(plan_of(nodes, "limits: {steps: 40}"))
    stop = asyncio.run(screen.start({}))
    assert stop.reason == "failed"
    assert stop.words == "the run has made 40 steps, which is its limit"


async def stepped(screen: Debugger, stop: Stop, command: str = "step") -> list[str]:
    places = [stop.place]
    while stop.reason == "step":
        stop = await getattr(screen, command)()
        places.append(stop.place)
    return places


def test_a_step_goes_to_the_next_node_and_shows_its_state() -> None:
    async def play() -> None:
        screen, events = debugger()
        stop = await screen.start({}, hold=True)
        assert at(stop) == ("step", "a")
        assert [event["event"] for event in events] == ["started"]
        assert await stepped(screen, stop) == ["a", "a"]
        stop = await screen.reply("O-1")  # the step that was begun ends at the next node
        assert at(stop) == ("step", "b")
        assert stop.index == len(events)
        stop = await screen.step()
        assert at(stop) == ("step", "fee")
        assert screen.evaluate("has(fee)").value is False
        assert at(await screen.step()) == ("step", "c")
        assert screen.evaluate("fee").value == 5
        assert screen.evaluate("has(fee)", stop.index).value is False

    asyncio.run(play())


def test_a_step_ends_at_each_effect_of_a_node_that_has_several() -> None:
    nodes = """
a: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, retry: {attempts: 3, wait: 1s}, next: z}
z: {kind: end}
"""

    async def play() -> None:
        script = Scenario(
            "s", "test", tools={"orders/get_order": [{"fails": "no"}, {"returns": {}}]}
        )
        screen, events = debugger(nodes, scenario=script)
        await screen.start({}, hold=True)
        stop = await screen.step()
        assert (stop.reason, stop.place, stop.tool) == ("step", "a", "orders/get_order")
        assert [event["event"] for event in events][-1] == "answered"  # it has slept
        assert at(await screen.step()) == ("step", "z")

    asyncio.run(play())


def test_stepping_over_goes_through_a_called_journey_at_once() -> None:
    sub = {"sub": journey_data("sub", "a: {kind: say, text: hi, next: b}\nb: {kind: end}")}
    nodes = "a: {kind: set, values: {n: 1}, next: b}\nb: {kind: journey, journey: sub, next: c}\nc: {kind: end}"
    plan = plan_of(nodes, others=sub)

    async def play() -> None:
        screen, _ = debugger(plan)
        assert await stepped(screen, await screen.start({}, hold=True)) == [
            "a", "b", "sub/a", "sub/b", "c", "c",
        ]  # fmt: skip
        assert await stepped(screen, await screen.start({}, hold=True), "step_over") == [
            "a", "b", "c", "c",
        ]  # fmt: skip
        assert len(screen.timelines) == 2

    asyncio.run(play())


def test_running_to_a_node_stops_before_it_and_only_once() -> None:
    async def play() -> None:
        screen, _ = debugger()
        await screen.start({}, hold=True)
        assert at(await screen.run_to("c")) == ("waiting", "a")
        assert at(await screen.reply("O-1")) == ("step", "c")
        assert at(await screen.go_on()) == ("waiting", "c")

    asyncio.run(play())


def test_a_run_that_waits_or_is_over_stands_where_it_is() -> None:
    async def play() -> None:
        screen, events = debugger()
        first = await screen.start({})
        assert await screen.step() == first
        assert await screen.go_on() == first
        screen.pause()
        await screen.reply("O-1")
        last = await screen.decide("approve")
        assert await screen.go_on() == last
        assert [event["event"] for event in events].count("ended") == 1

    asyncio.run(play())


def test_an_event_comes_also_to_a_run_that_is_held() -> None:
    nodes = """
a: {kind: set, values: {n: 1}, next: b}
b: {kind: wait, event: ready, timeout: 2h, save: came, next: z, on_timeout: late}
z: {kind: end, outcome: good, output: {n: "${came.n}"}}
late: {kind: end, outcome: late}
"""

    async def play() -> None:
        script = Scenario("", "test", events={"ready": {"data": {"n": 3}}})
        screen, events = debugger(nodes, scenario=script)
        await screen.start({}, hold=True)
        stop = await screen.happen("ready")
        assert (at(stop), stop.index) == (("step", "a"), len(events))
        assert at(await screen.go_on()) == ("ended", "z")
        assert screen.state is not None
        assert screen.state.output == {"n": 3}
        assert at(await screen.start({})) == ("waiting", "b")
        assert at(await screen.happen("ready", {"n": 4})) == ("ended", "z")

    asyncio.run(play())


def test_a_person_cannot_answer_while_the_run_is_held() -> None:
    async def play() -> None:
        screen, _ = debugger()
        await screen.start({}, hold=True)
        with pytest.raises(OperatorError, match="it is under way"):
            await screen.reply("O-1")

    asyncio.run(play())


def test_a_delay_shows_each_node_before_the_next() -> None:
    async def play() -> None:
        screen, events = debugger(LOOP)
        screen.delay = 0.001
        going = asyncio.ensure_future(screen.start({}))
        await asyncio.sleep(0)
        assert len(events) < 5
        assert at(await going) == ("ended", "z")

    asyncio.run(play())


def test_tools_answer_from_the_scenario_then_really_then_from_their_schemas() -> None:
    async def order(**more: Any) -> Any:
        screen, _ = debugger(**more)
        await screen.start({})
        await screen.reply("O-1")
        return screen.evaluate("order").value

    real = FakeTools({"orders/get_order": [{"from": "real"}]})
    script = Scenario("s", "test", tools={"orders/get_order": {"returns": {"from": "script"}}})
    assert asyncio.run(order(tools=real, scenario=script)) == {"from": "script"}
    assert asyncio.run(order(tools=real)) == {"from": "real"}
    assert asyncio.run(order()) == {}


def test_a_rehearsal_speaks_the_language_it_was_started_in() -> None:
    plan = plan_of(
        "a: {kind: say, text: {en: Hi, es: Hola}, next: z}\nz: {kind: end}", "languages: [en, es]"
    )
    screen, events = debugger(plan)
    for language in ("es", ""):
        asyncio.run(screen.start({}, "chat", language))
    said = [event["request"]["text"] for event in events if event["event"] == "asked"]
    assert said == ["Hola", "Hi"]
