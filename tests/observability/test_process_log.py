"""What the real process writes at DEBUG on a day on which everything fails: lines of JSON, and no secret in any."""

import json
import re
import signal
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.playground.server import Playground
from bot.playground.world import Fault, Vendor
from tests.faults.bot_process import BotProcess
from tests.redis_place import RedisServer

PASSWORD = "sesame-of-the-store"
FAULTS: Mapping[Vendor, tuple[Fault, ...]] = {
    "slack": (500, 429, 401),
    "github": (500, 401, 403),
    "pagerduty": (500, 401, 429),
}
MADE = re.compile(r"/sim/slack/response/|xox[a-z]-|xapp-|gh[a-z]_|Bearer |ticket=[^(]|PRIVATE KEY")


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[RedisServer]:
    """A Redis that asks for a password."""
    server = RedisServer(tmp_path / "redis", "--requirepass", PASSWORD)
    server.tls = {"password": PASSWORD}
    server.url = server.url.replace("://", f"://:{PASSWORD}@")
    try:
        await server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture
async def bot(redis: RedisServer, tmp_path: Path) -> AsyncIterator[BotProcess]:
    """The bot as a process, on that Redis, telling all that it can."""
    playground = Playground(tmp_path / "state")
    await playground.start()
    playground.slack.limits.enforced = False
    playground.world.run.seconds = 1.0
    bot = BotProcess(playground, {"STORE_URL": await redis.created(), "LOG_LEVEL": "DEBUG"})
    try:
        await bot.starts()
        yield bot
    finally:
        await bot.kill()
        await playground.stop()


@pytest.mark.timeout(180)
async def test_a47_the_process_writes_no_secret_on_a_bad_day(bot: BotProcess, redis: RedisServer) -> None:
    """Each vendor fails and refuses, Redis goes away and comes back, the token is revoked, and it is stopped: zero hits."""
    playground = bot._playground
    await _is_asked(bot)
    for vendor, faults in FAULTS.items():
        playground.world.vendor.setdefault(vendor, []).extend(faults)
    playground.world.run.conclusion = "failure"
    for manager in ("bo", "cy"):
        await bot.says(manager, "/promote approve P-1")
    await bot.until(lambda: not any(playground.world.vendor.values()), "every fault to be met")
    redis.kill()
    await bot.until(lambda: '"event": "store down"' in bot.log, "the store to be missed")
    await bot.says("ana", "/promote status checkout")
    await redis.start()
    await bot.until(bot.is_ready, "the bot to be well again")
    playground.world.vendor_always["slack"] = 401
    await bot.until(lambda: "account not read" in bot.log, "the token to be refused")
    await bot.ends(signal.SIGTERM)

    lines = [json.loads(line) for line in bot.log.splitlines()]
    assert {line["level"] for line in lines} >= {"info", "warning"}
    assert [secret for secret in (*_secrets(playground), PASSWORD) if secret in bot.log] == []
    assert MADE.findall(bot.log) == []


async def _is_asked(bot: BotProcess) -> None:
    await bot.says("ana", "/promote checkout@v2.14.3 to production because fix refunds")
    await bot.until(lambda: "Approve" in str(_messages(bot)), "the Approve button")


def _messages(bot: BotProcess) -> list[Any]:
    return [one.blocks for one in bot._playground.slack.messages("deploys")]


def _secrets(playground: Playground) -> list[str]:
    environment = playground.bot_environment()
    words = ("TOKEN", "SECRET", "KEY")
    found = [value for name, value in environment.items() if any(word in name for word in words)]
    assert len(set(found)) >= 8
    return found
