"""Drives due promotions: claim, plan, perform, commit, until nothing is missing; then give the lease back.

Effects of one promotion run side by side by lane, one after the other within a lane. What came of each is committed
as soon as it is there, so that a slow Slack never holds up what GitHub answered, and a crash repeats one call at most.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from uuid import uuid4

from bot.domain.effects import BEGUN_FIRST, CancelOther, Effect, Lane, TellUndone
from bot.domain.messages import Cancel, EffectDone, EffectFailed, EffectsBegun, Fact, Undone, Woken
from bot.performer import broke, perform
from bot.performers.tools import Scene, Tools
from bot.service import Applied, Service, Unavailable
from bot.store.protocol import Claim, Store, StoreDown

log = logging.getLogger(__name__)
LEASE = 30.0  # seconds
RENEW = 10.0
TICK = 1.0  # seconds between looks at the due index when nothing rings
AT_ONCE = 1000  # promotions driven side by side: most of them wait for a vendor
CALLS = 32  # to one vendor side by side, so that one that hangs holds up nobody who needs another
ROUNDS = (
    200  # in one turn, not counting those that only somebody else's change rang; more would be a loop of ours
)
REST = 5.0  # seconds that a promotion is left alone when its turn could not go on
STORE_TRIES = 5  # before what a vendor answered is let go, to be looked for again
STORE_PAUSE = 1.0  # seconds between them


@dataclass(slots=True)
class Turn:
    """One promotion's turn: what is in flight by lane, and what has landed and is not stored yet."""

    promotion: str
    touched: asyncio.Event
    landed: asyncio.Event = field(default_factory=asyncio.Event)
    facts: list[Fact] = field(default_factory=list)
    flying: dict[Lane, asyncio.Task[None]] = field(default_factory=dict)
    rounds: int = 0


class Worker:
    """The loop behind the door. One per process; any number on one store."""

    def __init__(self, service: Service, store: Store, tools: Tools) -> None:
        self._service = service
        self._store = store
        self._tools = tools
        self._claims: dict[str, Claim] = {}  # of the turns under way, by promotion
        self._calls: dict[Lane, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(CALLS))
        self._resting = False
        self.looked_at = 0.0  # when the due index was last read, for /readyz

    @property
    def is_busy(self) -> bool:
        """Whether a turn is under way."""
        return bool(self._claims)

    async def run(self) -> None:
        """Drive whatever is due, until cancelled; turns under way are then left to the next process."""
        async with asyncio.TaskGroup() as turns:
            while True:
                self._service.bell.rung.clear()
                for claim in await self._claim():
                    under_way = claim.promotion in self._claims
                    self._claims[claim.promotion] = claim
                    if not under_way:  # else its lease ran out meanwhile, and the turn goes on with this one
                        turns.create_task(self._drive(claim.promotion))
                await self._tools.clock.wait(self._service.bell.rung, TICK)

    async def rest(self, seconds: float) -> None:
        """Claim nothing more, and give the turns under way some seconds to come home."""
        self._resting = True
        deadline = self._tools.clock.boottime() + seconds
        while self._claims and self._tools.clock.boottime() < deadline:
            self._service.bell.rung.clear()
            await self._tools.clock.wait(self._service.bell.rung, 0.2)

    async def _claim(self) -> Iterable[Claim]:
        now = self._tools.clock.now()
        if self._resting:
            return ()
        try:
            claims = await self._store.claim_due(now, LEASE, AT_ONCE - len(self._claims))
        except StoreDown as down:
            log.warning("store down", extra={"why": str(down)})
            return ()
        self.looked_at = now
        return claims

    async def _drive(self, promotion: str) -> None:
        """One turn, whatever happens in it: a fault of ours costs this promotion a rest, and no other one."""
        wake: float | None = self._tools.clock.now() + REST
        settled = False
        try:
            async with self._service.bell.listening(promotion) as touched:
                last = await self._turn(Turn(promotion, touched))
            if last is not None:
                wake, settled = last.plan.wake, last.plan.is_settled
        except Exception:
            log.exception("turn failed", extra={"promotion": promotion})
        await self._release(promotion, wake, settled)

    async def _release(self, promotion: str, wake: float | None, settled: bool) -> None:
        """Give the lease back; until then the turn is not over for whoever waits for the worker to rest."""
        given_back: Claim | None = None
        try:
            while given_back != self._claims[promotion]:  # it may be claimed anew while it is given back
                given_back = self._claims[promotion]
                await self._store.release(given_back, wake, settled=settled)
        except StoreDown as down:
            log.warning("lease not given back", extra={"why": str(down)})
        finally:
            del self._claims[promotion]
            self._service.bell.rung.set()

    async def _turn(self, turn: Turn) -> Applied | None:
        """Plan and perform until nothing is missing; None: the store or the promotion would not go on."""
        applied = await self._record(turn, (Woken(turn.promotion),))
        is_ours = True
        try:
            while applied is not None:
                is_ours = is_ours and await self._start(turn, applied)
                if not turn.flying:
                    return applied if is_ours else None
                facts = await self._land(turn, applied.plan.wake)
                only_rung = turn.touched.is_set() and not facts
                applied = await self._record(turn, facts or (Woken(turn.promotion),))
                is_ours = await self._renew(turn)
                if not only_rung and not _goes_on(turn):
                    return None
        finally:
            await _ground(turn)
        return None

    async def _record(self, turn: Turn, facts: tuple[Fact, ...]) -> Applied | None:
        """Store what is known; a store that is down for a moment does not make it untrue."""
        for left in reversed(range(STORE_TRIES)):
            answer = await self._service.handle_all(facts, claim=self._claims[turn.promotion].token)
            turn.touched.clear()  # by our own commit; anybody else's comes after this line or was read by it
            if not isinstance(answer, Unavailable) or answer.fenced or not left:
                break
            await self._tools.clock.wait(asyncio.Event(), STORE_PAUSE)
        return answer if isinstance(answer, Applied) else None

    async def _renew(self, turn: Turn) -> bool:
        """Whether the lease is still ours; without it nothing new is sent off, and what lands is still stored."""
        try:
            return await self._store.renew(self._claims[turn.promotion], self._tools.clock.now(), LEASE)
        except StoreDown as down:
            log.warning("lease not renewed", extra={"why": str(down)})
            return False

    async def _start(self, turn: Turn, applied: Applied) -> bool:
        """Send each idle lane off with its effects; False: what cannot be repeated could not be marked as begun."""
        wanted = [effect for effect in applied.plan.effects if effect.lane not in turn.flying]
        begun = tuple(effect.key for effect in wanted if isinstance(effect, BEGUN_FIRST))
        if begun and await self._record(turn, (EffectsBegun(turn.promotion, begun),)) is None:
            return False
        scene = Scene(applied.promotion, applied.context)
        for lane, effects in groupby(sorted(wanted, key=_lane), key=_lane):
            turn.flying[lane] = asyncio.create_task(self._fly(turn, scene, tuple(effects)))
        return True

    async def _land(self, turn: Turn, wake: float | None) -> tuple[Fact, ...]:
        """Wait for something to come home, for news from elsewhere, for the moment at which the plan
        wants more (a lane that hangs holds up no other), or for the lease to want renewing."""
        now = self._tools.clock.now()
        soon = RENEW if wake is None else min(RENEW, wake - now)
        news = asyncio.create_task(self._tools.clock.wait(turn.touched, soon))
        home = asyncio.create_task(turn.landed.wait())
        try:
            await asyncio.wait({news, home}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
            home.cancel()
        for lane in [lane for lane, task in turn.flying.items() if task.done()]:
            turn.flying.pop(lane).result()
        facts = tuple(turn.facts)
        turn.facts.clear()
        turn.landed.clear()
        return facts

    async def _fly(self, turn: Turn, scene: Scene, effects: tuple[Effect, ...]) -> None:
        """The effects of one lane, in order; each one's answer is told at once."""
        for effect in effects:
            async with self._calls[effect.lane]:
                turn.facts.extend(await self._perform(scene, effect))
            turn.landed.set()

    async def _perform(self, scene: Scene, effect: Effect) -> tuple[Fact, ...]:
        if isinstance(effect, TellUndone | CancelOther):
            return await self._tell(scene, effect)
        try:
            return await perform(self._tools, scene, effect)
        except Exception:
            reference = uuid4().hex[:6]
            log.exception(
                "effect failed",
                extra={"promotion": scene.promotion.id, "effect": effect.key, "ref": reference},
            )
            return (broke(scene, effect, reference, self._tools.clock.now()),)

    async def _tell(self, scene: Scene, effect: TellUndone | CancelOther) -> tuple[Fact, ...]:
        """What one promotion tells another goes through the same door."""
        promotion = scene.promotion
        if isinstance(effect, TellUndone):
            answer = await self._service.handle(Undone(effect.undone, effect.by, effect.to))
        else:
            reason = f"rolled back by {promotion.id}"
            answer = await self._service.handle(Cancel(effect.other.id, promotion.requester, reason))
        if isinstance(answer, Applied):
            return (EffectDone(promotion.id, effect.key),)
        again = self._tools.clock.now() + REST
        return (EffectFailed(promotion.id, effect.key, "not taken", again),)


def _goes_on(turn: Turn) -> bool:
    """Whether a turn is no loop of ours, after one more round of it."""
    turn.rounds += 1
    if turn.rounds > ROUNDS:
        log.error("turn does not end", extra={"promotion": turn.promotion})
    return turn.rounds <= ROUNDS


async def _ground(turn: Turn) -> None:
    """Leave nothing flying behind: a cancelled call is reported by nobody and looked for by the next turn."""
    for task in turn.flying.values():
        task.cancel()
    await asyncio.gather(*turn.flying.values(), return_exceptions=True)


def _lane(effect: Effect) -> Lane:
    return effect.lane
