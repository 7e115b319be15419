"""Signed webhooks from the simulated vendors to the bot: lost, doubled or late when the world is bent so.

A delivery never holds up the world: it is put in a line that one task works off in order, and that task
is awaited on close. Nobody redelivers by themselves, exactly like GitHub.
"""

import asyncio
import hashlib
import hmac
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp

from bot.playground.traffic import Exchange
from bot.playground.world import Vendor, World

LATE = 20.0  # world seconds
PATIENCE = aiohttp.ClientTimeout(total=10)  # GitHub gives up after ten seconds as well
MOST_KEPT = 2_000


@dataclass(slots=True)
class Delivery:
    """One webhook on its way; `status` becomes an HTTP status, "lost", "refused" or "no receiver"."""

    vendor: Vendor
    event: str  # workflow_run.completed
    guid: str
    path: str  # on the bot
    body: bytes
    headers: Mapping[str, str]
    due: float
    status: int | str = "waiting"
    copy: bool = field(default=False)


class Courier:
    """Carries one vendor's webhooks to `path` on the bot, in order."""

    def __init__(self, world: World, vendor: Vendor, path: str) -> None:
        self.deliveries: deque[Delivery] = deque(maxlen=MOST_KEPT)
        self._world = world
        self._vendor = vendor
        self._path = path
        self._waiting: list[Delivery] = []
        self._sender: asyncio.Task[None] | None = None

    def put(self, event: str, guid: str, payload: object, headers: Mapping[str, str], signature: str) -> None:
        """Queue one webhook; `signature` names the header that carries the HMAC of the body."""
        body = json.dumps(payload, separators=(",", ":")).encode()
        signed = {**headers, **_signed(self._world, self._vendor, signature, body)}
        due = self._world.clock.now() + (LATE if self._world.webhooks == "late" else 0.0)
        first = Delivery(self._vendor, event, guid, self._path, body, signed, due)
        self.deliveries.append(first)
        if self._world.webhooks == "lost":
            first.status = "lost"
            self._world.traffic.answered(self._shown(first), "lost")
            return
        self._waiting.append(first)
        if self._world.webhooks == "doubled":
            again = Delivery(self._vendor, event, guid, self._path, body, signed, due, copy=True)
            self.deliveries.append(again)
            self._waiting.append(again)

    def redeliver(self, guid: str) -> None:
        """Send a delivery once more, as someone pressing *Redeliver* does."""
        old = next(sent for sent in self.deliveries if sent.guid == guid)
        now = self._world.clock.now()
        again = Delivery(old.vendor, old.event, guid, old.path, old.body, old.headers, now, copy=True)
        self.deliveries.append(again)
        self._waiting.append(again)

    async def tick(self) -> None:
        """Start sending what is due; returns at once."""
        if self._sender is not None and self._sender.done():
            self._sender.result()
            self._sender = None
        if self._sender is None and self._due():
            self._sender = asyncio.create_task(self._send_due(), name=f"{self._vendor} webhooks")

    async def settled(self) -> None:
        """Wait until everything that is due has been sent."""
        while self._sender is not None or self._due():
            await self.tick()
            if self._sender is not None:
                await asyncio.wait([self._sender])

    async def close(self) -> None:
        """Stop sending; what still waits is dropped."""
        self._waiting.clear()
        if self._sender is not None:
            await asyncio.wait([self._sender])
            self._sender = None

    def _due(self) -> list[Delivery]:
        now = self._world.clock.now()
        return [delivery for delivery in self._waiting if delivery.due <= now]

    async def _send_due(self) -> None:
        async with aiohttp.ClientSession(timeout=PATIENCE) as client:
            while due := self._due():
                self._waiting.remove(due[0])
                due[0].status = await self._send(client, due[0])
                self._world.touch()

    async def _send(self, client: aiohttp.ClientSession, delivery: Delivery) -> int | str:
        if not self._world.bot_url:
            return "no receiver"
        url = self._world.bot_url + delivery.path
        exchange = self._shown(delivery)
        status: int | str
        try:
            async with client.post(url, data=delivery.body, headers=delivery.headers) as answer:
                status, words = answer.status, await answer.text()
        except (aiohttp.ClientError, TimeoutError):
            status, words = "refused", ""
        self._world.traffic.answered(exchange, status, words)
        return status

    def _shown(self, delivery: Delivery) -> Exchange:
        call, now = ("POST", delivery.path), self._world.clock.now()
        begins = self._world.traffic.begins
        return begins(now, "to bot", self._vendor, call, delivery.body, delivery.headers)


def _signed(world: World, vendor: Vendor, header: str, body: bytes) -> dict[str, str]:
    """The signature header of `body`: `sha256=…` for GitHub, `v1=…` for PagerDuty."""
    secret = world.secrets[f"{vendor}_webhook"].encode()
    scheme = {"github": "sha256", "pagerduty": "v1"}.get(vendor, "v0")
    digest = hmac.new(secret, body, hashlib.sha256).hexdigest()
    return {header: f"{scheme}={digest}", "Content-Type": "application/json"}
