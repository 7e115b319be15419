"""Slack refuses, forgets, throws the bot out or answers late; and people write what is meant to do harm there."""

from collections.abc import Iterator

import pytest
from inline_snapshot import snapshot

from bot.playground.slack.state import Message
from tests.stories.deploys import buttons, is_approved, is_asked, messages_about, succeeds
from tests.stories.parts import late_slack
from tests.stories.said import letters
from tests.stories.story import Story
from tests.stories.vendors import refuses

EVIL = "<!channel> <!here> <@U0ELI> <https://evil.example|Approve> *bold* `code` \u202egnp.exe & more"


async def test_f80_slack_refuses_rich_blocks(story: Story) -> None:
    """A workspace without the newest blocks gets the classic ones, with the same buttons."""
    story.playground.slack.workspace.refuse_blocks = "rich"
    story.world.run.seconds = 300.0
    await is_approved(story)
    await story.until("P-1", "deploying")
    await story.sees(lambda: "Cancel run" in buttons([story.card("P-1")]), "the running card")

    assert {block["type"] for block in story.card("P-1").blocks} <= {
        "section",
        "context",
        "actions",
        "divider",
    }


async def test_f80_slack_refuses_every_block(story: Story) -> None:
    """With no blocks at all the text alone says service, environment, version and state to the end."""
    story.playground.slack.workspace.refuse_blocks = "all"
    story.world.run.seconds = 2.0
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await _waits(story)
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")
    await story.until("P-1", "succeeded")
    await story.settles()

    assert story.card("P-1").blocks == []
    assert story.card("P-1").text.startswith("P-1: checkout v2.14.3 is live in production")


async def test_f78_the_card_was_deleted(story: Story) -> None:
    """Somebody deleted the card: a new one takes its place, and its buttons work."""
    await is_asked(story)
    first = story.card("P-1")
    del story.playground.slack.workspace.channel("deploys").messages[first.ts]
    await story.bo.types("/promote approve P-1")
    await story.sees(lambda: any(not one.thread_ts for one in messages_about(story, "P-1")), "a new card")
    await story.cy.clicks("Approve")
    await story.until("P-1", "succeeded")
    await story.settles()

    assert story.card("P-1").ts != first.ts


async def test_f77_the_bot_is_not_in_the_channel(story: Story) -> None:
    """E20: the requester is told how to let it in, and after the invitation the card is there."""
    channel = story.playground.slack.workspace.channel("deploys")
    channel.members.remove(story.world.bot_user)
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds", channel="general")
    await story.sees(lambda: letters(story.ana), "the letter")
    assert letters(story.ana) == snapshot(
        [
            "I am not in #deploys, so P-1 has no card yet. Type `/invite @greenlight` there, and I post it within a minute."
        ]
    )

    channel.members.append(story.world.bot_user)
    await story.sees(lambda: "Approve" in buttons(messages_about(story, "P-1")), "the card")
    assert len(letters(story.ana)) == 1


async def test_f08_an_orphan_card_is_disarmed(story: Story) -> None:
    """The bot dies before it stored where its card is: a second one is posted, and the first loses its
    buttons at the first press and points to the second."""
    slack = await late_slack(story)
    slack.hangs = lambda text: True
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await story.sees(lambda: slack.late, "a card whose answer is on its way")
    await story.bot_restarts()
    await story.sees(lambda: "Approve" in buttons(messages_about(story, "P-1")), "the second card")
    orphan, card = (one for one in messages_about(story, "P-1") if not one.thread_ts)
    pressed = {"as": "bo", "message": orphan.ts, "action_id": "details", "channel": "deploys"}
    await story.meanwhile(story.play("click", pressed))
    await story.sees(lambda: not buttons([orphan]), "the orphan disarmed")

    assert orphan.text.split("<")[0] == snapshot("This is an old copy, so its buttons do nothing. Go to ")
    assert card.ts.replace(".", "") in orphan.text
    assert (await story.stands("P-1")).approvals == ()


async def test_f79_edits_are_limited(story: Story) -> None:
    """Slack limits edits: only the last state is sent when it may be, and nothing waits for it."""
    await is_asked(story)
    refuses(story, "slack", "chat.update", *[429] * 6)
    story.world.run.seconds = 2.0
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")
    await story.until("P-1", "succeeded")
    await story.settles()

    assert story.card("P-1").text.startswith("P-1: checkout v2.14.3 is live in production")


@pytest.mark.parametrize("refuse", ["none", "rich", "all"])
async def test_a41_a42_a43_what_people_write_is_never_markup(story: Story, refuse: str) -> None:
    """Reason, note and reason of a rollback notify nobody, link nowhere, and turn no letters."""
    story.playground.slack.workspace.refuse_blocks = refuse  # type: ignore[assignment]
    story.world.run.seconds = 2.0
    await story.ana.types(f"/promote checkout@v2.14.3 to production because {EVIL}")
    await _waits(story)
    await story.bo.types(f"/promote approve P-1 {EVIL}")
    await story.cy.types(f"/promote approve P-1 {EVIL}")
    await story.until("P-1", "succeeded")
    await story.bo.types(f"/promote rollback checkout because {EVIL}")
    await story.until("P-2", "succeeded")
    await story.settles()

    shown = [text for one in _everything(story) for text in _markup(one)]
    for harm in ("<!channel", "<!here", "<@U0ELI", "<https://evil", "\u202e"):
        assert [text for text in shown if harm in text] == []
    assert any("&lt;!channel&gt;" in text for text in shown)


async def test_a_reason_is_refused_for_what_it_says_only_when_it_is_short(story: Story) -> None:
    """A reason that is nothing but markup is long enough to count, and still harmless on the rejected card."""
    await is_asked(story)
    await story.bo.types("/promote reject P-1 because <!channel>")
    await story.until("P-1", "rejected")
    await story.settles()

    assert not [text for one in _everything(story) for text in _markup(one) if "<!channel" in text]


async def test_f81_a_success_survives_a_lost_answer(story: Story) -> None:
    """Slack takes a message and answers 502: the card is at most doubled, and the deploy is as it was."""
    refuses(story, "slack", "chat.update", "accept-then-502", 500)
    await succeeds(story)
    await story.settles()

    assert story.card("P-1").text.startswith("P-1: checkout v2.14.3 is live in production")
    assert len(story.runs) == 1


async def _waits(story: Story) -> None:
    """The card of P-1 waits for approval, with buttons or without."""
    await story.sees(lambda: any("waiting for approval" in one.text for one in messages_about(story, "P-1")))


def _everything(story: Story) -> Iterator[Message]:
    """Every message in every channel and on every screen."""
    workspace = story.playground.slack.workspace
    for channel in workspace.channels.values():
        yield from channel.messages.values()
    for private in workspace.private.values():
        yield from private


def _markup(message: Message) -> Iterator[str]:
    """The texts of a message in which Slack reads markup; what is typed plain is shown as it is."""
    if message.author != "USLACKBOT":
        yield message.text
    yield from _mrkdwn(message.blocks)


def _mrkdwn(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") in ("mrkdwn", "markdown"):
            yield str(node.get("text"))
        for value in node.values():
            yield from _mrkdwn(value)
    elif isinstance(node, list):
        for item in node:
            yield from _mrkdwn(item)
