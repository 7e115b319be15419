"""Instants at which several replicas do the same thing: held together by a barrier, not by luck."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

from bot.app import T
from bot.store.protocol import Claim
from tests.replicas.crew import Dressed
from tests.stories.parts import Beside

PATIENCE = 1.0  # real seconds: one of them may have gone meanwhile


class Together:
    """A barrier for all replicas; whoever waits in vain for the others goes on alone."""

    def __init__(self, count: int) -> None:
        self.met = 0
        self._barrier = asyncio.Barrier(count)

    async def meet(self) -> None:
        """Return at the instant at which everybody is here."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._barrier.wait()
            self.met += 1
        except TimeoutError:
            return


class Claiming(Beside):
    """A store of which all replicas claim what is due at one instant."""

    def __init__(self, part: Any, together: Together, taken: list[str]) -> None:
        super().__init__(part)
        self._together, self._taken = together, taken

    async def claim_due(self, now: float, lease: float, limit: int, kept: int = 0) -> Sequence[Claim]:
        """Claim together with the others."""
        await self._together.meet()
        claims: Sequence[Claim] = await self.part.claim_due(now, lease, limit, kept)
        self._taken += [one.promotion for one in claims]
        return claims


class ClaimsTogether(Dressed):
    """Puts the barrier before the claims of every replica that it dresses."""

    def __init__(self, count: int) -> None:
        self.together = Together(count)
        self.taken: list[str] = []

    def __call__(self, name: str, part: T) -> T:
        """The store claims together with the other stores; the rest is as in production."""
        if name != "store":
            return part
        return cast(T, Claiming(part, self.together, self.taken))
