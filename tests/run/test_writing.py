"""A model's words while it writes: told to whoever looks on, in order, and never kept."""

import asyncio
import threading
from typing import Any

import pytest
from typing_extensions import override

from journeybuilder.contract.services import ModelAnswer, ModelAsk
from journeybuilder.run.engine import Engine
from journeybuilder.run.writing import Writing
from tests.fakes import FakeModels, plan_of, saying, world

THINK = """
a: {kind: generate, model: fast, prompt: "What now?", save: text, next: done}
done: {kind: end}
"""


class Writer(FakeModels):
    """Writes in another thread, and a last word when nobody asks any more."""

    def __init__(self) -> None:
        super().__init__()
        self.late: Any = None

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        self.asked.append(ask)
        if ask.on_text is not None:
            self.late = ask.on_text
            await asyncio.to_thread(ask.on_text, "Wait ")
            await asyncio.to_thread(ask.on_text, "Wait for it")
            await asyncio.sleep(0)
        return saying("Wait for it")


@pytest.mark.parametrize("live", [True, False])
def test_observers_are_told_on_the_engines_thread_what_nothing_keeps(live: bool) -> None:
    models = Writer()
    around = world(models=models)
    threads: list[int] = []

    def see(event: Any) -> None:
        around.events.append(event)
        threads.append(threading.get_ident())

    async def work() -> None:
        engine = Engine(plan_of(THINK), around.journal, around.services(), see, live=live)
        await engine.start({}, {}, "r-1")
        if models.late is not None:
            models.late("too late")
            await asyncio.sleep(0)

    asyncio.run(work())
    told = [event for event in around.events if event["event"] == "writing"]
    assert [event["text"] for event in told] == (["Wait ", "Wait for it"] if live else [])
    assert all((each["run"], each["lane"], each["node"]) == ("r-1", "0", "a") for each in told)
    assert set(threads) == {threading.get_ident()}
    stored = [event["event"] for event in around.journal._events["r-1"]]
    assert "writing" not in stored
    assert (models.asked[0].on_text is not None) is live


def test_a_word_that_comes_when_the_loop_is_closed_is_lost_without_harm() -> None:
    told: list[str] = []

    async def work() -> Writing:
        return Writing(told.append)

    writing = asyncio.run(work())
    thread = threading.Thread(target=writing.text, args=("late",))
    thread.start()
    thread.join()
    assert told == []
