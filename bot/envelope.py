"""What Slack sends through a socket, and what it is told of it: the words between the adapter and the door."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

UNHEARD = "other"  # the kind of what nobody listens to


@dataclass(frozen=True, slots=True)
class Envelope:
    """One thing that somebody did in Slack, or that happened there."""

    type: str  # slash_commands, interactive, events_api
    payload: Mapping[str, object]  # what HTTP would bring as a form or as JSON
    size: int  # bytes, as it came


@dataclass(frozen=True, slots=True)
class Receipt:
    """The acknowledgement of an envelope, with what Slack is to show."""

    payload: Mapping[str, object] | None = None


Open = Callable[[Envelope], Awaitable[Receipt | None]]  # None: it is not acknowledged
