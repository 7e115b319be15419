"""The ways in which Slack reaches the bot are proved, or said to be unproved: a socket by opening it, HTTP by what came."""

import pytest

from bot.doctor.case import Arrivals
from bot.doctor.slack import DAY
from bot.playground.seed import APP_TOKEN
from bot.playground.slack.simulator import Slack
from tests.doctor.clinic import Clinic, not_well, place
from tests.stories.story import Story


@pytest.fixture
def socket(clinic: Clinic) -> Slack:
    """The bot is to be reached through sockets."""
    del clinic.environment["SLACK_SIGNING_SECRET"]
    clinic.environment["SLACK_APP_TOKEN"] = APP_TOKEN
    clinic.playground.slack.sockets.is_on = True
    return clinic.playground.slack


async def test_a_socket_is_opened_and_closed(clinic: Clinic, socket: Slack) -> None:
    """That Slack gives out an address is not enough: it has to say hello; afterwards the socket is gone."""
    found = [one for one in (await clinic.looks("slack")).findings if one.check == "socket"]
    assert [(one.grade.value, one.says) for one in found] == [
        ("PASS", "Slack takes the app-level token: a socket was opened, and Slack said hello on it.")
    ]
    assert (socket.sockets.opened, socket.sockets.open) == (1, [])


async def test_no_more_sockets(clinic: Clinic, socket: Slack) -> None:
    """The token is taken and the address given out, and then there is no room: something to know of."""
    socket.sockets.most = 0
    found = await clinic.finds("slack")
    assert place(found) == ("WARN", "socket", "SLACK_APP_TOKEN")
    assert "an app may have ten" in found.says


async def test_sockets_switched_off(clinic: Clinic, socket: Slack) -> None:
    """Slack's own word stands in the finding."""
    socket.sockets.refusal = "socket_mode_not_enabled"
    found = await clinic.finds("slack")
    assert place(found) == ("FAIL", "socket", "SLACK_APP_TOKEN")
    assert "(socket_mode_not_enabled)" in found.says


async def test_a_signing_secret_is_not_proved_by_being_set(clinic: Clinic) -> None:
    """From the command line nobody can say whether it is the app's."""
    clinic.arrivals = Arrivals()
    clinic.environment["SLACK_SIGNING_SECRET"] = "of-another-app"
    found = await clinic.finds("slack")
    assert place(found) == ("WARN", "requests", "SLACK_SIGNING_SECRET")
    assert "cannot be proved from here" in found.says
    assert "/promote doctor" in found.fix


async def test_what_came_well_signed_proves_it_for_a_day(clinic: Clinic) -> None:
    """In the bot that runs; what came before was perhaps signed with another secret."""
    clinic.arrivals = Arrivals(signed_at=clinic.clock.now() - DAY / 2)
    assert not_well(await clinic.looks("slack")) == []
    clinic.arrivals = Arrivals(signed_at=clinic.clock.now() - 2 * DAY)
    assert place(await clinic.finds("slack")) == ("WARN", "requests", "SLACK_SIGNING_SECRET")


@pytest.mark.door("socket")
async def test_a_bot_with_sockets_opens_no_other_one(story: Story) -> None:
    """What Slack would send through it is meant for the bot: a checkup takes nobody's click."""
    before = story.playground.slack.sockets.opened
    await story.bo.types("/promote doctor")
    said = story.playground.slack.shown_to
    await story.sees(lambda: any("all is well" in one.text for one in said("bo")), "the checkup")
    assert story.playground.slack.sockets.opened == before
