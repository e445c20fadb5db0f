"""Where requests to a server may go: to the server as configured, and else to nobody inside.

A server can answer with addresses of its own choice: where to log in, where to send messages. None of
them may lead into the network of whoever runs us (the address of a database, a cloud's metadata).
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import TypeAlias

import httpx2
from typing_extensions import override

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Origin: TypeAlias = tuple[str, str, int]
_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Blocked(httpx2.ConnectError):
    """A request was not sent because of where it would have gone."""


def origin_of(url: httpx2.URL | str) -> Origin:
    """Scheme, host and port of an address."""
    parsed = httpx2.URL(url)
    return parsed.scheme, parsed.host, parsed.port or _PORTS.get(parsed.scheme, 0)


def is_loopback(host: str) -> bool:
    """True for a name or address that is this machine, without asking anybody."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = literal(host)
    return address is not None and address.is_loopback


def is_secure(url: httpx2.URL | str) -> bool:
    """True where nobody on the way can read along: https, or this machine."""
    parsed = httpx2.URL(url)
    return parsed.scheme == "https" or (parsed.scheme == "http" and is_loopback(parsed.host))


def literal(host: str) -> Address | None:
    """The address that a host is written as; None for a name."""
    with suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    return None


def is_public(address: Address) -> bool:
    """True for an address of the open internet, however it is wrapped."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


class Guard(httpx2.AsyncBaseTransport):
    """Looks at every request before it leaves; one that is let through goes where was looked.

    Args:
        inner: What sends requests.
        configured: Addresses that the workspace itself names; their hosts are always allowed.
        proxied: Whether a proxy resolves names; then they cannot be held to the address looked up.
    """

    def __init__(
        self, inner: httpx2.AsyncBaseTransport, configured: Iterable[str], *, proxied: bool = False
    ) -> None:
        self._inner = inner
        self._origins = {origin_of(url) for url in configured}
        self._local = any(is_loopback(host) for _, host, _ in self._origins)
        self._proxied = proxied

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if origin_of(request.url) not in self._origins:
            await self._look(request)
        return await self._inner.handle_async_request(request)

    @override
    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _look(self, request: httpx2.Request) -> None:
        """Refuse the request, or pin it to the address that was looked at.

        Raises:
            Blocked: When it would go where it may not.
        """
        url = request.url
        if not is_secure(url):
            raise Blocked(f"{_shown(url)} is not https")
        addresses = await self._addresses(url)
        for address in addresses:
            if not (is_public(address) or (self._local and address.is_loopback)):
                raise Blocked(f"{_shown(url)} is an address inside of this network")
        if addresses and not self._proxied and literal(url.host) is None:
            # What the name stands for may be another address a moment later.
            request.extensions = {**request.extensions, "sni_hostname": url.host}
            request.url = url.copy_with(host=str(addresses[0]))

    async def _addresses(self, url: httpx2.URL) -> list[Address]:
        known = literal(url.host)
        if known is not None:
            return [known]
        if is_loopback(url.host):
            return [ipaddress.ip_address("127.0.0.1")]
        port = url.port or _PORTS.get(url.scheme, 0)
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
        except OSError:
            if self._proxied:
                return []
            raise Blocked(f"{_shown(url)} is not known") from None
        out = [literal(str(each[4][0])) for each in found]
        # Those of the older kind first: they are reached from everywhere.
        return sorted((each for each in out if each is not None), key=lambda each: each.version)


def _shown(url: httpx2.URL) -> str:
    return f"{url.scheme}://{url.host}{f':{url.port}' if url.port else ''}"
