"""What every performer of an effect works with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.domain.context import Context
from bot.domain.policy import Person
from bot.domain.promotion import Promotion
from bot.ports import Chat, Clock, Directory, Limited, Pager, Probe, Refused, Repository, VendorError
from bot.preferences import Wishes

LONGEST_PAUSE = 60.0  # seconds between tries, unless the vendor asks for more
GONE = frozenset({"301", "302", "307", "308", "404", "410"})  # it moved, or it is not there any more
SELDOM = 3600.0  # seconds between tries at what was refused after the end


class Phonebook(Protocol):
    """The catalog as far as performers need it."""

    @property
    def people(self) -> Mapping[str, Person]: ...

    @property
    def channel(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Scene:
    """The promotion and its context at the moment an effect was planned."""

    promotion: Promotion
    context: Context


@dataclass(frozen=True, slots=True)
class Tools:
    """The ports, and the few things of the process that performers use."""

    chat: Chat
    repository: Repository
    pager: Pager
    probe: Probe
    directory: Directory
    clock: Clock
    secret: Callable[[str], str]  # env:NAME → its value, read when used; raises KeyError
    phonebook: Callable[[], Phonebook]
    team_seen: Callable[[str, frozenset[str], float], Awaitable[object]]
    wishes: Wishes
    switched: Callable[[], float]  # when another store took over, as far as is known by now
    sent: set[tuple[str, int]]  # dispatches that this process has let go: (correlation id, try)


def again_at(error: VendorError, tries: int, now: float, *, over: bool = False) -> float:
    """When a failed effect may be tried again: as the vendor says, or after a pause that doubles.

    A definite no to a promotion that is `over` is asked about ever more seldom: nobody waits for it.
    """
    if isinstance(error, Limited):
        return now + error.retry_after
    if isinstance(error, Refused):
        return now + (min(LONGEST_PAUSE * 2.0 ** min(tries, 6), SELDOM) if over else LONGEST_PAUSE)
    return now + min(2.0 ** min(tries, 6), LONGEST_PAUSE)
