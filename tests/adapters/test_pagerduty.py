"""PagerDuty: one incident for one key, a library that never sleeps, and nothing read back without a key."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from bot.adapters.pagerduty import PagerDuty as Pager
from bot.domain.readings import OpenIncident
from bot.playground.pagerduty.simulator import BOT_EMAIL, ROUTING_KEYS, PagerDuty
from bot.ports import Limited, Refused, Unclear, Unreachable, VendorError
from tests.adapters.scripted import Said, Vendor, nobody, vendor
from tests.playground.simulators import served, small_world

KEY = "greenlight/checkout/production/P-142"
API_KEY = "pd-playground-key"
ROUTING_KEY = ROUTING_KEYS["checkout"]
LINKS = [("https://slack.example/p1", "The card")]

Call = Callable[[Pager], Awaitable[object]]


@dataclass(slots=True)
class Place:
    """A simulated PagerDuty and the adapter on it."""

    pagerduty: PagerDuty
    pager: Pager
    base: str

    async def triggers(
        self, key: str = KEY, severity: str = "critical", summary: str = "checkout failed"
    ) -> None:
        await self.pager.trigger(
            ROUTING_KEY,
            key,
            summary=summary,
            source="greenlight",
            severity=severity,
            details={"version": "v2.14.3"},
            links=LINKS,
        )


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    pagerduty = PagerDuty(small_world())
    async with served(pagerduty.routes()) as origin:
        base = f"{origin}/sim/pagerduty"
        async with Pager(api_key=API_KEY, from_email=BOT_EMAIL, api_url=base, events_url=base) as pager:
            yield Place(pagerduty, pager, base)
    await pagerduty.close()


async def test_f89_same_key_is_one_incident_until_it_is_resolved(place: Place) -> None:
    """Sending a failure again adds to its incident; resolving it twice is fine; a new key is a new incident."""
    await place.triggers()
    await place.triggers()
    opened = await place.pager.find(KEY)
    assert opened is not None
    assert (opened.number, opened.status) == (4411, "triggered")
    for _ in range(2):
        await place.pager.resolve(ROUTING_KEY, KEY)
    await place.triggers("another")
    resolved = await place.pager.find(KEY)
    assert resolved is not None
    assert (resolved.id, resolved.status) == (opened.id, "resolved")
    assert [one["dedup_key"] for one in place.pagerduty.incidents_state()] == [KEY, "another"]


async def test_who_brought_it_where_it_is_is_named_when_it_is_a_person(place: Place) -> None:
    """Dee by her id and name, with the moment; what came through an integration names nobody."""
    await place.triggers()
    opened = await place.pager.find(KEY)
    assert opened is not None
    assert (opened.by_id, opened.by) == ("", "")
    place.pagerduty.world.clock.forward(60)
    at = place.pagerduty.world.clock.now()
    place.pagerduty.acknowledge(opened.number, "dee")
    seen = await place.pager.find(KEY)
    assert seen is not None
    assert (seen.status, seen.by_id, seen.by) == ("acknowledged", "PDEE", "Dee")
    assert seen.changed is not None
    assert abs(seen.changed - at) < 2


async def test_acknowledging_twice_is_acknowledging_once(place: Place) -> None:
    """An event, in nobody's name; what is resolved stays so, and what is unknown stays unknown."""
    await place.triggers()
    for _ in range(2):
        await place.pager.acknowledge(ROUTING_KEY, KEY)
    seen = await place.pager.find(KEY)
    assert seen is not None
    assert (seen.status, seen.by_id) == ("acknowledged", "")
    await place.pager.resolve(ROUTING_KEY, KEY)
    await place.pager.acknowledge(ROUTING_KEY, KEY)
    await place.pager.acknowledge(ROUTING_KEY, "nothing")
    assert [one["status"] for one in place.pagerduty.incidents_state()] == ["resolved"]


async def test_f86_incident_that_was_never_opened_is_not_found(place: Place) -> None:
    """Only what is read back exists."""
    assert await place.pager.find("nothing") is None


async def test_long_summary_is_clipped_to_what_pagerduty_takes(place: Place) -> None:
    """An incident with a shorter title is better than none."""
    await place.triggers(summary="x" * 5_000)
    assert len(place.pagerduty.incidents_state()) == 1


async def test_change_event_is_told(place: Place) -> None:
    """A deploy stands on the service's timeline with its link and time."""
    await place.pager.change(
        ROUTING_KEY, summary="checkout v2.14.3 is in production", source="greenlight", links=LINKS
    )
    (change,) = place.pagerduty.changes
    assert change.summary == "checkout v2.14.3 is in production"
    assert isinstance(change.body, dict)
    assert change.body["payload"]["timestamp"].endswith("Z")
    assert change.body["links"] == [{"href": "https://slack.example/p1", "text": "The card"}]


async def test_f87_wrong_routing_key_is_refused_once(place: Place) -> None:
    """A key that PagerDuty does not know is a definite no with PagerDuty's words; nothing is sent again."""
    with pytest.raises(Refused, match="routing") as refused:
        await place.pager.resolve("R-unknown-playground", KEY)
    assert refused.value.code == "400"
    assert len(place.pagerduty.world.ledger) == 1


async def test_open_incidents_by_urgency(place: Place) -> None:
    """Open means triggered or acknowledged; `high` leaves the others out, `any` does not."""
    high = place.pagerduty.open_incident("checkout", "high", "database is down")
    place.pagerduty.open_incident("checkout", "low", "disk is filling")
    place.pagerduty.open_incident("storefront", "high")
    closed = place.pagerduty.open_incident("checkout", "high")
    place.pagerduty.acknowledge(high.number, "dee")
    place.pagerduty.resolve(closed.number, "dee")
    found = await place.pager.open_incidents("PCHECKOUT", "high")
    assert [(one.number, one.title) for one in found] == [(high.number, "database is down")]
    assert all(isinstance(one, OpenIncident) and one.url for one in found)
    assert len(await place.pager.open_incidents("PCHECKOUT", "any")) == 2


async def test_open_incidents_are_read_to_the_last_page(place: Place) -> None:
    """The hundred and first incident counts too."""
    for _ in range(130):
        place.pagerduty.open_incident("checkout")
    assert len(await place.pager.open_incidents("PCHECKOUT", "high")) == 130


async def test_on_call_is_the_first_level_and_schedules_name_their_person(place: Place) -> None:
    """Dee has the pager; who only backs her up is not on call; an unknown service or schedule is refused."""
    assert await place.pager.on_call("PCHECKOUT") == {"PDEE"}
    assert await place.pager.schedule_members("PSCHED1") == {"PDEE"}
    place.pagerduty.puts_on_call("ana")
    assert await place.pager.on_call("PCHECKOUT") == {"PANA"}
    assert await place.pager.schedule_members("PSCHED1") == {"PANA"}
    for ask in (place.pager.on_call("PNOBODY"), place.pager.schedule_members("../users")):
        with pytest.raises(Refused) as refused:
            await ask
        assert refused.value.code == "404"


async def test_note_is_written_in_the_bots_name(place: Place) -> None:
    """A note stands on the incident; without an address to write as, it is refused before anything is sent."""
    incident = place.pagerduty.open_incident("checkout")
    await place.pager.note(incident.id, "rolled back to v2.14.2")
    assert [(note.by.name, note.text) for note in incident.notes] == [
        ("Greenlight", "rolled back to v2.14.2")
    ]
    async with Pager(api_key=API_KEY, api_url=place.base) as nameless:
        with pytest.raises(Refused, match="PAGERDUTY_FROM"):
            await nameless.note(incident.id, "more")
    assert len(incident.notes) == 1


async def test_without_api_key_rest_is_refused_and_events_go_out(place: Place) -> None:
    """Paging needs no REST key; what does says which setting is missing."""
    async with Pager(api_url=place.base, events_url=place.base) as pager:
        await pager.resolve(ROUTING_KEY, KEY)
        asks: list[Awaitable[object]] = [
            pager.find(KEY),
            pager.open_incidents("PCHECKOUT", "high"),
            pager.on_call("PCHECKOUT"),
            pager.schedule_members("PSCHED1"),
        ]
        for ask in asks:
            with pytest.raises(Refused, match="PAGERDUTY_API_KEY is not set") as refused:
                await ask
            assert refused.value.code == "unset"
    assert len(place.pagerduty.world.ledger) == 1


CALLS: dict[str, Call] = {
    "event": lambda pager: pager.resolve(ROUTING_KEY, KEY),
    "acknowledgement": lambda pager: pager.acknowledge(ROUTING_KEY, KEY),
    "change": lambda pager: pager.change(ROUTING_KEY, summary="x", source="y", links=[]),
    "read": lambda pager: pager.find(KEY),
    "note": lambda pager: pager.note("Q1", "x"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
@pytest.mark.parametrize(
    ("said", "error"),
    [
        (
            Said(400, '{"status": "invalid event", "message": "Event object is invalid", "errors": ["key"]}'),
            Refused,
        ),
        (Said(401, '{"error": {"message": "Unauthorized"}}'), Refused),
        (Said(404, "<html>"), Refused),
        (Said(402, "[]"), Refused),
        (Said(429, "{}", {"Retry-After": "30"}), Limited),
        (Said(500, "{}"), Unclear),
        (Said(502, "<html>"), Unclear),
        (Said(503, "{}"), Unclear),
        (Said(end="close"), Unclear),
        (Said(end="hang"), Unclear),
    ],
)
async def test_f85_f90_every_answer_has_its_error_at_once_and_is_asked_once(
    call: Call, said: Said, error: type[VendorError]
) -> None:
    """pdpyras would sleep for seconds in its thread and try again; here each answer is told in its moment."""
    async with vendor(said) as pagerduty, pager_at(pagerduty) as pager:
        with pytest.raises(VendorError) as raised:
            await call(pager)
    assert type(raised.value) is error
    assert len(pagerduty.heard) == 1


@pytest.mark.parametrize("body", ["{", "[]", '{"incidents": 7}', '{"incidents": [{"id": 1}]}', ""])
async def test_f90_answer_that_cannot_be_read_is_not_an_absence(body: str) -> None:
    """No open incident is a fact that PagerDuty must have said."""
    async with vendor(Said(200, body)) as pagerduty, pager_at(pagerduty) as pager:
        with pytest.raises(Unclear):
            await pager.open_incidents("PCHECKOUT", "high")


async def test_empty_routing_key_is_refused_before_anything_is_sent(place: Place) -> None:
    """A secret that is set to nothing is named, not tried."""
    with pytest.raises(Refused, match="routing key is empty"):
        await place.pager.resolve("", KEY)
    assert place.pagerduty.world.ledger == []


async def test_event_with_an_answer_that_cannot_be_read_is_unclear() -> None:
    """A 202 without a key in it may have opened the incident or not; sending it again is harmless."""
    async with vendor(Said(202, "{}")) as pagerduty, pager_at(pagerduty) as pager:
        with pytest.raises(Unclear):
            await pager.resolve(ROUTING_KEY, KEY)


@pytest.mark.parametrize(
    ("headers", "wait"), [({"Retry-After": "30"}, 30.0), ({"ratelimit-reset": "9"}, 9.0), ({}, 60.0)]
)
async def test_f85_limit_tells_how_long(headers: dict[str, str], wait: float) -> None:
    """PagerDuty's wait is passed on; without one it is a minute."""
    async with vendor(Said(429, "{}", headers)) as pagerduty, pager_at(pagerduty) as pager:
        with pytest.raises(Limited) as limited:
            await pager.find(KEY)
    assert limited.value.retry_after == wait


async def test_pagerduty_that_is_not_there_was_never_reached() -> None:
    """A refused connection means that nothing was opened."""
    async with Pager(api_key=API_KEY, api_url=nobody(), events_url=nobody()) as pager:
        for call in (CALLS["event"], CALLS["read"]):
            with pytest.raises(Unreachable):
                await call(pager)


async def test_f85_four_hanging_calls_leave_the_loop_free_and_the_fifth_says_it_never_left() -> None:
    """Threads are few: who finds none within the deadline was never sent, and the loop goes on meanwhile."""
    async with vendor(Said(end="hang")) as pagerduty, pager_at(pagerduty) as pager:
        calls = [asyncio.create_task(pager.resolve(ROUTING_KEY, KEY)) for _ in range(5)]
        ticks = 0
        while not all(call.done() for call in calls):
            await asyncio.sleep(0.01)
            ticks += 1
        errors = [type(call.exception()) for call in calls]
    assert sorted(error.__name__ for error in errors) == ["Unclear"] * 4 + ["Unreachable"]
    assert ticks > 10


async def test_a47_errors_do_not_carry_the_keys() -> None:
    """pdpyras quotes the end of a refused key; our sentence does not."""
    async with (
        vendor(Said(401, '{"error": {"message": "Unauthorized"}}')) as pagerduty,
        pager_at(pagerduty) as pager,
    ):
        with pytest.raises(Refused) as refused:
            await pager.find(KEY)
    assert API_KEY[-4:] not in str(refused.value)


def pager_at(pagerduty: Vendor) -> Pager:
    return Pager(
        api_key=API_KEY, from_email=BOT_EMAIL, api_url=pagerduty.url, events_url=pagerduty.url, deadline=1.0
    )
