"""One life of a deploy that fails and is rolled back, told by people who do not give up when the bot dies.

Whoever sees Slack's own failure repeats what they did, as people do; whoever finds the bot dead starts it again.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp

from bot.domain.promotion import Phase, Promotion
from bot.playground.server import DATABASE, Playground
from bot.store.peek import peek

GLANCE = 0.05  # real seconds
STEP = 1.0  # seconds of the world per glance
PATIENCE = 40.0  # real seconds for one step of the story
PASSES = 15  # glances after which somebody who sees nothing come of it acts again
QUIET = 8.0  # seconds of the world in which nothing is asked of anybody: then all is told


class Nursery:
    """The process that forks bots."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def open(cls) -> "Nursery":
        """Start it; the imports happen once."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.durability.nursery",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return cls(process)

    async def bear(self, environment: dict[str, str], log: Path) -> int:
        """A new bot's process id."""
        if self._process.stdin is None or self._process.stdout is None:
            raise AssertionError("the nursery has no pipes")
        order = {"environment": {**os.environ, **environment}, "log": str(log)}
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        return int(await self._process.stdout.readline())

    async def close(self) -> None:
        """End it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()


class Life:
    """The world around one mortal bot."""

    def __init__(self, directory: Path, nursery: Nursery, crash_at: int) -> None:
        self.playground = Playground(directory)
        self.points = directory / "points"
        self.deaths = 0
        self.directory = directory
        self._nursery = nursery
        self._crash_at = crash_at
        self._pid = 0
        self._acting: list[asyncio.Future[None]] = []

    @property
    def promotions(self) -> dict[str, Promotion]:
        """What the store holds, read beside the bot."""
        return {one.id: one for one in peek(self.directory / DATABASE)}

    async def lives(self) -> None:
        """Fail a deploy, roll it back, and wait until everybody has been told."""
        await self.playground.start()
        self.playground.slack.limits.enforced = False
        try:
            async with aiohttp.ClientSession() as self._session:
                await self._bring_up(self._crash_at)
                await self._happens()
        finally:
            await self._end_bot()
            await asyncio.gather(*self._acting, return_exceptions=True)
            await self.playground.stop()

    async def _happens(self) -> None:
        world = self.playground.world
        world.run.conclusion, world.run.step, world.run.seconds = "failure", "Smoke tests", 4.0
        ask = "/promote checkout@v2.14.3 to production because fix refunds"
        await self._insists(lambda: self._types("ana", ask), lambda: "P-1" in self._asked("promote"))
        await self._insists(lambda: self._approves("bo"), lambda: self._has_approved("bo"))
        await self._insists(lambda: self._approves("cy"), lambda: self._has_approved("cy"))
        await self._until(lambda: self._phase("promote") is Phase.FAILED, "the deploy to fail")
        world.run.conclusion, world.run.step = "success", None
        undo = "/promote rollback checkout in production because refunds are failing"
        await self._insists(lambda: self._types("dee", undo), lambda: bool(self._asked("rollback")))
        await self._until(lambda: self._phase("rollback") is Phase.SUCCEEDED, "the rollback")
        await self._until(lambda: bool(self._first("promote").undone_by), "the card to know of it")
        await self._until_quiet()

    def _asked(self, kind: str) -> dict[str, Promotion]:
        return {one.id: one for one in self.promotions.values() if one.kind.value == kind}

    def _first(self, kind: str) -> Promotion:
        return min(self._asked(kind).values(), key=lambda one: one.created)

    def _phase(self, kind: str) -> Phase | None:
        asked = self._asked(kind)
        return self._first(kind).phase if asked else None

    def _has_approved(self, person: str) -> bool:
        return person in {one.by for one in self._first("promote").approvals}

    async def _types(self, person: str, text: str) -> None:
        said = {"as": person, "channel": "deploys", "thread": None, "text": text}
        await self._play("say", said)

    async def _approves(self, person: str) -> None:
        pressed = {"as": person, "promotion": "P-1", "button": "Approve", "confirm": True, "within": 2.0}
        await self._play("click", pressed)

    async def _play(self, call: str, body: dict[str, Any]) -> None:
        async with self._session.post(f"{self.playground.url}/play/{call}", json=body) as response:
            await response.read()

    async def _insists(self, act: Callable[[], Any], is_done: Callable[[], bool]) -> None:
        """Act, look, and act again while nothing came of it."""
        async with asyncio.timeout(PATIENCE):
            while not is_done():
                await self._keep_alive()
                acting = asyncio.ensure_future(
                    act()
                )  # the page waits for replies: what came of it shows before
                self._acting.append(acting)
                for _ in range(PASSES):
                    if is_done():
                        return
                    await self._pass()
                await acting

    async def _until(self, holds: Callable[[], bool], what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not holds():
                    await self._pass()
        except TimeoutError:
            raise AssertionError(f"waited in vain for {what}: {self._where()}") from None

    async def _until_quiet(self) -> None:
        world = self.playground.world
        seen, since = -1, world.clock.now()
        async with asyncio.timeout(PATIENCE):
            while world.clock.now() - since < QUIET:
                asked = sum(1 for one in world.ledger if one.vendor != "slack" or one.path != "users.info")
                if asked != seen:
                    seen, since = asked, world.clock.now()
                await self._pass()

    async def _pass(self) -> None:
        await self._keep_alive()
        self.playground.world.clock.forward(STEP)
        await asyncio.sleep(GLANCE)

    async def _keep_alive(self) -> None:
        if not self._is_alive():
            self.deaths += 1
            await self._bring_up(0)

    async def _bring_up(self, crash_at: int) -> None:
        environment = self.playground.bot_environment() | {"CRASH_AT": str(crash_at)}
        if crash_at == 0 and self.deaths == 0:
            environment |= {"POINTS": str(self.points)}
        self._pid = await self._nursery.bear(environment, self.directory / "bot.log")
        async with asyncio.timeout(PATIENCE):
            while self._is_alive() and not await self._is_ready():  # noqa: ASYNC110
                await asyncio.sleep(GLANCE)

    def _is_alive(self) -> bool:
        return Path(f"/proc/{self._pid}").exists()

    async def _is_ready(self) -> bool:
        try:
            async with self._session.get(f"{self.playground.world.bot_url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def _end_bot(self) -> None:
        if self._pid and self._is_alive():
            os.kill(self._pid, 9)
        await self._until_gone()

    async def _until_gone(self) -> None:
        while self._pid and self._is_alive():  # noqa: ASYNC110  (the kernel rings no event of ours)
            await asyncio.sleep(GLANCE)

    def _where(self) -> str:
        told = [f"{one.id} {one.phase.value} {one.ending}" for one in self.promotions.values()]
        log = (self.directory / "bot.log").read_text()[-2000:]
        return f"{told}, {self.deaths} deaths, log: {log}"
