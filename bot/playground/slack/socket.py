"""Socket Mode: connections that the app opens, through which Slack sends what it would otherwise send over HTTP."""

import asyncio
import itertools
import secrets
from collections.abc import Mapping
from contextlib import suppress

from aiohttp import WSMsgType, web

from bot.playground.slack.raw import Raw, SlackError
from bot.playground.world import World

ACK_SECONDS = 3.0
MOST = 10  # connections of one app
LASTS = 18_060  # seconds that Slack says a connection will last, about
SCOPE = "connections:write"
CLOSED = "the socket was closed"


class Connection:
    """One socket of the app. A silent one is there and dead: nothing comes through it either way."""

    def __init__(self, number: int, wire: web.WebSocketResponse) -> None:
        self.number = number
        self.is_silent = False
        self.is_leaving = False  # Slack has said that it will end it
        self.delivered = 0
        self._wire = wire
        self._waiting: dict[str, asyncio.Future[Raw]] = {}

    async def ask(self, envelope: Raw) -> Raw:
        """What the app answers to an envelope. Raises TimeoutError, or ConnectionError when the socket ends."""
        answer: asyncio.Future[Raw] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = answer
        try:
            if not self.is_silent:
                self.delivered += 1
                await self._wire.send_json(envelope)
            async with asyncio.timeout(ACK_SECONDS):
                return await answer
        finally:
            del self._waiting[envelope["envelope_id"]]

    async def listen(self) -> None:
        """Hear acknowledgements and signs of life until the socket ends."""
        async for message in self._wire:
            if self.is_silent:
                continue
            if message.type is WSMsgType.PING:
                await self._wire.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._acknowledged(message.json())
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionResetError(CLOSED))

    async def says(self, frame: Raw) -> None:
        """Send a frame that needs no answer."""
        with suppress(ConnectionError):
            await self._wire.send_json(frame)

    async def leaves(self, reason: str) -> None:
        """Tell the app that this socket is about to end."""
        self.is_leaving = True
        await self.says({"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}})

    async def close(self) -> None:
        """End it."""
        await self._wire.close()

    def _acknowledged(self, answer: Raw) -> None:
        waiting = self._waiting.get(str(answer.get("envelope_id")))
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)


class Sockets:
    """The app's connections, and what may go wrong with them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.is_on = False  # whether Slack sends through sockets; the first one that is opened switches it on
        self.refusal = ""  # why no address is given out
        self.scopes = {SCOPE}  # of the app-level token
        self.most = MOST
        self.open: list[Connection] = []
        self.opened = 0  # so far
        self._tickets: set[str] = set()
        self._turns = itertools.count()

    def address(self, host: str, token: str) -> str:
        """apps.connections.open: where the app may open one socket. Raises SlackError."""
        if token.startswith("xoxb-"):
            raise SlackError("not_allowed_token_type")
        if not token.startswith("xapp-") or "playground" not in token:
            raise SlackError("invalid_auth" if token else "not_authed")
        if self.refusal:
            raise SlackError(self.refusal)
        if SCOPE not in self.scopes:
            raise SlackError("missing_scope", needed=SCOPE, provided=",".join(sorted(self.scopes)))
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return f"ws://{host}/sim/slack/link/?ticket={ticket}&app_id={self._world.slack_app}"

    async def link(self, request: web.Request) -> web.StreamResponse:
        """One socket of the app, from its opening to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)  # good for one socket
        wire = web.WebSocketResponse(autoping=False, timeout=1.0)
        await wire.prepare(request)
        self.opened += 1
        connection = Connection(self.opened, wire)
        if len(self.open) >= self.most:
            await connection.leaves("too_many_websockets")
            await wire.close()
            return wire
        await self._serve(connection)
        return wire

    async def deliver(self, kind: str, payload: Raw, retry: Mapping[str, object]) -> Raw:
        """What the app answers to an envelope. Raises TimeoutError, or ConnectionError when no socket is open."""
        connection = self._next()
        envelope: Raw = {
            "envelope_id": secrets.token_hex(16),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": _takes_answer(kind, payload),
            **retry,
        }
        return await connection.ask(envelope)

    async def close(self) -> None:
        """End every socket."""
        await asyncio.gather(*(connection.close() for connection in self.open))

    def _next(self) -> Connection:
        """Each envelope goes to one of the sockets, one after the other; those that are about to end come last."""
        staying = [one for one in self.open if not one.is_leaving] or self.open
        if not staying:
            raise ConnectionError("no socket is open")
        return staying[next(self._turns) % len(staying)]

    async def _serve(self, connection: Connection) -> None:
        self.is_on = True
        self.open.append(connection)
        self._world.touch()
        await connection.says(
            {
                "type": "hello",
                "num_connections": len(self.open),
                "connection_info": {"app_id": self._world.slack_app},
                "debug_info": {"host": "playground", "approximate_connection_time": LASTS},
            }
        )
        try:
            await connection.listen()
        finally:
            self.open.remove(connection)
            self._world.touch()


def _takes_answer(kind: str, payload: Raw) -> bool:
    """Commands, forms and options are answered in the acknowledgement; clicks, shortcuts and events are not."""
    return kind == "slash_commands" or payload.get("type") in ("view_submission", "block_suggestion")
