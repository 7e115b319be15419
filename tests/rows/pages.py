"""The two pages docs/faults.md and docs/attacks.md: each row with its tests and what came of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.documents import ROOT
from tests.rows.found import ATTACKS, FAULTS, Proof, by_row, proofs
from tests.rows.results import Results, read
from tests.rows.row import Row

HEAD = {
    "faults": (
        "# Faults it survives",
        "What may go wrong around Greenlight, and what must come of it. Each row is proved by tests that carry its "
        "number in their names; the judge is what the simulators of Slack, GitHub and PagerDuty were really asked.",
    ),
    "attacks": (
        "# Attacks it withstands",
        "What somebody may try, and what must come of it. Each row is proved by tests that carry its number in "
        "their names. [Security](security.md) says in plain words what follows from them.",
    ),
}
LISTS: Mapping[str, Sequence[Row]] = {"faults": FAULTS, "attacks": ATTACKS}


def page(name: str) -> Path:
    """Where a page stands."""
    return ROOT / "docs" / f"{name}.md"


def render(name: str, tests: Mapping[str, list[Proof]], results: Results) -> str:
    """The page as it should be now."""
    rows = LISTS[name]
    closed = [row for row in rows if tests.get(row.number)]
    waiting = [row for row in rows if not tests.get(row.number)]
    parts = [*HEAD[name], _origin(results), _table(closed, tests, results)]
    if waiting:
        parts += ["## Open", "Rows that need a part which is not built yet.", _open_table(waiting)]
    limits = [f"- **{row.number}**: {row.rest}" for row in rows if row.rest]
    if limits:
        parts += ["## Not whole yet", "Rows of which something waits for a later part.", "\n".join(limits)]
    return "\n\n".join(parts) + "\n"


def written() -> Mapping[str, str]:
    """Both pages by name, from the tests that exist and the results that were recorded."""
    tests, results = by_row(proofs()), read()
    return {name: render(name, tests, results) for name in LISTS}


def _origin(results: Results) -> str:
    day = f"on {results.day}" if results.day else "never"
    return (
        "This page is written by `make rows`, which runs these tests and records what came of them. The results "
        f"are those of the last recorded run of each test, the newest {day}; a gap between numbers means nothing."
    )


def _table(rows: Sequence[Row], tests: Mapping[str, list[Proof]], results: Results) -> str:
    head = ["| row | what happens | what comes of it | tests | result |", "|---|---|---|---|---|"]
    return "\n".join([*head, *(_line(row, tests[row.number], results) for row in rows)])


def _line(row: Row, proved: Sequence[Proof], results: Results) -> str:
    named = "<br>".join(f"`{proof.id.removeprefix('tests/')}`" for proof in proved)
    outcome = results.of([proof.id for proof in proved])
    return f"| {row.number} | {row.title} | {row.holds} | {named} | {outcome} |"


def _open_table(rows: Sequence[Row]) -> str:
    head = ["| row | what happens | what must come of it | waits for |", "|---|---|---|---|"]
    lines = [f"| {row.number} | {row.title} | {row.holds} | {row.open_until} |" for row in rows]
    return "\n".join([*head, *lines])
