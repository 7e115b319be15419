"""What comes of something that was asked in a thread is told in that thread, in words that can be typed there."""

from inline_snapshot import snapshot

from bot.app import bare
from bot.playground.slack.state import Message
from bot.surfaces import shown_by
from tests.stories.deploys import fails, has_room, is_asked
from tests.stories.moments import rests
from tests.stories.parts import silent_github
from tests.stories.said import plain
from tests.stories.story import Somebody, Story
from tests.stories.vendors import comes_back, goes_down
from tests.stories.ways import mentions, writes


def whispers(person: Somebody) -> list[tuple[str | None, str]]:
    """Everything that this person alone heard in #deploys: the thread that it was said in, and the words."""
    return [(one.thread_ts, plain(one.text)) for one in _heard(person)]


def _heard(person: Somebody) -> list[Message]:
    channel = person.story.playground.slack.workspace.channel("deploys").id
    return [one for one in person.story.playground.slack.shown_to(person.name) if one.channel == channel]


async def test_a_request_that_is_turned_away_is_told_in_its_thread(story: Story) -> None:
    """Asked below a card for a version that does not exist: receipt and refusal both stand below that card."""
    await is_asked(story)
    card = story.card("P-1")
    await mentions(story.bo, "checkout@v2.14.9 to staging because fix refunds", card)
    await story.until("P-2", "rejected")
    await story.sees(lambda: len(whispers(story.bo)) == 2, "the refusal")

    assert [thread for thread, _ in whispers(story.bo)] == [card.ts, card.ts]
    assert whispers(story.bo)[1][1] == snapshot(
        "I cannot find “v2.14.9” in acme/checkout (tags, branches, commits), so nothing was started. Nearest: v2.14.3, v2.14.2 or v2.14.1. Try `@greenlight checkout@v2.14.3 to staging`"
    )
    assert (await story.stands("P-2")).asked_thread == card.ts


async def test_a_delay_is_told_in_the_thread(story: Story) -> None:
    """GitHub cannot be read: that is told where it was asked, and the way out can be typed there."""
    await is_asked(story)
    card = story.card("P-1")
    goes_down(story, "github")
    await mentions(story.bo, "checkout@v2.15.0 to staging because fix refunds", card)
    await story.sees(lambda: len(whispers(story.bo)) == 2, "the delay")

    assert whispers(story.bo)[1][0] == card.ts
    assert "`@greenlight cancel P-2`" in whispers(story.bo)[1][1]
    comes_back(story, "github")
    await rests(story)


async def test_a_thread_is_remembered_over_a_restart(story: Story) -> None:
    """The process that heard it is gone when GitHub answers: the answer still finds the thread."""
    await is_asked(story)
    card = story.card("P-1")
    await silent_github(story)
    await mentions(story.bo, "checkout@v2.14.9 to staging because fix refunds", card)
    story.around = bare
    await story.bot_restarts()
    await story.sees(lambda: len(whispers(story.bo)) == 2, "the refusal")

    assert [thread for thread, _ in whispers(story.bo)] == [card.ts, card.ts]


async def test_an_adoption_is_told_in_its_thread(story: Story) -> None:
    """Bo records what is live below a card: what came of it is told there."""
    await is_asked(story)
    card = story.card("P-1")
    await mentions(story.bo, "adopt storefront@v1.1.0 in production because it is live", card)
    await story.sees(lambda: len(whispers(story.bo)) == 2, "what came of it")

    assert [thread for thread, _ in whispers(story.bo)] == [card.ts, card.ts]


async def test_what_was_asked_in_the_channel_is_told_there(story: Story) -> None:
    """A slash command has no thread: nothing of it is told in one."""
    await story.ana.types("/promote checkout@v2.14.9 to staging because fix refunds")
    await story.until("P-1", "rejected")
    await story.sees(lambda: len(whispers(story.ana)) == 2, "the refusal")

    assert [thread for thread, _ in whispers(story.ana)] == [None, None]


async def test_each_message_that_shows_a_promotion_is_in_the_index(story: Story) -> None:
    """The card, the card of its incident and the mirror of its rollback lead to their promotions."""
    await fails(story)
    await story.sees(lambda: has_room(story), "the room")
    await rests(story)
    await story.dee.types("/promote rollback checkout in production because errors are up")
    await story.until("P-2", "succeeded")
    await rests(story)

    for promotion in ("P-1", "P-2"):
        ledger = (await story.stands(promotion)).ledger
        shown = [one for key in ("card", "mirror", "incident_card") if (one := ledger.get(key))]
        assert len(shown) == 2
        for entry in shown:
            assert await shown_by(story.bot.store, entry.channel, entry.ref) == promotion


async def test_a_mention_below_a_card_that_came_late(story: Story) -> None:
    """Slack was away for hours: the card is posted long after it was asked for, and its thread is still its own."""
    goes_down(story, "slack")
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    story.passes(6 * 3600.0)
    comes_back(story, "slack")
    await story.sees(lambda: [one for one in story.messages() if "P-1" in str(one.metadata)], "the card")
    await rests(story)

    assert "P-1" in await mentions(story.bo, "why", story.card("P-1"))
    await writes(story.bo, "@greenlight approve", story.card("P-1"))
    await rests(story)
    assert [one.by for one in (await story.stands("P-1")).approvals] == ["bo"]
