"""How a promotion is born: what a request has to say, who may make one, and what a rollback goes back to."""

import re
from collections.abc import Sequence

from bot.domain.context import Context, Membership
from bot.domain.errors import (
    AlreadyAsked,
    AlreadyLive,
    BadVersion,
    NotAllowed,
    NothingToRollBack,
    ReasonNeeded,
    Refusal,
    ServesAnother,
    UnknownEnvironment,
    UnknownGate,
    UnknownService,
    WrongPhase,
)
from bot.domain.live import SHORT, departure, is_undoable, left_by, ran, rollback_target
from bot.domain.messages import Request
from bot.domain.policy import Kind
from bot.domain.promotion import Live, Phase, Promotion, Release, Waiver
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
    return _asked_already(context, None, message) or _born(message, context)


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
        asked_thread=message.asked_thread,
        undoes=message.undoes,
        leaves=departure(context.undoes) if message.kind is Kind.ROLLBACK else None,
        retries=message.retries,
        waivers=tuple(
            Waiver(gate=gate, by=message.by, reason=cut(message.skip_reason, MOST_SAID), at=context.now)
            for gate in message.skip
        ),
    )


def refuse_to_undo(promotion: Promotion, live: Live) -> Refusal | None:
    """Why a promotion is none to roll back: it never ran, or something else serves by now."""
    if not ran(promotion):
        hint = f"/promote rollback {promotion.service} in {promotion.environment}"
        return WrongPhase(promotion.id, "roll back", promotion.phase, hint)
    return None if is_undoable(promotion, live) else _serves_another(live, promotion.id)


def _serves_another(live: Live, undoes: str = "") -> ServesAnother:
    serving = live.serving
    version, promotion = (serving.version, serving.promotion) if serving else ("", "")
    return ServesAnother(live.service, live.environment, version, promotion, undoes)


def _open_rollback(message: Request, context: Context) -> Promotion | Refusal:
    refusal = _sees_another(message, context.live) or _cannot_undo(context)
    if refusal is not None:
        return refusal
    release = rollback_target(context.live, left_by(context.undoes, context.live), message.version)
    went_back = _went_back(context) if not message.version else ""
    if release is None or went_back:
        return _no_way_back(message, context, went_back)
    return _asked_already(context, release, message) or _born(message, context, release)


def _cannot_undo(context: Context) -> Refusal | None:
    return refuse_to_undo(context.undoes, context.live) if context.undoes is not None else None


def _sees_another(message: Request, live: Live) -> ServesAnother | None:
    """A form that showed another commit than the one that serves now: nobody agreed to roll that one back."""
    serving = live.serving.sha if live.serving is not None else ""
    return None if message.seen in (None, serving) else _serves_another(live)


def _no_way_back(message: Request, context: Context, went_back: str) -> Refusal:
    live = context.live
    serving = live.serving
    if serving is not None and message.version in (serving.version, serving.sha):
        place = (message.service, message.environment)
        return AlreadyLive(*place, serving.version, serving.since, serving.promotion)
    left = left_by(context.undoes, live)
    known = distinct([one for one in live.good if one.sha not in left])
    return NothingToRollBack(message.service, message.environment, known, message.version, went_back)


def distinct(releases: Sequence[Release]) -> tuple[str, ...]:
    """What to call each release so that a rollback finds it: its version, or its short SHA where a name repeats."""
    versions = [one.version for one in releases]
    return tuple(one.version if versions.count(one.version) == 1 else one.sha[:SHORT] for one in releases)


def _went_back(context: Context) -> str:
    """The version that the newest deploy here, a rollback, went back to: to go further one has to be named."""
    undoes = context.undoes
    if undoes is None or undoes.kind is not Kind.ROLLBACK or undoes.phase is not Phase.SUCCEEDED:
        return ""
    return undoes.version


def _asked_already(context: Context, back_to: Release | None, message: Request) -> AlreadyAsked | None:
    """The same by somebody who may; a request that nobody could check yet keeps no one else from asking."""
    role = context.rules.may_request if back_to is None else context.rules.may_roll_back
    for other in context.others:
        named = other.version == message.version if back_to is None else other.sha == back_to.sha
        same = other.phase.is_open and named and other.kind is message.kind
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
