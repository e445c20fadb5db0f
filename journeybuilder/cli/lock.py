"""`jb lock`: approve tool definitions into `mcp.lock`, or show what has changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from journeybuilder.cli.output import clean, echo, print_json
from journeybuilder.cli.place import discovered, in_workspace, json_option, workspace_at
from journeybuilder.cli.servers import explain, say_unread, server_json
from journeybuilder.connect.approving import approved, lock_text, used_tools
from journeybuilder.connect.catalog import ServerState, drift
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.findings import choices, near
from journeybuilder.document.workspace import LOCK_FILE, SERVERS_FILE, Workspace
from journeybuilder.document.write import save


@dataclass(frozen=True)
class _Asked:
    """What the servers say now of the tools that are wanted."""

    workspace: Workspace
    wanted: Sequence[str]
    states: Sequence[ServerState]

    def found(self) -> Mapping[str, ToolDef]:
        return {tool.id: tool for state in self.states for tool in state.tools}

    def down(self) -> set[str]:
        return {state.name for state in self.states if not state.ok}


@click.command("lock")
@click.argument("names", nargs=-1, metavar="[SERVER/TOOL]...")
@click.option("--check", is_flag=True, help="Only show what has changed since it was approved.")
@json_option("Print one JSON document, for programs.")
@in_workspace
def command(names: tuple[str, ...], check: bool, as_json: bool, folder: Path | None) -> int:
    """Approve the definitions of all tools that journeys use, or of the named ones.

    With --json: {"file", "tools": how many it holds, "approved": [new or changed], "missing": [{"tool",
    "words"}], "servers"}; with --check: {"tools": how many were looked at, "drift": [{"tool", "kind",
    "words"}], "servers"}, where "kind" is breaking, widening, wording, unapproved, gone, no_server or
    unknown.
    """
    workspace = workspace_at(folder)
    wanted = list(names) or (sorted(workspace.lock) if check else used_tools(workspace))
    for name in wanted:
        if "/" not in name:
            hint = (
                f"Write it as {name}/TOOL." if name in workspace.servers else "Write SERVER/TOOL."
            )
            raise click.UsageError(f"'{name}' is no tool. {hint}")
    say_unread(workspace)  # a tool of a server that was left out is then missing below
    servers = sorted({name.partition("/")[0] for name in wanted} & set(workspace.servers))
    asked = _Asked(workspace, wanted, discovered(workspace, servers))
    for state in () if as_json else asked.states:
        explain(state, more=False)
    if check:
        return _check(asked, as_json=as_json)
    return _approve(asked, keep=bool(names), as_json=as_json)


def _check(asked: _Asked, *, as_json: bool) -> int:
    found, down = asked.found(), asked.down()
    changes = [
        {"tool": name, "kind": kind, "words": words}
        for name in asked.wanted
        for kind, words in _changes(asked.workspace, name, found.get(name), down)
    ]
    if as_json:
        servers = [server_json(state) for state in asked.states]
        print_json({"tools": len(asked.wanted), "drift": changes, "servers": servers})
        return 1 if changes else 0
    for each in changes:
        said = "" if each["kind"] in _PLAIN else f"{each['kind']}: "
        echo(f"{click.style(clean(each['tool']), bold=True)}: {said}{clean(each['words'])}")
    if not changes:
        echo(f"{_tools(len(asked.wanted))} as approved")
    return 1 if changes else 0


_PLAIN = frozenset({"no_server", "unknown", "gone", "unapproved"})
"""Kinds of drift whose words say it all."""


def _changes(
    workspace: Workspace, name: str, tool: ToolDef | None, down: set[str]
) -> list[tuple[str, str]]:
    """What is not as it was approved: its kind, and words for people."""
    entry, server = workspace.lock.get(name), name.partition("/")[0]
    if server not in workspace.servers:
        return [("no_server", f"there is no server '{server}' in {SERVERS_FILE}")]
    if tool is None and server in down:
        return [("unknown", f"it cannot be told, because server '{server}' cannot be asked")]
    if tool is None:
        return [("gone", "it is not offered any more")]
    if entry is None:
        return [("unapproved", "it was never approved")]
    return [(change.kind, change.words) for change in drift(entry, tool)]


def _approve(asked: _Asked, *, keep: bool, as_json: bool) -> int:
    workspace, found = asked.workspace, asked.found()
    entries, newly = approved(workspace, asked.wanted, found, keep=keep)
    text = lock_text(workspace, entries)
    save(workspace.root / LOCK_FILE, text)
    missing = [
        {"tool": name, "words": _why(asked, name)} for name in asked.wanted if name not in found
    ]
    if as_json:
        print_json({
            "file": LOCK_FILE, "tools": len(entries), "approved": newly, "missing": missing,
            "servers": [server_json(state) for state in asked.states],
        })  # fmt: skip
        return 1 if missing else 0
    for name in newly:
        echo(f"approved {clean(name)}")
    echo(f"{LOCK_FILE} holds {_tools(len(entries))}")
    for each in missing:
        echo(f"error: {clean(each['words'])}", err=True)
    return 1 if missing else 0


def _why(asked: _Asked, name: str) -> str:
    """Why a tool could not be approved, and what to do."""
    server = name.partition("/")[0]
    if server in asked.down():
        return f"'{name}' is not approved: server '{server}' cannot be asked"
    if server not in asked.workspace.servers:
        hint = near(server, asked.workspace.servers)
        return f"there is no server '{server}' in {SERVERS_FILE}. {hint}".rstrip()
    found = asked.found()
    hint = near(name, found) or f"Found: {choices(found) or 'no tools'}."
    return f"no server offers '{name}'. {hint}"


def _tools(number: int) -> str:
    return "1 tool" if number == 1 else f"{number} tools"
