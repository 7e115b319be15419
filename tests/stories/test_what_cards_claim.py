"""A card never claims what is not so, now or an hour later: whatever it says of the present turns into the past."""

from inline_snapshot import snapshot

from tests.stories.deploys import (
    INCIDENT,
    buttons,
    fails,
    is_approved,
    messages_about,
    room,
    succeeds,
    timeless,
)
from tests.stories.github import is_trying
from tests.stories.moments import rests
from tests.stories.rules import rules_change
from tests.stories.said import card_words
from tests.stories.story import Story

WHY = "because refunds are failing"
BROKEN = "Check the SHA"  # the first step: the old version goes on


async def _is_in_staging(story: Story, version: str = "v2.15.0") -> None:
    """A version is taken for tested in staging, so that production may have it."""
    await story.bo.types(f"/promote adopt checkout@{version} in staging because it was tested there")
    await rests(story)


async def _rolls_back(story: Story, promotion: str, *ends: str) -> None:
    await story.bo.types(f"/promote rollback checkout in production {WHY}")
    await story.until(promotion, *(ends or ("succeeded",)))
    await rests(story)


async def test_what_was_live_says_until_when(story: Story) -> None:
    """Two deploys in a row: the first one's card is told once, and offers no way back any more."""
    await _is_in_staging(story)
    await succeeds(story)
    await rests(story)
    assert "Roll back to v2.14.2" in buttons([story.card("P-1")])
    edits = story.card("P-1").edits
    await succeeds(story, "v2.15.0", "P-2")
    await rests(story)

    assert timeless(story.card("P-1").text) == snapshot(
        "P-1: checkout v2.14.3 was live in production until <time>, replaced by P-2 (v2.15.0). Asked by ana, approved by bo and cy."
    )
    assert timeless(card_words(story, "P-1")) == snapshot("""\
:white_check_mark: *checkout v2.14.3 → production* · *Was live* · `P-1`
dev ✓ › staging ✓ › *production ✓* · `ffdbf00` · asked by <@U0ANA> <time>
live from <time> to <time> · replaced by P-2 (v2.15.0) · approved by <@U0BO> and <@U0CY>
View run
Details\
""")
    assert buttons([story.card("P-1")]) == snapshot(["View run", "Details"])
    assert story.card("P-1").edits == edits + 1
    assert "is live in production" in story.card("P-2").text


async def test_what_was_serving_after_a_failure_says_until_when(story: Story) -> None:
    """The failed deploy is mended by a newer version: its card, its incident's card and the topic follow."""
    await rules_change(story, {"\n      incidents: {severity: high}": ""})
    await _is_in_staging(story)
    await fails(story)
    await rests(story)
    assert "Now serving: v2.14.3" in card_words(story, "P-1")
    await succeeds(story, "v2.15.0", "P-2")
    await rests(story)

    assert timeless(story.card("P-1").text) == snapshot(
        "P-1 FAILED: checkout v2.14.3 to production failed at Smoke tests after <while>. v2.14.3 was serving until <time>, replaced by P-2 (v2.15.0). Incident PD-4411. Asked by ana, approved by bo and cy."
    )
    assert timeless(card_words(story, "P-1")) == snapshot("""\
:x: *checkout v2.14.3 → production* · *Failed at Smoke tests after <while>* · `P-1`
dev ✓ › staging ✓ › *production ✗* · `ffdbf00` · asked by <@U0ANA> <time>
*v2.14.3 was serving until <time>, replaced by P-2 (v2.15.0)*
Incident [PD-4411] · <#C0PLAY12> · on call: <@U0DEE>
approved by <@U0BO> and <@U0CY> · [run 8801]
Retry
View run
Open incident
Details\
""")
    (pinned, *_) = messages_about(story, "P-1", INCIDENT)
    for shown in (story.card("P-1"), pinned):
        assert "Now serving" not in str(shown.blocks)
        assert "was serving until" in str(shown.blocks)
        assert [one for one in buttons([shown]) if "Roll back" in one] == []
    assert "replaced by v2.15.0" in room(story).topic


async def test_what_still_serves_is_not_taken_back(story: Story) -> None:
    """The next deploy fails at its first step and the old version answers: what its card says is still so."""
    await _is_in_staging(story)
    await succeeds(story)
    await rests(story)
    text, edits = story.card("P-1").text, story.card("P-1").edits
    story.world.run.conclusion, story.world.run.step = "failure", BROKEN
    await is_approved(story, "v2.15.0", "P-2")
    await story.until("P-2", "failed")
    await rests(story)

    assert "v2.14.3 is serving" in story.card("P-2").text
    assert (story.card("P-1").text, story.card("P-1").edits) == (text, edits)
    assert (await story.stands("P-1")).replaced is None


async def test_what_serves_is_unknown_since(story: Story) -> None:
    """The next deploy fails and no health URL tells what serves: the older card does not claim to know it."""
    await _is_in_staging(story)
    await succeeds(story)
    await rests(story)
    story.world.health["checkout", "production"] = "html"
    story.world.run.conclusion, story.world.run.step = "failure", "smoke"
    await is_approved(story, "v2.15.0", "P-2")
    await story.until("P-2", "failed")
    await story.sees(lambda: "is live" not in story.card("P-1").text, "the older card")

    assert timeless(story.card("P-1").text) == snapshot(
        "P-1: checkout v2.14.3 was live in production until <time>, and what serves since then is not known. Asked by ana, approved by bo and cy."
    )
    assert timeless(card_words(story, "P-1")) == snapshot("""\
:white_check_mark: *checkout v2.14.3 → production* · *Was live* · `P-1`
dev ✓ › staging ✓ › *production ✓* · `ffdbf00` · asked by <@U0ANA> <time>
live from <time> to <time> · and what serves since then is not known · approved by <@U0BO> and <@U0CY>
View run
Details\
""")
    assert buttons([story.card("P-1")]) == ["View run", "Details"]


async def test_what_serves_is_known_again(story: Story) -> None:
    """The health URL takes its time after a deploy that failed at its first step, and then tells the old version."""
    await _is_in_staging(story)
    await succeeds(story)
    await rests(story)
    text = story.card("P-1").text
    story.world.run.conclusion, story.world.run.step = "failure", BROKEN
    await is_approved(story, "v2.15.0", "P-2")
    await story.until("P-2", "deploying")
    story.world.health["checkout", "production"] = "slow"
    await story.until("P-2", "failed")
    await story.sees(
        lambda: "what serves since then is not known" in story.card("P-1").text, "that it is open"
    )
    await story.sees(lambda: story.card("P-1").text == text, "that it is live after all")

    await rests(story)
    assert "v2.14.3 is serving" in story.card("P-2").text


async def test_what_was_recorded_by_hand_replaces_too(story: Story) -> None:
    """Somebody deployed beside Greenlight and says so: the card of what was live before is told."""
    await succeeds(story)
    await rests(story)
    await story.bo.types("/promote adopt checkout@v2.15.0 in production because it was deployed by hand")
    await story.sees(lambda: "is live" not in story.card("P-1").text, "the older card")

    assert timeless(story.card("P-1").text) == snapshot(
        "P-1: checkout v2.14.3 was live in production until <time>, then v2.15.0 was recorded as live. Asked by ana, approved by bo and cy."
    )


async def test_the_older_card_is_told_after_a_death(story: Story) -> None:
    """The bot dies as GitHub hears that the newer version is deployed; both cards are right afterwards."""
    await _is_in_staging(story)
    await succeeds(story)
    await rests(story)
    story.bot_dies_when(lambda: story.world.serving["checkout", "production"].version == "v2.15.0")
    await is_approved(story, "v2.15.0", "P-2")
    await story.sees(lambda: story.is_dead, "the death")
    await story.bot_restarts()
    await story.until("P-2", "succeeded")
    await rests(story)

    assert "replaced by P-2 (v2.15.0)" in story.card("P-1").text
    assert "is live in production" in story.card("P-2").text


async def test_a_rollback_tells_the_card_once(story: Story) -> None:
    """What a rollback undoes is told that, in one edit; the rollback's own card turns into the past in its turn."""
    await _is_in_staging(story)
    await succeeds(story)
    await rests(story)
    edits = story.card("P-1").edits
    await _rolls_back(story, "P-2")
    assert story.card("P-1").edits == edits + 1
    assert "production went back to v2.14.2" in card_words(story, "P-1")
    shown = story.card("P-1").text
    await succeeds(story, "v2.15.0", "P-3")
    await rests(story)

    assert timeless(story.card("P-2").text) == snapshot(
        "P-2: checkout production was back on v2.14.2 until <time>, replaced by P-3 (v2.15.0). Asked by bo."
    )
    assert story.card("P-1").text == shown
    assert story.card("P-1").edits == edits + 1


async def test_a_failed_rollback_that_got_there_offers_no_way_to_where_it_is(story: Story) -> None:
    """Incident: the card said that v2.14.2 is serving, and offered "Roll back to v2.14.2"."""
    await succeeds(story)
    story.world.run.conclusion, story.world.run.step = "failure", "smoke"
    await _rolls_back(story, "P-2", "failed")

    assert "v2.14.2 is serving" in story.card("P-2").text
    (pinned, *_) = messages_about(story, "P-2", INCIDENT)
    assert [one for one in buttons([story.card("P-2"), pinned]) if "Roll back" in one] == []


async def test_a_rollback_of_a_failed_rollback_names_whose_version_left(story: Story) -> None:
    """Incident: P-16 undid P-14, a rollback that had failed, and said that P-14 "was there"."""
    await fails(story)
    await rests(story)
    story.world.run.conclusion, story.world.run.step = "failure", BROKEN
    await _rolls_back(story, "P-2", "failed")
    story.world.run.conclusion, story.world.run.step = "success", None
    await _rolls_back(story, "P-3")

    third = await story.stands("P-3")
    assert third.undoes == "P-2"
    assert "P-1 was there from" in card_words(story, "P-3")


async def test_what_an_admin_vouches_for_replaces_too(story: Story) -> None:
    """Nobody knows what became of the newer deploy until an admin says that it is live: then the older card knows."""
    story.world.run.seconds = 2.0
    await story.ana.types("/promote checkout@v2.14.2 to dev because trying it out")
    await story.until("P-1", "succeeded")
    await rests(story)
    story.world.run.mode = "502"
    await is_trying(story, promotion="P-2")
    await story.sees(lambda: any(one.status for one in story.dispatches()[1:]), "GitHub's answer")
    story.passes(200)
    await story.until("P-2", "unknown")
    assert "is live in dev" in story.card("P-1").text
    await story.bo.clicks("It is live", "P-2")
    await story.until("P-2", "succeeded")
    await story.sees(lambda: "is live" not in story.card("P-1").text, "the older card")

    assert "replaced by P-2 (v2.15.0)" in story.card("P-1").text
