"""The request form: its fields, what it warns of, what it says of changes and needs, and what its searches offer."""

import json
from dataclasses import replace
from typing import Any

from inline_snapshot import snapshot

from blocks import request_modal
from bot.domain.candidates import Candidate
from bot.domain.forms import (
    Checking,
    LiveAlready,
    Needed,
    NotAsked,
    NotSeen,
    NotTold,
    NotVerified,
    RequestForm,
    SlotBusy,
)
from bot.domain.promotion import Change, Changes, Live, Phase, Release
from tests.blocks.form_parts import alerts, blocks_of, fields, labels, said
from tests.blocks.judge import assert_view

NOW = 1_795_190_400.0
CHANGES = Changes(
    "v2.14.2",
    3,
    (
        Change("Fix EUR refunds", "ana-dev", "https://github.com/acme/checkout/pull/812", 812),
        Change("Bump deps", "eli-dev", "https://github.com/acme/checkout/pull/815", 815),
    ),
    ("ana-dev", "eli-dev"),
    "https://github.com/acme/checkout/compare/a...b",
)
FORM = RequestForm(
    service="checkout",
    environments=("dev", "staging", "production"),
    environment="production",
    version="v2.14.3",
    reason="fix refunds",
    skippable=("health",),
    repo="acme/checkout",
    needed=Needed(((2, "release-managers"),), False, 600.0, ("checks", "health", "incidents")),
    changes=CHANGES,
)
TARGET = Live("checkout", "production", Release("a" * 40, "v2.14.2", NOW - 86_400, "P-139"))


def test_the_fields_of_a_request() -> None:
    """What depends on the service or the environment is in a block that is named after them."""
    view = request_modal.request(FORM)
    assert_view(view)
    assert fields(view) == snapshot(
        [
            ("service", "service", "external_select"),
            ("version@checkout@production", "version", "external_select"),
            ("environment@checkout", "environment", "radio_buttons"),
            ("reason", "reason", "plain_text_input"),
            ("skip_health@checkout@production", "skip_health", "checkboxes"),
            ("skip_reason", "skip_reason", "plain_text_input"),
        ]
    )


def test_every_input_has_a_label_and_says_what_it_is_for() -> None:
    """Whoever hears the form instead of seeing it knows what to say where."""
    view = request_modal.request(FORM)
    assert labels(view) == snapshot(
        ["Service", "Version", "To", "Reason", "Skip a health check", "Why it may be skipped"]
    )
    hints = [one["hint"]["text"] for one in blocks_of(view) if "hint" in one]
    assert hints == snapshot(
        [
            "Type any tag, branch or commit.",
            "Whoever reads the audit log, or is paged tonight, will read this.",
            "Approvers see which check is skipped, who skips it, and why.",
            "Needed when a check is skipped.",
        ]
    )


def test_the_form_carries_nothing_but_the_promotion_it_retries() -> None:
    """The service and the version are in the form's own state; the record decides about the rest."""
    view = request_modal.request(replace(FORM, retries="P-139"))
    assert json.loads(str(view["private_metadata"])) == {"id": "P-139", "rev": ""}
    assert "This tries P-139 again." in said(view)


def test_what_changes_and_what_it_needs() -> None:
    """The change list with its links, and whose approval, which wait and which gates."""
    assert said(request_modal.request(FORM)) == snapshot(
        [
            """\
*Changes:* <https://github.com/acme/checkout/compare/a...b|3 commits since v2.14.2>
• <https://github.com/acme/checkout/pull/812|#812> Fix EUR refunds (ana-dev)
• <https://github.com/acme/checkout/pull/815|#815> Bump deps (eli-dev)\
""",
            "*Needs:* 2 of @release-managers (not you) · 10 min wait · gates: checks, health, incidents",
        ]
    )


def test_every_state_of_the_change_list() -> None:
    """Not asked, being asked, not told, nothing new, and commits that would be lost: each in words."""
    states = (
        NotAsked("no version"),
        NotAsked("no live"),
        NotAsked("same"),
        Checking(),
        NotTold("Bad <credentials>"),
        replace(CHANGES, commits=0, items=(), behind=2),
        replace(CHANGES, behind=1),
    )
    told = [said(request_modal.request(replace(FORM, changes=one)))[0] for one in states]
    assert told == snapshot(
        [
            "*Changes:* Choose a version to see what changes.",
            "*Changes:* What is live there is not known, so I cannot say what changes.",
            "*Changes:* This is the commit that is live there now: nothing changes.",
            "*Changes:* :hourglass_flowing_sand: Checking…",
            "*Changes:* GitHub does not tell me now (“Bad &lt;credentials&gt;”). You can go on without.",
            """\
*Changes:* nothing that production does not have.
:warning: 2 commits that are live there now are *not in this version*.\
""",
            """\
*Changes:* <https://github.com/acme/checkout/compare/a...b|3 commits since v2.14.2>
• <https://github.com/acme/checkout/pull/812|#812> Fix EUR refunds (ana-dev)
• <https://github.com/acme/checkout/pull/815|#815> Bump deps (eli-dev)
:warning: 1 commit that is live there now is *not in this version*.\
""",
        ]
    )


def test_needs_of_other_rules() -> None:
    """Nothing at all, approval of one's own, two rules of approval."""
    rules = (Needed(), Needed(((1, "owner"),), True), Needed(((1, "owner"), (2, "sre")), False, 60.0))
    assert [said(request_modal.request(replace(FORM, needed=one)))[-1] for one in rules] == snapshot(
        [
            "*Needs:* nothing. It deploys at once.",
            "*Needs:* 1 of the owner team",
            "*Needs:* 1 of the owner team and 2 of @sre (not you) · 1 min wait",
        ]
    )


def test_what_a_form_warns_of() -> None:
    """Each warning names the thing and what follows; none of them keeps anybody from asking."""
    warnings = (
        SlotBusy("P-141", Phase.DEPLOYING),
        LiveAlready("v2.14.3", "production", NOW, "P-139"),
        NotVerified("v2.14.3", "production", "staging"),
        NotSeen("v2.14.9", "acme/checkout", "v2.14.3"),
    )
    view = request_modal.request(replace(FORM, warnings=warnings))
    assert_view(view)
    assert alerts(view) == snapshot(
        [
            "warning: P-141 is deploying; you will queue behind it.",
            "warning: v2.14.3 has been in production since 2026-11-20 16:00 UTC (P-139).",
            "warning: v2.14.3 is not verified in staging, and production only takes versions that are. Promote it there first.",
            "warning: I have seen no tag or branch “v2.14.9” in acme/checkout. Did you mean v2.14.3?",
        ]
    )


def test_a_list_that_github_does_not_renew_says_its_age() -> None:
    """Typed versions are possible all the same, and the hint says so."""
    silent = [replace(FORM, silent=True, listed=NOW), replace(FORM, silent=True)]
    views = [request_modal.request(one) for one in silent]
    assert [one["hint"]["text"] for view in views for one in blocks_of(view)[1:2]] == snapshot(
        [
            "Type any tag, branch or commit. GitHub does not answer: the list is of 16:00 UTC.",
            "Type any tag, branch or commit. GitHub does not answer: there is no list yet.",
        ]
    )


def test_a_form_without_a_service_asks_for_one() -> None:
    """An empty catalog, or one that lost its services while somebody looked: there is nothing to depend on."""
    view = request_modal.request(RequestForm())
    assert_view(view)
    assert [name for _, name, _ in fields(view)] == ["service", "reason"]


def test_the_block_of_a_version_names_its_place() -> None:
    """Slack tells a search nothing else of the form than the id of its block."""
    block = request_modal.version_block("checkout", "production")
    assert request_modal.place_of(block) == ("checkout", "production")
    assert request_modal.place_of("reason") == ("", "")


def test_what_the_search_for_a_version_offers() -> None:
    """What is verified before comes first, each with why it stands there; the typed one as it is, last."""
    found = (
        Candidate("v2.14.3", "verified", "b" * 40, "staging", NOW - 7_200, serving=True, ahead=3),
        Candidate("v2.14.1", "verified", "c" * 40, "staging", NOW - 90_000),
        Candidate("v2.15.0", "tag", "d" * 40),
        Candidate("v2.14.2", "tag", "a" * 40, live=True),
        Candidate("main", "branch", "d" * 40),
        Candidate("release/9", "branch"),
        Candidate("v2.14", "typed"),
    )
    answer: dict[str, Any] = dict(request_modal.versions(found, "staging", TARGET, NOW))
    told = {
        group["label"]["text"]: [
            (one["text"]["text"], one["value"], one.get("description", {}).get("text", ""))
            for one in group["options"]
        ]
        for group in answer["option_groups"]
    }
    assert told == snapshot(
        {
            "Verified in staging": [
                ("v2.14.3", "v2.14.3", "in staging for 2 h · 3 commits ahead of production"),
                ("v2.14.1", "v2.14.1", "was verified in staging"),
            ],
            "Tags, newest first": [
                ("v2.15.0", "v2.15.0", "commit ddddddd"),
                ("v2.14.2", "v2.14.2", "in production now · commit aaaaaaa"),
            ],
            "Branches": [("main", "main", "head is ddddddd"), ("release/9", "release/9", "")],
            "As you typed it": [("use “v2.14” as written", "v2.14", "")],
        }
    )


def test_a_form_that_is_filled_in_begins_at_the_reason() -> None:
    """With service, version and environment chosen only the reason is left to type; a form that is redrawn, or one
    that lacks more, leaves people where they are."""
    whole = FORM
    focused = [
        [
            block["block_id"]
            for block in blocks_of(request_modal.request(form, opens=opens))
            if "focus_on_load" in str(block)
        ]
        for form, opens in ((whole, True), (whole, False), (replace(whole, version=""), True))
    ]
    assert focused == [["reason"], [], []]
