"""What servers say about their tools, made safe to use and to show, one tool at a time.

The SDK refuses a whole list for one bad tool; here the bad one is left out, with the reason.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import TracebackType
from typing import Any, Self, cast

import anyio
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCRequest, JSONRPCResponse, RequestId, Tool, methods
from pydantic import ValidationError

from journeybuilder.connect.mcp_words import visible
from journeybuilder.contract.json import canonical
from journeybuilder.contract.tools import ToolDef

LONGEST_NAME = 128
LARGEST = 256 * 1024
_LIST = "tools/list"


class ToolFilter:
    """Looks at every page of a tool list as it comes in and leaves out what cannot be used.

    Attributes:
        version: The negotiated version of the protocol, by which tools are judged.
        rejected: Names and reasons of the tools that were left out.
        names: Names of the tools that were handed on.
    """

    def __init__(self) -> None:
        self.version = "2025-11-25"
        self.rejected: list[tuple[str, str]] = []
        self.names: list[str] = []
        self._asked: set[RequestId] = set()

    def begin(self) -> None:
        """A new walk through the list."""
        self.rejected = []
        self.names = []

    def sent(self, item: SessionMessage) -> None:
        """Remember which answers will be pages of a list."""
        if isinstance(item.message, JSONRPCRequest) and item.message.method == _LIST:
            self._asked.add(item.message.id)

    def received(self, item: SessionMessage | Exception) -> None:
        """Take bad tools out of a page."""
        if isinstance(item, Exception) or not isinstance(item.message, JSONRPCResponse):
            return
        if item.message.id not in self._asked:
            return
        self._asked.discard(item.message.id)
        result = item.message.result
        if isinstance(result.get("tools"), list):
            result["tools"] = self._usable(result)

    def _usable(self, result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        out: list[Mapping[str, Any]] = []
        for tool in cast("list[object]", result["tools"]):
            reason = self._wrong(tool, result)
            if reason:
                self.rejected.append((_name(tool), reason))
                continue
            out.append(cast("Mapping[str, Any]", tool))
            self.names.append(_name(tool))
        return out

    def _wrong(self, tool: object, result: Mapping[str, Any]) -> str:
        """Why a tool cannot be used, or an empty string."""
        if not isinstance(tool, dict):
            return "its definition is no object"
        data = cast("dict[str, Any]", tool)
        try:
            size = len(canonical(data))
        except (ValueError, RecursionError):
            return "its definition holds values that JSON does not have, or is nested too deep"
        if size > LARGEST:
            return f"its definition has {size // 1024} KiB; more than {LARGEST // 1024} are refused"
        try:
            methods.validate_server_result(_LIST, self.version, {**result, "tools": [tool]})
            Tool.model_validate(tool, by_name=False)
        except KeyError:
            return ""
        except ValidationError as error:
            return _reason(error)
        return _wrong_name(str(data["name"])) or _wrong_execution(data)


def _name(tool: object) -> str:
    name = cast("dict[str, object]", tool).get("name") if isinstance(tool, dict) else None
    return visible(name)[:LONGEST_NAME] if isinstance(name, str) else "(without a name)"


def _wrong_name(name: str) -> str:
    if not name.strip():
        return "it has no name"
    if len(name) > LONGEST_NAME:
        return f"its name is longer than {LONGEST_NAME} characters"
    return "its name holds characters that cannot be seen" if visible(name) != name else ""


def _wrong_execution(data: Mapping[str, Any]) -> str:
    execution: object = data.get("execution")
    if not isinstance(execution, dict):
        return ""
    support = cast("dict[str, object]", execution).get("taskSupport")
    return (
        "it can only be run as an MCP task, which is not supported" if support == "required" else ""
    )


def _reason(error: ValidationError) -> str:
    """Where the definition breaks the protocol, in our words."""
    place = [str(part) for part in error.errors()[0]["loc"]]
    inside = place[2:] if place[:1] == ["tools"] else place
    if inside[:1] == ["inputSchema"]:
        return "its inputSchema is missing or is not the schema of an object"
    if inside[:1] == ["outputSchema"]:
        return "its outputSchema is not the schema of an object"
    return f"its definition is not valid at {'.'.join(inside) or 'its root'}"


def tool_defs(
    server: str, tools: Sequence[Tool], rejected: list[tuple[str, str]]
) -> dict[str, ToolDef]:
    """The definitions by name. Names that stand for two different tools are all rejected."""
    out: dict[str, ToolDef] = {}
    twice: set[str] = set()
    for tool in tools:
        made = _tool_def(server, tool)
        if made.name in out and out[made.name] != made:
            twice.add(made.name)
        out.setdefault(made.name, made)
    for name in sorted(twice):
        del out[name]
        rejected.append((name, "the server gives two different tools of this name"))
    return out


def _tool_def(server: str, tool: Tool) -> ToolDef:
    hints = tool.annotations
    annotations = {} if hints is None else hints.model_dump(by_alias=True, exclude_none=True)
    if isinstance(annotations.get("title"), str):
        annotations["title"] = visible(annotations["title"])
    return ToolDef(
        server=server,
        name=tool.name,
        title=visible(tool.title or ""),
        description=visible(tool.description or "", lines=True),
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        annotations=annotations,
    )


class _Stream:
    """The half that both directions have in common."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        await self.aclose()
        return None


class _Reading(_Stream):
    """A read stream that shows every message to the filter, and tells when it ends."""

    def __init__(self, inner: Any, tools: ToolFilter, on_end: Callable[[], None]) -> None:
        super().__init__(inner)
        self._tools = tools
        self._on_end = on_end

    @property
    def last_context(self) -> Any:
        """The SDK runs handlers in the sender's context where a stream has one."""
        return getattr(self._inner, "last_context", None)

    async def receive(self) -> SessionMessage | Exception:
        try:
            item: SessionMessage | Exception = await self._inner.receive()
        except (anyio.EndOfStream, anyio.ClosedResourceError):
            self._on_end()
            raise
        self._tools.received(item)
        return item

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None


class _Writing(_Stream):
    def __init__(self, inner: Any, tools: ToolFilter) -> None:
        super().__init__(inner)
        self._tools = tools

    async def send(self, item: SessionMessage, /) -> None:
        self._tools.sent(item)
        await self._inner.send(item)


@asynccontextmanager
async def filtered(
    inner: AbstractAsyncContextManager[Any], tools: ToolFilter, on_end: Callable[[], None]
) -> AsyncGenerator[tuple[Any, Any]]:
    """A transport whose tool lists are filtered.

    Args:
        inner: Any transport of the SDK, or one like them.
        tools: What looks at the lists.
        on_end: Called when the connection has ended from the other side.
    """
    async with inner as (read, write):
        yield _Reading(read, tools, on_end), _Writing(write, tools)
