"""`jb lock`: approve tool definitions into `mcp.lock`, or show what has changed since."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import click

from journeybuilder.checks.context import Context, Known
from journeybuilder.cli.output import echo
from journeybuilder.cli.place import discovered, in_workspace, workspace_at
from journeybuilder.cli.servers import explain
from journeybuilder.connect.catalog import drift, lock_entry
from journeybuilder.contract.tools import ToolDef, facts_of, risk_of
from journeybuilder.document.findings import choices, near
from journeybuilder.document.model import FORMAT_VERSION
from journeybuilder.document.workspace import LOCK_FILE, Workspace
from journeybuilder.document.write import dump, rewrite, save
from journeybuilder.plan.bundle import tools_used


@click.command("lock")
@click.argument("names", nargs=-1, metavar="[SERVER/TOOL]...")
@click.option("--check", is_flag=True, help="Only show what has changed since it was approved.")
@in_workspace
def command(names: tuple[str, ...], check: bool, folder: Path | None) -> int:
    """Approve the definitions of all tools that journeys use, or of the named ones."""
    workspace = workspace_at(folder)
    wanted = list(names) or (sorted(workspace.lock) if check else _used(workspace))
    for name in wanted:
        if "/" not in name:
            hint = (
                f"Write it as {name}/TOOL." if name in workspace.servers else "Write SERVER/TOOL."
            )
            raise click.UsageError(f"'{name}' is no tool. {hint}")
    servers = sorted({name.partition("/")[0] for name in wanted} & set(workspace.servers))
    states = discovered(workspace, servers)
    found = {tool.id: tool for state in states for tool in state.tools}
    for state in states:
        explain(state, more=False)
    down = {state.name for state in states if not state.ok}
    if check:
        return _check(workspace, wanted, found, down)
    return _approve(workspace, wanted, found, down, keep=bool(names))


def _used(workspace: Workspace) -> list[str]:
    used: set[str] = set()
    for file in workspace.journeys.values():
        used.update(tools_used(Context(file.journey, Known())))
    return sorted(used)


def _check(
    workspace: Workspace, wanted: list[str], found: Mapping[str, ToolDef], down: Collection[str]
) -> int:
    changed = 0
    for name in wanted:
        entry = workspace.lock.get(name)
        tool = found.get(name)
        server = name.partition("/")[0]
        if tool is None and server in down:
            lines = [f"it cannot be told, because server '{server}' cannot be asked"]
        elif tool is None:
            lines = ["it is not offered any more"]
        elif entry is None:
            lines = ["it was never approved"]
        else:
            lines = [f"{change.kind}: {change.words}" for change in drift(entry, tool)]
        changed += bool(lines)
        for line in lines:
            echo(f"{click.style(name, bold=True)}: {line}")
    if not changed:
        echo(f"{_tools(len(wanted))} as approved")
    return 1 if changed else 0


def _approve(
    workspace: Workspace,
    wanted: list[str],
    found: Mapping[str, ToolDef],
    down: Collection[str],
    *,
    keep: bool,
) -> int:
    entries: dict[str, Any] = dict(workspace.lock) if keep else {}
    missing: list[str] = []
    for name in wanted:
        tool = found.get(name)
        if tool is None:
            missing.append(name)
            if name in workspace.lock:  # a server that is down today loses no approval
                entries[name] = workspace.lock[name]
            continue
        known = workspace.lock.get(name)
        if known is None or drift(known, tool):
            echo(f"approved {name}")
        entries[name] = lock_entry(tool, risk_of(tool, facts_of(workspace.tool_facts.get(name))))
    data = {"journeybuilder": FORMAT_VERSION, "tools": dict(sorted(entries.items()))}
    path = workspace.root / LOCK_FILE
    old = workspace.sources.get(LOCK_FILE)
    save(path, rewrite(old.text, data) if old is not None and old.readable else dump(data))
    echo(f"{LOCK_FILE} holds {_tools(len(entries))}")
    for name in missing:
        server = name.partition("/")[0]
        if server in down:
            echo(f"error: '{name}' is not approved: server '{server}' cannot be asked", err=True)
        else:
            hint = near(name, found) or f"Found: {choices(found) or 'no tools'}."
            echo(f"error: no server offers '{name}'. {hint}", err=True)
    return 1 if missing else 0


def _tools(number: int) -> str:
    return "1 tool" if number == 1 else f"{number} tools"
