import asyncio
import ssl

import httpx2
import pytest
from mcp import MCPError

from journeybuilder.connect.mcp_failures import Attempt, connect_failure, shown_url
from journeybuilder.connect.mcp_http import SoftTransport, http_client, tls_context
from journeybuilder.errors import OperatorError

ATTEMPT = Attempt("https://crm.example/mcp", 30)


class Broken(httpx2.AsyncBaseTransport):
    """A network on which every request ends like this."""

    def __init__(self, error: httpx2.TransportError, cause: Exception | None = None) -> None:
        self.error = error
        self.cause = cause

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.error.request = request
        raise self.error from self.cause


def ask(error: httpx2.TransportError, cause: Exception | None = None) -> MCPError:
    """What the SDK makes of the answer that stands for a failed request."""

    async def work() -> httpx2.Response:
        async with httpx2.AsyncClient(transport=SoftTransport(Broken(error, cause))) as client:
            return await client.post("https://crm.example/mcp", json={})

    said = asyncio.run(work()).json()["error"]
    return MCPError(said["code"], said["message"], said["data"])


@pytest.mark.parametrize(
    ("error", "cause", "words"),
    [
        (
            httpx2.ConnectError("bad certificate"),
            ssl.SSLCertVerificationError("self-signed"),
            "the certificate of https://crm.example/mcp cannot be trusted",
        ),
        (
            httpx2.ConnectError("wrong version"),
            ssl.SSLError("wrong version"),
            "https://crm.example/mcp does not speak https as it should",
        ),
        (
            httpx2.ConnectError("refused"),
            ConnectionRefusedError(),
            "nothing answers at https://crm.example/mcp",
        ),
        (
            httpx2.ConnectTimeout("late"),
            TimeoutError(),
            "https://crm.example/mcp does not answer",
        ),
    ],
)
def test_a_network_failure_is_put_into_words(
    error: httpx2.TransportError, cause: Exception, words: str
) -> None:
    failure = connect_failure(ask(error, cause), ATTEMPT)
    assert failure.error == words
    assert failure.hint


@pytest.mark.parametrize(
    ("error", "maybe"),
    [
        (httpx2.ConnectError("refused"), False),
        (httpx2.ConnectTimeout("late"), False),
        (httpx2.ReadError("reset"), True),
        (httpx2.RemoteProtocolError("ended"), True),
        (httpx2.WriteError("reset"), True),
    ],
)
def test_only_a_request_that_was_not_sent_is_certain_not_to_have_run(
    error: httpx2.TransportError, maybe: bool
) -> None:
    assert ask(error).data["maybe_executed"] is maybe


def test_the_reason_is_found_in_nested_groups() -> None:
    inner = OperatorError("the secret 'CRM' is nowhere to be found", where="mcp.json", hint="Store")
    group = ExceptionGroup("outer", [ExceptionGroup("inner", [inner])])
    failure = connect_failure(group, ATTEMPT)
    assert failure.error == "the secret 'CRM' is nowhere to be found (mcp.json)"
    assert failure.hint == "Store"


def test_a_program_that_is_none_for_this_machine_is_told() -> None:
    error = PermissionError(13, "Permission denied")
    failure = connect_failure(error, Attempt("server.txt", 30, stdio=True))
    assert failure.error == "'server.txt' cannot be started: Permission denied"


def test_an_address_is_shown_without_what_may_be_secret() -> None:
    assert shown_url("https://me:pass@crm.example:1/mcp?key=1#x") == "https://crm.example:1/mcp"


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("https://crm.example/mcp", "http://proxy.example:3128"),
        ("https://inside.example/mcp", None),
        ("http://127.0.0.1:1/mcp", None),
    ],
)
def test_the_proxy_of_the_environment_is_used_where_it_is_meant(
    monkeypatch: pytest.MonkeyPatch, url: str, proxy: str | None
) -> None:
    used: list[object] = []

    class Transport(httpx2.AsyncHTTPTransport):
        def __init__(self, **options: object) -> None:
            used.append(options["proxy"])
            super().__init__()

    monkeypatch.setattr(httpx2, "AsyncHTTPTransport", Transport)
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "inside.example,127.0.0.1")
    monkeypatch.delenv("http_proxy", raising=False)

    async def work() -> None:
        async with http_client(url, {}, tls_context()):
            pass

    asyncio.run(work())
    assert used == [proxy]
