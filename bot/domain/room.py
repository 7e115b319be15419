"""The timeline of an incident: one line for each thing that happened, told below its card and noted in PagerDuty."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.policy import Person


class Happening(StrEnum):
    """What a line of the timeline tells."""

    ACKNOWLEDGED = "acknowledged"
    LEAD = "lead"
    NOTED = "noted"
    ROLLED_BACK = "rolled_back"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class RoomLine:
    """One line: what happened, who did it, when; and of a note what it says."""

    happening: Happening
    by: Person | None  # None: nobody is known to have done it
    at: float | None = None  # None: it was not kept
    text: str = ""  # of a note
    link: str = ""  # of a note
