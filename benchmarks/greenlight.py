"""The real bot as a server under test: its catalog, its settings, its store."""

from dataclasses import replace
from pathlib import Path

from benchmarks.processes import Command, Server, module
from benchmarks.signed import GITHUB_SECRET, SLACK_SECRET

SERVICES = 300  # so many that a place has one or two open promotions, as it has in life
HEAD = """\
timezone: UTC
slack: {channel: deploys}
people:
  ana: {slack: U0ANA, github: ana-dev}
  bo: {slack: U0BO, github: bo-dev}
  cy: {slack: U0CY, github: cy-dev}
teams:
  release-managers: {members: [bo, cy]}
  payments: {members: [ana]}
roles:
  rollback: [owner, release-managers]
  admin: [release-managers]
environments:
  staging:
    branches: [main]
    approvals:
      - {count: 2, from: release-managers}
    wait: 10m
    expires: 4h
  production:
    after: staging
    branches: [main]
    approvals:
      - {count: 2, from: release-managers}
    wait: 10m
    expires: 4h
services:
"""
SERVICE = """\
  {name}:
    repo: acme/{name}
    owner: payments
    environments: [staging, production]
    deploy: {{workflow: deploy.yml, ref: main}}
    health: http://127.0.0.1:9/{name}/{{environment}}
"""


def service(number: int) -> str:
    """The name of one of the catalog's services, for any number."""
    return f"service-{number % SERVICES}"


def bot(
    directory: Path, vendors: Server, store: str, mode: str = "rests", services: int = SERVICES
) -> Command:
    """The bot in a directory of its own, on the store of an address."""
    directory.mkdir(parents=True, exist_ok=True)
    catalog = directory / "promotions.yml"
    catalog.write_text(HEAD + "".join(SERVICE.format(name=service(number)) for number in range(services)))
    base = f"http://127.0.0.1:{vendors.port}"
    command = module(
        "bot",
        mode,
        directory=directory,
        SLACK_BOT_TOKEN="xoxb-bench",
        SLACK_SIGNING_SECRET=SLACK_SECRET,
        SLACK_API_URL=f"{base}/slack/",
        GITHUB_TOKEN="bench",
        GITHUB_WEBHOOK_SECRET=GITHUB_SECRET,
        GITHUB_API_URL=f"{base}/github",
        PAGERDUTY_API_URL=f"{base}/pagerduty",
        PAGERDUTY_EVENTS_URL=f"{base}/pagerduty-events",
        STORE_URL=store,
        CATALOG=str(catalog),
        HTTP_PORT="{port}",
        LOG_LEVEL="ERROR",
    )
    return replace(command, ready="/readyz", says="slack: ok")
