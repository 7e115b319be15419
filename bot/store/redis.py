"""The shared store: one Redis, any number of processes on it.

Each method is one script, and so one round trip and one atomic step. What a script does twice when it is sent twice
carries an operation id, so that a call whose answer was lost can be sent again.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.promotion import Promotion
from bot.store.audit import Head, first_break, head_of
from bot.store.codec import load_promotion
from bot.store.prepared import prepare
from bot.store.protocol import (
    AuditRow,
    Claim,
    Commit,
    Committed,
    Document,
    Outcome,
    Query,
    Seen,
    Slot,
    Wanted,
)
from bot.store.redis_commit import arguments, moment, outcome_of, place_of, word_of
from bot.store.redis_link import Link
from bot.store.redis_queries import Search, documents_of, next_of, row_of, rows_of, search_of, seeing, slot_of
from bot.store.redis_script import Script
from bot.store.redis_scripts import (
    AUDIT,
    AUDIT_OF,
    CLAIM,
    COMMIT,
    DOCUMENTS,
    FIND,
    LOAD,
    NAMED,
    NEXT_DUE,
    RECOVER,
    RELEASE,
    RENEW,
    RESERVE,
    SEE,
    SLOTS,
)

AUDIT_PAGE = 1000  # rows read in one call
Argument = str | bytes | int | float


class RedisStore:
    """A Store (see `bot.store.protocol`) behind a link. Leases expire by Redis' own clock."""

    def __init__(self, link: Link) -> None:
        self.link = link

    @property
    def switched(self) -> float:
        """When another server took over; 0.0: never."""
        return self.link.switched

    async def open(self) -> None:
        """Prove the ground, and make due what is owed; raises StoreDown with one sentence that names the fix."""
        await self.link.open()
        await self._run(RECOVER)

    async def close(self) -> None:
        """Give the connections up; leases that are still held run out."""
        await self.link.close()

    async def reserve(self, sequence: str) -> int:
        """The next number of a sequence; a lost answer leaves a gap."""
        return int(await self._run(RESERVE, sequence))

    async def load(self, promotion: str) -> Promotion | None:
        """One promotion; raises NewerDocument for one that a newer version wrote."""
        document = await self._run(LOAD, promotion)
        return None if document is None else load_promotion(document)

    async def find(self, query: Query) -> Sequence[Promotion]:
        """Promotions that match, newest first; raises NewerDocument rather than leave one out."""
        return [load_promotion(document) for document in await self._search(search_of(query), "documents")]

    async def find_ids(self, query: Query) -> Sequence[str]:
        """The ids of promotions that match, newest first."""
        return [promotion.decode() for promotion in await self._search(search_of(query), "ids")]

    async def see(self, wanted: Wanted) -> Seen:
        """What one decision looks at; only a search that examined very many promotions goes on in a later moment."""
        searches = [search_of(query) for query in wanted.finds]
        raw, slot, replies, loaded = await self._run(SEE, seeing(wanted, searches))
        found = [
            reply[1:] + await self._search(search.after(reply), "documents")
            for search, reply in zip(searches, replies, strict=True)
        ]
        return Seen(
            documents=documents_of(wanted.keys, raw),
            slot=slot_of(slot) if slot else Slot(wanted.service, wanted.environment),
            found=tuple([load_promotion(document) for document in documents] for documents in found),
            loaded=None if loaded is None else load_promotion(loaded),
        )

    async def find_by_correlation(self, correlation: str) -> str | None:
        """The id of the promotion with this correlation id."""
        return await self._named("correlations", correlation)

    async def find_by_run(self, run_id: int) -> str | None:
        """The id of the promotion whose run this is."""
        return await self._named("runs", str(run_id))

    async def find_by_channel(self, channel: str) -> str | None:
        """The id of the promotion that opened this incident channel."""
        return await self._named("channels", word_of(channel))

    async def documents(self, keys: Sequence[str]) -> Mapping[str, Document]:
        """The small documents of these keys; one that does not exist has revision 0 and an empty body."""
        return documents_of(keys, await self._run(DOCUMENTS, *keys))

    async def slot(self, service: str, environment: str) -> Slot:
        """Who deploys to one place and who is next."""
        (held,) = await self._run(SLOTS, place_of(service, environment))
        return slot_of(held) if held else Slot(service, environment)

    async def slots_held(self) -> Sequence[Slot]:
        """Every slot that somebody holds."""
        slots = [slot_of(held) for held in await self._run(SLOTS, "")]
        return sorted(slots, key=lambda slot: (slot.service, slot.environment))

    async def commit(self, change: Commit) -> Outcome:
        """Do all of a change or nothing; raises ValueError for a change that no store may accept."""
        if change.intent:
            await self.link.prove_lead()
        reply = await self._run(COMMIT, _operation(), *arguments(prepare(change)))
        outcome = outcome_of(change, reply)
        if change.intent and isinstance(outcome, Committed):
            await self.link.wait_for_replica()
        return outcome

    async def claim_due(self, now: float, lease: float, limit: int, kept: int = 0) -> Sequence[Claim]:
        """Lease due promotions that nobody holds, rollbacks first; `lease` is in seconds of Redis' clock."""
        reply = await self._run(CLAIM, _operation(), moment(now), moment(lease), limit, kept)
        names = [name.decode() for name in reply]
        return [Claim(*pair) for pair in zip(names[::2], names[1::2], strict=True)]

    async def renew(self, claim: Claim, now: float, lease: float) -> bool:
        """Hold on to a lease for `lease` seconds from here; False: it was lost."""
        return bool(await self._run(RENEW, claim.promotion, claim.token, moment(lease)))

    async def release(self, claim: Claim, wake: float | None, *, settled: bool = False) -> None:
        """Give a lease back; one that was touched meanwhile is due at once, a lost one changes nothing."""
        due = "" if wake is None else moment(wake)
        await self._run(RELEASE, claim.promotion, claim.token, due, int(settled))

    async def next_due(self, now: float) -> float | None:
        """When the earliest promotion is due that nobody holds, or that its holder may have left behind."""
        return next_of(await self._run(NEXT_DUE), now)

    async def audit(self, after: int, limit: int = 500) -> Sequence[AuditRow]:
        """The rows of the audit chain after a number, in order."""
        rows: list[AuditRow] = []
        while len(rows) < limit:
            start, most = after + len(rows), min(limit - len(rows), AUDIT_PAGE)
            page = rows_of(start, await self._run(AUDIT, start, most))
            rows += page
            if len(page) < most:
                break
        return rows

    async def audit_of(self, subject: str, limit: int = 50) -> Sequence[AuditRow]:
        """The newest rows about one subject, oldest first; more than fifty are not found by subject."""
        return [row_of(entries) for entries in await self._run(AUDIT_OF, subject, limit)]

    async def verify_audit(self) -> int | None:
        """The number of the first row that breaks the chain, or None."""
        head = Head()
        while rows := await self.audit(head.number, AUDIT_PAGE):
            broken = first_break(head, rows)
            if broken is not None:
                return broken
            head = head_of(rows[-1])
        return None

    async def _search(self, search: Search | None, answer: str) -> list[bytes]:
        """What is found by as many calls as it takes: none of them may keep Redis for long."""
        found: list[bytes] = []
        while search is not None:
            reply = await self._run(FIND, search.query, search.before, search.most, answer)
            found += reply[1:]
            search = search.after(reply)
        return found

    async def _named(self, kind: str, name: str) -> str | None:
        promotion = await self._run(NAMED, kind, name)
        return None if promotion is None else str(promotion.decode())

    async def _run(self, script: Script, *args: Argument) -> Any:
        return await self.link.script(script, (self.link.epoch, *args), repeat=True)


def _operation() -> str:
    return secrets.token_urlsafe(12)
