"""A world around the bot as a process: simulators, and a proxy that can hold every vendor's answers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground.server import Playground
from tests.faults.bot_process import BotProcess, vendors_at
from tests.faults.holding import HoldingProxy


class Place:
    """A playground, a bot beside it, and a proxy between them that can hold every vendor's answers."""

    def __init__(self, playground: Playground, proxy: HoldingProxy, bot: BotProcess) -> None:
        self.playground, self.proxy, self.bot = playground, proxy, bot


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """Everything is up; at the end it is down, however the test went."""
    playground = Playground(tmp_path)
    await playground.start()
    playground.slack.limits.enforced = False
    proxy = HoldingProxy(playground.url)
    await proxy.open()
    bot = BotProcess(playground, vendors_at(proxy.url, playground))
    try:
        await bot.starts()
        yield Place(playground, proxy, bot)
    finally:
        await bot.kill()
        await proxy.close()
        await playground.stop()
