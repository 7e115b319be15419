"""S7: what one open promotion costs: in the memory of the process, in the file, in Redis."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from redis.asyncio import Redis as Client

from benchmarks import seed
from benchmarks.greenlight import bot
from benchmarks.opened import SQLITE, opened
from benchmarks.plan import Plan
from benchmarks.processes import Server, running
from benchmarks.rows import Rounds, Row, Told
from benchmarks.stores import Place, Redis

KILOBYTE = 1024.0
IN_PROCESS, IN_REDIS, IN_FILE = 0.4, 1.5, 3.0  # KB for each open promotion
SHARE = 5  # of the many promotions of S5, one in so many is enough here


async def measure(plan: Plan, vendors: Server, places: Sequence[Place]) -> Sequence[Told]:
    """Everything about S7, on each place for stores."""
    return [row for place in places for row in await _costs(plan, vendors, place)]


async def _costs(plan: Plan, vendors: Server, place: Place) -> Sequence[Told]:
    count, rounds = max(plan.many // SHARE, 1), Rounds()
    empty, full = await place.new("s7-empty"), await place.new("s7-full")
    async with opened(empty):
        before = await _stored(place, empty)
    async with opened(full) as store:
        await seed.fill(store, count)
    after = await _stored(place, full)
    for number in range(plan.rounds):
        for name, url in (("empty", empty), ("full", full)):
            directory = plan.directory / f"s7-{place.name}-{name}-{number}"
            async with running(bot(directory, vendors, url)) as server:
                rounds.add({name: float(server.memory)})
    return list(_rows(place, count, rounds, (after - before) / count / KILOBYTE))


def _rows(place: Place, count: int, rounds: Rounds, stored: float) -> Iterator[Told]:
    grown = max(rounds["full"] - rounds["empty"], 0.0) / count / KILOBYTE
    limit = IN_REDIS if place.redis else IN_FILE
    open_ones = f"{count:,} open promotions"
    yield _row(f"memory of the process, {place.name}, for each of {open_ones}", grown, IN_PROCESS)
    yield _row(
        f"{'memory of Redis' if place.redis else 'bytes of the file'}, for each of {open_ones}", stored, limit
    )


def _row(what: str, kilobytes: float, limit: float) -> Row:
    return Row("S7", what, f"{kilobytes:.2f} KB", f"{limit:g} KB", kilobytes / limit, 1.0)


async def _stored(place: Place, url: str) -> float:
    """The bytes that are kept, all stores of a Redis together."""
    return await _used(place.redis, url) if place.redis else float(_size(url))


def _size(url: str) -> int:
    file = Path(url.removeprefix(SQLITE))
    beside = file.with_name(f"{file.name}-wal")
    return sum(one.stat().st_size for one in (file, beside) if one.exists())


async def _used(redis: Redis, url: str) -> float:
    async with Client(port=redis.port) as client:
        found: float = (await client.info("memory"))["used_memory"]
        return float(found)
