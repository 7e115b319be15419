"""The doctor of a bot that runs: one checkup at a time, a young one for everybody, and a fault costs one only."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from bot.doctor.rounds import YOUNG, Rounds
from bot.domain.checkup import Checkup


class Practice:
    """Checkups that a test lets end."""

    def __init__(self) -> None:
        self.time = 1_000.0
        self.begun = 0
        self.has_begun, self.may_end = asyncio.Event(), asyncio.Event()
        self.is_broken = False
        self.rounds = Rounds(self.examine, self)

    def now(self) -> float:
        """The test's time."""
        return self.time

    def boottime(self) -> float:
        """The same."""
        return self.time

    async def wait(self, wake: asyncio.Event, seconds: float) -> None:
        """Nobody waits here."""
        await wake.wait()

    async def examine(self) -> Checkup:
        """One checkup."""
        self.begun += 1
        self.has_begun.set()
        await self.may_end.wait()
        if self.is_broken:
            raise LookupError("a bug")
        return Checkup((), self.time)

    def asks(self) -> asyncio.Future[Checkup]:
        """Ask, and hear of it."""
        heard: asyncio.Future[Checkup] = asyncio.get_running_loop().create_future()
        tell: Callable[[Checkup], None] = heard.set_result
        self.rounds.ask(tell)
        return heard


@pytest.fixture
async def practice() -> AsyncIterator[Practice]:
    """A practice that is open."""
    practice = Practice()
    running = asyncio.create_task(practice.rounds.run())
    yield practice
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_whoever_asks_meanwhile_is_told_of_the_same_checkup(practice: Practice) -> None:
    """And no other one is made for them."""
    first = practice.asks()
    await practice.has_begun.wait()
    second = practice.asks()
    practice.may_end.set()
    assert await first is await second
    for _ in range(5):
        await asyncio.sleep(0)
    assert practice.begun == 1


async def test_a_checkup_is_young_for_a_minute(practice: Practice) -> None:
    """Afterwards, and after a clock that was set back, there is none."""
    practice.may_end.set()
    assert practice.rounds.latest is None
    checkup = await practice.asks()
    assert practice.rounds.latest is checkup
    practice.time += YOUNG
    assert practice.rounds.latest is checkup
    practice.time += 1
    assert practice.rounds.latest is None
    practice.time -= 2 * YOUNG
    assert practice.rounds.latest is None


async def test_a_fault_of_ours_costs_one_checkup() -> None:
    """Nobody is told of it later, when another one was asked for."""
    practice = Practice()
    practice.is_broken = True
    practice.may_end.set()
    lost = practice.asks()
    with pytest.raises(LookupError):
        await practice.rounds.run()
    practice.is_broken = False
    running = asyncio.create_task(practice.rounds.run())
    assert await practice.asks() is practice.rounds.latest
    assert not lost.done()
    running.cancel()
