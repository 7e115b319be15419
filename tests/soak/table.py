"""The table that a soak prints."""

from collections import Counter
from collections.abc import Iterator

from bot.domain.promotion import Promotion
from bot.playground.github.door import APP_LOGIN
from tests.soak.soak import Soak
from tests.soak.verdict import lost_answers, surplus

SHOWN = 5  # examples of each bad thing
WIDE = 300  # characters of each


def table(soak: Soak) -> str:
    """Everything that was counted, and the verdict."""
    rows = [*_counted(soak), *((name, str(len(found))) for name, found in soak.verdict.bad.items())]
    width = max(len(name) for name, _ in rows)
    lines = [f"{name:<{width}}  {value}" for name, value in rows]
    found = [f"! {name}: {one[:WIDE]}" for name, some in soak.verdict.bad.items() for one in some[:SHOWN]]
    return "\n".join([*lines, *found, "", "good" if soak.verdict.is_good else "NOT GOOD"])


def _counted(soak: Soak) -> Iterator[tuple[str, str]]:
    record, fleet, playground = soak.record, soak.fleet, soak.playground
    if record is None:
        raise AssertionError("the soak has not been judged")
    runs = [run for run in playground.github.runs.all if run.actor == APP_LOGIN]
    webhooks = Counter(_fate(one.status, one.copy) for one in playground.github.deliveries)
    yield "seed", str(soak.seed)
    yield "seconds", f"{soak.took:.0f}"
    yield "promotions", str(len(record.promotions))
    for phase, count in Counter(map(_end, record.promotions.values())).most_common():
        yield f"  {phase}", str(count)
    yield "runs in GitHub", str(len(runs))
    yield "incidents", str(len(playground.pagerduty.incidents_state()))
    yield "kill -9 of replicas", str(fleet.kills)
    yield "kill -9 of Redis", str(soak.reaper.redis_kills)
    yield "replicas stopped and woken", str(fleet.stops)
    yield "replicas asked to hand over", str(fleet.handovers)
    yield "replicas started", str(fleet.births)
    yield "vendor calls", str(len(playground.world.ledger))
    failed, calls = sum(soak.weather.faults.values()), soak.weather.calls
    yield "  failed on purpose", f"{failed} of {calls} before the healing ({failed / max(1, calls):.0%})"
    yield "webhooks of GitHub", ", ".join(f"{count} {name}" for name, count in webhooks.most_common())
    yield "people's requests acknowledged", str(len(soak.crowd.told) + len(soak.crowd.promised))
    yield "  unanswered, and done again", str(soak.crowd.unanswered)
    yield "audit rows", str(record.count)
    extra = surplus(playground, soak.crowd)
    yield "messages twice", f"{len(extra)} ({lost_answers(playground)} posts were answered with a failure)"


def _end(promotion: Promotion) -> str:
    """How it ended, and because of what or whom."""
    cause = promotion.ending.cause if promotion.ending else ""
    return f"{promotion.phase.value} ({cause})" if cause else promotion.phase.value


def _fate(status: int | str, copy: bool) -> str:
    if copy:
        return "doubled"
    return status if isinstance(status, str) else "answered"
