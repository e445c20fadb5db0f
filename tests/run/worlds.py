"""Worlds for runs with lanes: tools that answer in an order of the test's choosing."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from typing_extensions import override

from journeybuilder.connect.store_memory import MemoryJournal
from journeybuilder.contract.journal import Batch, NewRun
from journeybuilder.contract.services import Clock, Listening, ToolAnswer, ToolCall
from journeybuilder.errors import StoreError
from tests.fakes import FakeCustomer, FakeTools


class SlowTools(FakeTools):
    """Tools of which some answer only when the test lets them."""

    def __init__(self, *slow: str, answers: Mapping[str, Sequence[Any]] | None = None) -> None:
        super().__init__(answers)
        self.begun: dict[str, asyncio.Event] = {name: asyncio.Event() for name in slow}
        self.go: dict[str, asyncio.Event] = {name: asyncio.Event() for name in slow}
        self.broken_off: list[str] = []
        self.in_progress = 0

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        answer = super().call(call)
        if call.tool in self.go:
            self.begun[call.tool].set()
            self.in_progress += 1
            try:
                await self.go[call.tool].wait()
            except asyncio.CancelledError:
                self.broken_off.append(call.tool)
                answer.close()
                raise
        return await answer


class ShuffledTools(FakeTools):
    """Tools that take a random number of turns of the loop; what they do is kept once for each key."""

    def __init__(self, seed: int, answers: Mapping[str, Sequence[Any]] | None = None) -> None:
        super().__init__(answers)
        self._random = random.Random(seed)
        self.done: dict[str, Mapping[str, Any]] = {}

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        for _ in range(self._random.randrange(6)):
            await asyncio.sleep(0)
        self.calls.append(call)
        self.done[call.key] = {"tool": call.tool, **call.arguments}
        return ToolAnswer({"id": f"{call.tool} {sorted(call.arguments.items())}"})


class Quiet(FakeCustomer):
    """Says its lines, then nothing; no time passes while nobody speaks."""

    @override
    async def listen(self, listening: Listening) -> str | None:
        return self._lines.pop(0) if self._lines else None


class Impatient(Clock):
    """Never sits through a wait: every one parks the run."""

    def __init__(self, begin: float = 1_000_000.0) -> None:
        self.moment = begin

    @override
    def now(self) -> float:
        return self.moment

    @override
    async def wait(self, until: float) -> bool:
        return until <= self.moment


@dataclass
class Dying(MemoryJournal):
    """A store that the process loses its hold of at the n-th commit, before or after that is durable."""

    n: int = 0
    after: bool = False
    commits: int = field(default=0)

    def __post_init__(self) -> None:
        super().__init__()

    def _gone(self, *, durable: bool) -> None:
        if self.n and self.commits >= self.n and (durable == self.after or self.commits > self.n):
            raise StoreError("the process is gone")

    @override
    async def create(self, new: NewRun) -> None:
        self.commits += 1
        self._gone(durable=False)
        await super().create(new)
        self._gone(durable=True)

    @override
    async def append(self, batch: Batch) -> None:
        self.commits += 1
        self._gone(durable=False)
        await super().append(batch)
        self._gone(durable=True)
