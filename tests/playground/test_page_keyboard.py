"""Nobody needs a mouse: a promotion, two approvals and a rollback by keyboard, and the focus is never lost."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.playground.practice_app import button, card
from tests.playground.reader import reading
from tests.playground.test_page_story import ASK, Newcomer, a_newcomer

MOST_STOPS = 60


class Typist:
    """Somebody who has only a keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def reaches(self, target: Locator, key: str = "Tab") -> None:
        """Press Tab until the focus is on what is meant."""
        await expect(target).to_be_visible()
        for _ in range(MOST_STOPS):
            await self.page.keyboard.press(key)
            if await target.evaluate("node => node === document.activeElement"):
                return
        raise AssertionError(f"{MOST_STOPS} stops of {key}, and {target} was not among them")

    async def becomes(self, name: str) -> None:
        """Walk to the people, along them with the arrows, and press Enter."""
        await self.reaches(self.page.locator('.person[tabindex="0"]'), "Shift+Tab")
        person = self.page.locator(f'.person[data-person="{name}"]')
        await self.page.keyboard.press("Home")
        while not await person.evaluate("node => node === document.activeElement"):
            await self.page.keyboard.press("ArrowRight")
        await self.page.keyboard.press("Enter")
        await expect(person).to_have_attribute("aria-pressed", "true")

    async def presses(self, target: Locator) -> None:
        """Walk to a button and press it."""
        await self.reaches(target)
        await self.page.keyboard.press("Enter")


@pytest.mark.timeout(180)
async def test_ask_approve_as_two_people_and_roll_back(tmp_path: Path) -> None:
    """Ana asks, Bo and Cy approve, it goes live, and Dee rolls it back: no mouse, and the real bot."""
    async with a_newcomer(tmp_path) as newcomer:
        newcomer.playground.world.run.seconds = 2.0
        typist = Typist(newcomer.page)
        await typist.reaches(newcomer.page.locator(".pane .composer textarea"))
        await newcomer.page.keyboard.type(ASK)
        await newcomer.page.keyboard.press("Enter")
        await newcomer.reads("P-1", "Waiting for approval: 0 of 2")
        await typist.becomes("bo")
        await typist.presses(_button(newcomer, "Approve"))
        await newcomer.reads("P-1", "1 of 2")
        await typist.becomes("cy")
        await typist.presses(_button(newcomer, "Approve"))
        await newcomer.reads("P-1", "is live in production")
        await typist.becomes("dee")
        await typist.presses(_button(newcomer, "Roll back"))
        await _roll_back(newcomer, typist)
        await newcomer.reads("P-2", "is back on v2.14.2")


async def _roll_back(newcomer: Newcomer, typist: Typist) -> None:
    dialog = newcomer.page.locator("dialog[data-view]")
    await expect(dialog).to_be_visible()
    await dialog.get_by_label("Reason").focus()
    await newcomer.page.keyboard.type("refunds are failing")
    await typist.presses(dialog.get_by_role("button", name="Roll back"))
    await typist.presses(dialog.get_by_role("button", name="Close").last)
    await expect(dialog).to_have_count(0)


def _button(newcomer: Newcomer, name: str) -> Locator:
    return newcomer.card("P-1").get_by_role("button", name=name).first


async def test_the_first_stop_skips_to_the_messages(tmp_path: Path) -> None:
    """The first Tab shows a link past the bar, the steps and the rail."""
    async with reading(tmp_path) as reader:
        await reader.page.keyboard.press("Tab")
        link = reader.page.get_by_role("link", name="Skip to the messages")
        await expect(link).to_be_in_viewport()
        await reader.page.keyboard.press("Enter")
        await expect(reader.page.locator("#pane")).to_be_focused()


async def test_the_arrows_walk_through_the_messages(tmp_path: Path) -> None:
    """Messages are one stop; the arrows move among them, Enter opens the thread, Escape brings the focus back."""
    async with reading(tmp_path) as reader:
        await reader.posts("first")
        await reader.posts("second")
        await reader.message("second").focus()
        await reader.page.keyboard.press("ArrowUp")
        await expect(reader.message("first")).to_be_focused()
        await reader.page.keyboard.press("Enter")
        await expect(reader.page.locator("#thread textarea")).to_be_focused()
        await reader.page.keyboard.press("Escape")
        await expect(reader.page.locator("#thread")).not_to_be_visible()
        await expect(reader.message("first")).to_be_focused()


async def test_a_form_gives_the_focus_back(tmp_path: Path) -> None:
    """After a form closes, the button that opened it has the focus, although its card was drawn again meanwhile."""
    async with reading(tmp_path) as reader:
        details = button("details", "Details", '{"id":"P-1"}')
        ts = await reader.posts("P-1", card("P-1", details))
        opener = reader.page.locator(".pane .message").get_by_role("button", name="Details")
        await opener.focus()
        await reader.page.keyboard.press("Enter")
        await expect(reader.page.get_by_role("dialog")).to_be_visible()
        channel = reader.playground.slack.workspace.channel("deploys").id
        await reader.bot.chat_update(
            channel=channel, ts=ts, text="P-1 again", blocks=card("P-1 again", details)
        )
        await expect(reader.message("P-1 again")).to_have_count(1)
        await reader.page.keyboard.press("Escape")
        await expect(reader.page.get_by_role("dialog")).to_have_count(0)
        await expect(opener).to_be_focused()


async def test_a_menu_is_walked_with_arrows_and_closed_with_escape(tmp_path: Path) -> None:
    """The shortcuts open as a menu with the focus on the first; Escape closes it and gives the focus back."""
    async with reading(tmp_path) as reader:
        opener = reader.page.locator(".pane").get_by_role("button", name="Shortcuts")
        await opener.focus()
        await reader.page.keyboard.press("Enter")
        items = reader.page.get_by_role("menuitem")
        await expect(items.first).to_be_focused()
        await reader.page.keyboard.press("End")
        await expect(items.last).to_be_focused()
        await reader.page.keyboard.press("Escape")
        await expect(items).to_have_count(0)
        await expect(opener).to_be_focused()
