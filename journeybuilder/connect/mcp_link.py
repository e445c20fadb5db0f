"""What a run asks of one server: its tools, calls, resources and prompts, on a connection that lives."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from mcp import MCPError
from mcp_types import CONNECTION_CLOSED

from journeybuilder.connect.catalog import ServerState
from journeybuilder.connect.mcp_failures import call_failure, ended
from journeybuilder.connect.mcp_http import STATUS
from journeybuilder.connect.mcp_life import Life
from journeybuilder.connect.mcp_results import check_arguments
from journeybuilder.connect.mcp_session import Session
from journeybuilder.contract.services import PromptGet, ResourceRead, ToolAnswer, ToolCall
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.findings import near
from journeybuilder.errors import StepError

Answer = TypeVar("Answer")
Work = Callable[[Session], Awaitable[Answer]]
_LAST_WORDS = 1.0
_REFUSED = (401, 403)


class Link(Life):
    """One server as runs use it. Starting it never counts into the time-out of a request."""

    async def discover(self) -> ServerState:
        """Connect where needed, ask for all it offers, and say how it is."""
        fresh = self._session is None
        with contextlib.suppress(StepError):
            session = await self.session()
            if not fresh:
                await self._refresh(session)
            if session.offers is None:
                await self._offers(session)
        return self.state

    async def definition(self, name: str) -> ToolDef | None:
        """The definition that the server gives today, or None.

        Raises:
            StepError: `unreachable`.
        """
        session = self._session
        if session is None:
            session = await self.session()
        if name not in session.tools:
            await self._refresh(session)
        return session.tools.get(name)

    async def call(self, name: str, call: ToolCall) -> ToolAnswer:
        """Call a tool once.

        Raises:
            StepError: As `contract.services.Tools.call`.
        """

        async def work(session: Session) -> ToolAnswer:
            tool = session.tools.get(name) or await self._tool(session, name)
            check_arguments(tool, call.arguments)
            return await session.call(tool, call)

        return await self._do(work, call.tool, call.timeout)

    async def read(self, reading: ResourceRead) -> ToolAnswer:
        """Read a resource; nothing is changed by that, so a failure is never uncertain.

        Raises:
            StepError: As `contract.services.Tools.read`.
        """

        async def work(session: Session) -> ToolAnswer:
            return await session.read(reading.uri, reading.timeout)

        what = f"{reading.server}/{reading.uri}"
        try:
            return await self._do(work, what, reading.timeout)
        except StepError as error:
            error.uncertain = False
            error.code = "tool_failed" if error.code == "bad_arguments" else error.code
            raise

    async def prompt(self, name: str, getting: PromptGet) -> Sequence[dict[str, Any]]:
        """Fetch a prompt's messages.

        Raises:
            StepError: As `contract.services.Tools.prompt`.
        """

        async def work(session: Session) -> Sequence[dict[str, Any]]:
            return await session.prompt(name, getting.arguments, getting.timeout)

        try:
            return await self._do(work, getting.prompt, getting.timeout)
        except StepError as error:
            error.uncertain = False
            error.code = "tool_failed" if error.code == "bad_result" else error.code
            raise

    async def _do(self, work: Work[Answer], what: str, timeout: float) -> Answer:
        """Do it on a live connection; whatever fails is told without secrets.

        Raises:
            StepError: What failed.
        """
        try:
            return await self._once(work, what, timeout, again=True)
        except StepError as error:
            error.message = self._variables.secrets.redact(error.message)
            error.args = (error.message,)
            raise

    async def _once(self, work: Work[Answer], what: str, timeout: float, *, again: bool) -> Answer:
        session = self._session
        if session is None:
            session = await self.session()
        session.calls += 1
        try:
            return await work(session)
        except MCPError as error:
            if not (again and self._is_forgotten(error)):
                failure = await self._failed(error, session, what, timeout)
                raise failure from None
            self._lost(session)
        finally:
            session.calls -= 1
            if session.worn:
                self._wake.set()
        # The server had forgotten our session and refused the request before anything was done.
        return await self._once(work, what, timeout, again=False)

    async def _tool(self, session: Session, name: str) -> ToolDef:
        await self._refresh(session)
        tool = session.tools.get(name)
        if tool is not None:
            return tool
        reason = next((why for each, why in session.rejected if each == name), "")
        said = f"cannot be used: {reason}" if reason else "is not there today"
        hint = "" if reason else f" {near(name, session.tools)}"
        message = f"the tool '{name}' of server '{self._spec.name}' {said}.{hint}".rstrip()
        raise StepError("unreachable", message)

    def _is_forgotten(self, error: MCPError) -> bool:
        data: Any = error.data
        return error.code == STATUS and isinstance(data, dict) and bool(data.get("session"))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]

    async def _failed(
        self, error: MCPError, session: Session, what: str, timeout: float
    ) -> StepError:
        opening = self._opening
        address = opening.address if opening is not None else self._spec.name
        login = opening.login if opening is not None else None
        found = call_failure(error, what, timeout, address, login)
        if found.detail.get("status") in _REFUSED:
            # The next connection resolves its headers again; a stored token may have been renewed.
            session.worn = True
            self._variables.secrets.forget()
        if error.code == CONNECTION_CLOSED and session.over:
            return await self._died(what)
        return found

    async def _died(self, what: str) -> StepError:
        attempt = None if self._opening is None else self._opening.attempt()
        why = "the connection has ended"
        if attempt is not None and attempt.child is not None:
            # The pipe closes a moment before the exit status is known.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(attempt.child.exited.wait(), _LAST_WORDS)
            why = ended(attempt.child, attempt).error
        message = f"server '{self._spec.name}' ended while '{what}' ran: {why}"
        detail = {"stderr": list(self._log.tail)}
        return StepError("unreachable", message, detail=detail, uncertain=True)
