"""`jb bench`: the benchmarks, in a source checkout."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from journeybuilder.cli.output import echo, print_json
from journeybuilder.document.findings import near
from journeybuilder.errors import OperatorError

BENCHMARKS: Mapping[str, str] = {
    "engine": "runs of a 20-node journey, beside a bare loop and LangGraph",
    "rehearsal": "generated runs of that journey, beside plain runs of LangGraph",
    "parked": "a store with a hundred thousand parked runs",
    "check": "reading and checking, beside the bare libraries",
    "calls": "calls of MCP tools, beside the bare SDK",
    "canvas": "the editor's canvas, beside NodeGraphQt",
    "opening": "from the start of the editor to a window one can use",
    "stalls": "how long the window stands still beside something large",
    "stepping": "another moment of a run, beside folding its events",
    "live": "how long a frame of the window is while a rehearsal goes on",
}
_PEERS = frozenset({"engine", "rehearsal", "canvas"})
ROOT = Path(__file__).parents[2]


@click.command("bench")
@click.argument("name", required=False)
@click.option("--quick", is_flag=True, help="Less of everything; says roughly how it is.")
@click.option(
    "--peer-python", default="", metavar="PATH", help="An interpreter that has the peers."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def command(name: str | None, quick: bool, peer_python: str, as_json: bool) -> int:
    """Run all benchmarks, or NAME: engine, rehearsal, parked, check, calls, canvas, opening, stalls.

    Each measures us and others in the same run; only the ratios mean something. A peer that is not
    installed is left out, and that is said.
    """
    there = _there()
    if name is not None and name not in there:
        hint = near(name, there) or f"Benchmarks: {', '.join(there)}."
        raise click.UsageError(f"there is no benchmark '{name}'. {hint}")
    found: dict[str, Any] = {}
    status = 0
    for one in [name] if name else there:
        more = ["--quick"] if quick else []
        if peer_python and one in _PEERS:
            more += ["--peer-python", peer_python]
        if as_json:
            done = _run(one, [*more, "--json"], capture=True)
            found[one] = json.loads(done.stdout.strip().rpartition("\n")[2] or "null")
        else:
            echo(click.style(f"{one}: {BENCHMARKS[one]}", bold=True))
            done = _run(one, more, capture=False)
            echo()
        status = max(status, done.returncode)
    if as_json:
        print_json(found)
    return min(status, 1)


def _there() -> Sequence[str]:
    """The benchmarks of this checkout.

    Raises:
        OperatorError: When this is no checkout.
    """
    there = [name for name in BENCHMARKS if (ROOT / "benchmarks" / f"{name}.py").is_file()]
    if not there:
        raise OperatorError(
            "the benchmarks are not part of the installed program",
            hint="Get the source; there, 'make bench' installs the peers and runs them all.",
        )
    return there


def _run(name: str, arguments: Sequence[str], *, capture: bool) -> subprocess.CompletedProcess[str]:
    """Run one in a process of its own, in the checkout; its progress goes to stderr."""
    return subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", f"benchmarks.{name}", *arguments],
        cwd=ROOT, text=True, check=False, stdout=subprocess.PIPE if capture else None,
    )  # fmt: skip
