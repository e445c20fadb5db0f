"""The scheduler: due runs go on, some at a time, and one that fails keeps no other from it."""

import asyncio
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.contract.journal import RunRow
from journeybuilder.errors import OperatorError
from journeybuilder.host import Host, is_left, this_process
from journeybuilder.plan.plan import Plan
from journeybuilder.run.engine import Engine
from journeybuilder.run.scheduler import Scheduler
from tests.fakes import SESSION, FakeCustomer, World, plan_of, world
from tests.run.worlds import Impatient, SlowTools

NODES = """
a: {kind: wait, for: 1h, next: b}
b: {kind: tool, tool: orders/get_order, with: {order_id: O}, next: z}
z: {kind: end, outcome: done}
"""


async def parked(around: World, plan: Plan, *runs: str) -> Engine:
    """Runs that wait, and are due."""
    around.clock = Impatient()  # pyright: ignore[reportAttributeAccessIssue]
    engine = around.engine(plan)
    for run in runs:
        assert (await engine.start({}, SESSION, run)).status == "parked"
    around.clock.moment += 3600
    return around.engine(plan)


class Told(list[Any]):
    """Events, with something to wait for until so many runs are over."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count
        self.done = asyncio.Event()

    def append(self, event: Any) -> None:
        super().append(event)
        if sum(one["event"] == "ended" for one in self) == self._count:
            self.done.set()


def scheduler(around: World, engine_of: Any, **how: Any) -> Scheduler:
    return Scheduler(around.journal, around.clock, engine_of, pause=0.01, **how)


def test_due_runs_go_on_until_it_is_stopped() -> None:
    async def work() -> list[str]:
        around, plan = world(), plan_of(NODES)
        around.events = told = Told(3)
        engine = await parked(around, plan, "r-1", "r-2", "r-3")

        async def engine_of(row: RunRow) -> Engine:
            return engine

        driving = scheduler(around, engine_of)
        task = asyncio.create_task(driving.run())
        await told.done.wait()
        driving.stop()
        await task
        return [row.status for row in await around.journal.rows()]

    assert asyncio.run(work()) == ["ended"] * 3


def test_no_more_runs_are_driven_at_once_than_it_is_told() -> None:
    async def work() -> int:
        around, plan = world(), plan_of(NODES, facts={"orders/get_order": {"risk": "read"}})
        around.events = told = Told(4)
        tools = around.tools = SlowTools("orders/get_order")
        engine = await parked(around, plan, "r-1", "r-2", "r-3", "r-4")

        async def engine_of(row: RunRow) -> Engine:
            return engine

        driving = scheduler(around, engine_of, concurrency=2)
        task = asyncio.create_task(driving.run())
        await tools.begun["orders/get_order"].wait()
        for _ in range(20):
            await asyncio.sleep(0)
        at_once = tools.in_progress
        tools.go["orders/get_order"].set()
        await told.done.wait()
        driving.stop()
        await task
        return at_once

    assert asyncio.run(work()) == 2


def test_a_run_that_cannot_be_driven_keeps_no_other_from_going_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def work() -> dict[str, str]:
        around, plan = world(), plan_of(NODES)
        around.events = told = Told(1)
        engine = await parked(around, plan, "r-1", "r-2")

        async def engine_of(row: RunRow) -> Engine:
            if row.run == "r-1":
                raise OperatorError("its bundle is lost")
            return engine

        driving = scheduler(around, engine_of)
        task = asyncio.create_task(driving.run())
        await told.done.wait()
        driving.stop()
        await task
        return {row.run: row.status for row in await around.journal.rows()}

    assert asyncio.run(work()) == {"r-1": "parked", "r-2": "ended"}
    assert "bundle is lost" in caplog.text


def test_stopping_lets_runs_in_progress_come_to_an_end() -> None:
    async def work() -> str:
        around, plan = world(), plan_of(NODES)
        tools = around.tools = SlowTools("orders/get_order")
        engine = await parked(around, plan, "r-1")

        async def engine_of(row: RunRow) -> Engine:
            return engine

        driving = scheduler(around, engine_of)
        task = asyncio.create_task(driving.run())
        await tools.begun["orders/get_order"].wait()
        driving.stop()
        tools.go["orders/get_order"].set()
        await task
        return (await around.journal.rows())[0].status

    assert asyncio.run(work()) == "ended"


def test_a_host_drives_the_due_runs_of_its_store_with_the_bundles_they_began_with(
    tmp_path: Path,
) -> None:
    nodes = (
        "a: {kind: wait, for: 1h, next: b}\nb: {kind: say, text: Hello, next: z}\nz: {kind: end}"
    )
    plan = plan_of(nodes, "limits: {duration: 99999d}")  # it began in 1970

    async def work() -> tuple[str, list[str]]:
        host = Host(tmp_path, {})
        journal = host.journal()
        around, customer = world(), FakeCustomer()
        clock = Impatient()
        services = replace(around.services(), clock=clock)
        state = await Engine(plan, journal, services).start({}, SESSION, "r-1")
        assert state.status == "parked"
        told = Told(1)
        driving = host.scheduler(journal, customer, observe=told.append)
        task = asyncio.create_task(driving.run())
        await told.done.wait()
        driving.stop()
        await task
        row = await journal.row("r-1")
        await host.close()
        assert row is not None
        return row.status, [message.text for message in customer.heard]

    assert asyncio.run(work()) == ("ended", ["Hello"])


def test_runs_that_a_dead_process_has_left_are_taken_over_and_no_others() -> None:
    async def work() -> tuple[dict[str, str], list[str]]:
        around, plan = world(), plan_of(NODES.replace("kind: wait, for: 1h", "kind: set, values: {n: 1}"))  # fmt: skip
        around.events = told = Told(1)
        tools = around.tools = SlowTools("orders/get_order")
        for driver in ("dead", "alive"):  # neither comes to its end
            engine = Engine(plan, around.journal, around.services(), driver=driver)
            task = asyncio.create_task(engine.start({}, SESSION, f"r-{driver}"))
            await tools.begun["orders/get_order"].wait()
            tools.begun["orders/get_order"].clear()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        tools.go["orders/get_order"].set()
        taken: list[str] = []

        async def engine_of(row: RunRow) -> Engine:
            taken.append(row.run)
            facts = {"orders/get_order": {"idempotent": True}}
            return around.engine(plan_of(NODES, facts=facts))

        driving = scheduler(around, engine_of, is_left=lambda row: row.driver == "dead")
        task = asyncio.create_task(driving.run())
        await told.done.wait()
        driving.stop()
        await task
        return {row.run: row.status for row in await around.journal.rows()}, taken

    assert asyncio.run(work()) == ({"r-dead": "ended", "r-alive": "running"}, ["r-dead"])


def test_only_a_dead_process_of_this_machine_has_left_its_run() -> None:
    row = RunRow("r-1", "test", "running", 1, 1, "plan", 0.0, 0.0)
    machine = this_process().rpartition(":")[0]
    dead = subprocess.Popen([sys.executable, "-c", "pass"])
    dead.wait()
    gone = f"{machine}:{dead.pid}"
    assert is_left(replace(row, driver=gone)) == (sys.platform != "win32")
    for driver in (this_process(), f"another-{machine}:{dead.pid}", "", "somebody"):
        assert not is_left(replace(row, driver=driver))
    assert not is_left(replace(row, driver=gone, status="parked"))
