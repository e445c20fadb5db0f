"""Requests go to the configured server and to the open internet, and nowhere inside."""

import asyncio
import ipaddress
from pathlib import Path

import httpx2
import pytest
from typing_extensions import override

from journeybuilder.connect.mcp_guard import Blocked, Guard, is_public, is_secure
from journeybuilder.errors import OperatorError
from tests.connect.logins import Keys, site
from tests.connect.pools import run
from tests.connect.test_mcp_oauth import logged_in
from tests.connect.web import plain, serving

OUTSIDE = "https://mcp.example/mcp"


class Sent(httpx2.AsyncBaseTransport):
    """What would have left."""

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return httpx2.Response(200, request=request)


async def asked(url: str, configured: str, *, proxied: bool = False) -> httpx2.Request:
    """The request as it leaves.

    Raises:
        Blocked: When it does not.
    """
    sent = Sent()
    async with httpx2.AsyncClient(transport=Guard(sent, [configured], proxied=proxied)) as client:
        await client.get(url)
    return sent.requests[0]


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/iam",
        "https://169.254.169.254/latest",
        "https://10.0.0.7/token",
        "https://192.168.1.1/",
        "https://172.16.0.1/",
        "https://100.64.0.1/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://service.localhost/",
        "https://0.0.0.0/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:7f00:1::]/",
        "https://224.0.0.1/",
        "http://8.8.8.8/token",
    ],
)
def test_what_a_server_names_never_leads_inside_or_unprotected(url: str) -> None:
    async def work() -> None:
        with pytest.raises(Blocked):
            await asked(url, OUTSIDE)

    run(work())


@pytest.mark.parametrize(
    ("url", "configured"),
    [
        ("http://10.0.0.7:8080/other", "http://10.0.0.7:8080/mcp"),
        ("https://mcp.example/.well-known/x", OUTSIDE),
        ("https://8.8.8.8/token", OUTSIDE),
        ("http://127.0.0.1:9/token", "http://127.0.0.1:8/mcp"),
        ("http://[::1]:9/token", "http://localhost:8/mcp"),
    ],
)
def test_the_configured_server_and_the_open_internet_are_reached(url: str, configured: str) -> None:
    async def work() -> None:
        assert str((await asked(url, configured)).url) == url

    run(work())


def test_another_port_of_a_configured_host_inside_is_not_reached() -> None:
    async def work() -> None:
        with pytest.raises(Blocked, match="inside of this network"):
            await asked("https://10.0.0.7:2375/", "http://10.0.0.7:8080/mcp")

    run(work())


@pytest.mark.parametrize("found", [["10.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::1"]])
def test_a_name_that_stands_for_an_address_inside_is_refused(
    monkeypatch: pytest.MonkeyPatch, found: list[str]
) -> None:
    async def work() -> None:
        names(monkeypatch, found)
        with pytest.raises(Blocked, match=r"https://login\.example is an address inside"):
            await asked("https://login.example/token", OUTSIDE)

    run(work())


def names(monkeypatch: pytest.MonkeyPatch, found: list[str]) -> None:
    """Names stand for these addresses, without asking anybody."""

    async def getaddrinfo(*_: object, **__: object) -> list[object]:
        return [(None, None, None, "", (each, 443)) for each in found]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)


def test_a_request_goes_to_the_very_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def work() -> None:
        names(monkeypatch, ["2606:2800:220:1::1", "93.184.216.34"])
        request = await asked("https://login.example/token", OUTSIDE)
        assert request.url.host == "93.184.216.34"
        assert request.headers["host"] == "login.example"
        assert request.extensions["sni_hostname"] == "login.example"
        behind = await asked("https://login.example/token", OUTSIDE, proxied=True)
        assert behind.url.host == "login.example"

    run(work())


def test_wrapped_addresses_are_looked_into() -> None:
    assert not is_public(ipaddress.ip_address("::ffff:10.0.0.1"))
    assert is_public(ipaddress.ip_address("::ffff:8.8.8.8"))
    assert is_secure("http://localhost:5/")
    assert not is_secure("http://localhost.example/")


@pytest.mark.parametrize("issuer", ["http://10.1.2.3/", "https://169.254.169.254/"])
def test_a_login_that_would_lead_inside_is_refused_in_words(tmp_path: Path, issuer: str) -> None:
    async def work() -> None:
        with site(issuer=issuer) as where:
            with pytest.raises(OperatorError) as caught:
                await logged_in(tmp_path, where, Keys())
            assert caught.value.what.startswith("logging in would lead where it may not: ")
            assert "It is the server that names this address" in caught.value.hint

    run(work())


def test_a_redirect_to_elsewhere_is_not_followed(tmp_path: Path) -> None:
    async def work() -> None:
        with serving() as inside, site() as where:
            where.issuer = inside.url.removesuffix("/mcp")
            inside.answers["initialize"] = plain(302)
            with pytest.raises(OperatorError):
                await logged_in(tmp_path, where, Keys())
            assert inside.asked == []

    run(work())
