"""S1: what people ask is stored before it is acknowledged, beside Bolt's hello world that keeps nothing."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from benchmarks import seed, signed
from benchmarks.greenlight import bot, service
from benchmarks.load import Expected, LoadFailed, flat_out, paced
from benchmarks.opened import opened
from benchmarks.plan import Plan
from benchmarks.processes import Server, module, running
from benchmarks.rows import Rounds, Row, Told, microseconds, milliseconds
from benchmarks.stores import Place
from bot.store.protocol import Query, Store

P50, CPU = 0.12, 1.6
MOONSHOT_P50, MOONSHOT_CPU = 0.10, 1.0
OK = 200
Requests = Callable[[int, int], Sequence[bytes]]  # from a number on, so many


@dataclass(frozen=True, slots=True)
class Asking:
    """Something that people do, and what the answer says once it was stored."""

    name: str
    requests: Requests
    says: bytes
    on_waiting: bool = False  # there has to be a promotion to do it to


def _opens(first: int, count: int) -> Sequence[bytes]:
    because = "because the total is off by one cent, case"
    return [
        signed.slash(
            f"{service(number)}@v2.15.{number} to production {because} {number}", trigger=f"open.{number}"
        )
        for number in range(first, first + count)
    ]


def _approves(first: int, count: int) -> Sequence[bytes]:
    return [
        signed.slash(f"approve P-{number} looks right", user="U0BO", trigger=f"yes.{number}")
        for number in range(first, first + count)
    ]


def _clicks(first: int, count: int) -> Sequence[bytes]:
    return [
        signed.click(f"P-{number}", "approve", user="U0BO", trigger=f"click.{number}", rev="")
        for number in range(first, first + count)
    ]


HELLO = Asking("hello", _opens, b"ok")
ASKED = (
    Asking("open", _opens, b"is asked for"),
    Asking("approve", _approves, b"Done. P-", on_waiting=True),
    Asking("click", _clicks, b"", on_waiting=True),
)
SAID = {
    "open": "a command that opens a promotion",
    "approve": "a command that approves",
    "click": "a click on Approve",
}


async def measure(plan: Plan, vendors: Server, places: Sequence[Place]) -> Sequence[Told]:
    """Everything about S1, on each place for stores."""
    rounds = Rounds()
    async with AsyncExitStack() as stack:
        references = {
            name: await stack.enter_async_context(running(module(*line, directory=plan.directory)))
            for name, line in {
                "bare": ("bare_slack",),
                "bolt": ("bolt",),
                "before": ("bolt", "before"),
            }.items()
        }
        for number in range(plan.rounds):
            for name, server in references.items():
                rounds.add(await _round(plan, name, server, HELLO))
            for place in places:
                for asking in ASKED:
                    async with _ours(plan, vendors, place, asking, number) as server:
                        rounds.add(await _round(plan, f"{place.name} {asking.name}", server, asking))
    return [row for place in places for row in _rows(rounds, place)] + _floor(rounds)


@asynccontextmanager
async def _ours(
    plan: Plan, vendors: Server, place: Place, asking: Asking, number: int
) -> AsyncIterator[Server]:
    """The bot on a new store, with something to approve where that is asked for."""
    url = await place.new(f"s1-{asking.name}-{number}")
    count = plan.warm + plan.paced + plan.requests
    if asking.on_waiting:
        async with opened(url) as store:
            await seed.fill(store, count)
    directory = plan.directory / f"s1-{place.name}-{asking.name}-{number}"
    async with running(bot(directory, vendors, url)) as server:
        yield server
    async with opened(url) as store:
        await _check(store, asking, count)


async def _check(store: Store, asking: Asking, count: int) -> None:
    """Whatever was acknowledged is there; raises LoadFailed otherwise."""
    promotions = await store.find(Query(limit=count + 1))
    there = [one for one in promotions if bool(one.approvals) is asking.on_waiting]
    if len(there) != count:
        raise LoadFailed(f"{count} were acknowledged ({asking.name}), {len(there)} are stored")


async def _round(plan: Plan, name: str, server: Server, asking: Asking) -> dict[str, float]:
    warm = asking.requests(1, plan.warm)
    slow = asking.requests(1 + plan.warm, plan.paced)
    fast = asking.requests(1 + plan.warm + plan.paced, plan.requests)
    stored = Expected(OK, asking.says)
    await flat_out(server.port, warm, stored)
    latency = await paced(server.port, slow, stored, plan.rate)
    before = server.cpu
    await flat_out(server.port, fast, stored)
    cpu = (server.cpu - before) / len(fast)
    return {f"{name} p50": latency.percentile(0.5), f"{name} cpu": cpu}


def _rows(rounds: Rounds, place: Place) -> Iterator[Told]:
    bolt, before = rounds["bolt p50"], rounds["before cpu"]
    for asking in ASKED:
        p50, cpu = rounds[f"{place.name} {asking.name} p50"], rounds[f"{place.name} {asking.name} cpu"]
        what = f"{SAID[asking.name]}, {place.name}"
        yield Row(
            "S1",
            f"{what}: p50 of the durable ack (moonshot {MOONSHOT_P50:g} ×)",
            milliseconds(p50),
            f"Bolt AsyncApp hello world: {milliseconds(bolt)}",
            p50 / bolt,
            P50,
        )
        yield Row(
            "S1",
            f"{what}: processor time (moonshot {MOONSHOT_CPU:g} ×)",
            microseconds(cpu),
            f"Bolt `process_before_response`: {microseconds(before)}",
            cpu / before,
            CPU,
        )


def _floor(rounds: Rounds) -> list[Told]:
    bare = rounds["bare cpu"]
    return [
        Row(
            "S1",
            "Bolt `process_before_response` beside the floor: processor time",
            microseconds(rounds["before cpu"]),
            f"bare aiohttp + signature: {microseconds(bare)}",
            rounds["before cpu"] / bare,
        )
    ]
