"""Looks, in the background, whether people of another company read along in the channels that we speak in.

What was seen is kept in the store, so that every replica shows the same. No acknowledgement waits for it. Private
channels are not told to us: nothing is approved there, which is said, and Home is always there.
"""

import asyncio
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from bot.domain.channels import Channel, Channels
from bot.ports import Chat, Clock, Limited, Refused, VendorError
from bot.records import Records
from bot.store.protocol import Committed, StoreDown

# What Slack says of one channel that it does not show us.
HIDDEN = frozenset({"channel_not_found", "missing_scope", "method_not_supported_for_channel_type"})
ID = re.compile(r"[CG][A-Z0-9]{1,20}")
log = logging.getLogger(__name__)
REFRESH = 300.0  # seconds between looks at one channel
RETRY = 5.0  # after a look that failed
REST = 30.0  # after a no that is not about one channel: a token that Slack refuses
SEARCH = 3600.0  # seconds between searches for a name that no public channel has
STALE = 3600.0  # a channel of which Slack told nothing for so long counts as not read
MOST_HEARD = 100  # channels besides those of the catalog


class Catalog(Protocol):
    """The catalog of this moment, as far as channels stand in it, by name or id."""

    @property
    def channels(self) -> Iterable[str]: ...


class CurrentCatalog(Protocol):
    """Where the catalog of this moment is."""

    @property
    def current(self) -> Catalog: ...


class Keepers(Protocol):
    """Whoever is told that a channel has become shared."""

    def shared(self, channel: Channel) -> None: ...


class ChannelWatch:
    """The one who looks."""

    def __init__(
        self, chat: Chat, clock: Clock, records: Records, catalog: CurrentCatalog, keepers: Keepers
    ) -> None:
        self._chat = chat
        self._clock = clock
        self._records = records
        self._catalog = catalog
        self._keepers = keepers
        self._heard: dict[str, None] = {}  # channels where somebody spoke to us
        self._looked: dict[str, float] = {}  # by id, the last look that told something
        self._searched: dict[str, float] = {}  # by name, the last search
        self._began = clock.now()
        self._wanted = asyncio.Event()
        self.has_looked = False  # once at all, whatever came of it

    def heard(self, channel: str) -> None:
        """Somebody spoke in a channel: who reads along there is looked up soon, if it is not known."""
        is_new = channel not in self._heard and channel not in self._looked
        if is_new and ID.fullmatch(channel):
            self._heard = dict.fromkeys([*list(self._heard)[-MOST_HEARD + 1 :], channel])
            self._wanted.set()

    def changed(self, channel: str) -> None:
        """Slack says that a channel was shared, or is no longer: it is looked at now."""
        if self._looked.pop(channel, None) is None:
            self.heard(channel)
        self._wanted.set()

    async def run(self) -> None:
        """Keep what is known of the channels fresh, until cancelled."""
        while True:
            self._wanted.clear()
            try:
                pause = await self.look()
            except StoreDown as down:
                log.warning("store down", extra={"why": str(down)})
                pause = RETRY
            self.has_looked = True
            await self._clock.wait(self._wanted, pause)

    async def look(self) -> float:
        """Look at every channel that is due, and keep what is new; seconds until the next look."""
        known, revision = await self._records.channels()
        seen, pause = {one.id: one for one in known.known}, REFRESH
        try:
            for id in await self._due(known):
                channel = await self._read(id, seen.get(id))
                seen |= {id: channel} if channel else {}
        except VendorError as error:
            log.warning("channels not read", extra={"why": str(error)})
            pause = _pause(error)
        channels = Channels(tuple(self._believed(seen[id]) for id in sorted(self._kept(seen))))
        return pause if await self._keep(known, channels, revision) else RETRY

    async def _due(self, known: Channels) -> list[str]:
        """The ids of the channels to look at: the catalog's first, then those where somebody spoke to us."""
        named = {one: known.named(one) for one in self._catalog.current.channels}
        found = await self._search([one for one, channel in named.items() if channel is None])
        ids = [channel.id if channel else found.get(one, one) for one, channel in named.items()]
        every = dict.fromkeys([*ids, *(one.id for one in known.known), *self._heard])
        now = self._clock.now()
        return [id for id in every if ID.fullmatch(id) and now - self._looked.get(id, -REFRESH) >= REFRESH]

    async def _search(self, names: list[str]) -> Mapping[str, str]:
        """The ids of channels that are known by name only: a search reads the list of all of them."""
        now = self._clock.now()
        new = [name for name in names if now - self._searched.get(name, -SEARCH) >= SEARCH]
        wanted = [name for name in new if not ID.fullmatch(name)]
        found = await self._chat.find_channels(wanted) if wanted else {}
        self._searched |= dict.fromkeys(wanted, now)
        return found

    async def _read(self, id: str, before: Channel | None) -> Channel | None:
        """What Slack says of a channel now, or what it said before."""
        try:
            channel = await self._chat.channel(id)
        except Refused as no:
            if no.code not in HIDDEN:
                raise
            self._heard.pop(id, None)  # it is looked at when somebody speaks there again
            return before
        self._looked[id] = self._clock.now()
        return channel

    def _kept(self, seen: Mapping[str, Channel]) -> list[str]:
        """The ids to keep: the catalog's channels, those that are shared, and of the others not too many."""
        named = set(self._catalog.current.channels)
        first = [id for id, one in seen.items() if {id, one.name} & named or one.sharing == "outside"]
        others = [id for id in seen if id not in first]
        return [*first, *others[-MOST_HEARD:]]

    def _believed(self, channel: Channel) -> Channel:
        """What nobody confirmed for too long counts no more; that it is shared is believed until it is not."""
        told = self._looked.get(channel.id, self._began)
        is_stale = self._clock.now() - told > STALE and channel.sharing == "inside"
        return replace(channel, sharing="unread") if is_stale else channel

    async def _keep(self, known: Channels, channels: Channels, revision: int) -> bool:
        """Whether it is kept now; whoever was first with the news that a channel is shared tells it."""
        changed = tuple(one for one in channels.known if one not in known.known)
        if not changed:
            return True
        outcome = await self._records.channels_seen(channels, revision, Channels(changed))
        if not isinstance(outcome, Committed):
            return False
        for channel in changed:
            if channel.sharing == "outside" and not known.is_shared(channel.id):
                self._keepers.shared(channel)
        return True


def _pause(error: VendorError) -> float:
    if isinstance(error, Limited):
        return error.retry_after
    return REST if isinstance(error, Refused) else RETRY
