"""The channel of the card is closed to the bot: archived, or the bot was removed (F77). No deploy waits for it."""

from inline_snapshot import snapshot

from tests.stories.deploys import buttons, is_running, messages_about
from tests.stories.moments import rests
from tests.stories.rules import rule_changes
from tests.stories.said import letters
from tests.stories.story import Story
from tests.stories.vendors import refuses

OWN, SHARED = "checkout", "deploys"
A_MINUTE = 60.0
ASK = "/promote checkout@v2.14.3 to production because fix refunds"
UNDO = "/promote rollback checkout in production because refunds are failing"


async def has_own_channel(story: Story) -> None:
    """Checkout's cards go to #checkout; everybody else's to #deploys."""
    people = [person.slack for person in story.world.people.values()]
    story.playground.slack.workspace.add_channel(OWN, [story.world.bot_user, *people])
    await rule_changes(story, "repo: acme/checkout\n", f"repo: acme/checkout\n    channel: {OWN}\n")


async def runs_in_own_channel(story: Story) -> None:
    """P-1 is deploying, and its card is in #checkout."""
    await has_own_channel(story)
    story.world.run.seconds = 300.0
    await story.ana.types(ASK, channel="general")
    await story.sees(lambda: "Approve" in buttons(messages_about(story, "P-1", OWN)), "the card")
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1", channel=SHARED)
    await story.until("P-1", "deploying")
    await story.sees(lambda: "Cancel run" in buttons(messages_about(story, "P-1", OWN)), "the running card")


def is_archived(story: Story, channel: str) -> None:
    """Somebody archives a channel."""
    story.playground.slack.workspace.channel(channel).archived = True


async def test_f77_the_bot_was_removed_before_the_card(story: Story) -> None:
    """The card goes to the channel that all services share, where its buttons work; Ana is told once where it is."""
    await has_own_channel(story)
    story.playground.slack.workspace.channel(OWN).members.remove(story.world.bot_user)
    story.world.run.seconds = 2.0
    await story.ana.types(ASK, channel="general")
    await story.sees(lambda: "Approve" in buttons(messages_about(story, "P-1", SHARED)), "the card")
    await story.bo.clicks("Approve")
    await story.cy.clicks("Approve")
    await story.until("P-1", "succeeded")
    await story.settles()

    assert story.card("P-1", SHARED).text.startswith("P-1: checkout v2.14.3 is live in production")
    assert messages_about(story, "P-1", OWN) == []
    assert letters(story.ana) == snapshot(
        [
            "I cannot post in #checkout, so the card of P-1 is in #deploys. Type `/invite @greenlight` in #checkout, or name another channel for the service in promotions.yml."
        ]
    )


async def test_f77_nobody_can_be_told_where_the_card_is(story: Story) -> None:
    """Slack fails at the direct message: the card stands all the same, and is not posted again for it."""
    await has_own_channel(story)
    story.playground.slack.workspace.channel(OWN).members.remove(story.world.bot_user)
    refuses(story, "slack", "conversations.open", 500)
    await story.ana.types(ASK, channel="general")
    await story.sees(lambda: "Approve" in buttons(messages_about(story, "P-1", SHARED)), "the card")
    await rests(story)

    assert len([one for one in messages_about(story, "P-1", SHARED) if not one.thread_ts]) == 1
    assert letters(story.ana) == []


async def test_f77_the_channel_is_archived_during_the_deploy(story: Story) -> None:
    """The deploy ends as if nothing had happened, and the card goes on in the channel that all services share."""
    await runs_in_own_channel(story)
    is_archived(story, OWN)
    story.playground.github.finishes()
    await story.until("P-1", "succeeded")
    await story.settles()

    assert len(story.dispatches()) == 1
    assert story.card("P-1", SHARED).text.startswith("P-1: checkout v2.14.3 is live in production")
    assert len(letters(story.ana)) == 1


async def test_f77_a_failure_is_told_and_undone_although_the_channel_is_archived(story: Story) -> None:
    """On-call is paged, the failure is said in the shared channel, and the card there has the way back."""
    await runs_in_own_channel(story)
    is_archived(story, OWN)
    story.playground.github.finishes(conclusion="failure", step="smoke")
    failed = await story.until("P-1", "failed")
    await story.settles()

    assert len(story.incidents) == 1
    (said,) = [one for one in story.messages(SHARED) if one.broadcast]
    assert ":x: P-1: checkout v2.14.3 to production *failed* at Smoke tests" in said.text
    assert (
        float(said.ts) - failed.since < A_MINUTE
    )  # the refusal itself brings the card over, no later try does
    assert "Roll back to v2.14.2" in buttons([story.card("P-1", SHARED)])

    story.world.run.seconds = 2.0
    await story.bo.types(UNDO, channel="general")
    await story.until("P-2", "succeeded")
    await story.settles()
    assert "is back on v2.14.2" in story.card("P-2", SHARED).text


async def test_f77_no_channel_is_left(story: Story) -> None:
    """The shared channel itself is archived: who asked is told once, on-call is paged, and the rollback runs."""
    await is_running(story)
    await story.sees(lambda: "Cancel run" in buttons(messages_about(story, "P-1")), "the running card")
    is_archived(story, SHARED)
    story.playground.github.finishes(conclusion="failure", step="smoke")
    await story.until("P-1", "failed")
    await story.sees(lambda: story.incidents, "the page")
    story.world.run.seconds = 2.0
    await story.bo.types(UNDO, channel="general")
    await story.until("P-2", "succeeded")
    await rests(story)

    assert letters(story.ana) == snapshot(
        [
            "#deploys is archived, so I cannot show P-1 there. It goes on all the same, and `/promote why P-1` tells how it stands. Unarchive the channel, or name another one in promotions.yml."
        ]
    )
    assert len(story.runs) == 2
