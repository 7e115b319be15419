"""A promotion that nobody asked for: the same rules judge it, and nothing of it is ever stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.approvals import could_approve
from bot.domain.context import Context, Membership
from bot.domain.face import Face
from bot.domain.machine import Decision, decide
from bot.domain.messages import VersionNotFound, VersionRefused, VersionSeen
from bot.domain.policy import GateRule, Kind, Person
from bot.domain.portrait import face_of
from bot.domain.promotion import GateFact, Phase, Promotion
from bot.domain.readings import Reading
from bot.domain.requirements import requirements_of
from bot.domain.size import clipped, link_or_none

NOBODY = "P-0"  # the id of what is only rehearsed: no promotion has it

VersionLook = VersionSeen | VersionNotFound | VersionRefused


@dataclass(frozen=True, slots=True)
class PlanFace:
    """What a promotion would meet, and what that means for the person who asks."""

    face: Face
    person: Person
    looked: bool  # GitHub and the gates were looked at; else it is what the store knows
    turned_away: Face | None  # the same as a request that ends before it has a card
    may_ask: Membership
    may_approve: Membership
    askers: tuple[str, ...]  # the words of the role that asking needs
    holder: str  # the promotion that has the slot
    before_it: int  # promotions that wait for the slot
    alike: str  # an open promotion of the same version
    now: float


def rehearsed(service: str, environment: str, version: str, person: str, now: float) -> Promotion:
    """A promotion as it would be born."""
    return Promotion(
        id=NOBODY,
        kind=Kind.PROMOTE,
        service=service,
        environment=environment,
        version=version,
        requester=person,
        reason="",
        created=now,
        since=now,
        correlation="",
    )


def with_version(promotion: Promotion, look: VersionLook, at: float) -> Promotion:
    """The same once its version was looked at: it goes on waiting, whatever a request would meet."""
    if not isinstance(look, VersionSeen):
        return promotion
    return replace(promotion, sha=look.sha, version_seen=at, on_branch=look.on_branch, changes=look.changes)


def with_gates(promotion: Promotion, seen: Mapping[GateRule, tuple[Reading, str]], at: float) -> Promotion:
    """The same once its gates were looked at."""
    facts = {
        rule.name: GateFact(rule.name, at, clipped(reading), rule.basis, link_or_none(link))
        for rule, (reading, link) in seen.items()
    }
    return replace(promotion, gates=facts)


def turned_away(promotion: Promotion, look: VersionLook, context: Context) -> Face | None:
    """How a request would end for what it asks; None: it would get a card."""
    unresolved = replace(promotion, sha=None, version_seen=None)
    decision = decide(unresolved, look, context)
    if not isinstance(decision, Decision) or decision.promotion.phase not in {Phase.REJECTED, Phase.ERRORED}:
        return None
    ending = decision.promotion.ending
    if ending is None or ending.cause == "role":
        return None  # told by itself: somebody else may ask
    return face_of(decision.promotion, context, decision.requirements)


def plan_face(promotion: Promotion, context: Context, look: VersionLook | None) -> PlanFace:
    """What the rules say of a promotion that is only rehearsed."""
    requirements = requirements_of(promotion, context)
    role = context.rules.may_request
    alike = (one.id for one in context.others if one.version == promotion.version and one.phase.is_open)
    return PlanFace(
        face=face_of(promotion, context, requirements),
        person=context.person(promotion.requester),
        looked=look is not None,
        turned_away=turned_away(promotion, look, context) if look is not None else None,
        may_ask=context.may(promotion.requester, role),
        may_approve=could_approve(promotion.requester, context),
        askers=context.expand(role),
        holder=context.slot.holder,
        before_it=len(context.slot.queue),
        alike=next(alike, ""),
        now=context.now,
    )
