"""Gives the scenarios of a suite to threads and processes, and goes on when one of these is lost."""

import queue
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from journeybuilder.plan.bundle import Bundle
from journeybuilder.rehearse.real import World
from journeybuilder.rehearse.suites.suite_hands import (
    Died,
    Hand,
    Message,
    Post,
    ProcessHand,
    Ready,
    Sign,
    ThreadHand,
    uninterrupted,
)
from journeybuilder.rehearse.suites.suite_task import Outcome, Task, Wrong

PATIENCE = 60.0
"""Seconds without any sign of life after which a scenario is given up."""
_TICK = 0.2
_FEW = 5
"""Scenarios after which it is estimated how long the rest takes: the first ones make journeys ready."""
_LONG = 1.0
"""Seconds after which it is estimated all the same."""
_WORTH = 2.5
"""Seconds that the rest must take for processes to be worth their start."""
_STARTS = 3
"""How many processes may die without having done anything before no more are started."""


@dataclass
class _Job:
    """What a hand is doing.

    Attributes:
        sign: When something was heard of it the last time.
    """

    task: Task
    begun: float
    sign: float


class Crew:
    """Does the tasks of one suite.

    Args:
        bundles: By digest, as tasks name them.
        state_dir: Where recordings lie.
        jobs: Processes at the same time, at the most.
        apart: True for processes only, so that this process has nothing to do; False for none. None
            begins in a thread of this process and takes processes where the rest is worth them.
        patience: Seconds without a sign of life after which a scenario is given up.
        on_outcome: Told of every outcome, in the caller's thread.
        on_sign: Told what a long scenario says of itself: the number of its task, and words.
        world: Where real servers and models come from; tasks that are to be done here get them.
    """

    def __init__(
        self,
        bundles: Mapping[str, Bundle],
        state_dir: Path,
        *,
        jobs: int,
        apart: bool | None,
        patience: float,
        on_outcome: Callable[[Outcome], None],
        on_sign: Callable[[int, str], None],
        world: World | None = None,
    ) -> None:
        self._bundles = bundles
        self._state_dir = state_dir
        self._jobs = max(1, jobs)
        self._apart = apart
        self._patience = patience
        self._on_outcome = on_outcome
        self._on_sign = on_sign
        self._world = world
        self._post: Post = queue.Queue()
        self._waiting: deque[Task] = deque()
        self._here: deque[Task] = deque()
        self._hands: dict[Hand, _Job | None] = {}
        self._starting: set[Hand] = set()
        self._times: deque[float] = deque(maxlen=4 * _FEW)
        self._lost_starts = 0
        self._why_lost = ""

    @property
    def pids(self) -> list[int]:
        """The processes at work."""
        return [hand.pid for hand in self._hands if isinstance(hand, ProcessHand)]

    def work(self, tasks: Sequence[Task], stop: Callable[[], bool] | None) -> None:
        """Do all tasks, or those that are done when `stop` says so; no process is left behind."""
        self._waiting = deque(task for task in tasks if not task.here)
        self._here = deque(task for task in tasks if task.here)
        try:
            while self._unfinished() and not (stop and stop()):
                self._hire()
                self._hand_out()
                self._hear()
                self._look_after()
            for hand, job in list(self._hands.items()):
                if job is None and hand not in self._starting:
                    del self._hands[hand]
                    hand.end()
        finally:
            with uninterrupted():
                for hand in self._hands:
                    hand.kill()
                self._hands.clear()

    def _unfinished(self) -> bool:
        return bool(self._waiting or self._here or any(self._hands.values()))

    # -- who works ---------------------------------------------------------------------------

    def _hire(self) -> None:
        """Take as many hands as the rest is worth."""
        if self._waiting and self._processes_wanted():
            free = sum(1 for hand, job in self._hands.items() if job is None and _apart(hand))
            count = sum(1 for hand in self._hands if _apart(hand))
            for _ in range(min(self._jobs - count, len(self._waiting) - free)):
                self._start_process()
        if self._apart and not self._startable() and not any(map(_apart, self._hands)):
            self._give_up()
        thread = self._here or (self._waiting and not self._hands)
        if thread and all(map(_apart, self._hands)):
            self._hands[ThreadHand(self._post, self._state_dir, self._world)] = None

    def _processes_wanted(self) -> bool:
        if self._apart is not None:
            return self._apart and self._startable()
        if not self._startable() or self._jobs == 1:
            return False
        if any(_apart(hand) for hand in self._hands):
            return True
        now = time.monotonic()
        running = [now - job.begun for job in self._hands.values() if job is not None]
        long = [spent for spent in running if spent >= _LONG]
        if len(self._times) < _FEW and not long:
            return False
        usual = sorted(self._times)[len(self._times) // 2] if self._times else 0.0
        return max([usual, *long]) * len(self._waiting) > _WORTH

    def _startable(self) -> bool:
        return self._lost_starts < _STARTS

    def _start_process(self) -> None:
        with uninterrupted():  # a process that nobody knows of could not be ended
            try:
                hand = ProcessHand(self._post, self._state_dir)
            except OSError as error:
                self._lost_starts = _STARTS
                self._why_lost = error.strerror or str(error)
                return
            self._hands[hand] = None
            self._starting.add(hand)

    def _give_up(self) -> None:
        """No process starts here, and nothing else may be used: what waits has failed."""
        words = f"no process to rehearse it in could be started: {self._why_lost}"
        while self._waiting:
            self._on_outcome(Outcome(self._waiting.popleft().number, [Wrong(words)]))

    def _hand_out(self) -> None:
        """Give every free hand something to do; the thread steps back once all processes are there."""
        up = [hand for hand in self._hands if _apart(hand) and hand not in self._starting]
        enough = len(up) >= self._jobs
        for hand, job in self._hands.items():
            if job is not None or hand in self._starting:
                continue
            task = self._next(hand, only_here=enough or bool(self._apart))
            if task is None:
                continue
            now = time.monotonic()
            self._hands[hand] = _Job(task, now, now)
            hand.give(task, self._bundles[task.bundle])

    def _next(self, hand: Hand, *, only_here: bool) -> Task | None:
        """The next task that a hand may do; what is to be done here goes to the thread alone."""
        if self._here and not _apart(hand):
            return self._here.popleft()
        if self._waiting and (_apart(hand) or not only_here):
            return self._waiting.popleft()
        return None

    # -- what they say -----------------------------------------------------------------------

    def _hear(self) -> None:
        """Take what has come, waiting a moment for the first of it."""
        try:
            self._take(*self._post.get(timeout=_TICK))
            while True:
                self._take(*self._post.get_nowait())
        except queue.Empty:
            return

    def _take(self, hand: Hand, message: Message) -> None:
        if hand not in self._hands:
            return  # it was given up before
        job = self._hands[hand]
        if isinstance(message, Ready):
            self._starting.discard(hand)
        elif isinstance(message, Sign):
            if job is not None and job.task.number == message.number:
                job.sign = time.monotonic()
                self._on_sign(message.number, message.words)
        elif isinstance(message, Died):
            self._bury(hand, job, message.words)
        elif job is not None:
            self._hands[hand] = None
            self._times.append(message.ms / 1000)
            self._on_outcome(message)
            self._hand_out()

    def _bury(self, hand: Hand, job: _Job | None, words: str) -> None:
        del self._hands[hand]
        self._starting.discard(hand)
        hand.kill()
        if job is None:
            self._lost_starts += 1
            self._why_lost = words
            return
        told = f"the process that rehearsed it {words}; the other scenarios went on"
        self._fail(job, told)

    def _look_after(self) -> None:
        """Give up scenarios of which nothing was heard for too long."""
        now = time.monotonic()
        for hand, job in list(self._hands.items()):
            if job is not None and now - job.sign >= self._patience:
                del self._hands[hand]
                hand.kill()
                words = f"nothing happened in it for {self._patience:g} s, so it was given up"
                self._fail(job, words)

    def _fail(self, job: _Job, words: str) -> None:
        ms = round((time.monotonic() - job.begun) * 1000, 1)
        self._on_outcome(Outcome(job.task.number, [Wrong(words)], cost_usd=None, ms=ms))


def _apart(hand: Hand) -> bool:
    return hand.kind == "process"
