"""The contract of `commit`: all of a change or nothing, guards first, every change audited."""

import asyncio
from dataclasses import replace

import pytest

from bot.store.codec import LIMIT, TooLarge
from bot.store.protocol import Commit, Committed, Conflict, Document, DuplicateOf, PromotionPut, Store
from tests.store.builders import Reopen, add, done, promotion, put, renamed, row, stored, write_document

DAY = 86_400.0


class CommitContract:
    """Inherited by every store's tests."""

    async def test_a_new_promotion_is_stored_with_revision_one(self, store: Store) -> None:
        """Revision 0 means insert; what comes back is what was written, one revision later."""
        outcome = await done(store, put(promotion(1)))
        assert outcome.revisions == {"P-1": 1}
        assert await store.load("P-1") == replace(promotion(1), revision=1)

    async def test_a_stored_promotion_is_replaced_by_its_next_revision(self, store: Store) -> None:
        """A put with the revision that was read writes the next one."""
        before = await add(store, 1)
        await done(store, put(renamed(before, "faster refunds")))
        assert await stored(store, 1) == replace(before, reason="faster refunds", revision=2)

    async def test_an_old_revision_is_a_conflict_that_writes_nothing(self, store: Store) -> None:
        """Whoever read before somebody else wrote is told to look again."""
        before = await add(store, 1)
        await done(store, put(renamed(before, "first")))
        assert await store.commit(put(renamed(before, "second"))) == Conflict("P-1")
        assert (await stored(store, 1)).reason == "first"
        assert len(await store.audit(0)) == 2

    async def test_an_id_is_inserted_once(self, store: Store) -> None:
        """A second promotion with a known id is a conflict, not a replacement."""
        await add(store, 1)
        other = replace(promotion(1), correlation="another")
        assert await store.commit(put(other)) == Conflict("P-1")

    async def test_a_correlation_id_belongs_to_one_promotion(self, store: Store) -> None:
        """Two promotions with one correlation id would answer to the same run."""
        await add(store, 1)
        twin = replace(promotion(2), correlation=promotion(1).correlation)
        assert await store.commit(put(twin)) == Conflict("P-2")
        assert await store.load("P-2") is None

    async def test_twins_of_one_commit_are_a_conflict(self, store: Store) -> None:
        """A correlation id belongs to one promotion also among those that are written together."""
        twin = replace(promotion(2), correlation=promotion(1).correlation)
        both = (PromotionPut(promotion(1), None), PromotionPut(twin, None))
        assert await store.commit(Commit(at=0.0, puts=both, audit=(row(),))) == Conflict("P-2")
        assert await store.load("P-1") is None

    async def test_of_several_conflicts_the_first_is_told(self, store: Store) -> None:
        """What was read, then promotions, then documents, then the slot: the same on every store."""
        await add(store, 1)
        stale = Commit(
            at=1.0,
            puts=(PromotionPut(promotion(1), None, "keep"),),
            documents=(Document("team:sre", "{}", 7),),
            read=(("freeze:1", 7),),
            audit=(row(),),
        )
        assert await store.commit(stale) == Conflict("freeze:1")
        assert await store.commit(replace(stale, read=())) == Conflict("P-1")
        current = replace(stale.puts[0], promotion=await stored(store, 1))
        assert await store.commit(replace(stale, read=(), puts=(current,))) == Conflict("team:sre")
        assert await store.commit(replace(stale, read=(), puts=(current,), documents=())) == Conflict("slot")

    async def test_an_update_of_nothing_is_a_conflict(self, store: Store) -> None:
        """A promotion that was never stored cannot be at revision 3."""
        assert await store.commit(put(replace(promotion(1), revision=3))) == Conflict("P-1")

    async def test_a_conflict_in_the_last_part_undoes_the_first(self, store: Store) -> None:
        """One commit with a good promotion and a stale document leaves neither behind."""
        await done(store, write_document("team:sre", "{}"))
        change = Commit(
            at=1.0,
            puts=(PromotionPut(promotion(1), wake=1.0, slot="want"),),
            documents=(Document("team:sre", "[]", 0),),
            audit=(row(),),
            dedupe=("click-1", "P-1"),
        )
        assert await store.commit(change) == Conflict("team:sre")
        assert await store.load("P-1") is None
        assert (await store.slot("checkout", "production")).holder == ""
        assert await store.next_due(9.0) is None
        assert await store.commit(replace(change, documents=())) == Committed({"P-1": 1}, await head(store))

    async def test_documents_are_compared_and_set(self, store: Store) -> None:
        """A small document has a revision too, and a stale writer is told its key."""
        assert (await done(store, write_document("freeze:1", "a"))).revisions == {"freeze:1": 1}
        assert await store.commit(write_document("freeze:1", "b")) == Conflict("freeze:1")
        assert await store.commit(write_document("freeze:1", "b", 7)) == Conflict("freeze:1")
        await done(store, write_document("freeze:1", "b", 1))
        assert await store.documents(["freeze:1", "freeze:2"]) == {
            "freeze:1": Document("freeze:1", "b", 2),
            "freeze:2": Document("freeze:2", "", 0),
        }

    async def test_a_document_that_was_read_must_not_have_moved(self, store: Store) -> None:
        """A freeze that was acknowledged between the look and the intent wins."""
        before = await add(store, 1)
        intent = replace(put(before), read=(("freeze:1", 0),))
        await done(store, write_document("freeze:1", "{}"))
        assert await store.commit(intent) == Conflict("freeze:1")
        await done(store, replace(intent, read=(("freeze:1", 1), ("lock:1", 0))))

    async def test_a_message_is_committed_once(self, store: Store) -> None:
        """The second delivery of a click is told the promotion of the first and writes nothing."""
        await done(store, replace(put(promotion(1)), dedupe=("click-1", "P-1")))
        again = replace(put(promotion(2)), dedupe=("click-1", "P-2"))
        assert await store.commit(again) == DuplicateOf("P-1")
        assert await store.load("P-2") is None
        assert len(await store.audit(0)) == 1

    async def test_dedupe_is_asked_before_revisions(self, store: Store) -> None:
        """A repeated click on a promotion that moved on is a duplicate, not a conflict."""
        before = await add(store, 1)
        click = replace(put(before), dedupe=("click-1", "P-1"))
        await done(store, click)
        assert await store.commit(click) == DuplicateOf("P-1")

    async def test_a_message_is_forgotten_after_seven_days(self, store: Store) -> None:
        """Dedupe records do not grow for ever: known on the seventh day, unknown after it."""
        key = ("click-1", "P-1")
        await done(store, Commit(at=0.0, dedupe=key))
        assert await store.commit(Commit(at=7 * DAY, dedupe=key)) == DuplicateOf("P-1")
        await done(store, Commit(at=7 * DAY + 1, dedupe=key))

    async def test_nothing_changes_without_an_audit_row(self, store: Store) -> None:
        """A commit that writes and does not say who did what is a programming error."""
        with pytest.raises(ValueError, match="audit"):
            await store.commit(Commit(at=0.0, puts=(PromotionPut(promotion(1), None),)))
        with pytest.raises(ValueError, match="audit"):
            await store.commit(Commit(at=0.0, documents=(Document("freeze:1", "{}", 0),)))
        assert await store.load("P-1") is None

    async def test_one_commit_names_each_thing_once(self, store: Store) -> None:
        """Two writes of one promotion in one commit have no order that could be meant."""
        twice = (PromotionPut(promotion(1), None), PromotionPut(promotion(1), None))
        with pytest.raises(ValueError, match="once"):
            await store.commit(Commit(at=0.0, puts=twice, audit=(row(),)))

    async def test_a_document_over_the_limit_is_refused_by_name(self, store: Store) -> None:
        """Nothing over 16 KB is stored, whether promotion or small document, and neighbours live on."""
        with pytest.raises(TooLarge, match="promotion"):
            await store.commit(put(renamed(promotion(1), "x" * LIMIT)))
        with pytest.raises(TooLarge, match="team:sre"):
            await store.commit(write_document("team:sre", "x" * (LIMIT + 1)))
        await add(store, 2)

    async def test_of_many_writers_of_one_revision_one_wins(self, store: Store) -> None:
        """Fifty at once on one promotion: one commit, forty-nine conflicts, one more audit row."""
        before = await add(store, 1)
        outcomes = await asyncio.gather(*(store.commit(put(renamed(before, f"{n}"))) for n in range(50)))
        assert sum(isinstance(outcome, Committed) for outcome in outcomes) == 1
        assert outcomes.count(Conflict("P-1")) == 49
        assert len(await store.audit(0)) == 2

    async def test_a_bad_change_fails_alone(self, store: Store) -> None:
        """A change that cannot be written does not take down those committed with it."""
        bad = put(replace(promotion(7), run=replace(promotion(7).run, run_id=2**70)))
        results = await asyncio.gather(
            *(store.commit(put(promotion(n))) for n in range(1, 4)),
            store.commit(bad),
            *(store.commit(put(promotion(n))) for n in range(4, 7)),
            return_exceptions=True,
        )
        assert [type(result) for result in results].count(Committed) == 6
        assert isinstance(results[3], OverflowError)
        assert await store.load("P-7") is None
        assert await store.verify_audit() is None

    async def test_everything_is_there_after_reopening(self, store: Store, reopen: Reopen) -> None:
        """Promotion, document, slot, wake, dedupe, chain and sequence survive the process."""
        await done(store, replace(put(promotion(1), 5.0, "want"), dedupe=("click-1", "P-1"), at=4.0))
        await done(store, write_document("freeze:1", "{}"))
        assert await store.reserve("promotion") == 1
        before = await head(store)
        again = await reopen()
        assert await stored(again, 1) == replace(promotion(1), revision=1)
        assert (await again.slot("checkout", "production")).holder == "P-1"
        assert await again.next_due(9.0) == 4.0
        assert await again.commit(Commit(at=5.0, dedupe=("click-1", "P-1"))) == DuplicateOf("P-1")
        assert (await again.documents(["freeze:1"]))["freeze:1"].revision == 1
        assert await again.reserve("promotion") == 2
        assert await head(again) == before

    async def test_reserved_numbers_never_repeat(self, store: Store) -> None:
        """Each sequence counts from 1, and fifty at once get fifty numbers."""
        numbers = await asyncio.gather(*(store.reserve("promotion") for _ in range(50)))
        assert sorted(numbers) == list(range(1, 51))
        assert await store.reserve("lock") == 1


async def head(store: Store) -> str:
    """The digest of the newest audit row."""
    return (await store.audit(0))[-1].digest
