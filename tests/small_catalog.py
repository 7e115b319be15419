"""A small catalog that is right, for tests that break one thing in it."""

import pytest

from bot.catalog import Catalog, CatalogError, parse_catalog

SMALL = """\
timezone: UTC
slack:
  channel: deploys
people:
  ana: {slack: U0ANA}
  bo: {slack: U0BO, github: bo-dev}
  cy: {slack: U0CY}
teams:
  releasers: {members: [bo, cy]}
  web: {slack_group: S0WEB}
environments:
  dev:
  staging:
    after: dev
  production:
    after: staging
    gates:
      health: {attempts: 3}
    approvals:
      - {count: 2, from: releasers}
    wait: 10m
services:
  shop:
    repo: acme/shop
    owner: releasers
    deploy:
      workflow: deploy.yml
      ref: main
      inputs: {sha: "{sha}", run: "{correlation_id}"}
    health: https://shop.{environment}.acme.example/health
    pagerduty: {service: PSHOP, routing_key: env:PAGERDUTY_ROUTING_KEY_SHOP}
"""


def small(*changes: tuple[str, str]) -> str:
    """The small catalog with each first text replaced by the second, which must be there."""
    text = SMALL
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text


def catalog_of(*changes: tuple[str, str]) -> Catalog:
    """The small catalog, changed."""
    return parse_catalog(small(*changes).encode())


def refusal_of(text: str | bytes) -> tuple[str, ...]:
    """What is told of a file that is refused."""
    with pytest.raises(CatalogError) as refused:
        parse_catalog(text if isinstance(text, bytes) else text.encode())
    return refused.value.told()
