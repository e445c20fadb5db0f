import asyncio

import pytest

from journeybuilder.errors import OperatorError
from journeybuilder.rehearse.debug.debugger import Breakpoint, Stop
from journeybuilder.run.state import fold
from tests.rehearse.at_screen import TALK, Hanging, at, debugger, until_it_hangs


def test_a_pause_is_told_at_once_while_a_tool_is_being_called() -> None:
    async def play() -> None:
        tools, stops, held = Hanging(), list[Stop](), asyncio.Event()

        def on_stop(stop: Stop) -> None:
            stops.append(stop)
            if stop.place == "fee":
                held.set()

        screen, _, running = await until_it_hangs(tools, on_stop=on_stop)
        screen.pause()
        stop = await running
        assert at(stop) == ("paused", "b")
        assert stop.words == "paused while 'orders/get_order' is asked"
        tools.go.set()
        await held.wait()
        assert at(stops[-1]) == ("paused", "fee")  # it stands there once the call is over
        assert at(await screen.step()) == ("step", "c")

    asyncio.run(play())


def test_a_run_goes_on_after_a_pause_that_never_held_it() -> None:
    async def play() -> None:
        tools = Hanging()
        screen, _, running = await until_it_hangs(tools)
        screen.pause()
        await running
        going = asyncio.ensure_future(screen.go_on())
        await asyncio.sleep(0)
        tools.go.set()
        assert at(await going) == ("waiting", "c")

    asyncio.run(play())


def test_a_run_that_is_stopped_before_an_answer_reaches_it_never_takes_it() -> None:
    async def play() -> None:
        screen, events = debugger()
        await screen.start({})
        answering = asyncio.ensure_future(screen.reply("O-1"))
        await asyncio.sleep(0)  # the answer is on its way, and nothing has been done with it
        await screen.stop()
        assert at(await answering) == ("ended", "a")
        assert events[-1]["event"] == "cancelled"
        assert not any(each["event"] == "resumed" for each in events)

    asyncio.run(play())


@pytest.mark.parametrize("stubborn", [False, True])
def test_a_run_is_stopped_at_once_although_a_tool_hangs(
    stubborn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journeybuilder.rehearse.debug.one_run._PATIENCE", 0.01)

    async def play() -> None:
        tools = Hanging(stubborn=stubborn)
        screen, events, running = await until_it_hangs(tools)
        await screen.stop()
        stop = await running
        assert (stop.reason, stop.words) == ("ended", "stopped")
        assert tools.broken_off
        assert screen.state is not None
        assert screen.state.status == "cancelled"
        await screen.stop()
        tools.go.set()
        await asyncio.sleep(0)
        names = [event["event"] for event in events]
        assert (names[-1], names.count("cancelled")) == ("cancelled", 1)
        assert fold(events) == screen.state

    asyncio.run(play())


def test_a_run_can_be_stopped_before_it_begins_while_it_is_held_and_while_it_waits() -> None:
    async def play() -> None:
        screen, _ = debugger(TALK, Breakpoint("node", "b"))
        await screen.stop()
        await screen.start({})
        await screen.stop()
        assert screen.state is not None
        assert screen.state.status == "cancelled"
        await screen.start({})
        await screen.reply("O-1")
        await screen.stop()
        assert screen.state.status == "cancelled"
        with pytest.raises(OperatorError, match="cancelled"):
            await screen.reply("again")

    asyncio.run(play())


def test_answers_of_services_carry_the_time_that_they_took() -> None:
    async def play() -> None:
        tools = Hanging()
        screen, events, running = await until_it_hangs(tools)
        tools.go.set()
        await running
        took = [event["took"] for event in events if "took" in event]
        assert len(took) == 1
        rows = screen.timelines[0].rows()
        assert [row.latency for row in rows if row.latency] == [one for one in took if one]

    asyncio.run(play())
