"""The shortcuts of Slack's menus, used by a script and on the page: beside the composer, and on messages of threads too."""

from pathlib import Path

from playwright.async_api import expect

from bot.entrances import EXPLAIN, WHAT_IS_DEPLOYED
from tests.playground.hall import Hall, texts
from tests.playground.practice_app import card
from tests.playground.reader import reading


async def test_a_global_shortcut_is_used_on_nothing(hall: Hall) -> None:
    """The app hears of the person and the shortcut, and of no message."""
    answer = await hall.call(
        "shortcut", {"as": "eli", "shortcut": WHAT_IS_DEPLOYED.callback, "message": None}
    )
    assert texts(answer) == [f"{WHAT_IS_DEPLOYED.callback} on nothing"]
    assert (hall.app.bodies[-1]["type"], hall.app.bodies[-1]["user"]["id"]) == ("shortcut", "U0ELI")


async def test_a_message_shortcut_carries_its_message(hall: Hall) -> None:
    """The app hears which message it was used on."""
    await hall.ana_asks("/promote card P-1")
    ts = (await hall.state())["channels"][0]["messages"][0]["ts"]
    place = {"channel": "deploys", "ts": ts}
    answer = await hall.call("shortcut", {"as": "bo", "shortcut": EXPLAIN.callback, "message": place})
    assert texts(answer) == [f"{EXPLAIN.callback} on P-1"]
    assert hall.app.bodies[-1]["message"]["ts"] == ts


async def test_a_shortcut_that_makes_no_sense_is_a_bad_call(hall: Hall) -> None:
    """An unknown one, a global one on a message, one for messages on nothing or on a message that is not there."""
    place = {"channel": "deploys", "ts": "1.0"}
    for wish, words in (
        ({"shortcut": "shortcut.dance"}, "There is no shortcut shortcut.dance; there are"),
        ({"shortcut": WHAT_IS_DEPLOYED.callback, "message": place}, "is a global shortcut"),
        ({"shortcut": EXPLAIN.callback}, '"message" must be an object.'),
        ({"shortcut": EXPLAIN.callback, "message": place}, "There is no message 1.0 in deploys."),
    ):
        assert words in (await hall.call("shortcut", {"as": "bo", **wish}, 400))["error"]


async def test_the_state_lists_the_shortcuts(hall: Hall) -> None:
    """What the menus of the page offer is what the bot declares."""
    listed = (await hall.state())["shortcuts"]
    assert {"callback": EXPLAIN.callback, "name": EXPLAIN.name, "description": EXPLAIN.description} in listed[
        "message"
    ]
    assert WHAT_IS_DEPLOYED.callback in [one["callback"] for one in listed["global"]]


async def test_the_page_has_a_menu_beside_the_composer_and_on_each_message(tmp_path: Path) -> None:
    """The bolt offers the global ones; the three dots of a reply in a thread offer those for messages."""
    async with reading(tmp_path) as reader:
        await reader.page.locator(".pane").get_by_role("button", name="Shortcuts").click()
        await reader.page.get_by_role("menuitem", name=WHAT_IS_DEPLOYED.name).click()
        await expect(reader.page.locator(".rail-link", has_text="Greenlight messages")).to_contain_text("1")
        ts = await reader.posts("P-1", card("P-1"))
        await reader.bot.chat_postMessage(channel="deploys", thread_ts=ts, text="Bo approved it.")
        await reader.page.locator(".thread-line").click()
        reply = reader.page.locator("#thread .message", has_text="Bo approved it.")
        await reply.hover()
        await reply.get_by_role("button", name="More actions").click()
        await reader.page.get_by_role("menuitem", name=EXPLAIN.name).click()
        await expect(reader.page.locator(".rail-link", has_text="Greenlight messages")).to_contain_text("2")
    assert reader.app.bodies[-1]["message"]["text"] == "Bo approved it."
