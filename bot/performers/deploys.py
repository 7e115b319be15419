"""The deploy itself: look first, dispatch once, follow, cancel. Nothing here is ever sent twice on a guess."""

from bot.deploys.workflow import fits, inputs_of, is_of, is_ours, repos_of, repos_to_read, workflows_of
from bot.domain.effects import CancelRun, Dispatch, LookForRun, ReadRun
from bot.domain.intent import Intent
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
from bot.performers.tools import GONE, Scene, Tools, again_at
from bot.ports import Limited, Refused, RunLook, Unclear, Unreachable, VendorError

PAUSE = 5.0  # seconds before a dispatch that did not leave is prepared again


async def dispatch(tools: Tools, scene: Scene, effect: Dispatch) -> tuple[Fact, ...]:
    """Start the workflow within five seconds of the intent, or report that it was not sent."""
    promotion, intent = scene.promotion, scene.promotion.intent
    if intent is None or not is_of(intent, promotion, scene.context.rules):
        return (_not_sent(tools, scene, effect, "the catalog changed after the intent"),)
    strangers: tuple[Fact, ...] = ()
    if effect.look_first:
        try:
            found = await _search(tools, scene, intent.at)
        except VendorError as error:
            return (_held_back(tools, scene, effect, error),)
        if isinstance(found, RunSeen):
            return (found,)
        strangers = (found,) if found is not None else ()
    return (*strangers, await _send(tools, scene, effect, intent))


async def _send(tools: Tools, scene: Scene, effect: Dispatch, intent: Intent) -> Fact:
    """The one POST. This line is reached once per try, and nothing below it is ever repeated."""
    promotion, workflow = scene.promotion, intent.workflow
    if tools.clock.boottime() - effect.boottime > SEND_WITHIN:
        return _not_sent(tools, scene, effect, "too late after the intent")
    if tools.switched() != scene.context.switched:
        return _not_sent(tools, scene, effect, "another store took over after the intent")
    if (promotion.correlation, effect.number) in tools.sent:
        return DispatchUnclear(promotion.id, effect.number, "the answer was lost on our side")
    tools.sent.add((promotion.correlation, effect.number))
    inputs = inputs_of(promotion, scene.context.rules)
    try:
        answer = await tools.repository.dispatch(workflow.repo, workflow.file, workflow.ref, inputs)
    except Unclear as unclear:
        return DispatchUnclear(promotion.id, effect.number, unclear.sentence)
    except Refused as no:
        return DispatchRefused(promotion.id, effect.number, no.code, no.sentence)
    except (Limited, Unreachable) as error:
        return _held_back(tools, scene, effect, error)
    return DispatchAccepted(promotion.id, effect.number, answer.run_id, answer.url)


def _not_sent(tools: Tools, scene: Scene, effect: Dispatch, why: str) -> NotSent:
    return NotSent(scene.promotion.id, effect.number, why, tools.clock.now() + PAUSE)


def _held_back(tools: Tools, scene: Scene, effect: Dispatch, error: VendorError) -> NotSent:
    """A dispatch that certainly did not leave, until the vendor may be asked again."""
    now = tools.clock.now()
    again = max(again_at(error, effect.number, now), now + PAUSE)
    limited = isinstance(error, Limited)
    return NotSent(scene.promotion.id, effect.number, error.sentence, again, limited=limited)


async def look_for_run(tools: Tools, scene: Scene, effect: LookForRun) -> tuple[Fact, ...]:
    """Search the run by the correlation id; finding none, or somebody else's, is a fact too."""
    found = await _search(tools, scene, effect.since)
    if isinstance(found, RunSeen):
        return (found,)
    none = RunNotFound(scene.promotion.id, effect.number)
    return (none,) if found is None else (found, none)


async def read_run(tools: Tools, scene: Scene, effect: ReadRun) -> tuple[Fact, ...]:
    """Read the run and its jobs, in every repository that it may be in; first the attempt that is followed."""
    promotion = scene.promotion
    found = await _found(tools, scene, effect)
    if found is None:
        return (RunNotOurs(promotion.id, effect.run_id),)
    repo, look = found
    newest, followed = _seen(promotion.id, repo, look), promotion.run.attempt or 1
    if look.attempt <= followed or not promotion.phase.is_open:
        return (newest,)
    before = await tools.repository.run(repo, effect.run_id, followed)
    first = _seen(promotion.id, repo, before)
    return (first, newest) if before.status == "completed" else (first,)


async def _found(tools: Tools, scene: Scene, effect: ReadRun) -> tuple[str, RunLook] | None:
    """Where the run is and how it goes; None: there is none that is ours."""
    promotion, refused = scene.promotion, None
    for repo in repos_to_read(promotion, scene.context.rules):
        try:
            look = await tools.repository.run(repo, effect.run_id)
        except Refused as no:
            if no.code not in GONE:
                raise
            refused = refused or no
            continue
        if await _is_it(tools, scene, effect, repo, look):
            return repo, look
    if refused is not None and not (effect.prove and refused.code == "404"):
        raise refused
    return None


async def _is_it(tools: Tools, scene: Scene, effect: ReadRun, repo: str, look: RunLook) -> bool:
    """A repository that moved is known by the name under which the run was started."""
    promotion = scene.promotion
    known = repos_of(promotion)
    if not effect.prove and repo in known:
        return True
    names = (repo,) if repo in known else known
    me = await tools.repository.me() if effect.prove else ""
    return any(is_ours(look, name, promotion, me) for name in names)


async def cancel_run(tools: Tools, scene: Scene, effect: CancelRun) -> tuple[Fact, ...]:
    """Ask GitHub to stop the run; what becomes of it is read afterwards."""
    for repo in repos_of(scene.promotion):
        await tools.repository.cancel(repo, effect.run_id, force=effect.force)
    return (CancelAccepted(scene.promotion.id, effect.force),)


async def _search(tools: Tools, scene: Scene, since: float) -> RunSeen | RunNotOurs | None:
    """Look at every workflow that a try may have started: none is only none when all of them say so."""
    promotion, rules = scene.promotion, scene.context.rules
    begin, stranger = min(since, promotion.created), None
    for one in workflows_of(promotion, rules):
        look = await tools.repository.find_run(one.repo, one.file, one.ref, promotion.correlation, begin)
        if look is None or not fits(look, one.repo, promotion, rules):
            continue
        if is_ours(look, one.repo, promotion, await tools.repository.me(), rules):
            return _seen(promotion.id, one.repo, look)
        stranger = RunNotOurs(promotion.id, look.run_id, look.starter)
    return stranger


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
        nothing_ran=look.nothing_ran,
        rejected_by=look.rejected_by,
        steps_done=look.steps_done,
        steps_total=look.steps_total,
    )
