"""Each recipe of the cookbook is laid over one small catalog, loaded, and does what the page says of it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from bot.catalog import Catalog, parse_catalog
from bot.domain.policy import ApprovalRule, Kind, Rules
from tests.documents import ROOT

PAGE = ROOT / "docs" / "cookbook.md"
BASE = """\
slack: {channel: deploys}
people:
  ana: {slack: U0ANA, github: ana-dev, pagerduty: PANA}
  bo: {slack: U0BO, github: bo-dev, pagerduty: PBO}
  cy: {slack: U0CY, github: cy-dev, pagerduty: PCY}
teams:
  release-managers: {members: [bo, cy]}
  web: {members: [ana, bo]}
  on-call: {members: [cy]}
environments:
  dev: {}
  staging: {after: dev}
  production: {after: staging}
services:
  shop:
    repo: acme/shop
    owner: web
    deploy: {workflow: deploy.yml, ref: main}
    health: https://shop.{environment}.acme.example/health
    pagerduty: {service: PSHOP}
"""
SOURCES = {"members"}  # a team has one source: another one takes its place
Claim = Callable[[Catalog], None]


def recipes() -> dict[str, str]:
    """The YAML of each recipe by its heading."""
    parts = re.split(r"^## (.+)$", PAGE.read_text(), flags=re.MULTILINE)[1:]
    pieces = dict(zip(parts[::2], parts[1::2], strict=True))
    return {heading: re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[0] for heading, text in pieces.items()}


def over(base: Any, piece: Any) -> Any:
    """A document laid over another one: what a person does who copies a recipe into a catalog."""
    if not isinstance(base, dict) or not isinstance(piece, dict) or SOURCES & set(base):
        return piece
    return base | {name: over(base.get(name), value) for name, value in piece.items()}


def cooked(recipe: str) -> Catalog:
    """The small catalog with one recipe in it."""
    return parse_catalog(yaml.safe_dump(over(yaml.safe_load(BASE), yaml.safe_load(recipe))).encode())


def rules(catalog: Catalog, environment: str = "production", kind: Kind = Kind.PROMOTE) -> Rules:
    """The rules of the small catalog's one service."""
    return catalog.rules("shop", environment, kind)


def two_people(catalog: Catalog) -> None:
    """Two of one team, and not the requester."""
    assert rules(catalog).approvals == (ApprovalRule(2, "release-managers"),)
    assert rules(catalog).self_approval is False


def manager_and_owner(catalog: Catalog) -> None:
    """Two rules; the second is of whichever team owns the service."""
    assert rules(catalog).approvals == (ApprovalRule(1, "release-managers"), ApprovalRule(1, "owner"))


def not_the_authors(catalog: Catalog) -> None:
    """Authors are kept from approving a promotion, and never a rollback."""
    assert rules(catalog).author_approval is False
    assert rules(catalog, kind=Kind.ROLLBACK).author_approval is True


def nobody_in_staging(catalog: Catalog) -> None:
    """No approval, and the checks gate."""
    assert rules(catalog, "staging").approvals == ()
    assert [gate.use for gate in rules(catalog, "staging").gates] == ["checks"]


def alone(catalog: Catalog) -> None:
    """In staging the requester counts, in production not."""
    assert rules(catalog, "staging").self_approval is True
    assert rules(catalog).self_approval is False


def ten_minutes(catalog: Catalog) -> None:
    """The wait, and who may skip it; a rollback does not wait."""
    assert (rules(catalog).wait, rules(catalog).skip_wait) == (600.0, ("release-managers",))
    assert rules(catalog, kind=Kind.ROLLBACK).wait == 0.0


def from_staging(catalog: Catalog) -> None:
    """The environment before, and the branches; a rollback asks for neither."""
    assert (rules(catalog).after, rules(catalog).branches) == ("staging", ("main",))
    assert (rules(catalog, kind=Kind.ROLLBACK).after, rules(catalog, kind=Kind.ROLLBACK).branches) == (
        None,
        (),
    )


def green_checks(catalog: Catalog) -> None:
    """Some are required in staging, one does not matter in production."""
    assert "build" in rules(catalog, "staging").gates[0].basis
    assert "nightly-lint" in rules(catalog).gates[0].basis


def both_sides(catalog: Catalog) -> None:
    """Two gates of one kind, one on each side."""
    assert [(gate.name, gate.use, gate.of) for gate in rules(catalog).gates] == [
        ("health", "health", "after"),
        ("production-health", "health", "target"),
    ]


def no_incidents(catalog: Catalog) -> None:
    """The gate bars promotions and no rollback."""
    assert [gate.use for gate in rules(catalog).gates] == ["incidents"]
    assert rules(catalog, kind=Kind.ROLLBACK).gates == ()


def proof(catalog: Catalog) -> None:
    """Verified at the target, by the version in the body, after a rollback too."""
    for kind in (Kind.PROMOTE, Kind.ROLLBACK):
        (gate,) = rules(catalog, kind=kind).verify
        assert (gate.use, gate.of) == ("health", "target")
        assert dict(gate.settings)["version"] == "$.version"


def wakes_somebody(catalog: Catalog) -> None:
    """Page, channel, way back, and its end."""
    failure = rules(catalog).on_failure
    assert (failure.page, failure.incident_channel) == ("critical", True)
    assert (failure.rollback, failure.resolve) == ("offer", "after_rollback")


def asks_nobody(catalog: Catalog) -> None:
    """No approval for going back, and who may start it."""
    undo = rules(catalog, kind=Kind.ROLLBACK)
    assert (undo.approvals, undo.may_roll_back) == ((), ("owner", "release-managers", "on-call"))


def asks_another(catalog: Catalog) -> None:
    """One approval for going back, none asked for going on."""
    assert rules(catalog, kind=Kind.ROLLBACK).approvals == (ApprovalRule(1, "release-managers"),)
    assert rules(catalog).approvals == ()


def expires(catalog: Catalog) -> None:
    """Four hours, where an approval is awaited at all."""
    asked = parse_catalog(
        yaml.safe_dump(
            over(
                over(yaml.safe_load(BASE), yaml.safe_load(recipes()["Two people for production"])),
                yaml.safe_load(recipes()["A request that nobody decides goes away"]),
            )
        ).encode()
    )
    assert rules(asked).expires == 4 * 3600.0


def owners_ask(catalog: Catalog) -> None:
    """Nobody else may."""
    assert rules(catalog).may_request == ("owner",)


def far_teams(catalog: Catalog) -> None:
    """One source each."""
    assert {name: catalog.teams[name].kind for name in ("release-managers", "platform", "on-call")} == {
        "release-managers": "slack_group",
        "platform": "github_team",
        "on-call": "pagerduty_schedule",
    }


def own_inputs(catalog: Catalog) -> None:
    """Exactly these inputs are sent."""
    deploy = rules(catalog).deploy
    assert deploy.workflow == "ship.yml"
    assert dict(deploy.inputs) == {
        "target": "{environment}",
        "commit": "{sha}",
        "request": "{correlation_id}",
    }


def own_way_back(catalog: Catalog) -> None:
    """Another workflow for rollbacks only."""
    assert rules(catalog).deploy.workflow == "deploy.yml"
    assert rules(catalog, kind=Kind.ROLLBACK).deploy.workflow == "rollback.yml"


def no_staging(catalog: Catalog) -> None:
    """What comes before production is dev."""
    assert rules(catalog).service.environments == ("dev", "production")
    assert rules(catalog).after == "dev"


CLAIMS: dict[str, Claim] = {
    "Two people for production": two_people,
    "A release manager and somebody of the team that owns the service": manager_and_owner,
    "Whoever wrote a change does not approve it": not_the_authors,
    "Nobody is asked in staging": nobody_in_staging,
    "One person may do it alone, outside of production": alone,
    "Ten minutes to change your mind": ten_minutes,
    "Only what ran in staging, and only from main": from_staging,
    "Green checks, but not all of them": green_checks,
    "Production has to be well before it changes": both_sides,
    "Nothing is deployed while there is an incident": no_incidents,
    "Proof of what is live": proof,
    "A failure wakes somebody": wakes_somebody,
    "Rollbacks ask nobody": asks_nobody,
    "A rollback asks one other person": asks_another,
    "A request that nobody decides goes away": expires,
    "Only the owners ask": owners_ask,
    "Teams that live elsewhere": far_teams,
    "A workflow that has inputs of its own": own_inputs,
    "A workflow of its own for the way back": own_way_back,
    "A service that has no staging": no_staging,
}


def test_each_recipe_has_a_claim() -> None:
    """A recipe that nobody checks would be a promise."""
    assert list(recipes()) == list(CLAIMS)


@pytest.mark.parametrize("heading", CLAIMS)
def test_a_recipe_does_what_it_says(heading: str) -> None:
    """It loads over the small catalog without a warning, and its rules are those that the page describes."""
    catalog = cooked(recipes()[heading])
    assert catalog.warnings == ()
    CLAIMS[heading](catalog)
