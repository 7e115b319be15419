"""What a card shows of a promotion: `face_of`.

Pure, and without clock or revision, so that it only changes when there is something new to see.
"""

from collections.abc import Mapping
from typing import Literal

from bot.domain.approvals import barred
from bot.domain.context import Context
from bot.domain.evidence import differences
from bot.domain.face import (
    ApprovalFace,
    Button,
    EvidenceChange,
    Face,
    Mark,
    PathMark,
    RequirementFace,
    State,
)
from bot.domain.incident_face import incident_face
from bot.domain.ledger import LOOK, VERIFY
from bot.domain.live import is_undoable, left_by, rollback_target, serving_rule
from bot.domain.policy import Kind
from bot.domain.promotion import Entry, Phase, Promotion, Release, Wish
from bot.domain.requirements import Requirements, gate_verdict
from bot.domain.run_facts import is_unstopped
from bot.domain.states import BUTTONS as BUTTONS
from bot.domain.states import is_last_look
from bot.domain.states import state_of as state_of

Items = tuple[RequirementFace, ...]
BLIND = 2  # reads of a run that failed in a row

TARGET_MARKS: Mapping[Phase, Mark] = {
    Phase.SUCCEEDED: "passed",
    Phase.FAILED: "failed",
    Phase.ERRORED: "failed",
    Phase.UNKNOWN: "unknown",
}


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
        discreet=context.channels.is_shared(_room(promotion, context)),
        self_approval=rules.self_approval,
        barred=barred(promotion, context),
        expires=_expires(promotion, context) if state is State.AWAITING_APPROVAL else None,
        starts=requirements.wait_until if state is State.TIMER else None,
        wait=rules.wait,
        behind=context.slot.holder if state is State.QUEUED else "",
        position=_position(promotion, context) if state is State.QUEUED else 0,
        replaces=_replaces(promotion, context),
        last_look=state is State.CHECKING and is_last_look(requirements),
        workflow=promotion.intent.workflow.file if promotion.intent else rules.deploy.workflow,
        run_id=run.run_id,
        run_url=run.url,
        attempt=run.attempt,
        extra_attempt=run.extra_attempt,
        extra_by=run.actor if run.extra_attempt else "",
        steps=run.steps,
        steps_done=run.steps_done,
        steps_total=run.steps_total,
        lost=run.lost and promotion.phase is Phase.UNKNOWN,
        nothing_ran=ending is not None and run.run_id is not None and run.started is None,
        waiting_in_github=run.status == "waiting" and promotion.phase is Phase.DEPLOYING,
        waiting_since=run.waiting_since if promotion.phase is Phase.DEPLOYING else None,
        blind=_is_blind(promotion),
        unstopped=is_unstopped(promotion, context),
        stop=_stop(promotion.wish),
        stranger=promotion.stranger if promotion.phase.is_open else None,
        unclear=promotion.intent.unclear if promotion.intent else "",
        asked_github_at=promotion.intent.at if promotion.intent else None,
        usual=promotion.intent.usual if promotion.intent else None,
        cancelled_by=promotion.wish.by if promotion.wish else "",
        ending=ending,
        ended_by=context.person(ending.by) if ending and ending.by in context.people else None,
        took=ending.at - promotion.intent.at if ending and promotion.intent else None,
        left=promotion.leaves.promotion if promotion.leaves else "",
        impact=_impact(promotion),
        serving=promotion.serving,
        serving_known=promotion.serving is not None,
        serving_sought=serving_rule(promotion, context) is not None,
        previous=promotion.previous if promotion.intent else context.live.serving,
        target=_target(promotion, context),
        undoes=promotion.undoes,
        undone_by=promotion.undone_by,
        undone_to=promotion.undone_to,
        replaced=promotion.replaced,
        incident=incident_face(promotion, context),
        trouble=trouble.error if trouble else "",
        trouble_until=trouble.not_before if trouble and trouble.limited else None,
        buttons=_buttons(promotion, state, requirements, context),
    )


def _stop(wish: Wish | None) -> Literal["", "asked", "forced"]:
    if wish is None or wish.asked_at is None:
        return ""
    return "forced" if wish.forced else "asked"


def _room(promotion: Promotion, context: Context) -> str:
    """The channel of the card: where it was posted, or will be."""
    card = promotion.ledger.get("card")
    return card.channel if card is not None and card.channel else context.rules.service.channel


def _impact(promotion: Promotion) -> tuple[float, float] | None:
    """From the dispatch of what a rollback took away to its own end: that was there within this time."""
    if promotion.phase is not Phase.SUCCEEDED or promotion.leaves is None or promotion.ending is None:
        return None
    return promotion.leaves.since, promotion.ending.at


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
    over = promotion.undone_by or promotion.replaced is not None or _is_there(promotion)
    if not ran or over or context.rules.on_failure.rollback == "off":
        return None
    if not is_undoable(promotion, context.live):
        return None
    return rollback_target(context.live, left_by(promotion, context.live))


def _is_there(promotion: Promotion) -> bool:
    """A rollback that failed, and yet what it was to go back to serves: there is nothing to go back to again."""
    failed = promotion.kind is Kind.ROLLBACK and promotion.phase is Phase.FAILED
    return failed and promotion.serving is not None and promotion.serving.sha == promotion.sha
