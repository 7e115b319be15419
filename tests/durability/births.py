"""The nursery as the tests see it: bots are born of it, and it ends with the tests."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


class Nursery:
    """The process that forks bots: the imports happen once."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def bear(self, environment: Mapping[str, str], log: Path) -> int:
        """A new bot's process id, a few milliseconds later."""
        if self._process.stdin is None or self._process.stdout is None:
            raise AssertionError("the nursery has no pipes")
        order = {"environment": {**os.environ, **environment}, "log": str(log)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def nursery(module: str = "tests.durability.nursery") -> Iterator[Nursery]:
    """Start it, and end it by closing its input."""
    command = (sys.executable, "-m", module)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Nursery(process)
