"""What one person may do where, and by which rule: the same questions that are asked when they act."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from bot.domain.approvals import could_approve
from bot.domain.context import Context, Membership
from bot.domain.policy import ANYONE, Person, Rules

Act = Literal["request", "approve", "roll back", "administer"]


@dataclass(frozen=True, slots=True)
class Right:
    """One act in some environments of a service, with the same answer for the same reason."""

    act: Act
    environments: tuple[str, ...]
    answer: Membership
    words: tuple[str, ...]  # the roles and teams that it takes; empty: nobody's approval is asked
    through: tuple[str, ...] = ()  # of them, those that the person has


@dataclass(frozen=True, slots=True)
class ServiceRights:
    """What a person may do with one service."""

    service: str
    rights: tuple[Right, ...]


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """A person as the catalog knows them."""

    person: Person
    teams: tuple[tuple[str, Membership], ...]  # those that they are in, or may be in
    services: tuple[ServiceRights, ...]
    more: int = 0  # services that are not shown


def rights_of(person: str, places: Iterable[tuple[Rules, Rules]], context: Context) -> tuple[Right, ...]:
    """What a person may do in the environments of one service, given the rules of each place for a promotion and
    for a rollback; environments with the same answer stand together."""
    rights: dict[Right, tuple[str, ...]] = {}
    for rules, rollback in places:
        for right in _in_place(person, replace(context, rules=rules), rollback):
            rights[right] = (*rights.get(right, ()), rules.environment)
    order = ("request", "approve", "roll back", "administer")
    found = (replace(right, environments=names) for right, names in rights.items())
    return tuple(sorted(found, key=lambda right: order.index(right.act)))


def teams_of(person: str, context: Context) -> tuple[tuple[str, Membership], ...]:
    """The teams that a person is in, and those that were not looked at lately."""
    known = ((name, context.membership(person, name)) for name in sorted(context.teams))
    return tuple((name, answer) for name, answer in known if answer is not Membership.NO)


def _in_place(person: str, context: Context, rollback: Rules) -> tuple[Right, ...]:
    rules = context.rules
    asked = tuple(dict.fromkeys(rule.team for rule in rules.approvals))
    return (
        _right("request", person, rules.may_request, context),
        Right("approve", (), could_approve(person, context), asked, _through(person, asked, context)),
        _right("roll back", person, rollback.may_roll_back, replace(context, rules=rollback)),
        _right("administer", person, rules.admins, context),
    )


def _right(act: Act, person: str, words: tuple[str, ...], context: Context) -> Right:
    answer = context.may(person, words) if words else Membership.NO
    return Right(act, (), answer, words, _through(person, words, context))


def _through(person: str, words: tuple[str, ...], context: Context) -> tuple[str, ...]:
    if ANYONE in words:
        return (ANYONE,)
    named = context.expand(words)
    return tuple(word for word in named if context.membership(person, word) is Membership.YES)
