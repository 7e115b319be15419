"""The incident's room when something is wrong: old cards, forged buttons, strangers, and vendors that are down."""

from dataclasses import replace

import pytest

from blocks.replies import OPEN_FORM
from bot.domain.face import Button
from bot.playground.slack.raw import Element
from tests.experience.noes import hears
from tests.stories.deploys import INCIDENT, room
from tests.stories.filling import on_screen
from tests.stories.moments import rests
from tests.stories.parts import weak_store
from tests.stories.rooms import BUTTONS, is_open, pinned, timeline, words_of
from tests.stories.said import heard
from tests.stories.story import Somebody, Story
from tests.stories.surfaces import button_on, copied, presses
from tests.stories.vendors import comes_back, goes_down, notes, refuses


async def test_an_old_card_and_a_copy(story: Story) -> None:
    """A button of a card from before the end is refused with who ended it; one of a copy elsewhere does nothing."""
    await is_open(story)
    old = pinned(story)
    then = [button_on(old, one) for one in (Button.ACKNOWLEDGE, Button.TAKE_LEAD, Button.RESOLVE)]
    await presses(story.cy, copied(story, old, "deploys", "U0ELI"), then[1])
    await hears(story.cy, "E39")
    await story.dee.types("/promote resolve P-1 because all is well")
    for one in then:
        before = len(story.bo.heard)
        await presses(story.bo, old, one)
        await story.sees(lambda: len(story.bo.heard) > before, "a no")  # noqa: B023
        await hears(story.bo, "E54", "was resolved by @dee")

    incident = (await story.stands("P-1")).incident
    assert incident is not None
    assert (incident.lead, incident.acknowledged_by) == ("", "")


async def test_what_a_button_carries_is_not_believed(story: Story) -> None:
    """Another promotion's id, none, or JSON of another shape: nobody leads by that. The person is who Slack says."""
    await is_open(story)
    seen = button_on(pinned(story), Button.TAKE_LEAD)
    for value in ('{"id":"P-9","rev":"x"}', "", "[]", '{"id":{"a":1}}', '{"id":"P-1","by":"dee"}'):
        forged = Element(seen.block, {**seen.element, "value": value})
        await presses(story.cy, pinned(story), forged)
    await story.sees(lambda: timeline(story), "the line of the one that names P-1")
    await rests(story)

    incident = (await story.stands("P-1")).incident
    assert incident is not None
    assert incident.lead == "cy"
    assert len(timeline(story)) == 1


async def test_strangers_do_nothing(story: Story) -> None:
    """Somebody of another company, in the room though they are, presses every button: they are told why not."""
    await is_open(story)
    story.world.people["cy"] = replace(story.world.people["cy"], team_id="T0OTHER")
    for name in BUTTONS:
        await story.cy.clicks(name, channel=INCIDENT)
    await hears(story.cy, "E46")
    await rests(story)

    assert timeline(story) == []
    incident = (await story.stands("P-1")).incident
    assert incident is not None
    assert (incident.lead, incident.acknowledged_at, incident.resolved_at) == ("", None, None)


async def test_pagerduty_is_down_and_nobody_waits_for_it(story: Story) -> None:
    """P9: who acknowledged and who leads is so at once, the card owns up to what PagerDuty does not know, and it
    hears when it is back."""
    await is_open(story)
    goes_down(story, "pagerduty")
    await story.dee.clicks("Acknowledge", channel=INCIDENT)
    await story.dee.clicks("I am lead", channel=INCIDENT)
    await story.sees(lambda: len(timeline(story)) == 2, "both lines")
    await story.sees(
        lambda: "Not everything reached PagerDuty" in str(words_of(pinned(story))), "the warning"
    )
    assert "lead: dee" in room(story).topic

    comes_back(story, "pagerduty")
    await story.sees(lambda: story.incidents[0]["status"] == "acknowledged", "PagerDuty knows")


async def test_a_click_that_was_not_stored_is_not_acknowledged(story: Story) -> None:
    """P4: the database is down when Dee presses: she is told, and nothing shows anything else."""
    store = await weak_store(story)
    await is_open(story)
    store.is_blind = True
    await story.dee.clicks("I am lead", channel=INCIDENT)
    store.is_blind = False
    await rests(story)

    assert timeline(story) == []
    assert "E25" in str([one.blocks for one in story.playground.slack.shown_to("dee")])


@pytest.mark.parametrize(("button", "said"), [("Add note", ":memo:"), ("Resolve", ":white_check_mark:")])
async def test_a_form_that_did_not_open_is_offered_again(story: Story, button: str, said: str) -> None:
    """Slack is in trouble when the form is to open: the private reply has a button that opens it."""
    await is_open(story)
    refuses(story, "slack", "views.open", 500)
    await story.dee.clicks(button, channel=INCIDENT)
    await story.sees(lambda: any("did not open" in one for one in heard(story.dee)), "the reply")
    offered = story.playground.slack.shown_to("dee")[-1]
    await presses(story.dee, offered, button_on(offered, OPEN_FORM))
    await story.sees(lambda: is_on_screen(story.dee), "the form")
    await story.dee.submits({"id": on_screen(story.dee).id}, note="late, and not lost")
    await rests(story)

    assert [one for one in timeline(story) if said in one]
    assert notes(story) == ["dee: late, and not lost"]


def is_on_screen(person: Somebody) -> bool:
    """Whether a form lies open on somebody's screen."""
    workspace = person.story.playground.slack.workspace
    return workspace.view_of(person.story.world.people[person.name].slack) is not None
