"""The simulated PagerDuty is as strict as the vendor, and tells what happens to incidents."""

from collections.abc import AsyncIterator

import pytest

from bot.playground.pagerduty.simulator import BOT_EMAIL, ROUTING_KEYS
from tests.playground.pagerduty_place import DEPLOY_FAILED, Place, event_of, pagerduty_place


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with pagerduty_place() as made:
        yield made


async def test_trigger_acknowledge_resolve(place: Place) -> None:
    """One incident lives through its dedup_key, assigned to Dee who is on call, and each step is told."""
    status, answer = await place.sends()
    assert (status, answer) == (202, {"status": "success", "message": "Event processed", "dedup_key": "P-1"})
    incident = place.pagerduty.incidents_state()[0]
    assert (incident["number"], incident["service"], incident["assignee"]) == (4411, "checkout", "Dee")
    assert (incident["urgency"], incident["priority"], incident["severity"]) == ("high", "P1", "critical")
    for _ in range(2):
        await place.sends("acknowledge", payload=None)
        assert place.statuses() == ["acknowledged"]
    await place.sends("resolve", payload=None)
    assert place.statuses() == ["resolved"]
    assert await place.hears() == ["incident.triggered", "incident.acknowledged", "incident.resolved"]


async def test_same_key_is_one_incident_until_it_is_resolved(place: Place) -> None:
    """A repeated trigger adds an alert and tells nobody; after the resolution it is a new incident."""
    await place.sends()
    await place.sends()
    assert [incident["alerts"] for incident in place.pagerduty.incidents_state()] == [2]
    await place.sends("resolve")
    await place.sends("resolve")
    await place.sends()
    assert place.statuses() == ["resolved", "triggered"]
    assert await place.hears() == ["incident.triggered", "incident.resolved", "incident.triggered"]


async def test_same_key_on_another_service_is_another_incident(place: Place) -> None:
    """A dedup_key belongs to one integration."""
    await place.sends()
    await place.sends(routing_key=ROUTING_KEYS["storefront"])
    assert [incident["service"] for incident in place.pagerduty.incidents_state()] == [
        "checkout",
        "storefront",
    ]


async def test_a_key_is_made_up_when_none_is_given(place: Place) -> None:
    """A trigger without dedup_key gets one, which resolves it."""
    _, answer = await place.sends(dedup_key=None)
    await place.sends("resolve", dedup_key=answer["dedup_key"])
    assert place.statuses() == ["resolved"]


async def test_resolving_the_unknown_is_accepted(place: Place) -> None:
    """PagerDuty says 202 to an event about nothing."""
    assert (await place.sends("resolve", dedup_key="nothing"))[0] == 202
    assert place.statuses() == []


@pytest.mark.parametrize(
    "changed",
    [
        {"routing_key": None},
        {"routing_key": "R" + "0" * 31},
        {"routing_key": "RNOBODY-playground"},
        {"event_action": "explode"},
        {"event_action": "resolve", "dedup_key": None},
        {"dedup_key": "x" * 256},
        {"payload": None},
        {"payload": {**DEPLOY_FAILED, "summary": ""}},
        {"payload": {**DEPLOY_FAILED, "summary": "x" * 1025}},
        {"payload": {**DEPLOY_FAILED, "severity": "high"}},
        {"payload": {"summary": "no source", "severity": "info"}},
    ],
)
async def test_bad_events_are_400(place: Place, changed: dict[str, object]) -> None:
    """Each is refused with a reason, real-looking keys too, and opens nothing."""
    status, answer = await place.sends(**changed)
    assert (status, answer["message"]) == (400, "Event object is invalid")
    assert answer["errors"]
    assert place.statuses() == []


async def test_malformed_event_is_400(place: Place) -> None:
    """What is not a JSON object is no event."""
    async with place.http.post(f"{place.base}/v2/enqueue", data="{") as answer:
        assert answer.status == 400


async def test_changeevent_of(place: Place) -> None:
    """A change is kept with its summary; without one it is refused."""
    body: dict[str, object] = {
        "routing_key": ROUTING_KEYS["checkout"],
        "payload": {"summary": "v2.14.3 is live"},
    }
    status, _ = await place.asks("/v2/change/enqueue", method="POST", json=body)
    assert (status, [change.summary for change in place.pagerduty.changes]) == (202, ["v2.14.3 is live"])
    assert (await place.asks("/v2/change/enqueue", method="POST", json={**body, "payload": {}}))[0] == 400


async def test_incidents_are_filtered_and_paged(place: Place) -> None:
    """By status, service, urgency and key; `more` says that there is a further page."""
    place.pagerduty.open_incident("checkout")
    place.pagerduty.open_incident("storefront", severity="low")
    resolved = place.pagerduty.open_incident("checkout")
    place.pagerduty.resolve(resolved.id, "dee")

    async def numbers(query: str) -> list[object]:
        found = (await place.asks(f"/incidents?{query}"))[1]["incidents"]
        assert isinstance(found, list)
        return [incident["incident_number"] for incident in found]

    assert await numbers("statuses[]=triggered&statuses[]=acknowledged") == [4411, 4412]
    assert await numbers("service_ids[]=PCHECKOUT&statuses[]=triggered") == [4411]
    assert await numbers("urgencies[]=low") == [4412]
    assert await numbers(f"incident_key={resolved.key}") == [4413]
    assert await numbers("sort_by=created_at:desc&limit=1") == [4413]
    _, page = await place.asks("/incidents?limit=2&offset=0&total=true")
    assert (page["more"], page["total"]) == (True, 3)
    _, page = await place.asks("/incidents?limit=2&offset=2")
    assert (page["more"], page["total"]) == (False, None)


async def test_incident_document(place: Place) -> None:
    """An incident names its service, its policy, its urgency, its priority and where to look at it."""
    opened = place.pagerduty.open_incident("checkout", severity="high")
    _, answer = await place.asks(f"/incidents/{opened.id}")
    incident = answer["incident"]
    assert isinstance(incident, dict)
    facts = (incident["service"]["id"], incident["urgency"], incident["priority"]["summary"])
    assert facts == ("PCHECKOUT", "high", "P2")
    assert incident["html_url"].startswith(place.base)
    async with place.http.get(incident["html_url"]) as page:
        assert page.status == 200
    assert (await place.asks("/incidents/4411"))[0] == 200
    assert (await place.asks("/incidents/4499"))[0] == 404


@pytest.mark.parametrize(("email", "code"), [("", 2016), ("greenlight", 1028), ("nobody@acme.example", 1008)])
async def test_writes_need_a_known_from(place: Place, email: str, code: int) -> None:
    """Notes and updates are 400 without the e-mail of an account, and change nothing."""
    opened = place.pagerduty.open_incident("checkout")
    for method, path, body in (
        ("POST", "/notes", {"note": {"content": "hello"}}),
        ("PUT", "", {"incident": {"type": "incident", "status": "resolved"}}),
    ):
        status, answer = await place.asks(
            f"/incidents/{opened.id}{path}", method=method, json=body, From=email
        )
        error = answer["error"]
        assert isinstance(error, dict)
        assert (status, error["code"]) == (400, code)
    assert (place.statuses(), opened.notes) == (["triggered"], [])


async def test_notes_and_updates_in_someones_name(place: Place) -> None:
    """With From, a note is written and the incident acknowledged, then resolved; both are told."""
    opened = place.pagerduty.open_incident("checkout")
    at = f"/incidents/{opened.id}"
    note = {"note": {"content": "rolled back by P-2"}}
    status, answer = await place.asks(at + "/notes", method="POST", json=note, From=BOT_EMAIL)
    assert status == 200
    assert isinstance(answer["note"], dict)
    assert answer["note"]["content"] == "rolled back by P-2"
    listed = (await place.asks(at + "/notes"))[1]["notes"]
    assert isinstance(listed, list)
    assert listed[0]["user"]["summary"] == "Greenlight"
    for wanted in ("acknowledged", "resolved"):
        body = {"incident": {"type": "incident", "status": wanted}}
        assert (await place.asks(at, method="PUT", json=body, From=BOT_EMAIL))[0] == 200
        assert place.statuses() == [wanted]
    assert (await place.asks(at, method="PUT", json=body, From=BOT_EMAIL))[0] == 400
    expected = ["incident.triggered", "incident.annotated", "incident.acknowledged", "incident.resolved"]
    assert await place.hears() == expected


@pytest.mark.parametrize("key", ["", "y_NbAkKc66ryYTWUXYEu", "u+abcdefghijklmnopqr"])
async def test_keys_that_look_real_are_401(place: Place, key: str) -> None:
    """Only the playground's keys open the REST API."""
    assert (await place.asks("/incidents", key=key))[0] == 401


async def test_on_call_services_users_and_schedule(place: Place) -> None:
    """Dee is on call by the schedule, Ana behind her; handing the pager over swaps them."""

    async def on_call(query: str = "") -> list[tuple[object, object]]:
        found = (await place.asks(f"/oncalls?{query}"))[1]["oncalls"]
        assert isinstance(found, list)
        return [(entry["user"]["summary"], entry["escalation_level"]) for entry in found]

    assert await on_call() == [("Dee", 1), ("Ana", 2)]
    assert await on_call("schedule_ids[]=PSCHED1") == [("Dee", 1)]
    assert await on_call("escalation_policy_ids[]=POTHER") == []
    place.pagerduty.puts_on_call("ana")
    assert await on_call("escalation_policy_ids[]=PPOLICY1&include[]=users") == [("Ana", 1), ("Dee", 2)]
    scheduled = (await place.asks("/schedules/PSCHED1/users"))[1]["users"]
    assert isinstance(scheduled, list)
    assert [user["email"] for user in scheduled] == ["ana@acme.example"]
    found = (await place.asks("/users?query=dee@"))[1]["users"]
    assert isinstance(found, list)
    assert [user["id"] for user in found] == ["PDEE"]
    service = (await place.asks("/services/PCHECKOUT"))[1]["service"]
    assert isinstance(service, dict)
    assert (service["name"], service["escalation_policy"]["id"]) == ("checkout", "PPOLICY1")
    for missing in ("/services/PNO", "/users/PNO", "/schedules/PNO/users"):
        assert (await place.asks(missing))[0] == 404


async def test_webhooks_are_signed(place: Place) -> None:
    """A v3 webhook carries v1= the HMAC of its body, its own id, the incident and who did it."""
    opened = place.pagerduty.open_incident("checkout")
    place.pagerduty.acknowledge(opened.number, "dee")
    place.pagerduty.annotate(opened.number, "dee", "looking")
    assert await place.hears() == ["incident.triggered", "incident.acknowledged", "incident.annotated"]
    triggered, acknowledged, annotated = place.listener.received
    assert all(
        got.is_signed("X-PagerDuty-Signature", "v1", "fake-pagerduty") for got in place.listener.received
    )
    assert triggered.headers["X-Webhook-Id"] == event_of(triggered.payload)["id"]
    agent, data = event_of(acknowledged.payload)["agent"], event_of(annotated.payload)["data"]
    assert isinstance(agent, dict)
    assert isinstance(data, dict)
    assert (agent["summary"], data["content"], data["incident"]["id"]) == ("Dee", "looking", opened.id)


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
async def test_bent_answers(place: Place, status: int) -> None:
    """A forced status comes once, on events as on the REST API, and does nothing."""
    place.world.vendor["pagerduty"] = [status, status]
    assert (await place.sends())[0] == status
    assert (await place.asks("/incidents"))[0] == status
    assert place.statuses() == []
    assert (await place.sends())[0] == 202
    assert [call.path for call in place.world.ledger] == ["/v2/enqueue", "/incidents", "/v2/enqueue"]


async def test_an_incident_falls_back(place: Place) -> None:
    """An acknowledgement runs out and a resolved incident is reopened: each is told, and events reach it again."""
    opened = place.pagerduty.open_incident("checkout")
    for bring in (place.pagerduty.acknowledge, place.pagerduty.resolve):
        bring(opened.number, "dee")
        place.pagerduty.fall_back(opened.number)
        place.pagerduty.fall_back(opened.number)
        assert place.statuses() == ["triggered"]
    told = [
        *("incident.triggered", "incident.acknowledged", "incident.unacknowledged"),
        *("incident.resolved", "incident.reopened"),
    ]
    assert await place.hears() == told
    assert (await place.sends("acknowledge", dedup_key=opened.key))[0] == 202
    assert place.statuses() == ["acknowledged"]


async def test_only_a_trigger_opens_an_incident(place: Place) -> None:
    """After the end an acknowledgement or a resolve of the same key does nothing; a trigger is a new incident."""
    for action in ("trigger", "resolve", "acknowledge", "resolve"):
        assert (await place.sends(action, dedup_key="one"))[0] == 202
    assert place.statuses() == ["resolved"]
    assert (await place.sends("trigger", dedup_key="one"))[0] == 202
    assert place.statuses() == ["resolved", "triggered"]
