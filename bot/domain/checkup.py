"""What a checkup of the settings, the vendors and the store found: one line per thing that was looked at."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How one thing is."""

    PASS = "PASS"
    WARN = "WARN"  # it works, and somebody should know something
    FAIL = "FAIL"  # something will not work as the settings or the catalog say


SUBJECTS = ("settings", "catalog", "slack", "github", "pagerduty", "services", "store", "clock")


@dataclass(frozen=True, slots=True)
class Advice:
    """One sentence on what was found, and unless all is well what to set or type, and where."""

    says: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str  # one of SUBJECTS
    check: str  # the kind of look: scopes
    about: str  # what was looked at: chat:write
    grade: Grade
    says: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Checkup:
    """Everything that was found, by subject."""

    findings: tuple[Finding, ...]
    at: float = 0.0  # when it was over

    @property
    def counts(self) -> Mapping[Grade, int]:
        """How many findings there are of each grade."""
        found = Counter(finding.grade for finding in self.findings)
        return {grade: found[grade] for grade in Grade}

    @property
    def worst(self) -> Grade:
        """The grade of the whole: that of the worst finding."""
        return worst_of(self.findings)

    def by_subject(self) -> Mapping[str, tuple[Finding, ...]]:
        """The findings of each subject that was looked at, in the order of SUBJECTS."""
        groups = {name: tuple(one for one in self.findings if one.subject == name) for name in SUBJECTS}
        return {name: group for name, group in groups.items() if group}


def worst_of(findings: Sequence[Finding]) -> Grade:
    """FAIL before WARN before PASS."""
    found = {finding.grade for finding in findings}
    return next((grade for grade in (Grade.FAIL, Grade.WARN) if grade in found), Grade.PASS)
