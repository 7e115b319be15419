"""The counter at which a simulated vendor takes calls: ledger, bent answers, admission, then the handler.

Every call is in the ledger before anything else happens, so that a call whose answer never left
(a hang, a reset) is still counted by the tests that look for double deploys.
"""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from bot.playground.world import Request, Vendor, World

MALFORMED = object()  # a body that is not JSON
LINGER_NOT = struct.pack("ii", 1, 0)  # closing then sends RST instead of FIN


@dataclass(frozen=True, slots=True)
class Answer:
    """What the vendor answers; `end` other than "answer" means that the answer never arrives."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    end: Literal["answer", "hang", "reset"] = "answer"


class Refused(Exception):
    """The vendor says no; carries the answer that the client gets."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read whole."""

    http: web.Request
    body: object

    def part(self, name: str) -> str:
        """A part of the path, unquoted."""
        return self.http.match_info[name]

    def asked(self, name: str, otherwise: str = "") -> str:
        """One query parameter."""
        return self.http.query.get(name, otherwise)

    def all_asked(self, name: str) -> list[str]:
        """Every value of a repeated query parameter (`statuses[]`)."""
        return self.http.query.getall(name, [])

    @property
    def fields(self) -> dict[str, object]:
        """The JSON object of the body; empty when the body is something else."""
        return self.body if isinstance(self.body, dict) else {}


Handler = Callable[[Call], Awaitable[Answer]]


class Door:
    """One vendor's counter on `base`; `admit` raises Refused, `bent` words a forced status."""

    def __init__(
        self,
        world: World,
        vendor: Vendor,
        base: str,
        *,
        admit: Callable[[Call], None] = lambda _: None,
        bent: Callable[[int], Answer] = lambda status: Answer(status),
        dress: Callable[[Call], Mapping[str, str]] = lambda _: {},
    ) -> None:
        self.world = world
        self.base = base
        self._vendor = vendor
        self._admit = admit
        self._bent = bent
        self._dress = dress
        self._closing = asyncio.Event()

    def on(self, method: str, path: str, handler: Handler) -> web.RouteDef:
        """The route that answers `method` on `path` (below the base) by `handler`."""

        async def serve(http: web.Request) -> web.StreamResponse:
            return await self._serve(http, handler)

        return web.route(method, self.base + path, serve)

    @property
    def url(self) -> str:
        """This vendor's base URL as its clients know it."""
        return self.world.base_url + self.base

    def close(self) -> None:
        """Let go of every call that is kept hanging."""
        self._closing.set()

    async def wait(self, http: web.Request, world_seconds: float | None) -> None:
        """Keep a call waiting for that long (None: for ever), until its client goes or the door closes."""
        until = None if world_seconds is None else self.world.clock.now() + world_seconds
        while http.transport is not None and not self._closing.is_set():
            if until is not None and self.world.clock.now() >= until:
                return
            await asyncio.sleep(0.02)

    async def _serve(self, http: web.Request, handler: Handler) -> web.StreamResponse:
        self.world.base_url = self.world.base_url or str(http.url.origin())
        call = Call(http, _read_json(await http.text()))
        noted = self._note(call)
        answer = await self._answer(call, handler)
        self.world.answered(noted, answer.status, answer.body)
        self.world.touch()
        return await self._send(call, answer)

    def _note(self, call: Call) -> Request:
        body = "malformed" if call.body is MALFORMED else call.body
        path = call.http.path.removeprefix(self.base)
        asked = dict(call.http.query) if call.http.method == "GET" else body
        noted = Request(self._vendor, call.http.method, path, self.world.clock.now(), asked)
        self.world.note(noted)
        return noted

    async def _answer(self, call: Call, handler: Handler) -> Answer:
        fault = self.world.fault(self._vendor)
        if isinstance(fault, int):
            return self._bent(fault)
        try:
            self._admit(call)
            answer = await handler(call)
        except Refused as refused:
            answer = refused.answer
        return answer if fault is None else self._bent(502)  # "accept-then-502": done, but said otherwise

    async def _send(self, call: Call, answer: Answer) -> web.StreamResponse:
        http = call.http
        if answer.end == "hang":
            await self.wait(http, None)
        if answer.end != "answer":
            _reset(http)
            return web.Response()
        headers = {**self._dress(call), **answer.headers}
        if isinstance(answer.body, str):
            return web.Response(text=answer.body, status=answer.status, headers=headers)
        if answer.body is None:
            return web.Response(status=answer.status, headers=headers)
        return web.json_response(answer.body, status=answer.status, headers=headers)


def _read_json(text: str) -> object:
    if not text.strip():
        return None
    try:
        read: object = json.loads(text)
    except ValueError:
        return MALFORMED
    return read


def _reset(http: web.Request) -> None:
    transport = http.transport
    if transport is None:
        return
    wire: socket.socket | None = transport.get_extra_info("socket")
    if wire is not None:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    transport.abort()
