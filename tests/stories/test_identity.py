"""Who may speak at all: before anything else, and whatever was sent."""

import asyncio
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from inline_snapshot import snapshot

from bot.playground.slack.payloads import interaction
from tests.stories.moments import rests
from tests.stories.post import FORM, JSON, hooked, payload, posted, signature, signed
from tests.stories.rules import rules_change
from tests.stories.said import heard, replies, told
from tests.stories.story import Somebody, Story

ASK = "/promote checkout@v2.14.3 to production because fix refunds"
DEEP = 100_000


async def asked(story: Story) -> None:
    """Ana asked, and everything but approval is there."""
    await story.ana.types(ASK)
    await story.sees(lambda: any("ready for review" in one.text for one in story.messages()), "the mention")
    await rests(story)


async def is_shut_out(story: Story, who: Somebody) -> list[str]:
    """Neither a line nor a click of this person does anything; the answer to the line."""
    before = await story.stands("P-1")
    said = replies(await who.types("/promote approve P-1"))
    await who.clicks("Approve")
    await who.types(ASK.replace("v2.14.3", "v2.14.2"))
    await rests(story)
    after = await story.stands("P-1")
    assert (after.phase, after.approvals) == (before.phase, before.approvals)
    assert await story.bot.store.load("P-2") is None
    return said


async def test_a22_a_guest_is_refused(story: Story) -> None:
    """A release manager whose account became a guest's may do nothing."""
    await asked(story)
    story.world.people["bo"] = replace(story.world.people["bo"], guest=True)
    story.passes(301)
    await story.sees(lambda: len(story.asked("slack", "users.info")) >= 10, "the accounts are read again")

    assert await is_shut_out(story, story.bo) == snapshot(
        [
            "I take requests from full members of this workspace only, so nothing was done. Ask somebody of the owner team to do it with you."
        ]
    )


async def test_a23_somebody_of_another_workspace_is_refused(story: Story) -> None:
    """The same user id from another workspace is somebody else."""
    await asked(story)
    story.world.people["bo"] = replace(story.world.people["bo"], team_id="T0OTHER")

    assert await is_shut_out(story, story.bo) == snapshot(
        [
            "I take requests from full members of this workspace only, so nothing was done. Ask somebody of the owner team to do it with you."
        ]
    )


async def test_a25_another_app_is_refused(story: Story) -> None:
    """A request that names another app is not for us, whoever sent it."""
    await asked(story)
    story.world.slack_app = "A0OTHER"

    assert await is_shut_out(story, story.bo) == snapshot(
        [
            "I take requests from full members of this workspace only, so nothing was done. Ask somebody of the owner team to do it with you."
        ]
    )


async def test_a27_a_bot_user_is_refused(story: Story) -> None:
    """A bot or a workflow asks for nothing, even when somebody wrote it into the catalog."""
    await asked(story)
    await rules_change(story, {"slack: U0ELI": f"slack: {story.world.bot_user}", "[eli]": "[eli, dee]"})
    story.world.people["eli"] = replace(story.world.people["eli"], slack=story.world.bot_user)
    await story.eli.types("/promote status")
    read = {"user": story.world.bot_user}
    await story.sees(lambda: any(one.body == read for one in story.asked("slack", "users.info")))

    assert await is_shut_out(story, story.eli) == snapshot([])


async def test_a18_somebody_whom_the_catalog_does_not_name_is_refused(story: Story) -> None:
    """Authority comes from the ids in the catalog only; Eli was taken out of it."""
    await asked(story)
    places = {"  eli: {slack: U0ELI, github: eli-dev}\n": "", "{members: [eli]}": "{members: [dee]}"}
    await rules_change(story, places)

    assert await is_shut_out(story, story.eli) == snapshot(
        [
            "I do not know <@U0ELI>, so nothing was done. An admin can add the Slack id `U0ELI` under `people` in the catalog."
        ]
    )


async def test_somebody_new_in_the_catalog_is_let_in_at_once(story: Story) -> None:
    """Who was just added need not wait for the next round of reads.

    Incident: a new release manager was told for five minutes that the account could not be checked.
    """
    eli = "  eli: {slack: U0ELI, github: eli-dev}\n"
    await rules_change(story, {eli: "", "{members: [eli]}": "{members: [dee]}"})
    await story.bot_restarts()
    await rules_change(story, {"people:\n": f"people:\n{eli}"})

    answer = await asyncio.wait_for(_until_known(story.eli), 5)

    assert "What runs where" in replies(answer)[0]


async def _until_known(who: Somebody) -> dict[str, object]:
    while True:
        answer = await who.types("/promote status")
        if "could not check" not in replies(answer)[0]:
            return answer
        await asyncio.sleep(0.01)


@pytest.mark.door("http")
async def test_a01_a05_a06_a_forged_request_is_not_even_parsed(story: Story) -> None:
    """No signature, a wrong one, one of another body, one that is no signature."""
    body = urlencode({"command": "/promote", "text": "status"}).encode()
    stamp = str(int(story.clock.now()))
    forged = [
        {},
        signature("another secret", stamp, body),
        signed(story, b"text=other"),
        {**signed(story, body), "X-Slack-Signature": ""},
        {**signed(story, body), "X-Slack-Signature": "v0=zz"},
        {**signed(story, body), "X-Slack-Signature": "v1=" + "0" * 64},
        {"X-Slack-Signature": signed(story, body)["X-Slack-Signature"]},
    ]

    assert [await posted(story, body, headers) for headers in forged] == [401] * len(forged)


@pytest.mark.door("http")
async def test_a03_an_old_request_is_not_taken(story: Story) -> None:
    """What is older than five minutes, or from the future, or not a time, is a replay."""
    body, secret = b"text=status", story.world.secrets["slack_signing"]
    odd = ["", "now", "-1", "1e9", "9" * 40, "0x10"]
    stamps = [signature(secret, stamp, body) for stamp in odd]

    assert [await posted(story, body, signed(story, body, age=age)) for age in (310, -310)] == [401, 401]
    assert [await posted(story, body, headers) for headers in stamps] == [401] * len(odd)


@pytest.mark.door("http")
async def test_a06_a57_a_body_that_cannot_be_read_is_400(story: Story) -> None:
    """Signed, and still not a request: doubled fields, broken text, broken or bottomless JSON."""
    click = payload({"type": "block_actions"})
    broken = [
        (click + b"&" + click, FORM),
        (click + b"&" + click, "text/plain"),
        (b"text=\xff\xfe", FORM),
        (b"payload=%7B", FORM),
        (b"payload=", FORM),
        (b"payload=%5B%5D", FORM),
        (b"payload=null", FORM),
        (b"payload=" + b"%5B" * 50_000, FORM),
        (b"{", JSON),
        (b"[]", JSON),
        (b"7", JSON),
        (b'{"a":' * DEEP, JSON),
        (click, JSON),
        ("&".join(f"a{n}=1" for n in range(200)).encode(), FORM),
    ]
    statuses = [await posted(story, body, signed(story, body), kind) for body, kind in broken]

    assert statuses == [400] * len(broken)


async def test_a_webhook_that_cannot_be_read_is_400(story: Story) -> None:
    """Signed by the vendor and still no webhook: refused, never an error of ours; unsigned it is 401."""
    broken = [b"", b"{", b"[]", b"null", b'{"workflow_run": {}}', b'{"event": 5}', b"\xff", b'{"a":' * DEEP]
    for vendor in ("github", "pagerduty"):
        path = f"/{vendor}/webhooks"
        signed_ones = [await posted(story, body, hooked(story, vendor, body), JSON, path) for body in broken]
        assert (vendor, signed_ones) == (vendor, [400] * len(broken))
        assert await posted(story, b"{}", {}, JSON, path) == 401


@pytest.mark.door("http")
async def test_a57_a_huge_body_is_413(story: Story) -> None:
    """Nobody needs two megabytes to press a button."""
    body = b"text=" + b"x" * 2 * 1024**2

    assert await posted(story, body, signed(story, body)) == 413


@pytest.mark.door("http")
async def test_payloads_that_are_not_what_slack_documents(story: Story) -> None:
    """Signed JSON of the wrong shape is 400 or ignored, never an error of ours."""
    person = story.world.people["ana"]
    whole = interaction(story.playground.slack.workspace, person, "block_actions")
    odd: list[object] = [
        {"type": "block_actions"},
        {**whole, "actions": []},
        {**whole, "actions": [{}]},
        {**whole, "actions": [{"action_id": 7}]},
        {**whole, "actions": "approve"},
        {**whole, "user": None, "actions": [{"action_id": "approve"}]},
        {**whole, "actions": [{"action_id": "approve", "block_id": "b", "value": "[" * 50}]},
        {
            **whole,
            "actions": [{"action_id": "approve", "block_id": "b", "value": '{"id":"\\ud800","rev":""}'}],
        },
        {**whole, "type": "view_submission"},
        {**whole, "type": "view_submission", "view": {"callback_id": "promo.request", "id": "V1"}},
        {
            **whole,
            "type": "view_submission",
            "view": {"callback_id": "promo.request", "id": "V1", "state": 1},
        },
        {**whole, "type": "view_submission", "view": {"callback_id": "nonsense", "id": "V1"}},
        {**whole, "type": "block_suggestion"},
        {**whole, "type": "no such type"},
        {"type": 5},
        {"team": 5, "user": 5, "type": "block_actions", "actions": 5},
    ]
    bodies = [payload(one) for one in odd] + [urlencode({"command": "/promote"}).encode()]
    statuses = [await posted(story, body, signed(story, body)) for body in bodies]

    assert [status for status in statuses if status not in {200, 400, 404}] == [], list(
        zip(statuses, odd, strict=False)
    )


async def test_a48_a_line_with_what_no_text_can_be(story: Story) -> None:
    """Half a character, a NUL, a line break and an escape sequence are words like others."""
    for strange in ("\x00", "\x1b[31m", "\u202e", "a\nb", "%s{0}"):
        await story.ana.types(f"/promote checkout@v2.14.3 to production because {strange} and more words")
    await rests(story)

    assert len([one for one in story.messages() if not one.thread_ts]) == 1


async def test_f69_a03_a_delivery_that_is_sent_again_has_one_effect(story: Story) -> None:
    """Slack sends a request again that it thinks lost; there is one promotion and one vote."""
    await asked(story)
    requests = story.playground.slack.requests
    line = requests.sent[-1]
    for number in (1, 2, 3):
        await requests.repeat(line, number)
    await story.bo.clicks("Approve")
    click = requests.sent[-1]
    for number in (1, 2, 3):
        await requests.repeat(click, number)
    await told(story.bo, 3)
    await rests(story)

    assert await story.bot.store.load("P-2") is None
    assert len((await story.stands("P-1")).approvals) == 1
    assert heard(story.bo)[0] == snapshot(
        "That was done already, as P-1; nothing was done twice. `/promote why P-1` shows where it stands."
    )


async def test_a04_a_delivery_that_is_sent_again_after_a_restart_has_one_effect(story: Story) -> None:
    """What was handled is remembered in the store, not in the process."""
    await story.ana.types(ASK)
    await story.until("P-1", "waiting")
    line = story.playground.slack.requests.sent[-1]
    await story.ana.types("/promote cancel P-1")
    await rests(story)

    await story.bot_restarts()
    ack = await story.playground.slack.requests.repeat(line, 1)
    await rests(story)

    assert ack.failure is None
    assert ack.body["text"] == snapshot(
        "That was done already, as P-1; nothing was done twice. `/promote why P-1` shows where it stands."
    )
    assert len(await _all_promotions(story)) == 1


async def _all_promotions(story: Story) -> list[str]:
    found = [await story.bot.store.load(f"P-{number}") for number in range(1, 6)]
    return [one.id for one in found if one is not None]
