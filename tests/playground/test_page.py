"""The page shows what Slack would show: tried in a real browser, with messages posted by a real client."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.playground.slack.state import Message
from tests.playground.practice_app import button, card, plain
from tests.playground.reader import Reader, reading

GOLDEN = Path(__file__).parents[1] / "blocks" / "golden"
BLOCKS = Path(__file__).parents[2] / "blocks"


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[Reader]:
    """Ana, in #deploys."""
    async with reading(tmp_path) as one:
        yield one


async def test_everything_comes_from_the_playground(reader: Reader) -> None:
    """The browser asks nobody else for anything, whatever a message names."""
    image = {"type": "image", "image_url": "https://outside.example/p99.png", "alt_text": "p99 over a week"}
    await reader.posts("A graph", [image])
    await expect(reader.page.locator(".image-missing")).to_have_text("p99 over a week")
    assert [url for url in reader.asked if not url.startswith(f"{reader.playground.url}/")] == []
    assert any("img-src 'self' data:" in refused for refused in reader.complaints)
    assert "refused: img-src" in reader.complaints
    reader.complaints.clear()


async def test_mrkdwn_is_drawn_and_never_markup(reader: Reader) -> None:
    """Bold, code, links, mentions and emoji are drawn; angle brackets of a person stay angle brackets."""
    words = (
        ":rocket: *bold* _it_ ~gone~ `code` <https://ci.example/1|run 1> <@U0ANA> "
        "snake_case 2*3*4 &lt;img src=x onerror=alert(1)&gt; <javascript:alert(1)|x>\n&gt; quoted"
    )
    await reader.posts("card", [{"type": "section", "text": {"type": "mrkdwn", "text": words}}])
    body = reader.message("bold").locator(".section-text")
    for tag, inside in (
        ("strong", "bold"),
        ("em", "it"),
        ("s", "gone"),
        ("code", "code"),
        ("blockquote", "quoted"),
    ):
        await expect(body.locator(tag)).to_have_text(inside)
    await expect(body.locator("a")).to_have_attribute("href", "https://ci.example/1")
    await expect(body.locator(".mention")).to_have_text("@ana")
    await expect(body.get_by_role("img", name="rocket")).to_be_visible()
    await expect(body).to_contain_text("snake_case 2*3*4 <img src=x onerror=alert(1)> x")
    assert await body.locator("img, script").count() == 0


async def test_a_date_is_shown_in_the_zone_of_the_reader(reader: Reader) -> None:
    """A date token becomes the reader's own clock, relative to the playground's day."""
    now = int(reader.playground.world.clock.now())
    await reader.posts(f"Starts <!date^{now}^{{date_short_pretty}} {{time}}|in UTC>")
    shown = await reader.page.evaluate(
        "at => new Date(at * 1000).toLocaleTimeString('en-GB', {hour: '2-digit', minute: '2-digit'})", now
    )
    await expect(reader.message("Starts")).to_contain_text(f"Starts Today {shown}")


async def test_every_block_of_the_cards_is_drawn(reader: Reader) -> None:
    """Table, plan, container, card, header, context and fields are shapes of their own, never a red box."""
    cell = {"type": "raw_text", "text": "Health"}
    said = {"type": "mrkdwn", "text": "said"}
    tasks = [
        {"task_id": str(n), "title": f"Step {n}", "status": s}
        for n, s in enumerate(("complete", "in_progress"))
    ]
    await reader.posts(
        "card",
        [
            {"type": "header", "text": plain("Gates")},
            {"type": "section", "fields": [said, said]},
            {"type": "table", "rows": [[cell, cell], [cell, cell]]},
            {"type": "plan", "title": "Deploying", "tasks": tasks},
            {
                "type": "container",
                "title": plain("2 gates passed"),
                "is_collapsible": True,
                "default_collapsed": True,
                "child_blocks": [{"type": "section", "text": said}],
            },
            {"type": "card", "title": said, "actions": [button("details", "Look", "1")]},
            {"type": "context", "elements": [said]},
        ],
    )
    body = reader.page.locator(".message-body")
    await expect(body.get_by_role("heading", name="Gates")).to_be_visible()
    await expect(body.get_by_role("columnheader")).to_have_count(2)
    await expect(body.get_by_role("img", name="Running")).to_be_visible()
    await expect(body.locator(".container-body")).not_to_be_visible()
    await body.get_by_text("2 gates passed").click()
    await expect(body.locator(".container-body")).to_be_visible()
    await expect(reader.page.locator(".unknown-block")).to_have_count(0)


async def test_every_golden_card_is_drawn_whole(reader: Reader) -> None:
    """No card of Greenlight leaves a red box or a bare shortcode on the page."""
    workspace, bot = reader.playground.slack.workspace, reader.playground.world.bot_user
    channel = workspace.channel("deploys").id
    cards = [json.loads(path.read_text()) for path in sorted(GOLDEN.glob("*.json"))]
    for one in cards:
        workspace.put(Message(channel, workspace.next_ts(), one["text"], bot, one["rungs"][0]))
    bodies = reader.page.locator(".message-body")
    await expect(bodies).to_have_count(len(cards))
    await expect(reader.page.locator(".unknown-block, .unknown-inline")).to_have_count(0)
    words = "\n".join(await bodies.all_inner_texts())
    assert cards
    assert re.findall(r":[a-z_]+:", words) == []


async def test_every_emoji_that_greenlight_says_is_drawn(reader: Reader) -> None:
    """Each shortcode in the words of blocks/ has a picture of its own here, whatever fonts the reader has."""
    code = "".join(path.read_text() for path in BLOCKS.rglob("*.py"))
    said = sorted(set(re.findall(r":[a-z]+(?:_[a-z]+)*:", code)) - {":emoji:"})
    await reader.posts(" ".join(said))
    await expect(reader.page.locator(".message .emoji")).to_have_count(len(said))
    assert len(said) > 10
    drawn = await reader.page.locator(".message .emoji:has(svg)").evaluate_all(
        "all => all.map((one) => `:${one.getAttribute('aria-label').replaceAll(' ', '_')}:`)"
    )
    assert sorted(drawn) == said


async def test_a_block_that_slack_does_not_know_is_a_red_box(reader: Reader) -> None:
    """What Slack would refuse shows as its own JSON, so that nobody misses it."""
    workspace = reader.playground.slack.workspace
    channel = workspace.channel("deploys").id
    strange = [{"type": "hologram", "depth": 3}]
    workspace.put(Message(channel, workspace.next_ts(), "?", reader.playground.world.bot_user, strange))
    await expect(reader.page.locator(".unknown-block")).to_contain_text('"depth": 3')


async def test_an_edit_keeps_the_place_the_focus_and_the_draft(reader: Reader) -> None:
    """While a card is edited under the reader's hands, nothing they hold is taken away."""
    ts = await reader.posts("P-1", card("P-1", button("approve", "Approve", '{"id":"P-1"}')))
    await reader.composer.fill("half a thou")
    await reader.message("P-1").get_by_role("button", name="Approve").focus()
    await reader.bot.chat_update(
        channel=reader.playground.slack.workspace.channel("deploys").id,
        ts=ts,
        text="P-1 again",
        blocks=card("P-1 again", button("approve", "Approve", '{"id":"P-1"}')),
    )
    await expect(reader.message("P-1 again")).to_be_visible()
    await expect(reader.message("P-1")).to_have_count(1)
    await expect(reader.message("P-1 again").get_by_role("button", name="Approve")).to_be_focused()
    await expect(reader.composer).to_have_value("half a thou")


async def test_edited_words_are_marked(reader: Reader) -> None:
    """Words that were changed say so, as Slack marks them."""
    ts = await reader.posts("P-1 is waiting")
    channel = reader.playground.slack.workspace.channel("deploys").id
    await reader.bot.chat_update(channel=channel, ts=ts, text="P-1 is deploying")
    await expect(reader.message("P-1 is deploying")).to_contain_text("(edited)")


async def test_a_reader_who_scrolled_up_is_left_there(reader: Reader) -> None:
    """New messages pull the view down only for those who look at the end."""
    workspace = reader.playground.slack.workspace
    channel = workspace.channel("deploys").id
    for number in range(30):
        author = reader.playground.world.bot_user
        workspace.put(Message(channel, workspace.next_ts(), f"line {number}", author))
    await expect(reader.message("line 29")).to_be_in_viewport()
    scroller = reader.page.locator(".pane .scroller")
    await scroller.evaluate("one => (one.scrollTop = 100)")
    await reader.posts("much later")
    assert await scroller.evaluate("one => one.scrollTop") == 100
    await reader.page.get_by_role("button", name="Newest").click()
    await expect(reader.message("much later")).to_be_in_viewport()


async def test_threads_and_broadcasts_stand_where_slack_shows_them(reader: Reader) -> None:
    """A reply counts below its message, opens at the side, and a broadcast one is in the channel too."""
    ts = await reader.posts("P-1 is waiting")
    await reader.bot.chat_postMessage(channel="deploys", text="bo approved", thread_ts=ts)
    await reader.bot.chat_postMessage(
        channel="deploys", text="P-1 FAILED", thread_ts=ts, reply_broadcast=True
    )
    await expect(reader.message("P-1 FAILED")).to_contain_text("replied to a thread: P-1 is waiting")
    await expect(reader.message("bo approved")).to_have_count(0)
    await reader.page.get_by_role("button", name="2 replies").click()
    await expect(reader.page.locator("#thread .message")).to_have_count(3)


async def test_new_messages_are_said_aloud(reader: Reader) -> None:
    """A screen reader hears the sentence of a new message, once."""
    await reader.posts("P-1: ana asked for checkout v2.14.3 in production.")
    await expect(reader.page.locator("#announcer")).to_have_text(
        "P-1: ana asked for checkout v2.14.3 in production."
    )


async def test_what_is_unread_is_counted_for_each_person(reader: Reader) -> None:
    """A message in another channel is unread until that person looks at it."""
    await reader.bot.chat_postMessage(channel="deploy-audit", text="freeze on")
    audit = reader.page.locator(".rail-link", has_text="deploy-audit")
    await expect(audit).to_contain_text("1 unread")
    await audit.click()
    await expect(audit).not_to_contain_text("unread")
    await reader.becomes("bo")
    await reader.page.locator(".rail-link", has_text="payments").click()
    await expect(audit).not_to_contain_text("unread")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_fits_a_phone(tmp_path: Path, scheme: str) -> None:
    """At phone width nothing is wider than the screen, and the rail waits behind its button."""
    async with reading(tmp_path, width=390, scheme=scheme) as reader:
        await reader.posts("P-1", card("P-1", button("approve", "Approve", "1")))
        assert await reader.page.evaluate("document.documentElement.scrollWidth") == 390
        assert await reader.page.evaluate("document.documentElement.dataset.theme") == scheme
        await expect(reader.page.locator(".rail")).not_to_be_visible()
        await reader.page.get_by_role("button", name="Channels").click()
        await reader.page.locator(".rail-link", has_text="payments").click()
        await expect(reader.page.get_by_role("heading", name="payments")).to_be_visible()
        await expect(reader.page.locator(".rail")).not_to_be_visible()
