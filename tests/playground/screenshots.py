"""Takes the pictures of the documentation: `make screenshots`. What they show is the real bot in the playground."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from playwright.async_api import Page, async_playwright, expect

from bot.playground.demo import promotions_in
from bot.playground.server import DATABASE, Playground
from bot.playground.tour_guide import Guide
from tests.playground.reader import BROWSERS

WIDTH, HEIGHT = 1280, 720


async def take(folder: Path) -> None:
    """Write each picture into `folder`."""
    with tempfile.TemporaryDirectory() as name:
        state_dir = Path(name)
        playground = Playground(state_dir, 0, "child", lambda: promotions_in(state_dir / DATABASE))
        await playground.start()
        try:
            async with aiohttp.ClientSession(playground.url) as session, _browser() as page:
                await page.goto(playground.url)
                await _approval(Guide(session), page, folder / "approval.png")
                await _incident(Guide(session), page, folder / "incident.png")
        finally:
            await playground.stop()


async def _approval(guide: Guide, page: Page, picture: Path) -> None:
    """A promotion that waits for the second of two approvals."""
    await guide.says("ana", "deploys", "/promote checkout@v2.14.3 to production because fix refunds")
    await guide.clicks("bo", "P-1", "Approve")
    await guide.card("P-1", "deploys", "1 of 2")
    await page.locator('.person[data-person="cy"]').click()
    await expect(page.locator(".pane .message", has_text="1 of 2").first).to_be_visible()
    await page.screenshot(path=picture, animations="disabled")


async def _incident(guide: Guide, page: Page, picture: Path) -> None:
    """The incident channel of a deploy that failed."""
    await guide.bend({"run": {"conclusion": "failure", "step": "Smoke tests", "seconds": 4}})
    await guide.clicks("cy", "P-1", "Approve")
    await guide.card("P-1", "deploys", "FAILED")
    channel = await guide.incident_channel()
    await page.locator('.person[data-person="dee"]').click()
    await page.get_by_text(channel, exact=False).first.click()
    await expect(page.locator(".pane .message", has_text="Roll back").first).to_be_visible()
    await page.screenshot(path=picture, animations="disabled")


@asynccontextmanager
async def _browser() -> AsyncIterator[Page]:
    path = next(found for name in BROWSERS if (found := shutil.which(name)))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield await browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", reduced_motion="reduce"
        )
        await browser.close()


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1])))
