"""Looks for what a Redis store must not hold: keys on no list, members that name nothing, parts that disagree."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from bot.store.redis_keys import is_listed
from bot.store.redis_link import Link

WHOLE = {
    b"hash": ("HGETALL",),
    b"zset": ("ZRANGE", 0, -1, "WITHSCORES"),
    b"set": ("SMEMBERS",),
    b"string": ("GET",),
    b"stream": ("XRANGE", "-", "+"),
}
LINES = ("due:rollbacks", "due:others", "held")


@dataclass(frozen=True, slots=True)
class Record:
    """The line that scripts read of a promotion."""

    kind: str
    shelf: str
    run: str
    channel: str


class Contents:
    """Everything that one store holds, as texts."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def pairs(self, key: str) -> dict[str, str]:
        """Fields and values of a hash, members and scores of a sorted set."""
        flat = self._values.get(key, [])
        return dict(zip(flat[::2], flat[1::2], strict=True))

    def members(self, key: str) -> set[str]:
        """The members of a set."""
        return set(self._values.get(key, []))

    def below(self, start: str) -> dict[str, dict[str, str]]:
        """The sorted sets whose names begin so, by the rest of their names."""
        return {key.removeprefix(start): self.pairs(key) for key in self._values if key.startswith(start)}

    @property
    def records(self) -> dict[str, Record]:
        """What scripts know of each promotion."""
        lines = {one: raw.split("\n")[0].split(" ") for one, raw in self.pairs("promotions").items()}
        return {one: _record(*facts) for one, facts in lines.items()}

    @property
    def rows(self) -> list[tuple[int, str, str]]:
        """Number, subject and digest of each audit row."""
        entries = [(number, dict(zip(row[::2], row[1::2], strict=True))) for number, row in self._chain()]
        return [(int(number.split("-")[0]), row["subject"], row["digest"]) for number, row in entries]

    def _chain(self) -> list[tuple[str, list[str]]]:
        chain: list[tuple[str, list[str]]] = self._values.get("audit", [])
        return chain


async def leaked(link: Link) -> list[str]:
    """What is wrong with the keys of a store, in sentences; nothing, if all is well."""
    keys = [key async for key in _keys(link)]
    unlisted = [f"{key} is on no list" for key, expires in keys if not is_listed(key, expires=expires)]
    if unlisted:
        return unlisted
    contents = Contents({key: _texts(await _value(link, key)) for key, _ in keys})
    return [
        *_strangers(contents),
        *_of_the_due_index(contents),
        *_of_the_shelves(contents),
        *_of_the_names(contents),
        *_of_the_slots(contents),
        *_of_the_chain(contents),
    ]


async def _keys(link: Link) -> AsyncIterator[tuple[str, bool]]:
    """The keys of this store without their hash tag, and whether each one expires."""
    cursor, prefix = "0", link.meta.removesuffix("meta")
    while True:
        cursor, page = _texts(await _ask(link, "SCAN", cursor, "MATCH", f"{prefix}*", "COUNT", 1000))
        for key in page:
            yield key.removeprefix(prefix), await _ask(link, "TTL", key) >= 0
        if cursor == "0":
            return


async def _value(link: Link, key: str) -> Any:
    full = link.meta.removesuffix("meta") + key
    kind = await _ask(link, "TYPE", full)
    if kind == b"none":  # it expired meanwhile
        return []
    command, *rest = WHOLE[kind]
    return await _ask(link, command, full, *rest)


async def _ask(link: Link, *command: str | int) -> Any:
    return await link.within(10.0, lambda line: line.call(*command), repeat=True)


def _texts(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode(errors="surrogateescape")
    return [_texts(one) for one in value] if isinstance(value, list) else value


def _record(_: str, phase: str, kind: str, place: str, sha: str, run: str, channel: str) -> Record:
    return Record(kind, f"{place}:{phase}", run, channel)


def _strangers(contents: Contents) -> Iterator[str]:
    """Members of indexes that name no promotion."""
    known = contents.records.keys()
    named = {
        **{key: contents.pairs(key).keys() for key in (*LINES, "leased", "tokens", "touched")},
        **{key: contents.members(key) for key in ("woken", "owed")},
        **{f"queue:{place}": queue.keys() for place, queue in contents.below("queue:").items()},
        **{f"shelf:{name}": shelf.keys() for name, shelf in contents.below("shelf:").items()},
    }
    for key, members in named.items():
        yield from (f"{key} names {one}, which is not stored" for one in members - known)


def _of_the_due_index(contents: Contents) -> Iterator[str]:
    leased = contents.pairs("leased").keys()
    for key in ("tokens", "held", "touched"):
        yield from (f"{one} is in {key} without a lease" for one in contents.pairs(key).keys() - leased)
    yield from (f"{one} is leased without a token" for one in leased - contents.pairs("tokens").keys())
    places = Counter(one for key in LINES for one in contents.pairs(key))
    yield from (f"{one} is due {times} times" for one, times in places.items() if times > 1)
    yield from (f"{one} is woken and not due" for one in contents.members("woken") - places.keys())
    yield from (f"{one} is owed and due" for one in contents.members("owed") & places.keys())
    for one, record in contents.records.items():
        wrong = LINES[1] if record.kind == "rollback" else LINES[0]
        if one in contents.pairs(wrong):
            yield f"{one} is a {record.kind} and stands in {wrong}"


def _of_the_shelves(contents: Contents) -> Iterator[str]:
    shelves = contents.below("shelf:")
    if contents.pairs("shelves").keys() != shelves.keys():
        yield f"shelves are {sorted(contents.pairs('shelves'))}, in truth {sorted(shelves)}"
    stand = {(one, name) for name, shelf in shelves.items() for one in shelf}
    belong = {(one, record.shelf) for one, record in contents.records.items()}
    yield from (f"{one} stands on {name} and does not belong there" for one, name in stand - belong)
    yield from (f"{one} is missing on {name}" for one, name in belong - stand)


def _of_the_names(contents: Contents) -> Iterator[str]:
    records = contents.records
    if Counter(contents.pairs("correlations").values()) != Counter(records.keys()):
        yield "correlation ids are not one for each promotion"
    for key, named in (
        ("runs", {(one, record.run) for one, record in records.items() if record.run != "-"}),
        ("channels", {(one, record.channel) for one, record in records.items() if record.channel != "-"}),
    ):
        known = {(one, name) for name, _, one in (member.split(" ") for member in contents.pairs(key))}
        yield from (f"{key} has {one} under {name}" for one, name in known ^ named)


def _of_the_slots(contents: Contents) -> Iterator[str]:
    holders = {place: held.split(" ")[1] for place, held in contents.pairs("slots").items()}
    queues = contents.below("queue:")
    yield from (f"{place} has a queue and no holder" for place in queues.keys() - holders.keys())
    places = Counter([*holders.values(), *(one for queue in queues.values() for one in queue)])
    yield from (f"{one} has {times} places in slots" for one, times in places.items() if times > 1)
    yield from (
        f"{one} holds a slot and is not stored" for one in holders.values() if one not in contents.records
    )


def _of_the_chain(contents: Contents) -> Iterator[str]:
    rows, meta = contents.rows, contents.pairs("meta")
    if [number for number, _, _ in rows] != list(range(1, len(rows) + 1)):
        yield "the audit chain has gaps"
    if (int(meta.get("rows", 0)), meta.get("head", "")) != (len(rows), rows[-1][2] if rows else ""):
        yield "the head of the audit chain is not that of its newest row"
    for subject in {subject for _, subject, _ in rows} | contents.pairs("audit:of").keys():
        newest = [str(number) for number, about, _ in rows if about == subject][-50:]
        if contents.pairs("audit:of").get(subject, "").split() != newest:
            yield f"the rows of {subject} are not those that its numbers say"
