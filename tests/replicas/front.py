"""What stands before several replicas: each request goes to the next one that listens, as a load balancer has it."""

import contextlib
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

AT_ONCE = 0.1  # seconds for what is still under way when everything ends
HEADERS = frozenset({"content-type", "user-agent"})
VENDORS = ("x-slack-", "x-hub-", "x-github-", "x-pagerduty-")


@dataclass(frozen=True, slots=True)
class Passed:
    """One request and which replica answered it."""

    path: str
    port: int
    status: int


@dataclass(slots=True)
class Front:
    """Listens on loopback; a replica that does not listen is passed over, and nothing is sent twice."""

    ports: list[int] = field(default_factory=list)  # of the replicas, in the order in which they are asked
    passed: list[Passed] = field(default_factory=list)
    url: str = ""
    _turn: int = 0
    _runner: web.AppRunner | None = None
    _session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Listen."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=AT_ONCE)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        plenty = aiohttp.TCPConnector(limit=0, force_close=True)
        self._session = aiohttp.ClientSession(connector=plenty)

    async def close(self) -> None:
        """Listen no more."""
        if self._runner is not None:
            await self._runner.cleanup()
        if self._session is not None:
            await self._session.close()

    def next_is(self, port: int) -> None:
        """The next request goes to this replica."""
        self._turn = self.ports.index(port)

    def asked(self, path: str = "") -> list[int]:
        """Which replicas answered requests to a path."""
        return [one.port for one in self.passed if path in one.path]

    async def _pass_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name: value for name, value in request.headers.items() if _is_passed(name)}
        for port in self._in_order():
            with contextlib.suppress(aiohttp.ClientConnectorError):
                return await self._ask(port, request, headers, body)
        return web.Response(status=502)

    async def _ask(
        self, port: int, request: web.Request, headers: dict[str, str], body: bytes
    ) -> web.Response:
        assert self._session is not None
        url = f"http://127.0.0.1:{port}{request.rel_url}"
        try:
            async with self._session.request(request.method, url, data=body, headers=headers) as answer:
                content = await answer.read()
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as cut:
            if isinstance(cut, aiohttp.ClientConnectorError):
                raise
            return web.Response(status=502)
        self.passed.append(Passed(request.path, port, answer.status))
        kind = answer.headers.get("Content-Type", "text/plain")
        return web.Response(status=answer.status, body=content, headers={"Content-Type": kind})

    def _in_order(self) -> list[int]:
        start = self._turn % max(1, len(self.ports))
        self._turn = start + 1
        return [*self.ports[start:], *self.ports[:start]]


def _is_passed(name: str) -> bool:
    return name.casefold() in HEADERS or name.casefold().startswith(VENDORS)
