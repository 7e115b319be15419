"""The real bot as a process that ends, or stops, itself at the points that it is told.

The bot is production's; only its parts are wrapped, so that each commit, each outside call and each request goes by
a point. Which ones were reached is written to `REACHED`, one name a line; a death is written to `DEATHS` first.
"""

import asyncio
import json
import os
import signal
from pathlib import Path

from bot.app import Bot, Parts, build
from bot.logs import configure
from bot.playground.clock import PlaygroundClock, WorldClock
from bot.settings import load_settings
from tests.durability.fate import Fate
from tests.durability.wrapping import Wrapping
from tests.stories.story import adopt_world

GLANCE = 0.03  # real seconds between looks at the world's clock


async def live() -> None:
    """Run the bot until it dies, or is stopped."""
    fate = _fate(os.environ)
    settings = load_settings(os.environ)
    configure(settings.log_level)
    clock = PlaygroundClock(WorldClock(Path(os.environ["PLAYGROUND_CLOCK"])), glance=GLANCE)
    around = Wrapping(fate).around
    bot = build(settings, Parts(clock=clock, around=around, lease=float(os.environ["LEASE"])))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    async def first(born: Bot) -> None:
        await adopt_world(born)
        fate.is_armed = True

    await bot.run(stop, first=first)


def _fate(environment: "os._Environ[str]") -> Fate:
    return Fate(
        frozenset(json.loads(environment["FATAL"])),
        signal.Signals[environment["SIGNAL"]],
        reached=Path(environment["REACHED"]),
        deaths=Path(environment["DEATHS"]),
    )
