"""Real time."""

import asyncio
import time

# CLOCK_BOOTTIME counts a suspended laptop's sleep, so that a dispatch cannot leave an hour after its intent.
_BOOTTIME = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class SystemClock:
    """The machine's clocks."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        return time.time()

    def boottime(self) -> float:
        """Seconds that no one can set and that go on while the machine sleeps."""
        return time.clock_gettime(_BOOTTIME)

    async def wait(self, wake: asyncio.Event, seconds: float) -> None:
        """Return when `wake` is set or `seconds` have passed."""
        try:
            async with asyncio.timeout(seconds):
                await wake.wait()
        except TimeoutError:
            return
