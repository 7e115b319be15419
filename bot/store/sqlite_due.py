"""The due index: which promotion is looked at when. Everything here runs inside the writer's transaction.

A wake by somebody else's commit (a freeze lifted, a slot handed over) stays until a worker has looked: a put
by someone who read the world before that commit cannot know what it changed, and must not take the wake away.
"""

import sqlite3
from collections.abc import Sequence

from bot.store.leases import Leases
from bot.store.protocol import Claim, Commit, PromotionPut


def schedule(connection: sqlite3.Connection, leases: Leases, put: PromotionPut, change: Commit) -> None:
    """Write when a stored promotion is due next, and tell its worker of somebody else's change."""
    promotion = put.promotion.id
    lease = leases.held(promotion)
    foreign = lease is None or lease.token != change.claim
    if foreign:
        leases.touch(promotion, change.at)
    unseen = foreign or lease is None or lease.touched is not None
    if put.settled:
        _forget(connection, promotion, keep_woken=unseen)
    else:
        _set(connection, promotion, put.wake, keep_woken=unseen)


def wake_now(connection: sqlite3.Connection, leases: Leases, promotion: str, at: float) -> None:
    """Make a promotion due at once, settled or not; an unknown id is ignored."""
    connection.execute(
        "INSERT INTO due SELECT id, :at, 1 FROM promotions WHERE id = :promotion "
        "ON CONFLICT DO UPDATE SET wake = min(wake, excluded.wake), woken = 1",
        {"promotion": promotion, "at": at},
    )
    leases.touch(promotion, at)


def claim(
    connection: sqlite3.Connection, leases: Leases, now: float, lease: float, limit: int, kept: int
) -> list[Claim]:
    """Lease due promotions that nobody holds, rollbacks first, oldest wake first; `kept` places are theirs alone."""
    held = set(leases.all_held())
    rows = connection.execute(
        "SELECT promotion, kind = 'rollback' FROM due JOIN promotions ON id = promotion "
        "WHERE wake <= ? ORDER BY kind = 'rollback' DESC, wake LIMIT ?",
        (now, limit + kept + len(held)),
    )
    free = [(promotion, is_rollback) for promotion, is_rollback in rows if promotion not in held]
    wanted = free[:limit] + [one for one in free[limit : limit + kept] if one[1]]
    return [leases.grant(promotion, lease) for promotion, _ in wanted]


def release(
    connection: sqlite3.Connection,
    leases: Leases,
    claimed: Claim,
    wake: float | None,
    *,
    settled: bool,
) -> None:
    """Give a lease back; a touched one is due at once, and a lost one changes nothing."""
    lease = leases.of(claimed)
    if lease is None:
        return
    is_over = settled and lease.touched is None
    if is_over:
        _forget(connection, claimed.promotion, keep_woken=False)
    else:
        due = lease.touched if lease.touched is not None else wake
        _set(connection, claimed.promotion, due, keep_woken=False)
    connection.execute(
        "UPDATE promotions SET settled = :now WHERE id = :promotion AND settled <> :now",
        {"promotion": claimed.promotion, "now": is_over},
    )
    leases.drop(claimed)


def next_due(connection: sqlite3.Connection, leases: Leases) -> float | None:
    """The earliest wake of a promotion that nobody holds."""
    held: Sequence[str] = leases.all_held()
    places = ", ".join("?" * len(held))
    row = connection.execute(f"SELECT min(wake) FROM due WHERE promotion NOT IN ({places})", held).fetchone()
    return None if row[0] is None else float(row[0])


def _forget(connection: sqlite3.Connection, promotion: str, *, keep_woken: bool) -> None:
    values = {"promotion": promotion, "keep": keep_woken}
    connection.execute("DELETE FROM due WHERE promotion = :promotion AND NOT (woken AND :keep)", values)


def _set(connection: sqlite3.Connection, promotion: str, wake: float | None, *, keep_woken: bool) -> None:
    """Without a wake the row stays as it is: what is not settled is never forgotten."""
    values = {"promotion": promotion, "wake": wake, "keep": keep_woken}
    if wake is None:
        connection.execute("UPDATE due SET woken = woken AND :keep WHERE promotion = :promotion", values)
        return
    connection.execute(
        "INSERT INTO due VALUES (:promotion, :wake, 0) ON CONFLICT DO UPDATE SET "
        "wake = CASE WHEN woken AND :keep THEN min(wake, excluded.wake) ELSE excluded.wake END, "
        "woken = woken AND :keep",
        values,
    )
