"""How every story of the promises ends: all is mended, hours pass, and nothing is left hanging."""

from bot.domain.promotion import Phase, Promotion
from bot.store.protocol import Query, Store
from tests.promises.bends import World

HOUR = 3600.0
ROUNDS = 14
FLIGHT = 40  # glances of each round
LEAVES_OPEN = frozenset({Phase.WAITING, Phase.UNKNOWN})


async def everything_settles(world: World) -> None:
    """Let hours pass until whatever was begun has ended or waits for a person; nobody is left holding a slot."""
    left: list[str] = ["not looked at yet"]
    for _ in range(ROUNDS):
        await world.goes_on(FLIGHT)
        left = await _left_over(world)
        if not left:
            return
        world.story.passes(HOUR)
    raise AssertionError(f"never settled: {'; '.join(left)}")


async def _left_over(world: World) -> list[str]:
    """What is still under way, held or due."""
    store = world.story.bot.store
    stored = await store.find(Query(limit=200))
    open_ones = [one for one in stored if one.phase.is_open]
    left = [_words(one) for one in open_ones if not _waits_for_a_person(world, one, open_ones)]
    left += await _held_by_ended(store)
    due = await store.next_due(world.story.clock.now())
    if due is not None and not open_ones:
        left.append(f"something is due in {due - world.story.clock.now():.0f} s, and everything has ended")
    return left


def _waits_for_a_person(world: World, promotion: Promotion, open_ones: list[Promotion]) -> bool:
    """Unknown until an admin says, waiting behind one that is, or blocked, with a card that says by what."""
    if promotion.phase is Phase.UNKNOWN:
        return True
    blockers = [one for one in open_ones if one.service == promotion.service and one.phase is Phase.UNKNOWN]
    card = world.witness.card(promotion.id)
    is_blocked = card is not None and "is blocked" in card.text
    return promotion.phase is Phase.WAITING and (bool(blockers) or is_blocked)


async def _held_by_ended(store: Store) -> list[str]:
    """Slots whose holder has ended."""
    held = []
    for slot in await store.slots_held():
        holder = await store.load(slot.holder)
        if holder is None or not holder.phase.is_open:
            held.append(f"{slot.service} {slot.environment} is held by {slot.holder}")
    return held


def _words(promotion: Promotion) -> str:
    errors = {key: entry.error for key, entry in promotion.ledger.items() if entry.error}
    return f"{promotion.id} {promotion.kind.value} {promotion.service} is {promotion.phase.value} {errors}"
