"""`python -m tests.again ARGUMENTS`: pytest, and a second telling, alone and aloud, for the few that failed in a crowd.

Thousands of stories drive real sockets, processes and Redis servers, several at once on a machine of few cores. One that
was starved says nothing about the product, one that fails alone as well does: docs/adr/0011-told-again-alone.md.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

FEW = 5  # more than that is not bad luck
SOME_FAILED = 1  # pytest's own exit codes: anything else is no verdict on a test, and is not asked again
ALONE = ("--last-failed", "--last-failed-no-failures=none", "-n0")


def main(arguments: Sequence[str]) -> int:
    """Run pytest; run what failed again if it is little; returns the exit code of the run that decides."""
    with tempfile.TemporaryDirectory(prefix="greenlight-tests-") as name:
        once = (*arguments, "-o", f"cache_dir={name}")
        code = _pytest(*once)
        failed = _failed(Path(name))
        if code != SOME_FAILED or not failed:
            return code
        if len(failed) > FEW:
            print(f"\n{len(failed)} tests failed: too many to be run again.", flush=True)
            return code
        print(
            f"\n{len(failed)} failed among several at once. Each is run again, alone:",
            *failed,
            sep="\n  ",
            flush=True,
        )
        code = _pytest(*once, *ALONE)
    if not code:
        print("\nPASSED ONLY WHEN RUN AGAIN, alone. Find out why:", *failed, sep="\n  ", flush=True)
    return code


def _pytest(*arguments: str) -> int:
    return subprocess.run((sys.executable, "-m", "pytest", *arguments), check=False).returncode


def _failed(cache: Path) -> list[str]:
    remembered = cache / "v" / "cache" / "lastfailed"
    return sorted(json.loads(remembered.read_text())) if remembered.exists() else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
