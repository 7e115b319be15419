"""The real bot as a process of its own, that a test may signal, limit and wait for."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from bot.domain.promotion import Promotion
from bot.playground.server import DATABASE, Playground
from bot.store.peek import peek

GLANCE = 0.05  # real seconds
STEP = 1.0  # seconds of the world per glance
PATIENCE = 40.0  # real seconds for one thing that a test waits for


class BotProcess:
    """One bot beside a playground; `environment` is what it has other than the playground says."""

    def __init__(self, playground: Playground, environment: Mapping[str, str]) -> None:
        self.directory = playground._state_dir
        self._playground = playground
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """Its process id."""
        if self._process is None:
            raise AssertionError("the bot was not started")
        return self._process.pid

    @property
    def log(self) -> str:
        """Everything it logged."""
        return (self.directory / "bot.log").read_text()

    @property
    def promotions(self) -> dict[str, Promotion]:
        """What its store holds, read beside it."""
        return {one.id: one for one in peek(self.directory / DATABASE)}

    async def starts(self) -> None:
        """Start it and wait until it is ready."""
        environment = {**os.environ, **self._playground.bot_environment(), **self._environment}
        with (self.directory / "bot.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.playground.launch", env=environment, stdout=log, stderr=log
            )
        await self.until(self.is_ready, "the bot to be ready")

    async def ends(self, number: int) -> int:
        """Send it a signal and wait for its end; returns the exit code."""
        if self._process is None:
            raise AssertionError("the bot was not started")
        if self._process.returncode is None:
            self._process.send_signal(number)
        async with asyncio.timeout(PATIENCE):
            return await self._process.wait()

    async def kill(self) -> None:
        """End it, however far the test came."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def is_ready(self) -> bool:
        """Whether it says that it is ready."""
        return await self.status("/readyz") == 200

    async def status(self, path: str) -> int:
        """The status of one of its pages; 0 when it does not answer."""
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"{self._playground.world.bot_url}{path}") as answer,
            ):
                return answer.status
        except aiohttp.ClientError:
            return 0

    async def says(self, person: str, text: str) -> Any:
        """Let a person type a line; what they alone were answered."""
        said = {"as": person, "channel": "deploys", "thread": None, "text": text}
        url = f"{self._playground.url}/play/say"
        async with aiohttp.ClientSession() as session, session.post(url, json=said) as answer:
            return await answer.json()

    async def until(self, holds: Callable[[], Any], what: str) -> None:
        """Let the world's time pass until something holds."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not await self._is(holds):
                    self._playground.world.clock.forward(STEP)
                    await asyncio.sleep(GLANCE)
        except TimeoutError:
            raise AssertionError(f"waited in vain for {what}: {self._where()}") from None

    async def _is(self, holds: Callable[[], Any]) -> bool:
        found = holds()
        return bool(await found if asyncio.iscoroutine(found) else found)

    def _where(self) -> str:
        told = [f"{one.id} {one.phase.value} {one.ending}" for one in self.promotions.values()]
        return f"{told}, log: {self.log[-2000:]}"


def vendors_at(url: str, playground: Playground) -> dict[str, str]:
    """The settings of a bot for which every vendor is at another address."""
    settings = playground.bot_environment()
    return {
        name: value.replace(playground.url, url)
        for name, value in settings.items()
        if name.endswith("_URL") and value.startswith(playground.url)
    }


def cards(playground: Playground, promotion: str) -> list[str]:
    """The cards of a promotion, orphans too."""
    messages = playground.slack.messages("deploys")
    return [one.text for one in messages if promotion in str(one.metadata) and not one.thread_ts]


def shown(playground: Playground, promotion: str) -> str:
    """Everything that stands on the cards of a promotion."""
    messages = playground.slack.messages("deploys")
    return str([one.blocks for one in messages if promotion in str(one.metadata)])
