"""Slack's answers and silences: each is a definite no, a no for now, nothing done, or nobody knows."""

import pytest

from bot.adapters.slack import SlackChat
from bot.ports import Limited, Refused, Unclear, Unreachable, VendorError
from tests.adapters.scripted import Said, Vendor, nobody, vendor

TOKEN = "xoxb-playground"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (Said(200, '{"ok": false, "error": "channel_not_found"}'), Refused),
        (Said(200, '{"ok": false, "error": "token_revoked"}'), Refused),
        (Said(200, '{"ok": false, "error": "ratelimited"}'), Limited),
        (Said(429, '{"ok": false, "error": "ratelimited"}', {"Retry-After": "30"}), Limited),
        (Said(429, "slow down", {"Content-Type": "text/plain", "Retry-After": "30"}), Limited),
        (Said(429, "<html>", {"Content-Type": "text/html"}), Limited),
        (Said(429, "{", {"Retry-After": "soon"}), Limited),
        (Said(200, '{"ok": false, "error": "fatal_error"}'), Unclear),
        (Said(200, '{"ok": false}'), Unclear),
        (Said(500, "oops", {"Content-Type": "text/plain"}), Unclear),
        (Said(502, "<html>"), Unclear),
        (Said(503, '{"ok": false, "error": "service_unavailable"}'), Unclear),
        (Said(200, "fine", {"Content-Type": "text/plain"}), Unclear),
        (Said(200, "{"), Unclear),
        (Said(200, "[1]"), Unclear),
        (Said(200, "7"), Unclear),
        (Said(200, ""), Unclear),
        (Said(200, "<html>", {"Content-Type": "text/html"}), Unclear),
        (Said(200, '{"ok": true}'), Unclear),
        (Said(200, '{"ok": true, "channel": "C1", "ts": 7}'), Unclear),
        (Said(302, "", {"Location": "/nowhere"}), Unclear),
        (Said(end="close"), Unclear),
        (Said(end="hang"), Unclear),
    ],
)
async def test_f81_every_answer_and_silence_has_its_error_and_nothing_is_sent_twice(
    said: Said, error: type[VendorError]
) -> None:
    """A post that did not work says whether it may be there; the wire saw exactly one."""
    async with vendor(said) as slack, chat_at(slack) as chat:
        with pytest.raises(VendorError) as raised:
            await chat.post("C1", "said")
    assert type(raised.value) is error
    assert len([call for call in slack.heard if call.method == "POST"]) == 1


@pytest.mark.parametrize(
    ("header", "wait"), [("30", 30.0), ("0", 1.0), ("86400", 900.0), ("soon", 30.0), ("", 30.0)]
)
async def test_f79_retry_after_is_told_within_bounds(header: str, wait: float) -> None:
    """Slack's wait is passed on, at least a second and at most a quarter of an hour."""
    async with vendor(Said(429, '{"ok": false}', {"Retry-After": header})) as slack, chat_at(slack) as chat:
        with pytest.raises(Limited) as limited:
            await chat.update("C1", "1.2", "said")
    assert limited.value.retry_after == wait


async def test_f81_post_that_was_dropped_after_it_was_sent_is_not_sent_again() -> None:
    """slack_sdk alone would post once more after a moment, and the channel would show the card twice."""
    async with vendor(Said(end="close")) as slack, SlackChat(TOKEN, base_url=slack.url, deadline=5.0) as chat:
        with pytest.raises(Unclear, match="broke off"):
            await chat.post("C1", "said")
    assert len(slack.heard) == 1


async def test_f83_slack_that_is_not_there_was_never_reached() -> None:
    """A refused connection means that nothing was posted."""
    async with SlackChat(TOKEN, base_url=nobody()) as chat:
        with pytest.raises(Unreachable):
            await chat.post("C1", "said")


async def test_a47_errors_do_not_carry_the_token() -> None:
    """Neither the sentence nor its causes name the token."""
    async with vendor(Said(200, '{"ok": false, "error": "invalid_auth"}')) as slack, chat_at(slack) as chat:
        with pytest.raises(Refused) as refused:
            await chat.post("C1", "said")
    error: BaseException | None = refused.value
    while error is not None:
        assert TOKEN not in f"{error!r}{error}"
        error = error.__cause__


async def test_closing_leaves_nothing_open() -> None:
    """Opening and closing without a call, and twice, is fine."""
    chat = SlackChat(TOKEN, base_url=nobody())
    await chat.open()
    await chat.close()
    await chat.close()


def chat_at(slack: Vendor) -> SlackChat:
    return SlackChat(TOKEN, base_url=slack.url, deadline=0.5)
