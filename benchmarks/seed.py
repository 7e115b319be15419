"""Stores that are full already: promotions that wait for approval, and promotions whose run is under way."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from benchmarks.greenlight import service
from bot.domain.intent import Intent, Watch, Workflow
from bot.domain.policy import Kind
from bot.domain.promotion import Change, Changes, Phase, Promotion, Run, Step
from bot.store.protocol import AuditRow, Commit, Committed, PromotionPut, SlotWish, Store

AT_ONCE = 200  # in one commit
FAR = 7 * 86_400.0  # seconds until they are due
FIRST_RUN = 9_000_000_000
Make = Callable[[int], Promotion]


def waiting(number: int) -> Promotion:
    """One that waits for approval, with what a look at its version brings."""
    now = time.time()
    return Promotion(
        id=f"P-{number}",
        kind=Kind.PROMOTE,
        service=service(number),
        environment="staging",
        version=f"v2.14.{number}",
        requester="ana",
        reason="the checkout total is off by one cent when a voucher is used",
        created=now,
        correlation=correlation(number),
        asked_in="C0DEPLOYS",
        since=now,
        sha=f"{number:040x}",
        version_seen=now,
        on_branch="main",
        changes=Changes(
            "v2.14.1", 3, tuple(map(_change, range(3))), ("ana-dev",), "https://github.com/acme/compare"
        ),
        awaiting_since=now,
    )


def deploying(number: int) -> Promotion:
    """One whose run is under way and known."""
    asked, now = waiting(number), time.time()
    workflow = Workflow(f"acme/{asked.service}", "deploy.yml", "main")
    run = Run(
        run_id=FIRST_RUN + number,
        url=f"https://github.com/acme/{asked.service}/actions/runs/{FIRST_RUN + number}",
        status="queued",
        steps=tuple(Step(name, "pending") for name in ("Check out", "Build", "Deploy", "Smoke test")),
        actor="greenlight[bot]",
        heard=now,
        started=now,
        repo=workflow.repo,
    )
    intent = Intent(
        number=1,
        at=now,
        boottime=1.0,
        process="bench",
        approvers=("bo", "cy"),
        digest="0" * 16,
        workflow=workflow,
        inputs="0" * 16,
        watch=Watch("bench", 1.0),
        sha=asked.sha or "",
    )
    return replace(asked, phase=Phase.DEPLOYING, run=run, intent=intent)


def correlation(number: int) -> str:
    """The nonce of a promotion of this number."""
    return f"{number:032x}"


async def fill(
    store: Store, count: int, make: Make = waiting, *, slot: SlotWish = "free", first: int = 1
) -> None:
    """Put promotions into a store; none of them is due."""
    for change in _changes(range(first, first + count), make, slot):
        outcome = await store.commit(change)
        if not isinstance(outcome, Committed):
            raise TypeError(f"a full store could not be made: {outcome}")


async def reserve(store: Store, count: int) -> None:
    """Let what is asked for later have other numbers than what was put there."""
    for _ in range(count):
        await store.reserve("promotion")


def _changes(numbers: range, make: Make, slot: SlotWish) -> Iterator[Commit]:
    now = time.time()
    for start in range(0, len(numbers), AT_ONCE):
        puts = tuple(
            PromotionPut(make(number), now + FAR, slot) for number in numbers[start : start + AT_ONCE]
        )
        audit = tuple(AuditRow(now, "ana", "request", put.promotion.id, "{}") for put in puts)
        yield Commit(at=now, puts=puts, audit=audit)


def _change(number: int) -> Change:
    url = f"https://github.com/acme/pull/{number}"
    return Change(f"Round the voucher after the tax, part {number}", "ana-dev", url, number)
