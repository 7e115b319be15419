"""What the whole suite stands on: tests that need a browser are skipped aloud where there is none.

Those that need a redis-server are skipped, as aloud, by `tests.redis_place` when they start one.
"""

import os
import shutil

import pytest

from tests.durability.tally import pytest_terminal_summary as pytest_terminal_summary
from tests.playground import reader
from tests.redis_place import redis_of_session as redis_of_session
from tests.redis_place import redis_server as redis_server
from tests.redis_place import redis_url as redis_url


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what drives a browser when none is installed; with CI=true it runs, and fails, instead."""
    if os.environ.get("CI") == "true" or any(shutil.which(name) for name in reader.BROWSERS):
        return
    missing = pytest.mark.skip(reason=f"none of {', '.join(reader.BROWSERS)} is installed")
    for item in items:
        if isinstance(item, pytest.Function) and _drives_a_browser(item):
            item.add_marker(missing)


def _drives_a_browser(item: pytest.Function) -> bool:
    modules = (str(getattr(one, "__module__", "")) for one in vars(item.module).values())
    return any(module.startswith(("playwright.", reader.__name__)) for module in modules)
