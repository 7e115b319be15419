"""What Slack sends, whichever way it came: read strictly, given a place among those that are answered, handed to Bolt.

An envelope of a socket is brought into the form that HTTP has, so that there is one reading of what Slack sends.
"""

import json
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.deliveries import Delivery
from bot.envelope import UNHEARD, Envelope, Heard, Read, Receipt
from bot.intake import Full, Queue
from bot.metrics import Metrics

MOST_BYTES = 1024**2  # of one request
# Requests that are answered side by side: the last of them within Slack's three seconds.
AT_ONCE = 256
PATIENCE = 1.0  # seconds that a request waits for a place among them
SOON = "1"  # seconds after which whoever was turned away may come again
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
TAKEN, MALFORMED, TOO_LARGE, UNAVAILABLE = 200, 400, 413, 503


class SlackDoor:
    """The one way to the listeners."""

    def __init__(
        self,
        app: AsyncApp,
        read: Read,
        busy: Mapping[str, object],  # the answer to a command for which there is no room
        metrics: Metrics,
    ) -> None:
        self._app = app
        self.read = read
        self._busy = json.dumps(busy)
        self._metrics = metrics
        self.signed_at: float | None = None  # when Slack last sent something, well signed, over HTTP
        self._room = Queue(AT_ONCE, PATIENCE)

    async def answer(self, heard: Heard) -> BoltResponse:
        """What the listener says, 503 when too many are being answered; people who typed are told so in words. What
        nobody listens to is taken all the same: Slack would send it again, and call the app broken."""
        if heard.kind == UNHEARD:
            return BoltResponse(status=TAKEN)
        # Bolt takes what is parsed already for an envelope of a socket, whichever way it came.
        request = AsyncBoltRequest(body=heard.body, mode="socket_mode")
        try:
            async with self._room:
                return await self._app.async_dispatch(request)
        except Full:
            if heard.kind == "command":
                return BoltResponse(status=TAKEN, body=self._busy, headers={"content-type": JSON})
            return BoltResponse(status=UNAVAILABLE, headers={"retry-after": SOON})

    async def open(self, envelope: Envelope) -> Receipt | None:
        """What an envelope is acknowledged with. None: it is not, because nothing was stored; a type that is not known
        is acknowledged, because nobody waits for it."""
        if envelope.type not in BODIES:
            return Receipt()
        with Delivery("slack", self._metrics) as delivery:
            answer = await self._answer_to(envelope, delivery)
            delivery.status = answer.status
        return _receipt(answer) if answer.status == TAKEN else None

    async def _answer_to(self, envelope: Envelope, delivery: Delivery) -> BoltResponse:
        if envelope.size > MOST_BYTES:
            return BoltResponse(status=TOO_LARGE)
        try:
            content_type, text = BODIES[envelope.type](envelope.payload)
        except ValueError:  # half of a character, which nothing can store or show
            return BoltResponse(status=MALFORMED)
        heard = self.read(content_type, text)
        if heard is None:
            return BoltResponse(status=MALFORMED)
        delivery.kind = heard.kind
        return await self.answer(heard)


def _command(payload: Mapping[str, object]) -> tuple[str, str]:
    fields = {name: one if isinstance(one, str) else json.dumps(one) for name, one in payload.items()}
    return FORM, urlencode(fields)


def _interaction(payload: Mapping[str, object]) -> tuple[str, str]:
    return FORM, urlencode({"payload": json.dumps(payload)})


def _event(payload: Mapping[str, object]) -> tuple[str, str]:
    return JSON, json.dumps(payload)


BODIES: Mapping[str, Callable[[Mapping[str, object]], tuple[str, str]]] = {
    "slash_commands": _command,
    "interactive": _interaction,
    "events_api": _event,
}


def _receipt(answer: BoltResponse) -> Receipt:
    """Bolt answers with JSON, with words alone, or with nothing."""
    if not answer.body:
        return Receipt()
    if answer.first_headers().get("content-type", "").startswith(JSON):
        return Receipt(json.loads(answer.body))
    return Receipt({"text": answer.body})
