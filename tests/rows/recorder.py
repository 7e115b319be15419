"""A pytest plugin: runs only tests that name a row, and keeps what came of each (`make rows`).

With `ROWS=all` in the environment all other tests run too: what the rows came to is then part of one whole run.
"""

import json
import os
import time
from pathlib import Path

import pytest

from tests.documents import ROOT
from tests.rows.found import numbers_of
from tests.rows.results import LAST_RUN, WORST, Results, read

DEFINED = "defined"


def pytest_configure(config: pytest.Config) -> None:
    """Only the process that was started writes; its workers report to it."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(LAST_RUN), "rows")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what names a row with where it is defined, and leave out the rest."""
    chosen = [item for item in items if isinstance(item, pytest.Function) and numbers_of(item.originalname)]
    for item in chosen:
        item.user_properties.append((DEFINED, _defined(item)))
    if os.environ.get("ROWS") == "all":
        return
    left_out = [item for item in items if item not in set(chosen)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = chosen


class Recorder:
    """Keeps the worst outcome of each test, over its parameters and phases."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test."""
        if report.when != "call" and report.outcome == "passed":
            return
        for name, defined in report.user_properties:
            if name == DEFINED:
                outcomes = (self._seen.get(str(defined), report.outcome), report.outcome)
                self._seen[str(defined)] = min(outcomes, key=WORST.index)

    def pytest_sessionfinish(self) -> None:
        """Add this run to what is known of tests that it did not run."""
        if self._seen:
            day = time.strftime("%Y-%m-%d", time.gmtime())
            merged = Results(day, {**read(self._file).outcomes, **self._seen})
            self._file.write_text(json.dumps(merged.document(), indent=1, sort_keys=True) + "\n")


def _defined(item: pytest.Function) -> str:
    file = Path(item.function.__code__.co_filename)
    return f"{file.relative_to(ROOT).as_posix()}::{item.originalname}"
