"""F15: a Redis comes back without its last commits: what it has forgotten runs, and nothing that is said denies it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.domain.context import CLOCKS_APART
from bot.domain.intent import SETTLE
from bot.domain.promotion import Promotion
from bot.store.protocol import Query, StoreDown
from tests.faults.redis_story import Shared, is_told, on_redis
from tests.stories.deploys import is_asked, succeeds
from tests.stories.github import card_words
from tests.stories.story import Story

BACK = "/rollback checkout because errors went up"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a Redis had on its disk at one moment."""

    shared: Shared
    copy: Path

    async def is_all_there_is(self) -> None:
        """Redis dies, and comes back with nothing of later."""
        server = self.shared.server
        server.kill()
        shutil.rmtree(server.directory)
        shutil.copytree(self.copy, server.directory)
        await server.start()
        await self.shared.story.sees(self._is_noticed, "the other server")
        await self.shared.turns("green")

    async def _is_noticed(self) -> bool:
        store = self.shared.story.bot.store
        with suppress(StoreDown):
            await store.load("P-1")
        return store.switched > 0.0


@asynccontextmanager
async def story_of(directory: Path) -> AsyncIterator[tuple[Story, Shared]]:
    """A story on a Redis; an outage of that may be complained of."""
    async with on_redis(directory) as shared:
        yield shared.story, shared


def kept(shared: Shared, directory: Path) -> Kept:
    """Redis' disk as it is now: each write is on it before it is answered."""
    copy = directory / "kept"
    shutil.copytree(shared.server.directory, copy)
    return Kept(shared, copy)


async def newest(story: Story) -> Promotion:
    """The promotion that was asked for last."""
    (found,) = await story.bot.store.find(Query(limit=1))
    return found


async def test_f15_a_cancel_of_what_was_forgotten_stops_the_run(tmp_path: Path) -> None:
    """F15, the incident: approvals, intent and run were lost; Ana cancelled, the card said "Nothing was deployed", and
    the run went on to production. Now the cancel waits for the look that finds the run, and stops it."""
    async with story_of(tmp_path) as (story, shared):
        story.world.webhooks, story.world.run.seconds = "lost", 1200.0
        await is_asked(story)
        before = kept(shared, tmp_path)
        for manager in (story.bo, story.cy):
            await manager.types("/promote approve P-1")
        await story.until("P-1", "deploying")
        await before.is_all_there_is()

        said = await is_told(story.ana, "/promote cancel P-1")
        assert "I look first whether anything runs" in said
        assert (await story.stands("P-1")).phase == "waiting"
        story.passes(SETTLE)
        ended = await story.until("P-1", "cancelled")
        await story.settles()
        assert ended.run.run_id == story.runs[0]["id"]
        assert [run["conclusion"] for run in story.runs] == ["cancelled"]
        assert "Nothing was deployed" not in card_words(story, "P-1")
        assert len(story.dispatches()) == 1


async def test_f15_a_cancel_of_what_never_ran_ends_it_after_the_look(tmp_path: Path) -> None:
    """F15: nothing had been forgotten: it is cancelled after one look at GitHub, and says that nothing was deployed."""
    async with story_of(tmp_path) as (story, shared):
        await is_asked(story)
        await kept(shared, tmp_path).is_all_there_is()
        await story.ana.types("/promote cancel P-1")
        story.passes(SETTLE)
        await story.until("P-1", "cancelled")
        await story.settles()
        assert "Nothing was deployed" in card_words(story, "P-1")
        assert story.dispatches() == []


async def test_f15_a_run_whose_approvals_were_forgotten_is_followed(tmp_path: Path) -> None:
    """F15: nobody approves again what runs already: the run is found by itself and followed to its end."""
    async with story_of(tmp_path) as (story, shared):
        story.world.webhooks, story.world.run.seconds = "lost", 1200.0
        await is_asked(story)
        before = kept(shared, tmp_path)
        for manager in (story.bo, story.cy):
            await manager.types("/promote approve P-1")
        await story.until("P-1", "deploying")
        await before.is_all_there_is()

        story.passes(SETTLE)
        assert (await story.until("P-1", "deploying")).run.run_id == story.runs[0]["id"]
        story.passes(1200.0)
        await story.until("P-1", "succeeded")
        await story.settles()
        assert len(story.dispatches()) == 1


async def test_f15_what_is_asked_for_again_is_sent(tmp_path: Path) -> None:
    """F15, the incident: the record of a rollback was lost, it was asked for again and got the id of the lost one; the
    process took it for sent, and it ended as unknown without a dispatch."""
    async with story_of(tmp_path) as (story, shared):
        await succeeds(story)
        await story.settles()
        before = kept(shared, tmp_path)
        await story.bo.types(BACK)
        lost = await story.until("P-2", "succeeded")
        await before.is_all_there_is()

        story.passes(CLOCKS_APART + 1.0)
        await story.bo.types(BACK)
        again = await newest(story)
        assert again.correlation != lost.correlation
        assert (await story.until(again.id, "succeeded", "unknown")).phase == "succeeded"
        await story.settles()
        assert len(story.dispatches()) == 3
