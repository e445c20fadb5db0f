"""`jb tools`: the tools that the servers offer."""

import json
from pathlib import Path

import click

from journeybuilder.cli.output import clean, echo, print_json, print_table
from journeybuilder.cli.place import discovered, in_workspace, with_json, workspace_at
from journeybuilder.cli.servers import all_well, explain, say_none, say_unread, server_json
from journeybuilder.connect.catalog import drift
from journeybuilder.contract.tools import ToolDef, facts_of, risk_of
from journeybuilder.document.findings import choices, near
from journeybuilder.document.workspace import Workspace


@click.command("tools")
@click.argument("server", required=False)
@click.option("--schema", is_flag=True, help="Show each tool's arguments and result.")
@in_workspace
@with_json
def command(server: str | None, schema: bool, folder: Path | None, as_json: bool) -> int:
    """Discover the tools of all servers, or of one."""
    workspace = workspace_at(folder)
    unread = say_unread(workspace)
    if server is not None and server not in workspace.servers:
        hint = (
            near(server, workspace.servers) or f"Servers: {choices(workspace.servers) or 'none'}."
        )
        raise click.UsageError(f"there is no server '{server}'. {hint}")
    if not workspace.servers and not as_json:
        return say_none(unread=unread)
    names = [server] if server is not None else None
    states = discovered(workspace, names)
    tools = [tool for state in states for tool in state.tools]
    if as_json:
        listed = [_tool_json(workspace, tool) for tool in tools]
        print_json({"tools": listed, "servers": [server_json(state) for state in states]})
    else:
        rows = [
            (tool.id, _risk(workspace, tool), _drift(workspace, tool) or "-", tool.label)
            for tool in tools
        ]
        print_table(("tool", "risk", "drift", "title"), rows)
        for tool in tools if schema else ():
            _print_schema(tool)
        for state in states:
            explain(state, more=True)
    return 1 if unread or not all_well(states) else 0


def _risk(workspace: Workspace, tool: ToolDef) -> str:
    return risk_of(tool, facts_of(workspace.tool_facts.get(tool.id)))


def _drift(workspace: Workspace, tool: ToolDef) -> str:
    """The gravest change since approval: `breaking`, `widening`, `wording`; empty for none."""
    entry = workspace.lock.get(tool.id)
    if entry is None:
        return ""
    kinds = {change.kind for change in drift(entry, tool)}
    return next((kind for kind in ("breaking", "widening", "wording") if kind in kinds), "")


def _tool_json(workspace: Workspace, tool: ToolDef) -> dict[str, object]:
    return {
        "server": tool.server,
        "name": tool.name,
        "title": tool.label,
        "description": tool.description,
        "input_schema": tool.input_schema,
        "output_schema": tool.output_schema,
        "annotations": tool.annotations,
        "risk": _risk(workspace, tool),
        "data": facts_of(workspace.tool_facts.get(tool.id)).data,
        "digest": tool.digest(),
        "drift": _drift(workspace, tool),
    }


def _print_schema(tool: ToolDef) -> None:
    echo(f"\n{click.style(tool.id, bold=True)}  {tool.description}")
    for word, schema in (("takes", tool.input_schema), ("gives", tool.output_schema)):
        text = json.dumps(schema, ensure_ascii=False, indent=2) if schema else _UNSAID[word]
        first, *more = text.splitlines()
        echo(f"  {word}  {clean(first)}")
        for line in more:
            echo(f"         {clean(line)}")


_UNSAID = {"takes": "nothing", "gives": "it does not say"}
