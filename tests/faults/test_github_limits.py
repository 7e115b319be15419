"""GitHub's limits: one refused call makes every promotion of the process wait until the moment that GitHub named."""

from collections.abc import Callable

import pytest
from inline_snapshot import snapshot

from bot.adapters.github_answers import DEFAULT_WAIT
from tests.stories.deploys import messages_about
from tests.stories.github import DISPATCHES, before, card_words, is_trying, is_under_way, shows, the_run
from tests.stories.story import Story

PAUSE = 600.0


def primary(story: Story) -> float:
    """The hourly limit is spent for ten minutes: 403 with remaining 0."""
    story.playground.github.exhausts_rate_limit(PAUSE)
    return PAUSE


def secondary(story: Story) -> float:
    """A secondary limit with Retry-After: 429, once; whoever asks again before that time would be let in."""
    story.playground.github.door.retry_after = int(PAUSE)
    story.world.vendor["github"] = [429]
    return PAUSE


def unnamed(story: Story) -> float:
    """A secondary limit without a time: 403 and a sentence, once."""
    story.playground.github.door.secondary_limits = 1
    return DEFAULT_WAIT


def nameless(story: Story) -> float:
    """The same as 429."""
    story.playground.github.door.retry_after = None
    story.world.vendor["github"] = [429]
    return DEFAULT_WAIT


@pytest.mark.parametrize("limit", [primary, secondary, unnamed, nameless])
async def test_f63_one_limited_call_makes_every_promotion_wait(
    story: Story, limit: Callable[[Story], float]
) -> None:
    """One promotion is limited; two more need GitHub: nobody asks until the time, then all go on, once each."""
    pause, began = limit(story), story.clock.now()
    await is_asked_for(story, "checkout", "v2.15.0")
    await story.sees(lambda: is_limited(story), "the limit")
    until = (await story.stands("P-1")).ledger["look:version"].not_before
    assert until - began >= pause - 1.0
    asked = len(story.asked("github"))
    await is_asked_for(story, "storefront", "v1.3.0")
    await is_asked_for(story, "inventory", "v1.1.0")
    story.passes(until - story.clock.now() - 10.0)
    await story.sees(lambda: story.clock.now() > until - 1.0, "the time")
    assert len(story.asked("github")) == asked

    for promotion in ("P-1", "P-2", "P-3"):
        await story.until(promotion, "succeeded", "rejected")
    assert (await story.stands("P-1")).phase == "succeeded"
    assert len(story.dispatches()) == len(story.runs)


async def is_asked_for(story: Story, service: str, version: str) -> None:
    """Ana brings a version to dev."""
    await story.ana.types(f"/promote {service}@{version} to dev because trying it out")


async def is_limited(story: Story) -> bool:
    """Whether the first promotion has heard of the limit."""
    look = (await story.stands("P-1")).ledger.get("look:version")
    return look is not None and look.limited


async def test_f63_the_card_says_when_it_goes_on(story: Story) -> None:
    """The limit comes while a run is followed: the card names the moment, and the run goes on meanwhile."""
    await is_under_way(story)
    story.world.webhooks = "lost"
    story.playground.github.exhausts_rate_limit(PAUSE)
    await story.sees(lambda: "I go on" in card_words(story, "P-1"), "the moment")
    stored = await story.stands("P-1")
    look = stored.ledger["look:run"]
    assert look.limited
    assert abs(look.not_before - (story.playground.github.door.exhausted_until)) <= 1.0
    assert card_words(story, "P-1") == snapshot("""\
:rocket: *checkout v2.15.0 → dev* · *Deploying* · `P-1`
*dev* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
[run 8801] · since <time>
:hourglass: I was asked to wait: “API rate limit exceeded for greenlight[bot]”. I go on <time>. P-1 keeps its place; no action needed · E19
Cancel run
Cancel the run?
GitHub is asked to stop the run of checkout v2.15.0 to dev. What serves after that is unknown until it is checked.
Cancel run
Let it run
View run
Details\
""")

    story.playground.github.finishes()
    story.passes(PAUSE)
    await story.until("P-1", "succeeded")
    await story.sees(lambda: "I go on" not in card_words(story, "P-1"), "no limit")


async def test_f63_a_dispatch_that_is_limited_is_not_doubled(story: Story) -> None:
    """The limit comes at the dispatch itself: it certainly did nothing, is told with its time, and goes out once."""
    before(story, DISPATCHES, lambda: story.playground.github.exhausts_rate_limit(PAUSE))
    await is_asked_for(story, "checkout", "v2.15.0")
    await story.sees(lambda: messages_about(story, "P-1"), "the card")
    await story.sees(lambda: "I go on" in card_words(story, "P-1"), "the moment")
    first = story.dispatches()[0]
    assert first.status == 403

    story.passes(PAUSE)
    await story.until("P-1", "succeeded")
    assert [one.status for one in story.dispatches()] == [403, 200]
    assert story.dispatches()[1].at - first.at >= PAUSE - 1.0
    assert the_run(story).inputs["promotion_id"] == "P-1"


async def test_f63_a_limit_during_the_look_first_sends_nothing(story: Story) -> None:
    """The second try may not look whether a run is there, so it does not send either; then one run."""
    before(story, DISPATCHES, lambda: story.playground.github.exhausts_rate_limit(20))
    await is_trying(story)
    before(story, "/runs", lambda: story.playground.github.exhausts_rate_limit(60), method="GET")

    await story.until("P-1", "succeeded")
    assert [one.status for one in story.dispatches()] == [403, 200]
    assert len(story.runs) == 1
    await shows(story, "live")
