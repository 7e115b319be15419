"""Private replies: receipts, requests that got no card, lists and trouble."""

from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from blocks import answers, replies
from blocks.rendition import Rendition
from bot.domain.face import Face, State, StatusRow
from bot.domain.promotion import EndCause, Ending
from tests.blocks.faces import ASKED, FACES, OLD, REPO, face
from tests.blocks.judge import assert_message

ROWS = (
    StatusRow("checkout", "staging", replace(OLD, version="v2.14.3", promotion=""), True),
    StatusRow("checkout", "production", OLD, True, (("P-142", "v2.14.3", State.DEPLOYING),)),
    StatusRow("storefront", "production", None, False),
)


def _turned_away(cause: EndCause, said: str = "", nearest: tuple[str, ...] = ()) -> Face:
    return face(State.REJECTED, version="v2.14.9", ending=Ending(cause, ASKED, said=said, nearest=nearest))


TURNED_AWAY = {
    "missing": _turned_away("missing", nearest=("v2.14.3", "v2.14.2")),
    "missing, nothing near": _turned_away("missing"),
    "ambiguous": _turned_away("ambiguous", nearest=("tags/v1 (abc1234)", "heads/v1 (def5678)")),
    "branch": _turned_away("branch", nearest=("main", "release")),
    "path": _turned_away("path", said="staging"),
    "live": _turned_away("live", said="P-139"),
    "person": _turned_away("person", said="not now"),
}
REPLIES = {
    "asked": replies.asked(FACES["checking"], "#deploys"),
    "asked, no room": replies.asked(FACES["checking"], ""),
    "recorded": replies.recorded(FACES["awaiting one more"]),
    "checking membership": replies.recorded_checking_membership(FACES["awaiting"]),
    "duplicate": replies.duplicate_of("P-142"),
    "stale copy": replies.stale_copy(FACES["awaiting"], f"{REPO}/card"),
    "not in channel": replies.bot_not_in_channel("#payments", "P-142"),
    "rate limited": replies.rate_limited("GitHub", 48.0, "P-142"),
    "store down": replies.store_down(),
    "busy": replies.busy(),
    "newer": replies.newer(),
    "store unclear": replies.store_unclear(),
    "internal": replies.internal("7f3a"),
    "adopted": replies.adopted("checkout", "production", OLD),
    "no status": answers.status(()),
    "no history": answers.history("checkout", "production", ()),
}


def test_requests_that_got_no_card() -> None:
    """Each tells why, by which rule, and what to do."""
    told = {name: replies.not_started(one) for name, one in TURNED_AWAY.items()}
    assert {name: (one.text, _small(one)) for name, one in told.items()} == snapshot(
        {
            "missing": (
                "I cannot find “v2.14.9” in acme/checkout (tags, branches, commits), so nothing was started. Nearest: v2.14.3 or v2.14.2. Try `/promote checkout@v2.14.3 to production`",
                "E05 · P-142",
            ),
            "missing, nothing near": (
                "I cannot find “v2.14.9” in acme/checkout (tags, branches, commits), so nothing was started. Push the tag first, or name a branch or a commit.",
                "E05 · P-142",
            ),
            "ambiguous": (
                "“v2.14.9” means more than one commit in acme/checkout: tags/v1 (abc1234) and heads/v1 (def5678). Name the full commit SHA instead.",
                "E43 · P-142",
            ),
            "branch": (
                "v2.14.9 is not on `main` or `release`, and production takes nothing else (rule `branches`). Merge it there, then ask again.",
                "E44 · P-142",
            ),
            "path": (
                "v2.14.9 has not succeeded in staging, and production only takes versions that did (rule `after`). Promote it there first: `/promote checkout@v2.14.9 to staging`",
                "E03 · P-142",
            ),
            "live": (
                "checkout production already runs v2.14.9 since <!date^1794672000^{date_short_pretty} {time}|2026-11-14 16:00 UTC> (P-139). Nothing to do; `/promote status checkout` shows the rest.",
                "E04 · P-142",
            ),
            "person": (
                "checkout v2.14.9 to production was not started: “not now”. `/promote why P-142` tells more.",
                "E45 · P-142",
            ),
        }
    )


def _small(rendition: Rendition) -> object:
    elements = rendition.rungs[0][-1]["elements"]
    assert isinstance(elements, list)
    return elements[0]["text"]


def test_the_replies() -> None:
    """What a person is told in private."""
    assert {name: one.text for name, one in REPLIES.items()} == snapshot(
        {
            "asked": "P-142: checkout v2.14.3 to production is asked for. Its card comes in #deploys; if it gets none, I tell you why here.",
            "asked, no room": "P-142: checkout v2.14.3 to production is asked for. Its card comes in the service's channel; if it gets none, I tell you why here.",
            "recorded": "Done. P-142: checkout v2.14.3 to production is waiting for approval, 1 of 2. All 3 gates passed. Asked by ana, approved by bo.",
            "checking membership": "Your approval of P-142 is recorded. I am checking your membership; it counts as soon as that says yes, and the card will show it.",
            "duplicate": "That was done already, as P-142; nothing was done twice. `/promote why P-142` shows where it stands.",
            "stale copy": "This is an old copy, so its buttons do nothing. Go to <https://github.com/acme/checkout/card|the card of P-142>, checkout v2.14.3 to production.",
            "not in channel": "I am not in #payments, so P-142 has no card yet. Type `/invite @greenlight` there, and I post it within a minute.",
            "rate limited": "GitHub asks me to wait 48 s (rate limit). P-142 keeps its place; no action needed.",
            "store down": "I cannot reach my database, so I will not approve or start anything, and this was not recorded. Try again in a minute; the team that runs me sees it in the logs.",
            "store unclear": "My database took too long, and I cannot tell whether this was recorded. Look at the card, or ask me for `/promote status`, before you try again.",
            "busy": "I have too much to do at this moment, so this was not done. Try again in a few seconds.",
            "newer": "A newer version of me has written this, and I am the older one, so I leave it alone: nothing was done. Try again when the upgrade is through.",
            "internal": "Something went wrong on my side (ref `7f3a`), and this was not done. Try again; the team that runs me can find it by that reference.",
            "adopted": "Recorded: checkout production runs v2.14.2. Nothing was deployed; a rollback can go back to it.",
            "no status": "No service of the catalog matches. `/promote status all` lists all of them.",
            "no history": "No promotion of checkout to production is recorded. Start one: `/promote checkout`",
        }
    )


def test_status_shows_what_runs_where_and_what_is_coming() -> None:
    """Unknown is said as unknown, adopted as adopted."""
    rendition = answers.status(ROWS)
    assert rendition.text == snapshot(
        "What runs where. checkout staging: *v2.14.3* since <!date^1794672000^{date_short_pretty} {time}|2026-11-14 16:00 UTC> (adopted); checkout production: *v2.14.2* since <!date^1794672000^{date_short_pretty} {time}|2026-11-14 16:00 UTC> (P-139), on its way: P-142 v2.14.3 deploying; storefront production: unknown."
    )
    assert_message(rendition.text, rendition.rungs[0])


def test_why_puts_what_is_in_the_way_first() -> None:
    """Somebody who is blocked reads the first line."""
    rendition = answers.why(FACES["blocked"])
    assert [block["text"] for block in rendition.rungs[0][:2]] == snapshot(
        [
            {
                "type": "mrkdwn",
                "text": ":warning: `P-142` checkout v2.14.3 → production: *Blocked: Health, p99 and Incidents*",
                "verbatim": True,
            },
            {
                "type": "mrkdwn",
                "text": """\
1. :x: *Health* not passed · staging: HTTP 503 (5 looks)
2. :x: *p99* not passed · staging: I could not read it (metrics answered 503 twice). I count that as not passed
3. :x: *Incidents* not passed · open: PD-4410 Card payments slow
4. :white_check_mark: *Branch* passed · on main
5. :white_check_mark: *Path* passed · succeeded in staging
6. :white_check_mark: *Checks* passed · 12 passed\
""",
                "verbatim": True,
            },
        ]
    )
    assert_message(rendition.text, rendition.rungs[0])


def test_history_is_one_line_per_promotion() -> None:
    """Newest first as given, with who ended it and why."""
    rendition = answers.history("checkout", "", (FACES["succeeded"], FACES["rejected"]))
    assert rendition.rungs[0][0]["text"] == snapshot(
        {
            "type": "mrkdwn",
            "text": """\
:white_check_mark: `P-142` checkout v2.14.3 → production: *Succeeded · 6 min 12 s* · <!date^1795190832^{date_short_pretty} {time}|2026-11-20 16:07 UTC> · asked by ana · “fix refunds for EUR cards”
:no_entry: `P-142` checkout v2.14.3 → production: *Rejected by <@U0BO>* · <!date^1795190490^{date_short_pretty} {time}|2026-11-20 16:01 UTC> · asked by ana · “not before the audit”\
""",
            "verbatim": True,
        }
    )
    assert_message(rendition.text, rendition.rungs[0])


@pytest.mark.parametrize("topic", ["", "approvals", "rollback", "setup", "no such topic"])
def test_help_is_short_and_about_the_readers_service(topic: str) -> None:
    """Eight lines at most, with examples for this channel's service."""
    rendition = answers.help_text(topic, "storefront")
    assert_message(rendition.text, rendition.rungs[0])
    assert len(rendition.text.splitlines()) <= 8
    assert "storefront" in rendition.text or topic == "approvals"
