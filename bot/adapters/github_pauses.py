"""Until when GitHub is not asked. One call that it limits makes every promotion of this process wait, so that nobody
runs into the same wall again; what is in flight comes home. Limits are a token's, and so are the pauses.

Each replica learns of a limit by one refused call of its own: sharing it would cost a read of the store per call.
"""

from collections.abc import Callable

from bot.adapters.github_answers import Reply, pause_after
from bot.ports import Limited


class Pauses:
    """The moments until which GitHub asked to wait, by purse: what the calls of one token share."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._until: dict[str, float] = {}
        self._sentence: dict[str, str] = {}

    def check(self, purse: str) -> None:
        """Raise Limited while GitHub asked not to be called."""
        left = self._until.get(purse, 0.0) - self._now()
        if left > 0.0:
            raise Limited("github", self._sentence[purse], left)

    def heed(self, purse: str, limit: Limited) -> None:
        """Remember a limit; the later of two moments stands."""
        until = self._now() + limit.retry_after
        if until > self._until.get(purse, 0.0):
            self._until[purse], self._sentence[purse] = until, limit.sentence

    def spent(self, purse: str, reply: Reply) -> None:
        """A yes that was the last one of the hour: the next call would be refused."""
        wait = pause_after(reply, self._now())
        if wait is not None:
            self.heed(purse, Limited("github", "GitHub’s hourly limit is spent", wait))
