"""HTTP to MCP servers: one failed request fails one call, and its status is not lost.

The SDK ends a whole client when one POST fails, and forgets the status of error answers. Both are
turned here into error messages of the protocol, which the SDK hands to the one call concerned.
"""

import json
import ssl
import urllib.request
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

import httpx2
from typing_extensions import override

from journeybuilder.connect.mcp_guard import Guard

# Outside of the range that JSON-RPC reserves, so no server means something else by them.
NETWORK = -31000
STATUS = -31001
TOO_MUCH = -31002

LARGEST = 16 * 1024 * 1024
CONNECT_TIMEOUT = 15.0
LOGIN_TIMEOUT = 30.0
_END_TIMEOUT = 2.0
_SHOWN = 300
_BAD = 400
_NOT_FOUND = 404
_WHO = (401, 403)
# Codes that servers use for "no such session" and the like; they mean something else to the SDK.
_AMBIGUOUS = (-32000, -32001)
_NOT_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.UnsupportedProtocol,
)


class TooMuch(Exception):  # noqa: N818 - the answer is, the program goes on
    """An answer has more bytes than are read."""


async def whole(response: httpx2.Response, most: int) -> httpx2.Response:
    """The answer with its body, which is read no further than `most` bytes once unpacked.

    Raises:
        TooMuch: When it has more.
        httpx2.TransportError: When it breaks off.
    """
    body = bytearray()
    try:
        async for part in response.aiter_bytes():
            body += part
            if len(body) > most:
                raise TooMuch
    finally:
        await response.aclose()
    packed = ("content-encoding", "content-length", "transfer-encoding")
    headers = [
        (name, value) for name, value in response.headers.multi_items() if name not in packed
    ]
    out = httpx2.Response(
        response.status_code, headers=headers, content=bytes(body), request=response.request
    )
    out.next_request = response.next_request
    return out


class SoftTransport(httpx2.AsyncBaseTransport):
    """Wraps a transport so that a failed POST becomes an error message with its facts.

    The error's data: `status`, and `session` where the server no longer knows ours; or `kind` (the
    exception's name), `tls` (see `tls_fault`) and `maybe_executed`.
    """

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "DELETE":
            # Saying goodbye to a session must not hold up the end of the program.
            limits = httpx2.Timeout(_END_TIMEOUT).as_dict()
            request.extensions = {**request.extensions, "timeout": limits}
        try:
            response = await self._inner.handle_async_request(request)
            if request.method == "POST" and not _is_stream(response):
                # The SDK would read all there is, and take a broken body for its own end.
                response.request = request
                response = await whole(response, LARGEST)
        except TooMuch:
            words = f"(an answer of more than {LARGEST // 1024 // 1024} MiB, which is not read)"
            return _error(request, 502, TOO_MUCH, words, {})
        except httpx2.TransportError as error:
            if request.method != "POST":
                raise
            data = {
                "kind": type(error).__name__,
                "tls": tls_fault(error),
                "maybe_executed": not isinstance(error, _NOT_SENT),
            }
            return _error(request, 503, NETWORK, str(error), data)
        if request.method != "POST" or response.status_code < _BAD:
            return response
        return _explain(request, response)

    @override
    async def aclose(self) -> None:
        await self._inner.aclose()


def _is_stream(response: httpx2.Response) -> bool:
    """Whether messages come one after another; each of them has a bound of its own."""
    kind = response.headers.get("content-type", "").lower()
    return response.is_success and kind.startswith("text/event-stream")


def _explain(request: httpx2.Request, response: httpx2.Response) -> httpx2.Response:
    """An error answer with its status inside, or as it is where it is one of the protocol."""
    body = response.content
    status = response.status_code
    said = _protocol_error(body)
    gone = status == _NOT_FOUND and "mcp-session-id" in request.headers
    if said and not gone and status not in _WHO and said.get("code") not in _AMBIGUOUS:
        content_type = {"content-type": "application/json"}
        return httpx2.Response(status, request=request, headers=content_type, content=body)
    words = str(said.get("message", "")) if said else _plain(response, body)
    gone = gone or (status == _BAD and "session" in words.lower())
    answer = _error(request, status, STATUS, words, {"status": status, "session": gone})
    if challenge := response.headers.get("www-authenticate"):
        answer.headers["www-authenticate"] = challenge  # it says how to log in
    return answer


def _protocol_error(body: bytes) -> Mapping[str, Any]:
    try:
        data: object = json.loads(body)
    except ValueError:
        return {}
    if not isinstance(data, dict):
        return {}
    message = cast("dict[str, Any]", data)
    error = message.get("error")
    is_error = "jsonrpc" in message and isinstance(error, dict)
    return cast("dict[str, Any]", error) if is_error else {}


def _plain(response: httpx2.Response, body: bytes) -> str:
    """The server's words, where it gave words and no page."""
    kind = response.headers.get("content-type", "")
    return "" if "html" in kind else body[:_SHOWN].decode("utf-8", "replace").strip()


def tls_fault(error: BaseException | None) -> str:
    """`certificate` or `protocol` where TLS is behind an error, else an empty string."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return "certificate"
        if isinstance(error, ssl.SSLError):
            return "protocol"
        error = error.__cause__ or error.__context__
    return ""


def _error(
    request: httpx2.Request, status: int, code: int, message: str, data: Mapping[str, Any]
) -> httpx2.Response:
    error = {"code": code, "message": message, "data": data}
    return httpx2.Response(
        status,
        request=request,
        headers={"content-type": "application/json"},
        content=json.dumps({"jsonrpc": "2.0", "id": None, "error": error}).encode(),
    )


@cache
def tls_context() -> ssl.SSLContext:
    """The one TLS context of the program; making one takes 60 ms, so it is made in a thread."""
    return httpx2.create_ssl_context()


def http_client(
    url: str,
    headers: Mapping[str, str],
    context: ssl.SSLContext,
    auth: httpx2.Auth | None = None,
) -> httpx2.AsyncClient:
    """A client for one server. Reading has no time limit of its own: every call brings one.

    A proxy of the environment is used as for other programs. Whatever the server says, requests go
    to it or to the open internet, see `mcp_guard`.
    """
    timeout = httpx2.Timeout(CONNECT_TIMEOUT, read=None, write=60.0, pool=60.0)
    transport = SoftTransport(_guarded(url, [url], context))
    return httpx2.AsyncClient(
        headers=dict(headers), timeout=timeout, transport=transport, auth=auth
    )


def login_client(url: str, metadata_url: str, context: ssl.SSLContext) -> httpx2.AsyncClient:
    """A client for logging in at a server: it knows no headers and keeps no cookies of the server."""
    configured = [each for each in (url, metadata_url) if each]
    timeout = httpx2.Timeout(LOGIN_TIMEOUT, connect=CONNECT_TIMEOUT)
    return httpx2.AsyncClient(timeout=timeout, transport=_guarded(url, configured, context))


def _guarded(
    url: str, configured: Sequence[str], context: ssl.SSLContext
) -> httpx2.AsyncBaseTransport:
    proxy = _proxy_for(url)
    inner = httpx2.AsyncHTTPTransport(verify=context, proxy=proxy)
    return Guard(inner, configured, proxied=proxy is not None)


def _proxy_for(url: str) -> str | None:
    parsed = httpx2.URL(url)
    if urllib.request.proxy_bypass(parsed.host):
        return None
    return urllib.request.getproxies().get(parsed.scheme)
