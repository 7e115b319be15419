"""Rings inside the process when something was committed: for the worker, and for whoever drives a promotion."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager


class Bell:
    """What waits does not poll: it is rung. Other replicas are found by the due index instead."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()  # something may be due
        self._listeners: dict[str, asyncio.Event] = {}

    def ring(self, promotions: Iterable[str]) -> None:
        """Something was committed that concerns these promotions."""
        self.rung.set()
        for promotion in promotions:
            listener = self._listeners.get(promotion)
            if listener is not None:
                listener.set()

    @asynccontextmanager
    async def listening(self, promotion: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set whenever this process commits something for the promotion."""
        event = self._listeners.setdefault(promotion, asyncio.Event())
        try:
            yield event
        finally:
            self._listeners.pop(promotion, None)
