"""Who looked at their Home lately, and how far newcomers came: one small document a person, to the day."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import replace

from bot.audit import compact
from bot.domain.documents import HomeSeen
from bot.domain.home import Step
from bot.ports import Clock
from bot.store.codec import DocumentError, dump_home, load_home
from bot.store.protocol import AuditRow, Commit, Committed, Document, Store

log = logging.getLogger(__name__)
DAY = 86_400.0  # seconds
LATELY = 8 * DAY  # seven whole days and the one on which it was
REFRESH = 60.0  # seconds between looks at what other replicas wrote
NEVER = HomeSeen(0.0)


class SeenHomes:
    """What is known of everybody's visits."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[str, HomeSeen] = {}
        self._learned: dict[str, set[str]] = {}  # steps that are not stored yet
        self._read_at = float("-inf")

    def is_recent(self, person: str, now: float) -> bool:
        """Whether somebody looked within a week, as far as this process knows."""
        return now - self._known.get(person, NEVER).at <= LATELY

    def learn(self, person: str, step: Step) -> bool:
        """Remember a step until the next time something is stored; whether it was news."""
        if step.value in (*self._known.get(person, NEVER).steps, *self._learned.get(person, ())):
            return False
        self._learned.setdefault(person, set()).add(step.value)
        return True

    async def refresh(self, people: Iterable[str], now: float) -> None:
        """Read again, from time to time, who opened theirs, here or at another replica."""
        if 0.0 <= now - self._read_at < REFRESH:
            return
        names = tuple(people)
        found = await self._store.documents([home_key(name) for name in names])
        self._known = {name: _seen(found[home_key(name)]) for name in names}
        self._read_at = now

    async def store_learned(self) -> None:
        """Store the steps of people whose Home nobody publishes now."""
        for person in tuple(self._learned):
            await self.keep(person, None, ())

    async def keep(self, person: str, opened: float | None, steps: Collection[Step]) -> HomeSeen:
        """What is known of somebody now; what is new of it is stored."""
        key = home_key(person)
        document = (await self._store.documents((key,)))[key]
        known = _seen(document)
        done = {*known.steps, *(step.value for step in steps), *self._learned.pop(person, ())}
        at = known.at if opened is None else max(known.at, opened // DAY * DAY)
        after = replace(known, at=at, steps=tuple(sorted(done)))
        self._known[person] = after
        if after != known:
            await self._store_it(person, document, after)
        return after

    async def _store_it(self, person: str, document: Document, after: HomeSeen) -> None:
        put = Document(document.key, dump_home(after), document.revision)
        row = AuditRow(self._clock.now(), person, "home_seen", document.key, compact(after))
        outcome = await self._store.commit(Commit(at=row.at, documents=(put,), audit=(row,)))
        if not isinstance(outcome, Committed):
            log.info("home not remembered", extra={"person": person})  # another replica just did


def home_key(person: str) -> str:
    """The key of the document that says when somebody last saw their Home."""
    return f"home:{person}"


def _seen(document: Document) -> HomeSeen:
    try:
        return load_home(document.body) if document.revision else NEVER
    except DocumentError as unreadable:
        log.warning("home document not read", extra={"key": document.key, "why": str(unreadable)})
        return NEVER
