"""Tokens for requests to a server: fetched where nobody is needed, renewed before they end.

Nothing here opens a browser. Where a person has to log in, the request goes as it is, the server
refuses it, and `problem` says what to do: `jb servers login NAME`.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import httpx2
from mcp.client.auth.utils import extract_field_from_www_auth, extract_scope_from_www_auth
from mcp.shared.auth import OAuthToken
from pydantic import ValidationError
from typing_extensions import override

from journeybuilder.connect.mcp_failures import Failure
from journeybuilder.connect.mcp_oauth_parts import (
    Keeper,
    Kept,
    LoginError,
    Setup,
    find_place,
    method_for,
    send,
    token_request,
)
from journeybuilder.connect.mcp_words import visible
from journeybuilder.contract.json import as_object

AHEAD = 60.0
"""Seconds before its end at which a token is renewed."""
_REFUSED = 401
_FORBIDDEN = 403
_BUSY = (408, 425, 429)
_FAULT = 500
_LONGEST = 10 * 365 * 86_400


def kept_from(kept: Kept, response: httpx2.Response, now: float) -> Kept:
    """The login with the tokens of an answer of the token endpoint.

    Raises:
        LoginError: When the answer is none.
    """
    if response.status_code in _BUSY or response.status_code >= _FAULT:
        message = f"the login is out of order (HTTP {response.status_code})"
        raise LoginError(message, "Try again later.", passing=True)
    try:
        token = OAuthToken.model_validate_json(response.content)
    except ValidationError:
        said = _said(response)
        raise LoginError(f"the login refuses{said}", "") from None
    if not (token.access_token.isascii() and token.access_token.isprintable()):
        raise LoginError("the login gives a token that cannot be sent", "Ask whoever runs it.")
    ends = None if token.expires_in is None else now + min(token.expires_in, _LONGEST)
    return replace(
        kept,
        access=token.access_token,
        refresh=token.refresh_token or kept.refresh,
        expires=ends,
        scope=token.scope or kept.scope,
        wanted="",
    )


def _said(response: httpx2.Response) -> str:
    data: Mapping[str, Any] = {}
    with suppress(ValueError, RecursionError):
        data = as_object(response.json())
    words = [str(data[key]) for key in ("error", "error_description") if data.get(key)]
    plain = f" (HTTP {response.status_code})"
    return f": {visible(' - '.join(words))[:300]}" if words else plain


def _takes_logins(refusal: httpx2.Response) -> bool:
    """Whether a refusal says how one logs in (RFC 9728)."""
    return "resource_metadata" in refusal.headers.get("www-authenticate", "")


class Tokens:
    """The tokens of one server, shared by all requests to it.

    Attributes:
        problem: Why there is no token that works, where there is none.
    """

    def __init__(
        self,
        setup: Setup,
        keeper: Keeper,
        http: httpx2.AsyncClient,
        *,
        asked_for: bool,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Make it; nothing is asked yet.

        Args:
            setup: What `mcp.json` says.
            keeper: Where tokens are kept.
            http: What sends the requests of logins.
            asked_for: Whether `mcp.json` says that this server wants OAuth; else the keyring is
                looked into only after the server has refused us.
            now: Gives the time in seconds since 1970.
        """
        self.problem: Failure | None = None
        self._setup = setup
        self._keeper = keeper
        self._http = http
        self._now = now
        self._kept = Kept()
        self._asked_for = asked_for
        self._loaded = not asked_for
        self._lock = asyncio.Lock()

    @property
    def used(self) -> bool:
        """True where requests carry a token."""
        return bool(self._kept.access)

    async def current(self) -> str:
        """The token to send, renewed where it is about to end; empty where there is none."""
        async with self._lock:
            if not self._loaded:
                await self._load()
            if self._kept.access and self._ends_soon():
                await self._renewed()
            return self._kept.access

    async def after(self, used: str, refusal: httpx2.Response) -> str:
        """Another token after the server has refused a request; empty where there is none."""
        async with self._lock:
            if self._kept.access and self._kept.access != used:
                return self._kept.access  # a request beside this one has renewed it
            await self._load()  # or another process has, or somebody has logged in
            if self._kept.access and self._kept.access != used and not self._ends_soon():
                return self._kept.access
            if not (self._asked_for or self._kept.refresh or _takes_logins(refusal)):
                return ""  # it takes tokens, but does not say that one can log in
            return self._kept.access if await self._renewed(refusal) else ""

    async def more(self, refusal: httpx2.Response) -> None:
        """Note that the server wants scopes that the token does not have."""
        scopes = extract_scope_from_www_auth(refusal) or ""
        async with self._lock:
            self._kept = replace(self._kept, wanted=scopes)
            await asyncio.to_thread(self._keeper.save, self._kept)
        message = f"the login at server '{self._setup.server}' does not reach this far"
        missing = f" It lacks the scopes: {visible(scopes)}." if scopes else ""
        hint = f"Run `jb servers login {self._setup.server}` to ask for more.{missing}"
        self.problem = Failure(message, hint)

    async def _load(self) -> None:
        self._kept = await asyncio.to_thread(self._keeper.load)
        self._loaded = True

    def _ends_soon(self) -> bool:
        return self._kept.expires is not None and self._kept.expires - AHEAD <= self._now()

    async def _renewed(self, refusal: httpx2.Response | None = None) -> bool:
        """Try what can be done without a person; whether there is a new token."""
        try:
            if self._setup.grant == "client_credentials":
                await self._for_ourselves(refusal)
            elif self._kept.refresh:
                await self._refresh()
            else:
                raise self._needs_person()
        except LoginError as problem:
            self.problem = Failure(problem.error, problem.hint)
            if not problem.passing:
                self._kept = replace(self._kept, access="")
            return False
        self.problem = None
        return True

    async def _refresh(self) -> None:
        """Renew by the refresh token.

        Raises:
            LoginError: When the login has ended, or cannot be reached now.
        """
        kept = self._kept
        form = {"grant_type": "refresh_token", "refresh_token": kept.refresh}
        response = await send(self._http, token_request(kept, form))
        try:
            fresh = kept_from(kept, response, self._now())
        except LoginError as problem:
            if problem.passing:
                raise
            stored = await asyncio.to_thread(self._keeper.load)
            if stored.refresh and stored.refresh != kept.refresh:
                self._kept = stored  # another process was quicker, and the old one is used up
                return
            await asyncio.to_thread(self._keeper.forget)
            self._kept = Kept()
            raise self._needs_person(problem.error) from None
        await self._keep(fresh)

    async def _for_ourselves(self, refusal: httpx2.Response | None) -> None:
        """Log in as the program itself.

        Raises:
            LoginError: When the login refuses, or cannot be found or reached.
        """
        setup, kept = self._setup, self._kept
        if refusal is not None or not kept.token_endpoint:
            place = await find_place(self._http, setup, refusal)
            kept = Kept(
                token_endpoint=str(place.metadata.token_endpoint),
                issuer=str(place.metadata.issuer),
                method=method_for(setup.client_secret, place.metadata),
                resource=place.resource,
                scope=place.scopes,
            )
        # Not from the keyring: they may have been changed in mcp.json.
        kept = replace(kept, client_id=setup.client_id, client_secret=setup.client_secret)
        form = {"grant_type": "client_credentials", "scope": setup.scopes or kept.scope}
        response = await send(self._http, token_request(kept, form))
        try:
            fresh = kept_from(kept, response, self._now())
        except LoginError as problem:
            hint = problem.hint or 'Look at "clientId" and "clientSecret" in mcp.json.'
            message = f"server '{setup.server}': {problem.error}"
            raise LoginError(message, hint, passing=problem.passing) from None
        await self._keep(fresh)

    async def _keep(self, kept: Kept) -> None:
        self._kept = kept
        # Without a keyring they live as long as this program.
        await asyncio.to_thread(self._keeper.save, kept)

    def _needs_person(self, why: str = "") -> LoginError:
        name = self._setup.server
        ended = f" (its last login has ended: {why})" if why else ""
        message = f"server '{name}' wants somebody to log in{ended}"
        return LoginError(
            message,
            f"Run `jb servers login {name}` where there is a browser. If it takes a fixed token "
            'instead, give it in "headers" of mcp.json, as "Bearer ${secret:NAME}".',
        )


class TokenAuth(httpx2.Auth):
    """Puts the token on every request; a refused one is sent once more with another token."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    @override
    async def async_auth_flow(
        self, request: httpx2.Request
    ) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        used = await self._tokens.current()
        if used:
            request.headers["Authorization"] = f"Bearer {used}"
        response = yield request
        if response.status_code == _REFUSED:
            other = await self._tokens.after(used, response)
            if other:
                request.headers["Authorization"] = f"Bearer {other}"
                yield request
        elif response.status_code == _FORBIDDEN and (
            extract_field_from_www_auth(response, "error") == "insufficient_scope"
        ):
            await self._tokens.more(response)
