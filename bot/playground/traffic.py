"""The last few hundred exchanges between the bot and the outside, both ways, for whoever wants to look inside.

The ledger of the world judges the bot and keeps everything; this is for curious eyes and forgets. Numbers
come from one counter of happenings (something began, something was answered), so that a reader who has seen
all up to `last` learns by the next question what began or was answered since.
"""

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

MOST_KEPT = 500

Direction = Literal["to bot", "from bot"]


@dataclass(slots=True)
class Exchange:
    """One request and its answer; `status` is None until then, and words when no HTTP answer came."""

    n: int
    at: float  # the world's time
    direction: Direction
    vendor: str
    method: str
    path: str
    request: object = None  # JSON, or the bytes that were sent
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | str | None = None
    response: object = None  # JSON, or text that may be JSON
    ms: float | None = None
    changed: int = 0
    began: float = field(default_factory=time.monotonic)


class Traffic:
    """The newest exchanges, in the order in which they began."""

    def __init__(self) -> None:
        self._kept: deque[Exchange] = deque(maxlen=MOST_KEPT)
        self.last = 0

    def begins(
        self,
        at: float,
        direction: Direction,
        vendor: str,
        call: tuple[str, str],
        request: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Keep a request that was just made; `call` is its method and path."""
        number = self._next()
        exchange = Exchange(number, at, direction, vendor, *call, request, headers or {}, changed=number)
        self._kept.append(exchange)
        return exchange

    def answered(self, exchange: Exchange, status: int | str, response: object = None) -> None:
        """Keep what came back, and how long it took."""
        exchange.ms = round((time.monotonic() - exchange.began) * 1000, 1)
        exchange.status, exchange.response = status, response
        exchange.changed = self._next()

    def since(self, after: int) -> list[Exchange]:
        """What began or was answered after a number, oldest beginning first."""
        return [exchange for exchange in self._kept if exchange.changed > after]

    def _next(self) -> int:
        self.last += 1
        return self.last
