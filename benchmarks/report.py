"""docs/performance.md: the table of the last run between two marks, and around it what people wrote."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks import machine
from benchmarks.plan import Plan
from benchmarks.rows import Told, table

BEGIN, END = "<!-- written by make bench: begin -->", "<!-- written by make bench: end -->"


def report(plan: Plan, rows: Sequence[Told], parts: str, page: Path) -> str:
    """The page with this run's table in place of the last one's."""
    text = page.read_text() if page.exists() else f"# Performance\n\n{BEGIN}\n{END}\n"
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{measured(plan, rows, parts)}\n{END}{after}"


def measured(plan: Plan, rows: Sequence[Told], parts: str) -> str:
    """The machine, how it was measured, the table, and where the time of an answer goes."""
    where = f"Machine: {machine.described()}. Medians of {plan.rounds} interleaved rounds, loopback only."
    return f"{where}\n\n{table(rows)}\n\n## Where the time of an answer goes\n\n{parts}"
