"""The inspector of the page: what went over the wire, in order, filtered, as JSON that can be copied."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.playground.practice_app import button, card
from tests.playground.reader import Reader, reading

APPROVE = button("approve", "Approve", '{"id":"P-1"}')


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[Reader]:
    """Ana, who has typed a command before she opens the inspector."""
    async with reading(tmp_path) as one:
        await one.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await one.types("/promote card P-1")
        await expect(one.message("P-1")).to_be_visible()
        await one.page.get_by_role("button", name="Traffic").click()
        yield one


def rows(reader: Reader, words: str = "") -> Locator:
    """The lines of the inspector that say so."""
    return reader.page.locator("#traffic .traffic-row", has_text=words)


async def test_both_directions_are_listed_in_order(reader: Reader) -> None:
    """The signed request to the bot stands before the call that the bot made for it, each with its status."""
    await expect(rows(reader, "Ana types /promote card P-1")).to_contain_text("200")
    await expect(rows(reader, "chat.postMessage")).to_contain_text("P-1")
    calls = await rows(reader).locator(".traffic-call code").all_inner_texts()
    assert calls.index("POST /slack/events") < calls.index("POST chat.postMessage")


async def test_a_request_shows_its_json_and_hides_its_secrets(reader: Reader) -> None:
    """Headers with the signature, the request and the answer are readable JSON; a token is masked; it can be copied."""
    await rows(reader, "Ana types").click()
    detail = reader.page.get_by_role("region", name="The chosen request")
    await expect(detail).to_contain_text("X-Slack-Signature")
    await expect(detail).to_contain_text('"text": "card P-1"')
    await expect(detail).to_contain_text('"token": "play••••"')
    await detail.get_by_role("button", name="Copy the request").click()
    await expect(detail.get_by_role("button", name="Copy the request")).to_have_text("Copied")
    assert '"command": "/promote"' in await reader.page.evaluate("navigator.clipboard.readText()")


async def test_what_happens_later_is_added_by_itself(reader: Reader) -> None:
    """While the inspector is open, new requests appear without a press."""
    await reader.message("P-1").get_by_role("button", name="Approve").click()
    await expect(rows(reader, "Ana presses")).to_contain_text("200")
    await expect(rows(reader, "chat.postEphemeral")).to_contain_text("200")


async def test_the_list_is_filtered_by_vendor_and_by_promotion(reader: Reader) -> None:
    """Only the chosen vendor's, or only one promotion's lines stay; clearing hides what was."""
    inspector = reader.page.locator("#traffic")
    await reader.types("/promote card P-2")
    await expect(rows(reader, "Ana types /promote card P-2")).to_be_visible()
    await inspector.get_by_label("Promotion").select_option("P-2")
    await expect(rows(reader, "Ana types")).to_have_count(1)
    await inspector.get_by_role("button", name="GitHub").click()
    await expect(rows(reader)).to_have_count(0)
    await expect(inspector).to_contain_text("Nothing fits this choice.")
    await inspector.get_by_role("button", name="All", exact=True).click()
    await inspector.get_by_label("Promotion").select_option("")
    await expect(rows(reader, "Ana types")).to_have_count(2)
    await inspector.get_by_role("button", name="Clear").click()
    await expect(rows(reader)).to_have_count(0)


async def test_the_arrows_walk_through_the_list(reader: Reader) -> None:
    """One Tab enters the list, the arrows choose; Escape closes, and the focus is where it was opened."""
    await rows(reader, "Ana types").click()
    await rows(reader, "Ana types").focus()
    await reader.page.keyboard.press("ArrowDown")
    chosen = reader.page.locator('#traffic [role="option"][aria-selected="true"]')
    await expect(chosen).to_be_focused()
    await expect(chosen).not_to_contain_text("Ana types")
    await reader.page.keyboard.press("Escape")
    await expect(reader.page.locator("#traffic")).not_to_be_visible()
    await expect(reader.page.get_by_role("button", name="Traffic")).to_be_focused()


async def test_a_reset_empties_the_inspector(reader: Reader) -> None:
    """The traffic of the old world is gone, and that of the new one is shown."""
    await expect(rows(reader, "Ana types /promote card P-1")).to_be_visible()
    await reader.playground.reset()
    await reader.types("/promote status")
    await expect(rows(reader, "Ana types /promote status")).to_be_visible()
    await expect(rows(reader, "card P-1")).to_have_count(0)


async def test_an_edit_keeps_the_chosen_request(reader: Reader) -> None:
    """What is being read stays while new lines come in."""
    await rows(reader, "Ana types").click()
    await reader.posts("P-3", card("P-3", APPROVE))
    await expect(rows(reader, "chat.postMessage")).to_have_count(2)
    detail = reader.page.get_by_role("region", name="The chosen request")
    await expect(detail).to_contain_text('"text": "card P-1"')
