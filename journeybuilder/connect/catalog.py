"""What is known of the servers without asking them: the state of each, and what was last discovered.

`.journeybuilder/catalog.json` is a cache: `jb check` knows the tools, resources and prompts from it
without starting any server. A broken or missing file is an empty catalog.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from journeybuilder.connect.drift import Drift, drift, lock_entry, locked_tool
from journeybuilder.connect.state_file import write_state
from journeybuilder.contract.json import as_object
from journeybuilder.contract.offers import Offers
from journeybuilder.contract.tools import ToolDef
from journeybuilder.errors import OperatorError

__all__ = [
    "Drift", "ServerState", "Status", "drift", "load_catalog", "load_offers", "lock_entry",
    "locked_tool", "save_catalog",
]  # fmt: skip

FILE = "catalog.json"
VERSION = 1

Status = Literal["idle", "connecting", "ready", "failed", "stopped", "disabled"]


@dataclass(frozen=True, slots=True)
class ServerState:
    """What is known of one server at a moment.

    Attributes:
        error: Why it failed, for people; empty where it did not.
        hint: What to do about it.
        transport: `stdio`, `http` or `sse`, as it was really reached.
        protocol: The negotiated version of MCP, e.g. `2025-11-25`.
        version: Name and version that the server gives of itself; nothing relies on them.
        tools: The tools that can be used.
        rejected: Tools that cannot, each with the reason.
        offers: Its resources and prompts, as far as somebody has asked for them.
        auth: How we say who we are: `none`, `headers`, `oauth`; for people.
        ms: How long connecting and listing took, in milliseconds.
    """

    name: str
    state: Status
    error: str = ""
    hint: str = ""
    transport: str = ""
    protocol: str = ""
    version: str = ""
    tools: Sequence[ToolDef] = ()
    rejected: Sequence[tuple[str, str]] = ()
    offers: Offers = field(default_factory=Offers)
    auth: str = ""
    ms: int = 0

    @property
    def ok(self) -> bool:
        """True where its tools can be called now."""
        return self.state == "ready"


def save_catalog(state_dir: Path, states: Iterable[ServerState]) -> None:
    """Remember the tools of the servers that answered; what was known of others stays.

    A server that is switched off is forgotten.

    Raises:
        OperatorError: When the folder cannot be written.
    """
    content = _content(state_dir)
    servers, offers = _read(content), dict(as_object(content.get("offers")))
    for state in states:
        if state.ok:
            servers[state.name] = [tool.definition() for tool in state.tools]
            offers[state.name] = state.offers.as_json()
        elif state.state == "disabled":
            servers.pop(state.name, None)
            offers.pop(state.name, None)
    data = {"version": VERSION, "servers": servers, "offers": offers}
    text = json.dumps(data, ensure_ascii=False, indent=1)
    try:
        write_state(state_dir / FILE, text + "\n")
    except OSError as error:
        raise OperatorError(
            f"the catalog of tools cannot be written: {error.strerror or type(error).__name__}",
            where=str(state_dir / FILE),
            hint="Check that the folder may be written and that the disk has room.",
        ) from None


def load_catalog(state_dir: Path) -> dict[str, ToolDef]:
    """The tools of the last discovery by `server/tool`; empty where the file is not usable."""
    out: dict[str, ToolDef] = {}
    for server, tools in _read(_content(state_dir)).items():
        for data in tools:
            tool = ToolDef.from_definition(server, data)
            out[tool.id] = tool
    return out


def load_offers(state_dir: Path) -> dict[str, Offers]:
    """Resources and prompts of the last discovery by server; empty where the file is not usable."""
    content = _content(state_dir)
    return {
        server: Offers.from_json(server, raw)
        for server, raw in as_object(content.get("offers")).items()
    }


def _content(state_dir: Path) -> dict[str, object]:
    """What stands in the file; nothing where it is broken or of another version."""
    try:
        data: object = json.loads((state_dir / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(data, dict):
        return {}
    content = cast("dict[str, object]", data)
    return content if content.get("version") == VERSION else {}


def _read(content: Mapping[str, object]) -> dict[str, list[Mapping[str, Any]]]:
    return {name: _tools(raw) for name, raw in as_object(content.get("servers")).items()}


def _tools(raw: object) -> list[Mapping[str, Any]]:
    """The usable definitions: a catalog that somebody has edited must not break `jb check`."""
    if not isinstance(raw, list):
        return []
    return [_definition(item) for item in cast("list[object]", raw) if _usable(item)]


def _usable(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    name = cast("dict[str, object]", item).get("name")
    return isinstance(name, str) and bool(name)


def _definition(item: object) -> Mapping[str, Any]:
    data = cast("dict[str, Any]", item)
    parts = ("inputSchema", "outputSchema", "annotations")
    return {
        key: value for key, value in data.items() if key not in parts or isinstance(value, dict)
    }
