"""Drives due promotions: claim, plan, perform, commit, until nothing is missing; then give the lease back.

Effects of one promotion run side by side by lane, one after the other within a lane. A lane's results are committed
as soon as they are there, so that a slow Slack never holds up what GitHub answered.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from uuid import uuid4

from bot.domain.effects import BEGUN_FIRST, CancelOther, Effect, Lane, TellUndone
from bot.domain.messages import Cancel, EffectDone, EffectFailed, EffectsBegun, Fact, Undone, Woken
from bot.performer import broke, perform
from bot.performers.tools import Scene, Tools
from bot.service import Applied, Service
from bot.store.protocol import Claim, Store, StoreDown

log = logging.getLogger(__name__)
LEASE = 30.0  # seconds
RENEW = 10.0
TICK = 1.0  # seconds between looks at the due index when nothing rings
AT_ONCE = 32  # promotions driven side by side
ROUNDS = 200  # in one turn; more would be a loop of ours
REST = 5.0  # seconds that a promotion is left alone when its turn could not go on


@dataclass(slots=True)
class Turn:
    """One promotion's turn: what is in flight, by lane."""

    claim: Claim
    touched: asyncio.Event
    flying: dict[Lane, asyncio.Task[tuple[Fact, ...]]] = field(default_factory=dict)
    rounds: int = 0


class Worker:
    """The loop behind the door. One per process; any number on one store."""

    def __init__(self, service: Service, store: Store, tools: Tools) -> None:
        self._service = service
        self._store = store
        self._tools = tools
        self._busy: set[str] = set()
        self._resting = False
        self.looked_at = 0.0  # when the due index was last read, for /readyz

    @property
    def is_busy(self) -> bool:
        """Whether a turn is under way."""
        return bool(self._busy)

    async def run(self) -> None:
        """Drive whatever is due, until cancelled; turns under way are then left to the next process."""
        async with asyncio.TaskGroup() as turns:
            while True:
                self._service.bell.rung.clear()
                for claim in await self._claim():
                    self._busy.add(claim.promotion)
                    turns.create_task(self._drive(claim))
                await self._tools.clock.wait(self._service.bell.rung, TICK)

    async def rest(self, seconds: float) -> None:
        """Claim nothing more, and give the turns under way some seconds to come home."""
        self._resting = True
        deadline = self._tools.clock.boottime() + seconds
        while self._busy and self._tools.clock.boottime() < deadline:
            self._service.bell.rung.clear()
            await self._tools.clock.wait(self._service.bell.rung, 0.2)

    async def _claim(self) -> Iterable[Claim]:
        now = self._tools.clock.now()
        if self._resting:
            return ()
        try:
            claims = await self._store.claim_due(now, LEASE, AT_ONCE - len(self._busy))
        except StoreDown as down:
            log.warning("store down", extra={"why": str(down)})
            return ()
        self.looked_at = now
        return claims

    async def _drive(self, claim: Claim) -> None:
        """One turn, whatever happens in it: a fault of ours costs this promotion a rest, and no other one."""
        wake: float | None = self._tools.clock.now() + REST
        settled = False
        try:
            async with self._service.bell.listening(claim.promotion) as touched:
                last = await self._turn(Turn(claim, touched))
            if last is not None:
                wake, settled = last.plan.wake, last.plan.is_settled
        except Exception:
            log.exception("turn failed", extra={"promotion": claim.promotion})
        await self._release(claim, wake, settled)

    async def _release(self, claim: Claim, wake: float | None, settled: bool) -> None:
        """Give the lease back; until then the turn is not over for whoever waits for the worker to rest."""
        try:
            await self._store.release(claim, wake, settled=settled)
        except StoreDown as down:
            log.warning("lease not given back", extra={"why": str(down)})
        finally:
            self._busy.discard(claim.promotion)
            self._service.bell.rung.set()

    async def _turn(self, turn: Turn) -> Applied | None:
        """Plan and perform until nothing is missing; None: the store or the promotion would not go on."""
        applied = await self._record(turn, (Woken(turn.claim.promotion),))
        try:
            while applied is not None:
                await self._start(turn, applied)
                if not turn.flying:
                    return applied
                facts = await self._land(turn, applied.plan.wake)
                if not await self._store.renew(turn.claim, self._tools.clock.now(), LEASE):
                    return None
                turn.rounds += 1
                if turn.rounds > ROUNDS:
                    log.error("turn does not end", extra={"promotion": turn.claim.promotion})
                    return None
                applied = await self._record(turn, facts or (Woken(turn.claim.promotion),))
        finally:
            await _ground(turn)
        return None

    async def _record(self, turn: Turn, facts: tuple[Fact, ...]) -> Applied | None:
        answer = await self._service.handle_all(facts, claim=turn.claim.token)
        turn.touched.clear()  # by our own commit; anybody else's comes after this line or was read by it
        return answer if isinstance(answer, Applied) else None

    async def _start(self, turn: Turn, applied: Applied) -> None:
        """Send each idle lane off with its effects; what cannot be repeated is marked as begun first."""
        wanted = [effect for effect in applied.plan.effects if effect.lane not in turn.flying]
        begun = tuple(effect.key for effect in wanted if isinstance(effect, BEGUN_FIRST))
        if begun:
            marked = await self._record(turn, (EffectsBegun(turn.claim.promotion, begun),))
            if marked is None:
                return
        scene = Scene(applied.promotion, applied.context)
        for lane, effects in groupby(sorted(wanted, key=_lane), key=_lane):
            turn.flying[lane] = asyncio.create_task(self._fly(scene, tuple(effects)))

    async def _land(self, turn: Turn, wake: float | None) -> tuple[Fact, ...]:
        """Wait for the first lanes to come home, for news from elsewhere, for the moment at which the plan
        wants more (a lane that hangs holds up no other), or for the lease to want renewing."""
        now = self._tools.clock.now()
        soon = RENEW if wake is None else min(RENEW, wake - now)
        news = asyncio.create_task(self._tools.clock.wait(turn.touched, soon))
        try:
            await asyncio.wait({news, *turn.flying.values()}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
        home = [lane for lane, task in turn.flying.items() if task.done()]
        return tuple(fact for lane in home for fact in turn.flying.pop(lane).result())

    async def _fly(self, scene: Scene, effects: tuple[Effect, ...]) -> tuple[Fact, ...]:
        """The effects of one lane, in order."""
        facts: list[Fact] = []
        for effect in effects:
            facts += await self._perform(scene, effect)
        return tuple(facts)

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
        if isinstance(answer, Applied) or isinstance(effect, CancelOther):
            return (EffectDone(promotion.id, effect.key),)
        again = self._tools.clock.now() + REST
        return (EffectFailed(promotion.id, effect.key, "not stored", again),)


async def _ground(turn: Turn) -> None:
    """Leave nothing flying behind: a cancelled call is reported by nobody and looked for by the next turn."""
    for task in turn.flying.values():
        task.cancel()
    await asyncio.gather(*turn.flying.values(), return_exceptions=True)


def _lane(effect: Effect) -> Lane:
    return effect.lane
