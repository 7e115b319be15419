"""Approvals: who counts, how often, for what, and until when."""

import asyncio

from inline_snapshot import snapshot

from bot.domain.face import Button
from bot.playground.world import sha_for
from tests.stories.moments import rests
from tests.stories.rules import rule_changes
from tests.stories.said import card_words, heard, plain, replies, told
from tests.stories.story import Story
from tests.stories.surfaces import button_on, presses

ASK = "/promote checkout@v2.14.3 to production because fix refunds"


async def asked(story: Story) -> None:
    """Ana asked, and everything but approval is there."""
    await story.ana.types(ASK)
    await story.sees(lambda: any("is ready for review" in one for one in said_below(story)), "the mention")
    await rests(story)


def said_below(story: Story) -> list[str]:
    """What stands in the thread of the only card, if there is one."""
    return [plain(one.text) for one in story.messages() if one.thread_ts]


async def test_the_mention_comes_once_when_approval_is_possible(story: Story) -> None:
    """R9: the approvers are pinged once, when the gates have passed, and never again."""
    await asked(story)
    story.passes(900)
    await rests(story)

    assert said_below(story) == snapshot(
        [
            ":wave: <@U0BO> and <@U0CY>: P-1 is ready for review, checkout v2.14.3 to production. All 3 gates passed. Changes by ana-dev and eli-dev: [#812, #811 and #810]."
        ]
    )


async def test_each_approval_is_told_in_the_thread(story: Story) -> None:
    """The thread says who approved and how far that brings it."""
    await asked(story)
    await story.bo.clicks("Approve")
    await rests(story)

    assert said_below(story)[1:] == snapshot(["<@U0BO> approved checkout v2.14.3 to production (1 of 2)."])
    assert plain(story.card("P-1").text) == snapshot(
        "P-1: checkout v2.14.3 to production is waiting for approval, 1 of 2. All 3 gates passed. Asked by ana, approved by bo."
    )


async def test_approving_by_command_needs_no_card(story: Story) -> None:
    """The same approval by a typed line, with a note that the thread shows."""
    await asked(story)

    answer = await story.bo.types("/promote approve P-1 because looked at the diff")
    await rests(story)

    assert replies(answer) == snapshot(
        [
            "Done. P-1: checkout v2.14.3 to production is waiting for approval, 1 of 2. All 3 gates passed. Asked by ana, approved by bo."
        ]
    )
    assert said_below(story)[1:] == snapshot(
        ["<@U0BO> approved checkout v2.14.3 to production (1 of 2): “looked at the diff”"]
    )
    assert [one.by for one in (await story.stands("P-1")).approvals] == ["bo"]


async def test_f27_a_double_click_is_one_vote(story: Story) -> None:
    """Two clicks within 50 ms are one vote; the second is told so privately."""
    await asked(story)
    card = story.card("P-1")
    approve = button_on(card, Button.APPROVE)

    await asyncio.gather(presses(story.bo, card, approve), presses(story.bo, card, approve))
    await told(story.bo, 1)
    await rests(story)

    assert [one.by for one in (await story.stands("P-1")).approvals] == ["bo"]
    assert heard(story.bo) == snapshot(
        ["You have approved P-1 already; it has 1 of 2. Somebody else’s approval is the next step."]
    )


async def test_approving_again_counts_once(story: Story) -> None:
    """One person counts once, however often and however late."""
    await asked(story)
    await story.bo.clicks("Approve")
    await rests(story)

    answer = await story.bo.types("/promote approve P-1")

    assert replies(answer) == snapshot(
        ["You have approved P-1 already; it has 1 of 2. Somebody else’s approval is the next step."]
    )
    assert (await story.stands("P-1")).phase.value == "waiting"


async def test_f28_two_people_at_one_instant_both_count(story: Story) -> None:
    """The last two votes come together; both count, and one deploy starts."""
    await asked(story)
    card = story.card("P-1")
    approve = button_on(card, Button.APPROVE)

    await asyncio.gather(presses(story.bo, card, approve), presses(story.cy, card, approve))
    ended = await story.until("P-1", "succeeded")

    assert ended.intent is not None
    assert ended.intent.approvers == ("bo", "cy")
    assert len(story.dispatches()) == 1
    assert heard(story.bo) == heard(story.cy) == []
    await story.settles()


async def test_fifty_clicks_of_two_people_are_two_votes(story: Story) -> None:
    """A storm of clicks is two votes and one deploy."""
    await asked(story)
    card = story.card("P-1")
    approve = button_on(card, Button.APPROVE)

    storm = (presses(who, card, approve) for _ in range(25) for who in (story.bo, story.cy))
    await asyncio.gather(*storm)
    ended = await story.until("P-1", "succeeded")

    assert [one.by for one in ended.approvals].count("bo") == 1
    assert len(ended.approvals) == 2
    assert len(story.dispatches()) == 1
    await story.settles()


async def test_f29_an_approver_and_a_no_at_one_instant(story: Story) -> None:
    """Approve and reject together: one wins, the other is told who won, and nothing runs after a no."""
    await asked(story)
    await story.bo.clicks("Approve")
    await rests(story)
    card = story.card("P-1")

    approve = presses(story.cy, card, button_on(card, Button.APPROVE))
    await asyncio.gather(story.bo.types("/promote reject P-1 because wrong version"), approve)
    await rests(story)

    assert (await story.stands("P-1")).phase.value == "rejected"
    assert story.dispatches() == []


async def test_a_reading_that_moves_inside_its_limit_voids_nothing(story: Story) -> None:
    """The health is read again and again, and a check runs once more: what was signed still holds."""
    await asked(story)
    await story.bo.clicks("Approve")
    story.playground.github.sets_check("checkout", sha_for("checkout", "v2.14.3"), "lint", "success")
    story.passes(400)
    await rests(story)

    assert "Earlier approvals" not in card_words(story, "P-1")
    await story.cy.clicks("Approve")
    ended = await story.until("P-1", "succeeded")
    assert [one.by for one in ended.approvals] == ["bo", "cy"]
    await story.settles()


async def test_a32_a_moved_tag_voids_the_approvals(story: Story) -> None:
    """P2: the tag means another commit now; card and thread say so and ask again."""
    await asked(story)
    await story.bo.clicks("Approve")
    moved = story.playground.github.adds_commit("checkout", "Sneaked in")
    story.playground.github.moves_tag("checkout", "v2.14.3", moved)
    await story.cy.clicks("Approve")
    await story.sees(lambda: any("no longer count" in one for one in said_below(story)), "the void")
    await rests(story)

    assert said_below(story)[3:] == snapshot(
        [
            ":warning: Earlier approvals of P-1 (checkout v2.14.3 to production) no longer count, because this changed: version ffdbf00 → 8afb69e. It needs approval again.",
            "<@U0ANA>: P-1 (checkout v2.14.3 to production) is blocked. Path: this commit has not succeeded in staging. Press Retry when it is mended, or `/promote why P-1`.",
        ]
    )
    assert story.dispatches() == []
    assert "Earlier approvals no longer count" in card_words(story, "P-1")
    assert "version ffdbf00 → 8afb69e" in card_words(story, "P-1")


async def test_f35_a_changed_rule_voids_the_approvals_and_is_named(story: Story) -> None:
    """The wait is longer now, which is not what Bo signed; the thread names the rule."""
    await asked(story)
    await story.bo.clicks("Approve")
    await rests(story)

    await rule_changes(story, "wait: 10s", "wait: 20s")
    await story.sees(lambda: any("no longer count" in one for one in said_below(story)), "the void")
    await rests(story)

    assert said_below(story)[2:] == snapshot(
        [
            ":warning: Earlier approvals of P-1 (checkout v2.14.3 to production) no longer count, because this changed: rule wait 10 s → 20 s. It needs approval again."
        ]
    )
    assert "Earlier approvals no longer count" in card_words(story, "P-1")
    assert plain(story.card("P-1").text) == snapshot(
        "P-1: checkout v2.14.3 to production is waiting for approval, 0 of 2. All 3 gates passed. Asked by ana."
    )


async def test_f35_a_changed_rule_of_another_environment_voids_nothing(story: Story) -> None:
    """Only a change to this service's rules in this environment counts."""
    await asked(story)
    await story.bo.clicks("Approve")
    await rests(story)

    await rule_changes(story, "  staging:\n    after: dev\n", "  staging:\n    after: dev\n    wait: 5m\n")
    await rests(story)
    await story.cy.clicks("Approve")

    await story.until("P-1", "succeeded")
    await story.settles()


async def test_a_changed_basis_voids_the_approvals_and_is_named(story: Story) -> None:
    """A gate that promises something else than what was signed: asked again, and the gate is named."""
    await asked(story)
    await story.bo.clicks("Approve")
    await rests(story)

    await rule_changes(story, "required: [build, test]", "required: [build]")
    await story.sees(lambda: any("no longer count" in one for one in said_below(story)), "the void")
    await rests(story)

    assert said_below(story)[2:] == snapshot(
        [
            ":warning: Earlier approvals of P-1 (checkout v2.14.3 to production) no longer count, because this changed: rule gates; gate checks every check is green, with build, test → every check is green, with build. It needs approval again."
        ]
    )


async def test_who_signed_again_after_a_change_counts(story: Story) -> None:
    """After a change the same people may sign what holds now."""
    await asked(story)
    await story.bo.clicks("Approve")
    await rests(story)
    await rule_changes(story, "wait: 10s", "wait: 20s")
    await rests(story)

    await story.bo.clicks("Approve")
    await story.cy.clicks("Approve")

    ended = await story.until("P-1", "succeeded")
    assert ended.intent is not None
    assert ended.intent.approvers == ("bo", "cy")
    await story.settles()


async def test_f84_a30_a_stale_click_changes_nothing(story: Story) -> None:
    """E10: a button that showed other evidence is refused, and what is different is named."""
    await asked(story)
    await story.bo.clicks("Approve")
    await rests(story)
    card, old = story.card("P-1"), button_on(story.card("P-1"), Button.APPROVE)
    await rule_changes(story, "wait: 10s", "wait: 20s")
    await rests(story)

    await presses(story.cy, card, old)

    assert await told(story.cy, 1) == snapshot(
        "This card of P-1 was out of date, so I have refreshed it and done nothing else. Different now: rule wait. Look again before you press."
    )
    assert len((await story.stands("P-1")).approvals) == 1


async def test_a19_an_approver_who_left_the_team_does_not_count(story: Story) -> None:
    """Who approved and is no release manager any more is struck before the dispatch."""
    await asked(story)
    await story.bo.clicks("Approve")
    await rule_changes(story, "{members: [bo, cy]}", "{members: [cy, dee]}")
    await rests(story)
    await story.cy.clicks("Approve")
    await rests(story)

    assert story.dispatches() == []
    await story.dee.clicks("Approve")
    ended = await story.until("P-1", "succeeded")
    assert ended.intent is not None
    assert ended.intent.approvers == ("cy", "dee")
    await story.settles()
