"""The bot as in `bot`, with a profile of its event loop from SIGUSR1 on, written to the file PROFILE at its end."""

import asyncio
import cProfile
import os
import signal

from benchmarks.servers.bot import run


async def _run(profile: cProfile.Profile) -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, profile.enable)
    await run()


if __name__ == "__main__":
    profile = cProfile.Profile()
    asyncio.run(_run(profile))
    profile.disable()
    profile.dump_stats(os.environ["PROFILE"])
