"""The image's build stage, executed once for all tests of this folder, whichever process they run in."""

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from tests.deploy.built import Built, NoIndex, build
from tests.deploy.dockerfile import stages


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """What the build stage leaves. Without a package index the tests of it are skipped, except with CI=true."""
    try:
        return _built_once(_shared(tmp_path_factory.getbasetemp()) / "image")
    except NoIndex as gone:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no package index can be reached: {gone}")


def _shared(base: Path) -> Path:
    """The folder that all processes of one run of the tests have in common."""
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def _built_once(place: Path) -> Built:
    """Built by the first process that comes; the others wait for it."""
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "done").exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            build(place)
            (place / "done").touch()
    return Built(place, stages()[-1])
