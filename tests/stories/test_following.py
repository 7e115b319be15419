"""A run is followed to its end: by webhooks, by looks when they are lost, and by nothing that is not its own."""

import pytest
from inline_snapshot import snapshot

from bot.playground.world import Webhooks
from tests.stories.github import (
    before,
    card_words,
    delivered,
    delivers,
    fails,
    is_trying,
    is_under_way,
    sent_webhook,
    shows,
    the_run,
)
from tests.stories.story import Story

HOUR = 3600.0


@pytest.mark.parametrize("webhooks", ["on", "lost", "doubled", "late"])
async def test_f46_f47_every_way_of_hearing_ends_in_the_same_place(story: Story, webhooks: Webhooks) -> None:
    """Webhooks on, lost, doubled or 20 s late: one run, the same end, no complaint to GitHub."""
    story.world.webhooks = webhooks
    await is_trying(story)
    await story.until("P-1", "succeeded")
    await story.settles()

    assert len(story.dispatches()) == 1
    assert story.card("P-1").text.startswith("P-1: checkout v2.15.0 is live in dev")
    await story.sees(lambda: "waiting" not in delivered(story), "every webhook")
    assert set(delivered(story)) == ({"lost"} if webhooks == "lost" else {202})
    assert (await story.stands("P-1")).phase == "succeeded"


async def test_f46_a_lost_end_is_seen_within_one_look(story: Story) -> None:
    """All webhooks are lost: the run's end is read within the ten seconds between two looks."""
    story.world.webhooks, story.world.run.seconds = "lost", 12.0
    await is_trying(story)
    ended = await story.until("P-1", "succeeded")

    (done,) = story.playground.github.runs.all
    assert ended.since - done.attempt.updated_at <= 11.0


async def test_with_webhooks_a_run_is_hardly_polled(story: Story) -> None:
    """Each event spares a look: from the dispatch to the end the run itself is read once or twice."""
    await is_trying(story)
    await story.until("P-1", "succeeded")

    reads = [one for one in story.asked("github", "/actions/runs/", "GET") if "/jobs" not in one.path]
    assert 1 <= len(reads) <= 2


async def test_the_steps_of_the_run_are_on_the_card(story: Story) -> None:
    """While it runs, the card names the step that the run is in."""
    await is_under_way(story)
    story.passes(50)
    text = await shows(story, "step 3 of 4")

    assert text == snapshot("P-1: deploying checkout v2.15.0 to dev, step 3 of 4: Roll out. Asked by ana.")
    assert card_words(story, "P-1") == snapshot("""\
:rocket: *checkout v2.15.0 → dev* · *Deploying* · `P-1`
*dev* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
[run 8801] · since <time>
Cancel run
Cancel the run?
GitHub is asked to stop the run of checkout v2.15.0 to dev. What serves after that is unknown until it is checked.
Cancel run
Let it run
View run
Details\
""")


async def test_f49_an_end_that_is_told_before_the_beginning_is_the_end(story: Story) -> None:
    """GitHub's `completed` arrives first and `in_progress` after it: the late event changes nothing."""
    story.world.webhooks = "lost"
    await is_trying(story)
    await story.until("P-1", "deploying")
    await story.sees(lambda: the_run(story).attempt.status == "completed", "the end of the run")

    assert await delivers(story, "workflow_run", sent_webhook(story, "workflow_run.completed")) == 202
    assert await delivers(story, "workflow_run", sent_webhook(story, "workflow_run.in_progress")) == 202
    assert await delivers(story, "workflow_job", sent_webhook(story, "workflow_job.in_progress")) == 202
    ended = await story.until("P-1", "succeeded")
    assert ended.run.status == "completed"


async def test_an_end_that_an_event_told_is_not_taken_back_by_a_late_one(story: Story) -> None:
    """The job's event came after the run's and undid the announcement: the end was read ten seconds late."""
    run = await is_under_way(story)
    fails(story, f"/actions/runs/{run.run.run_id}", *[503] * 50, method="GET")
    story.playground.github.finishes()
    await story.sees(lambda: delivered(story).count(202) == len(delivered(story)), "every webhook")

    assert sent_webhook(story, "workflow_job.completed")["workflow_job"]["status"] == "completed"
    assert (await story.stands("P-1")).run.end_announced


async def test_f47_a_webhook_that_is_sent_again_days_later_is_ignored(story: Story) -> None:
    """Somebody presses Redeliver on the failure of three days ago: 202, and the promotion stays as it is."""
    story.world.run.conclusion, story.world.run.seconds = "failure", 2.0
    await is_trying(story)
    await story.until("P-1", "failed")
    await story.settles()
    settled = await story.stands("P-1")
    calls = len(story.asked("slack", "chat."))

    story.passes(3 * 24 * HOUR)
    await story.settles()
    old = sent_webhook(story, "workflow_run.completed")
    assert await delivers(story, "workflow_run", old) == 202
    await story.settles()
    assert await story.stands("P-1") == settled
    assert len(story.asked("slack", "chat.")) == calls


async def test_f50_a_run_that_ended_while_the_bot_was_down_is_read_before_it_is_late(story: Story) -> None:
    """Down for two hours with a time limit of half an hour: the first look says success, so it succeeded."""
    await is_under_way(story)
    await story.bot_stops()
    story.passes(2 * HOUR)
    await story.bot_starts()

    await story.until("P-1", "succeeded")
    assert story.asked("github", "/cancel") == []
    assert story.incidents == []


async def test_a_webhook_that_claims_success_is_not_believed(story: Story) -> None:
    """A `completed` with success arrives, but the API says failure: the promotion failed."""
    await is_under_way(story)
    lie = sent_webhook(story, "workflow_run.requested")
    lie["action"] = "completed"
    lie["workflow_run"] |= {"status": "completed", "conclusion": "success"}
    before(
        story,
        f"/actions/runs/{the_run(story).id}",
        lambda: story.playground.github.runs.end(the_run(story), "failure", "Smoke tests"),
        method="GET",
    )

    assert await delivers(story, "workflow_run", lie) == 202
    await story.until("P-1", "failed")


async def test_a_webhook_that_claims_success_while_the_run_goes_on_is_not_believed(story: Story) -> None:
    """A `completed` with success arrives, but the API says that the run goes on: so does the promotion."""
    await is_under_way(story)
    lie = sent_webhook(story, "workflow_run.requested")
    lie["workflow_run"] |= {"status": "completed", "conclusion": "success"}

    assert await delivers(story, "workflow_run", lie) == 202
    await story.sees(lambda: len(story.asked("github", f"/actions/runs/{the_run(story).id}", "GET")) >= 2)
    assert (await story.stands("P-1")).phase == "deploying"
    story.playground.github.finishes()
    await story.until("P-1", "succeeded")


async def test_a_forged_webhook_is_refused(story: Story) -> None:
    """Signed with another secret: 401, and nothing has been looked at."""
    await is_under_way(story)
    news = sent_webhook(story, "workflow_run.requested")
    news["workflow_run"]["status"] = "completed"

    assert await delivers(story, "workflow_run", news, secret="not the secret") == 401
    assert not (await story.stands("P-1")).run.end_announced


async def test_a_webhook_of_another_repository_is_ignored(story: Story) -> None:
    """It carries our correlation id, but the repository is not in the catalog: 202, nothing changes."""
    await is_under_way(story)
    news = sent_webhook(story, "workflow_run.requested")
    news["repository"]["full_name"] = "mallory/checkout"
    news["workflow_run"]["status"] = "completed"

    assert await delivers(story, "workflow_run", news) == 202
    assert not (await story.stands("P-1")).run.end_announced
    (row,) = await story.bot.store.audit_of("mallory/checkout")
    assert row.action == "ignored_webhook"


async def test_a_webhook_of_another_service_of_ours_is_ignored(story: Story) -> None:
    """It carries our correlation id and comes from a repository of the catalog, but not from this service's."""
    story.world.webhooks, story.world.run.lag = "lost", 300.0
    story.world.run.mode = "accept-then-502"
    await is_trying(story)
    await story.sees(lambda: story.runs, "the run")
    news = sent_webhook(story, "workflow_run.requested")
    news["repository"]["full_name"] = "acme/storefront"

    assert await delivers(story, "workflow_run", news) == 202
    assert (await story.stands("P-1")).run.run_id is None


NOT_SUCCESS = {  # what GitHub concludes, how it ends, and what the card says of it
    "failure": ("failed", "at Roll out"),
    "skipped": ("errored", "GitHub skipped the run"),
    "neutral": ("failed", "The run ended without saying that the deploy went well."),
    "stale": ("failed", "GitHub gave the run up"),
    "action_required": ("errored", "somebody has to do something there first"),
    "startup_failure": ("errored", "GitHub could not start the run"),
    "timed_out": ("failed", "The run timed out in GitHub."),
}


@pytest.mark.parametrize("conclusion", NOT_SUCCESS)
async def test_f56_only_success_is_success(story: Story, conclusion: str) -> None:
    """Whatever else GitHub concludes, it failed, or where nothing ran could not start; the card says it in words."""
    phase, words = NOT_SUCCESS[conclusion]
    story.world.run.conclusion, story.world.run.seconds = conclusion, 2.0
    await is_trying(story)
    await story.until("P-1", phase)
    await story.settles()

    begin = "P-1 FAILED:" if phase == "failed" else "P-1: could not start,"
    assert story.card("P-1").text.startswith(begin)
    assert words in card_words(story, "P-1")
