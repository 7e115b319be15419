"""The host's clock is ten minutes wrong, or is set while a deploy is under way (F97)."""

import pytest

from tests.stories.deploys import buttons, is_approved, is_running, messages_about
from tests.stories.story import Story

WRONG = pytest.mark.parametrize("ahead", [600.0, -600.0])
ASK = "/promote checkout@v2.14.3 to production because fix refunds"


def skews(caplog: pytest.LogCaptureFixture) -> list[int]:
    """By how many seconds the log says that the clock is wrong, line by line."""
    lines = [one for one in caplog.records if one.getMessage().startswith("clock skew")]
    return [vars(one)["seconds"] for one in lines]


@WRONG
async def test_f97_a_burst_of_refused_requests_is_named_clock_skew(
    story: Story, caplog: pytest.LogCaptureFixture, ahead: float
) -> None:
    """What Slack signs looks old or early: nothing is done, and one line a minute says why and by how much."""
    story.clock.ahead = ahead
    for _ in range(5):
        await story.ana.types(ASK)
    assert all("failed with the error" in told for told in story.ana.heard)
    assert len(story.ana.heard) == 5
    (seconds,) = skews(caplog)
    assert abs(seconds - ahead) < 60
    story.passes(61)
    await story.ana.types(ASK)
    assert len(skews(caplog)) == 2
    assert await story.bot.store.load("P-1") is None

    story.clock.ahead = 0.0
    await story.ana.types(ASK)
    await story.sees(lambda: "Approve" in buttons(messages_about(story, "P-1")), "the card")
    assert len(skews(caplog)) == 2


async def test_f97_a_strangers_requests_say_nothing_of_the_clock(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    """What Slack did not sign is refused without a line: nobody outside can make the bot doubt its clock."""
    story.world.secrets["slack_signing"] = "somebody-else"
    story.clock.ahead = 600.0
    await story.ana.types(ASK)
    assert len(story.ana.heard) == 1
    assert skews(caplog) == []


@WRONG
async def test_f97_the_clock_is_set_between_approval_and_dispatch(story: Story, ahead: float) -> None:
    """Timers go by the clock that the host has, the dispatch by one that nobody can set: one run, and it succeeds."""
    story.world.run.seconds = 2.0
    await is_approved(story)
    story.clock.ahead = ahead
    story.passes(max(0.0, -ahead))
    await story.until("P-1", "succeeded")
    await story.settles()
    assert len(story.dispatches()) == len(story.runs) == 1


@WRONG
async def test_f97_the_clock_is_set_while_the_run_is_under_way(story: Story, ahead: float) -> None:
    """The run is followed to its end; it neither times out nor is taken for lost."""
    await is_running(story)
    story.clock.ahead = ahead
    story.playground.github.finishes()
    await story.until("P-1", "succeeded")
    story.passes(max(0.0, -ahead))
    await story.settles()
    assert len(story.dispatches()) == len(story.runs) == 1
    assert story.card("P-1").text.startswith("P-1: checkout v2.14.3 is live in production")
