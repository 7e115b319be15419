"""The real process in Socket Mode: what it leaves behind at SIGTERM, and what it writes into its log."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground.seed import APP_TOKEN
from bot.playground.server import Playground
from bot.playground.slack import payloads
from bot.playground.slack.raw import Raw
from tests.faults.bot_process import BotProcess

IN_HAND = 40
PUBLIC = {"LOG_LEVEL": "DEBUG", "SLACK_APP_TOKEN": APP_TOKEN}


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[BotProcess]:
    """A playground, and beside it a bot that opens sockets and logs all it can."""
    playground = Playground(tmp_path)
    await playground.start()
    process = BotProcess(playground, PUBLIC)
    try:
        await process.starts()
        yield process
    finally:
        await process.kill()
        await playground.stop()


@pytest.mark.timeout(120)
async def test_f12_what_is_in_hand_on_a_socket_is_answered_before_the_end(bot: BotProcess) -> None:
    """SIGTERM among forty commands: each is answered or was never taken, the sockets are closed, and the code is 0."""
    sockets = bot._playground.slack.sockets
    asked = [asyncio.create_task(sockets.deliver("slash_commands", line(bot, n), {})) for n in range(IN_HAND)]
    await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    assert await bot.ends(signal.SIGTERM) == 0, bot.log[-3000:]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(one, dict | ConnectionError) for one in answers), answers
    assert any(isinstance(one, dict) for one in answers)
    assert sockets.open == []
    assert "Traceback" not in bot.log


@pytest.mark.timeout(120)
async def test_a47_no_token_and_no_ticket_is_in_the_log(bot: BotProcess) -> None:
    """Not even at DEBUG: the addresses of sockets hold a ticket that opens one, and people's words are theirs."""
    sockets = bot._playground.slack.sockets
    await bot.says("ana", "/promote checkout@v2.14.3 to dev because of a secret-sauce")
    await sockets.close()
    await bot.until(lambda: len(sockets.open) == 2, "two new sockets")
    assert await bot.ends(signal.SIGTERM) == 0
    assert "a socket to Slack is open" in bot.log
    for secret in (APP_TOKEN, "ticket=", "secret-sauce"):
        assert secret not in bot.log


def line(bot: BotProcess, number: int) -> Raw:
    """A command of Ana's."""
    workspace = bot._playground.slack.workspace
    ana = bot._playground.world.people["ana"]
    fields = payloads.slash_command(workspace, ana, workspace.channel("deploys"), "/promote help")
    return {**fields, "trigger_id": f"{number}.0", "response_url": "https://slack.example/none"}
