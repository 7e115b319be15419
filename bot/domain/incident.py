"""The incident of a promotion that failed: what PagerDuty says of it, who looks after it, and what people noted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IncidentNote:
    """What one person wrote down about the incident."""

    by: str
    at: float
    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """The PagerDuty incident and the Slack channel of a failed promotion.

    Who acknowledged or resolved it is a name of the catalog's `people`, or PagerDuty's name for whoever did it there;
    empty: nobody is named, only the time is known.
    """

    key: str  # PagerDuty dedup key
    number: int | None = None  # read back by REST; None: not read back
    pager_id: str = ""
    url: str = ""
    channel: str = ""  # Slack channel id
    channel_name: str = ""
    on_call: tuple[str, ...] = ()  # names of people
    status: str = ""  # PagerDuty's last word: triggered, acknowledged, resolved; empty: it was never read
    acknowledged_by: str = ""
    acknowledged_at: float | None = None
    resolved_by: str = ""
    resolved_at: float | None = None
    lead: str = ""
    lead_since: float | None = None
    notes: tuple[IncidentNote, ...] = ()  # at most 20
    heard: float | None = None  # when PagerDuty last sent word of a change: read it
    looked: float | None = None  # when the last read began
