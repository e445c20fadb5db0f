"""The time that a model is given: only waiting counts, and giving up leaves nothing behind.

LiteLLM builds the types of a provider at its first call, which takes seconds of computing here before
anything is sent. A limit on the model's time must not measure that, nor a machine that is busy with
something else. And a call that is given up in the middle of it must not be dropped there: LiteLLM would
lose the coroutine that it has just made.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from contextvars import ContextVar, copy_context
from typing import Any, TypeVar

T = TypeVar("T")
_BEAT = 0.05
_SHORTEST = 0.001
_TURNS = 4


class Meter:
    """The time of one piece of work that was spent waiting, on the loop on which it runs."""

    def __init__(self, pulse: "Pulse") -> None:
        self.loop = asyncio.get_running_loop()
        self._pulse = pulse
        self._began = self.loop.time()
        self._blocked_before = pulse.blocked()
        self._jobs = self._begun = 0
        self._job_began = self._blocked_at_job = 0.0
        self._computing = 0.0
        self._free = asyncio.Event()
        self._free.set()

    def job_begins(self) -> None:
        """Something of this work goes to a worker thread."""
        if self._jobs == 0:
            self._job_began = self.loop.time()
            self._blocked_at_job = self._pulse.blocked()
            self._free.clear()
        self._jobs += 1
        self._begun += 1

    def job_ended(self) -> None:
        """A worker thread is done with it."""
        self._jobs -= 1
        if self._jobs == 0:
            self._computing += self.loop.time() - self._job_began
            # the loop may have been late meanwhile: no moment counts twice
            self._blocked_before += self._pulse.blocked() - self._blocked_at_job
            self._free.set()

    def waited(self) -> float:
        """Seconds that the work waited for somebody else so far."""
        now = self._job_began if self._jobs else self.loop.time()
        blocked = self._blocked_at_job if self._jobs else self._pulse.blocked()
        return now - self._began - self._computing - (blocked - self._blocked_before)

    async def free(self) -> None:
        """Wait until nothing of the work is in a worker thread, and what came of it is taken up."""
        seen = -1
        while seen != self._begun:
            seen = self._begun
            await self._free.wait()
            for _ in range(_TURNS):
                await asyncio.sleep(0)


class Pulse:
    """Beats on a loop while somebody measures, and so knows how long the loop could not."""

    def __init__(self) -> None:
        self._users = 0
        self._blocked = 0.0
        self._last = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def blocked(self) -> float:
        """Seconds that the loop was late, all in all."""
        late = 0.0
        if self._timer is not None:
            late = asyncio.get_running_loop().time() - self._last - 2 * _BEAT
        return self._blocked + max(0.0, late)

    def acquire(self) -> None:
        """Begin to beat with the first user."""
        self._users += 1
        if self._users == 1:
            loop = asyncio.get_running_loop()
            self._last = loop.time()
            self._timer = loop.call_later(_BEAT, self._beat)

    def release(self) -> None:
        """Stop with the last one."""
        self._users -= 1
        if self._users == 0 and self._timer is not None:
            self._blocked = self.blocked()
            self._timer.cancel()
            self._timer = None

    def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        self._blocked = self.blocked()
        self._last = loop.time()
        self._timer = loop.call_later(_BEAT, self._beat)


_METER: ContextVar[Meter | None] = ContextVar("journeybuilder_model_meter", default=None)


def watch_workers(loop: asyncio.AbstractEventLoop) -> None:
    """Let meters know what their work gives to worker threads of this loop.

    A meter is told on the loop, right before the work itself gets the result: told from the thread, it
    could be ahead of that by as long as the system lets the thread wait.
    """
    plain = loop.run_in_executor

    def watched(executor: Executor | None, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:
        future = plain(executor, func, *args)
        meter = _METER.get()
        if meter is not None:
            meter.job_begins()
            future.add_done_callback(lambda _: meter.job_ended())
        return future

    loop.run_in_executor = watched


class Patience:
    """Waits for work of one loop, each up to a limit, and gives up cleanly."""

    def __init__(self) -> None:
        self._pulse = Pulse()
        self._ending: set[asyncio.Task[None]] = set()

    async def within(self, limit: float, work: Coroutine[Any, Any, T]) -> T:
        """The result of the work.

        Args:
            limit: Seconds of waiting that it may take; computing is free.
            work: What to wait for; it is cancelled when its time is over or the caller is cancelled.

        Raises:
            TimeoutError: When it took longer.
        """
        self._pulse.acquire()
        try:
            meter = Meter(self._pulse)
            context = copy_context()
            context.run(_METER.set, meter)
            task = asyncio.get_running_loop().create_task(work, context=context)
            try:
                return await _result(task, meter, limit)
            finally:
                if not task.done():
                    ending = asyncio.create_task(_end(task, meter))
                    self._ending.add(ending)
                    ending.add_done_callback(self._ending.discard)
        finally:
            self._pulse.release()

    async def settled(self, limit: float) -> None:
        """Wait until what was given up has ended, at most so many seconds."""
        if self._ending:
            await asyncio.wait(set(self._ending), timeout=limit)


async def _result(task: asyncio.Task[T], meter: Meter, limit: float) -> T:
    while (left := limit - meter.waited()) > 0:
        done, _ = await asyncio.wait({task}, timeout=max(left, _SHORTEST))
        if done:
            return task.result()
    raise TimeoutError


async def _end(task: asyncio.Task[Any], meter: Meter) -> None:
    await meter.free()
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()  # seen; nobody waits for it any more
