"""Logging in at a server with a browser: the authorization code grant with PKCE, for `jb servers login`."""

import asyncio
import hmac
import html
import secrets
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
from mcp.client.auth import OAuthFlowError
from mcp.client.auth.oauth2 import PKCEParameters
from mcp.client.auth.utils import validate_authorization_response_iss
from mcp.shared.auth import OAuthClientInformationFull, OAuthMetadata
from pydantic import ValidationError

from journeybuilder import __version__
from journeybuilder.connect.mcp_http import login_client, tls_context
from journeybuilder.connect.mcp_oauth import kept_from
from journeybuilder.connect.mcp_oauth_parts import (
    Keeper,
    Kept,
    LoginError,
    Place,
    Setup,
    find_place,
    method_for,
    send,
    token_request,
)
from journeybuilder.connect.mcp_open import setup_of
from journeybuilder.connect.mcp_words import visible
from journeybuilder.connect.variables import Variables
from journeybuilder.document.servers import ServerSpec
from journeybuilder.errors import OperatorError

PATIENCE = 300.0
_PATH = "/callback"
_REFUSED = 401
_BAD = 400
_HEAD = 64 * 1024
_REQUEST_TIME = 10.0
OpenPage = Callable[[str], None]
_PROBE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "journeybuilder", "version": __version__},
    },
}


@dataclass(frozen=True, slots=True)
class Returned:
    """What the browser brought back."""

    code: str
    issuer: str | None


async def log_in_at(spec: ServerSpec, variables: Variables, open_page: OpenPage) -> str:
    """Let a person log in at a server of `mcp.json`.

    Returns:
        Where somebody has logged in: the issuer.

    Raises:
        OperatorError: When it does not work, with the reason and what to do.
    """
    async with _setup(spec, variables) as (setup, http):
        try:
            return await log_in(setup, Keeper(variables.secrets, setup), http, open_page)
        except LoginError as problem:
            redact = variables.secrets.redact
            raise OperatorError(redact(problem.error), hint=redact(problem.hint)) from None


async def log_out_at(spec: ServerSpec, variables: Variables) -> bool:
    """Forget the login at a server; False where there was none.

    Raises:
        OperatorError: When its entry cannot be resolved.
    """
    async with _setup(spec, variables) as (setup, _):
        return await asyncio.to_thread(Keeper(variables.secrets, setup).forget)


@asynccontextmanager
async def _setup(
    spec: ServerSpec, variables: Variables
) -> AsyncGenerator[tuple[Setup, httpx2.AsyncClient]]:
    setup = await asyncio.to_thread(setup_of, spec, variables)
    if setup is None:
        raise OperatorError(
            f"server '{spec.name}' is used with the Authorization header of mcp.json",
            hint="Remove that header to log in with a browser instead.",
        )
    if setup.grant == "client_credentials":
        raise OperatorError(
            f"server '{spec.name}' is used with client credentials; nobody has to log in",
            hint="`jb servers --doctor` tells whether they work.",
        )
    context = await asyncio.to_thread(tls_context)
    async with login_client(setup.url, setup.metadata_url, context) as http:
        yield setup, http


async def log_in(
    setup: Setup, keeper: Keeper, http: httpx2.AsyncClient, open_page: OpenPage
) -> str:
    """Let a person log in at a server, and keep the tokens in the keyring.

    Args:
        setup: What `mcp.json` says of the server.
        keeper: Where the tokens go.
        http: Sends the requests of the login.
        open_page: Shows an address in a browser; called in a thread, and must not wait.

    Returns:
        Where somebody has logged in: the issuer.

    Raises:
        LoginError: When the login is not needed, not safe, refused, or not finished in time.
    """
    before = await asyncio.to_thread(keeper.load)
    refusal = await _refusal(setup, http)
    place = await find_place(http, setup, refusal)
    _check_pkce(setup, place.metadata)
    async with _listening(setup.port) as listener:
        client = await _client(setup, place, http, listener.uri)
        proof = PKCEParameters.generate()
        scopes = " ".join(dict.fromkeys([*place.scopes.split(), *before.wanted.split()]))
        query = {
            "response_type": "code",
            "client_id": client.client_id,
            "redirect_uri": listener.uri,
            "state": listener.state,
            "code_challenge": proof.code_challenge,
            "code_challenge_method": "S256",
            "resource": place.resource,
            **({"scope": scopes} if scopes else {}),
        }
        page = str(place.metadata.authorization_endpoint)
        joint = "&" if urlsplit(page).query else "?"
        await asyncio.to_thread(open_page, f"{page}{joint}{urlencode(query)}")
        returned = await listener.returned(PATIENCE)
    _check_issuer(returned, place.metadata)
    form = {
        "grant_type": "authorization_code",
        "code": returned.code,
        "redirect_uri": listener.uri,
        "code_verifier": proof.code_verifier,
    }
    response = await send(http, token_request(client, form))
    kept = kept_from(replace(client, scope=scopes), response, time.time())
    if not await asyncio.to_thread(keeper.save, kept):
        raise LoginError(
            "this machine has no keyring in which the login could be kept",
            "Install one (on Linux: a Secret Service such as gnome-keyring), or use a fixed token "
            'in "headers" of mcp.json.',
        )
    return str(place.metadata.issuer)


async def _refusal(setup: Setup, http: httpx2.AsyncClient) -> httpx2.Response:
    """How the server refuses somebody it does not know.

    Raises:
        LoginError: When it does not refuse.
    """
    headers = {"Accept": "application/json, text/event-stream"}
    request = httpx2.Request("POST", setup.url, json=_PROBE, headers=headers)
    try:
        response = await send(http, request)
    except LoginError as error:
        if not error.passing:
            raise
        hint = "Is it running, and is the url in mcp.json right?"
        raise LoginError(f"server '{setup.server}' does not answer", hint) from None
    if response.status_code == _REFUSED:
        return response
    if response.status_code < _BAD:
        raise LoginError(f"server '{setup.server}' needs no login", "Use it as it is.")
    message = (
        f"server '{setup.server}' answers HTTP {response.status_code} instead of asking for a login"
    )
    raise LoginError(message, "Is the url in mcp.json right?")


def _check_pkce(setup: Setup, metadata: OAuthMetadata) -> None:
    """Without this proof, whoever gets hold of the code on its way could use it.

    Raises:
        LoginError: When the login does not do it.
    """
    if "S256" not in (metadata.code_challenge_methods_supported or ()):
        raise LoginError(
            f"the login of server '{setup.server}' does not offer PKCE with S256, so it is not safe",
            "Ask whoever runs it; MCP demands this of every login.",
        )


def _check_issuer(returned: Returned, metadata: OAuthMetadata) -> None:
    """See that the answer comes from where the question went.

    Raises:
        LoginError: When it does not.
    """
    try:
        validate_authorization_response_iss(returned.issuer, metadata)
    except OAuthFlowError:
        message = "the browser came back from another login than it was sent to"
        raise LoginError(message, "Start again; if it happens again, do not log in.") from None


async def _client(setup: Setup, place: Place, http: httpx2.AsyncClient, uri: str) -> Kept:
    """As whom we log in: as `mcp.json` says, else as a client that is registered now.

    Raises:
        LoginError: When a client has to be registered by hand.
    """
    metadata = place.metadata
    kept = Kept(
        token_endpoint=str(metadata.token_endpoint),
        issuer=str(metadata.issuer),
        resource=place.resource,
        client_id=setup.client_id,
        client_secret=setup.client_secret,
        method=method_for(setup.client_secret, metadata),
    )
    if setup.client_id:
        return kept
    if metadata.registration_endpoint is None:
        raise LoginError(
            f"the login of server '{setup.server}' takes only clients that it knows",
            'Have one registered there and name it: "oauth": {"clientId": …} in mcp.json; its '
            f'redirect address is {uri} (a fixed port with "callbackPort").',
        )
    wanted = {
        "client_name": "journeybuilder",
        "redirect_uris": [uri],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "application_type": "native",
        **({"scope": place.scopes} if place.scopes else {}),
    }
    request = httpx2.Request("POST", str(metadata.registration_endpoint), json=wanted)
    response = await send(http, request)
    try:
        made = OAuthClientInformationFull.model_validate_json(response.content)
    except ValidationError:
        message = f"the login of server '{setup.server}' does not register us (HTTP {response.status_code})"
        raise LoginError(
            message, 'Name a client that it knows: "oauth": {"clientId": …}.'
        ) from None
    secret = made.client_secret or ""
    method = made.token_endpoint_auth_method or ("client_secret_basic" if secret else "none")
    return replace(kept, client_id=made.client_id, client_secret=secret, method=str(method))


class Listener:
    """Waits on this machine for the browser to come back.

    Attributes:
        uri: Where it has to come back to.
        state: What it has to bring back; anything else is not ours.
    """

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.state = secrets.token_urlsafe(32)
        self._came: asyncio.Future[Returned] = asyncio.get_running_loop().create_future()

    async def returned(self, patience: float) -> Returned:
        """What the browser has brought.

        Raises:
            LoginError: When somebody refused, or nobody came.
        """
        try:
            async with asyncio.timeout(patience):
                return await self._came
        except TimeoutError:
            message = f"nobody has finished the login within {patience / 60:.0f} minutes"
            raise LoginError(message, "Start it again.") from None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request of the browser."""
        try:
            async with asyncio.timeout(_REQUEST_TIME):
                head = await reader.readuntil(b"\r\n\r\n")
                status, words = self._take(head.split(b"\r\n", 1)[0].decode("latin-1"))
                body = f"<!doctype html><meta charset=utf-8><title>journeybuilder</title><p>{html.escape(words)}"
                writer.write(
                    f"HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\n"
                    f"content-length: {len(body.encode())}\r\nconnection: close\r\n\r\n{body}".encode()
                )
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return
        finally:
            writer.close()

    def _take(self, line: str) -> tuple[str, str]:
        method, _, rest = line.partition(" ")
        try:
            parts = urlsplit(rest.partition(" ")[0])
        except ValueError:  # no browser that we have sent away comes back with no address
            return "400 Bad Request", "This is no address."
        if method != "GET" or parts.path != _PATH:
            return "404 Not Found", "There is nothing here."
        found = {key: values[0] for key, values in parse_qs(parts.query).items()}
        # Whoever does not know the state has not been sent by us; the login goes on waiting.
        if not hmac.compare_digest(found.get("state", "").encode(), self.state.encode()):
            return "400 Bad Request", "This is not the login that was begun."
        if not self._came.done():
            self._settle(found)
        done = "error" not in found
        words = "You are logged in." if done else "The login was refused."
        return "200 OK", f"{words} You can close this page."

    def _settle(self, found: dict[str, str]) -> None:
        if "code" in found:
            self._came.set_result(Returned(found["code"], found.get("iss")))
            return
        said = visible(found.get("error_description") or found.get("error") or "no reason given")
        self._came.set_exception(LoginError(f"the login was refused: {said[:300]}", "Try again."))


@asynccontextmanager
async def _listening(port: int) -> AsyncGenerator[Listener]:
    """A listener on this machine only, on the given port or a free one.

    Raises:
        LoginError: When the port is taken.
    """
    made: list[Listener] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await made[0].serve(reader, writer)

    try:
        server = await asyncio.start_server(serve, "127.0.0.1", port, limit=_HEAD)
    except OSError:
        hint = 'Stop the program that has it, or change "callbackPort" in mcp.json.'
        raise LoginError(f"port {port} of this machine is taken", hint) from None
    made.append(Listener(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{_PATH}"))
    try:
        yield made[0]
    finally:
        server.close()
        await server.wait_closed()
