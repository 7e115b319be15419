"""Somebody who commits for ever and is killed, and what must be true of any store afterwards."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from bot.domain.promotion import Promotion
from bot.store.protocol import AuditRow, Commit, Committed, Document, PromotionPut, Query, Store
from tests.store.builders import promotion

REPOSITORY = Path(__file__).parents[2]
WRITERS = 4  # tasks that commit at the same time, so that commits meet
ROWS = 2  # audit rows of each commit

Say = Callable[[str], None]


async def killed_after(seconds: float, module: str, place: str) -> set[str]:
    """Let a program commit for so long after its first word, kill it, and tell what it acknowledged."""
    victim = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, place), cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE
    )
    assert victim.stdout is not None
    first = await victim.stdout.readline()
    await asyncio.sleep(seconds)
    victim.kill()
    rest = await victim.stdout.read()
    assert await victim.wait() == -9
    # A word that was cut off by the kill was not said.
    return {
        line.decode().strip() for line in (first + rest).splitlines(keepends=True) if line.endswith(b"\n")
    }


async def commit_for_ever(store: Store, say: Say) -> None:
    """Several writers, until the end; each promotion that was acknowledged is said."""
    async with asyncio.TaskGroup() as writers:
        for writer in range(WRITERS):
            writers.create_task(_write_for_ever(store, writer, say))


async def check(store: Store, acknowledged: set[str]) -> None:
    """Everything acknowledged is there, and every part of each commit or none of it."""
    there = await store.find(Query(limit=1_000_000))
    ids = [each.id for each in there]
    assert acknowledged <= set(ids)
    assert await store.verify_audit() is None
    rows = await store.audit(0, limit=1_000_000)
    assert sorted(row.subject for row in rows) == sorted(ids * ROWS)
    documents = await store.documents([f"writer:{writer}" for writer in range(WRITERS)])
    assert sum(document.revision for document in documents.values()) == len(ids)
    slot = await store.slot("checkout", "production")
    assert sorted((slot.holder, *slot.queue)) == sorted(ids)
    claims = await store.claim_due(float("inf"), 0.001, len(ids) + 1)
    assert sorted(claim.promotion for claim in claims) == sorted(ids)
    assert await store.reserve("promotion") > max(each.created for each in there)


async def _write_for_ever(store: Store, writer: int, say: Say) -> None:
    """Promotion after promotion, each with a document, a place in the queue, a wake and audit rows."""
    key = f"writer:{writer}"
    revision = (await store.documents([key]))[key].revision
    while True:
        new = promotion(await store.reserve("promotion"))
        outcome = await store.commit(_all_parts(new, Document(key, "{}", revision)))
        assert isinstance(outcome, Committed), outcome
        revision = outcome.revisions[key]
        say(new.id)


def _all_parts(new: Promotion, document: Document) -> Commit:
    """A commit that writes to every table."""
    return Commit(
        at=new.created,
        puts=(PromotionPut(new, wake=new.created, slot="want"),),
        documents=(document,),
        audit=tuple(AuditRow(new.created, "ana", f"part {part}", new.id) for part in range(ROWS)),
        dedupe=(f"click:{new.id}", new.id),
    )
