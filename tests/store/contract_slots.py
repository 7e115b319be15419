"""The contract of slots: one holder, the rest queue, rollbacks first, handed over inside the commit."""

from dataclasses import replace

from bot.domain.policy import Kind
from bot.store.protocol import Commit, Conflict, PromotionPut, Slot, Store
from tests.store.builders import add, done, promotion, put, row, say, stored

PLACE = ("checkout", "production")


class SlotContract:
    """Inherited by every store's tests."""

    async def test_a_free_slot_goes_to_whoever_wants_it(self, store: Store) -> None:
        """The first to want it holds it since that commit, and is due at once to go on."""
        await add(store, 1, "want")
        assert await store.slot(*PLACE) == Slot(*PLACE, holder="P-1", since=1.0)
        assert await store.next_due(9.0) == 1.0

    async def test_the_rest_queue_in_the_order_of_first_wanting(self, store: Store) -> None:
        """Wanting again neither doubles a place nor loses it, and does not make anyone due."""
        for number in (1, 2, 3):
            await add(store, number, "want")
        await say(store, 2, "want", at=8.0)
        assert await store.slot(*PLACE) == Slot(*PLACE, "P-1", 1.0, ("P-2", "P-3"))
        assert [claim.promotion for claim in await store.claim_due(9.0, 9.0, 9)] == ["P-1"]

    async def test_rollbacks_go_first(self, store: Store) -> None:
        """A rollback passes every promotion that waits, and keeps its order among rollbacks."""
        await add(store, 1, "want")
        await add(store, 2, "want")
        await add(store, 3, "want", Kind.ROLLBACK)
        await add(store, 4, "want", Kind.EMERGENCY)
        await add(store, 5, "want", Kind.ROLLBACK)
        assert (await store.slot(*PLACE)).queue == ("P-3", "P-5", "P-2", "P-4")

    async def test_who_frees_the_slot_hands_it_over(self, store: Store) -> None:
        """The head of the queue holds the slot and is due in the same commit, without asking again."""
        for number in (1, 2, 3):
            await add(store, number, "want")
        (claim,) = await store.claim_due(3.0, 60.0, 9)
        await store.release(claim, wake=None)
        await say(store, 1, "free", at=50.0)
        assert await store.slot(*PLACE) == Slot(*PLACE, "P-2", 50.0, ("P-3",))
        assert [claim.promotion for claim in await store.claim_due(50.0, 60.0, 9)] == ["P-2"]

    async def test_who_leaves_the_queue_leaves_the_holder_alone(self, store: Store) -> None:
        """A cancelled promotion in the queue disappears from it and nothing else moves."""
        for number in (1, 2, 3):
            await add(store, number, "want")
        await say(store, 2, "free", at=50.0)
        assert await store.slot(*PLACE) == Slot(*PLACE, "P-1", 1.0, ("P-3",))

    async def test_the_last_one_leaves_the_slot_free(self, store: Store) -> None:
        """A slot that nobody wants is nobody's, and whoever comes next gets it."""
        await add(store, 1, "want")
        await say(store, 1, "free", at=5.0)
        assert await store.slot(*PLACE) == Slot(*PLACE)
        await add(store, 6, "want")
        assert await store.slot(*PLACE) == Slot(*PLACE, "P-6", 6.0)

    async def test_a_holder_that_wants_or_keeps_stays_since_then(self, store: Store) -> None:
        """Saying it again does not make the slot younger: gates are looked at after `since`."""
        await add(store, 1, "want")
        await say(store, 1, "want", at=20.0)
        await say(store, 1, "keep", at=30.0)
        assert await store.slot(*PLACE) == Slot(*PLACE, "P-1", 1.0)

    async def test_keep_without_the_slot_is_a_conflict(self, store: Store) -> None:
        """An intent that does not hold the slot must not be written."""
        await add(store, 1, "want")
        await add(store, 2, "want")
        assert await store.commit(put(await stored(store, 2), slot="keep")) == Conflict("slot")
        assert (await stored(store, 2)).revision == 1

    async def test_slots_of_other_places_are_not_touched(self, store: Store) -> None:
        """Two services, and two environments of one service, deploy at the same time."""
        await add(store, 1, "want")
        await done(store, put(promotion(2, "storefront"), slot="want", at=2.0))
        await done(store, put(replace(promotion(3), environment="staging"), slot="want", at=3.0))
        assert await store.slots_held() == [
            Slot(*PLACE, "P-1", 1.0),
            Slot("checkout", "staging", "P-3", 3.0),
            Slot("storefront", "production", "P-2", 2.0),
        ]

    async def test_one_commit_can_end_one_and_begin_another(self, store: Store) -> None:
        """A rollback asked in the commit that ends a deploy is at the head of the queue that it joins."""
        ended = await add(store, 1, "want")
        await add(store, 2, "want")
        rollback = PromotionPut(promotion(3, kind=Kind.ROLLBACK), None, "want")
        both = Commit(at=9.0, puts=(rollback, PromotionPut(ended, None, "free")), audit=(row(),))
        await done(store, both)
        assert await store.slot(*PLACE) == Slot(*PLACE, "P-3", 9.0, ("P-2",))

    async def test_one_commit_can_hand_a_slot_on_and_on(self, store: Store) -> None:
        """Holder and head of the queue end together: the third one holds it, and all who were given it are due."""
        first, second, _ = [await add(store, number, "want") for number in (1, 2, 3)]
        await add(store, 4, "want")
        ends = tuple(PromotionPut(one, None, "free", settled=True) for one in (first, second))
        await done(store, Commit(at=9.0, puts=ends, audit=(row(),)))
        assert await store.slot(*PLACE) == Slot(*PLACE, "P-3", 9.0, ("P-4",))
        assert {one.promotion for one in await store.claim_due(9.0, 60.0, 9)} == {"P-1", "P-2", "P-3"}

    async def test_a_worker_that_gets_the_slot_in_its_own_commit_is_due_again(self, store: Store) -> None:
        """The plan it releases with was made without the slot: going to sleep on it would sleep for ever."""
        before = await add(store, 1)
        await done(store, Commit(at=2.0, wakes=("P-1",)))
        (claim,) = await store.claim_due(2.0, 60.0, 1)
        await done(store, put(before, slot="want", at=3.0, claim=claim.token))
        await store.release(claim, wake=None)
        assert await store.next_due(9.0) == 3.0
