"""How fast one person may ask, and one service be asked for: so that nobody drowns the others.

Kept in memory, by each replica for itself: it protects, it does not count. The way back is never limited by what
others asked of the service.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.errors import TooFast


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many at once, and so many more with each second."""

    burst: float
    per_second: float


PERSON = Allowance(120, 2.0)  # lines, buttons and forms: more than hands can do
HEARD = Allowance(20, 0.2)  # refusals and faults of ours that are whispered to one account
SERVICE = Allowance(200, 1.0)  # new promotions of one service
UNLIMITED = Allowance(float("inf"), 0.0)


class Limits:
    """What everybody has left."""

    def __init__(
        self, now: Callable[[], float], person: Allowance = PERSON, service: Allowance = SERVICE
    ) -> None:
        self._people = _Buckets(now, person)
        self._services = _Buckets(now, service)
        self._heard = _Buckets(now, HEARD)

    def asks(self, person: str) -> TooFast | None:
        """One more of somebody's; None: it is within their allowance."""
        seconds = self._people.take(person)
        return TooFast("", seconds) if seconds else None

    def has_heard_enough(self, account: str) -> bool:
        """One more thing to whisper to an account, of a person of ours or not; True: that would be too many."""
        return bool(self._heard.take(account))

    def is_asked_for(self, service: str) -> TooFast | None:
        """One more promotion of a service; None: it is within its allowance."""
        seconds = self._services.take(service)
        return TooFast(service, seconds) if seconds else None


class _Buckets:
    """One bucket of tokens by name, which fills with time."""

    def __init__(self, now: Callable[[], float], allowance: Allowance) -> None:
        self._now = now
        self._allowance = allowance
        self._left: dict[str, tuple[float, float]] = {}  # tokens, and when they were counted

    def take(self, name: str) -> float:
        """Take one token: 0.0, or the seconds until there is one."""
        now, most = self._now(), self._allowance.burst
        left, at = self._left.get(name, (most, now))
        left = min(most, left + max(0.0, now - at) * self._allowance.per_second)
        if left < 1.0:
            self._left[name] = (left, now)
            return (1.0 - left) / self._allowance.per_second
        self._left[name] = (left - 1.0, now)
        return 0.0
