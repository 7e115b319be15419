"""Notes in the thread and in PagerDuty: whom they ping, and what they say."""

from dataclasses import replace

from inline_snapshot import snapshot

from blocks import incident, thread
from blocks.words import endings
from bot.domain.face import ApprovalNeed, Face, State
from bot.domain.policy import Kind
from bot.domain.promotion import Stranger
from bot.domain.room import Happening, RoomLine
from tests.blocks.faces import FACES, face

NOTES = {
    "ready": thread.mention(FACES["awaiting"]),
    "ready, a check skipped": thread.mention(FACES["awaiting with a skipped check"]),
    "approved": thread.approved(FACES["awaiting one more"], "bo"),
    "approved, checking": thread.approved(FACES["awaiting again"], "cy"),
    "voided": thread.voided(FACES["awaiting again"]),
    "started": thread.started(FACES["deploying"]),
    "blocked": thread.blocked(FACES["blocked"]),
    "failed": thread.failure(FACES["failed"]),
    "failed, nothing known": thread.failure(FACES["failed in verification"]),
    "rolled back": thread.rolled_back(FACES["rolled back"]),
    "rolled back, of the rollback": thread.rolled_back(FACES["rollback succeeded"]),
    "cancelled": thread.cancelled_serving(FACES["cancelled run"]),
    "unknown": thread.unknown(FACES["unknown"]),
    "errored": thread.errored(FACES["errored"]),
    "page failed": thread.page_failed(FACES["failed in verification"]),
    "extra attempt": thread.extra_attempt(FACES["failed in verification"]),
    "extra attempt, by somebody": thread.extra_attempt(
        replace(FACES["failed in verification"], extra_by="cy-dev")
    ),
    "not ours": thread.not_ours(FACES["unknown"], "4711"),
    "stranger": thread.stranger(replace(FACES["unknown"], stranger=Stranger(8841, "eli-dev"))),
    "held": thread.held(
        replace(FACES["waiting in github"], waiting_since=FACES["waiting in github"].created)
    ),
    "unstopped": thread.unstopped(FACES["cancelling"]),
}


def test_the_notes() -> None:
    """What the thread says on each occasion."""
    assert {name: note.text for name, note in NOTES.items()} == snapshot(
        {
            "ready": ":wave: <@U0BO> and <@U0CY>: P-142 is ready for review, checkout v2.14.3 to production. All 3 gates passed. Changes by ana-dev and bo-dev: <https://github.com/acme/checkout/compare/v2.14.2...v2.14.3|#812, #815, #816 and 1f0c9e2>.",
            "ready, a check skipped": ":wave: <@U0BO> and <@U0CY>: P-142 is ready for review, checkout v2.14.3 to production. 2 of 3 gates passed, 1 skipped. Changes by ana-dev and bo-dev: <https://github.com/acme/checkout/compare/v2.14.2...v2.14.3|#812, #815, #816 and 1f0c9e2>. :warning: Risk: skipped Health; 2 commits of what is live are not in it.",
            "approved": "<@U0BO> approved checkout v2.14.3 to production (1 of 2): “checked canary graphs”",
            "approved, checking": "<@U0CY> approved checkout v2.14.3 to production; it counts once I have checked the membership.",
            "voided": ":warning: Earlier approvals of P-142 (checkout v2.14.3 to production) no longer count, because this changed: version 1f0c9e2 → 77aa001; rule wait 600 → 300. It needs approval again.",
            "started": ":rocket: Started deploy.yml as <https://github.com/acme/checkout/actions/runs/8840|run 8840>, attempt 2: checkout v2.14.3 to production.",
            "blocked": "<@U0ANA>: P-142 (checkout v2.14.3 to production) is blocked. Health: staging: HTTP 503 (5 looks); p99: staging: I could not read it (metrics answered 503 twice). I count that as not passed; Incidents: open: PD-4410 Card payments slow. Press Retry when it is mended, or `/promote why P-142`.",
            "failed": ":x: P-142: checkout v2.14.3 to production *failed* at Smoke tests in production after 4 min 3 s. *Now serving: v2.14.3.* Incident <https://acme.pagerduty.com/incidents/Q1|PD-4411> · <#C0INC> · on call: <@U0DEE>. Asked by <@U0ANA>.",
            "failed, nothing known": ":x: P-142: checkout v2.14.3 to production *failed* in verification after 4 min 3 s. *Now serving: unknown, because the deploy ended without proof.* :warning: The page to on-call is delayed: PagerDuty answered 429. Asked by <@U0ANA>.",
            "rolled back": ":leftwards_arrow_with_hook: checkout production was rolled back from v2.14.3 to v2.14.2 (P-143 undid P-142).",
            "rolled back, of the rollback": ":leftwards_arrow_with_hook: checkout production was rolled back to v2.14.2 after 2 min 51 s by <@U0DEE> (P-143 undoes P-142).",
            "cancelled": ":no_entry: The run of checkout v2.14.3 to production was cancelled by <@U0DEE>. *Now serving: unknown, because the deploy ended without proof.* Look at production before the next deploy, or roll back.",
            "unknown": ":grey_question: <@U0ANA>: the outcome of P-142 (checkout v2.14.3 to production) is unknown. I asked GitHub to start deploy.yml at <!date^1795190460^{date_short_pretty} {time}|2026-11-20 16:01 UTC> and have not seen a run. I will not start it again by myself. An admin can settle it on the card.",
            "errored": """\
:boom: <@U0ANA>: could not start P-142 (checkout v2.14.3 to production). GitHub refused to start deploy.yml: “422 Unexpected inputs provided: ["version"]”. `services.checkout.deploy.inputs` in the catalog must fit the workflow’s inputs; then press Retry.
*Nothing was deployed.*\
""",
            "page failed": ":warning: <@U0ANA>: I could not page on-call for P-142, checkout v2.14.3 to production (PagerDuty answered 429). Page them by hand in PagerDuty. Now serving: unknown, because the deploy ended without proof.",
            "extra attempt": "Attempt 2 was started in GitHub after the end; it does not change this result. P-142 stays as it is (checkout v2.14.3 to production); ask again here if the new attempt should count.",
            "extra attempt, by somebody": "Attempt 2 was started in GitHub by cy-dev after the end; it does not change this result. P-142 stays as it is (checkout v2.14.3 to production); ask again here if the new attempt should count.",
            "not ours": "Run 4711 is not the run of P-142 (checkout v2.14.3 to production): it is not in acme/checkout, or its workflow, its ref or its correlation id is another one, or somebody else started it. The outcome is still unknown; an admin can name another run on the card.",
            "stranger": ":warning: GitHub lists run 8841, started by eli-dev, with the correlation id of P-142 (checkout v2.14.3 to production). I did not start it and do not follow it. Somebody should look at why it is there.",
            "held": ":hourglass_flowing_sand: <@U0ANA>: <https://github.com/acme/checkout/actions/runs/8840|run 8840> of P-142 (checkout v2.14.3 to production) has waited in GitHub since <!date^1795190400^{date_short_pretty} {time}|2026-11-20 16:00 UTC> for a reviewer or a runner. Nothing else deploys checkout to production meanwhile: somebody has to let it go on in GitHub, or cancel it here.",
            "unstopped": ":warning: <@U0ANA>: I could not cancel <https://github.com/acme/checkout/actions/runs/8840|run 8840> of P-142 (checkout v2.14.3 to production). GitHub does not take my request to stop the run; the deploy may go on. Stop it in GitHub or where it runs. I keep asking.",
        }
    )


def test_the_note_shows_what_the_notification_says() -> None:
    """A note is one paragraph, and its blocks add nothing to its text but a code."""
    for note in NOTES.values():
        [[block, *small]] = note.rungs
        assert block["text"] == {"type": "mrkdwn", "text": note.text, "verbatim": True}
        assert [note.code] * len(small) == [_words(one)[0][:3] for one in small]  # type: ignore[index]


def test_a_user_group_is_pinged_instead_of_its_members() -> None:
    """R9: one mention of the group, none of each member."""
    need = ApprovalNeed(1, 0, "web-guild", "S0WEB", FACES["awaiting"].needs[0].possible)
    text = thread.mention(face(State.AWAITING_APPROVAL, needs=(need,))).text
    assert "<!subteam^S0WEB>" in text
    assert "<@" not in text


def _pager(one: Face) -> list[str]:
    return [incident.page_summary(one), incident.topic(one), incident.change_summary(one)]


def test_what_pagerduty_and_the_topic_say() -> None:
    """Plain words that name the service, the version, the place and what serves."""
    assert _pager(FACES["failed"]) + _pager(FACES["failed and rolled back"]) == snapshot(
        [
            "checkout v2.14.3 in production failed at Smoke tests in production (P-142), serving v2.14.3, last good v2.14.2",
            "checkout v2.14.3 failed in production - PD-4411 - on call: dee - serving v2.14.3",
            "checkout v2.14.3 in production: failed, P-142, asked by ana",
            "checkout v2.14.3 in production failed at Smoke tests in production (P-142), went back to v2.14.2",
            "checkout v2.14.3 failed in production - PD-4411 - on call: dee - went back to v2.14.2",
            "checkout v2.14.3 in production: failed, P-142, asked by ana",
        ]
    )
    back = RoomLine(Happening.ROLLED_BACK, None)
    assert incident.pager_note(FACES["failed and rolled back"], back) == snapshot(
        "checkout in production was rolled back to v2.14.2 by P-143."
    )


def test_the_incident_card_offers_the_way_back_and_no_retry() -> None:
    """In the incident's channel people undo; trying again belongs to the card."""
    blocks = incident.incident_card(FACES["failed"]).rungs[0]
    assert [_words(block) for block in blocks] == snapshot(
        [
            ":rotating_light: *<https://acme.pagerduty.com/incidents/Q1|PD-4411> checkout v2.14.3 → production failed* · *In PagerDuty, its status was not read* · `P-142`",
            """\
Suspected change: P-142 (<@U0ANA>, approved by <@U0BO> and <@U0CY>) · <https://github.com/acme/checkout/compare/v2.14.2...v2.14.3|changes>
*Now serving: v2.14.3* · last good: v2.14.2
Failed at Smoke tests in production · <https://github.com/acme/checkout/actions/runs/8840|run 8840>\
""",
            ["Lead: nobody yet · On call: <@U0DEE>"],
            ["Roll back to v2.14.2", "View run", "Open incident", "Details"],
        ]
    )


def _words(block: dict[str, object]) -> object:
    text, elements = block.get("text"), block.get("elements")
    if isinstance(text, dict):
        return text["text"]
    assert isinstance(elements, list)
    return [one["text"]["text"] if isinstance(one["text"], dict) else one["text"] for one in elements]


def test_a_refused_dispatch_names_a_step_that_is_there() -> None:
    """A rollback that GitHub refused has no Retry: whoever asked is told to ask again."""
    refused = FACES["errored"]
    assert "then press Retry." in endings.could_not_start(refused)
    undo = replace(refused, kind=Kind.ROLLBACK)
    assert "then ask again: `/promote rollback checkout in production`." in endings.could_not_start(undo)


def test_an_incident_channel_is_named_by_the_template() -> None:
    """Number and service go in; what Slack would not take goes out; a taken name gets a number."""
    assert incident.channel_name("inc-{number}-{service}", 4411, "checkout") == "inc-4411-checkout"
    assert incident.channel_name("inc-{number}-{service}", 4411, "checkout", 2) == "inc-4411-checkout-2"
    assert incident.channel_name("INC {number}", "p-142", "x") == "inc-p-142"
    assert len(incident.channel_name("{service}", 1, "s" * 200, 3)) == 80


def test_an_incident_without_a_number_says_so() -> None:
    """Only what was read back is linked."""
    paged = FACES["failed"].incident
    assert paged is not None
    text = thread.failure(face(State.FAILED, incident=replace(paged, number=None))).text
    assert "PagerDuty was paged; the incident number is not there yet" in text
