"""Whether a request would be served well now. Nobody takes this bot's word for it: it writes, and it looks."""

import asyncio
from collections.abc import Callable, Mapping

from bot.ports import Clock
from bot.store.protocol import Commit, Store, StoreDown

APART = 1.0  # seconds between two writes that only prove something, however often it is asked
PATIENCE = 1.0  # seconds that a write may take
SEQUENCE = "ready"


class Readiness:
    """Asks the parts. `looked_at` is when the worker last read the due index, in boot time."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        looked_at: Callable[[], float],
        fresh: float,  # seconds
        is_known: Callable[[], bool],  # whether Slack has told who people are, and not too long ago
        sockets: Callable[[], int] | None = None,  # how many to Slack are open; None: it comes over HTTP
    ) -> None:
        self._store = store
        self._clock = clock
        self._looked_at = looked_at
        self._fresh = fresh
        self._is_known = is_known
        self._sockets = sockets
        self._writing: asyncio.Task[bool] | None = None
        self._wrote_at = float("-inf")

    async def parts(self) -> Mapping[str, bool]:
        """Each part, and whether it is well."""
        return {
            "store": await self._is_writable(),
            "worker": self._clock.boottime() - self._looked_at() <= self._fresh,
            "slack": self._is_known(),
            **({} if self._sockets is None else {"slack socket": self._sockets() > 0}),
        }

    async def close(self) -> None:
        """End a write that is still under way."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    async def _is_writable(self) -> bool:
        """What the last write says; one that takes too long is not waited for, nor is there a second one beside it."""
        now = self._clock.boottime()
        is_over = self._writing is None or self._writing.done()
        if is_over and now - self._wrote_at >= APART:
            self._wrote_at = now
            self._writing = asyncio.create_task(self._write())
        if self._writing is None:
            return False
        await asyncio.wait({self._writing}, timeout=PATIENCE)
        return self._writing.done() and not self._writing.cancelled() and self._writing.result()

    async def _write(self) -> bool:
        """A number that nobody needs: a full disk or a read-only replica answers every question, and not this."""
        try:
            await self._store.reserve(SEQUENCE)
            await self._store.commit(Commit(at=self._clock.now()))
        except StoreDown:
            return False
        return True
