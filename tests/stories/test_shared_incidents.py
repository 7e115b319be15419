"""What people of another company do not read of an incident, and who learns of it on Home."""

from functools import partial

from bot.domain.incident_messages import AcknowledgeIncident
from tests.stories.deploys import fails
from tests.stories.homes import home_words, opens_home
from tests.stories.moments import rests
from tests.stories.rules import rule_changes
from tests.stories.said import replies
from tests.stories.story import Somebody, Story
from tests.stories.test_shared_channels import is_shared
from tests.stories.vendors import goes_down

SECRET = "customer 4711 lost payments"


def everything(story: Story) -> str:
    """All that everybody in the channel reads, threads included."""
    return " ".join(f"{one.text} {one.blocks}" for one in story.messages("deploys") if not one.only_for)


async def test_a_note_is_not_told_where_another_company_reads(story: Story) -> None:
    """Incident: without a room the timeline stands below the card, and there the note was read by all of them."""
    await rule_changes(story, "incident_channel: true", "incident_channel: false")
    await fails(story)
    await rests(story)
    await is_shared(story)
    said = replies(await story.dee.types(f"/promote note P-1 {SECRET}"))
    await story.dee.types("/promote acknowledge P-1")
    await story.settles()
    assert said[0].startswith("Noted on PD-4411")
    assert SECRET not in everything(story)
    assert "acknowledged PD-4411" not in everything(story)


async def test_a_card_that_moves_to_a_shared_channel_is_short(story: Story) -> None:
    """Incident: the service's channel was closed to the bot, and the whole card stood in the one that others read."""
    await is_shared(story)
    await rule_changes(story, "  checkout:\n", "  checkout:\n    channel: closed-room\n")
    await story.ana.types(f"/promote checkout@v2.14.3 to production because {SECRET}")
    await story.sees(lambda: "checkout" in everything(story), "the card")
    await rests(story)
    bodies = [one.body for one in story.asked("slack", "chat.postMessage") if isinstance(one.body, dict)]
    moved = [body for body in bodies if body["channel"] != "closed-room"]
    assert moved != bodies, "the service's own channel was tried"
    assert moved
    assert [body for body in moved if SECRET in str(body)] == []


async def test_an_acknowledgement_is_on_the_home_of_who_is_on_call(story: Story) -> None:
    """Incident: PagerDuty was down, and Home went on saying that nobody had acknowledged it."""
    await fails(story)
    await story.settles()
    await opens_home(story.dee)
    await story.sees(partial(_says, story.dee, "Nobody has acknowledged it"), "the incident on Home")
    goes_down(story, "pagerduty")
    await story.bot.service.handle(AcknowledgeIncident("P-1", "bo"))
    story.passes(60)
    await story.sees(partial(_says, story.dee, "Acknowledged by bo"), "who acknowledged it")


def _says(person: Somebody, words: str) -> bool:
    return words in home_words(person)
