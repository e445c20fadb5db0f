"""What is known of an MCP tool: its definition as the server gave it, and our own facts about it.

Annotations are hints of whoever wrote the server; our own facts (from `journeybuilder.yaml`) decide,
and a hint can only make the treatment stricter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from journeybuilder.contract.json import as_object, digest
from journeybuilder.contract.schemas import Checker

Risk = Literal["read", "write", "irreversible"]


@dataclass(frozen=True)
class ToolDef:
    """One tool as a server defined it.

    Attributes:
        server: The server's name in `mcp.json`.
        name: The tool's name on that server.
        input_schema: JSON Schema of the arguments; its type is an object.
        output_schema: JSON Schema of the structured result, or None where the server gives none.
        annotations: The server's hints (`readOnlyHint`, `destructiveHint`, …), as on the wire.
    """

    server: str
    name: str
    title: str = ""
    description: str = ""
    input_schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "object"})
    output_schema: Mapping[str, Any] | None = None
    annotations: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def id(self) -> str:
        """The name that journeys use: `server/tool`."""
        return f"{self.server}/{self.name}"

    @property
    def label(self) -> str:
        """The name for people, found as the MCP specification orders it."""
        return self.title or str(self.annotations.get("title") or "") or self.name

    @cached_property
    def takes(self) -> Checker:
        """Checks arguments."""
        return Checker(self.input_schema)

    @cached_property
    def gives(self) -> Checker | None:
        """Checks structured results, where the server says what they are like."""
        return None if self.output_schema is None else Checker(self.output_schema)

    def definition(self) -> dict[str, Any]:
        """What is pinned in `mcp.lock`: everything that a server could change under our feet."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": dict(self.input_schema),
            "outputSchema": None if self.output_schema is None else dict(self.output_schema),
            "annotations": dict(self.annotations),
        }

    def digest(self) -> str:
        """SHA-256 of the canonical definition."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        return digest(self.definition())  # every run compares it for every tool that it calls

    @classmethod
    def from_definition(cls, server: str, data: Mapping[str, Any]) -> "ToolDef":
        """The inverse of `definition`; missing parts take their defaults."""
        return cls(
            server=server,
            name=str(data.get("name", "")),
            title=str(data.get("title") or ""),
            description=str(data.get("description") or ""),
            input_schema=data.get("inputSchema") or {"type": "object"},
            output_schema=data.get("outputSchema"),
            annotations=data.get("annotations") or {},
        )


@dataclass(frozen=True, slots=True)
class ToolFacts:
    """What the workspace says about a tool.

    Attributes:
        risk: What a call can do; None where the workspace says nothing.
        data: Data class of each field of its arguments and results (`email: personal`).
        idempotent: True where repeating a call with the same arguments does no harm.
        key: Name of the argument in which the tool takes an idempotency key, or an empty string.
    """

    risk: Risk | None = None
    data: Mapping[str, str] = field(default_factory=dict[str, str])
    idempotent: bool = False
    key: str = ""


def risk_of(tool: ToolDef, facts: ToolFacts) -> Risk:
    """The risk to reckon with: our own fact, made stricter by a destructive hint.

    Without a fact the hints decide, and a tool that says nothing counts as one that writes (the MCP
    specification's own defaults: not read-only, destructive).
    """
    if facts.risk is None:
        return "read" if tool.annotations.get("readOnlyHint") is True else "write"
    hinted_write = tool.annotations.get("readOnlyHint") is False
    if facts.risk == "read" and hinted_write:
        return "write"
    return facts.risk


def repeatable(tool: ToolDef, facts: ToolFacts) -> bool:
    """True where a call whose answer was lost may be made again without asking anybody.

    Only our own facts count: reading, idempotent, or taking our idempotency key.
    """
    return facts.idempotent or bool(facts.key) or reads(tool, facts)


def reads(tool: ToolDef, facts: ToolFacts) -> bool:
    """True where a call changes nothing, by our own facts and against no hint of the server."""
    return facts.risk == "read" and risk_of(tool, facts) == "read"


def facts_of(raw: object) -> ToolFacts:
    """Facts as `journeybuilder.yaml` writes them; what is not of the right form is left out."""
    entry = as_object(raw)
    risk = entry.get("risk")
    data = {name: str(kind) for name, kind in as_object(entry.get("data")).items()}
    return ToolFacts(
        risk=risk if risk in _RISKS else None,
        data=data,
        idempotent=entry.get("idempotent") is True,
        key=str(entry.get("key") or ""),
    )


_RISKS: tuple[Risk, ...] = ("read", "write", "irreversible")
