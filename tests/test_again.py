"""What failed among several at once is run again alone: told aloud, never for many, never for what fails twice."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent.parent
ONCE = """
from pathlib import Path
import pytest

@pytest.mark.parametrize("number", range({count}))
def test_fails_at_first(number):
    seen = Path(__file__).with_name(f"seen-{{number}}")
    assert seen.exists() or seen.touch()
"""


def told(directory: Path, body: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run these tests as `make test` runs ours."""
    (directory / "test_it.py").write_text(body)
    command = [sys.executable, "-m", "tests.again", "-q", "-n2", "-p", "no:cov", f"--rootdir={directory}"]
    return subprocess.run(
        [*command, "-c", "/dev/null", *arguments, str(directory)],
        cwd=HERE, capture_output=True, text=True, check=False, timeout=50,
    )  # fmt: skip


def test_one_that_passes_alone_is_green_and_named(tmp_path: Path) -> None:
    """It failed in the crowd and passed alone: the run is green, and says which one it was."""
    run = told(tmp_path, ONCE.format(count=1))

    assert run.returncode == 0
    assert "1 failed among several at once" in run.stdout
    assert "test_it.py::test_fails_at_first[0]" in run.stdout.split("PASSED ONLY WHEN RUN AGAIN")[1]


def test_one_that_fails_alone_as_well_is_red(tmp_path: Path) -> None:
    """Failing twice is failing."""
    run = told(tmp_path, "def test_it():\n    assert False\n")

    assert run.returncode == 1
    assert "PASSED ONLY WHEN RUN AGAIN" not in run.stdout


def test_many_are_not_run_again(tmp_path: Path) -> None:
    """Six failures at once are no bad luck."""
    run = told(tmp_path, ONCE.format(count=6))

    assert run.returncode == 1
    assert "6 tests failed: too many to be run again." in run.stdout


def test_what_could_not_be_asked_stays_as_it_is(tmp_path: Path) -> None:
    """Arguments that pytest does not know are no failed test."""
    run = told(tmp_path, ONCE.format(count=1), "--no-such-option")

    assert run.returncode == 4
    assert "run again" not in run.stdout
