"""The real bot as a process that ends itself with SIGKILL at one chosen point.

A point is reached after every commit and after every outside call, whatever came of it. The bot is production's;
only its parts are wrapped, so that each call counts. `CRASH_AT=17` dies at the 17th point; without it every point
is written to `POINTS`, one name a line.
"""

import asyncio
import inspect
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bot.app import Bot, Parts, build
from bot.logs import configure
from bot.playground.clock import PlaygroundClock, WorldClock
from bot.settings import load_settings
from tests.stories.story import adopt_world

T = TypeVar("T")
WHO_IS_WHO = frozenset({"me", "account"})  # read in the background, at moments of their own


class Fate:
    """Counts the points and ends the process at the chosen one."""

    def __init__(self, crash_at: int, points: Path | None) -> None:
        self._crash_at = crash_at
        self._points = points
        self._reached = 0
        self.is_armed = False

    def reach(self, name: str) -> None:
        """One more point was reached."""
        if not self.is_armed:
            return
        self._reached += 1
        if self._points is not None:
            with self._points.open("a") as file:
                file.write(f"{name}\n")
        if self._reached == self._crash_at:
            os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    """A part whose every call ends at a point."""

    def __init__(self, name: str, part: Any, fate: Fate) -> None:
        self._name = name
        self._part = part
        self._fate = fate

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(self._part, attribute)
        counts = attribute == "commit" if self._name == "store" else attribute not in WHO_IS_WHO
        return self._counted(attribute, value) if counts and inspect.iscoroutinefunction(value) else value

    def _counted(self, attribute: str, call: Callable[..., Any]) -> Callable[..., Any]:
        async def counted(*arguments: Any, **named: Any) -> Any:
            try:
                return await call(*arguments, **named)
            finally:
                self._fate.reach(f"{self._name}.{attribute}")

        return counted


async def live() -> None:
    """Run the bot until it dies, or is stopped."""
    fate = Fate(int(os.environ.get("CRASH_AT", "0")), _path("POINTS"))

    def around(name: str, part: T) -> T:
        return Mortal(name, part, fate)  # type: ignore[return-value]

    settings = load_settings(os.environ)
    configure(settings.log_level)
    clock = PlaygroundClock(WorldClock(Path(os.environ["PLAYGROUND_CLOCK"])), glance=0.03)
    bot = build(settings, Parts(clock=clock, around=around))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    async def first(born: Bot) -> None:
        await adopt_world(born)
        fate.is_armed = True

    await bot.run(stop, first=first)


def _path(name: str) -> Path | None:
    return Path(os.environ[name]) if name in os.environ else None
