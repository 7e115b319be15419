"""Slack's rate limits: so many calls of a method per minute, with a burst, in the world's time."""

import math
from dataclasses import dataclass

from bot.playground.clock import WorldClock

_OTHERWISE = 50  # tier 3
_PER_MINUTE = {
    "auth.test": 600,
    "chat.postMessage": 60,  # per channel: about one a second
    "chat.postEphemeral": 100,
    "conversations.create": 20,
    "conversations.archive": 20,
    "conversations.list": 20,
    "conversations.setTopic": 20,
    "pins.add": 20,
    "users.info": 100,
    "users.list": 20,
    "views.open": 100,
    "views.push": 100,
    "views.update": 100,
    "views.publish": 100,
}
_BURST = {"chat.postMessage": 20}  # otherwise: a whole minute's calls at once


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class RateLimits:
    """One bucket for each method, for posts one for each channel."""

    def __init__(self, clock: WorldClock) -> None:
        self.enforced = True
        self._clock = clock
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def wait_before(self, method: str, channel: str) -> int:
        """Take one call out of its bucket; whole seconds to wait when the bucket is empty, else 0."""
        if not self.enforced:
            return 0
        per_minute = _PER_MINUTE.get(method, _OTHERWISE)
        size = _BURST.get(method, per_minute)
        now = self._clock.now()
        key = (method, channel if method == "chat.postMessage" else "")
        bucket = self._buckets.setdefault(key, _Bucket(size, now))
        bucket.left = min(size, bucket.left + max(0.0, now - bucket.at) * per_minute / 60)
        bucket.at = now
        if bucket.left < 1:
            return max(1, math.ceil((1 - bucket.left) * 60 / per_minute))
        bucket.left -= 1
        return 0
