"""A simulated GitHub, PagerDuty and services on one free port, and the real adapters that look at them."""

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

import pytest
from aiohttp import web

from bot.adapters.addresses import host_of
from bot.adapters.github import GitHubRepository
from bot.adapters.http import HttpProbe
from bot.adapters.pagerduty import PagerDuty as PagerDutyPager
from bot.domain.policy import PagerService, Service
from bot.gates import GateView
from bot.playground.github.repos import CheckRun, Repository
from bot.playground.github.simulator import GitHub
from bot.playground.pagerduty.simulator import PagerDuty
from bot.playground.services import Services
from bot.playground.world import World, sha_for
from tests.playground.simulators import served, small_world

SHA = sha_for("checkout", "v2.14.3")


@dataclass(slots=True)
class Body:
    """A service outside the playground, which answers exactly what a test says."""

    status: int = 200
    text: str = "{}"

    async def answer(self, _: web.Request) -> web.Response:
        return web.Response(status=self.status, text=self.text)


@dataclass(slots=True)
class Outside:
    """What gates look at, and the view that they look through."""

    world: World
    github: GitHub
    pagerduty: PagerDuty
    view: GateView
    body: Body
    origin: str
    closed_port: int

    @property
    def checkout(self) -> Repository:
        """The repository of the service."""
        return self.github.shelf.repositories["acme/checkout"]

    def has_no_checks(self) -> None:
        """Nothing was ever said of any commit."""
        self.checkout.checks.clear()
        self.checkout.statuses.clear()

    def says(self, name: str, status: str, conclusion: str | None) -> None:
        """A check run reports on the SHA."""
        now = self.world.clock.now()
        run_id = 9_000 + len(self.checkout.checks)
        done = now if status == "completed" else None
        run = CheckRun(run_id, name, SHA, status, conclusion, now, done, 15368, "github-actions")
        self.checkout.checks.append(run)

    def service_with(self, *, health: str | None = None, pagerduty: PagerService | None = None) -> GateView:
        """The view of the service with another health URL and PagerDuty service."""
        return replace(self.view, service=replace(self.view.service, health=health, pagerduty=pagerduty))


def port_that_nobody_has() -> int:
    """A port of the loopback that was free a moment ago."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    """Checkout v2.14.3 serves in staging, checks are green, no incident is open."""
    world = small_world()
    github, pagerduty, services, body = GitHub(world), PagerDuty(world), Services(world), Body()
    async with AsyncExitStack() as stack:
        routes = [*github.routes(), *pagerduty.routes(), *services.routes(), web.get("/own", body.answer)]
        origin = await stack.enter_async_context(served(routes))
        repository = GitHubRepository("ghs_playground", base_url=f"{origin}/sim/github", now=world.clock.now)
        pager = PagerDutyPager(
            api_key="pd-playground-key",
            api_url=f"{origin}/sim/pagerduty",
            events_url=f"{origin}/sim/pagerduty",
        )
        closed = port_that_nobody_has()
        probe = HttpProbe([host_of(origin), f"127.0.0.1:{closed}"], deadline=2.0)
        for port in (repository, pager, probe):
            await stack.enter_async_context(port)
        service = Service(
            name="checkout",
            repo="acme/checkout",
            owner="payments",
            channel="checkout",
            environments=("staging", "production"),
            health=origin + "/sim/services/{service}/{environment}/health",
            pagerduty=PagerService("PCHECKOUT", "env:KEY"),
        )
        view = GateView(service, "staging", SHA, "v2.14.3", repository, pager, probe)
        yield Outside(world, github, pagerduty, view, body, origin, closed)
        await github.close()
        await pagerduty.close()
        await services.close()
