"""What the window shows of one server: its state, what it offers, and how that fits what was approved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from journeybuilder.connect.catalog import Drift, ServerState, drift, locked_tool
from journeybuilder.contract.offers import Offers
from journeybuilder.contract.tools import Risk, ToolDef, facts_of, risk_of
from journeybuilder.document.servers import ServerSpec

Entries = Mapping[str, Mapping[str, Any]]
_WEIGHT = {"breaking": 3, "widening": 2, "wording": 1}


@dataclass(frozen=True, eq=False)
class Shelf:
    """One server. What it costs to find something out is paid when it is asked for.

    Attributes:
        spec: Its entry in `mcp.json`.
        tools: The tools that can be used, as last found.
        fresh: True where the server itself has said so since the workspace was opened; else this is
            what the last discovery has left.
        lock: Entries of `mcp.lock` of this server, by `server/tool`.
        facts: What the workspace says about its tools, by `server/tool`.
    """

    name: str
    spec: ServerSpec
    state: ServerState
    tools: Sequence[ToolDef]
    offers: Offers
    fresh: bool
    lock: Entries
    facts: Entries

    def risk(self, tool: ToolDef) -> Risk:
        """The risk to reckon with."""
        return risk_of(tool, facts_of(self.facts.get(tool.id, {})))

    def own_risk(self, tool: str) -> str:
        """The risk that the workspace itself gives a `server/tool`; empty where it says nothing."""
        return facts_of(self.facts.get(tool, {})).risk or ""

    def drift(self, tool: ToolDef) -> Sequence[Drift]:
        """What has changed since the tool was approved, worst first; empty where it never was."""
        entry = self.lock.get(tool.id)
        found = [] if entry is None else drift(entry, tool)
        return sorted(found, key=lambda one: -_WEIGHT[one.kind])

    def drifted(self) -> dict[str, Sequence[Drift]]:
        """Every approved tool that is no longer as it was, by `server/tool`."""
        found = {tool.id: tool for tool in self.tools if tool.id in self.lock}
        out = {name: self.drift(tool) for name, tool in found.items()}
        return {name: drifts for name, drifts in out.items() if drifts}

    def gone(self) -> list[ToolDef]:
        """Approved tools that the server no longer offers; none where nothing is known of it."""
        if not self.fresh and not self.tools:
            return []
        here = {tool.id for tool in self.tools}
        return [locked_tool(name, entry) for name, entry in self.lock.items() if name not in here]


def below(server: str, entries: Entries) -> dict[str, Mapping[str, Any]]:
    """The entries whose key is a tool of this server."""
    return {name: entry for name, entry in entries.items() if name.partition("/")[0] == server}


def shelf_like(old: Shelf | None, new: Shelf) -> Shelf:
    """The old one where nothing differs, so that who shows it sees that at once."""
    if old is None or old.tools is not new.tools or old.offers is not new.offers:
        return new
    same = (old.state, old.spec, old.fresh, old.lock, old.facts)
    return old if same == (new.state, new.spec, new.fresh, new.lock, new.facts) else new
