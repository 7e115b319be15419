"""A checkup of some subjects: what could not be looked at is a FAIL where nothing else says what is to be mended."""

import json

import pytest

from bot.doctor.report import as_json, exit_code
from tests.doctor.clinic import Clinic, not_well, place


async def test_a_subject_without_its_setting_is_not_fine(clinic: Clinic) -> None:
    """Nothing of Slack was looked at, so a program that asks for Slack only hears that it is not well."""
    del clinic.environment["SLACK_BOT_TOKEN"]
    found = await clinic.looks("slack")
    assert [place(one) for one in found.findings] == [("FAIL", "settings", "SLACK_BOT_TOKEN")]
    assert exit_code(found) == 2
    assert json.loads(as_json(found))["ok"] is False


async def test_beside_the_settings_it_is_said_once(clinic: Clinic) -> None:
    """The settings have the FAIL and say what to set; Slack's own line is no second one."""
    del clinic.environment["SLACK_BOT_TOKEN"]
    found = not_well(await clinic.looks("settings", "slack"))
    assert [(one.grade.value, one.subject) for one in found] == [("FAIL", "settings"), ("WARN", "slack")]


@pytest.mark.parametrize("subject", ["slack", "github", "pagerduty", "services"])
@pytest.mark.parametrize(("beside", "grade"), [((), "FAIL"), (("catalog",), "WARN")])
async def test_a_subject_without_the_catalog(
    clinic: Clinic, subject: str, beside: tuple[str, ...], grade: str
) -> None:
    """What the catalog names was not looked at: a FAIL, unless the catalog is looked at too and has its own."""
    clinic.catalog.write_text("nonsense: [")
    found = await clinic.looks(subject, *beside)
    (own,) = [one for one in not_well(found) if one.subject == subject]
    assert place(own) == (grade, "catalog", "promotions.yml")
    assert exit_code(found) == 2


async def test_pagerduty_without_catalog_and_key(clinic: Clinic) -> None:
    """Without the catalog nobody knows whether PagerDuty is used."""
    del clinic.environment["PAGERDUTY_API_KEY"]
    clinic.catalog.write_text("nonsense: [")
    found = await clinic.looks("pagerduty")
    assert [place(one) for one in found.findings] == [("FAIL", "catalog", "promotions.yml")]
