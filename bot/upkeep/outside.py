"""The web as the program asks it by itself: public addresses only, whatever an address, a name or a redirect says.

An address that somebody typed could name the server itself, a neighbour, or a cloud's own data page. So each name is looked
up here, every address that it has must be public, and the connection goes to exactly that address: a name that changes its
mind in between leads nowhere else.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable

import httpx

from bot.knowledge.links import NotPublicError

PORTS = frozenset({80, 443, 8080, 8443})
LONGEST_ADDRESS = 2_000
_PREFIXES = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))  # carry an IPv4 inside

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Allowed = Callable[[Address, int], bool]


def public(address: Address, port: int) -> bool:
    """Whether a connection may go there."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return public(mapped, port)
    inside = any(address.version == prefix.version and address in prefix for prefix in _PREFIXES)
    return port in PORTS and address.is_global and not address.is_multicast and not inside


class Outside(httpx.BaseTransport):
    """For one host at a time: connections are kept by address. `allowed` lets tests ask a server of their own."""

    def __init__(self, allowed: Allowed = public) -> None:
        self._allowed = allowed
        self._inner = httpx.HTTPTransport(trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._inner.handle_request(_led(request, _chosen(request.url, self._allowed)))

    def close(self) -> None:
        self._inner.close()


class OutsideAsync(httpx.AsyncBaseTransport):
    """The same without waiting, for many hosts: no connection is kept, as two names may share an address."""

    def __init__(self, allowed: Allowed = public) -> None:
        self._allowed = allowed
        self._inner = httpx.AsyncHTTPTransport(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        chosen = await asyncio.to_thread(_chosen, request.url, self._allowed)
        return await self._inner.handle_async_request(_led(request, chosen))

    async def aclose(self) -> None:
        await self._inner.aclose()


def _chosen(url: httpx.URL, allowed: Allowed) -> str:
    """The address to connect to. Raises NotPublicError, httpx.ConnectError when there is no such name."""
    if url.scheme not in ("http", "https") or url.userinfo or len(str(url)) > LONGEST_ADDRESS:
        raise NotPublicError("no address of the public web")
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError("there is no such name") from error
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not addresses or not all(allowed(ipaddress.ip_address(address), port) for address in addresses):
        raise NotPublicError("leads into a private network")
    return addresses[0]


def _led(request: httpx.Request, address: str) -> httpx.Request:
    """The request to that address; the name stays in the Host header and is what a certificate must be for."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )
