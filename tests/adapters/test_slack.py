"""Slack: what goes out arrives, refused blocks become plainer, and every silence is told apart from a no."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.adapters.slack import MOST_TEXT, SlackChat
from bot.playground.clock import WorldClock
from bot.playground.seed import build_world
from bot.playground.slack.simulator import Slack
from bot.playground.world import Person
from bot.ports import Blocks, Me, Refused, View
from tests.adapters.scripted import Said, Vendor, vendor
from tests.playground.simulators import served

TOKEN = "xoxb-playground"
PLAIN: Blocks = [{"type": "section", "text": {"type": "plain_text", "text": "plain"}}]
RICH: Blocks = [{"type": "markdown", "text": "**rich**"}]
WRONG: Blocks = [{"type": "no such block"}]


@dataclass(slots=True)
class Place:
    """A simulated Slack and the adapter on it."""

    slack: Slack
    chat: SlackChat

    def channel(self, name: str = "deploys") -> str:
        return self.slack.workspace.channel(name).id

    def asked(self, method: str) -> list[dict[str, object]]:
        """The bodies of every call of a method."""
        return [
            dict(call.body)
            for call in self.slack.world.ledger
            if call.path == method and isinstance(call.body, dict)
        ]


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    slack = Slack(build_world(WorldClock()))
    async with (
        served(slack.routes()) as origin,
        SlackChat(TOKEN, base_url=f"{origin}/sim/slack/api/") as chat,
    ):
        yield Place(slack, chat)
    await slack.close()


async def test_me_is_asked_once(place: Place) -> None:
    """Team, user, bot and app are known after two calls, and not asked again."""
    assert await place.chat.me() == Me(
        "T0ACME", "U0GREENLIGHT", "B0GREENLIGHT", "A0GREENLIGHT", "https://acme.slack.example/"
    )
    await place.chat.me()
    assert len(place.slack.world.ledger) == 2


async def test_post_thread_broadcast_and_metadata(place: Place) -> None:
    """A card, a reply and a broadcast stand where they should; metadata names the promotion; nothing unfurls."""
    card = await place.chat.post(place.channel(), "P-1: a card", [PLAIN], promotion="P-1")
    await place.chat.post(place.channel(), "a reply", thread=card.ts)
    await place.chat.post(place.channel(), "P-1 failed", thread=card.ts, broadcast=True)
    messages = place.slack.messages("deploys")
    assert [(m.text, m.thread_ts, m.broadcast) for m in messages] == [
        ("P-1: a card", None, False),
        ("a reply", card.ts, False),
        ("P-1 failed", card.ts, True),
    ]
    assert messages[0].metadata == {
        "event_type": "greenlight_promotion",
        "event_payload": {"promotion": "P-1"},
    }
    assert all(
        call["unfurl_links"] is False and call["unfurl_media"] is False
        for call in place.asked("chat.postMessage")
    )


async def test_update_replaces_text_and_blocks(place: Place) -> None:
    """An edit without blocks takes the old ones away, so that no stale button stays."""
    card = await place.chat.post(place.channel(), "before", [PLAIN])
    await place.chat.update(card.channel, card.ts, "after")
    (message,) = place.slack.messages("deploys")
    assert (message.text, message.blocks, message.edits) == ("after", [], 1)


@pytest.mark.parametrize(
    ("rungs", "shown"),
    [([RICH, PLAIN], "markdown"), ([WRONG, PLAIN], "section"), ([WRONG, WRONG], None), ([], None)],
)
async def test_f80_ladder_shows_the_first_rung_that_slack_takes(
    place: Place, rungs: list[Blocks], shown: str | None
) -> None:
    """Blocks that Slack refuses cost only themselves: the next rung, at last the text, goes out; edits too."""
    card = await place.chat.post(place.channel(), "said", rungs)
    assert _first_type(place) == shown
    await place.chat.update(card.channel, card.ts, "said again", rungs)
    assert _first_type(place) == shown
    assert place.slack.posts("deploys") == 1


def _first_type(place: Place) -> object:
    (message,) = place.slack.messages("deploys")
    return message.blocks[0]["type"] if message.blocks else None


@pytest.mark.parametrize(
    "code",
    ["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "block_mismatch"],
)
async def test_f80_each_word_for_wrong_blocks_goes_down_a_rung(code: str) -> None:
    """Whatever Slack calls it, the text goes out."""
    refusal = Said(200, f'{{"ok": false, "error": "{code}"}}')
    async with (
        vendor(refusal, Said(200, '{"ok": true, "channel": "C1", "ts": "1.2"}')) as slack,
        chat_at(slack) as chat,
    ):
        posted = await chat.post("C1", "said", [PLAIN])
    assert posted.ts == "1.2"
    assert "blocks" not in slack.heard[1].fields


@pytest.mark.parametrize("text", ["x" * 50_000, "é" * 50_000, "🚀" * 20_000])
async def test_f80_long_text_is_clipped_below_what_an_edit_may_have(place: Place, text: str) -> None:
    """Slack counts an edit's text in bytes; a clipped one ends with an ellipsis and goes out whole."""
    card = await place.chat.post(place.channel(), text)
    await place.chat.update(card.channel, card.ts, text)
    (message,) = place.slack.messages("deploys")
    assert len(message.text.encode()) <= MOST_TEXT
    assert message.text.endswith("…")


async def test_whisper_and_direct(place: Place) -> None:
    """A private word is seen by one; a direct message opens the conversation, plainer when blocks are refused."""
    await place.chat.whisper(place.channel(), "U0ANA", "only for you", WRONG)
    sent = await place.chat.direct("U0BO", "hello", WRONG)
    assert [message.text for message in place.slack.shown_to("ana")] == ["only for you"]
    assert [message.text for message in place.slack.workspace.channels[sent.channel].messages.values()] == [
        "hello"
    ]


async def test_permalink(place: Place) -> None:
    """A message has an address."""
    card = await place.chat.post(place.channel(), "a card")
    assert card.ts.replace(".", "") in await place.chat.permalink(card.channel, card.ts)


async def test_a22_a23_account_tells_guests_and_strangers(place: Place) -> None:
    """A guest, somebody of another workspace and a bot are told from a member."""
    people = place.slack.world.people
    people["gus"] = Person("gus", "Gus", "U0GUS", "gus-dev", None, "guest", guest=True)
    people["sue"] = Person("sue", "Sue", "U0SUE", "sue-dev", None, "stranger", team_id="T0OTHER")
    ana = await place.chat.account("U0ANA")
    assert (ana.team, ana.is_bot, ana.is_guest, ana.is_stranger, ana.is_deleted) == (
        "T0ACME",
        False,
        False,
        False,
        False,
    )
    assert (await place.chat.account("U0GUS")).is_guest
    assert (await place.chat.account("U0SUE")).is_stranger
    assert (await place.chat.account("U0GREENLIGHT")).is_bot
    with pytest.raises(Refused):
        await place.chat.account("U0NOBODY")


@pytest.mark.parametrize(
    ("user", "stranger", "guest"),
    [
        ('{"id": "U1"}', True, True),
        (
            '{"id": "U1", "team_id": "T0OTHER", "is_restricted": false, "is_ultra_restricted": false}',
            True,
            False,
        ),
        (
            '{"id": "U1", "team_id": "E1", "is_restricted": false, "is_ultra_restricted": false,'
            ' "enterprise_user": {"teams": ["T1"]}}',
            False,
            False,
        ),
        (
            '{"id": "U1", "team_id": "T1", "is_restricted": false, "is_ultra_restricted": false, "is_stranger": true}',
            True,
            False,
        ),
        ('{"id": "U1", "team_id": "T1", "is_restricted": false, "is_ultra_restricted": true}', False, True),
    ],
)
async def test_a23_what_slack_does_not_say_of_a_user_counts_against_them(
    user: str, stranger: bool, guest: bool
) -> None:
    """A missing field makes nobody a full member; members of an organization's other workspace are ours too."""
    script = (
        Said(200, '{"ok": true, "team_id": "T1", "user_id": "UB", "bot_id": "B1"}'),
        Said(200, '{"ok": true, "bot": {"app_id": "A1"}}'),
        Said(200, f'{{"ok": true, "user": {user}}}'),
    )
    async with vendor(*script) as slack, chat_at(slack) as chat:
        account = await chat.account("U1")
    assert (account.is_stranger, account.is_guest) == (stranger, guest)


async def test_channels_are_created_found_and_named_once(place: Place) -> None:
    """A new channel is found by its name; a taken name is Refused with that code; no name, no channel."""
    made = await place.chat.create_channel("inc-4411-checkout")
    assert await place.chat.find_channel("inc-4411-checkout") == made
    assert await place.chat.find_channel("no-such-channel") is None
    assert await place.chat.find_channel("general") is None, "somebody else's is not ours"
    with pytest.raises(Refused) as refused:
        await place.chat.create_channel("inc-4411-checkout")
    assert refused.value.code == "name_taken"


async def test_find_channel_follows_every_page() -> None:
    """A channel on the last page is found; the cursor is sent on."""
    first = Said(
        200,
        '{"ok": true, "channels": [{"id": "C1", "name": "a"}], "response_metadata": {"next_cursor": "n="}}',
    )
    last = Said(
        200,
        '{"ok": true, "channels": [{"id": "C2", "name": "b", "creator": "UB"}], "response_metadata": {"next_cursor": ""}}',
    )
    me = (
        Said(200, '{"ok": true, "team_id": "T1", "user_id": "UB", "bot_id": "B1"}'),
        Said(200, '{"ok": true, "bot": {"app_id": "A1"}}'),
    )
    async with vendor(first, last, *me) as slack, chat_at(slack) as chat:
        assert await chat.find_channel("b") == "C2"
    assert "cursor=n%3D" in slack.heard[1].path


async def test_invite_brings_everybody_who_can_come(place: Place) -> None:
    """Who is there already, and the bot itself, are fine; one unknown person does not keep the others out."""
    channel = await place.chat.create_channel("inc-1")
    await place.chat.invite(channel, ["U0ANA", "U0GREENLIGHT"])
    await place.chat.invite(channel, ["U0ANA"])
    await place.chat.invite(channel, [])
    with pytest.raises(Refused, match="U0NOBODY could not be invited") as refused:
        await place.chat.invite(channel, ["U0NOBODY", "U0BO", "U0CY", "U0ANA"])
    assert refused.value.code == "user_not_found"
    assert set(place.slack.workspace.channels[channel].members) == {"U0GREENLIGHT", "U0ANA", "U0BO", "U0CY"}


async def test_topic_and_pin_can_be_repeated(place: Place) -> None:
    """Setting the topic and pinning again end in the same place."""
    card = await place.chat.post(place.channel(), "a card")
    for _ in range(2):
        await place.chat.set_topic(card.channel, "checkout failed")
        await place.chat.pin(card.channel, card.ts)
    channel = place.slack.workspace.channels[card.channel]
    assert (channel.topic, channel.pins) == ("checkout failed", [card.ts])


async def test_group_members(place: Place) -> None:
    """A user group's members are ids; an unknown group is a refusal, never an empty team."""
    place.slack.workspace.usergroups["S0WEB"] = ["U0BO", "U0CY"]
    assert await place.chat.group_members("S0WEB") == {"U0BO", "U0CY"}
    with pytest.raises(Refused):
        await place.chat.group_members("S0NOBODY")


async def test_f74_expired_trigger_is_a_refusal(place: Place) -> None:
    """A modal that opens too late is a definite no."""
    with pytest.raises(Refused):
        await place.chat.open_view(
            "1.2.none", {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": PLAIN}
        )


async def test_a_view_is_updated_by_its_hash(place: Place) -> None:
    """Each answer names what is shown now; an update of what was shown before is a refusal of its own."""
    view: View = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": PLAIN}
    first = await place.chat.open_view(place.slack.workspace.new_trigger("U0ANA"), view)
    second = await place.chat.update_view(first.id, view, hash=first.hash)
    assert (second.id, second.hash != first.hash) == (first.id, True)
    with pytest.raises(Refused) as old:
        await place.chat.update_view(first.id, view, hash=first.hash)
    assert old.value.code == "hash_conflict"
    assert (await place.chat.update_view(first.id, view)).id == first.id


def chat_at(slack: Vendor) -> SlackChat:
    return SlackChat(TOKEN, base_url=slack.url, deadline=0.5)
