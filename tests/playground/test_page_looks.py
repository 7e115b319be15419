"""Each view of the page, on a desk and on a phone, light and dark: it fits, and axe-core finds nothing serious."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from bot.playground.slack.state import Message
from tests.playground.practice_app import Raw, button, card, plain
from tests.playground.reader import Reader, reading

GOLDEN = Path(__file__).parents[1] / "blocks" / "golden"
CONFIRM = {"title": plain("Sure?"), "text": plain("It runs."), "confirm": plain("Do it")}
# Nothing is on its way in any more; what turns for ever does not count.
AT_REST = """
() => document.getAnimations().every((one) =>
  one.playState !== "running" || one.effect.getComputedTiming().endTime === Infinity)
"""
View = Callable[[Reader], Awaitable[None]]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
async def test_every_view_fits_and_can_be_used_by_everybody(tmp_path: Path, width: int, scheme: str) -> None:
    """No horizontal scrolling and no serious or critical finding, in any view."""
    async with reading(tmp_path, width, scheme) as reader:
        findings = {"welcome": await _judged(reader.page)}
        for name, view in VIEWS.items():
            await view(reader)
            findings[name] = await _judged(reader.page)
            await reader.page.keyboard.press("Escape")
        assert {name: found for name, found in findings.items() if found} == {}


async def _judged(page: Page) -> list[str]:
    """What is wrong with what shows now."""
    await page.wait_for_function(AT_REST)
    results = await Axe().run(page)
    found = [
        f"{one['id']}: {one['nodes'][0]['target']}"
        for one in results.response["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    too_wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *(["scrolls sideways"] if too_wide else [])]


async def _cards(reader: Reader) -> None:
    """Every golden card, and a promotion with a thread and a confirm dialog."""
    workspace, bot = reader.playground.slack.workspace, reader.playground.world.bot_user
    channel = workspace.channel("deploys").id
    for path in sorted(GOLDEN.glob("*.json")):
        one = json.loads(path.read_text())
        workspace.put(Message(channel, workspace.next_ts(), one["text"], bot, one["rungs"][0]))
    elements = [
        button("rollback", "Roll back", '{"id":"P-1"}', confirm=CONFIRM, style="danger"),
        button("details", "Details", '{"id":"P-1"}'),
    ]
    ts = await reader.posts("The one with a thread", card("The one with a thread", *elements))
    await reader.bot.chat_postMessage(channel=channel, thread_ts=ts, text="Bo approved it (1 of 2).")
    await reader.types("/promote status")
    await expect(reader.message("Only visible to you")).to_have_count(1)


async def _thread(reader: Reader) -> None:
    await reader.page.locator(".thread-line").last.click()
    await expect(reader.page.locator("#thread .message", has_text="Bo approved it")).to_be_visible()


async def _menu(reader: Reader) -> None:
    await reader.page.locator("#thread textarea").focus()
    await reader.page.keyboard.press("Escape")
    await reader.page.locator(".pane").get_by_role("button", name="Shortcuts").click()
    await expect(reader.page.get_by_role("menu")).to_be_visible()


async def _confirm(reader: Reader) -> None:
    await reader.message("The one with a thread").get_by_role("button", name="Roll back").last.click()
    await expect(reader.page.get_by_role("dialog", name="Sure?")).to_be_visible()


async def _form(reader: Reader) -> None:
    await reader.types("/promote")
    await expect(reader.page.get_by_role("dialog", name="Promote")).to_be_visible()
    await reader.page.get_by_role("dialog").get_by_role("button", name="Request").click()
    await expect(reader.page.locator(".field.invalid").first).to_be_visible()


async def _world(reader: Reader) -> None:
    await reader.page.get_by_role("button", name="World", exact=True).click()
    await reader.page.get_by_label("Conclusion of the next run").select_option("failure")


async def _inspector(reader: Reader) -> None:
    await reader.page.get_by_role("button", name="Traffic").click()
    await reader.page.locator(".traffic-row", has_text="Ana types").last.click()
    await expect(reader.page.get_by_role("region", name="The chosen request")).to_contain_text("Signature")


async def _home(reader: Reader) -> None:
    if await reader.page.locator(".rail-toggle").is_visible():
        await reader.page.locator(".rail-toggle").click()
    await reader.page.locator(".rail-link", has_text="Greenlight home").click()
    await expect(reader.page.locator(".home").get_by_role("button", name="Look")).to_be_visible()
    await reader.bot.views_publish(user_id="U0ANA", view={"type": "home", "blocks": _home_blocks()})
    await expect(reader.page.locator(".home").get_by_role("columnheader")).to_have_count(3)


def _home_blocks() -> list[Raw]:
    """Every kind of block that a home may have."""
    words = {"type": "mrkdwn", "text": "*checkout* v2.14.3"}
    cell = {"type": "raw_text", "text": "checkout"}
    options = [{"text": plain(name), "value": name} for name in ("All", "Failures")]
    select = {
        "type": "static_select",
        "action_id": "tell",
        "options": options,
        "placeholder": plain("Tell me"),
    }
    more = {"type": "overflow", "action_id": "choose", "options": options}
    approve = button("approve", "Approve", '{"id":"P-1"}', style="primary")
    return [
        {"type": "header", "text": plain("What runs where")},
        {"type": "table", "rows": [[cell, cell, cell], [cell, cell, cell]]},
        {"type": "divider"},
        {"type": "card", "title": words, "body": words, "actions": [approve]},
        {"type": "section", "text": words, "accessory": more},
        {"type": "container", "title": plain("Recent"), "child_blocks": [{"type": "section", "text": words}]},
        {"type": "context", "elements": [words]},
        {"type": "actions", "elements": [select, button("details", "Look", "1")]},
    ]


VIEWS: dict[str, View] = {
    "cards": _cards,
    "thread": _thread,
    "menu": _menu,
    "confirm": _confirm,
    "form": _form,
    "world": _world,
    "inspector": _inspector,
    "home": _home,
}
