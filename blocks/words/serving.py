"""What serves now, what was good before, and who is on it: said wherever it matters, never guessed."""

from blocks.text import link, untrusted, utc
from blocks.words import names, past
from bot.domain.face import Face, IncidentFace, State
from bot.domain.policy import Kind
from bot.domain.promotion import Release


def now(face: Face) -> str:
    """What serves in the environment, or that it is unknown; once something else does, what served then."""
    if face.undone_by and face.undone_to:
        return f"Rolled back to {names.version(face.undone_to)} by {names.promotion(face.undone_by)}"
    if face.replaced is not None:
        return past.served(face)
    if face.serving_known and face.serving is not None:
        return f"Now serving: {names.version(face.serving.version)}"
    if face.state is State.UNKNOWN:
        return "Now serving: unknown until the run is found or somebody says"
    if face.serving_sought:
        return "Now serving: unknown so far, I am asking its health URL"
    return "Now serving: unknown, because the deploy ended without proof"


def line(face: Face) -> str:
    """What serves now and the last good version, for a card."""
    good = last_good(face)
    before = f" · last good: {names.version(good.version)}" if good is not None else ""
    return f"*{now(face)}*{before}"


def last_good(face: Face) -> Release | None:
    """The release to go back to, where it is not what serves. What served before a rollback was not good."""
    before = face.previous if face.kind is not Kind.ROLLBACK else None
    good = None if face.undone_by or face.replaced is not None else face.target or before
    return None if good is not None and face.serving is not None and good.sha == face.serving.sha else good


def target(face: Face) -> str:
    """The version that a rollback would go to, as it was typed; empty when it is not known."""
    return face.target.version if face.target else ""


def sentence(face: Face) -> str:
    """What serves now, as a sentence for notifications."""
    if face.undone_by and face.undone_to:
        return f"Rolled back to {names.version(face.undone_to)} by {names.promotion(face.undone_by)}."
    if face.replaced is not None:
        return f"{past.served(face, utc)}."
    if face.serving_known and face.serving is not None:
        return f"{names.version(face.serving.version)} is serving."
    if face.serving_sought:
        return "What is serving is unknown so far."
    return "What is serving is unknown."


def incident(face: Face) -> str:
    """The incident, its channel and who is on call; what is not known yet is said."""
    if face.incident is None:
        return ""
    parts = [_number(face.incident), names.channel(face.incident.channel), _on_call(face.incident)]
    return " · ".join(part for part in parts if part)


def _number(one: IncidentFace) -> str:
    if one.gave_up:
        why = f": {untrusted(one.delayed, 120)}" if one.delayed else ""
        return f":warning: On-call was not paged{why}; somebody has to do it by hand"
    if one.delayed:
        return f":warning: The page to on-call is delayed: {untrusted(one.delayed, 120)}"
    if one.number is not None:
        return f"Incident {link(one.url, f'PD-{one.number}')}"
    return "PagerDuty was paged; the incident number is not there yet" if one.asked else ""


def _on_call(one: IncidentFace) -> str:
    return f"on call: {names.mentions(one.on_call)}" if one.on_call else ""


def incident_name(face: Face) -> str:
    """The incident's short name, empty until it was read back."""
    one = face.incident
    return f"PD-{one.number}" if one is not None and one.number is not None else ""
