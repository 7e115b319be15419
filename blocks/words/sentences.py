"""The one sentence of every state: what a notification, a screen reader or a client without blocks gets.

Each names the promotion, the service, the environment, the version, the state and who asked.
"""

from collections.abc import Callable, Mapping

from blocks.text import clock, duration, untrusted, utc
from blocks.words import approvals, endings, evidence, names, past, serving, steps
from bot.domain.face import Face, State
from bot.domain.policy import Kind


def sentence(face: Face) -> str:
    """What there is to know of a promotion, as plain sentences without pings."""
    return f"{names.promotion(face.id)}{_SENTENCES[face.state](face)}"


def asked(face: Face) -> str:
    """Who asked and who approved: `Asked by ana, approved by bo and cy.`"""
    approved = approvals.approvers_plain(face)
    return f"Asked by {names.person(face.requester)}{f', {approved}' if approved else ''}."


def _checking(face: Face) -> str:
    if face.last_look:
        what = f"checking {evidence.what(face)} once more before {names.subject(face)} starts"
        return f": {what}. {asked(face)}"
    verb = "asked for the" if face.kind is Kind.ROLLBACK else "asked to promote"
    return f": {names.person(face.requester)} {verb} {names.subject(face)}. Checking {evidence.what(face)}."


def _awaiting(face: Face) -> str:
    return (
        f": {names.subject(face)} is waiting for approval, {approvals.tally(face)}. "
        f"{evidence.summary(face)}. {asked(face)}"
    )


def _timer(face: Face) -> str:
    when = f"at {clock(face.starts)}" if face.starts is not None else "after the wait"
    return f": {names.subject(face)} starts {when}. {asked(face)}"


def _queued(face: Face) -> str:
    return f": {names.subject(face)} is queued behind {names.promotion(face.behind)}. {asked(face)}"


def _blocked(face: Face) -> str:
    return f": {names.subject(face)} is blocked: {evidence.blocking(face)}. {asked(face)}"


def _starting(face: Face) -> str:
    return f": starting the deploy, {names.subject(face)}. {asked(face)}"


def _deploying(face: Face) -> str:
    return f": deploying {names.subject(face)}{steps.progress(face)}{steps.usual(face)}. {asked(face)}"


def _cancelling(face: Face) -> str:
    who = f" for {untrusted(face.cancelled_by, 40)}" if face.cancelled_by else ""
    if face.run_id is None and face.asked_github_at is None:
        return f": cancelling{who}, {names.subject(face)}. I look first whether anything runs. {asked(face)}"
    what = f": cancelling the run{who}, {names.subject(face)}"
    return f"{what}. GitHub has not said yet that it stopped. {asked(face)}"


def _verifying(face: Face) -> str:
    what = names.subject(face) if face.kind is Kind.ROLLBACK else names.live_in(face)
    return f": verifying {what}; the deploy run has ended well. {asked(face)}"


def _succeeded(face: Face) -> str:
    after = f" after {duration(face.took)}" if face.took is not None else ""
    place = f"{names.service(face.service)} {names.environment(face.environment)}"
    if face.kind is Kind.ROLLBACK:
        return f": {place} is back on {names.version(face.version)}{after}. {asked(face)}"
    live = f"{names.service(face.service)} {names.version(face.version)} is live"
    return f": {live} in {names.environment(face.environment)}{after}. {asked(face)}"


def _replaced(face: Face) -> str:
    return f": {past.was_live(face)}. {asked(face)}"


def _rolled_back(face: Face) -> str:
    to = f" to {names.version(face.undone_to)}" if face.undone_to else ""
    by = f" by {names.promotion(face.undone_by)}" if face.undone_by else ""
    return f": {names.live_in(face)} was rolled back{to}{by}. {asked(face)}"


def _failed(face: Face) -> str:
    after = f" after {duration(face.took)}" if face.took is not None else ""
    incident = f" Incident {serving.incident_name(face)}." if serving.incident_name(face) else ""
    return (
        f" FAILED: {names.subject(face)} failed {endings.where(face)}{after}. "
        f"{serving.sentence(face)}{incident} {asked(face)}"
    )


def _unknown(face: Face) -> str:
    return f": outcome unknown, {names.subject(face)}. {steps.unknown(face, utc)} {asked(face)}"


def _errored(face: Face) -> str:
    return f": could not start, {names.subject(face)}. Nothing was deployed. {asked(face)}"


def _ended(word: str) -> Callable[[Face], str]:
    return lambda face: f": {names.subject(face)} was {word}{endings.by_plain(face)}. {asked(face)}"


def _cancelled(face: Face) -> str:
    if not steps.may_have_run(face):
        return _ended("cancelled")(face)
    what = f": {names.subject(face)} was cancelled{endings.by_plain(face)}"
    return f"{what}. {serving.sentence(face)} {asked(face)}"


def _expired(face: Face) -> str:
    return f": {names.subject(face)} expired without a decision. Nothing ran. {asked(face)}"


_SENTENCES: Mapping[State, Callable[[Face], str]] = {
    State.CHECKING: _checking,
    State.AWAITING_APPROVAL: _awaiting,
    State.TIMER: _timer,
    State.QUEUED: _queued,
    State.BLOCKED: _blocked,
    State.STARTING: _starting,
    State.DEPLOYING: _deploying,
    State.CANCELLING: _cancelling,
    State.VERIFYING: _verifying,
    State.SUCCEEDED: _succeeded,
    State.REPLACED: _replaced,
    State.ROLLED_BACK: _rolled_back,
    State.FAILED: _failed,
    State.UNKNOWN: _unknown,
    State.ERRORED: _errored,
    State.REJECTED: _ended("rejected"),
    State.CANCELLED: _cancelled,
    State.EXPIRED: _expired,
    State.SUPERSEDED: _ended("superseded"),
}
