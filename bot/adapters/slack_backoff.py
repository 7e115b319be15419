"""How long to wait before the next socket is opened."""

from collections.abc import Callable

FIRST, LONGEST = 1.0, 60.0  # seconds
MOST_TRIES = 10  # that are counted


class Backoff:
    """Longer after each try that came to nothing. `chance` gives numbers from 0 to 1: two who failed together do not
    come back together."""

    def __init__(self, chance: Callable[[], float]) -> None:
        self._chance = chance
        self._tries = 0

    def worked(self) -> None:
        """What comes now is a new beginning."""
        self._tries = 0

    def after(self, least: float = 0.0) -> float:
        """Seconds, `least` at least; after something that worked one at most."""
        grown = min(LONGEST, FIRST * 2.0**self._tries)
        self._tries = min(self._tries + 1, MOST_TRIES)
        return least + grown * (0.5 + self._chance() / 2)
