"""Several sockets to Slack at once, each replaced when it ends: what people do arrives as long as one of them lives.

Slack hands each envelope to one of the open connections and ends every connection after some hours, with notice:
the new one is opened before the old one goes. Tries grow apart, and never two processes in step.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from bot.adapters.slack_backoff import Backoff
from bot.adapters.slack_socket import Dialer, Frame, Socket
from bot.envelope import Open
from bot.ports import Clock, Limited, Refused, VendorError

log = logging.getLogger(__name__)
LINES = 2  # of one process; Slack allows an app ten
AT_ONCE = 1024  # envelopes in hand, before no more are read
LASTED = 30.0  # seconds after which a connection counts as one that worked
DRAIN = 10.0  # seconds that an old connection is still read after its replacement was asked for
NOTICE = ("warning", "refresh_requested")
FULL, SWITCHED_OFF = "too_many_websockets", "link_disabled"
# Seconds that have to pass at least: another process has to end first, or somebody has to mend something.
PATIENCE = {FULL: 30.0, SWITCHED_OFF: 60.0}
SHUT_OUT = 30.0


class Told(Protocol):
    """Whoever is told whether Slack lets us open sockets."""

    async def __call__(self, *, is_taken: bool) -> None: ...


class Talk:
    """One socket while it is read; `left` tells why it needs a successor."""

    def __init__(self, socket: Socket, first: Frame) -> None:
        self.socket = socket
        self.first = first
        self.left: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.takes = True  # what comes through it; else that is left to whoever follows
        self.in_hand: set[asyncio.Task[None]] = set()

    def leaves(self, why: str) -> None:
        """The first reason counts."""
        if not self.left.done():
            self.left.set_result(why)

    def begins(self, task: "asyncio.Task[None]") -> None:
        """An envelope is in hand until this task is done."""
        self.in_hand.add(task)
        task.add_done_callback(self.in_hand.discard)

    async def ends(self, seconds: float) -> None:
        """Hang up as soon as nothing is in hand: Slack sends everything elsewhere from then on, and until then no.
        So it goes on taking for half of the time; what Slack sends after that it keeps itself, or tells the person."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds / 2):
                while self.in_hand:
                    await asyncio.wait(set(self.in_hand))
        self.takes = False
        if self.in_hand:
            await asyncio.wait(set(self.in_hand), timeout=seconds / 2)
        await self.socket.close()


class SlackSockets:
    """Keeps the sockets of one process open, and answers what comes through them."""

    def __init__(
        self,
        dialer: Dialer,
        answer: Open,
        clock: Clock,
        told: Told,
        *,
        lines: int = LINES,
        counted: Callable[[int], None] = lambda _: None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._dialer = dialer
        self._answer = answer
        self._clock = clock
        self._told = told
        self._lines = lines
        self._counted = counted
        self._chance = chance
        self._open: set[Talk] = set()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._stopping = asyncio.Event()
        self._trouble = ""  # why Slack lets no socket open, as it was logged

    def alive(self) -> int:
        """How many sockets are open."""
        return len(self._open)

    async def run(self) -> None:
        """Keep every line busy until it is asked to rest, or is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for _ in range(self._lines):
                tasks.create_task(self._keep(Backoff(self._chance), tasks))

    async def rest(self, seconds: float) -> None:
        """Open no more sockets, and hang up each one when what is in hand on it is answered, after so many seconds
        at the latest: an idle one at once."""
        self._stopping.set()
        await asyncio.gather(*(talk.ends(seconds) for talk in self._open))

    async def _keep(self, backoff: Backoff, tasks: asyncio.TaskGroup) -> None:
        while not self._stopping.is_set():
            pause = await self._once(backoff, tasks)
            await self._clock.wait(self._stopping, pause)

    async def _once(self, backoff: Backoff, tasks: asyncio.TaskGroup) -> float:
        """One socket, until it needs a successor; how many seconds that one has to wait."""
        try:
            talk = Talk(*await self._dialer.dial())
        except VendorError as error:
            self._failed(error, tasks)
            return backoff.after(_least(error))
        began = self._clock.boottime()
        tasks.create_task(self._read(talk, tasks))
        why = await talk.left
        if self._stopping.is_set():
            return 0.0
        lasted = self._clock.boottime() - began
        log.info("a socket to Slack ends", extra={"why": why, "after": round(lasted)})
        if lasted >= LASTED:
            backoff.worked()
            if why in NOTICE:
                return 0.0
        return backoff.after(PATIENCE.get(why, 0.0))

    async def _read(self, talk: Talk, tasks: asyncio.TaskGroup) -> None:
        """Everything that comes through one socket, until its end."""
        frame: Frame | None = talk.first
        try:
            while frame is not None:
                await self._take(talk, frame, tasks)
                frame = await talk.socket.next()
        finally:
            self._open.discard(talk)
            self._counted(self.alive())
            talk.leaves("lost")
            await talk.socket.close()

    async def _take(self, talk: Talk, frame: Frame, tasks: asyncio.TaskGroup) -> None:
        if self._stopping.is_set() and frame.type == "hello":
            await talk.socket.close()
        elif frame.type == "hello":
            self._opened(talk, tasks)
        elif frame.type == "disconnect":
            await self._leave(talk, frame.reason, tasks)
        elif frame.envelope_id:
            await self._room.acquire()
            if talk.takes:
                talk.begins(tasks.create_task(self._reply(talk.socket, frame)))
            else:
                self._room.release()

    async def _reply(self, socket: Socket, frame: Frame) -> None:
        """An acknowledgement is a receipt: what was not stored gets none, and Slack says so to the person."""
        try:
            receipt = await self._answer(frame.envelope)
            if receipt is not None and not await socket.acknowledge(frame, receipt.payload):
                log.warning("a socket ended before its answer")
        finally:
            self._room.release()

    async def _leave(self, talk: Talk, why: str, tasks: asyncio.TaskGroup) -> None:
        """Slack ends this socket: by its notice a successor comes first, by any other word at once."""
        talk.leaves(why)
        if why in PATIENCE:
            self._complain(why, tasks)
            await talk.socket.close()
        else:
            tasks.create_task(self._drain(talk.socket))

    def _complain(self, why: str, tasks: asyncio.TaskGroup) -> None:
        if why == FULL:
            log.warning("too many sockets to Slack: an app may have ten")
        else:
            self._refused(why, tasks)

    async def _drain(self, socket: Socket) -> None:
        await self._clock.wait(self._stopping, DRAIN)
        if not self._stopping.is_set():
            await socket.close()

    def _opened(self, talk: Talk, tasks: asyncio.TaskGroup) -> None:
        self._open.add(talk)
        self._counted(self.alive())
        log.info("a socket to Slack is open", extra={"open": self.alive()})
        self._trouble = ""
        tasks.create_task(self._told(is_taken=True))

    def _failed(self, error: VendorError, tasks: asyncio.TaskGroup) -> None:
        if isinstance(error, Refused):
            self._refused(error.code, tasks)
        else:
            log.warning("no socket to Slack", extra={"why": str(error)})

    def _refused(self, why: str, tasks: asyncio.TaskGroup) -> None:
        """Said once, and not with each try."""
        if why != self._trouble:
            log.error("Slack lets no socket open", extra={"why": why})
        self._trouble = why
        tasks.create_task(self._told(is_taken=False))


def _least(error: VendorError) -> float:
    """Seconds before which another try is of no use."""
    match error:
        case Limited():
            return error.retry_after
        case Refused():
            return SHUT_OUT
        case _:
            return 0.0
