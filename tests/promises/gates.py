"""What the gates' last looks before an intent were answered, by the vendors' ledger."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.playground.world import Request
from tests.promises.witness import Intended
from tests.promises.written import before, gates_asked

PAGED = {"checkout": "PCHECKOUT", "storefront": "PSTORE", "inventory": "PINVENTORY"}
GREEN = ("success", "neutral", "skipped")

Looks = Callable[[Intended, str, Request], bool]
Yes = Callable[[Request], bool]


def is_met(intent: Intended, rules: str, asked: Sequence[Request], others: int) -> bool:
    """Whether every gate of these rules was met when it was last looked at; `others` looks may be of others."""
    return all(
        _last_said_yes(kind, intent, rules, asked, others)
        for kind in gates_asked(rules, intent.ask.environment)
        if kind not in intent.ask.waived
    )


def _last_said_yes(kind: str, intent: Intended, rules: str, asked: Sequence[Request], others: int) -> bool:
    looks, said_yes = GATES[kind]
    seen = [one for one in asked if looks(intent, rules, one)][-1 - others :]
    return any(one.status == 200 and said_yes(one) for one in seen)


def _checks(intent: Intended, rules: str, one: Request) -> bool:
    return one.path.endswith(f"/commits/{intent.sha}/check-runs")


def _green(one: Request) -> bool:
    return all(run["conclusion"] in GREEN for run in _fields(one.answer)["check_runs"])


def _health(intent: Intended, rules: str, one: Request) -> bool:
    return one.path == f"/{intent.ask.service}/{before(rules, intent.ask.environment)}/health"


def _well(one: Request) -> bool:
    return _fields(one.answer).get("status") == "ok"


def _incidents(intent: Intended, rules: str, one: Request) -> bool:
    return (one.vendor, one.path) == ("pagerduty", "/incidents") and PAGED[intent.ask.service] in str(
        one.body
    )


def _quiet(one: Request) -> bool:
    return not [found for found in _fields(one.answer)["incidents"] if found["urgency"] == "high"]


def _fields(answer: object) -> Mapping[str, Any]:
    return answer if isinstance(answer, Mapping) else {}


GATES: Mapping[str, tuple[Looks, Yes]] = {
    "checks": (_checks, _green),
    "health": (_health, _well),
    "incidents": (_incidents, _quiet),
}
