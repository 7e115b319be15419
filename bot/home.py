"""Keeps Homes up to date: published when somebody opens theirs, and when something in it changes.

A change makes the Homes of those it concerns due, if they looked at them within a week. One loop publishes what is
due: nobody's more often than every five seconds, all together at a bounded rate, and only what looks different. So a
thousand promotions that move cost nothing as long as nobody looks. Whoever commits a change publishes it; what is
lost when a process dies is there at the next change, or when the Home is opened. New rules are a change to everybody:
a button carries the digest of the evidence by the rules that were.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Protocol

from blocks import home as blocks
from blocks.rendition import View
from bot import VERSION
from bot.domain.checkup import Checkup
from bot.domain.documents import HomeSeen
from bot.domain.home import Keep, Picture, Step, home_of, steps_seen
from bot.domain.policy import OWNER, Person, digest_of
from bot.domain.promotion import Promotion
from bot.home_picture import Camera, CatalogOnDisk
from bot.home_seen import SeenHomes
from bot.ports import Chat, Clock, Limited, Refused, VendorError
from bot.service import Applied, Service
from bot.store.protocol import Store, StoreDown

log = logging.getLogger(__name__)


CALM = 5.0  # seconds between two publications of one Home for what changed, and between two pictures for that
KNOCK = 2.0  # seconds between looks whether an account was read that somebody waits for
GLANCE = 60.0  # seconds between looks for who opened theirs at another replica
AGAIN = 10.0  # seconds until Slack, or the store, is tried again
MINUTE = 60.0
CHANGED, OPENED = 60, 90  # publications a minute, for changes and in all: Slack takes a hundred or more

Parts = Callable[[], Awaitable[Mapping[str, bool]]]
Checked = Callable[[], Checkup | None]


class Doorkeeper(Protocol):
    """Whoever reads accounts."""

    def is_known(self, user: str) -> bool: ...

    def is_shut_out(self, user: str) -> bool: ...


class Homes:
    """Everybody's Home. Never raises into whoever says that something changed."""

    def __init__(
        self,
        camera: Camera,
        seen: SeenHomes,
        chat: Chat,
        clock: Clock,
        catalog: CatalogOnDisk,
        doorkeeper: Doorkeeper,
        parts: Parts,
        checked: Checked,
    ) -> None:
        self._camera = camera
        self._seen = seen
        self._chat = chat
        self._clock = clock
        self._catalog = catalog
        self._doorkeeper = doorkeeper
        self._parts = parts
        self._checked = checked
        self._due: dict[str, float] = {}  # by person, and since when
        self._opened: set[str] = set()  # of these, who looks at theirs now
        self._knocked: dict[str, bool] = {}  # by person whose account is not read: whether they were told
        self._taken = 0.0  # when the last picture was
        self._shown: dict[str, str] = {}  # by person: the digest of what was published last
        self._at: dict[str, float] = {}  # by person: when that was done
        self._sent: deque[float] = deque(maxlen=OPENED)
        self._held_until = 0.0  # Slack asked to wait
        self._woken = asyncio.Event()
        self._loaded = (catalog.current.digest, clock.now())  # the digest, and when it was met first

    def opened(self, person: str) -> None:
        """Somebody looks at their Home now."""
        self._opened.add(person)
        self._mark(person)

    def knocked(self, person: str) -> None:
        """Somebody looks at theirs whose account is not read yet: it is there as soon as that is."""
        self._knocked.setdefault(person, False)
        self._woken.set()

    def did(self, person: str, step: Step) -> None:
        """Somebody did one of a newcomer's first steps."""
        if not self._seen.learn(person, step):
            return
        self._woken.set()
        if self._seen.is_recent(person, self._clock.now()):
            self._mark(person)

    def saw(self, before: Promotion | None, applied: Applied) -> None:
        """Something was committed: the Homes that show it are due."""
        if before is not None and _looks_the_same(before, applied.promotion):
            return
        now = self._clock.now()
        for person in _concerned(before, applied):
            if self._seen.is_recent(person, now):
                self._mark(person)

    def reloaded(self, catalog: object) -> None:
        """Other rules count from now on: every Home may show something else, with other buttons."""
        self._woken.set()

    async def run(self) -> None:
        """Publish what is due, until cancelled."""
        while True:
            self._woken.clear()
            try:
                pause = await self._flush()
            except StoreDown as down:
                log.warning("store down", extra={"why": str(down)})
                pause = AGAIN
            await self._clock.wait(self._woken, pause)

    def _mark(self, person: str) -> None:
        self._due.setdefault(person, self._clock.now())
        self._woken.set()

    async def _flush(self) -> float:
        """Publish what is due and may be; the seconds until there may be more."""
        now = self._clock.now()
        await self._seen.refresh(self._catalog.current.people, now)
        await self._seen.store_learned()
        self._meet_catalog(now)
        await self._answer_knocks(now)
        if ready := self._ready(now):
            await self._publish_all({name: self._due.pop(name) for name in ready})
        return self._pause(self._clock.now())

    async def _publish_all(self, left: dict[str, float]) -> None:
        """Bring Homes up to date: what changes while their picture is taken makes them due again."""
        try:
            picture, keep = await self._camera.take(), await self._keep()
            self._taken = picture.now
            for name in tuple(left):
                await self._publish(name, picture, keep)
                del left[name]
        finally:
            for name, since in left.items():
                self._due.setdefault(name, since)

    def _ready(self, now: float) -> list[str]:
        """Who is due and may be published to: whoever looks at this moment first."""
        if now < self._held_until:
            return []
        used = sum(now - at < MINUTE for at in self._sent)
        due = sorted((name for name in self._due if self._left(name, now) <= 0.0), key=self._due.__getitem__)
        looking = [name for name in due if name in self._opened][: max(0, OPENED - used)]
        if not looking and self._calm(now) > 0.0:
            return []  # one picture for all that changes within some seconds: it is the most of what a Home costs
        others = [name for name in due if name not in self._opened]
        return [*looking, *others[: max(0, CHANGED - used - len(looking))]]

    def _pause(self, now: float) -> float:
        glance = KNOCK if self._knocked else GLANCE
        if not self._due:
            return glance
        wait = min(self._left(name, now) for name in self._due)
        calm = 0.0 if self._opened else self._calm(now)
        return min(max(wait, calm, self._held_until - now, 1.0 if wait <= 0.0 else 0.0), glance)

    def _calm(self, now: float) -> float:
        """Seconds until the next picture for what changed."""
        return _rest_of(self._taken, now)

    def _left(self, person: str, now: float) -> float:
        """Seconds for which somebody's Home is left as it is."""
        if person in self._opened:
            return 0.0
        return _rest_of(self._at.get(person, 0.0), now)

    def _meet_catalog(self, now: float) -> None:
        """Other rules are other digests: what Homes show of what waits has to be shown anew."""
        catalog = self._catalog.current
        if self._loaded[0] == catalog.digest:
            return
        self._loaded = (catalog.digest, now)
        for person in catalog.people:
            if self._seen.is_recent(person, now):
                self._mark(person)

    async def _answer_knocks(self, now: float) -> None:
        """Whoever knocked is let in when their account is known; until then they read once that it is not."""
        for name, was_told in tuple(self._knocked.items()):
            person = self._catalog.current.people.get(name)
            if person is None or self._doorkeeper.is_shut_out(person.slack):
                del self._knocked[name]
            elif self._doorkeeper.is_known(person.slack):
                del self._knocked[name]
                self.opened(name)
            elif not was_told and now >= self._held_until:
                self._knocked[name] = True
                await self._tell_to_wait(person, now)

    async def _tell_to_wait(self, person: Person, now: float) -> None:
        """A Home that stays blank would look as if nothing listened; what comes of it is not waited for."""
        self._sent.append(now)
        try:
            await self._chat.publish_home(person.slack, blocks.unread())
        except VendorError as error:
            log.warning("home not published", extra={"person": person.name, "why": str(error)})

    async def _keep(self) -> Keep:
        """What admins see of the bot."""
        parts = tuple((await self._parts()).items())
        return Keep(parts, VERSION, *self._loaded, tuple(self._catalog.refused), self._checked())

    async def _publish(self, name: str, picture: Picture, keep: Keep) -> None:
        """Bring one Home up to date."""
        is_open = name in self._opened
        self._opened.discard(name)
        person = self._catalog.current.people.get(name)
        if person is None or self._doorkeeper.is_shut_out(person.slack):
            return
        try:
            seen = await self._seen.keep(name, picture.now if is_open else None, steps_seen(name, picture))
        except StoreDown:
            if is_open:
                self._opened.add(name)
            raise
        views = blocks.views(home_of(person, picture, _steps(seen), keep), picture.now)
        digest = digest_of(json.dumps(views))
        if is_open or self._shown.get(name) != digest:
            await self._send(person, views, digest, is_open=is_open)

    async def _send(self, person: Person, views: Sequence[View], digest: str, *, is_open: bool) -> None:
        """Publish; what Slack may take later stays due."""
        now = self._clock.now()
        self._sent.append(now)
        try:
            await self._chat.publish_home(person.slack, views)
        except VendorError as error:
            log.warning("home not published", extra={"person": person.name, "why": str(error)})
            if not isinstance(error, Refused):
                self._held_until = now + (error.retry_after if isinstance(error, Limited) else AGAIN)
                self._due.setdefault(person.name, now)
                if is_open:
                    self._opened.add(person.name)
        else:
            self._shown[person.name] = digest
        self._at[person.name] = self._clock.now()


def _rest_of(since: float, now: float) -> float:
    """What is left of some seconds of calm; a clock that was set back does not make them many."""
    return min(since + CALM - now, CALM)


def _steps(seen: HomeSeen) -> tuple[Step, ...] | None:
    """A newcomer's first steps that are done; None: all of them are."""
    done = tuple(step for step in Step if step.value in seen.steps)
    return None if len(done) == len(Step) else done


def _looks_the_same(before: Promotion, after: Promotion) -> bool:
    """Whether no Home would show a difference: most commits are looks and marks in the ledger."""
    return _look(before) == _look(after)


def _look(one: Promotion) -> tuple[object, ...]:
    incident = one.incident
    looks = incident and (
        incident.number,
        incident.status,
        incident.on_call,
        incident.acknowledged_by,
        incident.acknowledged_at,
        incident.lead,
        incident.resolved_at,
    )
    return (
        one.phase,
        one.sha,
        one.approvals,
        one.awaiting_since,
        one.wish,
        one.undone_by,
        one.replaced,
        one.waivers,
        looks,
    )


def _concerned(before: Promotion | None, applied: Applied) -> Iterable[str]:
    """Who asked, who decided, who still could, whose service it is, and who looks after its incident: everybody else
    sees it when they look."""
    promotion, context = applied.promotion, applied.context
    still = (person.name for need in applied.requirements.tally.needs for person in need.possible)
    voices = (one.by for one in (*promotion.approvals, *(before.approvals if before else ())))
    owners = (person.name for person in context.holders((OWNER,)))
    incidents = (one.incident for one in (before, promotion) if one and one.incident)
    on_call = (name for one in incidents for name in (*one.on_call, one.lead))
    return {promotion.requester, *voices, *still, *owners, *on_call}


def homes(
    service: Service,
    store: Store,
    chat: Chat,
    catalog: CatalogOnDisk,
    doorkeeper: Doorkeeper,
    parts: Parts,
    checked: Checked,
) -> Homes:
    """The Homes of one bot; `parts` says which part of it is well, `checked` what the doctor found last."""
    camera = Camera(service, store, service.clock, lambda: catalog.current)
    seen = SeenHomes(store, service.clock)
    return Homes(camera, seen, chat, service.clock, catalog, doorkeeper, parts, checked)
