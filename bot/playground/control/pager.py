"""What somebody does in PagerDuty itself: `{"pagerduty": {"acknowledge": 4411, "by": "dee"}}` of `POST /play/world`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.playground.control.words import BadCall, mapping
from bot.playground.slack.raw import Raw

_DEEDS = ("acknowledge", "resolve", "reopen")


class Incidents(Protocol):
    """What the control API needs of PagerDuty."""

    def open_incident(self, service: str, severity: str) -> object:
        """Open an incident on a service of the catalog."""

    def acknowledge(self, number: str | int, by: str) -> object:
        """Somebody acknowledges an incident."""

    def resolve(self, number: str | int, by: str) -> object:
        """Somebody resolves an incident."""

    def fall_back(self, number: str | int, by: str) -> object:
        """Somebody reopens an incident, or withdraws its acknowledgement."""

    def incidents_state(self) -> list[Raw]:
        """All incidents, oldest first."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that one person does to one incident."""

    word: str
    number: int
    by: str

    def do(self, incidents: Incidents) -> None:
        """Do it in PagerDuty."""
        does = {
            "acknowledge": incidents.acknowledge,
            "resolve": incidents.resolve,
            "reopen": incidents.fall_back,
        }
        does[self.word](self.number, self.by)


def deed_in(value: object, incidents: Incidents, people: Sequence[str]) -> Deed | None:
    """What is asked for; None: nothing. Raises BadCall for a deed, an incident or a person that there is none of."""
    if value is None:
        return None
    asked = mapping(value, "pagerduty")
    words = [word for word in _DEEDS if word in asked]
    if len(words) != 1 or asked.keys() - {words[0], "by"}:
        raise BadCall('In PagerDuty one can: {"acknowledge" or "resolve" or "reopen": number, "by": person}.')
    number, by = asked[words[0]], asked.get("by")
    if number not in [incident["number"] for incident in incidents.incidents_state()]:
        raise BadCall(f"PagerDuty has no incident {number}.")
    if not isinstance(by, str) or by not in people:
        raise BadCall(f'"by" is one of those with a PagerDuty account: {", ".join(people)}.')
    return Deed(words[0], number, by)
