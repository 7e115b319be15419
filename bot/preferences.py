"""Keeps what people want to be written about: one small document a person, and one that lists who reads what.

The list is read with every promotion, so that a person who wants no letters costs nothing. What cannot be read
counts as never said: a wish must not hold up a deploy.
"""

import logging
from collections.abc import Callable

from bot.audit import compact
from bot.contexts import READERS
from bot.domain.policy import Person
from bot.domain.preferences import Preferences, Readers, with_reader
from bot.ports import Clock
from bot.store.codec import (
    DocumentError,
    TooLarge,
    dump_preferences,
    dump_readers,
    load_preferences,
    load_readers,
)
from bot.store.protocol import AuditRow, Commit, Committed, Document, Store, StoreDown

log = logging.getLogger(__name__)
TRIES = 10  # people who save at one moment all change the list


class Wishes:
    """Everybody's preferences. `zone` is what Slack says of an account: a name, or nothing."""

    def __init__(self, store: Store, clock: Clock, zone: Callable[[str], str]) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone

    async def of(self, person: str) -> Preferences:
        """What somebody wants; whoever never said, or said it unreadably, wants what everybody does."""
        key = preferences_key(person)
        return _wishes((await self._store.documents((key,)))[key])

    def zone(self, person: Person) -> str:
        """The name of the time zone that a person set in Slack; empty: not known yet."""
        return self._zone(person.slack)

    async def keep(self, person: str, wishes: Preferences) -> bool:
        """Store what somebody wants; False: too many people want letters. Raises StoreDown."""
        for _ in range(TRIES):
            key = preferences_key(person)
            known = await self._store.documents((key, READERS))
            if _wishes(known[key]) == wishes:
                return True
            try:
                change = self._change(person, wishes, known[key], known[READERS])
            except TooLarge:
                return False
            if isinstance(await self._store.commit(change), Committed):
                return True
        raise StoreDown("too many changes at one moment")

    def _change(self, person: str, wishes: Preferences, own: Document, listed: Document) -> Commit:
        now, before = self._clock.now(), _readers(listed)
        after = with_reader(before, person, wishes)
        documents = [Document(own.key, dump_preferences(wishes), own.revision)]
        if after != before:
            documents.append(Document(READERS, dump_readers(after), listed.revision))
        row = AuditRow(now, person, "preferences", own.key, compact(wishes))
        return Commit(at=now, documents=tuple(documents), audit=(row,))


def preferences_key(person: str) -> str:
    """The key of the document that keeps one person's wishes."""
    return f"preferences:{person}"


def _wishes(document: Document) -> Preferences:
    try:
        return load_preferences(document.body) if document.revision else Preferences()
    except DocumentError as unreadable:
        log.warning("preferences not read", extra={"key": document.key, "why": str(unreadable)})
        return Preferences()


def _readers(document: Document) -> Readers:
    try:
        return load_readers(document.body) if document.revision else Readers()
    except DocumentError as unreadable:
        log.warning("readers not read", extra={"why": str(unreadable)})
        return Readers()
