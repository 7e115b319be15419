"""The simulated GitHub signs its webhooks, and loses, doubles or delays them when the world wants it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.playground.github_place import Place, github_place


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with github_place() as made:
        yield made


async def test_webhooks_are_signed_and_in_order(place: Place) -> None:
    """Three of the run and three of its job, each signed over the raw body, with its own delivery id."""
    await place.dispatches()
    for _ in range(4):
        await place.passes(4)
    told = [f"{got.headers['X-GitHub-Event']}.{got.payload['action']}" for got in place.listener.received]
    assert told[0::2] == ["workflow_run.requested", "workflow_run.in_progress", "workflow_run.completed"]
    assert told[1::2] == ["workflow_job.queued", "workflow_job.in_progress", "workflow_job.completed"]
    assert all(
        got.is_signed("X-Hub-Signature-256", "sha256", "fake-github") for got in place.listener.received
    )
    assert len({got.headers["X-GitHub-Delivery"] for got in place.listener.received}) == 6
    last = place.listener.received[4].payload
    run, repository, installation = last["workflow_run"], last["repository"], last["installation"]
    assert isinstance(run, dict)
    assert isinstance(repository, dict)
    assert (run["conclusion"], repository["full_name"], installation) == (
        "success", "acme/checkout", {"id": 42, "node_id": "playground"},
    )  # fmt: skip
    assert [delivery.status for delivery in place.github.deliveries] == [202] * 6


async def test_webhooks_lost_doubled_and_late(place: Place) -> None:
    """Lost ones never come, doubled ones come twice with one id, late ones twenty world seconds later."""
    place.world.webhooks = "lost"
    await place.dispatches(correlation_id="lost", environment="a")
    await place.passes(0)
    assert [delivery.status for delivery in place.github.deliveries] == ["lost", "lost"]
    place.world.webhooks = "doubled"
    await place.dispatches(correlation_id="doubled", environment="b")
    await place.passes(0)
    guids = [got.headers["X-GitHub-Delivery"] for got in place.listener.received]
    assert (len(guids), len(set(guids))) == (4, 2)
    place.world.webhooks = "late"
    await place.dispatches(correlation_id="late", environment="c")
    await place.passes(0.5)
    assert len(place.listener.received) == 4
    place.world.webhooks = "lost"
    await place.passes(20)
    assert len(place.listener.received) == 6


async def test_dead_or_slow_bot_does_not_hold_up_the_world(place: Place) -> None:
    """A tick returns at once while a delivery hangs, and a bot that is gone costs only the delivery."""
    place.listener.slow = 0.5
    await place.dispatches()
    before = asyncio.get_running_loop().time()
    await place.github.tick()
    assert asyncio.get_running_loop().time() - before < 0.3
    await place.github.courier.settled()
    place.world.bot_url = "http://127.0.0.1:9"
    await place.passes(2)
    assert [delivery.status for delivery in place.github.deliveries] == [202, 202, "refused", "refused"]
    place.github.courier.redeliver(place.github.deliveries[2].guid)
    place.world.bot_url = ""
    await place.passes(0)
    assert place.github.deliveries[-1].status == "no receiver"
