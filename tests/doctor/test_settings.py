"""What is wrong with settings and catalog is named, and everything else is looked at all the same."""

from bot.domain.checkup import Grade
from tests.doctor.clinic import Clinic, not_well, place


async def test_healthy_settings_pass(clinic: Clinic) -> None:
    """Settings and catalog."""
    assert not_well(await clinic.looks("settings", "catalog")) == []


async def test_setting_missing(clinic: Clinic) -> None:
    """The setting is named with what to set; its vendor says that it was not looked at, and the others are."""
    del clinic.environment["SLACK_BOT_TOKEN"]
    found = await clinic.looks("settings", "slack", "pagerduty")
    assert [place(one) for one in not_well(found)] == [
        ("FAIL", "settings", "SLACK_BOT_TOKEN"),
        ("WARN", "settings", "SLACK_BOT_TOKEN"),
    ]
    assert not_well(found)[0].fix.startswith("Set the bot token of the Slack app")
    assert any(one.subject == "pagerduty" and one.grade is Grade.PASS for one in found.findings)


async def test_every_setting_broken(clinic: Clinic) -> None:
    """Nothing at all is set: each line names one setting, and nothing breaks."""
    clinic.environment = {"CATALOG": "nowhere.yml"}
    found = not_well(await clinic.looks())
    named = [one.about for one in found if one.subject == "settings" and one.grade is Grade.FAIL]
    assert named == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "GITHUB_TOKEN"]
    assert ("FAIL", "catalog", "nowhere.yml") in [place(one) for one in found]


async def test_secret_of_the_catalog_missing(clinic: Clinic) -> None:
    """A page that would go nowhere is found out before the deploy that fails."""
    del clinic.environment["PAGERDUTY_ROUTING_KEY_STOREFRONT"]
    found = await clinic.finds("settings")
    assert place(found) == ("FAIL", "secrets", "PAGERDUTY_ROUTING_KEY_STOREFRONT")
    assert "storefront" in found.says
    assert "Set PAGERDUTY_ROUTING_KEY_STOREFRONT" in found.fix


async def test_secret_of_the_catalog_that_is_a_placeholder(clinic: Clinic) -> None:
    """It is set, and would page nobody."""
    clinic.environment["PAGERDUTY_ROUTING_KEY_STOREFRONT"] = "…"
    found = await clinic.finds("settings")
    assert place(found) == ("FAIL", "secrets", "PAGERDUTY_ROUTING_KEY_STOREFRONT")
    assert "placeholder" in found.says


async def test_a_webhook_secret_that_is_a_placeholder_is_one_finding(clinic: Clinic) -> None:
    """It is not told to be unset as well."""
    clinic.environment["GITHUB_WEBHOOK_SECRET"] = "…"
    assert place(await clinic.finds("settings")) == ("FAIL", "settings", "GITHUB_WEBHOOK_SECRET")


async def test_a_key_with_a_line_break_breaks_nothing(clinic: Clinic) -> None:
    """The setting is named; PagerDuty is not asked with it."""
    clinic.environment["PAGERDUTY_API_KEY"] = "first\nsecond"
    found = not_well(await clinic.looks("settings", "pagerduty"))
    assert [place(one) for one in found] == [
        ("FAIL", "settings", "PAGERDUTY_API_KEY"),
        ("WARN", "settings", "PAGERDUTY_API_KEY"),
    ]


async def test_webhook_secrets_unset(clinic: Clinic) -> None:
    """Polling does it, some seconds later: two things to know of, and GitHub's webhooks are not looked at."""
    for name in ("GITHUB_WEBHOOK_SECRET", "PAGERDUTY_WEBHOOK_SECRET"):
        del clinic.environment[name]
    found = not_well(await clinic.looks("settings", "github"))
    assert [place(one) for one in found] == [
        ("WARN", "webhooks", "GITHUB_WEBHOOK_SECRET"),
        ("WARN", "webhooks", "PAGERDUTY_WEBHOOK_SECRET"),
    ]


async def test_catalog_broken(clinic: Clinic) -> None:
    """Each mistake with its line; what does not need the catalog is looked at all the same."""
    clinic.writes("wait: 10s", "wait: soon")
    found = not_well(await clinic.looks("catalog", "slack", "services"))
    line = clinic.catalog.read_text().splitlines().index("    wait: soon") + 1
    assert place(found[0]) == ("FAIL", "catalog", f"promotions.yml line {line}")
    assert "greenlight config check" in found[0].fix
    assert {one.grade for one in found[1:]} == {Grade.WARN}
    assert [one.subject for one in found[1:]] == ["slack", "services"]


async def test_catalog_missing(clinic: Clinic) -> None:
    """The setting that names it."""
    clinic.environment["CATALOG"] = "nowhere/promotions.yml"
    found = await clinic.finds("catalog")
    assert place(found) == ("FAIL", "catalog", "promotions.yml")
    assert found.fix.startswith("Set CATALOG")


async def test_rule_that_cannot_be_judged(clinic: Clinic) -> None:
    """A rule that counts as unmet is something to know of."""
    clinic.writes(
        "      incidents: {severity: high}", "      incidents: {severity: high}\n      soak: {for: 1h}"
    )
    found = await clinic.finds("catalog")
    assert place(found) == ("WARN", "rules", "environments.production.gates.soak")
