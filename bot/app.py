"""The composition root: builds the whole bot from its settings. The only importer of handlers and adapters.

Tests and the playground pass other parts (a clock, a store); everything else is as in production.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from aiohttp import web
from pydantic import SecretStr

from blocks import replies
from bot.accounts import Accounts
from bot.adapters.addresses import host_of
from bot.adapters.clock import SystemClock
from bot.adapters.directory import VendorDirectory
from bot.adapters.github import DEADLINE, GitHubRepository
from bot.adapters.github_client import AppKey
from bot.adapters.http import HttpProbe
from bot.adapters.pagerduty import PagerDuty
from bot.adapters.slack import SlackChat
from bot.adoptions import Adoptions
from bot.catalog import Catalog, CatalogError, CatalogFile
from bot.contexts import Contexts
from bot.courier import Courier, tell
from bot.domain.documents import Adoption
from bot.domain.promotion import Release
from bot.performers.tools import Tools
from bot.ports import Chat, Clock, Pager, Probe, Repository, VendorError
from bot.service import Service
from bot.settings import Settings
from bot.store.protocol import Store, StoreDown
from bot.store.sqlite import SqliteStore
from bot.web import Doors, application
from bot.worker import Worker
from handlers import webhooks
from handlers.commands import unknown_place
from handlers.desk import Desk
from handlers.envelopes import is_request
from handlers.failures import Broke, guarded
from handlers.slack import slack_app

log = logging.getLogger(__name__)
RELOAD = 2.0  # seconds between looks at the catalog file
REST = 10.0  # seconds that a side loop rests after it broke
FRESH = 5.0  # seconds: the due index was read at most so long ago, or the bot is not ready
GRACE = 8.0  # seconds that turns under way have when the bot is asked to stop


T = TypeVar("T")


class Around(Protocol):
    """Puts something around a part, such as a count of its calls: a test's way in, by the part's name."""

    def __call__(self, name: str, part: T) -> T: ...


def bare(name: str, part: T) -> T:
    """Nothing around it, as in production."""
    return part


@dataclass(frozen=True, slots=True)
class Parts:
    """What a playground or a test may pass instead of production's parts."""

    clock: Clock = field(default_factory=SystemClock)
    around: Around = bare
    github_deadline: float = DEADLINE  # seconds for one call


First = Callable[["Bot"], Awaitable[None]]


class Bot:
    """The bot, built but not started."""

    def __init__(self, settings: Settings, parts: Parts) -> None:
        self.settings = settings
        self.catalog = CatalogFile(settings.catalog)
        self.clock = parts.clock
        self.store: Store = parts.around("store", SqliteStore(settings.store_path))
        self._slack = SlackChat(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url)
        self._github = GitHubRepository(
            _credentials(settings),
            base_url=settings.github_api_url,
            deadline=parts.github_deadline,
            now=self.clock.now,
        )
        self._pagerduty = _pager(settings, self.clock)
        self._http = HttpProbe(_hosts(self.catalog.current))
        self.probe: Probe = parts.around("probe", self._http)
        self.chat: Chat = parts.around("chat", self._slack)
        self.repository: Repository = parts.around("repository", self._github)
        self.pager: Pager = parts.around("pager", self._pagerduty)
        self.process = secrets.token_hex(8)
        self.contexts = Contexts(self.store, self.catalog, self.clock, self.process)
        self.service = Service(self.store, self.contexts, self.clock, lambda: secrets.token_hex(16))
        self.courier = Courier()
        self.accounts = Accounts(self.chat, self.clock, lambda: self.catalog.current.people.values())
        self.adoptions = Adoptions(
            self.service,
            self.store,
            self.catalog,
            self.clock,
            (self.repository, self.pager, self.probe),
            self._adopted,
        )
        self.worker = Worker(self.service, self.store, self._tools())

    async def run(self, stop: asyncio.Event, first: First | None = None) -> None:
        """Serve until `stop` is set, then let what is under way come home. `first` runs before anything is served."""
        async with AsyncExitStack() as stack:
            await self._prepare(stack)
            if first is not None:
                await first(self)
            async with asyncio.TaskGroup() as tasks:
                loops = [
                    tasks.create_task(loop)
                    for loop in (
                        self.worker.run(),
                        self.accounts.run(),
                        self.courier.run(),
                        self._kept_up(self.adoptions.run),
                        self._watch_catalog(),
                    )
                ]
                runner = await self._serve()
                try:
                    await stop.wait()
                finally:
                    await runner.cleanup()
                await self.worker.rest(GRACE)
                for task in loops:
                    task.cancel()

    async def adopt(self, adoption: Adoption) -> Release | None:
        """Record what is live, without serving: `greenlight adopt`. None: there is no such version."""
        async with AsyncExitStack() as stack:
            await self._prepare(stack)
            return await self.adoptions.record(adoption)

    def routes(self) -> web.Application:
        """What is served."""
        settings = self.settings
        return application(
            Doors(
                slack=slack_app(self._desk()),
                slack_secret=_bytes(settings.slack_signing_secret),
                is_slack_request=is_request,
                github=self._github_delivery,
                github_secret=_bytes(settings.github_webhook_secret),
                pagerduty=self._pagerduty_delivery,
                pagerduty_secret=_bytes(settings.pagerduty_webhook_secret),
                ready=self.ready,
                clock=self.clock,
            )
        )

    async def ready(self) -> Mapping[str, bool]:
        """Whether a request would be served well now, part by part."""
        try:
            await self.store.next_due(self.clock.now())
            store = True
        except StoreDown:
            store = False
        fresh = self.clock.now() - self.worker.looked_at <= FRESH
        return {"store": store, "worker": fresh, "slack": self.accounts.is_ready}

    async def _prepare(self, stack: AsyncExitStack) -> None:
        await self.store.open()
        stack.push_async_callback(self.store.close)
        for adapter in (self._slack, self._github, self._pagerduty, self._http):
            await adapter.open()
            stack.push_async_callback(adapter.close)

    async def _serve(self) -> web.AppRunner:
        runner = web.AppRunner(self.routes(), access_log=None, handle_signals=False)
        await runner.setup()
        await web.TCPSite(runner, self.settings.http_host, self.settings.http_port).start()
        log.info("serving", extra={"host": self.settings.http_host, "port": self.settings.http_port})
        return runner

    async def _watch_catalog(self) -> None:
        """A changed file replaces the rules when it is valid; a broken one changes nothing (E26).

        Whatever is open is looked at by the new rules, at the start too: the file may have changed meanwhile.
        """
        idle, woken = asyncio.Event(), False
        while True:
            changed = self.catalog.reload_if_changed()
            if isinstance(changed, CatalogError):
                log.error("catalog refused", extra={"why": str(changed)})
            elif changed is not None:
                log.info("catalog reloaded", extra={"digest": changed.digest})
                self._http.allow(_hosts(changed))
                woken = False
            woken = woken or await self._wake_open()
            await self.clock.wait(idle, RELOAD)

    async def _wake_open(self) -> bool:
        """Wake what is open; False: the store was down, and it has to be done again."""
        try:
            await self.service.records.wake_open()
        except StoreDown as down:
            log.warning("store down", extra={"why": str(down)})
            return False
        return True

    async def _kept_up(self, loop: Callable[[], Awaitable[None]]) -> None:
        """A fault of ours in a side loop costs that loop a rest, and never the bot."""
        while True:
            with suppress(Broke):
                await guarded(loop)
            await self.clock.wait(asyncio.Event(), REST)

    async def _github_delivery(self, event: str, body: bytes) -> int:
        return await webhooks.github(self.service, self.store, self._repos, event, body)

    async def _pagerduty_delivery(self, event: str, body: bytes) -> int:
        return await webhooks.pagerduty(self.service, self.store, body)

    def _repos(self) -> frozenset[str]:
        """The repositories of the catalog, as GitHub compares their names."""
        return frozenset(service.repo.casefold() for service in self.catalog.current.services.values())

    def _adopted(self, adoption: Adoption, came_of_it: Release | VendorError | None) -> None:
        person = self.catalog.current.people.get(adoption.by)
        if person is None:
            return
        place = (adoption.service, adoption.environment)
        match came_of_it:
            case Release():
                words = replies.adopted(*place, came_of_it)
            case VendorError():
                words = replies.not_looked_up(*place, adoption.version, came_of_it.sentence)
            case None:
                gone = unknown_place(self._desk(), *place)
                words = replies.refused(gone) if gone else replies.not_adopted(*place, adoption.version)
        self.courier.send(lambda: tell(self.chat, adoption.asked_in, person, words))

    def _desk(self) -> Desk:
        return Desk(
            service=self.service,
            store=self.store,
            chat=self.chat,
            accounts=self.accounts,
            adoptions=self.adoptions,
            courier=self.courier,
            catalog=lambda: self.catalog.current,
        )

    def _tools(self) -> Tools:
        return Tools(
            chat=self.chat,
            repository=self.repository,
            pager=self.pager,
            probe=self.probe,
            directory=VendorDirectory(self.chat, self.repository, self.pager),
            clock=self.clock,
            secret=self.settings.secret,
            phonebook=lambda: self.catalog.current,
            team_seen=self.service.records.team_seen,
            sent=set(),
        )


def build(settings: Settings, parts: Parts | None = None) -> Bot:
    """The bot of these settings; raises CatalogError when the catalog cannot be used."""
    return Bot(settings, parts or Parts())


def _credentials(settings: Settings) -> str | AppKey:
    if settings.github_token is not None:
        return settings.github_token.get_secret_value()
    if settings.github_app_id is None or settings.github_app_private_key is None:
        raise ValueError("settings were not checked: there are no GitHub credentials")
    return AppKey(settings.github_app_id, settings.github_app_private_key.get_secret_value())


def _pager(settings: Settings, clock: Clock) -> PagerDuty:
    key = settings.pagerduty_api_key
    return PagerDuty(
        api_key=key.get_secret_value() if key is not None else None,
        from_email=settings.pagerduty_from,
        api_url=settings.pagerduty_api_url,
        events_url=settings.pagerduty_events_url,
        now=clock.now,
    )


def _hosts(catalog: Catalog) -> frozenset[str]:
    """The hosts that a probe may reach."""
    return frozenset(host_of(url) for url in catalog.health_urls())


def _bytes(secret: SecretStr | None) -> bytes | None:
    return secret.get_secret_value().encode() if secret is not None else None
