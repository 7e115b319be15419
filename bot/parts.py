"""What of the bot a playground or a test may choose; in production each part is the real one."""

from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from bot.adapters.clock import SystemClock
from bot.adapters.github import DEADLINE
from bot.adapters.slack_socket import HEARTBEAT
from bot.ports import Clock
from bot.worker import LEASE, PLACES
from handlers.limits import PERSON, SERVICE, Allowance

T = TypeVar("T")


class Around(Protocol):
    """Puts something around a part, such as a count of its calls: a test's way in, by the part's name."""

    def __call__(self, name: str, part: T) -> T: ...


def bare(name: str, part: T) -> T:
    """Nothing around it, as in production."""
    return part


@dataclass(frozen=True, slots=True)
class Parts:
    """What may be passed instead of production's parts."""

    clock: Clock = field(default_factory=SystemClock)
    around: Around = bare
    github_deadline: float = DEADLINE  # seconds for one call
    lease: float = LEASE  # seconds for which a turn is one replica's
    places: int = PLACES  # promotions that are driven side by side
    person: Allowance = PERSON  # how fast one person may ask
    asked: Allowance = SERVICE  # how fast one service may be asked for
    heartbeat: float = HEARTBEAT  # seconds of silence on a socket to Slack
