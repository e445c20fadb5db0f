"""One live connection to a server: what it offers, and requests to it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import anyio
from mcp import MCPError
from mcp.client import Client
from mcp.client.subscriptions import ListenNotSupportedError, SubscriptionLost
from mcp_types import (
    CONNECTION_CLOSED,
    HEADER_MISMATCH,
    METHOD_NOT_FOUND,
    URL_ELICITATION_REQUIRED,
    CallToolRequest,
    CallToolRequestParams,
    ElicitationRequiredErrorData,
    GetPromptRequest,
    GetPromptRequestParams,
    InputRequiredResult,
    InputResponses,
    ReadResourceRequest,
    ReadResourceRequestParams,
    Tool,
)
from pydantic import TypeAdapter, ValidationError

from journeybuilder.connect.mcp_asking import Asking, Clock, Request, inputs
from journeybuilder.connect.mcp_failures import needs_person, timed_out
from journeybuilder.connect.mcp_files import Files, Keeping
from journeybuilder.connect.mcp_http import NETWORK, STATUS
from journeybuilder.connect.mcp_listing import offers_of, walk
from journeybuilder.connect.mcp_results import answer_of, messages_of, read_of
from journeybuilder.connect.mcp_sanitize import ToolFilter, tool_defs
from journeybuilder.connect.mcp_words import visible
from journeybuilder.contract.offers import Offers
from journeybuilder.contract.services import Elicit, ToolAnswer, ToolCall
from journeybuilder.contract.tools import ToolDef
from journeybuilder.errors import StepError

KEY = "journeybuilder/key"
_ROUNDS = 20
_LISTEN_AGAIN = 30.0
_STATE_ONLY = (0.05, 0.1, 0.2)
_NO_LIMIT = float("inf")
_RAW: Any = TypeAdapter(dict[str, Any])
Make = Callable[[InputResponses | None, str | None], Any]
Progress = Callable[[float, float | None, str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to a server.

    Attributes:
        what: What is wanted, for messages: `server/tool`, `server/prompt` or an address.
        make: The request, from the answers to the server's questions and its state.
        timeout: Seconds, not counting the time somebody takes to answer the server's questions.
    """

    what: str
    make: Make
    timeout: float
    elicit: Elicit | None = None
    progress: Progress | None = None


class Session:
    """What can be asked of a server while a connection lives.

    Attributes:
        transport: `stdio`, `http` or `sse`.
        tools: The usable tools by name.
        rejected: The others, with reasons.
        offers: What it offers beside tools; None as long as nobody has asked.
        calls: How many calls are under way.
        worn: True where the connection shall be made anew once no call is under way.
        over: True once the connection has ended.
    """

    def __init__(
        self,
        server: str,
        client: Client,
        listing: ToolFilter,
        transport: str,
        asking: Asking,
        files: Files,
    ) -> None:
        self.server = server
        self.transport = transport
        self.tools: Mapping[str, ToolDef] = {}
        self.rejected: tuple[tuple[str, str], ...] = ()
        self.offers: Offers | None = None
        self.calls = 0
        self.worn = False
        self.over = False
        self._client = client
        self._listing = listing
        self._asking = asking
        self._files = files
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

    async def list_offers(self, timeout: float) -> None:
        """Ask for resources and prompts; from now on every `refresh` does so too.

        Raises:
            MCPError: When the connection ends.
            TimeoutError: When it takes longer than `timeout` seconds.
        """
        async with self._lock, asyncio.timeout(timeout):
            self.offers = await offers_of(self._client, self.server)

    async def refresh(self, timeout: float) -> bool:
        """Ask for the tools again; True where they are not what they were.

        Raises:
            MCPError: When the server does not answer the question.
            TimeoutError: When it takes longer than `timeout` seconds.
        """
        async with self._lock, asyncio.timeout(timeout):
            before = (self.tools, self.rejected, self.offers)
            await self._list_tools()
            if self.offers is not None:
                self.offers = await offers_of(self._client, self.server)
        return (self.tools, self.rejected, self.offers) != before

    async def _list_tools(self) -> None:
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
        self.tools, self.rejected = tools, (*self._listing.rejected, *rejected)

    async def _walk(self, rejected: list[tuple[str, str]]) -> list[Tool]:
        """Every page of the list of tools.

        Raises:
            MCPError: When the server does not answer the question.
        """

        async def page(cursor: str | None) -> tuple[Sequence[Tool], str | None]:
            try:
                got = await self._client.list_tools(cursor=cursor, cache_mode="refresh")
            except MCPError as error:
                if error.code == METHOD_NOT_FOUND and cursor is None:
                    return [], None
                raise
            return got.tools, got.next_cursor

        out, ended = await walk(page)
        if not ended:
            rejected.append(("(the rest)", "the pages of the server's tool list never end"))
        return out

    async def call(self, tool: ToolDef, call: ToolCall) -> ToolAnswer:
        """Call a tool once. A cancelled call is cancelled at the server as well.

        Raises:
            StepError: When the tool fails, the answer cannot be used, or takes too long.
            MCPError: When the server or the way to it refuses.
        """

        def make(answers: InputResponses | None, state: str | None) -> CallToolRequest:
            params = CallToolRequestParams(
                name=tool.name,
                arguments=dict(call.arguments),
                input_responses=answers,
                request_state=state,
                _meta={KEY: call.key} if call.key else None,
            )
            return CallToolRequest(params=params)

        asked = Asked(tool.id, make, call.timeout, call.elicit, call.progress)
        result = await self._ask(asked)
        keeping = Keeping(self._files)
        return await self._kept(answer_of(tool, result, keeping), keeping)

    async def read(self, uri: str, timeout: float) -> ToolAnswer:
        """Read a resource.

        Raises:
            StepError: When the answer cannot be used, or takes too long.
            MCPError: When the server or the way to it refuses.
        """

        def make(answers: InputResponses | None, state: str | None) -> ReadResourceRequest:
            params = ReadResourceRequestParams(
                uri=uri, input_responses=answers, request_state=state
            )
            return ReadResourceRequest(params=params)

        result = await self._ask(Asked(f"{self.server}/{uri}", make, timeout))
        keeping = Keeping(self._files)
        return await self._kept(read_of(f"{self.server}/{uri}", result, keeping), keeping)

    async def prompt(
        self, name: str, arguments: Mapping[str, str], timeout: float
    ) -> list[dict[str, Any]]:
        """Fetch a prompt's messages.

        Raises:
            StepError: When the answer cannot be used, or takes too long.
            MCPError: When the server or the way to it refuses.
        """

        def make(answers: InputResponses | None, state: str | None) -> GetPromptRequest:
            params = GetPromptRequestParams(
                name=name,
                arguments=dict(arguments),
                input_responses=answers,
                request_state=state,
            )
            return GetPromptRequest(params=params)

        return messages_of(await self._ask(Asked(f"{self.server}/{name}", make, timeout)))

    async def _kept(self, answer: ToolAnswer, keeping: Keeping) -> ToolAnswer:
        """The answer once the bytes that it refers to are in their files."""
        if not keeping.needed:
            return answer
        said = len(keeping.notes)
        await asyncio.to_thread(keeping.write)
        return ToolAnswer(answer.value, " ".join([answer.note, *keeping.notes[said:]]).strip())

    async def _ask(self, asked: Asked) -> Mapping[str, Any]:
        """One request until its result is there, the server's questions answered on the way.

        Raises:
            StepError: When it takes too long, breaks the protocol or asks for what is not given.
            MCPError: When the server or the way to it refuses.
        """
        request: Request | None = None
        try:
            async with asyncio.timeout(asked.timeout) as limit:
                with self._asking.request(asked.elicit, Clock(limit)) as request:
                    return await self._rounds(asked, request)
        except TimeoutError:
            if request is not None and request.fault is not None:
                raise request.fault from None
            late = timed_out(asked.what, asked.timeout)
            raise late from None
        except ValidationError:
            message = f"'{asked.what}' has run, but its answer breaks the protocol"
            raise StepError("bad_result", message, detail={"ran": True}, uncertain=True) from None
        except (anyio.ClosedResourceError, anyio.BrokenResourceError):
            raise MCPError(CONNECTION_CLOSED, "Connection closed") from None

    async def _rounds(self, asked: Asked, request: Request) -> Mapping[str, Any]:
        answers: InputResponses | None = None
        state: str | None = None
        visited = False
        for number in range(_ROUNDS):
            try:
                result = await self._send(asked, asked.make(answers, state))
            except MCPError as error:
                if error.code != URL_ELICITATION_REQUIRED or visited:
                    raise
                visited = await self._visit(asked, request, error)
                continue
            if result.get("resultType") != "input_required":
                return result
            wanted = InputRequiredResult.model_validate(result, by_name=False)
            state = wanted.request_state
            answers = None
            if wanted.input_requests:
                answers = await inputs(request, wanted.input_requests, asked.what)
            else:
                await asyncio.sleep(_STATE_ONLY[min(number, len(_STATE_ONLY) - 1)])
        message = f"'{asked.what}' is never done: it was sent back more than {_ROUNDS} times"
        raise StepError("tool_failed", message, uncertain=True)

    async def _visit(self, asked: Asked, request: Request, error: MCPError) -> bool:
        """Let the pages be visited that a server of 2025 wants to be visited first.

        Raises:
            StepError: `tool_failed` where nobody visits them.
        """
        try:
            wanted = ElicitationRequiredErrorData.model_validate(error.data, by_name=False)
        except ValidationError:
            raise error from None
        for each in wanted.elicitations:
            said = await request.answer(each)
            if said.action != "accept":
                raise request.fault or needs_person(asked.what)
        return True

    async def _send(self, asked: Asked, request: Any) -> Mapping[str, Any]:
        # Not `Client.call_tool`: it checks results by itself, and its error for a result that does
        # not fit looks as if the tool had not run. The time limit is ours; the SDK's cannot stand
        # still for every question.
        more: dict[str, Any] = {"request_read_timeout_seconds": _NO_LIMIT}
        if asked.progress is not None:
            more["progress_callback"] = _told(asked.progress)
        send = self._client.session.send_request
        try:
            result = await send(request, _RAW, **more)
        except MCPError as error:
            if error.code != HEADER_MISMATCH:
                raise
            # The list we know is stale; the call was refused before it reached the tool.
            await self.refresh(asked.timeout)
            result = await send(request, _RAW, **more)
        return cast("Mapping[str, Any]", result)

    async def listen(self, on_change: Callable[[], None]) -> None:
        """Tell of changes of the lists for as long as the server can be listened to."""
        delay = 1.0
        while True:
            listening = self._client.listen(
                tools_list_changed=True, prompts_list_changed=True, resources_list_changed=True
            )
            try:
                async with listening as changes:
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


def _told(progress: Progress) -> Callable[[float, float | None, str | None], Any]:
    async def told(done: float, total: float | None, message: str | None) -> None:
        progress(done, total, visible(message or "")[:500])

    return told
