"""What one person is told of an incident: that it was done, that it was so already, or where it would work."""

from collections.abc import Sequence

from blocks.text import duration, untrusted
from blocks.words import incident_forms, names, serving, timeline
from blocks.words.commands import why
from bot.domain.face import Face
from bot.domain.policy import Person

ATTACH = "Attach to incident"  # the title of a modal
ME, SOMEBODY = "Greenlight", "somebody"  # who wrote a message that is attached
MOST_OPEN = 5  # incidents that are listed
_JUST_NOW = 5.0  # seconds
_MOST_ATTACHED = 400  # characters of a message, so that its author's name fits beside it


def acknowledged(face: Face) -> str:
    """Somebody acknowledged it by a line."""
    lead = f"`/promote lead {_id(face)}` takes the lead."
    return f"Acknowledged: {timeline.incident(face)}, {names.live_in(face)}. {lead}"


def led(face: Face) -> str:
    """Somebody took the lead by a line; what it asks of them is told beside it."""
    return f"You lead {timeline.incident(face)} now, {names.live_in(face)}. The topic and the card say so."


def noted(face: Face) -> str:
    """A note is kept."""
    return f"Noted on {timeline.incident(face)}, {names.live_in(face)}: it stands below the incident’s card."


def resolved(face: Face) -> str:
    """It was resolved by a line, and what failed may still serve."""
    beware = incident_forms.still_serves(face)
    after = (
        f" :warning: {untrusted(beware, 200)} `/rollback {names.service(face.service)}` goes back."
        if beware
        else ""
    )
    return f"Resolved: {timeline.incident(face)}, {names.live_in(face)}.{after}"


def acknowledged_already(face: Face, now: float) -> str:
    """Somebody was faster, and when."""
    one = face.incident
    since = _since(one.acknowledged_by, one.acknowledged_at, now) if one is not None else ""
    return f"{timeline.subject(face)} is acknowledged already{since}. {_same(face)}"


def led_already(face: Face) -> str:
    """The lead pressed it again."""
    return f"You lead {timeline.incident(face)} already. {_same(face)}"


def noted_already(face: Face) -> str:
    """The same words of the same person stand there."""
    return f"That note of yours stands on {timeline.incident(face)} already. {_same(face)}"


def resolved_already(face: Face, now: float) -> str:
    """Whoever resolved it pressed it again."""
    one = face.incident
    since = _since(one.resolved_by, one.resolved_at, now) if one is not None else ""
    return f"{timeline.subject(face)} is resolved already{since}. {_same(face)}"


def _since(by: Person | None, at: float | None, now: float) -> str:
    who = f", by {names.handle(by)}" if by is not None else ""
    return who + (f" {_ago(now - at)}" if at is not None else "")


def _ago(seconds: float) -> str:
    return f"{duration(seconds)} ago" if seconds >= _JUST_NOW else "just now"


def _same(face: Face) -> str:
    return f"Nothing was changed; {why(face.id)} tells how it stands."


def _id(face: Face) -> str:
    return names.promotion(face.id)


def attached(author: str, text: str) -> str:
    """A message as a note: who wrote it, and what it says. Plain text; it is made safe where it is shown."""
    said = " ".join(text.split())
    cut = said if len(said) <= _MOST_ATTACHED else f"{said[: _MOST_ATTACHED - 1].rstrip()}…"
    return f"{author[:40]} wrote: {cut}" if cut else f"A message of {author[:40]}, without words"


def attached_already(face: Face, by: Person) -> str:
    """The very message is a note already."""
    return f"That message stands on {timeline.incident(face)} already, attached by {names.handle(by)}. {_same(face)}"


def attach_where(faces: Sequence[Face], *, more: int = 0) -> str:
    """Where the entry of the menu works, and which incidents are open."""
    where = (
        "This message is in no incident’s channel and below no card with an incident, so I attached it to nothing. "
        "Use *Attach to incident* there; or write a note from anywhere: `/promote note P-142 …`"
    )
    if not faces:
        return f"{where}\nNo incident of mine is known to be open now."
    rows = "\n".join(f"• {_open(face)}" for face in faces)
    rest = f"\n… and {more} more: `/promote status all`" if more else ""
    return f"{where}\n*Open now:*\n{rows}{rest}"


def _open(face: Face) -> str:
    one = face.incident
    room = names.channel(one.channel) if one is not None else ""
    lead = f"lead: {names.handle(one.lead)}" if one is not None and one.lead is not None else "no lead yet"
    parts = [serving.incident_name(face), names.live_in(face), room, lead, f"`{_id(face)}`"]
    return " · ".join(part for part in parts if part)
