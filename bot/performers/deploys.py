"""The deploy itself: look first, dispatch once, follow, cancel. Nothing here is ever sent twice on a guess."""

from bot.deploys.workflow import inputs_of, is_ours
from bot.domain.effects import CancelRun, Dispatch, LookForRun, ReadRun
from bot.domain.messages import (
    CancelAccepted,
    DispatchAccepted,
    DispatchRefused,
    DispatchUnclear,
    Fact,
    NotSent,
    RunNotFound,
    RunNotOurs,
    RunSeen,
)
from bot.domain.plan_looks import SEND_WITHIN
from bot.performers.tools import Scene, Tools, again_at
from bot.ports import Limited, Refused, RunLook, Unclear, Unreachable, VendorError

PAUSE = 5.0  # seconds before a dispatch that did not leave is prepared again


async def dispatch(tools: Tools, scene: Scene, effect: Dispatch) -> tuple[Fact, ...]:
    """Start the workflow within five seconds of the intent, or report that it was not sent."""
    promotion, rules = scene.promotion, scene.context.rules
    now = tools.clock.now()
    if effect.look_first:
        try:
            found = await _search(tools, scene, promotion.intent.at if promotion.intent else now)
        except VendorError as error:
            again = again_at(error, effect.number, now)
            return (NotSent(promotion.id, effect.number, error.sentence, again),)
        if found is not None:
            return (found,)
    if tools.clock.boottime() - effect.boottime > SEND_WITHIN:
        return (NotSent(promotion.id, effect.number, "too late after the intent", now + PAUSE),)
    if (promotion.id, effect.number) in tools.sent:
        return (DispatchUnclear(promotion.id, effect.number, "the answer was lost on our side"),)
    tools.sent.add((promotion.id, effect.number))
    try:
        answer = await tools.repository.dispatch(
            rules.service.repo, rules.deploy.workflow, rules.deploy.ref, inputs_of(promotion, rules)
        )
    except Unclear as unclear:
        return (DispatchUnclear(promotion.id, effect.number, unclear.sentence),)
    except Refused as no:
        return (DispatchRefused(promotion.id, effect.number, no.code, no.sentence),)
    except (Limited, Unreachable) as error:
        again = again_at(error, effect.number, tools.clock.now())
        return (NotSent(promotion.id, effect.number, error.sentence, max(again, now + PAUSE)),)
    return (DispatchAccepted(promotion.id, effect.number, answer.run_id, answer.url),)


async def look_for_run(tools: Tools, scene: Scene, effect: LookForRun) -> tuple[Fact, ...]:
    """Search the run by the correlation id; finding none is a fact too."""
    found = await _search(tools, scene, effect.since)
    return (found or RunNotFound(scene.promotion.id, effect.number),)


async def read_run(tools: Tools, scene: Scene, effect: ReadRun) -> tuple[Fact, ...]:
    """Read the run and its jobs."""
    promotion, rules = scene.promotion, scene.context.rules
    try:
        look = await tools.repository.run(rules.service.repo, effect.run_id)
    except Refused as no:
        if effect.prove and no.code == "404":
            return (RunNotOurs(promotion.id, effect.run_id),)
        raise
    if effect.prove and not is_ours(look, promotion, rules):
        return (RunNotOurs(promotion.id, effect.run_id),)
    return (_seen(promotion.id, look),)


async def cancel_run(tools: Tools, scene: Scene, effect: CancelRun) -> tuple[Fact, ...]:
    """Ask GitHub to stop the run; what becomes of it is read afterwards."""
    repo = scene.context.rules.service.repo
    await tools.repository.cancel(repo, effect.run_id, force=effect.force)
    return (CancelAccepted(scene.promotion.id, effect.force),)


async def _search(tools: Tools, scene: Scene, since: float) -> RunSeen | None:
    promotion, rules = scene.promotion, scene.context.rules
    look = await tools.repository.find_run(
        rules.service.repo,
        rules.deploy.workflow,
        rules.deploy.ref,
        promotion.correlation,
        min(since, promotion.created),
    )
    if look is None or not is_ours(look, promotion, rules):
        return None
    return _seen(promotion.id, look)


def _seen(promotion: str, look: RunLook) -> RunSeen:
    return RunSeen(
        promotion=promotion,
        source="api",
        run_id=look.run_id,
        url=look.url,
        status=look.status,
        conclusion=look.conclusion,
        attempt=look.attempt,
        actor=look.actor,
        steps=look.steps,
    )
