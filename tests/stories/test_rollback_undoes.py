"""What a rollback undoes: the newest deploy that ran, wherever it stands, and nothing that never ran."""

from inline_snapshot import snapshot

from bot.domain.messages import IsLive, Woken
from bot.playground.world import Request
from tests.stories.deploys import is_approved, is_asked, is_running, messages_about, succeeds, timeless
from tests.stories.moments import rests
from tests.stories.rules import rule_changes, rules_change
from tests.stories.said import replies
from tests.stories.story import Story
from tests.stories.vendors import comes_back, goes_down

WHY = "because refunds are failing"
ONLY_ON_CALL = {
    "rollback: [owner, release-managers, platform-on-call]": "rollback: [platform-on-call]",
    "\n      incidents: {severity: high}": "",
}


async def _the_next_version_passed_staging(story: Story) -> None:
    """v2.14.3 is live in production (P-1), and v2.14.4 went through dev (P-2) and staging (P-3)."""
    await succeeds(story)
    await story.settles()
    story.playground.github.adds_commit("checkout", "Next", tag="v2.14.4")
    for promotion, place in (("P-2", "dev"), ("P-3", "staging")):
        await story.ana.types(f"/promote checkout@v2.14.4 to {place} because try it out")
        await story.until(promotion, "succeeded")


async def test_what_was_cancelled_before_it_ran_is_not_undone(story: Story) -> None:
    """Incident: v2.14.3 was live and bad, v2.14.4 had been asked for and taken back without ever running.

    The rollback took that request for the newest deploy, and went "back" to v2.14.3: the bad version again.
    """
    await _the_next_version_passed_staging(story)
    await is_asked(story, "v2.14.4", "P-4")
    await story.ana.types("/promote cancel P-4 because not now")
    await story.until("P-4", "cancelled")
    await story.dee.types(f"/promote rollback checkout in production {WHY}")
    rollback = await story.until("P-5", "succeeded")
    await story.settles()

    assert (rollback.undoes, rollback.version) == ("P-1", "v2.14.2")
    assert story.world.serving["checkout", "production"].version == "v2.14.2"


async def test_the_form_undoes_what_ran_too(story: Story) -> None:
    """Asked without a reason, the same rollback goes through the form, and undoes the same deploy."""
    await _the_next_version_passed_staging(story)
    await is_asked(story, "v2.14.4", "P-4")
    await story.ana.types("/promote cancel P-4 because not now")
    await story.until("P-4", "cancelled")
    form = (await story.dee.types("/promote rollback checkout in production"))["view"]
    await story.dee.submits(form, reason="refunds are failing")
    rollback = await story.until("P-5", "succeeded")

    assert (rollback.undoes, rollback.version) == ("P-1", "v2.14.2")


async def test_what_never_ran_cannot_be_named(story: Story) -> None:
    """Whoever names the promotion that was taken back is told so, with the command that undoes what did run."""
    await is_asked(story)
    await story.ana.types("/promote cancel P-1 because not now")
    await story.until("P-1", "cancelled")

    assert replies(await story.ana.types(f"/promote rollback P-1 {WHY}")) == snapshot(
        ["I cannot roll back P-1: it was cancelled. Try `/promote rollback checkout in production`."]
    )


async def test_what_was_stopped_half_way_is_no_step_on_the_path(story: Story) -> None:
    """v2.15.0 succeeded in staging, and was deployed there again and stopped: nobody knows that it holds there."""
    story.world.run.seconds = 1.0
    for promotion, place in (("P-1", "dev"), ("P-2", "staging"), ("P-3", "dev")):
        version = "v2.15.0" if promotion != "P-3" else "v2.14.3"
        await story.ana.types(f"/promote checkout@{version} to {place} because it is the next release")
        await story.until(promotion, "succeeded")
    await story.ana.types("/promote checkout@v2.14.3 to staging because it is compared")
    await story.until("P-4", "succeeded")
    story.world.run.seconds = 60.0
    await story.ana.types("/promote checkout@v2.15.0 to staging because it was the better one")
    await story.until("P-5", "deploying")
    await story.ana.types("/promote cancel P-5 because it hangs")
    await story.until("P-5", "cancelled")
    await story.ana.types("/promote checkout@v2.15.0 to production because staging was fine once")
    rejected = await story.until("P-6", "rejected")

    assert rejected.ending is not None
    assert (rejected.ending.cause, rejected.ending.said) == ("path", "staging")


async def test_rollback_while_it_is_verified(story: Story) -> None:
    """Incident (P9): PagerDuty was down, so that `verify: incidents` could not be read for half an hour.

    The rollback waited behind it until `deploy_timeout`. It ends the verification now and runs at once.
    """
    await rule_changes(story, "version: $.version}", "version: $.version}\n      incidents: {}")
    story.world.run.seconds = 2.0
    await is_approved(story)
    await story.until("P-1", "deploying")
    goes_down(story, "pagerduty")
    await story.until("P-1", "verifying")
    asked_at = story.clock.now()
    await story.bo.types(f"/promote rollback checkout {WHY}")
    await story.until("P-2", "dispatching", "deploying")
    took = story.clock.now() - asked_at
    comes_back(story, "pagerduty")
    await story.until("P-2", "succeeded", "verifying")

    assert took < 30.0
    stopped = await story.stands("P-1")
    assert stopped.phase == "cancelled"
    assert timeless(story.card("P-1").text) == snapshot(
        "P-1: checkout v2.14.3 to production was cancelled by bo. v2.14.3 is serving. Asked by ana, approved by bo and cy."
    )


async def test_cancel_while_it_is_verified(story: Story) -> None:
    """The run is over, so it ends at once: what serves is looked at, and the card says what that is."""
    story.world.health["checkout", "production"] = "html"
    story.world.run.seconds = 2.0
    await is_approved(story)
    await story.until("P-1", "verifying")
    await story.bo.types("/promote cancel P-1 because it looks wrong")
    story.world.health["checkout", "production"] = (
        "ok"  # at once: what cannot be read is asked a few times only
    )
    await story.until("P-1", "cancelled")
    await story.sees(lambda: _is_known(story), "what serves")
    await story.settles()
    live, _ = await story.bot.contexts.live("checkout", "production")
    assert live.serving is not None
    assert live.serving.version == "v2.14.3"
    assert timeless(story.card("P-1").text) == snapshot(
        "P-1: checkout v2.14.3 to production was cancelled by bo. v2.14.3 is serving. Asked by ana, approved by bo and cy."
    )


async def _is_known(story: Story) -> bool:
    live, _ = await story.bot.contexts.live("checkout", "production")
    return live.serving is not None


async def test_the_deploy_is_stopped_once_the_asker_is_known(story: Story) -> None:
    """Incident: Dee may only because she is on call, which nobody had looked up yet.

    The deploy refused to be stopped by her, that was noted as done, and the rollback waited for the run to end.
    """
    await rules_change(story, ONLY_ON_CALL)
    goes_down(story, "pagerduty")
    await is_running(story)
    await story.dee.types(f"/promote rollback checkout {WHY}")
    await story.sees(lambda: messages_about(story, "P-2"), "the rollback's card")
    assert (await story.stands("P-1")).wish is None
    comes_back(story, "pagerduty")
    story.world.run.seconds = 2.0
    rollback = await story.until("P-2", "succeeded")

    stopped = await story.stands("P-1")
    assert stopped.phase == "cancelled"
    assert stopped.wish is not None
    assert stopped.wish.by == "dee"
    assert rollback.undoes == "P-1"


async def test_the_deploy_is_stopped_however_many_wait(story: Story) -> None:
    """Incident: with more than twenty newer requests in line, the rollback did not see the deploy that ran."""
    story.world.run.seconds = 300.0
    await story.ana.types("/promote checkout@v2.15.0 to dev because trying it out")
    await story.until("P-1", "deploying")
    for number in range(21):
        story.playground.github.adds_commit("checkout", f"Change {number}", tag=f"v3.0.{number}")
        await story.ana.types(f"/promote checkout@v3.0.{number} to dev because trying it out")
    story.world.run.seconds = 2.0
    await story.ana.types(f"/promote rollback checkout in dev {WHY}")
    await story.until("P-23", "succeeded")

    assert (await story.stands("P-1")).phase == "cancelled"
    assert [run["workflow"] for run in story.runs][:2] == ["deploy.yml", "rollback.yml"]


async def test_a_holder_lets_a_rollback_pass_at_once(story: Story) -> None:
    """Incident: P-1 had the slot and slept between two looks when the rollback took its place in the queue.

    Dee had been asked about before and was on call now: no phase changed, so nobody was woken to let it pass.
    """
    await rules_change(story, ONLY_ON_CALL)
    await story.bo.types("/promote adopt checkout@v2.14.1 in production because it was live before")
    goes_down(story, "pagerduty")
    await is_asked(story)
    await rests(story)
    await story.bot.worker.rest(5.0)
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")
    story.passes(11.0)
    await story.bot.service.handle(Woken("P-1"))
    await story.dee.types(f"/promote rollback checkout to v2.14.2 {WHY}")
    assert await _line(story) == ("P-1",)
    on_call = frozenset({"dee"})
    await story.bot.service.records.team_seen("platform-on-call", on_call, story.clock.now())
    await _all_sleep(story)
    await story.bot.service.handle(Woken("P-2"))

    assert await _line(story) == ("P-1", "P-2")
    assert "P-1" in await _all_sleep(story)
    await story.bot.service.handle(Woken("P-1"))
    assert await _line(story) == ("P-2",)


async def test_an_outcome_that_was_vouched_for_and_fails_is_not_known(story: Story) -> None:
    """Incident (P10): an admin said that v2.14.4 was live, and then its verification failed.

    The record went on to say v2.14.3, as if nothing had ever been deployed.
    """
    await _the_next_version_passed_staging(story)
    story.world.run.mode, story.world.run.lag, story.world.webhooks = "accept-then-502", 86400.0, "lost"
    await is_approved(story, "v2.14.4", "P-4")
    await story.sees(lambda: len(_answered(story)) == 4, "the answer")
    story.passes(200.0)
    await story.until("P-4", "unknown")
    story.world.health["checkout", "production"] = "html"
    await story.bot.service.handle(IsLive("P-4", "bo"))
    await story.until("P-4", "failed")
    live, _ = await story.bot.contexts.live("checkout", "production")

    assert live.serving is None
    story.world.run.mode, story.world.run.lag, story.world.webhooks = "ok", 0.0, "on"


def _answered(story: Story) -> list[Request]:
    return [one for one in story.dispatches() if one.status]


async def _line(story: Story) -> tuple[str, ...]:
    """Who deploys to production, and who is next."""
    slot = await story.bot.store.slot("checkout", "production")
    return (slot.holder, *slot.queue)


async def _all_sleep(story: Story) -> set[str]:
    """Everything that is due sleeps for an hour; returns what was due."""
    now, store = story.clock.now(), story.bot.store
    due = await store.claim_due(now, 30.0, 10)
    for claim in due:
        await store.release(claim, now + 3600.0)
    return {claim.promotion for claim in due}
