"""Reminders and other direct messages: to those who can still act or asked for them, once each, and not at night."""

import re

from inline_snapshot import snapshot

from bot.domain.preferences import QuietHours
from bot.playground.slack.raw import elements_in
from tests.stories.deploys import fails, is_approved, is_asked, succeeds, timeless
from tests.stories.letters import HOUR, all_letters, is_written_to, letters, wants
from tests.stories.moments import rests
from tests.stories.rules import rule_changes
from tests.stories.story import Somebody, Story
from tests.stories.vendors import refuses

LEFT = re.compile(r"in (\d+ (h|min|s) ?)+(?=\.)")


def told(story: Story) -> dict[str, list[str]]:
    """What everybody was written, whatever the clock says."""
    return {
        name: [LEFT.sub("in <while>", timeless(text)) for text in written]
        for name, written in all_letters(story).items()
    }


def blocks_of(person: Somebody) -> list[object]:
    """The blocks of everything that somebody was written."""
    workspace = person.story.playground.slack.workspace
    slack = workspace.world.people[person.name].slack
    return [block for one in workspace.direct(slack).messages.values() for block in one.blocks]


async def test_who_has_not_approved_is_reminded_at_half_and_at_nine_tenths(story: Story) -> None:
    """Bo has approved, so only Cy is reminded: after two of the four hours, and after three hours 36 minutes."""
    await is_asked(story)
    await story.bo.clicks("Approve")
    await rests(story)
    assert all_letters(story) == {}
    story.passes(2 * HOUR)
    await is_written_to(story.cy)
    await rests(story)
    story.passes(1.6 * HOUR)
    await is_written_to(story.cy, 2)
    await rests(story)
    assert told(story) == snapshot(
        {
            "cy": [
                ":hourglass_flowing_sand: P-1 still waits for approval (1 of 2): checkout v2.14.3 to production, asked by ana. It expires <time>, in <while>.",
                ":alarm_clock: P-1 is about to expire (1 of 2): checkout v2.14.3 to production, asked by ana. It expires <time>, in <while>. Undecided, it ends and nothing runs.",
            ]
        }
    )


async def test_a_reminder_leads_to_the_card_and_has_no_approve_button(story: Story) -> None:
    """What has to be read before a yes is on the card, so the letter only leads there."""
    await is_asked(story)
    story.passes(2 * HOUR)
    await is_written_to(story.bo)
    found = [(one.words, one.element.get("url")) for one in elements_in(blocks_of(story.bo))]
    assert [words for words, _ in found] == ["Open the card"]
    card = story.card("P-1")
    assert str(found[0][1]).endswith(f"/{card.channel}/p{card.ts.replace('.', '')}")


async def test_nobody_is_reminded_of_what_is_decided(story: Story) -> None:
    """Approved in time: half of the four hours later nobody hears anything."""
    await is_approved(story)
    await story.until("P-1", "succeeded")
    story.passes(4 * HOUR)
    await rests(story)
    assert all_letters(story) == {}


async def test_nobody_is_reminded_twice_when_the_bot_dies_in_between(story: Story) -> None:
    """Killed right after Slack took the first reminder: it is not repeated, and at most one other was begun, of which
    nobody can say whether it arrived. The next reminder reaches both."""
    await is_asked(story)
    await rests(story)
    story.bot_dies_when(lambda: bool(all_letters(story)))
    story.passes(2 * HOUR)
    await story.sees(lambda: story.is_dead, "the end of the bot")
    await story.bot_restarts()
    await rests(story)
    first = {name: len(written) for name, written in all_letters(story).items()}
    assert first in ({"bo": 1, "cy": 1}, {"bo": 1}, {"cy": 1})
    story.passes(1.6 * HOUR)
    await is_written_to(story.bo, first.get("bo", 0) + 1)
    await is_written_to(story.cy, first.get("cy", 0) + 1)
    await rests(story)
    assert {name: len(written) - first.get(name, 0) for name, written in all_letters(story).items()} == {
        "bo": 1,
        "cy": 1,
    }


async def test_who_wants_no_reminders_gets_none(story: Story) -> None:
    """Bo has switched them off; Cy has not."""
    await wants(story.bo, reminders=False)
    await is_asked(story)
    story.passes(2 * HOUR)
    await is_written_to(story.cy)
    story.passes(1.6 * HOUR)
    await is_written_to(story.cy, 2)
    await rests(story)
    assert set(all_letters(story)) == {"cy"}


async def test_a_reminder_waits_for_the_end_of_quiet_hours(story: Story) -> None:
    """Bo's quiet hours cover the middle of the wait: he hears when they are over, and before it expires."""
    await is_asked(story)
    await rests(story)
    middle = story.clock.now() + 2 * HOUR
    await wants(story.bo, quiet=around(middle, minutes=60))
    story.passes(2 * HOUR)
    await is_written_to(story.cy)
    await rests(story)
    assert letters(story.bo) == []
    story.passes(HOUR + 60)
    await is_written_to(story.bo)
    await rests(story)
    assert [len(letters(one)) for one in (story.bo, story.cy)] == [1, 1]


def around(moment: float, *, minutes: int) -> QuietHours:
    """Quiet hours from so many minutes before a moment until as many after, in the zone of everybody here."""
    local = int(moment // 60) + 60  # Europe/Paris in winter
    return QuietHours((local - minutes) % 1440, (local + minutes) % 1440)


async def test_quiet_hours_that_outlast_the_request_keep_the_reminder(story: Story) -> None:
    """At their end there is nothing left to approve, so Bo hears nothing at all."""
    await is_asked(story)
    await rests(story)
    await wants(story.bo, quiet=around(story.clock.now() + 3 * HOUR, minutes=150))
    for hours in (2.0, 1.6, 0.5, 2.0):
        story.passes(hours * HOUR)
        await rests(story)
    assert letters(story.bo) == []
    assert len(letters(story.cy)) == 2
    await story.until("P-1", "expired")


async def test_a_wait_that_begins_anew_brings_no_second_reminder_of_one_mark(story: Story) -> None:
    """A gate fails after the first reminder and heals, so the four hours begin again: half of them is nothing new."""
    await is_asked(story)
    story.passes(2 * HOUR)
    await is_written_to(story.bo)
    await rests(story)
    first = (await story.stands("P-1")).awaiting_since
    story.world.health["checkout", "staging"] = "failing"
    await rule_changes(story, "health: {attempts: 3,", "health: {attempts: 4,")
    await story.sees(lambda: "is blocked" in "".join(story.thread("P-1")), "the block")
    story.world.health["checkout", "staging"] = "ok"
    await story.bo.clicks("Retry")
    await story.sees(lambda: began_anew(story, first), "another wait")
    story.passes(2 * HOUR)
    await rests(story)
    assert len(letters(story.bo)) == 1
    story.passes(1.6 * HOUR)
    await is_written_to(story.bo, 2)


async def began_anew(story: Story, first: float | None) -> bool:
    """Whether approval is awaited since another moment."""
    since = (await story.stands("P-1")).awaiting_since
    return since is not None and since != first


async def test_somebody_who_asked_hears_at_once_that_approval_is_needed(story: Story) -> None:
    """Only Bo wanted to; both are in the mention of the thread."""
    await wants(story.bo, approvals=True)
    await is_asked(story)
    await is_written_to(story.bo)
    await rests(story)
    assert told(story) == snapshot(
        {
            "bo": [
                ":raised_hand: P-1 needs your approval: checkout v2.14.3 to production, asked by ana. It expires <time>, in <while>."
            ]
        }
    )


async def test_somebody_who_asked_hears_how_theirs_ended(story: Story) -> None:
    """Ana wanted to, Dee of the same team did not."""
    await wants(story.ana, finished=True)
    await succeeds(story)
    await is_written_to(story.ana)
    await rests(story)
    assert told(story) == snapshot(
        {
            "ana": [
                "P-1: checkout v2.14.3 is live in production after <while>. Asked by ana, approved by bo and cy."
            ]
        }
    )


async def test_a_team_hears_of_the_failures_of_its_services(story: Story) -> None:
    """Dee is in the owner team and wanted to; Eli wanted to and is in another team; Ana asked, and hears once."""
    await wants(story.dee, failures=True)
    await wants(story.eli, failures=True)
    await wants(story.ana, failures=True, finished=True)
    await fails(story)
    await is_written_to(story.dee)
    await is_written_to(story.ana)
    await rests(story)
    assert {name: len(written) for name, written in all_letters(story).items()} == {"ana": 1, "dee": 1}


async def test_whoever_ends_their_own_request_is_not_told_of_it(story: Story) -> None:
    """Ana cancels what she asked for: she knows."""
    await wants(story.ana, finished=True)
    await is_asked(story)
    await story.ana.clicks("Cancel")
    await story.until("P-1", "cancelled")
    await rests(story)
    assert all_letters(story) == {}


async def test_slack_that_is_down_for_a_while_gets_the_reminder_later(story: Story) -> None:
    """Slack asks to wait when the first reminder is due: nobody misses it, and nobody gets it twice."""
    await is_asked(story)
    await rests(story)
    story.world.vendor["slack"] = [429, 429]
    story.passes(2 * HOUR)
    await is_written_to(story.bo)
    await is_written_to(story.cy)
    await rests(story)
    assert {name: len(written) for name, written in all_letters(story).items()} == {"bo": 1, "cy": 1}


async def test_an_answer_of_slack_that_is_lost_is_no_reason_to_write_again(story: Story) -> None:
    """Slack takes a letter and its yes is lost: it may be there, and it is."""
    await is_asked(story)
    await rests(story)
    refuses(story, "slack", "chat.postMessage", "accept-then-502")
    story.passes(2 * HOUR)
    await is_written_to(story.cy)
    await rests(story)
    assert {name: len(written) for name, written in all_letters(story).items()} == {"bo": 1, "cy": 1}
