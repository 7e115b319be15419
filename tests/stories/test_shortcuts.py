"""Slack's menus: beside the composer and beside each message, where no slash command works."""

from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot import entrances
from bot.entrances import Shortcut
from tests.stories.deploys import INCIDENT, fails, has_room, is_asked, room, succeeds
from tests.stories.moments import rests
from tests.stories.parts import weak_store
from tests.stories.post import payload, posted, signed
from tests.stories.story import Story
from tests.stories.ways import chooses, shown_in, writes


async def test_promote_a_service(story: Story) -> None:
    """The request form opens from anywhere, and sending it asks."""
    view = await chooses(story.ana, entrances.PROMOTE)

    assert view.body["callback_id"] == "promo.request"


async def test_what_is_deployed(story: Story) -> None:
    """A modal, since there is no channel: what runs where of one's own services, and how to see the others."""
    view = await chooses(story.eli, entrances.WHAT_IS_DEPLOYED)

    assert view.body["title"]["text"] == "What is deployed?"
    assert shown_in(view) == snapshot(
        [
            """\
*inventory*
dev: *v1.2.0* since <time> (adopted)
staging: *v1.1.0* since <time> (adopted)
production: *v1.1.0* since <time> (adopted)\
""",
            "Your services: 1 of 3. `/promote status all` lists every one.",
        ]
    )


async def test_explain_works_on_a_card_and_on_all_below_it(story: Story) -> None:
    """The card, what we said in its thread, and what people say there mean the same promotion."""
    await is_asked(story)
    await rests(story)
    card = story.card("P-1")
    await writes(story.eli, "why does it wait?", card)

    told = [shown_in(await chooses(story.eli, entrances.EXPLAIN, one)) for one in story.messages()]
    assert len(told) == 3
    assert all(one == told[0] for one in told)
    assert told[0][0] == snapshot(
        ":raised_hand: `P-1` checkout v2.14.3 → production: *Waiting for approval: 0 of 2*"
    )


async def test_roll_back_from_a_message(story: Story) -> None:
    """The form of the promotion whose card it is."""
    await succeeds(story)
    await rests(story)
    view = await chooses(story.dee, entrances.UNDO, story.card("P-1"))

    assert (view.body["callback_id"], "P-1" in view.body["private_metadata"]) == ("promo.rollback", True)


async def test_the_channel_of_an_incident_is_about_its_promotion(story: Story) -> None:
    """Any message there, the pinned card or somebody's words, means what failed."""
    await fails(story)
    await story.sees(lambda: has_room(story), "the incident channel")
    await rests(story)
    await writes(story.dee, "looking", channel=INCIDENT)

    for message in room(story).messages.values():
        view = await chooses(story.dee, entrances.UNDO, message)
        assert "P-1" in view.body["private_metadata"], message.text


async def test_a_message_of_nobody_s(story: Story) -> None:
    """A message that belongs to no promotion, and an entry that this version does not have, say what to do."""
    await writes(story.eli, "lunch?")
    lunch = story.messages()[-1]

    assert shown_in(await chooses(story.eli, entrances.EXPLAIN, lunch)) == snapshot(
        [
            "This message belongs to no promotion that I know of. Use it on one of my cards, or on any message in the thread of one; or type `/promote why P-142` and `/promote status`."
        ]
    )
    assert shown_in(await chooses(story.eli, entrances.UNDO, lunch)) == shown_in(
        await chooses(story.eli, entrances.EXPLAIN, lunch)
    )
    gone = Shortcut("shortcut.gone", "Gone", "Gone", "global")
    assert shown_in(await chooses(story.eli, gone)) == snapshot(
        ["This version of Greenlight has no such shortcut. Reload Slack, or type `/promote help`."]
    )


async def test_every_entry_opens_where_slack_draws_no_newer_blocks(story: Story) -> None:
    """A Slack that refuses alerts and what is newer still gets each modal."""
    await succeeds(story)
    await rests(story)
    story.playground.slack.workspace.refuse_blocks = "rich"

    assert (await chooses(story.ana, entrances.PROMOTE)).body["callback_id"] == "promo.request"
    assert "*inventory*" in shown_in(await chooses(story.eli, entrances.WHAT_IS_DEPLOYED))[0]
    assert "P-1" in shown_in(await chooses(story.eli, entrances.EXPLAIN, story.card("P-1")))[0]
    assert (await chooses(story.dee, entrances.UNDO, story.card("P-1"))).body["blocks"][0][
        "type"
    ] == "section"


async def test_a_copy_of_a_card_is_none_of_ours(story: Story) -> None:
    """What stands on a message proves nothing: only the record says which message is whose."""
    await is_asked(story)
    card = story.card("P-1")
    slack = story.playground.slack.workspace
    copy = replace(card, ts=slack.next_ts(), author="U0ELI")
    slack.put(copy)

    assert "no promotion" in shown_in(await chooses(story.eli, entrances.EXPLAIN, copy))[0]


async def test_strangers_and_a_store_that_is_down(story: Story) -> None:
    """Who may not ask, and what cannot be read, is said in the modal that would have been the answer."""
    store = await weak_store(story)
    store.is_blind = True
    assert shown_in(await chooses(story.ana, entrances.WHAT_IS_DEPLOYED)) == snapshot(
        [
            "I cannot reach my database, so I will not approve or start anything, and this was not recorded. Try again in a minute; the team that runs me sees it in the logs."
        ]
    )
    store.is_blind = False
    story.world.people["eli"] = replace(story.world.people["eli"], team_id="T0OTHER")

    assert shown_in(await chooses(story.eli, entrances.WHAT_IS_DEPLOYED)) == snapshot(
        [
            "I take requests from full members of this workspace only, so nothing was done. Ask somebody of the owner team to do it with you."
        ]
    )


@pytest.mark.door("http")
@pytest.mark.door("http")
async def test_what_is_no_shortcut_is_refused(story: Story) -> None:
    """Signed JSON of another shape: 400, never an error of ours."""
    whole = {"type": "message_action", "user": {"id": "U0ANA"}, "team": {"id": "T0"}, "callback_id": "x"}
    odd = [
        whole,
        {**whole, "trigger_id": 5},
        {**whole, "trigger_id": "1", "callback_id": None},
        {**whole, "trigger_id": "1", "channel": {"id": 7}},
        {**whole, "trigger_id": "1", "message": {"ts": {"a": 1}}},
        {**whole, "trigger_id": "1", "message": "x"},
        {"type": "shortcut", "callback_id": "x", "trigger_id": "1"},
    ]
    bodies = [payload(one) for one in odd]

    assert [await posted(story, body, signed(story, body)) for body in bodies] == [400] * len(odd)
