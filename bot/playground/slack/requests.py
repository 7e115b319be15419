"""What Slack sends to the app: signed requests that must be acknowledged within three seconds."""

import hashlib
import hmac
import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp

from bot.playground.slack.raw import Raw
from bot.playground.world import World

ACK_SECONDS = 3.0
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


class SlackRequests:
    """Signs and sends; remembers the last requests and how fast they were acknowledged."""

    def __init__(self, world: World) -> None:
        self._world = world
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
        return await self._send(sent, {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason})

    async def close(self) -> None:
        """Close the connections to the app."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _first(self, sent: Sent) -> Ack:
        self.sent.append(sent)
        return await self._send(sent, {})

    async def _send(self, sent: Sent, extra: Mapping[str, str]) -> Ack:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ACK_SECONDS))
        headers = {"Content-Type": sent.content_type, **self._signature(sent.content), **extra}
        started = time.monotonic()
        try:
            url = f"{self._world.bot_url}/slack/events"
            async with self._session.post(url, data=sent.content, headers=headers) as answer:
                ack = _ack_of(answer.status, await answer.text(), time.monotonic() - started)
        except TimeoutError:
            return Ack(failure="operation_timeout")
        except (aiohttp.ClientError, ValueError):
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
