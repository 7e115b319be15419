"""The aiohttp application: routes, a deadline and a size for every body, the signature before any parsing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import web
from aiohttp.typedefs import Middleware
from slack_bolt.adapter.aiohttp import to_aiohttp_response

from bot.deliveries import Delivery
from bot.intake import Connections, Full, Queue, Room
from bot.metrics import Metrics
from bot.ports import Clock
from bot.signatures import SLACK_WINDOW, github_signed, pagerduty_signed, slack_age
from bot.slack_door import AT_ONCE, MOST_BYTES, PATIENCE, SOON, SlackDoor

log = logging.getLogger(__name__)
BODY_SECONDS = 5.0
WEBHOOK_BYTES = 25 * 1024**2  # GitHub's own cap
READ_AT_ONCE = 1024  # bodies of one route that are read side by side, before anybody knows who sends them
READ_BYTES = 4 * WEBHOOK_BYTES  # that they may announce together
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")  # marks of a proxy
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
SELDOM = 60.0  # seconds between two lines about the clock
KIND = web.RequestKey("kind", str)

Deliver = Callable[[str, bytes], Awaitable[int]]
Ready = Callable[[], Awaitable[Mapping[str, bool]]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Body = TypeVar("Body", bytes, bytearray)


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes lead to; a route without its secret is not there."""

    slack: SlackDoor
    slack_secret: bytes | None  # None in Socket Mode too
    github: Deliver
    github_secret: bytes | None
    pagerduty: Deliver
    pagerduty_secret: bytes | None
    ready: Ready
    measured: Callable[[], Awaitable[bytes]]
    metrics: Metrics
    connections: Connections
    clock: Clock


def application(doors: Doors) -> web.Application:
    """The whole application; nothing is served before it is started."""
    app = web.Application(client_max_size=WEBHOOK_BYTES, middlewares=[_heard(doors.connections)])
    app.on_response_prepare.append(_anonymous)
    app.router.add_get("/livez", _live)
    app.router.add_get("/readyz", _readyz(doors))
    app.router.add_get("/metrics", _metrics(doors))
    if doors.slack_secret is not None:
        app.router.add_post("/slack/events", _measured("slack", doors, _slack(doors, doors.slack_secret)))
    if doors.github_secret is not None:
        app.router.add_post(
            "/github/webhooks", _measured("github", doors, _github(doors, doors.github_secret))
        )
    if doors.pagerduty_secret is not None:
        handler = _pagerduty(doors, doors.pagerduty_secret)
        app.router.add_post("/pagerduty/webhooks", _measured("pagerduty", doors, handler))
    return app


async def _anonymous(_: web.Request, answer: web.StreamResponse) -> None:
    """Strangers are not told which version of what answers them."""
    answer.headers["Server"] = "greenlight"


def _heard(connections: Connections) -> Middleware:
    @web.middleware
    async def heard(request: web.Request, handler: Handler) -> web.StreamResponse:
        connections.begins(request.protocol)
        try:
            return await handler(request)
        finally:
            connections.ends(request.protocol)

    return heard


def _measured(route: str, doors: Doors, handler: Handler) -> Handler:
    """Gives the request its id for the logs, and counts what came of it."""

    async def measured(request: web.Request) -> web.StreamResponse:
        with Delivery(route, doors.metrics) as delivery:
            try:
                answer = await handler(request)
            except web.HTTPException as refused:
                delivery.status = refused.status
                raise
            delivery.kind, delivery.status = request.get(KIND, route), answer.status
        return answer

    return measured


async def _live(_: web.Request) -> web.Response:
    return web.Response(text="alive\n")


def _readyz(doors: Doors) -> Handler:
    async def handler(_: web.Request) -> web.Response:
        answers = await doors.ready()
        lines = "".join(f"{name}: {'ok' if fine else 'not ok'}\n" for name, fine in answers.items())
        return web.Response(text=lines, status=200 if all(answers.values()) else 503)

    return handler


def _metrics(doors: Doors) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        """Strangers come through the proxy that does TLS for us; who scrapes comes straight."""
        if any(header in request.headers for header in FORWARDED):
            return web.Response(status=404)
        return web.Response(body=await doors.measured(), headers={"Content-Type": PROMETHEUS})

    return handler


def _slack(doors: Doors, secret: bytes) -> Handler:
    bodies, skew = Room(READ_AT_ONCE, READ_BYTES), _Skew()

    async def handler(request: web.Request) -> web.StreamResponse:
        body = await _body(request, MOST_BYTES, bodies)
        signature = request.headers.get("X-Slack-Signature")
        timestamp = request.headers.get("X-Slack-Request-Timestamp")
        age = slack_age(secret, body, timestamp, signature, doors.clock.now())
        if age is None or abs(age) > SLACK_WINDOW:
            skew.noticed(age, doors.clock.boottime())
            return web.Response(status=401)
        doors.slack.signed_at = doors.clock.now()
        text = _utf8(body)
        heard = None if text is None else doors.slack.read(request.content_type, text)
        if heard is None:
            return web.Response(status=400)
        request[KIND] = heard.kind
        answer: web.Response = await to_aiohttp_response(await doors.slack.answer(heard))
        return answer

    return handler


class _Skew:
    """Names the host's clock when Slack's own requests are refused for their age: else they are a burst of 401."""

    def __init__(self) -> None:
        self._told_at = float("-inf")

    def noticed(self, age: float | None, boottime: float) -> None:
        """A request was refused; `age` is how old Slack's signature is, None for what Slack did not sign."""
        if age is None or boottime - self._told_at < SELDOM:
            return
        self._told_at = boottime
        log.warning(
            "clock skew: what Slack signs is refused, because this host's clock is wrong or it is sent late",
            extra={"seconds": round(age)},
        )


def _github(doors: Doors, secret: bytes) -> Handler:
    bodies, room = Room(READ_AT_ONCE, READ_BYTES), Queue(AT_ONCE, PATIENCE)

    async def handler(request: web.Request) -> web.Response:
        body = await _body(request, WEBHOOK_BYTES, bodies)
        if not github_signed(secret, body, request.headers.get("X-Hub-Signature-256")):
            return web.Response(status=401)
        event = request.headers.get("X-GitHub-Event", "")
        return await _delivered(lambda: doors.github(event, body), room)

    return handler


def _pagerduty(doors: Doors, secret: bytes) -> Handler:
    bodies, room = Room(READ_AT_ONCE, READ_BYTES), Queue(AT_ONCE, PATIENCE)

    async def handler(request: web.Request) -> web.Response:
        body = await _body(request, MOST_BYTES, bodies)
        if not pagerduty_signed(secret, body, request.headers.get("X-PagerDuty-Signature")):
            return web.Response(status=401)
        return await _delivered(lambda: doors.pagerduty("", body), room)

    return handler


async def _delivered(deliver: Callable[[], Awaitable[int]], room: Queue) -> web.Response:
    try:
        async with room:
            return web.Response(status=await deliver())
    except Full:
        return _busy()


def _busy() -> web.Response:
    """Nothing was done, and it may be sent again soon."""
    return web.Response(status=503, headers={"Retry-After": SOON})


async def _body(request: web.Request, most: int, room: Room) -> bytes:
    """The raw body, within a deadline and a size: 408 and 413 otherwise, 503 when too much comes in at once."""
    announced = most if request.content_length is None else request.content_length
    if announced > most:
        raise web.HTTPRequestEntityTooLarge(most, announced)
    if request.content.is_eof():  # all of it came with its header: there is nothing to wait for
        return _whole(request.content.read_nowait(), most)
    try:
        with room.taken(announced):
            async with asyncio.timeout(BODY_SECONDS):
                return await _read(request, most)
    except Full:
        raise web.HTTPServiceUnavailable(headers={"Retry-After": SOON}) from None
    except TimeoutError:
        raise web.HTTPRequestTimeout from None


async def _read(request: web.Request, most: int) -> bytes:
    """The body piece by piece: packed or without a length, it is refused as soon as it is too long."""
    body = bytearray()
    while chunk := await request.content.readany():
        body += chunk
        _whole(body, most)
    return bytes(body)


def _whole(body: Body, most: int) -> Body:
    if len(body) > most:
        raise web.HTTPRequestEntityTooLarge(most, len(body))
    return body


def _utf8(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None
