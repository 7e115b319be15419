"""Which looks at the world, and which steps of the deploy, a promotion needs now."""

from collections.abc import Iterator

from bot.domain.authors import knows_authors
from bot.domain.context import Context
from bot.domain.effects import (
    CancelOther,
    CancelRun,
    Dispatch,
    Lane,
    LookAtGate,
    LookAtServing,
    LookAtVersion,
    LookForRun,
    ReadRun,
    TellUndone,
)
from bot.domain.forgotten import is_in_doubt, listed_from
from bot.domain.intent import Intent
from bot.domain.ledger import LOOK, VERIFY, VERSION_LOOK
from bot.domain.live import SERVING, serving_rule
from bot.domain.needs import NOW, Need, Scene
from bot.domain.plan_teams import team_needs
from bot.domain.policy import GateRule, Kind, Verdict
from bot.domain.promotion import Entry, GateFact, Phase, Promotion, Wish
from bot.domain.readings import Unreadable
from bot.domain.requirements import (
    forgets_until,
    fresh_from,
    gate_environment,
    gate_verdict,
    needs_version,
)
from bot.domain.reruns import is_rerunning
from bot.domain.run_facts import FORCE_AFTER, FORCE_AGAIN, deploy_deadline, held_until, unstopped_at
from bot.domain.verification import verify_until

SEND_WITHIN = 5.0  # seconds of CLOCK_BOOTTIME between the intent and its POST
LOOK_EVERY = 3.0  # seconds between looks for a run that was just asked for
LOOK_LATER = 10.0
LOOK_SOON = 30.0  # seconds after the intent in which looks come often
POLL = 10.0  # seconds of silence after which a run is read
POLL_SLOW = 30.0
POLL_SELDOM = 300.0  # for a run that people in GitHub have kept waiting
LONG_WAIT = 3600.0
LONG_RUN = 600.0
UNKNOWN_EVERY = 60.0
HEAL_EVERY = 60.0  # seconds between looks at a gate that says no
MET_EVERY = 300.0  # and at one that says yes
STOPPABLE = frozenset({Phase.DISPATCHING, Phase.DEPLOYING, Phase.VERIFYING})
GATE_LANES: dict[str, Lane] = {"checks": "github", "incidents": "pagerduty"}


def look_needs(scene: Scene) -> Iterator[Need]:
    """The looks of the phase that the promotion is in."""
    match scene.promotion.phase:
        case Phase.WAITING:
            yield from _waiting(scene)
        case Phase.DISPATCHING:
            yield from _dispatching(scene)
        case Phase.DEPLOYING:
            yield from _deploying(scene)
        case Phase.VERIFYING:
            yield from _verifying(scene)
        case Phase.UNKNOWN:
            yield from _unknown(scene)
        case _:
            yield from _ended(scene)
    yield from team_needs(scene)


def _waiting(scene: Scene) -> Iterator[Need]:
    promotion, context = scene.promotion, scene.context
    if promotion.run.run_id is not None:  # it turned up, and waits for the slot to be followed
        yield from _deploying(scene)
        yield from _others_in_the_way(scene)
        return
    holds = context.slot.holder == promotion.id
    since = fresh_from(promotion, context) if holds else NOW
    yield from _version(scene, since)
    yield from _forgotten_run(scene)
    if promotion.sha is None:
        return
    waived = {waiver.gate for waiver in promotion.waivers}
    for rule in context.rules.gates:
        if rule.name not in waived:
            yield _gate(scene, rule, since)
    yield from _moments(scene)
    yield from _others_in_the_way(scene)


def _forgotten_run(scene: Scene) -> Iterator[Need]:
    """After a failover: one look for a run that the store may have forgotten, once it must be listed."""
    promotion = scene.promotion
    if is_in_doubt(promotion, scene.context):
        number = promotion.intent.number if promotion.intent else 0
        look = LookForRun(key=LOOK + "run", number=number, since=promotion.created)
        yield Need(listed_from(scene.context), look)


def _version(scene: Scene, since: float) -> Iterator[Need]:
    promotion = scene.promotion
    if not needs_version(promotion):
        yield Need(held_until(promotion))
    elif not scene.context.rules.service.repo:
        return  # the service left the catalog, and nobody knows where its versions are
    elif promotion.version_seen is None or not scene.context.seen_since(promotion.version_seen, since):
        yield Need(since, LookAtVersion(key=VERSION_LOOK))
    elif not knows_authors(promotion, scene.context):
        yield Need(
            NOW, LookAtVersion(key=VERSION_LOOK)
        )  # what is live is another one since, or it was not read
    elif scene.requirements.verdict("branch") is Verdict.UNMET:
        yield Need(promotion.version_seen + HEAL_EVERY, LookAtVersion(key=VERSION_LOOK))


def _moments(scene: Scene) -> Iterator[Need]:
    """When time alone changes something: the wait ends, the request expires."""
    until, rules = scene.requirements.wait_until, scene.context.rules
    if until is not None and until > scene.context.now:
        yield Need(until)
    remembered = forgets_until(scene.promotion, scene.context)
    if remembered is not None:
        yield Need(remembered)
    if scene.context.slot_is_ahead:
        yield Need(scene.context.now + 1.0)
    if scene.promotion.awaiting_since is not None and rules.expires is not None:
        yield Need(scene.promotion.awaiting_since + rules.expires)


def _gate(scene: Scene, rule: GateRule, since: float) -> Need:
    effect = LookAtGate(
        key=LOOK + rule.name,
        rule=rule,
        environment=gate_environment(rule, scene.context),
        fact=rule.name,
        lane=GATE_LANES.get(rule.use, "services"),
    )
    fact = scene.promotion.gates.get(rule.name)
    if fact is None or fact.basis != rule.basis or not scene.context.seen_since(fact.at, since):
        return Need(since, effect)
    return Need(_next_look(rule, fact, scene.entry(effect.key)), effect)


def _next_look(rule: GateRule, fact: GateFact, failed: Entry | None) -> float:
    if isinstance(fact.reading, Unreadable):
        told = failed is not None and failed.not_before > fact.at  # the ledger says when to look again
        return NOW if told else fact.at + max(HEAL_EVERY, rule.every)
    verdict = gate_verdict(rule, fact)
    if verdict is Verdict.PENDING:
        return fact.at + rule.every
    return fact.at + (MET_EVERY if verdict is Verdict.MET else max(HEAL_EVERY, rule.every))


def _others_in_the_way(scene: Scene) -> Iterator[Need]:
    """A rollback by somebody who may does not wait for the deploy that it is to undo: that one is to stop."""
    if scene.promotion.kind is not Kind.ROLLBACK or scene.requirements.verdict("role") is not None:
        return
    for other in scene.context.others:
        key = f"cancel:{other.id}"
        running = other.phase in STOPPABLE and (other.wish is None or other.phase is Phase.VERIFYING)
        if running and other.kind is not Kind.ROLLBACK and not scene.is_done(key):
            yield Need(NOW, CancelOther(key=key, other=other))


def _dispatching(scene: Scene) -> Iterator[Need]:
    promotion, context, intent = scene.promotion, scene.context, scene.promotion.intent
    if intent is None:
        return
    if _may_send(scene, intent):
        unsure = context.may_have_run(promotion.created)
        look_first = intent.number > 1 or promotion.returned or unsure
        yield Need(
            NOW,
            Dispatch(
                key=f"dispatch:{intent.number}",
                number=intent.number,
                boottime=intent.boottime,
                look_first=look_first,
            ),
        )
        yield Need(context.now + SEND_WITHIN)
        return
    every = LOOK_EVERY if context.now < intent.at + LOOK_SOON else LOOK_LATER
    yield Need(promotion.run.heard + every, _search(intent))


def _may_send(scene: Scene, intent: Intent) -> bool:
    """Only the process that committed the intent, and only at once; anything else looks before it acts.

    An intent that was decided before a failover, or too early after it, may not be the first one.
    """
    context = scene.context
    if context.may_be_forgotten(scene.promotion.created) and intent.at < listed_from(context):
        return False
    in_time = 0.0 <= context.boottime - intent.boottime <= SEND_WITHIN
    return intent.process == context.process and in_time and not intent.unclear


def _search(intent: Intent) -> LookForRun:
    return LookForRun(key=LOOK + "run", number=intent.number, since=intent.at)


def _deploying(scene: Scene) -> Iterator[Need]:
    promotion, context, run = scene.promotion, scene.context, scene.promotion.run
    if run.run_id is None:
        return
    if promotion.wish is not None:
        yield from _cancel(scene, promotion.wish, run.run_id)
    deadline = deploy_deadline(promotion, context)
    at = NOW if run.end_announced else run.heard + _pause(promotion, context)
    if deadline is not None and run.heard < deadline:
        at = min(at, deadline)
    yield Need(at, ReadRun(key=LOOK + "run", run_id=run.run_id, prove=False))


def _pause(promotion: Promotion, context: Context) -> float:
    """Seconds of silence after which a run is read: the longer it takes, the less a look tells."""
    waiting = promotion.run.waiting_since
    if waiting is not None and context.now - waiting > LONG_WAIT:
        return POLL_SELDOM
    slow = waiting is not None or context.now - promotion.since > LONG_RUN
    return POLL_SLOW if slow else POLL


def _cancel(scene: Scene, wish: Wish, run_id: int) -> Iterator[Need]:
    """Ask until GitHub says yes; a run that goes on after that, or for that long, is stopped by force, and again."""
    asked = wish.asked_at
    late = max(wish.at, scene.promotion.since) + FORCE_AFTER
    if wish.forced:
        at, force = (wish.forced_at or NOW) + FORCE_AGAIN, True
    elif asked is None:
        at, force = NOW, scene.context.now >= late
    else:
        at, force = asked + FORCE_AFTER, True
    yield Need(at, CancelRun(key=LOOK + "cancel", run_id=run_id, force=force))
    told = unstopped_at(scene.promotion)
    if told is not None:
        yield Need(told)


def _verifying(scene: Scene) -> Iterator[Need]:
    until = verify_until(scene.promotion, scene.context)
    for rule in scene.context.rules.verify:
        fact = scene.promotion.gates.get(VERIFY + rule.name)
        if gate_verdict(rule, fact) is Verdict.MET:
            continue
        effect = _verify(scene, rule)
        current = fact is not None and fact.basis == rule.basis and fact.at <= scene.context.now
        at = _next_look(rule, fact, scene.entry(effect.key)) if fact and current else NOW
        yield Need(min(at, until) if fact and fact.at < until else at, effect)
    yield Need(until)


def _verify(scene: Scene, rule: GateRule) -> LookAtGate:
    return LookAtGate(
        key=LOOK + VERIFY + rule.name,
        rule=rule,
        environment=scene.promotion.environment,
        fact=VERIFY + rule.name,
        lane=GATE_LANES.get(rule.use, "services"),
    )


def _unknown(scene: Scene) -> Iterator[Need]:
    promotion, run = scene.promotion, scene.promotion.run
    if run.run_id is not None:
        if run.lost and promotion.wish is not None:
            yield from _cancel(scene, promotion.wish, run.run_id)
        yield Need(NOW, ReadRun(key=LOOK + "run", run_id=run.run_id, prove=not run.lost))
    elif promotion.intent is not None:
        yield Need(promotion.run.heard + UNKNOWN_EVERY, _search(promotion.intent))


def _ended(scene: Scene) -> Iterator[Need]:
    promotion, run = scene.promotion, scene.promotion.run
    if is_rerunning(run) and run.run_id is not None:
        every = POLL_SELDOM if run.status == "waiting" else POLL_SLOW
        yield Need(run.heard + every, ReadRun(LOOK + "run", run.run_id, prove=False, after=True))
    rule = serving_rule(promotion, scene.context)
    if rule is not None:
        yield Need(NOW, LookAtServing(key=SERVING, rule=rule))
    succeeded = promotion.phase is Phase.SUCCEEDED
    by = promotion.id if succeeded else promotion.undone_by
    to = promotion.version if succeeded else promotion.undone_to
    if promotion.undoes and by and not scene.is_done("tell"):
        yield Need(NOW, TellUndone(key="tell", undone=promotion.undoes, by=by, to=to))
