"""The contract of the due index: nobody works on a promotion twice at once, and no wake is lost."""

import asyncio
from dataclasses import replace

from bot.domain.policy import Kind
from bot.domain.promotion import Promotion
from bot.store.protocol import Claim, Commit, DuplicateOf, Fenced, PromotionPut, Store
from tests.store.builders import Reopen, add, done, promotion, put, row, stored

LONG = 60.0
SHORT = 0.05  # seconds, real ones
ENOUGH = 1.0  # seconds in which a commit is made on a busy machine too


class DueContract:
    """Inherited by every store's tests."""

    async def test_due_promotions_are_claimed_oldest_wake_first(self, store: Store) -> None:
        """What is not due yet is not claimed, and the limit is kept."""
        for number, wake in ((1, 30.0), (2, 10.0), (3, 20.0), (4, 99.0)):
            await done(store, put(promotion(number), wake))
        assert [claim.promotion for claim in await store.claim_due(30.0, LONG, 2)] == ["P-2", "P-3"]
        assert [claim.promotion for claim in await store.claim_due(30.0, LONG, 2)] == ["P-1"]
        assert await store.claim_due(30.0, LONG, 2) == []

    async def test_the_next_due_is_the_earliest_that_nobody_holds(self, store: Store) -> None:
        """A worker sleeps until the earliest wake; a leased one does not wake it."""
        assert await store.next_due(0.0) is None
        await done(store, put(promotion(1), 10.0))
        await done(store, put(promotion(2), 20.0))
        assert await store.next_due(0.0) == 10.0
        await store.claim_due(10.0, LONG, 1)
        assert await store.next_due(10.0) == 20.0

    async def test_two_workers_never_hold_one_promotion(self, store: Store) -> None:
        """Ten workers claim at once: each promotion goes to exactly one."""
        for number in range(1, 31):
            await done(store, put(promotion(number), 1.0))
        claims = await asyncio.gather(*(store.claim_due(1.0, LONG, 5) for _ in range(10)))
        held = [claim.promotion for some in claims for claim in some]
        assert len(held) == len(set(held)) == 30

    async def test_a_released_promotion_is_due_when_its_worker_says(self, store: Store) -> None:
        """The wake of the release replaces the one it was claimed for."""
        claim = await claimed(store)
        await store.release(claim, wake=77.0)
        assert await store.claim_due(76.0, LONG, 1) == []
        assert [again.promotion for again in await store.claim_due(77.0, LONG, 1)] == ["P-1"]

    async def test_a_settled_promotion_leaves_the_index(self, store: Store) -> None:
        """Settled by a commit or by a release: it costs nothing any more."""
        await store.release(await claimed(store), wake=77.0, settled=True)
        assert await store.next_due(99.0) is None
        await done(store, put(promotion(2), 10.0))
        await done(store, put(await stored(store, 2), 10.0, settled=True))
        assert await store.next_due(99.0) is None

    async def test_what_is_not_settled_is_never_forgotten(self, store: Store) -> None:
        """A worker that could not go on and knows no moment leaves the promotion as due as it was."""
        claim = await claimed(store)
        await store.release(claim, wake=None)
        assert await store.next_due(99.0) == 10.0
        await done(store, Commit(at=5.0, puts=(unsettled(await stored(store, 1)),), audit=(row("P-1"),)))
        assert await store.next_due(99.0) == 10.0

    async def test_what_is_not_settled_is_due_when_the_store_is_opened(
        self, store: Store, reopen: Reopen
    ) -> None:
        """Whatever became of its place in the index: what a promotion still owes is found by the next process."""
        await done(store, Commit(at=5.0, puts=(unsettled(promotion(1)),), audit=(row("P-1"),)))
        await done(store, put(promotion(2), None, settled=True))
        await done(store, put(promotion(3), 50.0))
        (claim,) = await store.claim_due(50.0, LONG, 9)
        await store.release(claim, wake=None, settled=True)
        again = await reopen()
        assert [one.promotion for one in await again.claim_due(99.0, LONG, 9)] == ["P-1"]

    async def test_rollbacks_are_claimed_first(self, store: Store) -> None:
        """However many promotions have been due for longer."""
        for number in (1, 2):
            await done(store, put(promotion(number), 10.0))
        await done(store, put(promotion(3, kind=Kind.ROLLBACK), 20.0))
        assert [one.promotion for one in await store.claim_due(30.0, LONG, 2)] == ["P-3", "P-1"]

    async def test_places_are_kept_for_rollbacks(self, store: Store) -> None:
        """With no other place left a rollback is claimed, and nothing else; with one left, still at most so many."""
        for number in (1, 2):
            await done(store, put(promotion(number), 10.0))
        for number in (3, 4, 5):
            await done(store, put(promotion(number, kind=Kind.ROLLBACK), 20.0 + number))
        assert [one.promotion for one in await store.claim_due(30.0, LONG, 0, 1)] == ["P-3"]
        assert [one.promotion for one in await store.claim_due(30.0, LONG, 1, 2)] == ["P-4", "P-5"]
        assert await store.claim_due(30.0, LONG, 0, 9) == []
        assert [one.promotion for one in await store.claim_due(30.0, LONG, 1, 9)] == ["P-1"]

    async def test_a_wake_makes_due_at_once_even_what_was_settled(self, store: Store) -> None:
        """A rollback tells the promotion that it undid; one nobody knows is ignored."""
        await done(store, put(promotion(1), None, settled=True))
        await done(store, Commit(at=40.0, wakes=("P-1", "P-404")))
        assert await store.next_due(99.0) == 40.0

    async def test_a_wake_never_makes_later(self, store: Store) -> None:
        """A promotion that was overdue already stays as overdue as it was."""
        await done(store, put(promotion(1), 10.0))
        await done(store, Commit(at=40.0, wakes=("P-1",)))
        assert await store.next_due(99.0) == 10.0

    async def test_a_wake_during_a_lease_makes_due_at_the_release(self, store: Store) -> None:
        """A freeze lifted while a worker looks at the frozen promotion is not slept over."""
        claim = await claimed(store)
        await done(store, Commit(at=40.0, wakes=("P-1",)))
        assert await store.claim_due(99.0, LONG, 1) == []
        await store.release(claim, wake=None, settled=True)
        assert await store.next_due(99.0) == 40.0

    async def test_somebody_elses_commit_touches_the_lease(self, store: Store) -> None:
        """An approval during a round: the round's worker does not know it, so the promotion is due again."""
        claim = await claimed(store)
        await done(store, put(await stored(store, 1), None, at=40.0))
        await store.release(claim, wake=500.0)
        assert await store.next_due(99.0) == 40.0

    async def test_its_own_commit_does_not(self, store: Store) -> None:
        """A worker's own results do not make it look again: that would never end."""
        claim = await claimed(store)
        await done(store, put(await stored(store, 1), 300.0, at=40.0, claim=claim.token))
        await store.release(claim, wake=500.0)
        assert await store.next_due(99.0) == 500.0

    async def test_a_touch_is_used_up_by_the_release(self, store: Store) -> None:
        """Due once more, not for ever."""
        claim = await claimed(store)
        await done(store, put(await stored(store, 1), None, at=40.0))
        await store.release(claim, wake=None, settled=True)
        (again,) = await store.claim_due(99.0, LONG, 1)
        await store.release(again, wake=None, settled=True)
        assert await store.next_due(99.0) is None

    async def test_a_wake_outlives_a_put_that_did_not_know_of_it(self, store: Store) -> None:
        """A click that read the world before a freeze was lifted says "nothing due"; the wake must stay."""
        before = await add(store, 1)
        await done(store, Commit(at=40.0, wakes=("P-1",)))
        await done(store, put(before, None, settled=True, at=41.0))
        assert await store.next_due(99.0) == 40.0
        (claim,) = await store.claim_due(99.0, LONG, 1)
        await store.release(claim, wake=None, settled=True)
        assert await store.next_due(99.0) is None

    async def test_a_wake_during_a_lease_survives_the_worker(self, store: Store, reopen: Reopen) -> None:
        """Killed after its own commit and before its release: the wake that came between is still there."""
        claim = await claimed(store, lease=SHORT)
        await done(store, Commit(at=40.0, wakes=("P-1",)))
        await done(store, put(await stored(store, 1), None, at=41.0, claim=claim.token))
        again = await reopen()
        await asyncio.sleep(2 * SHORT)
        assert [one.promotion for one in await again.claim_due(99.0, LONG, 1)] == ["P-1"]

    async def test_a_lease_that_was_touched_twice_is_due_since_the_first(self, store: Store) -> None:
        """What has waited longer goes first, however often somebody knocked since."""
        claim = await claimed(store)
        await done(store, put(await stored(store, 1), None, at=40.0))
        await done(store, put(await stored(store, 1), None, at=50.0))
        await store.release(claim, wake=500.0)
        assert await store.next_due(99.0) == 40.0

    async def test_what_is_written_after_a_lease_ran_out_is_due_when_that_says(self, store: Store) -> None:
        """The wake that the promotion was claimed with does not come back with the lost lease."""
        await claimed(store, lease=SHORT)
        await asyncio.sleep(2 * SHORT)
        await done(store, put(await stored(store, 1), 70.0, at=40.0))
        assert await store.claim_due(69.0, LONG, 1) == []
        assert len(await store.claim_due(70.0, LONG, 9)) == 1

    async def test_an_expired_lease_is_claimed_again(self, store: Store) -> None:
        """A worker that hangs loses its promotion, and cannot give back or renew what is not its own."""
        lost = await claimed(store, lease=SHORT)
        await asyncio.sleep(2 * SHORT)
        (mine,) = await store.claim_due(99.0, LONG, 1)
        assert mine.promotion == lost.promotion
        assert mine.token != lost.token
        await store.release(lost, wake=None, settled=True)
        assert not await store.renew(lost, 99.0, LONG)
        assert await store.renew(mine, 99.0, LONG)
        await store.release(mine, wake=500.0)
        assert await store.next_due(99.0) == 500.0

    async def test_a_renewed_lease_lasts(self, store: Store) -> None:
        """A slow round keeps its promotion as long as it renews."""
        claim = await claimed(store, lease=SHORT)
        assert await store.renew(claim, 10.0, LONG)
        await asyncio.sleep(2 * SHORT)
        assert await store.claim_due(99.0, LONG, 1) == []

    async def test_a_lost_lease_cannot_be_renewed(self, store: Store) -> None:
        """Whoever renews too late must stop, whether somebody else came or not."""
        claim = await claimed(store, lease=SHORT)
        await asyncio.sleep(2 * SHORT)
        assert not await store.renew(claim, 10.0, LONG)

    async def test_a_lost_lease_is_fenced(self, store: Store) -> None:
        """A worker that stood still writes nothing over its successor, and neither revision nor chain moves."""
        lost = await claimed(store, lease=SHORT)
        await asyncio.sleep(2 * SHORT)
        late = put(await stored(store, 1), 300.0, at=40.0, claim=lost.token)
        assert await store.commit(late) == Fenced()
        (mine,) = await store.claim_due(99.0, LONG, 1)
        assert await store.commit(late) == Fenced()
        assert len(await store.audit(0)) == 1
        await done(store, replace(late, claim=mine.token))

    async def test_what_was_handled_is_a_duplicate_before_it_is_fenced(self, store: Store) -> None:
        """Who repeats a message is told of the first, whatever became of the lease meanwhile."""
        lost = await claimed(store, lease=ENOUGH)
        click = replace(put(await stored(store, 1), claim=lost.token), dedupe=("click-1", "P-1"))
        await done(store, click)
        await asyncio.sleep(1.5 * ENOUGH)
        assert await store.commit(click) == DuplicateOf("P-1")

    async def test_a_made_up_token_is_worth_nothing(self, store: Store) -> None:
        """Releasing with another token leaves the lease where it is."""
        await claimed(store)
        await store.release(Claim("P-1", "made up"), wake=None, settled=True)
        assert not await store.renew(Claim("P-1", "made up"), 10.0, LONG)
        assert await store.claim_due(99.0, LONG, 1) == []


async def claimed(store: Store, lease: float = LONG) -> Claim:
    """P-1, due at 10 and leased."""
    await done(store, put(promotion(1), 10.0))
    (claim,) = await store.claim_due(10.0, lease, 1)
    return claim


def unsettled(one: Promotion) -> PromotionPut:
    """A write that names no wake, and does not say that nothing is owed."""
    return PromotionPut(one, wake=None, settled=False)
