"""The parts of an OAuth login at an MCP server: what is configured, what is found, what is kept."""

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any, cast
from urllib.parse import quote

import httpx2
from mcp.client.auth.utils import (
    build_oauth_authorization_server_metadata_discovery_urls,
    build_protected_resource_metadata_discovery_urls,
    create_oauth_metadata_request,
    extract_resource_metadata_from_www_auth,
    extract_scope_from_www_auth,
    issuers_match,
)
from mcp.shared.auth import OAuthMetadata, ProtectedResourceMetadata
from mcp.shared.auth_utils import check_resource_allowed, resource_url_from_server_url
from pydantic import ValidationError

from journeybuilder.connect.mcp_guard import Blocked, is_secure, origin_of
from journeybuilder.connect.mcp_http import LOGIN_TIMEOUT, TooMuch, whole
from journeybuilder.connect.secrets import Secrets

OK = 200
_HOPS = 3
_LARGEST = 256 * 1024


class LoginError(Exception):
    """Logging in does not work; says why and what to do.

    Attributes:
        hint: What to do about it.
        passing: True where it may work a moment later.
    """

    def __init__(self, error: str, hint: str = "", *, passing: bool = False) -> None:
        super().__init__(error)
        self.error = error
        self.hint = hint
        self.passing = passing


@dataclass(frozen=True, slots=True)
class Setup:
    """What `oauth` in `mcp.json` says about a server, with values put in. Holds secrets."""

    server: str
    url: str
    grant: str = "authorization_code"
    client_id: str = ""
    client_secret: str = ""
    scopes: str = ""
    metadata_url: str = ""
    port: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a login in the keyring.

    Attributes:
        expires: Moment at which the access token ends, in seconds since 1970, or None.
        token_endpoint: Where it is renewed.
        client_id: As whom; from a registration where `mcp.json` names nobody.
        method: How the client says who it is: `none`, `client_secret_basic` or `client_secret_post`.
        resource: What the token is for.
        wanted: Scopes that the server has asked for since, for the next login.
    """

    access: str = ""
    refresh: str = ""
    expires: float | None = None
    scope: str = ""
    token_endpoint: str = ""
    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""
    method: str = "none"
    resource: str = ""
    wanted: str = ""


class Keeper:
    """Keeps logins in the system's keyring, never in files; blocks."""

    def __init__(self, secrets: Secrets, setup: Setup) -> None:
        self._secrets = secrets
        # Another address is another server, whatever its name is.
        self._name = f"oauth:{setup.server}:{sha256(setup.url.encode()).hexdigest()[:16]}"

    def load(self) -> Kept:
        """What is kept; an empty login where nothing is."""
        text = self._secrets.recall(self._name)
        try:
            data: object = json.loads(text) if text else {}
        except ValueError:
            data = {}
        known = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
        kept = Kept(**{each.name: known[each.name] for each in fields(Kept) if each.name in known})
        for secret in (kept.access, kept.refresh, kept.client_secret):
            self._secrets.hide(secret)
        return kept

    def save(self, kept: Kept) -> bool:
        """Keep it; False where this machine has no keyring."""
        for secret in (kept.access, kept.refresh, kept.client_secret):
            self._secrets.hide(secret)
        return self._secrets.keep(self._name, json.dumps(asdict(kept)))

    def forget(self) -> bool:
        """Forget it; False where nothing was kept."""
        return self._secrets.drop(self._name)


@dataclass(frozen=True, slots=True)
class Place:
    """Where to log in, as the server and its authorization server say."""

    metadata: OAuthMetadata
    resource: str
    scopes: str


async def get(http: httpx2.AsyncClient, url: str) -> httpx2.Response:
    """Fetch a document; redirects are followed on the same origin only.

    Raises:
        LoginError: When it cannot be fetched.
    """
    request: httpx2.Request | None = create_oauth_metadata_request(url)
    response: httpx2.Response | None = None
    for _ in range(_HOPS):
        assert request is not None, "the loop ends before"
        response = await send(http, request)
        following = response.next_request
        if following is None or origin_of(following.url) != origin_of(request.url):
            break
        request = following
    assert response is not None, "there is at least one round"
    return response


async def send(
    http: httpx2.AsyncClient, request: httpx2.Request, limit: float = LOGIN_TIMEOUT
) -> httpx2.Response:
    """Send one request of a login; no more is read of its answer than an answer can have.

    Args:
        http: What sends it.
        request: The request.
        limit: Seconds for all of it, however slowly the answer drips.

    Raises:
        LoginError: When nothing comes back, or too much.
    """
    where = f"{request.url.scheme}://{request.url.host}"
    try:
        async with asyncio.timeout(limit):
            return await whole(
                await http.send(request, stream=True, follow_redirects=False), _LARGEST
            )
    except Blocked as error:
        hint = "It is the server that names this address; ask whoever runs it."
        message = f"logging in would lead where it may not: {error}"
        raise LoginError(message, hint) from None
    except TooMuch:
        raise LoginError(f"the login at {where} answers with far too much") from None
    except (httpx2.HTTPError, TimeoutError) as error:
        message = f"the login at {where} cannot be reached ({type(error).__name__})"
        raise LoginError(message, "Try again later.", passing=True) from None


async def find_place(
    http: httpx2.AsyncClient, setup: Setup, refusal: httpx2.Response | None
) -> Place:
    """Where to log in, from the server's refusal and the documents that it leads to.

    Raises:
        LoginError: When there is no telling, or what is told is not safe.
    """
    about = await _about(http, setup, refusal)
    if setup.metadata_url:
        metadata = await _metadata(http, setup.metadata_url, "")
    elif about is not None:
        metadata = await _of_issuer(http, setup, str(about.authorization_servers[0]))
    else:
        metadata = await _of_issuer(http, setup, "")
    if metadata is None:
        raise LoginError(
            f"server '{setup.server}' wants a login, but says nowhere how it is done",
            'Ask whoever runs it for a token and give it in "headers", or name the metadata of '
            'its login in "oauth": {"authServerMetadataUrl": …} in mcp.json.',
        )
    _check(setup, metadata)
    scopes = setup.scopes or (extract_scope_from_www_auth(refusal) if refusal is not None else "")
    if not scopes and about is not None and about.scopes_supported:
        scopes = " ".join(about.scopes_supported)
    return Place(metadata, _resource(setup, about), scopes or "")


def _resource(setup: Setup, about: ProtectedResourceMetadata | None) -> str:
    own = resource_url_from_server_url(setup.url)
    return own if about is None else str(about.resource)


async def _about(
    http: httpx2.AsyncClient, setup: Setup, refusal: httpx2.Response | None
) -> ProtectedResourceMetadata | None:
    named = None if refusal is None else extract_resource_metadata_from_www_auth(refusal)
    own = resource_url_from_server_url(setup.url)
    for url in build_protected_resource_metadata_discovery_urls(named, setup.url):
        response = await get(http, url)
        if response.status_code != OK:
            continue
        try:
            found = ProtectedResourceMetadata.model_validate_json(response.content)
        except ValidationError:
            continue
        if not check_resource_allowed(own, str(found.resource)):
            message = f"the login it names is for another server ({found.resource})"
            raise LoginError(message, "Is the url in mcp.json right? Ask whoever runs it.")
        return found
    return None


async def _of_issuer(http: httpx2.AsyncClient, setup: Setup, issuer: str) -> OAuthMetadata | None:
    scheme, host, port = origin_of(setup.url)
    default = {"http": 80, "https": 443}.get(scheme)
    origin = f"{scheme}://{host}" + ("" if port == default else f":{port}")
    wanted = build_oauth_authorization_server_metadata_discovery_urls(issuer or None, setup.url)
    for url in wanted:
        found = await _metadata(http, url, issuer or origin)
        if found is not None:
            return found
    return None


async def _metadata(http: httpx2.AsyncClient, url: str, issuer: str) -> OAuthMetadata | None:
    """The document at an address; None where there is none.

    Raises:
        LoginError: When it is that of another issuer.
    """
    response = await get(http, url)
    if response.status_code != OK:
        return None
    try:
        found = OAuthMetadata.model_validate_json(response.content)
    except ValidationError:
        return None
    if issuer and not issuers_match(str(found.issuer), issuer):
        message = f"the login at {issuer} says that it is {found.issuer}"
        raise LoginError(message, "Do not log in there; ask whoever runs the server.")
    return found


def _check(setup: Setup, metadata: OAuthMetadata) -> None:
    """What would give away a secret is refused.

    Raises:
        LoginError: When an address is not safe, or the secret would go to a stranger.
    """
    named = (metadata.authorization_endpoint, metadata.token_endpoint)
    for endpoint in (*named, metadata.registration_endpoint):
        if endpoint is not None and not is_secure(str(endpoint)):
            message = f"the login of server '{setup.server}' is not https: {endpoint}"
            raise LoginError(message, "Do not log in there; ask whoever runs the server.")
    own, other = httpx2.URL(setup.url).host, httpx2.URL(str(metadata.token_endpoint)).host
    if setup.client_secret and not setup.metadata_url and own != other:
        raise LoginError(
            f"server '{setup.server}' wants the client secret to be sent to {other}",
            'If that is right, say so with "authServerMetadataUrl" beside clientSecret in mcp.json.',
        )


def method_for(secret: str, metadata: OAuthMetadata) -> str:
    """How a client with this secret (or none) says who it is."""
    if not secret:
        return "none"
    offered = metadata.token_endpoint_auth_methods_supported
    basic = offered is None or "client_secret_basic" in offered
    return "client_secret_basic" if basic else "client_secret_post"


def token_request(kept: Kept, form: Mapping[str, str]) -> httpx2.Request:
    """A request to the token endpoint, with the client's own credentials."""
    data = {key: value for key, value in form.items() if value}
    headers = {"Accept": "application/json"}
    if kept.method == "client_secret_basic":
        words = f"{quote(kept.client_id, safe='')}:{quote(kept.client_secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(words.encode()).decode()}"
    else:
        data["client_id"] = kept.client_id
    if kept.method == "client_secret_post":
        data["client_secret"] = kept.client_secret
    if kept.resource:
        data["resource"] = kept.resource
    return httpx2.Request("POST", kept.token_endpoint, data=data, headers=headers)
