"""S9: what an acknowledgement takes while GitHub floods the bot with webhooks and Slack takes no more messages."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import chain, islice

from benchmarks import machine, seed, signed
from benchmarks.greenlight import SERVICES, bot, service
from benchmarks.load import Expected, Measured, paced
from benchmarks.opened import opened
from benchmarks.plan import Plan
from benchmarks.processes import Server, module, running
from benchmarks.rows import Rounds, Row, Told, milliseconds
from benchmarks.stores import Place
from benchmarks.webhooks import of_others, of_runs

MOST_TIMES, MOST_SECONDS = 2.0, 0.1
OURS = 20  # one delivery in so many is about a run of ours
ACCEPTED, OK = 202, 200


async def measure(plan: Plan, vendors: Server, places: Sequence[Place]) -> Sequence[Told]:
    """Everything about S9, on each place for stores."""
    limited = module("vendors", "limited", directory=plan.directory)
    rounds = Rounds()
    async with running(limited, machine.load_core()) as refusing:
        for number in range(plan.rounds):
            for place in places:
                async with _ours(plan, refusing, place, number) as server:
                    rounds.add(await _round(plan, place, server))
    return [row for place in places for row in _rows(rounds, place, plan)]


@asynccontextmanager
async def _ours(plan: Plan, vendors: Server, place: Place, number: int) -> AsyncIterator[Server]:
    """The bot at work, with a run under way in each place and a card owed for each of them."""
    url = await place.new(f"s9-{number}")
    async with opened(url) as store:
        await seed.fill(store, SERVICES, seed.deploying, slot="want")
        await seed.reserve(store, SERVICES)
    async with running(bot(plan.directory / f"s9-{place.name}-{number}", vendors, url, "works")) as server:
        yield server


async def _round(plan: Plan, place: Place, server: Server) -> dict[str, float]:
    await _acks(plan, server, 0)  # while the start's own work is done
    idle = await _acks(plan, server, 1)
    flood = _deliveries(int(plan.flood * plan.flood_seconds))
    acks, webhooks = await asyncio.gather(
        _acks(plan, server, 2), paced(server.port, flood, Expected(ACCEPTED, counted=True), plan.flood)
    )
    return {
        f"{place.name} idle": idle.percentile(0.99),
        f"{place.name} flood": acks.percentile(0.99),
        f"{place.name} rate": webhooks.rate,
        f"{place.name} lost": acks.wrong / len(acks.latencies),
        f"{place.name} refused": webhooks.wrong / len(flood),
    }


async def _acks(plan: Plan, server: Server, run: int) -> Measured:
    """Requests for new promotions, at the pace of many people."""
    count = max(int(plan.slow_rate * plan.flood_seconds), 1)
    requests = [
        signed.slash(
            f"{service(number)}@v3.{run}.{number} to production because it has to go out in case {number}",
            trigger=f"flood.{run}.{number}",
        )
        for number in range(count)
    ]
    return await paced(server.port, requests, Expected(OK, b"is asked for", counted=True), plan.slow_rate)


def _deliveries(count: int) -> Sequence[bytes]:
    """A flood as an organisation's busy hour brings it: few deliveries are about deploys of ours."""
    ours = of_runs(1, count // OURS)
    others = of_others(1, count - len(ours))
    mixed = chain.from_iterable(_between(ours, others))
    return list(islice(mixed, count))


def _between(ours: Sequence[bytes], others: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    step = OURS - 1
    for place, one in enumerate(ours):
        yield (*others[place * step : (place + 1) * step], one)
    yield others[len(ours) * step :]


def _rows(rounds: Rounds, place: Place, plan: Plan) -> Iterator[Told]:
    idle, flood, lost = (rounds[f"{place.name} {name}"] for name in ("idle", "flood", "lost"))
    rate, refused = (rounds[f"{place.name} {name}"] for name in ("rate", "refused"))
    under = f"under {plan.flood:.0f} webhooks a second ({rate:.0f} reached, {refused:.1%} refused) and Slack's 429"
    what = f"p99 of the durable ack {under}"
    yield Row(
        "S9",
        f"{what}, {place.name}",
        milliseconds(flood),
        f"idle: {milliseconds(idle)}",
        flood / idle,
        MOST_TIMES,
    )
    bound = milliseconds(MOST_SECONDS)
    yield Row(
        "S9", f"the same in itself, {place.name}", milliseconds(flood), bound, flood / MOST_SECONDS, 1.0
    )
    what = f"requests that are stored meanwhile, {place.name}"
    yield Row("S9", what, f"{1 - lost:.0%}", "all of them", 1 - lost, 1.0, "least")
