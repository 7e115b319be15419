"""What a reader does on the page reaches the app as Slack would send it, and the answer is shown to them alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.playground.slack.raw import Raw
from tests.playground.practice_app import button, card, plain
from tests.playground.reader import Reader, reading

APPROVE = button("approve", "Approve", '{"id":"P-1"}')
QUESTION: Raw = {
    "title": plain("Approve with warnings?"),
    "text": plain("p99 was close."),
    "confirm": plain("Approve anyway"),
    "deny": plain("Look again"),
    "style": "danger",
}


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[Reader]:
    """Ana, in #deploys."""
    async with reading(tmp_path) as one:
        yield one


async def test_a_command_is_answered_to_its_author_only(reader: Reader) -> None:
    """Ana's slash command gets a reply that says who sees it; Bo does not see it."""
    await reader.types("/promote status")
    answer = reader.message("You asked: status")
    await expect(answer).to_contain_text("Only visible to you")
    await reader.becomes("bo")
    await expect(answer).to_have_count(0)


async def test_a_click_is_made_by_the_person_acting(reader: Reader) -> None:
    """The button that Bo presses is pressed by Bo, on that message, with its value."""
    ts = await reader.posts("P-1", card("P-1", APPROVE))
    await reader.becomes("bo")
    await reader.page.get_by_role("button", name="Approve", exact=True).click()
    await expect(reader.message("Your approval is recorded.")).to_be_visible()
    [body] = reader.app.bodies
    assert (body["user"]["id"], body["container"]["message_ts"]) == ("U0BO", ts)
    assert body["actions"][0]["value"] == '{"id":"P-1"}'


async def test_a_confirm_dialog_stands_before_its_button(reader: Reader) -> None:
    """Saying no, or Escape, sends nothing; saying yes sends the click once."""
    await reader.posts("P-1", card("P-1", {**APPROVE, "confirm": QUESTION}))
    press = reader.page.locator(".message").get_by_role("button", name="Approve", exact=True)
    await press.click()
    await reader.page.get_by_role("button", name="Look again").click()
    await press.click()
    await reader.page.keyboard.press("Escape")
    await expect(reader.page.locator("dialog")).to_have_count(0)
    assert reader.app.bodies == []
    await press.click()
    await reader.page.get_by_role("button", name="Approve anyway").click()
    await expect(reader.message("Your approval is recorded.")).to_be_visible()
    assert len(reader.app.bodies) == 1


async def test_a_form_keeps_what_was_typed_while_it_is_updated(reader: Reader) -> None:
    """Choosing a service brings other versions; the reason that was typed before stays."""
    await reader.types("/promote")
    form = reader.page.get_by_role("dialog", name="Promote")
    await form.get_by_label("Reason").fill("fix refunds")
    await form.get_by_label("Service").press_sequentially("che")
    await form.get_by_role("option", name="checkout").click()
    await expect(form.locator("select option", has_text="v2.15.0")).to_have_count(1)
    await expect(form.get_by_label("Reason")).to_have_value("fix refunds")
    await expect(form.get_by_label("Service")).to_have_value("checkout")


async def test_a_form_is_submitted_and_its_errors_stand_below_their_fields(reader: Reader) -> None:
    """The app's field errors are shown in place; when they are mended the form goes through with all values."""
    await reader.types("/promote")
    form = reader.page.get_by_role("dialog", name="Promote")
    await form.get_by_label("Service").press_sequentially("che")
    await form.get_by_role("option", name="checkout").click()
    await expect(form.locator("select option", has_text="v2.15.0")).to_have_count(1)
    await form.get_by_label("Version").select_option("v2.15.0")
    await form.get_by_label("Production").check()
    await form.get_by_label("Reason").fill("because refunds")
    await form.get_by_role("button", name="Request").click()
    await expect(form.get_by_text("Say it without because.")).to_be_visible()
    await expect(form.get_by_label("Reason")).to_be_focused()
    await form.get_by_label("Reason").fill("fix refunds")
    await form.get_by_role("button", name="Request").click()
    await expect(reader.page.locator("dialog")).to_have_count(0)
    values = reader.app.bodies[-1]["view"]["state"]["values"]
    assert values["version"]["version"]["selected_option"]["value"] == "v2.15.0"
    assert values["environment"]["to"]["selected_option"]["value"] == "production"
    await expect(reader.page.locator(".rail-link", has_text="Greenlight messages")).to_contain_text(
        "1 unread"
    )


async def test_escape_closes_a_form_for_the_server_too(reader: Reader) -> None:
    """A dismissed form is gone, also after a reload."""
    await reader.types("/promote")
    await expect(reader.page.get_by_role("dialog")).to_be_visible()
    await reader.page.keyboard.press("Escape")
    await expect(reader.page.locator("dialog")).to_have_count(0)
    await reader.page.reload()
    await expect(reader.page.locator(".person")).to_have_count(5)
    await expect(reader.page.locator("dialog")).to_have_count(0)
    assert reader.playground.slack.workspace.modals.get("U0ANA", []) == []


async def test_commands_are_offered_while_typing(reader: Reader) -> None:
    """A slash lists the commands with how they are written; Tab takes the first."""
    await reader.composer.press_sequentially("/roll")
    await expect(reader.page.get_by_role("option")).to_have_count(1)
    await expect(reader.page.get_by_role("option")).to_contain_text("/rollback service [in environment]")
    await reader.composer.press("Tab")
    await expect(reader.composer).to_have_value("/rollback checkout in production because ")


async def test_a_reply_goes_into_the_thread(reader: Reader) -> None:
    """What is typed at the side, with a mention of the bot, is answered in that thread."""
    await reader.posts("P-1 is waiting")
    await reader.message("P-1 is waiting").hover()
    await reader.page.get_by_role("button", name="Reply in thread").click()
    box = reader.page.get_by_label("Reply in thread").last
    await box.fill("@greenlight why")
    await box.press("Enter")
    await expect(reader.page.locator("#thread .message", has_text="Because of the wait.")).to_be_visible()


async def test_a_dead_app_is_reported_in_slacks_own_words(reader: Reader) -> None:
    """When nobody answers a command, the person hears it from Slack, as a notice."""
    reader.playground.world.bot_url = "http://127.0.0.1:9"
    await reader.types("/promote status")
    await expect(reader.page.locator(".toast-error")).to_contain_text("/promote")


async def test_the_home_is_opened_by_looking_at_it(reader: Reader) -> None:
    """Looking at the app's home makes the app publish it, and its buttons work."""
    await reader.page.locator(".rail-link", has_text="Greenlight home").click()
    await reader.page.locator(".home").get_by_role("button", name="Look").click()
    await expect(reader.page.get_by_role("dialog", name="Details")).to_be_visible()


async def test_each_person_has_a_home_of_their_own(reader: Reader) -> None:
    """Becoming somebody else while looking at the home opens theirs; back in the channel, nothing of it is left."""
    await reader.page.locator(".rail-link", has_text="Greenlight home").click()
    await expect(reader.page.locator(".home").get_by_role("button", name="Look")).to_be_visible()
    await reader.becomes("dee")
    await expect(reader.page.locator(".home").get_by_role("button", name="Look")).to_be_visible()
    assert set(reader.playground.slack.workspace.homes) == {"U0ANA", "U0DEE"}
    await reader.page.locator(".rail-link", has_text="deploys").click()
    await expect(reader.page.locator(".home")).not_to_be_visible()


async def test_a_mention_is_answered_in_the_channel(reader: Reader) -> None:
    """What mentions the bot in a channel reaches it as a mention, without a command."""
    await reader.types("@greenlight why")
    await expect(reader.page.locator(".thread-line")).to_contain_text("1 reply")


async def test_a_thread_offers_what_works_there(reader: Reader) -> None:
    """A slash in a thread offers mentions, because Slack has no commands there; Tab takes the first."""
    await reader.posts("P-1 is waiting")
    await reader.message("P-1 is waiting").hover()
    await reader.page.get_by_role("button", name="Reply in thread").click()
    box = reader.page.get_by_label("Reply in thread").last
    await box.press_sequentially("/")
    await expect(reader.page.locator("#thread").get_by_role("option").first).to_contain_text(
        "@greenlight why"
    )
    await box.press("Tab")
    await expect(box).to_have_value("@greenlight why")


async def test_nobody_waits_for_an_answer_to_type_on(reader: Reader) -> None:
    """A second line that is sent before the first was answered is sent too."""
    await reader.types("/promote slow")
    await reader.types("/promote status")
    await expect(reader.message("You asked: status")).to_be_visible()
    await expect(reader.message("operation_timeout")).to_be_visible()


async def test_a_bent_world_is_marked(reader: Reader) -> None:
    """Whoever forgot that something is bent sees it on the button of the drawer, until it is lifted."""
    button = reader.page.get_by_role("button", name="World", exact=True)
    await expect(button).not_to_have_class("top-button is-bent")
    reader.playground.world.webhooks = "lost"
    reader.playground.world.touch()
    await expect(button).to_have_class("top-button is-bent")


async def test_the_world_is_bent_from_its_drawer(reader: Reader) -> None:
    """Health, the next run, webhooks, vendors, incidents and the clock follow the drawer's controls."""
    world = reader.playground.world
    before = world.clock.offset
    await reader.page.get_by_role("button", name="World", exact=True).click()
    drawer = reader.page.locator("#world")
    await drawer.get_by_label("Health of checkout in production").select_option("failing")
    await drawer.get_by_label("Conclusion of the next run").select_option("failure")
    await drawer.get_by_label("Step that fails").select_option("smoke")
    await drawer.get_by_role("button", name="Lost").click()
    await drawer.get_by_label("How GitHub answers", exact=True).select_option("502")
    await drawer.get_by_role("button", name="+4 h").click()
    await drawer.get_by_role("button", name="Open", exact=True).click()
    await expect(drawer.locator(".facts").get_by_text("checkout is in trouble")).to_be_visible()
    assert world.health["checkout", "production"] == "failing"
    assert (world.run.conclusion, world.run.step) == ("failure", "smoke")
    assert (world.webhooks, world.vendor_always["github"]) == ("lost", 502)
    assert world.clock.offset - before == 4 * 3600


async def test_a_reset_brings_the_start_back(reader: Reader) -> None:
    """After a reset, which asks first, the messages are gone and the page goes on by itself."""
    await reader.posts("P-1 is waiting")
    await reader.page.get_by_role("button", name="World", exact=True).click()
    await reader.page.get_by_role("button", name="Reset the playground").click()
    await reader.page.get_by_role("button", name="Begin again").click()
    await expect(reader.message("P-1 is waiting")).to_have_count(0)
    await expect(reader.page.locator(".toast-success")).to_be_visible()


async def test_the_first_steps_type_and_click(reader: Reader) -> None:
    """Step 1 types Ana's command into the composer; step 2 presses the card's own button as Bo."""
    await reader.page.get_by_role("button", name="Ask as Ana").click()
    await expect(
        reader.message("You asked: checkout@v2.14.3 to production because fix refunds")
    ).to_be_visible()
    await reader.posts("P-1", card("P-1", APPROVE), promotion="P-1")
    await expect(reader.page.get_by_role("button", name="Approve as Bo")).to_be_enabled()
    await reader.page.get_by_role("button", name="Approve as Bo").click()
    await expect(reader.message("Your approval is recorded.")).to_be_visible()
    pressed = [body["user"]["id"] for body in reader.app.bodies if body.get("type") == "block_actions"]
    assert pressed[0] == "U0BO"


async def test_the_choice_of_person_and_theme_outlives_a_reload(reader: Reader) -> None:
    """Who one is, and how it looks, stays."""
    await reader.becomes("dee")
    await reader.page.get_by_role("button", name="Use the dark theme").click()
    await reader.page.reload()
    await expect(reader.page.locator('.person[data-person="dee"]')).to_have_attribute("aria-pressed", "true")
    await expect(reader.page.get_by_role("button", name="Use the light theme")).to_be_visible()


async def test_the_first_steps_can_be_hidden_and_shown(reader: Reader) -> None:
    """Who knows the way hides the first steps for good, and finds them again at the foot of the rail."""
    steps = reader.page.get_by_role("region", name="First steps")
    await reader.page.get_by_role("button", name="Hide the first steps").click()
    await reader.page.reload()
    await expect(reader.page.locator(".person")).to_have_count(5)
    await expect(steps).not_to_be_visible()
    await reader.page.get_by_role("button", name="Show the first steps").click()
    await expect(steps).to_be_visible()
