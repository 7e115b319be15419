"""Short ways to say a promotion, an audit row and a commit, and to make one that must succeed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.domain.policy import Kind
from bot.domain.promotion import Promotion
from bot.store.protocol import AuditRow, Commit, Committed, Document, PromotionPut, SlotWish, Store

Reopen = Callable[[], Awaitable[Store]]


def promotion(number: int, service: str = "checkout", kind: Kind = Kind.PROMOTE) -> Promotion:
    """A promotion that was just asked for."""
    return Promotion(
        id=f"P-{number}",
        kind=kind,
        service=service,
        environment="production",
        version="v2.14.3",
        requester="ana",
        reason="fix refunds",
        created=float(number),
        correlation=f"{number:032x}",
    )


def row(subject: str = "P-1", at: float = 0.0, action: str = "request") -> AuditRow:
    """One audit row by Ana."""
    return AuditRow(at=at, actor="ana", action=action, subject=subject)


def put(
    changed: Promotion,
    wake: float | None = None,
    slot: SlotWish = "free",
    *,
    settled: bool = False,
    at: float = 0.0,
    claim: str = "",
) -> Commit:
    """A commit that writes one promotion; one without a wake is settled."""
    write = PromotionPut(changed, wake, slot, settled or wake is None)
    return Commit(at=at, puts=(write,), audit=(row(changed.id, at),), claim=claim)


def write_document(key: str, body: str, revision: int = 0) -> Commit:
    """A commit that writes one small document."""
    return Commit(at=0.0, documents=(Document(key, body, revision),), audit=(row(key),))


async def done(store: Store, change: Commit) -> Committed:
    """Make a commit that must succeed."""
    outcome = await store.commit(change)
    assert isinstance(outcome, Committed), outcome
    return outcome


async def stored(store: Store, number: int) -> Promotion:
    """A promotion that must be there."""
    found = await store.load(f"P-{number}")
    assert found is not None
    return found


async def add(store: Store, number: int, slot: SlotWish = "free", kind: Kind = Kind.PROMOTE) -> Promotion:
    """Store a new promotion at the time of its number, with nothing due."""
    await done(store, put(promotion(number, kind=kind), slot=slot, at=float(number)))
    return await stored(store, number)


async def say(store: Store, number: int, slot: SlotWish, at: float) -> None:
    """Write a stored promotion again with a wish about its slot."""
    await done(store, put(await stored(store, number), slot=slot, at=at))


def renamed(before: Promotion, reason: str) -> Promotion:
    """The promotion with another reason, as a change that can be seen."""
    return replace(before, reason=reason)


def many_rows(number: int) -> Commit:
    """A commit of a hundred audit rows about one promotion."""
    return Commit(at=0.0, audit=tuple(row(f"P-{number}", float(n)) for n in range(100)))
