"""The deploy itself: look first, dispatch once, follow, cancel. Nothing here is ever sent twice on a guess."""

from bot.deploys.workflow import inputs_of, is_of, is_ours, repos_of, workflows_of
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
from bot.domain.promotion import Promotion
from bot.performers.tools import Scene, Tools, again_at
from bot.ports import Limited, Refused, RunLook, Unclear, Unreachable, VendorError

PAUSE = 5.0  # seconds before a dispatch that did not leave is prepared again


async def dispatch(tools: Tools, scene: Scene, effect: Dispatch) -> tuple[Fact, ...]:
    """Start the workflow within five seconds of the intent, or report that it was not sent."""
    promotion, rules, intent = scene.promotion, scene.context.rules, scene.promotion.intent
    now = tools.clock.now()
    if intent is None or not is_of(intent, rules):
        return (NotSent(promotion.id, effect.number, "the catalog changed after the intent", now + PAUSE),)
    if effect.look_first:
        try:
            found = await _search(tools, promotion, intent.at)
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
        workflow, inputs = intent.workflow, inputs_of(promotion, rules)
        answer = await tools.repository.dispatch(workflow.repo, workflow.file, workflow.ref, inputs)
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
    found = await _search(tools, scene.promotion, effect.since)
    return (found or RunNotFound(scene.promotion.id, effect.number),)


async def read_run(tools: Tools, scene: Scene, effect: ReadRun) -> tuple[Fact, ...]:
    """Read the run and its jobs, in every repository that it may be in."""
    promotion = scene.promotion
    for repo in repos_of(promotion):
        try:
            look = await tools.repository.run(repo, effect.run_id)
        except Refused as no:
            if effect.prove and no.code == "404":
                continue
            raise
        if not effect.prove or is_ours(look, repo, promotion):
            return (_seen(promotion.id, repo, look),)
    return (RunNotOurs(promotion.id, effect.run_id),)


async def cancel_run(tools: Tools, scene: Scene, effect: CancelRun) -> tuple[Fact, ...]:
    """Ask GitHub to stop the run; what becomes of it is read afterwards."""
    for repo in repos_of(scene.promotion):
        await tools.repository.cancel(repo, effect.run_id, force=effect.force)
    return (CancelAccepted(scene.promotion.id, effect.force),)


async def _search(tools: Tools, promotion: Promotion, since: float) -> RunSeen | None:
    """Look at every workflow that a try may have started: none is only none when all of them say so."""
    begin = min(since, promotion.created)
    for one in workflows_of(promotion):
        look = await tools.repository.find_run(one.repo, one.file, one.ref, promotion.correlation, begin)
        if look is not None and is_ours(look, one.repo, promotion):
            return _seen(promotion.id, one.repo, look)
    return None


def _seen(promotion: str, repo: str, look: RunLook) -> RunSeen:
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
        repo=repo,
    )
