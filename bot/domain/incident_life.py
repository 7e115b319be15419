"""The life of an incident: what people ask of it, and what PagerDuty says became of it.

Nothing here waits for PagerDuty: what a person did is so at once, and PagerDuty is told by effects.
"""

from dataclasses import replace
from math import inf, nextafter

from bot.domain.aftermath import incident_key
from bot.domain.context import Context
from bot.domain.errors import IncidentOver, NoIncident, ReasonNeeded, Refusal, TooManyNotes
from bot.domain.incident import Incident, IncidentNote
from bot.domain.incident_messages import (
    AcknowledgeIncident,
    AddNote,
    CloseIncident,
    IncidentAnnounced,
    TakeLead,
)
from bot.domain.ledger import INCIDENT_LOOK, PAGES, STATUS_LOOK, looked_well, without
from bot.domain.promotion import Phase, Promotion
from bot.domain.room import Happening
from bot.domain.size import link_or_none

LOOK_EVERY = 300.0  # seconds between two looks at first
SELDOMER = 4.0  # later a quarter of the time that has gone by since the page
SELDOM = 43_200.0  # seconds between two looks at most, for as long as it is open
LOOK_FOR = 86_400.0  # seconds after which what was read last is no reason to call it open
MOST_NOTES = 20
MOST_TEXT = 500  # characters of one note
SHORT = 100  # bytes of a note for which the button is still shown
MOST_WRITTEN = 6_000  # bytes of all notes together, so that the document stays below its limit
# What has a key of its own each time that it happens, so that the ledger keeps the newest alone.
ACKNOWLEDGE, CLOSE, DUTIES = "acknowledge:", "close:", "duties:"
TOLD, NOTED = "told:", "note:"
OF_ACKNOWLEDGING = (ACKNOWLEDGE, f"{TOLD}{Happening.ACKNOWLEDGED}:")
OF_LEADING = (DUTIES, f"{TOLD}{Happening.LEAD}:", f"{NOTED}{Happening.LEAD}:")
OF_CLOSING = (CLOSE, f"{TOLD}{Happening.RESOLVED}:")


def acknowledge(promotion: Promotion, message: AcknowledgeIncident, context: Context) -> Promotion | Refusal:
    """Somebody looks after it; who says so later changes nothing."""
    incident = _still_open(promotion, context)
    if not isinstance(incident, Incident):
        return incident
    if incident.acknowledged_at is not None:
        return promotion
    seen = replace(incident, acknowledged_by=message.by, acknowledged_at=context.now)
    return replace(without(promotion, *OF_ACKNOWLEDGING), incident=seen)


def take_lead(promotion: Promotion, message: TakeLead, context: Context) -> Promotion | Refusal:
    """Somebody leads, also in place of somebody else; whoever leads already changes nothing."""
    incident = _still_open(promotion, context)
    if not isinstance(incident, Incident):
        return incident
    if incident.lead == message.by:
        return promotion
    led = replace(incident, lead=message.by, lead_since=context.now)
    return replace(without(promotion, *OF_LEADING), incident=led)


def add_note(promotion: Promotion, message: AddNote, context: Context) -> Promotion | Refusal:
    """Write something down, also after the end; the same words of the same person stand there once."""
    incident = incident_of(promotion, context)
    if incident is None:
        return NoIncident(promotion.id)
    text = _legible(message.text)
    if not text:
        return ReasonNeeded("note", 1, f"/promote note {promotion.id} <what happened>")
    note = IncidentNote(message.by, context.now, text, link_or_none(message.link))
    noted = _with_note(promotion.id, incident, note)
    return replace(promotion, incident=noted) if isinstance(noted, Incident) else noted


def close(promotion: Promotion, message: CloseIncident, context: Context) -> Promotion | Refusal:
    """It is over, with a last note if there is one."""
    known = incident_of(promotion, context)
    if known is not None and known.resolved_at is not None and known.resolved_by == message.by:
        return promotion  # pressed twice
    incident: Incident | Refusal = _still_open(promotion, context)
    text = _legible(message.note)
    if isinstance(incident, Incident) and text:
        incident = _with_note(promotion.id, incident, IncidentNote(message.by, context.now, text))
    if isinstance(incident, TooManyNotes):
        return replace(incident, closing=True)
    if not isinstance(incident, Incident):
        return incident
    over = replace(incident, resolved_by=message.by, resolved_at=context.now)
    return replace(without(promotion, *OF_CLOSING), incident=over)


def announced(promotion: Promotion, message: IncidentAnnounced, context: Context) -> Promotion:
    """There may be a change: it is read now, also when reading had been given up. What was not paged has none."""
    if paged_at(promotion) is None:
        return promotion
    incident = promotion.incident or Incident(key=incident_key(promotion))
    is_same = incident.heard == context.now  # each word has a mark of its own: a read answers those it knew
    heard = nextafter(context.now, inf) if is_same else context.now
    return replace(looked_well(promotion, "status"), incident=replace(incident, heard=heard))


def incident_of(promotion: Promotion, context: Context) -> Incident | None:
    """The incident that people can look after, also before anything came of it; None: there is none."""
    if promotion.incident is not None:
        return promotion.incident
    rule, pager = context.rules.on_failure, context.rules.service.pagerduty
    called = rule.incident_channel or (rule.page is not None and pager is not None)
    if (promotion.phase is Phase.FAILED and called) or paged_at(promotion) is not None:
        return Incident(key=incident_key(promotion))
    return None


def paged_at(promotion: Promotion) -> float | None:
    """When PagerDuty took the newest page for it; None: it took none."""
    pages = (promotion.ledger[key].done for key in PAGES if key in promotion.ledger)
    return max((done for done in pages if done is not None), default=None)


def failed_anew(before: Promotion, after: Promotion) -> Promotion:
    """A run that could not be stopped and then failed is paged once more: PagerDuty opens another incident for it

    when the first one is over by then. What was said of that one is not so of this one; the notes stay.
    """
    incident = after.incident
    fails = before.phase.is_open and after.phase is Phase.FAILED
    if not fails or incident is None or incident.resolved_at is None:
        return after
    gone = (*OF_ACKNOWLEDGING, *OF_LEADING, *OF_CLOSING, INCIDENT_LOOK, STATUS_LOOK, "on_call")
    fresh = Incident(key=incident.key, notes=incident.notes)
    return replace(without(after, *gone), incident=fresh)


def wants_look(promotion: Promotion, now: float) -> bool:
    """Whether an open incident was not read for so long that PagerDuty's word of it may be lost."""
    incident, paged = promotion.incident, paged_at(promotion)
    if incident is None or paged is None or incident.number is None or incident.status == "resolved":
        return False
    asked = [at for at in (incident.looked, incident.heard) if at is not None]
    if not asked:
        return True
    last = max(asked)  # one that fails is not asked for more often
    pause = min(max(LOOK_EVERY, (last - paged) / SELDOMER), SELDOM)
    return not 0.0 <= now - last < pause  # a clock that was set back does not make it blind


def may_be_open(promotion: Promotion, now: float) -> bool:
    """Whether PagerDuty was paged or read lately; where nothing was paged, nobody else can end it."""
    incident, paged = promotion.incident, paged_at(promotion)
    if incident is None or incident.resolved_at is not None:
        return False
    last = paged if incident.looked is None else incident.looked
    return paged is None or last is None or now - last <= LOOK_FOR


def _still_open(promotion: Promotion, context: Context) -> Incident | Refusal:
    incident = incident_of(promotion, context)
    if incident is None:
        return NoIncident(promotion.id)
    if incident.resolved_at is None:
        return incident
    by = context.person(incident.resolved_by) if incident.resolved_by else None
    return IncidentOver(promotion.id, by, incident.resolved_at)


def _with_note(promotion: str, incident: Incident, note: IncidentNote) -> Incident | TooManyNotes:
    words = (note.by, note.text, note.link)
    if any((one.by, one.text, one.link) == words for one in incident.notes):
        return incident
    if len(incident.notes) >= MOST_NOTES or _written(incident) + _size(note) > MOST_WRITTEN:
        return TooManyNotes(promotion, len(incident.notes))
    return replace(incident, notes=(*incident.notes, note))


def has_room(incident: Incident) -> bool:
    """Whether one more note fits, if it is a short one."""
    return len(incident.notes) < MOST_NOTES and _written(incident) + SHORT <= MOST_WRITTEN


def _written(incident: Incident) -> int:
    return sum(_size(one) for one in incident.notes)


def _size(note: IncidentNote) -> int:
    return len(f"{note.by}{note.text}{note.link}".encode("utf-8", "replace"))


def _legible(text: str) -> str:
    """The text without what cannot be seen, which would take several bytes of the document each."""
    seen = "".join(one for one in text if one.isprintable() or one == "\n").strip()
    return seen if len(seen) <= MOST_TEXT else f"{seen[: MOST_TEXT - 1].rstrip()}…"
