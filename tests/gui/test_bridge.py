"""The crossing between the window and the loop."""

import asyncio
import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from journeybuilder.errors import OperatorError, StepError
from journeybuilder.gui.bridge import Bridge, Failure


@pytest.fixture
def bridge() -> Iterator[Bridge]:
    made = Bridge()
    made.start()
    yield made
    assert made.stop()
    made.deleteLater()


def test_an_answer_comes_back_in_the_window_s_thread(qtbot: QtBot, bridge: Bridge) -> None:
    seen: list[tuple[int, bool]] = []

    async def work() -> int:
        assert threading.current_thread() is not threading.main_thread()
        return 7

    bridge.submit(
        work(),
        lambda value: seen.append((value, threading.current_thread() is threading.main_thread())),
    )
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(7, True)]


class Ring:
    """Garbage that only a look for garbage finds."""

    def __init__(self) -> None:
        self.me = self


def test_garbage_is_looked_for_in_the_window_s_thread_only(qtbot: QtBot, bridge: Bridge) -> None:
    """Whatever another thread makes: what is let go of there may be an object of Qt."""
    ended: list[str] = []
    kept: list[list[object]] = []
    ring = Ring()
    weakref.finalize(ring, lambda: ended.append(threading.current_thread().name))
    del ring

    async def work() -> None:
        kept.extend([] for _ in range(100_000))

    done: list[bool] = []
    bridge.submit(work(), lambda _none: done.append(True))
    qtbot.waitUntil(lambda: bool(done))
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == [threading.main_thread().name]


class Receiver(QObject):
    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self.told = told

    def tell(self, words: str) -> None:
        self.told.append(words)


def test_news_for_a_window_that_is_gone_are_dropped(qtbot: QtBot, bridge: Bridge) -> None:
    told: list[str] = []
    here, gone = Receiver(told), Receiver(told)
    bridge.post(gone.tell, "gone")
    bridge.post(here.tell, "here")
    shiboken6.delete(gone)
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["here"]


def test_garbage_is_looked_for_as_before_once_the_bridge_has_stopped(qtbot: QtBot) -> None:
    before = gc.isenabled()
    made = Bridge()
    made.start()
    assert not gc.isenabled()
    assert made.stop()
    assert gc.isenabled() == before
    made.deleteLater()


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (
            OperatorError("the disk is full", where="a.yaml", hint="Make room."),
            "a.yaml: the disk is full",
        ),
        (StepError("timeout", "'orders' did not answer"), "'orders' did not answer"),
        (ZeroDivisionError("x"), "Something in the program failed (ZeroDivisionError)."),
    ],
)
def test_an_exception_comes_back_in_our_words(
    qtbot: QtBot, bridge: Bridge, error: Exception, what: str
) -> None:
    told: list[Failure] = []

    async def work() -> None:
        raise error

    bridge.submit(work(), failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].what == what


def test_a_burst_arrives_whole_and_in_order(qtbot: QtBot, bridge: Bridge) -> None:
    seen: list[int] = []

    async def burst() -> None:
        for number in range(5000):
            bridge.post(seen.append, number)

    bridge.submit(burst())
    qtbot.waitUntil(lambda: len(seen) == 5000)
    assert seen == list(range(5000))


def test_a_stop_cancels_what_runs_and_waits_for_what_is_being_closed(qtbot: QtBot) -> None:
    del qtbot
    bridge = Bridge()
    bridge.start()
    ends: list[str] = []
    running = threading.Event()

    async def endless() -> None:
        running.set()
        try:
            await asyncio.Event().wait()
        finally:
            ends.append("cancelled")

    async def closing() -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        ends.append("closed")

    bridge.submit(endless())
    assert running.wait(10)
    bridge.let_go(closing())
    assert bridge.stop()
    assert ends == ["closed", "cancelled"]
    assert "journeybuilder-loop" not in {thread.name for thread in threading.enumerate()}
    bridge.deleteLater()
