"""A form that does not open, because its trigger has expired or Slack is in trouble (F74): nothing typed is lost."""

import json
from typing import Any, cast

from inline_snapshot import snapshot

from blocks.replies import OPEN_FORM
from bot.app import T
from tests.stories.deploys import is_asked, succeeds
from tests.stories.parts import Beside
from tests.stories.said import plain
from tests.stories.story import Answer, Somebody, Story
from tests.stories.vendors import refuses

SECONDS = 4.0  # one more than a trigger lives
REASON = "the tax line"


class LateForms(Beside):
    """A Slack to which every form comes too late while `is_late`."""

    is_late = True

    def __init__(self, part: Any, story: Story) -> None:
        super().__init__(part)
        self.story = story

    async def open_view(self, trigger: str, view: Any) -> Any:
        """Open a form, after the trigger's time."""
        if self.is_late:
            self.story.passes(SECONDS)
        return await self.part.open_view(trigger, view)


async def with_late_forms(story: Story) -> LateForms:
    """Start the bot again with a Slack to which forms come too late."""
    made: list[LateForms] = []

    def around(name: str, part: T) -> T:
        if name != "chat":
            return part
        made.append(LateForms(part, story))
        return cast(T, made[-1])

    story.around = around
    await story.bot_stops()
    await story.bot_starts()
    return made[-1]


async def is_told(person: Somebody) -> None:
    """Somebody was told that a form did not open."""
    await person.story.sees(lambda: any("did not open" in one for one in person.heard), "the private reply")


async def opens_again(person: Somebody) -> Answer:
    """Press the button of the newest private reply."""
    story = person.story
    reply = next(one for one in reversed(story.playground.slack.shown_to(person.name)) if one.blocks)
    pressed = {"as": person.name, "message": reply.ts, "action_id": OPEN_FORM}
    answer = await story.meanwhile(story.play("click", pressed))
    slack_id = story.world.people[person.name].slack
    await story.sees(lambda: story.playground.slack.workspace.view_of(slack_id), "the form")
    return answer


def form_of(person: Somebody) -> Answer:
    """The form on somebody's screen."""
    view = person.story.playground.slack.workspace.view_of(person.story.world.people[person.name].slack)
    assert view is not None
    return dict(view.body)


async def test_f74_a_line_whose_form_did_not_open_is_kept(story: Story) -> None:
    """The private reply has a button; it opens the form with everything that was typed, and sending it asks."""
    slack = await with_late_forms(story)
    await story.ana.types(f"/promote storefront@v1.2.0 because {REASON}")
    await is_told(story.ana)
    assert [plain(one) for one in story.ana.heard] == snapshot(
        [
            "The form did not open in time, and nothing was done. Press *Open the form*: what you typed is in it."
        ]
    )
    assert await story.bot.store.load("P-1") is None

    slack.is_late = False
    await opens_again(story.ana)
    filled = json.dumps(form_of(story.ana))
    assert "v1.2.0" in filled
    assert REASON in filled
    await story.ana.submits(_view(story.ana), environment="production")
    await story.until("P-1", "waiting", "rejected")
    assert (await story.stands("P-1")).reason == REASON


async def test_f74_the_button_itself_may_come_too_late(story: Story) -> None:
    """Twice too late: there is a second reply with a button, and the third time the form opens."""
    slack = await with_late_forms(story)
    await story.ana.types("/promote checkout@v2.14.3")
    await is_told(story.ana)
    reply = story.playground.slack.shown_to("ana")[-1]
    await story.play("click", {"as": "ana", "message": reply.ts, "action_id": OPEN_FORM})
    await story.sees(lambda: len(story.ana.heard) == 2, "the second reply")
    slack.is_late = False
    await opens_again(story.ana)
    assert "v2.14.3" in json.dumps(form_of(story.ana))


async def test_f74_a_button_of_the_card_whose_form_did_not_open(story: Story) -> None:
    """Reject: the reply's button opens the form of that promotion, and what is sent rejects it."""
    slack = await with_late_forms(story)
    await is_asked(story)
    await story.bo.clicks("Reject")
    await is_told(story.bo)
    assert (await story.stands("P-1")).phase.value == "waiting"

    slack.is_late = False
    await opens_again(story.bo)
    await story.bo.submits(_view(story.bo), reason="not before the weekend")
    await story.until("P-1", "rejected")


async def test_f74_a_rollback_whose_form_did_not_open(story: Story) -> None:
    """Slack answers 500 to the form of a rollback: pressed again it is there, and the rollback runs."""
    await succeeds(story)
    refuses(story, "slack", "views.open", 500)
    await story.bo.types("/rollback checkout")
    await is_told(story.bo)
    await opens_again(story.bo)
    await story.bo.submits(_view(story.bo), reason="errors are up")
    await story.until("P-2", "succeeded")
    await story.settles()
    assert len(story.runs) == 2


async def test_f74_the_button_opens_forms_and_nothing_else(story: Story) -> None:
    """Whatever a button of that kind carries, nobody has approved by it, and nothing is asked for."""
    slack = await with_late_forms(story)
    await is_asked(story)
    await story.bo.types("/promote checkout@v2.14.3")
    await is_told(story.bo)
    slack.is_late = False
    reply = story.playground.slack.shown_to("bo")[-1]
    (button,) = [one for block in reply.blocks for one in block.get("elements", []) if "value" in one]
    for name in ("approve", "cancel", "never_started", "nothing"):
        button["value"] = json.dumps({"id": "P-1", "form": {"name": name, "promotion": "P-1"}})
        await story.play("click", {"as": "bo", "message": reply.ts, "action_id": OPEN_FORM})
    button["value"] = json.dumps({"id": "P-9", "form": {"name": "reject", "promotion": "P-9"}})
    await story.play("click", {"as": "bo", "message": reply.ts, "action_id": OPEN_FORM})
    await story.sees(lambda: any("P-9" in one for one in story.bo.heard), "the refusal")
    standing = await story.stands("P-1")
    assert (standing.phase.value, standing.approvals) == ("waiting", ())


def _view(person: Somebody) -> Answer:
    view = person.story.playground.slack.workspace.view_of(person.story.world.people[person.name].slack)
    assert view is not None
    return {"id": view.id}
