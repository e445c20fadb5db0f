"""Questions that a server asks in the middle of a request (elicitation), in both ways of the protocol.

Until 2025-11-25 the server sends a request of its own; since 2026-07-28 it answers "input required"
and is asked again with the answers. Whoever made the call answers; without anybody the answer is no.
"""

import asyncio
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from mcp.client.context import ClientRequestContext
from mcp_types import (
    CreateMessageRequest,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitRequestURLParams,
    ElicitResult,
    InputRequest,
    InputResponse,
    ListRootsRequest,
    ListRootsResult,
)

from journeybuilder.connect.mcp_words import visible
from journeybuilder.contract.json import canonical
from journeybuilder.contract.schemas import BadSchema, Checker
from journeybuilder.contract.services import Elicit, Elicitation
from journeybuilder.errors import StepError

Params: TypeAlias = ElicitRequestFormParams | ElicitRequestURLParams
QUESTIONS = 10
_MESSAGE = 4000
_LARGEST = 64 * 1024
_DECLINED = ElicitResult(action="decline")
_CANCELLED = ElicitResult(action="cancel")


class Clock:
    """The time of one request, which stands still while somebody answers the server's question."""

    def __init__(self, limit: asyncio.Timeout) -> None:
        self._limit = limit
        self._left = 0.0
        self._pauses = 0

    @contextmanager
    def paused(self) -> Generator[None]:
        """No time passes inside."""
        loop = asyncio.get_running_loop()
        end = self._limit.when()
        if not self._pauses and end is not None and not self._limit.expired():
            self._left = end - loop.time()
            self._limit.reschedule(None)
        self._pauses += 1
        try:
            yield
        finally:
            self._pauses -= 1
            if not self._pauses and end is not None and not self._limit.expired():
                self._limit.reschedule(loop.time() + self._left)

    def end(self) -> None:
        """The request is broken off now, as if its time had passed."""
        if not self._limit.expired():
            self._limit.reschedule(asyncio.get_running_loop().time())


class Request:
    """One request of ours that is under way.

    Attributes:
        fault: What answering a question raised; the request fails with it.
        questions: How many questions the server has asked.
    """

    def __init__(self, server: str, elicit: Elicit | None, clock: Clock) -> None:
        self.fault: BaseException | None = None
        self.questions = 0
        self._server = server
        self._elicit = elicit
        self._clock = clock
        self._asked: set[asyncio.Task[Mapping[str, Any] | None]] = set()

    def end(self) -> None:
        """Nobody waits for answers any longer."""
        for task in self._asked:
            task.cancel()

    async def answer(self, params: Params) -> ElicitResult:
        """What whoever made the request says to a question; kept on the way: what it raised."""
        self.questions += 1
        if self.questions > QUESTIONS:
            self.fault = self.fault or self._too_many()
            self._clock.end()
            return _CANCELLED
        question = _question(self._server, params)
        if self._elicit is None or question is None:
            return _DECLINED
        with self._clock.paused():
            task = asyncio.ensure_future(self._elicit(question))
            self._asked.add(task)
            # Only waited for: what it raises belongs to our request, not to the connection's tasks.
            try:
                await asyncio.wait((task,))
            finally:
                self._asked.discard(task)
                task.cancel()
        if task.cancelled():
            return _CANCELLED
        if (error := task.exception()) is not None:
            self.fault = self.fault or error
            return _CANCELLED
        return self._result(question, task.result())

    def _too_many(self) -> StepError:
        message = (
            f"server '{self._server}' asks again and again, more than {QUESTIONS} times in one call"
        )
        return StepError("tool_failed", message, uncertain=True)

    def _result(self, question: Elicitation, said: Mapping[str, Any] | None) -> ElicitResult:
        if said is None:
            return _DECLINED
        if question.url:
            return ElicitResult(action="accept")
        wrong = _wrong(question, said)
        if wrong:
            message = f"the answer to a question of server '{self._server}' does not fit: {wrong}"
            self.fault = self.fault or StepError("bad_arguments", message)
            return _CANCELLED
        return ElicitResult(action="accept", content=dict(said))


_REQUEST: ContextVar[Request | None] = ContextVar("journeybuilder_mcp_request", default=None)


class Asking:
    """Brings a server's questions to the request that they belong to.

    What is declared to servers is the same for discovery and runs, so both see the same tools.
    """

    def __init__(self, server: str) -> None:
        self._server = server
        self._under_way: list[Request] = []

    @contextmanager
    def request(self, elicit: Elicit | None, clock: Clock) -> Generator[Request]:
        """While a request is under way, its questions are answered.

        Raises:
            BaseException: What answering a question raised.
        """
        request = Request(self._server, elicit, clock)
        self._under_way.append(request)
        token = _REQUEST.set(request)
        try:
            yield request
        except Exception as error:
            if request.fault is not None:
                raise request.fault from error
            raise
        finally:
            _REQUEST.reset(token)
            self._under_way.remove(request)
            request.end()
        if request.fault is not None:
            raise request.fault

    async def elicitation(self, context: ClientRequestContext, params: Params) -> ElicitResult:
        """Answer a question that came as a request of the server.

        Over HTTP it comes on the way of the request it belongs to. Over stdio nothing says to which
        of several it belongs; then nobody is asked, as it might be another customer's.
        """
        del context
        request = _REQUEST.get()
        if request not in self._under_way:
            request = self._under_way[0] if len(self._under_way) == 1 else None
        return _DECLINED if request is None else await request.answer(params)


async def inputs(
    request: Request, wanted: Mapping[str, InputRequest], what: str
) -> dict[str, InputResponse]:
    """The answers to what an "input required" result wants, one after another.

    Raises:
        StepError: `tool_failed` where a model is wanted, which we never lend.
        BaseException: What answering raised.
    """
    out: dict[str, InputResponse] = {}
    for key, each in wanted.items():
        match each:
            case ElicitRequest(params=params):
                out[key] = await request.answer(params)
            case ListRootsRequest():
                out[key] = ListRootsResult(roots=[])
            case CreateMessageRequest():
                message = f"'{what}' wants to use a model of ours in the middle of the call, which is not allowed"
                raise StepError("tool_failed", message)
        if request.fault is not None:
            raise request.fault
    return out


def _question(server: str, params: Params) -> Elicitation | None:
    """The question as people may see it; None for one that must not be shown."""
    message = visible(params.message, lines=True)[:_MESSAGE]
    if isinstance(params, ElicitRequestURLParams):
        address = visible(params.url)
        safe = urlsplit(address).scheme in ("http", "https") and address == params.url
        return Elicitation(server, message, url=address) if safe else None
    schema = params.requested_schema
    try:
        fits = len(canonical(schema)) <= _LARGEST
    except (ValueError, RecursionError):
        fits = False
    return Elicitation(server, message, schema) if fits else None


def _wrong(question: Elicitation, said: Mapping[str, Any]) -> str:
    try:
        return "; ".join(Checker(question.schema).violations(dict(said))[:3])
    except BadSchema:
        return ""
