"""Drives due promotions: claims them, gives each its turn, and gives the lease back."""

import asyncio
import logging
from collections.abc import Iterable
from uuid import uuid4

from bot.domain.effects import Effect
from bot.domain.messages import Fact
from bot.logs import about
from bot.performer import Performing, broke, perform
from bot.performers.tools import Scene, Tools
from bot.service import Applied, Service
from bot.store.codec import NewerDocument
from bot.store.protocol import Claim, Store, StoreDown
from bot.turn import REST, Means, Turn

log = logging.getLogger(__name__)
LEASE = 30.0  # seconds
TICK = 1.0  # seconds between looks at the due index when nothing rings
FRESH = 2 * TICK  # seconds: the due index was read at most so long ago, or the bot is not ready
PLACES = 1000  # promotions driven side by side: most of them wait for a vendor
KEPT = 50  # of these places are for rollbacks alone: what hangs on Slack in all others holds up none of them
LEFT_ALONE = 60.0  # seconds between looks at what a newer version wrote
UPGRADE = 600.0  # seconds that old and new replicas may run side by side
PASSED_ON = 2.0  # seconds meanwhile: a newer one that has to wait a minute for each step would hardly move
LAST_WORDS = 1.0  # seconds that turns have to store what is known, when they were told to wait no longer


class Worker:
    """The loop behind the door. One per process; any number on one store."""

    def __init__(
        self,
        service: Service,
        store: Store,
        tools: Tools,
        *,
        perform: Performing = perform,
        lease: float = LEASE,  # seconds
        places: int = PLACES,
    ) -> None:
        self._bell = service.bell
        self._store = store
        self._clock = tools.clock
        self._means = Means(service, store, tools, _kept(perform), lease)
        self._places = places
        self._turns: dict[str, Turn] = {}  # under way, by promotion
        # Promotions of a newer version, and since when they are left alone.
        self._newer: dict[str, float] = {}
        self._is_resting = False
        self.looked_at = float("-inf")  # boot time at which the due index was last read, for /readyz

    @property
    def is_busy(self) -> bool:
        """Whether a turn is under way."""
        return bool(self._turns)

    @property
    def busy(self) -> int:
        """How many turns are under way."""
        return len(self._turns)

    @property
    def left_alone(self) -> frozenset[str]:
        """The promotions that a newer version wrote, as far as this process met them."""
        return frozenset(self._newer)

    async def run(self) -> None:
        """Drive whatever is due, until cancelled; turns under way are then left to the next process."""
        async with asyncio.TaskGroup() as turns:
            while True:
                self._bell.rung.clear()
                asked = self._clock.boottime()
                for claim in await self._claim():
                    turn, is_new = self._turn_of(claim)
                    turn.hold(claim, asked)
                    if is_new:  # else its lease ran out meanwhile, and the turn goes on with this one
                        turns.create_task(self._drive(turn))
                await self._clock.wait(self._bell.rung, TICK)

    async def rest(self, seconds: float) -> None:
        """Claim nothing more, and give what is in the air some seconds to land; then every lease is given back.

        What has not landed by then is dropped: whoever comes next looks for what became of it.
        """
        self._is_resting = True
        for turn in self._turns.values():
            turn.call_home()
        await self._until_idle(seconds)
        for turn in self._turns.values():
            turn.drop()
        await self._until_idle(LAST_WORDS)

    async def _until_idle(self, seconds: float) -> None:
        deadline = self._clock.boottime() + seconds
        while self._turns and self._clock.boottime() < deadline:
            self._bell.rung.clear()
            await self._clock.wait(self._bell.rung, 0.2)

    async def _claim(self) -> Iterable[Claim]:
        if self._is_resting:
            return ()
        try:
            claims = await self._store.claim_due(self._clock.now(), self._means.lease, *self._room())
        except StoreDown as down:
            log.warning("store down", extra={"why": str(down)})
            return ()
        self.looked_at = self._clock.boottime()
        return claims

    def _room(self) -> tuple[int, int]:
        """How many more may be driven, and how many rollbacks beyond these."""
        free = max(self._places - len(self._turns), 0)
        others = max(free - KEPT, 0)
        return others, free - others

    def _turn_of(self, claim: Claim) -> tuple[Turn, bool]:
        under_way = self._turns.get(claim.promotion)
        if under_way is not None:
            return under_way, False
        turn = Turn(self._means, claim.promotion, is_called_home=self._is_resting)
        self._turns[claim.promotion] = turn
        return turn, True

    async def _drive(self, turn: Turn) -> None:
        """One turn, whatever happens in it: a fault of ours costs this promotion a rest, and no other one."""
        last: Applied | None = None
        rest = 0.0 if self._is_resting else REST
        with about(promotion=turn.promotion):
            try:
                last = await turn.run()
                rest = 0.0 if self._is_resting else REST
            except NewerDocument as newer:
                rest = self._leave_alone(turn.promotion, newer)
            except Exception:
                log.exception("turn failed")
            await self._release(turn, last, self._clock.now() + rest)

    def _leave_alone(self, promotion: str, newer: NewerDocument) -> float:
        """What a newer version wrote, or stands beside such a one, is not touched: its replicas go on with it.

        Returns for how many seconds nobody claims it again.
        """
        if promotion not in self._newer:
            self._newer[promotion] = self._clock.now()
            log.warning("left to a newer version", extra={"why": str(newer)})
        return PASSED_ON if self._clock.now() - self._newer[promotion] < UPGRADE else LEFT_ALONE

    async def _release(self, turn: Turn, last: Applied | None, again: float) -> None:
        """Give the lease back; until then the turn is not over for whoever waits for the worker to rest."""
        wake, settled = (again, False) if last is None else (last.plan.wake, last.plan.is_settled)
        given_back: Claim | None = None
        try:
            while given_back != turn.claim:  # it may be claimed anew while it is given back
                given_back = turn.claim
                await self._store.release(given_back, wake, settled=settled)
        except StoreDown as down:
            log.warning("lease not given back", extra={"why": str(down)})
        finally:
            del self._turns[turn.promotion]
            self._bell.rung.set()


def _kept(perform: Performing) -> Performing:
    """Performing in which a fault of ours is a fact as well: this effect failed, and no other one."""

    async def kept(tools: Tools, scene: Scene, effect: Effect) -> tuple[Fact, ...]:
        try:
            return await perform(tools, scene, effect)
        except Exception:
            reference = uuid4().hex[:6]
            log.exception("effect failed", extra={"effect": effect.key, "ref": reference})
            return (broke(scene, effect, reference, tools.clock.now()),)

    return kept
