"""Pages for people that links of the PagerDuty simulator lead to: an incident with its alerts and notes."""

from aiohttp import web

from bot.playground.pagerduty.incidents import Incidents
from bot.playground.pagerduty.state import Incident
from bot.playground.sheets import Line, Part, Sheet, facts, moment, nothing, shown

VENDOR = "PagerDuty"


class Pages:
    """What a link to PagerDuty shows; `base` is where people look at it."""

    def __init__(self, base: str, incidents: Incidents) -> None:
        self._base = base
        self._incidents = incidents

    def routes(self) -> list[web.RouteDef]:
        """The page of an incident, and one for everything else."""
        return [
            web.get(self._base + "/incidents/{id}", self.show_incident),
            web.get(self._base + "/{rest:.*}", self.show_anything),
        ]

    async def show_incident(self, http: web.Request) -> web.Response:
        """An incident, as it stands now."""
        incident = self._incidents.find(http.match_info["id"])
        if incident is None:
            return nothing(VENDOR, f"incident {http.match_info['id']}", status=404)
        return shown(_sheet_of(incident))

    async def show_anything(self, http: web.Request) -> web.Response:
        """Whatever else a link names."""
        return nothing(VENDOR, http.match_info["rest"])


def _sheet_of(incident: Incident) -> Sheet:
    notes = tuple(Line(note.text, f"{note.by.name}, {moment(note.at)}") for note in incident.notes)
    alerts = tuple(Line(alert.summary, moment(alert.at), state=alert.severity) for alert in incident.alerts)
    return Sheet(
        VENDOR,
        f"{incident.service.name} / incident {incident.number}",
        incident.title,
        f"Opened {moment(incident.at)}",
        incident.status,
        (
            facts("Who and how urgent", _standing(incident)),
            Part("Notes", notes, "Nobody has written one."),
            Part("Alerts", alerts, "There is none."),
        ),
    )


def _standing(incident: Incident) -> list[tuple[str, str]]:
    assignee = incident.assignee.name if incident.assignee else "nobody"
    changed = (
        f"{moment(incident.changed_at)}, by {incident.changed_by.name if incident.changed_by else 'an event'}"
    )
    return [
        ("Assigned to", assignee),
        ("Urgency", incident.urgency),
        ("Priority", incident.priority),
        ("Last change", changed),
    ]
