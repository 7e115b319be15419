"""P1, the incidents: the bot died right after GitHub had said yes, and then the world was another one."""

from pathlib import Path

from inline_snapshot import snapshot

from tests.stories.github import (
    DAY,
    DISPATCHES,
    before,
    card_words,
    delivers,
    fails,
    looks,
    rewrites_catalog,
    sent_webhook,
    the_run,
)
from tests.stories.said import plain
from tests.stories.story import Story
from tests.stories.vendors import refuses

SETTLED = 185.0  # seconds: longer than the settle time
THEIR_DEPLOY = "      workflow: deploy.yml\n      ref: main\n"
DEPLOYS = "/workflows/deploy.yml/runs"
RENAMED = "      workflow: rollback.yml\n      ref: main\n"


async def dies_as_the_run_starts(story: Story) -> None:
    """Ana tries a version in dev; GitHub starts the run, and the bot dies before it has heard of it."""
    story.world.webhooks, story.world.run.seconds = "lost", 3000.0
    story.bot_dies_when(lambda: bool(story.runs))
    await story.ana.types("/promote checkout@v2.15.0 to dev because trying it out")
    await story.sees(lambda: story.is_dead, "the death")
    await story.bot_dies()


def edits_catalog(story: Story, old: str, new: str) -> None:
    """Somebody edits promotions.yml while the bot is down."""
    path = Path(story.playground.bot_environment()["CATALOG"])
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


async def went_back(story: Story) -> bool:
    """Whether the promotion was given up as never started."""
    return (await story.stands("P-1")).returned


def lists_everything(story: Story) -> None:
    """GitHub's list has caught up."""
    the_run(story).listed_at = 0.0


async def test_a_workflow_that_was_renamed_while_the_bot_was_down(story: Story) -> None:
    """Incident: the run was looked for in the catalog's new workflow, found in none, and started a second time."""
    await dies_as_the_run_starts(story)
    edits_catalog(story, THEIR_DEPLOY, RENAMED)
    await story.bot_starts()

    promotion = await story.until("P-1", "deploying")
    assert promotion.run.run_id == the_run(story).id
    assert len(story.dispatches()) == 1


async def test_a_webhook_of_a_run_of_the_workflow_that_was_renamed(story: Story) -> None:
    """The event names the workflow that was dispatched, not the one of today's catalog: it is ours all the same."""
    story.world.run.lag = DAY
    await dies_as_the_run_starts(story)
    edits_catalog(story, THEIR_DEPLOY, RENAMED)
    await story.bot_starts()

    assert await delivers(story, "workflow_run", sent_webhook(story, "workflow_run.requested")) == 202
    promotion = await story.stands("P-1")
    assert (promotion.phase, promotion.run.run_id) == ("deploying", the_run(story).id)


async def test_a_run_that_goes_on_in_the_repository_that_the_service_left(story: Story) -> None:
    """The service moved to another repository during its deploy: the run is followed where it was started."""
    await dies_as_the_run_starts(story)
    edits_catalog(story, "repo: acme/checkout", "repo: acme/inventory")
    await story.bot_starts()

    promotion = await story.until("P-1", "deploying")
    assert promotion.run.repo == "acme/checkout"
    story.playground.github.finishes()
    await story.until("P-1", "succeeded")
    assert len(story.dispatches()) == 1


async def test_a_further_try_looks_in_every_workflow_that_was_tried(story: Story) -> None:
    """The list lagged past the settle time and the workflow was renamed: the second try finds the first one's run."""
    story.world.run.lag = DAY
    await dies_as_the_run_starts(story)
    await story.bot_starts()
    await story.sees(lambda: looks(story) > 1, "two looks: the first is stored")
    await rewrites_catalog(story, THEIR_DEPLOY, RENAMED)
    await story.sees(
        lambda: not story.bot.worker.is_busy, "a moment without a look: one under way would settle it"
    )
    before(story, DEPLOYS, lambda: None, lambda: lists_everything(story), method="GET")

    story.passes(SETTLED)
    promotion = await story.until("P-1", "deploying")
    assert promotion.returned
    assert promotion.run.run_id == the_run(story).id
    assert len(story.dispatches()) == 1


async def test_a_clock_that_is_ahead_after_the_restart_settles_nothing(story: Story) -> None:
    """Incident: the list lagged 30 s and the host came back ten minutes ahead; one look, and a second run."""
    story.world.run.lag = 30.0
    await dies_as_the_run_starts(story)
    story.clock.ahead = 600.0
    await story.bot_starts()

    promotion = await story.until("P-1", "deploying")
    assert promotion.run.run_id == the_run(story).id
    assert not promotion.returned
    assert len(story.dispatches()) == 1


async def test_a_sender_that_died_while_github_broke_starts_again(story: Story) -> None:
    """GitHub fails before it starts anything and the bot dies before it hears so: watched long enough, one run."""
    story.world.run.seconds = 2.0
    fails(story, DISPATCHES, 503)
    story.bot_dies_when(lambda: bool(story.dispatches()))
    await story.ana.types("/promote checkout@v2.15.0 to dev because trying it out")
    await story.sees(lambda: story.is_dead, "the death")
    await story.bot_dies()
    story.passes(SETTLED)
    await story.bot_starts()
    await story.sees(lambda: looks(story) > 1, "two looks of the new process")
    assert (await story.stands("P-1")).phase == "dispatching"

    story.passes(SETTLED)
    promotion = await story.until("P-1", "succeeded")
    assert promotion.returned
    assert len(story.dispatches()) == 2
    assert promotion.run.run_id == the_run(story).id


async def test_an_event_that_names_the_run_while_everything_is_checked_again(story: Story) -> None:
    """Incident: the list lagged for hours; GitHub's own event told of the run in time, and a second one was started."""
    story.world.run.lag = DAY
    await dies_as_the_run_starts(story)
    await story.bot_starts()
    await story.sees(lambda: looks(story) > 1, "two looks: the first is stored")
    refuses(story, "github", "/matching-refs/", *[500] * 5)
    story.passes(SETTLED)
    await story.sees(lambda: went_back(story), "the way back")
    assert (await story.stands("P-1")).phase == "waiting"

    assert await delivers(story, "workflow_run", sent_webhook(story, "workflow_run.requested")) == 202
    promotion = await story.until("P-1", "deploying")
    assert promotion.run.run_id == the_run(story).id
    assert len(story.dispatches()) == 1


async def test_a_run_that_turns_up_after_a_cancel_is_told(story: Story) -> None:
    """Nothing was listed in time and Ana cancelled; then GitHub's event names the run: the card and thread say so."""
    story.world.run.lag = DAY
    await dies_as_the_run_starts(story)
    await story.bot_starts()
    await story.ana.types("/promote cancel P-1 because never mind")
    await story.sees(lambda: looks(story) > 1, "two looks: the first is stored")
    story.passes(SETTLED)
    await story.until("P-1", "cancelled")

    assert await delivers(story, "workflow_run", sent_webhook(story, "workflow_run.requested")) == 202
    await story.sees(lambda: "Now serving: unknown" in card_words(story, "P-1"), "the card")
    await story.sees(lambda: story.thread("P-1"), "the thread")
    assert [plain(said) for said in story.thread("P-1")] == snapshot(
        [
            "Its run turned up in GitHub after the end; it does not change this result. P-1 stays as it is (checkout v2.15.0 to dev); ask again here if the new attempt should count."
        ]
    )
    live, _ = await story.bot.contexts.live("checkout", "dev")
    assert live.serving is None
    assert len(story.dispatches()) == 1
