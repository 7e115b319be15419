"""PagerDuty as Greenlight needs it: incidents by events, and by REST who is on call and what is open."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from pydantic import BaseModel

from bot.adapters.pagerduty_threads import Account, PagerDutyThreads, Session, got, posted
from bot.adapters.wire import read
from bot.domain.readings import OpenIncident
from bot.ports import PagerIncident, Refused, Unclear

API_URL = "https://api.pagerduty.com"
EVENTS_URL = "https://events.pagerduty.com"
DEADLINE = 10.0  # seconds for one method
PAGE = 100
MOST_PAGES = 10
MOST_SUMMARY = 1_024
MOST_NAME = 40  # characters of somebody's name
A_MOMENT = 60.0  # seconds: who is on call *now* is asked as a span


class Agent(BaseModel):
    """Who changed something: a person, or a service through its integration."""

    id: str
    type: str = ""
    summary: str | None = None


class Incident(BaseModel):
    """One incident."""

    id: str
    incident_number: int
    title: str = ""
    status: str = ""
    html_url: str = ""
    last_status_change_at: datetime | None = None
    last_status_change_by: Agent | None = None


class Incidents(BaseModel):
    """One page of incidents."""

    incidents: list[Incident]
    more: bool = False


class Reference(BaseModel):
    """Something that is only named."""

    id: str


class PagedService(BaseModel):
    """A service."""

    escalation_policy: Reference


class OneService(BaseModel):
    """GET /services/ID."""

    service: PagedService


class OnCall(BaseModel):
    """One person at one level of a policy."""

    escalation_level: int
    escalation_policy: Reference
    user: Reference


class OnCalls(BaseModel):
    """One page of those on call."""

    oncalls: list[OnCall]
    more: bool = False


class Users(BaseModel):
    """GET /schedules/ID/users."""

    users: list[Reference]


class PagerDuty:
    """Events need only a routing key, what is read back an `api_key`, notes a `from_email` as well."""

    def __init__(
        self,
        *,
        api_key: str | None = None,
        from_email: str | None = None,
        api_url: str = API_URL,
        events_url: str = EVENTS_URL,
        deadline: float = DEADLINE,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._threads = PagerDutyThreads(Account(api_url, events_url, api_key, from_email), deadline)
        self._from_email = from_email
        self._now = now

    async def open(self) -> None:
        """Make the threads; nothing is sent yet."""
        self._threads.open()

    async def close(self) -> None:
        """Send nothing more; calls under way end by themselves."""
        self._threads.close()

    async def __aenter__(self) -> "PagerDuty":
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def trigger(
        self,
        routing_key: str,
        key: str,
        *,
        summary: str,
        source: str,
        severity: str,
        details: Mapping[str, str],
        links: Sequence[tuple[str, str]],
    ) -> None:
        """Open the incident of `key`, or add to the open one; sending it again does nothing more."""
        event = {
            "summary": summary[:MOST_SUMMARY],
            "source": source,
            "severity": severity,
            "custom_details": dict(details),
            "links": _links(links),
        }
        await self._threads.events(routing_key, lambda session: session.trigger(dedup_key=key, **event))

    async def acknowledge(self, routing_key: str, key: str) -> None:
        """Acknowledge the incident of `key`; one that is not open stays as it is."""
        await self._threads.events(routing_key, lambda session: session.acknowledge(key))

    async def resolve(self, routing_key: str, key: str) -> None:
        """Resolve the incident of `key`."""
        await self._threads.events(routing_key, lambda session: session.resolve(key))

    async def change(
        self, routing_key: str, *, summary: str, source: str, links: Sequence[tuple[str, str]]
    ) -> None:
        """Tell that something was deployed."""
        event = {
            "summary": summary[:MOST_SUMMARY],
            "source": source,
            "links": _links(links),
            "timestamp": self._stamp(0),
        }
        await self._threads.changes(routing_key, lambda session: session.submit(**event))

    async def find(self, key: str) -> PagerIncident | None:
        """The newest incident of a dedup key, open or not."""
        asked = {"incident_key": key, "sort_by": "created_at:desc", "date_range": "all", "limit": 1}
        body = await self._threads.rest(lambda session: got(session, "/incidents", asked))
        for found in read("pagerduty", Incidents, body).incidents:
            return _read_back(found)
        return None

    async def open_incidents(self, service: str, severity: str) -> tuple[OpenIncident, ...]:
        """The incidents open on a service, of high urgency (`high`) or of any."""
        asked: dict[str, object] = {
            "service_ids[]": [service],
            "statuses[]": ["triggered", "acknowledged"],
            "date_range": "all",
        }
        if severity != "any":
            asked["urgencies[]"] = ["high"]
        found = await self._threads.rest(lambda session: _all_incidents(session, asked))
        return tuple(OpenIncident(one.incident_number, one.title, one.html_url) for one in found)

    async def note(self, incident: str, text: str) -> None:
        """Write a note on an incident, by PagerDuty's id."""
        if not self._from_email:
            raise Refused("pagerduty", "PAGERDUTY_FROM is not set", "unset")
        path, body = f"/incidents/{quote(incident, safe='')}/notes", {"note": {"content": text}}
        await self._threads.rest(lambda session: posted(session, path, body))

    async def on_call(self, service: str) -> frozenset[str]:
        """The user ids at the first level of the service's escalation policy."""
        return await self._threads.rest(lambda session: _first_level(session, service))

    async def schedule_members(self, schedule: str) -> frozenset[str]:
        """The user ids on call on a schedule now."""
        now = {"since": self._stamp(0), "until": self._stamp(A_MOMENT)}
        path = f"/schedules/{quote(schedule, safe='')}/users"
        body = await self._threads.rest(lambda session: got(session, path, now))
        return frozenset(user.id for user in read("pagerduty", Users, body).users)

    def _stamp(self, later: float) -> str:
        return datetime.fromtimestamp(self._now() + later, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read_back(found: Incident) -> PagerIncident:
    """Only a person is named: an integration is ourselves, or a monitor that saw it end."""
    agent, at = found.last_status_change_by, found.last_status_change_at
    person = agent if agent is not None and agent.type.startswith("user") else None
    return PagerIncident(
        id=found.id,
        number=found.incident_number,
        url=found.html_url,
        status=found.status,
        by_id=person.id if person else "",
        by=(person.summary or "")[:MOST_NAME] if person else "",
        changed=at.timestamp() if at is not None and at.tzinfo else None,
    )


def _all_incidents(session: Session, asked: Mapping[str, object]) -> list[Incident]:
    found: list[Incident] = []
    for page in range(MOST_PAGES):
        body = got(session, "/incidents", {**asked, "limit": PAGE, "offset": page * PAGE})
        answer = read("pagerduty", Incidents, body)
        found += answer.incidents
        if not answer.more:
            return found
    raise Unclear("pagerduty", f"more than {MOST_PAGES * PAGE} incidents are open")


def _first_level(session: Session, service: str) -> frozenset[str]:
    body = got(session, f"/services/{quote(service, safe='')}", {})
    policy = read("pagerduty", OneService, body).service.escalation_policy.id
    asked = {"escalation_policy_ids[]": [policy], "limit": PAGE}
    answer = read("pagerduty", OnCalls, got(session, "/oncalls", asked))
    if answer.more:
        raise Unclear("pagerduty", f"more than {PAGE} people are on call")
    return frozenset(
        entry.user.id
        for entry in answer.oncalls
        if entry.escalation_level == 1 and entry.escalation_policy.id == policy
    )


def _links(links: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"href": url, "text": text} for url, text in links]
