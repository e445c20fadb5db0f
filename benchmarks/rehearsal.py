"""Generated runs of the 20-node journey: a random campaign of ours beside plain runs of LangGraph.

    python -m benchmarks.rehearsal [--peer-python PATH] [--rounds 3] [--runs 4000] [--quick] [--json]

Ours makes up every answer, keeps what each run was answered, counts what was covered and looks whether
the run is sound; LangGraph only runs, with state in memory, one run after another and always the whole
way of 20 nodes. Generated runs end early now and then, as a branch leads out or a tool fails, so that the
ratio is given by the run and by the step. Every contender runs in a process of its own, one after another
in each round; medians of the rounds.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.engine import working
from benchmarks.journey20 import STEPS

ROOT = Path(__file__).parent.parent
ALONE, BOTH, PEER = "ours, 1 process", "ours, 2 processes", "LangGraph, in memory"
AIM_RUNS, AIM_RATIO = 1000, 10
Numbers = dict[str, float]


def commands(peer_python: str, runs: int) -> dict[str, list[str]]:
    """What is run of each contender; LangGraph where there is an interpreter that has it."""
    ours = [sys.executable, "-m", "benchmarks.rehearsal_ours", "--runs", str(runs)]
    out = {ALONE: ours, BOTH: [*ours, "--jobs", "2"]}
    if peer_python:
        peer = ["-m", "benchmarks.engine_langgraph", "--store", "memory"]
        out[PEER] = [peer_python, *peer, "--runs", str(max(20, runs // 40))]
    return out


def measured(commands_of: Mapping[str, list[str]], rounds: int) -> dict[str, Numbers]:
    """The median of what each contender measures of itself."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found: dict[str, list[Numbers]] = {}
    for number in range(rounds):
        for name, command in commands_of.items():
            print(f"round {number + 1}: {name} …", file=sys.stderr)
            done = subprocess.run(
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
            )
            found.setdefault(name, []).append(json.loads(done.stdout))
    return {
        name: {key: statistics.median(one[key] for one in many) for key in many[0]}
        for name, many in found.items()
    }


def ratios(found: Mapping[str, Numbers]) -> dict[str, float]:
    """CPU time of LangGraph by that of ours, by the run and by the step, on one core."""
    if PEER not in found:
        return {}
    ours, peer = found[ALONE], found[PEER]
    by_step = 1000 * peer["cpu_ms_a_run"] / STEPS
    return {
        "by run": peer["cpu_ms_a_run"] / ours["cpu_ms_a_run"],
        "by step": by_step / ours["cpu_us_a_step"],
    }


def print_table(found: Mapping[str, Numbers]) -> None:
    """The numbers of every contender and the ratios."""
    print(f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'':22}{'runs/s':>10}{'cpu ms/run':>12}{'steps/run':>11}{'peak MB':>9}")
    for name, one in found.items():
        steps = one.get("steps_a_run", float(STEPS))
        cpu = f"{one['cpu_ms_a_run']:.2f}" if one["cpu_ms_a_run"] else "-"
        print(
            f"{name:22}{one['runs_a_second']:>10.0f}{cpu:>12}{steps:>11.1f}{one['peak_mb']:>9.0f}"
        )
    print(
        f"\n{found[BOTH]['runs_a_second']:8.0f}  generated runs a second on 2 cores (aim: {AIM_RUNS} or more)"
    )
    for name, ratio in ratios(found).items():
        print(f"{ratio:8.1f}  LangGraph / ours a core, {name} (aim: {AIM_RATIO} or more)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--peer-python", default="", help="an interpreter that has LangGraph")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runs", type=int, default=4000, help="generated runs")
    parser.add_argument("--quick", action="store_true", help="one round of 1,000 runs")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    rounds, runs = (1, 1000) if given.quick else (given.rounds, given.runs)
    missing = working(given.peer_python)
    found = measured(commands("" if missing else given.peer_python, runs), rounds)
    if missing:
        print(f"LangGraph is not measured: {missing}", file=sys.stderr)
    if given.json:
        print(
            json.dumps({"rounds": rounds, "runs": runs, "engines": found, "ratios": ratios(found)})
        )
    else:
        print_table(found)


if __name__ == "__main__":
    main()
