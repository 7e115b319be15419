"""Adopting what is already live: recorded when it is asked, looked up afterwards, told when it is done.

The version has to be looked up at GitHub (or read from the health body), which no acknowledgement may wait for. So
what was asked is kept in one small document and worked off here; a crash in between loses nothing. A try is counted
before it is made, and what was tried goes to the end: one adoption that breaks us holds up no other, nor for ever.

Each is worked off by the replica that was asked, and told by whoever takes it off the list. Another one takes it
over when it has stood there untried for so long that whoever was asked must be gone.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from bot import gates
from bot.contexts import CurrentCatalog
from bot.domain.context import Membership
from bot.domain.documents import Adoption
from bot.domain.errors import BadVersion, NotAllowed, Refusal
from bot.domain.messages import Request
from bot.domain.opening import is_version
from bot.domain.policy import Kind, Rules
from bot.domain.promotion import Release
from bot.domain.readings import HealthReading
from bot.domain.size import cut
from bot.ports import Clock, Pager, Probe, Refused, Repository, Resolved, VendorError
from bot.service import Service
from bot.store.codec import dump_adoptions, load_adoptions
from bot.store.protocol import AuditRow, Commit, Committed, Document, Store, StoreDown

log = logging.getLogger(__name__)
KEY = "adoptions"
AGAIN = 10.0  # seconds until a vendor that did not answer is asked again
GLANCE = 60.0  # seconds between looks for what somebody else was asked
GONE = 30.0  # seconds without a try, after which whoever was asked is taken for dead
TRIES = 30
MOST_WAITING = 10  # adoptions that may wait: together they always fit into the document
MOST_REASON = 200  # bytes that are kept of why

# What came of it: recorded, no such version, or a vendor that would not say.
Tell = Callable[[Adoption, Release | VendorError | None], None]


class Adoptions:
    """What waits to be recorded as live."""

    def __init__(
        self,
        service: Service,
        store: Store,
        catalog: CurrentCatalog,
        clock: Clock,
        ports: tuple[Repository, Pager, Probe],
        tell: Tell,
    ) -> None:
        self._service = service
        self._store = store
        self._catalog = catalog
        self._clock = clock
        self._repository, self._pager, self._probe = ports
        self._tell = tell
        self._asked = asyncio.Event()
        self._ours: set[Adoption] = set()  # asked or tried here
        self._stood: dict[Adoption, float] = {}  # on the list, and since when they have stood there so

    async def refusal(self, adoption: Adoption) -> Refusal | None:
        """Why this may not be asked: a version that is none, or somebody who is no admin."""
        if adoption.version and not is_version(adoption.version):
            return BadVersion(adoption.version)
        ask = Request("", "", adoption.by, adoption.service, adoption.environment, "", "")
        context = await self._service.contexts.of_message(None, ask)
        words = context.rules.admins
        if words and context.may(adoption.by, words) is Membership.YES:
            return None
        return NotAllowed("adopt", words, context.holders(words))

    async def ask(self, adoption: Adoption) -> bool:
        """Keep what was asked; False: the store did not, or too many wait already."""
        short = replace(adoption, reason=cut(adoption.reason, MOST_REASON))
        try:
            if len(await self._waiting()) >= MOST_WAITING:
                return False
            kept = await self._change(lambda waiting: (*waiting, short), short, "adopt_asked")
        except StoreDown as down:
            log.warning("store down", extra={"why": str(down)})
            return False
        self._ours.add(short)
        self._asked.set()
        return kept

    async def run(self) -> None:
        """Work off what was asked, until cancelled."""
        while True:
            self._asked.clear()
            try:
                is_left = await self._work_off()
            except StoreDown as down:
                log.warning("store down", extra={"why": str(down)})
                is_left = True
            await self._clock.wait(self._asked, AGAIN if is_left else GLANCE)

    async def record(self, adoption: Adoption) -> Release | None:
        """Look the version up and record it as live; None: there is no such version, or no longer such a place."""
        try:
            rules = self._catalog.current.rules(adoption.service, adoption.environment, Kind.PROMOTE)
        except KeyError:
            return None
        version = adoption.version or await self._version_in_health(rules)
        if not version:
            return None
        found = await self._repository.resolve(rules.service.repo, version)
        if not isinstance(found, Resolved):
            return None
        release = Release(sha=found.sha, version=version, since=self._clock.now(), by=adoption.by)
        outcome = await self._service.records.adopt(
            adoption.service, adoption.environment, release, adoption.reason
        )
        if not isinstance(outcome, Committed):
            raise StoreDown("the record of what is live changed meanwhile")
        return release

    async def _work_off(self) -> bool:
        """Try each that is ours to try; True: something is left."""
        now, waiting = self._clock.now(), await self._waiting()
        self._ours &= set(waiting)
        self._stood = {one: self._stood.get(one, now) for one in waiting}
        left = False
        for one in waiting:
            is_ours = one in self._ours or now - self._stood[one] >= GONE
            left = (await self._settle(one) if is_ours else True) or left
        return left

    async def _settle(self, adoption: Adoption) -> bool:
        """Try one; True: it has to be tried again, or somebody else does."""
        tried = replace(adoption, tries=adoption.tries + 1)
        if not await self._swapped(adoption, (tried,), tried, "adopt_tried"):
            return True
        self._ours.add(tried)
        came_of_it: Release | VendorError | None = None
        try:
            if tried.tries <= TRIES:
                came_of_it = await self.record(tried)
        except VendorError as error:
            log.warning("not adopted yet", extra={"why": str(error)})
            if not isinstance(error, Refused) and tried.tries < TRIES:
                return True
            came_of_it = error
        if not await self._swapped(tried, (), tried, "adopt_settled"):
            return True
        self._tell(tried, came_of_it)
        return False

    async def _swapped(self, old: Adoption, new: tuple[Adoption, ...], about: Adoption, action: str) -> bool:
        """Put something in the place of one on the list; False: somebody else has done so already."""

        def swap(waiting: tuple[Adoption, ...]) -> tuple[Adoption, ...] | None:
            return (*(one for one in waiting if one != old), *new) if old in waiting else None

        return await self._change(swap, about, action)

    async def _version_in_health(self, rules: Rules) -> str | None:
        rule = next((rule for rule in rules.verify if rule.use == "health"), None)
        if rule is None:
            return None
        view = gates.GateView(
            service=rules.service,
            environment=rules.environment,
            sha="",
            version="",
            repository=self._repository,
            pager=self._pager,
            probe=self._probe,
        )
        reading, _ = await gates.observe(rule, view, None)
        return reading.version if isinstance(reading, HealthReading) else None

    async def _waiting(self) -> tuple[Adoption, ...]:
        document = (await self._store.documents((KEY,)))[KEY]
        return load_adoptions(document.body) if document.revision else ()

    async def _change(
        self,
        change: Callable[[tuple[Adoption, ...]], tuple[Adoption, ...] | None],
        about: Adoption,
        action: str,
    ) -> bool:
        """Change the list; False: there is nothing to change, or too many do so at one moment."""
        for _ in range(10):
            document = (await self._store.documents((KEY,)))[KEY]
            waiting = load_adoptions(document.body) if document.revision else ()
            changed = change(waiting)
            if changed is None:
                return False
            body = dump_adoptions(changed)
            row = AuditRow(
                at=self._clock.now(),
                actor=about.by,
                action=action,
                subject=f"{about.service}:{about.environment}",
                detail=about.version,
            )
            put = Document(KEY, body, document.revision)
            outcome = await self._store.commit(Commit(at=row.at, documents=(put,), audit=(row,)))
            if isinstance(outcome, Committed):
                return True
        return False
