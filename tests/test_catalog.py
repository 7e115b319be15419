"""promotions.yml becomes the rules that the domain judges; what cannot be judged yet is named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog import Catalog, load_catalog, parse_catalog
from bot.catalog.check_approvals import can_be_met
from bot.domain.nearest import nearest
from bot.domain.policy import (
    ApprovalRule,
    DeployRule,
    FailureRule,
    Kind,
    PagerService,
    Person,
    Rules,
    Service,
    TeamSource,
    Verdict,
)
from bot.domain.readings import HealthReading
from tests.small_catalog import catalog_of

REFERENCE = Path(__file__).parent / "reference" / "promotions.yml"
PLAYGROUND = Path(__file__).parents[1] / "bot" / "playground" / "promotions.yml"
UNMET = "not available in this version; it counts as unmet"
LATER = "not available in this version"


@pytest.fixture(scope="module")
def reference() -> Catalog:
    """The example that shows every key."""
    return load_catalog(REFERENCE)


def rules(catalog: Catalog, kind: Kind = Kind.PROMOTE, environment: str = "production") -> Rules:
    return catalog.rules("checkout" if "checkout" in catalog.services else "shop", environment, kind)


def test_the_reference_says_what_is_not_available(reference: Catalog) -> None:
    """The reference loads; each rule that cannot be judged is told, and counts as unmet."""
    unmet = [
        "gates.soak", "gates.smoke", "gates.p99", "gates.bundle", "gates.signed",
        "gates.incidents.statuspage", "gates.readiness", "approvals[1]", "cool_off",
        "checklist", "closed", "verify.smoke", "emergency",
    ]  # fmt: skip
    later = [
        "environments.dev.promote_on_push",
        "environments.staging.promote_on_success",
        "environments.production.request_on_validated",
        "environments.production.warn",
        "environments.production.on_failure.review_issue",
        "environments.production.rollback.cascade",
        "slack.quiet_hours",
        "scorecard",
        "services.*.migrations",
    ]
    assert list(reference.warnings) == [
        *(f"environments.production.{key}: {UNMET}" for key in unmet),
        *(f"{key}: {LATER}" for key in later),
    ]


def test_the_reference_names_people_teams_and_services(reference: Catalog) -> None:
    """Names become people, sources of members and services with their path."""
    assert reference.people["ana"] == Person("ana", "U0ANA", "ana-dev", "PANA")
    assert reference.teams == {
        "release-managers": TeamSource("members", members=("bo", "cy")),
        "payments": TeamSource("members", members=("ana", "dee")),
        "platform-on-call": TeamSource("pagerduty_schedule", ref="PSCHED1"),
        "web-guild": TeamSource("slack_group", ref="S0WEB"),
        "sre": TeamSource("github_team", ref="acme/sre"),
    }
    assert reference.services["storefront"] == Service(
        name="storefront",
        repo="acme/storefront",
        owner="web-guild",
        channel="deploys",
        environments=("dev", "staging", "production"),
        health="https://www.{environment}.acme.example/healthz",
        pagerduty=PagerService("PSTORE", "env:PAGERDUTY_ROUTING_KEY_STORE"),
    )
    assert (reference.timezone, reference.channel, reference.audit_channel) == (
        "Europe/Paris",
        "deploys",
        "deploy-audit",
    )


def test_a_promotion_to_production_meets_the_reference(reference: Catalog) -> None:
    """Every rule of the reference's production is either judged or named as unavailable."""
    found = rules(reference)
    assert [(gate.name, gate.use, gate.of) for gate in found.gates] == [
        ("checks", "checks", "after"),
        ("health", "health", "after"),
        ("health-now", "health", "target"),
        ("incidents", "incidents", "after"),
    ]
    assert found.unavailable == (
        "soak", "smoke", "p99", "bundle", "signed", "incidents statuspage", "readiness", "code-owners",
        "cool_off", "checklist", "closed", "verify:smoke",
    )  # fmt: skip
    assert found.approvals == (ApprovalRule(2, "release-managers"),)
    assert (found.after, found.branches, found.wait, found.expires) == ("staging", ("main",), 600.0, 14_400.0)
    assert found.on_failure == FailureRule("critical", True, "offer", "after_rollback")
    assert (found.may_request, found.admins) == (("anyone",), ("sre",))


def test_a_rollback_meets_only_what_is_written_for_it(reference: Catalog) -> None:
    """No gate, no branch, no path, no wait; the rollback workflow with the deploy's inputs."""
    found = rules(reference, Kind.ROLLBACK)
    assert (found.gates, found.branches, found.after, found.approvals) == ((), (), None, ())
    assert (found.wait, found.expires) == (0.0, None)
    assert found.deploy == DeployRule("rollback.yml", "main", rules(reference).deploy.inputs)
    assert found.verify == rules(reference).verify
    assert found.unavailable == ()


def test_an_emergency_is_a_promotion_that_is_not_available(reference: Catalog) -> None:
    """Until emergencies are built, one can never start."""
    found, usual = rules(reference, Kind.EMERGENCY), rules(reference)
    assert found.unavailable == (*usual.unavailable, "emergency")
    assert found.gates == usual.gates


def test_after_a_deploy_the_version_is_seen_twice(reference: Catalog) -> None:
    """One good answer verifies nothing where the body must name the version."""
    (gate,) = rules(reference).verify
    assert (gate.name, gate.of) == ("health", "target")
    assert gate.judge(HealthReading(good_in_a_row=1, attempts=1)) is Verdict.PENDING
    assert gate.judge(HealthReading(good_in_a_row=2, attempts=2)) is Verdict.MET


def test_without_inputs_the_workflow_gets_the_usual_ones(reference: Catalog) -> None:
    """The names that a workflow can rely on when the catalog says nothing."""
    found = reference.rules("storefront", "dev", Kind.PROMOTE)
    assert [name for name, _ in found.deploy.inputs] == [
        "service", "environment", "version", "sha", "promotion_id", "correlation_id", "triggered_by",
    ]  # fmt: skip
    assert dict(found.deploy.inputs)["triggered_by"] == "{requester}"
    assert reference.rules("storefront", "dev", Kind.ROLLBACK).deploy == found.deploy


def test_what_is_not_written_has_a_careful_default() -> None:
    """Nobody may freeze, waive or administer unless the catalog says who; nothing pages by itself."""
    catalog = catalog_of()
    assert dict(catalog.roles) == {
        "request": ("anyone",),
        "rollback": ("owner", "approvers"),
        "freeze": (),
        "lock": ("anyone",),
        "veto": (),
        "waive": (),
        "admin": (),
    }
    found = rules(catalog)
    assert (found.self_approval, found.expires, found.deploy_timeout) == (False, 14_400.0, 1_800.0)
    assert (found.on_failure, found.unavailable, found.branches) == (FailureRule(), (), ())
    assert rules(catalog, environment="dev").expires is None
    assert catalog.audit_channel == "deploys"
    assert catalog.warnings == ()


def test_a_routing_key_has_the_usual_name() -> None:
    """A service without a key of its own uses the one of the settings."""
    pager = catalog_of((", routing_key: env:PAGERDUTY_ROUTING_KEY_SHOP", "")).services["shop"].pagerduty
    assert pager == PagerService("PSHOP", "env:PAGERDUTY_ROUTING_KEY")


def test_a_page_that_nobody_gets_is_told() -> None:
    """A service without PagerDuty in an environment that pages is pointed out."""
    catalog = catalog_of(
        ("    wait: 10m", "    on_failure: {page: critical}"),
        ("    pagerduty: {service: PSHOP, routing_key: env:PAGERDUTY_ROUTING_KEY_SHOP}\n", ""),
    )
    assert catalog.warnings == ("services.shop: no `pagerduty`, so nobody is paged when production fails",)


def test_a_service_may_leave_environments_out() -> None:
    """The environment before is the nearest one that the service has; the order is that of `after`."""
    catalog = catalog_of(
        ("    owner: releasers", "    owner: releasers\n    environments: [production, dev]")
    )
    assert catalog.services["shop"].environments == ("dev", "production")
    assert rules(catalog).after == "dev"
    with pytest.raises(KeyError):
        rules(catalog, environment="staging")


def test_words_that_yaml_1_1_would_twist_stay_as_they_are() -> None:
    """`off` is a word and 22:00 a time: read by YAML 1.1 they would be false and 79200."""
    catalog = catalog_of(
        (
            "    wait: 10m",
            "    on_failure: {rollback: off}\n    closed: [{days: sat,sun, from: 22:00, to: 06:00}]".replace(
                "sat,sun", '"sat,sun"'
            ),
        ),
    )
    assert rules(catalog).on_failure.rollback == "off"
    assert rules(catalog).unavailable == ("closed",)


def test_probes_may_reach_the_health_urls_of_the_file() -> None:
    """Every health URL is known with its environment, before anything is asked."""
    assert catalog_of().health_urls() == {
        f"https://shop.{environment}.acme.example/health" for environment in ("dev", "staging", "production")
    }


def test_the_playground_is_a_catalog() -> None:
    """What the playground starts with has no rule that cannot be judged."""
    raw = PLAYGROUND.read_bytes().replace(b"BASE_URL", b"http://127.0.0.1:8765")
    assert parse_catalog(raw).warnings == ()


def test_the_digest_and_the_sections_change_with_the_rules() -> None:
    """What approvers sign moves when a rule moves, and only then."""
    before, comment, wait = (
        catalog_of(),
        catalog_of(("timezone", "# hm\ntimezone")),
        catalog_of(("10m", "11m")),
    )
    assert before.digest != comment.digest
    assert rules(before) == rules(comment)
    assert rules(before).sections() == rules(comment).sections()
    changed = dict(rules(wait).sections()).items() - dict(rules(before).sections()).items()
    assert {name for name, _ in changed} == {"wait"}


PEOPLE = st.frozensets(st.sampled_from(["ana", "bo", "cy", "dee"]))
ASKED = st.lists(st.tuples(st.integers(1, 2), PEOPLE), max_size=3)


@given(ASKED)
def test_rules_can_be_met_when_halls_condition_holds(asked: list[tuple[int, frozenset[str]]]) -> None:
    """Different people fill all places exactly when every group of rules has enough people between them."""
    groups = [[rule for bit, rule in enumerate(asked) if mask >> bit & 1] for mask in range(2 ** len(asked))]
    enough = all(
        sum(count for count, _ in group) <= len(frozenset().union(*(members for _, members in group)))
        for group in groups
    )
    assert can_be_met(asked) == enough


@given(st.text(max_size=80), st.lists(st.text(max_size=20), max_size=5))
def test_the_nearest_word_is_always_a_known_one(word: str, known: list[str]) -> None:
    """A guess is one of the words that exist, or none; a word itself is its own nearest."""
    assert nearest(word, known) in (*known, None)
    if word and len(word) <= 64:
        assert nearest(word, [word]) == word
