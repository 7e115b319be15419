"""A run is followed to its end: by webhooks, by looks when they are lost, and by nothing that is not its own."""

import pytest
from inline_snapshot import snapshot

from bot.playground.world import Webhooks
from tests.stories.deploys import is_approved, is_asked, is_running
from tests.stories.github import before, delivered, delivers, is_trying, rewrites_catalog, sent_webhook, shows, the_run
from tests.stories.said import card_words, plain
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
    story.passes(30)
    await story.sees(lambda: 202 in delivered(story) or webhooks == "lost")
    assert set(delivered(story)) == ({"lost"} if webhooks == "lost" else {202})


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
    await is_running(story)
    text = await shows(story, "step 2 of 3")

    assert text == snapshot('P-1: deploying checkout v2.14.3 to production, step 2 of 3: Roll out. Asked by ana, approved by bo and cy.')
    assert card_words(story, "P-1") == snapshot("""\
:rocket: *checkout v2.14.3 → production* · *Deploying* · `P-1`
dev ✓ › staging ✓ › *production* · `ffdbf00` · asked by <@U0ANA> <time>
approved by <@U0BO> and <@U0CY> · [run 8801]
Cancel run
Cancel the run?
GitHub is asked to stop the run of checkout v2.14.3 to production. What serves after that is unknown until it is checked.
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


async def test_f47_a_webhook_that_is_sent_again_days_later_is_ignored(story: Story) -> None:
    """Somebody presses Redeliver on the failure of three days ago: 202, and the promotion stays as it is."""
    story.world.run.conclusion, story.world.run.seconds = "failure", 2.0
    await is_trying(story)
    await story.until("P-1", "failed")
    await story.settles()
    settled = await story.stands("P-1")
    calls = len(story.asked("slack", "chat."))

    story.passes(3 * 24 * HOUR)
    old = sent_webhook(story, "workflow_run.completed")
    assert await delivers(story, "workflow_run", old) == 202
    await story.settles()
    assert await story.stands("P-1") == settled
    assert len(story.asked("slack", "chat.")) == calls


async def test_f50_a_run_that_ended_while_the_bot_was_down_is_read_before_it_is_late(story: Story) -> None:
    """Down for two hours with a time limit of half an hour: the first look says success, so it succeeded."""
    await is_running(story)
    await story.bot_stops()
    story.passes(2 * HOUR)
    await story.bot_starts()

    await story.until("P-1", "succeeded")
    assert story.asked("github", "/cancel") == []
    assert story.incidents == []


async def test_a_webhook_that_claims_success_is_not_believed(story: Story) -> None:
    """A `completed` with success arrives, but the API says failure: the promotion failed."""
    await is_running(story)
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
    await is_running(story)
    lie = sent_webhook(story, "workflow_run.requested")
    lie["workflow_run"] |= {"status": "completed", "conclusion": "success"}

    assert await delivers(story, "workflow_run", lie) == 202
    await story.sees(lambda: len(story.asked("github", f"/actions/runs/{the_run(story).id}", "GET")) >= 2)
    assert (await story.stands("P-1")).phase == "deploying"
    await story.until("P-1", "succeeded")


async def test_a_forged_webhook_is_refused(story: Story) -> None:
    """Signed with another secret: 401, and nothing has been looked at."""
    await is_running(story)
    news = sent_webhook(story, "workflow_run.requested")
    known = await story.stands("P-1")

    assert await delivers(story, "workflow_run", news, secret="not the secret") == 401
    assert await story.stands("P-1") == known


async def test_a_webhook_of_another_repository_is_ignored(story: Story) -> None:
    """It carries our correlation id, but the repository is not in the catalog: 202, nothing changes."""
    await is_running(story)
    news = sent_webhook(story, "workflow_run.requested")
    news["repository"]["full_name"] = "mallory/checkout"
    news["workflow_run"]["status"] = "completed"
    known = await story.stands("P-1")

    assert await delivers(story, "workflow_run", news) == 202
    assert await story.stands("P-1") == known


async def test_a_webhook_of_another_service_of_ours_is_ignored(story: Story) -> None:
    """It carries our correlation id and comes from a repository of the catalog, but not from this service's."""
    story.world.webhooks, story.world.run.lag = "lost", 300.0
    story.world.run.mode = "accept-then-502"
    await is_trying(story)
    news = sent_webhook(story, "workflow_run.requested")
    news["repository"]["full_name"] = "acme/storefront"

    assert await delivers(story, "workflow_run", news) == 202
    assert (await story.stands("P-1")).run.run_id is None


@pytest.mark.parametrize(
    "conclusion",
    ["failure", "skipped", "neutral", "stale", "action_required", "startup_failure", "timed_out"],
)
async def test_f56_only_success_is_success(story: Story, conclusion: str) -> None:
    """Whatever else GitHub concludes, the deploy failed, and the card names the step or the conclusion."""
    story.world.run.conclusion, story.world.run.seconds = conclusion, 2.0
    await is_trying(story)
    await story.until("P-1", "failed")
    await story.settles()

    assert plain(story.card("P-1").text) == snapshot({'failure': 'P-1 FAILED: checkout v2.15.0 to dev failed at Roll out after 14 s. What is serving is unknown. Asked by ana.', 'skipped': 'P-1 FAILED: checkout v2.15.0 to dev failed in the run after 14 s. What is serving is unknown. Asked by ana.', 'neutral': 'P-1 FAILED: checkout v2.15.0 to dev failed in the run after 14 s. What is serving is unknown. Asked by ana.', 'stale': 'P-1 FAILED: checkout v2.15.0 to dev failed in the run after 3 s. What is serving is unknown. Asked by ana.', 'action_required': 'P-1 FAILED: checkout v2.15.0 to dev failed in the run after 3 s. What is serving is unknown. Asked by ana.', 'startup_failure': 'P-1 FAILED: checkout v2.15.0 to dev failed in the run after 4 s. What is serving is unknown. Asked by ana.', 'timed_out': 'P-1 FAILED: checkout v2.15.0 to dev failed in the run after 3 s. What is serving is unknown. Asked by ana.'})[conclusion]


async def test_f53_a_run_cancelled_in_github_is_cancelled_and_says_by_whom(story: Story) -> None:
    """Eli presses Cancel run in GitHub: cancelled, he is named, nobody is paged, the slot is free."""
    await is_running(story)
    await shows(story, "step 2 of 3")
    story.playground.github.cancels(the_run(story).id, "eli-dev")

    await story.until("P-1", "cancelled")
    await story.settles()
    assert card_words(story, "P-1") == snapshot("""\
:no_entry: *checkout v2.14.3 → production* · *Cancelled in GitHub by greenlight[bot]* · `P-1`
dev ✓ › staging ✓ › *production* · `ffdbf00` · asked by <@U0ANA> <time>
*Now serving: v2.14.2* · last good: v2.14.2
Request again
View run
Details\
""")
    assert story.incidents == []
    await is_asked(story, "v2.14.1", "P-2")


async def test_f53_who_cancelled_is_not_guessed_when_the_webhook_is_lost(story: Story) -> None:
    """GitHub's API does not say who cancelled a run: without the webhook the card names nobody."""
    await is_running(story)
    await shows(story, "step 2 of 3")
    story.world.webhooks = "lost"
    story.playground.github.cancels(the_run(story).id, "eli-dev")

    await story.until("P-1", "cancelled")
    await story.settles()
    assert story.card("P-1").text == snapshot('P-1: checkout v2.14.3 to production was cancelled in GitHub by greenlight[bot]. v2.14.2 is serving. Asked by ana, approved by bo and cy.')


async def test_f54_a_pending_run_that_its_concurrency_group_drops_is_superseded(story: Story) -> None:
    """Somebody's own run makes GitHub drop ours while it is pending: superseded there, not failed, no page."""
    github = story.playground.github
    inputs = {"service": "checkout", "environment": "dev", "version": "v2.14.2", "correlation_id": "theirs"}
    story.world.run.seconds = 120.0
    github.starts_run("checkout", "deploy.yml", "eli-dev", inputs)
    await is_trying(story)
    await story.until("P-1", "deploying")
    github.starts_run("checkout", "deploy.yml", "eli-dev", inputs)

    await story.until("P-1", "superseded")
    await story.settles()
    assert card_words(story, "P-1") == snapshot("""\
:no_entry: *checkout v2.15.0 → dev* · *Superseded* · `P-1`
*dev* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
GitHub dropped the pending run for a newer one of its concurrency group. Ask again if it is still wanted.
Request again
Details\
""")
    assert story.incidents == []


async def test_f55_a_run_that_waits_for_reviewers_says_so(story: Story) -> None:
    """The run stops at the environment's reviewers in GitHub: the card says it, and goes on with the run."""
    story.world.run.seconds = 60.0
    await is_trying(story)
    await story.until("P-1", "deploying")
    story.playground.github.waits_for_review(the_run(story).id)
    await story.sees(lambda: "waits in GitHub" in card_words(story, "P-1"), "the wait")
    assert card_words(story, "P-1") == snapshot("""\
:rocket: *checkout v2.15.0 → dev* · *Deploying* · `P-1`
*dev* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
[run 8801] · :hourglass_flowing_sand: The run waits in GitHub for a reviewer or a runner; nothing moves until it gets one.
Cancel run
Cancel the run?
GitHub is asked to stop the run of checkout v2.15.0 to dev. What serves after that is unknown until it is checked.
Cancel run
Let it run
View run
Details\
""")

    story.playground.github.is_reviewed(the_run(story).id)
    await story.until("P-1", "succeeded")


async def test_f51_a_rerun_after_a_failure_is_told_and_changes_nothing(story: Story) -> None:
    """Cy presses Re-run in GitHub on the failed run, and it goes well: the promotion stays failed and says so."""
    story.world.run.conclusion, story.world.run.seconds = "failure", 2.0
    await is_approved(story)
    await story.until("P-1", "failed")
    await story.settles()
    story.world.run.conclusion = "success"
    story.playground.github.reruns(the_run(story).id, "cy-dev")

    await story.sees(lambda: "Attempt 2" in card_words(story, "P-1"), "the second attempt")
    await story.sees(lambda: the_run(story).attempt.status == "completed", "its end")
    await story.settles()
    assert (await story.stands("P-1")).phase == "failed"
    assert card_words(story, "P-1") == snapshot("""\
:x: *checkout v2.14.3 → production* · *Failed at Roll out after 14 s* · `P-1`
dev ✓ › staging ✓ › *production ✗* · `ffdbf00` · asked by <@U0ANA> <time>
*Now serving: v2.14.2* · last good: v2.14.2
Incident [PD-4411] · <#C0PLAY11> · on call: <@U0DEE>
Attempt 2 was started in GitHub after the end; it does not change this result.
approved by <@U0BO> and <@U0CY> · [run 8801]
Roll back to v2.14.2
Retry
View run
Open incident
Details\
""")
    live, _ = await story.bot.contexts.live("checkout", "production")
    assert live.serving is None or live.serving.version == "v2.14.3"


DEV_WITH_APPROVAL = "  dev: {approvals: [{count: 1, from: release-managers}], wait: 30s}"


async def test_f57_a_branch_that_moves_after_the_approval_voids_it(story: Story) -> None:
    """Main moves between approval and dispatch: Bo signed another commit, and the card asks him again."""
    await rewrites_catalog(story, "  dev: {}", DEV_WITH_APPROVAL)
    await story.ana.types("/promote checkout@main to dev because trying it out")
    await story.bo.clicks("Approve")
    await shows(story, "starts at")
    moved = story.playground.github.adds_commit("checkout", "Send the tax line twice")

    await shows(story, "waiting for approval")
    assert story.dispatches() == []
    assert card_words(story, "P-1") == snapshot()
    assert plain(story.thread("P-1")[-1]) == snapshot()

    await story.bo.clicks("Approve")
    await story.until("P-1", "succeeded")
    assert the_run(story).inputs["sha"] == moved


async def test_f59_a_branch_that_is_deleted_after_the_approval(story: Story) -> None:
    """The branch is gone, the approved commit is not: it is dispatched by its SHA from the trusted ref."""
    await rewrites_catalog(story, "  dev: {}", DEV_WITH_APPROVAL)
    await story.ana.types("/promote checkout@feature/limits to dev because trying it out")
    await story.bo.clicks("Approve")
    await shows(story, "starts at")
    repository = story.playground.github.repository("checkout")
    sha = repository.branches.pop("feature/limits")

    await story.until("P-1", "succeeded")
    assert the_run(story).inputs["sha"] == sha
    assert the_run(story).ref == "main"


async def test_f59_a_tag_that_is_deleted_after_the_approvals_blocks(story: Story) -> None:
    """Production takes only what its branches reach: a tag that is gone proves nothing, and the card says so."""
    await is_approved(story)
    await shows(story, "starts at")
    repository = story.playground.github.repository("checkout")
    sha = repository.tags.pop("v2.14.3")

    await shows(story, "blocked")
    assert story.dispatches() == []
    assert card_words(story, "P-1") == snapshot("""\
:warning: *checkout v2.14.3 → production* · *Blocked: Branch* · `P-1`
dev ✓ › staging ✓ › *production* · `ffdbf00` · asked by <@U0ANA> <time>
> “fix refunds”
[3 commits since v2.14.2] · [#812] Log the trace id · [#811] Bump dependencies · [#810] Fix EUR refunds
*All 3 gates passed* · Checks 3 passed · Health 1 × HTTP 200 · Incidents none open · succeeded in staging
Gate
Result
Evidence
Branch
 Not\xa0passed
this commit is not on main
Retry
Cancel
Details\
""")

    repository.tags["v2.14.3"] = sha
    await story.ana.clicks("Retry")
    await story.until("P-1", "succeeded")
