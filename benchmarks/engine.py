"""Runs of the 20-node journey: our engine beside a bare loop with the same journal, and LangGraph.

    python -m benchmarks.engine [--peer-python PATH] [--rounds 3] [--runs 1000] [--quick] [--json]

Every contender runs in a process of its own, one after another in each round, so that all suffer the
same from a busy machine; medians of the rounds. Two loads: runs one after another (a twentieth of
`--runs`), and all at once. LangGraph needs an interpreter of its own, as it is no dependency of ours;
without `--peer-python` it is left out, and that is said.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.journey20 import STEPS

ROOT = Path(__file__).parent.parent
LOADS = ("one by one", "at once")
Found = dict[tuple[str, str], dict[str, float]]


@dataclass(frozen=True)
class Contender:
    """One engine with one store, as a command that prints what it measured as JSON."""

    name: str
    module: str
    store: str
    peer: bool = False

    def command(self, python: str, runs: int, load: str) -> list[str]:
        """The command for a number of runs."""
        many = ["--at-once"] if load == "at once" else []
        return [
            python, "-m", f"benchmarks.{self.module}", "--store", self.store, "--runs", str(runs), *many,
        ]  # fmt: skip


CONTENDERS: Sequence[Contender] = (
    Contender("ours, SQLite FULL", "engine_ours", "full"),
    Contender("bare loop, SQLite FULL", "engine_bare", "full"),
    Contender("LangGraph, SQLite", "engine_langgraph", "sqlite", peer=True),
    Contender("ours, SQLite NORMAL", "engine_ours", "normal"),
    Contender("bare loop, SQLite NORMAL", "engine_bare", "normal"),
    Contender("ours, in memory", "engine_ours", "memory"),
    Contender("LangGraph, in memory", "engine_langgraph", "memory", peer=True),
)
RATIOS: Sequence[tuple[str, str, str, bool]] = (
    ("durable: LangGraph / ours (aim: 30 or more at once)", "LangGraph, SQLite", "ours, SQLite FULL", True),
    ("durable FULL: ours / bare loop (aim: 2 or less)", "ours, SQLite FULL", "bare loop, SQLite FULL", False),
    ("durable NORMAL: ours / bare loop (aim: 2 or less)", "ours, SQLite NORMAL", "bare loop, SQLite NORMAL", False),
    ("in memory: LangGraph / ours (aim: 10 or more)", "LangGraph, in memory", "ours, in memory", True),
)  # fmt: skip
"""What is divided by what, and whether the first needs a peer that may be missing."""


def run_all(
    contenders: Sequence[Contender], peer_python: str, rounds: int, runs: int
) -> Iterator[tuple[tuple[str, str], dict[str, float]]]:
    """What each contender measures of itself, round by round."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for number in range(rounds):
        for contender in contenders:
            for load in LOADS:
                print(f"round {number + 1}: {contender.name}, {load} …", file=sys.stderr)
                python = peer_python if contender.peer else sys.executable
                command = contender.command(
                    python, runs if load == "at once" else max(5, runs // 20), load
                )
                done = subprocess.run(
                    command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
                )  # fmt: skip
                yield (contender.name, load), json.loads(done.stdout)


def medians(found: Sequence[tuple[tuple[str, str], dict[str, float]]]) -> Found:
    """The median of every number by contender and load."""
    grouped: dict[tuple[str, str], list[dict[str, float]]] = {}
    for key, numbers in found:
        grouped.setdefault(key, []).append(numbers)
    return {
        key: {name: statistics.median(one[name] for one in many) for name in many[0]}
        for key, many in grouped.items()
    }


def ratios(found: Found) -> list[dict[str, Any]]:
    """Time and CPU time a run of one contender by those of another, for all that were there."""
    return [
        {
            "ratio": label,
            "load": load,
            "time": found[first, load]["ms_a_run"] / found[second, load]["ms_a_run"],
            "cpu": found[first, load]["cpu_ms_a_run"] / found[second, load]["cpu_ms_a_run"],
        }
        for label, first, second, peer in RATIOS
        for load in LOADS
        if not peer or (first, load) in found
    ]


def working(python: str) -> str:
    """Why LangGraph cannot run with this interpreter; nothing where it can."""
    if not python:
        return "no --peer-python was given"
    code = "import langgraph.graph, langgraph.checkpoint.sqlite.aio"
    try:
        tried = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    except OSError as error:
        return f"{python} cannot be started: {error.strerror}"
    return tried.stderr.strip().rpartition("\n")[2]


def print_table(found: Found) -> None:
    """The numbers of every contender and the ratios."""
    print(f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    head = (
        "load",
        "engine",
        "ms/run",
        "cpu ms/run",
        "runs/s",
        "steps/s",
        "peak MB",
        "events",
        "kB/run",
    )
    print(f"{head[0]:11} {head[1]:26}" + "".join(f"{name:>11}" for name in head[2:]))
    for load in LOADS:
        for (name, of), numbers in found.items():
            if of == load:
                print(f"{load:11} {name:26}" + "".join(_cells(numbers)))
    print(f"\n{'time':>8}{'cpu':>8}  ratio of ms a run")
    for ratio in ratios(found):
        print(f"{ratio['time']:8.2f}{ratio['cpu']:8.2f}  {ratio['ratio']}, {ratio['load']}")
    for load in LOADS:
        a_core = 1000 / found["ours, in memory", load]["cpu_ms_a_run"]
        print(f"{a_core:16.0f}  in memory: runs a second and core (aim: 500 or more), {load}")


def _cells(numbers: Mapping[str, float]) -> Iterator[str]:
    yield f"{numbers['ms_a_run']:11.2f}"
    yield f"{numbers['cpu_ms_a_run']:11.2f}"
    yield f"{numbers['runs_a_second']:11.1f}"
    yield f"{numbers['runs_a_second'] * STEPS:11.0f}"
    yield f"{numbers['peak_mb']:11.0f}"
    yield f"{numbers['events_a_run']:11.0f}" if "events_a_run" in numbers else f"{'-':>11}"
    stored = numbers.get("bytes_a_run")
    yield f"{stored / 1000:11.1f}" if stored else f"{'-':>11}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--peer-python", default="", help="an interpreter that has LangGraph")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runs", type=int, default=1000, help="runs at once")
    parser.add_argument("--quick", action="store_true", help="one round of 100 runs")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    rounds, runs = (1, 100) if given.quick else (given.rounds, given.runs)
    missing = working(given.peer_python)
    contenders = [one for one in CONTENDERS if not (one.peer and missing)]
    found = medians(list(run_all(contenders, given.peer_python, rounds, runs)))
    if missing:
        print(f"LangGraph is not measured: {missing}", file=sys.stderr)
    if given.json:
        rows: list[dict[str, Any]] = [
            {"engine": name, "load": load, **numbers} for (name, load), numbers in found.items()
        ]
        print(
            json.dumps({"rounds": rounds, "runs": runs, "engines": rows, "ratios": ratios(found)})
        )
    else:
        print_table(found)


if __name__ == "__main__":
    main()
