"""`jb demo`: the whole tour on the sample workspace, with nothing else installed."""

import os
import sys
import tempfile
from pathlib import Path

import click

from journeybuilder.cli.init import make

_PAUSE = "─" * 72


@click.command("demo")
@click.option("--no-gui", is_flag=True, help="Do not open the editor at the end.")
@click.option(
    "--dir",
    "target",
    type=click.Path(path_type=Path),
    help="Keep the workspace here; it must be new.",
)
def command(no_gui: bool, target: Path | None) -> int:
    """Discover, check, rehearse, export, run headless and trace the sample journey."""
    if target is not None:
        return _tour(target.absolute(), gui=not no_gui)
    with tempfile.TemporaryDirectory(prefix="journeybuilder-demo-") as folder:
        return _tour(Path(folder) / "retail", gui=not no_gui)


def _tour(place: Path, *, gui: bool) -> int:
    from journeybuilder.cli import call  # noqa: PLC0415 - the tour calls the other commands

    make(place, "retail")
    here = ["--workspace", str(place)]
    bundle = place / "order-return.bundle.yaml"
    store = f"sqlite:///{place / '.journeybuilder' / 'runs.db'}"
    steps = [
        ("The MCP servers of the workspace", ["servers", *here], 0),
        ("Their tools, approved into mcp.lock", ["lock", *here], 0),
        ("Every finding", ["check", *here], 0),
        (
            "A rehearsal: a late return that a person approves after 20 minutes, in no time",
            ["simulate", "order-return", "--scenario", "late return above the limit", *here],
            0,
        ),
        ("One file that runs anywhere", ["export", "order-return", "-o", str(bundle), *here], 0),
        (
            "The file run headless, with real tool calls",
            ["run", str(bundle), "--set", "customer_id=C-17", "--say", "O-1001", "--say",
             "It arrived broken", "--store", store, "--trace", *here],
            0,
        ),
        ("The run in the store", ["runs", "list", "--store", store, *here], 0),
    ]  # fmt: skip
    for number, (title, arguments, wanted) in enumerate(steps, 1):
        click.echo(f"\n{_PAUSE}\n{click.style(f'{number}. {title}', bold=True)}")
        shown = " ".join(_quoted(word) for word in arguments if word not in here)
        click.echo(click.style(f"$ jb {shown}", dim=True))
        status = call(arguments)
        if status != wanted:
            click.echo(f"error: this step ended with {status} instead of {wanted}", err=True)
            return 1
    click.echo(f"\n{_PAUSE}\nThe tour is done.")
    if gui and has_screen():
        click.echo("Opening the editor on the sample workspace …")
        return call(["open", str(place)])
    click.echo("There is no screen here, or none was wanted; 'jb open' shows the editor.")
    return 0


def has_screen() -> bool:
    """Whether a window could be shown."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word
