"""`jb demo`: the whole tour on the sample workspace, with nothing else installed."""

import contextlib
import os
import sys
import tempfile
from pathlib import Path

import click

from journeybuilder.cli.output import echo
from journeybuilder.document.templates import make_workspace

_LINE = "─" * 72


STEPS = (
    ("The MCP servers of the workspace", ["servers"]),
    ("Their tools, compared with what was approved in mcp.lock", ["lock", "--check"]),
    ("What these tools are", ["tools"]),
    ("Every finding", ["check"]),
    (
        "A rehearsal: a late return that a person approves after 20 minutes, in no time",
        ["simulate", "order-return", "--scenario",
         "a late return above the limit is approved by a person"],
    ),
    ("Every scenario, and what they cover", ["test"]),
    ("One file that runs anywhere", ["export", "order-return", "-o", "order-return.bundle.yaml"]),
    (
        "The file run headless, with real tool calls",
        ["run", "order-return.bundle.yaml", "--set", "customer_id=C-17", "--say", "O-1001",
         "--say", "It arrived broken", "--trace"],
    ),
    ("The run in the store", ["runs", "list"]),
)  # fmt: skip


@click.command("demo")
@click.option("--no-gui", is_flag=True, help="Do not open the editor at the end.")
@click.option(
    "--dir",
    "target",
    type=click.Path(path_type=Path),
    help="Keep the workspace here; it must be new.",
)
def command(no_gui: bool, target: Path | None) -> int:
    """Discover, check, rehearse, test, export, run headless and trace the sample journey."""
    if target is not None:
        return _tour(target.absolute(), gui=not no_gui)
    with tempfile.TemporaryDirectory(prefix="journeybuilder-demo-") as folder:
        return _tour(Path(folder) / "retail", gui=not no_gui)


def _tour(place: Path, *, gui: bool) -> int:
    from journeybuilder.cli import call  # noqa: PLC0415 - the tour calls the other commands

    make_workspace(place, "retail")
    echo(f"The sample workspace: {place}")
    with contextlib.chdir(place):
        for number, (title, arguments) in enumerate(STEPS, 1):
            echo(f"\n{_LINE}\n{click.style(f'{number}. {title}', bold=True)}")
            shown = " ".join(_quoted(word) for word in arguments)
            echo(click.style(f"$ jb {shown}", dim=True))
            status = call(arguments)
            if status != 0:
                echo(f"error: this step ended with {status}", err=True)
                return 1
    echo(f"\n{_LINE}\nThe tour is done.")
    if gui and has_screen():
        echo("Opening the editor on the sample workspace …")
        return call(["open", str(place)])
    echo("There is no screen here, or none was wanted; 'jb open' shows the editor.")
    return 0


def has_screen() -> bool:
    """Whether a window could be shown."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word
