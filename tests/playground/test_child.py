"""The bot's process can be killed, started again and told apart from the machine it runs on."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.playground.child import BotDidNotStart, ChildBot, free_port

STAND_IN = """
import http.server, json, os, sys
class Bot(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ) | {"cwd": os.getcwd()}).encode())
http.server.HTTPServer(("127.0.0.1", int(os.environ["HTTP_PORT"])), Bot).serve_forever()
"""


@pytest.fixture
async def child(tmp_path: Path) -> AsyncIterator[ChildBot]:
    """A stand-in for the bot that answers every address with its environment."""
    port = free_port()
    child = ChildBot(tmp_path, port, lambda: {"HTTP_PORT": str(port)}, (sys.executable, "-c", STAND_IN))
    yield child
    await child.stop()


async def seen_by(child: ChildBot) -> dict[str, str]:
    """The environment that the process sees."""
    async with aiohttp.ClientSession() as session, session.get(f"{child.url}/readyz") as answer:
        return dict(await answer.json(content_type=None))


async def test_the_bot_is_ready_when_start_returns(child: ChildBot) -> None:
    """Starting waits for /readyz, and starting twice is starting once."""
    await child.start()
    first = child.pid
    await child.start()
    assert child.running
    assert child.pid == first
    assert (await seen_by(child))["HTTP_PORT"] == child.url.rpartition(":")[2]


async def test_a_killed_bot_comes_back_on_the_same_port(child: ChildBot) -> None:
    """kill -9 ends the process at once; the next start is another process at the same address."""
    await child.start()
    first = child.pid
    await child.kill()
    assert not child.running
    with pytest.raises(aiohttp.ClientConnectionError):
        await seen_by(child)
    await child.start()
    assert child.running
    assert child.pid != first


async def test_no_real_token_reaches_the_bot(tmp_path: Path) -> None:
    """Tokens in the developer's shell and a .env beside it stay out; the bot works in the state directory."""
    port = free_port()
    shell = {**os.environ, "SLACK_APP_TOKEN": "xapp-real", "GITHUB_APP_PRIVATE_KEY": "real"}
    command = (sys.executable, "-c", STAND_IN)
    child = ChildBot(tmp_path, port, lambda: {"HTTP_PORT": str(port)}, command, shell)
    await child.start()
    seen = await seen_by(child)
    await child.stop()
    assert {"SLACK_APP_TOKEN", "GITHUB_APP_PRIVATE_KEY"}.isdisjoint(seen)
    assert Path(seen["cwd"]) == tmp_path
    assert seen["PATH"] == os.environ["PATH"]


async def test_a_bot_that_cannot_start_says_why(tmp_path: Path) -> None:
    """The error carries the exit status and the end of the log."""
    command = (sys.executable, "-c", "raise SystemExit('STORE_URL is missing')")
    child = ChildBot(tmp_path, free_port(), dict, command)
    with pytest.raises(BotDidNotStart, match="ended with 1:\nSTORE_URL is missing"):
        await child.start()
    assert not child.running


async def test_a_bot_can_be_killed_while_it_starts(tmp_path: Path) -> None:
    """A kill does not wait for the start to finish."""
    command = (sys.executable, "-c", "import time; time.sleep(60)")
    child = ChildBot(tmp_path, free_port(), dict, command)
    starting = asyncio.create_task(child.start())
    await asyncio.sleep(0.5)
    assert child.running
    await child.kill()
    with pytest.raises(BotDidNotStart, match="ended with -9"):
        await starting
