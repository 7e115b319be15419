"""promotions.yml: what may go where, and what must hold first.

The file is read as a bounded tree with line numbers (`tree`), fitted to the schema (`schema`),
checked for names and rules that cannot work (`check`), and becomes what the domain judges by
(`rules`). A file with any problem is refused as a whole; all its problems are told.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import ValidationError

from bot.catalog import schema
from bot.catalog.check import problems_of_file
from bot.catalog.check_services import path_of
from bot.catalog.path import ordered
from bot.catalog.problems import CatalogError, KeyPath, Problem
from bot.catalog.removed import removed_rules
from bot.catalog.rules import role, rules_for
from bot.catalog.sentences import problems_of, unknown_keys
from bot.catalog.tree import MOST_BYTES, Tree, Value, read_tree
from bot.catalog.warnings import warnings_of
from bot.domain.policy import Kind, PagerService, Person, Rules, Service, TeamSource
from bot.gates.health import health_url

Role = Literal["request", "rollback", "freeze", "lock", "veto", "waive", "admin"]


@dataclass(frozen=True, slots=True)
class Catalog:
    """One valid version of promotions.yml."""

    people: Mapping[str, Person]
    teams: Mapping[str, TeamSource]
    services: Mapping[str, Service]
    environments: tuple[str, ...]  # in path order
    roles: Mapping[Role, tuple[str, ...]]  # teams and the words anyone, owner, approvers; empty: nobody
    timezone: str
    channel: str
    audit_channel: str
    digest: str  # of the file's bytes
    warnings: tuple[str, ...]
    file: schema.File = field(repr=False)
    _rules: dict[tuple[str, str, Kind], Rules] = field(default_factory=dict, repr=False, compare=False)

    @property
    def admins(self) -> tuple[str, ...]:
        """Who keeps the bot: teams and words of the role `admin`."""
        return self.roles["admin"]

    @property
    def channels(self) -> tuple[str, ...]:
        """The Slack channels that it names, each once."""
        return tuple(dict.fromkeys([self.channel, *(one.channel for one in self.services.values())]))

    def rules(self, service: str, environment: str, kind: Kind) -> Rules:
        """What must hold there; raises KeyError when the service does not go through the environment."""
        key = (service, environment, kind)
        if key not in self._rules:
            found = self.services[service]
            if environment not in found.environments:
                raise KeyError(environment)
            self._rules[key] = rules_for(self.file, found, environment, kind)
        return self._rules[key]

    def removed(self, service: str, environment: str, kind: Kind) -> Rules:
        """What to go by for what is open in a place that the catalog does not have (any more)."""
        return removed_rules(self.file, self.services.get(service), service, environment, kind)

    @property
    def references(self) -> frozenset[str]:
        """The secrets that it refers to, each as env:NAME."""
        pagers = (service.pagerduty for service in self.services.values())
        return frozenset(pager.routing_key for pager in pagers if pager is not None)

    def health_urls(self) -> frozenset[str]:
        """Every health URL, placeholders filled: a probe may reach the hosts of these and no others."""
        urls = (
            health_url(service, environment)
            for service in self.services.values()
            for environment in service.environments
        )
        return frozenset(url for url in urls if url is not None)


class CatalogFile:
    """The file on disk and the last good catalog that was read from it."""

    def __init__(self, path: Path) -> None:
        """Load the file; raises CatalogError when it cannot be used."""
        self.path = path
        self._stamp = _stamp(path)
        self.current = load_catalog(path)
        self.refused: tuple[
            str, ...
        ] = ()  # what is wrong with the file as it is now, a line for each problem

    def reload_if_changed(self) -> Catalog | CatalogError | None:
        """The new catalog, or why a changed file was refused (once per change); `current` stays good (E26)."""
        stamp = _stamp(self.path)
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        try:
            loaded = load_catalog(self.path)
        except CatalogError as error:
            self.refused = tuple(error.told())
            return error
        self.refused = ()
        if loaded.digest == self.current.digest:
            return None
        self.current = loaded
        return loaded


def load_catalog(path: Path) -> Catalog:
    """The catalog of a file; raises CatalogError with every problem that was found."""
    return parse_catalog(_bytes(path), path.name)


def parse_catalog(raw: bytes, name: str = "promotions.yml") -> Catalog:
    """The catalog of a file's bytes; raises CatalogError with every problem that was found."""
    tree = read_tree(raw, name)
    file = _fitted(tree)
    problems = (*tree.problems, *problems_of_file(file, tree))
    if problems:
        raise CatalogError(name, problems)
    return _catalog(file, hashlib.sha256(raw).hexdigest()[:16])


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size, seen.st_ino


def _bytes(path: Path) -> bytes:
    """At most one byte more than a catalog may have, so that a huge file is refused without reading it."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise CatalogError(path.name, (Problem(0, "is not a regular file."),))
        with path.open("rb") as source:
            return source.read(MOST_BYTES + 1)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        raise CatalogError(path.name, (Problem(0, f"cannot be read: {reason}."),)) from None


def _fitted(tree: Tree) -> schema.File:
    """The tree as the schema has it. Unknown keys alone do not hide what else is wrong."""
    try:
        return schema.File.model_validate(tree.root)
    except ValidationError as error:
        found = (*tree.problems, *problems_of(error, schema.File, tree))
        unknown = unknown_keys(error, schema.File)
    if unknown is not None:
        file = schema.File.model_validate(_without(tree.root, unknown))
        found = (*found, *problems_of_file(file, tree))
    raise CatalogError(tree.name, found)


def _without(root: Value, paths: Iterable[KeyPath]) -> Value:
    """The same values without some keys; what lies around them is copied."""
    gone = frozenset(paths)
    around = {path[:length] for path in gone for length in range(len(path))}

    def copied(value: Value, path: KeyPath) -> Value:
        if path not in around:
            return value
        if isinstance(value, list):
            return [copied(item, (*path, index)) for index, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        kept = {key: item for key, item in value.items() if (*path, key) not in gone}
        return {key: copied(item, (*path, key)) for key, item in kept.items()}

    return copied(root, ())


def _catalog(file: schema.File, digest: str) -> Catalog:
    after = {name: environment.after for name, environment in file.environments.items()}
    roles: dict[Role, tuple[str, ...]] = {
        "request": role(file.roles.request),
        "rollback": role(file.roles.rollback),
        "freeze": role(file.roles.freeze),
        "lock": role(file.roles.lock),
        "veto": role(file.roles.veto),
        "waive": role(file.roles.waive),
        "admin": role(file.roles.admin),
    }
    return Catalog(
        people=MappingProxyType({name: _person(name, entry) for name, entry in file.people.items()}),
        teams=MappingProxyType({name: _team(entry) for name, entry in file.teams.items()}),
        services=MappingProxyType({name: _service(name, file) for name in file.services}),
        environments=ordered(after),
        roles=MappingProxyType(roles),
        timezone=file.timezone,
        channel=file.slack.channel,
        audit_channel=file.slack.audit_channel or file.slack.channel,
        digest=digest,
        warnings=warnings_of(file),
        file=file,
    )


def _person(name: str, entry: schema.Person) -> Person:
    return Person(name=name, slack=entry.slack, github=entry.github, pagerduty=entry.pagerduty)


def _team(entry: schema.Team) -> TeamSource:
    if entry.slack_group is not None:
        return TeamSource("slack_group", ref=entry.slack_group)
    if entry.github_team is not None:
        return TeamSource("github_team", ref=entry.github_team)
    if entry.pagerduty_schedule is not None:
        return TeamSource("pagerduty_schedule", ref=entry.pagerduty_schedule)
    return TeamSource("members", members=tuple(entry.members or ()))


def _service(name: str, file: schema.File) -> Service:
    entry = file.services[name]
    pager = entry.pagerduty
    return Service(
        name=name,
        repo=entry.repo,
        owner=entry.owner,
        channel=entry.channel or file.slack.channel,
        environments=path_of(file, entry),
        health=entry.health,
        pagerduty=PagerService(pager.service, pager.routing_key) if pager else None,
    )
