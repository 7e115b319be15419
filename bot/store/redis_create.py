"""Makes a store in a Redis, once, because a person said so.

A start never does: to it an emptied store would look like a new one, and what runs would be forgotten.
"""

import secrets
import time

from bot.store.protocol import StoreDown
from bot.store.redis_line import Line
from bot.store.redis_link import OPENING, SCHEMA, Link, place_named
from bot.store.redis_script import lua

CREATE = lua("create")
THERE = (
    "it holds a store of this name already: start the bot on it, or choose another name with ?name=, "
    "or delete its keys first if nothing of it is needed"
)


async def create(url: str) -> str:
    """Make an empty store where there is none of this name, and return its epoch; raises StoreDown."""
    link = Founder(place_named(url), time.time)
    try:
        epoch: bytes | None = await link.within(OPENING, link.make, repeat=False)
    finally:
        await link.close()
    if epoch is None:
        raise StoreDown(f"{link.place}: {THERE}.")
    return epoch.decode()


class Founder(Link):
    """A link that proves the server as every link does, and expects no store in it."""

    async def _prove_store(self, line: Line, server: str) -> None:
        return

    async def make(self, line: Line) -> bytes | None:
        """The epoch of the new store; None: there is one, or what is left of one."""
        if await self.has_keys(line):
            return None
        epoch: bytes | None = await line.run(CREATE, self.meta, (secrets.token_hex(16), SCHEMA))
        return epoch

    async def has_keys(self, line: Line) -> bool:
        """Keys without a meta are what an accident left: they must not become part of a new store."""
        cursor, ours = b"0", f"{{{self.name}}}:*"
        while True:
            cursor, found = await line.call("SCAN", cursor, "MATCH", ours, "COUNT", 1000)
            if found or cursor == b"0":
                return bool(found)
