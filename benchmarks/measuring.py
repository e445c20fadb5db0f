"""What one engine measures of itself; the standard library only, so that peers can use it too."""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

WARMING = 5
COLLECT = (50_000, 20, 100)
"""When the garbage collector looks, for all of them: as `jb` sets it."""


def peak_kb() -> int:
    """The most memory that this process ever held, in kB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    lines = status.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


async def measure(
    run: Callable[[str], Awaitable[None]], runs: int, *, at_once: bool
) -> dict[str, float]:
    """Time so many runs, one after another or all at once, after a few that are not counted."""
    gc.set_threshold(*COLLECT)
    for number in range(WARMING):
        await run(f"warm-{number}")
    gc.collect()
    before, cpu_before, begin = peak_kb(), time.process_time(), time.perf_counter()
    if at_once:
        await asyncio.gather(*(run(f"run-{number}") for number in range(runs)))
    else:
        for number in range(runs):
            await run(f"run-{number}")
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu_before
    peak = peak_kb()
    return {
        "ms_a_run": 1000 * seconds / runs,
        "cpu_ms_a_run": 1000 * cpu / runs,
        "runs_a_second": runs / seconds,
        "peak_mb": peak / 1024,
        "kb_a_run": (peak - before) / runs if at_once else 0.0,
    }
