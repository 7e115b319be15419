"""How a promotion is born: what a request has to say, who may make one, and what a rollback goes back to."""

import re

from bot.domain.context import Context, Membership
from bot.domain.errors import (
    AlreadyAsked,
    BadVersion,
    NotAllowed,
    NothingToRollBack,
    ReasonNeeded,
    Refusal,
    UnknownEnvironment,
    UnknownGate,
    UnknownService,
    WrongPhase,
)
from bot.domain.live import leaving, ran, rollback_target
from bot.domain.messages import Request
from bot.domain.policy import Kind
from bot.domain.promotion import Phase, Promotion, Release, Waiver
from bot.domain.size import MOST_REASON, MOST_SAID, cut

VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+/-]{0,127}\Z", re.ASCII)
LEAST_REASON = 8  # characters of a request's or a rollback's reason
HEALTH = "health"


def open_promotion(message: Request, context: Context) -> Promotion | Refusal:
    """A new promotion, or why it cannot even be asked for."""
    refusal = _no_place(message, context) or _may_open(message, context) or _skippable(message, context)
    if refusal is not None:
        return refusal
    if message.kind is Kind.ROLLBACK:
        return _open_rollback(message, context)
    if not is_version(message.version):
        return BadVersion(message.version)
    same = _asked_already(context, message.version, message.kind)
    return same or _born(message, context)


def is_version(text: str) -> bool:
    """Whether a text may name a tag, a branch or a SHA.

    An ASCII allow-list without anything that a shell, a URL or git could read as more than a name.
    """
    return (
        bool(VERSION.match(text))
        and not any(bad in text for bad in ("..", "//", "@{", ".lock", "/.", "./"))
        and not text.endswith(("/", "."))
        and text != "HEAD"
        and not text.startswith("refs/")
    )


def refuse_again(promotion: Promotion, message: Request, context: Context) -> Refusal:
    """An id is born once."""
    return AlreadyAsked(promotion.id, context.person(promotion.requester))


def _born(message: Request, context: Context, release: Release | None = None) -> Promotion:
    return Promotion(
        id=message.promotion,
        kind=message.kind,
        service=message.service,
        environment=message.environment,
        version=release.version if release else message.version,
        sha=release.sha if release else None,
        requester=message.by,
        reason=cut(message.reason, MOST_REASON),
        created=context.now,
        since=context.now,
        correlation=message.correlation,
        asked_in=message.asked_in,
        undoes=message.undoes,
        retries=message.retries,
        waivers=tuple(
            Waiver(gate=gate, by=message.by, reason=cut(message.skip_reason, MOST_SAID), at=context.now)
            for gate in message.skip
        ),
    )


def _open_rollback(message: Request, context: Context) -> Promotion | Refusal:
    live, undoes = context.live, context.undoes
    if undoes is not None and not ran(undoes):
        hint = f"/promote rollback {message.service} in {message.environment}"
        return WrongPhase(undoes.id, "roll back", undoes.phase, hint)
    left = leaving(undoes) if undoes else frozenset({live.serving.sha} if live.serving else ())
    release = rollback_target(live, left, message.version)
    went_back = _went_back(context) if not message.version else ""
    if release is None or went_back:
        known = tuple(one.version for one in live.good if one.sha not in left)
        return NothingToRollBack(message.service, message.environment, known, message.version, went_back)
    same = _asked_already(context, release.version, Kind.ROLLBACK)
    return same or _born(message, context, release)


def _went_back(context: Context) -> str:
    """The version that the newest deploy here, a rollback, went back to: to go further one has to be named."""
    undoes = context.undoes
    if undoes is None or undoes.kind is not Kind.ROLLBACK or undoes.phase is not Phase.SUCCEEDED:
        return ""
    return undoes.version


def _asked_already(context: Context, version: str, kind: Kind) -> AlreadyAsked | None:
    """The same by somebody who may; a request that nobody could check yet keeps no one else from asking."""
    role = context.rules.may_roll_back if kind is Kind.ROLLBACK else context.rules.may_request
    for other in context.others:
        same = other.phase.is_open and other.version == version and other.kind is kind
        if same and (other.phase.holds_slot or context.may(other.requester, role) is Membership.YES):
            return AlreadyAsked(other.id, context.person(other.requester))
    return None


def _no_place(message: Request, context: Context) -> Refusal | None:
    """A place that left the catalog while somebody filled in a form, or looked at an old card."""
    if not context.rules.is_removed:
        return None
    path = tuple(name for name in context.rules.service.environments if name != message.environment)
    if not path:
        return UnknownService(message.service, None, ())
    return UnknownEnvironment(message.service, message.environment, None, path)


def _may_open(message: Request, context: Context) -> Refusal | None:
    rollback = message.kind is Kind.ROLLBACK
    words = context.rules.may_roll_back if rollback else context.rules.may_request
    action = "roll back" if rollback else "request"
    if context.may(message.by, words) is Membership.NO:
        return NotAllowed(action, words, context.holders(words))
    if len(message.reason.strip()) < LEAST_REASON:
        return ReasonNeeded(action, LEAST_REASON, _example(message))
    return None


def _example(message: Request) -> str:
    if message.kind is Kind.ROLLBACK:
        return f"/promote rollback {message.service} in {message.environment} because <reason>"
    return f"/promote {message.service}@{message.version} to {message.environment} because <reason>"


def _skippable(message: Request, context: Context) -> Refusal | None:
    """Only health gates may be skipped by whoever asks, and only with a reason that approvers see."""
    if not message.skip:
        return None
    known = tuple(rule.name for rule in context.rules.gates if rule.use == HEALTH)
    strange = next((gate for gate in message.skip if gate not in known), None)
    if strange is not None:
        return UnknownGate(message.promotion, strange, known)
    if len(message.skip_reason.strip()) < LEAST_REASON:
        return ReasonNeeded("skip the health check", LEAST_REASON, _example(message))
    return None
