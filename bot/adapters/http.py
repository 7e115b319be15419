"""Plain reads of health and metrics URLs, which must not become a way into the network the bot runs in.

A URL is read only when the catalog names its host. The name is resolved once, every address is judged, and
the connection goes to one that was judged: a name that answers differently the second time gains nothing.
"""

import asyncio
import socket
import time
from collections.abc import Iterable

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from bot.adapters.addresses import host_of, is_forbidden, parsed_target
from bot.ports import Answer, Refused, Unclear, Unreachable, VendorError

MOST_BODY = 64 * 1024
DEADLINE = 10.0  # seconds, for everything together: a body that drips is a time-out


class HttpProbe:
    """Reads URLs of the hosts in `allowed` (`host` or `host:port`, as `host_of` writes them)."""

    def __init__(
        self, allowed: Iterable[str], *, deadline: float = DEADLINE, names: AbstractResolver | None = None
    ) -> None:
        self._allowed = frozenset(allowed)
        self._deadline = deadline
        self._names = names
        self._session: aiohttp.ClientSession | None = None

    def allow(self, hosts: Iterable[str]) -> None:
        """Replace the hosts that may be read, as a reloaded catalog names them."""
        self._allowed = frozenset(hosts)

    async def open(self) -> None:
        """Make the connections' pool; needs a running loop."""
        names = JudgedResolver(self._names or ThreadedResolver())
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=names, use_dns_cache=False, force_close=True),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "greenlight", "Accept-Encoding": "identity"},
            trust_env=False,
            auto_decompress=False,
        )

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def __aenter__(self) -> "HttpProbe":
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def get(self, url: str) -> Answer:
        """What the URL answers; redirects are not followed. Raises Refused for a URL not to be read."""
        target = parsed_target(url)
        if host_of(url) not in self._allowed:
            raise Refused("services", f"the catalog does not name the host {target.host}", "host")
        try:
            async with asyncio.timeout(self._deadline):
                return await self._read(target)
        except Forbidden as forbidden:
            raise Refused("services", str(forbidden), "address") from forbidden
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _failure(error, target.host or "", self._deadline) from error

    async def _read(self, target: URL) -> Answer:
        if self._session is None:
            raise RuntimeError("the probe is not open")
        started = time.monotonic()
        async with self._session.get(target, allow_redirects=False) as answer:
            body = await _first_bytes(answer.content, MOST_BODY)
            return Answer(answer.status, body, time.monotonic() - started)


class Forbidden(Exception):
    """A name resolved to an address that nothing may be read from."""


class JudgedResolver(AbstractResolver):
    """Resolves a name once and hands out its addresses only when each of them may be connected to."""

    def __init__(self, resolver: AbstractResolver) -> None:
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of `host`. Raises Forbidden when one of them is not for us."""
        found = await self._resolver.resolve(host, port, family)
        for address in found:
            if is_forbidden(address["host"], host):
                raise Forbidden(f"{host} has an address that is never read: {address['host']}")
        return found

    async def close(self) -> None:
        """Nothing is kept."""
        await self._resolver.close()


async def _first_bytes(content: aiohttp.StreamReader, most: int) -> bytes:
    body = bytearray()
    while len(body) < most and (piece := await content.read(most - len(body))):
        body += piece
    return bytes(body)


def _failure(error: Exception, host: str, deadline: float) -> VendorError:
    if isinstance(error, aiohttp.ClientConnectorError):
        return Unreachable("services", f"{host} could not be reached")
    if isinstance(error, TimeoutError):
        return Unclear("services", f"{host} did not answer within {deadline:.0f} s")
    return Unclear("services", f"{host} broke off its answer")
