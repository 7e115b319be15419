"""PagerDuty asks to wait, or does not say what is open (F85, F90): pages are late and said to be, gates stay shut."""

from collections.abc import Callable

import pytest

from bot.playground.world import Fault
from tests.observability.scrapes import page
from tests.stories.deploys import buttons, is_approved, is_asked, is_running, messages_about
from tests.stories.said import card_words
from tests.stories.story import Story
from tests.stories.vendors import comes_back, events, goes_down

MINUTE = 60.0


async def another_minute(story: Story, tries: Callable[[], int]) -> None:
    """Let a minute pass, and whatever is tried again in it."""
    before = tries()
    story.passes(MINUTE)
    await story.sees(lambda: tries() > before, "another try")


async def test_f85_ten_minutes_of_rate_limit(story: Story) -> None:
    """The card says that the page is delayed, PagerDuty is asked about once a minute, and then there is one incident."""
    await is_running(story)
    goes_down(story, "pagerduty", 429)
    story.playground.github.finishes(conclusion="failure", step="smoke")
    await story.until("P-1", "failed")
    await story.sees(
        lambda: "page to on-call is delayed" in card_words(story, "P-1"), "the delay on the card"
    )
    began = story.clock.now()
    while story.clock.now() - began < 10 * MINUTE:
        await another_minute(story, lambda: len(events(story, "trigger")))
        assert (await page(story, "/livez"))[0] == 200
    assert story.incidents == []
    assert len(events(story, "trigger")) <= 30
    assert "page to on-call is delayed" in card_words(story, "P-1")

    comes_back(story, "pagerduty")
    story.passes(MINUTE)
    await story.sees(lambda: story.incidents, "the incident")
    await story.settles()
    assert len(story.incidents) == 1
    assert "delayed" not in card_words(story, "P-1")
    assert "PD-4411" in story.card("P-1").text


@pytest.mark.parametrize("fault", [500, 429, 401])
async def test_f90_open_incidents_that_cannot_be_read_bar_the_deploy(story: Story, fault: Fault) -> None:
    """Nobody knows whether an incident is open: nothing is started until PagerDuty says that none is."""
    goes_down(story, "pagerduty", fault)
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await story.sees(lambda: story.asked("pagerduty", "/incidents"), "the look")
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")
    for _ in range(3):
        await another_minute(story, lambda: len(story.asked("pagerduty", "/incidents")))
    assert story.dispatches() == []
    assert (await story.stands("P-1")).phase.value == "waiting"

    comes_back(story, "pagerduty")
    story.passes(MINUTE)
    await story.sees(lambda: "Approve" in buttons(messages_about(story, "P-1")), "the Approve button")
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")
    await story.until("P-1", "deploying", "succeeded")


async def test_f90_pagerduty_goes_down_between_approval_and_dispatch(story: Story) -> None:
    """What was well when people approved is looked at again before the dispatch, and cannot be: it is held."""
    await is_asked(story)
    goes_down(story, "pagerduty")
    tried = len(story.asked("pagerduty", "/incidents"))
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")
    await story.sees(
        lambda: len(story.asked("pagerduty", "/incidents")) > tried, "the look before the dispatch"
    )
    story.passes(MINUTE)
    await story.sees(lambda: len(story.asked("pagerduty", "/incidents")) > tried + 2, "more looks")
    assert story.dispatches() == []

    comes_back(story, "pagerduty")
    story.passes(MINUTE)
    await story.until("P-1", "deploying", "succeeded")
    assert len(story.dispatches()) == 1


async def test_f90_an_incident_is_no_bar_to_the_way_back(story: Story) -> None:
    """P9: a rollback asks PagerDuty nothing before it runs."""
    story.world.run.seconds = 2.0
    await is_approved(story)
    await story.until("P-1", "succeeded")
    goes_down(story, "pagerduty")
    await story.bo.types("/promote rollback checkout in production because refunds are failing")
    await story.until("P-2", "succeeded")
    assert len(story.runs) == 2
