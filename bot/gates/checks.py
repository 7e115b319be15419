"""The `checks` gate: every check run and commit status on the SHA is green. Zero checks is not green."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.policy import GateRule, Side, Verdict
from bot.domain.readings import ChecksReading, Reading
from bot.gates.view import GateView, Seen, settings_of
from bot.ports import Check

LOOK_EVERY = 30.0  # seconds; webhooks wake earlier


@dataclass(frozen=True, slots=True)
class Settings:
    """Which checks must be there, and which do not matter."""

    required: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def rule(name: str, of: Side, settings: Settings) -> GateRule:
    """The rule that approvers sign, with its judge. The order of names in the catalog does not matter."""
    required, ignore = sorted(set(settings.required)), sorted(set(settings.ignore))
    return GateRule(
        name=name,
        use="checks",
        of=of,
        settings=tuple([("required", check) for check in required] + [("ignore", check) for check in ignore]),
        basis=_basis(required, ignore),
        every=LOOK_EVERY,
        judge=judge,
    )


def _basis(required: Sequence[str], ignore: Sequence[str]) -> str:
    parts = ["every check is green"]
    if required:
        parts.append(f"with {', '.join(required)}")
    if ignore:
        parts.append(f"without {', '.join(ignore)}")
    return ", ".join(parts)


def judge(reading: Reading) -> Verdict:
    """Unmet when one or the look failed, pending while one is missing or running or there are none, else met."""
    if not isinstance(reading, ChecksReading):
        return Verdict.UNMET
    if reading.failed:
        return Verdict.UNMET
    if reading.pending or reading.missing or reading.passed < 1:
        return Verdict.PENDING
    return Verdict.MET


async def observe(rule: GateRule, view: GateView, previous: Reading | None) -> Seen:
    """Read the newest check of each name on the SHA; the link is the first one that is not green."""
    found = await view.repository.checks(view.service.repo, view.sha)
    ignored = settings_of(rule, "ignore")
    counted = [check for check in found if check.name not in ignored]
    return read(counted, settings_of(rule, "required")), _link(counted)


def read(counted: Sequence[Check], required: Sequence[str]) -> ChecksReading:
    """What the checks that count say together."""
    seen = {check.name for check in counted}
    return ChecksReading(
        passed=sum(check.state == "passed" for check in counted),
        failed=_names(counted, "failed"),
        pending=_names(counted, "pending"),
        missing=tuple(sorted(set(required) - seen)),
    )


def _names(counted: Sequence[Check], state: str) -> tuple[str, ...]:
    return tuple(sorted({check.name for check in counted if check.state == state}))


def _link(counted: Sequence[Check]) -> str:
    worst_first = sorted(counted, key=lambda check: ("failed", "pending", "passed").index(check.state))
    return worst_first[0].url if worst_first else ""
