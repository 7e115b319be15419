"""A simulated GitHub with a client and a listening bot, for the tests of its parts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from bot.playground.github.runs import Run
from bot.playground.github.simulator import GitHub
from bot.playground.world import World, sha_for
from tests.playground.simulators import Listener, served, small_world

TOKEN = "ghs_playground"
INPUTS = {
    "service": "checkout",
    "environment": "production",
    "version": "v2.14.3",
    "sha": sha_for("checkout", "v2.14.3"),
    "correlation_id": "c0ffee",
}
NEW, OLD = "2026-03-10", "2022-11-28"


@dataclass(slots=True)
class Answered:
    """Status, JSON and headers of an answer."""

    status: int
    body: object
    headers: dict[str, str]

    def __getitem__(self, key: str) -> object:
        assert isinstance(self.body, dict), self.body
        return self.body[key]

    def listed(self, key: str | None = None) -> list[dict[str, object]]:
        found = self.body if key is None else self[key]
        assert isinstance(found, list)
        return found


@dataclass(slots=True)
class Place:
    """GitHub, simulated, with a client and a bot that listens."""

    world: World
    github: GitHub
    base: str
    http: aiohttp.ClientSession
    listener: Listener

    async def asks(
        self,
        path: str,
        *,
        method: str = "GET",
        json: object = None,
        token: str = TOKEN,
        version: str = NEW,
        **headers: str,
    ) -> Answered:
        sent = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": version, **headers}
        async with self.http.request(method, self.base + path, json=json, headers=sent) as answer:
            is_json = "json" in answer.content_type
            body: object = await answer.json() if is_json else await answer.text()
            return Answered(answer.status, body, dict(answer.headers))

    async def repo(self, path: str = "") -> Answered:
        return await self.asks("/repos/acme/checkout" + path)

    async def dispatches(
        self,
        workflow: str = "deploy.yml",
        ref: str = "main",
        api: str = NEW,
        token: str = TOKEN,
        **changed: str,
    ) -> Answered:
        inputs = {**INPUTS, **changed}
        path = f"/repos/acme/checkout/actions/workflows/{workflow}/dispatches"
        body = {"ref": ref, "inputs": inputs}
        return await self.asks(path, method="POST", json=body, version=api, token=token)

    async def passes(self, seconds: float) -> None:
        self.world.clock.forward(seconds)
        await self.github.tick()
        await self.github.courier.settled()

    def run(self) -> Run:
        return self.github.runs.all[-1]

    def serves(self) -> str:
        return self.world.serving["checkout", "production"].version


@asynccontextmanager
async def github_place() -> AsyncIterator[Place]:
    """GitHub on a free port, telling a bot that only listens."""
    world, listener = small_world(), Listener()
    github = GitHub(world)
    async with (
        served(github.routes()) as origin,
        served(listener.routes()) as bot,
        aiohttp.ClientSession() as http,
    ):
        world.bot_url = bot
        yield Place(world, github, origin + "/sim/github", http, listener)
        await github.close()
