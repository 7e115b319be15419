"""The cheap, automatic checks of what people see, 1 to 10."""

import asyncio
import json
import re
import signal
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from blocks.card import card
from blocks.words import names
from blocks.words.codes import CODES
from bot.domain.command_line import COMMANDS as WORDS
from bot.domain.face import Button, Face, State
from bot.entrances import COMMANDS, GLOBAL_SHORTCUTS, MESSAGE_SHORTCUTS
from bot.playground.slack.state import SLACKBOT
from handlers.clicks import BUTTONS, LINKS
from tests.blocks import golden
from tests.blocks.faces import APPROVED, FACES, face
from tests.blocks.judge import assert_message
from tests.blocks.test_every_face import STATE_WORDS
from tests.experience.ledger import cards, moments_of_edits, pressed
from tests.experience.noes import codes, codes_with_a_story, whispered
from tests.faults.bot_process import shown
from tests.faults.place import Place
from tests.faults.place import place as place
from tests.stories.deploys import is_asked
from tests.stories.story import Story
from tests.stories.surfaces import button_on, presses
from tests.stories.ways import mentions

ROOT = Path(__file__).parents[2]
REASONS = ("long " * 600, "שלום עולם", "👩‍👩‍👧 🇫🇷", "<!channel> *bold* `code`")
LINES = {
    "plan": "plan checkout@v2.14.3 to production",
    "status": "status checkout",
    "why": "why",
    "history": "history checkout",
    "approve": "approve",
    "reject": "reject because not ready",
    "cancel": "cancel",
    "retry": "retry",
    "rollback": "rollback checkout because errors are up",
    "adopt": "adopt checkout@v2.14.2 in production because it is live",
    "acknowledge": "acknowledge",
    "lead": "lead",
    "note": "note refunds fail",
    "resolve": "resolve",
    "whoami": "whoami",
    "doctor": "doctor",
    "help": "help",
}


@pytest.mark.parametrize("state", State)
def test_check_01_every_state_of_every_shape_is_a_message(state: State) -> None:
    """No, one and many approvals, one gate and sixty, reasons of 3,000 characters, of other scripts and with markup:
    Slack takes each, and its text names service, environment and state."""
    gate = FACES["awaiting"].requirements[2]
    for approvals in ((), APPROVED[:1], APPROVED * 5):
        for requirements in ((gate,), (gate,) * 60):
            for reason in REASONS:
                _judge(face(state, approvals=approvals, requirements=requirements, reason=reason))


def _judge(one: Face) -> None:
    rendition = card(one)
    for blocks in rendition.rungs:
        assert_message(rendition.text, blocks)
    known = (names.service(one.service), names.environment(one.environment), STATE_WORDS[one.state])
    assert [word for word in known if word not in rendition.text.lower()] == []


def test_check_02_each_state_has_a_golden_card() -> None:
    """The JSON of every state is kept, with its text, and a change of either is seen in the diff."""
    assert {one.state for one in FACES.values()} == set(State)
    kept = {name: json.loads(golden.path_of(name).read_text()) for name in FACES}
    assert [name for name, one in kept.items() if one["text"] != card(FACES[name]).text] == []
    assert [name for name in FACES if golden.rendered(name) != golden.path_of(name).read_text()] == []


async def test_check_03_the_happy_path_is_quiet(story: Story) -> None:
    """From the request to a version that is live, a run of a minute among it: one message in the channel, at most six
    answers below it and 25 edits, none within two seconds of another; the last one shows the end."""
    story.world.run.seconds = 60.0
    await is_asked(story)
    await story.bo.clicks("Approve")
    await story.cy.clicks("Approve")
    await story.until("P-1", "succeeded")
    await story.settles()

    slack, shown_last = story.playground.slack, story.card("P-1")
    assert slack.posts("deploys") == 1
    assert slack.thread_replies("deploys") <= 6
    assert 5 <= shown_last.edits <= 25
    times = moments_of_edits(story, shown_last.ts)
    assert len(times) == shown_last.edits + 1
    assert [late - early for early, late in pairwise(times) if late - early < 2.0] == []
    assert "is live in production" in str(cards(story)[-1]["text"]) == shown_last.text


def test_check_04_each_code_has_a_test() -> None:
    """Every code has a story by its name; each of those asserts the code, its rule and a next step."""
    assert codes_with_a_story() == set(CODES)


async def test_check_05_fifty_clicks_at_once(story: Story) -> None:
    """Two people press fifty times at one moment, on a card that is as old as the first click: each is acknowledged
    in Slack's time, both count once, and one deploy follows."""
    await is_asked(story)
    shown_card, approve = story.card("P-1"), button_on(story.card("P-1"), Button.APPROVE)
    people = (story.bo, story.cy)
    await asyncio.gather(*(presses(people[number % 2], shown_card, approve) for number in range(50)))
    await story.until("P-1", "succeeded")
    await story.settles()

    assert sorted(one.by for one in (await story.stands("P-1")).approvals) == ["bo", "cy"]
    assert len(story.dispatches()) == 1
    private = story.playground.slack.workspace.private.values()
    assert [one.text for said in private for one in said if one.author == SLACKBOT] == []


def test_check_06_whatever_can_be_pressed_is_handled() -> None:
    """Each button of a face has a handler or is a link, and no handler is left over; what the manifest asks Slack for
    is what is listened to."""
    on_cards = {Button(str(one["action_id"])) for each in FACES.values() for one in _buttons(each)}
    assert set(BUTTONS) | LINKS == set(Button)
    assert not set(BUTTONS) & LINKS
    assert on_cards <= set(Button)
    features = yaml.safe_load((ROOT / "manifest.yml").read_text())["features"]
    assert [one["command"] for one in features["slash_commands"]] == [one.name for one in COMMANDS]
    entries = {one["callback_id"] for one in features["shortcuts"]}
    assert entries == {one.callback for one in (*GLOBAL_SHORTCUTS, *MESSAGE_SHORTCUTS)}


def _buttons(one: Face) -> list[dict[str, object]]:
    return [dict(button) for button in pressed({"blocks": card(one).rungs[0]})]


@pytest.mark.parametrize("refused", ["rich", "all"])
async def test_check_07_the_ladder_holds_to_the_end(story: Story, refused: str) -> None:
    """A Slack that answers invalid_blocks to the newest blocks, or to all of them: every state is shown all the same,
    and a private no is heard."""
    story.playground.slack.workspace.refuse_blocks = refused  # type: ignore[assignment]
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await story.sees(
        lambda: any("waiting for approval" in str(one["text"]) for one in cards(story)), "the card"
    )
    await story.eli.types("/promote checkout@v2.14.9 to dev because fix refunds")
    await story.sees(lambda: "I cannot find “v2.14.9”" in whispered(story.eli).text, "the private no")
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")
    await story.until("P-1", "succeeded")
    await story.settles()

    kinds = {block["type"] for one in cards(story) for block in one.get("blocks") or []}
    assert kinds == (set() if refused == "all" else {"section", "context", "actions"})
    assert story.card("P-1").text.startswith("P-1: checkout v2.14.3 is live in production")


async def test_check_08_nothing_is_for_slash_commands_alone(story: Story) -> None:
    """Where slash commands do not work, below a card, every word of the grammar does by mention."""
    assert set(LINES) == set(WORDS)
    await is_asked(story)
    shown_card = story.card("P-1")
    for words in LINES.values():
        await mentions(story.dee, words, shown_card)
        assert "E27" not in codes(whispered(story.dee)), words


async def test_check_10_a_bot_that_is_killed_converges(place: Place) -> None:
    """SIGKILL while it deploys, and a new process: one run, and the card says what came of it."""
    bot, playground = place.bot, place.playground
    playground.world.run.seconds = 20.0
    await bot.says("ana", "/promote checkout@v2.14.3 to production because fix refunds")
    await bot.until(lambda: "Approve" in shown(playground, "P-1"), "the Approve button")
    for manager in ("bo", "cy"):
        await bot.says(manager, "/promote approve P-1")
    await bot.until(lambda: bot.promotions["P-1"].phase.value == "deploying", "the deploy")
    await bot.ends(signal.SIGKILL)
    await bot.starts()
    await bot.until(lambda: bot.promotions["P-1"].phase.value == "succeeded", "the end")
    await bot.until(lambda: re.search(r"is live in production", _texts(place)), "the last card")

    assert len(playground.github.runs_state()) == 1


def _texts(place: Place) -> str:
    messages = place.playground.slack.messages("deploys")
    return str([one.text for one in messages if not one.thread_ts])
