"""A commit as its script wants it: documents encoded, audit rows hashed, and every number written out by Python.

Lua knows no integer above 2^53 and writes a number with fourteen digits, so that nothing is sent as a number.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from urllib.parse import quote, unquote

from bot.domain.promotion import Promotion
from bot.store.audit import fingerprint
from bot.store.prepared import REMEMBERED, Prepared, number_of, revisions_of
from bot.store.protocol import (
    AuditRow,
    Commit,
    Committed,
    Conflict,
    Document,
    DuplicateOf,
    Fenced,
    Outcome,
    PromotionPut,
)

SCORES = 2**53  # whole numbers below this one are exact in a sorted set
RUN_IDS = range(-(2**63), 2**63)  # the same as in every store

PLACES = 1024  # names that are kept: more than any catalog has
JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)

Reply = Sequence[bytes]


def arguments(prepared: Prepared) -> list[str | bytes]:
    """What commit.lua gets after epoch and operation: the change as JSON, then records of puts and documents."""
    change = prepared.change
    said = {
        "at": moment(change.at),
        "remembered_since": moment(change.at - REMEMBERED),
        "claim": change.claim,
        "read": [(key, str(revision)) for key, revision in change.read],
        "puts": [_put(put) for put in change.puts],
        "documents": [(document.key, str(document.revision)) for document in change.documents],
        "rows": [_row(row) for row in change.audit],
        "wakes": change.wakes,
    }
    if change.dedupe is not None:
        said["dedupe"] = change.dedupe
    records = map(record_of, prepared.written, prepared.bodies)
    return [packed(said), *records, *(versioned(_next(document)) for document in change.documents)]


def outcome_of(change: Commit, reply: Reply) -> Outcome:
    """What the script answered."""
    said, *rest = (part.decode() for part in reply)
    match said:
        case "committed":
            return Committed(revisions_of(change), rest[0])
        case "conflict":
            return Conflict(rest[0])
        case "duplicate":
            return DuplicateOf(rest[0])
        case _:
            return Fenced()


def moment(at: float) -> str:
    """A time with all its digits; raises ValueError for one that could not be ordered."""
    if math.isnan(at):
        raise ValueError("a time that is not a number cannot be stored")
    return repr(float(at))


def packed(value: object) -> str:
    """A value as one compact JSON argument."""
    return JSON.encode(value)


@lru_cache(PLACES)
def place_of(service: str, environment: str) -> str:
    """The name of a place in keys: unambiguous whatever the two are called."""
    return f"{quote(service, safe='')}/{quote(environment, safe='')}"


def named(place: str) -> tuple[str, str]:
    """Service and environment of a place."""
    service, environment = place.split("/")
    return unquote(service), unquote(environment)


def word_of(text: str | None) -> str:
    """A text as one word of a record or of an index; what is not known is a dash."""
    return quote(text, safe="") if text else "-"


def number_in_key(promotion: str) -> str:
    """The number of a promotion as a score; raises OverflowError for one that would not be exact."""
    number = number_of(promotion)
    if not 0 <= number < SCORES:
        raise OverflowError(f"{promotion} is no number that a promotion can have")
    return str(number)


def index_entry(name: str, promotion: str) -> str:
    """A promotion under another name: entries of one name are in the order of their numbers, as bytes compare."""
    return f"{name} {number_in_key(promotion):0>16} {promotion}"


def record_of(promotion: Promotion, body: bytes) -> bytes:
    """What is stored of a promotion: a line of what scripts ask about, and its document."""
    words = (
        str(promotion.revision),
        promotion.phase,
        promotion.kind,
        place_of(promotion.service, promotion.environment),
        word_of(promotion.sha),
        _run(promotion),
        word_of(promotion.incident.channel if promotion.incident else None),
    )
    return f"{' '.join(words)}\n".encode() + body


def versioned(document: Document) -> bytes:
    """What is stored of a small document: a line with its revision, and its body."""
    return f"{document.revision}\n{document.body}".encode()


def _put(put: PromotionPut) -> dict[str, object]:
    promotion = put.promotion
    said = {
        "id": promotion.id,
        "number": number_in_key(promotion.id),
        "entry": index_entry("", promotion.id),
        "read": str(promotion.revision),
        "correlation": promotion.correlation,
        "slot": put.slot,
        "settled": put.settled,
    }
    return said if put.wake is None else said | {"wake": moment(put.wake)}


def _next(document: Document) -> Document:
    return replace(document, revision=document.revision + 1)


def _run(promotion: Promotion) -> str:
    run = promotion.run.run_id
    if run is not None and run not in RUN_IDS:
        raise OverflowError(f"{promotion.id}: {run} is no run id")
    return "-" if run is None else str(run)


def _row(row: AuditRow) -> tuple[str, ...]:
    return moment(row.at), row.actor, row.action, row.subject, row.detail, fingerprint(row)
