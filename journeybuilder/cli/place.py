"""Where a command works, and what several commands do there."""

import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from journeybuilder.cli.output import clean, echo
from journeybuilder.document.findings import choices, near
from journeybuilder.document.root import find_root
from journeybuilder.errors import AuthorError

if TYPE_CHECKING:  # a command that does not need these does not wait for them
    from journeybuilder.connect.catalog import ServerState
    from journeybuilder.document.workspace import Workspace
    from journeybuilder.host import Host
    from journeybuilder.plan.bundle import Bundle

T = TypeVar("T")
Command = Callable[..., Any]


def in_workspace(function: Command) -> Command:
    """Add `--workspace DIR` to a command."""
    return click.option(
        "--workspace",
        "folder",
        type=click.Path(path_type=Path),
        help="Work here instead of in the workspace that encloses the current folder.",
    )(function)


def with_json(function: Command) -> Command:
    """Add `--json` to a command that answers with one document."""
    return json_option("Print one JSON document, for programs.")(function)


def with_json_lines(function: Command) -> Command:
    """Add `--json` to a command that prints events as they happen."""
    return json_option("Print JSON Lines, for programs: events, last how the run stands.")(function)


def json_option(words: str) -> Callable[[Command], Command]:
    """The option `--json` with its own words in the help."""
    return click.option("--json", "as_json", is_flag=True, help=words)


def workspace_at(folder: Path | None) -> "Workspace":
    """The workspace to work in.

    Raises:
        AuthorError: When there is none.
    """
    root = find_root(folder or Path.cwd())
    from journeybuilder.document.workspace import read_workspace  # noqa: PLC0415 - slow import

    return read_workspace(root)


def named(root: Path, files: Iterable[str], path: Path) -> Path:
    """A file of the workspace, or a folder with some of them, as somebody typed it; without links.

    Args:
        root: The workspace.
        files: What it reads, by names from the root.
        path: What was typed.

    Raises:
        click.UsageError: When the workspace reads no such file.
    """
    place, real = path.resolve(), root.resolve()
    if place != real and not any(within(real / name, [place]) for name in files):
        raise click.UsageError(f"'{path}' is none of the files of this workspace ({root})")
    return place


def within(file: Path, wanted: list[Path]) -> bool:
    """Whether a file is one of these, or lies in one of them."""
    return any(file.is_relative_to(path) for path in wanted)


def base_of(file: Path | None, folder: Path | None) -> Path:
    """The folder that relative paths mean: the workspace around, else where the file lies."""
    if folder is not None:
        return folder.absolute()
    start = file.absolute().parent if file is not None else Path.cwd()
    try:
        return find_root(start)
    except AuthorError:
        return start


def progress(state: "ServerState") -> None:
    """Say on a terminal what a server is doing."""
    if sys.stderr.isatty() and state.state in {"connecting", "failed"}:
        echo(click.style(f"{state.name}: {state.state} …", dim=True), err=True)


def discovered(workspace: "Workspace", names: Sequence[str] | None = None) -> "list[ServerState]":
    """The servers of a workspace with their tools, asked now."""
    from journeybuilder.host import Host  # noqa: PLC0415 - slow import

    host = Host.of_workspace(workspace, progress)
    states = with_host(host, lambda host: host.discover(names))
    if host.unkept is not None:
        echo(clean(f"warning: {host.unkept}"), err=True)
    return states


def with_host(host: "Host", work: "Callable[[Host], Awaitable[T]]") -> T:
    """Do something with a host in a loop of its own; everything is stopped afterwards."""
    import asyncio  # noqa: PLC0415 - 50 ms, which a check need not pay

    async def all_of_it() -> T:
        try:
            return await work(host)
        finally:
            await host.close()

    coroutine: Coroutine[Any, Any, T] = all_of_it()
    return asyncio.run(coroutine)


def host_of(bundle: "Bundle", base: Path) -> "Host":
    """A host for a bundle, with progress on a terminal."""
    from journeybuilder.host import Host  # noqa: PLC0415 - slow import

    return Host.of_bundle(bundle, base, on_change=progress)


def journey_named(workspace: "Workspace", name: str) -> str:
    """The id of a journey given by id or by file.

    Raises:
        click.UsageError: When there is none.
    """
    if name in workspace.journeys:
        return name
    path = Path(name).resolve()
    for journey, file in workspace.journeys.items():
        if (workspace.root / file.source.file).resolve() == path:
            return journey
    hint = near(name, workspace.journeys) or f"Journeys: {choices(workspace.journeys) or 'none'}."
    raise click.UsageError(f"there is no journey '{name}'. {hint}")
