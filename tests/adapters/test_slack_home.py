"""Homes and time zones, as Slack takes and tells them."""

import pytest

from bot.ports import Refused, View
from tests.adapters.test_slack import Place
from tests.adapters.test_slack import place as place

PLAIN = {"type": "section", "text": {"type": "plain_text", "text": "plain"}}
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "rich"}]]}


def home(*blocks: object) -> View:
    """A Home of some blocks."""
    return {"type": "home", "blocks": list(blocks)}


async def test_a_home_is_published_in_the_first_form_that_slack_takes(place: Place) -> None:
    """Tables where they are known, the plainer form where they are refused."""
    rungs = [home(TABLE), home(PLAIN)]
    await place.chat.publish_home("U0ANA", rungs)
    assert place.slack.workspace.homes["U0ANA"].body["blocks"][0]["type"] == "table"
    place.slack.workspace.refuse_blocks = "rich"
    await place.chat.publish_home("U0ANA", rungs)
    assert place.slack.workspace.homes["U0ANA"].body["blocks"][0]["type"] == "section"
    assert len(place.asked("views.publish")) == 3


async def test_a_home_that_slack_takes_in_no_form_is_refused(place: Place) -> None:
    """Somebody whom Slack does not know, and a form that is none, are a definite no."""
    with pytest.raises(Refused):
        await place.chat.publish_home("U0NOBODY", [home(PLAIN)])
    with pytest.raises(Refused):
        await place.chat.publish_home("U0ANA", [home({"type": "no such block"})])


async def test_an_account_has_the_time_zone_that_its_owner_set(place: Place) -> None:
    """By which quiet hours go."""
    assert (await place.chat.account("U0ANA")).zone == "Europe/Paris"
