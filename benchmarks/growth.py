"""S5: what grows with the number of open promotions, and what must not: the idle tick, a commit, a route, a start."""

import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from statistics import median

from benchmarks import seed
from benchmarks.opened import made, opened
from benchmarks.plan import Plan
from benchmarks.processes import Server
from benchmarks.rows import Rounds, Row, Told, microseconds, milliseconds
from benchmarks.stores import Place
from bot.domain.promotion import Promotion, Run
from bot.store.protocol import AuditRow, Commit, Committed, PromotionPut, Store

TICKS, COMMITS, ROUTES = 200, 50, 200  # in one round
LEASE = 30.0


@dataclass(frozen=True, slots=True)
class Size:
    """A store with so many open promotions."""

    name: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Growth:
    """Something that is measured on a small store and on a large one."""

    name: str
    what: str
    limit: float
    told: Callable[[float], str] = microseconds


GROWTHS = (
    Growth("tick", "an idle tick: `claim_due` with nothing due", 1.2),
    Growth("commit", "one commit of a promotion, with its audit row", 1.3),
    Growth("route", "from a run id to its promotion", 1.2),
    Growth("restart", "opening the store after a restart", 1.2, milliseconds),
)


async def measure(plan: Plan, vendors: Server, places: Sequence[Place]) -> Sequence[Told]:
    """Everything about S5, on each place for stores."""
    return [row for place in places for row in await _growth(plan, place)]


async def _growth(plan: Plan, place: Place) -> Sequence[Told]:
    sizes = [await _filled(place, name, count) for name, count in (("few", plan.few), ("many", plan.many))]
    empty = await _filled(place, "empty", 0)
    rounds = Rounds()
    async with AsyncExitStack() as stack:
        stores = {size: await stack.enter_async_context(opened(size.url)) for size in sizes}
        for number in range(plan.rounds):
            for size, store in stores.items():
                rounds.add(_named(size, await _on(store, size, number)))
    for _ in range(plan.rounds):
        for size in (empty, sizes[-1]):
            rounds.add({f"{size.name} restart": await _restart(size)})
    return list(_rows(rounds, place, plan))


async def _filled(place: Place, name: str, count: int) -> Size:
    """A store with open promotions, each with a run of its own and none of them due."""
    size = Size(name, count, await place.new(f"s5-{name}"))
    async with opened(size.url) as store:
        await seed.fill(store, count, _with_run)
    return size


def _with_run(number: int) -> Promotion:
    return replace(seed.waiting(number), run=Run(run_id=seed.FIRST_RUN + number))


async def _on(store: Store, size: Size, number: int) -> Mapping[str, float]:
    """One round on a store that is open: the median of each thing that is done."""

    async def tick(_: int) -> None:
        if await store.claim_due(time.time(), LEASE, 100):
            raise AssertionError("something is due in a store in which nothing should be")

    async def commit(place: int) -> None:
        await _commit(store, 1 + (number * COMMITS + place) % size.count)

    async def route(place: int) -> None:
        wanted = 1 + place % size.count
        if await store.find_by_run(seed.FIRST_RUN + wanted) != f"P-{wanted}":
            raise AssertionError("a run was routed to another promotion")

    return {
        "tick": await _median(tick, TICKS),
        "commit": await _median(commit, COMMITS),
        "route": await _median(route, ROUTES),
    }


async def _commit(store: Store, number: int) -> None:
    promotion = await store.load(f"P-{number}")
    if promotion is None:
        raise AssertionError(f"P-{number} is not stored")
    now = time.time()
    put = PromotionPut(replace(promotion, reason="changed"), now + seed.FAR)
    outcome = await store.commit(
        Commit(at=now, puts=(put,), audit=(AuditRow(now, "bo", "change", promotion.id),))
    )
    if not isinstance(outcome, Committed):
        raise TypeError(f"not committed: {outcome}")


async def _median(act: Callable[[int], Awaitable[None]], times: int) -> float:
    took = []
    for number in range(times):
        began = time.perf_counter()
        await act(number)
        took.append(time.perf_counter() - began)
    return median(took)


async def _restart(size: Size) -> float:
    store = await made(size.url)
    began = time.perf_counter()
    await store.open()
    took = time.perf_counter() - began
    await store.close()
    return took


def _named(size: Size, figures: Mapping[str, float]) -> Mapping[str, float]:
    return {f"{size.name} {name}": figure for name, figure in figures.items()}


def _rows(rounds: Rounds, place: Place, plan: Plan) -> Iterator[Told]:
    for growth in GROWTHS:
        small = "empty" if growth.name == "restart" else "few"
        many, few = rounds[f"many {growth.name}"], rounds[f"{small} {growth.name}"]
        yield Row(
            "S5",
            f"{growth.what}, {place.name}, {plan.many:,} open",
            growth.told(many),
            f"{'an empty one' if small == 'empty' else f'{plan.few} open'}: {growth.told(few)}",
            many / few,
            growth.limit,
        )
