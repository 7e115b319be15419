"""The forms: their fields, what they remember, and what they warn of."""

import json

from inline_snapshot import snapshot

from blocks import modals
from blocks.rendition import View
from bot.domain.face import ApprovalNeed, AuditLine, RequestForm, RollbackForm
from tests.blocks.faces import ASKED, BO, FACES, NEW, OLD
from tests.blocks.judge import assert_view

REQUEST = RequestForm(
    ("checkout", "inventory", "storefront"),
    "checkout",
    ("dev", "staging", "production"),
    "production",
    "v2.14.3",
    "fix refunds",
    "",
    ("health",),
)
ROLLBACK = RollbackForm(
    "checkout",
    "production",
    NEW,
    (OLD,),
    "rollback.yml",
    "acme/checkout",
    "P-142",
    "P-144",
    (ApprovalNeed(1, 0, "release-managers", possible=(BO,)),),
)


def _fields(view: View) -> list[tuple[object, object, object]]:
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    inputs = [one for one in blocks if one["type"] == "input"]
    return [(one["block_id"], one["element"]["action_id"], one["element"]["type"]) for one in inputs]


def test_every_field_has_one_name() -> None:
    """The block and the action are called the same, so that a field's refusal finds its place."""
    assert _fields(modals.request(REQUEST)) == snapshot(
        [
            ("service", "service", "static_select"),
            ("version", "version", "plain_text_input"),
            ("environment", "environment", "radio_buttons"),
            ("reason", "reason", "plain_text_input"),
            ("skip_health", "skip_health", "checkboxes"),
            ("skip_reason", "skip_reason", "plain_text_input"),
        ]
    )
    assert _fields(modals.rollback(ROLLBACK)) == snapshot(
        [("version", "version", "radio_buttons"), ("reason", "reason", "plain_text_input")]
    )
    assert _fields(modals.reject(FACES["awaiting"])) == snapshot([("reason", "reason", "plain_text_input")])
    assert _fields(modals.adopt_run(FACES["unknown"])) == snapshot([("run", "run", "plain_text_input")])


def test_a_form_remembers_the_id_and_the_digest_only() -> None:
    """The record decides; what a browser sends back is a name and what was shown."""
    view = modals.reject(FACES["awaiting"])
    assert json.loads(str(view["private_metadata"])) == {"id": "P-142", "rev": "abcdef0123456789"}
    assert json.loads(str(modals.rollback(ROLLBACK)["private_metadata"])) == {"id": "P-142", "rev": ""}


def test_a_rollback_says_what_it_changes_before_it_does() -> None:
    """R10: the form is the dialog: for whom, from what, how, and what is cancelled first."""
    view = modals.rollback(ROLLBACK)
    assert_view(view)
    assert _said(view) == snapshot(
        [
            "This changes production of checkout for everyone.",
            """\
*checkout production* · now serving: *v2.14.3* (since <!date^1795190800^{date_short_pretty} {time}|2026-11-20 16:06 UTC>)
Method: workflow rollback.yml on acme/checkout
Undoes P-142.
:warning: P-144 is running and will be cancelled first.
Needs 1 more of release-managers (@bo).
No database migration is undone.\
""",
        ]
    )


def _said(view: View) -> list[str]:
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    return [one["text"]["text"] for one in blocks if one["type"] in ("alert", "section")]


def test_a_rollback_by_command_asks_where() -> None:
    """Without a promotion to undo, service and environment are fields, because nothing else carries them."""
    view = modals.rollback(
        RollbackForm("checkout", "production", None, (OLD,), "deploy.yml", "acme/checkout")
    )
    assert [name for name, _, _ in _fields(view)] == ["service", "environment", "version", "reason"]


def test_a_rollback_without_a_target_says_what_to_do_instead() -> None:
    """E23: there is no field to fill in, and no button to press."""
    view = modals.rollback(RollbackForm("checkout", "production", None, (), "deploy.yml", "acme/checkout"))
    assert_view(view)
    assert "submit" not in view
    assert "/promote checkout" in str(view["blocks"])


def test_details_show_everything_with_its_source() -> None:
    """Ids to copy, every rule, every change, and the audit log."""
    audit = (AuditLine(ASKED, "bo", "approve", "checked <canary> graphs"),)
    view = modals.details(FACES["awaiting one more"], audit)
    assert_view(view)
    assert _said(view) == snapshot(
        [
            ":raised_hand: *checkout v2.14.3 → production* · *Waiting for approval: 1 of 2*",
            """\
`P-142` · acme/checkout · commit `1f0c9e2ab34d5566778899aabbccddeeff001122`
> “fix refunds for EUR cards”\
""",
            """\
*Rules*
:white_check_mark: *Branch* passed · on main
:white_check_mark: *Path* passed · succeeded in staging
:white_check_mark: *Checks* passed · 12 passed
:white_check_mark: *Health* passed · staging: 3 good answers in a row (HTTP 200, v2.14.3)
:white_check_mark: *Incidents* passed · none open
:white_small_square: *Approvals* 1 of 2 · :white_check_mark: <@U0BO> “checked canary graphs” · Needs 1 more of release-managers (@cy). Not @ana, who asked.\
""",
            """\
*Changes*
• <https://github.com/acme/checkout/pull/812|#812> Fix EUR refunds (ana-dev)
• <https://github.com/acme/checkout/pull/815|#815> Bump deps (renovate)
• <https://github.com/acme/checkout/pull/816|#816> Log trace id (bo-dev)
• <https://github.com/acme/checkout/commit/1f0c9e2ab34d5566778899aabbccddeeff001122|Typo> (bo-dev)\
""",
            """\
*Audit*
<!date^1795190400^{date_short_pretty} {time}|2026-11-20 16:00 UTC> · bo · approve: checked &lt;canary&gt; graphs\
""",
        ]
    )


def test_the_forms_that_only_say_something() -> None:
    """R7: one opens at once, the other tells the answer."""
    assert_view(modals.checking())
    assert_view(modals.message("Not started", "I cannot find “v9”."))
    assert "submit" not in modals.checking()
