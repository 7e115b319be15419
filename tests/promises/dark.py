"""P9 in one scene: a rollback is wanted while Slack and PagerDuty are down."""

from bot.domain.promotion import Phase
from tests.promises.bends import World
from tests.promises.judges import HOSTILE, p9_rollback_in_the_dark
from tests.promises.people import BORN, People

BOUND = 60.0  # seconds of the world


async def rolls_back_in_the_dark(world: World, people: People, who: str, service: str) -> tuple[str, float]:
    """Somebody rolls production back: its promotion, empty when it was refused, and how long the dispatch took.

    The bound holds where nothing else is being deployed, before or meanwhile: a deploy that runs is cancelled first.
    """
    _darkness(world)
    witness, clock = world.witness, world.story.world.clock
    was_free, runs, began = _is_free(world, service), len(world.story.runs), clock.now()
    said = await people.types(who, f"/rollback {service} in production because {HOSTILE}")
    born = BORN.search(said)
    if born is None:
        return "", 0.0
    promotion = born[1] or born[2]
    while promotion not in witness.dispatched() and clock.now() - began <= BOUND:
        await world.goes_on(1)
    took = clock.now() - began
    if was_free and not world.story.is_dead and _nothing_else_started(world, promotion, runs):
        p9_rollback_in_the_dark(witness, promotion, took, BOUND)
    return promotion, took


def _darkness(world: World) -> None:
    world.vendor("slack", 503)
    world.vendor("pagerduty", 503)
    world.vendor("github", None)
    world.runs("success", None, 2.0, "ok", 0.0)


def _is_free(world: World, service: str) -> bool:
    """Whether nothing is being deployed to the service's production, or may be."""
    held = {
        promotion
        for promotion, (_, phase) in world.witness.phases.items()
        if phase.holds_slot and world.witness.asks[promotion].service == service
    }
    rolling = {
        promotion
        for promotion, (_, phase) in world.witness.phases.items()
        if phase is Phase.WAITING and world.witness.asks[promotion].kind == "rollback"
    }
    return not held and not rolling


def _nothing_else_started(world: World, promotion: str, runs: int) -> bool:
    return all(run["inputs"].get("promotion_id") == promotion for run in world.story.runs[runs:])
