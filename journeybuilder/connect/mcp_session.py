"""One live connection to a server: its tools, and calls of them."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, cast

import anyio
from mcp import MCPError
from mcp.client import Client
from mcp.client.subscriptions import ListenNotSupportedError, SubscriptionLost
from mcp_types import (
    CONNECTION_CLOSED,
    HEADER_MISMATCH,
    METHOD_NOT_FOUND,
    CallToolRequest,
    CallToolRequestParams,
    Tool,
)
from pydantic import TypeAdapter, ValidationError

from journeybuilder.connect.mcp_failures import needs_person, timed_out
from journeybuilder.connect.mcp_http import NETWORK, STATUS
from journeybuilder.connect.mcp_results import answer_of
from journeybuilder.connect.mcp_sanitize import ToolFilter, tool_defs, visible
from journeybuilder.contract.services import ToolAnswer
from journeybuilder.contract.tools import ToolDef
from journeybuilder.errors import StepError

MAX_PAGES = 200
_SPARE = 2.0
_LISTEN_AGAIN = 30.0
_RAW: Any = TypeAdapter(dict[str, Any])


class Session:
    """What can be asked of a server while a connection lives.

    Attributes:
        transport: `stdio`, `http` or `sse`.
        tools: The usable tools by name.
        rejected: The others, with reasons.
        calls: How many calls are under way.
        worn: True where the connection shall be made anew once no call is under way.
        over: True once the connection has ended.
    """

    def __init__(self, server: str, client: Client, listing: ToolFilter, transport: str) -> None:
        self.server = server
        self.transport = transport
        self.tools: Mapping[str, ToolDef] = {}
        self.rejected: tuple[tuple[str, str], ...] = ()
        self.calls = 0
        self.worn = False
        self.over = False
        self._client = client
        self._listing = listing
        self._lock = asyncio.Lock()

    @property
    def protocol(self) -> str:
        """The negotiated version of the protocol."""
        return self._client.protocol_version

    @property
    def version(self) -> str:
        """What the server calls itself, for people."""
        info = self._client.server_info
        return "" if info is None else visible(f"{info.name} {info.version}").strip()[:100]

    async def refresh(self, timeout: float) -> bool:
        """Ask for the tools again; True where they are not what they were.

        Raises:
            MCPError: When the server does not answer the question.
            TimeoutError: When it takes longer than `timeout` seconds.
        """
        async with self._lock, asyncio.timeout(timeout):
            self._listing.begin()
            self._listing.version = self.protocol
            rejected: list[tuple[str, str]] = []
            listed = await self._walk(rejected)
            tools = tool_defs(self.server, listed, rejected)
        shown = {tool.name for tool in listed}
        rejected += [
            (name, "its x-mcp-header annotations are not valid")
            for name in self._listing.names
            if name not in shown
        ]
        before = (self.tools, self.rejected)
        self.tools, self.rejected = tools, (*self._listing.rejected, *rejected)
        return (self.tools, self.rejected) != before

    async def _walk(self, rejected: list[tuple[str, str]]) -> list[Tool]:
        """Every page of the list; a server that leads in circles is left after one round.

        Raises:
            MCPError: When the server does not answer the question.
        """
        out: list[Tool] = []
        cursor: str | None = None
        seen: set[str] = set()
        for _ in range(MAX_PAGES):
            try:
                page = await self._client.list_tools(cursor=cursor, cache_mode="refresh")
            except MCPError as error:
                if error.code == METHOD_NOT_FOUND and not out:
                    return []
                raise
            out += page.tools
            cursor = page.next_cursor
            if not cursor:
                return out
            if cursor in seen:
                break
            seen.add(cursor)
        rejected.append(("(the rest)", "the pages of the server's tool list never end"))
        return out

    async def call(self, tool: ToolDef, arguments: Mapping[str, Any], timeout: float) -> ToolAnswer:
        """Call a tool once. A cancelled call is cancelled at the server as well.

        Raises:
            StepError: When the tool fails, the answer cannot be used, or takes too long.
            MCPError: When the server or the way to it refuses.
        """
        try:
            # The SDK's own limit tells the server that nobody waits any longer; ours is for the
            # case that not even the question can be sent.
            async with asyncio.timeout(timeout + _SPARE):
                result = await self._request(tool, arguments, timeout)
        except TimeoutError:
            late = timed_out(tool.id, timeout)
            raise late from None
        except ValidationError:
            message = f"'{tool.id}' has run, but its answer breaks the protocol"
            raise StepError("bad_result", message, detail={"ran": True}, uncertain=True) from None
        except (anyio.ClosedResourceError, anyio.BrokenResourceError):
            raise MCPError(CONNECTION_CLOSED, "Connection closed") from None
        if result.get("resultType") == "input_required":
            asks = needs_person(tool.id)
            raise asks
        return answer_of(tool, result)

    async def _request(
        self, tool: ToolDef, arguments: Mapping[str, Any], timeout: float
    ) -> Mapping[str, Any]:
        params = CallToolRequestParams(name=tool.name, arguments=dict(arguments))
        request = CallToolRequest(params=params)
        # Not `Client.call_tool`: it checks results by itself, and its error for a result that does
        # not fit looks as if the tool had not run.
        send = self._client.session.send_request
        try:
            result = await send(request, _RAW, request_read_timeout_seconds=timeout)
        except MCPError as error:
            if error.code != HEADER_MISMATCH:
                raise
            # The list we know is stale; the call was refused before it reached the tool.
            await self.refresh(timeout)
            result = await send(request, _RAW, request_read_timeout_seconds=timeout)
        return cast("Mapping[str, Any]", result)

    async def listen(self, on_change: Callable[[], None]) -> None:
        """Tell of changes of the tool list for as long as the server can be listened to."""
        delay = 1.0
        while True:
            try:
                async with self._client.listen(tools_list_changed=True) as changes:
                    delay = 1.0
                    # What changed before the subscription began is never told.
                    on_change()
                    async for _ in changes:
                        on_change()
            except (SubscriptionLost, TimeoutError):
                pass
            except ListenNotSupportedError:
                return
            except MCPError as error:
                if error.code not in (NETWORK, STATUS):
                    return
            await asyncio.sleep(delay)
            delay = min(delay * 2, _LISTEN_AGAIN)
