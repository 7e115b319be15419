"""Stopping a deploy: at once while nothing runs, later as a wish that GitHub has the last word on."""

import pytest
from inline_snapshot import snapshot

from bot.domain.run_facts import FORCE_AFTER
from tests.stories.deploys import is_approved, is_asked
from tests.stories.github import (
    DISPATCHES,
    before,
    buttons,
    card_words,
    fails,
    is_trying,
    is_under_way,
    shows,
    the_run,
)
from tests.stories.said import replies
from tests.stories.story import Story

HALF_AN_HOUR = 1800.0


async def test_a_request_that_waits_is_cancelled_at_once(story: Story) -> None:
    """Ana takes her request back: it ends, nothing was deployed, and she can ask again."""
    await is_asked(story)
    await story.ana.clicks("Cancel")

    await story.until("P-1", "cancelled")
    await story.settles()
    assert card_words(story, "P-1") == snapshot("""\
:no_entry: *checkout v2.14.3 → production* · *Cancelled by <@U0ANA>* · `P-1`
dev ✓ › staging ✓ › *production* · `ffdbf00` · asked by <@U0ANA> <time>
Nothing was deployed.
Request again
Details\
""")
    assert story.dispatches() == []


async def test_a_deploy_that_starts_in_a_moment_is_cancelled_in_time(story: Story) -> None:
    """Approved, and the wait is running: cancelled then, it is never dispatched."""
    await is_approved(story)
    await shows(story, "starts at")
    await story.bo.types("/promote cancel P-1 we saw errors in staging")

    await story.until("P-1", "cancelled")
    story.passes(60)
    await story.settles()
    assert story.dispatches() == []
    assert "we saw errors in staging" in card_words(story, "P-1")


async def test_a_running_deploy_is_cancelled_when_github_says_so(story: Story) -> None:
    """Cancel run is a wish until GitHub reports the run cancelled; then the card says that what serves is open."""
    await is_under_way(story)
    await story.ana.clicks("Cancel run")
    await shows(story, "was cancelled")
    await story.settles()

    assert card_words(story, "P-1") == snapshot("""\
:no_entry: *checkout v2.15.0 → dev* · *Cancelled by <@U0ANA>* · `P-1`
*dev* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
*Now serving: unknown, because the deploy ended without proof* · last good: v2.14.3
Request again
View run
Details\
""")
    assert [one.status for one in story.asked("github", "/cancel", "POST")] == [202]
    assert story.incidents == []


async def test_while_github_has_not_stopped_it_the_card_does_not_claim_it(story: Story) -> None:
    """GitHub is slow to cancel: the card says that it was asked to, and that the deploy may go on."""
    await is_under_way(story)
    fails(story, "/cancel", *[500] * 40)
    await story.ana.clicks("Cancel run")
    await shows(story, "cancelling")

    assert card_words(story, "P-1") == snapshot("""\
:no_entry: *checkout v2.15.0 → dev* · *Cancelling the run* · `P-1`
*dev* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
ana asked to cancel. I am asking GitHub to stop the run; until it says that it did, the deploy may go on.
[run 8801] · since <time>
:warning: It did not work just now: “Server Error”. I keep trying.
View run
Details\
""")
    assert "Cancel run" not in buttons(story)
    assert (await story.stands("P-1")).phase == "deploying"


async def test_f30_a_cancel_during_the_dispatch_stops_the_run_that_came_of_it(story: Story) -> None:
    """Ana cancels while GitHub has not answered the dispatch yet: the run it started is cancelled there."""
    await story.bot_stops()
    story.github_deadline, story.world.webhooks = 0.5, "lost"
    await story.bot_starts()
    story.world.run.mode, story.world.run.seconds = "accept-then-hang", 300.0
    await story.ana.types("/promote checkout@v2.15.0 to dev because trying it out")
    await story.until("P-1", "dispatching")
    assert replies(await story.ana.types("/promote cancel P-1")) == snapshot(
        [
            "Done. P-1: cancelling the run for ana, checkout v2.15.0 to dev. GitHub has not said yet that it stopped. Asked by ana."
        ]
    )

    await story.until("P-1", "cancelled")
    assert len(story.dispatches()) == 1
    assert the_run(story).attempt.conclusion == "cancelled"


async def test_a_cancel_before_a_dispatch_that_did_not_leave_ends_it(story: Story) -> None:
    """GitHub limits the dispatch, so nothing runs, and Ana has cancelled meanwhile: it is not tried again."""
    fails(story, DISPATCHES, 429, 429)
    await story.ana.types("/promote checkout@v2.15.0 to dev because trying it out")
    await story.sees(lambda: story.dispatches() != [])
    await story.ana.types("/promote cancel P-1")

    await story.until("P-1", "cancelled")
    assert story.runs == []


async def test_f66_a_cancel_that_github_answers_with_500_is_asked_again(story: Story) -> None:
    """Two 500s, then 202: the wish is repeated until GitHub takes it."""
    await is_under_way(story)
    fails(story, "/cancel", 500, 500)
    await story.ana.clicks("Cancel run")

    await story.until("P-1", "cancelled")
    assert [one.status for one in story.asked("github", "/cancel", "POST")] == [500, 500, 202]


async def test_f66_a_cancel_that_github_ignores_is_forced(story: Story) -> None:
    """GitHub says 409 and lets the run go on: after five minutes it is forced, and never claimed before."""
    story.world.run.seconds = 3000.0
    await is_trying(story)
    await story.until("P-1", "deploying")
    fails(story, "/cancel", 409)
    await story.ana.clicks("Cancel run")
    await story.sees(lambda: story.asked("github", "/cancel", "POST") != [])
    assert (await story.stands("P-1")).phase == "deploying"

    story.passes(FORCE_AFTER + 1)
    await story.until("P-1", "cancelled")
    forced = story.asked("github", "/force-cancel", "POST")
    assert [one.status for one in forced] == [202]


async def test_a_run_that_finishes_although_a_cancel_was_asked_has_deployed(story: Story) -> None:
    """The run was through before GitHub could stop it: what GitHub says counts, and the version is live."""
    await is_under_way(story)
    before(story, "/cancel", lambda: story.playground.github.runs.end(the_run(story), "success", None))
    await story.ana.clicks("Cancel run")

    await story.until("P-1", "succeeded")
    assert [one.status for one in story.asked("github", "/cancel", "POST")] == [409]


async def test_a_run_that_fails_although_a_cancel_was_asked_has_failed(story: Story) -> None:
    """The run failed before GitHub could stop it: that is a failure, and no cancelled deploy."""
    await is_under_way(story)
    before(story, "/cancel", lambda: story.playground.github.runs.end(the_run(story), "failure", "Smoke"))
    await story.ana.clicks("Cancel run")

    await story.until("P-1", "failed")


async def test_a_deploy_that_takes_too_long_is_looked_at_then_cancelled_then_failed(story: Story) -> None:
    """After `deploy_timeout` the run is read once more, cancelled by Greenlight, and ends as failed, not cancelled."""
    story.world.run.seconds, story.world.webhooks = 7200.0, "lost"
    await is_trying(story)
    await story.until("P-1", "deploying")
    story.passes(HALF_AN_HOUR)

    await story.until("P-1", "failed")
    await story.settles()
    own = f"/actions/runs/{the_run(story).id}"
    asked = [one.path.rpartition("/")[2] for one in story.asked("github", own) if "/jobs" not in one.path]
    assert asked[asked.index("cancel") - 1] == str(the_run(story).id)
    assert the_run(story).attempt.conclusion == "cancelled"
    assert card_words(story, "P-1") == snapshot("""\
:x: *checkout v2.15.0 → dev* · *Failed by running out of time* · `P-1`
*dev ✗* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
*Now serving: unknown, because the deploy ended without proof* · last good: v2.14.3
> The deploy took longer than its time limit (rule `deploy_timeout`).
[run 8801]
Roll back to v2.14.3
Retry
View run
Details\
""")


async def test_who_may_not_cancel_is_told_who_may(story: Story) -> None:
    """Eli is from another team: nothing is cancelled, and he learns whom to ask."""
    await is_under_way(story)
    said = replies(await story.eli.types("/promote cancel P-1"))

    assert said == snapshot(
        ["You cannot cancel P-1: that needs the approvers or release-managers. Ask one of @bo or @cy."]
    )
    assert story.asked("github", "/cancel", "POST") == []


@pytest.mark.parametrize("phase", ["succeeded", "failed"])
async def test_what_has_ended_cannot_be_cancelled(story: Story, phase: str) -> None:
    """Too late: the refusal says where it stands and which command helps."""
    story.world.run.conclusion = "success" if phase == "succeeded" else "failure"
    story.world.run.seconds = 2.0
    await is_trying(story)
    await story.until("P-1", phase)

    assert (
        replies(await story.ana.types("/promote cancel P-1"))
        == snapshot(
            {
                "succeeded": [
                    "I cannot cancel P-1: it has succeeded. Try `/promote rollback checkout in dev`."
                ],
                "failed": ["I cannot cancel P-1: it has failed. Try `/promote why P-1`."],
            }
        )[phase]
    )
