"""The links of a card lead to pages of the simulated vendors; whatever came from outside stays text there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.playground.reader import Reader, reading

WEB = "/sim/github/acme/checkout"


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[Reader]:
    """A reader who follows links."""
    async with reading(tmp_path) as one:
        yield one


async def test_a_comparison_leads_to_its_pull_requests_and_commits(reader: Reader) -> None:
    """Between two versions stand the changes, each with its pull request, and behind that its commit."""
    await _goes(reader, f"{WEB}/compare/v2.14.2...v2.14.3")
    await expect(reader.page.get_by_role("heading", level=1)).to_have_text("v2.14.2 … v2.14.3")
    await reader.page.get_by_role("link", name="#812").click()
    await expect(reader.page.locator(".lead .pill")).to_have_text("merged")
    await reader.page.locator(".words a").click()
    await expect(reader.page.get_by_role("heading", name="Checks")).to_be_visible()


async def test_an_incident_shows_its_alerts_and_its_notes(reader: Reader) -> None:
    """What somebody wrote in PagerDuty is read there, and is never markup."""
    incident = reader.playground.pagerduty.open_incident("checkout", title="<b>refunds fail</b>")
    reader.playground.pagerduty.annotate(incident.number, "dee", "<i>rolled back</i>")
    await _goes(reader, f"/sim/pagerduty/web/incidents/{incident.id}")
    await expect(reader.page.get_by_role("heading", level=1)).to_have_text("<b>refunds fail</b>")
    await expect(reader.page.get_by_text("<i>rolled back</i>")).to_be_visible()
    assert await reader.page.locator("main b, main i").count() == 0


@pytest.mark.parametrize(
    "path",
    [
        f"{WEB}/compare/v0...v1",
        f"{WEB}/pull/1",
        f"{WEB}/commit/0000000",
        f"{WEB}/actions/runs/1",
        "/sim/github/acme/nobody/pull/1",
        "/sim/pagerduty/web/incidents/Q0INC1",
    ],
)
async def test_what_is_not_there_is_said(reader: Reader, path: str) -> None:
    """A link to something that the simulator does not know ends at a page that says so."""
    answer = await reader.page.goto(reader.playground.url + path)
    assert answer is not None
    assert answer.status == 404
    await expect(reader.page.get_by_role("heading", level=1)).to_have_text("Nothing to see here")
    reader.complaints.clear()  # a browser complains about each 404


async def test_every_other_link_ends_somewhere(reader: Reader) -> None:
    """A link for which there is no page in the playground says that the real vendor has one."""
    for path in (f"{WEB}/blob/main/deploy.yml", "/sim/pagerduty/web/services/PCHECKOUT"):
        await _goes(reader, path)
        await expect(reader.page.locator(".lead")).to_contain_text("The real one has.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_pages_can_be_read_by_everybody(tmp_path: Path, scheme: str) -> None:
    """On a phone, light and dark: nothing scrolls sideways, and axe-core finds nothing serious."""
    async with reading(tmp_path, 390, scheme) as reader:
        incident = reader.playground.pagerduty.open_incident("checkout")
        for path in (f"{WEB}/compare/v2.14.2...v2.14.3", f"/sim/pagerduty/web/incidents/{incident.id}"):
            await _goes(reader, path)
            found = (await Axe().run(reader.page)).response["violations"]
            assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
            assert await reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def _goes(reader: Reader, path: str) -> None:
    answer = await reader.page.goto(reader.playground.url + path)
    assert answer is not None
    assert answer.status == 200
