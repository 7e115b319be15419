"""What Slack sends to the app, signed over HTTP or through a socket, to be acknowledged within three seconds."""

import hashlib
import hmac
import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

import aiohttp

from bot.playground.slack.raw import Raw
from bot.playground.slack.socket import ACK_SECONDS, Sockets
from bot.playground.world import World

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Ack:
    """What the app answered: words or JSON, or why Slack gave up."""

    failure: str | None = None  # operation_timeout | dispatch_failed
    text: str = ""
    body: Raw = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Sent:
    """One request to the app as it left, so that a test can send it again."""

    content: bytes
    content_type: str

    @property
    def envelope(self) -> tuple[str, Raw]:
        """The same for a socket: the type of its envelope, and what is in it."""
        if self.content_type != _FORM:
            return "events_api", json.loads(self.content)
        fields = dict(parse_qsl(self.content.decode(), keep_blank_values=True))
        if "payload" in fields:
            return "interactive", json.loads(fields["payload"])
        return "slash_commands", dict(fields)


class SlackRequests:
    """Signs and sends; remembers the last requests and how fast they were acknowledged."""

    def __init__(self, world: World, sockets: Sockets) -> None:
        self._world = world
        self._sockets = sockets
        self._session: aiohttp.ClientSession | None = None
        self.sent: deque[Sent] = deque(maxlen=1000)
        self.ack_seconds: deque[float] = deque(maxlen=1000)

    async def form(self, fields: Mapping[str, str]) -> Ack:
        """Send a slash command."""
        return await self._first(Sent(urlencode(fields).encode(), _FORM))

    async def payload(self, payload: Raw) -> Ack:
        """Send an interaction: a click, a submission, a request for options."""
        return await self._first(Sent(urlencode({"payload": json.dumps(payload)}).encode(), _FORM))

    async def event(self, envelope: Raw) -> Ack:
        """Send an event; what was not acknowledged is sent once more, as Slack does at once."""
        sent = Sent(json.dumps(envelope).encode(), "application/json")
        ack = await self._first(sent)
        return await self.repeat(sent, 1) if ack.failure else ack

    async def repeat(self, sent: Sent, retry: int, reason: str = "http_timeout") -> Ack:
        """Send a request again, marked as Slack marks its retries."""
        if self._sockets.is_on:
            return await self._through_socket(sent, {"retry_attempt": retry, "retry_reason": reason})
        return await self._over_http(sent, {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason})

    async def close(self) -> None:
        """Close the connections to the app."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _first(self, sent: Sent) -> Ack:
        self.sent.append(sent)
        return await (self._through_socket(sent, {}) if self._sockets.is_on else self._over_http(sent, {}))

    async def _through_socket(self, sent: Sent, retry: Mapping[str, object]) -> Ack:
        kind, payload = sent.envelope
        traffic = self._world.traffic
        call = ("SOCKET", kind)
        exchange = traffic.begins(self._world.clock.now(), "to bot", "slack", call, payload)
        started = time.monotonic()
        try:
            answer = await self._sockets.deliver(kind, payload, retry)
        except (TimeoutError, ConnectionError) as failed:
            late = isinstance(failed, TimeoutError)
            failure = "operation_timeout" if late else "dispatch_failed"
            traffic.answered(exchange, failure)
            return Ack(failure=failure)
        traffic.answered(exchange, 200, answer)
        ack = Ack(body=answer.get("payload") or {}, seconds=time.monotonic() - started)
        self.ack_seconds.append(ack.seconds)
        return ack

    async def _over_http(self, sent: Sent, extra: Mapping[str, str]) -> Ack:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ACK_SECONDS))
        headers = {"Content-Type": sent.content_type, **self._signature(sent.content), **extra}
        traffic, now, call = self._world.traffic, self._world.clock.now(), ("POST", "/slack/events")
        exchange = traffic.begins(now, "to bot", "slack", call, sent.content, headers)
        started = time.monotonic()
        try:
            url = self._world.bot_url + call[1]
            async with self._session.post(url, data=sent.content, headers=headers) as answer:
                text = await answer.text()
                ack = _ack_of(answer.status, text, time.monotonic() - started)
                traffic.answered(exchange, answer.status, text)
        except TimeoutError:
            traffic.answered(exchange, "operation_timeout")
            return Ack(failure="operation_timeout")
        except (aiohttp.ClientError, ValueError):
            traffic.answered(exchange, "dispatch_failed")
            return Ack(failure="dispatch_failed")
        self.ack_seconds.append(ack.seconds)
        return ack

    def _signature(self, content: bytes) -> dict[str, str]:
        stamp = str(int(self._world.clock.now()))
        secret = self._world.secrets["slack_signing"].encode()
        digest = hmac.new(secret, f"v0:{stamp}:".encode() + content, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def _ack_of(status: int, text: str, seconds: float) -> Ack:
    if status != 200:
        return Ack(failure="dispatch_failed", seconds=seconds)
    try:
        body = json.loads(text) if text.strip() else {}
    except ValueError:
        return Ack(text=text, seconds=seconds)
    return Ack(body=body, seconds=seconds) if isinstance(body, dict) else Ack(text=text, seconds=seconds)
