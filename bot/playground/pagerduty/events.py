"""PagerDuty's Events API v2: alerts that open, acknowledge and resolve incidents, and change events."""

import re
import uuid

from aiohttp import web

from bot.playground.door import MALFORMED, Answer, Call, Door, Refused
from bot.playground.pagerduty.incidents import Incidents
from bot.playground.pagerduty.state import SERVICES, Alert, Change, PagedService, Status

SEVERITIES = ("critical", "error", "warning", "info")
ACTIONS = ("trigger", "acknowledge", "resolve")
NEXT_STATUSES: dict[object, Status] = {"acknowledge": "acknowledged", "resolve": "resolved"}
OUR_KEYS = re.compile(r"R[A-Z]+-playground")
LONGEST_SUMMARY = 1024
LONGEST_KEY = 255


class EventsApi:
    """Takes events; `changes` keeps the change events."""

    def __init__(self, door: Door, incidents: Incidents) -> None:
        self.changes: list[Change] = []
        self._door = door
        self._incidents = incidents

    def routes(self) -> list[web.RouteDef]:
        """The two routes of the Events API."""
        return [
            self._door.on("POST", "/v2/enqueue", self.enqueue),
            self._door.on("POST", "/v2/change/enqueue", self.enqueue_change),
        ]

    async def enqueue(self, call: Call) -> Answer:
        """Take one alert event; acknowledging or resolving what is not open is accepted, for nothing."""
        service = _service(call)
        action, key = call.fields.get("event_action"), call.fields.get("dedup_key")
        _complain(_complaints_about_event(call))
        dedup_key = str(key or uuid.uuid4().hex)
        if action == "trigger":
            self._incidents.trigger(service, dedup_key, self._alert(call))
        else:
            incident = self._incidents.open_with(service, dedup_key)
            if incident is not None:
                self._incidents.become(incident, NEXT_STATUSES[action], None)
        return Answer(202, {"status": "success", "message": "Event processed", "dedup_key": dedup_key})

    async def enqueue_change(self, call: Call) -> Answer:
        """Take one change event."""
        service = _service(call)
        payload = _payload(call)
        _complain(_missing(payload, ("summary",)))
        now = self._door.world.clock.now()
        self.changes.append(Change(service, now, str(payload["summary"]), call.body))
        return Answer(202, {"status": "success", "message": "Change event processed"})

    def _alert(self, call: Call) -> Alert:
        payload = _payload(call)
        return Alert(
            f"PALERT{uuid.uuid4().hex[:8].upper()}",
            self._door.world.clock.now(),
            str(payload["summary"]),
            str(payload["source"]),
            str(payload["severity"]),
            payload.get("custom_details"),
        )


def _service(call: Call) -> PagedService:
    if call.body is MALFORMED or not isinstance(call.body, dict):
        raise Refused(
            Answer(400, {"status": "Unrecognized object", "message": "Event object format is unrecognized"})
        )
    key = call.fields.get("routing_key")
    if not isinstance(key, str) or not key:
        raise _invalid(["'routing_key' is missing or blank"])
    if not OUR_KEYS.fullmatch(key):
        raise _invalid(["'routing_key' is not one of the playground's (real keys are refused here)"])
    service = next((service for service in SERVICES.values() if service.routing_key == key), None)
    if service is None:
        raise _invalid(["Invalid routing key"])
    return service


def _complaints_about_event(call: Call) -> list[str]:
    action, key = call.fields.get("event_action"), call.fields.get("dedup_key")
    if action not in ACTIONS:
        return [f"'event_action' is missing or invalid (must be one of {', '.join(ACTIONS)})"]
    if key is not None and (not isinstance(key, str) or len(key) > LONGEST_KEY):
        return ["'dedup_key' is longer than 255 characters or not a string"]
    if action != "trigger":
        return [] if key else ["'dedup_key' is missing or blank"]
    payload = _payload(call)
    complaints = _missing(payload, ("summary", "source", "severity"))
    if not complaints and payload["severity"] not in SEVERITIES:
        complaints.append(f"'payload.severity' is invalid (must be one of {', '.join(SEVERITIES)})")
    return complaints


def _missing(payload: dict[str, object], names: tuple[str, ...]) -> list[str]:
    complaints = [f"'payload.{name}' is missing or blank" for name in names if not payload.get(name)]
    if len(str(payload.get("summary", ""))) > LONGEST_SUMMARY:
        complaints.append(f"'payload.summary' is longer than {LONGEST_SUMMARY} characters")
    return complaints


def _payload(call: Call) -> dict[str, object]:
    payload = call.fields.get("payload")
    return payload if isinstance(payload, dict) else {}


def _complain(complaints: list[str]) -> None:
    if complaints:
        raise _invalid(complaints)


def _invalid(complaints: list[str]) -> Refused:
    said = {"status": "invalid event", "message": "Event object is invalid", "errors": complaints}
    return Refused(Answer(400, said))
