"""`/promote doctor`: answered at once, told privately when it is over, all of it to admins only."""

import pytest

from blocks import doctor as blocks
from blocks.rendition import Rendition
from bot.domain.checkup import SUBJECTS, Checkup, Finding, Grade
from tests.blocks.judge import assert_message
from tests.stories.deploys import is_asked
from tests.stories.story import Somebody, Story
from tests.stories.ways import mentions

SUM = "looks, "


async def told(story: Story, somebody: Somebody, words: str) -> str:
    """The newest of what somebody was told privately, once it has these words: its text and its blocks."""
    said = story.playground.slack.shown_to
    await story.sees(lambda: any(words in one.text for one in said(somebody.name)), words)
    newest = [one for one in said(somebody.name) if words in one.text][-1]
    return f"{newest.text} {newest.blocks}"


def looks(story: Story) -> int:
    """How many checkups were made, by how often GitHub was asked for a ping of one webhook."""
    return len(story.asked("github", "/acme/checkout/hooks/", "POST"))


async def test_an_admin_is_answered_at_once_and_told_what_is_not_well(story: Story) -> None:
    """The acknowledgement waits for no vendor; what is well is only counted."""
    story.world.slack_scopes.add("channels:history")
    answer = await story.bo.types("/promote doctor")
    assert "within a minute" in answer["replies"][0]["text"]
    said = await told(story, story.bo, SUM)
    assert "1 to know of, 0 to mend" in said
    assert "Remove channels:history" in said
    assert "Well" not in said


async def test_others_see_green_or_red_per_vendor(story: Story) -> None:
    """No setting, no scope, no channel: only what works and what does not."""
    story.world.slack_scopes.discard("pins:write")
    await story.eli.types("/promote doctor")
    said = await told(story, story.eli, "Something has to be mended")
    assert ":x: Slack: something has to be mended" in said
    assert ":white_check_mark: GitHub: works" in said
    assert "pins:write" not in said


@pytest.mark.parametrize("story", ["http", "socket"], indirect=True)
async def test_all_is_well(story: Story) -> None:
    """To both kinds of people in one sentence, whichever way Slack reaches the bot."""
    await story.bo.types("/promote doctor")
    assert "all is well" in await told(story, story.bo, "all is well")
    answer = await story.eli.types("/promote doctor")
    assert answer["replies"][0]["text"] == "Everything works."


async def test_one_checkup_serves_everybody_who_asks_within_a_minute(story: Story) -> None:
    """Those who ask while one is made are told of it, those who ask soon after at once, and later it is made anew."""
    before = looks(story)
    for somebody in (story.bo, story.cy, story.bo):
        await somebody.types("/promote doctor")
    for somebody in (story.bo, story.cy):
        await told(story, somebody, "all is well")
    answer = await story.bo.types("/promote doctor")
    assert "all is well" in answer["replies"][0]["text"]
    assert looks(story) == before + 1
    story.passes(61)
    await story.bo.types("/promote doctor")
    await story.sees(lambda: looks(story) == before + 2, "another checkup")


async def test_who_asks_in_a_thread_is_told_there(story: Story) -> None:
    """Incident: a mention in a thread was answered there, and what was found was told in the channel above it."""
    await is_asked(story)
    card = story.card("P-1")
    assert "within a minute" in await mentions(story.bo, "doctor", card)
    await told(story, story.bo, "all is well")
    said = story.playground.slack.shown_to("bo")
    assert [one.thread_ts for one in said] == [card.ts, card.ts]


async def test_a_vendor_that_is_down_is_one_thing_to_mend(story: Story) -> None:
    """Everything else is told, and in time."""
    story.world.vendor_always["pagerduty"] = 503
    await story.bo.types("/promote doctor")
    said = await told(story, story.bo, SUM)
    assert "1 to mend" in said
    assert "PagerDuty did not answer" in said


def rendered(count: int, words: str) -> list[Rendition]:
    """Both forms of a checkup of this size."""
    grades = (Grade.PASS, Grade.WARN, Grade.FAIL)
    findings = tuple(
        Finding(subject, "check", f"{words} {number}", grades[number % 3], f"{words} says.", f"{words} fix.")
        for subject in SUBJECTS
        for number in range(count)
    )
    return [blocks.for_admin(Checkup(findings)), blocks.for_others(Checkup(findings))]


def test_slack_takes_it_however_much_is_wrong() -> None:
    """Nothing, a little, and far too much, with what a vendor could say."""
    hostile = "<!channel> *bold* <https://evil.example|click> `x` " + "long " * 200
    for count, words in ((0, ""), (1, "fine"), (60, hostile)):
        for rendition in (*rendered(count, words), blocks.looking()):
            assert_message(rendition.text, rendition.rungs[0])
            shown = str(rendition.rungs)
            assert "<!channel>" not in shown
            assert "<https" not in shown
