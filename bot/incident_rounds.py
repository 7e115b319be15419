"""Looks after incidents whose word may have been lost: PagerDuty sends a webhook once it can, and it may not arrive.

Promotions are not kept awake for that. Now and then the newest failures are gone through, and whichever has an open
incident that nobody read for long is told to read it: after five minutes at first, then ever more seldom, down to
twice a day. So what was read last is no older than a day, or cards and Homes say that it is.
"""

import asyncio
import logging
from collections.abc import AsyncIterator

from bot.domain.incident_life import LOOK_EVERY, wants_look
from bot.domain.incident_messages import IncidentAnnounced
from bot.domain.promotion import Phase, Promotion
from bot.ports import Clock
from bot.service import Service
from bot.store.protocol import Query, Store, StoreDown

log = logging.getLogger(__name__)
PAGE, PAGES = (
    50,
    4,
)  # the newest 200 failures: more than ten incidents an hour is somebody's matter without us


class IncidentRounds:
    """Goes through the open incidents."""

    def __init__(self, service: Service, store: Store, clock: Clock) -> None:
        self._service = service
        self._store = store
        self._clock = clock

    async def run(self) -> None:
        """Look again and again, until cancelled; at the start too, for what came while nobody listened."""
        idle = asyncio.Event()
        while True:
            try:
                await self._look()
            except StoreDown as down:
                log.warning("store down", extra={"why": str(down)})
            await self._clock.wait(idle, LOOK_EVERY)

    async def _look(self) -> None:
        async for failed in self._failures():
            if wants_look(failed, self._clock.now()):
                await self._service.handle(IncidentAnnounced(failed.id))

    async def _failures(self) -> AsyncIterator[Promotion]:
        before = None
        for _ in range(PAGES):
            found = await self._store.find(Query(phases=frozenset({Phase.FAILED}), before=before, limit=PAGE))
            for promotion in found:
                yield promotion
            if len(found) < PAGE:
                return
            before = found[-1].id
