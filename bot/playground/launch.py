"""Starts the real bot inside the playground: on the world's clock, with what is live there adopted first."""

import asyncio
import os
from pathlib import Path

from bot.app import Bot, Parts, build
from bot.domain.documents import Adoption
from bot.lifetime import until_stopped
from bot.logs import configure, log_what_nobody_caught
from bot.playground.clock import PlaygroundClock, WorldClock
from bot.playground.seed import ENVIRONMENTS, SERVING
from bot.settings import load_settings


async def adopt_world(bot: Bot) -> None:
    """Record what the playground's services run at the start, as an admin would on the first day."""
    for service, versions in SERVING.items():
        for environment, version in zip(ENVIRONMENTS, versions, strict=True):
            live, revision = await bot.contexts.live(service, environment)
            if revision == 0 and live.serving is None:
                await bot.adoptions.record(
                    Adoption(service, environment, version, "dee", "live before Greenlight", "", 0.0)
                )


async def _run() -> None:
    settings = load_settings(os.environ)
    configure(settings.log_level, settings.secrets())
    log_what_nobody_caught()
    clock = PlaygroundClock(WorldClock(Path(os.environ["PLAYGROUND_CLOCK"])))
    bot = build(settings, Parts(clock=clock))
    await until_stopped(lambda stop: bot.run(stop, first=adopt_world))


if __name__ == "__main__":
    asyncio.run(_run())
