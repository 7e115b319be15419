"""What a card shows of a promotion: `face_of`.

Pure, and without clock or revision, so that it only changes when there is something new to see.
"""

from collections.abc import Mapping

from bot.domain.context import Context
from bot.domain.evidence import differences
from bot.domain.face import (
    ApprovalFace,
    Button,
    EvidenceChange,
    Face,
    IncidentFace,
    Mark,
    PathMark,
    RequirementFace,
    State,
)
from bot.domain.ledger import LOOK, VERIFY
from bot.domain.live import is_undoable, left_by, rollback_target, serving_rule
from bot.domain.policy import Kind, Verdict
from bot.domain.promotion import Entry, Phase, Promotion, Release
from bot.domain.requirements import Requirements, gate_verdict
from bot.domain.run_facts import is_unstopped

Items = tuple[RequirementFace, ...]
STOPPING = frozenset({Phase.WAITING, Phase.DISPATCHING, Phase.DEPLOYING})
BLIND = 2  # reads of a run that failed in a row

ENDS = {
    Phase.SUCCEEDED: State.SUCCEEDED,
    Phase.FAILED: State.FAILED,
    Phase.ERRORED: State.ERRORED,
    Phase.REJECTED: State.REJECTED,
    Phase.CANCELLED: State.CANCELLED,
    Phase.EXPIRED: State.EXPIRED,
    Phase.SUPERSEDED: State.SUPERSEDED,
}
TARGET_MARKS: Mapping[Phase, Mark] = {
    Phase.SUCCEEDED: "passed",
    Phase.FAILED: "failed",
    Phase.ERRORED: "failed",
    Phase.UNKNOWN: "unknown",
}
BUTTONS: Mapping[State, tuple[Button, ...]] = {
    State.CHECKING: (Button.CANCEL, Button.REPLACE, Button.DETAILS),
    State.AWAITING_APPROVAL: (
        Button.APPROVE,
        Button.REJECT,
        Button.CANCEL,
        Button.REPLACE,
        Button.DETAILS,
    ),
    State.TIMER: (Button.SKIP_WAIT, Button.REJECT, Button.CANCEL, Button.DETAILS),
    State.QUEUED: (Button.CANCEL, Button.REPLACE, Button.DETAILS),
    State.BLOCKED: (Button.RETRY, Button.CANCEL, Button.REPLACE, Button.DETAILS),
    State.STARTING: (Button.DETAILS,),
    State.DEPLOYING: (Button.CANCEL_RUN, Button.VIEW_RUN, Button.DETAILS),
    State.CANCELLING: (Button.VIEW_RUN, Button.DETAILS),
    State.VERIFYING: (Button.VIEW_RUN, Button.DETAILS),
    State.SUCCEEDED: (Button.ROLL_BACK, Button.VIEW_RUN, Button.DETAILS),
    State.ROLLED_BACK: (Button.VIEW_RUN, Button.DETAILS),
    State.FAILED: (
        Button.ROLL_BACK,
        Button.RETRY,
        Button.VIEW_RUN,
        Button.OPEN_INCIDENT,
        Button.DETAILS,
    ),
    State.UNKNOWN: (Button.ADOPT_RUN, Button.NEVER_STARTED, Button.IS_LIVE, Button.DETAILS),
    State.ERRORED: (Button.RETRY, Button.DETAILS),
    State.REJECTED: (Button.REQUEST_AGAIN, Button.DETAILS),
    State.CANCELLED: (Button.REQUEST_AGAIN, Button.VIEW_RUN, Button.DETAILS),
    State.EXPIRED: (Button.REQUEST_AGAIN, Button.DETAILS),
    State.SUPERSEDED: (Button.REQUEST_AGAIN, Button.DETAILS),
}


def state_of(promotion: Promotion, requirements: Requirements) -> State:
    """The word on the card: the phase, or what a waiting promotion waits for."""
    if promotion.phase in STOPPING and promotion.wish is not None:
        return State.CANCELLING
    if promotion.phase is Phase.WAITING:
        return _waiting_for(requirements)
    if promotion.undone_by and promotion.phase is Phase.SUCCEEDED:
        return State.ROLLED_BACK
    return (
        ENDS.get(promotion.phase)
        or {
            Phase.DISPATCHING: State.STARTING,
            Phase.DEPLOYING: State.DEPLOYING,
            Phase.VERIFYING: State.VERIFYING,
            Phase.UNKNOWN: State.UNKNOWN,
        }[promotion.phase]
    )


def _waiting_for(requirements: Requirements) -> State:
    if requirements.unmet:
        return State.BLOCKED
    if not requirements.evidence_complete:
        return State.CHECKING
    if not requirements.tally.is_complete:
        return State.AWAITING_APPROVAL
    if requirements.verdict("wait") is Verdict.PENDING:
        return State.TIMER
    return State.QUEUED if requirements.verdict("slot") is Verdict.PENDING else State.CHECKING


def face_of(promotion: Promotion, context: Context, requirements: Requirements) -> Face:
    """Everything that the messages of this promotion show now."""
    state = state_of(promotion, requirements)
    rules, run, ending = context.rules, promotion.run, promotion.ending
    trouble = _trouble(promotion)
    return Face(
        id=promotion.id,
        kind=promotion.kind,
        service=promotion.service,
        environment=promotion.environment,
        version=promotion.version,
        sha=promotion.sha or "",
        repo=rules.service.repo,
        requester=context.person(promotion.requester),
        reason=promotion.reason,
        created=promotion.created,
        state=state,
        digest=requirements.digest,
        path=_path(promotion, context),
        requirements=_requirement_faces(promotion, requirements, context),
        blocking=requirements.unmet,
        needs=requirements.tally.needs,
        approvals=_approvals(promotion, context, requirements),
        voided=voided(promotion, requirements),
        changes=promotion.changes,
        self_approval=rules.self_approval,
        expires=_expires(promotion, context) if state is State.AWAITING_APPROVAL else None,
        starts=requirements.wait_until if state is State.TIMER else None,
        wait=rules.wait,
        behind=context.slot.holder if state is State.QUEUED else "",
        position=_position(promotion, context) if state is State.QUEUED else 0,
        replaces=_replaces(promotion, context),
        workflow=promotion.intent.workflow.file if promotion.intent else rules.deploy.workflow,
        run_id=run.run_id,
        run_url=run.url,
        attempt=run.attempt,
        extra_attempt=run.extra_attempt,
        extra_by=run.actor if run.extra_attempt else "",
        steps=run.steps,
        waiting_in_github=run.status == "waiting" and promotion.phase is Phase.DEPLOYING,
        waiting_since=run.waiting_since if promotion.phase is Phase.DEPLOYING else None,
        blind=_is_blind(promotion),
        unstopped=is_unstopped(promotion, context),
        stranger=promotion.stranger if promotion.phase.is_open else None,
        unclear=promotion.intent.unclear if promotion.intent else "",
        asked_github_at=promotion.intent.at if promotion.intent else None,
        cancelled_by=promotion.wish.by if promotion.wish else "",
        ending=ending,
        ended_by=context.person(ending.by) if ending and ending.by in context.people else None,
        took=ending.at - promotion.intent.at if ending and promotion.intent else None,
        impact=_impact(promotion, context),
        serving=promotion.serving,
        serving_known=promotion.serving is not None,
        serving_sought=serving_rule(promotion, context) is not None,
        previous=promotion.previous if promotion.intent else context.live.serving,
        target=_target(promotion, context),
        undoes=promotion.undoes,
        undone_by=promotion.undone_by,
        undone_to=promotion.undone_to,
        incident=_incident(promotion, context),
        trouble=trouble.error if trouble else "",
        trouble_until=trouble.not_before if trouble and trouble.limited else None,
        buttons=_buttons(promotion, state, requirements, context),
    )


def _impact(promotion: Promotion, context: Context) -> tuple[float, float] | None:
    """From the dispatch that a rollback undid to its own end: what it left was there within that time."""
    undone = context.undoes
    if promotion.phase is not Phase.SUCCEEDED or undone is None or undone.intent is None:
        return None
    return (undone.intent.at, promotion.ending.at) if promotion.ending else None


def voided(promotion: Promotion, requirements: Requirements) -> tuple[EvidenceChange, ...]:
    """Why approvals that were given do not count now: what is different from what the newest one signed."""
    if promotion.phase is not Phase.WAITING or not promotion.approvals:
        return ()
    if any(one.digest == requirements.digest for one in promotion.approvals):
        return ()
    signed = promotion.signed.get(promotion.approvals[-1].digest)
    changed = differences(signed, requirements.evidence) if signed else ()
    # A gate that says no is told by itself, and what was signed counts again when it heals.
    return tuple(change for change in changed if change.part.removeprefix("gate ") not in requirements.unmet)


def _path(promotion: Promotion, context: Context) -> tuple[PathMark, ...]:
    """The promotion path with this SHA's place on it; a rollback does not walk it."""
    if promotion.kind is Kind.ROLLBACK:
        return ()
    environments = context.rules.service.environments
    target = environments.index(promotion.environment)
    return (
        *(PathMark(name, _earlier_mark(promotion, context, name)) for name in environments[:target]),
        PathMark(promotion.environment, TARGET_MARKS.get(promotion.phase, "here")),
        *(PathMark(name, "ahead") for name in environments[target + 1 :]),
    )


def _earlier_mark(promotion: Promotion, context: Context, environment: str) -> Mark:
    live = context.live_in(environment)
    passed = promotion.sha not in live.undone and any(one.sha == promotion.sha for one in live.good)
    return "passed" if passed else "unknown"


def _requirement_faces(promotion: Promotion, requirements: Requirements, context: Context) -> Items:
    """The requirements of the deploy; once it is through, those of its verification."""
    if promotion.phase is Phase.WAITING or not _verified_at_all(promotion):
        return requirements.items
    return tuple(
        RequirementFace(
            name=rule.name,
            kind="verify",
            verdict=gate_verdict(rule, promotion.gates.get(VERIFY + rule.name)),
            use=rule.use,
            environment=promotion.environment,
            reading=fact.reading if (fact := promotion.gates.get(VERIFY + rule.name)) else None,
            basis=rule.basis,
            link=fact.link if fact else "",
        )
        for rule in context.rules.verify
    )


def _verified_at_all(promotion: Promotion) -> bool:
    return promotion.phase is Phase.VERIFYING or any(name.startswith(VERIFY) for name in promotion.gates)


def _approvals(
    promotion: Promotion, context: Context, requirements: Requirements
) -> tuple[ApprovalFace, ...]:
    """The newest approval of each person; after the intent, those that counted then."""
    frozen = promotion.intent.approvers if promotion.intent and promotion.phase is not Phase.WAITING else None
    newest = {approval.by: approval for approval in promotion.approvals}
    counted = requirements.tally.counted if frozen is None else frozen
    return tuple(
        ApprovalFace(
            by=context.person(name),
            note=approval.note,
            counts=name in counted,
            checking=frozen is None and name in requirements.tally.checking and name not in counted,
            at=approval.at,
        )
        for name, approval in newest.items()
    )


def _expires(promotion: Promotion, context: Context) -> float | None:
    if promotion.awaiting_since is None or context.rules.expires is None:
        return None
    return promotion.awaiting_since + context.rules.expires


def _position(promotion: Promotion, context: Context) -> int:
    queue = context.slot.queue
    return queue.index(promotion.id) + 1 if promotion.id in queue else 0


def _replaces(promotion: Promotion, context: Context) -> str:
    """An older waiting promotion of another version, which this one's requester may supersede."""
    if promotion.phase is not Phase.WAITING or promotion.kind is not Kind.PROMOTE:
        return ""
    older = (
        other.id
        for other in context.others
        if other.phase is Phase.WAITING and other.kind is Kind.PROMOTE and other.created < promotion.created
    )
    return next(older, "")


def _incident(promotion: Promotion, context: Context) -> IncidentFace | None:
    incident, page = promotion.incident, promotion.ledger.get("page")
    if incident is None and page is None:
        return None
    return IncidentFace(
        number=incident.number if incident else None,
        url=incident.url if incident else "",
        channel=incident.channel if incident else "",
        on_call=tuple(context.person(name) for name in incident.on_call) if incident else (),
        asked=page is not None and page.done is not None,
        delayed=page.error if page is not None and page.done is None else "",
        gave_up=page is not None and page.gave_up,
    )


def _trouble(promotion: Promotion) -> Entry | None:
    """What keeps a look from being made, for the card's last line."""
    looks = (entry for key, entry in promotion.ledger.items() if key.startswith(LOOK) and entry.tries)
    return next(looks, None) if promotion.phase.is_open else None


def _is_blind(promotion: Promotion) -> bool:
    """Whether a run goes on that cannot be read: once is a blip."""
    look = promotion.ledger.get(LOOK + "run")
    return promotion.phase is Phase.DEPLOYING and look is not None and look.tries >= BLIND


def _buttons(
    promotion: Promotion, state: State, requirements: Requirements, context: Context
) -> tuple[Button, ...]:
    possible = BUTTONS[state]
    shown: Mapping[Button, bool] = {
        Button.REPLACE: bool(_replaces(promotion, context)),
        Button.SKIP_WAIT: bool(context.rules.skip_wait),
        Button.REJECT: bool(context.rules.approvals),
        Button.VIEW_RUN: bool(promotion.run.url),
        Button.ROLL_BACK: _target(promotion, context) is not None,
        Button.OPEN_INCIDENT: bool(promotion.incident and promotion.incident.url),
        Button.RETRY: promotion.phase is Phase.WAITING or promotion.kind is Kind.PROMOTE,
        Button.CANCEL_RUN: promotion.wish is None,
    }
    return tuple(button for button in possible if shown.get(button, True))


def _target(promotion: Promotion, context: Context) -> Release | None:
    """What a rollback would go back to, while this promotion is the one to undo."""
    ran = promotion.phase in {Phase.SUCCEEDED, Phase.FAILED}
    if not ran or promotion.undone_by or context.rules.on_failure.rollback == "off":
        return None
    if not is_undoable(promotion, context.live):
        return None
    return rollback_target(context.live, left_by(promotion, context.live))
