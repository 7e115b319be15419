"""The document of a promotion of version 2, frozen: never edit it, add the next version beside it.

Version 2 knows the commit of each try, how long GitHub kept a run waiting, whose run was found in its place, and
when a run was last stopped by force.
"""

from dataclasses import replace
from typing import Any

from bot.domain.promotion import Entry, Promotion, Stranger, Wish
from tests.store.golden import GOLDEN, PROMOTION

assert PROMOTION.intent is not None
TOLD = {f"told:rolled_back:{PROMOTION.undone_by}": Entry(begun=PROMOTION.since)}  # not told once more
OLD = replace(
    PROMOTION,
    intent=replace(PROMOTION.intent, sha="a" * 40, bound="a" * 40),
    ledger={**PROMOTION.ledger, **TOLD},
)  # version 1, brought up
PROMOTION_TWO: Promotion = replace(
    PROMOTION,
    intent=replace(PROMOTION.intent, sha="a" * 40, bound="c" * 40),
    run=replace(PROMOTION.run, waiting_since=1007.5, waited=12.5),
    stranger=Stranger(8841, "eli-dev"),
    wish=Wish("ana", 1008.0, "wrong version", 1009.0, forced=True, forced_at=1309.0),
    ledger={
        "card": Entry(
            1000.6, 1000.7, "17.0001", "C0PAY", "f00d", 2, 1001.5, "ratelimited", True, 1000.9, True
        ),
        **TOLD,
    },
)
GOLDEN_TWO: dict[str, Any] = {
    **GOLDEN,
    "v": 2,
    "intent": {**GOLDEN["intent"], "sha": "a" * 40, "bound": "c" * 40},
    "run": {**GOLDEN["run"], "waiting_since": 1007.5, "waited": 12.5},
    "stranger": {"run_id": 8841, "starter": "eli-dev"},
    "wish": {**GOLDEN["wish"], "forced_at": 1309.0},
    "ledger": {"card": {**GOLDEN["ledger"]["card"], "limited": True}},
}
