"""The documents of a promotion of version 3 and of what is live of version 2: frozen once they are released.

Version 3 knows the life of an incident, how many checks ran nothing, who wrote the changes, the thread that it was
asked in, the usual time, whose version a rollback takes away, and since when a card's words are of the past; how far a
long run came, that it was lost, and since when something is gone. What is live knows how long deploys took.
"""

from dataclasses import replace
from typing import Any

from bot.domain.incident import IncidentNote
from bot.domain.promotion import Departure, Live, Promotion, Replaced
from bot.domain.readings import ChecksReading
from tests.store.golden import GOLDEN_LIVE, LIVE
from tests.store.golden_two import GOLDEN_TWO, PROMOTION_TWO

assert PROMOTION_TWO.incident is not None
assert PROMOTION_TWO.changes is not None
assert PROMOTION_TWO.intent is not None
CHECKS = PROMOTION_TWO.gates["checks"]
assert isinstance(CHECKS.reading, ChecksReading)
PROMOTION_THREE: Promotion = replace(
    PROMOTION_TWO,
    gates={**PROMOTION_TWO.gates, "checks": replace(CHECKS, reading=replace(CHECKS.reading, skipped=5))},
    run=replace(PROMOTION_TWO.run, lost=True, steps_done=41, steps_total=60),
    ledger={"card": replace(PROMOTION_TWO.ledger["card"], gone_since=1001.0)},
    asked_thread="17.0000",
    changes=replace(PROMOTION_TWO.changes, base="0" * 40, everyone=True, newest_by="bo-dev"),
    intent=replace(PROMOTION_TWO.intent, usual=180.5),
    incident=replace(
        PROMOTION_TWO.incident,
        status="resolved",
        acknowledged_by="dee",
        acknowledged_at=1020.0,
        resolved_by="Robin of PagerDuty",
        resolved_at=1100.0,
        lead="dee",
        lead_since=1021.0,
        notes=(IncidentNote("dee", 1030.0, "cache is cold", "https://acme.slack.com/p1"),),
        heard=1099.0,
        looked=1099.5,
    ),
    leaves=Departure("P-140", 900.5),
    replaced=Replaced(1200.0, "v2.15.0", "P-150"),
)
GOLDEN_THREE: dict[str, Any] = {
    **GOLDEN_TWO,
    "v": 3,
    "asked_thread": "17.0000",
    "run": {**GOLDEN_TWO["run"], "lost": True, "steps_done": 41, "steps_total": 60},
    "ledger": {"card": {**GOLDEN_TWO["ledger"]["card"], "gone_since": 1001.0}},
    "changes": {**GOLDEN_TWO["changes"], "base": "0" * 40, "everyone": True, "newest_by": "bo-dev"},
    "intent": {**GOLDEN_TWO["intent"], "usual": 180.5},
    "incident": {
        **GOLDEN_TWO["incident"],
        "status": "resolved",
        "acknowledged_by": "dee",
        "acknowledged_at": 1020.0,
        "resolved_by": "Robin of PagerDuty",
        "resolved_at": 1100.0,
        "lead": "dee",
        "lead_since": 1021.0,
        "notes": [{"by": "dee", "at": 1030.0, "text": "cache is cold", "link": "https://acme.slack.com/p1"}],
        "heard": 1099.0,
        "looked": 1099.5,
    },
    "gates": {
        **GOLDEN_TWO["gates"],
        "checks": {
            **GOLDEN_TWO["gates"]["checks"],
            "reading": {**GOLDEN_TWO["gates"]["checks"]["reading"], "skipped": 5},
        },
    },
    "leaves": {"promotion": "P-140", "since": 900.5},
    "replaced": {"at": 1200.0, "version": "v2.15.0", "by": "P-150"},
}
LIVE_TWO: Live = replace(LIVE, deploys=(180.5, 171.0), rollbacks=(60.0,))
GOLDEN_LIVE_TWO: dict[str, Any] = {**GOLDEN_LIVE, "v": 2, "deploys": [180.5, 171.0], "rollbacks": [60.0]}
