"""Turns of the worker that do not go smoothly: a store that is down, a process that stands still, a vendor that hangs."""

import asyncio
import time
from collections.abc import Callable

from bot.domain.messages import EffectFailed, Request
from bot.domain.policy import Kind
from bot.domain.promotion import Phase
from bot.store.protocol import Commit
from bot.store.sqlite import SqliteStore
from bot.turn import ROUNDS, STORE_TRIES
from bot.worker import KEPT, LEASE
from tests.stories.deploys import is_approved, is_asked, succeeds
from tests.stories.moments import rests
from tests.stories.parts import late_slack, weak_store
from tests.stories.story import GLANCE, Story

MANY = 100


async def test_a_store_that_could_not_mark_the_last_effects_does_not_lose_them(story: Story) -> None:
    """Incident: the store was locked as a deploy ended; the promotion left the due index and its card never ended."""
    store = await weak_store(story)
    store.fails = of("effects_begun", Phase.SUCCEEDED)
    story.world.webhooks = "lost"
    await succeeds(story)
    await story.sees(lambda: store.failures > STORE_TRIES, "a turn that gave up")
    store.fails = lambda change: False
    await story.settles()
    assert "is live in production" in story.card("P-1").text


async def test_what_was_done_while_the_store_was_down_is_not_done_again(story: Story) -> None:
    """Incident: the card was in Slack, the store was locked when that was to be kept, and a second card was posted."""
    store = await weak_store(story)
    store.fails = lambda change: store.failures < 2 and of("effect_done", Phase.WAITING)(change)
    await is_asked(story)
    await rests(story)
    assert store.failures == 2
    assert story.card("P-1").text


async def test_a_process_that_stood_still_keeps_what_it_did(story: Story) -> None:
    """Incident: the host stood still for longer than a lease while the card was posted; afterwards there were two."""
    slack = await late_slack(story)
    held = stands_still(story)
    slack.hangs = lambda text: True
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await story.sees(lambda: slack.late, "a card whose answer is late")
    held.append(LEASE + 1)
    await story.sees(lambda: any(story.asked("services")), "time")
    slack.answers.set()
    await story.sees(lambda: "Approve" in str(story.card("P-1").blocks), "the card")
    await rests(story)
    assert story.card("P-1").text


async def test_what_others_change_does_not_end_a_turn(story: Story) -> None:
    """Incident: while one call hung, clicks and events rang so often that the turn ended and the call was forgotten."""
    slack = await late_slack(story)
    slack.hangs = lambda text: True
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await story.sees(lambda: slack.late, "a card whose answer is late")
    for n in range(ROUNDS + 20):
        await story.bot.service.handle(EffectFailed("P-1", "look:nothing", f"no {n}", 0.0))
        await asyncio.sleep(2 * GLANCE)  # for the turn to hear of it
    slack.answers.set()
    await rests(story)
    assert story.card("P-1").text


async def test_what_came_of_a_call_is_kept_before_the_next_one_ends(story: Story) -> None:
    """Incident: a crash in the third of three calls to Slack repeated the first two."""
    slack = await late_slack(story)
    slack.hangs = lambda text: "<@U0CY> approved" in text
    await is_approved(story)
    await story.sees(lambda: slack.late, "a post whose answer is late")

    async def kept() -> bool:
        ledger = (await story.stands("P-1")).ledger
        return any(key.startswith("approved:bo") and entry.done is not None for key, entry in ledger.items())

    await story.sees(kept, "the note about Bo in the ledger")
    slack.answers.set()


async def test_a_rollback_does_not_wait_for_turns_that_wait_for_slack(story: Story) -> None:
    """Incident: Slack hung, a hundred requests waited for it, and a rollback waited behind them (P9)."""
    slack = await late_slack(story)
    await succeeds(story)
    await story.settles()
    slack.hangs = lambda text: True
    for n in range(MANY):
        await story.bot.service.request(asks("ana", ("storefront", "inventory")[n % 2], f"v9.{n}.0"))
    await story.sees(lambda: slack.late > 1, "posts whose answers are late")
    dispatched = len(story.dispatches())
    await story.bot.service.request(asks("dee", "checkout", "", Kind.ROLLBACK))
    await story.sees(lambda: len(story.dispatches()) > dispatched, "the rollback's dispatch")
    slack.answers.set()


async def test_a_rollback_finds_a_place_when_all_others_are_taken(story: Story) -> None:
    """Incident: as many requests as are driven at once hung in Slack, and a rollback waited for one to end (P9)."""
    story.places = KEPT + 3
    slack = await late_slack(story)
    await succeeds(story)
    await story.settles()
    slack.hangs = lambda text: True
    for n in range(KEPT + 10):
        await story.bot.service.request(asks("ana", ("storefront", "inventory")[n % 2], f"v9.{n}.0"))
    await story.sees(lambda: story.bot.worker.busy == 3 and slack.late == 3, "no more places")
    dispatched = len(story.dispatches())
    await story.bot.service.request(asks("dee", "checkout", "", Kind.ROLLBACK))
    await story.sees(lambda: len(story.dispatches()) > dispatched, "the rollback's dispatch")
    assert story.bot.worker.busy == 4
    slack.answers.set()


def of(action: str, phase: Phase) -> Callable[[Commit], bool]:
    """Picks the changes of one action to a promotion in one phase."""
    return lambda change: (
        any(row.action == action for row in change.audit)
        and any(put.promotion.phase is phase for put in change.puts)
    )


def stands_still(story: Story) -> list[float]:
    """Seconds for which the process stood still, as its leases see it: append to them."""
    store, held = story.bot.store, [0.0]
    assert isinstance(store, SqliteStore)
    store._leases._monotonic = lambda: time.monotonic() + sum(held)
    return held


def asks(by: str, service: str, version: str, kind: Kind = Kind.PROMOTE) -> Request:
    """A request for production, straight at the door."""
    return Request("", "", by, service, "production", version, "load of things", kind=kind)
