"""Undo: from wherever somebody stands, to the last version that was verified, and never two runs at once."""

import asyncio

from inline_snapshot import snapshot

from tests.stories.deploys import (
    INCIDENT,
    broadcasts,
    buttons,
    fails,
    is_approved,
    is_running,
    messages_about,
    succeeds,
    timeless,
)
from tests.stories.said import heard, letters, replies
from tests.stories.story import Story
from tests.stories.vendors import changes, events, notes

WHY = "because refunds are failing"


async def test_rollback_from_the_success_card(story: Story) -> None:
    """It went well and yet has to go: Bo presses the button on the success card, and v2.14.2 is back."""
    await succeeds(story)
    form = (await story.bo.clicks("Roll back"))["view"]
    await story.bo.submits(form, reason="refunds are failing")
    await story.until("P-2", "succeeded")
    await story.settles()

    assert story.world.serving["checkout", "production"].version == "v2.14.2"
    assert timeless(story.card("P-1").text) == snapshot(
        "P-1: checkout v2.14.3 in production was rolled back to v2.14.2 by P-2. Asked by ana, approved by bo and cy."
    )
    assert timeless(story.card("P-2").text) == snapshot(
        "P-2: checkout production is back on v2.14.2 after <while>. Asked by bo."
    )
    assert [timeless(said) for said in broadcasts(story)] == snapshot(
        [
            ":leftwards_arrow_with_hook: checkout production was rolled back from v2.14.3 to v2.14.2 (P-2 undid P-1)."
        ]
    )
    assert "Roll back to v2.14.2" not in buttons([story.card("P-1")])


async def test_rollback_from_the_incident_channel(story: Story) -> None:
    """Dee presses the button on the pinned card; both channels show how it goes."""
    await fails(story)
    await story.settles()
    form = (await story.dee.clicks("Roll back", channel=INCIDENT))["view"]
    await story.dee.submits(form, reason="refunds are failing")
    await story.until("P-2", "succeeded")
    await story.settles()

    (mirror,) = messages_about(story, "P-2", INCIDENT)
    assert mirror.text == story.card("P-2").text
    assert story.world.serving["checkout", "production"].version == "v2.14.2"


async def test_rollback_without_words_in_the_incident_channel(story: Story) -> None:
    """`/rollback` with no words means the promotion that opened the channel; the form asks for the reason."""
    await fails(story)
    await story.settles()
    form = (await story.dee.types("/rollback", channel=INCIDENT))["view"]
    await story.dee.submits(form, reason="refunds are failing")
    await story.until("P-2", "succeeded")

    assert (await story.stands("P-2")).undoes == "P-1"


async def test_rollback_typed_with_a_reason(story: Story) -> None:
    """With the reason in the line nothing more is asked, and the answer says what happens now."""
    await fails(story)
    await story.settles()
    answer = await story.dee.types(f"/rollback {WHY}", channel=INCIDENT)

    assert replies(answer) == snapshot(
        [
            "P-2: rollback of checkout in production to v2.14.2 is asked for. Its card comes in #deploys; if it gets none, I tell you why here."
        ]
    )
    await story.until("P-2", "succeeded")


async def test_f94_a65_rollback_to_a_named_version(story: Story) -> None:
    """A verified release may be named; one that never was verified here is refused with those that were."""
    await succeeds(story)
    refused = await story.bo.types(f"/promote rollback checkout to v2.14.1 {WHY}")
    assert replies(refused) == snapshot(
        [
            "v2.14.1 is no verified release of checkout in production that I recorded. Choose v2.14.2: `/rollback checkout in production to v2.14.2 because …`"
        ]
    )
    await story.bo.types(f"/promote rollback checkout to v2.14.2 {WHY}")
    rollback = await story.until("P-3", "succeeded")

    assert (rollback.version, rollback.undoes) == ("v2.14.2", "P-1")


async def test_a_rollback_needs_a_reason(story: Story) -> None:
    """Without one a form opens, with a short one the line is refused; nothing runs."""
    await succeeds(story)
    opened = await story.bo.types("/promote rollback checkout")
    assert opened["view"]["title"]["text"] == "Roll back"
    assert replies(await story.bo.types("/promote rollback checkout because bad")) == snapshot(
        [
            "A reason of at least 8 characters is needed to roll back: whoever reads the audit log later relies on it. For example: `/promote rollback checkout in production because &lt;reason&gt;`"
        ]
    )
    errors = (await story.bo.submits(opened["view"], reason="bad"))["errors"]

    assert errors == snapshot({"reason": "Please use at least 8 characters."})
    assert len(story.dispatches()) == 1


async def test_f94_nothing_to_roll_back_to(story: Story) -> None:
    """E23: inventory has one verified release only, so there is no way back yet."""
    answer = await story.bo.types(f"/promote rollback inventory {WHY}")

    assert replies(answer) == snapshot(
        [
            "There is no earlier verified release of inventory in production that I recorded. Promote a version that works instead: `/promote inventory`"
        ]
    )


async def test_f32_rollback_while_the_deploy_runs(story: Story) -> None:
    """The run is cancelled, its end awaited, and only then the rollback runs: never two at once."""
    await is_running(story)
    story.world.run.seconds = 2.0
    await story.bo.types(f"/promote rollback checkout {WHY}")
    await story.until("P-2", "succeeded")
    await story.settles()

    first, second = story.playground.github.runs.all
    assert (first.attempt.conclusion, second.attempt.conclusion) == ("cancelled", "success")
    assert second.created_at >= first.attempt.updated_at
    assert (await story.stands("P-1")).phase == "cancelled"
    assert timeless(story.card("P-1").text) == snapshot(
        "P-1: checkout v2.14.3 to production was cancelled by bo. Rolled back to v2.14.2 by P-2. Asked by ana, approved by bo and cy."
    )


async def test_two_people_roll_back_at_once(story: Story) -> None:
    """Bo and Dee type it in the same moment: one rollback runs, and the other one is told whose it is."""
    await succeeds(story)
    answers = await asyncio.gather(
        story.bo.types(f"/promote rollback checkout {WHY}"),
        story.dee.types(f"/promote rollback checkout {WHY}"),
    )
    await story.settles()

    said = [text.replace("@dee", "@bo") for answer in answers for text in replies(answer)]
    assert [text for text in said if "the same thing" in text] == snapshot(
        ["P-2 asks for the same thing already (asked by @bo). `/promote why P-2` tells what it waits for."]
    )
    assert [run["workflow"] for run in story.runs] == ["deploy.yml", "rollback.yml"]


async def test_a_rollback_that_fails(story: Story) -> None:
    """It is paged for like any failure, the failed deploy is not called undone, and one can try again."""
    await fails(story)
    await story.settles()
    story.world.run.conclusion, story.world.run.step = "failure", "switch"
    await story.bo.types(f"/promote rollback checkout {WHY}")
    await story.until("P-2", "failed")
    story.world.run.conclusion, story.world.run.step = "success", None
    await story.settles()

    assert (await story.stands("P-1")).undone_by == ""
    assert timeless(story.card("P-2").text) == snapshot(
        "P-2 FAILED: rollback of checkout in production to v2.14.2 failed at Check the SHA after <while>. v2.14.3 is serving. Incident PD-4412. Asked by bo."
    )
    assert [incident["dedup_key"][-3:] for incident in story.incidents] == ["P-1", "P-2"]
    await story.bo.types(f"/promote rollback checkout {WHY}")
    await story.until("P-3", "succeeded")
    await story.settles()
    assert story.world.serving["checkout", "production"].version == "v2.14.2"


async def test_a_rollback_goes_first(story: Story) -> None:
    """v2.15.0 is next in line; the rollback is asked for later and yet runs before it."""
    await story.bo.types("/promote adopt checkout@v2.15.0 in staging because it was tested there")
    await is_running(story)
    await is_approved(story, version="v2.15.0", promotion="P-2")
    story.world.run.seconds = 2.0
    await story.sees(
        lambda: "queue" in story.card("P-2").text or "behind" in story.card("P-2").text, "P-2 queued"
    )
    await story.dee.types(f"/promote rollback checkout {WHY}")
    await story.until("P-2", "succeeded")

    runs = [(run["workflow"], run["inputs"]["version"]) for run in story.runs]
    assert runs == [("deploy.yml", "v2.14.3"), ("rollback.yml", "v2.14.2"), ("deploy.yml", "v2.15.0")]


async def test_the_incident_is_told_once(story: Story) -> None:
    """The rollback leaves one note and one resolve on the incident, even when the bot dies in between."""
    await fails(story)
    await story.settles()
    story.bot_dies_when(lambda: bool(notes(story)))
    await story.dee.types(f"/promote rollback checkout {WHY}")
    await story.sees(lambda: story.is_dead, "the death")
    await story.bot_restarts()
    await story.until("P-2", "succeeded")
    await story.settles()

    assert notes(story) == snapshot(["checkout in production was rolled back to v2.14.2 by P-2."])
    assert len(events(story, "resolve")) >= 1
    assert [incident["status"] for incident in story.incidents] == ["resolved"]


async def test_what_was_rolled_back_goes_no_further(story: Story) -> None:
    """v2.15.0 was rolled back in staging: production refuses it until it has succeeded in staging again."""
    story.world.run.seconds = 1.0
    for promotion, environment in (("P-1", "dev"), ("P-2", "staging")):
        await story.ana.types(f"/promote checkout@v2.15.0 to {environment} because it is the next release")
        await story.until(promotion, "succeeded")
    await story.ana.types(f"/promote rollback checkout in staging {WHY}")
    await story.until("P-3", "succeeded")
    await story.settles()
    await story.ana.types("/promote checkout@v2.15.0 to production because it looks fine to me")
    await story.until("P-4", "rejected")
    await story.settles()
    assert heard(story.ana)[-1] == snapshot(
        "v2.15.0 was rolled back in staging, and production only takes versions that hold there (rule `after`). Let it succeed there again first: `/promote checkout@v2.15.0 to staging`"
    )

    await story.ana.types("/promote checkout@v2.15.0 to staging because the cause was found")
    await story.until("P-5", "succeeded")
    await story.ana.types("/promote checkout@v2.15.0 to production because staging is fine now")
    await story.sees(lambda: messages_about(story, "P-6"), "a card for production")


async def test_a_success_is_one_change_event(story: Story) -> None:
    """PagerDuty hears once that something changed, also when the bot dies as the event arrives."""
    story.bot_dies_when(lambda: bool(changes(story)))
    story.world.run.seconds = 2.0
    await is_approved(story)
    await story.sees(lambda: story.is_dead, "the death")
    await story.bot_restarts()
    await story.until("P-1", "succeeded")
    await story.settles()

    assert changes(story) == snapshot(["checkout v2.14.3 in production: succeeded, P-1, asked by ana"])


async def test_rollback_when_the_channel_is_closed(story: Story) -> None:
    """The bot was thrown out of #deploys: whoever rolls back is told by direct message, and it runs."""
    await succeeds(story)
    await story.settles()
    story.playground.slack.workspace.channel("deploys").members.remove(story.world.bot_user)
    await story.bo.types(f"/promote rollback checkout {WHY}")
    await story.until("P-2", "succeeded")

    assert letters(story.bo) == snapshot(
        [
            "I am not in #deploys, so P-2 has no card yet. Type `/invite @greenlight` there, and I post it within a minute."
        ]
    )
