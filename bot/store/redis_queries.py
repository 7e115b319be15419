"""What is asked of the shared store, as its scripts want it, and their answers as the words of the protocol."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from bot.store.prepared import number_of
from bot.store.protocol import AuditRow, Document, Query, Slot, Wanted
from bot.store.redis_commit import named, packed, place_of, word_of

PAGE = 200  # promotions in one answer
MICROSECONDS = 1_000_000.0

Held = tuple[bytes, bytes, Sequence[bytes]]  # a place, since when and who, and who waits
Entry = tuple[bytes, Sequence[bytes]]  # of the audit stream: its id, then names and values


@dataclass(frozen=True, slots=True)
class Search:
    """A query on its way: one call examines a part of it."""

    query: str  # JSON
    before: str  # the number to go down from
    wanted: int  # -1: all

    @property
    def most(self) -> int:
        """How many are wanted of the next call."""
        return PAGE if self.wanted < 0 else min(self.wanted, PAGE)

    def after(self, reply: Sequence[bytes]) -> "Search | None":
        """What is left to ask after an answer; None: nothing."""
        last, found = reply[0].decode(), len(reply) - 1
        wanted = self.wanted if self.wanted < 0 else self.wanted - found
        return replace(self, before=last, wanted=wanted) if last and wanted else None


def search_of(query: Query) -> Search:
    """The search for a query, before its first call."""
    before = "+inf" if query.before is None else str(number_of(query.before))
    return Search(packed(_conditions(query)), before, query.limit)


def seeing(wanted: Wanted, searches: Sequence[Search]) -> str:
    """What see.lua gets."""
    finds = [{"query": one.query, "before": one.before, "most": str(one.most)} for one in searches]
    place = place_of(wanted.service, wanted.environment)
    return packed({"keys": wanted.keys, "place": place, "finds": finds, "promotion": wanted.promotion})


def documents_of(keys: Sequence[str], found: Sequence[bytes | None]) -> dict[str, Document]:
    """Small documents by key; one that does not exist has revision 0 and an empty body."""
    return {key: _document(key, raw) for key, raw in zip(keys, found, strict=True)}


def slot_of(held: Held) -> Slot:
    """A slot that somebody holds."""
    place, whose, queue = held
    since, holder = whose.decode().split(" ", 1)
    service, environment = named(place.decode())
    return Slot(service, environment, holder, float(since), tuple(one.decode() for one in queue))


def next_of(reply: Sequence[bytes], now: float) -> float | None:
    """The earliest of the wakes of those whom nobody holds, and of the end of the first lease."""
    *wakes, left = (one.decode() for one in reply)
    moments = [float(wake) for wake in wakes if wake]
    if left:
        moments.append(now + float(left) / MICROSECONDS)
    return min(moments, default=None)


def rows_of(after: int, entries: Sequence[Entry]) -> list[AuditRow]:
    """The audit rows after a number; the entry with that number comes first and tells their first digest."""
    rows: list[AuditRow] = []
    digest = ""
    for entry in entries:
        rows.append(_row(entry, digest))
        digest = rows[-1].digest
    return rows[1:] if rows and rows[0].number == after else rows


def row_of(entries: Sequence[Entry]) -> AuditRow:
    """One audit row, from the entry before it, if there is one, and its own."""
    *before, own = entries
    digest = _row(before[0], "").digest if before else ""
    return _row(own, digest)


def _document(key: str, raw: bytes | None) -> Document:
    if raw is None:
        return Document(key, "", 0)
    revision, body = raw.decode().split("\n", 1)
    return Document(key, body, int(revision))


def _row(entry: Entry, previous: str) -> AuditRow:
    number, fields = entry
    words = [field.decode() for field in fields]
    told = dict(zip(words[::2], words[1::2], strict=True))
    return AuditRow(
        at=float(told["at"]),
        actor=told["actor"],
        action=told["action"],
        subject=told["subject"],
        detail=told["detail"],
        number=int(number.partition(b"-")[0]),
        previous=previous,
        digest=told["digest"],
    )


def _conditions(query: Query) -> Mapping[str, object]:
    """Only what is set: a JSON null is a value in Lua, and a true one."""
    said = {
        "within": _within(query),
        "environment": query.environment and quote(query.environment, safe=""),
        "sha": query.sha and word_of(query.sha),
        "kind": query.kind,
        "phases": None if query.phases is None else dict.fromkeys(sorted(query.phases), True),
    }
    return {name: value for name, value in said.items() if value is not None}


def _within(query: Query) -> str | None:
    """What the names of the shelves begin with."""
    if query.service is None:
        return None
    return (
        place_of(query.service, "")
        if query.environment is None
        else f"{place_of(query.service, query.environment)}:"
    )
