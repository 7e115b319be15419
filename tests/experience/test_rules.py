"""The rules of what people see, R1 to R9: one message, whole sentences, buttons that carry nothing, and no noise."""

import asyncio
import json
import re
from typing import Any, cast

from blocks.card import card
from bot.app import T
from bot.domain.face import Button
from bot.domain.portrait import face_of
from bot.playground.slack.state import SLACKBOT
from tests.experience.ledger import cards, nodes, notes, pressed, sent, texts
from tests.experience.noes import hears
from tests.stories.deploys import broadcasts, fails, is_asked
from tests.stories.moments import rests
from tests.stories.parts import Beside
from tests.stories.post import posted, signed
from tests.stories.rules import rule_changes, rules_change
from tests.stories.story import Story
from tests.stories.surfaces import button_on, presses

HEAD = re.compile(r":[a-z_]+: \*[^*]+")  # an icon, and words beside it
ASK = "/promote checkout@v2.14.3 to production because fix refunds"
GROUP = {"{members: [bo, cy]}": "{slack_group: S0RELEASE}"}


async def test_r01_one_promotion_is_one_message(story: Story) -> None:
    """A deploy that fails and is rolled back: each promotion has one message, edited in place, and the channel hears
    of the failure and of the way back besides, nothing else."""
    await fails(story)
    await rests(story)
    await story.bo.types("/promote rollback checkout because errors are up")
    await story.until("P-2", "succeeded")
    await story.settles()

    alone = [one for one in story.messages() if not one.thread_ts]
    assert [one.text.split(":")[0].split(" ")[0] for one in alone] == ["P-1", "P-2"]
    assert story.card("P-1").edits > 3
    assert [words.split(" ")[0] for words in broadcasts(story)] == [":x:", ":leftwards_arrow_with_hook:"]


async def test_r02_the_text_stands_alone(story: Story) -> None:
    """Whatever face of the card a notification or a screen reader gets: promotion, service, environment, version,
    state and actor, as sentences; what is said below names the service, the environment and the version too."""
    await fails(story)
    await story.settles()

    states = ("waiting for approval", "starts at", "deploying", "FAILED")
    said = [str(one["text"]) for one in cards(story) if one["channel"] == story.card("P-1").channel]
    assert [state for state in states if not any(state in one for one in said)] == []
    named = ("P-1", "checkout", "v2.14.3", "production", "ana")
    assert [one for one in said if not all(name in one for name in named) or not one.endswith(".")] == []
    below = [str(one["text"]) for one in notes(story)]
    assert [one for one in below if not all(name in one for name in named[1:4])] == []


async def test_r03_a_state_is_an_icon_and_a_word(story: Story) -> None:
    """Each face of the card begins with both; each button says to a screen reader what it is about, and each image
    what it shows."""
    await fails(story)
    await story.settles()

    shown = cards(story)
    assert [one for one in shown if not HEAD.match(one["blocks"][0]["text"]["text"])] == []
    labels = [str(button["accessibility_label"]) for one in shown for button in pressed(one)]
    assert "Approve promotion P-1 of checkout to production" in labels
    of_incident = [one for one in labels if one.endswith(": incident PD-4411, checkout in production")]
    assert {one.split(":")[0] for one in of_incident} == {
        "Acknowledge",
        "I am lead",
        "Add note",
        "Resolve",
    }
    others = [one for one in labels if one not in of_incident]
    assert [one for one in others if "P-1 of checkout to production" not in one] == []
    assert [one for one in labels if len(one) > 75] == []
    images = [node for one in sent(story) for node in nodes(one.get("blocks")) if node.get("type") == "image"]
    assert [one for one in images if not one.get("alt_text")] == []


async def test_r04_a_button_carries_an_id_and_a_digest(story: Story) -> None:
    """All else is judged at the click: a stale one changes nothing, refreshes the card and says so to that person
    alone; a second click of one person, and a delivery that Slack repeats, do nothing more."""
    await is_asked(story)
    await rests(story)
    old, shown = button_on(story.card("P-1"), Button.APPROVE), story.card("P-1")
    await rule_changes(story, "wait: 10s", "wait: 20s")
    await rests(story)
    await presses(story.bo, shown, old)
    await hears(story.bo, "E10", "refreshed", "Look again")
    assert (await story.stands("P-1")).approvals == ()

    await story.cy.clicks("Approve")
    again = story.playground.slack.requests.sent[-1].content
    repeated = {**signed(story, again), "X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    assert await posted(story, again, repeated) == 200
    await story.cy.clicks("Approve")
    await rests(story)
    assert [one.by for one in (await story.stands("P-1")).approvals] == ["cy"]

    values = [json.loads(str(button["value"])) for one in cards(story) for button in pressed(one)]
    assert {tuple(value) for value in values} == {("id", "rev")}


async def test_r05_the_card_is_a_function_of_what_it_shows(story: Story) -> None:
    """The last edit is what `card` makes of the face, and so is the message that takes the place of a deleted one."""
    await is_asked(story)
    await rests(story)
    assert cards(story)[-1]["blocks"] == await _drawn(story)

    del story.playground.slack.workspace.channel("deploys").messages[story.card("P-1").ts]
    await story.bo.types("/promote approve P-1")
    await story.sees(lambda: any(not one.thread_ts for one in story.messages()), "a new card")
    await rests(story)
    newest = [one for one in sent(story, "chat.postMessage") if not one.get("thread_ts")][-1]
    assert newest["blocks"] == await _drawn(story) == card(await _face(story)).rungs[0]


async def _drawn(story: Story) -> object:
    return card(await _face(story)).rungs[0]


async def _face(story: Story) -> Any:
    applied = await story.bot.service.look("P-1")
    assert applied is not None
    return face_of(applied.promotion, applied.context, applied.requirements)


async def test_r06_a_slack_that_refuses_blocks_gets_plainer_ones(story: Story) -> None:
    """Without the newest blocks the card, its edits, private replies and forms are classic; without any, the text
    alone tells the story, and the commands do what the buttons did."""
    workspace = story.playground.slack.workspace
    workspace.refuse_blocks = "rich"
    await is_asked(story)
    await story.bo.clicks("Approve")
    opened = await story.bo.clicks("Details")
    assert opened["view"] is not None
    base = {"section", "context", "actions", "divider", "header"}
    assert {block["type"] for block in story.card("P-1").blocks} <= base

    workspace.refuse_blocks = "all"
    await story.eli.clicks("Approve")
    await story.sees(lambda: "You cannot approve P-1" in str(story.eli.heard), "the words alone")
    await story.cy.types("/promote approve P-1")
    await story.until("P-1", "succeeded")
    await story.settles()
    assert story.card("P-1").blocks == []
    assert story.card("P-1").text.startswith("P-1: checkout v2.14.3 is live in production")

    workspace.refuse_blocks = "rich"
    await story.bo.types("/promote rollback checkout")
    await story.sees(
        lambda: "for everyone" in str(workspace.view_of("U0BO")), "a rollback form without an alert"
    )


class SilentGitHub(Beside):
    """A GitHub that answers nobody."""

    def __getattr__(self, name: str) -> Any:
        async def never(*what: object, **how: object) -> None:
            await asyncio.Event().wait()

        return never


async def test_r07_what_people_do_is_acknowledged_though_github_is_silent(story: Story) -> None:
    """Lines, clicks and forms are answered while not one call to GitHub comes back; Slack's own words for an app that
    does not answer are seen by nobody."""
    workspace = story.playground.slack.workspace
    await is_asked(story)
    story.around = _silent
    await story.bot_stops()
    await story.bot_starts()

    for line in (ASK, "/promote status", "/promote why P-1"):
        assert (await story.bo.types(line))["replies"] != []
    await story.bo.types("/promote plan checkout@v2.14.3 to production")  # its one answer is GitHub's
    for person, button in ((story.bo, "Approve"), (story.eli, "Approve")):
        await person.clicks(button)
    for line in ("/promote", "/promote rollback checkout"):
        await story.cy.types(line)
        await story.sees(lambda: workspace.view_of("U0CY") is not None, f"a form for {line}")
    assert (await story.stands("P-1")).approvals != ()
    authors = {one.author for people in workspace.private.values() for one in people}
    assert SLACKBOT not in authors


def _silent(name: str, part: T) -> T:
    return cast(T, SilentGitHub(part)) if name == "repository" else part


async def test_r08_what_is_asked_is_answered_in_private(story: Story) -> None:
    """Every answer to a line is for whoever typed it; what lasts is a message that can be edited."""
    await is_asked(story)
    await rests(story)
    seen = len(story.messages())
    lines = ("status", "why P-1", "history checkout", "help", "retry P-1 helth", "approve P-77")
    for line in lines:
        await story.eli.types(f"/promote {line}")

    assert len(story.eli.heard) == len(lines)
    assert len(story.messages()) == seen
    assert story.card("P-1").only_for is None


async def test_r09_the_approvers_are_mentioned_once_when_they_can_act(story: Story) -> None:
    """While a gate says no nobody is called; when all passed, the group is called once, below the card, with what
    changes and what speaks against it; never the whole channel."""
    story.playground.slack.workspace.usergroups["S0RELEASE"] = ["U0BO", "U0CY"]
    await rules_change(story, GROUP)
    story.world.health["checkout", "staging"] = "failing"
    await story.ana.types(ASK)
    await story.sees(lambda: any("is blocked" in one.text for one in story.messages()), "the block")
    await rests(story)
    assert _calls(story) == []

    story.world.health["checkout", "staging"] = "ok"
    await story.ana.types("/promote retry P-1")
    await story.sees(lambda: _calls(story), "the mention")
    await story.bo.types("/promote approve P-1")
    await story.cy.types("/promote approve P-1")
    await story.until("P-1", "succeeded")
    await story.settles()
    [said] = _calls(story)
    assert re.search(r"All 3 gates passed\. Changes by .*#812, #811 and #810", said)
    assert [
        text for one in sent(story) for text in texts(one) if re.search("<!(here|channel|everyone)", text)
    ] == []


def _calls(story: Story) -> list[str]:
    """What called the approvers, wherever it was said."""
    said = [text for one in sent(story) for text in texts(one)[:1]]
    return [text for text in said if "<!subteam^S0RELEASE>" in text]
