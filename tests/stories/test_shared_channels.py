"""A channel that becomes shared with another company: less is said there, and nothing is approved."""

from functools import partial

import pytest

from bot.domain.channels import Channel, Channels
from bot.domain.errors import SharedChannel
from bot.domain.messages import Approve
from bot.playground.slack.payloads import sharing as sharing_event
from bot.service import Refused
from tests.stories.deploys import buttons, fails, is_asked, messages_about, succeeds
from tests.stories.homes import buttons_of, opens_home, presses_on_home
from tests.stories.moments import rests
from tests.stories.said import replies
from tests.stories.story import Somebody, Story
from tests.stories.vendors import refuses

SECRETS = ("fix refunds", "#8", "since v2.14.2", "checked the graphs", "/compare/", "HTTP 200", "build")


async def is_shared(story: Story, *, how: object = True, channel: str = "deploys") -> None:
    """Somebody shares the channel, and the next look sees it."""
    await story.play("world", {"shared": {channel: how}})
    story.passes(301)
    await story.sees(lambda: _is_told(story, channel, "outside" if how else "inside"), "the look")
    await rests(story)


async def _is_told(story: Story, name: str, sharing: str) -> bool:
    known, _ = await story.bot.service.records.channels()
    channel = known.named(name)
    return channel is not None and channel.sharing == sharing


async def is_approved_on_home(story: Story) -> None:
    """Bo and Cy approve on their Homes."""
    for person in (story.bo, story.cy):
        await opens_home(person)
        await story.sees(partial(_has_button, person), "the button on Home")
        await presses_on_home(person, "Approve")


def _has_button(person: Somebody) -> bool:
    return "Approve" in buttons_of(person)


def shown(story: Story, promotion: str = "P-1") -> str:
    """The card as everybody in the channel sees it: text and blocks."""
    card = story.card(promotion)
    return f"{card.text} {card.blocks}"


@pytest.mark.parametrize("how", [True, "invited"])
async def test_a24_the_card_says_less_and_nothing_is_approved_there(story: Story, how: object) -> None:
    """The card is redrawn short, the button and the line are refused with the way out, and Home goes on working."""
    await is_asked(story)
    assert "fix refunds" in shown(story)
    await is_shared(story, how=how)
    assert [secret for secret in SECRETS if secret in shown(story)] == []
    assert "Details in private: press *Details*" in shown(story)
    assert buttons([story.card("P-1")]) == ["Reject", "Cancel", "Details"]

    said = replies(await story.bo.types("/promote approve P-1"))
    assert "is shared with another company, so P-1 was not approved there" in said[0]
    assert (await story.stands("P-1")).approvals == ()
    refused = [row.detail for row in await story.bot.store.audit(0) if row.action == "refused"]
    assert '{"message":"Approve","refused":"SharedChannel"}' in refused

    await is_approved_on_home(story)
    await story.until("P-1", "succeeded")


async def test_a24_the_button_of_a_card_that_was_not_redrawn_yet_is_refused(story: Story) -> None:
    """Somebody pressed before the short card arrived: the promotion does not take it, and says so privately."""
    await is_asked(story)
    shared = Channels(
        (Channel(story.playground.slack.workspace.channel("deploys").id, "deploys", "outside"),)
    )
    known, revision = await story.bot.service.records.channels()
    await story.bot.service.records.channels_seen(shared, revision, shared)
    where = shared.known[0].id
    answer = await story.bot.service.handle(Approve("P-1", "bo", where=where))
    assert answer == Refused(SharedChannel("P-1", where))
    assert known != shared


async def test_a24_the_thread_of_a_shared_channel_says_what_it_is_and_no_more(story: Story) -> None:
    """Asked for there, approved elsewhere, failed: no note tells a reason, a change, a note or a link into GitHub."""
    await is_shared(story)
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await rests(story)
    story.world.run.conclusion, story.world.run.step, story.world.run.seconds = "failure", "smoke", 2.0
    await is_approved_on_home(story)
    await story.until("P-1", "failed")
    await rests(story)
    everything = " ".join(f"{one.text} {one.blocks}" for one in story.messages("deploys") if not one.only_for)
    assert [word for word in (*SECRETS, "smoke", "actions/runs") if word in everything] == []
    assert "P-1" in everything


async def test_a24_the_admins_are_told_once(story: Story) -> None:
    """Bo and Cy keep the catalog: each gets one letter, with what follows and how to end it."""
    await is_shared(story)
    story.passes(900)
    await rests(story)
    for person in (story.bo, story.cy):
        told = [one for one in letters(story, person.name) if "is shared with another company" in one]
        assert len(told) == 1
        assert "End the sharing" in told[0]
    assert not [one for one in letters(story, "ana") if "shared" in one]


async def test_a24_slack_tells_and_it_is_looked_at_at_once(story: Story) -> None:
    """Nobody waits five minutes: the event of Slack makes us look, and says nothing by itself."""
    await is_asked(story)
    await rests(story)
    before = story.clock.now()
    await story.play("world", {"shared": {"deploys": True}})
    await story.sees(lambda: _is_told(story, "deploys", "outside"), "the look")
    assert story.clock.now() - before < 60.0


async def test_a24_an_event_about_a_channel_only_makes_us_look(story: Story) -> None:
    """Slack says that a channel was shared, late or wrongly: what the look says is what counts."""
    workspace = story.playground.slack.workspace
    told = sharing_event(workspace, workspace.channel("general"), is_shared=True)
    await story.playground.slack.requests.event(told)
    await story.sees(lambda: _is_told(story, "general", "inside"), "the look")


async def test_a24_when_the_sharing_ends_all_is_as_before(story: Story) -> None:
    """The card is whole again, and the channel takes approvals."""
    await is_asked(story)
    await is_shared(story)
    await is_shared(story, how=False)
    assert "fix refunds" in shown(story)
    for person in (story.bo, story.cy):
        await person.clicks("Approve")
    await story.until("P-1", "succeeded")


async def test_a24_the_card_of_what_ended_before_says_less_too(story: Story) -> None:
    """Whoever comes into the channel reads what was written before they came."""
    await succeeds(story)
    await rests(story)
    assert "v2.14.2" in shown(story)
    commit = (await story.stands("P-1")).sha or ""
    assert commit[:7] in shown(story)
    await is_shared(story)
    assert commit[:7] not in shown(story)
    assert "Details in private" in shown(story)


async def test_a24_a_rollback_is_asked_for_there_as_anywhere(story: Story) -> None:
    """Nobody waits for Home when production is down: the button of the short card opens the form."""
    await fails(story)
    await is_shared(story)
    assert "Roll back to v2.14.2" in buttons(messages_about(story, "P-1"))
    await story.ana.types("/rollback checkout in production because errors are up")
    await story.until("P-2", "succeeded")


async def test_a24_a_channel_that_was_never_read_takes_no_approval_before_a_look(story: Story) -> None:
    """A line from a channel that the catalog does not name: refused, looked at, and taken when it comes again."""
    await is_asked(story)
    refuses(story, "slack", "conversations.info", 500)
    said = replies(await story.bo.types("/promote approve P-1", channel="payments"))
    assert "I do not know yet whether this channel is shared" in said[0]
    assert (await story.stands("P-1")).approvals == ()
    await story.sees(lambda: _is_told(story, "payments", "inside"), "the look")
    await story.bo.types("/promote approve P-1", channel="payments")
    assert [one.by for one in (await story.stands("P-1")).approvals] == ["bo"]


async def test_a24_what_slack_does_not_tell_for_an_hour_counts_as_not_read(story: Story) -> None:
    """Slack hides the channel: what it said an hour ago lets nothing through, and Home goes on working."""
    await is_asked(story)
    story.world.slack_scopes.discard("channels:read")
    story.passes(3_700)
    await story.sees(lambda: _is_told(story, "deploys", "unread"), "that nobody knows")
    await rests(story)
    said = replies(await story.bo.types("/promote approve P-1"))
    assert "I do not know yet whether this channel is shared" in said[0]
    assert "fix refunds" in shown(story)
    await is_approved_on_home(story)
    await story.until("P-1", "succeeded")


def letters(story: Story, person: str) -> list[str]:
    """The direct messages to somebody."""
    channel = story.playground.slack.workspace.direct(story.world.people[person].slack)
    return [one.text for one in channel.messages.values()]
