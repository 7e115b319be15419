"""The rules of what people see, R10 to R15: what is asked again, how times read, and how a no is said."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from blocks.words import code, refusal
from bot.domain.errors import Refusal
from tests.blocks.test_refusals import REFUSED
from tests.experience.ledger import cards, moments_of_edits, pressed, sent, texts
from tests.experience.noes import NEXT, codes, reads, whispered
from tests.experience.sentences import sentences_in
from tests.stories.deploys import is_asked, is_running, succeeds
from tests.stories.github import is_lost
from tests.stories.moments import rests
from tests.stories.story import Story

ROOT = Path(__file__).parents[2]
ASK = "/promote checkout@v2.14.3 to production because fix refunds"
EVIL = "<!channel> <@U0ELI> <https://evil.example|Approve> *bold* & more"
MOMENT = re.compile(
    r"<!date\^\d+\^\{date_short_pretty\} \{time(?:_secs)?\}\|\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)? UTC>"
)
LOOSE = re.compile(r"\b\d{4}-\d\d-\d\d|\b\d\d:\d\d\b|\b\d{9,10}\b|\d+\.\d+ s\b")
SKIP = {"reason": "fix refunds", "skip_health": ["health"], "skip_reason": "the probe is broken"}
BETWEEN = 2.0  # seconds between two edits of one message


async def test_r10_only_what_may_be_regretted_asks_again(story: Story) -> None:
    """A plain approval asks nothing; one with a skipped check, a run that is cancelled and a word on an unknown
    outcome do."""
    story.world.health["checkout", "staging"] = "failing"
    view = (await story.ana.types("/promote checkout@v2.14.3"))["view"]
    await story.ana.submits(view, environment="production", **SKIP)
    await story.sees(lambda: "approve" in _asking(story, "P-1"), "a question before the approval")
    await story.ana.types("/promote cancel P-1")
    await story.until("P-1", "cancelled")
    story.world.health["checkout", "staging"] = "ok"
    await is_running(story, "P-2")
    await story.sees(lambda: "cancel_run" in _asking(story, "P-2"), "a question before the run is cancelled")

    assert _asking(story, "P-2") == {"cancel_run"}
    assert "approve" in {button["action_id"] for one in cards(story, "P-2") for button in pressed(one)}


def _asking(story: Story, promotion: str) -> set[str]:
    """The buttons of any of its cards that ask before they act."""
    buttons = [button for one in cards(story, promotion) for button in pressed(one)]
    return {str(button["action_id"]) for button in buttons if "confirm" in button}


async def test_r10_a_word_on_an_unknown_outcome_asks_again(story: Story) -> None:
    """What an admin says of it is believed, so it is asked for twice."""
    await is_lost(story)
    await story.sees(lambda: _asking(story, "P-1") >= {"never_started", "is_live"}, "the questions")


async def test_r11_times_are_the_readers_and_edits_are_few(story: Story) -> None:
    """Every moment is in the reader's zone with UTC for the rest, every span in words; a message is edited at most
    every two seconds, and its last state is shown."""
    story.world.run.seconds = 20.0
    await is_asked(story)
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")
    await story.until("P-1", "succeeded")
    await story.settles()

    marked = [text for one in sent(story) for text in texts(one)[1:]]
    assert any(MOMENT.search(text) for text in marked)
    assert [text for text in marked if LOOSE.search(_without_links(MOMENT.sub("", text)))] == []
    assert re.search(r"after \d+ s\b", story.card("P-1").text)
    times = moments_of_edits(story, story.card("P-1").ts)
    assert [late - early for early, late in pairwise(times) if late - early < BETWEEN] == []
    assert story.card("P-1").text.startswith("P-1: checkout v2.14.3 is live in production")


def _without_links(text: str) -> str:
    return re.sub(r"<http[^|>]*\|", "", text)


async def test_r12_what_people_write_stays_letters(story: Story) -> None:
    """A reason and a note call nobody, link nowhere and turn no letters, wherever they are shown again."""
    await story.ana.types(f"/promote checkout@v2.14.3 to production because {EVIL}")
    await story.bo.clicks("Approve")
    await story.cy.types(f"/promote approve P-1 {EVIL}")
    await story.until("P-1", "succeeded")
    await story.ana.types("/promote why P-1")
    await story.settles()

    shown = [text for one in sent(story) for text in texts(one)]
    assert [text for text in shown if re.search(r"<!channel|<@U0ELI>|<https://evil|\*bold\*", text)] == []
    assert any("&lt;!channel&gt;" in text for text in shown)


async def test_r13_a_channel_without_the_bot(story: Story) -> None:
    """Nothing fails in silence: whoever asked reads how to let the bot in, and is answered where they asked too."""
    channel = story.playground.slack.workspace.channel("deploys")
    channel.members.remove(story.world.bot_user)
    await story.ana.types(ASK)
    assert "P-1" in whispered(story.ana).text
    await reads(story.ana, "E20", "I am not in #deploys", "`/invite @greenlight`")

    channel.members.append(story.world.bot_user)
    await story.sees(lambda: cards(story) != [], "the card")
    await rests(story)
    assert story.card("P-1").text.startswith("P-1: checkout v2.14.3 to production is waiting for approval")


@pytest.mark.parametrize("refused", REFUSED, ids=lambda one: type(one).__name__)
def test_r14_a_no_says_what_comes_next(refused: Refusal) -> None:
    """What was refused, the rule, who or what can unblock it: every refusal of the domain ends in a next step."""
    assert NEXT.search(refusal(refused)), refusal(refused)
    assert code(refused)


async def test_r14_a_no_reaches_whoever_asked(story: Story) -> None:
    """Typed or pressed, the answer is the same: the sentence, and the code below it."""
    await is_asked(story)
    await story.eli.clicks("Approve")
    await story.sees(lambda: story.eli.heard, "the answer to the click")
    pressed_no = whispered(story.eli)
    await story.eli.types("/promote approve P-1")
    assert (whispered(story.eli).text, codes(whispered(story.eli))) == (pressed_no.text, {"E07"})


def test_r15_every_sentence_lives_in_words() -> None:
    """What Slack shows is said by a function of blocks/words/: no sentence stands in the files that draw."""
    drawing = (ROOT / "blocks").glob("*.py")
    assert {path.name: found for path in drawing if (found := sentences_in(path))} == {}


def test_r15_a_sentence_anywhere_else_would_be_found(tmp_path: Path) -> None:
    """The search finds what it is made for, and leaves documentation, faults and logs alone."""
    source = tmp_path / "drawing.py"
    source.write_text(
        '"""Says what it does."""\n\n\ndef told(name: str) -> str:\n    log.info("somebody was told of it")\n'
        '    return f"{name} was told to go away."\n'
    )
    assert sentences_in(source) == [" was told to go away."]


async def test_a_finished_deploy_is_quiet(story: Story) -> None:
    """What went well is three blocks and a row of buttons: what, the proof, and the way back."""
    await succeeds(story)
    await story.settles()
    assert [block["type"] for block in story.card("P-1").blocks] == [
        "section",
        "context",
        "context",
        "actions",
    ]
