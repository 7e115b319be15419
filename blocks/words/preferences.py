"""What the form of preferences says; plain text, as forms take it."""

from collections.abc import Mapping

from blocks.text import clip, raw

TITLE = "Preferences"
SAVE = "Save"
LETTERS = "Write me a direct message"
FROM, UNTIL = "Quiet from", "Quiet until"

# The field of `Preferences`: what it means, and a line below.
CHOICES: Mapping[str, tuple[str, str]] = {
    "reminders": (
        "when my approval is still missing",
        "After half of the time, and shortly before it expires",
    ),
    "approvals": ("when my approval is needed", "At once; the thread mentions you as well"),
    "finished": ("when what I asked for has ended", "Live, failed, rejected, expired or superseded"),
    "failures": ("when a deploy of my team's services fails", "Services whose owner team you are in"),
}


def zone(name: str) -> str:
    """Whose clock quiet hours go by."""
    known = raw(name, 60)
    if not known:
        return "I do not know your time zone yet, so quiet hours are in UTC for now."
    return f"In your time zone in Slack: {known}. What comes up meanwhile is written at their end, if it still matters."


def half_open() -> str:
    """Only one end of the quiet hours."""
    return "Quiet hours need both a beginning and an end. Fill in both, or neither."


def empty() -> str:
    """Quiet hours that begin when they end."""
    return "Quiet hours that end when they begin are none. Choose another end, or clear both."


def no_time() -> str:
    """Something that is no time of day."""
    return "That is not a time of day. Choose one like 22:00."


def too_many() -> str:
    """The list of readers is full."""
    return clip(
        "So many people already want direct messages that no more fit. Keep the thread's mention, or ask an admin.",
        150,
    )
