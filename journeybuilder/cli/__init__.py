"""The command line: one file per command, imported when that command is called."""

import contextlib
import errno
import gc
import importlib
import io
import logging
import os
import sys
from collections.abc import Mapping, Sequence

import click
from typing_extensions import override

from journeybuilder import __version__
from journeybuilder.cli.output import clean, echo
from journeybuilder.document.findings import near
from journeybuilder.errors import ProgramError

COMMANDS: Mapping[str, str] = {
    "open": "The editor.",
    "demo": "The whole tour on the sample workspace.",
    "init": "A new workspace, from a template.",
    "check": "Every finding of the workspace.",
    "fmt": "One canonical form of the files.",
    "diff": "What two versions of files say differently.",
    "merge": "Two changes of one file made into one.",
    "servers": "The configured MCP servers and how they are.",
    "tools": "The tools that the servers offer.",
    "lock": "Approve tool definitions; show what has changed.",
    "simulate": "Rehearse a journey with a scenario.",
    "test": "Rehearse all scenarios, with what they cover.",
    "compare": "The same scenarios on several models, or two versions of a journey.",
    "bias": "Whether a journey treats people differently for who they are.",
    "cost": "What a journey will cost, with the spread.",
    "export": "Write a bundle that runs anywhere.",
    "picture": "Draw a journey as SVG, PNG or PDF.",
    "run": "Run a bundle or a journey headless.",
    "record": "Run something and keep its traffic for rehearsals.",
    "runs": "The run store: list, show, resume, answer, cancel.",
    "reviews": "What waits for a person.",
    "schema": "The JSON Schemas of the files.",
    "bench": "The benchmarks, with ratios to others.",
}
"""Every command with its line in the help, in the order of a working day."""


class Commands(click.Group):
    """Finds a command's file by its name, so that no command pays for another's imports."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"journeybuilder.cli.{cmd_name}")
        return module.command

    @override
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not ctx.resilient_parsing:
            hint = near(args[0], COMMANDS) or "'jb --help' lists them all."
            ctx.fail(f"There is no command '{args[0]}'. {hint}")
        return super().resolve_command(ctx, args)

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="journeybuilder")
@click.option("--debug", is_flag=True, help="Show tracebacks of errors.")
@click.pass_context
def jb(ctx: click.Context, debug: bool) -> None:
    """Draw, check, rehearse and run AI customer journeys over MCP tools."""
    ctx.obj = {"debug": debug}
    if ctx.invoked_subcommand is None:
        ctx.invoke(importlib.import_module("journeybuilder.cli.open").command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit status."""
    # by itself Python looks for garbage at every 700 objects, which is a fifth of the time of many runs
    gc.set_threshold(*COLLECT)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # what lacks a character gets `?` in its place
    status = call(arguments)
    try:
        sys.stdout.flush()
    except OSError:
        _without_output()
        status = status or 2
    sys.exit(status)


def call(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit status.

    0 done, 1 the answer is "no", 2 wrong use or unusable input, 3 the run is parked, 130 interrupted.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if "--debug" in given:
        logging.basicConfig(level=logging.WARNING)
    else:  # what is logged is told in a sentence as well; nobody asked for tracebacks
        logging.getLogger("journeybuilder").addHandler(_QUIET)
    try:
        # NO_COLOR: https://no-color.org
        color = False if os.environ.get("NO_COLOR") else None
        result = jb.main(given, prog_name="jb", standalone_mode=False, color=color)
    except click.ClickException as error:
        error.show()
        return 2
    except (KeyboardInterrupt, click.Abort):
        echo("interrupted", err=True)
        return 130
    except ProgramError as error:
        if "--debug" in given:
            raise
        echo(clean(f"error: {error}"), err=True)
        return error.exit_status
    except (BrokenPipeError, SystemExit):  # the reader has gone, as in `jb runs | head`; click
        # turns most of these errors into an exit, and nothing else of it does that
        _without_output()
        return 0
    except Exception as error:
        if "--debug" in given:
            raise
        if isinstance(error, OSError) and error.strerror:
            return _refused(error)
        echo(
            f"error: something is wrong inside the program: {type(error).__name__}: {error}\n"
            "  Run the same command as 'jb --debug …' and report what it prints.",
            err=True,
        )
        return 2
    return result if isinstance(result, int) else 0


COLLECT = (50_000, 20, 100)
"""When the program looks for garbage; what it makes is mostly gone without that."""
_QUIET = logging.NullHandler()


def _refused(error: OSError) -> int:
    """Say what the system refused: a full disk, a file that may not be read."""
    where = f"{error.filename}: " if error.filename else ""
    if not error.filename and error.errno in {errno.ENOSPC, errno.EIO, errno.EBADF}:
        _without_output()
        where = "the output cannot be written: "
    echo(f"error: {where}{error.strerror}\n  Check the path, its permissions and the disk.",
               err=True)  # fmt: skip
    return 2


def _without_output() -> None:
    """Let what is still to be printed go nowhere, so that leaving does not fail once more."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
