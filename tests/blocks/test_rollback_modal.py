"""The rollback form: what it changes for everyone, what goes away and stays, and where it asks where."""

import json
from dataclasses import replace

from inline_snapshot import snapshot

from blocks import rollback_modal
from bot.domain.face import ApprovalNeed
from bot.domain.forms import Checking, Expected, RollbackForm, Target
from bot.domain.promotion import Change, Changes
from tests.blocks.faces import BO, NEW, OLD
from tests.blocks.form_parts import alerts, fields, radio, said
from tests.blocks.judge import assert_view

FORM = RollbackForm(
    "checkout",
    "production",
    NEW,
    (Target(OLD, 6 * 86_400.0), Target(replace(OLD, version="v2.14.1", sha="e" * 40))),
    "rollback.yml",
    "acme/checkout",
    "P-142",
    "P-144",
    (ApprovalNeed(1, 0, "release-managers", possible=(BO,)),),
    chosen=OLD,
    expected=Expected(172.0, 9, "rollback"),
    changes=Changes("v2.14.2", 1, (Change("Fix EUR refunds", "ana-dev", "", 812),), ("ana-dev",), ""),
)


def test_a_rollback_says_what_it_changes_before_it_does() -> None:
    """R10: the form is the dialog: for whom, from what, what is cancelled, what goes away, what stays."""
    view = rollback_modal.rollback(FORM)
    assert_view(view)
    assert alerts(view) == snapshot(
        [
            "error: This changes production of checkout for everyone.",
            "warning: P-144 is running and will be cancelled first.",
        ]
    )
    assert said(view)[2:] == snapshot(
        [
            "*checkout production* · now serving: *v2.14.3* (since <!date^1795190800^{date_short_pretty} {time}|2026-11-20 16:06 UTC>) → *v2.14.2*",
            """\
*Goes away:* 1 commit
• #812 Fix EUR refunds (ana-dev)\
""",
            """\
*Will not undo:* database migrations and data stay as they are now.
*Method:* workflow rollback.yml on acme/checkout. Undoes P-142.
*Expected:* ~2 min 52 s (median of 9 rollbacks)
*Needs:* 1 more of release-managers (@bo).\
""",
        ]
    )


def test_each_release_says_how_long_it_ran() -> None:
    """The release that would be taken first is chosen already."""
    assert radio(rollback_modal.rollback(FORM), "version") == snapshot(
        ("0000000000000000000000000000000000000000", ["v2.14.2 · ran 6 days", "v2.14.1"])
    )


def test_a_branch_that_was_live_more_than_once_is_told_apart_by_commits() -> None:
    """Three times `main`: what serves, and two to choose from; each option carries its own commit."""
    mains = [replace(OLD, version="main", sha=letter * 40) for letter in "abc"]
    targets = tuple(Target(one) for one in mains[1:])
    view = rollback_modal.rollback(replace(FORM, current=mains[0], targets=targets, chosen=mains[2]))
    assert_view(view)
    assert radio(view, "version") == ("c" * 40, ["main (bbbbbbb)", "main (ccccccc)"])
    assert said(view)[2].endswith("→ *main (ccccccc)*")
    assert "now serving: *main (aaaaaaa)*" in said(view)[2]


def test_a_name_of_any_length_can_be_chosen() -> None:
    """A branch of 88 characters is cut on the screen, and whole in what is sent."""
    long = replace(OLD, version="feature/" + "x" * 80)
    view = rollback_modal.rollback(replace(FORM, targets=(Target(long),), chosen=long))
    assert_view(view)
    chosen, (offered,) = radio(view, "version")
    assert chosen == OLD.sha
    assert offered.startswith("feature/xxx")
    assert offered.endswith("…")


def test_what_serves_changed_while_the_form_was_open() -> None:
    """It says so first, and that nothing was done; the block has another name, so that nothing stays chosen."""
    view = rollback_modal.rollback(replace(FORM, moved=True, in_flight=""))
    assert_view(view)
    assert alerts(view)[1:] == snapshot(
        [
            "warning: What serves changed while this form was open: it is v2.14.3 now. Nothing was rolled back; look again."
        ]
    )
    assert [block for block, name, _ in fields(view) if name == "version"] == [f"version@{NEW.sha}"]


def test_a_version_that_is_no_way_back_is_not_replaced_by_another() -> None:
    """Nothing is chosen then: whoever asked for v9 chooses again."""
    view = rollback_modal.rollback(replace(FORM, missing="v9", chosen=None, in_flight=""))
    assert_view(view)
    assert alerts(view)[1:] == snapshot(
        ["warning: v9 is no verified release to go back to here. Choose one below."]
    )
    assert radio(view, "version")[0] == ""


def test_a_rollback_of_a_promotion_carries_its_id_and_asks_two_things() -> None:
    """Where it happens is in the record."""
    view = rollback_modal.rollback(FORM)
    assert json.loads(str(view["private_metadata"])) == {"id": "P-142", "rev": NEW.sha}
    assert [name for _, name, _ in fields(view)] == ["version", "reason"]


def test_a_rollback_by_command_asks_where() -> None:
    """Without a promotion to undo, service and environment are fields, because nothing else carries them."""
    view = rollback_modal.rollback(replace(FORM, undoes="", in_flight=""))
    assert [name for _, name, _ in fields(view)] == ["service", "environment", "version", "reason"]
    assert alerts(view) == snapshot(["error: This changes production of checkout for everyone."])


def test_a_place_where_nothing_ran_through_us() -> None:
    """Nobody knows how long it takes, what serves, or what goes away: it is said, and the form can be sent."""
    view = rollback_modal.rollback(
        replace(FORM, current=None, expected=None, approvals=(), changes=Checking())
    )
    assert_view(view)
    assert said(view)[2:] == snapshot(
        [
            "*checkout production* · now serving: unknown → *v2.14.2*",
            "*Goes away:* :hourglass_flowing_sand: Checking…",
            """\
*Will not undo:* database migrations and data stay as they are now.
*Method:* workflow rollback.yml on acme/checkout. Undoes P-142.
*Expected:* not known yet; no deploy there has succeeded through me.\
""",
        ]
    )


def test_a_rollback_without_a_target_says_what_to_do_instead() -> None:
    """E23: there is no field to fill in, and no button to press."""
    view = rollback_modal.rollback(replace(FORM, targets=(), chosen=None))
    assert_view(view)
    assert "submit" not in view
    assert "/promote checkout" in str(view["blocks"])
