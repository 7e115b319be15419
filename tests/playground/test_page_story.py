"""The whole story in a browser, with the real bot as a child process: what a newcomer does after `make demo`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.playground.demo import promotions_in
from bot.playground.server import DATABASE, Playground
from tests.playground.reader import browser

PATIENT = 30_000  # milliseconds
ASK = "/promote checkout@v2.14.3 to production because fix refunds"


class Newcomer:
    """Somebody who looks at the page of `make demo` for the first time."""

    def __init__(self, page: Page, playground: Playground) -> None:
        self.page = page
        self.playground = playground

    async def becomes(self, name: str) -> None:
        """Act as somebody else."""
        await self.page.locator(f'.person[data-person="{name}"]').click()

    async def types(self, text: str) -> None:
        """Type a line into the composer and send it."""
        box = self.page.locator(".pane .composer textarea")
        await box.fill(text)
        await box.press("Escape")
        await box.press("Enter")

    async def presses(self, name: str, promotion: str) -> None:
        """Press a button of a promotion's card."""
        await self.card(promotion).get_by_role("button", name=name).first.click()

    async def opens(self, channel: str) -> None:
        """Go to another channel."""
        await self.page.locator(".rail").get_by_text(channel).click()

    def card(self, promotion: str) -> Locator:
        """The card of a promotion in the channel that is open."""
        return self.page.locator(f'.pane .message[data-promotion="{promotion}"]').first

    async def reads(self, promotion: str, words: str) -> None:
        """Wait until the card says so."""
        await expect(self.card(promotion)).to_contain_text(words, timeout=PATIENT)


@asynccontextmanager
async def a_newcomer(state_dir: Path, width: int = 1360, scheme: str = "light") -> AsyncIterator[Newcomer]:
    """A fresh playground with the real bot, and a browser on its page that must not complain."""
    playground = Playground(state_dir, 0, "child", lambda: promotions_in(state_dir / DATABASE))
    complaints: list[str] = []
    try:
        await playground.start()
        async with browser(width, scheme) as page:
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(playground.url)
            yield Newcomer(page, playground)
        assert complaints == []
    finally:
        await playground.stop()


@pytest.mark.timeout(180)
async def test_request_approve_watch_fail_and_roll_back(tmp_path: Path) -> None:
    """Ana asks, Bo and Cy approve, the deploy fails before everybody's eyes, and Dee rolls it back."""
    async with a_newcomer(tmp_path) as newcomer:
        run = newcomer.playground.world.run
        run.conclusion, run.step, run.seconds = "failure", "Smoke tests", 4.0
        await newcomer.types(ASK)
        await newcomer.reads("P-1", "Waiting for approval: 0 of 2")
        await newcomer.becomes("bo")
        await newcomer.presses("Approve", "P-1")
        await newcomer.reads("P-1", "1 of 2")
        await newcomer.becomes("cy")
        await newcomer.presses("Approve", "P-1")
        await newcomer.reads("P-1", "Failed at Smoke tests")
        await newcomer.reads("P-1", "Now serving: v2.14.3")

        run.conclusion, run.step = "success", None
        await newcomer.becomes("dee")
        await newcomer.opens("inc-4411-checkout")
        await newcomer.presses("Roll back to v2.14.2", "P-1")
        dialog = newcomer.page.locator("dialog[data-view]")
        await dialog.get_by_label("Reason").fill("refunds are failing")
        await dialog.get_by_role("button", name="Roll back").click()
        await expect(dialog).to_contain_text("rollback of checkout in production to v2.14.2")
        await dialog.get_by_role("button", name="Close").last.click()
        await newcomer.reads("P-2", "is back on v2.14.2")
        await newcomer.opens("deploys")
        await newcomer.reads("P-1", "Rolled back to v2.14.2 by P-2")
        assert newcomer.playground.world.serving["checkout", "production"].version == "v2.14.2"


@pytest.mark.timeout(240)
async def test_the_first_steps_on_the_page_work_by_themselves(tmp_path: Path) -> None:
    """Six presses on a phone take a newcomer through a promotion, a failure, a rollback, and why it happened."""
    async with a_newcomer(tmp_path, 390, "dark") as newcomer:
        newcomer.playground.world.run.seconds = 4.0
        steps = newcomer.page.locator(".guide-step")
        for number in range(6):
            await steps.nth(number).click()
            await expect(steps.nth(number)).to_have_class("guide-step done", timeout=2 * PATIENT)
        await newcomer.reads("P-3", "is back on v1.1.0")
        told = newcomer.page.locator(".pane .message.private", has_text="P-2")
        await expect(told).to_contain_text("Failed at Smoke tests")
        assert newcomer.playground.world.serving["checkout", "production"].version == "v2.14.3"
        assert newcomer.playground.world.serving["storefront", "production"].version == "v1.1.0"
