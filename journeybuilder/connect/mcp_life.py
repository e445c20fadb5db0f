"""The life of one server: started at first use, started again when it dies, ended for good.

All of a connection lives in one task, because the SDK's contexts must be left where they were
entered; calls come from other tasks.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
from mcp import MCPError
from pydantic import ValidationError

from journeybuilder.connect.catalog import ServerState
from journeybuilder.connect.mcp_failures import Failure, connect_failure, ended
from journeybuilder.connect.mcp_files import Files
from journeybuilder.connect.mcp_log import ServerLog
from journeybuilder.connect.mcp_open import Opening
from journeybuilder.connect.mcp_session import Session
from journeybuilder.connect.variables import Variables
from journeybuilder.contract.offers import Offers
from journeybuilder.document.servers import ServerSpec
from journeybuilder.errors import StepError

RESTARTS = 3
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY = 60.0
_CALM = 0.2
_LOG = logging.getLogger(__name__)
# The SDK logs what servers do wrong with tracebacks; we say it in our own words. With a handler
# of the program's own (`--debug`) its words are still there.
logging.getLogger("mcp").addHandler(logging.NullHandler())


def _nobody(_: ServerState) -> None:
    """Nobody wants to know."""


class Life:
    """Keeps one server running for as long as it is needed.

    Attributes:
        state: What is known of it now.
    """

    def __init__(
        self,
        spec: ServerSpec,
        variables: Variables,
        log_dir: Path,
        files: Files,
        starts: asyncio.Semaphore,
        on_change: Callable[[ServerState], None],
    ) -> None:
        self.state = ServerState(spec.name, "idle", transport=spec.transport)
        self._spec = spec
        self._variables = variables
        self._files = files
        self._log = ServerLog(log_dir / f"{spec.name}.log", variables.secrets.redact)
        self._starts = starts
        self._on_change = on_change
        self._task: asyncio.Task[None] | None = None
        self._session: Session | None = None
        self._outcome: asyncio.Future[Session | Failure | None] | None = None
        self._opening: Opening | None = None
        self._wake = asyncio.Event()
        self._changed = False
        self._connecting = False
        self._stopping = False

    async def session(self) -> Session:
        """A live connection, made now where there is none.

        Raises:
            StepError: `unreachable`, with the reason and what to do.
        """
        while True:
            if self._stopping:
                message = f"server '{self._spec.name}' is being stopped"
                raise StepError("unreachable", message)
            if self._session is not None:
                return self._session
            outcome = await self._attempt()
            if isinstance(outcome, Failure):
                hint = f"\n  {outcome.hint}" if outcome.hint else ""
                message = f"server '{self._spec.name}' cannot be used: {outcome.error}{hint}"
                raise StepError("unreachable", self._variables.secrets.redact(message))

    def stop(self) -> asyncio.Task[None] | None:
        """Ask the server to end; gives the task to wait for."""
        task = self._task
        if not self._stopping:
            self._stopping = True
            self._wake.set()
            # Cancelled at most once: a second time would tear the SDK's own cleaning up apart.
            if self._connecting and task is not None:
                task.cancel()
        if task is None or task.done():
            self._publish(replace(self.state, state="stopped"))
        return task

    def mute(self) -> None:
        """Tell nobody any more how it goes on."""
        self._on_change = _nobody

    def kill(self) -> None:
        """End its process without asking; for the case that stopping took too long."""
        opening = self._opening
        child = None if opening is None else (opening.child or opening.attempt().child)
        if child is not None and child.status is None:
            child.kill("we have ended it")

    async def _refresh(self, session: Session) -> None:
        """Ask for the tools; where that fails, what is known stays."""
        try:
            changed = await session.refresh(self._spec.timeout)
        except (MCPError, TimeoutError, ValidationError, anyio.ClosedResourceError) as error:
            _LOG.debug("server %s did not list its tools: %s", self._spec.name, error)
            return
        if changed and session is self._session:
            self._listed(session)

    async def _offers(self, session: Session) -> None:
        """Ask for resources and prompts; where that fails, a note is all there is."""
        try:
            await session.list_offers(self._spec.timeout)
        except (MCPError, TimeoutError, ValidationError, anyio.ClosedResourceError) as error:
            _LOG.debug("server %s did not list its resources: %s", self._spec.name, error)
            session.offers = Offers(notes=("its resources and prompts could not be listed",))
        if session is self._session:
            self._listed(session)

    def _listed(self, session: Session) -> None:
        """What the server offers is not what it was."""
        tools = tuple(session.tools.values())
        offers = session.offers or self.state.offers
        self._publish(replace(self.state, tools=tools, rejected=session.rejected, offers=offers))

    async def _attempt(self) -> Session | Failure | None:
        """The outcome of the attempt under way, or of a new one; None: look again."""
        if self._outcome is None or self._outcome.done():
            self._outcome = asyncio.get_running_loop().create_future()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._own(), name=f"mcp:{self._spec.name}")
            self._task.add_done_callback(self._owner_ended)
        else:
            self._wake.set()
        return await asyncio.shield(self._outcome)

    def _owner_ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        failure = None if error is None else Failure(f"a fault of this program: {error!r}")
        if error is not None:
            _LOG.error("the task of server %s broke", self._spec.name, exc_info=error)
        self._settle(failure)

    def _settle(self, outcome: Session | Failure | None) -> None:
        if self._outcome is not None and not self._outcome.done():
            self._outcome.set_result(outcome)

    async def _own(self) -> None:
        try:
            tries = 0
            while not self._stopping:
                began = time.monotonic()
                failure, was_ready = await self._live()
                if failure is None or self._stopping:
                    break
                self._fail(failure)
                if not was_ready:
                    self._settle(failure)
                steady = was_ready and time.monotonic() - began > STEADY
                tries = 1 if steady else tries + 1
                # One that never worked is tried again when somebody asks for it.
                if tries > RESTARTS or (tries == 1 and not was_ready):
                    break
                await self._pause(min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE))
        finally:
            if self._stopping:
                self._publish(replace(self.state, state="stopped"))
            elif self.state.state in ("ready", "connecting"):
                self._publish(replace(self.state, state="idle"))

    async def _pause(self, length: float) -> None:
        """Let some time pass before the next start; none where somebody waits for the server."""
        if self._outcome is not None and not self._outcome.done():
            return
        self._wake.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(length):
                await self._wake.wait()

    async def _live(self) -> tuple[Failure | None, bool]:
        """One connection from its beginning to its end.

        Gives why it failed (None where it was ended on purpose) and whether it was ever ready.
        """
        began = time.monotonic()
        self._log.begin()
        opening = Opening(self._spec, self._log, self._files, self._on_end, self._on_tools_changed)
        self._opening = opening
        session: Session | None = None
        try:
            async with AsyncExitStack() as stack:
                self._connecting = True
                async with self._starts:
                    self._publish(replace(self.state, state="connecting", error="", hint=""))
                    session = await opening.open(stack, self._variables)
                self._connecting = False
                self._ready(session, round((time.monotonic() - began) * 1000))
                if opening.over:
                    self._lost(session)
                await self._watch(session, opening)
        except Exception as error:  # noqa: BLE001 - whatever it provokes in the SDK is its failure
            if session is None:
                return connect_failure(error, opening.attempt()), False
            _LOG.debug("server %s: %r", self._spec.name, error)
        finally:
            self._connecting = False
            if session is not None:
                self._lost(session)
        if session is None or self._stopping or session.worn:
            return None, True
        attempt = opening.attempt()
        child = attempt.child or opening.child
        gone = Failure("the connection has ended", "It is made again with the next call.")
        return (gone if child is None else ended(child, attempt)), True

    async def _watch(self, session: Session, opening: Opening) -> None:
        """Stay until the connection ends, is worn out, or shall end."""
        helpers = {asyncio.create_task(session.listen(self._on_tools_changed))}
        if opening.child is not None:
            helpers.add(asyncio.create_task(self._until_exit(opening.child, session)))
        listing: asyncio.Task[None] | None = None
        try:
            while not (self._stopping or session.over or (session.worn and not session.calls)):
                await self._wake.wait()
                self._wake.clear()
                # One at a time, however often the server says that something has changed.
                if self._changed and (listing is None or listing.done()):
                    self._changed = False
                    listing = asyncio.create_task(self._list_again(session))
        finally:
            helpers |= {listing} if listing is not None else set()
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)

    async def _list_again(self, session: Session) -> None:
        await self._refresh(session)
        await asyncio.sleep(_CALM)
        self._wake.set()

    async def _until_exit(self, child: Any, session: Session) -> None:
        await child.exited.wait()
        self._lost(session)

    def _ready(self, session: Session, ms: int) -> None:
        self._session = session
        self._publish(
            ServerState(
                self._spec.name,
                "ready",
                transport=session.transport,
                protocol=session.protocol,
                version=session.version,
                tools=tuple(session.tools.values()),
                rejected=session.rejected,
                offers=self.state.offers,
                auth="" if self._opening is None else self._opening.auth,
                ms=ms,
            )
        )
        self._settle(session)

    def _lost(self, session: Session) -> None:
        """The connection is over; who comes next gets a new one."""
        session.over = True
        if self._session is session:
            self._session = None
        self._wake.set()

    def _on_end(self) -> None:
        if self._session is not None:
            self._lost(self._session)

    def _on_tools_changed(self) -> None:
        self._changed = True
        self._wake.set()

    def _fail(self, failure: Failure) -> None:
        redact = self._variables.secrets.redact
        error, hint = redact(failure.error), redact(failure.hint)
        self._publish(
            ServerState(self._spec.name, "failed", error, hint, transport=self._spec.transport)
        )

    def _publish(self, state: ServerState) -> None:
        if state == self.state:
            return
        self.state = state
        try:
            self._on_change(state)
        except Exception:  # noqa: BLE001 - a listener's fault must not keep a server from ending
            _LOG.exception("a listener of server states failed")
