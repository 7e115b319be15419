"""What happens to the incident of a promotion: what people ask, and what PagerDuty and Slack answered."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AcknowledgeIncident:
    """Somebody looks after it: here, and in PagerDuty."""

    promotion: str
    by: str


@dataclass(frozen=True, slots=True)
class TakeLead:
    """Somebody leads from here on; whoever led before does not any more."""

    promotion: str
    by: str


@dataclass(frozen=True, slots=True)
class AddNote:
    """Write something down about the incident."""

    promotion: str
    by: str
    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class CloseIncident:
    """It is over: here, and in PagerDuty, with a last note if there is one."""

    promotion: str
    by: str
    note: str = ""


IncidentCommand = AcknowledgeIncident | TakeLead | AddNote | CloseIncident


@dataclass(frozen=True, slots=True)
class IncidentAnnounced:
    """The status may be another one: PagerDuty sent word, or may have. It is read before anything is believed."""

    promotion: str


NO_WORD = 0.0  # it was read for no word: one that came meanwhile is read by itself


@dataclass(frozen=True, slots=True)
class IncidentSeen:
    """The incident was read back from PagerDuty."""

    promotion: str
    pager_id: str
    number: int
    url: str
    status: str = ""  # triggered, acknowledged, resolved
    who: str = ""  # brought it there: a name of `people`, or PagerDuty's; empty: not a person
    changed: float | None = None  # when, by PagerDuty's clock
    looked: float | None = None  # when the look began; None: at this moment
    heard: float | None = None  # the mark of the word that it was read for; None: nobody knows which


@dataclass(frozen=True, slots=True)
class OnCallSeen:
    """Who is on call for the service."""

    promotion: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChannelOpened:
    """The incident channel exists."""

    promotion: str
    channel: str
    name: str


IncidentFact = IncidentAnnounced | IncidentSeen | OnCallSeen | ChannelOpened
