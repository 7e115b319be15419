"""Which approvals count: people against rules, one person once. Nothing here is stored.

"2 of release-managers and 1 of payments" is a matching: a person who is in both teams fills one place only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.authors import authors_of, wrote
from bot.domain.context import Context, Membership
from bot.domain.face import ApprovalNeed, Barred
from bot.domain.policy import APPROVERS, ApprovalRule
from bot.domain.promotion import Approval, Promotion


@dataclass(frozen=True, slots=True)
class Tally:
    """How the approvals of one digest stand against the rules."""

    needs: tuple[ApprovalNeed, ...]
    counted: tuple[str, ...]  # people whose approval fills a place
    checking: tuple[str, ...]  # people whose membership is not known yet
    complete_at: float | None  # when the last needed approval came; None: not complete

    @property
    def have(self) -> int:
        """Places that are filled."""
        return sum(need.have for need in self.needs)

    @property
    def need(self) -> int:
        """Places that the rules ask for."""
        return sum(need.count for need in self.needs)

    @property
    def is_complete(self) -> bool:
        """Whether every rule is met."""
        return all(need.have >= need.count for need in self.needs)


def tally(promotion: Promotion, digest: str, context: Context) -> Tally:
    """Count the approvals that signed `digest` against the rules as they are now."""
    rules = context.rules.approvals
    voices = _voices(promotion, digest, context)
    by_rule = _places(rules, [voice.by for voice in voices], context)
    needs = tuple(
        ApprovalNeed(
            count=rule.count,
            have=len(by_rule[index]),
            team=rule.team,
            slack_group=_group(rule, context),
            possible=context.holders((rule.team,), excluded(promotion, context) | {v.by for v in voices}),
        )
        for index, rule in enumerate(rules)
    )
    lacking = tuple(rule for rule, need in zip(rules, needs, strict=True) if need.have < need.count)
    return Tally(
        needs=needs,
        counted=tuple(sorted(person for people in by_rule.values() for person in people)),
        checking=tuple(voice.by for voice in voices if _may_sit(voice.by, lacking, context)),
        complete_at=_complete_at(voices, context),
    )


def could_approve(person: str, context: Context) -> Membership:
    """Whether `person` is in a team that any approval rule asks."""
    answers = {context.membership(person, rule.team) for rule in context.rules.approvals}
    for answer in (Membership.YES, Membership.UNKNOWN):
        if answer in answers:
            return answer
    return Membership.NO


def excluded(promotion: Promotion, context: Context) -> frozenset[str]:
    """Who may not approve this, whatever teams they are in: whoever asked, and by `author_approval` who wrote it."""
    own = frozenset() if context.rules.self_approval else frozenset({promotion.requester})
    return own | authors_of(promotion, context)


def barred(promotion: Promotion, context: Context) -> tuple[Barred, ...]:
    """The approvers who are kept from it as authors, by name, with what they wrote."""
    approvers = context.holders((APPROVERS,))
    authors = authors_of(promotion, context)
    return tuple(Barred(one, wrote(promotion, one.github)) for one in approvers if one.name in authors)


def _voices(promotion: Promotion, digest: str, context: Context) -> list[Approval]:
    """The first approval of each person who may speak at all, oldest first."""
    voices: dict[str, Approval] = {}
    for approval in sorted(promotion.approvals, key=lambda one: one.at):
        allowed = approval.by in context.people and approval.by not in excluded(promotion, context)
        if approval.digest == digest and allowed:
            voices.setdefault(approval.by, approval)
    return list(voices.values())


def _places(
    rules: tuple[ApprovalRule, ...], people: Iterable[str], context: Context
) -> Mapping[int, tuple[str, ...]]:
    """Give each person at most one place: a bipartite matching by augmenting paths, earliest first."""
    filled: dict[tuple[int, int], str] = {}

    def seat(person: str, tried: set[tuple[int, int]]) -> bool:
        for place in _open_to(person, rules, context):
            if place in tried:
                continue
            tried.add(place)
            sitting = filled.get(place)
            if sitting is None or seat(sitting, tried):
                filled[place] = person
                return True
        return False

    for person in people:
        seat(person, set())
    return {
        index: tuple(who for (rule, _), who in filled.items() if rule == index) for index in range(len(rules))
    }


def _open_to(person: str, rules: tuple[ApprovalRule, ...], context: Context) -> list[tuple[int, int]]:
    return [
        (index, place)
        for index, rule in enumerate(rules)
        if context.membership(person, rule.team) is Membership.YES
        for place in range(rule.count)
    ]


def _may_sit(person: str, lacking: tuple[ApprovalRule, ...], context: Context) -> bool:
    """Whether a look could give the person a place that is still empty, even if they fill another one now."""
    return any(context.membership(person, rule.team) is Membership.UNKNOWN for rule in lacking)


def _complete_at(voices: list[Approval], context: Context) -> float | None:
    """The moment at which the approvals given so far first met every rule."""
    rules = context.rules.approvals
    for upto in range(len(voices) + 1):
        places = _places(rules, [voice.by for voice in voices[:upto]], context)
        if all(len(places[index]) >= rule.count for index, rule in enumerate(rules)):
            return voices[upto - 1].at if upto else 0.0
    return None


def _group(rule: ApprovalRule, context: Context) -> str:
    team = context.team(rule.team)
    return team.source.ref if team is not None and team.source.kind == "slack_group" else ""
