"""One commit, statement by statement, inside the writer's transaction: its guards, then what it writes."""

import sqlite3

from bot.domain.promotion import Promotion
from bot.store.audit import Head, head_of, link
from bot.store.leases import Leases
from bot.store.prepared import REMEMBERED, Prepared, next_revision, number_of, revisions_of
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


class Undone(Exception):
    """The change must not happen: roll it back and tell the outcome."""

    def __init__(self, outcome: Conflict | DuplicateOf | Fenced) -> None:
        super().__init__(outcome)
        self.outcome = outcome


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
    return Committed(revisions_of(change), _append(connection, change.audit).digest)


def audit_head(connection: sqlite3.Connection) -> Head:
    """The end of the audit chain."""
    row = connection.execute("SELECT number, digest FROM audit ORDER BY number DESC LIMIT 1").fetchone()
    return Head() if row is None else Head(*row)


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
    return insert(connection, next_revision(put.promotion), body, settled=put.settled)


def insert(connection: sqlite3.Connection, promotion: Promotion, body: bytes, *, settled: bool) -> bool:
    """Write a promotion that is not there yet, with its revision; False: its id or its correlation id is known."""
    row = (*columns_of(promotion), body, settled)
    places = ", ".join("?" * len(row))
    written = connection.execute(f"INSERT INTO promotions VALUES ({places}) ON CONFLICT DO NOTHING", row)
    return written.rowcount == 1


def columns_of(promotion: Promotion) -> tuple[str | int | float | None, ...]:
    """What a promotion is filed as: the columns beside its document."""
    return (
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
        promotion.revision,
    )


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
        append(connection, linked)
        head = head_of(linked)
    return head


def append(connection: sqlite3.Connection, linked: AuditRow) -> None:
    """Write an audit row that has its place in the chain."""
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
