"""After the run: only the version itself, healthy often enough in a row, makes a deploy a success."""

import pytest
from inline_snapshot import snapshot

from bot.playground.world import Release, Request, sha_for
from tests.stories.deploys import broadcasts, is_approved, timeless
from tests.stories.said import card_words
from tests.stories.story import Story
from tests.stories.vendors import changes

PLACE = ("checkout", "production")
OLD = Release("v2.14.2", sha_for("checkout", "v2.14.2"))


async def test_one_good_answer_is_not_enough(story: Story) -> None:
    """It is live after two good answers in a row, and not before."""
    await _deploys(story)
    await story.until("P-1", "succeeded")

    assert [one.status for one in _looks(story)] == [200, 200]


async def test_a_slow_start_is_waited_for(story: Story) -> None:
    """A service that comes up late begins its row of good answers anew, and then it is a success."""
    _answers(story, "failing", "ok", "failing", "ok", "ok")
    await _deploys(story)
    await story.until("P-1", "succeeded")

    assert [one.status for one in _looks(story)] == [503, 200, 503, 200, 200]


async def test_f92_a_flapping_service_does_not_pass(story: Story) -> None:
    """Good every other time is never two in a row: after five looks it failed."""
    _answers(story, "ok", "failing", "ok", "failing", "ok", "ok")
    await _deploys(story)
    failed = await story.until("P-1", "failed")
    await story.settles()

    assert failed.ending is not None
    assert failed.ending.cause == "verification"
    assert [one.status for one in _looks(story)][:5] == [200, 503, 200, 503, 200]
    assert changes(story) == []


async def test_an_unhealthy_service_fails_its_deploy(story: Story) -> None:
    """The run is green and the service is not: failed in verification, paged for, and told as that."""
    story.world.health[PLACE] = "failing"
    await _deploys(story)
    await story.until("P-1", "failed")
    await story.settles()

    assert timeless(story.card("P-1").text) == snapshot(
        "P-1 FAILED: checkout v2.14.3 to production failed in verification after <while>. v2.14.3 is serving. Incident PD-4411. Asked by ana, approved by bo and cy."
    )
    assert timeless(card_words(story, "P-1")) == snapshot("""\
:x: *checkout v2.14.3 → production* · *Failed in verification after <while>* · `P-1`
dev ✓ › staging ✓ › *production ✗* · `ffdbf00` · asked by <@U0ANA> <time>
*Now serving: v2.14.3* · last good: v2.14.2
> Health: production: answered 503, not 200 (5 looks); the rule: answers 200 and $.version is the version 2 times in a row, within 5 looks 2 s apart
Incident [PD-4411] · <#C0PLAY11> · on call: <@U0DEE>
approved by <@U0BO> and <@U0CY> · [run 8801]
Roll back to v2.14.2
Retry
View run
Open incident
Details\
""")
    assert [timeless(said) for said in broadcasts(story)] == snapshot(
        [
            ":x: P-1: checkout v2.14.3 to production *failed* in verification after <while>. *Now serving: v2.14.3.* Asked by <@U0ANA>."
        ]
    )
    assert [incident["title"] for incident in story.incidents] == snapshot(
        ["checkout v2.14.3 in production failed in verification (P-1), serving v2.14.3, last good v2.14.2"]
    )


async def test_f91_the_old_version_answers(story: Story) -> None:
    """Health is green, but it is v2.14.2 that answers: failed, and v2.14.2 is what serves."""
    story.world.listeners.append(lambda: story.world.serving.update({PLACE: OLD}))
    await _deploys(story)
    await story.until("P-1", "failed")
    await story.settles()

    assert timeless(story.card("P-1").text) == snapshot(
        "P-1 FAILED: checkout v2.14.3 to production failed in verification after <while>. v2.14.2 is serving. Incident PD-4411. Asked by ana, approved by bo and cy."
    )
    assert [line for line in card_words(story, "P-1").splitlines() if "v2.14.2" in line] == snapshot(
        [
            "*Now serving: v2.14.2*",
            "> Health: production: answers v2.14.2, not v2.14.3 (HTTP 200, 5 looks); the rule: answers 200 and $.version is the version 2 times in a row, within 5 looks 2 s apart",
            "Roll back to v2.14.2",
        ]
    )


@pytest.mark.parametrize("answer", ["huge", "html", "wrong-version"])
async def test_f92_a_strange_answer_is_no_proof(story: Story, answer: str) -> None:
    """A body that is too big, no JSON or of another version never counts as good."""
    story.world.health[PLACE] = answer
    await _deploys(story)
    failed = await story.until("P-1", "failed")
    await story.settles()

    assert failed.ending is not None
    assert failed.ending.cause == "verification"
    assert "What is serving is unknown." in story.card("P-1").text


async def test_verification_goes_on_after_a_restart(story: Story) -> None:
    """The bot dies between two looks; afterwards the row of good answers is completed, and nothing runs again."""
    story.bot_dies_when(lambda: bool(_looks(story)))
    await _deploys(story)
    await story.sees(lambda: story.is_dead, "the death")
    await story.bot_restarts()
    await story.until("P-1", "succeeded")
    await story.settles()

    assert len(story.runs) == 1
    assert len(changes(story)) == 1


async def _deploys(story: Story) -> None:
    story.world.run.seconds = 2.0
    await is_approved(story)


def _looks(story: Story) -> list[Request]:
    """What was asked of the health URL in production."""
    return story.asked("services", "/checkout/production/health")


def _answers(story: Story, *modes: str) -> None:
    """The health URL answers so, one mode for each look."""

    def notice() -> None:
        story.world.health[PLACE] = modes[min(max(len(_looks(story)) - 1, 0), len(modes) - 1)]

    story.world.listeners.append(notice)
