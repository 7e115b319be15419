"""What people do on GitHub's side meanwhile: cancel and re-run, hold back for review, move and delete refs."""

from inline_snapshot import snapshot

from tests.stories.deploys import is_approved
from tests.stories.github import (
    card_words,
    is_trying,
    is_under_way,
    rewrites_catalog,
    shows,
    the_run,
)
from tests.stories.said import plain
from tests.stories.story import Story


async def test_f53_a_run_cancelled_in_github_is_cancelled_and_says_by_whom(story: Story) -> None:
    """Eli presses Cancel run in GitHub: cancelled, he is named, nobody is paged, the slot is free."""
    await is_under_way(story)
    story.passes(50)
    await shows(story, "step 3 of 4")
    story.playground.github.cancels(the_run(story).id, "eli-dev")

    await story.until("P-1", "cancelled")
    await story.settles()
    assert card_words(story, "P-1") == snapshot("""\
:no_entry: *checkout v2.15.0 → dev* · *Cancelled in GitHub by eli-dev* · `P-1`
*dev* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
*Now serving: unknown, because the deploy ended without proof* · last good: v2.14.3
Request again
View run
Details\
""")
    assert story.incidents == []
    assert (await story.bot.store.slot("checkout", "dev")).holder == ""


async def test_f53_who_cancelled_is_not_guessed_when_the_webhook_is_lost(story: Story) -> None:
    """GitHub's API does not say who cancelled a run: without the webhook the card names nobody."""
    await is_under_way(story)
    story.passes(50)
    await shows(story, "step 3 of 4")
    story.world.webhooks = "lost"
    story.playground.github.cancels(the_run(story).id, "eli-dev")

    await story.until("P-1", "cancelled")
    await story.settles()
    assert story.card("P-1").text == snapshot(
        "P-1: checkout v2.15.0 to dev was cancelled in GitHub. What is serving is unknown. Asked by ana."
    )


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
[run 8801] · since <time> · :hourglass_flowing_sand: The run waits in GitHub since <time> for a reviewer or a runner; nothing moves until it gets one.
Cancel run
Cancel the run?
GitHub is asked to stop the run of checkout v2.15.0 to dev. What serves after that is unknown until it is checked.
Cancel run
Let it run
View run
Details\
""")

    story.playground.github.is_reviewed(the_run(story).id)
    story.passes(60)
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
    await story.sees(lambda: "Now serving: v2.14.3" in card_words(story, "P-1"), "what it deployed")
    await story.settles()
    assert (await story.stands("P-1")).phase == "failed"
    assert card_words(story, "P-1") == snapshot("""\
:x: *checkout v2.14.3 → production* · *Failed at Roll out* · `P-1`
dev ✓ › staging ✓ › *production ✗* · `ffdbf00` · asked by <@U0ANA> <time>
*Now serving: v2.14.3* · last good: v2.14.2
Incident [PD-4411] · <#C0PLAY11> · on call: <@U0DEE>
Attempt 2 was started in GitHub by cy-dev after the end; it does not change this result.
approved by <@U0BO> and <@U0CY> · [run 8801]
Roll back to v2.14.2
Retry
View run
Open incident
Details\
""")
    live, _ = await story.bot.contexts.live("checkout", "production")
    assert live.serving is not None
    assert live.serving.version == "v2.14.3"
    assert plain(story.thread("P-1")[-1]) == snapshot(
        "Attempt 2 was started in GitHub by cy-dev after the end; it does not change this result. P-1 stays as it is (checkout v2.14.3 to production); ask again here if the new attempt should count."
    )


DEV_WITH_APPROVAL = "  dev: {approvals: [{count: 1, from: release-managers}], wait: 30s}"


async def test_f57_a_branch_that_moves_after_the_approval_voids_it(story: Story) -> None:
    """Main moves between approval and dispatch: Bo signed another commit, and the card asks him again."""
    await rewrites_catalog(story, "  dev: {}", DEV_WITH_APPROVAL)
    await story.ana.types("/promote checkout@main to dev because trying it out")
    await story.bo.clicks("Approve")
    await shows(story, "starts at")
    story.passes(15)
    moved = story.playground.github.adds_commit("checkout", "Send the tax line twice")

    await shows(story, "waiting for approval")
    assert story.dispatches() == []
    assert card_words(story, "P-1") == snapshot("""\
:raised_hand: *checkout main → dev* · *Waiting for approval: 0 of 1* · `P-1`
*dev* › staging › production · `0478e2c` · asked by <@U0ANA> <time> · expires <time>
> “trying it out”
[4 commits since v2.14.3] · [#815] Fix EUR refunds · [#814] Retry card timeouts · [#813] Show the tax line · and 1 more
*There are no gates*
:warning: *Earlier approvals no longer count.* Changed since: version 8fa4d4d → 0478e2c
<@U0BO> (no longer counts) · Needs 1 more of release-managers (@bo or @cy). Not @ana, who asked.
Approve
Reject
Cancel
Details\
""")
    assert plain(story.thread("P-1")[-1]) == snapshot(
        ":warning: Earlier approvals of P-1 (checkout main to dev) no longer count, because this changed: version 8fa4d4d → 0478e2c. It needs approval again."
    )

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
All 3 gates passed
:white_check_mark: *Path* passed · succeeded in staging
:white_check_mark: *Checks* passed · 3 passed
:white_check_mark: *Health* passed · staging: 1 good answer in a row (HTTP 200)
:white_check_mark: *Incidents* passed · none open
Checks: 3 passed · Health: answers 200 · Incidents: none open · Also: succeeded in staging
Requirement
Result
Evidence
Branch
 Not\xa0passed
the version is gone, or not on main
Press Retry when the version got there · `/promote why P-1` shows each rule · E44
Retry
Cancel
Details\
""")

    repository.tags["v2.14.3"] = sha
    await story.ana.clicks("Retry")
    await story.until("P-1", "succeeded")
