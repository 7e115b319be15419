"""The deployed services of the playground: what they say of their health, their version and their latency."""

import re
from contextlib import suppress

from aiohttp import web

from bot.playground.door import Answer, Call, Door
from bot.playground.stamps import seconds_of
from bot.playground.world import Release, World, sha_for

BASE = "/sim/services"
USUAL_P99 = 231.0  # milliseconds
SLOW = 10.0  # world seconds until a slow service answers
HUGE = 5_000_000  # bytes
RECENT = 3600.0  # seconds for which a bent latency has been so
MOST_POINTS = 11_000  # as in Prometheus
LONG_AGO = re.compile(r"offset|\[\d+[dw]")  # a query for a baseline: `[7d]`, `offset 1w`
LABEL = re.compile(r'(\w+)\s*=~?\s*"([^"]*)"')


class Services:
    """Health, metrics and a Prometheus-like query, from what the world serves."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.door = Door(world, "services", BASE, bent=lambda status: Answer(status, {"status": "error"}))

    def routes(self) -> list[web.RouteDef]:
        """Every route, all below /sim/services."""
        on = self.door.on
        return [
            on("GET", "/prometheus/api/v1/query", self.query),
            on("GET", "/prometheus/api/v1/query_range", self.query_range),
            on("GET", "/{service}/{environment}/health", self.show_health),
            on("GET", "/{service}/{environment}/metrics", self.show_metrics),
        ]

    async def tick(self) -> None:
        """Nothing here moves by itself."""

    async def close(self) -> None:
        """Let go of slow calls."""
        self.door.close()

    async def show_health(self, call: Call) -> Answer:
        """Status, version and SHA of what serves; bent by the world's health."""
        place = call.part("service"), call.part("environment")
        release = self.world.serving.get(place)
        if release is None:
            return Answer(404, {"status": "unknown service"})
        match self.world.health.get(place, "ok"):
            case "failing":
                return Answer(503, _health("failing", release))
            case "slow":
                await self.door.wait(call.http, SLOW)
            case "wrong-version":
                return Answer(200, _health("ok", Release("v0.0.0", sha_for(place[0], "v0.0.0"))))
            case "huge":
                return Answer(200, {**_health("ok", release), "padding": "x" * HUGE})
            case "html":
                return Answer(200, "<html><body>It works!</body></html>", {"Content-Type": "text/html"})
        return Answer(200, _health("ok", self.world.serving[place]))

    async def show_metrics(self, call: Call) -> Answer:
        """The 99th percentile of latency in milliseconds."""
        place = call.part("service"), call.part("environment")
        if place not in self.world.serving:
            return Answer(404, {"error": "unknown service"})
        now = self._p99(place, self.world.clock.now())
        return Answer(200, {"p99_latency": now, "p99_baseline": USUAL_P99, "unit": "ms"})

    async def query(self, call: Call) -> Answer:
        """The p99 of the service and environment whose labels the query names, as an instant vector."""
        place = _place_of(call)
        if place not in self.world.serving:
            return _prometheus("vector", [])
        at = _time(call, "time", self.world.clock.now())
        usual = LONG_AGO.search(call.asked("query")) is not None
        value = [at, str(USUAL_P99 if usual else self._p99(place, at))]
        return _prometheus("vector", [{"metric": _labels(place), "value": value}])

    async def query_range(self, call: Call) -> Answer:
        """The same from `start` to `end` in steps of `step` seconds, as a matrix; else the last minute."""
        place, now = _place_of(call), self.world.clock.now()
        start, end = _time(call, "start", now - 60), _time(call, "end", now)
        step = _time(call, "step", 60.0)
        if step <= 0 or end < start or (end - start) / step > MOST_POINTS:
            return _bad_query("invalid range, or more than 11000 points")
        if place not in self.world.serving:
            return _prometheus("matrix", [])
        times = [start + step * number for number in range(int((end - start) / step) + 1)]
        values = [[at, str(self._p99(place, at))] for at in times]
        return _prometheus("matrix", [{"metric": _labels(place), "values": values}])

    def _p99(self, place: tuple[str, str], at: float) -> float:
        """What the world is bent to holds for the last hour; before, latency was as usual."""
        recent = at > self.world.clock.now() - RECENT
        return self.world.p99.get(place, USUAL_P99) if recent else USUAL_P99


def _health(status: str, release: Release) -> dict[str, str]:
    return {"status": status, "version": release.version, "sha": release.sha}


def _place_of(call: Call) -> tuple[str, str]:
    labels = dict(LABEL.findall(call.asked("query")))
    return labels.get("service", ""), labels.get("environment", "")


def _time(call: Call, name: str, otherwise: float) -> float:
    """A number of seconds, an ISO time, or a duration such as 15s; the default when it is none of them."""
    asked = call.asked(name)
    if not asked:
        return otherwise
    for read in (float, lambda text: float(text.removesuffix("s")), seconds_of):
        with suppress(ValueError):
            return read(asked)
    return otherwise


def _bad_query(error: str) -> Answer:
    return Answer(400, {"status": "error", "errorType": "bad_data", "error": error})


def _labels(place: tuple[str, str]) -> dict[str, str]:
    return {"service": place[0], "environment": place[1]}


def _prometheus(kind: str, result: list[dict[str, object]]) -> Answer:
    return Answer(200, {"status": "success", "data": {"resultType": kind, "result": result}})
