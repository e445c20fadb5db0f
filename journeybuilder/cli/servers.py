"""`jb servers`: how the configured MCP servers are, and logging in at them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from journeybuilder.cli.output import clean, echo, print_findings, print_json, print_table
from journeybuilder.cli.place import (
    discovered,
    in_workspace,
    with_host,
    with_json,
    workspace_at,
)
from journeybuilder.connect.catalog import ServerState
from journeybuilder.document.workspace import SERVERS_FILE

if TYPE_CHECKING:  # a command that does not need these does not wait for them
    from journeybuilder.document.workspace import Workspace
    from journeybuilder.host import Host


@click.group("servers", invoke_without_command=True)
@click.option("--doctor", is_flag=True, help="Say more of each, and how to mend what is wrong.")
@in_workspace
@with_json
@click.pass_context
def command(ctx: click.Context, doctor: bool, folder: Path | None, as_json: bool) -> int:
    """Connect to every configured server and say how it is."""
    if ctx.invoked_subcommand is not None:
        return 0
    workspace = workspace_at(folder)
    unread = say_unread(workspace)
    if not workspace.servers and not as_json:
        return say_none(unread=unread)
    states = discovered(workspace)
    if as_json:
        print_json({"servers": [server_json(state) for state in states]})
    elif doctor:
        for state in states:
            _examine(workspace, state)
    else:
        _print_table(states)
        for state in states:
            explain(state, more=False)
    return 1 if unread or not all_well(states) else 0


def say_unread(workspace: "Workspace") -> bool:
    """Say what `mcp.json` holds and cannot be used; False where there is nothing of that."""
    wrong = [
        item
        for item in workspace.findings
        if item.file == SERVERS_FILE and item.severity == "error"
    ]
    if wrong:
        print_findings(wrong, err=True)
        echo("A server whose entry cannot be read is missing from what follows.\n", err=True)
    return bool(wrong)


def say_none(*, unread: bool) -> int:
    """Say that there is no server to ask; the exit status of the command."""
    if not unread:
        echo(f"No servers are configured: add one to {SERVERS_FILE} under 'mcpServers'.")
    return 1 if unread else 0


def all_well(states: Sequence[ServerState]) -> bool:
    """Whether every server that is not switched off has answered."""
    return all(state.ok or state.state == "disabled" for state in states)


@command.command("login")
@click.argument("name")
@in_workspace
def login(name: str, folder: Path | None) -> int:
    """Log in at a server with the browser; the login is kept in the system's keyring."""
    host = _host(folder)
    where = with_host(host, lambda host: host.pool.login(name, _open_page))
    echo(clean(f"logged in at {where}; server '{name}' can be used now"))
    return 0


@command.command("logout")
@click.argument("name")
@in_workspace
def logout(name: str, folder: Path | None) -> int:
    """Forget the login at a server."""
    done = with_host(_host(folder), lambda host: host.pool.logout(name))
    echo(f"the login at '{name}' is forgotten" if done else f"nobody was logged in at '{name}'")
    return 0


def _host(folder: Path | None) -> "Host":
    from journeybuilder.host import Host  # noqa: PLC0415 - slow import

    return Host.of_workspace(workspace_at(folder))


def _open_page(address: str) -> None:
    """Show the page, and its address for whoever has the browser elsewhere on this machine."""
    import webbrowser  # noqa: PLC0415 - for this command only

    echo(clean(f"Log in here; the browser comes back by itself:\n\n    {address}\n"), err=True)
    webbrowser.open(address)


def _print_table(states: Sequence[ServerState]) -> None:
    rows = [
        (state.name, word(state), state.transport or "-", state.protocol or "-",
         len(state.tools), f"{state.ms} ms", state.version)
        for state in states
    ]  # fmt: skip
    print_table(("server", "state", "transport", "protocol", "tools", "took", "version"), rows)


def word(state: ServerState) -> str:
    """How a server is, in one word."""
    return "ok" if state.ok else state.state


def _examine(workspace: "Workspace", state: ServerState) -> None:
    """All that is known of one server, and what to do."""
    from journeybuilder.connect.doctor import examine  # noqa: PLC0415 - see `_host`

    color = "green" if state.ok else "yellow" if state.state == "disabled" else "red"
    echo(f"{click.style(state.name, bold=True)}: {click.style(word(state), fg=color)}")
    for said in examine(workspace, workspace.servers[state.name], state):
        _say(said.name, said.words)
    echo()


def _say(name: str, text: str) -> None:
    first, *more = text.splitlines() or [""]
    echo(f"    {name:<10}{clean(first)}")
    for line in more:
        echo(f"    {'':<10}{clean(line.strip())}")


def explain(state: ServerState, *, more: bool) -> None:
    """What is wrong with a server and what to do."""
    if state.error:
        echo(f"\n{click.style(state.name, bold=True)}: {state.error}")
        if state.hint:
            echo(f"    {state.hint}")
    if more:
        for tool, why in state.rejected:
            echo(f"\n{click.style(state.name, bold=True)}: tool '{tool}' cannot be used: {why}")


def server_json(state: ServerState) -> dict[str, object]:
    """A server as `jb tools --json` promises it."""
    return {
        "name": state.name,
        "ok": state.ok,
        "error": state.error,
        "hint": state.hint,
        "transport": state.transport,
        "protocol": state.protocol,
        "version": state.version,
        "auth": state.auth,
        "tools": len(state.tools),
        "resources": len(state.offers.resources),
        "templates": len(state.offers.templates),
        "prompts": len(state.offers.prompts),
        "rejected": [{"name": tool, "why": why} for tool, why in state.rejected],
        "notes": list(state.offers.notes),
        "ms": state.ms,
    }
