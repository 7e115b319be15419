"""PagerDuty's JSON documents: references, incidents, notes, alerts, on-call entries and webhook events."""

from bot.playground.door import Door
from bot.playground.pagerduty.state import POLICY, SCHEDULE, Alert, Incident, Note, PagedService, User
from bot.playground.stamps import iso

Document = dict[str, object]


class Documents:
    """Writes documents with links that lead back to the simulator."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def reference(self, kind: str, number: str, name: str) -> Document:
        """A thing in short; `kind` is its path: incidents, services, users."""
        single = "escalation_policy" if kind == "escalation_policies" else kind.removesuffix("s")
        return {
            "id": number,
            "type": f"{single}_reference",
            "summary": name,
            "self": f"{self._door.url}/{kind}/{number}",
            "html_url": f"{self._door.url}/web/{kind}/{number}",
        }

    def policy(self) -> Document:
        """The one escalation policy."""
        return self.reference("escalation_policies", POLICY, "Production")

    def schedule(self) -> Document:
        """The one schedule."""
        return self.reference("schedules", SCHEDULE, "Platform on call")

    def user(self, user: User, *, full: bool = True) -> Document:
        """A person, whole or as a reference."""
        short = self.reference("users", user.id, user.name)
        if not full:
            return short
        more = {"name": user.name, "email": user.email, "time_zone": "UTC", "role": "user", "job_title": None}
        return {**short, "type": "user", **more}

    def service(self, service: PagedService, *, whole: bool = False) -> Document:
        """A service; its integration key stands in its integration, which is only named unless `whole`."""
        integration = self.reference("integrations", f"I{service.id}", "Events API V2")
        key = {"type": "events_api_v2_inbound_integration", "integration_key": service.routing_key}
        return {
            **self.reference("services", service.id, service.name),
            "type": "service",
            "name": service.name,
            "status": "active",
            "escalation_policy": self.policy(),
            "teams": [],
            "incident_urgency_rule": {"type": "constant", "urgency": "severity_based"},
            "alert_creation": "create_alerts_and_incidents",
            "integrations": [{**integration, **key} if whole else integration],
        }

    def webhook(self, path: str) -> Document:
        """A webhook to a path on the bot."""
        active, url = not path.startswith("!"), self._door.world.bot_url + path.lstrip("!")
        return {
            "id": "PWEBHOOK",
            "type": "webhook_subscription",
            "active": active,
            "delivery_method": {"type": "http_delivery_method", "url": url},
            "filter": {"type": "account_reference"},
        }

    def incident(self, incident: Incident) -> Document:
        """An incident as the REST API has it."""
        assigned = [incident.assignee] if incident.assignee and incident.status != "resolved" else []
        return {
            **self.reference("incidents", incident.id, f"[#{incident.number}] {incident.title}"),
            "type": "incident",
            "incident_number": incident.number,
            "title": incident.title,
            "description": incident.title,
            "status": incident.status,
            "urgency": incident.urgency,
            "priority": self._priority(incident),
            "incident_key": incident.key,
            "created_at": iso(incident.at),
            "updated_at": iso(incident.changed_at),
            "last_status_change_at": iso(incident.changed_at),
            "last_status_change_by": self._agent(incident),
            "resolved_at": iso(incident.changed_at) if incident.status == "resolved" else None,
            "service": self.reference("services", incident.service.id, incident.service.name),
            "escalation_policy": self.policy(),
            "assignments": [
                {"at": iso(incident.at), "assignee": self.user(who, full=False)} for who in assigned
            ],
            "assigned_via": "escalation_policy",
            "acknowledgements": self._acknowledgements(incident),
            "teams": [],
            "alert_counts": {"all": len(incident.alerts), "triggered": 0, "resolved": 0},
        }

    def note(self, note: Note) -> Document:
        """A note on an incident."""
        by = self.user(note.by, full=False)
        return {"id": note.id, "user": by, "content": note.text, "created_at": iso(note.at), "channel": None}

    def alert(self, incident: Incident, alert: Alert) -> Document:
        """One alert of an incident."""
        return {
            **self.reference("alerts", alert.id, alert.summary),
            "type": "alert",
            "status": "resolved" if incident.status == "resolved" else "triggered",
            "alert_key": incident.key,
            "severity": alert.severity,
            "created_at": iso(alert.at),
            "service": self.reference("services", incident.service.id, incident.service.name),
            "incident": self.reference("incidents", incident.id, incident.title),
            "body": {"type": "alert_body", "details": alert.details, "cef_details": {"source": alert.source}},
        }

    def on_call(self, user: User, level: int, *, scheduled: bool, whole_user: bool) -> Document:
        """Who is on call at a level of the policy; without a schedule there is no end."""
        return {
            "user": self.user(user, full=whole_user),
            "schedule": self.schedule() if scheduled else None,
            "escalation_policy": self.policy(),
            "escalation_level": level,
            "start": None,
            "end": None,
        }

    def event_of_incident(self, incident: Incident) -> Document:
        """An incident as webhooks have it: other names for the same things."""
        assigned = [self.user(incident.assignee, full=False)] if incident.assignee else []
        return {
            **self.reference("incidents", incident.id, incident.title),
            "type": "incident",
            "number": incident.number,
            "status": incident.status,
            "incident_key": incident.key,
            "created_at": iso(incident.at),
            "title": incident.title,
            "service": self.reference("services", incident.service.id, incident.service.name),
            "assignees": assigned,
            "escalation_policy": self.policy(),
            "teams": [],
            "priority": self._priority(incident),
            "urgency": incident.urgency,
            "conference_bridge": None,
            "resolve_reason": None,
        }

    def event_of_note(self, incident: Incident, note: Note) -> Document:
        """A note as webhooks have it."""
        about = self.reference("incidents", incident.id, incident.title)
        return {
            "incident": about,
            "id": note.id,
            "content": note.text,
            "trimmed": False,
            "type": "incident_note",
        }

    def _priority(self, incident: Incident) -> Document:
        short = self.reference("priorities", f"P0PRIO{incident.priority}", incident.priority)
        return {**short, "type": "priority", "name": incident.priority}

    def _agent(self, incident: Incident) -> Document:
        if incident.changed_by is None:
            return self.reference("services", incident.service.id, incident.service.name)
        return self.user(incident.changed_by, full=False)

    def _acknowledgements(self, incident: Incident) -> list[Document]:
        if incident.status != "acknowledged":
            return []
        return [{"at": iso(incident.changed_at), "acknowledger": self._agent(incident)}]
