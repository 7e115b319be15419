"""The shared store as the target of a copy: filled before it has the key that makes it a store.

Nothing here has to be one atomic step, because no bot runs on it: a copy that broke off has no epoch and is refused.
"""

import secrets
import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import assert_never

from redis.exceptions import ResponseError

from bot.domain.policy import Kind
from bot.domain.promotion import Promotion
from bot.store.audit import Head, head_of
from bot.store.codec import load_promotion
from bot.store.contents import Counted, Kept, Remembered, Sound, Switched
from bot.store.protocol import AuditRow, Document, Slot, StoreDown
from bot.store.redis_commit import index_entry, moment, number_in_key, place_of, record_of, versioned, word_of
from bot.store.redis_create import THERE, Founder
from bot.store.redis_line import Argument, Line
from bot.store.redis_link import OPENING, SCHEMA, place_named

BATCH = 200  # commands
ROWS_BY_SUBJECT = 50
LAST_IN_LINE = 2**52  # added to the place in a queue of what is no rollback
REMEMBERED = 8 * 86_400  # seconds that Redis keeps a message: a day more than it counts

Command = Sequence[Argument]


class RedisTarget:
    """A Redis that a copy is written into."""

    def __init__(self, url: str) -> None:
        self._link = Founder(place_named(url), time.time)
        self._kinds: dict[str, Kind] = {}  # for the queues, which come after the promotions
        self._queued = 0
        self._head = Head()
        self._switched: int | None = None
        self._numbers: dict[str, str] = {}  # of each subject's newest rows

    async def open(self) -> None:
        """Prove that no store of this name, and nothing that is left of one, is there."""
        if await self._link.within(OPENING, self._link.has_keys, repeat=True):
            await self.close()
            raise StoreDown(f"{self._link.place}: {THERE}.")

    async def close(self) -> None:
        """Give the connection up; unless it was finished, what was written is no store."""
        await self._link.close()

    async def take(self, pieces: Sequence[Sound]) -> None:
        """Write some pieces."""
        commands = [command for piece in pieces for command in self._commands(piece)]
        for start in range(0, len(commands), BATCH):
            batch = commands[start : start + BATCH]
            await self._link.within(OPENING, partial(_send, batch), repeat=False)

    async def finish(self) -> None:
        """Give it an epoch, which makes it a store."""
        fields: dict[str, Argument] = {
            "queued": self._queued,
            "rows": self._head.number,
            "head": self._head.digest,
            "schema": SCHEMA,
            "epoch": secrets.token_hex(16),
        }
        if self._switched is not None:
            fields["switched"] = self._switched
        flat = [one for pair in fields.items() for one in pair]
        await self._link.within(OPENING, lambda line: line.call("HSET", self._link.meta, *flat), repeat=True)

    def _commands(self, piece: Sound) -> Iterator[Command]:
        """What writes a piece."""
        match piece:
            case Switched():
                self._switched = piece.at  # written with the epoch
            case Kept():
                yield from self._promotion(piece)
            case Document():
                yield "HSET", self._key("documents"), piece.key, versioned(piece)
            case Slot():
                yield from self._slot(piece)
            case Counted():
                yield "HSET", self._key("sequences"), piece.sequence, piece.last
            case Remembered():
                told = f"{moment(piece.at)} {piece.promotion}"
                yield "SET", self._key(f"dedupe:{piece.key}"), told, "EX", REMEMBERED
            case AuditRow():
                yield from self._row(piece)
            case _:
                assert_never(piece)

    def _promotion(self, kept: Kept) -> Iterator[Command]:
        one = load_promotion(kept.body)
        self._kinds[one.id] = one.kind
        shelf = f"{place_of(one.service, one.environment)}:{one.phase}"
        yield "HSET", self._key("promotions"), one.id, record_of(one, kept.body)
        yield "HSET", self._key("correlations"), one.correlation, one.id
        yield "ZADD", self._key(f"shelf:{shelf}"), number_in_key(one.id), one.id
        yield "ZADD", self._key("shelves"), 0, shelf
        if one.run.run_id is not None:
            yield "ZADD", self._key("runs"), 0, index_entry(str(one.run.run_id), one.id)
        if one.incident is not None and one.incident.channel:
            yield "ZADD", self._key("channels"), 0, index_entry(word_of(one.incident.channel), one.id)
        yield from self._due(one, kept)

    def _due(self, one: Promotion, kept: Kept) -> Iterator[Command]:
        if kept.wake is not None:
            line = "due:rollbacks" if one.kind is Kind.ROLLBACK else "due:others"
            yield "ZADD", self._key(line), moment(kept.wake), one.id
        if kept.woken:
            yield "SADD", self._key("woken"), one.id
        if kept.wake is None and not kept.settled:
            yield "SADD", self._key("owed"), one.id

    def _slot(self, slot: Slot) -> Iterator[Command]:
        place = place_of(slot.service, slot.environment)
        yield "HSET", self._key("slots"), place, f"{moment(slot.since)} {slot.holder}"
        for waiting in slot.queue:
            self._queued += 1
            rank = self._queued + (0 if self._kinds.get(waiting) is Kind.ROLLBACK else LAST_IN_LINE)
            yield "ZADD", self._key(f"queue:{place}"), rank, waiting

    def _row(self, row: AuditRow) -> Iterator[Command]:
        self._head = head_of(row)
        numbers = [*self._numbers.get(row.subject, "").split(), str(row.number)][-ROWS_BY_SUBJECT:]
        self._numbers[row.subject] = " ".join(numbers)
        said = {"at": moment(row.at), "actor": row.actor, "action": row.action, "subject": row.subject}
        said |= {"detail": row.detail, "digest": row.digest}
        flat = [one for pair in said.items() for one in pair]
        yield "XADD", self._key("audit"), f"{row.number}-0", *flat
        yield "HSET", self._key("audit:of"), row.subject, self._numbers[row.subject]

    def _key(self, name: str) -> str:
        return self._link.meta.removesuffix("meta") + name


async def _send(commands: Sequence[Command], line: Line) -> None:
    """All of them in one go: a Redis that reaches its disk for each of them would take minutes."""
    await line.send_packed_command(line.pack_commands(commands))
    try:
        for _ in commands:
            await line.read_response()
    except ResponseError:
        await line.disconnect(nowait=True)  # the answers to the others are still to come
        raise
