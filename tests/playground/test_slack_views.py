"""Modals, homes, response URLs and limits of the simulated Slack, tried with the real client over HTTP."""

import pytest

from tests.playground.practice_app import Raw, card, plain
from tests.playground.stage import Stage, answered, raw_call, refusal

MODAL: Raw = {"type": "modal", "title": plain("Hello"), "blocks": card("P-1")}


async def test_a_trigger_opens_one_modal_within_three_seconds(stage: Stage) -> None:
    """A trigger id works once, and not after three seconds of the world's time."""
    opened = stage.client.views_open
    trigger = stage.trigger()
    await opened(trigger_id=trigger, view=MODAL)
    assert (await refusal(opened(trigger_id=trigger, view=MODAL)))["error"] == "exchanged_trigger_id"
    late = stage.trigger()
    stage.world.clock.forward(3.1)
    assert (await refusal(opened(trigger_id=late, view=MODAL)))["error"] == "expired_trigger_id"
    assert (await refusal(opened(trigger_id="made-up", view=MODAL)))["error"] == "invalid_trigger_id"


async def test_an_old_hash_does_not_overwrite_a_newer_view(stage: Stage) -> None:
    """views.update with the hash of before is refused, so two updates cannot overtake each other."""
    view = (await stage.client.views_open(trigger_id=stage.trigger(), view=MODAL))["view"]
    update = stage.client.views_update
    await update(view_id=view["id"], hash=view["hash"], view=MODAL)
    assert (await refusal(update(view_id=view["id"], hash=view["hash"], view=MODAL)))[
        "error"
    ] == "hash_conflict"
    assert (await refusal(update(view_id="V404", view=MODAL)))["error"] == "not_found"


async def test_modals_lie_three_deep_at_most(stage: Stage) -> None:
    """The fourth modal is refused."""
    view = (await stage.client.views_open(trigger_id=stage.trigger(), view=MODAL))["view"]
    for _ in range(2):
        trigger = stage.slack.workspace.new_trigger("U0ANA", view["id"])
        view = (await stage.client.views_push(trigger_id=trigger, view=MODAL))["view"]
    trigger = stage.slack.workspace.new_trigger("U0ANA", view["id"])
    pushed = stage.client.views_push(trigger_id=trigger, view=MODAL)
    assert (await refusal(pushed))["error"] == "push_limit_reached"


async def test_a_home_is_published_per_person(stage: Stage) -> None:
    """views.publish keeps one home for each person, and judges its blocks as a home's."""
    home = {"type": "home", "blocks": card("P-1")}
    first = (await stage.client.views_publish(user_id="U0ANA", view=home))["view"]
    again = (await stage.client.views_publish(user_id="U0ANA", view=home))["view"]
    assert first["id"] == again["id"]
    plan = {"type": "home", "blocks": [{"type": "plan", "title": "x", "tasks": []}]}
    refused = await refusal(stage.client.views_publish(user_id="U0ANA", view=plan))
    assert refused["error"] == "invalid_arguments"
    assert refused["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: plan [json-pointer:/view/blocks/0/type]"
    ]


async def test_a_response_url_takes_five_answers_in_thirty_minutes(stage: Stage) -> None:
    """The sixth answer and the one after half an hour are refused; privacy is the default."""
    hook = stage.hook()
    statuses = [await answered(hook, {"text": f"answer {number}"}) for number in range(6)]
    assert statuses == [200, 200, 200, 200, 200, 404]
    assert [message.text for message in stage.slack.shown_to("ana")] == [f"answer {n}" for n in range(5)]
    late = stage.hook()
    stage.world.clock.forward(1801)
    assert await answered(late, {"text": "late"}) == 404


async def test_a_private_reply_can_be_replaced_and_deleted(stage: Stage) -> None:
    """replace_original and delete_original change the message that was clicked."""
    deploys = stage.slack.workspace.channel("deploys")
    await stage.client.chat_postEphemeral(channel=deploys.id, user="U0ANA", text="old", blocks=card("P-1"))
    original = stage.slack.shown_to("ana")[0]
    name = stage.slack.workspace.new_hook("U0ANA", deploys.id, original, None)
    hook = f"{stage.url}/sim/slack/response/{name}"
    assert await answered(hook, {"replace_original": True, "text": "new"}) == 200
    assert [(message.text, message.blocks) for message in stage.slack.shown_to("ana")] == [("new", [])]
    assert await answered(hook, {"delete_original": True}) == 200
    assert stage.slack.shown_to("ana") == []


async def test_posting_too_fast_is_limited_until_time_passes(stage: Stage) -> None:
    """A burst of posts to one channel is taken, then 429 with Retry-After; another channel is free."""
    body = {"channel": "deploys", "text": "x"}
    statuses = [(await raw_call(stage, "chat.postMessage", body))[0] for _ in range(25)]
    assert statuses[:20] == [200] * 20
    assert 429 in statuses
    status, headers = await raw_call(stage, "chat.postMessage", body)
    assert (status, headers["Retry-After"]) == (429, "1")
    assert (await raw_call(stage, "chat.postMessage", body | {"channel": "general"}))[0] == 200
    stage.world.clock.forward(5)
    assert (await raw_call(stage, "chat.postMessage", body))[0] == 200


async def test_limits_can_be_switched_off(stage: Stage) -> None:
    """A test that is not about limits never meets one."""
    stage.slack.limits.enforced = False
    body = {"channel": "deploys", "text": "x"}
    assert {(await raw_call(stage, "chat.postMessage", body))[0] for _ in range(40)} == {200}


@pytest.mark.parametrize(
    ("fault", "status", "posts"), [(429, 429, 0), (500, 500, 0), ("accept-then-502", 502, 1)]
)
async def test_slack_can_be_bent(stage: Stage, fault: int, status: int, posts: int) -> None:
    """A status is answered instead of the deed, except accept-then-502, where the deed is done as well."""
    stage.world.vendor["slack"] = [fault]
    body = {"channel": "deploys", "text": "x"}
    assert (await raw_call(stage, "chat.postMessage", body))[0] == status
    assert stage.slack.posts("deploys") == posts
    assert (await raw_call(stage, "chat.postMessage", body))[0] == 200


async def test_every_call_is_in_the_ledger_without_its_token(stage: Stage) -> None:
    """The ledger holds method, arguments and status of each call, refused ones included, and no token."""
    await stage.client.chat_postMessage(channel="deploys", text="x")
    await refusal(stage.client.conversations_info(channel="C404"))
    entries = [(entry.vendor, entry.path, entry.status) for entry in stage.world.ledger]
    assert entries == [("slack", "chat.postMessage", 200), ("slack", "conversations.info", 200)]
    assert stage.world.ledger[0].body == {"channel": "deploys", "text": "x"}
    assert "xoxb" not in str(stage.world.ledger)
