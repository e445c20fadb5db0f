"""Prints a run as it goes: the conversation, the trace, or JSON Lines."""

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from journeybuilder.cli.live import LiveLine
from journeybuilder.cli.output import clean, echo, print_json
from journeybuilder.cli.trace import ending, lines
from journeybuilder.host import DEFAULT_STORE
from journeybuilder.run.state import RunState
from journeybuilder.run.waiting import place_of

EXIT = {"ended": 0, "failed": 1, "cancelled": 1, "parked": 3, "running": 3}
_LAST = frozenset({"ended", "failed", "parked", "cancelled"})


class RunPrinter:
    """Prints the events of one run; losing the display is never an error of the run.

    What a model writes just now (events `writing`) is a line of the terminal that does not last.

    Args:
        as_json: JSON Lines for programs.
        trace: Every step for people, not only what is said.
        more: Options that the commands which go on with this run need, such as `--store URL`.
    """

    def __init__(self, *, as_json: bool, trace: bool, more: str = "") -> None:
        self._json = as_json
        self._more = more
        self._trace = trace
        self._last: Mapping[str, Any] | None = None
        self._lost = False
        self._live = LiveLine()
        self.run = ""

    def said(self, line: str) -> None:
        """A line of the conversation."""
        if not self._json and not self._trace:
            self._print(clean(line))

    def prompt(self, text: str) -> None:
        """What stands before the words of whoever types; on the line that stays open, if one is seen."""
        for stream, err in ((sys.stdout, False), (sys.stderr, True)):
            if stream.isatty():
                self._live.clear()
                click.echo(text, nl=False, err=err)
                return

    def event(self, event: Mapping[str, Any]) -> None:
        """An event of the run."""
        self.run = event["run"]
        if event["event"] in _LAST:
            self._last = event
        elif self._json:
            self._print(event)
        elif event["event"] == "writing":
            self._live.show(event["text"])
        elif self._trace:
            for line in lines(event):
                self._print(line)
        elif event["event"] == "caught":  # the customer hears an apology; the operator the reason
            error = event["error"]
            self._print(f"'{error['node']}' failed: {clean(error['message'])}", err=True)

    def close(self, state: RunState) -> int:
        """Print how the run stands now; the exit status of the command."""
        self._live.clear()
        if self._json:
            self._print(summary(state))
        elif self._last is not None or state.status == "parked":
            parked = {"event": "parked", "waiting_for": state.waiting_for, "waits": state.waits}
            self._print(ending(self._last or parked))
            path = " → ".join(state.path)
            self._print(click.style(f"  run {state.run}  path {path}", dim=True))
            if state.status == "parked":
                self._print(_next(state, self._more))
        return EXIT[state.status]

    def interrupted(self) -> None:
        """Say how to go on with a run whose command was interrupted."""
        self._live.clear()
        if self.run:
            self._print(
                f"The run stays where it is: jb runs resume {self.run}{self._more}", err=True
            )

    def _print(self, what: str | Mapping[str, Any], *, err: bool = False) -> None:
        self._live.clear()
        if self._lost:
            return
        try:
            if isinstance(what, str):
                echo(what, err=err)
            else:
                print_json(what)
        except OSError as error:  # the reader has gone, or the disk behind it is full
            self._lost = True
            if not isinstance(error, BrokenPipeError):
                reason = error.strerror or "no reason given"
                click.echo(f"The output cannot be written ({reason}); the run goes on.", err=True)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def more_options(folder: Path | None, store: str) -> str:
    """The options that later commands need to find the same run."""
    place = f" --workspace {shlex.quote(str(folder))}" if folder is not None else ""
    return place + ("" if store in {"", DEFAULT_STORE} else f" --store {shlex.quote(store)}")


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


def _next(state: RunState, more: str) -> str:
    """The commands that go on with a parked run, one for each of its waits."""
    waits = state.waits or [state.waiting_for or {}]
    said = dict.fromkeys(_step_on(state, wait, more, _node(wait, waits)) for wait in waits)
    return "\n".join(said)


def _node(waiting: Mapping[str, Any], waits: Sequence[Mapping[str, Any]]) -> str:
    """The option that says which wait is meant, where another could be taken for it."""
    alike = [wait for wait in waits if _of_customer(wait) == _of_customer(waiting)]
    return f" --node {place_of(waiting, alike)}" if len(alike) > 1 else ""


def _of_customer(waiting: Mapping[str, Any]) -> bool | None:
    """Whether the customer answers a wait; None where nobody does but time or an event."""
    return True if waiting.get("kind") == "customer" else False if "decisions" in waiting else None


def _step_on(state: RunState, waiting: Mapping[str, Any], more: str, place: str) -> str:
    if waiting.get("kind") == "customer":
        return f"  Answer with: jb runs reply {state.run} TEXT{place}{more}"
    if waiting.get("kind") == "time":
        return f"  Go on when it is time: jb runs resume {state.run}{more}"
    if waiting.get("kind") == "event":
        return f"  Tell it: jb runs signal {state.run} {waiting['name']}{more}"
    decide = f"jb reviews approve {state.run} --as NAME{place}{more}"
    if waiting.get("kind") == "uncertain":
        return (
            f"  Check, then say which: {decide} --decision done | not_done | cancel\n"
            "    done: it happened, go on (--value JSON gives what it answered);\n"
            "    not_done: it did not happen, make the call again; cancel: end the run."
        )
    others = "  (or reject)" if waiting.get("kind") == "review" else ""
    return f"  Decide with: {decide}{others}"
