"""The details: four tabs of one form, each within Slack's limits."""

import json
import re
from dataclasses import replace
from typing import get_args

from inline_snapshot import snapshot

from blocks import details_modal
from blocks.words.happened import DID, QUIET, sentence
from bot.domain.forms import TABS, AuditLine, Details, Tab
from bot.domain.messages import Command, Fact
from bot.domain.promotion import Phase
from tests.blocks.faces import ASKED, FACES
from tests.blocks.form_parts import blocks_of, said
from tests.blocks.judge import assert_view

RUN_URL = "https://github.com/acme/checkout/actions/runs/8840"
AUDIT = (
    AuditLine(ASKED, "ana", "request", (("version", "v2.14.3"),), 7, "waiting", "fix refunds"),
    AuditLine(ASKED + 9, "greenlight", "gate_seen", (("gate", "health"), ("looked", ASKED + 8.5)), 8),
    AuditLine(ASKED + 9, "greenlight", "effects_begun", (("keys", "card"),), 9),
    AuditLine(ASKED + 9, "greenlight", "woken", (), 10),
    AuditLine(
        ASKED + 60, "bo", "approve", (("note", "checked <canary> graphs"),), 11, "", "checked <canary> graphs"
    ),
    AuditLine(ASKED + 90, "greenlight", "run_seen", (("url", RUN_URL), ("sha", "a1" * 20)), 12, "deploying"),
)


def shown(tab: Tab) -> Details:
    """One tab of a promotion that waits for one more approval."""
    face = FACES["awaiting one more"]
    return Details(face, tab, AUDIT, "c0ffee" * 5, face.requirements, {"health": ASKED + 9})


def test_the_head_is_the_same_on_every_tab() -> None:
    """Where it stands, the ids to copy, who asked and why; and four buttons that say what they open."""
    view = details_modal.details(shown("timeline"))
    assert_view(view)
    assert said(view)[:2] == snapshot(
        [
            ":raised_hand: *checkout v2.14.3 → production* · *Waiting for approval: 1 of 2*",
            """\
Asked by <@U0ANA> <!date^1795190400^{date_short_pretty} {time}|2026-11-20 16:00 UTC> in acme/checkout
> “fix refunds for EUR cards”\
""",
        ]
    )
    assert said(view)[-1:] == snapshot(
        [
            "`P-142` · commit `1f0c9e2ab34d5566778899aabbccddeeff001122` · correlation `c0ffeec0ffeec0ffeec0ffeec0ffee`"
        ]
    )
    buttons = next(block["elements"] for block in blocks_of(view) if block["type"] == "actions")
    assert [
        (one["text"]["text"], one["action_id"], one["accessibility_label"]) for one in buttons
    ] == snapshot(
        [
            ("Timeline", "details_timeline", "Timeline of promotion P-142"),
            ("Gates", "details_gates", "Gates of promotion P-142"),
            ("Changes", "details_changes", "Changes of promotion P-142"),
            ("Audit", "details_audit", "Audit of promotion P-142"),
        ]
    )
    assert {one["value"] for one in buttons} == {json.dumps({"id": "P-142", "rev": "abcdef0123456789"})}


def test_the_timeline_tells_what_happened_when() -> None:
    """What people did and each phase that followed; looks at gates are on their own tab."""
    assert said(details_modal.details(shown("timeline")))[2:-1] == snapshot(
        [
            """\
<!date^1795190400^{date_short_pretty} {time_secs}|2026-11-20 16:00:00 UTC> · ana asked for it: “fix refunds”
<!date^1795190460^{date_short_pretty} {time_secs}|2026-11-20 16:01:00 UTC> · bo approved: “checked &lt;canary&gt; graphs”
<!date^1795190490^{date_short_pretty} {time_secs}|2026-11-20 16:01:30 UTC> · The deploy is under way\
"""
        ]
    )


def test_the_gates_show_their_evidence_and_where_it_is_from() -> None:
    """Each rule with its verdict and reading; what it asks for, and when it was looked at."""
    assert said(details_modal.details(shown("gates")))[2:-1] == snapshot(
        [
            """\
:white_check_mark: *Branch* passed · on main
:white_check_mark: *Path* passed · succeeded in staging
:white_check_mark: *Checks* passed · 12 passed
      <https://github.com/acme/checkout/commit/1f0c9e2ab34d5566778899aabbccddeeff001122/checks|source>
:white_check_mark: *Health* passed · staging: 3 good answers in a row (HTTP 200, v2.14.3)
      looked at <!date^1795190409^{date_short_pretty} {time_secs}|2026-11-20 16:00:09 UTC>
:white_check_mark: *Incidents* passed · none open
:white_small_square: *Approvals* 1 of 2 · :white_check_mark: <@U0BO> “checked canary graphs” · Needs 1 more of release-managers (@cy). Not @ana, who asked.\
"""
        ]
    )


def test_the_changes_have_links() -> None:
    """The comparison and each pull request."""
    assert said(details_modal.details(shown("changes")))[2:-1] == snapshot(
        [
            """\
<https://github.com/acme/checkout/compare/v2.14.2...v2.14.3|4 commits since v2.14.2>
• <https://github.com/acme/checkout/pull/812|#812> Fix EUR refunds (ana-dev)
• <https://github.com/acme/checkout/pull/815|#815> Bump deps (renovate)
• <https://github.com/acme/checkout/pull/816|#816> Log trace id (bo-dev)
• <https://github.com/acme/checkout/commit/1f0c9e2ab34d5566778899aabbccddeeff001122|Typo> (bo-dev)\
"""
        ]
    )


def test_the_audit_shows_rows_with_their_numbers() -> None:
    """Every row that tells something, also of looks, as it is chained: each value by name, moments as such, links as
    links; of bookkeeping only how much there is."""
    assert said(details_modal.details(shown("audit")))[2:-1] == snapshot(
        [
            """\
`7` <!date^1795190400^{date_short_pretty} {time_secs}|2026-11-20 16:00:00 UTC> · ana · request: version v2.14.3 → *waiting*
`8` <!date^1795190409^{date_short_pretty} {time_secs}|2026-11-20 16:00:09 UTC> · greenlight · gate seen: gate health, looked <!date^1795190408^{date_short_pretty} {time_secs}|2026-11-20 16:00:08 UTC>
`11` <!date^1795190460^{date_short_pretty} {time_secs}|2026-11-20 16:01:00 UTC> · bo · approve: note checked &lt;canary&gt; graphs
`12` <!date^1795190490^{date_short_pretty} {time_secs}|2026-11-20 16:01:30 UTC> · greenlight · run seen: <https://github.com/acme/checkout/actions/runs/8840|url>, sha a1a1a1a → *deploying*
… and 2 entries of bookkeeping\
"""
        ]
    )


def test_a_long_history_stays_within_the_limits() -> None:
    """A hundred rows of a promotion that was asked about for days: what does not fit is counted."""
    rows = tuple(
        AuditLine(ASKED, "ana", "refused", (("why", "x" * 2_000),) * 30, number, "", "y" * 500)
        for number in range(900)
    )
    for tab in TABS:
        view = details_modal.details(Details(FACES["failed"], tab, rows))
        assert_view(view)
        assert len(blocks_of(view)) <= 20


def test_of_a_long_history_the_newest_is_shown() -> None:
    """Somebody is refused nine hundred times before it fails: the failure is there, and what is not is counted."""
    refused = AuditLine(ASKED, "eve", "refused", (("why", "x" * 190),))
    end = AuditLine(ASKED + 90, "greenlight", "run_seen", (), 901, "failed")
    for tab in ("timeline", "audit"):
        face = FACES["failed"]
        shown = [*said(details_modal.details(Details(face, tab, (*(refused,) * 900, end))))]
        assert any(
            "failed" in one.splitlines()[-1] or "run_seen" in one.splitlines()[-1] for one in shown[2:]
        )
        assert any("earlier lines not shown" in one for one in shown)


def test_what_the_rows_do_not_reach_back_to_is_told_by_the_promotion() -> None:
    """The store found the newest rows only: who asked and who approved stands before them, and that rows are missing;
    a version that was looked up again is no news."""
    asked = AuditLine(ASKED, "ana", "request", said="fix refunds")
    given = AuditLine(ASKED + 5, "bo", "approve", said="checked <canary> graphs")
    again = AuditLine(ASKED + 85, "greenlight", "version_seen")
    cut = replace(shown("timeline"), audit=(again, AUDIT[-1]), before=(asked, given), is_cut=True)
    assert said(details_modal.details(cut))[2:-1] == snapshot(
        [
            """\
<!date^1795190400^{date_short_pretty} {time_secs}|2026-11-20 16:00:00 UTC> · ana asked for it: “fix refunds”
<!date^1795190405^{date_short_pretty} {time_secs}|2026-11-20 16:00:05 UTC> · bo approved: “checked &lt;canary&gt; graphs”
_Rows of the audit log from before <!date^1795190485^{date_short_pretty} {time}|2026-11-20 16:01 UTC> are not shown here: `greenlight audit export` has them all._
<!date^1795190490^{date_short_pretty} {time_secs}|2026-11-20 16:01:30 UTC> · The deploy is under way\
"""
        ]
    )
    assert said(details_modal.details(replace(cut, tab="audit")))[2:-1] == snapshot(
        [
            """\
_Rows of the audit log from before <!date^1795190485^{date_short_pretty} {time}|2026-11-20 16:01 UTC> are not shown here: `greenlight audit export` has them all._
<!date^1795190485^{date_short_pretty} {time_secs}|2026-11-20 16:01:25 UTC> · greenlight · version seen
`12` <!date^1795190490^{date_short_pretty} {time_secs}|2026-11-20 16:01:30 UTC> · greenlight · run seen: <https://github.com/acme/checkout/actions/runs/8840|url>, sha a1a1a1a → *deploying*\
"""
        ]
    )


def test_only_the_tabs_are_tabs() -> None:
    """A button of the card is none, nor is a tab that was never drawn."""
    assert details_modal.tab_of("details_gates") == "gates"
    assert details_modal.tab_of("details") is None
    assert details_modal.tab_of("details_secrets") is None


def test_every_message_has_its_words() -> None:
    """Whatever can happen to a promotion is told in a sentence of its own, or is no news."""
    actions = {_action(kind) for kind in (*messages(Command), *messages(Fact))}
    assert actions - set(DID) - QUIET == set()
    assert set(DID) & QUIET == set()
    assert (set(DID) | QUIET) - actions == {"refused"}


def test_every_phase_has_its_words() -> None:
    """No phase is told by its bare name."""
    for phase in Phase:
        told = sentence(AuditLine(ASKED, "greenlight", "woken", (), 1, phase.value))
        assert not told.endswith(f"It is {phase.value}"), told


def messages(union: object) -> list[type]:
    """The types that a union is made of, of unions in it too."""
    found: list[type] = []
    for part in get_args(union):
        found += messages(part) or [part]
    return found


def _action(kind: type) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", kind.__name__).lower()
