"""The real bot, on its real store and with production's parts.

With `PORT rests` the worker drives nothing, so that what is measured is the answer alone and not the work that comes
after it; with `PORT works` it drives whatever is due, as in production.
"""

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

from bot.collector import for_good
from bot.logs import configure
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.app import Bot


async def rest(bot: "Bot") -> None:
    """Claim nothing."""
    await bot.worker.rest(0.0)


async def run() -> None:
    """Serve until the process is asked to end."""
    settings = load_settings(os.environ)
    configure(settings.log_level)
    with for_good():  # as `greenlight run` does
        from bot.app import Parts, build
        from handlers.limits import UNLIMITED

        bot, stop = build(settings, Parts(person=UNLIMITED, asked=UNLIMITED)), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await bot.run(stop, first=rest if sys.argv[2:] == ["rests"] else None)


if __name__ == "__main__":
    asyncio.run(run())
