"""A look at a database that another process owns."""

from pathlib import Path

import pytest

from bot.store.peek import peek
from bot.store.protocol import StoreDown
from tests.store.builders import add, done, stored, write_document
from tests.store.files import NOTES, opened, spoil


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database of a test is."""
    return tmp_path / "greenlight.db"


async def test_peek_sees_what_another_store_committed(path: Path) -> None:
    """Newest first, while the owner goes on; a missing or an unborn file is empty."""
    assert peek(path) == []
    spoil(path, b"")
    assert peek(path) == []
    store = await opened(path)
    assert peek(path) == []
    await add(store, 1)
    await add(store, 2)
    assert peek(path) == [await stored(store, 2), await stored(store, 1)]
    await done(store, write_document("freeze:1", "{}"))
    await store.close()
    assert [each.id for each in peek(path)] == ["P-2", "P-1"]


async def test_peek_says_when_it_cannot_read(path: Path) -> None:
    """Damage is not shown as an empty list."""
    spoil(path, NOTES)
    with pytest.raises(StoreDown, match=r"greenlight\.db"):
        peek(path)
