"""The services of a soak: so many that the slots are not what everybody waits for, on the playground's repositories."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.playground.github.seed import OTHER_VERSIONS, VERSIONS
from bot.playground.world import Release, World, sha_for

PAGED = {"checkout": "PCHECKOUT", "storefront": "PSTORE", "inventory": "PINVENTORY"}
HEAD = """\
timezone: UTC
slack: {channel: deploys}
people:
  ana: {slack: U0ANA, github: ana-dev, pagerduty: PANA}
  bo:  {slack: U0BO,  github: bo-dev}
  cy:  {slack: U0CY,  github: cy-dev}
  dee: {slack: U0DEE, github: dee-dev, pagerduty: PDEE}
  eli: {slack: U0ELI, github: eli-dev}
teams:
  release-managers: {members: [bo, cy, dee]}
  payments:         {members: [ana, dee]}
roles:
  rollback: [owner, release-managers]
  admin:    [release-managers]
environments:
  dev:
    branches: [main]
    gates:
      checks: {}
  production:
    after: dev
    branches: [main]
    gates:
      checks: {required: [build, test]}
      health: {of: target, attempts: 2, every: 2s, expect: 200}
    approvals:
      - {count: 2, from: release-managers}
    wait: 5s
    expires: 4h
    deploy_timeout: 30m
    verify:
      health: {attempts: 3, every: 2s, version: $.version}
    rollback:
      approvals: []
    on_failure: {page: critical, rollback: offer, resolve: after_rollback}
services:
"""
SERVICE = """\
  {name}:
    repo: acme/{repo}
    owner: payments
    deploy: {{workflow: deploy.yml, ref: main}}
    rollback: {{workflow: rollback.yml, ref: main}}
    health: {services}/{name}/{{environment}}/health
    pagerduty: {{service: {paged}, routing_key: env:PAGERDUTY_ROUTING_KEY_{upper}}}
"""


@dataclass(frozen=True, slots=True)
class Service:
    """One service of a soak."""

    name: str
    repo: str

    @property
    def versions(self) -> tuple[str, ...]:
        """What its repository has tags for, oldest first."""
        return VERSIONS.get(self.repo, OTHER_VERSIONS)

    @property
    def served(self) -> Mapping[str, tuple[str, ...]]:
        """What ran in each environment before the soak, newest last: there is something to go back to."""
        return {"dev": self.versions[1:3], "production": self.versions[:2]}

    def release(self, version: str) -> Release:
        """A version and the commit that it means."""
        return Release(version, sha_for(self.repo, version))


def services(count: int) -> tuple[Service, ...]:
    """So many services, over the three repositories in turn."""
    repos = tuple(PAGED)
    return tuple(Service(f"{repos[n % 3]}-{n}", repos[n % 3]) for n in range(count))


def written(count: int, url: str) -> str:
    """The catalog file; `url` is where the simulated services are."""
    entries = (
        SERVICE.format(
            name=one.name, repo=one.repo, services=url, paged=PAGED[one.repo], upper=one.repo.upper()
        )
        for one in services(count)
    )
    return HEAD + "".join(entries)


def serve(world: World, count: int) -> None:
    """What the world runs at the start: each environment is one version behind the one before it."""
    for service in services(count):
        for environment, served in service.served.items():
            world.serving[service.name, environment] = service.release(served[-1])
