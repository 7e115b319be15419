"""The aiohttp application: routes, a deadline and a size for every body, the signature before any parsing."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.ports import Clock
from bot.signatures import github_signed, pagerduty_signed, slack_signed

BODY_SECONDS = 5.0
SLACK_BYTES = 1024**2
WEBHOOK_BYTES = 25 * 1024**2  # GitHub's own cap

Deliver = Callable[[str, bytes], Awaitable[int]]
Ready = Callable[[], Awaitable[Mapping[str, bool]]]


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes lead to; a route without its secret is not there."""

    slack: AsyncApp
    slack_secret: bytes | None
    is_slack_request: Callable[[str, str], bool]  # by content type and text
    github: Deliver
    github_secret: bytes | None
    pagerduty: Deliver
    pagerduty_secret: bytes | None
    ready: Ready
    clock: Clock


def application(doors: Doors) -> web.Application:
    """The whole application; nothing is served before it is started."""
    app = web.Application(client_max_size=WEBHOOK_BYTES)
    app.router.add_get("/livez", _live)
    app.router.add_get("/readyz", _readyz(doors))
    if doors.slack_secret is not None:
        app.router.add_post("/slack/events", _slack(doors, doors.slack_secret))
    if doors.github_secret is not None:
        app.router.add_post("/github/webhooks", _github(doors, doors.github_secret))
    if doors.pagerduty_secret is not None:
        app.router.add_post("/pagerduty/webhooks", _pagerduty(doors, doors.pagerduty_secret))
    return app


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def _live(_: web.Request) -> web.Response:
    return web.Response(text="alive\n")


def _readyz(doors: Doors) -> Handler:
    async def handler(_: web.Request) -> web.Response:
        answers = await doors.ready()
        lines = "".join(f"{name}: {'ok' if fine else 'not ok'}\n" for name, fine in answers.items())
        return web.Response(text=lines, status=200 if all(answers.values()) else 503)

    return handler


def _slack(doors: Doors, secret: bytes) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        body = await _body(request, SLACK_BYTES)
        signature = request.headers.get("X-Slack-Signature")
        timestamp = request.headers.get("X-Slack-Request-Timestamp")
        if not slack_signed(secret, body, timestamp, signature, doors.clock.now()):
            return web.Response(status=401)
        text = _utf8(body)
        if text is None or not doors.is_slack_request(request.content_type, text):
            return web.Response(status=400)
        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        bolt = AsyncBoltRequest(body=text, query=request.query_string, headers=headers)
        answer: web.Response = await to_aiohttp_response(await doors.slack.async_dispatch(bolt))
        return answer

    return handler


def _github(doors: Doors, secret: bytes) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        body = await _body(request, WEBHOOK_BYTES)
        if not github_signed(secret, body, request.headers.get("X-Hub-Signature-256")):
            return web.Response(status=401)
        return web.Response(status=await doors.github(request.headers.get("X-GitHub-Event", ""), body))

    return handler


def _pagerduty(doors: Doors, secret: bytes) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        body = await _body(request, SLACK_BYTES)
        if not pagerduty_signed(secret, body, request.headers.get("X-PagerDuty-Signature")):
            return web.Response(status=401)
        return web.Response(status=await doors.pagerduty("", body))

    return handler


async def _body(request: web.Request, most: int) -> bytes:
    """The raw body, within a deadline and a size: 408 and 413 otherwise."""
    if request.content_length is not None and request.content_length > most:
        raise web.HTTPRequestEntityTooLarge(most, request.content_length)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    if len(body) > most:
        raise web.HTTPRequestEntityTooLarge(most, len(body))
    return body


def _utf8(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None
