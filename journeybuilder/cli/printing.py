"""Prints a run as it goes: the conversation, the trace, or JSON Lines."""

from collections.abc import Mapping
from typing import Any

import click

from journeybuilder.cli.output import print_json
from journeybuilder.cli.trace import ending, lines
from journeybuilder.host import DEFAULT_STORE
from journeybuilder.run.state import RunState

EXIT = {"ended": 0, "failed": 1, "cancelled": 1, "parked": 3, "running": 3}
_LAST = frozenset({"ended", "failed", "parked", "cancelled"})


class RunPrinter:
    """Prints the events of one run."""

    def __init__(self, *, as_json: bool, trace: bool, store: str = "") -> None:
        self._json = as_json
        self._store = "" if store in {"", DEFAULT_STORE} else f" --store {store}"
        self._trace = trace
        self._last: Mapping[str, Any] | None = None

    def said(self, line: str) -> None:
        """A line of the conversation."""
        if not self._json and not self._trace:
            click.echo(line)

    def event(self, event: Mapping[str, Any]) -> None:
        """An event of the run."""
        if event["event"] in _LAST:
            self._last = event
        elif self._json:
            print_json(event)
        elif self._trace:
            for line in lines(event):
                click.echo(line)

    def close(self, state: RunState) -> int:
        """Print how the run stands now; the exit status of the command."""
        if self._json:
            print_json(summary(state))
        elif self._last is not None:
            click.echo(ending(self._last))
            click.echo(click.style(f"  run {state.run}  path {' → '.join(state.path)}", dim=True))
            if state.status == "parked":
                click.echo(_next(state, self._store))
        return EXIT[state.status]


def summary(state: RunState) -> dict[str, Any]:
    """What the last line of `jb run --json` promises; a failed run adds its `error`."""
    return {
        "event": state.status,
        "run": state.run,
        "outcome": state.outcome or None,
        "output": dict(state.output),
        "path": list(state.path),
        "cost_usd": state.cost_usd if state.cost_known else None,
        "waiting_for": state.waiting_for,
        **({"error": state.error} if state.error is not None else {}),
    }


def _next(state: RunState, store: str) -> str:
    """The command that goes on with a parked run."""
    kind = (state.waiting_for or {}).get("kind")
    if kind == "customer":
        return f"  Answer with: jb runs reply {state.run} TEXT{store}"
    if kind == "time":
        return f"  Go on when it is time: jb runs resume {state.run}{store}"
    if kind == "uncertain":
        return f"  Say what happened: jb reviews approve {state.run} --as NAME{store}  (or reject)"
    return f"  Decide with: jb reviews approve {state.run} --as NAME{store}  (or reject)"
