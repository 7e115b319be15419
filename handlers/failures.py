"""When something of ours breaks in a handler: logged whole under a reference, told to the person as that reference."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import uuid4

from bot.store.protocol import StoreDown

log = logging.getLogger(__name__)
T = TypeVar("T")


class Broke(Exception):
    """A handler broke; `reference` finds the log entry, `store_down` says that the store was the reason."""

    def __init__(self, reference: str, *, store_down: bool) -> None:
        super().__init__(reference)
        self.reference = reference
        self.store_down = store_down


async def guarded(work: Callable[[], Awaitable[T]]) -> T:
    """Do the work; whatever breaks becomes `Broke`, so that Slack's own error is never what people see."""
    try:
        return await work()
    except StoreDown as down:
        log.warning("store down", extra={"why": str(down)})
        raise Broke("", store_down=True) from down
    except Exception as error:
        reference = uuid4().hex[:6]
        log.exception("handler broke", extra={"ref": reference})
        raise Broke(reference, store_down=False) from error
