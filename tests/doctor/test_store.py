"""What is wrong with the store is named, without touching it, also beside the bot that owns it."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from blocks.words.advice import store as words
from bot.store.look import StoreLooks
from bot.store.protocol import StoreDown
from bot.store.sqlite import SqliteStore
from tests.doctor.clinic import Clinic, not_well, place
from tests.redis_place import RedisServer, redis

NOBODY = 65534


def files(path: Path) -> dict[str, tuple[int, int]]:
    """What lies beside the store, with sizes and times."""
    return {
        one.name: (one.stat().st_size, one.stat().st_mtime_ns) for one in path.parent.glob(f"{path.name}*")
    }


def content(file: Path) -> bytes:
    """Every byte of the file."""
    return file.read_bytes()


def damage(file: Path) -> bytes:
    """Write noise over all but the first page; what is in the file then."""
    file.write_bytes(file.read_bytes()[:4096] + os.urandom(8192))
    return content(file)


def make_another(file: Path) -> None:
    """Put some other program's database in its place."""
    file.unlink()
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()


@contextmanager
def as_somebody() -> Iterator[None]:
    """Root may write everywhere, so a test that is run by root looks as somebody else."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def locked() -> Iterator[Path]:
    """A store in a place where nothing can be written."""
    place = Path(tempfile.mkdtemp(prefix="greenlight-"))
    (place / "greenlight.db").write_bytes(b"")
    (place / "greenlight.db").chmod(0o444)
    place.chmod(0o555)
    yield place / "greenlight.db"
    place.chmod(0o700)
    shutil.rmtree(place)


@pytest.fixture
async def file(clinic: Clinic) -> Path:
    """A store that a bot made and left."""
    path = Path(clinic.environment["STORE_URL"].removeprefix("sqlite:///"))
    store = SqliteStore(path)
    await store.open()
    await store.close()
    return path


async def test_a_new_and_a_sound_store_pass(clinic: Clinic) -> None:
    """Before the first start there is none, and none is made by looking."""
    path = Path(clinic.environment["STORE_URL"].removeprefix("sqlite:///"))
    (found,) = (await clinic.looks("store")).findings
    assert found.grade == "PASS"
    assert "does not exist yet" in found.says
    assert files(path) == {}


async def test_store_of_a_running_bot_passes(clinic: Clinic, file: Path) -> None:
    """It says who owns the file, and changes nothing about it."""
    store = SqliteStore(file)
    await store.open()
    try:
        before = files(file)
        (found,) = (await clinic.looks("store")).findings
        assert found.grade == "PASS"
        assert f"runs as process {os.getpid()} owns it" in found.says
        assert files(file) == before
    finally:
        await store.close()
    (found,) = (await clinic.looks("store")).findings
    assert "owns it" not in found.says


async def test_store_corrupt(clinic: Clinic, file: Path) -> None:
    """Told as damage, and left as it is."""
    damaged = damage(file)
    found = await clinic.finds("store")
    assert found.grade == "FAIL"
    assert "damaged" in found.says
    assert "backup" in found.fix
    assert content(file) == damaged


async def test_store_read_only(locked: Path) -> None:
    """Whoever the bot runs as cannot write there."""
    with as_somebody(), pytest.raises(StoreDown) as refused:
        await StoreLooks(f"sqlite:///{locked}").look()
    advice = words.down(str(locked), str(refused.value))
    assert advice.says == f"{locked.parent} cannot be written to."
    assert advice.fix == "Let the bot's user write there."


async def test_store_of_another_program(clinic: Clinic, file: Path) -> None:
    """A file that is not ours."""
    make_another(file)
    found = await clinic.finds("store")
    assert "belongs to another program" in found.says
    assert "Set STORE_URL to another file" in found.fix


async def test_store_directory_missing(clinic: Clinic) -> None:
    """Nothing can be written where there is no place."""
    clinic.environment["STORE_URL"] = "sqlite:////nowhere/greenlight.db"
    found = await clinic.finds("store")
    assert place(found) == ("FAIL", "store", "/nowhere/greenlight.db")
    assert "/nowhere does not exist" in found.says


async def test_redis_down(clinic: Clinic) -> None:
    """The place without who logs in."""
    clinic.environment["STORE_URL"] = "redis://:hunter2secret@127.0.0.1:9/0"
    found = await clinic.finds("store")
    assert place(found) == ("FAIL", "store", "redis://127.0.0.1:9/0")
    assert "hunter2" not in f"{found}"


async def test_redis_without_a_store(clinic: Clinic, redis_server: RedisServer) -> None:
    """The command that makes one."""
    clinic.environment["STORE_URL"] = redis_server.url
    found = await clinic.finds("store")
    assert "holds no Greenlight store" in found.says
    assert "greenlight store create" in found.fix


async def test_redis_proven_passes(clinic: Clinic, redis_url: str) -> None:
    """A server that keeps what it acknowledges."""
    clinic.environment["STORE_URL"] = redis_url
    assert not_well(await clinic.looks("store")) == []


async def test_redis_unproven(clinic: Clinic, tmp_path: Path) -> None:
    """Refused, with the fix; under the override it is something to know of as long as it stands."""
    async with redis(tmp_path / "redis", "--appendonly", "no") as server:
        url = await server.created("?unproven=true")
        clinic.environment["STORE_URL"] = server.url
        refused = await clinic.finds("store")
        clinic.environment["STORE_URL"] = url
        let_pass = await clinic.finds("store")
    assert place(refused)[:2] == ("FAIL", "store")
    assert place(let_pass)[:2] == ("WARN", "ground")
    for found in (refused, let_pass):
        assert "append-only file is off" in found.says
        assert "CONFIG SET appendonly yes" in found.fix
    assert "remove unproven=true" in let_pass.fix
