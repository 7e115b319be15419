"""After a form was sent: what it says then, and what it says when there is a card, or none."""

from inline_snapshot import snapshot

from bot.app import bare
from bot.playground.slack.raw import elements_in
from bot.playground.slack.state import View
from tests.stories.deploys import fails
from tests.stories.filling import on_screen, opens, says
from tests.stories.moments import rests
from tests.stories.parts import silent_github
from tests.stories.said import letters
from tests.stories.story import Somebody, Story

REASON = "fix refunds for EUR cards"
ASKS = {"service": "checkout", "version": "v2.14.3", "environment": "production", "reason": REASON}


async def asks_in_a_form(person: Somebody, **values: str) -> View:
    """Open the request form, fill it in and send it; what took its place."""
    view = await opens(person, "/promote")
    await person.submits({"id": view.id}, **ASKS | values)
    return on_screen(person)


async def leads_to_a_card(person: Somebody) -> list[str]:
    """What the form says that somebody looks at, once it has a button that leads to a card."""
    await person.story.sees(lambda: [*elements_in(on_screen(person).body["blocks"])], "the way to the card")
    return says(on_screen(person))


async def test_the_form_leads_to_the_card(story: Story) -> None:
    """It is a receipt at first; as soon as there is a card it says where, with a button that leads there."""
    github = await silent_github(story)
    receipt = says(await asks_in_a_form(story.ana))
    github.answers.set()
    at_last = await leads_to_a_card(story.ana)
    await rests(story)

    assert receipt == snapshot(
        [
            "P-1: checkout v2.14.3 to production is asked for. Its card comes in #deploys; if it gets none, I tell you why in a direct message."
        ]
    )
    assert at_last == snapshot(
        ["*P-1* is in <#C0PLAY1>: checkout v2.14.3 to production. Everything else is on its card."]
    )
    (button,) = elements_in(on_screen(story.ana).body["blocks"])
    card = story.card("P-1")
    assert button.element["url"].endswith(f"/{card.channel}/p{card.ts.replace('.', '')}")
    assert (button.words, button.element["accessibility_label"]) == snapshot(
        ("Open the card", "Open the card of promotion P-1")
    )
    assert says(on_screen(story.ana)) == at_last


async def test_the_way_to_the_card_may_be_pressed(story: Story) -> None:
    """Slack tells us of a button that is a link as well: it is acknowledged, and nothing comes of it."""
    await asks_in_a_form(story.ana)
    at_last = await leads_to_a_card(story.ana)
    view = on_screen(story.ana)
    (button,) = elements_in(view.body["blocks"])
    await story.playground.slack.people.click(story.world.people["ana"], view, button, {})
    await rests(story)

    assert says(on_screen(story.ana)) == at_last
    assert letters(story.ana) == []


async def test_the_form_says_why_there_is_no_card(story: Story) -> None:
    """No such version: the form that is still open says the same as the direct message, with its code."""
    await asks_in_a_form(story.ana, version="v2.14.9")
    await story.until("P-1", "rejected")
    await story.sees(lambda: "E05" in str(says(on_screen(story.ana))), "the refusal")
    await rests(story)

    assert says(on_screen(story.ana)) == snapshot(
        [
            "I cannot find “v2.14.9” in acme/checkout (tags, branches, commits), so nothing was started. Nearest: v2.14.3, v2.14.2 or v2.14.1. Try `/promote checkout@v2.14.3 to production`",
            "E05 · P-1",
        ]
    )
    assert letters(story.ana) == says(on_screen(story.ana))[:1]


async def test_a_form_for_a_rollback_leads_to_its_card(story: Story) -> None:
    """The same for a rollback: it says where to look, and nothing that its end could make untrue."""
    await fails(story)
    view = (await story.dee.clicks("Roll back"))["view"]
    await story.dee.submits(view, reason="errors are up since the deploy")
    said = await leads_to_a_card(story.dee)
    await story.until("P-2", "succeeded")
    await rests(story)

    assert said == snapshot(
        [
            "*P-2* is in <#C0PLAY1>: rollback of checkout in production to v2.14.2. Everything else is on its card."
        ]
    )
    assert says(on_screen(story.dee)) == said


async def test_a_form_that_was_closed_is_left_alone(story: Story) -> None:
    """Whoever closes it is not bothered: nothing opens again, nobody is written to, and the card is there."""
    github = await silent_github(story)
    view = await asks_in_a_form(story.ana)
    await story.playground.slack.people.close(story.world.people["ana"], view)
    github.answers.set()
    await story.until("P-1", "waiting")
    await rests(story)

    workspace = story.playground.slack.workspace
    assert workspace.view_of(story.world.people["ana"].slack) is None
    assert story.card("P-1")
    assert letters(story.ana) == []


async def test_a_form_outlives_the_process_that_knew_it(story: Story) -> None:
    """A bot that starts again has forgotten it: the form stays as it is, and what it says stays true."""
    await silent_github(story)
    receipt = says(await asks_in_a_form(story.ana))
    story.around = bare
    await story.bot_restarts()
    await story.sees(lambda: "P-1" in str([one.metadata for one in story.messages()]), "the card")
    await rests(story)

    assert story.card("P-1").channel == story.playground.slack.workspace.channel("deploys").id
    assert says(on_screen(story.ana)) == receipt


async def test_another_form_is_not_drawn_over(story: Story) -> None:
    """Whoever fills in the next form while the first promotion is looked up keeps it and what is in it."""
    github = await silent_github(story)
    await asks_in_a_form(story.ana)
    next_form = await opens(story.ana, "/promote storefront@v1.2.0")
    github.answers.set()
    await story.sees(lambda: "P-1" in str([one.metadata for one in story.messages()]), "the card")
    await rests(story)

    assert on_screen(story.ana).id == next_form.id
    assert on_screen(story.ana).body["callback_id"] == "promo.request"
