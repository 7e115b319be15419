"""What a card says while a deploy is on its way: counted in one way, in words, and with nothing harmful to press."""

import json
import re

from inline_snapshot import snapshot

from bot.playground.slack.raw import elements_in
from tests.stories.deploys import is_approved, is_asked, succeeds
from tests.stories.github import fails as github_fails
from tests.stories.moments import rests
from tests.stories.said import card_words, plain
from tests.stories.story import Story

COUNTED = re.compile(r"\d of (\d)\)|(\d) gates")  # the last number: of how many
READINGS = re.compile(r"Health: [^·\n]*[^·\n ]")


async def test_the_usual_time_stands_beside_the_deploy(story: Story) -> None:
    """Nobody knows it for the first deploy; the next one says what the last ones took."""
    await story.bo.types("/promote adopt checkout@v2.15.0 in staging because it was tested there")
    await succeeds(story)
    await rests(story)
    assert (await story.stands("P-1")).intent is not None
    story.world.run.seconds = 30.0
    await is_approved(story, "v2.15.0", "P-2")
    await story.until("P-2", "deploying")
    await story.sees(lambda: ", step " in story.card("P-2").text, "the steps")

    first, second = await story.stands("P-1"), await story.stands("P-2")
    assert first.intent is not None
    assert second.intent is not None
    assert (first.intent.usual, second.intent.usual) == (None, (await _took(story, "P-1")))
    assert ", usual " in story.card("P-2").text
    assert ", usual " in str(_plan(story, "P-2")["title"])


async def _took(story: Story, promotion: str) -> float:
    one = await story.stands(promotion)
    assert one.ending is not None
    assert one.intent is not None
    return round(one.ending.at - one.intent.at, 1)


def _plan(story: Story, promotion: str) -> dict[str, object]:
    (plan,) = [block for block in story.card(promotion).blocks if block["type"] == "plan"]
    return plan


async def test_the_text_counts_the_steps_as_the_plan_does(story: Story) -> None:
    """Incident: a notification said "0 of 3 steps" beside a plan of four."""
    story.world.run.seconds = 30.0
    await is_approved(story)
    await story.until("P-1", "deploying")
    await story.sees(lambda: ", step " in story.card("P-1").text, "the steps")
    tasks = _plan(story, "P-1")["tasks"]
    assert isinstance(tasks, list)
    at = [task["status"] for task in tasks].index("in_progress") + 1

    assert f", step {at} of {len(tasks)}: " in story.card("P-1").text


async def test_gates_are_counted_in_one_way(story: Story) -> None:
    """Incident: "Checking gates (2 of 5)", then "All 3 gates passed" followed by five facts."""
    story.world.health["checkout", "staging"] = "slow"
    await is_asked(story)
    shown = _texts(story)

    counted = [found for text in shown for found in COUNTED.findall(text)]
    assert len(counted) >= 2
    assert {"".join(found) for found in counted} == {"3"}
    assert "All 3 gates passed" in story.card("P-1").text
    assert READINGS.findall(card_words(story, "P-1")) == snapshot(["Health: answers 200"])


async def test_nobody_is_told_of_a_queue_that_is_empty(story: Story) -> None:
    """Incident: "Queued for its turn" flashed up before every deploy, with nobody else in line."""
    await succeeds(story)
    await rests(story)

    shown = _texts(story)
    assert [text for text in shown if "ueued" in text] == []
    assert any("once more" in text for text in shown)


async def test_a_double_click_on_approve_does_no_harm(story: Story) -> None:
    """Whatever stands where Approve stood, after the last approval and until the deploy goes, only shows details."""
    await is_asked(story)
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")
    await story.until("P-1", "deploying", "succeeded")
    await rests(story)

    rows = [row for row in _first_buttons(story) if row]
    after = rows[len(rows) - 1 - rows[::-1].index("approve") :]
    assert after[0] == "approve"
    assert set(after[1:]) <= {"details", "cancel_run", "view_run", "roll_back"}
    assert after[1] == "details"


async def test_what_github_calls_timed_out_is_said_in_words(story: Story) -> None:
    """The run's conclusion is a word of GitHub's API: people read a sentence."""
    story.world.run.conclusion, story.world.run.seconds = "timed_out", 2.0
    await is_approved(story)
    await story.until("P-1", "failed")
    await rests(story)

    assert "timed_out" not in str(story.card("P-1").blocks)
    assert "The run timed out in GitHub." in card_words(story, "P-1")


async def test_a_rollback_that_github_refuses_is_asked_for_again(story: Story) -> None:
    """Incident: the card said "then press Retry", and had no such button."""
    await succeeds(story)
    await rests(story)
    github_fails(story, "/dispatches", 403)
    await story.bo.types("/promote rollback checkout in production because refunds are failing")
    await story.until("P-2", "errored")
    await rests(story)

    assert "Retry" not in card_words(story, "P-2")
    assert "then ask again: `/promote rollback checkout in production`" in card_words(story, "P-2")


def _cards(story: Story) -> list[dict[str, object]]:
    """Every card that Slack was ever asked to show, oldest first."""
    calls = [one for one in story.asked("slack", "chat.") if one.path in {"chat.postMessage", "chat.update"}]
    bodies = [one.body for one in calls if isinstance(one.body, dict)]
    return [body for body in bodies if "thread_ts" not in body]


def _texts(story: Story) -> list[str]:
    return [plain(str(body["text"]) + str(body.get("blocks"))) for body in _cards(story)]


def _first_buttons(story: Story) -> list[str]:
    """The first button of each of them."""
    return [
        next((found.element["action_id"] for found in elements_in(_blocks(body))), "")
        for body in _cards(story)
    ]


def _blocks(body: dict[str, object]) -> list[dict[str, object]]:
    blocks = body.get("blocks")
    found = json.loads(blocks) if isinstance(blocks, str) else blocks
    return found if isinstance(found, list) else []
