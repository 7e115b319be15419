"""What lives stand on: one nursery for all of them, and ground of each kind of store."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.durability.births import Nursery, nursery
from tests.durability.grounds import STORES, Ground, on_redis, on_sqlite
from tests.redis_place import REDIS, RedisServer

Lay = Callable[[Path], AbstractAsyncContextManager[Ground]]


@pytest.fixture(scope="session")
def bots() -> Iterator[Nursery]:
    """Where bots come from."""
    with nursery() as opened:
        yield opened


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> str:
    """Each kind of store."""
    return str(request.param)


@pytest.fixture
def lay(request: pytest.FixtureRequest, store: str) -> Lay:
    """Ground for one life after the other, of each kind of store."""
    if store == "sqlite":
        return on_sqlite
    return _in_redis(request)


def _in_redis(request: pytest.FixtureRequest) -> Lay:
    """Ground in the session's redis-server; where there is none it is said aloud, and in CI it fails."""
    if shutil.which(REDIS) is None and os.environ.get("CI") != "true":
        pytest.skip(f"none of {REDIS} is installed")
    server: RedisServer = request.getfixturevalue("redis_of_session")
    return lambda directory: on_redis(server.url)


@pytest.fixture
def shared(request: pytest.FixtureRequest) -> Lay:
    """Ground on which several bots can stand."""
    return _in_redis(request)
