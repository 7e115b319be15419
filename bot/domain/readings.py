"""What a look at the world brought back, one type per kind of gate.

A reading is what was seen, never a verdict: a gate's judge turns it into one with the rules of the moment.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ChecksReading:
    """Check runs and statuses on one SHA, the newest of each name, after the rule's `ignore`."""

    passed: int
    failed: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # required, and not seen on this SHA from a source that counts, or skipped
    kind: Literal["checks"] = "checks"
    more_failed: int = 0  # how many more there are than are named
    more_pending: int = 0
    more_missing: int = 0
    skipped: int = 0  # ran nothing: neither for nor against


@dataclass(frozen=True, slots=True)
class HealthReading:
    """The last answer of a health URL and how many were good in a row."""

    good_in_a_row: int
    attempts: int  # looks since this reading began
    status: int | None = None  # HTTP status; None when nothing answered
    version: str | None = None  # what the body named, where the catalog says where to look
    wrong: str | None = None  # why the last answer was not good, in a few words
    kind: Literal["health"] = "health"


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """One open PagerDuty incident."""

    number: int
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class IncidentsReading:
    """The incidents open on a service that are at least as severe as the rule says."""

    open: tuple[OpenIncident, ...] = ()
    kind: Literal["incidents"] = "incidents"
    more: int = 0  # how many more are open than are named


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A look that failed. It never counts as met."""

    why: str
    kind: Literal["unreadable"] = "unreadable"


Reading = ChecksReading | HealthReading | IncidentsReading | Unreadable
