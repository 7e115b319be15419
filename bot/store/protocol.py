"""The store: one small protocol, two implementations, one contract suite.

`commit` is the only way to change anything. It checks revisions and dedupe first and then writes, atomically:
promotions, small documents, audit rows (chained), wakes, indexes and the slot. Nothing is half written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.policy import Kind
from bot.domain.promotion import Phase, Promotion
from bot.domain.promotion import Slot as Slot
from bot.domain.promotion import SlotWish as SlotWish


class StoreDown(Exception):
    """The store did not do it, or cannot say: nothing may be acknowledged on its word."""


class Unanswered(StoreDown):
    """It was sent and no answer came: it may have been done."""


@dataclass(frozen=True, slots=True)
class Document:
    """A small versioned document beside the promotions: live:checkout:production, team:sre."""

    key: str
    body: str  # JSON of bot.store.codec
    revision: int  # 0: does not exist


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One thing that changed. `number`, `previous` and `digest` are the chain, set by the store."""

    at: float
    actor: str
    action: str
    subject: str  # P-142, live:checkout:production
    detail: str = ""  # compact JSON
    number: int = 0
    previous: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class PromotionPut:
    """A promotion to write: `promotion.revision` is the one that was read, the store writes it plus one."""

    promotion: Promotion
    wake: float | None  # when it is due next; None: as before
    slot: SlotWish = "free"
    settled: bool = False  # leaves the due index for good


@dataclass(frozen=True, slots=True)
class Commit:
    """One atomic change."""

    at: float
    puts: tuple[PromotionPut, ...] = ()
    documents: tuple[Document, ...] = ()  # with the revision that was read
    read: tuple[tuple[str, int], ...] = ()  # small documents that must still have this revision
    audit: tuple[AuditRow, ...] = ()
    dedupe: tuple[str, str] | None = None  # key, promotion id that a duplicate is told
    wakes: tuple[str, ...] = ()  # other promotions to make due at once
    claim: str = ""  # token of the lease that the committer holds: its own commit does not mark it touched
    # Something is sent on its word: a replica of the store should have it, where there is one.
    intent: bool = False


@dataclass(frozen=True, slots=True)
class Committed:
    """It is durable. `revisions` are the new ones, by promotion id or document key."""

    revisions: Mapping[str, int] = field(default_factory=dict)
    audit_head: str = ""  # digest of the newest audit row


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that was read has changed: look again."""

    what: str


@dataclass(frozen=True, slots=True)
class DuplicateOf:
    """This message was committed before, for this promotion."""

    promotion: str


@dataclass(frozen=True, slots=True)
class Fenced:
    """The lease that the committer speaks of is not theirs any more: somebody else may work there."""


Outcome = Committed | Conflict | DuplicateOf | Fenced


@dataclass(frozen=True, slots=True)
class Claim:
    """A due promotion, leased to one worker; `token` fences it."""

    promotion: str
    token: str


@dataclass(frozen=True, slots=True)
class Query:
    """Which promotions: every field that is set must match. Newest first."""

    service: str | None = None
    environment: str | None = None
    sha: str | None = None
    phases: frozenset[Phase] | None = None
    kind: Kind | None = None
    before: str | None = None  # page on: ids older than this one
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one decision looks at beside its promotion."""

    keys: tuple[str, ...]  # of small documents
    service: str  # of the slot, with the environment
    environment: str
    finds: tuple[Query, ...]
    promotion: str = ""  # another one to load


@dataclass(frozen=True, slots=True)
class Seen:
    """The answers to `Wanted`."""

    documents: Mapping[str, Document]
    slot: Slot
    found: tuple[Sequence[Promotion], ...]  # in the order of the queries
    loaded: Promotion | None


class Store(Protocol):
    """Where everything is kept. Every method may raise StoreDown."""

    @property
    def switched(self) -> float:
        """When another server took over, which may not have the last commits of the one before; 0.0: never."""
        ...

    async def open(self) -> None:
        """Prove the ground (schema, single owner) or refuse with one sentence that names the fix."""
        ...

    async def close(self) -> None: ...

    async def reserve(self, sequence: str) -> int:
        """The next number of a sequence: 1, 2, 3 ... Gaps are allowed, repeats never."""
        ...

    async def load(self, promotion: str) -> Promotion | None: ...

    async def find(self, query: Query) -> Sequence[Promotion]: ...

    async def find_ids(self, query: Query) -> Sequence[str]:
        """The ids of what `find` would find, without reading any of it."""
        ...

    async def see(self, wanted: Wanted) -> Seen:
        """What one decision looks at, in one go: a round for each question would be most of an answer's time."""
        ...

    async def find_by_correlation(self, correlation: str) -> str | None:
        """The id of the promotion with this correlation id."""
        ...

    async def find_by_run(self, run_id: int) -> str | None:
        """The id of the promotion whose run this is."""
        ...

    async def find_by_channel(self, channel: str) -> str | None:
        """The id of the promotion that opened this incident channel."""
        ...

    async def documents(self, keys: Sequence[str]) -> Mapping[str, Document]:
        """The small documents of these keys; one that does not exist has revision 0 and an empty body."""
        ...

    async def slot(self, service: str, environment: str) -> Slot: ...

    async def slots_held(self) -> Sequence[Slot]: ...

    async def commit(self, change: Commit) -> Outcome:
        """Do all of a change or nothing: dedupe first, then the fence, then revisions."""
        ...

    async def claim_due(self, now: float, lease: float, limit: int, kept: int = 0) -> Sequence[Claim]:
        """Lease due promotions that nobody holds, rollbacks first, oldest wake first.

        At most `limit`, and `kept` more that are rollbacks: so a rollback finds a place where there is no other.
        """
        ...

    async def renew(self, claim: Claim, now: float, lease: float) -> bool:
        """Hold on to a lease; False: it was lost."""
        ...

    async def release(self, claim: Claim, wake: float | None, *, settled: bool = False) -> None:
        """Give a lease back and say when it is due next; one that was touched meanwhile is due at once.

        Only what is settled leaves the index: without a wake, and not settled, it stays as due as it was.
        """
        ...

    async def next_due(self, now: float) -> float | None:
        """When the earliest unleased promotion is due."""
        ...

    async def audit(self, after: int, limit: int = 500) -> Sequence[AuditRow]: ...

    async def audit_of(self, subject: str, limit: int = 50) -> Sequence[AuditRow]:
        """The newest rows of one promotion, oldest first."""
        ...

    async def verify_audit(self) -> int | None:
        """The number of the first row that breaks the chain, or None."""
        ...
