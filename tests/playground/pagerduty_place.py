"""A simulated PagerDuty with a client and a listening bot, for the tests of its parts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pdpyras

from bot.playground.pagerduty.simulator import BOT_EMAIL, ROUTING_KEYS, PagerDuty
from bot.playground.world import World
from tests.playground.simulators import Listener, served, small_world

KEY = "pd-playground-key"
DEPLOY_FAILED = {"summary": "checkout deploy failed", "source": "greenlight", "severity": "critical"}


@dataclass(slots=True)
class Place:
    """PagerDuty, simulated, with a client and a bot that listens."""

    world: World
    pagerduty: PagerDuty
    base: str
    http: aiohttp.ClientSession
    listener: Listener

    async def asks(
        self, path: str, *, method: str = "GET", json: object = None, key: str = KEY, **headers: str
    ) -> tuple[int, dict[str, object]]:
        sent = {"Authorization": f"Token token={key}", **headers}
        async with self.http.request(method, self.base + path, json=json, headers=sent) as answer:
            return answer.status, await answer.json()

    async def sends(self, action: str = "trigger", /, **changed: object) -> tuple[int, dict[str, object]]:
        event = {
            "routing_key": ROUTING_KEYS["checkout"], "event_action": action, "dedup_key": "P-1",
            "payload": DEPLOY_FAILED, **changed,
        }  # fmt: skip
        kept = {name: value for name, value in event.items() if value is not None}
        async with self.http.post(f"{self.base}/v2/enqueue", json=kept) as answer:
            return answer.status, await answer.json()

    async def hears(self) -> list[str]:
        await self.pagerduty.tick()
        await self.pagerduty.courier.settled()
        return [str(event_of(got.payload)["event_type"]) for got in self.listener.received]

    def statuses(self) -> list[object]:
        return [incident["status"] for incident in self.pagerduty.incidents_state()]

    def session(self) -> pdpyras.APISession:
        session = pdpyras.APISession(KEY, default_from=BOT_EMAIL)
        session.url = self.base
        return session


def event_of(payload: dict[str, object]) -> dict[str, object]:
    """The event in a v3 webhook."""
    event = payload["event"]
    assert isinstance(event, dict)
    return event


@asynccontextmanager
async def pagerduty_place() -> AsyncIterator[Place]:
    """PagerDuty on a free port, telling a bot that only listens."""
    world, listener = small_world(), Listener()
    pagerduty = PagerDuty(world)
    async with (
        served(pagerduty.routes()) as origin,
        served(listener.routes()) as bot,
        aiohttp.ClientSession() as http,
    ):
        world.bot_url = bot
        yield Place(world, pagerduty, origin + "/sim/pagerduty", http, listener)
        await pagerduty.close()
