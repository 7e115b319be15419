"""The simulated services tell what the world serves, and are as ill as the world wants."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from bot.playground.services import HUGE, Services
from bot.playground.world import Release, World, sha_for
from tests.playground.simulators import served, small_world

PRODUCTION = ("checkout", "production")


@dataclass(slots=True)
class Place:
    """The services with a client."""

    world: World
    services: Services
    base: str
    http: aiohttp.ClientSession

    async def health(self) -> tuple[int, dict[str, object]]:
        async with self.http.get(f"{self.base}/checkout/production/health") as answer:
            return answer.status, await answer.json()

    async def p99_by_query(self, query: str) -> list[dict[str, object]]:
        at = f"{self.base}/prometheus/api/v1/query"
        async with self.http.get(at, params={"query": query}) as answer:
            said = await answer.json()
        assert (said["status"], said["data"]["resultType"]) == ("success", "vector")
        result: list[dict[str, object]] = said["data"]["result"]
        return result

    async def p99_over(self, labels: str, start: str, end: str, step: str) -> list[tuple[float, str]]:
        params = {"query": f"p99{labels}", "start": start, "end": end, "step": step}
        async with self.http.get(f"{self.base}/prometheus/api/v1/query_range", params=params) as answer:
            series: list[tuple[float, str]] = (await answer.json())["data"]["result"][0]["values"]
        return series


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    world = small_world()
    services = Services(world)
    async with served(services.routes()) as origin, aiohttp.ClientSession() as http:
        yield Place(world, services, origin + "/sim/services", http)
        await services.close()


async def test_health_names_what_serves(place: Place) -> None:
    """Version and SHA are those of the world, and change with it."""
    sha = sha_for("checkout", "v2.14.2")
    assert await place.health() == (200, {"status": "ok", "version": "v2.14.2", "sha": sha})
    place.world.serving[PRODUCTION] = Release("v2.14.3", "f" * 40)
    assert await place.health() == (200, {"status": "ok", "version": "v2.14.3", "sha": "f" * 40})
    assert [(call.vendor, call.path, call.status) for call in place.world.ledger] == [
        ("services", "/checkout/production/health", 200)
    ] * 2


async def test_failing_and_wrong_version(place: Place) -> None:
    """Failing is 503 with a body; a wrong version says ok and names another one."""
    place.world.health[PRODUCTION] = "failing"
    assert (await place.health())[0] == 503
    place.world.health[PRODUCTION] = "wrong-version"
    status, body = await place.health()
    assert (status, body["status"]) == (200, "ok")
    assert body["version"] != "v2.14.2"


async def test_slow_answers_after_ten_world_seconds(place: Place) -> None:
    """Nothing comes until the world's clock has moved on."""
    place.world.health[PRODUCTION] = "slow"
    asked = asyncio.create_task(place.health())
    await asyncio.sleep(0.2)
    assert not asked.done()
    place.world.clock.forward(10)
    assert (await asked)[0] == 200


async def test_huge_and_html_bodies(place: Place) -> None:
    """Bodies that a probe must not swallow: five megabytes, and a page where JSON was expected."""
    place.world.health[PRODUCTION] = "huge"
    assert len(str((await place.health())[1]["padding"])) == HUGE
    place.world.health[PRODUCTION] = "html"
    async with place.http.get(f"{place.base}/checkout/production/health") as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")


@pytest.mark.parametrize(
    "path", ["/nothing/production/health", "/checkout/moon/health", "/nothing/dev/metrics"]
)
async def test_unknown_services_are_404(place: Place, path: str) -> None:
    """Only what serves somewhere answers."""
    async with place.http.get(place.base + path) as answer:
        assert answer.status == 404


async def test_p99_in_json_and_by_query(place: Place) -> None:
    """Both say the usual latency, or the one that the world was bent to; unknown labels have no series."""
    query = 'histogram_quantile(0.99, service="checkout", environment="production")'
    assert [found["metric"] for found in await place.p99_by_query(query)] == [
        {"service": "checkout", "environment": "production"}
    ]
    place.world.p99[PRODUCTION] = 512.5
    value = (await place.p99_by_query(query))[0]["value"]
    assert isinstance(value, list)
    assert value[1] == "512.5"
    async with place.http.get(f"{place.base}/checkout/production/metrics") as answer:
        assert (await answer.json())["p99_latency"] == 512.5
    assert await place.p99_by_query('p99{service="nothing"}') == []


async def test_baseline_stays_as_usual_while_the_latency_is_bent(place: Place) -> None:
    """What is asked of the last week, by offset, by range or by time, does not follow the bend."""
    place.world.p99[PRODUCTION] = 512.5
    labels = '{service="checkout", environment="production"}'
    for query in (f"p99{labels} offset 7d", f"avg_over_time(p99{labels}[7d])"):
        value = (await place.p99_by_query(query))[0]["value"]
        assert isinstance(value, list)
        assert value[1] == "231.0"
    now = place.world.clock.now()
    series = await place.p99_over(labels, str(now - 7200), str(now), "3600")
    assert [value for _, value in series] == ["231.0", "231.0", "512.5"]


async def test_range_query_is_limited_as_in_prometheus(place: Place) -> None:
    """A range of too many points, or none, is bad data."""
    for start, end, step in (("0", "1000000", "1"), ("10", "0", "1"), ("0", "10", "0")):
        params = {"query": "p99", "start": start, "end": end, "step": step}
        async with place.http.get(f"{place.base}/prometheus/api/v1/query_range", params=params) as answer:
            assert answer.status == 400


async def test_forced_status(place: Place) -> None:
    """The world can break the network path to every service."""
    place.world.vendor_always["services"] = 502
    assert (await place.health())[0] == 502
