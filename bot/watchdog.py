"""A thread that notices when the event loop does not turn, and logs where it stands (F99).

While the loop is blocked nobody is answered, no lease is renewed and nothing else could say why.
"""

import asyncio
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import TracebackType

log = logging.getLogger(__name__)
BEAT = 0.25  # seconds between signs of life
BLOCKED = 2.0  # seconds without one: Slack waits for three
SELDOM = 60.0  # seconds between two stacks in the log
# Seconds that the thread itself was late by: then the whole process stood still, not the loop.
STANDSTILL = 1.0

Late = Callable[[float], None]


class Watchdog:
    """Watches the loop that it was entered in. `late` is told of each beat, `blocked` of each standstill."""

    def __init__(self, late: Late, blocked: Callable[[], None]) -> None:
        self._late = late
        self._blocked = blocked
        self._beat_at = time.monotonic()
        self._logged_at = float("-inf")
        self._thread = 0
        self._over = threading.Event()
        self._watching: threading.Thread | None = None
        self._beating: asyncio.TimerHandle | None = None

    def __enter__(self) -> "Watchdog":
        self._thread = threading.get_ident()
        self._beat_at = time.monotonic()
        self._next_beat()
        self._watching = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._watching.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._over.set()
        if self._beating is not None:
            self._beating.cancel()
        if self._watching is not None:
            self._watching.join()

    def _next_beat(self) -> None:
        self._beating = asyncio.get_running_loop().call_later(BEAT, self._beat)

    def _beat(self) -> None:
        now = time.monotonic()
        self._late(max(0.0, now - self._beat_at - BEAT))
        self._beat_at = now
        self._next_beat()

    def _watch(self) -> None:
        told = asked = time.monotonic()
        while not self._over.wait(BEAT):
            now, beat = time.monotonic(), self._beat_at
            stood_still = now - asked - BEAT > STANDSTILL
            asked = now
            if stood_still or now - beat < BLOCKED or beat == told:
                continue
            told = beat  # once for each time that it stands
            self._blocked()
            self._tell(now)

    def _tell(self, now: float) -> None:
        if now - self._logged_at < SELDOM:
            return
        self._logged_at = now
        frame = sys._current_frames().get(self._thread)
        stack = "".join(traceback.format_stack(frame)) if frame is not None else ""
        log.error("the event loop is blocked", extra={"seconds": round(now - self._beat_at, 1), "at": stack})
