"""The doors for what vendors send on their own: a status for each delivery, whatever happens behind them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.ports import Repository
from bot.service import Service
from bot.store.protocol import Store
from handlers import webhooks
from handlers.desk import Directory
from handlers.failures import Broke, guarded
from handlers.outside import Outside

UNAVAILABLE = 503


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What GitHub and PagerDuty deliver, for the repositories of the catalog as it is."""

    service: Service
    store: Store
    repository: Repository
    outside: Outside
    catalog: Callable[[], Directory]

    async def github(self, event: str, body: bytes) -> int:
        """One delivery of GitHub's: the status to answer."""
        return await _delivered(
            lambda: webhooks.github(
                self.service, self.store, self._repos, event, body, self.repository, self.outside
            )
        )

    async def pagerduty(self, event: str, body: bytes) -> int:
        """One delivery of PagerDuty's: the status to answer."""
        return await _delivered(lambda: webhooks.pagerduty(self.service, self.store, body))

    def _repos(self) -> frozenset[str]:
        """The repositories of the catalog, as GitHub compares their names."""
        return frozenset(service.repo.casefold() for service in self.catalog().services.values())


async def _delivered(work: Callable[[], Awaitable[int]]) -> int:
    """What came of a delivery; what broke is not acknowledged, so that it can be sent again."""
    try:
        return await guarded(work)
    except Broke:
        return UNAVAILABLE
