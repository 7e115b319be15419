"""The life of an incident: what people do here reaches PagerDuty once, and what happens there shows here."""

import json

from bot.domain.incident import Incident
from bot.domain.incident_messages import (
    AcknowledgeIncident,
    AddNote,
    CloseIncident,
    IncidentCommand,
    TakeLead,
)
from bot.service import Applied
from tests.stories.deploys import INCIDENT, fails, has_room, is_running, room
from tests.stories.said import block_words, plain
from tests.stories.story import Story
from tests.stories.vendors import comes_back, events, goes_down, notes, refuses

WHY = "because refunds are failing"
DEE, BO = "<@U0DEE>", "<@U0BO>"


async def says(story: Story, *commands: IncidentCommand) -> None:
    """People say these things at the one door."""
    for command in commands:
        assert isinstance(await story.bot.service.handle(command), Applied)


async def is_told(story: Story, *commands: IncidentCommand) -> None:
    """People say these things, and everything that follows from them happens."""
    await says(story, *commands)
    await story.settles()


async def is_open(story: Story) -> None:
    """P-1 has failed: on-call was paged, and the room is there."""
    await fails(story)
    await story.settles()
    assert has_room(story)


async def incident_of(story: Story) -> Incident:
    """The incident of P-1 as it is stored."""
    incident = (await story.stands("P-1")).incident
    assert incident is not None
    return incident


def pinned(story: Story) -> str:
    """All words of the card in the incident's room."""
    return plain("\n".join(block_words(story.card("P-1", INCIDENT).blocks)))


def told(story: Story) -> list[str]:
    """The timeline below that card."""
    return [plain(one) for one in story.thread("P-1", INCIDENT)]


def status(story: Story) -> str:
    """The incident's status in PagerDuty."""
    (incident,) = story.incidents
    return str(incident["status"])


async def test_it_is_acknowledged_in_pagerduty(story: Story) -> None:
    """Dee acknowledges the page on her phone: the card in the room and one line below it say so."""
    await is_open(story)
    story.playground.pagerduty.acknowledge(4411, "dee")
    await story.sees(lambda: told(story), "the line in the room")
    await story.settles()

    incident = await incident_of(story)
    assert (incident.status, incident.acknowledged_by) == ("acknowledged", "dee")
    assert f"Acknowledged by {DEE}" in pinned(story)
    assert len(told(story)) == 1
    assert DEE in told(story)[0]
    assert events(story, "acknowledge") == [], "PagerDuty knows it already"


async def test_it_is_resolved_in_pagerduty(story: Story) -> None:
    """Dee resolves it there: the card says who, and nothing can be acknowledged or led any more."""
    await is_open(story)
    story.playground.pagerduty.resolve(4411, "dee")
    await story.sees(lambda: told(story), "the line in the room")
    await story.settles()

    incident = await incident_of(story)
    assert (incident.status, incident.resolved_by) == ("resolved", "dee")
    assert DEE in told(story)[0]
    assert events(story, "resolve") == []
    assert not isinstance(await story.bot.service.handle(TakeLead("P-1", "bo")), Applied)


async def test_it_is_acknowledged_here(story: Story) -> None:
    """PagerDuty is told once, and once more is nothing; its own word for it names nobody, so Dee stays named."""
    await is_open(story)
    await is_told(story, AcknowledgeIncident("P-1", "dee"), AcknowledgeIncident("P-1", "dee"))
    await story.sees(lambda: status(story) == "acknowledged", "PagerDuty")
    await story.settles()

    assert len(events(story, "acknowledge")) == 1
    incident = await incident_of(story)
    assert (incident.status, incident.acknowledged_by) == ("acknowledged", "dee")
    assert len(told(story)) == 1


async def test_the_word_of_pagerduty_is_lost(story: Story) -> None:
    """No webhook comes: minutes later the bot looks by itself."""
    await is_open(story)
    story.world.webhooks = "lost"
    story.playground.pagerduty.acknowledge(4411, "dee")
    await story.settles()
    assert (await incident_of(story)).acknowledged_at is None
    story.passes(301)
    await story.sees(lambda: told(story), "the line in the room")
    assert (await incident_of(story)).acknowledged_by == "dee"


async def test_it_is_resolved_while_the_bot_is_away(story: Story) -> None:
    """Nobody listened when Dee resolved it: the bot that starts ten minutes later looks, and the card says who."""
    await is_open(story)
    await story.bot_stops()
    story.world.webhooks = "lost"
    story.playground.pagerduty.resolve(4411, "dee")
    story.passes(600)
    await story.bot_starts()
    await story.sees(lambda: f"Resolved by {DEE}" in pinned(story), "the card in the room")
    assert events(story, "resolve") == []


async def test_the_acknowledgement_runs_out(story: Story) -> None:
    """Nobody did anything for half an hour: PagerDuty pages again, and the card offers Acknowledge again."""
    await is_open(story)
    await is_told(story, AcknowledgeIncident("P-1", "dee"))
    await story.sees(lambda: status(story) == "acknowledged", "PagerDuty")
    await story.settles()
    story.playground.pagerduty.fall_back(4411)

    async def is_triggered() -> bool:
        return (await incident_of(story)).status == "triggered"

    await story.sees(is_triggered, "what PagerDuty says")
    assert (await incident_of(story)).acknowledged_at is None

    await is_told(story, AcknowledgeIncident("P-1", "bo"))
    assert len(events(story, "acknowledge")) == 2
    assert (await incident_of(story)).acknowledged_by == "bo"


async def test_it_is_resolved_once_though_the_bot_dies(story: Story) -> None:
    """The bot is cut off after PagerDuty took the resolve and before it was stored: it is over once, here and there."""
    await is_open(story)
    story.bot_dies_when(lambda: status(story) == "resolved")
    await story.bot.service.handle(CloseIncident("P-1", "dee", "rolled forward"))
    await story.sees(lambda: story.is_dead, "the death")
    await story.bot_restarts()
    await story.settles()

    assert status(story) == "resolved"
    assert len(story.incidents) == 1
    assert notes(story) == ["dee: rolled forward"]
    assert (await incident_of(story)).resolved_by == "dee"
    assert f"Resolved by {DEE}" in pinned(story)
    assert len([line for line in told(story) if f"{DEE} resolved" in line]) <= 1, "chatter"


async def test_a_note_is_written_once_though_the_bot_dies(story: Story) -> None:
    """PagerDuty took the note and the bot was cut off: it stands there once, and so does the line in the room."""
    await is_open(story)
    story.bot_dies_when(lambda: bool(notes(story)))
    await story.bot.service.handle(AddNote("P-1", "dee", "EUR refunds fail"))
    await story.sees(lambda: story.is_dead, "the death")
    await story.bot_restarts()
    await story.settles()

    assert notes(story) == ["dee: EUR refunds fail"]
    assert len([line for line in told(story) if "EUR refunds fail" in line]) <= 1


async def test_a_note_that_may_have_arrived_is_not_doubled(story: Story) -> None:
    """PagerDuty wrote the note and answered 502, and the same form was sent twice: one note."""
    await is_open(story)
    refuses(story, "pagerduty", "/notes", "accept-then-502")
    await is_told(story, AddNote("P-1", "dee", "EUR refunds fail"), AddNote("P-1", "dee", "EUR refunds fail"))

    assert notes(story) == ["dee: EUR refunds fail"]
    assert len(told(story)) == 1


async def test_pagerduty_is_down(story: Story) -> None:
    """Lead and note are so at once and the room reads them; PagerDuty hears of both when it is back."""
    await is_open(story)
    goes_down(story, "pagerduty", 429)
    await says(story, TakeLead("P-1", "dee"), AddNote("P-1", "bo", "EUR refunds fail"))
    await story.sees(lambda: len(told(story)) == 2 and "lead: dee" in room(story).topic, "room and topic")
    assert notes(story) == []

    comes_back(story, "pagerduty")
    await story.sees(lambda: len(notes(story)) == 2, "both notes")
    assert "dee" in notes(story)[0]
    assert notes(story)[1] == "bo: EUR refunds fail"


async def test_pagerduty_is_down_before_the_page(story: Story) -> None:
    """The page hangs, the room opens without a number, people work there; then page, acknowledgement and end follow."""
    await is_running(story)
    goes_down(story, "pagerduty", 429)
    story.playground.github.finishes(conclusion="failure", step="smoke")
    await story.until("P-1", "failed")
    await story.sees(lambda: has_room(story, "inc-p-1-checkout"), "the room")
    await says(story, AcknowledgeIncident("P-1", "dee"), TakeLead("P-1", "dee"))
    await story.sees(
        lambda: sum(bool(one.thread_ts) for one in story.messages("inc-p-1-checkout")) == 2, "both lines"
    )
    assert story.incidents == []

    comes_back(story, "pagerduty")
    await story.sees(lambda: story.incidents and status(story) == "acknowledged", "page and acknowledgement")
    await is_told(story, CloseIncident("P-1", "dee"))
    await story.sees(lambda: status(story) == "resolved", "the end")


async def test_a_lead_hears_the_duties_alone(story: Story) -> None:
    """Dee leads and is told how, privately; Bo takes over: card, topic and room follow, and Bo is told as well."""
    await is_open(story)
    await is_told(story, TakeLead("P-1", "dee"))
    assert "lead" in story.dee.heard[-1]
    before = len(story.dee.heard)
    await is_told(story, TakeLead("P-1", "bo"), TakeLead("P-1", "bo"))

    assert "lead" in story.bo.heard[-1]
    assert len(story.dee.heard) == before
    assert "lead: bo" in room(story).topic
    assert [who for line in told(story) for who in (DEE, BO) if f"{who} leads" in line] == [DEE, BO]


async def test_the_rollback_stands_in_the_timeline(story: Story) -> None:
    """What was noted, that it was rolled back, and that it is resolved, in this order; each once."""
    await is_open(story)
    await is_told(story, AddNote("P-1", "dee", "EUR refunds fail"))
    await story.dee.types(f"/promote rollback checkout {WHY}")
    await story.until("P-2", "succeeded")
    await story.sees(lambda: status(story) == "resolved", "the end of the incident")
    await story.settles()

    first, second, third = told(story)
    assert "EUR refunds fail" in first
    assert "P-2" in second
    assert "resolved" in third
    assert len(notes(story)) == 2
    assert len(events(story, "resolve")) == 1


async def test_nothing_is_claimed_that_was_not_read(story: Story) -> None:
    """Without an API key nothing is read back: what is said is what was asked from here."""
    await is_running(story)
    story.environment["PAGERDUTY_API_KEY"] = ""
    await story.bot_restarts()
    story.playground.github.finishes(conclusion="failure", step="smoke")
    await story.until("P-1", "failed")
    await story.settles()
    story.playground.pagerduty.resolve(4411, "dee")
    await story.settles()
    incident = await incident_of(story)
    assert (incident.status, incident.resolved_at, incident.number) == ("", None, None)

    await is_told(story, CloseIncident("P-1", "bo"))
    assert ((await incident_of(story)).resolved_by, len(events(story, "resolve"))) == ("bo", 1)


async def test_the_webhook_of_another_key_is_nobodys(story: Story) -> None:
    """Something else on the service is acknowledged: nothing of ours changes."""
    await is_open(story)
    other = story.playground.pagerduty.open_incident("checkout")
    story.playground.pagerduty.acknowledge(other.number, "dee")
    await story.settles()
    assert (await incident_of(story)).acknowledged_at is None
    assert "acknowledged" not in json.dumps(told(story))
