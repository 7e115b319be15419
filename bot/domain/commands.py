"""What people ask of a promotion that is there: each command checks the person and the moment and says no in facts."""

from dataclasses import replace

from bot.domain.approvals import could_approve, excluded
from bot.domain.authors import authors_of, wrote
from bot.domain.context import Context, Membership
from bot.domain.errors import (
    AlreadyApproved,
    AlreadyDecided,
    AuthorApproval,
    NotAllowed,
    NotApprover,
    NotChecked,
    NotReadyForApproval,
    ReasonNeeded,
    Refusal,
    SelfApproval,
    SharedChannel,
    StaleCard,
    TooManyApprovals,
    UnknownGate,
    WrongPhase,
)
from bot.domain.evidence import differences
from bot.domain.messages import (
    AdoptRun,
    Approve,
    Cancel,
    Command,
    IsLive,
    NeverStarted,
    Reject,
    Retry,
    SkipWait,
    Supersede,
)
from bot.domain.policy import APPROVERS, Kind, Person
from bot.domain.promotion import Approval, Ending, Phase, Promotion, Wish
from bot.domain.requirements import Requirements, requirements_of
from bot.domain.size import MOST_NOTE, MOST_SAID, cut
from bot.domain.transitions import back_to_waiting, deployed, end, may_have_left

MOST_APPROVALS = 20


def approve(promotion: Promotion, message: Approve, context: Context) -> Promotion | Refusal:
    """Record one person's yes to what the card showed them."""
    requirements = requirements_of(promotion, context)
    refusal = (
        _may_approve(promotion, message.by, context)
        or _is_among_us(promotion, message.where, context)
        or _can_sign(promotion, message, requirements)
    )
    if refusal is not None:
        return refusal
    approval = Approval(
        by=message.by, digest=requirements.digest, at=context.now, note=cut(message.note, MOST_NOTE)
    )
    approvals = (*_still_signed(promotion, requirements), approval)
    signed = {**promotion.signed, requirements.digest: requirements.evidence}
    kept = {one.digest for one in approvals}
    return replace(
        promotion,
        approvals=approvals,
        signed={digest: evidence for digest, evidence in signed.items() if digest in kept},
    )


def reject(promotion: Promotion, message: Reject, context: Context) -> Promotion | Refusal:
    """An approver says no, and why."""
    may = could_approve(message.by, context)
    if may is Membership.UNKNOWN:
        return NotChecked("membership")
    if may is Membership.NO:
        return _not_approver(promotion, message.by, context, "reject")
    if not message.reason.strip():
        return ReasonNeeded("reject", 1, f"/promote reject {promotion.id} because <reason>")
    ending = Ending(cause="person", at=context.now, by=message.by, said=cut(message.reason, MOST_SAID))
    return end(promotion, Phase.REJECTED, ending)


def cancel(promotion: Promotion, message: Cancel, context: Context) -> Promotion | Refusal:
    """Nothing runs yet, or nothing runs any more: it ends here. What a run left behind is looked at."""
    refusal = _may_cancel(promotion, message.by, context)
    if refusal is not None:
        return refusal
    ending = Ending(cause="person", at=context.now, by=message.by, said=cut(message.reason, MOST_SAID))
    return end(promotion, Phase.CANCELLED, ending)


def wish_to_cancel(promotion: Promotion, message: Cancel, context: Context) -> Promotion | Refusal:
    """A run exists or may exist: the wish is recorded, and the phase follows what GitHub says."""
    refusal = _may_cancel(promotion, message.by, context)
    if refusal is not None:
        return refusal
    if promotion.wish is not None:
        return promotion
    return replace(promotion, wish=Wish(by=message.by, at=context.now, reason=cut(message.reason, MOST_SAID)))


def retry(promotion: Promotion, message: Retry, context: Context) -> Promotion | Refusal:
    """Forget what was seen of a gate, so that it is looked at at once."""
    refusal = _may_steer(promotion, message.by, context, "retry")
    if refusal is not None:
        return refusal
    known = tuple(rule.name for rule in context.rules.gates)
    if message.gate and message.gate not in known:
        return UnknownGate(promotion.id, message.gate, known)
    wanted = {message.gate} if message.gate else set(requirements_of(promotion, context).unmet)
    return replace(
        promotion,
        version_seen=None if {"branch", "authors"} & wanted else promotion.version_seen,
        gates={name: fact for name, fact in promotion.gates.items() if name not in wanted},
        ledger={key: entry for key, entry in promotion.ledger.items() if not key.startswith("look:")},
    )


def skip_wait(promotion: Promotion, message: SkipWait, context: Context) -> Promotion | Refusal:
    """Whoever the environment names may shorten the wait after the last approval."""
    refusal = lacks("skip the wait of", context.rules.skip_wait, message.by, context, promotion.id)
    if refusal is not None:
        return refusal
    requirements = requirements_of(promotion, context)
    if not requirements.tally.is_complete:
        return NotReadyForApproval(promotion.id, ("approvals",), requirements.unmet)
    return replace(promotion, skip_wait_by=message.by, skip_wait_for=requirements.digest)


def supersede(promotion: Promotion, message: Supersede, context: Context) -> Promotion | Refusal:
    """A newer request takes the place of this waiting one; approvals are not carried over."""
    newer = next((one for one in context.others if one.id == message.newer), None)
    if newer is None or not newer.phase.is_open:
        return WrongPhase(promotion.id, "replace", promotion.phase)
    own = newer.requester == message.by
    refusal = None if own else _may_cancel(promotion, message.by, context, "replace")
    if refusal is not None:
        return refusal
    ending = Ending(cause="person", at=context.now, by=message.by, said=message.newer)
    return end(promotion, Phase.SUPERSEDED, ending)


def adopt_run(promotion: Promotion, message: AdoptRun, context: Context) -> Promotion | Refusal:
    """An admin names the run: it is read and proved before the promotion follows it."""
    refusal = _may_resolve(promotion, message.by, context)
    if refusal is not None:
        return refusal
    if message.run_id == promotion.run.run_id:
        return replace(promotion, run=replace(promotion.run, heard=0.0))
    named = replace(promotion.run, run_id=message.run_id, heard=0.0, repo="", lost=False)
    return replace(promotion, run=named)


def never_started(promotion: Promotion, message: NeverStarted, context: Context) -> Promotion | Refusal:
    """An admin vouches that nothing ran: everything is checked again from the start."""
    refusal = _may_resolve(promotion, message.by, context)
    if refusal is not None:
        return refusal
    if promotion.run.lost:  # there was a run: a second one is another promotion's
        return end(promotion, Phase.CANCELLED, Ending(cause="person", at=context.now, by=message.by))
    return back_to_waiting(may_have_left(promotion), context)


def is_live(promotion: Promotion, message: IsLive, context: Context) -> Promotion | Refusal:
    """An admin vouches that the version is live: it is verified where the rules say how."""
    refusal = _may_resolve(promotion, message.by, context)
    if refusal is not None:
        return refusal
    run = replace(promotion.run, started=promotion.run.started or context.now)
    return deployed(replace(promotion, run=run), context)


def refuse_phase(promotion: Promotion, message: Command, context: Context) -> Refusal:
    """The answer to a command that comes where it means nothing."""
    action = type(message).__name__.lower()
    if isinstance(message, Approve | Reject) and promotion.phase is not Phase.WAITING:
        return _decided(promotion, context)
    hint = f"/promote why {promotion.id}"
    if isinstance(message, Cancel) and promotion.phase is Phase.SUCCEEDED:
        hint = f"/promote rollback {promotion.service} in {promotion.environment}"
    if isinstance(message, Retry) and not promotion.phase.is_open:
        hint = f"/promote {promotion.service}@{promotion.version} to {promotion.environment}"
    return WrongPhase(promotion.id, action, promotion.phase, hint)


def _decided(promotion: Promotion, context: Context) -> AlreadyDecided:
    deciders = promotion.intent.approvers if promotion.intent else ()
    if promotion.ending is not None and promotion.ending.by and not promotion.intent:
        deciders = (promotion.ending.by,)
    return AlreadyDecided(
        promotion.id, promotion.phase, tuple(context.person(name) for name in deciders), promotion.since
    )


def _may_approve(promotion: Promotion, by: str, context: Context) -> Refusal | None:
    if by == promotion.requester and not context.rules.self_approval:
        return SelfApproval(promotion.id, _others_to_ask(promotion, context))
    if could_approve(by, context) is Membership.NO:
        return _not_approver(promotion, by, context)
    if by in authors_of(promotion, context):
        mine = wrote(promotion, context.person(by).github)
        return AuthorApproval(promotion.id, mine, _others_to_ask(promotion, context))
    return None


def _is_among_us(promotion: Promotion, where: str, context: Context) -> Refusal | None:
    """Nobody of another company stands by when something is approved; what is not known yet is not let through."""
    if context.channels.is_shared(where):
        return SharedChannel(promotion.id, where)
    if promotion.kind is Kind.ROLLBACK or context.channels.is_private(where):
        return None  # a way back does not wait until Slack has told
    return NotChecked("channel")


def _can_sign(promotion: Promotion, message: Approve, requirements: Requirements) -> Refusal | None:
    if any(one.by == message.by and one.digest == requirements.digest for one in promotion.approvals):
        return AlreadyApproved(promotion.id, requirements.tally.have, requirements.tally.need)
    if message.digest and message.digest != requirements.digest:
        return StaleCard(promotion.id, _what_changed(promotion, message.digest, requirements))
    if not requirements.evidence_complete:
        return NotReadyForApproval(promotion.id, requirements.incomplete, requirements.unmet)
    if len(_still_signed(promotion, requirements)) >= MOST_APPROVALS:
        return TooManyApprovals(promotion.id)
    return None


def _still_signed(promotion: Promotion, requirements: Requirements) -> tuple[Approval, ...]:
    """The approvals worth keeping: all of them, or where there are too many those of the evidence as it is."""
    if len(promotion.approvals) < MOST_APPROVALS:
        return promotion.approvals
    return tuple(one for one in promotion.approvals if one.digest == requirements.digest)


def _what_changed(promotion: Promotion, digest: str, requirements: Requirements) -> tuple[str, ...]:
    signed = promotion.signed.get(digest)
    if signed is None:
        return ()
    return tuple(change.part for change in differences(signed, requirements.evidence))


def _not_approver(promotion: Promotion, by: str, context: Context, action: str = "approve") -> NotApprover:
    return NotApprover(
        promotion=promotion.id,
        environment=promotion.environment,
        needs=tuple(rule.team for rule in context.rules.approvals),
        member_of=tuple(name for name, team in context.teams.items() if by in team.members),
        ask=_others_to_ask(promotion, context),
        action=action,
    )


def _others_to_ask(promotion: Promotion, context: Context) -> tuple[Person, ...]:
    return context.holders((APPROVERS,), excluded(promotion, context) | {promotion.requester})


def _may_cancel(promotion: Promotion, by: str, context: Context, action: str = "cancel") -> Refusal | None:
    """Whoever may undo a deploy may stop it too: at 3 a.m. that is one wish."""
    may = context.may(by, context.rules.may_roll_back)
    if may is Membership.YES:
        return None
    refusal = _may_steer(promotion, by, context, action)
    return NotChecked("membership") if refusal is not None and may is Membership.UNKNOWN else refusal


def _may_steer(promotion: Promotion, by: str, context: Context, action: str) -> Refusal | None:
    """The requester, an approver or an admin."""
    if by == promotion.requester:
        return None
    return lacks(action, (APPROVERS, *context.rules.admins), by, context, promotion.id)


def _may_resolve(promotion: Promotion, by: str, context: Context) -> Refusal | None:
    return lacks("settle the outcome of", context.rules.admins, by, context, promotion.id)


def lacks(
    action: str, words: tuple[str, ...], by: str, context: Context, promotion: str = ""
) -> NotAllowed | NotChecked | None:
    """Why somebody may not: the role is missing, or a team has to be read before anybody can say."""
    match context.may(by, words):
        case Membership.YES:
            return None
        case Membership.UNKNOWN:
            return NotChecked("membership")
        case Membership.NO:
            return NotAllowed(action, words, context.holders(words), promotion)
