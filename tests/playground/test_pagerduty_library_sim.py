"""The old official library, pdpyras, works against the simulated PagerDuty unchanged."""

import asyncio
from collections.abc import AsyncIterator

import pdpyras
import pytest

from bot.playground.pagerduty.simulator import ROUTING_KEYS
from tests.playground.pagerduty_place import Place, pagerduty_place


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with pagerduty_place() as made:
        yield made


async def test_pdpyras_sends_events(place: Place) -> None:
    """The library triggers, acknowledges, resolves and reports a change."""

    def send() -> str:
        events = pdpyras.EventsAPISession(ROUTING_KEYS["checkout"])
        changes = pdpyras.ChangeEventsAPISession(ROUTING_KEYS["checkout"])
        events.url = changes.url = place.base
        key: str = events.trigger(
            "checkout deploy failed", "greenlight", dedup_key="P-1", severity="critical"
        )
        events.acknowledge(key)
        changes.submit("v2.14.3 is live", source="greenlight")
        return str(events.resolve(key))

    assert await asyncio.to_thread(send) == "P-1"
    assert (place.statuses(), len(place.pagerduty.changes)) == (["resolved"], 1)


async def test_pdpyras_reads_and_writes(place: Place) -> None:
    """The library pages through incidents and people, writes notes and resolves, with its own wrapping."""
    for _ in range(3):
        place.pagerduty.open_incident("checkout")

    def work() -> tuple[list[int], str, str, list[str]]:
        session = place.session()
        found = list(session.iter_all("incidents", params={"statuses": ["triggered"]}, page_size=2))
        note = session.rpost(f"incidents/{found[0]['id']}/notes", json={"content": "hello"})
        done = session.rput(f"incidents/{found[0]['id']}", json={"type": "incident", "status": "resolved"})
        on_call = session.list_all("oncalls", params={"schedule_ids": ["PSCHED1"], "include": ["users"]})
        dee = session.find("users", "dee@acme.example", attribute="email")
        names = [on_call[0]["user"]["email"], dee["name"]]
        return [incident["incident_number"] for incident in found], note["content"], done["status"], names

    numbers, note, status, names = await asyncio.to_thread(work)
    assert (numbers, note, status) == ([4411, 4412, 4413], "hello", "resolved")
    assert names == ["dee@acme.example", "Dee"]


async def test_pdpyras_raises_on_refusals(place: Place) -> None:
    """What the simulator refuses is an HTTP error of the library with PagerDuty's sentence in it."""
    opened = place.pagerduty.open_incident("checkout")

    def write_without_from() -> None:
        session = place.session()
        session.default_from = None
        session.rpost(f"incidents/{opened.id}/notes", json={"content": "hello"})

    with pytest.raises(pdpyras.PDHTTPError, match="must specify a user"):
        await asyncio.to_thread(write_without_from)
