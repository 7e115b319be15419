"""What the two forms of an incident say: a note, and its end."""

from blocks.text import raw
from blocks.words import names, serving, timeline
from bot.domain.face import Face

ADD_NOTE = "Add note"
NOTE = "Note"
NOTE_EXAMPLE = "refunds in EUR fail since 17:31; cards are not affected"
NOTE_HINT = "It stands below the incident’s card, with your name and the time, and in PagerDuty."
BLANK_NOTE = "Write what happened: everybody in the incident’s channel reads it."
TITLE = "Resolve the incident"
RESOLVE = "Resolve"
LAST_NOTE = "Last note"
LAST_EXAMPLE = "back on v2.14.2, refunds work again since 17:35"


def what(face: Face) -> str:
    """Which incident a note is about."""
    return f"*{timeline.subject(face)}* · {names.title(face)} · `{names.promotion(face.id)}`"


def end(face: Face) -> str:
    """Which incident ends, and what serves at that moment."""
    return f"{what(face)}\n{serving.line(face)}\nIt is resolved here and in PagerDuty, for everybody."


def still_serves(face: Face) -> str:
    """That what failed is what serves, or that nobody knows what does; else nothing. Plain text."""
    environment = raw(face.environment, 40)
    if face.undone_by:
        return ""
    if not face.serving_known or face.serving is None:
        return f"Nobody knows what serves {environment} now."
    is_it = face.serving.sha == face.sha
    return f"{raw(face.version, 80)} still serves {environment}, and it failed." if is_it else ""
