"""The playground's time: real time plus an offset that the page moves forward.

The bot runs as a child process, so the offset lives in a small file that both read.
"""

import asyncio
import contextlib
import time
from pathlib import Path

GLANCE = 0.25  # real seconds between looks at a clock that the page may move


class WorldClock:
    """Real seconds plus the offset that the page moved forward, kept in `path` (in memory without one)."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._offset = 0.0
        self._read_at_ns = -1

    def now(self) -> float:
        """Seconds since the epoch, UTC, in the playground's time."""
        return time.time() + self.offset

    @property
    def offset(self) -> float:
        """Seconds that this world is ahead of the real clock."""
        if self._path is not None and self._path.exists():
            changed_ns = self._path.stat().st_mtime_ns
            if changed_ns != self._read_at_ns:
                self._offset = float(self._path.read_text() or "0")
                self._read_at_ns = changed_ns
        return self._offset

    def forward(self, seconds: float) -> None:
        """Move this world's time forward by `seconds` for everyone who reads it."""
        offset = self.offset + seconds
        self._offset = offset
        if self._path is not None:
            whole = self._path.with_suffix(".new")
            whole.write_text(repr(offset))
            whole.replace(self._path)


class PlaygroundClock:
    """The bot's clock inside the playground: what the page moves it forward by has passed on every clock."""

    def __init__(self, world: WorldClock, glance: float = GLANCE) -> None:
        self._world = world
        self._glance = glance

    def now(self) -> float:
        """Seconds since the epoch, UTC, in the playground's time."""
        return self._world.now()

    def boottime(self) -> float:
        """Seconds that have passed in the playground, whatever this machine's wall clock is set to."""
        return time.monotonic() + self._world.offset

    async def wait(self, wake: asyncio.Event, seconds: float) -> None:
        """Return when `wake` is set or when `seconds` of the world's time have passed."""
        until = self.now() + seconds
        while not wake.is_set() and (left := until - self.now()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), min(left, self._glance))
