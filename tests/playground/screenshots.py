"""Takes the pictures of the documentation: `make screenshots`. What they show is the real bot in the playground."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.playground.demo import promotions_in
from bot.playground.server import DATABASE, Playground
from bot.playground.tour_guide import Guide
from tests.playground.reader import BROWSERS

DESK, PHONE = (1160, 680), (390, 760)
MOST_BYTES = 150_000
WITHOUT_STEPS = "localStorage.setItem('guide', 'closed')"


@dataclass(slots=True)
class Photographer:
    """Somebody with a browser on a desk, and one on a phone, in front of one playground."""

    guide: Guide
    page: Page
    phone: Page
    folder: Path

    async def becomes(self, name: str) -> None:
        """Act as somebody else, on the desk and on the phone."""
        for page in (self.page, self.phone):
            await page.locator(f'.person[data-person="{name}"]').click()

    async def takes(self, name: str, page: Page | None = None) -> None:
        """Write one picture, which must not be too heavy for a page of the documentation."""
        path = self.folder / f"{name}.png"
        await (page or self.page).mouse.move(0, 0)
        await (page or self.page).screenshot(path=path, animations="disabled")
        size = path.stat().st_size
        print(f"{path} {size} bytes")
        assert size < MOST_BYTES, f"{path} has {size} bytes"


async def take(folder: Path) -> None:
    """Write each picture into `folder`."""
    with tempfile.TemporaryDirectory() as name:
        state_dir = Path(name)
        playground = Playground(state_dir, 0, "child", lambda: promotions_in(state_dir / DATABASE))
        await playground.start()
        try:
            async with aiohttp.ClientSession(playground.url) as session, _browser() as browser:
                page = await _page(browser, playground.url, DESK, "light")
                phone = await _page(browser, playground.url, PHONE, "dark")
                photographer = Photographer(Guide(session), page, phone, folder)
                for picture in (_request, _approval, _home, _progress, _inspector, _failure, _incident):
                    await picture(photographer)
        finally:
            await playground.stop()


async def _request(one: Photographer) -> None:
    """The form in which a promotion is asked for, with what it brings and what it will need."""
    await one.guide.says("ana", "deploys", "/promote checkout")
    dialog = one.page.get_by_role("dialog")
    await expect(dialog.get_by_text("#812")).to_be_visible(timeout=20_000)
    await dialog.get_by_label("Reason").fill("fix refunds for EUR cards")
    await one.takes("request")
    await one.page.keyboard.press("Escape")
    await expect(one.page.get_by_role("dialog")).to_have_count(0)


async def _approval(one: Photographer) -> None:
    """A promotion that waits for the second of two approvals, on a desk and on a phone."""
    await one.guide.says("ana", "deploys", "/promote checkout@v2.14.3 to production because fix refunds")
    await one.guide.clicks("bo", "P-1", "Approve")
    await one.guide.card("P-1", "deploys", "1 of 2")
    await one.becomes("cy")
    for page, name in ((one.page, "approval"), (one.phone, "phone")):
        await expect(page.locator(".pane .message", has_text="1 of 2").first).to_be_visible()
        await one.takes(name, page)


async def _home(one: Photographer) -> None:
    """The App Home of somebody for whom an approval waits."""
    await one.page.locator(".rail-link", has_text="Greenlight home").click()
    home = one.page.locator(".home")
    await expect(home.locator("button", has_text="Approve").first).to_be_visible()
    skip = home.locator("button", has_text="Skip these steps")
    await skip.click()
    await expect(skip).to_have_count(0)
    await one.takes("home")
    await one.page.locator(".rail-link", has_text="deploys").first.click()


async def _progress(one: Photographer) -> None:
    """The card while the deploy runs."""
    await one.guide.bend({"run": {"conclusion": "failure", "step": "Smoke tests", "seconds": 25}})
    await one.guide.clicks("cy", "P-1", "Approve")
    done = one.page.locator(".pane .plan:has(.task-in_progress) .task-complete", has_text="Check the SHA")
    await expect(done.first).to_be_visible(timeout=40_000)
    await one.takes("progress")


async def _failure(one: Photographer) -> None:
    """The card of a deploy that failed, as whoever is on call sees it."""
    await one.guide.card("P-1", "deploys", "FAILED")
    await one.becomes("dee")
    incident = one.page.locator(".pane .button", has_text="Open incident")
    await expect(incident.first).to_be_visible(timeout=20_000)
    await one.takes("failure")


async def _incident(one: Photographer) -> None:
    """The incident channel of a deploy that failed."""
    channel = await one.guide.incident_channel()
    await one.page.locator(".rail-link", has_text=channel).click()
    await expect(one.page.locator(".pane .message", has_text="Roll back").first).to_be_visible()
    await one.takes("incident")


async def _inspector(one: Photographer) -> None:
    """The traffic of a promotion, with the request that started its workflow."""
    await one.page.get_by_role("button", name="Traffic").click()
    dispatch = one.page.locator(".traffic-row", has_text="start the workflow")
    await one.page.get_by_role("group", name="Vendor").get_by_role("button", name="GitHub").click()
    await dispatch.last.click()
    await expect(one.page.get_by_role("region", name="The chosen request")).to_contain_text("correlation_id")
    await one.takes("inspector")
    await one.page.get_by_role("button", name="Close the traffic").click()


async def _page(browser: Browser, url: str, size: tuple[int, int], scheme: str) -> Page:
    page = await browser.new_page(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    await page.add_init_script(WITHOUT_STEPS)
    await page.goto(url)
    await expect(page.locator(".person")).to_have_count(5)
    return page


@asynccontextmanager
async def _browser() -> AsyncIterator[Browser]:
    path = next(found for name in BROWSERS if (found := shutil.which(name)))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    asyncio.run(take(Path(sys.argv[1])))
