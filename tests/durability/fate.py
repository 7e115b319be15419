"""What ends a process at a point, and what keeps the record of where it came by."""

import os
import signal
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.durability.points import Side, nth, point


class Fate:
    """Ends the process (or stops it) at any of the chosen points, whichever it comes to."""

    def __init__(self, fatal: frozenset[str], how: signal.Signals, *, reached: Path, deaths: Path) -> None:
        self._fatal = fatal
        self._how = how
        self._reached = reached
        self._deaths = deaths
        self._times: Counter[str] = Counter()
        self.is_armed = False

    def reach(self, side: Side, whats: Iterable[str]) -> None:
        """These points were reached, at one moment: whoever dies at one of them has come by all."""
        if self.is_armed:
            fatal = [
                name for name in [self._came_by(point(side, what)) for what in whats] if name in self._fatal
            ]
            for name in fatal:
                _write(self._deaths, name)
            if fatal:
                os.kill(os.getpid(), self._how)

    def _came_by(self, name: str) -> str:
        """The point, and for which time it was come by."""
        self._times[name] += 1
        if self._times[name] == 1:
            _write(self._reached, name)
        return nth(name, self._times[name])


def _write(file: Path, name: str) -> None:
    with file.open("a") as lines:
        lines.write(f"{name}\n")
