"""What the tests of the simulators share: a world, a server on a free port, a bot that takes webhooks."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from bot.playground.clock import WorldClock
from bot.playground.world import Person, Release, World, sha_for

SECRETS = {
    "github_webhook": "fake-github",
    "pagerduty_webhook": "fake-pagerduty",
    "slack_signing": "fake-slack",
}


def small_world() -> World:
    """Checkout with v2.14.2 in production and v2.14.3 in staging; Ana asks, Dee is on call."""
    people = [
        Person("ana", "Ana", "U0ANA", "ana-dev", "PANA", "asks"),
        Person("bo", "Bo", "U0BO", "bo-dev", None, "release manager"),
        Person("dee", "Dee", "U0DEE", "dee-dev", "PDEE", "on call"),
    ]
    serving = {
        ("checkout", "production"): Release("v2.14.2", sha_for("checkout", "v2.14.2")),
        ("checkout", "staging"): Release("v2.14.3", sha_for("checkout", "v2.14.3")),
    }
    return World(WorldClock(), {person.name: person for person in people}, serving, dict(SECRETS))


@asynccontextmanager
async def served(routes: Iterable[web.AbstractRouteDef]) -> AsyncIterator[str]:
    """Serve routes on a free port of the loopback; gives the origin."""
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@dataclass(slots=True)
class Received:
    """One webhook as it came."""

    headers: dict[str, str]
    raw: bytes

    @property
    def payload(self) -> dict[str, object]:
        """The JSON object of the body."""
        read: dict[str, object] = json.loads(self.raw)
        return read

    def is_signed(self, header: str, scheme: str, secret: str) -> bool:
        """Whether the header holds the HMAC of the raw body."""
        digest = hmac.new(secret.encode(), self.raw, hashlib.sha256).hexdigest()
        return self.headers[header] == f"{scheme}={digest}"


@dataclass(slots=True)
class Listener:
    """A bot that only writes down what it receives; `slow` keeps each sender waiting, in seconds."""

    received: list[Received] = field(default_factory=list)
    slow: float = 0.0

    def routes(self) -> list[web.RouteDef]:
        """The two webhook routes of the bot."""
        return [web.post("/github/webhooks", self._take), web.post("/pagerduty/webhooks", self._take)]

    async def _take(self, http: web.Request) -> web.Response:
        self.received.append(Received(dict(http.headers), await http.read()))
        await asyncio.sleep(self.slow)
        return web.Response(status=202)
