"""What is said to one person after the acknowledgement: private replies and forms. Nothing that must happen.

Slack gives three seconds for an answer, and nothing may wait for a vendor before it. A courier carries what is left
to say afterwards, in order, from a bounded queue in the one task group; what does not fit is dropped and logged.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from blocks.rendition import Rendition
from bot.domain.policy import Person
from bot.ports import Chat, Refused, VendorError

log = logging.getLogger(__name__)
MOST = 1000  # errands waiting
AT_ONCE = 8

Errand = Callable[[], Awaitable[object]]


def noted(rendition: Rendition) -> Rendition:
    """Leave the code of a no in the log, where whoever is asked for help finds it; the rendition as it came."""
    if rendition.code:
        log.info("said no", extra={"code": rendition.code})
    return rendition


async def tell(chat: Chat, channel: str, person: Person, rendition: Rendition, thread: str = "") -> None:
    """Tell one person privately: where they are if the bot can be there, else by direct message."""
    noted(rendition)
    if channel:
        try:
            await chat.whisper(channel, person.slack, rendition.text, rendition.blocks, thread=thread or None)
        except Refused:
            pass
        else:
            return
    await chat.direct(person.slack, rendition.text, rendition.blocks)


class Courier:
    """Runs errands after the answer was given."""

    def __init__(self) -> None:
        self._errands: asyncio.Queue[Errand] = asyncio.Queue(MOST)
        self._dropped = 0

    @property
    def waiting(self) -> int:
        """How many errands nobody carries yet."""
        return self._errands.qsize()

    def send(self, errand: Errand) -> None:
        """Run an errand soon; a full queue drops it."""
        try:
            self._errands.put_nowait(errand)
        except asyncio.QueueFull:
            if not self._dropped:  # one line for a flood, and one when it is over
                log.warning("too many errands: some are dropped")
            self._dropped += 1

    async def run(self) -> None:
        """Carry errands until cancelled."""
        async with asyncio.TaskGroup() as carriers:
            for _ in range(AT_ONCE):
                carriers.create_task(self._carry())

    async def rest(self, seconds: float) -> None:
        """Give what is left to say some seconds to be said."""
        try:
            async with asyncio.timeout(seconds):
                await self._errands.join()
        except TimeoutError:
            log.warning("errands left undone", extra={"left": self.waiting})

    async def _carry(self) -> None:
        while True:
            errand = await self._errands.get()
            self._own_up()
            (came_of_it,) = await asyncio.gather(_run(errand), return_exceptions=True)
            self._errands.task_done()
            if isinstance(came_of_it, VendorError):
                log.warning("errand failed", extra={"why": str(came_of_it)})
            elif isinstance(came_of_it, BaseException):  # a fault of ours costs this errand, and no other one
                log.error("errand broke", exc_info=came_of_it)

    def _own_up(self) -> None:
        if self._dropped and self._errands.empty():
            log.warning("errands were dropped", extra={"dropped": self._dropped})
            self._dropped = 0


async def _run(errand: Errand) -> object:
    return await errand()
