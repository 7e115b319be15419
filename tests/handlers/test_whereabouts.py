"""From a message to its promotion: by the index, and for older ones by a search from the moment of the message."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.promotion import Entry
from bot.store.protocol import Query, Store
from bot.store.sqlite import SqliteStore
from bot.surfaces import newly_posted
from handlers.whereabouts import promotion_of
from tests.store.builders import done, promotion, put
from tests.stories.parts import Beside

BEGAN = 1_800_000_000.0
APART = 30.0  # seconds between two requests
MANY = 1_500


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Many promotions: each fifth id is a gap, and each card was posted twenty seconds after its promotion was asked for."""
    store = SqliteStore(tmp_path / "greenlight.db")
    await store.open()
    for number in range(1, MANY):
        if number % 5:
            asked = BEGAN + number * APART
            card = {"card": Entry(done=asked, ref=ts_of(number), channel="C0DEPLOYS")}
            await done(store, put(replace(promotion(number), created=asked, ledger=card)))
    yield store
    await store.close()


def ts_of(number: int) -> str:
    """The timestamp of a promotion's card."""
    return f"{int(BEGAN + number * APART + 20)}.{number:06d}"


class Counting(Beside):
    """A store that counts the questions it is asked, and how much it answers."""

    asked = 0
    read = 0

    async def find(self, query: Query) -> Any:
        """Answer one."""
        found = await self.part.find(query)
        self.asked += 1
        self.read += len(found)
        return found


async def test_every_card_is_found_in_a_few_reads(store: Store) -> None:
    """The oldest, the newest and those between; a few questions, however many promotions there are."""
    for number in (1, 2, 49, 51, 52, 99, 101, 737, 1_449, 1_498, 1_499):
        counting: Any = Counting(store)
        found = await promotion_of(counting, "C0DEPLOYS", ts_of(number))
        assert found is not None, number
        assert found.id == f"P-{number}"
        assert (counting.asked <= 12, counting.read <= 120) == (True, True), (counting.asked, counting.read)


async def test_what_is_no_card_is_not_found_and_costs_little(store: Store) -> None:
    """Another channel, another moment, a message from before or after all of it, and what is no timestamp."""
    no_messages = [
        ("C0OTHER", ts_of(737)),
        ("C0DEPLOYS", ts_of(737) + "1"),
        ("C0DEPLOYS", "1.000001"),
        ("C0DEPLOYS", f"{int(BEGAN + 10 * MANY * APART)}.000001"),
        *(("C0DEPLOYS", odd) for odd in ("", "x", "-5.1", "١.٢", "9" * 40, "nan")),
    ]
    for channel, ts in no_messages:
        counting: Any = Counting(store)
        assert await promotion_of(counting, channel, ts) is None
        assert counting.asked <= 16


async def test_a_card_that_came_late_is_found(store: Store) -> None:
    """GitHub was down for an hour before the version was known, and others were asked for meanwhile."""
    late = await store.load("P-701")
    assert late is not None
    ts = f"{int(BEGAN + 701 * APART + 3600)}.000001"
    card = {"card": Entry(done=1.0, ref=ts, channel="C0DEPLOYS")}
    await done(store, put(replace(late, ledger=card)))

    found = await promotion_of(store, "C0DEPLOYS", ts)
    assert found is not None
    assert found.id == "P-701"


async def test_a_card_that_came_very_late_is_found_by_the_index(store: Store) -> None:
    """Slack was down for six hours, and seven hundred others were asked for meanwhile: one look finds it."""
    late = await store.load("P-701")
    assert late is not None
    ts = f"{int(BEGAN + 1_450 * APART)}.000001"
    posted = replace(late, ledger={"card": Entry(done=1.0, ref=ts, channel="C0DEPLOYS")})
    await done(store, replace(put(posted), documents=await newly_posted(store, late, posted)))
    counting: Any = Counting(store)

    found = await promotion_of(counting, "C0DEPLOYS", ts)
    assert found is not None
    assert (found.id, counting.asked) == ("P-701", 0)


async def test_an_empty_store_has_no_cards(tmp_path: Path) -> None:
    """Nothing was ever asked for."""
    store = SqliteStore(tmp_path / "empty.db")
    await store.open()
    assert await promotion_of(store, "C0DEPLOYS", "1800000000.000001") is None
    await store.close()
