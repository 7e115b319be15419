"""What the tests of the playground stand on."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.clock import WorldClock
from bot.playground.seed import build_world
from bot.playground.server import Playground
from bot.playground.slack.simulator import Slack
from tests.playground.chromium import SHARED
from tests.playground.hall import Hall
from tests.playground.practice_app import practice_app
from tests.playground.stage import Stage


@pytest.fixture(scope="session", autouse=True)
def one_browser() -> Iterator[None]:
    """The browser that every test of the page looks through ends with them."""
    yield
    SHARED.stop()


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    """A playground at its start with the practice app as the bot."""
    playground = Playground(tmp_path)
    await playground.start()
    api = f"{playground.url}/sim/slack/api/"
    async with (
        practice_app(playground.world, api, playground.bot_port) as app,
        aiohttp.ClientSession() as session,
    ):
        yield Hall(playground, app, session)
    await playground.stop()


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """Slack alone, at the start of its world."""
    slack = Slack(build_world(WorldClock()))
    application = web.Application()
    application.add_routes(slack.routes())
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    slack.people.base_url = url
    client = AsyncWebClient(token="xoxb-playground-greenlight", base_url=f"{url}/sim/slack/api/")
    yield Stage(url, slack, client)
    await slack.close()
    await runner.cleanup()
