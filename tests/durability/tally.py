"""What all the kills of a test run came to: a line for each store at its end, however many workers did the killing."""

from collections import Counter
from collections.abc import Iterator

import pytest

PROPERTY = "kills"  # of a test: the store, and what came of it there
Tally = Counter[str]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it, by store."""
    sums: dict[str, Tally] = {}
    for store, tally in _tallies(terminalreporter):
        sums.setdefault(store, Counter()).update(tally)
    for store, tally in sorted(sums.items()):
        terminalreporter.write_line(_line(store, tally))


def _tallies(reporter: pytest.TerminalReporter) -> Iterator[tuple[str, Tally]]:
    reports = [*reporter.getreports("passed"), *reporter.getreports("failed")]
    for report in reports:
        for name, told in report.user_properties if report.when == "call" else ():
            if name == PROPERTY:
                store, tally = told
                yield store, Counter(tally)


def _line(store: str, tally: Tally) -> str:
    return (
        f"{tally['points']} points × kills on {store}: {tally['second_runs']} second runs of {tally['runs']}, "
        f"{tally['incidents']} incidents, {tally['again']} messages repeated, "
        f"{tally['deaths']} deaths in {tally['lives']} lives"
    )
