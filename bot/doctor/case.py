"""What a checkup is about, and what it is made with."""

from dataclasses import dataclass
from pathlib import Path

from bot.catalog import Catalog, CatalogError
from bot.domain.checkup import SUBJECTS
from bot.inspections import GitHubInspection, PagerInspection, SlackInspection, StoreInspection
from bot.ports import Clock, Probe
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What a bot that runs knows of Slack's way to it."""

    sockets: int = 0  # open
    signed_at: float | None = None  # when Slack last sent something, well signed, over HTTP


@dataclass(frozen=True, slots=True)
class Case:
    """Settings and catalog as they are, broken or not."""

    settings: Settings  # what is broken has a stand-in here
    problems: tuple[str, ...] = ()  # the settings' own sentences
    broken: tuple[
        tuple[str, str], ...
    ] = ()  # subjects that cannot be looked at, and for want of which settings
    catalog: Catalog | None = None
    refusal: CatalogError | None = None  # why there is no catalog
    asked: frozenset[str] = frozenset(SUBJECTS)  # the subjects that are looked at
    arrivals: Arrivals = Arrivals()  # nothing of them is known outside the bot

    @property
    def file(self) -> Path:
        """Where the catalog is."""
        return self.settings.catalog

    def has_problem(self, *names: str) -> bool:
        """Whether something is wrong with one of these settings."""
        return any(problem.split()[0].rstrip(":") in names for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Instruments:
    """The ways to look, open."""

    slack: SlackInspection
    github: GitHubInspection
    pagerduty: PagerInspection
    probe: Probe
    store: StoreInspection
    clock: Clock
