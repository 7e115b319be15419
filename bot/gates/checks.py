"""The `checks` gate: every check run and commit status on the SHA is green. Zero checks is not green."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.policy import GateRule, Side, Verdict, digest_of
from bot.domain.readings import ChecksReading, Reading
from bot.gates.view import GateView, Seen, settings_of
from bot.ports import Check

LOOK_EVERY = 30.0  # seconds; webhooks wake earlier
MOST_NAMED, MOST_NAME = 300, 60  # characters
WORST_FIRST = ("failed", "pending", "skipped", "passed")


@dataclass(frozen=True, slots=True)
class Settings:
    """Which checks must be there, and which do not matter."""

    required: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()  # slugs: a required check has to come from one of them; empty: from any App
    statuses: bool = (
        False  # a commit status, which everybody who may push can set, counts as a required check
    )


def rule(name: str, of: Side, settings: Settings) -> GateRule:
    """The rule that approvers sign, with its judge. The order of names in the catalog does not matter."""
    required, ignore = sorted(set(settings.required)), sorted(set(settings.ignore))
    apps = sorted(set(settings.apps))
    pairs = [
        *(("required", check) for check in required),
        *(("ignore", check) for check in ignore),
        *(("app", app) for app in apps),
        *([("statuses", "count")] if settings.statuses else []),
    ]
    return GateRule(
        name=name,
        use="checks",
        of=of,
        settings=tuple(pairs),
        basis=_basis(required, ignore, apps, statuses=settings.statuses),
        every=LOOK_EVERY,
        judge=judge,
    )


def _basis(required: Sequence[str], ignore: Sequence[str], apps: Sequence[str], *, statuses: bool) -> str:
    parts = ["every check is green"]
    if required:
        parts.append(f"with {_listed(required)}")
    if apps:
        parts.append(f"reported by {_listed(apps)}")
    if statuses:
        parts.append("commit statuses count")
    if ignore:
        parts.append(f"without {_listed(ignore)}")
    return ", ".join(parts)


def _listed(names: Sequence[str]) -> str:
    """The names in words. A basis is stored with every look and every approval: a long list is signed by its digest."""
    whole = ", ".join(names)
    if len(whole) <= MOST_NAMED:
        return whole
    return f"{len(names)} checks ({names[0][:MOST_NAME]}, …, list {digest_of(names)})"


def judge(reading: Reading) -> Verdict:
    """Unmet when one or the look failed, pending while one is missing or running or there are none, else met."""
    if not isinstance(reading, ChecksReading):
        return Verdict.UNMET
    if reading.failed:
        return Verdict.UNMET
    if reading.pending or reading.missing or reading.passed < 1:
        return Verdict.PENDING  # a look again may bring more: checks are reported one after the other
    return Verdict.MET


async def observe(rule: GateRule, view: GateView, previous: Reading | None) -> Seen:
    """Read the newest check of each name on the SHA; the link is the first one that is not green."""
    found = await view.repository.checks(view.service.repo, view.sha)
    ignored = settings_of(rule, "ignore")
    counted = [check for check in found if check.name not in ignored]
    return read(counted, rule), _link(counted)


def read(counted: Sequence[Check], rule: GateRule) -> ChecksReading:
    """What the checks that count say together."""
    seen = {check.name for check in counted if check.state != "skipped" and _may_say(check, rule)}
    return ChecksReading(
        passed=sum(check.state == "passed" for check in counted),
        failed=_names(counted, "failed"),
        pending=_names(counted, "pending"),
        missing=tuple(sorted(set(settings_of(rule, "required")) - seen)),
        skipped=sum(check.state == "skipped" for check in counted),
    )


def _may_say(check: Check, rule: GateRule) -> bool:
    """Whether a required check may come from there: only an App can report a check run, anybody a commit status."""
    if not check.app:
        return bool(settings_of(rule, "statuses"))
    apps = settings_of(rule, "app")
    return not apps or check.app in apps


def _names(counted: Sequence[Check], state: str) -> tuple[str, ...]:
    return tuple(sorted({check.name for check in counted if check.state == state}))


def _link(counted: Sequence[Check]) -> str:
    worst_first = sorted(counted, key=lambda check: WORST_FIRST.index(check.state))
    return worst_first[0].url if worst_first else ""
