"""GitHub keeps a run waiting for reviewers: said with the time, reminded of, and not counted as the deploy's time."""

from functools import partial

from inline_snapshot import snapshot

from tests.stories.github import buttons, card_words, is_trying, shows, the_run
from tests.stories.said import plain
from tests.stories.story import Story

HOUR, DAY = 3600.0, 86_400.0


async def waits(story: Story, seconds: float = 60.0) -> None:
    """A deploy to dev whose run stops at the environment's reviewers: no webhook says so, it is read."""
    story.world.run.seconds = seconds
    await is_trying(story)
    await story.until("P-1", "deploying")
    story.playground.github.waits_for_review(the_run(story).id)
    await story.sees(lambda: "waits in GitHub since" in card_words(story, "P-1"), "the wait")


def reminders(story: Story) -> list[str]:
    """What the thread says of the wait."""
    return [plain(text) for text in story.thread("P-1") if "has waited in GitHub" in text]


async def test_f55_days_at_the_reviewers_are_not_the_deploys_time(story: Story) -> None:
    """Three days with a time limit of half an hour: never cancelled, never failed; then it goes on and succeeds."""
    await waits(story)
    for _ in range(3):
        story.passes(DAY)
        heard = (await story.stands("P-1")).run.heard
        await story.sees(partial(_heard_after, story, heard), "another look")
    assert story.asked("github", "cancel", "POST") == []
    assert (await story.stands("P-1")).phase == "deploying"

    story.playground.github.is_reviewed(the_run(story).id)
    await story.until("P-1", "succeeded")
    assert story.asked("github", "cancel", "POST") == []
    assert len(story.dispatches()) == 1


async def _heard_after(story: Story, known: float) -> bool:
    return (await story.stands("P-1")).run.heard > known


async def test_f55_the_time_limit_goes_on_when_the_run_does(story: Story) -> None:
    """Let go after a day, the run hangs: half an hour of its own later it is cancelled for taking too long."""
    await waits(story, seconds=3 * HOUR)
    story.passes(DAY)
    story.playground.github.is_reviewed(the_run(story).id)
    await story.sees(lambda: "waits in GitHub" not in card_words(story, "P-1"), "its going on")
    story.passes(HOUR / 3)
    heard = (await story.stands("P-1")).run.heard
    await story.sees(lambda: _heard_after(story, heard), "a look")
    assert story.asked("github", "cancel", "POST") == []

    story.passes(HOUR / 3)
    failed = await story.until("P-1", "failed")
    assert failed.ending is not None
    assert failed.ending.cause == "timeout"
    assert the_run(story).attempt.conclusion == "cancelled"


async def test_f55_a_long_wait_is_reminded_of(story: Story) -> None:
    """After an hour and after a day the thread says who has to act and that the place is taken; not every minute."""
    await waits(story)
    assert reminders(story) == []
    story.passes(HOUR)
    await story.sees(lambda: len(reminders(story)) == 1, "the first reminder")
    story.passes(DAY)
    await story.sees(lambda: len(reminders(story)) == 2, "the second reminder")
    assert reminders(story)[0] == snapshot(
        ":hourglass_flowing_sand: <@U0ANA>: [run 8801] of P-1 (checkout v2.15.0 to dev) has waited in GitHub since <time> for a reviewer or a runner. Nothing else deploys checkout to dev meanwhile: somebody has to let it go on in GitHub, or cancel it here."
    )
    assert "Cancel run" in buttons(story)


async def test_f55_the_place_is_held_meanwhile(story: Story) -> None:
    """Whoever comes after is queued behind the one that waits in GitHub, and goes when it is through."""
    await waits(story)
    await story.ana.types("/promote checkout@v2.14.2 to dev because back to before")
    await shows(story, "queued behind P-1", promotion="P-2")
    assert len(story.dispatches()) == 1

    story.playground.github.is_reviewed(the_run(story).id)
    await story.until("P-2", "succeeded")
    assert [run["inputs"]["version"] for run in story.runs] == ["v2.15.0", "v2.14.2"]


async def test_f55_a_deploy_that_waits_can_be_cancelled(story: Story) -> None:
    """Ana gives up waiting: the run that nobody reviewed is cancelled in GitHub, and nothing was deployed."""
    await waits(story)
    await story.ana.clicks("Cancel run")
    await story.until("P-1", "cancelled")
    assert [one.status for one in story.asked("github", "/cancel", "POST")] == [202]
