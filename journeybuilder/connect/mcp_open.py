"""From an entry of `mcp.json` to a live connection."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp.client import Client, IncomingMessage
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import (
    Implementation,
    PromptListChangedNotification,
    ResourceListChangedNotification,
    ToolListChangedNotification,
)

from journeybuilder import __version__
from journeybuilder.connect.mcp_asking import Asking
from journeybuilder.connect.mcp_failures import Attempt, Failure, is_wrong_transport, shown_url
from journeybuilder.connect.mcp_files import Files
from journeybuilder.connect.mcp_http import http_client, login_client, tls_context
from journeybuilder.connect.mcp_log import ServerLog
from journeybuilder.connect.mcp_oauth import TokenAuth, Tokens
from journeybuilder.connect.mcp_oauth_parts import Keeper, Setup
from journeybuilder.connect.mcp_process import ChildProcess, find_command
from journeybuilder.connect.mcp_sanitize import ToolFilter, filtered
from journeybuilder.connect.mcp_session import Session
from journeybuilder.connect.mcp_start import served
from journeybuilder.connect.mcp_stdio import MAX_LINE, Launch, clean_environment, stdio_streams
from journeybuilder.connect.secrets import Secrets
from journeybuilder.connect.variables import Variables
from journeybuilder.document.servers import OAuthSpec, ServerSpec, looks_secret

_LIST_CHANGED = (
    ToolListChangedNotification,
    PromptListChangedNotification,
    ResourceListChangedNotification,
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """An entry with every `${…}` replaced. Holds secrets: never shown, never stored."""

    command: str
    args: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    url: str
    headers: Mapping[str, str]
    start: tuple[str, ...]
    oauth: Setup | None


def resolve(spec: ServerSpec, variables: Variables) -> Resolved:
    """Put the values in; may block while the system's keyring is asked.

    Values of headers and variables whose names look secret are blanked out of texts from now on,
    wherever they came from.

    Raises:
        OperatorError: When a variable or a secret is not set.
    """

    def value(text: str, part: str) -> str:
        return variables.resolve(text, where=f"mcp.json, {part} of server '{spec.name}'")

    def values(texts: Mapping[str, str], part: str) -> dict[str, str]:
        # A line break at the end, as keyrings and files often have it, is no part of a token.
        out = {name: value(text, f"{part} {name}").strip() for name, text in texts.items()}
        for name in filter(looks_secret, out):
            variables.secrets.hide(out[name])
            variables.secrets.hide(out[name].rpartition(" ")[2])
        return out

    cwd = Path(value(spec.cwd, "cwd")).expanduser()
    return Resolved(
        command=value(spec.command, "command"),
        args=tuple(value(each, "args") for each in spec.args),
        env=values(spec.env, "env"),
        cwd=variables.workspace.absolute() / cwd,
        url=value(spec.url, "url"),
        headers=values(spec.headers, "header"),
        start=tuple(value(each, "start command") for each in spec.start),
        oauth=setup_of(spec, variables) if spec.url else None,
    )


def setup_of(spec: ServerSpec, variables: Variables) -> Setup | None:
    """How one logs in at a server; None where its headers say already who we are.

    Raises:
        OperatorError: When a variable or a secret is not set.
    """

    def value(text: str, part: str) -> str:
        return variables.resolve(text, where=f"mcp.json, {part} of server '{spec.name}'").strip()

    if spec.oauth is None and any(name.lower() == "authorization" for name in spec.headers):
        return None
    oauth = spec.oauth or OAuthSpec()
    secret = value(oauth.client_secret, "oauth clientSecret")
    variables.secrets.hide(secret)
    return Setup(
        server=spec.name,
        url=value(spec.url, "url"),
        grant=oauth.grant,
        client_id=value(oauth.client_id, "oauth clientId"),
        client_secret=secret,
        scopes=value(oauth.scopes, "oauth scopes"),
        metadata_url=value(oauth.metadata_url, "oauth authServerMetadataUrl"),
        port=oauth.port,
    )


class Opening:
    """One attempt to connect, and what became of it.

    Attributes:
        address: Command or URL for messages, without secrets.
        child: The process behind the server, where we have started one.
        taken: True where the URL was already served by somebody when we came.
        over: True once the other side has ended the connection.
    """

    def __init__(
        self,
        spec: ServerSpec,
        log: ServerLog,
        files: Files,
        on_end: Callable[[], None],
        on_change: Callable[[], None],
    ) -> None:
        self.address = spec.command or shown_url(spec.url)
        self.child: ChildProcess | None = None
        self.taken = False
        self.over = False
        self._tokens: Tokens | None = None
        self._spec = spec
        self._log = log
        self._files = files
        self._on_end = on_end
        self._on_change = on_change
        self._launch: Launch | None = None

    @property
    def login(self) -> Failure | None:
        """Why logging in there has failed, where it has."""
        return None if self._tokens is None else self._tokens.problem

    @property
    def auth(self) -> str:
        """How we say who we are: `none`, `headers` or `oauth`."""
        if self._tokens is not None and self._tokens.used:
            return "oauth"
        return "headers" if any(map(looks_secret, self._spec.headers)) else "none"

    def attempt(self) -> Attempt:
        """What is known of it by now."""
        child = self._launch.child if self._launch is not None else None
        return Attempt(
            self.address,
            self._spec.timeout,
            child,
            tuple(self._log.tail),
            self._log.said,
            str(self._log.path),
            self.taken,
            self._spec.transport == "stdio",
            self.login,
        )

    async def open(self, stack: AsyncExitStack, variables: Variables) -> Session:
        """Connect and ask for the tools; what was opened is closed by the stack.

        Raises:
            OperatorError: When the entry cannot be resolved or the command is not there.
            Exception: Whatever the SDK makes of what the server does.
        """
        resolved = await asyncio.to_thread(resolve, self._spec, variables)
        if self._spec.transport == "stdio":
            return await self._stdio(stack, resolved)
        self.address = shown_url(resolved.url)
        if resolved.start:
            serving = served(resolved.start, resolved.url, resolved.env, resolved.cwd, self._log)
            self.child = await stack.enter_async_context(serving)
            self.taken = self.child is None
        return await self._web(stack, resolved, variables.secrets)

    async def _stdio(self, stack: AsyncExitStack, resolved: Resolved) -> Session:
        env = clean_environment(resolved.env)
        command = await asyncio.to_thread(find_command, resolved.command, env, resolved.cwd)
        self._launch = Launch(command, resolved.args, resolved.env, resolved.cwd)
        streams = stdio_streams(self._launch, self._log)
        session = await self._enter(stack, streams, "stdio")
        self.child = self._launch.child
        return session

    async def _web(self, stack: AsyncExitStack, resolved: Resolved, secrets: Secrets) -> Session:
        context = await asyncio.to_thread(tls_context)
        auth = await self._auth(stack, resolved, context, secrets)
        if self._spec.transport == "sse":
            return await self._sse(stack, resolved, context, auth)
        client = http_client(resolved.url, resolved.headers, context, auth)
        await stack.enter_async_context(client)
        streams = streamable_http_client(
            resolved.url, http_client=client, max_sse_event_size=MAX_LINE
        )
        try:
            return await self._enter(stack, streams, "http")
        except Exception as first:
            if not is_wrong_transport(first):
                raise
            try:
                # Servers of before 2025 serve their tools only in this older way.
                return await self._sse(stack, resolved, context, auth)
            except Exception:  # noqa: BLE001 - what counts is why the declared way failed
                raise first from None

    async def _auth(
        self, stack: AsyncExitStack, resolved: Resolved, context: Any, secrets: Secrets
    ) -> TokenAuth | None:
        setup = resolved.oauth
        if setup is None:
            return None
        http = login_client(setup.url, setup.metadata_url, context)
        await stack.enter_async_context(http)
        asked_for = self._spec.oauth is not None
        self._tokens = Tokens(setup, Keeper(secrets, setup), http, asked_for=asked_for)
        return TokenAuth(self._tokens)

    async def _sse(
        self, stack: AsyncExitStack, resolved: Resolved, context: Any, auth: TokenAuth | None
    ) -> Session:
        def factory(*_: object, **__: object) -> Any:
            return http_client(resolved.url, resolved.headers, context, auth)

        streams = sse_client(resolved.url, httpx_client_factory=factory)
        return await self._enter(stack, streams, "sse")

    async def _enter(
        self, stack: AsyncExitStack, streams: AbstractAsyncContextManager[Any], transport: str
    ) -> Session:
        limit = self._spec.timeout
        listing = ToolFilter()
        asking = Asking(self._spec.name)
        client = Client(
            filtered(streams, listing, self._ended),
            read_timeout_seconds=limit,
            message_handler=self._message,
            elicitation_callback=asking.elicitation,
            client_info=Implementation(name="journeybuilder", version=__version__),
            cache=None,
        )
        # Only around entering: the connection itself lives as long as it likes.
        async with asyncio.timeout(limit):
            await stack.enter_async_context(client)
            session = Session(self._spec.name, client, listing, transport, asking, self._files)
            await session.refresh(limit)
        return session

    def _ended(self) -> None:
        self.over = True
        self._on_end()

    async def _message(self, message: IncomingMessage) -> None:
        """Servers of the older protocol send this unasked, even where they say they do not."""
        if isinstance(message, _LIST_CHANGED):
            self._on_change()
