"""What a gate may look at, and what every kind of gate offers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.policy import GateRule, Service
from bot.domain.readings import Reading
from bot.ports import Pager, Probe, Repository

Seen = tuple[Reading, str]  # a reading and a link to where a person can see it, or nothing


@dataclass(frozen=True, slots=True)
class GateView:
    """One SHA on its way to one place, and the ports to look through."""

    service: Service
    environment: str  # the one that is looked at: the environment before, or the target
    sha: str
    version: str
    repository: Repository
    pager: Pager
    probe: Probe


Observe = Callable[[GateRule, GateView, Reading | None], Awaitable[Seen]]


@dataclass(frozen=True, slots=True)
class GateKind:
    """One kind of gate: its name in the catalog, and how it looks."""

    name: str
    observe: Observe


def settings_of(rule: GateRule, name: str) -> tuple[str, ...]:
    """Every value of one setting; a list is stored as one pair per item."""
    return tuple(value for key, value in rule.settings if key == name)


def setting_of(rule: GateRule, name: str) -> str:
    """The value of a setting that is always stored once."""
    (value,) = settings_of(rule, name)
    return value
