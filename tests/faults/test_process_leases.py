"""Leases between replicas: what a process may still do that lost its own, and what it leaves to its successor."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, cast

from bot.domain.promotion import Entry
from bot.playground.world import Request
from bot.store.protocol import Claim
from bot.worker import LEASE
from tests.faults.replicas import shared_store
from tests.stories.moments import rests
from tests.stories.parts import Beside, LateSlack, late_slack
from tests.stories.story import Story
from tests.stories.test_turns import stands_still

ASK = "/promote checkout@v2.14.3 to production because fix refunds"
QUIET = 40  # glances, ten seconds of the world
WHO_IS_WHO = frozenset({"users.info", "auth.test", "bots.info"})  # read in the background


class LateGitHub(Beside):
    """A GitHub that says what a version means when it is let."""

    def __init__(self, part: Any) -> None:
        super().__init__(part)
        self.answers = asyncio.Event()
        self.answers.set()
        self.late = 0

    async def changes(self, *what: Any, everyone: bool = False) -> Any:
        """Read at once what changes, the last part of that look; tell it when the story lets it."""
        found = await self.part.changes(*what, everyone=everyone)
        self.late += 1
        await self.answers.wait()
        return found


async def test_f33_a_process_that_lost_its_lease_tells_and_sends_nothing_new(story: Story) -> None:
    """It stood still for a minute, somebody else took over: its card is recorded, and nothing else leaves it."""
    slack = await late_slack(story)
    held = stands_still(story)
    slack.hangs = lambda text: True
    await story.ana.types(ASK)
    await story.sees(lambda: slack.late, "a card whose answer is late")
    await _sees_nothing_else(story)
    taken = await _taken_over(story, held)
    before = len(_asked(story))
    slack.hangs = lambda text: False
    slack.answers.set()
    await _sees_card(story)
    story.passes(5.0)
    await asyncio.wait_for(_is_idle(story), 20.0)

    assert [one.path for one in _asked(story)[before:]] == []

    for claim in taken:
        await story.bot.store.release(claim, story.clock.now())
    await story.sees(lambda: "Approve" in str(story.card("P-1").blocks), "the card of the successor")


async def test_f33_what_it_learns_is_told_and_leads_to_no_more_looks(story: Story) -> None:
    """GitHub's answer comes after the lease was lost: the commit is recorded, and its gates are somebody else's."""
    async with shared_store(story, repository=LateGitHub) as made:
        github, store = cast(LateGitHub, made["repository"]), made["store"].part
        held = [0.0]
        store._leases._monotonic = lambda: time.monotonic() + sum(held)
        github.answers.clear()
        await story.ana.types(ASK)
        await story.sees(lambda: github.late, "a version whose answer is late")
        await _sees_nothing_else(story)
        await _taken_over(story, held)
        before = len(_asked(story))
        github.answers.set()
        await story.sees(lambda: _is_resolved(story), "the commit")
        await asyncio.wait_for(_is_idle(story), 20.0)

        assert [one.path for one in _asked(story)[before:]] == []


async def test_f12_leases_are_given_back_before_the_end(story: Story) -> None:
    """Slack hangs when the bot is stopped: the promotion is due at once for the next process, not after a lease."""
    async with shared_store(story, chat=LateSlack) as made:
        store, slack = made["store"], cast(LateSlack, made["chat"])
        slack.hangs = lambda text: True
        await story.ana.types(ASK)
        await story.sees(lambda: slack.late, "a card whose answer is late")
        await story.bot_stops()

        due = await store.next_due(story.clock.now())
        assert due is not None
        assert due <= story.clock.now()

        await story.bot_starts()
        await story.sees(lambda: _cards(story), "a card of the successor")
        await rests(story)
        assert len(_cards(story)) <= 2


async def _taken_over(story: Story, held: list[float]) -> Sequence[Claim]:
    """The process stands still for longer than a lease, and another one claims what is due."""
    held.append(LEASE + 1)
    taken = await story.bot.store.claim_due(story.clock.now() + 3600.0, LEASE * 10, 10)
    assert [one.promotion for one in taken] == ["P-1"]
    return taken


async def _sees_card(story: Story) -> None:
    async def recorded() -> Any:
        entry: Entry | None = (await story.stands("P-1")).ledger.get("card")
        return entry is not None and entry.done is not None

    await story.sees(recorded, "the card in the ledger")


async def _is_resolved(story: Story) -> bool:
    return (await story.stands("P-1")).sha is not None


async def _is_idle(story: Story) -> None:
    while story.bot.worker.is_busy:  # noqa: ASYNC110  (the worker rings no bell of ours)
        await asyncio.sleep(0.01)


async def _sees_nothing_else(story: Story) -> None:
    """Let every other look come home: for some glances in a row no vendor is asked anything."""
    still, seen = 0, -1

    def quiet() -> bool:
        nonlocal still, seen
        still, seen = still + 1 if len(_asked(story)) == seen else 0, len(_asked(story))
        return still >= QUIET

    await story.sees(quiet, "every other look")


def _asked(story: Story) -> list[Request]:
    return [one for one in story.world.ledger if one.path not in WHO_IS_WHO]


def _cards(story: Story) -> list[str]:
    return [one.text for one in story.messages() if not one.thread_ts]
