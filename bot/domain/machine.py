"""The one place where a phase changes: (phase, message) → what the promotion becomes, or why not.

The table is total: every phase has an answer to every message, and a test compares it with the product.
`decide` applies a message and then lets the promotion advance: by time, or because everything is met.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import get_args

from bot.domain import aftermath, claims, commands, facts, incident_life, ledger, opening, reruns, run_facts
from bot.domain.context import Context
from bot.domain.errors import NoSuchPromotion, Refusal
from bot.domain.forgotten import held, may_run
from bot.domain.incident_messages import (
    AcknowledgeIncident,
    AddNote,
    ChannelOpened,
    CloseIncident,
    IncidentAnnounced,
    IncidentCommand,
    IncidentSeen,
    OnCallSeen,
    TakeLead,
)
from bot.domain.intent import Intent, Watch, workflow_of
from bot.domain.live import live_after
from bot.domain.messages import (
    AdoptRun,
    Approve,
    Cancel,
    CancelAccepted,
    DispatchAccepted,
    DispatchRefused,
    DispatchUnclear,
    EffectDone,
    EffectFailed,
    EffectsBegun,
    GateSeen,
    IsLive,
    Message,
    NeverStarted,
    NotSent,
    Reject,
    Request,
    Retry,
    RunNotFound,
    RunNotOurs,
    RunSeen,
    ServingSeen,
    SkipWait,
    Supersede,
    Undone,
    VersionNotFound,
    VersionRefused,
    VersionSeen,
    Woken,
)
from bot.domain.policy import Verdict, digest_of
from bot.domain.promotion import OPEN, Ending, Live, Phase, Promotion, Wish
from bot.domain.requirements import Requirements, requirements_of, role_of
from bot.domain.transitions import end, granted
from bot.domain.usual import usual_seconds
from bot.domain.verification import verified

Handler = Callable[..., Promotion | Refusal]
ENDED = frozenset(Phase) - OPEN
ALL = frozenset(Phase)
WAITING = frozenset({Phase.WAITING})
DISPATCHING = frozenset({Phase.DISPATCHING})
RUNNING = frozenset({Phase.DISPATCHING, Phase.DEPLOYING, Phase.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Decision:
    """What a message makes of a promotion. `before` is None for a new one."""

    before: Promotion | None
    promotion: Promotion
    requirements: Requirements
    live: Live | None  # what is live in the target environment, when that changes
    slot_moves: bool = False  # what it wants of the slot is not what the slot says

    @property
    def changed(self) -> bool:
        """Whether there is anything to store."""
        return self.before != self.promotion or self.live is not None or self.slot_moves


def decide(promotion: Promotion | None, message: Message, context: Context) -> Decision | Refusal:
    """Apply one message. Pure: the same arguments give the same answer."""
    if promotion is None:
        if not isinstance(message, Request):
            return NoSuchPromotion(message.promotion)
        applied = opening.open_promotion(message, context)
    else:
        applied = TABLE[promotion.phase][type(message)](promotion, message, context)
    if not isinstance(applied, Promotion):
        return applied
    if promotion is not None:
        applied = held(promotion, applied, context)
    advanced, requirements = advance(applied, context)
    if promotion is not None:
        advanced = incident_life.failed_anew(promotion, advanced)
    return Decision(
        before=promotion,
        promotion=advanced,
        requirements=requirements,
        live=live_after(promotion, advanced, context),
        slot_moves=_slot_moves(advanced, requirements, context),
    )


def _slot_moves(promotion: Promotion, requirements: Requirements, context: Context) -> bool:
    """Time alone may make a promotion want the slot: that has to be stored though nothing else changed."""
    in_line = promotion.id in (context.slot.holder, *context.slot.queue)
    return requirements.slot_wish == ("free" if in_line else "want")


def advance(promotion: Promotion, context: Context) -> tuple[Promotion, Requirements]:
    """Let a promotion do what time and its requirements allow: await, expire, end, intend, verify, time out."""
    promotion = granted(verified(_time_out(promotion, context), context), context)
    requirements = requirements_of(promotion, context)
    if promotion.phase is not Phase.WAITING or promotion.sha is None:
        return promotion, requirements
    promotion = _await_approval(promotion, requirements, context)
    moved = (
        _end_of_itself(promotion, requirements, context)
        or _follow(promotion, context)
        or _start(promotion, requirements, context)
    )
    if moved is None:
        return promotion, requirements
    return moved, requirements_of(moved, context)


def _end_of_itself(promotion: Promotion, requirements: Requirements, context: Context) -> Promotion | None:
    if may_run(promotion, context):
        return None
    return _barred(promotion, requirements, context) or _end_of_waiting(promotion, context)


def _follow(promotion: Promotion, context: Context) -> Promotion | None:
    """The run of an earlier try turned up meanwhile: that one is followed, and nothing else is started."""
    if promotion.run.run_id is None or context.slot.holder != promotion.id:
        return None
    return replace(promotion, phase=Phase.DEPLOYING, since=context.now)


def _start(promotion: Promotion, requirements: Requirements, context: Context) -> Promotion | None:
    if promotion.run.run_id is not None or promotion.wish is not None or not requirements.ready:
        return None
    held_back = context.now < run_facts.held_until(promotion)
    return None if held_back else _intend(promotion, requirements, context)


def _await_approval(promotion: Promotion, requirements: Requirements, context: Context) -> Promotion:
    """Keep when approval began to be awaited: expiry runs only then."""
    if requirements.tally.is_complete or requirements.unmet:
        return promotion if promotion.awaiting_since is None else replace(promotion, awaiting_since=None)
    if not requirements.evidence_complete:
        return promotion  # a gate that is looked at again does not give people more time
    return (
        promotion if promotion.awaiting_since is not None else replace(promotion, awaiting_since=context.now)
    )


def _end_of_waiting(promotion: Promotion, context: Context) -> Promotion | None:
    expires = context.rules.expires
    if expires is not None and promotion.awaiting_since is not None:
        deadline = promotion.awaiting_since + expires
        if context.now >= deadline:
            return end(promotion, Phase.EXPIRED, Ending(cause="expired", at=context.now))
    serving = context.live.serving
    if serving is not None and serving.sha == promotion.sha and not _mends_a_failure(context):
        phase = Phase.REJECTED if "card" not in promotion.ledger else Phase.SUPERSEDED
        return end(promotion, phase, Ending(cause="live", at=context.now, said=serving.promotion))
    return None


def _barred(promotion: Promotion, requirements: Requirements, context: Context) -> Promotion | None:
    """Whoever asked turned out not to be somebody who may, before there was a card: it ends there, privately."""
    if requirements.verdict("role") is not Verdict.UNMET or "card" in promotion.ledger:
        return None
    words = role_of(promotion, context)
    ending = Ending(
        cause="role",
        at=context.now,
        said=", ".join(context.expand(words)),
        nearest=tuple(person.name for person in context.holders(words)),
    )
    return end(promotion, Phase.REJECTED, ending)


def _mends_a_failure(context: Context) -> bool:
    """A deploy that runs has put something else there already or soon will; after one that broke off half-way,
    one healthy answer of the old version is no reason to leave it so."""
    undoes = context.undoes
    return undoes is not None and undoes.phase is not Phase.SUCCEEDED and not undoes.undone_by


def _time_out(promotion: Promotion, context: Context) -> Promotion:
    """A run that takes too long is cancelled, but only after GitHub was asked what became of it.

    A run that nobody can look at for an hour is a person's matter: asking goes on, and nothing is sent.
    """
    if promotion.phase in {Phase.DISPATCHING, Phase.DEPLOYING} and run_facts.is_lost(promotion, context):
        return run_facts.lost(promotion, context)
    deadline = run_facts.deploy_deadline(promotion, context)
    if promotion.phase is not Phase.DEPLOYING or deadline is None or promotion.wish is not None:
        return promotion
    unread = promotion.run.heard < deadline or promotion.run.end_announced
    if context.now < deadline or unread:
        return promotion
    return replace(promotion, wish=Wish(by="", at=context.now, reason="deploy_timeout"))


def _intend(promotion: Promotion, requirements: Requirements, context: Context) -> Promotion:
    """Freeze what holds, who approved and what is to be started: the dispatch follows the commit of this."""
    before, rules = promotion.intent, context.rules
    workflow = workflow_of(rules)
    intent = Intent(
        number=before.number + 1 if before else 1,
        at=context.now,
        boottime=context.boottime,
        process=context.process,
        approvers=requirements.tally.counted,
        digest=requirements.digest,
        workflow=workflow,
        inputs=digest_of(rules.deploy.inputs),
        watch=Watch(context.process, context.boottime),
        tried=tuple(one for one in before.workflows if one != workflow) if before else (),
        sha=promotion.sha or "",
        bound=before.bound if before else "",
        usual=usual_seconds(context.live, promotion.kind),
    )
    return replace(
        promotion,
        phase=Phase.DISPATCHING,
        since=context.now,
        intent=intent,
        ledger={key: entry for key, entry in promotion.ledger.items() if key != ledger.VERSION_LOOK},
        previous=context.live.serving,
    )


Row = tuple[frozenset[Phase], Handler]

# For each message the phases in which it does something. Everywhere else a command is refused with where the
# promotion stands, and a fact that comes too late changes nothing.
ROWS: Mapping[type, tuple[Row, ...]] = {
    Approve: ((WAITING, commands.approve),),
    Reject: ((WAITING, commands.reject),),
    Cancel: (
        (frozenset({Phase.WAITING, Phase.VERIFYING}), commands.cancel),
        (frozenset({Phase.DISPATCHING, Phase.DEPLOYING}), commands.wish_to_cancel),
    ),
    Retry: ((WAITING, commands.retry),),
    SkipWait: ((WAITING, commands.skip_wait),),
    Supersede: ((WAITING, commands.supersede),),
    AdoptRun: ((frozenset({Phase.UNKNOWN}), commands.adopt_run),),
    NeverStarted: ((frozenset({Phase.UNKNOWN}), commands.never_started),),
    IsLive: ((frozenset({Phase.UNKNOWN}), commands.is_live),),
    Woken: ((ENDED, claims.compared), (OPEN, facts.nothing)),
    VersionSeen: ((WAITING, facts.version_seen),),
    VersionNotFound: ((WAITING, facts.version_not_found),),
    VersionRefused: ((WAITING, facts.version_refused),),
    GateSeen: ((WAITING, facts.gate_seen), (frozenset({Phase.VERIFYING}), facts.verify_seen)),
    DispatchAccepted: ((RUNNING, run_facts.dispatch_accepted),),
    DispatchRefused: ((DISPATCHING, run_facts.dispatch_refused),),
    DispatchUnclear: ((DISPATCHING, run_facts.dispatch_unclear),),
    NotSent: ((DISPATCHING, run_facts.not_sent),),
    RunSeen: (
        (RUNNING, run_facts.run_seen),
        (WAITING, run_facts.run_seen_while_waiting),
        (frozenset({Phase.VERIFYING}), reruns.run_seen_while_verifying),
        (ENDED, reruns.run_seen_after_end),
    ),
    RunNotFound: (
        (DISPATCHING, run_facts.run_not_found),
        (frozenset({Phase.WAITING, Phase.UNKNOWN}), run_facts.looked),
    ),
    RunNotOurs: ((OPEN, run_facts.run_not_ours),),
    CancelAccepted: (
        (frozenset({Phase.WAITING, Phase.DEPLOYING, Phase.UNKNOWN}), run_facts.cancel_accepted),
    ),
    ServingSeen: ((ENDED, aftermath.serving_seen),),
    EffectsBegun: ((ALL, ledger.effects_begun),),
    EffectDone: ((ALL, aftermath.effect_done),),
    EffectFailed: ((ALL, ledger.effect_failed),),
    AcknowledgeIncident: ((ALL, incident_life.acknowledge),),
    TakeLead: ((ALL, incident_life.take_lead),),
    AddNote: ((ALL, incident_life.add_note),),
    CloseIncident: ((ALL, incident_life.close),),
    IncidentAnnounced: ((ALL, incident_life.announced),),
    IncidentSeen: ((ALL, aftermath.incident_seen),),
    OnCallSeen: ((ALL, aftermath.on_call_seen),),
    ChannelOpened: ((ALL, aftermath.channel_opened),),
    Undone: ((ENDED, aftermath.undone),),
}

COMMANDS = (
    Approve,
    Reject,
    Cancel,
    Retry,
    SkipWait,
    Supersede,
    AdoptRun,
    NeverStarted,
    IsLive,
    *get_args(IncidentCommand),
)


def _table() -> Mapping[Phase, Mapping[type, Handler]]:
    table: dict[Phase, dict[type, Handler]] = {phase: {Request: opening.refuse_again} for phase in Phase}
    for message, rows in ROWS.items():
        default = commands.refuse_phase if message in COMMANDS else facts.nothing
        for phase in Phase:
            table[phase][message] = next((handler for phases, handler in rows if phase in phases), default)
    return table


TABLE = _table()
