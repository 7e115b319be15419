"""What the small forms say: the reason against a promotion, and the run that an admin names."""

from blocks.words import names
from bot.domain.face import Face

REJECT = "Reject"
ADOPT_RUN = "I see the run"
REASON_HINT = "Whoever reads the audit log, or is paged tonight, will read this."
REASON_EXAMPLE = "the migration is not reviewed"
THIS_RUN = "This is the run"
RUN_HINT = "The number at the end of the run’s address in GitHub."
WHY = "Why"
BLANK_REASON = "Say why: whoever asked will read it."
NOT_READY, WRONG_VERSION, BAD_TIME, OTHER = "Not ready", "Wrong version", "Bad time", "Other"
WHYS = (NOT_READY, WRONG_VERSION, BAD_TIME, OTHER)


def question(face: Face) -> str:
    """What the form is about."""
    return f"*{names.title(face)}* · `{names.promotion(face.id)}` · asked by {names.handle(face.requester)}"


def rejected_because(why: str, reason: str) -> str:
    """The reason that is stored: the kind of it first, unless it is none of those that have a name."""
    return f"{why}: {reason}" if why in WHYS and why != OTHER else reason
