"""The outcome is unknown: the slot is held, a person is asked, nothing is started again by itself."""

from inline_snapshot import snapshot

from bot.playground.world import sha_for
from tests.stories.deploys import is_asked
from tests.stories.github import (
    buttons,
    card_words,
    delivers,
    fails,
    is_lost,
    looks,
    sent_webhook,
    shows,
    the_run,
)
from tests.stories.said import plain, replies
from tests.stories.story import Story


async def is_told(story: Story, words: str) -> None:
    """The thread of the promotion says this."""
    await story.sees(lambda: any(words in said for said in story.thread("P-1")), words)


async def looks_again(story: Story) -> None:
    """A minute passes, and the run is looked for once more."""
    seen = looks(story)
    story.passes(61)
    await story.sees(lambda: looks(story) > seen, "another look")


async def test_a_run_that_cannot_be_found_ends_in_unknown(story: Story) -> None:
    """GitHub said 502 and no run is ever listed: unknown, in words that promise nothing, and a person is asked."""
    await is_lost(story)
    await shows(story, "unknown")

    assert card_words(story, "P-1") == snapshot("""\
:grey_question: *checkout v2.15.0 → dev* · *Outcome unknown* · `P-1`
*dev ?* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
I asked GitHub to start deploy.yml at <time> and have not seen a run. I will not start it again by myself.
*Now serving: unknown until the run is found or somebody says* · last good: v2.14.3
An admin can name the run or say what happened · nothing else deploys here meanwhile · E18
I see run…
It never started
Did it never start?
Everything is checked again, and the run looked for once more, before checkout v2.15.0 to dev is started.
It never started
Not now
It is live
Is it live?
checkout v2.15.0 to dev is then verified and recorded as live, on your word.
It is live
Not now
Details\
""")
    await story.sees(lambda: story.thread("P-1"), "the note that asks a person")
    assert len(story.thread("P-1")) == 1
    assert "the outcome of P-1 (checkout v2.15.0 to dev) is unknown" in story.thread("P-1")[0]
    assert "I will not start it again by myself" in story.thread("P-1")[0]
    assert len(story.dispatches()) == 1
    assert story.incidents == []


async def test_unknown_holds_the_slot(story: Story) -> None:
    """Another promotion to the same place stays queued behind it, however long that takes."""
    await is_lost(story)
    await story.ana.types("/promote checkout@v2.14.2 to dev because trying that one")
    await shows(story, "queued", promotion="P-2")
    story.passes(3600)
    await looks_again(story)

    assert plain(story.card("P-2").text) == snapshot(
        "P-2: checkout v2.14.2 to dev is queued behind P-1. Asked by ana."
    )
    assert (await story.stands("P-2")).phase == "waiting"
    assert len(story.dispatches()) == 1


async def test_unknown_survives_a_restart(story: Story) -> None:
    """The bot dies and starts again: still unknown, still not started again."""
    await is_lost(story)
    await story.bot_restarts()
    await looks_again(story)

    assert (await story.stands("P-1")).phase == "unknown"
    assert len(story.dispatches()) == 1


async def test_f44_a_run_that_is_listed_after_the_settle_time_is_adopted_by_itself(story: Story) -> None:
    """GitHub lists the run ten minutes late: unknown until then, and followed from then on."""
    await is_lost(story, "accept-then-502")
    the_run(story).listed_at = story.clock.now() + 400
    story.passes(400)

    adopted = await story.until("P-1", "succeeded")
    assert adopted.run.run_id == the_run(story).id
    assert len(story.dispatches()) == 1


async def test_a_late_webhook_settles_what_was_unknown(story: Story) -> None:
    """The event of the run comes after the settle time: that is the run, and it is followed."""
    story.world.run.seconds = 1000.0
    await is_lost(story, "accept-then-502")

    assert await delivers(story, "workflow_run", sent_webhook(story, "workflow_run.requested")) == 202
    assert (await story.stands("P-1")).phase == "deploying"
    story.playground.github.finishes()
    await story.until("P-1", "succeeded")


async def test_an_admin_names_the_run(story: Story) -> None:
    """Bo sees the run in GitHub and names it by its address: it is read, found to be ours, and followed."""
    await is_lost(story, "accept-then-502")

    form = await story.bo.clicks("I see run")
    await story.bo.submits(
        form["view"], run=f"https://github.com/acme/checkout/actions/runs/{the_run(story).id}"
    )
    await story.until("P-1", "succeeded")
    assert len(story.dispatches()) == 1


async def test_a_run_that_does_not_exist_is_not_adopted(story: Story) -> None:
    """Bo mistypes the number: he is told that this is not the run, and the outcome stays unknown."""
    await is_lost(story)
    form = await story.bo.clicks("I see run")
    await story.bo.submits(form["view"], run="4711")
    await story.sees(lambda: story.asked("github", "/actions/runs/4711") != [])
    await is_told(story, "Run 4711 is not the run")

    assert (await story.stands("P-1")).phase == "unknown"
    assert plain(story.thread("P-1")[-1]) == snapshot(
        "Run 4711 is not the run of P-1 (checkout v2.15.0 to dev): it is not in acme/checkout, or its workflow, its ref or its correlation id is another one, or somebody else started it. The outcome is still unknown; an admin can name another run on the card."
    )
    assert "I see run…" in buttons(story)


async def test_f61_a_run_that_is_not_ours_is_not_adopted(story: Story) -> None:
    """Runs with our correlation id but another workflow, another ref, or none of it: none of them is the run."""
    lost = await is_lost(story)
    github, inputs = story.playground.github, {"correlation_id": lost.correlation, "target": "dev"}
    github.starts_run("checkout", "smoke.yml", "eli-dev", inputs)
    theirs = github.starts_run(
        "checkout", "deploy.yml", "eli-dev", {"environment": "dev", "version": "v2.14.2"}
    )
    await looks_again(story)
    assert (await story.stands("P-1")).phase == "unknown"

    form = await story.bo.clicks("I see run")
    await story.bo.submits(form["view"], run=str(theirs.id))
    await is_told(story, f"Run {theirs.id} is not the run")
    assert (await story.stands("P-1")).phase == "unknown"


async def test_f61_a_run_on_another_ref_with_our_correlation_id_is_not_adopted(story: Story) -> None:
    """Somebody starts the deploy workflow from an unmerged branch with our id: it is neither found nor believed."""
    lost = await is_lost(story)
    inputs = {"service": "checkout", "environment": "dev", "version": "v2.15.0"}
    inputs["correlation_id"] = lost.correlation
    repository = story.playground.github.repository("checkout")
    repository.default_branch = "feature/limits"
    run = story.playground.github.starts_run("checkout", "deploy.yml", "eli-dev", inputs)
    repository.default_branch = "main"
    await looks_again(story)
    assert (await story.stands("P-1")).phase == "unknown"

    form = await story.bo.clicks("I see run")
    await story.bo.submits(form["view"], run=str(run.id))
    await is_told(story, f"Run {run.id} is not the run")
    assert (await story.stands("P-1")).phase == "unknown"


async def test_a_job_of_a_run_that_an_admin_named_proves_nothing(story: Story) -> None:
    """Bo named Eli's run, and an event of its job came before the run was read: it was followed as if it were ours."""
    await is_lost(story)
    inputs = {"environment": "dev", "version": "v2.14.2", "correlation_id": "theirs"}
    theirs = story.playground.github.starts_run("checkout", "deploy.yml", "eli-dev", inputs)
    await story.sees(lambda: theirs.attempt.status == "completed", "its end")
    fails(story, f"/actions/runs/{theirs.id}", *[503] * 20, method="GET")
    form = await story.bo.clicks("I see run")
    await story.bo.submits(form["view"], run=str(theirs.id))

    assert await delivers(story, "workflow_job", sent_webhook(story, "workflow_job.completed")) == 202
    assert (await story.stands("P-1")).phase == "unknown"


async def test_an_admin_says_that_it_never_started(story: Story) -> None:
    """Bo vouches that nothing ran: everything is checked again, GitHub is asked for a run first, then one starts."""
    lost = await is_lost(story)
    seen = looks(story)
    await story.bo.clicks("It never started")

    again = await story.until("P-1", "succeeded")
    assert again.correlation == lost.correlation
    assert looks(story) > seen
    assert len(story.dispatches()) == 2
    assert len(story.runs) == 1


async def test_it_never_started_but_it_had(story: Story) -> None:
    """Bo is wrong, and GitHub lists the run by now: it is found before anything is sent, and followed."""
    await is_lost(story, "accept-then-502")
    the_run(story).listed_at = 0.0
    await story.bo.clicks("It never started")

    await story.until("P-1", "succeeded")
    assert len(story.dispatches()) == 1


async def test_an_admin_says_that_it_is_live(story: Story) -> None:
    """Bo vouches that the version is live: it succeeds, is recorded as live, and the slot is free."""
    await is_lost(story)
    await story.bo.clicks("It is live")

    await story.until("P-1", "succeeded")
    live, _ = await story.bot.contexts.live("checkout", "dev")
    assert live.serving is not None
    assert live.serving.sha == sha_for("checkout", "v2.15.0")
    assert len(story.dispatches()) == 1


async def test_it_is_live_is_verified_where_the_rules_say_how(story: Story) -> None:
    """In production the health body must name the version: Bo's word alone does not make it live."""
    story.world.run.mode = "502"
    await is_asked(story)
    await story.bo.types("/promote approve P-1")
    await story.cy.types("/promote approve P-1")
    await story.sees(lambda: story.dispatches() and story.dispatches()[0].status, "the answer")
    story.passes(200)
    await story.until("P-1", "unknown")
    await story.bo.clicks("It is live")

    await story.until("P-1", "failed")
    live, _ = await story.bot.contexts.live("checkout", "production")
    assert live.serving is None or live.serving.version == "v2.14.2"


async def test_only_an_admin_settles_it(story: Story) -> None:
    """Ana asked for it and may not vouch for it: she is told who may."""
    await is_lost(story)
    await shows(story, "unknown")
    assert {"I see run…", "It never started", "It is live"} <= set(buttons(story))
    before = len(story.ana.heard)
    answer = await story.ana.clicks("It never started")

    assert replies(answer) == snapshot(
        ["You cannot settle the outcome of P-1: that needs release-managers. Ask one of @bo or @cy."]
    )
    assert len(story.ana.heard) == before + 1
    assert (await story.stands("P-1")).phase == "unknown"
