"""All MCP servers of a workspace behind one service: discover them, call their tools, end them.

The SDK is imported when the first server is used: it takes seconds, and most commands need none.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from journeybuilder.connect.catalog import ServerState
from journeybuilder.connect.mcp_files import Files
from journeybuilder.connect.variables import Variables
from journeybuilder.contract.schemas import check_schema
from journeybuilder.contract.services import PromptGet, ResourceRead, ToolAnswer, ToolCall
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.findings import choices, near
from journeybuilder.document.servers import ServerSpec
from journeybuilder.errors import OperatorError, StepError

if TYPE_CHECKING:
    from journeybuilder.connect.mcp_link import Link

AT_ONCE = 4
_ENDING = 8.0
_LAST = 2.0


class Pool:
    """The servers of a workspace (a `contract.services.Tools`).

    A server is started at its first use and stays until `close`. One that dies is started again.
    Everything here runs in one event loop; `on_change` is called in its thread and must be short.
    """

    def __init__(
        self,
        specs: Mapping[str, ServerSpec],
        *,
        variables: Variables,
        log_dir: Path,
        files: Files | None = None,
        on_change: Callable[[ServerState], None] | None = None,
    ) -> None:
        """Make the pool; nothing is started.

        Args:
            specs: The servers by name.
            variables: Puts the values of `${…}` in, at the moment of use.
            log_dir: Folder for one log file per server, with what it says on stderr.
            files: Where bytes go that servers give; a folder beside that of the logs by default.
            on_change: Told of every change of a server's state or tools.
        """
        self._specs = dict(specs)
        self._variables = variables
        self._log_dir = log_dir
        self._files = files or Files(log_dir.parent / "files")
        self._on_change = on_change or _nobody
        self._links: dict[str, Link] = {}
        self._leaving: set[Link] = set()
        self._starts = asyncio.Semaphore(AT_ONCE)
        self._closing = False

    async def discover(self, names: Sequence[str] | None = None) -> list[ServerState]:
        """Connect to servers, at most four at a time, and ask for their tools.

        Args:
            names: Which servers; all by default.

        Returns:
            One state per name, in the same order; a failure is a state and no exception.
        """
        wanted = list(self._specs) if names is None else list(names)
        return list(await asyncio.gather(*(self._discover(name) for name in wanted)))

    async def call(self, call: ToolCall) -> ToolAnswer:
        """Call a tool once. The time a server needs to start does not count into the time-out.

        Raises:
            StepError: `timeout`, `unreachable`, `tool_failed`, `bad_arguments`, `bad_result`;
                `uncertain` is True where the tool may have done its work all the same.
        """
        server, name = _split(call.tool)
        link = self._links.get(server) or await self._link(server)
        return self._clean(await link.call(name, call))

    async def definition(self, tool: str) -> ToolDef | None:
        """The definition that the server gives today; None where it has no such tool.

        Raises:
            StepError: `unreachable` when the server cannot be asked.
        """
        server, name = _split(tool)
        link = self._links.get(server) or await self._link(server)
        return await link.definition(name)

    async def read(self, reading: ResourceRead) -> ToolAnswer:
        """Read a resource: its text, its parsed JSON, or a reference to bytes that are kept aside.

        Raises:
            StepError: `timeout`, `unreachable`, `tool_failed`, `bad_result`.
        """
        link = await self._link(reading.server)
        return self._clean(await link.read(reading))

    async def prompt(self, getting: PromptGet) -> Sequence[Mapping[str, Any]]:
        """The messages of a prompt, as `{"role": …, "content": text}`.

        Raises:
            StepError: `timeout`, `unreachable`, `tool_failed`, `bad_arguments`.
        """
        server, name = _split(getting.prompt, "prompt")
        link = await self._link(server)
        return self._variables.secrets.redact_value(await link.prompt(name, getting))

    def _clean(self, answer: ToolAnswer) -> ToolAnswer:
        """A server may give back what it was given: no secret reaches a trace or a model."""
        secrets = self._variables.secrets
        return replace(answer, value=secrets.redact_value(answer.value)) if secrets.any else answer

    async def login(self, name: str, open_page: Callable[[str], None]) -> str:
        """Let a person log in at a server; the tokens go into the keyring.

        Args:
            name: The server.
            open_page: Shows an address in a browser; called in a thread, and must not wait.

        Returns:
            Where the person has logged in.

        Raises:
            OperatorError: When it does not work, with the reason and what to do.
        """
        spec = self._web_server(name)
        log_in = await asyncio.to_thread(_login_functions)
        issuer = await log_in.log_in_at(spec, self._variables, open_page)
        await self._anew(name)
        return issuer

    async def logout(self, name: str) -> bool:
        """Forget the login at a server; False where there was none.

        Raises:
            OperatorError: When there is no such server, or it takes no logins.
        """
        spec = self._web_server(name)
        log_in = await asyncio.to_thread(_login_functions)
        done = await log_in.log_out_at(spec, self._variables)
        await self._anew(name)
        return done

    def _web_server(self, name: str) -> ServerSpec:
        """A server that one can log in at.

        Raises:
            OperatorError: When it is none.
        """
        spec = self._specs.get(name)
        if spec is None:
            error, hint = self._unknown(name)
            raise OperatorError(error, hint=hint)
        if not spec.url:
            hint = 'Its secrets go into "env" of mcp.json, as ${secret:NAME}.'
            raise OperatorError(
                f"server '{name}' is a command; one does not log in there", hint=hint
            )
        return spec

    async def _anew(self, name: str) -> None:
        """The next use of the server connects anew, with the login as it is now."""
        await self.end((name,))

    async def end(self, names: Sequence[str]) -> None:
        """End these servers, also while they are being started; the next use starts them again."""
        links = [link for name in names if (link := self._links.pop(name, None)) is not None]
        self._leaving.update(links)
        for link in links:
            link.mute()  # a server of this name may be starting again before this one has ended
            self._on_change(replace(link.state, state="stopped", error="", hint=""))
        tasks = {task for link in links if (task := link.stop()) is not None}
        try:
            if tasks:
                await asyncio.wait(tasks, timeout=_ENDING)
        finally:
            for link in links:
                link.kill()
                self._leaving.discard(link)

    async def adopt(self, specs: Mapping[str, ServerSpec]) -> None:
        """Go on with other entries of `mcp.json`: what is no longer as it was is ended."""
        before, self._specs = self._specs, dict(specs)
        await self.end([name for name, spec in before.items() if specs.get(name) != spec])

    async def close(self) -> None:
        """End every server and its process, within ten seconds. May be called twice."""
        self._closing = True
        links = [*self._links.values(), *self._leaving]
        tasks = {task for link in links if (task := link.stop()) is not None}
        try:
            if tasks:
                _, late = await asyncio.wait(tasks, timeout=_ENDING)
                for task in late:
                    task.cancel()
                if late:
                    await asyncio.wait(late, timeout=_LAST)
        finally:
            for link in links:
                link.kill()

    async def _discover(self, name: str) -> ServerState:
        spec = self._specs.get(name)
        if spec is None:
            error, hint = self._unknown(name)
            return ServerState(name, "failed", error, hint)
        if spec.disabled:
            return ServerState(name, "disabled", transport=spec.transport)
        try:
            link = await self._link(name)
        except StepError as error:
            return ServerState(name, "stopped", error.message, transport=spec.transport)
        return await link.discover()

    async def _link(self, name: str) -> "Link":
        """The server's link, without connecting.

        Raises:
            StepError: `unreachable` for a server that is unknown, switched off or being ended.
        """
        spec = self._specs.get(name)
        if spec is None:
            raise StepError("unreachable", " ".join(self._unknown(name)))
        if spec.disabled:
            message = f"server '{name}' is switched off; remove \"disabled\" in mcp.json"
            raise StepError("unreachable", message)
        make = await asyncio.to_thread(_link_type) if name not in self._links else None
        if self._closing:
            raise StepError("unreachable", "the servers are being stopped")
        if make is not None and name not in self._links:
            self._links[name] = make(
                spec, self._variables, self._log_dir, self._files, self._starts, self._on_change
            )
        return self._links[name]

    def _unknown(self, name: str) -> tuple[str, str]:
        known = f"Known are {choices(self._specs)}." if self._specs else "It has no servers."
        return f"there is no server '{name}' in mcp.json.", near(name, self._specs) or known


def _link_type() -> type["Link"]:
    """What takes a while the first time, done in a thread: importing the SDK and JSON Schema."""
    from journeybuilder.connect.mcp_link import Link  # noqa: PLC0415 - see above

    check_schema({"type": "object"})
    return Link


def _login_functions() -> ModuleType:
    from journeybuilder.connect import mcp_login  # noqa: PLC0415 - imports the SDK

    return mcp_login


def _split(tool: str, what: str = "tool") -> tuple[str, str]:
    server, slash, name = tool.partition("/")
    if not slash or not name:
        message = f"'{tool}' names no {what}; write server/{what}"
        raise StepError("unreachable", message)
    return server, name


def _nobody(_: ServerState) -> None:
    """Nobody wants to know."""
