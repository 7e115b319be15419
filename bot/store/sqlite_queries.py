"""The questions that a SQLite store answers. Read only; each runs inside one read transaction."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Literal

from bot.domain.promotion import Promotion
from bot.store.audit import Head, first_break, head_of
from bot.store.codec import load_promotion
from bot.store.prepared import number_of
from bot.store.protocol import AuditRow, Document, Query, Seen, Wanted
from bot.store.sqlite_slots import slot_of

AUDIT_COLUMNS = "at, actor, action, subject, detail, number, previous, digest"
IN_ONE_STATEMENT = 500  # parameters

Column = Literal["correlation", "run_id", "channel"]


def load(connection: sqlite3.Connection, promotion: str) -> Promotion | None:
    """One promotion; raises NewerDocument for one that this version must leave alone."""
    row = connection.execute("SELECT body FROM promotions WHERE id = ?", (promotion,)).fetchone()
    return None if row is None else load_promotion(row[0])


def find(connection: sqlite3.Connection, query: Query) -> list[Promotion]:
    """Promotions that match, newest first; raises NewerDocument rather than leave one out."""
    return [load_promotion(body) for body in _column(connection, "body", query)]


def find_ids(connection: sqlite3.Connection, query: Query) -> list[str]:
    """The ids of promotions that match, newest first."""
    return _column(connection, "id", query)


def see(connection: sqlite3.Connection, wanted: Wanted) -> Seen:
    """What one decision looks at."""
    return Seen(
        documents=documents(connection, wanted.keys),
        slot=slot_of(connection, wanted.service, wanted.environment),
        found=tuple(find(connection, query) for query in wanted.finds),
        loaded=load(connection, wanted.promotion) if wanted.promotion else None,
    )


def find_by(connection: sqlite3.Connection, column: Column, value: str | int) -> str | None:
    """The id of the newest promotion with this value."""
    row = connection.execute(
        f"SELECT id FROM promotions WHERE {column} = ? ORDER BY number DESC LIMIT 1",
        (value,),
    ).fetchone()
    return None if row is None else str(row[0])


def documents(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, Document]:
    """Small documents by key; one that does not exist has revision 0 and an empty body."""
    found = {key: Document(key, "", 0) for key in keys}
    for start in range(0, len(keys), IN_ONE_STATEMENT):
        page = keys[start : start + IN_ONE_STATEMENT]
        rows = connection.execute(
            f"SELECT key, body, revision FROM documents WHERE key IN ({_places(page)})",
            tuple(page),
        )
        found.update({row[0]: Document(*row) for row in rows})
    return found


def audit(connection: sqlite3.Connection, after: int, limit: int) -> list[AuditRow]:
    """The rows of the chain after a number, in order."""
    rows = connection.execute(
        f"SELECT {AUDIT_COLUMNS} FROM audit WHERE number > ? ORDER BY number LIMIT ?",
        (after, limit),
    )
    return [AuditRow(*row) for row in rows]


def audit_of(connection: sqlite3.Connection, subject: str, limit: int) -> list[AuditRow]:
    """The newest rows about one subject, oldest first."""
    rows = connection.execute(
        f"SELECT {AUDIT_COLUMNS} FROM audit WHERE subject = ? ORDER BY number DESC LIMIT ?",
        (subject, limit),
    )
    return [AuditRow(*row) for row in rows][::-1]


def check_audit(connection: sqlite3.Connection, head: Head, limit: int) -> tuple[Head, int | None]:
    """Check the next rows after `head`: the new head (the same one at the end), and the first break."""
    rows = audit(connection, head.number, limit)
    broken = first_break(head, rows)
    return (head_of(rows[-1]) if rows else head), broken


def _column(connection: sqlite3.Connection, column: str, query: Query) -> list[Any]:
    """One column of the promotions that match, newest first."""
    conditions, values = _conditions(query)
    where = " AND ".join(["TRUE", *conditions])
    several = query.phases is not None and len(query.phases) > 1
    # Of several phases at once SQLite would rather walk all history in order than look up the few and sort them.
    order = "+number" if several else "number"
    rows = connection.execute(
        f"SELECT {column} FROM promotions WHERE {where} ORDER BY {order} DESC LIMIT ?", (*values, query.limit)
    )
    return [value for (value,) in rows]


def _conditions(query: Query) -> tuple[list[str], list[str | int]]:
    conditions: list[str] = []
    values: list[str | int] = []
    for column, value in _equals(query).items():
        if value is not None:
            conditions.append(f"{column} = ?")
            values.append(value)
    if query.phases is not None:
        conditions.append(f"phase IN ({_places(tuple(query.phases))})")
        values.extend(sorted(query.phases))
    if query.before is not None:
        conditions.append("number < ?")
        values.append(number_of(query.before))
    return conditions, values


def _equals(query: Query) -> dict[str, str | None]:
    return {
        "service": query.service,
        "environment": query.environment,
        "sha": query.sha,
        "kind": query.kind,
    }


def _places(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
