"""Deploys that somebody started beside Greenlight, in GitHub itself: written down, and said where the service lives.

Nothing here can stop them: whoever may write to a repository may start its workflows. What can is a GitHub
environment that only lets Greenlight's runs through (docs/security.md).
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from blocks.outside import started_outside
from bot.courier import Courier
from bot.domain.policy import Kind
from bot.domain.policy import Service as CatalogService
from bot.domain.promotion import Phase
from bot.ports import Chat
from bot.service import Service
from bot.store.protocol import Query, Store
from handlers.desk import Directory
from handlers.news import RunNews

log = logging.getLogger(__name__)
KINDS = (Kind.PROMOTE, Kind.ROLLBACK)
MAY_BE_OURS = frozenset(
    {Phase.DISPATCHING, Phase.UNKNOWN}
)  # its run may be told of before we know its number


@dataclass(frozen=True, slots=True)
class Outside:
    """Watches for runs of deploy workflows that belong to no promotion."""

    service: Service
    store: Store
    chat: Chat
    courier: Courier
    catalog: Callable[[], Directory]

    async def seen(self, news: RunNews, me: str) -> None:
        """A run that is no promotion's: when it deploys services of ours, that is told once. May raise StoreDown.

        `me` is who we are in GitHub; as long as nobody had to ask, a run that may be ours is not spoken of.
        """
        if news.event != "workflow_dispatch" or (me and news.starter == me):
            return
        deployed = tuple(self._deployed_by(news))
        if not deployed or (not me and await self._may_be_ours(deployed)):
            return
        if await self.service.records.outside(news.repo, news.run_id, news.attempt, news.starter):
            log.warning("deploy outside of greenlight", extra={"repo": news.repo, "run": news.run_id})
            self._tell(deployed, news)

    def _deployed_by(self, news: RunNews) -> Iterator[CatalogService]:
        catalog = self.catalog()
        for service in catalog.services.values():
            if service.repo.casefold() == news.repo.casefold() and _deploys(catalog, service, news):
                yield service

    async def _may_be_ours(self, deployed: tuple[CatalogService, ...]) -> bool:
        sought = await self.store.find(Query(phases=MAY_BE_OURS))
        return bool({one.service for one in sought} & {service.name for service in deployed})

    def _tell(self, deployed: tuple[CatalogService, ...], news: RunNews) -> None:
        said = started_outside(deployed, _file(news), news.starter, news.url)
        for channel in dict.fromkeys(service.channel for service in deployed):
            self.courier.send(partial(self.chat.post, channel, said.text, said.rungs))


def _deploys(catalog: Directory, service: CatalogService, news: RunNews) -> bool:
    rules = (catalog.rules(service.name, place, kind) for place in service.environments for kind in KINDS)
    return _file(news) in {rule.deploy.workflow for rule in rules}


def _file(news: RunNews) -> str:
    """`deploy.yml` of `.github/workflows/deploy.yml@refs/heads/main`."""
    return news.path.split("@")[0].rpartition("/")[2]
