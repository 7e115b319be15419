"""Slots and wakes by a model of a few lines: what any store must end in, over any sequence of wishes."""

from dataclasses import dataclass, field, replace
from typing import get_args

from hypothesis import strategies as st

from bot.domain.policy import Kind
from bot.store.protocol import AuditRow, Commit, Committed, Conflict, PromotionPut, Slot, SlotWish, Store
from tests.store.builders import promotion

PEOPLE = 5
KINDS = {number: Kind.ROLLBACK if number > 3 else Kind.PROMOTE for number in range(1, PEOPLE + 1)}

Wish = tuple[int, SlotWish]
wishes = st.lists(
    st.tuples(st.integers(1, PEOPLE), st.sampled_from(get_args(SlotWish))), min_size=1, max_size=3
)
sequences = st.lists(
    wishes.filter(lambda some: len({number for number, _ in some}) == len(some)), max_size=25
)


@dataclass
class Model:
    """Who should hold the slot, who should wait, and who should have been made due."""

    holder: int = 0
    since: float = 0.0
    queue: list[int] = field(default_factory=list)
    due: set[int] = field(default_factory=set)

    def wish(self, number: int, wish: SlotWish, at: float) -> bool:
        """What one wish does; False when it is a conflict."""
        if wish == "keep":
            return self.holder == number
        if wish == "want" and number not in (self.holder, *self.queue):
            self.queue.append(number)
            self.queue.sort(key=lambda waiting: KINDS[waiting] is not Kind.ROLLBACK)
        if wish == "free":
            self.queue = [waiting for waiting in self.queue if waiting != number]
            self.holder = 0 if self.holder == number else self.holder
        self._hand_over(at)
        return True

    def _hand_over(self, at: float) -> None:
        if self.holder == 0 and self.queue:
            self.holder, self.since = self.queue.pop(0), at
            self.due.add(self.holder)

    def after(self, some: list[Wish], at: float) -> "Model | None":
        """The model after one commit of several wishes, or None when it is refused."""
        next_one = replace(self, queue=list(self.queue), due=set(self.due))
        return next_one if all(next_one.wish(*one, at) for one in some) else None

    def slot(self) -> Slot:
        """The same as the store says it."""
        if not self.holder:
            return Slot("checkout", "production")
        waiting = tuple(f"P-{number}" for number in self.queue)
        return Slot("checkout", "production", f"P-{self.holder}", self.since, waiting)


async def compare(store: Store, commits: list[list[Wish]]) -> None:
    """The store and the model, step by step, and who is due at the end."""
    model = Model()
    for number in KINDS:
        await store.commit(commit_of([(number, "free")], {number: 0}, 0.0))
    revisions = dict.fromkeys(KINDS, 1)
    for at, some in enumerate(commits, start=1):
        outcome = await store.commit(commit_of(some, revisions, float(at)))
        model_after = model.after(some, float(at))
        if model_after is None:
            assert outcome == Conflict("slot")
        else:
            assert isinstance(outcome, Committed)
            model = model_after
            revisions |= {number: revisions[number] + 1 for number, _ in some}
        assert await store.slot("checkout", "production") == model.slot()
    assert await due(store) == model.due


def commit_of(some: list[Wish], revisions: dict[int, int], at: float) -> Commit:
    """One commit with a put for each wish, nothing else due."""
    puts = tuple(
        PromotionPut(replace(promotion(number, kind=KINDS[number]), revision=revisions[number]), None, wish)
        for number, wish in some
    )
    return Commit(at=at, puts=puts, audit=(AuditRow(at, "ana", "wish", "slot"),))


async def due(store: Store) -> set[int]:
    """The numbers of everybody who is due."""
    return {int(claim.promotion.removeprefix("P-")) for claim in await store.claim_due(1e9, 60.0, 99)}
