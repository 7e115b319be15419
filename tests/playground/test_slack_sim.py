"""The simulated Web API is as strict as the real one: tried with the real client over HTTP."""

import pytest

from tests.playground.practice_app import button, card
from tests.playground.stage import Stage, posted, refusal


async def test_a_token_that_looks_real_is_refused(stage: Stage) -> None:
    """Nobody can point the playground at a real workspace's token by mistake."""
    assert (await stage.client.auth_test())["user_id"] == stage.world.bot_user
    assert (await refusal(stage.client_with("xoxb-1234-5678-abc").auth_test()))["error"] == "invalid_auth"
    assert (await refusal(stage.client_with("").auth_test()))["error"] == "not_authed"


async def test_an_unknown_method_says_so(stage: Stage) -> None:
    """A method that the simulator does not know is refused by name, never half answered."""
    assert (await refusal(stage.client.api_call("chat.shout")))["error"] == "unknown_method"


async def test_a_card_is_posted_edited_and_threaded(stage: Stage) -> None:
    """One message stands in the channel, its edits and replies are counted, timestamps only grow."""
    metadata = {"event_type": "promotion", "event_payload": {"promotion": "P-1"}}
    posted = await stage.client.chat_postMessage(
        channel="#deploys", text="P-1 asks", blocks=card("P-1", button("a", "Go", "{}")), metadata=metadata
    )
    place = {"channel": posted["channel"], "ts": posted["ts"]}
    await stage.client.chat_update(**place, text="P-1 waits", blocks=card("P-1"))
    reply = await stage.client.chat_postMessage(
        channel=place["channel"], text="1 of 2", thread_ts=place["ts"]
    )
    loud = await stage.client.chat_postMessage(
        channel=place["channel"], text="failed", thread_ts=place["ts"], reply_broadcast=True
    )
    assert stage.slack.posts("deploys") == 2
    assert stage.slack.thread_replies("deploys") == 2
    assert stage.slack.edits("deploys") == {place["ts"]: 1, reply["ts"]: 0, loud["ts"]: 0}
    assert float(place["ts"]) < float(reply["ts"]) < float(loud["ts"])
    assert stage.slack.messages("deploys")[0].metadata == metadata


async def test_text_without_blocks_takes_the_blocks_away(stage: Stage) -> None:
    """chat.update with text alone removes the old blocks, so a fallback never shows an old card."""
    posted = await stage.client.chat_postMessage(channel="deploys", text="card", blocks=card("P-1"))
    await stage.client.chat_update(channel=posted["channel"], ts=posted["ts"], text="plain")
    assert stage.slack.messages("deploys")[0].blocks == []


async def test_posts_are_refused_where_slack_refuses_them(stage: Stage) -> None:
    """Each refusal of chat.postMessage has Slack's own name."""
    post = stage.client.chat_postMessage
    deploys = stage.slack.workspace.channel("deploys")
    assert (await refusal(post(channel="nowhere", text="x")))["error"] == "channel_not_found"
    assert (await refusal(post(channel="payments", text="x")))["error"] == "not_in_channel"
    assert (await posted(stage, "chat.postMessage", {"channel": "deploys"}))["error"] == "no_text"
    assert (await refusal(post(channel="deploys", text="x" * 40_001)))["error"] == "msg_too_long"
    assert (await refusal(post(channel="deploys", text="x", thread_ts="1.2")))["error"] == "thread_not_found"
    deploys.archived = True
    assert (await refusal(post(channel="deploys", text="x")))["error"] == "is_archived"


async def test_only_own_messages_can_be_changed(stage: Stage) -> None:
    """The bot cannot edit or delete what a person wrote, nor what is not there."""
    deploys = stage.slack.workspace.channel("deploys")
    await stage.slack.people.say(stage.world.people["ana"], deploys, "hello")
    ts = next(iter(deploys.messages))
    update, delete = stage.client.chat_update, stage.client.chat_delete
    assert (await refusal(update(channel=deploys.id, ts=ts, text="x")))["error"] == "cant_update_message"
    assert (await refusal(delete(channel=deploys.id, ts=ts)))["error"] == "cant_delete_message"
    assert (await refusal(update(channel=deploys.id, ts="1.0", text="x")))["error"] == "message_not_found"
    own = await stage.client.chat_postMessage(channel="deploys", text="mine")
    long = update(channel=deploys.id, ts=own["ts"], text="é" * 2_001)
    assert (await refusal(long))["error"] == "msg_too_long"


async def test_a_private_reply_reaches_one_member_only(stage: Stage) -> None:
    """chat.postEphemeral shows a message to one person, and refuses who is not in the channel."""
    posted = await stage.client.conversations_create(name="inc-4411-checkout")
    channel = posted["channel"]["id"]
    ephemeral = stage.client.chat_postEphemeral
    assert (await refusal(ephemeral(channel=channel, user="U0BO", text="x")))[
        "error"
    ] == "user_not_in_channel"
    await stage.client.conversations_invite(channel=channel, users="U0BO")
    await ephemeral(channel=channel, user="U0BO", text="only you")
    assert [message.text for message in stage.slack.shown_to("bo")] == ["only you"]
    assert stage.slack.posts("inc-4411-checkout") == 0


async def test_an_incident_channel_is_made_strictly(stage: Stage) -> None:
    """Names, invitations, topics and pins are refused as Slack refuses them."""
    create = stage.client.conversations_create
    channel = (await create(name="inc-1-checkout"))["channel"]["id"]
    assert (await refusal(create(name="inc-1-checkout")))["error"] == "name_taken"
    assert (await refusal(create(name="Inc 2")))["error"] == "invalid_name_specials"
    assert (await refusal(create(name="x" * 81)))["error"] == "invalid_name_maxlength"
    invite = stage.client.conversations_invite
    await invite(channel=channel, users="U0ANA,U0DEE")
    assert (await refusal(invite(channel=channel, users="U0ANA")))["error"] == "already_in_channel"
    assert (await refusal(invite(channel=channel, users=stage.world.bot_user)))["error"] == "cant_invite_self"
    mixed = await refusal(invite(channel=channel, users="U0BO,U0NOBODY"))
    assert mixed["errors"] == [{"ok": False, "error": "user_not_found", "user": "U0NOBODY"}]
    assert (await stage.client.conversations_members(channel=channel))["members"][-1] == "U0DEE"
    await stage.client.conversations_setTopic(channel=channel, topic="checkout fails")
    assert (await stage.client.conversations_info(channel=channel))["channel"]["topic"][
        "value"
    ] == "checkout fails"
    message = await stage.client.chat_postMessage(channel=channel, text="pin me")
    await stage.client.pins_add(channel=channel, timestamp=message["ts"])
    again = stage.client.pins_add(channel=channel, timestamp=message["ts"])
    assert (await refusal(again))["error"] == "already_pinned"
    await stage.client.conversations_archive(channel=channel)
    assert (await refusal(stage.client.conversations_archive(channel=channel)))["error"] == "already_archived"


async def test_lists_come_in_pages(stage: Stage) -> None:
    """conversations.list hands out a cursor until everything was shown."""
    names, cursor = [], ""
    while True:
        page = await stage.client.conversations_list(limit=3, cursor=cursor, types="public_channel")
        names += [channel["name"] for channel in page["channels"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert names == ["deploys", "deploy-audit", "general", "payments"]
    assert (await refusal(stage.client.conversations_list(cursor="no")))["error"] == "invalid_cursor"


async def test_people_are_found_by_id_and_address(stage: Stage) -> None:
    """users.info, lookupByEmail and the user groups know the five people and the bot."""
    assert (await stage.client.users_info(user="U0ANA"))["user"]["is_restricted"] is False
    assert (await stage.client.users_info(user=stage.world.bot_user))["user"]["is_bot"] is True
    assert (await stage.client.users_lookupByEmail(email="bo@acme.example"))["user"]["id"] == "U0BO"
    assert len((await stage.client.users_list())["members"]) == 6
    assert (await refusal(stage.client.users_info(user="U0X")))["error"] == "user_not_found"
    stage.slack.workspace.usergroups["S0WEB"] = ["U0ELI"]
    assert (await stage.client.usergroups_users_list(usergroup="S0WEB"))["users"] == ["U0ELI"]
    assert (await stage.client.bots_info(bot=stage.world.bot_id))["bot"]["app_id"] == stage.world.slack_app


async def test_bad_blocks_are_refused_with_a_pointer(stage: Stage) -> None:
    """invalid_blocks says which value is wrong and where, as Slack does."""
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    refused = await refusal(stage.client.chat_postMessage(channel="deploys", text="x", blocks=blocks))
    assert refused["error"] == "invalid_blocks"
    assert refused["errors"] == ["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]
    assert stage.slack.posts("deploys") == 0


@pytest.mark.parametrize(
    ("mode", "table", "section"), [("none", "", ""), ("rich", "x", ""), ("all", "x", "x")]
)
async def test_a_test_can_force_the_fallback_ladder(
    stage: Stage, mode: str, table: str, section: str
) -> None:
    """refuse_blocks makes Slack refuse the newer blocks, or all of them, whatever they say."""
    stage.slack.workspace.refuse_blocks = mode  # type: ignore[assignment]
    rows = [[{"type": "raw_text", "text": "Gate"}], [{"type": "raw_text", "text": "Passed"}]]
    tried = {"table": [{"type": "table", "rows": rows}], "section": card("P-1")}
    refused = {}
    for name, blocks in tried.items():
        body = {"channel": "deploys", "text": "x", "blocks": blocks}
        answer = await posted(stage, "chat.postMessage", body)
        refused[name] = "x" if answer.get("error") == "invalid_blocks" else ""
    assert refused == {"table": table, "section": section}
