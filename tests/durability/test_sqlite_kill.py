"""Kill -9 at any moment of the embedded store: what was acknowledged is there, and nothing is there by half.

Run as a program, this file is the victim: it commits in a loop and says each promotion that was acknowledged.
"""

import asyncio
import random
import sys
from pathlib import Path

from bot.domain.promotion import Promotion
from bot.store.protocol import AuditRow, Commit, Committed, Document, PromotionPut, Query, Store
from bot.store.sqlite import SqliteStore
from tests.store.builders import promotion

REPOSITORY = Path(__file__).parents[2]
WRITERS = 4  # tasks that commit at the same time, so that batches have more than one change
KILLS = 10
ROWS = 2  # audit rows of each commit


async def test_kill_nine_loses_nothing_acknowledged_and_halves_nothing(tmp_path: Path) -> None:
    """Ten times on one file: commit, kill at a random moment, open, compare with what was acknowledged."""
    path = tmp_path / "greenlight.db"
    moments = random.Random(51)
    acknowledged: set[str] = set()
    for kill in range(KILLS):
        told = await killed_after(moments.uniform(0.01, 0.3), path)
        assert told, f"kill {kill}: nothing was acknowledged before it"
        acknowledged |= told
        await check(path, acknowledged)


async def killed_after(seconds: float, path: Path) -> set[str]:
    """Let the victim commit for so long after its first word, kill it, and tell what it acknowledged."""
    victim = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.durability.test_sqlite_kill", str(path)),
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
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


async def check(path: Path, acknowledged: set[str]) -> None:
    """Everything acknowledged is there, and every part of each commit or none of it."""
    store = SqliteStore(path)
    await store.open()
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
    claims = await store.claim_due(float("inf"), 60.0, len(ids) + 1)
    assert sorted(claim.promotion for claim in claims) == sorted(ids)
    assert await store.reserve("promotion") > max(each.created for each in there)
    await store.close()


async def commit_for_ever(store: Store, writer: int) -> None:
    """Store promotion after promotion, each with a document, a place in the queue, a wake and audit rows."""
    key = f"writer:{writer}"
    revision = (await store.documents([key]))[key].revision
    while True:
        new = promotion(await store.reserve("promotion"))
        outcome = await store.commit(all_parts(new, Document(key, "{}", revision)))
        assert isinstance(outcome, Committed), outcome
        revision = outcome.revisions[key]
        print(new.id, flush=True)


def all_parts(new: Promotion, document: Document) -> Commit:
    """A commit that writes to every table."""
    return Commit(
        at=new.created,
        puts=(PromotionPut(new, wake=new.created, slot="want"),),
        documents=(document,),
        audit=tuple(AuditRow(new.created, "ana", f"part {part}", new.id) for part in range(ROWS)),
        dedupe=(f"click:{new.id}", new.id),
    )


async def be_killed(path: str) -> None:
    """Commit until the end."""
    store = SqliteStore(path)
    await store.open()
    async with asyncio.TaskGroup() as writers:
        for writer in range(WRITERS):
            writers.create_task(commit_for_ever(store, writer))


if __name__ == "__main__":
    asyncio.run(be_killed(sys.argv[1]))
