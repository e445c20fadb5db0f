"""A random campaign over the 20-node journey; `benchmarks.rehearsal` runs it beside LangGraph."""

import argparse
import asyncio
import gc
import json
import time

from benchmarks.engine_ours import bundle
from benchmarks.measuring import COLLECT, WARMING, peak_kb
from journeybuilder.plan.bundle import Bundle
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.rehearse.campaigns.campaign_block import Task, run_block
from journeybuilder.rehearse.campaigns.campaign_pool import pool
from journeybuilder.rehearse.campaigns.seeds import Seeds


def plan_of_journey() -> Plan:
    """The journey, with an input whose fields are all there: what a channel would give it."""
    data = dict(bundle().data)
    journey = dict(data["journeys"]["return"])
    fields = {name: {"type": "string"} for name in journey["input"]["properties"]}
    journey["input"] = {"type": "object", "properties": fields, "required": list(fields)}
    return make_plan(Bundle({**data, "journeys": {"return": journey}}))


def _never() -> bool:
    return False


def one_process(plan: Plan, runs: int) -> dict[str, float]:
    """So many generated runs in this process, with everything a campaign does but shrinking."""
    gc.set_threshold(*COLLECT)
    seeds = Seeds(plan)
    asyncio.run(run_block(seeds, Task(0, 0, WARMING), _never))
    gc.collect()
    cpu, begin = time.process_time(), time.perf_counter()
    block = asyncio.run(run_block(seeds, Task(1, 0, runs), _never))
    seconds, used = time.perf_counter() - begin, time.process_time() - cpu
    assert block.coverage is not None
    assert block.runs == runs
    steps = sum(block.coverage.visits.values())
    return _numbers(runs, steps, seconds, used)


def processes(plan: Plan, runs: int, jobs: int) -> dict[str, float]:
    """So many generated runs in several processes that have been started."""
    with pool(plan, None, jobs) as workers:
        warm = [Task(0, 0, WARMING) for _ in range(jobs)]
        assert sum(block.runs for block in workers.blocks(warm, _never, _silent)) == jobs * WARMING
        size = 250
        tasks = [Task(1, first, min(size, runs - first)) for first in range(0, runs, size)]
        begin = time.perf_counter()
        blocks = list(workers.blocks(tasks, _never, _silent))
        seconds = time.perf_counter() - begin
    steps = sum(sum(one.coverage.visits.values()) for one in blocks if one.coverage is not None)
    return _numbers(sum(one.runs for one in blocks), steps, seconds, 0.0)


def _silent(block: object) -> None:
    del block


def _numbers(runs: int, steps: int, seconds: float, cpu: float) -> dict[str, float]:
    return {
        "ms_a_run": 1000 * seconds / runs,
        "cpu_ms_a_run": 1000 * cpu / runs,
        "runs_a_second": runs / seconds,
        "steps_a_run": steps / runs,
        "us_a_step": 1e6 * seconds / steps,
        "cpu_us_a_step": 1e6 * cpu / steps,
        "peak_mb": peak_kb() / 1024,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    journey = plan_of_journey()
    found = (
        one_process(journey, given.runs)
        if given.jobs == 1
        else processes(journey, given.runs, given.jobs)
    )
    print(json.dumps(found))
