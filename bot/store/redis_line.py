"""Connections that find their server anew each time, and are proven before their first use."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from redis.asyncio.connection import AbstractConnection, Connection, SSLConnection
from redis.exceptions import NoScriptError

from bot.store.redis_script import Script
from bot.store.redis_seek import Seek

Argument = str | bytes | int | float
Prove = Callable[["Line"], Awaitable[None]]


class Line(Connection):
    """A connection to the server that `seek` finds; `prove` says, by raising, that it must not be used."""

    def __init__(self, *, seek: Seek, prove: Prove, **options: Any) -> None:
        super().__init__(redis_connect_func=_greet, **options)
        self.generation = -1  # of the link, when this connection was proven
        self.prove = prove
        self._seek = seek

    async def _connect(self) -> None:
        self.host, self.port = await self._seek()
        await super()._connect()  # type: ignore[no-untyped-call]  # redis-py's own

    async def renew(self) -> None:
        """Connect again, to whichever server is the right one now."""
        await self.disconnect(nowait=True)
        await self.connect()  # type: ignore[no-untyped-call]  # redis-py's own

    @property
    def is_broken(self) -> bool:
        """Whether it was cut off; redis-py's pool notices an end (FIN), and not a reset."""
        return self._writer is None or self._writer.is_closing()

    async def call(self, *command: Argument) -> Any:
        """The answer to one command."""
        await self.send_command(*command)
        return await self.read_response()

    async def run(self, script: Script, key: str, args: Sequence[Argument]) -> Any:
        """The answer of a script, which is sent whole where the server does not have it."""
        try:
            return await self.call("EVALSHA", script.sha, 1, key, *args)
        except NoScriptError:
            return await self.call("EVAL", script.text, 1, key, *args)


class SafeLine(Line, SSLConnection):
    """The same over TLS."""


async def _greet(line: AbstractConnection) -> None:
    """Log in and prove; a connection that was cut off in between must not look like one that is ready."""
    if not isinstance(line, Line):
        raise TypeError("this greets lines only")
    try:
        await line.on_connect_check_health(check_health=False)
        await line.prove(line)
    except BaseException:
        await line.disconnect(nowait=True)
        raise
