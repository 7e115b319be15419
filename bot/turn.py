"""One promotion's turn: plan, perform, commit, until nothing is missing.

Effects run side by side by lane, one after the other within a lane. What came of each is committed as soon as it
is there, so that a slow Slack never holds up what GitHub answered, and a crash repeats one call at most.
"""

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from math import inf

from bot.domain.effects import BEGUN_FIRST, CancelOther, Effect, Lane, TellUndone
from bot.domain.messages import Cancel, EffectDone, EffectFailed, EffectsBegun, Fact, Undone, Woken
from bot.performer import Performing
from bot.performers.tools import Scene, Tools
from bot.service import Applied, Service, Unavailable
from bot.store.protocol import Claim, Store, StoreDown

log = logging.getLogger(__name__)
RENEWED = 3  # times per lease
CALLS = 32  # to one vendor side by side, so that one that hangs holds up nobody who needs another
# In one turn, not counting those that only somebody else's change rang; more would be a loop of ours.
ROUNDS = 200
# Turns that decide and commit side by side: a person's click waits behind these, not behind hundreds.
DECIDING = 8
REST = 5.0  # seconds that a promotion is left alone when its turn could not go on
STORE_TRIES = 5  # before what a vendor answered is let go, to be looked for again
STORE_PAUSE = 1.0  # seconds between them

Calls = defaultdict[Lane, asyncio.Semaphore]


def calls() -> Calls:
    """The calls that all turns of one process may have in the air, by vendor."""
    return defaultdict(lambda: asyncio.Semaphore(CALLS))


@dataclass(frozen=True, slots=True)
class Means:
    """What every turn of one process works with."""

    service: Service
    store: Store
    tools: Tools
    perform: Performing
    lease: float  # seconds
    calls: Calls = field(default_factory=calls)
    deciding: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(DECIDING))


class Turn:
    """Drives one promotion under a lease. Without the lease nothing new is sent off; what lands is still told."""

    def __init__(self, means: Means, promotion: str, *, is_called_home: bool) -> None:
        self.promotion = promotion
        self.claim = Claim(promotion, "")
        self._means = means
        self._clock = means.tools.clock
        self._until = -inf  # boot time: the lease lasts until then at least
        self._is_called_home = is_called_home
        self._touched = asyncio.Event()
        self._landed = asyncio.Event()
        self._is_told = asyncio.Event()  # all that has landed is stored
        self._is_told.set()
        self._facts: list[Fact] = []  # landed, and not stored yet
        self._flying: dict[Lane, asyncio.Task[None]] = {}
        self._rounds = 0

    def hold(self, claim: Claim, asked: float) -> None:
        """Go on under this lease, which was asked for at a moment of boot time."""
        self.claim, self._until = claim, asked + self._means.lease

    def call_home(self) -> None:
        """Send nothing more off; what is in the air may still land."""
        self._is_called_home = True
        self._touched.set()

    def drop(self) -> None:
        """Wait for nothing that is in the air any more: whoever comes next looks for what became of it."""
        for task in self._flying.values():
            task.cancel()

    async def run(self) -> Applied | None:
        """Go on until nothing is missing; None: it could not, or was called home."""
        async with self._means.service.bell.listening(self.promotion) as self._touched:
            try:
                applied = await self._record((Woken(self.promotion),))
                while applied is not None and await self._start(applied):
                    if not self._flying:
                        return applied
                    applied = await self._news(applied.plan.wake)
                await self._come_home()
            finally:
                self.drop()
                await asyncio.gather(*self._flying.values(), return_exceptions=True)
        return None

    @property
    def _may_send(self) -> bool:
        """Whether the lease is surely ours, also after a moment in which the whole process stood still."""
        return not self._is_called_home and self._clock.boottime() < self._until

    async def _start(self, applied: Applied) -> bool:
        """Send each idle lane off with its effects; False: nothing may be sent, or be marked as begun."""
        if self._is_called_home or not (self._may_send or await self._renew()):
            return False
        wanted = [effect for effect in applied.plan.effects if effect.lane not in self._flying]
        begun = tuple(effect.key for effect in wanted if isinstance(effect, BEGUN_FIRST))
        if begun and await self._record((EffectsBegun(self.promotion, begun),)) is None:
            return False
        scene = Scene(applied.promotion, applied.context)
        for lane, effects in groupby(sorted(wanted, key=_lane), key=_lane):
            self._flying[lane] = asyncio.create_task(self._fly(scene, tuple(effects)))
        return True

    async def _news(self, wake: float | None) -> Applied | None:
        """What the promotion is after the next thing that happens to it; None: the turn is over."""
        await self._wait(wake)
        facts = self._collect()
        only_rung = self._touched.is_set() and not facts
        applied = await self._record(facts) if facts else None
        is_ours = await self._renew()
        if not facts and is_ours and not self._is_called_home:
            applied = await self._record((Woken(self.promotion),))
        return applied if only_rung or self._goes_on() else None

    async def _wait(self, wake: float | None) -> None:
        """Wait for something to come home, for news from elsewhere, for the moment at which the plan
        wants more (a lane that hangs holds up no other), or for the lease to want renewing."""
        renewal = self._means.lease / RENEWED
        soon = renewal if wake is None else min(renewal, wake - self._clock.now())
        news = asyncio.create_task(self._clock.wait(self._touched, soon))
        home = asyncio.create_task(self._landed.wait())
        try:
            await asyncio.wait({news, home}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
            home.cancel()

    async def _come_home(self) -> None:
        """Tell what is in the air as it lands, and send nothing more: what happened is true whoever has the lease."""
        self._is_called_home = True
        self._is_told.set()
        while self._flying:
            renewal = self._means.lease / RENEWED
            await asyncio.wait(self._flying.values(), timeout=renewal, return_when=asyncio.FIRST_COMPLETED)
            if facts := self._collect():
                await self._record(facts)
            await self._renew()

    def _collect(self) -> tuple[Fact, ...]:
        """What has landed since, and idle lanes for what comes next."""
        self._landed.clear()
        for lane in [lane for lane, task in self._flying.items() if task.done()]:
            task = self._flying.pop(lane)
            if not task.cancelled():
                task.result()
        facts = tuple(self._facts)
        self._facts.clear()
        return facts

    async def _record(self, facts: tuple[Fact, ...]) -> Applied | None:
        """Store what is known, and let the lanes go on that wait for it."""
        applied = await self._stored(facts)
        if applied is not None and not self._facts:  # else more has landed meanwhile, and is stored next
            self._is_told.set()
        return applied

    async def _stored(self, facts: tuple[Fact, ...]) -> Applied | None:
        """Store it; a store that is down for a moment does not make it untrue."""
        for left in reversed(range(STORE_TRIES)):
            async with self._means.deciding:
                answer = await self._means.service.handle_all(facts, claim=self.claim.token)
            self._touched.clear()  # by our own commit; anybody else's comes after this line or was read by it
            if not isinstance(answer, Unavailable) or answer.fenced or not left:
                break
            await self._clock.wait(asyncio.Event(), STORE_PAUSE)
        return answer if isinstance(answer, Applied) else None

    async def _renew(self) -> bool:
        """Whether the lease is still ours, as far as the store can say."""
        asked, claim = self._clock.boottime(), self.claim
        try:
            is_ours = await self._means.store.renew(claim, self._clock.now(), self._means.lease)
        except StoreDown as down:
            log.warning("lease not renewed", extra={"why": str(down)})
            is_ours = False
        if claim is self.claim:  # else it was claimed anew meanwhile
            self._until = asked + self._means.lease if is_ours else -inf
        return self._until > -inf

    async def _fly(self, scene: Scene, effects: tuple[Effect, ...]) -> None:
        """The effects of one lane, in order, each when the answer of the one before is stored: a crash
        repeats one call of a lane at most."""
        try:
            for effect in effects:
                await self._is_told.wait()
                async with self._means.calls[effect.lane]:
                    if not self._may_send:
                        return
                    self._land(await self._perform(scene, effect))
        finally:
            self._landed.set()

    def _land(self, facts: tuple[Fact, ...]) -> None:
        if facts:
            self._facts.extend(facts)
            self._is_told.clear()
        self._landed.set()

    async def _perform(self, scene: Scene, effect: Effect) -> tuple[Fact, ...]:
        if isinstance(effect, TellUndone | CancelOther):
            return await self._tell(scene, effect)
        return await self._means.perform(self._means.tools, scene, effect)

    async def _tell(self, scene: Scene, effect: TellUndone | CancelOther) -> tuple[Fact, ...]:
        """What one promotion tells another goes through the same door."""
        promotion = scene.promotion
        if isinstance(effect, TellUndone):
            answer = await self._means.service.handle(Undone(effect.undone, effect.by, effect.to))
        else:
            reason = f"rolled back by {promotion.id}"
            answer = await self._means.service.handle(Cancel(effect.other.id, promotion.requester, reason))
        if isinstance(answer, Applied):
            return (EffectDone(promotion.id, effect.key),)
        again = self._clock.now() + REST
        return (EffectFailed(promotion.id, effect.key, "not taken", again),)

    def _goes_on(self) -> bool:
        """Whether this is no loop of ours, after one more round of it."""
        self._rounds += 1
        if self._rounds > ROUNDS:
            log.error("turn does not end")
        return self._rounds <= ROUNDS


def _lane(effect: Effect) -> Lane:
    return effect.lane
