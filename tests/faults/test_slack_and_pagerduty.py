"""Slack takes the bot's token away, its addresses for answers run out, and PagerDuty comes back in the wrong order."""

import ast

import aiohttp

from tests.documents import ROOT
from tests.stories.deploys import fails, is_running
from tests.stories.moments import rests
from tests.stories.story import Story
from tests.stories.vendors import comes_back, events, goes_down


async def test_f75_no_answer_goes_through_a_response_url(story: Story) -> None:
    """Five answers in half an hour are Slack's limit: after a whole deploy, with private replies, none was used."""
    await fails(story)
    await story.eli.types("/promote approve P-1")
    await story.eli.clicks("Roll back")
    await story.bo.types("/promote rollback checkout in production because errors are up")
    await story.until("P-2", "succeeded")
    await story.settles()
    hooks = story.playground.slack.workspace.hooks.values()
    assert hooks
    assert not [one for one in story.world.ledger if "/response/" in one.path and one.body]


def test_f75_nobody_reads_a_response_url() -> None:
    """The product has no word for it, so it cannot come to rely on one."""
    files = [file for folder in ("bot", "handlers", "blocks") for file in (ROOT / folder).rglob("*.py")]
    ours = [file for file in files if "playground" not in file.parts]
    nodes = [node for file in ours for node in ast.walk(ast.parse(file.read_text()))]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    assert not texts & {"response_url", "response_urls"}


async def test_f82_a_revoked_token_shows_and_the_deploy_goes_on(story: Story) -> None:
    """/readyz is red and the log says it at ERROR; the run is followed to its end; a new token mends it."""
    story.expected_complaints += ["account not read", "token_revoked"]
    await is_running(story)
    story.world.slack_revoked = True
    story.passes(301)
    await story.sees(lambda: _is_ready(story, 503), "red")
    await story.until("P-1", "succeeded")
    assert any("account not read" in one for one in story.complaints.said)

    story.world.slack_revoked = False
    await story.sees(lambda: _is_ready(story, 200), "green")
    await story.settles()
    assert story.card("P-1").text.startswith("P-1: checkout v2.14.3 is live in production")


async def _is_ready(story: Story, status: int) -> bool:
    async with aiohttp.ClientSession() as session, session.get(f"{story.world.bot_url}/readyz") as answer:
        return answer.status == status


async def test_f88_an_incident_is_resolved_after_it_was_opened(story: Story) -> None:
    """PagerDuty is down over the failure and the whole rollback: afterwards trigger goes out first, then resolve."""
    await is_running(story)
    goes_down(story, "pagerduty")
    story.playground.github.finishes(conclusion="failure", step="smoke")
    await story.until("P-1", "failed")
    story.world.run.seconds = 2.0
    await story.bo.types("/promote rollback checkout in production because errors are up")
    await story.until("P-2", "succeeded")
    await rests(story)
    comes_back(story, "pagerduty")
    story.passes(900)
    await story.sees(lambda: [one for one in story.incidents if one["status"] == "resolved"], "the end of it")
    taken = [one.body for one in story.asked("pagerduty", "/v2/enqueue", "POST") if one.status == 202]
    actions = [body["event_action"] for body in taken if isinstance(body, dict)]
    assert actions == ["trigger", "resolve"]
    assert len({body["dedup_key"] for body in (*events(story, "trigger"), *events(story, "resolve"))}) == 1
    assert len(story.incidents) == 1
