"""A run that is to stop: asked again, then by force, then a person's matter; never claimed before GitHub says so."""

from inline_snapshot import snapshot

from bot.domain.run_facts import FORCE_AFTER, FORCE_AGAIN, UNSTOPPED_AFTER
from tests.stories.deploys import is_approved
from tests.stories.github import before, card_words, fails, is_trying, shows
from tests.stories.said import plain
from tests.stories.story import Story
from tests.stories.vendors import events

ENDLESS = 30_000.0


async def runs_on(story: Story) -> None:
    """A deploy to production whose run takes hours."""
    story.world.run.seconds = ENDLESS
    await is_approved(story)
    await story.until("P-1", "deploying")


def cancels(story: Story) -> list[tuple[str, int]]:
    """What GitHub was asked to stop, how, and what it answered."""
    asked = story.asked("github", "cancel", "POST")
    return [(one.path.rpartition("/")[2], one.status) for one in asked]


async def test_f66_a_run_that_github_cannot_be_brought_to_stop(story: Story) -> None:
    """GitHub answers 500 to every cancel: asked by force as well, then told and paged once, and never claimed."""
    await runs_on(story)
    fails(story, "cancel", *[500] * 1000)
    await story.ana.types("/promote cancel P-1")
    await story.sees(lambda: len(cancels(story)) > 2, "three tries")
    story.passes(FORCE_AFTER)
    await story.sees(lambda: ("force-cancel", 500) in cancels(story), "the force")
    assert story.incidents == []
    story.passes(UNSTOPPED_AFTER - FORCE_AFTER)

    await shows(story, "cancel")
    await story.sees(lambda: "Could not cancel" in card_words(story, "P-1"), "the truth")
    await story.sees(lambda: story.incidents, "the page")
    assert card_words(story, "P-1") == snapshot("""\
:no_entry: *checkout v2.14.3 → production* · *Could not cancel the run* · `P-1`
dev ✓ › staging ✓ › *production* · `ffdbf00` · asked by <@U0ANA> <time>
ana asked to cancel. I could not cancel it: GitHub does not take my request to stop the run. The deploy may go on. I keep asking; stop it in GitHub or where it runs.
approved by <@U0BO> and <@U0CY> · [run 8801] · since <time>
:warning: It did not work just now: “Server Error”. I keep trying.
View run
Details\
""")
    told = [plain(text) for text in story.thread("P-1") if "could not cancel" in text]
    assert told == snapshot(
        [
            ":warning: <@U0ANA>: I could not cancel [run 8801] of P-1 (checkout v2.14.3 to production). GitHub does not take my request to stop the run; the deploy may go on. Stop it in GitHub or where it runs. I keep asking."
        ]
    )
    story.passes(FORCE_AGAIN)
    asked = len(cancels(story))
    await story.sees(lambda: len(cancels(story)) > asked, "another try")
    assert (await story.stands("P-1")).phase == "deploying"
    assert len(events(story, "trigger")) == 1
    assert [event["payload"]["summary"] for event in events(story, "trigger")] == snapshot(
        [
            "checkout v2.14.3 in production could not be cancelled, its run goes on in GitHub (P-1), serving unknown, last good v2.14.2"
        ]
    )


async def test_f66_a_cancel_that_github_takes_and_ignores(story: Story) -> None:
    """202 to all of them and the run goes on: forced, forced again, told and paged; then it ends and is resolved."""
    await runs_on(story)
    story.playground.github.ignores_cancels()
    await story.ana.types("/promote cancel P-1")
    await story.sees(lambda: cancels(story)[:1] == [("cancel", 202)], "the first")
    story.passes(FORCE_AFTER)
    await story.sees(lambda: cancels(story)[1:2] == [("force-cancel", 202)], "the force")
    story.passes(FORCE_AGAIN)
    await story.sees(lambda: cancels(story)[2:3] == [("force-cancel", 202)], "once more")
    await story.sees(lambda: events(story, "trigger"), "the page")
    assert (await story.stands("P-1")).phase == "deploying"

    story.playground.github.ignores_cancels(ignores=False)
    story.passes(FORCE_AGAIN)
    await story.until("P-1", "cancelled")
    await story.sees(lambda: events(story, "resolve"), "the end of the page")
    await story.settles()
    assert [one["status"] for one in story.incidents] == ["resolved"]
    assert len(events(story, "trigger")) == 1


async def test_f66_a_run_that_says_409_and_goes_on(story: Story) -> None:
    """GitHub says that it cannot be cancelled and lets it run: not claimed, forced after five minutes, then over."""
    await runs_on(story)
    fails(story, "/cancel", 409)
    await story.ana.types("/promote cancel P-1")
    await story.sees(lambda: cancels(story)[:1] == [("cancel", 409)], "the no")
    assert "cancelling" in (await shows(story, "cancelling"))
    story.passes(FORCE_AFTER)
    await story.until("P-1", "cancelled")
    assert cancels(story) == [("cancel", 409), ("force-cancel", 202)]
    assert story.incidents == []


async def test_f66_a_run_that_ends_well_before_the_cancel_arrives_pages_nobody(story: Story) -> None:
    """It was through before GitHub could stop it: live, and nobody is woken for a cancel that came too late."""
    story.world.run.seconds = 300.0
    await is_trying(story)
    await story.until("P-1", "deploying")

    def ends() -> None:
        story.playground.github.finishes()

    before(story, "/cancel", ends)
    await story.ana.types("/promote cancel P-1")
    await story.until("P-1", "succeeded")
    story.passes(UNSTOPPED_AFTER)
    await story.settles()
    assert story.incidents == []
