"""Moving a store: every piece arrives, nothing half copied is a store, and what is broken is not copied."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.policy import Kind
from bot.domain.promotion import Phase
from bot.store.contents import Flaw, Source, Target, sound
from bot.store.protocol import Claim, Commit, Slot, Store, StoreDown
from bot.store.sqlite_copy import SqliteSource, SqliteTarget
from bot.store.survey import Survey, copy, differences, lasting, survey
from tests.store.builders import add, done, promotion, put, row, stored, write_document
from tests.store.files import NOTES, changed_by_hand, kept, opened, spoil


async def lived_in(store: Store) -> None:
    """A store with everything in it: a holder, a queue, wakes, documents, messages, sequences, a chain."""
    for number, kind in ((1, Kind.PROMOTE), (2, Kind.PROMOTE), (3, Kind.ROLLBACK)):
        await add(store, number, "want", kind)
    await done(store, replace(put(promotion(4), 40.0), dedupe=("click-4", "P-4")))
    await done(store, Commit(at=50.0, wakes=("P-4",)))
    await done(store, put(promotion(5), None, settled=True))
    await done(store, write_document("team:sre", '{"who":"zoë"}'))
    await done(store, write_document("team:sre", "{}", 1))
    assert [await store.reserve("promotion") for _ in range(5)] == [1, 2, 3, 4, 5]


async def same_life_goes_on(store: Store) -> None:
    """What was in the first store is in the second, and it works."""
    slot = await store.slot("checkout", "production")
    assert (slot.holder, slot.since, slot.queue) == ("P-1", 1.0, ("P-3", "P-2"))
    assert await store.reserve("promotion") == 6
    assert (await store.documents(["team:sre"]))["team:sre"].revision == 2
    assert (await stored(store, 2)) == replace(promotion(2), revision=1)
    assert {one.promotion for one in await store.claim_due(40.0, 60.0, 9)} == {"P-1", "P-4"}
    assert await store.find_by_correlation(promotion(3).correlation) == "P-3"
    await done(store, Commit(at=60.0, audit=(row("P-9"),)))
    assert await store.verify_audit() is None
    assert [one.subject for one in await store.audit_of("team:sre")] == ["team:sre"] * 2
    await store.release(Claim("P-4", "made up"), None)


async def reserved(store: Store) -> int:
    """The number of a promotion that is asked for now."""
    return await store.reserve("promotion")


async def look(source: Source) -> Survey:
    """A survey of a store that nobody works on."""
    await source.open()
    try:
        return await survey(source)
    finally:
        await source.close()


async def moved(source: Source, target: Target) -> None:
    """Copy, and close both ends."""
    await source.open()
    await target.open()
    try:
        await copy(source, target)
    finally:
        await source.close()
        await target.close()


async def test_a_file_arrives_whole_in_another(tmp_path: Path) -> None:
    """Promotions, due index, slots, documents, sequences, messages and the chain, as they were."""
    before, after = tmp_path / "before.db", tmp_path / "after.db"
    store = await opened(before)
    await lived_in(store)
    await store.close()
    await moved(SqliteSource(before, owned=True), SqliteTarget(after))
    looks = [await look(SqliteSource(path, owned=False)) for path in (before, after)]
    assert looks[0].is_whole
    assert differences(*looks) == []
    again = await opened(after)
    await same_life_goes_on(again)
    await again.close()


async def test_a_copy_that_broke_off_is_no_store(tmp_path: Path) -> None:
    """Killed in the middle: nothing lies where a bot would open it, and a new try is told what is in the way."""
    await kept(tmp_path / "before.db")
    source, target = SqliteSource(tmp_path / "before.db", owned=True), SqliteTarget(tmp_path / "after.db")
    await source.open()
    await target.open()
    async for pieces in source.pages():
        await target.take(sound(pieces))
        break
    await source.close()
    await target.close()
    assert not (tmp_path / "after.db").exists()
    with pytest.raises(StoreDown, match=r"after\.db\.partial exists already"):
        await SqliteTarget(tmp_path / "after.db").open()


async def test_a_store_in_use_is_looked_at_and_not_copied(tmp_path: Path) -> None:
    """A bot that runs would go on writing into what was copied already."""
    store = await opened(tmp_path / "greenlight.db")
    await add(store, 1)
    assert (await look(SqliteSource(tmp_path / "greenlight.db", owned=False))).promotions == 1
    with pytest.raises(StoreDown, match="in use by process"):
        await SqliteSource(tmp_path / "greenlight.db", owned=True).open()
    await store.close()


async def test_an_existing_file_is_never_written_over(tmp_path: Path) -> None:
    """Neither a store nor anything else."""
    spoil(tmp_path / "notes.db", NOTES)
    with pytest.raises(StoreDown, match="exists already"):
        await SqliteTarget(tmp_path / "notes.db").open()
    with pytest.raises(StoreDown, match="does not exist"):
        await SqliteSource(tmp_path / "nowhere.db", owned=False).open()
    with pytest.raises(StoreDown, match="not a database"):
        await SqliteSource(tmp_path / "notes.db", owned=False).open()


@pytest.mark.parametrize(
    ("spoilt", "finding"),
    [
        ("UPDATE audit SET actor = 'bo' WHERE number = 2", "audit row 2 does not follow"),
        ("DELETE FROM audit WHERE number = 3", "audit row 4 does not follow"),
        ("UPDATE promotions SET body = x'7B7D' WHERE id = 'P-1'", "promotion 1 cannot be read"),
        ("DELETE FROM due WHERE promotion = 'P-4'", "P-4 is owed something and is not due"),
        ("DELETE FROM slots", "P-8 deploys and does not hold its slot"),
        (
            "UPDATE slots SET holder = 'P-1'",
            "the slot of checkout in production is held by P-1, which is not open",
        ),
        ("UPDATE slots SET holder = 'P-99'", "is held by P-99, which is not open there"),
        ("DELETE FROM slots", "P-9 queues where nobody holds the slot"),
        (
            "UPDATE slot_queue SET promotion = 'P-1'",
            "P-1 queues for checkout in production and is not open there",
        ),
        ("UPDATE sequences SET last = 8", "the next number is not above P-9"),
        ("DELETE FROM sequences", "the next number is not above P-9"),
        (
            "DELETE FROM due WHERE promotion = 'P-8'; UPDATE promotions SET settled = 1",
            "P-8 is unknown and nobody",
        ),
        ("UPDATE promotions SET phase = 'succeeded' WHERE id = 'P-8'", "P-8 is filed as something"),
        ("UPDATE promotions SET correlation = 'x' WHERE id = 'P-4'", "P-4 is filed as something"),
        ("UPDATE promotions SET revision = 7 WHERE id = 'P-4'", "P-4 is filed as something"),
        ("DELETE FROM audit WHERE number = 4", "no audit row tells of P-9"),
        ("INSERT INTO due VALUES ('P-77', 1, 0)", "the table due names a promotion that is not there"),
    ],
)
async def test_a_survey_finds_what_is_wrong(tmp_path: Path, spoilt: str, finding: str) -> None:
    """By hand, by a failing disk or by a bug: each is one sentence."""
    store = await opened(tmp_path / "greenlight.db")
    await done(store, put(replace(promotion(1), phase=Phase.FAILED), 1.0))
    await done(store, put(promotion(4), 1.0))
    await done(store, put(replace(promotion(8), phase=Phase.UNKNOWN), 1.0, "want"))
    await done(store, put(promotion(9), 1.0, "want"))
    for _ in range(9):
        await store.reserve("promotion")
    await store.close()
    assert (await look(SqliteSource(tmp_path / "greenlight.db", owned=False))).is_whole
    changed_by_hand(tmp_path / "greenlight.db", *spoilt.split("; "))
    found = await look(SqliteSource(tmp_path / "greenlight.db", owned=False))
    assert any(finding in sentence for sentence in found.findings)


async def test_a_survey_reads_one_moment_of_a_file_that_changes(tmp_path: Path) -> None:
    """A healthy bot that finished a deploy during `store check` was told that its store is damaged."""
    store = await opened(tmp_path / "greenlight.db")
    await done(store, put(replace(promotion(await reserved(store)), phase=Phase.DEPLOYING), 1.0, "want"))
    source, found = SqliteSource(tmp_path / "greenlight.db", owned=False), Survey()
    await source.open()
    async for pieces in source.pages():
        found.see(pieces)
        if found.promotions and not found.slots:
            deployed = replace(await stored(store, 1), phase=Phase.SUCCEEDED)
            await done(store, put(deployed))
    found.end()
    await source.close()
    await store.close()
    assert (found.findings, found.open, found.slots, found.head.number) == ([], 1, 1, 1)


async def test_a_survey_remarks_on_what_waits_and_is_not_due(tmp_path: Path) -> None:
    """Right behind a freeze without an end, wrong if its wake was lost: it is said, and no damage."""
    store = await opened(tmp_path / "greenlight.db")
    await add(store, await reserved(store))
    await store.close()
    found = await look(SqliteSource(tmp_path / "greenlight.db", owned=False))
    assert found.is_whole
    assert found.remarks == ["P-1 waits and is not due: right only while all that it waits for is a person."]


async def test_what_only_one_look_found_was_a_commit_in_between() -> None:
    """A store in use cannot be read in one moment everywhere; damage is what is there each time."""
    found, again = (
        Survey(findings=["P-1 deploys …", "P-2 deploys …"]),
        Survey(findings=["P-2 deploys …", "P-3 …"]),
    )
    assert lasting(found, again).findings == ["P-2 deploys …"]


async def test_a_copy_tells_the_same_number_of_other_promotions_apart(tmp_path: Path) -> None:
    """Totals alone were compared: a copy with another promotion in the place of one looked right."""
    looks = []
    for name, reason in (("one", "fix refunds"), ("other", "fix carts")):
        store = await opened(tmp_path / f"{name}.db")
        await done(store, put(replace(promotion(await reserved(store)), reason=reason), 1.0))
        await store.close()
        looks.append(await look(SqliteSource(tmp_path / f"{name}.db", owned=False)))
    assert [sentence.partition(":")[0] for sentence in differences(*looks)] == ["contents"]


async def test_a_target_refuses_pieces_that_do_not_fit(tmp_path: Path) -> None:
    """A slot whose holder is missing ended a copy with a traceback."""
    target = SqliteTarget(tmp_path / "after.db")
    await target.open()
    with pytest.raises(StoreDown, match="does not fit together"):
        await target.take([Slot("checkout", "production", "P-9", 1.0)])
    await target.close()


def test_a_flaw_is_not_copied() -> None:
    """Whatever the first look at the source has missed."""
    with pytest.raises(StoreDown, match=r"not copied: P-9 is gone\."):
        sound([Flaw("P-9 is gone.")])
