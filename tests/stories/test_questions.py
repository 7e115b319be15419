"""Questions: help, what runs where, and why a promotion stands where it stands."""

from inline_snapshot import snapshot

from tests.stories.deploys import fails, succeeds, timeless
from tests.stories.moments import rests
from tests.stories.rules import rule_changes
from tests.stories.said import block_words, heard, plain, replies
from tests.stories.story import Story
from tests.stories.ways import mentions

BECAUSE = "because fix refunds"


async def test_help_names_what_can_be_typed(story: Story) -> None:
    """Help is private and every question mark finds it."""
    answer = await story.eli.types("/promote ?")

    assert replies(answer) == snapshot(
        [
            """\
*Promote a version:*  `/promote checkout@v2.14.3 to production because fix refunds`
*A form for it:*  `/promote`
*What is live:*  `/promote status checkout`
*What happened:*  `/promote history checkout last 7d`
*Why is it blocked:*  `/promote why P-142`
*Undo:*  `/rollback checkout because errors after the deploy`
*In a thread, mention me instead:*  `@greenlight why`
*More:*  `/promote help approvals`  `/promote help rollback`  `/promote help incidents`  `/promote help mentions`  `/promote help shortcuts`  `/promote help setup`\
"""
        ]
    )
    assert replies(await story.eli.types("/promote -h")) == replies(answer)
    assert replies(await story.eli.types("/promote help rollback")) == snapshot(
        [
            """\
*Roll back* with the button of a failed or finished promotion, or `/rollback checkout because …`
It goes to the last version that was verified there. Name another: `/rollback checkout to v2.14.2 because …`
`/promote history checkout` has a button for each version that you can go back to.
A rollback is first in the queue, skips the gates and cancels a deploy that runs in its place.
No database migration is undone.\
"""
        ]
    )


async def test_status_says_what_runs_where(story: Story) -> None:
    """Status of one service: each environment, since when, and what is on its way."""
    await story.ana.types(f"/promote checkout@v2.14.3 to production {BECAUSE}")
    await rests(story)

    assert replies(await story.eli.types("/promote status checkout")) == snapshot(
        [
            "What runs where. checkout dev: *v2.14.3* since <time> (adopted); checkout staging: *v2.14.3* since <time> (adopted); checkout production: *v2.14.2* since <time> (adopted), on its way: P-1 v2.14.3 awaiting approval."
        ]
    )
    assert replies(await story.eli.types("/promote status p1")) == snapshot(
        [
            "P-1: checkout v2.14.3 to production is waiting for approval, 0 of 2. All 3 gates passed. Asked by ana."
        ]
    )


async def test_why_lists_each_rule(story: Story) -> None:
    """Why: each rule with its verdict and what was seen, by id or by place."""
    await story.ana.types(f"/promote checkout@v2.14.3 to production {BECAUSE}")
    await rests(story)

    answer = await story.eli.types("/promote why P-1")
    assert [plain(block["text"]["text"]) for block in answer["replies"][0]["blocks"][:2]] == snapshot(
        [
            ":raised_hand: `P-1` checkout v2.14.3 → production: *Waiting for approval: 0 of 2*",
            """\
1. :white_small_square: *Approvals* 0 of 2 · Needs 2 more of release-managers (@bo or @cy). Not @ana, who asked.
2. :white_small_square: *Wait* 10 s after the last approval
3. :white_small_square: *Slot* taken when all else holds
4. :white_check_mark: *Branch* passed · on main
5. :white_check_mark: *Path* passed · succeeded in staging
6. :white_check_mark: *Checks* passed · 3 passed
7. :white_check_mark: *Health* passed · staging: 1 good answer in a row (HTTP 200)
8. :white_check_mark: *Incidents* passed · none open\
""",
        ]
    )
    assert replies(await story.eli.types("/promote why checkout production")) == replies(answer)
    assert len(heard(story.eli)) == 2


async def why(story: Story) -> list[str]:
    """What Eli hears when he asks why, without what takes time."""
    answer = await story.eli.types("/promote why P-1")
    return [timeless(words) for words in block_words(answer["replies"][0]["blocks"])]


async def test_why_of_a_failure(story: Story) -> None:
    """Incident: why of a failed promotion began with the slot, as if something were still awaited."""
    await fails(story)
    await story.settles()

    assert await why(story) == snapshot(
        [
            ":x: `P-1` checkout v2.14.3 → production: *Failed at Smoke tests after <while>*",
            """\
*Now serving: v2.14.3* · last good: v2.14.2
Incident [PD-4411] · <#C0PLAY11> · on call: <@U0DEE>\
""",
            "approved by <@U0BO> and <@U0CY> · [run 8801]",
            """\
1. :white_check_mark: *Checks* passed · 3 passed
2. :white_check_mark: *Health* passed · staging: 1 good answer in a row (HTTP 200)
3. :white_check_mark: *Incidents* passed · none open\
""",
            "*Next:* `/promote rollback checkout in production because …` goes back to v2.14.2, or mend the cause, then `/promote retry P-1` asks for it again.",
            "P-1 FAILED: checkout v2.14.3 to production failed at Smoke tests after <while>. v2.14.3 is serving. Incident PD-4411. Asked by ana, approved by bo and cy.",
        ]
    )


async def test_why_of_an_end(story: Story) -> None:
    """An end before the deploy: who ended it and why, what was seen until then, and the next step."""
    await story.ana.types(f"/promote checkout@v2.14.3 to production {BECAUSE}")
    await rests(story)
    await story.bo.types("/promote reject P-1 because not before the audit")

    assert await why(story) == snapshot(
        [
            ":no_entry: `P-1` checkout v2.14.3 → production: *Rejected by <@U0BO>*",
            "> “not before the audit”",
            """\
1. :white_check_mark: *Checks* passed · 3 passed
2. :white_check_mark: *Health* passed · staging: 1 good answer in a row (HTTP 200)
3. :white_check_mark: *Incidents* passed · none open\
""",
            "*Next:* `/promote checkout@v2.14.3 to production because …` asks for it again.",
            "P-1: checkout v2.14.3 to production was rejected by bo. Asked by ana.",
        ]
    )


async def test_why_of_a_success_that_was_undone(story: Story) -> None:
    """What went well has nothing left to do; what was undone names what undid it."""
    await succeeds(story)
    await rests(story)
    assert (await why(story))[-2:] == snapshot(
        [
            "*Next:* nothing is left to do here. `/promote rollback checkout in production because …` undoes it.",
            "P-1: checkout v2.14.3 is live in production after <while>. Asked by ana, approved by bo and cy.",
        ]
    )

    await story.dee.types("/promote rollback checkout because refunds are failing")
    await story.until("P-2", "succeeded")
    await rests(story)
    assert (await why(story))[-2:] == snapshot(
        [
            "*Next:* P-2 undid it, nothing is left to do here.",
            "P-1: checkout v2.14.3 in production was rolled back to v2.14.2 by P-2. Asked by ana, approved by bo and cy.",
        ]
    )


async def its_own_channel(story: Story) -> None:
    """Storefront gets a channel of its own, which the bot is in."""
    story.playground.slack.workspace.add_channel("storefront", [story.world.bot_user])
    await rule_changes(
        story, "    repo: acme/storefront\n", "    repo: acme/storefront\n    channel: storefront\n"
    )


async def test_the_service_of_a_channel_is_implied(story: Story) -> None:
    """In a service's channel help and history are about it, and the form has it chosen."""
    await its_own_channel(story)

    said = replies(await story.eli.types("/promote help", "storefront"))[0]
    assert "/promote status storefront" in said
    assert replies(await story.eli.types("/promote history", "storefront")) == snapshot(
        ["No promotion of storefront is recorded. Start one: `/promote storefront`"]
    )
    view = (await story.eli.types("/promote", "storefront"))["view"]
    assert "storefront" in str(view["blocks"])
    assert "acme/checkout" not in str(view["blocks"])


async def test_a_mention_learns_the_channel_from_its_cards(story: Story) -> None:
    """Slack does not name a channel to whom it tells of a mention; the cards there do, where it is one service's."""
    await its_own_channel(story)
    assert "did not understand" in await mentions(story.eli, "history", channel="storefront")
    await story.ana.types("/promote storefront@v1.2.0 to production because fix refunds")
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await story.sees(lambda: story.messages("storefront") and story.messages(), "the cards")
    await rests(story)

    assert "P-1" in await mentions(story.eli, "history", channel="storefront")
    assert "did not understand" in await mentions(story.eli, "history", channel="deploys")


async def test_a_topic_that_is_none_says_which_there_are(story: Story) -> None:
    """Help on what does not exist names what does, and still helps."""
    said = replies(await story.eli.types("/promote help locks"))[0]
    assert said.splitlines()[0] == snapshot(
        "There is no help on “locks”; ask about *approvals*, *rollback*, *incidents*, *mentions*, *shortcuts* or *setup*."
    )
    assert len(said.splitlines()) > 5
