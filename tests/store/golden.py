"""Documents of version 1, frozen: never edit them, add the next version beside them."""

from typing import Any

from bot.domain.policy import Kind
from bot.domain.promotion import (
    Approval,
    Change,
    Changes,
    Ending,
    Entry,
    Evidence,
    GateFact,
    Incident,
    Intent,
    Live,
    Phase,
    Promotion,
    Release,
    Run,
    Step,
    Waiver,
    Wish,
)
from bot.domain.readings import (
    ChecksReading,
    HealthReading,
    IncidentsReading,
    OpenIncident,
    Unreadable,
)

RELEASE = Release(sha="0" * 40, version="v2.14.2", since=3.5, promotion="P-141", by="ana")

LIVE = Live(
    service="checkout",
    environment="production",
    serving=RELEASE,
    good=(RELEASE,),
    undone=("e" * 40,),
    revision=7,
)

PROMOTION = Promotion(
    id="P-142",
    kind=Kind.PROMOTE,
    service="checkout",
    environment="production",
    version="v2.14.3",
    requester="ana",
    reason="fix refunds for € cards",
    created=1000.5,
    correlation="00112233445566778899aabbccddeeff",
    asked_in="C0DEPLOYS",
    phase=Phase.WAITING,
    since=1000.5,
    sha="a" * 40,
    version_seen=1001.0,
    on_branch="main",
    changes=Changes(
        since="v2.14.2",
        commits=3,
        items=(
            Change("Fix EUR refunds", "ana-dev", "https://github.com/acme/checkout/pull/812", 812, "b" * 40),
        ),
        authors=("ana-dev",),
        url="https://github.com/acme/checkout/compare/v2.14.2...v2.14.3",
        behind=1,
    ),
    approvals=(Approval("bo", "0123456789abcdef", 1002.0, "checked canary graphs"),),
    signed={
        "0123456789abcdef": Evidence(
            sha="a" * 40,
            rules=(("after", "1111111111111111"),),
            waivers=(("smoke", "flaky"),),
            gates=(("health", "met", "HTTP 200"),),
        ),
    },
    gates={
        "checks": GateFact(
            "checks", 1003.0, ChecksReading(4, ("lint",), ("e2e",), ("scan",)), "required: scan"
        ),
        "health": GateFact(
            "health", 1003.0, HealthReading(3, 4, 200, "v2.14.2", "slow"), "HTTP 200", "https://x.test"
        ),
        "open": GateFact(
            "open", 1003.0, IncidentsReading((OpenIncident(4410, "Refunds", "https://pd.test"),)), "high"
        ),
        "incidents": GateFact("incidents", 1003.0, Unreadable("PagerDuty answered 503"), "high"),
    },
    waivers=(Waiver("smoke", "cy", "flaky", 1004.0),),
    awaiting_since=1005.0,
    intent=Intent(1, 1006.0, 50.25, "nonce", ("bo", "cy"), "0123456789abcdef", "502", begun=True),
    returned=True,
    run=Run(
        8840,
        2,
        "https://github.com/r/8840",
        "completed",
        "failure",
        (Step("Smoke tests", "failed", "https://github.com/j/1"),),
        "ana-dev",
        1010.0,
        True,
        1007.0,
        3,
    ),
    wish=Wish("ana", 1008.0, "wrong version", 1009.0, forced=True),
    skip_wait_by="cy",
    skip_wait_for="aaaaaaaaaaaaaaaa",
    ending=Ending("run", 1011.0, "github-actions", "Smoke tests", ("v2.14.1",)),
    previous=RELEASE,
    serving=RELEASE,
    serving_seen=1012.0,
    undoes="P-140",
    undone_by="P-143",
    undone_to="v2.14.1",
    retries="P-139",
    incident=Incident("greenlight:P-142", 4411, "PD1", "https://pd.test/PD1", "C0INC", "inc-4411-checkout"),
    ledger={
        "card": Entry(1000.6, 1000.7, "17.0001", "C0PAY", "f00d", 2, 1001.5, "ratelimited", gave_up=True)
    },
    revision=12,
)

GOLDEN: dict[str, Any] = {
    "v": 1,
    "id": "P-142",
    "kind": "promote",
    "service": "checkout",
    "environment": "production",
    "version": "v2.14.3",
    "requester": "ana",
    "reason": "fix refunds for € cards",
    "created": 1000.5,
    "correlation": "00112233445566778899aabbccddeeff",
    "asked_in": "C0DEPLOYS",
    "phase": "waiting",
    "since": 1000.5,
    "sha": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "version_seen": 1001.0,
    "on_branch": "main",
    "changes": {
        "since": "v2.14.2",
        "commits": 3,
        "items": [
            {
                "title": "Fix EUR refunds",
                "author": "ana-dev",
                "url": "https://github.com/acme/checkout/pull/812",
                "number": 812,
                "sha": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
            }
        ],
        "authors": ["ana-dev"],
        "url": "https://github.com/acme/checkout/compare/v2.14.2...v2.14.3",
        "behind": 1,
    },
    "approvals": [{"by": "bo", "digest": "0123456789abcdef", "at": 1002.0, "note": "checked canary graphs"}],
    "signed": {
        "0123456789abcdef": {
            "sha": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "rules": [["after", "1111111111111111"]],
            "waivers": [["smoke", "flaky"]],
            "gates": [["health", "met", "HTTP 200"]],
        }
    },
    "gates": {
        "checks": {
            "name": "checks",
            "at": 1003.0,
            "reading": {
                "passed": 4,
                "failed": ["lint"],
                "pending": ["e2e"],
                "missing": ["scan"],
                "kind": "checks",
            },
            "basis": "required: scan",
            "link": "",
        },
        "health": {
            "name": "health",
            "at": 1003.0,
            "reading": {
                "good_in_a_row": 3,
                "attempts": 4,
                "status": 200,
                "version": "v2.14.2",
                "wrong": "slow",
                "kind": "health",
            },
            "basis": "HTTP 200",
            "link": "https://x.test",
        },
        "open": {
            "name": "open",
            "at": 1003.0,
            "reading": {
                "open": [{"number": 4410, "title": "Refunds", "url": "https://pd.test"}],
                "kind": "incidents",
            },
            "basis": "high",
            "link": "",
        },
        "incidents": {
            "name": "incidents",
            "at": 1003.0,
            "reading": {"why": "PagerDuty answered 503", "kind": "unreadable"},
            "basis": "high",
            "link": "",
        },
    },
    "waivers": [{"gate": "smoke", "by": "cy", "reason": "flaky", "at": 1004.0}],
    "awaiting_since": 1005.0,
    "intent": {
        "number": 1,
        "at": 1006.0,
        "boottime": 50.25,
        "process": "nonce",
        "approvers": ["bo", "cy"],
        "digest": "0123456789abcdef",
        "unclear": "502",
        "begun": True,
    },
    "returned": True,
    "run": {
        "run_id": 8840,
        "attempt": 2,
        "url": "https://github.com/r/8840",
        "status": "completed",
        "conclusion": "failure",
        "steps": [{"name": "Smoke tests", "status": "failed", "url": "https://github.com/j/1"}],
        "actor": "ana-dev",
        "heard": 1010.0,
        "end_announced": True,
        "started": 1007.0,
        "extra_attempt": 3,
    },
    "wish": {"by": "ana", "at": 1008.0, "reason": "wrong version", "asked_at": 1009.0, "forced": True},
    "skip_wait_by": "cy",
    "skip_wait_for": "aaaaaaaaaaaaaaaa",
    "ending": {
        "cause": "run",
        "at": 1011.0,
        "by": "github-actions",
        "said": "Smoke tests",
        "nearest": ["v2.14.1"],
    },
    "previous": {
        "sha": "0000000000000000000000000000000000000000",
        "version": "v2.14.2",
        "since": 3.5,
        "promotion": "P-141",
        "by": "ana",
    },
    "serving": {
        "sha": "0000000000000000000000000000000000000000",
        "version": "v2.14.2",
        "since": 3.5,
        "promotion": "P-141",
        "by": "ana",
    },
    "serving_seen": 1012.0,
    "undoes": "P-140",
    "undone_by": "P-143",
    "undone_to": "v2.14.1",
    "retries": "P-139",
    "incident": {
        "key": "greenlight:P-142",
        "number": 4411,
        "pager_id": "PD1",
        "url": "https://pd.test/PD1",
        "channel": "C0INC",
        "channel_name": "inc-4411-checkout",
        "on_call": [],
    },
    "ledger": {
        "card": {
            "begun": 1000.6,
            "done": 1000.7,
            "ref": "17.0001",
            "channel": "C0PAY",
            "shown": "f00d",
            "tries": 2,
            "not_before": 1001.5,
            "error": "ratelimited",
            "gave_up": True,
        }
    },
    "revision": 12,
}

GOLDEN_LIVE: dict[str, Any] = {
    "v": 1,
    "service": "checkout",
    "environment": "production",
    "serving": {
        "sha": "0000000000000000000000000000000000000000",
        "version": "v2.14.2",
        "since": 3.5,
        "promotion": "P-141",
        "by": "ana",
    },
    "good": [
        {
            "sha": "0000000000000000000000000000000000000000",
            "version": "v2.14.2",
            "since": 3.5,
            "promotion": "P-141",
            "by": "ana",
        }
    ],
    "undone": ["eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"],
    "revision": 7,
}
