"""One Redis: its connections, deadlines, and what is believed of it.

Every connection is proven before it is used: the server is a master whose settings keep what it acknowledged, and
the store in it is the one that was opened. A call has one deadline for everything; redis-py retries nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from redis.asyncio.connection import BlockingConnectionPool
from redis.exceptions import RedisError, ResponseError

from bot.store.protocol import StoreDown, Unanswered
from bot.store.redis_errors import ALONE, EMPTIED, SLOW, Again, Trouble, Unfit, trouble_of
from bot.store.redis_ground import FSYNC, NEWER, NOTHING, ground_of, identity_of, is_followed, told_of
from bot.store.redis_line import Argument, Line, SafeLine
from bot.store.redis_script import Script, lua
from bot.store.redis_seek import is_backed, options_of, seek_of
from bot.store.redis_url import RedisPlace, WrongUrl, place_of

log = logging.getLogger(__name__)

SCHEMA = 1
DEADLINE = 1.0  # seconds for one call, waiting for a connection included
OPENING = 5.0  # seconds for the first connection
PAUSE = 0.05  # seconds between tries
REPLICA = 0.3  # seconds that an intent waits for a replica
CONNECTIONS = 16
ARRIVE = lua("arrive")

Use = Callable[[Line], Awaitable[Any]]


class Link:
    """The way to one Redis. Open it before use; `now` is the time that a switch is written down with."""

    def __init__(self, place: RedisPlace, now: Callable[[], float]) -> None:
        self.place = place
        self.name = place.name
        self.epoch = ""
        self.doubts: tuple[str, ...] = ()  # what the URL's unproven=true overrides
        self.meta = f"{{{place.name}}}:meta"
        self._now = now
        self._switched = 0.0
        self._generation = 0  # a connection of an older one is made anew before it is used again
        self._was_followed = False  # by a replica, at some time
        self._lost = False  # a connection, since the last one was made
        self._pool = self._new_pool()

    @property
    def switched(self) -> float:
        """When another server took over, by what the newest connection was told; 0.0: never."""
        return self._switched

    async def open(self) -> None:
        """Connect and prove the ground; raises StoreDown with one sentence that names the fix."""
        self.epoch, self._switched = "", 0.0
        self._generation += 1
        try:
            await self.within(OPENING, _nothing, repeat=True)
            await self._warn()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close every connection, within a second."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DEADLINE):
                await self._pool.disconnect()

    async def script(self, script: Script, args: Sequence[Argument], *, repeat: bool) -> Any:
        """Run a script on the store; raises StoreDown within a second, Unanswered if it may have been done.

        With `repeat` it is sent again when the reply was lost: it must be read only, or know its own repetition.
        """
        return await self.within(DEADLINE, lambda line: line.run(script, self.meta, args), repeat=repeat)

    async def prove_lead(self) -> None:
        """See that no other server can have taken over unnoticed, before something is started on this one's word.

        Raises StoreDown for a master behind sentinels that their majority does not stand behind. A replica that follows
        it proves nothing: another one may have been promoted.
        """
        if self.place.kind != "sentinel":
            return
        try:
            await self.within(DEADLINE, self._lead, repeat=True)
        except Unanswered as slow:  # only questions were asked: what they were for is not done
            raise StoreDown(str(slow)) from slow

    async def wait_for_replica(self) -> None:
        """Wait until a replica has what was written, if there ever was one; a warning is all that comes of none."""
        try:
            reached = await self.within(DEADLINE, self._replicated, repeat=True)
        except StoreDown as down:
            log.warning("no replica asked", extra={"why": str(down)})
            return
        if not reached:
            log.warning("no replica has it", extra={"store": str(self.place), "waited": REPLICA})

    async def within(self, seconds: float, use: Use, *, repeat: bool) -> Any:
        """The result of a call that is tried again while that is safe, or StoreDown when the time is over."""
        call = _Call(use, repeat, SLOW.format(seconds=seconds))
        try:
            async with asyncio.timeout(seconds):
                while True:
                    try:
                        return await self._once(call)
                    except _Failed as failed:
                        if failed.is_final:
                            raise self._down(call) from failed
                    await asyncio.sleep(PAUSE)
        except TimeoutError as late:
            self._distrust(call.generation)
            raise self._down(call) from late

    async def _warn(self) -> None:
        fsync = await self.within(DEADLINE, _fsync, repeat=True)
        lasting = () if fsync in ("", "always") else (FSYNC.format(fsync=fsync),)
        for why in (*self.doubts, *lasting):
            log.warning("store", extra={"store": str(self.place), "why": why})

    async def _once(self, call: "_Call") -> Any:
        line = await self._line(call)
        before, call.is_unanswered, call.generation = call.is_unanswered, True, line.generation
        try:
            return await call.use(line)
        except (RedisError, OSError, Unfit) as error:
            trouble = trouble_of(error)
            if trouble.again != "unless sent":
                call.is_unanswered = before and trouble.again == "elsewhere"
            if trouble.again != "no":
                self._distrust(line.generation)
            raise call.failed(trouble) from error
        finally:
            await self._pool.release(line)

    async def _line(self, call: "_Call") -> Line:
        """A proven connection. Whatever fails here, nothing was sent yet."""
        try:
            line: Line = await self._pool.get_connection()
            if line.is_broken or line.generation != self._generation:
                await self._renewed(line)
        except (RedisError, OSError, Unfit) as error:
            self._lost = True
            trouble = trouble_of(error)
            again: Again = "no" if trouble.again == "no" else "elsewhere"
            raise call.failed(Trouble(trouble.why, again)) from error
        return line

    async def _renewed(self, line: Line) -> None:
        try:
            await line.renew()
        except BaseException:
            await self._pool.release(line)
            raise

    def _distrust(self, generation: int) -> None:
        """Whoever answered so, or not at all, may not be the master any more: all connections are made anew.

        Once for a generation: a Redis that is too slow must not be made slower by being greeted after each call.
        """
        if generation == self._generation:
            self._generation += 1
            self._lost = True

    async def _prove(self, line: Line) -> None:
        """Refuse a server that is not fit, and a store that is not the one that was opened."""
        self._distrust(line.generation)  # one that was proven before was cut off meanwhile
        generation, told = self._generation, told_of(await _info(line))
        ground = ground_of(told)
        self._was_followed |= is_followed(told)
        for trouble in ground.wrong:
            raise Unfit(trouble)
        if ground.doubts and not self.place.unproven:
            raise Unfit(Trouble(ground.doubts[0], "no"))
        await self._prove_store(line, identity_of(told))
        self.doubts, self._lost, line.generation = ground.doubts, False, generation

    async def _prove_store(self, line: Line, server: str) -> None:
        hello = (self.epoch, SCHEMA, server, int(self._lost), repr(self._now()))
        self._arrive(await line.run(ARRIVE, self.meta, hello))

    def _arrive(self, found: Sequence[bytes] | None) -> None:
        if found is None:
            raise Unfit(Trouble(EMPTIED if self.epoch else NOTHING, "no"))
        epoch, schema, switched = (value.decode() for value in found)
        if int(schema) > SCHEMA:
            raise Unfit(Trouble(NEWER.format(schema=schema, known=SCHEMA), "no"))
        self.epoch, self._switched = epoch, max(self._switched, float(switched or 0))

    async def _lead(self, line: Line) -> None:
        if not await is_backed(self.place, (line.host, line.port)):
            raise Unfit(Trouble(ALONE, "elsewhere"))

    async def _replicated(self, line: Line) -> bool:
        """Whether a replica, where there was one, has all that this server has done until now.

        WAIT speaks of what its own connection saw last, and the write may have gone over another: INFO looks up.
        """
        self._was_followed |= is_followed(told_of(await _info(line)))
        return not self._was_followed or bool(await line.call("WAIT", 1, round(REPLICA * 1000)))

    def _down(self, call: "_Call") -> StoreDown:
        kind = Unanswered if call.is_unanswered else StoreDown
        return kind(f"{self.place}: {call.why}.")

    def _new_pool(self) -> BlockingConnectionPool:
        return BlockingConnectionPool(
            max_connections=CONNECTIONS,
            timeout=None,
            connection_class=SafeLine if self.place.tls else Line,
            seek=seek_of(self.place),
            prove=self._prove,
            db=self.place.db,
            **options_of(self.place),
        )


async def connect(url: str, *, now: Callable[[], float]) -> Link:
    """The link of a URL, not opened yet; raises StoreDown for a URL that names no Redis."""
    return Link(place_named(url), now)


def place_named(url: str) -> RedisPlace:
    """What STORE_URL says; raises StoreDown, as all that is wrong with a store does."""
    try:
        return place_of(url)
    except WrongUrl as wrong:
        raise StoreDown(f"STORE_URL {wrong}.") from wrong


class _Failed(Exception):
    def __init__(self, *, is_final: bool) -> None:
        self.is_final = is_final
        super().__init__()


@dataclass(slots=True)
class _Call:
    """One call, over all its tries."""

    use: Use
    repeat: bool
    why: str  # it fails, by the last try
    is_unanswered: bool = False  # it was sent, and may have been done
    generation: int = -1  # of the connection it was sent over last

    def failed(self, trouble: Trouble) -> _Failed:
        """What came of one try, and whether there may be another."""
        self.why = trouble.why
        again = trouble.again == "elsewhere" or (trouble.again == "unless sent" and self.repeat)
        return _Failed(is_final=not again)


async def _nothing(line: Line) -> None:
    """Being connected is enough."""


async def _info(line: Line) -> str:
    """What the server tells; a managed one may refuse to."""
    try:
        answer: bytes = await line.call("INFO")
    except ResponseError:
        return ""
    return answer.decode(errors="replace")


async def _fsync(line: Line) -> str:
    """How often the append-only file reaches the disk; many forbid the question."""
    try:
        answer: Sequence[bytes] = await line.call("CONFIG", "GET", "appendfsync")
    except ResponseError:
        return ""
    return answer[1].decode() if len(answer) > 1 else ""
