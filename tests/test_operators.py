"""The operators' tools as they are typed: what they print, what they refuse, and with which exit code."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.store.choice import source_of
from bot.store.sqlite import SqliteStore
from bot.store.survey import survey
from tests.redis_place import RedisServer
from tests.store.builders import done, promotion, put
from tests.store.files import changed_by_hand
from tests.store.redis_stores import opened
from tests.store.test_copy import lived_in

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A file store in which something happened."""

    async def live() -> None:
        store = SqliteStore(tmp_path / "greenlight.db")
        await store.open()
        await lived_in(store)
        await store.close()

    asyncio.run(live())
    return f"sqlite:///{tmp_path / 'greenlight.db'}"


def file_of(url: str) -> Path:
    """The file of a URL."""
    return Path(url.removeprefix("sqlite:///"))


def test_check_says_what_a_store_holds(url: str, capsys: Printed) -> None:
    """Every part with its number, and OK."""
    assert main(["store", "check", url]) == 0
    said = capsys.readouterr().out
    assert "promotions: 5" in said
    assert "sequences: promotion 5" in said
    assert said.strip().endswith(": OK")


def test_check_names_what_is_wrong(url: str, capsys: Printed) -> None:
    """Exit code 1, and a sentence about it."""
    changed_by_hand(file_of(url), "UPDATE audit SET actor = 'bo' WHERE number = 2")
    assert main(["store", "check", url]) == 1
    said = capsys.readouterr()
    assert "audit row 2 does not follow" in said.err
    assert "NOT WHOLE" in said.out


def test_create_makes_a_store_once(redis_server: RedisServer, tmp_path: Path, capsys: Printed) -> None:
    """An empty one of either kind; what is there is never made over."""
    for url in (redis_server.url, f"sqlite:///{tmp_path / 'new.db'}"):
        assert main(["store", "create", url]) == 0
        assert "an empty store was made" in capsys.readouterr().out
        assert main(["store", "check", url]) == 0
        assert main(["store", "create", url]) == 1
        assert "already" in capsys.readouterr().err


def test_copy_carries_everything_and_compares(url: str, redis_server: RedisServer, capsys: Printed) -> None:
    """To Redis, which is then a store with the same chain; a second copy is refused."""
    assert main(["store", "copy", url, redis_server.url]) == 0
    assert "5 promotions" in capsys.readouterr().out
    assert head_of(redis_server.url) == head_of(url)
    assert main(["store", "copy", url, redis_server.url]) == 1
    assert "already" in capsys.readouterr().err


def test_a_copy_says_first_that_a_bot_is_connected(
    redis_server: RedisServer, tmp_path: Path, capsys: Printed
) -> None:
    """Before what looks wrong, here a number that is not kept: a running bot makes much look wrong."""

    async def type_it() -> int:
        url = await redis_server.created()
        async with opened(url) as store:
            await done(store, put(promotion(1)))
            return await asyncio.to_thread(main, ["store", "copy", url, f"sqlite:///{tmp_path / 'copy.db'}"])

    assert asyncio.run(type_it()) == 1
    assert "a bot is connected to it: stop every bot, then copy." in capsys.readouterr().err
    assert not (tmp_path / "copy.db").exists()


def test_check_names_what_a_shared_store_lost(url: str, redis_server: RedisServer, capsys: Printed) -> None:
    """Found each of the times that it looks, so it is no change in between."""
    assert main(["store", "copy", url, redis_server.url]) == 0
    asyncio.run(redis_server.ask("DEL", "{greenlight}:correlations"))
    assert main(["store", "check", redis_server.url]) == 1
    said = capsys.readouterr()
    assert "P-5 is not found by its correlation id." in said.err
    assert "NOT WHOLE" in said.out


def test_a_broken_store_is_not_copied(url: str, tmp_path: Path, capsys: Printed) -> None:
    """A copy must not carry damage on, nor hide where it was."""
    changed_by_hand(file_of(url), "DELETE FROM audit WHERE number = 3")
    assert main(["store", "copy", url, f"sqlite:///{tmp_path / 'copy.db'}"]) == 1
    assert "not whole" in capsys.readouterr().err
    assert not (tmp_path / "copy.db").exists()


def test_a60_verify_finds_what_was_edited(url: str, capsys: Printed) -> None:
    """Whole: exit 0 and the head. Edited by hand: exit 1 and the first row that no longer follows."""
    assert main(["audit", "verify", url]) == 0
    assert "every one follows" in capsys.readouterr().out
    changed_by_hand(file_of(url), "UPDATE audit SET detail = '{}' WHERE number = 4")
    assert main(["audit", "verify", url]) == 1
    assert "audit row 4 does not follow" in capsys.readouterr().err


def test_export_prints_the_rows_as_lines(url: str, capsys: Printed) -> None:
    """Each one JSON object with its place in the chain; on from where the last export ended."""
    assert main(["audit", "export", url]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[1]["previous"] == rows[0]["digest"]
    assert main(["audit", "export", url, "--after", str(len(rows) - 1)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize(
    ("url", "fix"),
    [
        ("sqlite:///nowhere/greenlight.db", "does not exist"),
        ("redis://127.0.0.1:1/0", "redis://127.0.0.1:1/0"),
        ("postgres://x", "STORE_URL does not name"),
        ("redis://user:hunter2@127.0.0.1:1/0", "redis://127.0.0.1:1/0"),
    ],
)
def test_a_store_that_is_none_is_named_with_its_fix(url: str, fix: str, capsys: Printed) -> None:
    """One line that names it, no traceback, and no password."""
    assert main(["store", "check", url]) == 1
    said = capsys.readouterr().err
    assert fix in said
    assert "hunter2" not in said
    assert len(said.splitlines()) == 1


def head_of(url: str) -> str:
    """The end of a store's audit chain."""

    async def look() -> str:
        source = source_of(url, owned=False)
        await source.open()
        found = await survey(source)
        await source.close()
        return found.head.digest

    return asyncio.run(look())
