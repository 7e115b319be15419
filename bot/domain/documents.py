"""The small documents beside the promotions that nothing is judged by directly: team looks, adoptions, Homes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TeamLook:
    """Who was in a team that the catalog only points to, at the last look."""

    members: tuple[str, ...]  # names of people, sorted
    at: float


@dataclass(frozen=True, slots=True)
class Adoption:
    """Something that somebody says is live already, waiting to be looked up and recorded."""

    service: str
    environment: str
    version: str  # empty: the health body says it
    by: str
    reason: str
    asked_in: str  # Slack channel id
    at: float
    tries: int = 0
    asked_thread: str = ""  # there, by its first message


@dataclass(frozen=True, slots=True)
class AdoptionList:
    """The adoptions that wait."""

    waiting: tuple[Adoption, ...] = ()


@dataclass(frozen=True, slots=True)
class HomeSeen:
    """When somebody last opened their Home, to the day, and which first steps they have done."""

    at: float
    steps: tuple[str, ...] = ()  # sorted
