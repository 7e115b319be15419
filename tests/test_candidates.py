"""The cache of candidates: when GitHub is asked, how often, and what is known when it does not answer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest

from bot.candidates import EVERY, FRESH, MOST_COMPARISONS, MOST_REPOSITORIES, WANTED, Candidates
from bot.playground.world import sha_for
from bot.ports import VendorError
from tests.adapters.github_place import REPO, TAGGED, Place, github_place
from tests.stories.story_clock import GLANCE, StoryClock

OTHER = "acme/storefront"
BASE = sha_for("checkout", "v2.14.2")


@dataclass(slots=True)
class Cache:
    """The cache at work on a simulated GitHub."""

    place: Place
    candidates: Candidates

    def asked(self, repo: str = REPO) -> int:
        """How often the tags of a repository were asked for."""
        return sum(call.path == f"/repos/{repo}/tags" for call in self.place.github.world.ledger)

    def passes(self, seconds: float) -> None:
        """That much time goes by."""
        self.place.github.world.clock.forward(seconds)

    async def sees(self, holds: Callable[[], object]) -> None:
        """Let time go on until something holds."""
        async with asyncio.timeout(10):
            while not holds():
                self.passes(0.25)
                await asyncio.sleep(GLANCE)

    async def reads(self, repo: str = REPO) -> None:
        """Somebody opens a form, and the list is read."""
        before = self.asked(repo)
        self.candidates.want(repo)
        await self.sees(lambda: self.asked(repo) > before and not self.candidates.known(repo).failed)
        await self.sees(lambda: self.candidates.known(repo).at is not None)


@pytest.fixture
async def cache() -> AsyncIterator[Cache]:
    async with github_place() as place:
        candidates = Candidates(place.repository, StoryClock(place.github.world.clock))
        running = asyncio.create_task(candidates.run())
        yield Cache(place, candidates)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_nothing_is_asked_before_a_form_is_opened(cache: Cache) -> None:
    """A catalog of many repositories costs nothing at the start; the first form's list is there soon after."""
    cache.passes(3 * EVERY)
    assert cache.candidates.known(REPO).at is None
    await cache.reads()

    assert [tag.name for tag in cache.candidates.known(REPO).refs.tags][:2] == ["v2.15.0", "v2.14.3"]
    assert cache.asked() == 1


async def test_a_fresh_list_is_not_read_again(cache: Cache) -> None:
    """Whoever types letter by letter asks GitHub once; half a minute later it is asked again."""
    await cache.reads()
    for _ in range(20):
        cache.candidates.want(REPO)
    await cache.reads(OTHER)
    assert cache.asked() == 1

    cache.passes(FRESH)
    await cache.reads()
    assert cache.asked() == 2


async def test_an_open_form_keeps_its_list_fresh_for_a_while(cache: Cache) -> None:
    """Every few minutes, and no longer than somebody may still look at it."""
    await cache.reads()
    cache.passes(EVERY)
    await cache.sees(lambda: cache.asked() == 2)

    cache.passes(WANTED)
    await cache.reads(OTHER)
    cache.passes(EVERY)
    await cache.sees(lambda: cache.asked(OTHER) == 2)
    assert cache.asked() == 2


async def test_the_old_list_stays_while_github_is_down(cache: Cache) -> None:
    """With the moment of its reading; and the next one replaces it when GitHub is back."""
    await cache.reads()
    before = cache.candidates.known(REPO)
    cache.place.github.world.vendor_always["github"] = 502
    cache.passes(FRESH)
    cache.candidates.want(REPO)
    await cache.sees(lambda: cache.candidates.known(REPO).failed)
    during = cache.candidates.known(REPO)
    assert (during.refs, during.at) == (before.refs, before.at)

    cache.place.github.world.vendor_always.clear()
    await cache.sees(lambda: not cache.candidates.known(REPO).failed)
    assert cache.candidates.known(REPO).at != before.at


async def test_a_limit_is_kept(cache: Cache) -> None:
    """GitHub asks to wait two minutes: the list is not read before, whoever opens forms meanwhile."""
    cache.place.github.door.retry_after = 120
    cache.place.github.world.vendor["github"] = [429]
    cache.candidates.want(REPO)
    await cache.sees(lambda: cache.candidates.known(REPO).failed)
    cache.candidates.want(REPO)

    assert cache.candidates.known(REPO).next - cache.place.github.world.clock.now() >= 100


async def test_a_comparison_is_asked_once(cache: Cache) -> None:
    """Between two commits nothing changes any more; a name may mean another commit next time."""
    compare = cache.candidates.compare
    first = await compare(REPO, BASE, TAGGED, "v2.14.2")
    again = await compare(REPO, BASE, TAGGED, "another name")
    await compare(REPO, BASE, "main", "v2.14.2")
    await compare(REPO, BASE, "main", "v2.14.2")

    assert (first.commits, again.commits, again.since) == (3, 3, "another name")
    assert cache.candidates.compared(REPO, BASE, TAGGED) == first
    paths = [call.path for call in cache.place.github.world.ledger]
    assert sum(f"/compare/{BASE}...{TAGGED}" in path for path in paths) == 1
    assert sum(path.endswith("...main") for path in paths) == 2


async def test_a_comparison_that_fails_is_told_and_not_kept(cache: Cache) -> None:
    """The next form asks again."""
    cache.place.github.world.vendor["github"] = [500]
    with pytest.raises(VendorError):
        await cache.candidates.compare(REPO, BASE, TAGGED, "v2.14.2")
    assert (await cache.candidates.compare(REPO, BASE, TAGGED, "v2.14.2")).commits == 3


async def test_what_nobody_wants_makes_room(cache: Cache) -> None:
    """The cache has an end, for lists and for comparisons."""
    await cache.reads()
    for number in range(MOST_REPOSITORIES):
        cache.candidates.want(f"acme/{number}")
    assert cache.candidates.known(REPO).at is None
    assert MOST_COMPARISONS < 1_000
