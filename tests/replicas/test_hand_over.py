"""A replica goes, or all of them lose their Redis: the work goes on, and nobody is told a falsehood."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.redis_story import NOT_RECORDED
from tests.proxy import Proxy, proxy
from tests.redis_place import RedisServer, redis
from tests.replicas.crew import Crew, Replica, told
from tests.replicas.judge import entered, said_twice, told_twice
from tests.stories.deploys import buttons, is_asked, messages_about
from tests.stories.said import replies

LONG = 600.0  # real seconds of a lease: a test that waits for its end fails
SERVICES = {"checkout": "v2.14.3", "storefront": "v1.2.0", "inventory": "v1.2.0"}
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Shared:
    """Three replicas, their Redis, and the way to it."""

    crew: Crew
    server: RedisServer
    between: Proxy


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncIterator[Shared]:
    """A Redis of the test's own, that it may kill."""
    async with redis(tmp_path / "redis") as server, proxy(server.port) as between:
        await server.created()
        url = f"redis://127.0.0.1:{between.port}/0"
        async with told(Crew(tmp_path / "world", url, 3)) as crew:
            yield Shared(crew, server, between)


async def test_f12_the_others_go_on_at_once_when_one_is_asked_to_stop(tmp_path: Path, redis_url: str) -> None:
    """F12: SIGTERM for the replica that is in the middle of a promotion: it gives its leases back, and the others go on
    without waiting for the end of one, which would be ten minutes away. The front finds them by itself."""
    crew = Crew(tmp_path, redis_url, 3)
    crew.lease = LONG
    async with told(crew):
        crew.world.run.seconds = 30.0
        await is_asked(crew)
        for who in (crew.bo, crew.cy):
            await who.types("/promote approve P-1")
        going = await _at_work(crew, "P-1")
        stopping = asyncio.create_task(going.stops())
        await crew.until("P-1", "deploying")
        await crew.meanwhile(stopping)
        second = crew.alive[0]
        await second.stops()
        await crew.until("P-1", "succeeded")
        await crew.settles()

        assert len(crew.alive) == 1
        assert len(crew.dispatches()) == len(crew.runs) == 1
        assert said_twice(crew) == told_twice(crew) == []
        assert replies(await crew.ana.types("/promote status"))


async def test_f17_redis_is_away_for_a_minute_from_three_replicas(shared: Shared) -> None:
    """F17: three deploys run when Redis dies: each replica says in time that nothing was done, the runs go on in
    GitHub, and when Redis is back each promotion ends once, and nothing that was acknowledged is lost."""
    crew = shared.crew
    crew.world.run.seconds = 120.0
    await _are_running(crew)
    before = [one.path for one in crew.asked("github", method="POST")]
    shared.server.kill()
    for replica in crew.replicas:
        crew.front.next_is(replica.port)
        told_of = replies(await crew.ana.types("/promote cancel P-1 because never mind"))
        assert [one.startswith(NOT_RECORDED) for one in told_of] == [True]
    crew.passes(MINUTE)
    assert [one.path for one in crew.asked("github", method="POST")] == before

    await shared.server.start()
    crew.passes(2 * MINUTE)
    for number in range(1, len(SERVICES) + 1):
        await crew.until(f"P-{number}", "succeeded")
        assert (await entered(crew, f"P-{number}")).count("dispatching") == 1
    await crew.settles()
    assert len(crew.dispatches()) == len(crew.runs) == len(SERVICES)
    assert said_twice(crew) == told_twice(crew) == []
    assert await crew.bot.store.verify_audit() is None


async def test_f17_f20_connections_are_cut_while_everything_is_busy(shared: Shared) -> None:
    """F17, F20: every connection of three replicas is reset again and again while three promotions go through: one
    run each, every vote once, and no answer is taken for another one's."""
    crew, cuts = shared.crew, 0
    crew.world.run.seconds = 5.0

    async def has_ended() -> bool:
        nonlocal cuts
        cuts += 1
        if cuts % 5 == 0:
            shared.between.reset()
        stored = [await crew.bot.store.load(f"P-{number}") for number in (1, 2, 3)]
        return all(one is not None and one.phase == "succeeded" for one in stored)

    await _are_approved(crew)
    await crew.sees(has_ended, "the ends")
    await crew.settles()
    assert cuts >= 10
    assert len(crew.dispatches()) == len(crew.runs) == len(SERVICES)
    assert said_twice(crew) == told_twice(crew) == []
    assert await crew.bot.store.verify_audit() is None


async def _are_approved(crew: Crew) -> None:
    """One version of each service, to production, by two approvers."""
    for number, (service, version) in enumerate(SERVICES.items(), 1):
        place = "staging" if service == "inventory" else "production"
        await crew.ana.types(f"/promote {service}@{version} to {place} because it is time")
        if place == "staging":
            continue
        await _shows_approve(crew, f"P-{number}")
        for who in (crew.bo, crew.cy):
            await who.types(f"/promote approve P-{number}")


async def _shows_approve(crew: Crew, promotion: str) -> None:
    await crew.sees(lambda: "Approve" in buttons(messages_about(crew, promotion)), "the Approve button")


async def _are_running(crew: Crew) -> None:
    """The deploys of all services are under way."""
    await _are_approved(crew)
    for number in range(1, len(SERVICES) + 1):
        await crew.until(f"P-{number}", "deploying")


async def _at_work(crew: Crew, promotion: str) -> Replica:
    """The replica that has its turn, at the moment at which the dispatch leaves."""
    found: list[Replica] = []

    def look() -> None:
        holder = crew.holder(promotion)
        if holder is not None and crew.dispatches() and not found:
            found.append(holder)

    crew.world.listeners.append(look)
    await crew.sees(lambda: found, "the dispatch")
    return found[0]
