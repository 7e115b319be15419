"""What a benchmark tells: one row per target, with its reference beside it and a verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was measured, beside what it is measured against."""

    target: str  # S1
    what: str
    measured: str
    reference: str
    ratio: float
    limit: float | None = None  # None: told for comparison, nothing is aimed at
    aim: Literal["most", "least"] = "most"

    @property
    def verdict(self) -> str:
        """Reached, or by how much it is missed."""
        if self.limit is None:
            return "–"
        lacks = self.ratio / self.limit - 1 if self.aim == "most" else 1 - self.ratio / self.limit
        return "reached" if lacks <= 0 else f"**not reached**, by {lacks:.0%}"

    @property
    def bound(self) -> str:
        """The target as the table has it."""
        if self.limit is None:
            return "–"
        return f"{'≤' if self.aim == 'most' else '≥'} {self.limit:g} ×"

    def cells(self) -> Sequence[str]:
        """The cells of its line in the table."""
        return (
            self.target,
            self.what,
            self.measured,
            self.reference,
            f"{self.ratio:.2f} ×",
            self.bound,
            self.verdict,
        )


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that could not be measured here, and why: it is told, not left out."""

    target: str
    what: str
    why: str

    def cells(self) -> Sequence[str]:
        """The cells of its line in the table."""
        return (self.target, self.what, "–", "–", "–", "–", f"not measured: {self.why}")


Told = Row | Missing
HEADINGS = ("", "what", "measured", "reference", "ratio", "target", "verdict")


def table(rows: Sequence[Told]) -> str:
    """All rows as a table in Markdown."""
    lines = [HEADINGS, tuple("---" for _ in HEADINGS), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


class Rounds:
    """Figures by name, one per round; what is told is their median."""

    def __init__(self) -> None:
        self._figures: dict[str, list[float]] = {}

    def add(self, figures: Mapping[str, float]) -> None:
        """The figures of one round."""
        for name, figure in figures.items():
            self._figures.setdefault(name, []).append(figure)

    def __contains__(self, name: str) -> bool:
        return name in self._figures

    def __getitem__(self, name: str) -> float:
        return median(self._figures[name])


def milliseconds(seconds: float) -> str:
    """Seconds as a person reads them here."""
    return f"{seconds * 1e3:.2f} ms"


def microseconds(seconds: float) -> str:
    """Seconds as a person reads them here."""
    return f"{seconds * 1e6:.0f} µs"
