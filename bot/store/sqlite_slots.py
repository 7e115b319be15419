"""The slot: one promotion deploys to one (service, environment), the rest queue, rollbacks first.

Wishes are granted inside the commit that carries them, so there is no moment in which two hold a slot, and
none in which it is free while somebody waits.
"""

import sqlite3

from bot.domain.policy import Kind
from bot.domain.promotion import Promotion
from bot.store.protocol import PromotionPut, Slot


class SlotLost(Exception):
    """A promotion that says `keep` does not hold its slot."""


def grant(connection: sqlite3.Connection, put: PromotionPut, at: float) -> str | None:
    """Carry out one wish; the id of the promotion that the slot went to, if it moved. Raises SlotLost."""
    promotion = put.promotion
    holder = _holder(connection, promotion.service, promotion.environment)
    if put.slot == "free":
        return _free(connection, promotion, holder, at)
    if holder == promotion.id:
        return None
    if put.slot == "keep":
        raise SlotLost
    return _want(connection, promotion, holder, at)


def slot_of(connection: sqlite3.Connection, service: str, environment: str) -> Slot:
    """Who deploys here and who is next."""
    held = connection.execute(
        "SELECT holder, since FROM slots WHERE service = ? AND environment = ?",
        (service, environment),
    ).fetchone()
    if held is None:
        return Slot(service, environment)
    return Slot(service, environment, held[0], held[1], _queue(connection, service, environment))


def slots_held(connection: sqlite3.Connection) -> list[Slot]:
    """Every slot that somebody holds."""
    rows = connection.execute(
        "SELECT service, environment FROM slots ORDER BY service, environment"
    ).fetchall()
    return [slot_of(connection, service, environment) for service, environment in rows]


def _want(connection: sqlite3.Connection, promotion: Promotion, holder: str | None, at: float) -> str | None:
    if holder is None:
        return _hand_to(connection, promotion.service, promotion.environment, promotion.id, at)
    rank = 0 if promotion.kind is Kind.ROLLBACK else 1
    connection.execute(
        "INSERT INTO slot_queue (service, environment, promotion, rank, since) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (promotion) DO NOTHING",
        (promotion.service, promotion.environment, promotion.id, rank, at),
    )
    return None


def _free(connection: sqlite3.Connection, promotion: Promotion, holder: str | None, at: float) -> str | None:
    connection.execute("DELETE FROM slot_queue WHERE promotion = ?", (promotion.id,))
    if holder != promotion.id:
        return None
    place = (promotion.service, promotion.environment)
    queue = _queue(connection, *place)
    if queue:
        return _hand_to(connection, *place, queue[0], at)
    connection.execute("DELETE FROM slots WHERE service = ? AND environment = ?", place)
    return None


def _hand_to(
    connection: sqlite3.Connection, service: str, environment: str, promotion: str, at: float
) -> str:
    connection.execute("DELETE FROM slot_queue WHERE promotion = ?", (promotion,))
    connection.execute(
        "INSERT INTO slots VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET holder = excluded.holder, since = excluded.since",
        (service, environment, promotion, at),
    )
    return promotion


def _holder(connection: sqlite3.Connection, service: str, environment: str) -> str | None:
    row = connection.execute(
        "SELECT holder FROM slots WHERE service = ? AND environment = ?",
        (service, environment),
    ).fetchone()
    return None if row is None else str(row[0])


def _queue(connection: sqlite3.Connection, service: str, environment: str) -> tuple[str, ...]:
    rows = connection.execute(
        "SELECT promotion FROM slot_queue WHERE service = ? AND environment = ? ORDER BY rank, place",
        (service, environment),
    )
    return tuple(promotion for (promotion,) in rows)
