"""The life of incidents: opened, acknowledged, annotated, resolved, and each step told by webhook."""

import uuid
from collections.abc import Iterable

from bot.playground.pagerduty.documents import Document, Documents
from bot.playground.pagerduty.state import (
    FIRST_NUMBER,
    Alert,
    Incident,
    Note,
    PagedService,
    Status,
    User,
    urgency_of,
)
from bot.playground.stamps import iso
from bot.playground.webhooks import Courier
from bot.playground.world import World


class Incidents:
    """All incidents; `on_call` gets the new ones."""

    def __init__(self, world: World, courier: Courier, documents: Documents) -> None:
        self.all: list[Incident] = []
        self.on_call: User | None = None
        self._world = world
        self._courier = courier
        self._documents = documents

    def find(self, number: str) -> Incident | None:
        """The incident with this id or number."""
        return next(
            (incident for incident in self.all if number in (incident.id, str(incident.number))), None
        )

    def open_with(self, service: PagedService, key: str) -> Incident | None:
        """The unresolved incident of a service that events with this dedup_key belong to."""
        return next(
            (
                incident
                for incident in self.all
                if incident.service == service and incident.key == key and incident.status != "resolved"
            ),
            None,
        )

    def trigger(self, service: PagedService, key: str, alert: Alert) -> Incident:
        """A further alert of an open incident, or a new incident."""
        incident = self.open_with(service, key)
        if incident is None:
            incident = self._open(service, key, alert)
        incident.alerts.append(alert)
        return incident

    def become(self, incident: Incident, status: Status, by: User | None) -> None:
        """Move an incident on; a resolved one never comes back, and nothing is told twice."""
        if incident.status in (status, "resolved"):
            return
        incident.status = status
        incident.changed_at, incident.changed_by = self._world.clock.now(), by
        self._tell(f"incident.{status}", self._documents.event_of_incident(incident), by)
        self._world.touch()

    def fall_back(self, incident: Incident, by: User | None) -> None:
        """Trigger an incident again: its acknowledgement ran out or was withdrawn, or it was reopened."""
        if incident.status == "triggered":
            return
        told = "incident.reopened" if incident.status == "resolved" else "incident.unacknowledged"
        incident.status = "triggered"
        incident.changed_at, incident.changed_by = self._world.clock.now(), by
        self._tell(told, self._documents.event_of_incident(incident), by)
        self._world.touch()

    def annotate(self, incident: Incident, by: User, text: str) -> Note:
        """Write a note on an incident."""
        note = Note(f"PNOTE{incident.number}{len(incident.notes)}", self._world.clock.now(), by, text)
        incident.notes.append(note)
        self._tell("incident.annotated", self._documents.event_of_note(incident, note), by)
        self._world.touch()
        return note

    def state(self) -> list[dict[str, object]]:
        """The incidents for `GET /play/state`, oldest first."""
        return [self._state_of(incident) for incident in self.all]

    def matching(self, wanted: dict[str, Iterable[str]]) -> list[Incident]:
        """The incidents whose facts are among the wanted ones, oldest first; an empty list wants all."""
        return [incident for incident in self.all if _matches(incident, wanted)]

    def _open(self, service: PagedService, key: str, alert: Alert) -> Incident:
        number = FIRST_NUMBER + len(self.all)
        urgency = urgency_of(alert.severity)
        incident = Incident(number, service, alert.summary, alert.severity, key, alert.at, urgency=urgency)
        incident.changed_at, incident.assignee = alert.at, self.on_call
        self.all.append(incident)
        self._tell("incident.triggered", self._documents.event_of_incident(incident), None)
        self._world.touch()
        return incident

    def _tell(self, event_type: str, data: Document, by: User | None) -> None:
        event: Document = {
            "id": f"01{uuid.uuid4().hex[:24].upper()}",
            "event_type": event_type,
            "resource_type": "incident",
            "occurred_at": iso(self._world.clock.now()),
            "agent": None if by is None else self._documents.user(by, full=False),
            "client": None,
            "data": data,
        }
        guid = str(event["id"])
        headers = {
            "X-Webhook-Id": guid,
            "X-Webhook-Subscription": "PWEBHOOK1",
            "User-Agent": "PagerDuty-Webhook/V3.0",
        }
        self._courier.put(event_type, guid, {"event": event}, headers, "X-PagerDuty-Signature")

    def _state_of(self, incident: Incident) -> dict[str, object]:
        return {
            "id": incident.id,
            "number": incident.number,
            "service": incident.service.name,
            "title": incident.title,
            "status": incident.status,
            "severity": incident.severity,
            "urgency": incident.urgency,
            "priority": incident.priority,
            "dedup_key": incident.key,
            "changed_by": incident.changed_by.name if incident.changed_by else None,
            "assignee": incident.assignee.name if incident.assignee else None,
            "notes": [{"by": note.by.name, "text": note.text} for note in incident.notes],
            "alerts": len(incident.alerts),
            "html_url": self._documents.incident(incident)["html_url"],
        }


def _matches(incident: Incident, wanted: dict[str, Iterable[str]]) -> bool:
    facts = {
        "statuses": incident.status,
        "service_ids": incident.service.id,
        "urgencies": incident.urgency,
        "incident_key": incident.key,
    }
    return all(facts[name] in values for name, values in wanted.items() if values)
