"""Slack comes through sockets that the bot opened: they die, are replaced and are taken away, and nothing is lost."""

import asyncio

import pytest

from bot.alarm import APP_TOKEN
from bot.playground.slack.raw import Raw
from bot.slack_door import MOST_BYTES
from tests.observability.scrapes import page, scraped
from tests.stories.deploys import is_asked, is_running
from tests.stories.moments import rests
from tests.stories.parts import halting_store, weak_store
from tests.stories.post import posted, signed
from tests.stories.story import Answer, Story

pytestmark = pytest.mark.door("socket")
HEARTBEAT = 0.3  # real seconds


async def test_nothing_is_signed_and_nothing_comes_over_http(story: Story) -> None:
    """In Socket Mode /slack/events is not there, not even for who knows the secret."""
    story.environment["SLACK_SIGNING_SECRET"] = story.world.secrets["slack_signing"]
    await story.bot_restarts()
    body = b"command=%2Fpromote&text=help"
    assert await posted(story, body, signed(story, body)) == 404
    assert "/promote help" in words(await story.ana.types("/promote help"))


async def test_f72_a_silent_socket_is_found_and_the_next_click_arrives(story: Story) -> None:
    """Both lines are cut without a word: /readyz is red until new ones are there, and then people are served."""
    story.heartbeat = HEARTBEAT
    await story.bot_restarts()
    await is_asked(story)
    sockets = story.playground.slack.sockets
    opened = sockets.opened
    for one in sockets.open:
        one.is_silent = True
    await story.sees(lambda: sockets.opened >= opened + 2, "two new sockets")
    await story.sees(lambda: is_ready(story), "ready again")
    await story.bo.clicks("Approve")
    assert {one.by for one in (await story.stands("P-1")).approvals} == {"bo"}


async def test_slack_replaces_its_sockets_and_nobody_notices(story: Story) -> None:
    """Every socket is refreshed while a promotion goes on; each click arrives once."""
    await is_asked(story)
    story.passes(60)
    sockets = story.playground.slack.sockets
    old = tuple(sockets.open)
    for one in old:
        await one.leaves("refresh_requested")
    await story.bo.clicks("Approve")
    await story.sees(lambda: len([one for one in sockets.open if one not in old]) == 2, "two new sockets")
    for one in old:
        await one.close()
    await story.cy.clicks("Approve")
    await story.until("P-1", "succeeded")
    assert sockets.opened == 4


async def test_f72_without_a_socket_the_bot_is_not_ready(story: Story) -> None:
    """Red while none is alive, and a person is told by Slack; green with the first one, and it is counted."""
    assert (await scraped(story)).value("greenlight_slack_sockets") == 2
    story.world.vendor_always["slack"] = 503
    await story.playground.slack.sockets.close()
    await story.sees(lambda: is_unready(story), "not ready")
    assert (await scraped(story)).value("greenlight_slack_sockets") == 0
    await story.ana.types("/promote help")
    assert "dispatch_failed" in story.ana.heard[-1]
    story.world.vendor_always.clear()
    await story.sees(lambda: is_ready(story), "ready again")
    assert "/promote help" in words(await story.ana.types("/promote help"))


async def test_f02_what_was_stored_and_not_acknowledged_is_done_once(story: Story) -> None:
    """Killed between the commit and the receipt: the click is sent again through another socket, and counts once."""
    store = await halting_store(story)
    await is_asked(story)
    await rests(story)
    store.halts = lambda change: any(row.action == "approve" for row in change.audit)
    clicking = asyncio.create_task(story.bo.clicks("Approve"))
    await store.has_committed.wait()
    await story.bot_dies()
    await clicking
    assert "dispatch_failed" in story.bo.heard[-1]

    store.halts = lambda change: False
    await story.bot_starts()
    requests = story.playground.slack.requests
    assert (await requests.repeat(requests.sent[-1], 1)).failure is None
    assert [one.by for one in (await story.stands("P-1")).approvals] == ["bo"]


async def test_a_click_that_could_not_be_stored_gets_no_receipt(story: Story) -> None:
    """The store is down: Slack gets no acknowledgement, and shows the person that the click did not arrive."""
    store = await weak_store(story)
    await is_asked(story)
    await rests(story)
    store.fails = lambda change: any(row.action == "approve" for row in change.audit)
    await story.bo.clicks("Approve")
    assert store.failures
    assert "operation_timeout" in story.bo.heard[-1]
    assert (await story.stands("P-1")).approvals == ()


async def test_f72_socket_mode_is_switched_off_under_a_running_deploy(story: Story) -> None:
    """Whoever runs the bot is paged once, the deploy goes on, and the page is resolved when sockets open again."""
    story.expected_complaints.append("Slack lets no socket open")
    await is_running(story)
    sockets = story.playground.slack.sockets
    sockets.refusal = "link_disabled"
    for one in tuple(sockets.open):
        await one.leaves("link_disabled")
    await story.until("P-1", "succeeded")
    await story.sees(lambda: [one["status"] for one in pages(story)] == ["triggered"], "the page")
    assert len([said for said in story.complaints.said if "no socket" in said]) == 1
    sockets.refusal = ""
    story.passes(150)
    await story.sees(lambda: [one["status"] for one in pages(story)] == ["resolved"], "the end of it")
    await story.sees(lambda: is_ready(story), "ready again")


async def test_what_nobody_can_read_is_left_alone(story: Story) -> None:
    """An envelope of a new type is acknowledged and ignored; one that is broken or huge gets no receipt."""
    sockets = story.playground.slack.sockets
    assert await sockets.deliver("news_from_the_future", {"a": 1}, {}) != {}
    broken: list[tuple[str, Raw]] = [
        ("slash_commands", {"text": "help"}),
        ("interactive", {"type": "block_actions"}),
        ("interactive", {"type": "block_actions", "user": {"id": "\ud800"}}),
        ("events_api", {"event": 7}),
        ("slash_commands", {"command": "/promote", "text": "x" * MOST_BYTES}),
    ]
    asked = [asyncio.create_task(sockets.deliver(kind, payload, {})) for kind, payload in broken]
    await story.sees(lambda: counts(story, malformed=3, large=1), "four that were refused")
    await sockets.close()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(one) for one in answers} == {ConnectionResetError}
    await story.sees(lambda: is_ready(story), "ready again")
    assert "/promote help" in words(await story.ana.types("/promote help"))


async def counts(story: Story, **wanted: int) -> bool:
    """Whether so many requests of Slack came to these results."""
    seen = await scraped(story)
    name = "greenlight_deliveries_total"
    return all(seen.value(name, route="slack", result=result) == many for result, many in wanted.items())


def words(answer: Answer) -> str:
    """What the person was shown."""
    return "\n".join(reply["text"] for reply in answer["replies"])


def pages(story: Story) -> list[Answer]:
    """The incidents about the app-level token."""
    return [one for one in story.incidents if one["dedup_key"] == APP_TOKEN.key]


async def is_ready(story: Story) -> bool:
    """Whether a load balancer would send people here."""
    status, text = await page(story, "/readyz")
    return status == 200 and "slack socket: ok" in text


async def is_unready(story: Story) -> bool:
    """Whether it is said that no socket is alive."""
    status, text = await page(story, "/readyz")
    return status == 503 and "slack socket: not ok" in text
