"""The processes of a random campaign: each makes its own runs, and stops when it is told to."""

import asyncio
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.synchronize import Event as Flag
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from typing_extensions import override

from journeybuilder.errors import OperatorError
from journeybuilder.plan.bundle import Bundle
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.rehearse.campaigns.campaign_block import Block, Sighting, Task, run_block
from journeybuilder.rehearse.campaigns.campaign_work import Shrunk, Stop, Workers, shrunk_one
from journeybuilder.rehearse.campaigns.seeds import Seeds
from journeybuilder.rehearse.scenario import Scenario

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

T = TypeVar("T")
Counted: TypeAlias = "Synchronized[int]"
_LOOK_EVERY = 0.05
"""Seconds between two looks whether somebody wants to stop."""


@contextmanager
def pool(plan: Plan, base: Scenario | None, jobs: int) -> Generator[Workers]:
    """Processes that do the parts of one campaign.

    They are started anew and not forked: a program with threads, as the editor is one, must not be.
    """
    context = multiprocessing.get_context("spawn")
    flag, counter = context.Event(), context.Value("Q", 0)
    executor = ProcessPoolExecutor(
        jobs, mp_context=context, initializer=_begin,
        initargs=(dict(plan.bundle.data), base, flag, counter, os.getpid()),
    )  # fmt: skip
    try:
        with _without_interrupts():
            for _ in range(jobs):  # each brings one process to life
                executor.submit(os.getpid)
        yield _Pool(Seeds(plan, base), executor, flag, counter)
    finally:
        flag.set()
        executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _without_interrupts() -> Generator[None]:
    """Processes that are begun here hear of no Ctrl+C, which is meant for whoever begins them.

    Windows has no such thing; there one that has just begun may end by it, which `_result` sees.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Pool(Workers):
    """Does the parts of a campaign in several processes at once."""

    def __init__(
        self, seeds: Seeds, executor: ProcessPoolExecutor, flag: Flag, counter: "Counted"
    ) -> None:
        super().__init__(seeds)
        self._executor = executor
        self._flag = flag
        self._counter = counter

    @override
    def blocks(
        self, tasks: Sequence[Task], stop: Stop, tell: Callable[[Block], None]
    ) -> Iterator[Block]:
        done = Block()
        before = self._counter.value
        futures = [self._executor.submit(_block, task) for task in tasks]
        for future in futures:
            block = self._result(future, stop, lambda: tell(self._so_far(before, done)))  # noqa: B023
            if block is None:
                return
            done = Block(done.runs + block.runs, None, {**done.found, **block.found},
                         reached=done.reached | block.reached)  # fmt: skip
            tell(done)
            yield block

    @override
    def shrunk(
        self, sightings: Sequence[Sighting], invariants: Sequence[Mapping[str, Any]], stop: Stop
    ) -> list[Shrunk]:
        futures = [self._executor.submit(_shrink, one, list(invariants)) for one in sightings]
        done = [self._result(future, stop) for future in futures]
        return [
            (one.data, one.trouble.words) if found is None else found
            for one, found in zip(sightings, done, strict=True)
        ]

    def _so_far(self, before: int, done: Block) -> Block:
        """What is known while the processes are at work."""
        runs = max(done.runs, self._counter.value - before)
        return Block(runs, None, done.found, reached=done.reached)

    def _result(
        self, future: "Future[T]", stop: Stop, tell: Callable[[], None] | None = None
    ) -> T | None:
        """What a process has done; it is told when somebody wants to stop.

        Gives None where the process is gone, and somebody wants to stop anyway.

        Raises:
            OperatorError: When the process is gone.
        """
        while not future.done():
            if stop():
                self._flag.set()
            if tell is not None:
                tell()
            wait([future], timeout=_LOOK_EVERY)
        try:
            return future.result()
        except BrokenProcessPool:
            if stop():
                return None
            raise OperatorError(
                "a process of the campaign has died",
                hint="Try it again with '--jobs 1'; there may be too little memory.",
            ) from None


# -- in the other process --------------------------------------------------------------------


class _Here:
    """What a process of a campaign knows."""

    seeds: Seeds
    flag: Flag
    counter: "Counted"


def _begin(
    data: Mapping[str, Any], base: Scenario | None, flag: Flag, counter: "Counted", parent: int
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever has started us says when to stop
    _Here.seeds = Seeds(make_plan(Bundle(data), begun=True), base)
    _Here.flag = flag
    _Here.counter = counter
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    """End when whoever has started us is gone: nobody would take what is found."""
    waiting = multiprocessing.parent_process()
    if waiting is not None and waiting.pid == parent:
        waiting.join()
        os._exit(1)


def _block(task: Task) -> Block:
    return asyncio.run(run_block(_Here.seeds, task, _Here.flag.is_set, _one_more))


def _one_more(block: Block) -> None:
    del block
    with _Here.counter.get_lock():
        _Here.counter.value += 1


def _shrink(one: Sighting, invariants: Sequence[Mapping[str, Any]]) -> Shrunk:
    return shrunk_one(_Here.seeds.plan, one, invariants, _Here.flag.is_set)
