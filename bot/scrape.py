"""What /metrics answers: the counters, and how much waits at this moment."""

from bot.courier import Courier
from bot.metrics import Metrics
from bot.ports import Clock
from bot.store.protocol import Store, StoreDown
from bot.worker import Worker

APART = 1.0  # seconds between two looks at the store, however often it is asked


class Scrape:
    """Answers with the metrics of one bot."""

    def __init__(
        self, metrics: Metrics, store: Store, worker: Worker, courier: Courier, clock: Clock
    ) -> None:
        self._metrics = metrics
        self._store = store
        self._worker = worker
        self._courier = courier
        self._clock = clock
        self._looked_at = float("-inf")

    async def text(self) -> bytes:
        """Every metric; what the store would have to tell is as old as it is while the store is down."""
        self._metrics.turns.set(self._worker.busy)
        self._metrics.errands.set(self._courier.waiting)
        if self._clock.boottime() - self._looked_at >= APART:
            self._looked_at = self._clock.boottime()
            await self._look()
        return self._metrics.text()

    async def _look(self) -> None:
        """Two questions to indexes; the slots are as many as the catalog has places."""
        now = self._clock.now()
        try:
            due, slots = await self._store.next_due(now), await self._store.slots_held()
        except StoreDown:
            return
        self._metrics.late.set(0.0 if due is None else max(0.0, now - due))
        self._metrics.held.set(len(slots))
        self._metrics.queued.set(sum(len(slot.queue) for slot in slots))
