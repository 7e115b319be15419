"""Which looks at the world, and which steps of the deploy, a promotion needs now."""

from collections.abc import Iterator

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
from bot.domain.intent import Intent
from bot.domain.ledger import LOOK, VERIFY, VERSION_LOOK
from bot.domain.live import SERVING, serving_rule
from bot.domain.needs import NOW, Need, Scene
from bot.domain.plan_teams import team_needs
from bot.domain.policy import GateRule, Kind, Verdict
from bot.domain.promotion import Entry, GateFact, Phase
from bot.domain.readings import Unreadable
from bot.domain.requirements import (
    forgets_until,
    fresh_from,
    gate_environment,
    gate_verdict,
    needs_version,
)
from bot.domain.run_facts import FORCE_AFTER, held_until
from bot.domain.verification import verify_until

SEND_WITHIN = 5.0  # seconds of CLOCK_BOOTTIME between the intent and its POST
LOOK_EVERY = 3.0  # seconds between looks for a run that was just asked for
LOOK_LATER = 10.0
LOOK_SOON = 30.0  # seconds after the intent in which looks come often
POLL = 10.0  # seconds of silence after which a run is read
POLL_SLOW = 30.0
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
    holds = context.slot.holder == promotion.id
    since = fresh_from(promotion, context) if holds else NOW
    yield from _version(scene, since)
    if promotion.sha is None:
        return
    waived = {waiver.gate for waiver in promotion.waivers}
    for rule in context.rules.gates:
        if rule.name not in waived:
            yield _gate(scene, rule, since)
    yield from _moments(scene)
    yield from _others_in_the_way(scene)


def _version(scene: Scene, since: float) -> Iterator[Need]:
    promotion = scene.promotion
    if not needs_version(promotion):
        yield Need(held_until(promotion))
    elif not scene.context.rules.service.repo:
        return  # the service left the catalog, and nobody knows where its versions are
    elif promotion.version_seen is None or not scene.context.seen_since(promotion.version_seen, since):
        yield Need(since, LookAtVersion(key=VERSION_LOOK))
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
        forgotten = context.may_be_forgotten(promotion.created)
        look_first = intent.number > 1 or promotion.returned or forgotten
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
    """Only the process that committed the intent, and only at once; anything else looks before it acts."""
    context = scene.context
    in_time = 0.0 <= context.boottime - intent.boottime <= SEND_WITHIN
    return intent.process == context.process and in_time and not intent.unclear


def _search(intent: Intent) -> LookForRun:
    return LookForRun(key=LOOK + "run", number=intent.number, since=intent.at)


def _deploying(scene: Scene) -> Iterator[Need]:
    promotion, context, run = scene.promotion, scene.context, scene.promotion.run
    if run.run_id is None:
        return
    if promotion.wish is not None:
        yield from _cancel(scene, run.run_id)
    deadline = promotion.since + context.rules.deploy_timeout
    slow = run.status == "waiting" or context.now - promotion.since > LONG_RUN
    at = NOW if run.end_announced else run.heard + (POLL_SLOW if slow else POLL)
    if run.heard < deadline:
        at = min(at, deadline)
    yield Need(at, ReadRun(key=LOOK + "run", run_id=run.run_id, prove=False))


def _cancel(scene: Scene, run_id: int) -> Iterator[Need]:
    wish = scene.promotion.wish
    if wish is None or wish.forced:
        return
    at = NOW if wish.asked_at is None else wish.asked_at + FORCE_AFTER
    yield Need(at, CancelRun(key=LOOK + "cancel", run_id=run_id, force=wish.asked_at is not None))


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
    promotion = scene.promotion
    if promotion.run.run_id is not None:
        yield Need(NOW, ReadRun(key=LOOK + "run", run_id=promotion.run.run_id, prove=True))
    elif promotion.intent is not None:
        yield Need(promotion.run.heard + UNKNOWN_EVERY, _search(promotion.intent))


def _ended(scene: Scene) -> Iterator[Need]:
    promotion = scene.promotion
    rule = serving_rule(promotion, scene.context)
    if rule is not None:
        yield Need(NOW, LookAtServing(key=SERVING, rule=rule))
    succeeded = promotion.phase is Phase.SUCCEEDED
    by = promotion.id if succeeded else promotion.undone_by
    to = promotion.version if succeeded else promotion.undone_to
    if promotion.undoes and by and not scene.is_done("tell"):
        yield Need(NOW, TellUndone(key="tell", undone=promotion.undoes, by=by, to=to))
