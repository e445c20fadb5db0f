"""Approving definitions of tools into `mcp.lock`: what `jb lock` and the servers panel write."""

from collections.abc import Mapping, Sequence
from typing import Any

from journeybuilder.checks.context import Context, Known
from journeybuilder.connect.catalog import drift, lock_entry
from journeybuilder.contract.tools import ToolDef, facts_of, risk_of
from journeybuilder.document.model import FORMAT_VERSION
from journeybuilder.document.workspace import LOCK_FILE, Workspace
from journeybuilder.document.write import dump, rewrite
from journeybuilder.plan.bundle import tools_used


def used_tools(workspace: Workspace) -> list[str]:
    """Every `server/tool` that the journeys of a workspace use, sorted."""
    used: set[str] = set()
    for file in workspace.journeys.values():
        used.update(tools_used(Context(file.journey, Known())))
    return sorted(used)


def approved(
    workspace: Workspace, wanted: Sequence[str], found: Mapping[str, ToolDef], *, keep: bool
) -> tuple[dict[str, Any], list[str]]:
    """The entries of the lock once tools are approved as they are found now.

    Args:
        workspace: With the lock as it is.
        wanted: The tools to approve, as `server/tool`.
        found: What the servers say now; a tool that is not among it keeps its approval.
        keep: Whether the entries of other tools stay.

    Returns:
        The entries by `server/tool`, and which of them are new or changed.
    """
    entries: dict[str, Any] = dict(workspace.lock) if keep else {}
    changed: list[str] = []
    for name in wanted:
        tool, known = found.get(name), workspace.lock.get(name)
        if tool is None:
            if known is not None:  # a server that is down today loses no approval
                entries[name] = known
            continue
        if known is None or drift(known, tool):
            changed.append(name)
        entries[name] = lock_entry(tool, risk_of(tool, facts_of(workspace.tool_facts.get(name))))
    return entries, changed


def lock_text(workspace: Workspace, entries: Mapping[str, Any]) -> str:
    """`mcp.lock` with these entries, changed as little as possible."""
    data = {"journeybuilder": FORMAT_VERSION, "tools": dict(sorted(entries.items()))}
    old = workspace.sources.get(LOCK_FILE)
    return rewrite(old.text, data) if old is not None and old.readable else dump(data)
