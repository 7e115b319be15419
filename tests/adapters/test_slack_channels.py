"""Who reads along in a channel: what Slack tells of it, and what counts where it does not tell."""

import pytest

from bot.adapters.slack_answers import SharedConversation
from bot.domain.channels import Channel
from bot.ports import Refused
from tests.adapters.scripted import Said, vendor
from tests.adapters.test_slack import Place, chat_at
from tests.adapters.test_slack import place as place

OPEN = {"is_ext_shared": False, "is_pending_ext_shared": False}


@pytest.mark.parametrize(
    ("flags", "sharing"),
    [
        (OPEN, "inside"),
        ({**OPEN, "is_shared": True, "is_org_shared": True}, "inside"),
        ({**OPEN, "is_ext_shared": True}, "outside"),
        ({**OPEN, "is_pending_ext_shared": True}, "outside"),
        ({**OPEN, "is_ext_shared": True, "is_org_shared": True}, "outside"),
        ({"is_ext_shared": False}, "unread"),
        ({}, "unread"),
    ],
)
def test_a24_what_slack_says_of_a_channel(flags: dict[str, bool], sharing: str) -> None:
    """Another company counts, another workspace of ours does not; a flag that is missing is no promise."""
    assert SharedConversation.model_validate({"id": "C1", "name": "deploys", **flags}).sharing == sharing


async def test_a24_a_channel_is_looked_at_by_its_id(place: Place) -> None:
    """As it is now; one that the bot may not see is a no with Slack's word for it."""
    id = place.channel()
    assert await place.chat.channel(id) == Channel(id, "deploys", "inside")
    await place.slack.shares("deploys", "invited")
    assert await place.chat.channel(id) == Channel(id, "deploys", "outside")
    with pytest.raises(Refused) as refused:
        await place.chat.channel("C0NOWHERE")
    assert refused.value.code == "channel_not_found"


async def test_names_are_searched_for_all_at_once() -> None:
    """Two pages for three names, one of which nobody has; once all are found, no page is read."""
    first = Said(
        200,
        '{"ok": true, "channels": [{"id": "C1", "name": "a"}], "response_metadata": {"next_cursor": "n="}}',
    )
    last = Said(200, '{"ok": true, "channels": [{"id": "C2", "name": "b"}]}')
    async with vendor(first, last) as slack, chat_at(slack) as chat:
        assert await chat.find_channels(("a", "b", "c")) == {"a": "C1", "b": "C2"}
    async with vendor(first) as slack, chat_at(slack) as chat:
        assert await chat.find_channels(("a",)) == {"a": "C1"}
