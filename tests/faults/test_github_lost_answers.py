"""The dispatch left and its answer did not come back: one run, found by its correlation id, of one commit."""

import json

from inline_snapshot import snapshot

from bot.domain.intent import SETTLE
from bot.playground.world import sha_for
from tests.proxy import proxy
from tests.stories.github import DAY, card_words, delivers, is_lost, is_trying, looks, sent_webhook, the_run
from tests.stories.said import plain
from tests.stories.story import Story

SETTLED = SETTLE + 5.0


async def dies_with_a_run_that_is_not_listed(story: Story) -> None:
    """GitHub starts the run of v2.15.0 and lists it a day late; the bot dies before it hears of it, and comes back."""
    story.world.webhooks, story.world.run.seconds, story.world.run.lag = "lost", 3000.0, DAY
    story.bot_dies_when(lambda: bool(story.runs))
    await story.ana.types("/promote checkout@v2.15.0 to dev because trying it out")
    await story.sees(lambda: story.is_dead, "the death")
    await story.bot_dies()
    await story.bot_starts()
    await story.sees(lambda: looks(story) > 1, "two looks: the first is stored")


async def test_f40_a_connection_that_is_reset_after_sending(story: Story) -> None:
    """The POST passes the wire and the answer is cut off by a reset: it is never sent again, one run."""
    await story.bot_stops()
    port = int(story.playground.url.rpartition(":")[2])
    async with proxy(port) as wire:
        story.environment["GITHUB_API_URL"] = f"http://127.0.0.1:{wire.port}/sim/github"
        story.world.webhooks = "lost"
        await story.bot_starts()
        wire.drop_reply(b"/dispatches ")
        await is_trying(story)
        await story.until("P-1", "succeeded")
        await story.bot_stops()

    assert wire.lost == 1
    assert [one.status for one in story.dispatches()] == [200]
    assert looks(story) >= 1


async def test_f40_a_connection_that_never_came_about_is_tried_again(story: Story) -> None:
    """Nobody listens: certainly nothing was sent, so it goes out as soon as GitHub is there, once."""
    await story.bot_stops()
    port = int(story.playground.url.rpartition(":")[2])
    async with proxy(port) as wire:
        story.environment["GITHUB_API_URL"] = f"http://127.0.0.1:{wire.port}/sim/github"
        await story.bot_starts()
        await wire.stop()
        await story.ana.types("/promote checkout@v2.15.0 to dev because trying it out")
        await story.sees(lambda: len(story.ana.heard) >= 2, "the delay")
        await wire.start()
        await story.until("P-1", "succeeded")
        await story.bot_stops()

    assert len(story.dispatches()) == 1


async def test_f38_f57_a_tag_that_moves_between_two_tries_starts_nothing_for_the_new_commit(
    story: Story,
) -> None:
    """Incident: the first try's run turned up late and passed for the commit that the tag meant by then (P2)."""
    await dies_with_a_run_that_is_not_listed(story)
    moved = story.playground.github.adds_commit("checkout", "Send the tax line twice")
    story.playground.github.moves_tag("checkout", "v2.15.0", moved)
    story.passes(SETTLED)

    promotion = await story.until("P-1", "superseded", "deploying", "succeeded")
    await story.settles()
    assert promotion.phase == "superseded"
    assert promotion.sha == sha_for("checkout", "v2.15.0")
    assert [run["inputs"]["sha"] for run in story.runs] == [sha_for("checkout", "v2.15.0")]
    assert card_words(story, "P-1") == snapshot("""\
:no_entry: *checkout v2.15.0 → dev* · *Superseded* · `P-1`
*dev* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
v2.15.0 is another commit now (`0478e2c`) than the one that I may have asked GitHub to deploy (`8fa4d4d`). I started nothing for the new one; ask again if it is wanted.
Request again
Details\
""")


async def test_f38_f57_the_run_of_the_commit_before_the_move_is_told_when_it_turns_up(story: Story) -> None:
    """Its event comes after the end: it is told, does not turn the promotion green, and what serves is open."""
    await dies_with_a_run_that_is_not_listed(story)
    moved = story.playground.github.adds_commit("checkout", "Send the tax line twice")
    story.playground.github.moves_tag("checkout", "v2.15.0", moved)
    story.passes(SETTLED)
    await story.until("P-1", "superseded")
    await story.settles()

    assert await delivers(story, "workflow_run", sent_webhook(story, "workflow_run.requested")) == 202
    await story.sees(lambda: len(story.thread("P-1")) > 0, "what is told")
    assert (await story.stands("P-1")).phase == "superseded"
    assert plain(story.thread("P-1")[-1]) == snapshot(
        "Its run turned up in GitHub after the end; it does not change this result. P-1 stays as it is (checkout v2.15.0 to dev); ask again here if the new attempt should count."
    )
    assert len(story.dispatches()) == 1


async def test_f38_f57_an_admin_who_says_it_never_started_binds_it_to_the_commit_all_the_same(
    story: Story,
) -> None:
    """Bo is wrong about a run that is not listed, and the tag has moved: nothing is started for the new commit."""
    await is_lost(story, "accept-then-502")
    the_run(story).listed_at = story.world.clock.now() + DAY
    moved = story.playground.github.adds_commit("checkout", "Send the tax line twice")
    story.playground.github.moves_tag("checkout", "v2.15.0", moved)
    await story.bo.clicks("It never started")

    await story.until("P-1", "superseded")
    await story.settles()
    assert len(story.dispatches()) == 1
    assert json.dumps(the_run(story).inputs).count(moved) == 0


async def test_f38_a_second_try_of_the_same_commit_goes_out(story: Story) -> None:
    """The tag stays where it is: after the settle time the lost dispatch is made once more, for the same commit."""
    story.world.run.seconds, story.world.webhooks = 2.0, "lost"
    story.world.run.mode = "502"
    story.bot_dies_when(lambda: bool(story.dispatches()))
    await story.ana.types("/promote checkout@v2.15.0 to dev because trying it out")
    await story.sees(lambda: story.is_dead, "the death")
    await story.bot_dies()
    story.world.run.mode = "ok"
    await story.bot_starts()
    await story.sees(lambda: looks(story) > 1, "two looks of the new process")
    story.passes(SETTLED)

    promotion = await story.until("P-1", "succeeded")
    assert promotion.intent is not None
    assert promotion.intent.bound == promotion.intent.sha == sha_for("checkout", "v2.15.0")
    assert the_run(story).inputs["sha"] == promotion.sha
