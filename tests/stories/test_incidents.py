"""The incident channel: opened once, under a name that is free, with whoever can come, whatever fails meanwhile."""

from inline_snapshot import snapshot

from tests.stories.deploys import (
    INCIDENT,
    buttons,
    fails,
    has_room,
    is_running,
    members,
    messages_about,
    room,
    timeless,
)
from tests.stories.story import Story
from tests.stories.vendors import comes_back, events, goes_down, notes, refuses

NUMBERLESS = "inc-p-1-checkout"
WHY = "because refunds are failing"


async def test_f86_accepted_but_no_incident(story: Story) -> None:
    """PagerDuty said 202 and opened nothing: no number is claimed, and the channel opens without one."""
    story.world.listeners.append(story.playground.pagerduty.incidents.all.clear)
    await fails(story)
    await story.settles()

    assert story.incidents == []
    assert "PD-" not in story.card("P-1").text
    assert room(story, NUMBERLESS).topic == snapshot(
        "checkout v2.14.3 failed in production - no incident number yet - on call: dee - serving v2.14.3"
    )


async def test_incidents_cannot_be_read(story: Story) -> None:
    """The REST key is refused: on-call is paged all the same, and the channel does not wait for a number."""
    await is_running(story)
    refuses(story, "pagerduty", "/incidents", 401)
    story.playground.github.finishes(conclusion="failure", step="smoke")
    failed = await story.until("P-1", "failed")
    await story.sees(lambda: has_room(story, NUMBERLESS), "the channel")

    assert story.clock.now() - failed.since < 30
    assert len(story.incidents) == 1
    await story.settles()
    assert "PD-" not in story.card("P-1").text


async def test_incidents_are_read_late(story: Story) -> None:
    """PagerDuty goes down after the page: the channel waits a minute for the number, and not longer."""
    await is_running(story)
    story.world.listeners.append(lambda: goes_down(story, "pagerduty") if story.incidents else None)
    story.playground.github.finishes(conclusion="failure", step="smoke")
    failed = await story.until("P-1", "failed")
    await story.sees(lambda: story.incidents, "the page")
    story.passes(50)
    assert not has_room(story, NUMBERLESS)
    await story.sees(lambda: has_room(story, NUMBERLESS), "the channel")
    assert story.clock.now() - failed.since < 70

    story.world.listeners.pop()
    comes_back(story, "pagerduty")
    story.passes(60)
    await story.settles()
    assert "PD-4411" in story.card("P-1").text


async def test_who_is_on_call_is_not_known(story: Story) -> None:
    """PagerDuty does not say who is on call: everybody else is invited."""
    refuses(story, "pagerduty", "/services/PCHECKOUT", 404)
    await fails(story)
    await story.settles()

    assert members(story) == {"ana", "bo", "cy"}


async def test_the_name_is_taken(story: Story) -> None:
    """Somebody made a channel of that name: ours gets a 2, and theirs is left alone."""
    theirs = story.playground.slack.workspace.add_channel(INCIDENT, ["U0ELI", story.world.bot_user])
    await fails(story)
    await story.settles()

    assert theirs.messages == {}
    assert members(story, f"{INCIDENT}-2") == {"ana", "bo", "cy", "dee"}


async def test_a_name_that_somebody_took_is_not_ours_after_a_refusal(story: Story) -> None:
    """Slack asks to wait at the first try, and somebody has made the room by hand: it is theirs, and ours gets a 2."""
    theirs = story.playground.slack.workspace.add_channel(INCIDENT, ["U0ELI"])
    refuses(story, "slack", "conversations.create", 429)
    await fails(story)
    await story.settles()

    assert theirs.messages == {}
    assert members(story, f"{INCIDENT}-2") == {"ana", "bo", "cy", "dee"}


async def test_f08_a_crash_after_the_channel_was_made(story: Story) -> None:
    """The bot dies before it has stored the channel that Slack made: it is found again, not made twice."""
    story.bot_dies_when(lambda: has_room(story))
    await fails(story)
    await story.sees(lambda: story.is_dead, "the death")
    await story.bot_restarts()
    await story.settles()

    assert not has_room(story, f"{INCIDENT}-2")
    assert members(story) == {"ana", "bo", "cy", "dee"}
    (card,) = messages_about(story, "P-1", INCIDENT)
    assert room(story).pins == [card.ts]


async def test_f09_a_crash_after_the_page(story: Story) -> None:
    """The bot dies before it has stored that PagerDuty took the page: sent again, it is one incident."""
    story.bot_dies_when(lambda: bool(story.incidents))
    await fails(story)
    await story.sees(lambda: story.is_dead, "the death")
    await story.bot_restarts()
    await story.settles()

    assert [incident["number"] for incident in story.incidents] == [4411]
    assert {event["dedup_key"] for event in events(story, "trigger")} == {
        "greenlight/checkout/production/P-1"
    }


async def test_a_note_that_may_have_arrived_is_not_repeated(story: Story) -> None:
    """PagerDuty wrote the note and answered 502: one note, and the incident is resolved all the same."""
    await fails(story)
    await story.settles()
    refuses(story, "pagerduty", "/notes", "accept-then-502")
    await story.dee.types(f"/promote rollback checkout {WHY}")
    await story.until("P-2", "succeeded")
    await story.settles()

    assert len(notes(story)) == 1
    assert [incident["status"] for incident in story.incidents] == ["resolved"]


async def test_the_incident_is_resolved_in_pagerduty(story: Story) -> None:
    """Dee resolves it there: the webhook is taken, nothing is paged again, and the way back stays open."""
    await fails(story)
    await story.settles()
    story.playground.pagerduty.resolve(4411, "dee")
    await story.sees(lambda: story.playground.pagerduty.deliveries[-1].status == 202, "the webhook")
    await story.settles()

    assert len(events(story, "trigger")) == 1
    assert "Roll back to v2.14.2" in buttons([story.card("P-1")])
    await story.dee.types(f"/promote rollback checkout {WHY}")
    await story.until("P-2", "succeeded")
    await story.settles()
    assert len(notes(story)) == 1


async def test_the_channel_follows_the_rollback(story: Story) -> None:
    """Topic and card say what serves before and after; the rollback's own card stands there as well."""
    await fails(story)
    await story.settles()
    topics = [room(story).topic]
    await story.dee.types(f"/rollback {WHY}", channel=INCIDENT)
    await story.until("P-2", "succeeded")
    await story.settles()

    assert [*topics, room(story).topic] == snapshot(
        [
            "checkout v2.14.3 failed in production - PD-4411 - on call: dee - serving v2.14.3",
            "checkout v2.14.3 failed in production, resolved - PD-4411 - on call: dee - went back to v2.14.2",
        ]
    )
    cards = [one.text for one in story.messages(INCIDENT)]
    assert [timeless(text) for text in cards] == snapshot(
        [
            "P-1 FAILED: checkout v2.14.3 to production failed at Smoke tests after <while>. Rolled back to v2.14.2 by P-2. Incident PD-4411. Asked by ana, approved by bo and cy. PD-4411 is resolved <time>.",
            "P-2: checkout production is back on v2.14.2 after <while>. Asked by dee.",
            ":leftwards_arrow_with_hook: checkout production is back on v2.14.2 (P-2 undid P-1).",
            ":white_check_mark: PD-4411 was resolved, <time>: checkout v2.14.3 in production.",
        ]
    )
