"""The picture that Homes are made of: everything that is open, what ended last, and what is live. No vendor is asked.

It is taken once for all Homes that are due at one moment, so that a hundred of them cost what one does.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from bot.contexts import live_key
from bot.domain.home import Picture
from bot.domain.needs import Scene
from bot.domain.policy import Person
from bot.domain.policy import Service as CatalogService
from bot.domain.promotion import OPEN, Live, Promotion
from bot.ports import Clock
from bot.service import Service
from bot.store.codec import load_live
from bot.store.protocol import Document, Query, Store

MOST_OPEN = 200  # promotions that are judged for one picture; of more, the newest
MOST_RECENT = 60  # of all promotions, the newest: what ended last is among them


class Directory(Protocol):
    """The catalog as far as a Home shows it."""

    @property
    def people(self) -> Mapping[str, Person]: ...

    @property
    def services(self) -> Mapping[str, CatalogService]: ...

    @property
    def environments(self) -> Sequence[str]: ...

    @property
    def admins(self) -> Sequence[str]: ...

    @property
    def digest(self) -> str: ...


class CatalogOnDisk(Protocol):
    """The catalog that counts, and what is wrong with its file when that is another one."""

    @property
    def current(self) -> Directory: ...

    @property
    def refused(self) -> Sequence[str]: ...


class Camera:
    """Takes pictures."""

    def __init__(
        self, service: Service, store: Store, clock: Clock, catalog: Callable[[], Directory]
    ) -> None:
        self._service = service
        self._store = store
        self._clock = clock
        self._catalog = catalog

    async def take(self) -> Picture:
        """Everything as it is now."""
        catalog = self._catalog()
        return Picture(
            now=self._clock.now(),
            open=await self._scenes(await self._store.find(Query(phases=OPEN, limit=MOST_OPEN))),
            ended=await self._scenes(await self._ended()),
            lives=await self._lives(catalog.services.values()),
            services=catalog.services,
            environments=tuple(catalog.environments),
            teams=await self._service.contexts.teams(),
            admins=tuple(catalog.admins),
        )

    async def _ended(self) -> list[Promotion]:
        """What ended last. (All ends at once would be sorted out of the whole history.)"""
        newest = await self._store.find(Query(limit=MOST_RECENT))
        return [one for one in newest if not one.phase.is_open]

    async def _scenes(self, found: Iterable[Promotion]) -> tuple[Scene, ...]:
        return tuple([await self._scene(one) for one in found])

    async def _scene(self, promotion: Promotion) -> Scene:
        applied = await self._service.applied(promotion, changed=False)
        return Scene(promotion, applied.context, applied.requirements)

    async def _lives(self, services: Iterable[CatalogService]) -> Mapping[tuple[str, str], Live]:
        places = [(one.name, environment) for one in services for environment in one.environments]
        found = await self._store.documents([live_key(*place) for place in places])
        return {place: _live(found[live_key(*place)], *place) for place in places}


def _live(document: Document, service: str, environment: str) -> Live:
    if not document.revision:
        return Live(service=service, environment=environment)
    return load_live(document.body, document.revision)
