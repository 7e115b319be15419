"""Who may roll back: the owner, release managers and whoever is on call; and what happens while nobody can say."""

from inline_snapshot import snapshot

from tests.stories.deploys import (
    messages_about,
    succeeds,
)
from tests.stories.said import card_words, heard
from tests.stories.story import Story
from tests.stories.vendors import comes_back, goes_down

WHY = "because refunds are failing"


async def test_the_owner_and_a_release_manager_may(story: Story) -> None:
    """Ana owns checkout, Bo is a release manager: each may roll back without asking anybody."""
    await succeeds(story)
    await story.ana.types(f"/promote rollback checkout {WHY}")
    await story.until("P-2", "succeeded")
    await succeeds(story, version="v2.14.3", promotion="P-3")
    await story.bo.types(f"/promote rollback checkout {WHY}")
    await story.until("P-4", "succeeded")

    assert [run["workflow"] for run in story.runs] == ["deploy.yml", "rollback.yml"] * 2


async def test_whoever_is_on_call_may(story: Story) -> None:
    """Dee is on no team of inventory; that PagerDuty's schedule has her makes her one who may."""
    await story.bo.types("/promote adopt inventory@v1.0.0 in production because it was live before")
    await story.sees(lambda: len(heard(story.bo)) > 1, "the adoption")
    await story.dee.types(f"/promote rollback inventory to v1.1.0 {WHY}")
    await story.until("P-1", "succeeded")

    assert story.asked("pagerduty", "/schedules/PSCHED1/users")


async def test_nobody_can_say_who_is_on_call(story: Story) -> None:
    """P8: Dee may only because she is on call, and PagerDuty is down: it waits, says why, and runs afterwards."""
    await story.bo.types("/promote adopt inventory@v1.0.0 in production because it was live before")
    await story.sees(lambda: len(heard(story.bo)) > 1, "the adoption")
    goes_down(story, "pagerduty")
    await story.dee.types(f"/promote rollback inventory to v1.1.0 {WHY}")
    await story.sees(lambda: messages_about(story, "P-1"), "the card")
    assert card_words(story, "P-1").splitlines() == snapshot(
        [
            ":hourglass_flowing_sand: *inventory production ↩ v1.1.0* · *Checking the rules* · `P-1`",
            "`ed5e464` · asked by <@U0DEE> <time>",
            "> “refunds are failing”",
            "Requirement",
            "Result",
            "Evidence",
            "Role",
            " Checking",
            "looking",
            ":warning: It did not work just now: “PagerDuty answered 500”. I keep trying.",
            "Details",
            "Cancel",
        ]
    )
    assert story.dispatches() == []

    comes_back(story, "pagerduty")
    await story.until("P-1", "succeeded")


async def test_a65_eli_may_not(story: Story) -> None:
    """Nobody on the teams that may: what was known of the schedule is old, so Eli is refused privately once it was read, and no card is posted."""
    await succeeds(story)
    await story.settles()
    story.passes(600)
    await story.eli.types(f"/promote rollback checkout {WHY}")
    await story.until("P-2", "rejected")
    await story.settles()

    assert heard(story.eli)[-1] == snapshot(
        "You cannot roll back checkout in production: that needs the owner team, release-managers or platform-on-call (rule `roles.rollback`). Nothing was started. Ask ana, bo, cy or dee."
    )
    assert messages_about(story, "P-2") == []
    assert len(story.dispatches()) == 1


async def test_a_stranger_does_not_keep_others_from_rolling_back(story: Story) -> None:
    """A request of somebody who may not stood open and made Dee's rollback "asked already"."""
    await succeeds(story)
    goes_down(story, "pagerduty")  # so that nobody can say whether Eli is on call
    await story.eli.types(f"/promote rollback checkout {WHY}")
    await story.dee.types(f"/promote rollback checkout {WHY}")
    rollback = await story.until("P-3", "succeeded")

    assert rollback.requester == "dee"
    comes_back(story, "pagerduty")


async def test_pagerduty_does_not_delay_a_rollback(story: Story) -> None:
    """P9: a schedule that cannot be read is nothing to Bo, whom the catalog itself names."""
    await succeeds(story)
    goes_down(story, "pagerduty")
    await story.bo.types(f"/promote rollback checkout {WHY}")
    asked = await story.stands("P-2")
    rollback = await story.until("P-2", "deploying", "succeeded")

    assert rollback.intent is not None
    assert rollback.intent.at - asked.created < 5.0
    comes_back(story, "pagerduty")
