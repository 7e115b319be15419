"""One commit, statement by statement, inside the writer's transaction: its guards, then what it writes."""

import sqlite3
from dataclasses import dataclass, replace

from bot.domain.promotion import Promotion
from bot.store.audit import Head, link
from bot.store.codec import check_size, dump_promotion
from bot.store.leases import Leases
from bot.store.protocol import (
    AuditRow,
    Claim,
    Commit,
    Committed,
    Conflict,
    Document,
    DuplicateOf,
    Fenced,
    PromotionPut,
)
from bot.store.sqlite_due import schedule, wake_now
from bot.store.sqlite_slots import SlotLost, grant

REMEMBERED = 7 * 86_400.0  # seconds that a message's key is known


class Undone(Exception):
    """The change must not happen: roll it back and tell the outcome."""

    def __init__(self, outcome: Conflict | DuplicateOf | Fenced) -> None:
        super().__init__(outcome)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Prepared:
    """A commit whose documents are already encoded, off the writer's thread."""

    change: Commit
    bodies: tuple[bytes, ...]  # of the puts, with their new revisions


def prepare(change: Commit) -> Prepared:
    """Encode a commit; raises ValueError for one that no store may accept, and TooLarge."""
    if (change.puts or change.documents) and not change.audit:
        raise ValueError("a commit that changes something needs an audit row")
    _no_repeats([put.promotion.id for put in change.puts] + [document.key for document in change.documents])
    for document in change.documents:
        check_size(document.body.encode(), document.key)
    return Prepared(change, tuple(dump_promotion(_next_revision(put.promotion)) for put in change.puts))


def number_of(promotion: str) -> int:
    """The number in a promotion's id: 142 of P-142."""
    return int(promotion.removeprefix("P-"))


def apply(connection: sqlite3.Connection, leases: Leases, prepared: Prepared) -> Committed:
    """Write a commit; raises Undone with the outcome when a guard does not hold."""
    change = prepared.change
    _deduplicate(connection, change)
    _check_lease(leases, change)
    for key, revision in change.read:
        _check_read(connection, key, revision)
    for put, body in zip(change.puts, prepared.bodies, strict=True):
        _write(connection, put, body)
        schedule(connection, leases, put, change)
    for document in change.documents:
        _write_document(connection, document)
    _move_slots(connection, leases, change)
    for promotion in change.wakes:
        wake_now(connection, leases, promotion, change.at)
    return Committed(_revisions(change), _append(connection, change.audit).digest)


def audit_head(connection: sqlite3.Connection) -> Head:
    """The end of the audit chain."""
    row = connection.execute("SELECT number, digest FROM audit ORDER BY number DESC LIMIT 1").fetchone()
    return Head() if row is None else Head(*row)


def reserve(connection: sqlite3.Connection, sequence: str) -> int:
    """The next number of a sequence, from 1."""
    row = connection.execute(
        "INSERT INTO sequences VALUES (?, 1) ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last",
        (sequence,),
    ).fetchone()
    return int(row[0])


def _no_repeats(names: list[str]) -> None:
    if len(set(names)) != len(names):
        raise ValueError("a commit writes each promotion and document once")


def _next_revision(promotion: Promotion) -> Promotion:
    return replace(promotion, revision=promotion.revision + 1)


def _deduplicate(connection: sqlite3.Connection, change: Commit) -> None:
    if change.dedupe is None:
        return
    key, promotion = change.dedupe
    connection.execute("DELETE FROM dedupe WHERE at < ?", (change.at - REMEMBERED,))
    known = connection.execute("SELECT promotion FROM dedupe WHERE key = ?", (key,)).fetchone()
    if known is not None:
        raise Undone(DuplicateOf(known[0]))
    connection.execute("INSERT INTO dedupe VALUES (?, ?, ?)", (key, promotion, change.at))


def _check_lease(leases: Leases, change: Commit) -> None:
    claims = (Claim(put.promotion.id, change.claim) for put in change.puts)
    if change.claim and all(leases.of(claim) is None for claim in claims):
        raise Undone(Fenced())


def _check_read(connection: sqlite3.Connection, key: str, revision: int) -> None:
    row = connection.execute("SELECT revision FROM documents WHERE key = ?", (key,)).fetchone()
    if (0 if row is None else row[0]) != revision:
        raise Undone(Conflict(key))


def _write(connection: sqlite3.Connection, put: PromotionPut, body: bytes) -> None:
    changed = _insert if put.promotion.revision == 0 else _update
    if not changed(connection, put, body):
        raise Undone(Conflict(put.promotion.id))


def _insert(connection: sqlite3.Connection, put: PromotionPut, body: bytes) -> bool:
    promotion = put.promotion
    row = (
        number_of(promotion.id),
        promotion.id,
        promotion.service,
        promotion.environment,
        promotion.sha,
        promotion.phase,
        promotion.kind,
        promotion.created,
        promotion.correlation,
        promotion.run.run_id,
        _channel(promotion),
        1,
        body,
        put.settled,
    )
    places = ", ".join("?" * len(row))
    written = connection.execute(f"INSERT INTO promotions VALUES ({places}) ON CONFLICT DO NOTHING", row)
    return written.rowcount == 1


def _update(connection: sqlite3.Connection, put: PromotionPut, body: bytes) -> bool:
    promotion = put.promotion
    written = connection.execute(
        "UPDATE promotions "
        "SET sha = ?, phase = ?, run_id = ?, channel = ?, body = ?, settled = ?, revision = revision + 1 "
        "WHERE id = ? AND revision = ?",
        (
            promotion.sha,
            promotion.phase,
            promotion.run.run_id,
            _channel(promotion),
            body,
            put.settled,
            promotion.id,
            promotion.revision,
        ),
    )
    return written.rowcount == 1


def _channel(promotion: Promotion) -> str | None:
    return promotion.incident.channel or None if promotion.incident else None


def _write_document(connection: sqlite3.Connection, document: Document) -> None:
    if document.revision == 0:
        statement = "INSERT INTO documents (body, key, revision) VALUES (?, ?, ? + 1) ON CONFLICT DO NOTHING"
    else:
        statement = "UPDATE documents SET body = ?, revision = revision + 1 WHERE key = ? AND revision = ?"
    if connection.execute(statement, (document.body, document.key, document.revision)).rowcount != 1:
        raise Undone(Conflict(document.key))


def _move_slots(connection: sqlite3.Connection, leases: Leases, change: Commit) -> None:
    for put in change.puts:
        winner = _granted(connection, put, change.at)
        if winner is not None:
            wake_now(connection, leases, winner, change.at)


def _granted(connection: sqlite3.Connection, put: PromotionPut, at: float) -> str | None:
    try:
        return grant(connection, put, at)
    except SlotLost as lost:
        raise Undone(Conflict("slot")) from lost


def _append(connection: sqlite3.Connection, rows: tuple[AuditRow, ...]) -> Head:
    head = audit_head(connection)
    for row in rows:
        linked = link(head, row)
        connection.execute(
            "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                linked.number,
                linked.at,
                linked.actor,
                linked.action,
                linked.subject,
                linked.detail,
                linked.previous,
                linked.digest,
            ),
        )
        head = Head(linked.number, linked.digest)
    return head


def _revisions(change: Commit) -> dict[str, int]:
    promotions = {put.promotion.id: put.promotion.revision + 1 for put in change.puts}
    return promotions | {document.key: document.revision + 1 for document in change.documents}
