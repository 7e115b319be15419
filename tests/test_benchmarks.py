"""The benchmarks work: each one measures a little of everything it claims to, and tells it in the table."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.plan import smallest
from benchmarks.report import BEGIN, END, report
from benchmarks.rows import Missing, Rounds, Row, table
from tests.documents import ROOT

SAYS = {
    "S1": ("opens a promotion, SQLite", "opens a promotion, Redis", "a click on Approve", "Bolt AsyncApp"),
    "S2": ("routed and stored, SQLite", "routed and stored, Redis", "nothing to us", "Probot", "json.loads"),
    "S5": ("idle tick", "one commit", "from a run id", "opening the store", "SQLite", "Redis"),
    "S7": ("memory of the process, SQLite", "bytes of the file", "memory of Redis"),
    "S8": ("first signed answer, SQLite", "first signed answer, Redis", "resident memory"),
    "S9": ("p99 of the durable ack", "the same in itself", "stored meanwhile", "SQLite", "Redis"),
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("target", SAYS)
def test_a_benchmark_measures_what_it_claims(target: str, tmp_path: Path) -> None:
    """On the smallest size it ends well, every answer was the right one, and each row has a verdict or a reason."""
    page = tmp_path / "performance.md"
    command = [sys.executable, "-m", "benchmarks", target, "--size", "smallest", "--into", str(page)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    written = page.read_text()
    rows = [line for line in written.splitlines() if line.startswith(f"| {target} |")]
    assert [said for said in SAYS[target] if not any(said in row for row in rows)] == []
    assert all("not measured: " not in row or "left out of a short run" in row for row in rows), rows


@pytest.mark.timeout(120)
def test_the_parts_of_an_answer_are_told(tmp_path: Path) -> None:
    """The profile finds the time of each part, and in none of them all of it."""
    page = tmp_path / "performance.md"
    command = [sys.executable, "-m", "benchmarks", "parts", "--size", "smallest", "--into", str(page)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    told = [line for line in page.read_text().splitlines() if "µs" in line]
    parts = {line.split(" | ")[0].removeprefix("| "): line.count(" 0 µs") for line in told}
    assert {"Bolt and slack_sdk", "deciding", "the store's threads", "**one answer**"} <= set(parts)
    assert parts["deciding"] == 0


def test_a_row_says_by_how_much_a_target_is_missed() -> None:
    """Whoever reads the table need not calculate."""
    assert Row("S1", "p50", "1.2 ms", "10 ms", 0.12, 0.12).verdict == "reached"
    assert Row("S1", "p50", "1.8 ms", "10 ms", 0.18, 0.12).verdict == "**not reached**, by 50%"
    assert Row("S2", "rate", "3/s", "2/s", 1.5, 2.0, "least").verdict == "**not reached**, by 25%"
    assert Row("S2", "rate", "5/s", "2/s", 2.5, 2.0, "least").verdict == "reached"


def test_what_could_not_be_measured_has_a_row_of_its_own() -> None:
    """Nothing is left out quietly."""
    assert "not measured: Node is not installed |" in table(
        [Missing("S2", "beside Probot", "Node is not installed")]
    )


def test_the_median_of_the_rounds_is_told() -> None:
    """One round in which the machine did something else does not decide."""
    rounds = Rounds()
    for figure in (1.0, 100.0, 2.0):
        rounds.add({"p50": figure})
    assert rounds["p50"] == 2.0


def test_a_run_replaces_its_table_and_leaves_what_people_wrote(tmp_path: Path) -> None:
    """The reasons beside the table are written by people and outlive a run."""
    page = tmp_path / "performance.md"
    page.write_text(f"# Performance\n\nBefore.\n\n{BEGIN}\nold\n{END}\n\nAfter.\n")
    told = report(smallest(tmp_path), [Missing("S2", "beside Probot", "no Node")], "| part |", page)
    assert "old" not in told
    assert told.startswith("# Performance\n\nBefore.\n")
    assert told.endswith("After.\n")
    assert "no Node" in told
