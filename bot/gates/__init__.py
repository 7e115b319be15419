"""The gates that this version can judge, by kind. A kind that is not here is unmet."""

from collections.abc import Mapping

from bot.domain.policy import GateRule
from bot.domain.readings import Reading
from bot.gates import checks, health, incidents
from bot.gates.view import GateKind, GateView, Seen

__all__ = ["KINDS", "GateKind", "GateView", "Seen", "observe"]

KINDS: Mapping[str, GateKind] = {
    kind.name: kind
    for kind in (
        GateKind("checks", checks.observe),
        GateKind("health", health.observe),
        GateKind("incidents", incidents.observe),
    )
}


async def observe(rule: GateRule, view: GateView, previous: Reading | None) -> Seen:
    """Look once at the world for one gate; raises VendorError when a vendor could not be read."""
    return await KINDS[rule.use].observe(rule, view, previous)
