"""What somebody stumbled over who saw the page for the first time; each claim was once not so."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.playground.practice_app import card
from tests.playground.reader import Reader, reading
from tests.playground.test_page_story import PATIENT, a_newcomer

LONG = "P-1 FAILED: checkout v2.14.3 to production failed at Smoke tests after 15 s, and it says what serves"


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[Reader]:
    """A reader at desktop width."""
    async with reading(tmp_path) as reader:
        yield reader


async def test_a_broadcast_names_all_of_its_thread_as_it_is_now(reader: Reader) -> None:
    """The line above a broadcast is the whole sentence of its card, and follows when the card is edited."""
    root = await reader.posts(LONG)
    await reader.bot.chat_postMessage(
        channel="deploys", text="It failed", thread_ts=root, reply_broadcast=True
    )
    origin = reader.page.locator(".pane .thread-origin span")
    await expect(origin).to_have_text(LONG)
    channel = str((await reader.bot.conversations_list())["channels"][0]["id"])
    await reader.bot.chat_update(channel=channel, ts=root, text="P-1 was rolled back by <@U0DEE>")
    await expect(origin).to_have_text("P-1 was rolled back by ")


async def test_enter_opens_a_thread_and_types_nothing_into_it(reader: Reader) -> None:
    """Enter on a message puts the focus into an empty box: the key is not typed there as well."""
    ts = await reader.posts("P-1 is waiting")
    await reader.page.locator(f'.pane .message[data-ts="{ts}"]').focus()
    await reader.page.keyboard.press("Enter")
    box = reader.page.locator("#thread textarea")
    await expect(box).to_be_focused()
    await expect(box).to_have_value("")


async def test_a_thread_counts_its_replies(reader: Reader) -> None:
    """Between a message and its replies stands how many there are."""
    root = await reader.posts("P-1 is waiting")
    for words in ("Bo approved", "Cy approved"):
        await reader.bot.chat_postMessage(channel="deploys", text=words, thread_ts=root)
    await reader.page.locator(".pane .thread-line").click()
    await expect(reader.page.locator("#thread .day")).to_have_text("2 replies")


async def test_the_second_step_is_done_with_the_last_approval(reader: Reader) -> None:
    """While a promotion waits for its start, nobody is sent to look for an Approve button."""
    root = await reader.posts("P-1: waiting for approval", card("P-1"), promotion="P-1")
    step = reader.page.locator(".guide-step[aria-current=step]")
    await reader.bot.chat_postMessage(channel="deploys", text="Bo approved (1 of 2).", thread_ts=root)
    await expect(reader.page.locator(".pane .thread-line")).to_contain_text("1 reply")
    await expect(step).not_to_contain_text("Watch it deploy")
    await reader.bot.chat_postMessage(channel="deploys", text="Cy approved (2 of 2).", thread_ts=root)
    await expect(step).to_contain_text("Watch it deploy")


async def test_a_deploy_that_fails_can_still_be_rolled_back(reader: Reader) -> None:
    """What the drawer bends are the runs of deploys, unless somebody asks for those of rollbacks too."""
    world = reader.playground.world
    await reader.page.get_by_role("button", name="World", exact=True).click()
    drawer = reader.page.locator("#world")
    await drawer.get_by_label("Conclusion of the next run").select_option("failure")
    await expect(drawer.get_by_label("Conclusion of the next run")).to_have_class("bent")
    assert (world.run.conclusion, world.run.workflow) == ("failure", "deploy.yml")
    await drawer.get_by_label("Which runs end so").select_option("deploys and rollbacks")
    await reader.page.get_by_role("button", name="Close the world").click()
    await reader.page.get_by_role("button", name="World", exact=True).click()
    await expect(drawer.get_by_label("Which runs end so")).to_have_value("")
    assert (world.run.conclusion, world.run.workflow) == ("failure", None)


async def test_a_channel_in_a_message_is_the_way_there(reader: Reader) -> None:
    """A channel's name is pressed to go there; one that the reader does not see stays a word."""
    channels = (await reader.bot.conversations_list())["channels"]
    other = next(one for one in channels if one["name"] == "general")
    await reader.posts(f"See <#{other['id']}> and <#C0NOWHERE>")
    await expect(reader.message("See").locator(".mention").last).to_have_text("#C0NOWHERE")
    await expect(reader.message("See").locator("button.mention")).to_have_count(1)
    await reader.message("See").get_by_role("button", name="#general").click()
    await expect(reader.page.locator(".pane h1")).to_have_text("general")


@pytest.mark.timeout(120)
async def test_only_what_the_bot_can_do_is_offered(tmp_path: Path) -> None:
    """A bot that runs can be killed, a dead one started, and the focus goes to the button that is left."""
    async with a_newcomer(tmp_path) as newcomer:
        await newcomer.page.get_by_role("button", name="World", exact=True).click()
        kill = newcomer.page.get_by_role("button", name="Kill -9")
        start = newcomer.page.get_by_role("button", name="Start", exact=True)
        await expect(kill).to_be_enabled(timeout=PATIENT)
        await expect(start).to_be_disabled()
        await kill.press("Enter")
        await expect(start).to_be_focused(timeout=PATIENT)
        await expect(kill).to_be_disabled()
        await start.press("Enter")
        await expect(kill).to_be_focused(timeout=PATIENT)
        await expect(start).to_be_disabled()
