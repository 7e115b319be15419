"""What the life of an incident asks of the world: PagerDuty hears what people did, and its room reads what happened."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.face import Face
from bot.domain.policy import Person
from bot.domain.room import RoomLine


@dataclass(frozen=True, slots=True)
class AcknowledgePage:
    """Acknowledge the incident in PagerDuty; once more does nothing."""

    key: str
    dedup: str
    lane: Literal["pagerduty"] = "pagerduty"


@dataclass(frozen=True, slots=True)
class NoteIncident:
    """Write a line of the timeline into PagerDuty's incident. A note that may be there is not written again."""

    key: str
    face: Face
    line: RoomLine
    pager_id: str
    lane: Literal["pagerduty"] = "pagerduty"


@dataclass(frozen=True, slots=True)
class TellRoom:
    """Tell one line of the timeline below the incident's card. One that may be there is not told again."""

    key: str
    face: Face
    line: RoomLine
    channel: str
    thread: str
    lane: Literal["slack"] = "slack"


@dataclass(frozen=True, slots=True)
class BriefLead:
    """Tell a new lead, alone, what a lead does. Whoever may have been told is not told again."""

    key: str
    face: Face
    lead: Person
    channel: str
    lane: Literal["slack"] = "slack"


IncidentEffect = AcknowledgePage | NoteIncident | TellRoom | BriefLead
