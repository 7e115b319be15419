"""The embedded store: one SQLite file, one process that owns it, nothing else to run.

Changes go through the writer's thread, questions through the reader's; the event loop waits for neither disk.
"""

import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from bot.domain.promotion import Promotion
from bot.store import sqlite_due as due
from bot.store import sqlite_queries as queries
from bot.store.audit import Head
from bot.store.leases import Leases, Monotonic
from bot.store.prepared import prepare
from bot.store.protocol import AuditRow, Claim, Commit, Document, Outcome, Query, Seen, Slot, Wanted
from bot.store.sqlite_commit import apply
from bot.store.sqlite_owner import Ownership
from bot.store.sqlite_reader import Reader
from bot.store.sqlite_schema import switched
from bot.store.sqlite_slots import slot_of, slots_held
from bot.store.sqlite_writer import Writer

AUDIT_PAGE = 1000  # rows checked in one turn of the reader


class SqliteStore:
    """A Store (see `bot.store.protocol`) in one file. `monotonic` is what leases expire by."""

    def __init__(self, path: Path | str, *, monotonic: Monotonic = time.monotonic) -> None:
        self._path = Path(path).absolute()
        self._owner = Ownership(self._path)
        self._leases = Leases(monotonic)
        self._writer = Writer(self._path, self._leases)
        self._reader = Reader(self._path)
        self._switched = 0.0

    @property
    def switched(self) -> float:
        """Never by itself, as what is committed is in the file; one that was copied here knows of its source's."""
        return self._switched

    async def open(self) -> None:
        """Own and prove the file, or create it; raises StoreDown with one sentence that names the fix."""
        self._owner.take()
        try:
            await self._writer.start()
            await self._reader.start()
            self._switched = float(await self._reader.run(switched))
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Finish the changes that wait, close the file and give it up."""
        await self._reader.stop()
        await self._writer.stop()
        self._owner.give_up()

    async def reserve(self, sequence: str) -> int:
        """The next number of a sequence, durable before anything that names it."""
        return self._writer.reserve(sequence)

    async def load(self, promotion: str) -> Promotion | None:
        """One promotion; raises NewerDocument for one that a newer version wrote."""
        return await self._reader.run(partial(queries.load, promotion=promotion))

    async def find(self, query: Query) -> Sequence[Promotion]:
        """Promotions that match, newest first."""
        return await self._reader.run(partial(queries.find, query=query))

    async def find_ids(self, query: Query) -> Sequence[str]:
        """The ids of promotions that match, newest first."""
        return await self._reader.run(partial(queries.find_ids, query=query))

    async def see(self, wanted: Wanted) -> Seen:
        """What one decision looks at, all of one moment."""
        return await self._reader.run(partial(queries.see, wanted=wanted))

    async def find_by_correlation(self, correlation: str) -> str | None:
        """The id of the promotion with this correlation id."""
        return await self._reader.run(partial(queries.find_by, column="correlation", value=correlation))

    async def find_by_run(self, run_id: int) -> str | None:
        """The id of the promotion whose run this is."""
        return await self._reader.run(partial(queries.find_by, column="run_id", value=run_id))

    async def find_by_channel(self, channel: str) -> str | None:
        """The id of the promotion that opened this incident channel."""
        return await self._reader.run(partial(queries.find_by, column="channel", value=channel))

    async def documents(self, keys: Sequence[str]) -> Mapping[str, Document]:
        """The small documents of these keys; one that does not exist has revision 0 and an empty body."""
        return await self._reader.run(partial(queries.documents, keys=keys))

    async def slot(self, service: str, environment: str) -> Slot:
        """Who deploys to one place and who is next."""
        return await self._reader.run(partial(slot_of, service=service, environment=environment))

    async def slots_held(self) -> Sequence[Slot]:
        """Every slot that somebody holds."""
        return await self._reader.run(slots_held)

    async def commit(self, change: Commit) -> Outcome:
        """Do all of a change or nothing; raises ValueError for a change that no store may accept."""
        return await self._writer.run(partial(apply, leases=self._leases, prepared=prepare(change)))

    async def claim_due(self, now: float, lease: float, limit: int, kept: int = 0) -> Sequence[Claim]:
        """Lease due promotions that nobody holds, rollbacks first; `lease` is in real seconds."""
        work = partial(due.claim, leases=self._leases, now=now, lease=lease, limit=limit, kept=kept)
        return await self._writer.run(work)

    async def renew(self, claim: Claim, now: float, lease: float) -> bool:
        """Hold on to a lease for `lease` real seconds from here; False: it was lost."""
        return await self._writer.run(lambda _: self._leases.renew(claim, lease))

    async def release(self, claim: Claim, wake: float | None, *, settled: bool = False) -> None:
        """Give a lease back; one that was touched meanwhile is due at once, a lost one changes nothing."""
        work = partial(due.release, leases=self._leases, claimed=claim, wake=wake, settled=settled)
        await self._writer.run(work)

    async def next_due(self, now: float) -> float | None:
        """When the earliest unleased promotion is due."""
        return await self._writer.run(partial(due.next_due, leases=self._leases))

    async def audit(self, after: int, limit: int = 500) -> Sequence[AuditRow]:
        """The rows of the audit chain after a number, in order."""
        return await self._reader.run(partial(queries.audit, after=after, limit=limit))

    async def audit_of(self, subject: str, limit: int = 50) -> Sequence[AuditRow]:
        """The newest rows about one subject, oldest first."""
        return await self._reader.run(partial(queries.audit_of, subject=subject, limit=limit))

    async def verify_audit(self) -> int | None:
        """The number of the first row that breaks the chain, or None."""
        head, broken = await self._check_audit(Head())
        while broken is None:
            seen = head
            head, broken = await self._check_audit(seen)
            if head == seen:
                return broken
        return broken

    async def _check_audit(self, head: Head) -> tuple[Head, int | None]:
        return await self._reader.run(partial(queries.check_audit, head=head, limit=AUDIT_PAGE))
