"""Where the doctor is tried: the simulators of all vendors, and settings in which one thing can be broken."""

from dataclasses import replace
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.doctor.case import Arrivals
from bot.doctor.examination import ALL
from bot.doctor.usable import case_of
from bot.domain.checkup import SUBJECTS, Checkup, Finding, Grade
from bot.instruments import checkup
from bot.playground.server import Playground
from bot.ports import Clock

WORKFLOWS = ".github/workflows/"


class Clinic:
    """A healthy world, without a bot."""

    def __init__(self, playground: Playground) -> None:
        self.playground = playground
        self.environment = playground.bot_environment()
        self.clock: Clock = SystemClock()
        self.arrivals = Arrivals(signed_at=self.clock.now())
        self.ever_found: list[Finding] = []

    @property
    def catalog(self) -> Path:
        """The catalog's file."""
        return Path(self.environment["CATALOG"])

    async def looks(self, *only: str, seconds: float = ALL) -> Checkup:
        """Make a checkup of these subjects, of all when none is named."""
        case = replace(case_of(self.environment), arrivals=self.arrivals)
        found = await checkup(case, self.clock, only or SUBJECTS, seconds)
        self.ever_found += found.findings
        return found

    async def finds(self, *only: str) -> Finding:
        """The one finding that is not well."""
        (found,) = not_well(await self.looks(*only))
        return found

    def writes(self, old: str, new: str) -> None:
        """Edit one place of the catalog."""
        text = self.catalog.read_text()
        assert text.count(old) == 1, f"{text.count(old)} places say {old}"
        self.catalog.write_text(text.replace(old, new))

    def edits(self, file: str, old: str, new: str, service: str = "checkout") -> None:
        """Edit one place of a workflow file."""
        files = self.playground.github.repository(service).files
        text = files[WORKFLOWS + file]
        assert old in text, text
        files[WORKFLOWS + file] = text.replace(old, new, 1)


def not_well(found: Checkup) -> list[Finding]:
    """Everything that is not PASS."""
    return [one for one in found.findings if one.grade is not Grade.PASS]


def place(found: Finding) -> tuple[str, str, str]:
    """The verdict, the check and the named thing."""
    return found.grade.value, found.check, found.about
