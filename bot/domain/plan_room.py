"""What became of an incident and still has to be told: to PagerDuty, to its room, and to a new lead.

What PagerDuty does is read when it sends word. Word that is lost is made up for by `bot.incident_rounds`.
"""

from collections.abc import Iterator

from bot.domain.aftermath import incident_key
from bot.domain.effects import ReadIncident, ResolveIncident
from bot.domain.face import Face
from bot.domain.incident import Incident
from bot.domain.incident_effects import AcknowledgePage, BriefLead, NoteIncident, TellRoom
from bot.domain.incident_life import ACKNOWLEDGE, CLOSE, DUTIES, NOTED, TOLD, paged_at
from bot.domain.ledger import RESOLVE, STATUS_LOOK
from bot.domain.needs import NOW, Need, Scene
from bot.domain.plan_notices import CARD
from bot.domain.policy import Person
from bot.domain.promotion import Entry, Phase
from bot.domain.room import Happening, RoomLine

INCIDENT_CARD = "incident_card"
IN_PAGERDUTY = frozenset({Happening.LEAD, Happening.NOTED, Happening.ROLLED_BACK})

NEWS_FOR = 86_400.0  # seconds after which the room is not told any more what happened

Line = tuple[str, RoomLine]  # what tells it from every other one, and the line


def life_needs(scene: Scene, face: Face) -> Iterator[Need]:
    """PagerDuty hears what people did here, the room reads all that happened, a new lead learns what a lead does."""
    is_paged = paged_at(scene.promotion) is not None
    incident = scene.promotion.incident or Incident(key=incident_key(scene.promotion))
    if is_paged and scene.context.rules.service.pagerduty is not None:
        yield from _status(scene, incident)
        yield from _pagerduty(scene, face, incident)
    yield from _room(scene, face, incident)
    yield from _lead(scene, face, incident)


def timeline(scene: Scene, incident: Incident) -> list[Line]:
    """What happened to the incident, oldest first."""
    promotion, person = scene.promotion, scene.context.person
    lines: list[Line] = []
    for happening, name, at in (
        (Happening.ACKNOWLEDGED, incident.acknowledged_by, incident.acknowledged_at),
        (Happening.LEAD, incident.lead, incident.lead_since),
        (Happening.RESOLVED, incident.resolved_by, incident.resolved_at),
    ):
        if at is not None:
            lines.append((f"{at:.0f}", RoomLine(happening, person(name) if name else None, at)))
    lines += [
        (str(number), RoomLine(Happening.NOTED, person(note.by), note.at, note.text, note.link))
        for number, note in enumerate(incident.notes, start=1)
    ]
    if promotion.undone_by:
        lines.append((promotion.undone_by, RoomLine(Happening.ROLLED_BACK, None)))
    return sorted(lines, key=_order)


def _order(line: Line) -> tuple[int, float]:
    """The end last, and before it that which led to it; the rest as it happened."""
    last = {Happening.ROLLED_BACK: 1, Happening.RESOLVED: 2}
    return last.get(line[1].happening, 0), line[1].at or 0.0


def _status(scene: Scene, incident: Incident) -> Iterator[Need]:
    """Each word is read once, whatever the clocks say: a read that began before it came leaves it standing."""
    if incident.heard is not None:
        yield Need(NOW, ReadIncident(key=STATUS_LOOK, dedup=incident_key(scene.promotion)))


def _pagerduty(scene: Scene, face: Face, incident: Incident) -> Iterator[Need]:
    """One after the other: what was noted stands there before it is resolved."""
    dedup = incident_key(scene.promotion)
    if _is_acknowledged_here(incident):
        key = f"{ACKNOWLEDGE}{incident.acknowledged_at:.0f}"
        if not scene.is_done(key):
            yield Need(NOW, AcknowledgePage(key=key, dedup=dedup))
    if incident.pager_id:
        yield from _notes(scene, face, incident)
    if incident.resolved_at is None:
        by_itself = scene.context.rules.on_failure.resolve == "after_rollback"
        if by_itself and scene.promotion.undone_by and not scene.is_done(RESOLVE):
            yield Need(NOW, ResolveIncident(key=RESOLVE, dedup=dedup))
    elif incident.resolved_by and incident.status != "resolved":
        key = f"{CLOSE}{incident.resolved_at:.0f}"
        if not scene.is_done(key):
            yield Need(NOW, ResolveIncident(key=key, dedup=dedup))


def _is_acknowledged_here(incident: Incident) -> bool:
    by_somebody = incident.acknowledged_at is not None and bool(incident.acknowledged_by)
    return by_somebody and incident.resolved_at is None and incident.status in {"", "triggered"}


def _notes(scene: Scene, face: Face, incident: Incident) -> Iterator[Need]:
    for mark, line in timeline(scene, incident):
        kind = f"{line.happening}:" if line.happening is Happening.LEAD else ""
        key = f"{NOTED}{kind}{mark}"
        if line.happening in IN_PAGERDUTY and not may_have_gone(scene, key):
            yield Need(NOW, NoteIncident(key=key, face=face, line=line, pager_id=incident.pager_id))


def _room(scene: Scene, face: Face, incident: Incident) -> Iterator[Need]:
    """Below the incident's card; where there is no room, below the card of the promotion.

    Not where people of another company read that card: who looks after it and what they note is ours.
    """
    has_room = _gets_a_room(scene)
    below = scene.entry(INCIDENT_CARD if has_room else CARD)
    if below is None or not below.ref or (face.discreet and not has_room):
        return
    for mark, line in timeline(scene, incident):
        key = f"{TOLD}{line.happening}:{mark}"
        is_told = not has_room and line.happening is Happening.ROLLED_BACK  # in the channel too
        if not is_told and _is_news(line, scene.context.now) and not may_have_gone(scene, key):
            yield Need(NOW, _telling(key, face, line, below))


def _is_news(line: RoomLine, now: float) -> bool:
    """A line that is learnt of a day later stands on the card: nobody in an old room waits for it."""
    return line.at is None or now - line.at <= NEWS_FOR


def _telling(key: str, face: Face, line: RoomLine, below: Entry) -> TellRoom:
    return TellRoom(key=key, face=face, line=line, channel=below.channel, thread=below.ref)


def _gets_a_room(scene: Scene) -> bool:
    channel = scene.entry("channel")
    gave_up = channel is not None and channel.gave_up
    return (
        scene.promotion.phase is Phase.FAILED
        and scene.context.rules.on_failure.incident_channel
        and not gave_up
    )


def _lead(scene: Scene, face: Face, incident: Incident) -> Iterator[Need]:
    card = scene.entry(CARD)
    channel = incident.channel or (card.channel if card is not None else "")
    lead: Person | None = scene.context.people.get(incident.lead)
    if lead is None or incident.lead_since is None or incident.resolved_at is not None:
        return
    key = f"{DUTIES}{incident.lead_since:.0f}"
    if not may_have_gone(scene, key):
        yield Need(NOW, BriefLead(key=key, face=face, lead=lead, channel=channel))


def may_have_gone(scene: Scene, key: str) -> bool:
    """Whether something that is not repeated happened, or may have."""
    entry = scene.entry(key)
    return entry is not None and (entry.done is not None or entry.begun is not None)
