"""Checks each service against the environments that it goes through: its path, its workflow, what its gates need."""

from collections.abc import Iterator, Mapping

from bot.catalog import schema
from bot.catalog import schema_gates as kinds
from bot.catalog.path import before as before_on
from bot.catalog.path import ordered, starts
from bot.catalog.problems import KeyPath, Problem, dotted
from bot.catalog.tree import Tree
from bot.catalog.values import PROBED, unknown_placeholder
from bot.domain.nearest import nearest

WORDS = ("service", "environment", "version", "sha", "promotion_id", "correlation_id", "requester", "kind")
MOST_INPUTS = 25  # GitHub takes no more
After = Mapping[str, str | None]


def service_problems(file: schema.File, tree: Tree) -> Iterator[Problem]:
    """What is wrong with each service, in a file whose `after` is sound."""
    after = {name: environment.after for name, environment in file.environments.items()}
    for name, service in file.services.items():
        yield from _owner(name, service, file, tree)
        yield from _workflows(name, service, tree)
        yield from _metrics(name, service, tree)
        unsound = [*_path(name, service, after, tree)]
        yield from unsound
        if not unsound:
            yield from _gates(name, service, file, tree)


def path_of(file: schema.File, service: schema.Service) -> tuple[str, ...]:
    """The environments of a service in the order of `after`: all of them, unless it names its own."""
    everywhere = ordered({name: environment.after for name, environment in file.environments.items()})
    chosen = service.environments
    return everywhere if chosen is None else tuple(name for name in everywhere if name in chosen)


def _owner(name: str, service: schema.Service, file: schema.File, tree: Tree) -> Iterator[Problem]:
    if service.owner is not None and service.owner not in file.teams:
        path = ("services", name, "owner")
        like = nearest(service.owner, file.teams)
        hint = f"did you mean {like}?" if like else "add it under `teams`."
        yield tree.problem(path, f"`{dotted(path)}` names the unknown team {service.owner}: {hint}")


def _path(name: str, service: schema.Service, after: After, tree: Tree) -> Iterator[Problem]:
    path: KeyPath = ("services", name, "environments")
    chosen = service.environments if service.environments is not None else list(after)
    if not chosen:
        yield tree.problem(
            path, f"`{dotted(path)}` is empty: name one, or leave the key out for all of them."
        )
    for index, environment in enumerate(chosen):
        here = (*path, index)
        if environment not in after:
            like = nearest(environment, after)
            hint = f"did you mean {like}?" if like else f"the file has {', '.join(after)}."
            yield tree.problem(here, f"`{dotted(here)}` names the unknown environment {environment}: {hint}")
        elif environment in chosen[:index]:
            yield tree.problem(here, f"`{dotted(here)}` names {environment} again: once is enough.")
    if all(environment in after for environment in chosen):
        first = starts(after, chosen)
        if len(first) > 1:
            ways = " and ".join(first)
            sentence = f"`{dotted(path)}` mixes paths: {ways} have nothing before them. Name the environments of one."
            yield tree.problem(path, sentence)


def _workflows(name: str, service: schema.Service, tree: Tree) -> Iterator[Problem]:
    for key, deploy in (("deploy", service.deploy), ("rollback", service.rollback)):
        if deploy is not None and deploy.inputs is not None:
            yield from _inputs(("services", name, key, "inputs"), deploy.inputs, tree)


def _inputs(path: KeyPath, inputs: Mapping[str, str], tree: Tree) -> Iterator[Problem]:
    wrongs = {name: unknown_placeholder(template, WORDS) for name, template in inputs.items()}
    if any(wrongs.values()):
        told = ((name, wrong) for name, wrong in wrongs.items() if wrong)
        yield from (tree.problem((*path, name), f"`{dotted((*path, name))}` {wrong}") for name, wrong in told)
        return  # the one that is missing is probably the one that is misspelt
    said = " ".join(inputs.values())
    if "{sha}" not in said and "{version}" not in said:
        yield tree.problem(path, f'`{dotted(path)}` must hand over what to deploy: add sha: "{{sha}}".')
    if "{correlation_id}" not in said:
        add = 'add correlation_id: "{correlation_id}"'
        yield tree.problem(path, f"`{dotted(path)}` must hand over the id that the run is found by: {add}.")
    if len(inputs) > MOST_INPUTS:
        yield tree.problem(path, f"`{dotted(path)}` has {len(inputs)} inputs: GitHub takes {MOST_INPUTS}.")


def _metrics(name: str, service: schema.Service, tree: Tree) -> Iterator[Problem]:
    if service.metrics is None:
        return
    path = ("services", name, "metrics")
    keys = service.metrics.model_fields_set
    if keys not in ({"prometheus", "query"}, {"json_", "path"}):
        yield tree.problem(path, f"`{dotted(path)}` needs prometheus and query, or json and path.")
    wrong = unknown_placeholder(service.metrics.query or "", PROBED)
    if wrong:
        yield tree.problem((*path, "query"), f"`{dotted(path)}.query` {wrong}")


def _gates(name: str, service: schema.Service, file: schema.File, tree: Tree) -> Iterator[Problem]:
    """A gate with nothing to look at would never be judged: better said here than on a card."""
    path = path_of(file, service)
    after = {other: environment.after for other, environment in file.environments.items()}
    for environment in path:
        rules = file.environments[environment]
        for section, gates in (("gates", rules.gates), ("verify", rules.verify)):
            for gate_name, gate in gates.items():
                where = f"environments.{environment}.{section}.{gate_name}"
                if isinstance(gate, kinds.Health):
                    looks_before = section == "gates" and gate.of == "after"
                    first = looks_before and before_on(after, path, environment) is None
                    yield from _health(name, service, where, environment if first else None, tree)
                if isinstance(gate, kinds.Incidents) and service.pagerduty is None:
                    sentence = f"`services.{name}.pagerduty` is missing: `{where}` asks for its incidents."
                    yield tree.problem(("services", name), sentence)


def _health(
    name: str, service: schema.Service, where: str, first: str | None, tree: Tree
) -> Iterator[Problem]:
    if service.health is None:
        sentence = f"`services.{name}.health` is missing: `{where}` needs its URL."
        yield tree.problem(("services", name), sentence)
    if first is not None:
        sentence = (
            f"`{where}` looks at the environment before, and {first} is the first of {name}: add of: target."
        )
        yield tree.problem(tuple(where.split(".")), sentence)
