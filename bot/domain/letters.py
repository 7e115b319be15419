"""A letter: one direct message to one person about one promotion, written once."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.domain.face import Face
from bot.domain.policy import Person


class Occasion(StrEnum):
    """Why somebody is written to, in the order in which it can happen."""

    NEEDED = "needed"  # their approval is possible now
    HALFWAY = "halfway"  # half of the time for it is over
    LATE = "late"  # nearly all of it is
    FINISHED = "finished"  # what they asked for has ended
    FAILED = "failed"  # a deploy of a service of their team failed


REMINDERS = frozenset({Occasion.HALFWAY, Occasion.LATE})


@dataclass(frozen=True, slots=True)
class WriteLetter:
    """Write to one person. A letter that may have been written is not written a second time."""

    key: str
    occasion: Occasion
    face: Face
    to: Person
    channel: str  # of the card
    ts: str
    lane: Literal["slack"] = "slack"

    @property
    def shown(self) -> str:
        """What the ledger keeps: what this person was last written about."""
        return self.occasion.value
