"""The card: the one message of a promotion, a pure function of its face.

Three parts in every state: a head (what, state, id, path), what matters now, and the buttons. The thread and
the details form hold the rest, because vertical space in a channel is everybody's.
"""

from collections.abc import Callable, Mapping

from blocks import buttons, pieces
from blocks.evidence import classic_evidence, classic_obstacles, rich_evidence, rich_obstacles
from blocks.progress import classic_progress, rich_progress
from blocks.rendition import Blocks, Rendition, ladder
from blocks.text import date, untrusted
from blocks.words import approvals, card_lines, endings, evidence, names, sentences, serving, states, steps
from bot.domain.face import Face, RequirementFace, State
from bot.domain.policy import Kind, Verdict

Part = Callable[[Face], Blocks]


def card(face: Face) -> Rendition:
    """Render a promotion's message; the same for its first post and every edit."""
    rich, classic = _BODIES[face.state]
    head, foot = _head(face), [*_trouble(face), *buttons.row(face)]
    return ladder(sentences.sentence(face), [*head, *rich(face), *foot], [*head, *classic(face), *foot])


def _head(face: Face) -> Blocks:
    return [pieces.section(states.headline(face)), pieces.context(card_lines.origin(face))]


def _why(face: Face) -> Blocks:
    lines = [*card_lines.reason(face), *card_lines.changes_line(face)]
    return [pieces.section("\n".join(lines))] if lines else []


def _waivers(face: Face) -> Blocks:
    skipped = [one for one in face.requirements if one.verdict is Verdict.WAIVED]
    lines = [
        evidence.waiver(one, face.requester if one.by == face.requester.name else None) for one in skipped[:5]
    ]
    return [pieces.section("\n".join(lines))] if lines else []


def _voided(face: Face) -> Blocks:
    if not face.voided:
        return []
    return [
        pieces.section(
            f":warning: *Earlier approvals no longer count.* Changed since: {approvals.changes(face)}"
        )
    ]


def _approved(face: Face) -> Blocks:
    lines = [line for line in (approvals.given(face), approvals.who_may(face)) if line]
    return [pieces.context(" · ".join(lines))] if lines else []


def _passed(face: Face) -> Blocks:
    """Passed gates in one line; what did not pass keeps a row of its own."""
    rows = [evidence.row(one) for one in evidence.obstacles(face, 8)]
    return [pieces.section("\n".join([evidence.passed_line(face), *rows]))]


def _checking(body: Part) -> Part:
    return lambda face: [*_why(face), *body(face), *_waivers(face), *_voided(face)]


def _awaiting(face: Face) -> Blocks:
    return [*_why(face), *_passed(face), *_waivers(face), *_voided(face), *_approved(face)]


def _waiting_its_turn(face: Face) -> Blocks:
    again = "Gates are checked again at the start." if face.kind is not Kind.ROLLBACK else ""
    parts = [approvals.approvers(face), again]
    older = f"{names.promotion(face.replaces)} waits here too and is older." if face.replaces else ""
    line = " · ".join(part for part in [*parts, older] if part)
    return [*_why(face), *_waivers(face), *([pieces.context(line)] if line else [])]


def _starting(face: Face) -> Blocks:
    return [pieces.section(steps.starting(face)), *_by_whom(face)]


def _by_whom(face: Face) -> Blocks:
    parts = [approvals.approvers(face), steps.run(face), steps.waiting_in_github(face)]
    line = " · ".join(part for part in parts if part)
    return [pieces.context(line)] if line else []


def _deploying(body: Part) -> Part:
    return lambda face: [*body(face), *_by_whom(face)]


def _cancelling(face: Face) -> Blocks:
    who = f"{untrusted(face.cancelled_by, 40)} asked to cancel. " if face.cancelled_by else ""
    return [pieces.section(f"{who}{steps.stopping(face)}"), *_by_whom(face)]


def _succeeded(face: Face) -> Blocks:
    proof = [f"{evidence.safe_label(one)} {untrusted(evidence.seen(one), 80)}" for one in _verified(face)]
    before = [f"previous {names.version(face.previous.version)}"] if face.previous else []
    line = " · ".join(
        [*proof[:3], *before, *([approvals.approvers(face)] if approvals.approvers(face) else [])]
    )
    return [pieces.context(line)] if line else []


def _verified(face: Face) -> list[RequirementFace]:
    return [one for one in face.requirements if one.kind == "verify" and one.reading is not None]


def _rolled_back(face: Face) -> Blocks:
    by = f"{names.promotion(face.undone_by)} undid this" if face.undone_by else "This was undone"
    to = (
        f"; {names.environment(face.environment)} is back on {names.version(face.undone_to)}"
        if face.undone_to
        else ""
    )
    return [pieces.context(f"{by}{to}.")]


def _failed(face: Face) -> Blocks:
    said = endings.why_failed(face)
    lines = [
        serving.line(face),
        f"> {said}" if said else "",
        serving.incident(face),
        steps.extra_attempt(face),
    ]
    return [pieces.section("\n".join(line for line in lines if line)), *_by_whom(face)]


def _unknown(face: Face) -> Blocks:
    return [
        pieces.section(f"{steps.unknown(face)}\n{serving.line(face)}"),
        pieces.context(
            "An admin can name the run or say what happened · nothing else deploys here meanwhile · E18"
        ),
    ]


def _errored(face: Face) -> Blocks:
    return [pieces.section(endings.could_not_start(face)), pieces.context(endings.refusal_code(face))]


def _stopped(face: Face) -> Blocks:
    """A promotion that ended without a deploy, or whose run was cancelled: two lines."""
    ran = steps.may_have_run(face)
    lines = [
        f"> {endings.said(face.ending)}" if endings.said(face.ending) else "",
        serving.line(face) if ran else "",
    ]
    kept = [line for line in lines if line] or ["Nothing was deployed."]
    return [pieces.section("\n".join(kept))]


def _superseded(face: Face) -> Blocks:
    return [pieces.section(endings.superseded(face))]


def _expired(face: Face) -> Blocks:
    return [pieces.section(endings.expired(face))]


def _trouble(face: Face) -> Blocks:
    """A look or a call that failed for now: what the vendor said, and that it is tried again."""
    if not face.trouble:
        return []
    said = untrusted(face.trouble.rstrip("."), 200)
    if face.trouble_until is not None:
        return [
            pieces.context(f":hourglass: I was asked to wait: “{said}”. I go on {date(face.trouble_until)}.")
        ]
    return [
        pieces.context(
            f":warning: It did not work just now: “{said}”. I keep trying.{endings.remedy_of_trouble(face)}"
        )
    ]


_BODIES: Mapping[State, tuple[Part, Part]] = {
    State.CHECKING: (_checking(rich_evidence), _checking(classic_evidence)),
    State.AWAITING_APPROVAL: (_awaiting, _awaiting),
    State.TIMER: (_waiting_its_turn, _waiting_its_turn),
    State.QUEUED: (_waiting_its_turn, _waiting_its_turn),
    State.BLOCKED: (_checking(rich_obstacles), _checking(classic_obstacles)),
    State.STARTING: (_starting, _starting),
    State.DEPLOYING: (_deploying(rich_progress), _deploying(classic_progress)),
    State.CANCELLING: (_cancelling, _cancelling),
    State.VERIFYING: (_deploying(rich_progress), _deploying(classic_progress)),
    State.SUCCEEDED: (_succeeded, _succeeded),
    State.ROLLED_BACK: (_rolled_back, _rolled_back),
    State.FAILED: (_failed, _failed),
    State.UNKNOWN: (_unknown, _unknown),
    State.ERRORED: (_errored, _errored),
    State.REJECTED: (_stopped, _stopped),
    State.CANCELLED: (_stopped, _stopped),
    State.EXPIRED: (_expired, _expired),
    State.SUPERSEDED: (_superseded, _superseded),
}
