"""Checks that the catalog's names point at something: people, teams, roles, environments and their order."""

from collections.abc import Iterable, Iterator

from bot.catalog import schema
from bot.catalog import schema_gates as kinds
from bot.catalog.check_approvals import approval_problems, approval_sections
from bot.catalog.check_services import service_problems
from bot.catalog.path import cycle
from bot.catalog.problems import KeyPath, Problem, dotted
from bot.catalog.rules import NOBODY
from bot.catalog.tree import Tree
from bot.catalog.values import unknown_placeholder
from bot.domain.nearest import nearest
from bot.domain.policy import ANYONE, APPROVERS, CODE_OWNERS, OWNER

ROLE_WORDS = (ANYONE, NOBODY, OWNER, APPROVERS)
RESERVED = (*ROLE_WORDS, CODE_OWNERS)
MOST_APPROVALS = 20  # a promotion's document holds no more
CHANNEL_WORDS = ("number", "service")


def problems_of_file(file: schema.File, tree: Tree) -> tuple[Problem, ...]:
    """Everything that is wrong between the keys of a file whose keys are all right by themselves."""
    found = [
        *_people(file, tree),
        *_teams(file, tree),
        *_roles(file, tree),
        *_environments(file, tree),
        *_scorecard(file, tree),
        *_incident_channel(file, tree),
    ]
    path = [*_path(file, tree)]
    if not path:
        path = [*service_problems(file, tree), *approval_problems(file, tree)]
    return (*found, *path)


def unknown(path: KeyPath, what: str, name: str, known: Iterable[str], tree: Tree) -> Problem:
    """A name that is nowhere in the file, with the one that was probably meant."""
    names = tuple(known)
    like = nearest(name, names)
    listed = ", ".join(names[:10]) or "none"
    hint = f"did you mean {like}?" if like else f"the file has {listed}."
    return tree.problem(path, f"`{dotted(path)}` names the unknown {what} {name}: {hint}")


def _people(file: schema.File, tree: Tree) -> Iterator[Problem]:
    """One person is one entry: whoever had two could approve twice."""
    for vendor in ("slack", "github", "pagerduty"):
        seen: dict[str, str] = {}
        for name, person in file.people.items():
            account = getattr(person, vendor)
            first = seen.setdefault(account.lower(), name) if account else name
            if first != name:
                path = ("people", name, vendor)
                yield tree.problem(
                    path, f"`{dotted(path)}` is also the account of {first}: one person, one entry."
                )


def _teams(file: schema.File, tree: Tree) -> Iterator[Problem]:
    for name, team in file.teams.items():
        path = ("teams", name)
        if name in RESERVED:
            yield tree.problem(
                path, f"`{dotted(path)}` has a name that means something else: choose another."
            )
        if len(team.model_fields_set) != 1:
            sources = "members, slack_group, github_team or pagerduty_schedule"
            yield tree.problem(path, f"`{dotted(path)}` needs exactly one source: {sources}.")
        if team.members == []:
            yield tree.problem(
                (*path, "members"), f"`{dotted(path)}.members` is empty: name at least one of `people`."
            )
        yield from _members(path, team.members or (), file, tree)


def _members(path: KeyPath, members: Iterable[str], file: schema.File, tree: Tree) -> Iterator[Problem]:
    seen = set()
    for index, member in enumerate(members):
        here = (*path, "members", index)
        if member not in file.people:
            yield unknown(here, "person", member, file.people, tree)
        if member in seen:
            yield tree.problem(here, f"`{dotted(here)}` names {member} again: once is enough.")
        seen.add(member)


def _roles(file: schema.File, tree: Tree) -> Iterator[Problem]:
    for role in schema.Roles.model_fields:
        names: list[str] = getattr(file.roles, role)
        path = ("roles", role)
        if not names:
            yield tree.problem(path, f"`{dotted(path)}` is empty: write [nobody] if that is what you mean.")
        if NOBODY in names and len(names) > 1:
            yield tree.problem(path, f"`{dotted(path)}` says nobody and somebody: keep one of them.")
        for index, name in enumerate(names):
            if name not in file.teams and name not in ROLE_WORDS:
                yield unknown((*path, index), "team", name, (*file.teams, *ROLE_WORDS), tree)


def _environments(file: schema.File, tree: Tree) -> Iterator[Problem]:
    for name, environment in file.environments.items():
        path = ("environments", name)
        for index, team in enumerate(environment.skip_wait):
            if team not in (*file.teams, OWNER):
                yield unknown((*path, "skip_wait", index), "team", team, (*file.teams, OWNER), tree)
        for index, cascade in enumerate(environment.rollback.cascade):
            if cascade not in file.environments:
                here = (*path, "rollback", "cascade", index)
                yield unknown(here, "environment", cascade, file.environments, tree)
        yield from _approvals(path, environment, file, tree)
        yield from _gates(path, environment, file, tree)


def _approvals(
    path: KeyPath, environment: schema.Environment, file: schema.File, tree: Tree
) -> Iterator[Problem]:
    for section, rules in approval_sections(environment):
        here = (*path, *section, "approvals")
        for index, rule in enumerate(rules):
            if rule.from_ not in (*file.teams, OWNER, CODE_OWNERS):
                known = (*file.teams, OWNER, CODE_OWNERS)
                yield unknown((*here, index, "from"), "team", rule.from_, known, tree)
        if sum(rule.count for rule in rules) > MOST_APPROVALS:
            yield tree.problem(
                here, f"`{dotted(here)}` asks for more than {MOST_APPROVALS} approvals in all."
            )


def _gates(
    path: KeyPath, environment: schema.Environment, file: schema.File, tree: Tree
) -> Iterator[Problem]:
    for section, gates in (("gates", environment.gates), ("verify", environment.verify)):
        for name, gate in gates.items():
            yield from _gate((*path, section, name), gate, file, tree)


def _gate(path: KeyPath, gate: kinds.AnyGate, file: schema.File, tree: Tree) -> Iterator[Problem]:
    if path[2] == "verify" and gate.writes("of") and gate.of == "after":
        sentence = f"`{dotted(path)}.of` cannot be after: what is verified is the target."
        yield tree.problem((*path, "of"), sentence)
    match gate:
        case kinds.Checks():
            for name in sorted(set(gate.required) & set(gate.ignore)):
                yield tree.problem(
                    path, f"`{dotted(path)}` both requires and ignores {name}: keep one of them."
                )
        case kinds.Health() if path[2] == "verify" and gate.version and gate.attempts < 2:
            sentence = (
                f"`{dotted(path)}.attempts` must be 2 or more: the version must be seen twice in a row."
            )
            yield tree.problem((*path, "attempts"), sentence)
        case kinds.Readiness():
            levels = file.scorecard.levels if file.scorecard else []
            if gate.level not in levels:
                yield unknown((*path, "level"), "level", gate.level, levels, tree)


def _path(file: schema.File, tree: Tree) -> Iterator[Problem]:
    after = {name: environment.after for name, environment in file.environments.items()}
    sound = True
    for name, before in after.items():
        if before is not None and before not in after:
            sound = False
            yield unknown(("environments", name, "after"), "environment", before, after, tree)
    circle = cycle(after) if sound else ()
    if circle:
        path = ("environments", circle[0], "after")
        way = " after ".join((*circle, circle[0]))
        yield tree.problem(path, f"`{dotted(path)}` makes a circle ({way}): one of them must come first.")


def _scorecard(file: schema.File, tree: Tree) -> Iterator[Problem]:
    if file.scorecard is None:
        return
    for name, rule in file.scorecard.rules.items():
        if rule.level not in file.scorecard.levels:
            here = ("scorecard", "rules", name, "level")
            yield unknown(here, "level", rule.level, file.scorecard.levels, tree)


def _incident_channel(file: schema.File, tree: Tree) -> Iterator[Problem]:
    path = ("incident_channel", "name")
    wrong = unknown_placeholder(file.incident_channel.name, CHANNEL_WORDS)
    if wrong:
        yield tree.problem(path, f"`{dotted(path)}` {wrong}")
