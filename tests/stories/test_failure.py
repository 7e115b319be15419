"""A deploy fails: people are paged and told what serves, whatever Slack, PagerDuty or a health URL does meanwhile."""

import pytest
from inline_snapshot import snapshot

from bot.playground.world import Fault
from tests.stories.deploys import (
    INCIDENT,
    broadcasts,
    buttons,
    fails,
    has_room,
    is_approved,
    is_running,
    members,
    messages_about,
    room,
    timeless,
)
from tests.stories.github import rewrites_catalog
from tests.stories.said import card_words, plain
from tests.stories.story import Story
from tests.stories.vendors import comes_back, events, goes_down, refuses


async def test_failed_deployment(story: Story) -> None:
    """The run fails: on-call is paged, the channel is told what serves, and an incident channel has the way back."""
    await fails(story)
    await story.settles()

    (incident,) = story.incidents
    assert incident["severity"] == "critical"
    (page,) = events(story, "trigger")
    assert page["payload"]["summary"] == snapshot(
        "checkout v2.14.3 in production failed at Smoke tests (P-1), serving v2.14.3, last good v2.14.2"
    )
    assert page["payload"]["custom_details"] == snapshot(
        {
            "promotion": "P-1",
            "version": "v2.14.3",
            "sha": "ffdbf0082529643f9879441ee99e1b24a39ca757",
            "requested by": "ana",
            "reason": "fix refunds",
        }
    )
    assert [link["href"] for link in page["links"]] == [story.runs[0]["html_url"]]
    assert [timeless(said) for said in broadcasts(story)] == snapshot(
        [
            ":x: P-1: checkout v2.14.3 to production *failed* at Smoke tests after <while>. *Now serving: v2.14.3.* Asked by <@U0ANA>."
        ]
    )
    assert timeless(story.card("P-1").text) == snapshot(
        "P-1 FAILED: checkout v2.14.3 to production failed at Smoke tests after <while>. v2.14.3 is serving. Incident PD-4411. Asked by ana, approved by bo and cy."
    )
    assert timeless(card_words(story, "P-1")) == snapshot("""\
:x: *checkout v2.14.3 → production* · *Failed at Smoke tests after <while>* · `P-1`
dev ✓ › staging ✓ › *production ✗* · `ffdbf00` · asked by <@U0ANA> <time>
*Now serving: v2.14.3* · last good: v2.14.2
Incident [PD-4411] · <#C0PLAY11> · on call: <@U0DEE>
approved by <@U0BO> and <@U0CY> · [run 8801]
Roll back to v2.14.2
Retry
View run
Open incident
Details\
""")


async def test_the_incident_channel_has_everybody_and_the_way_back(story: Story) -> None:
    """Requester, approvers and on-call are invited; the card is pinned; the topic says what serves."""
    await fails(story)
    await story.settles()

    assert members(story) == {"ana", "bo", "cy", "dee"}
    (card,) = messages_about(story, "P-1", INCIDENT)
    assert room(story).pins == [card.ts]
    assert room(story).topic == snapshot(
        "checkout v2.14.3 failed in production - PD-4411 - on call: dee - serving v2.14.3"
    )
    assert buttons([card]) == snapshot(
        [
            "Roll back to v2.14.2",
            "Acknowledge",
            "I am lead",
            "Add note",
            "Resolve",
            "View run",
            "Open incident",
            "Details",
        ]
    )


async def test_the_news_waits_for_what_serves(story: Story) -> None:
    """Page and broadcast used to say "serving unknown", because they left before the health URL had answered."""
    await fails(story, step="migrations")
    await story.settles()

    (page,) = events(story, "trigger")
    assert "serving v2.14.2" in page["payload"]["summary"]
    assert "*Now serving: v2.14.2.*" in broadcasts(story)[0]


async def test_the_news_does_not_wait_long(story: Story) -> None:
    """A health URL that hangs delays page and broadcast by 5 s and no more; the card says it later."""
    story.world.health["checkout", "production"] = "slow"
    failed = await fails(story)
    await story.settles()

    (page,) = story.asked("pagerduty", "/v2/enqueue")
    assert 4.9 <= page.at - failed.since <= 8.0
    assert "serving unknown" in events(story, "trigger")[0]["payload"]["summary"]
    assert "*Now serving: unknown so far" in broadcasts(story)[0]
    assert "v2.14.3 is serving." in story.card("P-1").text


async def test_the_card_does_not_give_up_while_it_asks(story: Story) -> None:
    """Incident: for two seconds the card said "unknown, because the deploy ended without proof" beside a broadcast
    that knew what serves: until the health URL has answered, the card says that it is asked."""
    story.world.health["checkout", "production"] = "slow"
    await fails(story)
    await story.settles()

    edits = [str(one.body) for one in story.asked("slack", "chat.update")]
    assert any("Now serving: unknown so far" in one for one in edits)
    assert [one for one in edits if "ended without proof" in one] == []


async def test_nothing_to_ask_delays_nothing(story: Story) -> None:
    """Where no health rule could tell what serves, the page leaves at once."""
    await rewrites_catalog(
        story, "      health: {attempts: 5, every: 2s, version: $.version}", "      checks: {}"
    )
    failed = await fails(story)
    await story.settles()

    (page,) = story.asked("pagerduty", "/v2/enqueue")
    assert page.at - failed.since < 8.0  # which five looks, two seconds apart, would have taken


@pytest.mark.parametrize("fault", [500, 429, "accept-then-502"])
async def test_f85_a_page_is_repeated_until_it_is_taken(story: Story, fault: Fault) -> None:
    """PagerDuty is down when a deploy fails; the page goes out when it is back, as one incident."""
    refuses(story, "pagerduty", "/v2/enqueue", fault, fault)
    await fails(story)
    await story.settles()

    assert len(events(story, "trigger")) == 3
    assert [incident["number"] for incident in story.incidents] == [4411]
    assert "PD-4411" in story.card("P-1").text


async def test_the_card_says_that_the_page_is_late_and_the_rollback_does_not_wait(story: Story) -> None:
    """P9: with PagerDuty down, the failure is told, the delay too, and the rollback runs to its end."""
    await is_running(story)
    goes_down(story, "pagerduty")
    story.playground.github.finishes(conclusion="failure", step="smoke")
    await story.until("P-1", "failed")
    await story.sees(lambda: "delayed" in card_words(story, "P-1"), "the delay on the card")
    assert [line for line in card_words(story, "P-1").splitlines() if "delayed" in line] == snapshot(
        [":warning: The page to on-call is delayed: PagerDuty answered 500"]
    )

    story.world.run.seconds = 2.0
    await story.bo.types("/promote rollback checkout because refunds are failing")
    await story.until("P-2", "succeeded")
    assert story.incidents == []

    comes_back(story, "pagerduty")
    story.passes(120)
    await story.settles()
    assert [incident["status"] for incident in story.incidents] == ["resolved"]


async def test_f87_a_page_that_is_refused_is_told_and_not_repeated(story: Story) -> None:
    """A wrong routing key will not become right: the thread asks a person to page, and nothing loops."""
    await rewrites_catalog(story, "env:PAGERDUTY_ROUTING_KEY_CHECKOUT", "env:VALIDATIONS_SECRET")
    await fails(story)
    await story.settles()

    assert [one.status for one in story.asked("pagerduty", "/v2/enqueue")] == [400]
    assert [plain(said) for said in story.thread("P-1") if "by hand in PagerDuty" in said] == snapshot(
        [
            ":warning: <@U0ANA>: I could not page on-call for P-1, checkout v2.14.3 to production (Event object is invalid: 'routing_key' is not one of the playground's (real keys are refused here)). Page them by hand in PagerDuty. Now serving: v2.14.3."
        ]
    )
    assert has_room(story, "inc-p-1-checkout")


async def test_a_routing_key_that_is_not_set(story: Story) -> None:
    """Nobody set the secret that the catalog names: the thread says which one, and the channel opens."""
    await rewrites_catalog(story, "env:PAGERDUTY_ROUTING_KEY_CHECKOUT", "env:PAGERDUTY_KEY_OF_NOBODY")
    await fails(story)
    await story.settles()

    assert events(story, "trigger") == []
    assert [plain(said) for said in story.thread("P-1") if "by hand in PagerDuty" in said] == snapshot(
        [
            ":warning: <@U0ANA>: I could not page on-call for P-1, checkout v2.14.3 to production (PAGERDUTY_KEY_OF_NOBODY is not set). Page them by hand in PagerDuty. Now serving: v2.14.3."
        ]
    )
    assert has_room(story, "inc-p-1-checkout")


async def test_f83_slack_is_down_when_a_deploy_fails(story: Story) -> None:
    """P9: page and rollback go on without Slack, and afterwards every message is as it should be."""
    await is_running(story)
    goes_down(story, "slack")
    story.playground.github.finishes(conclusion="failure", step="smoke")
    await story.until("P-1", "failed")
    await story.sees(lambda: story.incidents, "the page")
    story.world.run.seconds = 2.0
    await story.dee.types("/promote rollback checkout because refunds are failing")
    await story.until("P-2", "succeeded")
    assert not has_room(story)

    comes_back(story, "slack")
    story.passes(120)
    await story.settles()
    assert "Rolled back to v2.14.2 by P-2" in story.card("P-1").text
    assert "is back on v2.14.2" in story.card("P-2").text
    assert room(story).topic == snapshot(
        "checkout v2.14.3 failed in production, resolved - PD-4411 - on call: dee - went back to v2.14.2"
    )
    assert len(broadcasts(story)) == 2


async def test_f79_slack_asks_to_wait_when_a_deploy_fails(story: Story) -> None:
    """A rate limit in Slack delays no page, and the card shows the last state afterwards."""
    await is_running(story)
    goes_down(story, "slack", 429)
    story.playground.github.finishes(conclusion="failure", step="smoke")
    failed = await story.until("P-1", "failed")
    await story.sees(lambda: story.incidents, "the page")
    assert story.asked("pagerduty", "/v2/enqueue")[0].at - failed.since <= 6.0

    comes_back(story, "slack")
    story.passes(60)
    await story.settles()
    assert "FAILED" in story.card("P-1").text
    assert len(broadcasts(story)) == 1


async def test_f89_one_failure_is_one_incident(story: Story) -> None:
    """Webhooks that come twice and a restart afterwards are one failure: one page, one broadcast."""
    story.world.webhooks = "doubled"
    await fails(story)
    await story.settles()
    await story.bot_restarts()
    await story.settles()

    assert len(story.incidents) == len(broadcasts(story)) == 1
    assert story.incidents[0]["alerts"] == 1


async def test_f89_a_second_failure_is_a_second_incident(story: Story) -> None:
    """A new promotion that fails is a new incident, with its own channel."""
    await fails(story)
    await story.bo.types("/promote rollback checkout because refunds are failing")
    await story.until("P-2", "succeeded")
    await story.settles()
    story.world.run.conclusion = "failure"
    await is_approved(story, promotion="P-3")
    await story.until("P-3", "failed")
    await story.settles()

    assert [incident["dedup_key"] for incident in story.incidents] == [
        "greenlight/checkout/production/P-1",
        "greenlight/checkout/production/P-3",
    ]
    assert has_room(story, "inc-4412-checkout")
