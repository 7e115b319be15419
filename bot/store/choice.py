"""Which kind of store a URL means: the only place that knows both."""

from pathlib import Path

from bot.ports import Clock
from bot.store.contents import Source, Target
from bot.store.protocol import Store, StoreDown
from bot.store.sqlite import SqliteStore
from bot.store.sqlite_copy import SqliteSource, SqliteTarget

SQLITE = "sqlite:///"

# redis-py is imported where it is used: it costs 22 MB, and an embedded store needs none of it.


def store_of(url: str, clock: Clock) -> Store:
    """The store of a URL that settings found good, not opened yet."""
    if _is_file(url):
        return SqliteStore(_file(url))
    from bot.store.redis import RedisStore
    from bot.store.redis_link import Link
    from bot.store.redis_url import place_of

    return RedisStore(Link(place_of(url), clock.now))


def source_of(url: str, *, owned: bool) -> Source:
    """A store to be read whole; `owned`: no bot may run on it meanwhile. Raises StoreDown for a URL of none."""
    if _is_file(url):
        return SqliteSource(_file(url), owned=owned)
    from bot.store.redis_source import RedisSource

    return RedisSource(url, owned=owned)


def target_of(url: str) -> Target:
    """A place for a new store; raises StoreDown for a URL of none."""
    if _is_file(url):
        return SqliteTarget(_file(url))
    from bot.store.redis_copy import RedisTarget

    return RedisTarget(url)


async def create_store(url: str) -> None:
    """Make an empty store where there is none; raises StoreDown where there is one, or what is left of one."""
    if _is_file(url):
        if _file(url).exists():
            raise StoreDown(f"{_file(url)} exists already: name another file, or start the bot on this one.")
        store = SqliteStore(_file(url))
        await store.open()
        await store.close()
        return
    from bot.store.redis_create import create

    await create(url)


def shown(url: str) -> str:
    """A URL as it may be printed: without who logs in."""
    if _is_file(url):
        return str(_file(url))
    from bot.store.redis_link import place_named

    return str(place_named(url))


def _is_file(url: str) -> bool:
    return url.startswith(SQLITE)


def _file(url: str) -> Path:
    return Path(url.removeprefix(SQLITE))
