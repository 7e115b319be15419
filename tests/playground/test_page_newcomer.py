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


async def test_what_this_is_stands_above_what_to_do(reader: Reader) -> None:
    """The first sight says what Greenlight is and what it is good for, and starts at its beginning on a phone too."""
    welcome = reader.page.locator(".welcome")
    await expect(welcome).to_contain_text("a Slack bot for deploys")
    await expect(welcome.get_by_role("listitem")).to_have_count(3)
    await reader.page.set_viewport_size({"width": 390, "height": 600})
    await expect(welcome.get_by_text("a Slack bot for deploys")).to_be_in_viewport()


async def test_a_channel_says_what_it_is_for_and_who_is_in_it(reader: Reader) -> None:
    """Above the first message stands the channel's beginning, and in its head whoever is there."""
    await reader.posts("P-1 is waiting")
    await expect(reader.page.locator(".pane .intro")).to_contain_text("One promotion is one message")
    await expect(reader.page.get_by_role("img", name="6 members: Greenlight, Ana")).to_be_visible()


async def test_whoever_invites_the_bot_brings_it_in(reader: Reader) -> None:
    """A channel without the bot names the command that brings it in, and the command works."""
    await reader.page.locator(".rail-link", has_text="payments").click()
    await expect(reader.page.locator(".pane")).to_contain_text("To bring it in, type /invite @greenlight")
    await reader.types("/invite @greenlight")
    await expect(reader.message("Greenlight was added to #payments by Ana.")).to_be_visible()
    await expect(reader.page.get_by_role("img", name="6 members: Greenlight, Ana")).to_be_visible()
    await reader.types("/invite @greenlight")
    await expect(reader.message("Greenlight is already in this channel.")).to_be_visible()


async def test_a_pinned_message_stands_out(reader: Reader) -> None:
    """What the bot pinned is marked as pinned, until it is unpinned."""
    ts = await reader.posts("PD-4411 checkout failed")
    channel = str((await reader.bot.conversations_list())["channels"][0]["id"])
    await reader.bot.pins_add(channel=channel, timestamp=ts)
    await expect(reader.message("PD-4411").locator(".pin-mark")).to_have_text("Pinned")


async def test_everything_bent_is_set_back_at_once(reader: Reader) -> None:
    """One press mends what was bent, and is offered only while something is."""
    world = reader.playground.world
    await reader.page.get_by_role("button", name="World", exact=True).click()
    drawer = reader.page.locator("#world")
    mend = drawer.get_by_role("button", name="Set everything back")
    await expect(mend).to_be_hidden()
    await drawer.get_by_label("Conclusion of the next run").select_option("failure")
    await drawer.get_by_label("How GitHub answers", exact=True).select_option("503")
    await drawer.get_by_role("button", name="Lost").click()
    await drawer.get_by_label("Who is in the channel of cards").select_option("shared")
    await expect(drawer.get_by_label("Who is in the channel of cards")).to_have_class("bent")
    await mend.click()
    await expect(mend).to_be_hidden()
    assert (world.run.conclusion, world.webhooks, world.vendor_always, world.shared) == (
        "success",
        "on",
        {},
        {},
    )


async def test_escape_closes_what_its_button_opened(reader: Reader) -> None:
    """The focus stays on the button that opens World or Traffic, and Escape there closes it again."""
    for name, part in (("World", "#world"), ("Traffic", "#traffic")):
        await reader.page.get_by_role("button", name=name, exact=True).click()
        await expect(reader.page.locator(part)).to_be_visible()
        await reader.page.keyboard.press("Escape")
        await expect(reader.page.locator(part)).to_be_hidden()


async def test_an_incident_can_be_worked_on_in_pagerduty_itself(reader: Reader) -> None:
    """The drawer does what somebody would do in PagerDuty, and shows what comes of it."""
    reader.playground.pagerduty.open_incident("checkout")
    await reader.page.get_by_role("button", name="World", exact=True).click()
    facts = reader.page.locator("#world .facts", has_text="4411")
    for deed, state in (("Acknowledge", "acknowledged"), ("Resolve", "resolved"), ("Reopen", "triggered")):
        await facts.get_by_role("button", name=f"{deed} 4411 in PagerDuty").click()
        await expect(facts.locator(".pill")).to_have_text(state)


async def test_the_address_of_a_message_leads_to_it_on_this_page(reader: Reader) -> None:
    """Slack's links to messages are followed here, from another channel and out of a form too."""
    ts = await reader.posts("P-1 is waiting")
    channel = str((await reader.bot.conversations_list())["channels"][0]["id"])
    link = str((await reader.bot.chat_getPermalink(channel=channel, message_ts=ts))["permalink"])
    await reader.posts(f"See <{link}|the card>")
    await reader.message("the card").get_by_role("link", name="the card").click()
    await expect(reader.page.locator(f'.pane .message[data-ts="{ts}"]')).to_be_focused()
    assert len(reader.page.context.pages) == 1
