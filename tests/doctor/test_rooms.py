"""The channels of the catalog are found in a workspace of any size, with as few questions as that takes."""

import pytest

from bot.adapters.slack_inspection import SlackLooks
from bot.catalog import load_catalog
from bot.doctor import rooms
from bot.doctor.chart import Chart
from bot.playground.slack.state import Channel
from bot.playground.world import Sharing
from tests.doctor.clinic import Clinic, not_well, place

PAGE = 1_000  # channels, as many as are asked for at a time


@pytest.fixture
def large(clinic: Clinic) -> Clinic:
    """A workspace in which the channels of the catalog are on the first of three pages, and many were archived."""
    channels = clinic.playground.slack.workspace.channels
    for number in range(2 * PAGE + 10):
        one = Channel(f"C1{number:06}", f"room-{number}", [], archived=number % 2 == 1)
        channels[one.id] = one
    return clinic


def pages(clinic: Clinic) -> int:
    """How often channels were asked for."""
    return sum(one.path == "conversations.list" for one in clinic.playground.world.ledger)


async def test_nothing_is_read_once_every_name_was_found(large: Clinic) -> None:
    """One page of three."""
    assert not_well(await large.looks("slack")) == []
    assert pages(large) == 1


async def test_a_channel_of_the_last_page_is_found(large: Clinic) -> None:
    """Archived ones are left out, so it is on the second."""
    large.writes("channel: deploys", f"channel: room-{2 * PAGE + 8}")
    found = await large.finds("slack")
    assert place(found) == ("FAIL", "channels", f"#room-{2 * PAGE + 8}")
    assert "The bot is not in" in found.says
    assert pages(large) == 2


async def test_an_archived_channel_is_looked_for_when_its_name_is_missing(large: Clinic) -> None:
    """After the two pages of the others, and no further than it stands."""
    large.writes("channel: deploys", "channel: room-1")
    found = await large.finds("slack")
    assert place(found) == ("FAIL", "channels", "#room-1")
    assert "archived" in found.says
    assert pages(large) == 2 + 1


async def test_a_name_that_no_channel_has_is_looked_for_everywhere(large: Clinic) -> None:
    """Two pages without the archived ones, three with them."""
    large.writes("channel: deploys", "channel: deplois")
    found = await large.finds("slack")
    assert place(found) == ("FAIL", "channels", "#deplois")
    assert pages(large) == 2 + 3


async def test_an_archived_channel_whose_name_went_to_another_is_not_looked_at(clinic: Clinic) -> None:
    """Slack lets a name be used again."""
    workspace = clinic.playground.slack.workspace
    old = Channel("C0OLD", "deploys", [], archived=True)
    workspace.channels = {old.id: old, **workspace.channels}
    assert not_well(await clinic.looks("slack")) == []


async def test_a_page_that_does_not_come_takes_nothing_back(large: Clinic) -> None:
    """What was found before passes; why the rest is not known is told once, and nothing is called missing."""
    large.writes("repo: acme/inventory", "channel: far-away\n    repo: acme/inventory")
    world = large.playground.world

    def look() -> None:
        if any(one.path == "conversations.list" and one.status for one in world.ledger):
            world.vendor_always["slack"] = 503

    world.listeners.append(look)
    said = [place(one) for one in (await large.looks("slack")).findings if one.check == "channels"]
    assert said == [("FAIL", "channels", "#far-away"), ("PASS", "channels", "#deploys")]


async def test_a_workspace_without_end_is_something_to_know_of(large: Clinic) -> None:
    """Nobody knows then whether the channel is there."""
    large.writes("channel: deploys", f"channel: room-{2 * PAGE + 8}")
    chart, catalog = Chart("slack"), load_catalog(large.catalog)
    token, address = large.environment["SLACK_BOT_TOKEN"], large.environment["SLACK_API_URL"]
    slack = SlackLooks(token, base_url=address, now=large.clock.now)
    await slack.open()
    try:
        await rooms.look(chart, catalog, slack, most_pages=1)
    finally:
        await slack.close()
    (found,) = chart.findings
    assert place(found) == ("WARN", "channels", f"#room-{2 * PAGE + 8}")
    assert "was not proved" in found.says


@pytest.mark.parametrize("sharing", ["shared", "invited"])
async def test_a24_a_channel_that_others_read_is_warned_of(clinic: Clinic, sharing: Sharing) -> None:
    """Cards say less there and nothing is approved: that is a choice, and not one that is made by accident."""
    clinic.playground.world.shared["deploys"] = sharing
    found = await clinic.finds("slack")
    assert place(found) == ("WARN", "channels", "#deploys")
    assert "shared with another company" in found.says
