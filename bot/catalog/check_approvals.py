"""Checks that every approval rule can be met: by enough people, by different ones, by others than who asks."""

from collections.abc import Iterator, Sequence, Set

from bot.catalog import schema
from bot.catalog.check_services import path_of
from bot.catalog.problems import KeyPath, Problem, dotted
from bot.catalog.rules import NOBODY
from bot.catalog.tree import Tree
from bot.domain.policy import ANYONE, APPROVERS, CODE_OWNERS, OWNER

Members = Set[str]


def approval_sections(
    environment: schema.Environment,
) -> tuple[tuple[KeyPath, list[schema.Approval]], ...]:
    """The three places of an environment that ask for approvals."""
    emergency = environment.emergency.approvals if environment.emergency else []
    return (
        ((), environment.approvals),
        (("rollback",), environment.rollback.approvals),
        (("emergency",), emergency),
    )


def approval_problems(file: schema.File, tree: Tree) -> Iterator[Problem]:
    """Rules that nobody could meet, for the owners of the services that go there."""
    told: set[Problem] = set()
    for environment, owner, service in _owners(file):
        rules = file.environments[environment]
        for section, approvals in approval_sections(rules):
            path: KeyPath = ("environments", environment, *section, "approvals")
            if owner is None and any(rule.from_ == OWNER for rule in approvals):
                sentence = f"`services.{service}.owner` is missing: `{dotted(path)}` asks its owner."
                told.add(tree.problem(("services", service), sentence))
            told.update(_impossible(path, approvals, owner, rules.self_approval, file, tree))
    yield from sorted(told)


def _owners(file: schema.File) -> Iterator[tuple[str, str | None, str]]:
    """Each (environment, owner team) once, with one service that has them: thousands share a few."""
    seen: set[tuple[str, str | None]] = set()
    for name, service in file.services.items():
        for environment in path_of(file, service):
            if (environment, service.owner) not in seen:
                seen.add((environment, service.owner))
                yield environment, service.owner, name


def _impossible(
    path: KeyPath,
    approvals: Sequence[schema.Approval],
    owner: str | None,
    self_approval: bool,
    file: schema.File,
    tree: Tree,
) -> Iterator[Problem]:
    rules = [(rule, _members(rule.from_, owner, file)) for rule in approvals]
    known = [(rule.count, members) for rule, members in rules if members]  # an empty team was told already
    small = False
    for index, (rule, members) in enumerate(rules):
        if members and len(members) < rule.count:
            small = True
            here = (*path, index, "count")
            team = owner if rule.from_ == OWNER else rule.from_
            has = f"{team} has {_people(len(members))}"
            yield tree.problem(here, f"`{dotted(here)}` is {rule.count}, and {has}: nobody can meet it.")
    if small:
        return
    if not can_be_met(known):
        total = sum(count for count, _ in known)
        names = sorted(set().union(*(members for _, members in known)))
        sentence = (
            f"`{dotted(path)}` needs {total} different people: {', '.join(names)} cannot fill every rule."
        )
        yield tree.problem(path, sentence)
    elif not self_approval and known and not _somebody_may_ask(known, approvals, owner, file):
        sentence = f"`{dotted(path)}` cannot be met: everyone who may ask is needed to approve. Add people."
        yield tree.problem(path, sentence)


def _people(count: int) -> str:
    return "1 member" if count == 1 else f"{count} members"


def _members(team: str, owner: str | None, file: schema.File) -> Members | None:
    """The people of a team that the file itself names; None when only a vendor knows."""
    name = owner if team == OWNER else team
    found = file.teams.get(name) if name else None
    return None if found is None or found.members is None else frozenset(found.members)


def can_be_met(rules: Sequence[tuple[int, Members]], without: str = "") -> bool:
    """Whether different people can fill every place of every rule: a matching of places and people."""
    places = [members - {without} for count, members in rules for _ in range(count)]
    taken: dict[str, int] = {}
    return all(_seat(place, places, taken, set()) for place in range(len(places)))


def _seat(place: int, places: Sequence[Members], taken: dict[str, int], tried: set[str]) -> bool:
    """Give a place to somebody, moving others to their other places where that helps (augmenting path)."""
    for person in sorted(places[place] - tried):
        tried.add(person)
        if person not in taken or _seat(taken[person], places, taken, tried):
            taken[person] = place
            return True
    return False


def _somebody_may_ask(
    rules: Sequence[tuple[int, Members]],
    approvals: Sequence[schema.Approval],
    owner: str | None,
    file: schema.File,
) -> bool:
    """Whether one of those who may ask leaves enough others to approve."""
    askers: set[str] = set()
    if file.roles.request in ([], [NOBODY]):
        return True
    for word in file.roles.request:
        teams = [rule.from_ for rule in approvals] if word == APPROVERS else [word]
        for team in teams:
            members = file.people.keys() if word == ANYONE else _members(team, owner, file)
            if members is None or team == CODE_OWNERS:
                return True
            askers |= members
    return any(can_be_met(rules, without=asker) for asker in askers)
