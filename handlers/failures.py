"""When something of ours breaks in a handler: logged whole under its reference, told to the person as that."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Literal, TypeVar

from bot.logs import reference
from bot.ports import Clock
from bot.store.codec import NewerDocument
from bot.store.protocol import StoreDown

log = logging.getLogger(__name__)
REST = 10.0  # seconds that a side loop rests after it broke
T = TypeVar("T")
Reason = Literal["store down", "newer", "ours"]


class Broke(Exception):
    """A handler broke, and nothing was done; `reference` finds the log entry."""

    def __init__(self, reference: str, reason: Reason) -> None:
        super().__init__(reference)
        self.reference = reference
        self.reason = reason


async def guarded(work: Callable[[], Awaitable[T]]) -> T:
    """Do the work; whatever breaks becomes `Broke`, so that Slack's own error is never what people see."""
    try:
        return await work()
    except StoreDown as down:
        log.warning("store down", extra={"why": str(down)})
        raise Broke("", "store down") from down
    except NewerDocument as newer:
        log.warning("left to a newer version", extra={"why": str(newer)})
        raise Broke("", "newer") from newer
    except Exception as error:
        ref = reference()
        log.exception("handler broke", extra={"ref": ref})
        raise Broke(ref, "ours") from error


async def kept_up(loop: Callable[[], Awaitable[None]], clock: Clock) -> None:
    """Run a side loop for good: a fault of ours costs it a rest, and never the bot."""
    while True:
        with suppress(Broke):
            await guarded(loop)
        await clock.wait(asyncio.Event(), REST)
