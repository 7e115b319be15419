"""What runs may do in a real GitHub: be run again too early, be gone, be rejected, put an old version back."""

from inline_snapshot import snapshot

from bot.domain.run_facts import UNSTOPPED_AFTER
from tests.stories.deploys import is_approved
from tests.stories.github import (
    buttons,
    card_words,
    fails,
    is_trying,
    is_under_way,
    rewrites_catalog,
    shows,
    the_run,
)
from tests.stories.said import plain
from tests.stories.story import Story

MINUTE = 60.0


async def is_gone(story: Story, promotion: str = "P-1") -> None:
    """Time passes, look by look, until the bot says that it does not see the run any more."""

    async def unknown() -> bool:
        story.passes(10.0)
        return (await story.stands(promotion)).phase == "unknown"

    await story.sees(unknown, "the loss of the run")


async def test_f51_a_rerun_before_the_failure_was_read_is_no_success(story: Story) -> None:
    """Incident: attempt 1 failed while GitHub answered 503, Cy re-ran it, attempt 2 was green: told as a success."""
    story.world.run.seconds = 300.0
    await is_approved(story)
    await story.until("P-1", "deploying")
    run = the_run(story)
    fails(story, f"/actions/runs/{run.id}", *[503] * 6, method="GET")
    story.playground.github.runs.end(run, "failure", "Roll out")
    await story.sees(lambda: 503 in [one.status for one in story.asked("github")], "a look that failed")
    story.world.run.conclusion, story.world.run.seconds = "success", 5.0
    story.playground.github.reruns(run.id, "cy-dev")

    one = await story.until("P-1", "failed", "succeeded")
    assert one.phase == "failed"
    await story.sees(lambda: "Attempt 2" in card_words(story, "P-1"), "the second attempt")
    await story.sees(lambda: "Now serving: v2.14.3" in card_words(story, "P-1"), "what it deployed")
    await story.settles()
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
    assert [run["attempt"] for run in story.runs] == [2]


async def test_f51_a_rerun_that_no_webhook_tells_of_is_found_by_the_look(story: Story) -> None:
    """All webhooks are lost: the first attempt's end counts, and the second one is followed until it has ended."""
    story.world.run.conclusion, story.world.run.seconds, story.world.webhooks = "failure", 2.0, "lost"
    await is_trying(story)
    await story.until("P-1", "deploying")
    await story.sees(lambda: the_run(story).attempt.status == "completed", "the end")
    story.world.run.conclusion, story.world.run.seconds = "success", 45.0
    story.playground.github.reruns(the_run(story).id, "cy-dev")

    await story.until("P-1", "failed")
    await story.sees(lambda: "Attempt 2" in card_words(story, "P-1"), "the second attempt")
    await story.settles()
    ended = await story.stands("P-1")
    assert (ended.run.attempt, ended.run.extra_attempt, ended.run.status) == (1, 2, "completed")


async def test_f67_a_repository_that_moves_under_a_run_is_a_persons_matter(story: Story) -> None:
    """Incident: renamed while it ran, 301 for ever: nobody could leave it. Unknown after ten minutes, and with the
    new address in the catalog it goes on by itself."""
    await is_under_way(story)
    story.playground.github.renames("checkout", "basket")
    story.playground.github.finishes()
    await is_gone(story)

    await shows(story, "outcome unknown")
    assert card_words(story, "P-1") == snapshot("""\
:grey_question: *checkout v2.15.0 → dev* · *Outcome unknown* · `P-1`
*dev ?* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
I followed run 8801, and GitHub does not show it to me any more. I keep looking, and go on by myself as soon as it does; I start nothing meanwhile.
*Now serving: unknown until the run is found or somebody says* · last good: v2.14.3
[run 8801]
An admin can name the run or say what happened · nothing else deploys here meanwhile · E18
:warning: It did not work just now: “the repository has moved: the catalog names its old address”. I keep trying.
I see run…
It is over
Is the run over?
checkout v2.15.0 to dev then ends as cancelled, on your word, and the next in line may start.
It is over
Not now
It is live
Is it live?
checkout v2.15.0 to dev is then verified and recorded as live, on your word.
It is live
Not now
Details\
""")
    await rewrites_catalog(story, "acme/checkout", "acme/basket")
    story.passes(MINUTE)
    ended = await story.until("P-1", "succeeded")
    assert ended.run.repo == "acme/basket"
    assert len(story.dispatches()) == 1


async def test_a_run_that_somebody_deleted_is_settled_by_an_admin(story: Story) -> None:
    """Incident: the finished run was deleted before its end was read, and no rollback could start any more."""
    await is_under_way(story)
    story.world.webhooks = "lost"
    story.playground.github.finishes()
    story.playground.github.deletes_run(the_run(story).id)
    await is_gone(story)

    await story.sees(lambda: "It is over" in buttons(story), "the button")
    story.passes(MINUTE)
    assert (await story.stands("P-1")).phase == "unknown"
    await story.bo.clicks("It is over")
    await story.until("P-1", "cancelled")
    await story.settles()
    assert card_words(story, "P-1") == snapshot("""\
:no_entry: *checkout v2.15.0 → dev* · *Cancelled by <@U0BO>* · `P-1`
*dev* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
*Now serving: unknown, because the deploy ended without proof* · last good: v2.14.3
Request again
View run
Details\
""")
    assert (await story.bot.store.slot("checkout", "dev")).holder == ""
    assert len(story.dispatches()) == 1


async def test_a_cancel_that_never_reached_github_says_so(story: Story) -> None:
    """P10: GitHub took no request to cancel, and the card said "has not stopped the run, though I asked it to"."""
    story.world.run.seconds = 3000.0
    await is_trying(story)
    await story.until("P-1", "deploying")
    fails(story, "cancel", *[403] * 100)
    await story.ana.clicks("Cancel run")
    await story.sees(lambda: story.asked("github", "/cancel", "POST"), "the request")
    story.passes(UNSTOPPED_AFTER)

    await story.sees(lambda: "could not cancel" in card_words(story, "P-1"), "what came of it")
    assert "GitHub does not take my request to stop the run" in card_words(story, "P-1")
    wish = (await story.stands("P-1")).wish
    assert wish is not None
    assert (wish.asked_at, wish.forced) == (None, False)


async def test_an_old_run_that_is_run_again_makes_what_serves_unknown(story: Story) -> None:
    """Incident: Eli re-ran P-1, so v2.15.0 was back in dev, and asking for v2.14.2 was refused as "already runs"."""
    story.world.run.seconds = 2.0
    await is_trying(story, "v2.15.0")
    await story.until("P-1", "succeeded")
    await is_trying(story, "v2.14.2", "P-2")
    await story.until("P-2", "succeeded")
    await story.settles()
    story.playground.github.reruns(story.playground.github.runs.all[0].id, "eli-dev")

    await story.sees(lambda: "not known" in card_words(story, "P-2"), "the doubt on the card")
    await story.settles()
    live, _ = await story.bot.contexts.live("checkout", "dev")
    assert live.serving is None
    assert card_words(story, "P-1") == snapshot("""\
:white_check_mark: *checkout v2.15.0 → dev* · *Was live* · `P-1`
*dev ✓* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
Attempt 2 was started in GitHub by eli-dev after the end; it does not change this result.
live to <time> · and what serves now is not known
View run
Details\
""")
    assert card_words(story, "P-2") == snapshot("""\
:white_check_mark: *checkout v2.14.2 → dev* · *Was live* · `P-2`
*dev ✓* › staging › production · `894a66e` · asked by <@U0ANA> <time>
live from <time> to <time> · and what serves since then is not known
View run
Details\
""")
    await story.ana.types("/promote checkout@v2.14.2 to dev because the re-run put another one there")
    await story.until("P-3", "succeeded")
    assert story.world.serving["checkout", "dev"].version == "v2.14.2"


async def test_what_an_old_run_put_back_is_asked_of_the_health_url(story: Story) -> None:
    """Where a check after the deploy names the version, the record is right again when the re-run has ended."""
    story.world.run.seconds = 2.0
    await rewrites_catalog(story, "  dev: {}", "  dev: {verify: {health: {version: $.version}}}")
    await is_trying(story, "v2.15.0")
    await story.until("P-1", "succeeded")
    await is_trying(story, "v2.14.2", "P-2")
    await story.until("P-2", "succeeded")
    await story.settles()
    story.playground.github.reruns(story.playground.github.runs.all[0].id, "eli-dev")

    await story.sees(lambda: "replaced by P-1 (v2.15.0)" in card_words(story, "P-2"), "the truth")
    await story.settles()
    live, _ = await story.bot.contexts.live("checkout", "dev")
    assert live.serving is not None
    assert (live.serving.version, live.serving.promotion) == ("v2.15.0", "P-1")
    assert "is live in dev" in card_words(story, "P-1")


async def test_a_deploy_that_a_reviewer_rejects_pages_nobody(story: Story) -> None:
    """Incident: Reject in GitHub opened an incident and offered to roll back what had not been touched."""
    story.world.run.seconds = 60.0
    await is_approved(story)
    await story.until("P-1", "deploying")
    story.playground.github.waits_for_review(the_run(story).id)
    await story.sees(lambda: "waits in GitHub" in card_words(story, "P-1"), "the wait")
    story.playground.github.rejects_review(the_run(story).id, "cy-dev")

    await story.until("P-1", "rejected")
    await story.settles()
    assert card_words(story, "P-1") == snapshot("""\
:no_entry: *checkout v2.14.3 → production* · *Rejected in GitHub by cy-dev* · `P-1`
dev ✓ › staging ✓ › *production* · `ffdbf00` · asked by <@U0ANA> <time>
Nothing was deployed.
Request again
Details\
""")
    assert story.incidents == []
    live, _ = await story.bot.contexts.live("checkout", "production")
    assert live.serving is not None
    assert live.serving.version == "v2.14.2"


async def test_a_run_that_never_came_to_a_step_could_not_start(story: Story) -> None:
    """GitHub takes the dispatch and not the workflow file: nothing ran, nobody is paged, Retry asks again."""
    story.world.run.conclusion, story.world.run.seconds = "startup_failure", 2.0
    await is_approved(story)
    await story.until("P-1", "errored")
    await story.settles()
    assert card_words(story, "P-1") == snapshot("""\
:boom: *checkout v2.14.3 → production* · *Could not start* · `P-1`
dev ✓ › staging ✓ › *production ✗* · `ffdbf00` · asked by <@U0ANA> <time>
GitHub took deploy.yml, and its run ended before any step of it ran. GitHub could not start the run: its workflow file is not one that it takes. Mend that, then press Retry.
*Nothing was deployed.*
Retry
Details\
""")
    assert plain(story.thread("P-1")[-1]) == snapshot("""\
:boom: <@U0ANA>: could not start P-1 (checkout v2.14.3 to production). GitHub took deploy.yml, and its run ended before any step of it ran. GitHub could not start the run: its workflow file is not one that it takes. Mend that, then press Retry.
*Nothing was deployed.*\
""")
    assert story.incidents == []


async def test_who_cancelled_before_anything_ran_is_not_guessed(story: Story) -> None:
    """P10: Eli cancels a run that waits for reviewers and the webhook is lost: it was told as GitHub's own doing."""
    story.world.run.seconds = 60.0
    await is_trying(story)
    await story.until("P-1", "deploying")
    story.playground.github.waits_for_review(the_run(story).id)
    await story.sees(lambda: "waits in GitHub" in card_words(story, "P-1"), "the wait")
    story.world.webhooks = "lost"
    story.playground.github.cancels(the_run(story).id, "eli-dev")

    await story.until("P-1", "cancelled")
    await story.settles()
    assert card_words(story, "P-1") == snapshot("""\
:no_entry: *checkout v2.15.0 → dev* · *Cancelled in GitHub* · `P-1`
*dev* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
It was cancelled in GitHub before anything ran; GitHub did not tell by whom (a person, or a newer run of its concurrency group). Nothing was deployed.
Request again
View run
Details\
""")
    live, _ = await story.bot.contexts.live("checkout", "dev")
    assert live.serving is not None
