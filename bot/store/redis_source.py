"""The shared store as the source of a copy or of a survey: read part by part, also while bots work on it.

What one call reads is of one moment; two calls are not. Whatever looks wrong is therefore looked at again by who
asks (`survey.lasting`), and a copy is made at rest only.
"""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from redis.exceptions import ResponseError

from bot.domain.promotion import Promotion
from bot.store.codec import load_promotion
from bot.store.contents import Counted, Flaw, Kept, Pages, Piece, Remembered, Switched
from bot.store.protocol import StoreDown
from bot.store.redis import RedisStore
from bot.store.redis_commit import index_entry, record_of, word_of
from bot.store.redis_line import Argument, Line
from bot.store.redis_link import DEADLINE, PAUSE, Link, place_named
from bot.store.redis_queries import documents_of
from bot.store.redis_script import Script
from bot.store.redis_scripts import KEPT, TOTALS

PAGE = 500  # pieces
FEW = 100  # promotions: one may have 16 KB, and a page has a second to arrive
LOOKS = 20  # for a connection that stays: one of the tool's own may still be closing
KNOWN_WORDS = 7  # of a record's line; a newer version may add some
UNSEEN = (
    "%s does not tell who is connected (CLIENT LIST is refused), and a bot that has nothing to do cannot be seen: "
    "make sure that every bot is stopped"
)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What kept.lua says of a promotion."""

    id: str
    record: bytes
    wake: float | None
    is_owed: bool
    is_woken: bool
    is_on_its_shelf: bool
    comes_back: bool


class RedisSource:
    """A store that is read whole. `owned`: no bot may work on it, nor be connected."""

    def __init__(self, url: str, *, owned: bool) -> None:
        self._link = Link(place_named(url), time.time)
        self._store = RedisStore(self._link)
        self._owned = owned

    async def open(self) -> None:
        """Prove the store; raises StoreDown with one sentence that names the fix."""
        await self._link.open()
        try:
            if self._owned:
                await self._refuse_bots()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Give the connection up."""
        await self._link.close()

    async def pages(self) -> Pages:
        """Every piece, in pages."""
        if self._link.switched:
            yield [Switched(math.ceil(self._link.switched))]
        async for page in self._promotions():
            yield page
        documents = await self._pairs("documents")
        yield list(documents_of(list(documents), [raw.encode() for raw in documents.values()]).values())
        yield await self._slots()
        yield [Counted(name, int(last)) for name, last in (await self._pairs("sequences")).items()]
        async for page in self._messages():
            yield page
        async for page in self.audit_pages():
            yield page
        yield list(_unlike(await self._run(TOTALS)))

    async def audit_pages(self) -> Pages:
        """The audit chain, in pages."""
        after = 0
        while rows := await self._store.audit(after, PAGE):
            yield rows
            after = rows[-1].number

    async def _refuse_bots(self) -> None:
        if await self._is_worked_on():
            raise StoreDown(
                f"{self._link.place}: a bot works on it, or died a moment ago: stop every bot, then copy."
            )
        if await self._is_connected_to():
            raise StoreDown(f"{self._link.place}: a bot is connected to it: stop every bot, then copy.")

    async def _is_worked_on(self) -> bool:
        seconds, microseconds = await self._call("TIME")
        now = int(seconds) * 1_000_000 + int(microseconds)
        return bool(await self._ask("ZCOUNT", "leased", now, "+inf"))

    async def _is_connected_to(self) -> bool:
        for _ in range(LOOKS):
            others = await self._link.within(DEADLINE, self._others, repeat=True)
            if others is None:
                log.warning(UNSEEN, self._link.place)
            if not others:
                return False
            await asyncio.sleep(PAUSE)
        return True

    async def _others(self, line: Line) -> int | None:
        """How many connections of this name there are to this database, without our own; None: it does not tell."""
        try:
            own: int = await line.call("CLIENT", "ID")
            told: bytes = await line.call("CLIENT", "LIST")
        except ResponseError:
            return None
        clients = [_facts(one) for one in told.decode(errors="replace").splitlines()]
        place = (self._link.name, str(self._link.place.db))
        return sum((one.get("name"), one.get("db")) == place and one["id"] != str(own) for one in clients)

    async def _promotions(self) -> Pages:
        cursor, seen = b"0", set[bytes]()  # a scan may list one twice
        while True:
            cursor, listed = await self._ask("HSCAN", "promotions", cursor, "COUNT", FEW)
            new = [one for one in dict.fromkeys(listed[::2]) if one not in seen]
            seen.update(new)
            for start in range(0, len(new), FEW):
                yield await self._kept(new[start : start + FEW])
            if cursor == b"0":
                return

    async def _kept(self, ids: Sequence[bytes]) -> list[Piece]:
        found = [_found(*one) for one in zip(ids, await self._run(KEPT, *ids), strict=True)]
        kept: list[Piece] = [
            Kept(one.record.partition(b"\n")[2], one.wake is None and not one.is_owed, one.wake, one.is_woken)
            for one in found
        ]
        flaws = [sentence for one in found for sentence in _flaws(one)]
        read = [promotion for one in found if (promotion := _read(one)) is not None]
        nameless = [sentence async for sentence in self._nameless(read)] if read else []
        return kept + [Flaw(sentence) for sentence in flaws + nameless]

    async def _nameless(self, promotions: Sequence[Promotion]) -> AsyncIterator[str]:
        """What cannot be found by a name that the world has for it."""
        known = await self._ask("HMGET", "correlations", *[one.correlation for one in promotions])
        for one, promotion in zip(promotions, known, strict=True):
            if promotion != one.id.encode():
                yield f"{one.id} is not found by its correlation id."
        for index in ("runs", "channels"):
            names = [(one.id, name) for one in promotions if (name := _name_in(index, one))]
            entries = [index_entry(name, promotion) for promotion, name in names]
            scores = await self._ask("ZMSCORE", index, *entries) if entries else []
            for (promotion, name), score in zip(names, scores, strict=True):
                if score is None:
                    yield f"{promotion} is not found as {name} in {index}."

    async def _slots(self) -> list[Piece]:
        try:
            return list(await self._store.slots_held())
        except ValueError:
            return [Flaw("who holds a slot cannot be read.")]

    async def _messages(self) -> Pages:
        cursor, seen, start = b"0", set[bytes](), self._link.meta.removesuffix("meta") + "dedupe:"
        while True:
            cursor, keys = await self._call("SCAN", cursor, "MATCH", f"{start}*", "COUNT", PAGE)
            new = [key for key in keys if key not in seen]
            seen.update(new)
            told = await self._call("MGET", *new) if new else []
            yield [
                _remembered(key.decode().removeprefix(start), raw)
                for key, raw in zip(new, told, strict=True)
                if raw
            ]
            if cursor == b"0":
                return

    async def _pairs(self, key: str) -> dict[str, str]:
        flat = [one.decode() for one in await self._ask("HGETALL", key)]
        return dict(zip(flat[::2], flat[1::2], strict=True))

    async def _ask(self, command: str, key: str, *rest: Argument) -> Any:
        return await self._call(command, self._link.meta.removesuffix("meta") + key, *rest)

    async def _call(self, *command: Argument) -> Any:
        return await self._link.within(DEADLINE, lambda line: line.call(*command), repeat=True)

    async def _run(self, script: Script, *args: Argument) -> Any:
        return await self._link.script(script, (self._link.epoch, *args), repeat=True)


def _found(promotion: bytes, told: Sequence[Any]) -> Found:
    record, wake, *marks = told
    owed, woken, on_its_shelf, comes_back = (bool(mark) for mark in marks)
    due = float(wake) if wake else None
    return Found(promotion.decode(), record, due, owed, woken, on_its_shelf, comes_back)


def _flaws(found: Found) -> Iterator[str]:
    promotion = _read(found)
    if promotion is not None and promotion.id != found.id:
        yield f"{found.id} holds the document of {promotion.id}."
    elif promotion is not None and not _is_filed_right(found, promotion):
        yield f"{found.id} is filed as something that its document does not say."
    if not found.is_on_its_shelf:
        yield f"{found.id} is missing on its shelf: no search finds it."
    if not found.comes_back:
        yield f"{found.id} is held by a worker without a lease: nobody will ever look at it."
    if found.is_woken and found.wake is None:
        yield f"{found.id} was woken and is not due."


def _is_filed_right(found: Found, promotion: Promotion) -> bool:
    """Whether the line that the scripts read is the one of this document."""
    lines = (found.record, record_of(promotion, b""))
    told, meant = (line.partition(b"\n")[0].split(b" ")[:KNOWN_WORDS] for line in lines)
    return told == meant


def _read(found: Found) -> Promotion | None:
    """The promotion, if it can be read; that it cannot is said by the survey."""
    try:
        return load_promotion(found.record.partition(b"\n")[2])
    except ValueError:
        return None


def _name_in(index: str, promotion: Promotion) -> str:
    """What a promotion is called in an index; nothing where it has no name there."""
    if index == "runs":
        return "" if promotion.run.run_id is None else str(promotion.run.run_id)
    channel = promotion.incident.channel if promotion.incident is not None else None
    return word_of(channel) if channel else ""


def _unlike(totals: Sequence[Any]) -> Iterator[Piece]:
    promotions, correlations, on_shelves, *heads = totals
    if promotions != correlations:
        yield Flaw("there are not as many correlation ids as promotions.")
    if promotions != on_shelves:
        yield Flaw("there are not as many promotions on the shelves as are kept.")
    if heads[:2] != heads[2:]:
        yield Flaw("the newest audit row is not the one that was counted last: the end of the chain is gone.")


def _remembered(key: str, raw: bytes) -> Remembered:
    at, _, promotion = raw.decode().partition(" ")
    return Remembered(key, promotion, float(at))


def _facts(client: str) -> dict[str, str]:
    """One line of CLIENT LIST."""
    return {name: value for name, _, value in (fact.partition("=") for fact in client.split(" "))}
