"""The composition root: builds the whole bot from its settings. The only importer of handlers and adapters.

Tests and the playground pass other parts (a clock, a store); everything else is as in production.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import cached_property, partial

from aiohttp import web

from bot.accounts import Accounts
from bot.adapters.directory import VendorDirectory
from bot.adoptions import Adoptions
from bot.alarm import APP_TOKEN, BOT_TOKEN, Alarm
from bot.candidates import Candidates
from bot.catalog import CatalogFile
from bot.channels import ChannelWatch
from bot.contexts import Contexts
from bot.counted import counted_store, counted_vendor
from bot.courier import Courier
from bot.doctor.case import Arrivals
from bot.domain.documents import Adoption
from bot.domain.messages import Message
from bot.domain.promotion import Promotion, Release
from bot.envelope import Envelope, Receipt
from bot.home import homes
from bot.incident_rounds import IncidentRounds
from bot.instruments import rounds
from bot.intake import Connections, Listener
from bot.lifetime import ANSWERS, AT_ONCE, ERRANDS, GRACE
from bot.logs import leave_out_broken_http
from bot.metrics import Metrics
from bot.parts import Around as Around
from bot.parts import Parts as Parts
from bot.parts import T as T
from bot.parts import bare as bare
from bot.performer import perform
from bot.performers.looks import read_team
from bot.performers.tools import Tools
from bot.ports import Chat, Pager, Probe, Repository, Vendor
from bot.preferences import Wishes
from bot.readiness import Readiness
from bot.rehearsal import Rehearsal
from bot.scrape import Scrape
from bot.service import Applied, Service
from bot.settings import Settings
from bot.slack_door import SlackDoor
from bot.store.choice import store_of
from bot.store.protocol import Store
from bot.upkeep import follow_catalog
from bot.vendors import Vendors, bytes_of, text_of
from bot.watchdog import Watchdog
from bot.web import Doors, application
from bot.worker import FRESH, Worker
from handlers.adopted import adopted
from handlers.deliveries import Deliveries
from handlers.desk import Desk
from handlers.envelopes import read
from handlers.failures import Broke, guarded, kept_up
from handlers.keepers import Keepers
from handlers.limits import Limits
from handlers.outside import Outside
from handlers.receipts import Receipts
from handlers.redraws import Redraws
from handlers.slack import busy, slack_app

log = logging.getLogger(__name__)
First = Callable[["Bot"], Awaitable[None]]


class Bot:
    """The bot, built but not started."""

    def __init__(self, settings: Settings, parts: Parts) -> None:
        self.settings = settings
        self._around = parts.around
        self.catalog = CatalogFile(settings.catalog)
        self.clock = parts.clock
        store = store_of(settings.store_url.get_secret_value(), self.clock)
        self.store: Store = parts.around("store", store)
        self.metrics = Metrics()
        self._store = counted_store(self.store, self.metrics)
        self._vendors = Vendors(
            settings, self.catalog.current, self.clock, parts.github_deadline, parts.heartbeat
        )
        self.probe: Probe = self._counted("services", parts.around("probe", self._vendors.http))
        self.chat: Chat = self._counted("slack", parts.around("chat", self._vendors.slack))
        self.repository: Repository = self._counted(
            "github", parts.around("repository", self._vendors.github)
        )
        self.pager: Pager = self._counted("pagerduty", parts.around("pager", self._vendors.pagerduty))
        self.process = secrets.token_hex(8)
        routing_key = text_of(settings.pagerduty_routing_key)
        self.accounts = Accounts(
            self.chat,
            self.clock,
            lambda: self.catalog.current.people.values(),
            Alarm(self.pager, routing_key, BOT_TOKEN).told,
        )
        self.contexts = Contexts(
            self._store, self.catalog, self.clock, self.process, self.accounts.is_shut_out
        )
        self.service = Service(
            self._store, self.contexts, self.clock, lambda: secrets.token_hex(16), self._saw
        )
        self.wishes = Wishes(self._store, self.clock, self.accounts.zone)
        self.homes = homes(
            self.service,
            self._store,
            self.chat,
            self.catalog,
            self.accounts,
            self.ready,
            lambda: self.doctor.latest,
        )
        self.doctor = rounds(settings, self.catalog, self.clock, self._arrivals)
        self.limits = Limits(self.clock.now, parts.person, parts.asked)
        self.courier, self.openers, self.scouts = Courier(), Courier(), Courier()
        self._receipts = Receipts(self.chat, self.scouts)
        self._keepers = Keepers(self.chat, self.courier, lambda: self.catalog.current)
        self.channels = ChannelWatch(self.chat, self.clock, self.service.records, self.catalog, self._keepers)
        self.candidates = Candidates(self.repository, self.clock)
        self.adoptions = Adoptions(
            self.service,
            self._store,
            self.catalog,
            self.clock,
            (self.repository, self.pager, self.probe),
            lambda adoption, came_of_it: adopted(self._desk(), adoption, came_of_it),
        )
        self.incident_rounds = IncidentRounds(self.service, self._store, self.clock)
        self.rehearsal = Rehearsal(self.service, self.clock, (self.repository, self.pager, self.probe))
        self.worker = Worker(
            self.service,
            self._store,
            self._tools(),
            perform=parts.around("perform", perform),
            lease=parts.lease,
            places=parts.places,
        )
        self._sockets = self._vendors.sockets(
            self._opened, Alarm(self.pager, routing_key, APP_TOKEN).told, self.metrics.sockets.set
        )
        self.readiness = Readiness(
            self._store,
            self.clock,
            looked_at=lambda: self.worker.looked_at,
            fresh=FRESH,
            is_known=lambda: self.accounts.is_ready and self.channels.has_looked,
            sockets=self._sockets.alive if self._sockets else None,
        )
        self._scrape = Scrape(self.metrics, self._store, self.worker, self.courier, self.clock)
        self._connections = Connections()

    async def run(self, stop: asyncio.Event, first: First | None = None) -> None:
        """Serve until `stop` is set, then hand over. `first` runs before anything is served."""
        async with AsyncExitStack() as stack:
            stack.enter_context(Watchdog(self.metrics.loop_lag.set, self.metrics.loop_blocked.inc))
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
                        self.openers.run(),
                        self.scouts.run(),
                        *(kept_up(loop, self.clock) for loop in self._side_loops()),
                        follow_catalog(
                            self.catalog,
                            self.service.records,
                            self.clock,
                            (self._vendors.follow, self.homes.reloaded),
                            self._keepers.refused,
                        ),
                    )
                ]
                listener = await self._serve()
                try:
                    await stop.wait()
                    await self._hand_over(listener)
                finally:
                    await listener.close(AT_ONCE)
                for task in loops:
                    task.cancel()

    async def adopt(self, adoption: Adoption) -> Release | None:
        """Record what is live, without serving: `greenlight adopt`. None: there is no such version."""
        async with AsyncExitStack() as stack:
            await self._prepare(stack)
            return await self.adoptions.record(adoption)

    def routes(self) -> web.Application:
        """What is served."""
        settings, deliveries = self.settings, self._deliveries()
        served = application(
            Doors(
                slack=self._slack,
                slack_secret=None if self._sockets else bytes_of(settings.slack_signing_secret),
                github=deliveries.github,
                github_secret=bytes_of(settings.github_webhook_secret),
                pagerduty=deliveries.pagerduty,
                pagerduty_secret=bytes_of(settings.pagerduty_webhook_secret),
                ready=self.ready,
                measured=self._scrape.text,
                metrics=self.metrics,
                connections=self._connections,
                clock=self.clock,
            )
        )
        return self._around("web", served)

    def _saw(self, before: Promotion | None, applied: Applied, messages: Sequence[Message]) -> None:
        """Something was committed."""
        self.metrics.saw(before, applied, messages)
        self.homes.saw(before, applied)
        self._receipts.saw(applied)

    async def ready(self) -> Mapping[str, bool]:
        """Whether a request would be served well now, part by part."""
        return await self.readiness.parts()

    def _counted(self, vendor: Vendor, part: T) -> T:
        return counted_vendor(part, vendor, self.metrics)

    async def _prepare(self, stack: AsyncExitStack) -> None:
        await self.store.open()
        stack.push_async_callback(self.store.close)
        stack.push_async_callback(self.readiness.close)
        await self._vendors.open(stack)

    async def _serve(self) -> Listener:
        leave_out_broken_http()
        listener = Listener(self.routes(), self._connections)
        await listener.open(self.settings.http_host, self.settings.http_port)
        log.info("serving", extra={"host": self.settings.http_host, "port": self.settings.http_port})
        return listener

    async def _hand_over(self, listener: Listener) -> None:
        """Take nothing more, let what is under way land, store what is known and give every lease back, so that
        whoever comes next goes on at once."""
        log.info("stopping", extra={"turns": self.worker.busy})
        rests = [self._sockets.rest(ANSWERS)] if self._sockets else []
        await asyncio.gather(listener.close(ANSWERS), self.worker.rest(GRACE), *rests)
        await self.courier.rest(ERRANDS)
        log.info("stopped", extra={"turns": self.worker.busy})

    def _side_loops(self) -> Iterator[Callable[[], Awaitable[None]]]:
        """What goes on beside the promotions, and may break without them."""
        yield from (self.adoptions.run, self.channels.run, self.homes.run, self.candidates.run)
        yield from (self.doctor.run, self.incident_rounds.run)
        if self._sockets:
            yield self._keep_sockets

    async def _keep_sockets(self) -> None:
        """What Slack sends before people can be told apart would be turned away: there is no socket until then."""
        await self.accounts.begun()
        if self._sockets is not None:
            await self._sockets.run()

    @cached_property
    def _slack(self) -> SlackDoor:
        """The door of Slack, over HTTP and through sockets; Bolt is built for who serves only."""
        return SlackDoor(slack_app(self._desk()), read, busy(), self.metrics)

    def _arrivals(self) -> Arrivals:
        return Arrivals(self._sockets.alive() if self._sockets else 0, self._slack.signed_at)

    async def _opened(self, envelope: Envelope) -> Receipt | None:
        """What an envelope is acknowledged with; what broke is not, so that the person is told."""
        try:
            return await guarded(lambda: self._slack.open(envelope))
        except Broke:
            return None

    def _deliveries(self) -> Deliveries:
        """The doors of GitHub and PagerDuty."""
        return Deliveries(
            service=self.service,
            store=self._store,
            repository=self.repository,
            outside=Outside(self.service, self._store, self.chat, self.courier, lambda: self.catalog.current),
            catalog=lambda: self.catalog.current,
        )

    def _desk(self) -> Desk:
        return Desk(
            service=self.service,
            store=self._store,
            chat=self.chat,
            accounts=self.accounts,
            channels=self.channels,
            adoptions=self.adoptions,
            rehearsal=self.rehearsal,
            courier=self.courier,
            openers=self.openers,
            scouts=self.scouts,
            limits=self.limits,
            homes=self.homes,
            wishes=self.wishes,
            candidates=self.candidates,
            redraws=Redraws(self.chat, self.courier, self.scouts),
            receipts=self._receipts,
            doctor=self.doctor,
            catalog=lambda: self.catalog.current,
            look_at_team=partial(read_team, self._tools()),
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
            wishes=self.wishes,
            switched=lambda: self._store.switched,
            sent=set(),
        )


def build(settings: Settings, parts: Parts | None = None) -> Bot:
    """The bot of these settings; raises CatalogError when the catalog cannot be used."""
    return Bot(settings, parts or Parts())
