"""`jb servers`: how the configured MCP servers are."""

from pathlib import Path

import click

from journeybuilder.cli.output import echo, print_json, print_table
from journeybuilder.cli.place import discovered, in_workspace, with_json, workspace_at
from journeybuilder.connect.catalog import ServerState


@click.command("servers")
@click.option("--doctor", is_flag=True, help="Say more of each, and how to mend what is wrong.")
@in_workspace
@with_json
def command(doctor: bool, folder: Path | None, as_json: bool) -> int:
    """Connect to every configured server and say how it is."""
    workspace = workspace_at(folder)
    if not workspace.servers and not as_json:
        echo("No servers are configured: add one to mcp.json under 'mcpServers'.")
        return 0
    states = discovered(workspace)
    if as_json:
        print_json({"servers": [server_json(state) for state in states]})
    else:
        rows = [
            (state.name, word(state), state.transport or "-", state.protocol or "-",
             len(state.tools), f"{state.ms} ms", state.version)
            for state in states
        ]  # fmt: skip
        print_table(("server", "state", "transport", "protocol", "tools", "took", "version"), rows)
        for state in states:
            explain(state, more=doctor)
    return 0 if all(state.ok or state.state == "disabled" for state in states) else 1


def word(state: ServerState) -> str:
    """How a server is, in one word."""
    return "ok" if state.ok else state.state


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
        "tools": len(state.tools),
        "rejected": [{"name": tool, "why": why} for tool, why in state.rejected],
        "ms": state.ms,
    }
