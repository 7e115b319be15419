"""Programs that judge what is deployed, installed with the tests' own packages, and how to ask them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

OF_THE_SYSTEM = {"systemd-analyze", "actionlint"}  # judged by our own rules too, and not needed in CI


def judged(program: str, *arguments: str | Path) -> tuple[int, str]:
    """The exit code of a program and everything it said; without it the test is skipped, except with CI=true."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which(program, path=f"{beside}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        if os.environ.get("CI") == "true" and program not in OF_THE_SYSTEM:
            raise FileNotFoundError(program)
        pytest.skip(f"{program} is not installed")
    command = [found, *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr
