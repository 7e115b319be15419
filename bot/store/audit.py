"""The audit chain: each row's digest covers the row and the digest before it, so an edit in the past shows.

A row is hashed without its number, so that a store can hash it before it knows its place; the numbers are
gapless instead, and a missing one breaks the chain as an edit does.

There are two links, told apart by their length: SHA-256 over the digest before and the row, and, where the store
links by a script that knows no SHA-256, SHA-1 over the digest before and the row's SHA-256. A chain may change from
one to the other, as it does when it is copied to another kind of store.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.store.protocol import AuditRow

SHA1_LENGTH = 40  # characters of a link by script


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: the number and the digest of its newest row."""

    number: int = 0
    digest: str = ""


def canonical(row: AuditRow) -> bytes:
    """The bytes of a row that its digest covers: a JSON list of when, who, what, about what and detail."""
    said = [float(row.at), row.actor, row.action, row.subject, row.detail]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def link(head: Head, row: AuditRow) -> AuditRow:
    """The row with its place in the chain: number, previous and digest."""
    return replace(row, number=head.number + 1, previous=head.digest, digest=_digest(head.digest, row))


def fingerprint(row: AuditRow) -> str:
    """The SHA-256 of a row, in hexadecimal: what a script links when it cannot hash the row itself."""
    return hashlib.sha256(canonical(row)).hexdigest()


def linked_by_script(previous: str, row: AuditRow) -> str:
    """The digest that a script gives a row: SHA-1 over the digest before and the row's fingerprint."""
    return hashlib.sha1((previous + fingerprint(row)).encode(), usedforsecurity=False).hexdigest()


def head_of(row: AuditRow) -> Head:
    """The head of a chain that ends with this row."""
    return Head(row.number, row.digest)


def first_break(head: Head, rows: Sequence[AuditRow]) -> int | None:
    """The number of the first row that does not follow from `head` and the rows before it, or None."""
    for row in rows:
        if not _follows(head, row):
            return row.number
        head = head_of(row)
    return None


def _follows(head: Head, row: AuditRow) -> bool:
    if (row.number, row.previous) != (head.number + 1, head.digest):
        return False
    by_script = len(row.digest) == SHA1_LENGTH
    return row.digest == (linked_by_script if by_script else _digest)(head.digest, row)


def _digest(previous: str, row: AuditRow) -> str:
    return hashlib.sha256(previous.encode() + canonical(row)).hexdigest()
