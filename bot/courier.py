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


async def tell(chat: Chat, channel: str, person: Person, rendition: Rendition) -> None:
    """Tell one person privately: where they are if the bot can be there, else by direct message."""
    if channel:
        try:
            await chat.whisper(channel, person.slack, rendition.text, rendition.blocks)
        except Refused:
            pass
        else:
            return
    await chat.direct(person.slack, rendition.text, rendition.blocks)


class Courier:
    """Runs errands after the answer was given."""

    def __init__(self) -> None:
        self._errands: asyncio.Queue[Errand] = asyncio.Queue(MOST)

    def send(self, errand: Errand) -> None:
        """Run an errand soon; a full queue drops it."""
        try:
            self._errands.put_nowait(errand)
        except asyncio.QueueFull:
            log.warning("too many errands: one is dropped")

    async def run(self) -> None:
        """Carry errands until cancelled."""
        async with asyncio.TaskGroup() as carriers:
            for _ in range(AT_ONCE):
                carriers.create_task(self._carry())

    async def _carry(self) -> None:
        while True:
            errand = await self._errands.get()
            (came_of_it,) = await asyncio.gather(_run(errand), return_exceptions=True)
            if isinstance(came_of_it, VendorError):
                log.warning("errand failed", extra={"why": str(came_of_it)})
            elif isinstance(came_of_it, BaseException):  # a fault of ours costs this errand, and no other one
                log.error("errand broke", exc_info=came_of_it)


async def _run(errand: Errand) -> object:
    return await errand()
