"""What is not allowed: each no says what was refused, the rule, who can help, and the next command."""

from typing import Any

from inline_snapshot import snapshot

from bot.domain.face import Button
from bot.domain.messages import EffectsBegun
from bot.playground.world import sha_for
from tests.stories.moments import rests
from tests.stories.said import card_words, heard, plain, replies, told
from tests.stories.story import Story
from tests.stories.surfaces import button_on, copied, presses

ASK = "/promote checkout@v2.14.3 to production because fix refunds"


async def asked(story: Story) -> None:
    """Ana asked, and everything but approval is there."""
    await story.ana.types(ASK)
    await story.sees(lambda: "waiting for approval" in _only_card(story), "the card")
    await rests(story)


def _only_card(story: Story) -> str:
    cards = [one.text for one in story.messages() if not one.thread_ts]
    return cards[0] if cards else ""


def field_errors(answer: dict[str, Any]) -> dict[str, str]:
    """The sentences beside the fields of a form that was sent."""
    return {name: plain(sentence) for name, sentence in answer["errors"].items()}


async def test_a13_somebody_of_another_team_cannot_approve(story: Story) -> None:
    """E07: whose approval it takes, which teams the person is in, and whom to ask."""
    await asked(story)
    await story.eli.clicks("Approve")

    assert await told(story.eli, 1) == snapshot(
        "You cannot approve P-1. production needs release-managers; you are in other-team. Ask one of @bo or @cy."
    )
    assert replies(await story.eli.types("/promote approve P-1")) == heard(story.eli)[:1]
    assert (await story.stands("P-1")).approvals == ()


async def test_a15_nobody_approves_their_own_request(story: Story) -> None:
    """E08: a release manager who asked needs two others."""
    await story.bo.types(ASK)
    await story.sees(lambda: "waiting for approval" in _only_card(story), "the card")
    await story.bo.clicks("Approve")

    assert await told(story.bo, 2) == snapshot(
        "You asked for P-1, so someone else must approve it (rule `self_approval`). Ask @cy."
    )
    assert (await story.stands("P-1")).approvals == ()
    await rests(story)


async def test_approving_after_the_decision_changes_nothing(story: Story) -> None:
    """E09: the click comes when the deploy already runs."""
    await asked(story)
    card, approve = story.card("P-1"), button_on(story.card("P-1"), Button.APPROVE)
    await story.bo.clicks("Approve")
    await story.cy.clicks("Approve")
    await story.until("P-1", "succeeded")

    await presses(story.bo, card, approve)

    assert await told(story.bo, 1) == snapshot(
        "P-1 has succeeded <time>, decided by @bo and @cy. Nothing was changed now; `/promote why P-1` tells more."
    )
    assert replies(await story.cy.types("/promote reject P-1 because too late")) == snapshot(
        [
            "P-1 has succeeded <time>, decided by @bo and @cy. Nothing was changed now; `/promote why P-1` tells more."
        ]
    )
    await story.settles()
    assert len(story.dispatches()) == 1


async def test_approving_what_was_rejected_changes_nothing(story: Story) -> None:
    """E09: a rejected promotion stays rejected, and the answer names who decided."""
    await asked(story)
    await story.cy.types("/promote reject P-1 because the migration is not reviewed")

    assert replies(await story.bo.types("/promote approve P-1")) == snapshot(
        ["P-1 was rejected <time>, decided by @cy. Nothing was changed now; `/promote why P-1` tells more."]
    )
    await rests(story)
    assert plain(story.card("P-1").text) == snapshot(
        "P-1: checkout v2.14.3 to production was rejected by cy. Asked by ana."
    )
    assert "the migration is not reviewed" in card_words(story, "P-1")


async def test_approving_before_the_evidence_is_there(story: Story) -> None:
    """Nothing is signed that was not seen: a gate that says no is named."""
    story.world.health["checkout", "staging"] = "failing"
    await story.ana.types(ASK)
    await story.sees(lambda: "blocked" in _only_card(story).lower(), "the block")

    assert replies(await story.bo.types("/promote approve P-1")) == snapshot(
        ["P-1 cannot be approved yet: health did not pass. `/promote why P-1` shows each rule."]
    )
    await rests(story)


async def test_health_check_failure(story: Story) -> None:
    """The seed's scenario: the gate stops it before any deploy, and the thread tells who asked."""
    story.world.health["checkout", "staging"] = "failing"
    await story.ana.types(ASK)
    await story.sees(lambda: any("is blocked" in one.text for one in story.messages()), "the notification")
    await rests(story)

    assert [plain(text) for text in story.thread("P-1")] == snapshot(
        [
            "<@U0ANA>: P-1 (checkout v2.14.3 to production) is blocked. Health: staging: answered 503, not 200 (3 looks); the rule: answers 200, within 3 looks 2 s apart. Press Retry when it is mended, or `/promote why P-1`."
        ]
    )
    assert plain(story.card("P-1").text) == snapshot(
        "P-1: checkout v2.14.3 to production is blocked: Health. Asked by ana."
    )
    assert (story.dispatches(), story.runs, story.incidents) == ([], [], [])


async def test_a_blocked_gate_heals_by_retry(story: Story) -> None:
    """Retry looks again at once; when it is well, the approvers are asked."""
    story.world.health["checkout", "staging"] = "failing"
    await story.ana.types(ASK)
    await story.sees(lambda: "blocked" in _only_card(story).lower(), "the block")
    await rests(story)
    story.world.health["checkout", "staging"] = "ok"

    answer = await story.ana.types("/promote retry P-1 health")
    await story.sees(lambda: "waiting for approval" in _only_card(story), "the healing")

    assert replies(answer) == snapshot(
        ["Done. P-1: ana asked to promote checkout v2.14.3 to production. Checking 3 gates."]
    )
    await rests(story)


async def test_retrying_a_gate_that_does_not_exist(story: Story) -> None:
    """E31: the gates that there are, and where to see them."""
    await asked(story)

    assert replies(await story.ana.types("/promote retry P-1 helth")) == snapshot(
        [
            "P-1 has no gate “helth”. Its gates are checks, health and incidents; `/promote why P-1` shows them."
        ]
    )
    assert replies(await story.eli.types("/promote retry P-1")) == snapshot(
        ["You cannot retry P-1: that needs the approvers or release-managers. Ask one of @bo or @cy."]
    )


async def test_only_the_requester_or_an_approver_cancels(story: Story) -> None:
    """A stranger to the request cannot end it; whoever asked can."""
    await asked(story)

    assert replies(await story.eli.types("/promote cancel P-1")) == snapshot(
        ["You cannot cancel P-1: that needs the approvers or release-managers. Ask one of @bo or @cy."]
    )
    assert replies(await story.ana.types("/promote cancel P-1 because wrong version")) == snapshot(
        ["Done. P-1: checkout v2.14.3 to production was cancelled by ana. Asked by ana."]
    )
    await rests(story)
    assert plain(story.card("P-1").text) == snapshot(
        "P-1: checkout v2.14.3 to production was cancelled by ana. Asked by ana."
    )


async def test_an_approver_cancels_with_the_button(story: Story) -> None:
    """Bo may end what Ana asked for."""
    await asked(story)
    await story.bo.clicks("Cancel")
    await story.until("P-1", "cancelled")
    await rests(story)

    assert replies(await story.ana.types("/promote cancel P-1")) == snapshot(
        ["I cannot cancel P-1: it was cancelled. Try `/promote why P-1`."]
    )
    assert story.dispatches() == []


async def test_a_reject_needs_a_reason(story: Story) -> None:
    """E30: a no without words is of no use to whoever asked."""
    await asked(story)

    assert replies(await story.bo.types("/promote reject P-1")) == snapshot(
        [
            "A reason is needed to reject: whoever reads the audit log later relies on it. For example: `/promote reject P-1 because &lt;reason&gt;`"
        ]
    )
    assert replies(await story.eli.types("/promote reject P-1 because I say so")) == snapshot(
        [
            "You cannot reject P-1. production needs release-managers; you are in other-team. Ask one of @bo or @cy."
        ]
    )
    assert (await story.stands("P-1")).phase.value == "waiting"


async def test_rejecting_with_the_form(story: Story) -> None:
    """The button asks why; the card then says who said no, and why."""
    await asked(story)
    opened = await story.bo.clicks("Reject")
    await story.bo.submits(opened["view"], reason="the migration is not reviewed")
    await story.until("P-1", "rejected")
    await rests(story)

    assert plain(story.card("P-1").text) == snapshot(
        "P-1: checkout v2.14.3 to production was rejected by bo. Asked by ana."
    )
    assert "the migration is not reviewed" in card_words(story, "P-1")


async def test_a31_rejecting_with_a_form_that_is_too_late(story: Story) -> None:
    """The record decides; the form says in plain words what happened meanwhile."""
    await asked(story)
    opened = await story.bo.clicks("Reject")
    await story.ana.types("/promote cancel P-1")

    assert field_errors(await story.bo.submits(opened["view"], reason="not ready")) == snapshot(
        {
            "reason": "P-1 was cancelled <time>, decided by @ana. Nothing was changed now; /promote why P-1 tells more."
        }
    )
    await rests(story)


async def test_a29_a_forwarded_card_is_dead(story: Story) -> None:
    """A copy that somebody posted elsewhere does nothing, and the person is told where to go."""
    await asked(story)
    copy = copied(story, story.card("P-1"), "general", story.world.people["eli"].slack)

    await presses(story.bo, copy, button_on(copy, Button.APPROVE))

    assert await told(story.bo, 1) == snapshot(
        "This is a copy of the card of P-1, so its buttons do nothing. `/promote why P-1` leads to the real one."
    )
    assert (await story.stands("P-1")).approvals == ()


async def test_f08_an_orphan_of_the_card_is_disarmed(story: Story) -> None:
    """A card that was posted right before a crash loses its buttons and points to the real one."""
    await asked(story)
    copy = copied(story, story.card("P-1"), "deploys", story.world.bot_user)

    await presses(story.bo, copy, button_on(copy, Button.APPROVE))
    await story.sees(lambda: copy.edits > 0, "the disarming")

    assert plain(copy.text) == snapshot(
        "This is an old copy, so its buttons do nothing. Go to [the card of P-1], checkout v2.14.3 to production."
    )
    assert "actions" not in [block["type"] for block in copy.blocks]
    assert (await story.stands("P-1")).approvals == ()


async def test_a_message_that_is_being_posted_lends_its_trust_to_no_other(story: Story) -> None:
    """Incident: while Slack took its time over a second card, the buttons of every old copy of the first worked."""
    await asked(story)
    copy = copied(story, story.card("P-1"), "deploys", story.world.bot_user)
    story.passes(600)
    await story.bot.service.handle(EffectsBegun("P-1", ("incident_card",)))

    await presses(story.bo, copy, button_on(copy, Button.APPROVE))
    await story.sees(lambda: copy.edits > 0, "the disarming")

    assert (await story.stands("P-1")).approvals == ()


async def test_what_was_seen_of_another_commit_says_nothing(story: Story) -> None:
    """P2, P8: the tag moves while its checks are read; green checks of the old commit are not the new one's.

    Incident: version and checks were looked at in one round. The round brought a new commit and, after it, the
    checks of the old one, which then counted: a commit with red checks went to staging.
    """
    github, story.world.run.seconds = story.playground.github, 1
    old = github.adds_commit("checkout", "Good", tag="v2.16.0")
    new = github.adds_commit("checkout", "Bad")
    for number, sha in enumerate((old, new), 1):
        await story.ana.types(f"/promote checkout@{sha} to dev because try it out")
        await story.until(f"P-{number}", "succeeded")
    github.sets_check("checkout", old, "test", "failure")
    github.sets_check("checkout", new, "test", "failure")
    await story.ana.types("/promote checkout@v2.16.0 to staging because try it out")
    await story.sees(lambda: any("P-3" in one.text and "blocked" in one.text for one in story.messages()))
    await rests(story)
    dispatched = len(story.dispatches())

    github.moves_tag("checkout", "v2.16.0", new)
    github.sets_check("checkout", old, "test", "success")
    await story.ana.types("/promote retry P-3")
    await story.sees(lambda: _sha_of_card(story, new), "the new commit")
    await rests(story)

    assert len(story.dispatches()) == dispatched
    assert (await story.stands("P-3")).phase.value == "waiting"
    assert sha_for("checkout", "v2.14.3") == story.world.serving["checkout", "staging"].sha


def _sha_of_card(story: Story, sha: str) -> bool:
    return sha[:7] in card_words(story, "P-3")
