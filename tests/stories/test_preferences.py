"""Preferences: set on Home, kept for good, and never in the way of a deploy."""

from bot.domain.preferences import Preferences, QuietHours, Readers
from bot.preferences import preferences_key
from bot.store.codec import dump_readers
from bot.store.protocol import AuditRow, Commit, Document
from tests.stories.deploys import is_asked, succeeds
from tests.stories.homes import opens_home, presses_on_home
from tests.stories.letters import HOUR, all_letters, is_written_to, wants
from tests.stories.moments import rests
from tests.stories.story import Answer, Somebody, Story

EVERYTHING = ["reminders", "approvals", "finished", "failures"]


async def form_of(person: Somebody) -> Answer:
    """The form of preferences, open."""
    await opens_home(person)
    shown = await presses_on_home(person, "Preferences")
    view: Answer = shown["view"]
    return view


async def test_what_is_chosen_is_kept_and_shown_again(story: Story) -> None:
    """Saving closes the form; after a restart it opens as it was left, and the audit log knows who changed it."""
    await story.bo.submits(
        await form_of(story.bo), letters=["approvals", "failures"], quiet_from="22:00", quiet_until="07:00"
    )
    await story.bot_restarts()
    kept = Preferences(False, True, False, True, QuietHours(22 * 60, 7 * 60))
    assert await story.bot.wishes.of("bo") == kept
    view = await form_of(story.bo)
    letters, start, end = (block["element"] for block in view["blocks"][:3])
    assert [one["value"] for one in letters["initial_options"]] == ["approvals", "failures"]
    assert (start["initial_time"], end["initial_time"]) == ("22:00", "07:00")
    rows = await story.bot.store.audit_of(preferences_key("bo"))
    assert [(row.actor, row.action) for row in rows] == [("bo", "preferences")]


async def test_the_form_says_whose_clock_it_goes_by(story: Story) -> None:
    """The zone is the one that the person set in Slack."""
    assert "Europe/Paris" in str((await form_of(story.bo))["blocks"])


async def test_half_a_span_and_an_empty_one_are_told_beside_the_field(story: Story) -> None:
    """Nothing is kept, and the form stays open."""
    view = await form_of(story.bo)
    half = await story.bo.submits(view, letters=EVERYTHING, quiet_from="22:00")
    assert half["errors"] == {
        "quiet_until": "Quiet hours need both a beginning and an end. Fill in both, or neither."
    }
    empty = await story.bo.submits(view, letters=EVERYTHING, quiet_from="22:00", quiet_until="22:00")
    assert set(empty["errors"]) == {"quiet_until"}
    assert await story.bot.wishes.of("bo") == Preferences()


async def test_saving_the_same_twice_changes_nothing(story: Story) -> None:
    """One row in the audit log, however often somebody presses Save."""
    for _ in range(2):
        await story.bo.submits(await form_of(story.bo), letters=["reminders", "finished"])
    assert len(await story.bot.store.audit_of(preferences_key("bo"))) == 1


async def test_whoever_changes_their_mind_is_written_to_no_more(story: Story) -> None:
    """Ana wanted to hear of what ended, and then did not."""
    await wants(story.ana, finished=True)
    await succeeds(story)
    await is_written_to(story.ana)
    await wants(story.ana, finished=False)
    await story.ana.types("/promote storefront@v1.2.0 to production because new header")
    await story.bo.clicks("Cancel", "P-2")
    await story.until("P-2", "cancelled")
    await rests(story)
    assert len(all_letters(story)["ana"]) == 1


async def test_preferences_that_cannot_be_read_are_as_if_nobody_had_said_anything(story: Story) -> None:
    """A broken document, and a broken list of readers, hold up neither a reminder nor the deploy."""
    broken = (Document(preferences_key("bo"), "{", 0), Document("readers", '{"v":99}', 0))
    row = AuditRow(story.clock.now(), "somebody", "broken", "readers")
    await story.bot.store.commit(Commit(at=row.at, documents=broken, audit=(row,)))
    await is_asked(story)
    story.passes(2 * HOUR)
    await is_written_to(story.bo)
    for manager in (story.bo, story.cy):
        await manager.clicks("Approve")
    await story.until("P-1", "succeeded")
    await rests(story)
    assert set(all_letters(story)) == {"bo", "cy"}


async def test_a_list_of_readers_that_is_full_is_told_beside_the_field(story: Story) -> None:
    """The list is one small document: whoever does not fit is told so, and nothing of theirs is kept."""
    crowd = Readers(approvals=tuple(f"person-{number:04}" for number in range(1168)))
    row = AuditRow(story.clock.now(), "somebody", "preferences", "readers")
    full = Document("readers", dump_readers(crowd), 0)
    await story.bot.store.commit(Commit(at=row.at, documents=(full,), audit=(row,)))
    told = await story.bo.submits(await form_of(story.bo), letters=EVERYTHING)
    assert set(told["errors"]) == {"letters"}
    assert await story.bot.wishes.of("bo") == Preferences()
