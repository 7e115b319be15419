"""What Slack sends, through a socket and once it was read, and what it is told of it: the words around the door."""

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
class Heard:
    """A request that was read: of which kind it is, and what is in it."""

    kind: str  # command, click, form, search, shortcut, event, or UNHEARD
    body: dict[str, object]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The acknowledgement of an envelope, with what Slack is to show."""

    payload: Mapping[str, object] | None = None


Open = Callable[[Envelope], Awaitable[Receipt | None]]  # None: it is not acknowledged
Read = Callable[[str, str], Heard | None]  # by content type and text; None: it is no request
