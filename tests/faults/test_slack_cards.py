"""A card that shows an old state with live buttons, because an edit that Slack took was lost (F84)."""

from inline_snapshot import snapshot

from bot.domain.face import Button
from bot.playground.slack.raw import Element
from bot.playground.slack.state import Message
from tests.stories.deploys import buttons, is_asked
from tests.stories.moments import rests
from tests.stories.said import heard
from tests.stories.story import Story
from tests.stories.surfaces import button_on, presses


async def has_an_old_card(story: Story) -> tuple[Message, Element]:
    """P-1 has succeeded, and its card shows that it waits for approval; the card and its Approve button."""
    await is_asked(story)
    await rests(story)
    card = story.card("P-1")
    text, blocks, approve = card.text, card.blocks, button_on(card, Button.APPROVE)
    story.world.run.seconds = 2.0
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")
    await story.until("P-1", "succeeded")
    await story.settles()
    card.text, card.blocks = text, blocks
    return card, approve


async def test_f84_a_press_on_an_old_card_is_refused_and_the_card_redrawn(story: Story) -> None:
    """Who presses is told how it stands now, and the card shows it from then on, with the buttons of now."""
    card, approve = await has_an_old_card(story)
    edits = card.edits
    await presses(story.bo, card, approve)
    await story.sees(lambda: "is live in production" in card.text, "the card of now")
    await story.settles()

    assert "Approve" not in buttons([card])
    assert card.edits == edits + 1
    assert heard(story.bo)[-1] == snapshot(
        "P-1 has succeeded <time>, decided by @bo and @cy. Nothing was changed now; `/promote why P-1` tells more."
    )
    assert len(story.dispatches()) == 1


async def test_f84_a_card_of_now_is_not_edited_by_who_may_not_press(story: Story) -> None:
    """A refusal of a person is no reason to doubt the card: nothing is edited, whoever presses however often."""
    await is_asked(story)
    await rests(story)
    card = story.card("P-1")
    edits = card.edits
    for _ in range(3):
        await story.eli.clicks("Approve")
    await story.sees(lambda: len(story.eli.heard) >= 3, "the refusals")
    await rests(story)
    assert card.edits == edits
    assert (await story.stands("P-1")).approvals == ()
