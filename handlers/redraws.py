"""Open forms that are drawn again: by what somebody chose in them, and when GitHub has answered.

Slack numbers nothing: two choices in a row may reach us, or reach Slack again, the other way round. So the newest
choice alone is drawn, one at a time for each form, and an answer of GitHub is shown only on the very form that it
was asked for: Slack refuses it (`hash_conflict`) when something newer is there.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar
from weakref import WeakValueDictionary

from blocks.rendition import View
from bot.courier import Courier
from bot.ports import Chat, Refused, ShownView, VendorError
from handlers.payloads import Filled
from handlers.rungs import by_rungs

log = logging.getLogger(__name__)
MOST = 2_000  # forms and hashes that are remembered
GONE = frozenset({"hash_conflict", "not_found", "view_not_found"})
V = TypeVar("V")
Then = Callable[[ShownView], Awaitable[None]]


class Redraws:
    """What this process last drew on each form."""

    def __init__(self, chat: Chat, courier: Courier, scouts: Courier) -> None:
        self._chat = chat
        self._courier = courier
        self._scouts = scouts
        self._newest: OrderedDict[str, int] = OrderedDict()  # form -> its newest choice
        self._became: OrderedDict[str, str] = OrderedDict()  # a hash -> the one that took its place
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def redraw(self, filled: Filled, view: View, then: Then | None = None) -> None:
        """Draw a form as its newest choice wants it, after the answer; `then` goes on from what is shown."""
        mine = self._newest.get(filled.view, 0) + 1
        _remember(self._newest, filled.view, mine)

        async def errand() -> None:
            async with self._turn(filled.view):
                if self._newest.get(filled.view, mine) != mine:
                    return
                shown = await self._update(filled.view, self._now(filled.hash), view)
            if shown is not None and then is not None:
                self._scouts.send(lambda: then(shown))

        self._courier.send(errand)

    async def refresh(self, shown: ShownView, view: View) -> None:
        """Give a form what was looked up for it, unless it shows something newer by now."""
        async with self._turn(shown.id):
            await self._update(shown.id, shown.hash, view)

    async def _update(self, form: str, hash: str, view: View) -> ShownView | None:
        try:
            shown = await by_rungs(partial(self._chat.update_view, form, hash=hash), view)
        except VendorError as error:
            gone = isinstance(error, Refused) and error.code in GONE
            log.log(logging.DEBUG if gone else logging.WARNING, "not redrawn", extra={"why": str(error)})
            return None
        _remember(self._became, hash, shown.hash)
        return shown

    def _now(self, hash: str) -> str:
        """The hash of what a form shows that showed `hash` when somebody chose something in it."""
        seen = {hash}
        while (after := self._became.get(hash)) and after not in seen:
            seen.add(after)
            hash = after
        return hash

    @asynccontextmanager
    async def _turn(self, form: str) -> AsyncIterator[None]:
        lock = self._turns.get(form)
        if lock is None:
            lock = self._turns[form] = asyncio.Lock()
        async with lock:
            yield


def _remember(kept: "OrderedDict[str, V]", key: str, value: V) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > MOST:
        kept.popitem(last=False)
