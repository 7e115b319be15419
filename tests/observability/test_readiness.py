"""/readyz tells the truth, and nothing else; /livez only that the loop turns."""

import asyncio
from typing import Any

from inline_snapshot import snapshot

from bot.accounts import REFRESH, STALE
from bot.app import T
from bot.readiness import APART, SEQUENCE, Readiness
from bot.store.protocol import StoreDown
from tests.observability.scrapes import page
from tests.stories.parts import Beside, weak_store
from tests.stories.said import replies
from tests.stories.story import Story
from tests.stories.vendors import comes_back, goes_down


class StuckStore(Beside):
    """A store in which nothing is claimed while `sticks`: the worker hangs in it."""

    def __init__(self, part: Any) -> None:
        super().__init__(part)
        self.sticks = False
        self.goes_on = asyncio.Event()

    async def claim_due(self, *what: Any) -> Any:
        """Claim, or hang."""
        if self.sticks:
            await self.goes_on.wait()
        return await self.part.claim_due(*what)


class SlowStore:
    """A store that answers a write when it is let, and counts them."""

    def __init__(self) -> None:
        self.writes = 0
        self.answers = asyncio.Event()
        self.is_down = False

    async def reserve(self, sequence: str) -> int:
        """One number more, as soon as it may be told."""
        assert sequence == SEQUENCE
        self.writes += 1
        await self.answers.wait()
        if self.is_down:
            raise StoreDown("no space left on device")
        return self.writes

    async def commit(self, change: object) -> None:
        """Nothing to add."""


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        """The same for both clocks."""
        return self.at

    def boottime(self) -> float:
        """The same for both clocks."""
        return self.at

    async def wait(self, wake: asyncio.Event, seconds: float) -> None:
        """Nobody waits here."""
        raise AssertionError


async def test_a_store_that_takes_no_writes_is_not_ready(story: Story) -> None:
    """Red while it is down, green when it is back; the loop turns all the while."""
    store = await weak_store(story)
    store.fails = lambda change: True
    await story.sees(lambda: _says(story, "store: not ok", 503), "red")
    assert await page(story, "/livez") == (200, "alive\n")
    store.fails = lambda change: False
    await story.sees(lambda: _says(story, "store: ok", 200), "green")


async def test_a_worker_that_looks_no_more_is_not_ready(story: Story) -> None:
    """The process is alive and answers, and would drive nothing: red until it looks again."""
    made: list[StuckStore] = []

    def around(name: str, part: T) -> T:
        if name != "store":
            return part
        made.append(StuckStore(part))
        return made[-1]  # type: ignore[return-value]

    story.around = around
    await story.bot_stops()
    await story.bot_starts()
    made[-1].sticks = True
    await story.sees(lambda: _says(story, "worker: not ok", 503), "red")
    assert await page(story, "/livez") == (200, "alive\n")
    made[-1].sticks = False
    made[-1].goes_on.set()
    await story.sees(lambda: _says(story, "worker: ok", 200), "green")


async def test_a_slack_that_has_long_said_nothing_is_not_ready(story: Story) -> None:
    """Incident: Slack was down for eighty minutes, nobody was let in any more, and /readyz said that Slack was well."""
    await story.sees(lambda: _says(story, "slack: ok", 200), "green")
    goes_down(story, "slack")
    story.passes(STALE - REFRESH)
    await story.sees(lambda: _says(story, "slack: ok", 200), "green as long as people are let in")
    story.passes(REFRESH + 1)
    await story.sees(lambda: _says(story, "slack: not ok", 503), "red")
    refused = replies(
        await story.ana.types("/promote rollback checkout in production because errors went up")
    )
    assert refused == snapshot(
        [
            "I could not check your account just now, and I let nobody through unchecked. Try again in a minute."
        ]
    )
    comes_back(story, "slack")
    await story.sees(lambda: _says(story, "slack: ok", 200), "green again")


async def test_a49_a_stranger_learns_words_only(story: Story) -> None:
    """Three names, ok or not ok: no version, no address, no sentence of the store's."""
    assert await page(story, "/readyz") == (200, "store: ok\nworker: ok\nslack: ok\n")


async def test_however_often_it_is_asked_it_writes_once_a_second() -> None:
    """A load balancer, or a stranger, makes no load of it."""
    clock, store = ManualClock(), SlowStore()
    store.answers.set()
    readiness = _readiness(store, clock)
    for _ in range(50):
        assert (await readiness.parts())["store"]
    assert store.writes == 1
    clock.at += APART
    assert (await readiness.parts())["store"]
    assert store.writes == 2


async def test_a_write_that_hangs_is_not_ready_and_stays_the_only_one() -> None:
    """It is not waited for longer than a second, and no other is put beside it."""
    clock, store = ManualClock(), SlowStore()
    readiness = _readiness(store, clock)
    assert not (await readiness.parts())["store"]
    clock.at += 10 * APART
    assert not (await readiness.parts())["store"]
    assert store.writes == 1
    store.answers.set()
    await asyncio.sleep(0)
    assert (await readiness.parts())["store"]


async def test_what_a_failed_write_says_holds_until_the_next() -> None:
    """Red for a second, and green with the first write that goes through."""
    clock, store = ManualClock(), SlowStore()
    store.answers.set()
    store.is_down = True
    readiness = _readiness(store, clock)
    assert not (await readiness.parts())["store"]
    store.is_down = False
    assert not (await readiness.parts())["store"]
    clock.at += APART
    assert (await readiness.parts())["store"]


def _readiness(store: SlowStore, clock: ManualClock) -> Readiness:
    return Readiness(
        store,  # type: ignore[arg-type]
        clock,
        looked_at=clock.boottime,
        fresh=2.0,
        is_known=lambda: True,
    )


async def _says(story: Story, line: str, status: int) -> bool:
    answered, text = await page(story, "/readyz")
    return answered == status and line in text
