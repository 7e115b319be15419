"""The operators' tools: make a store, look through one, move one to another kind, verify and export its audit chain.

Each returns an exit code and prints what it did; what is wrong is said in sentences on standard error.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

from bot.store.audit import Head, first_break, head_of
from bot.store.choice import create_store, shown, source_of, target_of
from bot.store.contents import Source
from bot.store.prepared import REMEMBERED
from bot.store.protocol import AuditRow, StoreDown
from bot.store.survey import Survey, copy, differences, lasting, named, refuse_broken, survey

OK, FAILED = 0, 1
LOOKS = 3  # at a store in use, before something is called wrong


def create(url: str) -> int:
    """Make a new store, where there is none."""

    async def make() -> int:
        await create_store(url)
        print(
            f"{shown(url)}: an empty store was made. Record what is live: greenlight adopt, or /promote adopt."
        )
        return OK

    return _run(make)


def check(url: str) -> int:
    """Look through a store, also while bots run on it: what it holds, and every part that does not fit."""

    async def look() -> int:
        found = await _looked_at(url)
        for part, total in _counts(found).items():
            print(f"{part}: {total}")
        for finding in (*named(found.findings), *named(found.remarks)):
            print(f"{shown(url)}: {finding}", file=sys.stderr)
        print(
            f"{shown(url)}: {'OK' if found.is_whole else 'NOT WHOLE: restore a backup, or ask for help with it.'}"
        )
        return OK if found.is_whole else FAILED

    return _run(look)


def move(source_url: str, target_url: str) -> int:
    """Copy everything from one store into a new one, and compare the two; no bot may run on either."""

    async def carry() -> int:
        since = time.time() - REMEMBERED
        before = await _surveyed(source_url, since, owned=True)
        refuse_broken(before)
        await _carried(source_url, target_url)
        again = await _surveyed(source_url, since, owned=True)
        after = await _surveyed(target_url, since)
        wrong = [*differences(before, again), *differences(before, after), *after.findings]
        if wrong:
            raise StoreDown(
                f"{shown(target_url)} is not what {shown(source_url)} holds ({'; '.join(named(wrong))}): "
                "stop every bot, remove the copy, and copy again."
            )
        print(f"{shown(source_url)} → {shown(target_url)}: {_summary(after)}. Set STORE_URL to the new one.")
        return OK

    return _run(carry)


def verify(url: str) -> int:
    """Check the audit chain row by row, and say where it ends."""

    async def follow() -> int:
        head = Head()
        async with _opened(url) as source:
            async for rows in _audit(source):
                broken = first_break(head, rows)
                if broken is not None:
                    print(
                        f"{shown(url)}: audit row {broken} does not follow from the row before it: "
                        "it, or what came before, was changed or removed.",
                        file=sys.stderr,
                    )
                    return FAILED
                head = head_of(rows[-1])
        print(f"{shown(url)}: {head.number} audit rows, every one follows. Head: {head.digest or '(none)'}")
        return OK

    return _run(follow)


def export(url: str, after: int) -> int:
    """Print the audit rows after a number, one JSON object a line."""

    async def print_rows() -> int:
        async with _opened(url) as source:
            async for rows in _audit(source):
                for row in rows:
                    if row.number > after:
                        print(_line(row))
        return OK

    return _run(print_rows)


def _run(tool: Callable[[], Coroutine[None, None, int]]) -> int:
    try:
        return asyncio.run(tool())
    except StoreDown as down:
        print(down, file=sys.stderr)
        return FAILED
    except BrokenPipeError:  # whoever read the export has seen enough
        return OK


@asynccontextmanager
async def _opened(url: str, *, owned: bool = False) -> AsyncIterator[Source]:
    source = source_of(url, owned=owned)
    await source.open()
    try:
        yield source
    finally:
        await source.close()


async def _surveyed(url: str, since: float = 0.0, *, owned: bool = False) -> Survey:
    async with _opened(url, owned=owned) as source:
        return await survey(source, since)


async def _looked_at(url: str) -> Survey:
    """A look at a store that may be in use: what is wrong must be found each time."""
    found = await _surveyed(url)
    for _ in range(LOOKS - 1):
        if not found.is_whole:
            found = lasting(found, await _surveyed(url))
    return found


async def _carried(source_url: str, target_url: str) -> None:
    target = target_of(target_url)
    async with _opened(source_url, owned=True) as source:
        await target.open()
        try:
            await copy(source, target)
        finally:
            await target.close()


async def _audit(source: Source) -> AsyncIterator[list[AuditRow]]:
    async for pieces in source.audit_pages():
        yield [piece for piece in pieces if isinstance(piece, AuditRow)]


def _line(row: AuditRow) -> str:
    said = {
        "number": row.number,
        "at": row.at,
        "actor": row.actor,
        "action": row.action,
        "subject": row.subject,
        "detail": row.detail,
        "previous": row.previous,
        "digest": row.digest,
    }
    return json.dumps(said, ensure_ascii=False)


def _counts(found: Survey) -> dict[str, object]:
    totals = found.totals()
    sequences = ", ".join(f"{name} {last}" for name, last in sorted(found.sequences.items()))
    return totals | {"sequences": sequences or "none", "audit head": found.head.digest or "(none)"}


def _summary(found: Survey) -> str:
    return (
        f"{found.promotions} promotions ({found.open} open), {found.documents} small documents, "
        f"{found.messages} messages and {found.head.number} audit rows, head {found.head.digest or '(none)'}"
    )
