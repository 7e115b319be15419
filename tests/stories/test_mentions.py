"""`@greenlight …`: what slash commands do, where slash commands do not work, with the promotion implied."""

import json
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.playground.slack import payloads
from bot.playground.slack.raw import elements_in
from handlers.limits import PERSON
from tests.stories.deploys import INCIDENT, fails, has_room, is_asked
from tests.stories.moments import rests
from tests.stories.parts import weak_store
from tests.stories.post import JSON, posted, signed
from tests.stories.rules import rules_change
from tests.stories.story import Story
from tests.stories.surfaces import presses
from tests.stories.ways import mentions, writes


async def test_below_a_card_the_promotion_is_implied(story: Story) -> None:
    """Why, status and help in the thread of a card are about its promotion; only the asker sees the answer."""
    await is_asked(story)
    card = story.card("P-1")

    assert await mentions(story.eli, "why?", card) == snapshot(
        "P-1: checkout v2.14.3 to production is waiting for approval, 0 of 2. All 3 gates passed. Asked by ana."
    )
    assert await mentions(story.eli, "status", card) == snapshot(
        "P-1: checkout v2.14.3 to production is waiting for approval, 0 of 2. All 3 gates passed. Asked by ana."
    )
    assert (await mentions(story.eli, "", card)).startswith("*Promote a version:*")
    assert [one for one in story.messages() if one.author == story.world.bot_user and one.thread_ts] == [
        one for one in story.messages() if "ready for review" in one.text
    ]


async def test_a_promotion_is_approved_in_its_thread(story: Story) -> None:
    """Two people approve in words, each with a note, and it is deployed; nobody typed an id."""
    story.world.run.seconds = 2.0
    await is_asked(story)
    card = story.card("P-1")

    assert await mentions(story.bo, "approve looks good", card) == snapshot(
        "Done. P-1: checkout v2.14.3 to production is waiting for approval, 1 of 2. All 3 gates passed. Asked by ana, approved by bo."
    )
    assert await mentions(story.ana, "approve", card) == snapshot(
        "You asked for P-1, so someone else must approve it (rule `self_approval`). Ask one of @bo or @cy."
    )
    assert "Done." in await mentions(story.cy, "approve `because` the graphs are “fine”", card)
    promotion = await story.until("P-1", "succeeded")

    assert [one.note for one in promotion.approvals] == snapshot(["looks good", "the graphs are “fine”"])


async def test_reject_cancel_retry_and_roll_back_below_a_card(story: Story) -> None:
    """Each verb means the promotion of its thread, whichever thread that is."""
    await is_asked(story)
    await story.ana.types("/promote storefront@v1.2.0 to production because fix refunds")
    await rests(story)
    first, second = story.card("P-1"), story.card("P-2")

    assert await mentions(story.bo, "reject because not on a Friday", second) == snapshot(
        "Done. P-2: storefront v1.2.0 to production was rejected by bo. Asked by ana."
    )
    assert await mentions(story.ana, "retry health", first) == snapshot(
        "Done. P-1: ana asked to promote checkout v2.14.3 to production. Checking 3 gates."
    )
    assert await mentions(story.ana, "cancel", first) == snapshot(
        "Done. P-1: checkout v2.14.3 to production was cancelled by ana. Asked by ana."
    )
    assert await mentions(story.dee, "rollback because errors are up", first) == snapshot(
        "I cannot roll back P-1: it was cancelled. Try `@greenlight rollback checkout in production`."
    )
    ends = [(await story.stands(one)).ending for one in ("P-1", "P-2")]
    assert [(one.by, one.said) for one in ends if one] == snapshot([("ana", ""), ("bo", "not on a Friday")])


async def test_an_incident_channel_implies_its_promotion(story: Story) -> None:
    """In the channel of an incident a mention is about what failed, in a thread there or outside of one."""
    await fails(story)
    await story.sees(lambda: has_room(story), "the incident channel")
    await rests(story)

    assert "P-1" in await mentions(story.dee, "why", channel=INCIDENT)
    assert await mentions(story.dee, "rollback because errors are up", channel=INCIDENT) == snapshot(
        "P-2: rollback of checkout in production to v2.14.2 is asked for. Its card comes in #deploys; if it gets none, I tell you why here."
    )
    await story.until("P-2", "succeeded")


async def test_outside_of_a_thread_the_whole_grammar_works(story: Story) -> None:
    """In the channel itself a mention is what /promote is, with and without its name."""
    said = await mentions(story.ana, "checkout@v2.14.3 to production because fix refunds")
    assert said == snapshot(
        "P-1: checkout v2.14.3 to production is asked for. Its card comes in #deploys; if it gets none, I tell you why here."
    )
    await story.until("P-1", "waiting")
    for line in ("/promote why P-1", "promote why P-1", "`why P-1`", '"why p1"', "why #1"):
        assert "P-1" in await mentions(story.ana, line), line
    assert await mentions(story.ana, "statsu checkout") == snapshot(
        "I did not understand “statsu checkout”. Did you mean `@greenlight status checkout`?"
    )
    assert await mentions(story.ana, "on staging for checkout") == snapshot(
        "I did not understand “on staging for checkout”. Did you mean `@greenlight checkout to staging`?"
    )
    assert await mentions(story.ana, "approve") == snapshot(
        "I did not understand “approve”. Did you mean `@greenlight approve P-142`?"
    )


async def test_a_form_is_offered_where_none_can_open(story: Story) -> None:
    """A mention opens no form; the button of its answer does, with what was said."""
    assert await mentions(story.ana, "checkout@v2.14.3 because fix refunds") == snapshot(
        "This needs a form. Press *Open the form*: what you typed is in it."
    )
    workspace = story.playground.slack.workspace
    answer = workspace.private[story.world.people["ana"].slack][-1]
    (button,) = elements_in(answer.blocks)
    assert button.words == "Open the form"
    await presses(story.ana, answer, button)
    await story.sees(lambda: workspace.view_of("U0ANA"), "the form")
    view = workspace.view_of("U0ANA")
    assert view is not None
    assert (view.body["callback_id"], "v2.14.3" in str(view.body)) == ("promo.request", True)


@pytest.mark.door("http")
async def test_what_slack_marks_up_is_read_as_it_was_typed(story: Story) -> None:
    """People, links, channels and entities are words again; our own name stands first, and is none of them."""
    me = f" <@{story.world.bot_user}|greenlight>:"
    words = "checkout@v2.14.3 to production because <@U0BO> said it &amp; <https://x.example/a?b=1&amp;c=2> "
    await is_told(story, f"{me} {words}in <#C0123|deploys>, <mailto:a@b.example|a@b.example> &lt;now&gt;")
    await story.until("P-1", "waiting")

    assert (await story.stands("P-1")).reason == snapshot(
        "@bo said it & https://x.example/a?b=1&c=2 in #deploys, a@b.example <now>"
    )


async def test_a_thread_of_nothing_of_ours(story: Story) -> None:
    """Below anybody's message the promotion has to be named, and the answer says how."""
    await writes(story.ana, "shall we deploy?")
    theirs = story.messages()[-1]

    assert await mentions(story.ana, "approve", theirs) == snapshot(
        "I did not understand “approve”. Did you mean `@greenlight approve P-142`?"
    )
    assert await mentions(story.ana, "why", theirs) == snapshot(
        "I did not understand “why”. Did you mean `@greenlight why P-142`?"
    )


async def test_a_slip_in_an_id_approves_nothing(story: Story) -> None:
    """Below a card, what looks like another id is never a remark about this one."""
    await is_asked(story)
    card = story.card("P-1")

    for slip in ("142", "P-l42", "p-", "#14x", "P--2"):
        assert "Did you mean" in await mentions(story.bo, f"approve {slip} looks good", card), slip
    assert (await story.stands("P-1")).approvals == ()


async def test_what_is_brought_again_is_done_and_answered_once(story: Story) -> None:
    """Slack repeats an event whose acknowledgement it did not hear: one approval, one answer, also after a restart."""
    await is_asked(story)
    await mentions(story.bo, "approve fine", story.card("P-1"))
    event = story.playground.slack.requests.sent[-1]
    heard = list(story.bo.heard)
    for number in (1, 2, 3):
        assert (await story.playground.slack.requests.repeat(event, number)).failure is None
    await rests(story)
    assert (len((await story.stands("P-1")).approvals), story.bo.heard) == (1, heard)

    await story.bot_restarts()
    await story.playground.slack.requests.repeat(event, 4)
    await story.sees(lambda: len(story.bo.heard) > len(heard), "what became of it")

    assert len((await story.stands("P-1")).approvals) == 1
    assert story.bo.heard[-1] == snapshot(
        "That was done already, as P-1; nothing was done twice. `@greenlight why P-1` shows where it stands."
    )


async def test_what_the_store_did_not_take_is_not_acknowledged(story: Story) -> None:
    """E25: an approval that could not be stored is brought again by Slack, and counts once then."""
    store = await weak_store(story)
    await is_asked(story)
    card, failed = story.card("P-1"), store.failures
    store.fails = lambda change: store.failures == failed and any(one.actor == "bo" for one in change.audit)

    first = await mentions(story.bo, "approve fine", card)
    await story.sees(lambda: len(story.bo.heard) == 2, "the second answer")

    assert (store.failures - failed, first) == snapshot(
        (
            1,
            "I cannot reach my database, so nothing was done yet. Slack brings me your message again within a few minutes and I answer then; you need not repeat it.",
        )
    )
    assert "Done. P-1" in story.bo.heard[1]
    assert [one.by for one in (await story.stands("P-1")).approvals] == ["bo"]


@pytest.mark.door("http")
async def test_a_question_while_the_store_is_down(story: Story) -> None:
    """A question that nobody could answer is told once, however often Slack brings it."""
    store = await weak_store(story)
    await is_asked(story)
    card = story.card("P-1")
    store.is_blind = True

    await mentions(story.eli, "why", card)
    event = story.playground.slack.requests.sent[-1]
    acks = [await story.playground.slack.requests.repeat(event, number) for number in (2, 3)]
    store.is_blind = False
    await story.playground.slack.requests.repeat(event, 4)
    await story.sees(lambda: len(story.eli.heard) == 2, "the answer at last")

    assert all(ack.failure for ack in acks)
    assert "waiting for approval" in story.eli.heard[1]


async def test_a_stranger_is_refused_in_the_thread(story: Story) -> None:
    """Somebody of another workspace, and somebody whom the catalog does not name, hear a no and change nothing."""
    await is_asked(story)
    card = story.card("P-1")
    story.world.people["bo"] = replace(story.world.people["bo"], team_id="T0OTHER")
    await rules_change(
        story, {"  eli: {slack: U0ELI, github: eli-dev}\n": "", "{members: [eli]}": "{members: [dee]}"}
    )

    assert await mentions(story.bo, "approve fine", card) == snapshot(
        "I take requests from full members of this workspace only, so nothing was done. Ask somebody of the owner team to do it with you."
    )
    assert await mentions(story.eli, "approve fine", card) == snapshot(
        "I do not know <@U0ELI>, so nothing was done. An admin can add the Slack id `U0ELI` under `people` in the catalog."
    )
    assert (await story.stands("P-1")).approvals == ()
    private = story.playground.slack.workspace.private[story.world.people["eli"].slack]
    assert private[-1].thread_ts == card.ts


async def test_more_mentions_than_hands_can_write(story: Story) -> None:
    """The allowance of a person counts mentions as well: beyond it they are told so, and nothing is recorded."""
    await is_asked(story)
    card = story.card("P-1")
    for _ in range(int(PERSON.burst) + 3):
        if story.bot.limits.asks("bo"):
            break
    assert (await mentions(story.bo, "approve fine", card)).startswith("You ask faster")
    assert (await story.stands("P-1")).approvals == ()


@pytest.mark.door("http")
async def test_bots_and_edits_ask_nothing(story: Story) -> None:
    """An integration that names us, our own words, and an old message that was edited, are not answered."""
    await is_asked(story)
    before = len(story.asked("slack", "chat.postEphemeral"))
    for mark in (
        {"bot_id": "B0OTHER"},
        {"edited": {"user": "U0BO", "ts": "1.0"}},
        {"subtype": "bot_message"},
    ):
        assert await is_told(story, f"<@{story.world.bot_user}> approve P-1", **mark) == 200
    assert await is_told(story, f"<@{story.world.bot_user}> approve P-1", user=story.world.bot_user) == 200
    assert await is_told(story, "somebody left", type="member_left_channel") == 200
    await rests(story)

    assert len(story.asked("slack", "chat.postEphemeral")) == before
    assert (await story.stands("P-1")).approvals == ()


async def is_told(story: Story, text: str, **marks: object) -> int:
    """Slack tells the bot of a message, marked up as it says; the status of the acknowledgement."""
    slack = story.playground.slack.workspace
    ana = story.world.people["ana"]
    content = {
        "type": "app_mention",
        "text": text,
        "ts": slack.next_ts(),
        "channel": slack.channel("deploys").id,
    }
    body = json.dumps(payloads.event(slack, ana, {**content, **marks})).encode()
    return await posted(story, body, signed(story, body), JSON)
