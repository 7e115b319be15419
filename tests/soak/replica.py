"""One replica of a soak: production's bot on the world's clock, less patient with GitHub and with the dead."""

import asyncio
import os
import signal
from pathlib import Path

from bot.app import Bot, Parts, build
from bot.domain.promotion import Release
from bot.logs import configure
from bot.playground.clock import PlaygroundClock, WorldClock
from bot.settings import load_settings
from handlers.limits import UNLIMITED
from tests.soak.catalog import services

GLANCE = 0.03  # real seconds between looks at the world's clock
GITHUB = 2.0  # real seconds for one call
LEASE = 3.0  # real seconds that a dead replica keeps its promotions from the others


async def live() -> None:
    """Run the bot until it is killed, or stopped."""
    settings = load_settings(os.environ)
    configure(settings.log_level)
    clock = PlaygroundClock(WorldClock(Path(os.environ["PLAYGROUND_CLOCK"])), glance=GLANCE)
    parts = Parts(clock=clock, github_deadline=GITHUB, lease=LEASE, person=UNLIMITED, asked=UNLIMITED)
    bot, stop = build(settings, parts), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await bot.run(stop, first=_adopt_world)


async def _adopt_world(bot: Bot) -> None:
    """What the world runs at the start is recorded, with a version before it to go back to. The first replica does it."""
    for service in services(int(os.environ["SOAK_ADOPTS"])):
        for environment, served in service.served.items():
            for version in served:
                meant = service.release(version)
                known = Release(meant.sha, version, bot.clock.now(), by="dee")
                await bot.service.records.adopt(service.name, environment, known, "live before Greenlight")
