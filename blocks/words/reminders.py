"""What a direct message about one promotion says: that an approval is missing, or how it ended."""

from blocks.text import date, duration, untrusted
from blocks.words import approvals, evidence, names, sentences
from bot.domain.face import Face

OPEN_CARD = "Open the card"


def needed(face: Face, now: float) -> str:
    """Somebody may approve now and wanted to hear of it."""
    what = f"{names.promotion(face.id)} needs your approval: {names.subject(face)}, asked by {_who(face)}."
    return f":raised_hand: {what}{_until(face, now)}"


def still_needed(face: Face, now: float) -> str:
    """Half of the time is over."""
    what = f"{names.promotion(face.id)} still waits for approval ({approvals.tally(face)}): {names.subject(face)}"
    return f":hourglass_flowing_sand: {what}, asked by {_who(face)}.{_until(face, now)}"


def soon_over(face: Face, now: float) -> str:
    """Nearly all of the time is over: what happens if nobody decides."""
    what = f"{names.promotion(face.id)} is about to expire ({approvals.tally(face)}): {names.subject(face)}"
    after = " Undecided, it ends and nothing runs." if face.expires is not None else ""
    return f":alarm_clock: {what}, asked by {_who(face)}.{_until(face, now)}{after}"


def ended(face: Face, now: float) -> str:
    """How something ended: to whoever asked for it."""
    return sentences.sentence(face)


def beside_approval(face: Face) -> str:
    """What whoever is asked has to know before they look: the gates, and the reason that was given."""
    reason = f"“{untrusted(face.reason, 200)}”" if face.reason else ""
    return " · ".join(part for part in (evidence.summary(face), reason, _commits(face)) if part)


def why_told(*, is_own: bool) -> str:
    """Which preference brought this letter."""
    what = "what you asked for has ended" if is_own else "a deploy of your team's service failed"
    return f"You asked me to write when {what}. Home → Preferences changes that."


def _until(face: Face, now: float) -> str:
    if face.expires is None:
        return ""
    left = duration(face.expires - now) if face.expires > now else "a moment"
    return f" It expires {date(face.expires)}, in {left}."


def _commits(face: Face) -> str:
    if face.changes is None:
        return ""
    count = face.changes.commits
    since = names.version(face.changes.since)
    return f"{count} commit{'' if count == 1 else 's'} since {since}" if since else ""


def _who(face: Face) -> str:
    return names.person(face.requester)
