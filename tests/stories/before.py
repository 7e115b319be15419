"""What was so before a story begins."""

from bot.app import Bot
from bot.domain.promotion import Release
from bot.playground.seed import ENVIRONMENTS, SERVING
from bot.playground.world import sha_for


async def adopt_world(bot: Bot) -> None:
    """What the world runs at the start is recorded, without asking GitHub."""
    for service, versions in SERVING.items():
        for environment, version in zip(ENVIRONMENTS, versions, strict=True):
            live, _ = await bot.contexts.live(service, environment)
            if live.serving is None and not live.good:
                release = Release(sha_for(service, version), version, bot.clock.now(), by="dee")
                await bot.service.records.adopt(service, environment, release, "live before Greenlight")
