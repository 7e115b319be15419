"""One life of the playground's world, from its start to its end or to the next reset.

A reset does not repair the old world piece by piece: it builds a new scene and drops the old one, so nothing
of what a person broke can stay behind.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.playground.clock import WorldClock
from bot.playground.control.api import Control
from bot.playground.control.inspector import Inspector
from bot.playground.control.state import Mirror, Promotions
from bot.playground.control.world import Bender, BotProcess
from bot.playground.github.simulator import GitHub
from bot.playground.pagerduty.simulator import PagerDuty
from bot.playground.seed import build_world
from bot.playground.server_page import guard, page_routes
from bot.playground.services import Services
from bot.playground.slack.simulator import Slack

BODY_MOST = 4 * 1024 * 1024


class Scene:
    """The world, the four simulators and the control API over them, as one web application."""

    def __init__(
        self,
        clock: WorldClock,
        urls: Mapping[str, str],
        bot: BotProcess | None,
        promotions: Promotions,
        reset: Callable[[], Awaitable[None]],
    ) -> None:
        self.world = build_world(clock)
        self.slack = Slack(self.world)
        self.slack.people.base_url = urls["page"]
        self.github = GitHub(self.world)
        self.pagerduty = PagerDuty(self.world)
        self.services = Services(self.world)
        bender = Bender(self.world, self.pagerduty, bot, self.slack)
        mirror = Mirror(self.slack.workspace, bender, self.github, self.pagerduty, promotions, urls)
        inspector = Inspector(self.world, self.github)
        self._control = Control(self.slack, bender, mirror, inspector, reset)
        self._runner = web.AppRunner(self._application(), access_log=None)

    async def begin(self) -> None:
        """Set the application up; connections may come afterwards."""
        await self._runner.setup()

    def connection(self) -> asyncio.BaseProtocol:
        """What answers one new connection."""
        return self._server()

    def closes(self) -> None:
        """Take no further request on any open connection; what is being answered is answered."""
        self._server.pre_shutdown()

    async def tick(self) -> None:
        """Let time pass for the simulators whose work takes time."""
        await self.github.tick()
        await self.pagerduty.tick()

    async def end(self) -> None:
        """Close every connection, in and out."""
        self.world.touch()  # whoever polls gets an answer before the line is cut
        for part in (self.slack, self.github, self.pagerduty, self.services):
            await part.close()  # first, so that a call which the world holds up lets go
        await self._runner.cleanup()

    @property
    def _server(self) -> web.Server:
        if self._runner.server is None:
            raise RuntimeError("the scene has not begun")
        return self._runner.server

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[guard], client_max_size=BODY_MOST)
        for part in (self.slack, self.github, self.pagerduty, self.services, self._control):
            application.add_routes(part.routes())
        application.add_routes(page_routes())
        return application
