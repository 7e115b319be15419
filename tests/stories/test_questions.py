"""Questions: help, what runs where, and why a promotion stands where it stands."""

from inline_snapshot import snapshot

from tests.stories.moments import rests
from tests.stories.said import heard, plain, replies
from tests.stories.story import Story

BECAUSE = "because fix refunds"


async def test_help_names_what_can_be_typed(story: Story) -> None:
    """Help is private and every question mark finds it."""
    answer = await story.eli.types("/promote ?")

    assert replies(answer) == snapshot(
        [
            """\
*Promote a version:*  `/promote checkout@v2.14.3 to production because fix refunds`
*What is live:*  `/promote status checkout`   *What happened:*  `/promote history checkout`
*Why is it blocked:*  `/promote why P-142`   *Undo:*  `/rollback checkout because errors after the deploy`
*Without the card:*  `/promote approve P-142` · `/promote reject P-142 because …` · `/promote cancel P-142`
*A form instead of words:*  `/promote`
*More:*  `/promote help approvals`  `/promote help rollback`  `/promote help setup`\
"""
        ]
    )
    assert replies(await story.eli.types("/promote -h")) == replies(answer)
    assert replies(await story.eli.types("/promote help rollback")) == snapshot(
        [
            """\
*Roll back* with the button of a failed or finished promotion, or `/rollback checkout because …`
It goes to the last version that was verified there. Name another: `/rollback checkout to v2.14.2 because …`
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
