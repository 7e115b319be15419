"""Runs that carry our correlation id and are not ours: never followed, and told."""

import pytest
from inline_snapshot import snapshot

from bot.playground.github.door import APP_LOGIN
from tests.stories.github import (
    DISPATCHES,
    before,
    delivers,
    fails,
    is_lost,
    is_trying,
    sent_webhook,
)
from tests.stories.said import plain
from tests.stories.story import Story
from tests.stories.vendors import refuses

THEIRS = {"service": "checkout", "environment": "dev", "version": "v2.14.2"}


def eli_copies(story: Story, correlation: str) -> int:
    """Eli starts the deploy workflow in GitHub's page, on main, with the id that he saw in a run's name."""
    inputs = {**THEIRS, "correlation_id": correlation}
    return story.playground.github.starts_run("checkout", "deploy.yml", "eli-dev", inputs).id


async def looked(story: Story, promotion: str = "P-1") -> None:
    """The run is looked for once more."""
    heard = (await story.stands(promotion)).run.heard
    story.passes(61)

    async def again() -> bool:
        return (await story.stands(promotion)).run.heard > heard

    await story.sees(again, "another look")


async def rows(story: Story) -> list[str]:
    """What the audit log says happened to the promotion."""
    return [row.action for row in await story.bot.store.audit_of("P-1", 100)]


async def test_f61_a_run_that_somebody_else_started_is_not_followed(story: Story) -> None:
    """Right workflow, event, ref and id, another actor: still unknown, said in the thread once, kept in the audit."""
    lost = await is_lost(story)
    story.world.webhooks = "lost"
    eli_copies(story, lost.correlation)
    await looked(story)
    await looked(story)
    await story.sees(lambda: any("did not start it" in text for text in story.thread("P-1")), "the warning")

    assert (await story.stands("P-1")).phase == "unknown"
    warned = [plain(text) for text in story.thread("P-1") if "did not start it" in text]
    assert warned == snapshot(
        [
            ":warning: GitHub lists run 8801, started by eli-dev, with the correlation id of P-1 (checkout v2.15.0 to dev). I did not start it and do not follow it. Somebody should look at why it is there."
        ]
    )
    assert (await rows(story)).count("run_not_ours") == 1
    assert len(story.dispatches()) == 1


async def test_f61_an_event_of_a_run_that_somebody_else_started_is_not_believed(story: Story) -> None:
    """GitHub's own signed event tells of Eli's copy: it is not followed either."""
    lost = await is_lost(story)
    eli_copies(story, lost.correlation)
    assert await delivers(story, "workflow_run", sent_webhook(story, "workflow_run.requested")) == 202

    await story.sees(lambda: any("did not start it" in text for text in story.thread("P-1")), "the warning")
    assert (await story.stands("P-1")).phase == "unknown"
    assert (await story.stands("P-1")).run.run_id is None


async def test_f61_our_own_run_is_found_beside_the_copy_of_somebody_else(story: Story) -> None:
    """Two runs carry the id, the copy is listed first: ours is the one that is followed."""
    story.world.run.mode, story.world.webhooks, story.world.run.seconds = "accept-then-502", "lost", 60.0
    story.world.run.lag = 20.0
    await is_trying(story)
    await story.sees(lambda: story.runs, "our run")
    story.world.run.mode, story.world.run.lag = "ok", 0.0
    eli_copies(story, (await story.stands("P-1")).correlation)

    promotion = await story.until("P-1", "deploying")
    ours = [run["id"] for run in story.runs if run["actor"] == APP_LOGIN]
    assert [promotion.run.run_id] == ours
    assert len(story.dispatches()) == 1


async def test_f61_a_person_cannot_name_a_run_that_somebody_else_started(story: Story) -> None:
    """Bo names Eli's copy: it is read, and is not the run."""
    lost = await is_lost(story)
    story.world.webhooks = "lost"
    theirs = eli_copies(story, lost.correlation)
    form = await story.bo.clicks("I see run")
    await story.bo.submits(form["view"], run=str(theirs))

    await story.sees(
        lambda: any(f"Run {theirs} is not the run" in one for one in story.thread("P-1")), "the no"
    )
    assert (await story.stands("P-1")).phase == "unknown"


@pytest.mark.parametrize("status", [403, 500])
async def test_f61_as_long_as_nobody_says_who_we_are_a_found_run_is_not_believed(
    story: Story, status: int
) -> None:
    """GitHub does not say whose token it is: not followed, not sent again, and other deploys go out meanwhile."""
    refuses(story, "github", "/graphql", *[status] * 3)
    story.world.run.mode, story.world.webhooks = "accept-then-502", "lost"
    await is_trying(story)
    await story.sees(lambda: len(story.asked("github", "/graphql")) == 2, "two questions")
    assert (await story.stands("P-1")).run.run_id is None
    story.world.run.mode = "ok"
    await story.ana.types("/promote inventory@v1.1.0 to dev because trying it out")
    await story.until("P-2", "succeeded", "rejected")

    await story.until("P-1", "succeeded")
    assert [one.status for one in story.asked("github", "/graphql")] == [status] * 3 + [200]
    assert len([run for run in story.runs if run["repository"] == "acme/checkout"]) == 1


async def test_f61_who_we_are_is_asked_once(story: Story) -> None:
    """Two dispatches lose their answers: both runs are found, and GitHub was asked once who we are."""
    story.world.run.mode, story.world.webhooks, story.world.run.seconds = "accept-then-502", "lost", 2.0
    await is_trying(story)
    await story.until("P-1", "succeeded")
    await story.ana.types("/promote checkout@v2.14.2 to dev because back again")
    await story.until("P-2", "succeeded")

    assert len(story.asked("github", "/graphql")) == 1
    assert len(story.dispatches()) == 2


async def test_f61_a_deploy_whose_answer_comes_asks_nobody_who_we_are(story: Story) -> None:
    """GitHub names the run in its answer: that is ours, whoever we are."""
    story.world.webhooks = "lost"  # an event that overtakes the answer has to ask
    await is_trying(story)
    await story.until("P-1", "succeeded")
    assert story.asked("github", "/graphql") == []
    assert story.asked("github", "/user") == []


async def test_f61_a_copy_that_is_there_before_the_second_try_does_not_stop_it(story: Story) -> None:
    """A dispatch that was limited is made again, and looks first: Eli's copy is told, and ours goes out once."""
    fails(story, DISPATCHES, 429)
    story.world.webhooks = "lost"
    correlation: list[str] = []

    def copy() -> None:
        eli_copies(story, correlation[0])

    await story.ana.types("/promote checkout@v2.15.0 to dev because trying it out")
    correlation.append((await story.stands("P-1")).correlation)
    before(story, "/runs", copy, method="GET")
    await story.until("P-1", "deploying", "failed")

    assert [run["actor"] for run in story.runs] == ["eli-dev", APP_LOGIN]
    assert (await story.stands("P-1")).run.run_id == story.runs[1]["id"]
