"""The system's clock: real time, and a wait that a wake ends early."""

import asyncio
import time

from bot.adapters.clock import SystemClock
from bot.ports import Clock


def test_now_and_boottime_go_on() -> None:
    """Now is the epoch's time; boot time never goes back."""
    clock = SystemClock()
    before = clock.boottime()
    assert abs(clock.now() - time.time()) < 5
    assert clock.boottime() >= before


async def test_wait_ends_with_the_wake_or_with_the_time() -> None:
    """A wake that comes, or has come, ends a long wait at once; without one the time ends a short wait."""
    clock: Clock = SystemClock()
    wake = asyncio.Event()
    await clock.wait(wake, 0.05)
    assert not wake.is_set()
    asyncio.get_running_loop().call_later(0.01, wake.set)
    await clock.wait(wake, 60)
    await clock.wait(wake, 60)
    await clock.wait(asyncio.Event(), -1)
