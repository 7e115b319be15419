"""The `incidents` gate: no incident is open on the service in PagerDuty."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.policy import GateRule, Side, Verdict
from bot.domain.readings import IncidentsReading, Reading, Unreadable
from bot.gates.view import GateView, Seen, setting_of

LOOK_EVERY = 60.0  # seconds; webhooks wake earlier


@dataclass(frozen=True, slots=True)
class Settings:
    """How severe an incident must be to count."""

    severity: Literal["high", "any"] = "high"


def rule(name: str, of: Side, settings: Settings) -> GateRule:
    """The rule that approvers sign, with its judge."""
    which = "high-urgency incident" if settings.severity == "high" else "incident"
    return GateRule(
        name=name,
        use="incidents",
        of=of,
        settings=(("severity", settings.severity),),
        basis=f"no {which} is open",
        every=LOOK_EVERY,
        judge=judge,
    )


def judge(reading: Reading) -> Verdict:
    """Met only when a look found none open; a look that failed is not a yes."""
    if not isinstance(reading, IncidentsReading):
        return Verdict.UNMET
    return Verdict.UNMET if reading.open else Verdict.MET


async def observe(rule: GateRule, view: GateView, previous: Reading | None) -> Seen:
    """Ask PagerDuty which incidents are open; the link is the first one."""
    if view.service.pagerduty is None:
        return Unreadable(f"{view.service.name} has no PagerDuty service in the catalog"), ""
    found = await view.pager.open_incidents(view.service.pagerduty.service, setting_of(rule, "severity"))
    return IncidentsReading(open=found), found[0].url if found else ""
