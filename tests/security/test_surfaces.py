"""Buttons and forms whose contents are not what Greenlight put there: the record decides, never what they carry."""

import json
from collections.abc import Mapping
from dataclasses import replace

from bot.domain.face import Button
from bot.playground.slack.payloads import interaction
from tests.stories.deploys import buttons, is_approved, is_asked, is_running, messages_about
from tests.stories.moments import rests
from tests.stories.post import payload, posted, signed
from tests.stories.said import told
from tests.stories.story import Somebody, Story
from tests.stories.surfaces import button_on, copied, presses


async def presses_forged(person: Somebody, promotion: str, value: str, on: str = "P-1") -> None:
    """Press Approve on a card, with another value in the button."""
    card = person.story.card(on)
    button = button_on(card, Button.APPROVE)
    await presses(person, card, replace(button, element={**button.element, "value": value}))
    await rests(person.story)
    assert (await person.story.stands(promotion)).approvals == ()


async def sends_form(person: Somebody, callback: str, metadata: object, values: Mapping[str, str]) -> int:
    """Send a form with metadata of one's own; Slack signed it."""
    story = person.story
    state = {name: {name: {"type": "plain_text_input", "value": text}} for name, text in values.items()}
    view = {
        "id": "V1", "type": "modal", "callback_id": callback, "private_metadata": json.dumps(metadata),
        "state": {"values": state}, "hash": "stale",
    }  # fmt: skip
    form = interaction(story.playground.slack.workspace, story.world.people[person.name], "view_submission")
    body = payload({**form, "view": view, "trigger_id": f"forged-{callback}"})
    return await posted(story, body, signed(story, body))


async def test_a28_a_button_with_another_promotion_in_it_does_nothing(story: Story) -> None:
    """Ana's own P-2 waits for approval as well; its id in a button of P-1's card approves neither."""
    await is_asked(story)
    await story.ana.types("/promote storefront@v1.2.0 to production because of the new cart")
    await story.sees(lambda: len([one for one in story.messages() if not one.thread_ts]) == 2, "both cards")
    await rests(story)
    value = json.loads(button_on(story.card("P-2"), Button.APPROVE).element["value"])
    await presses_forged(story.bo, "P-2", json.dumps(value))
    assert (await story.stands("P-1")).approvals == ()


NONSENSE = (
    '{"id": "P-1", "rev": "0000000000000000"}',
    '{"id": "P-1", "rev": "<digest>"}',
    '{"id": "P-999", "rev": ""}',
    '{"id": "../P-1", "rev": ""}',
    "P-1",
    "null",
    "[" * 100,
    '{"id": {"$ne": 1}, "rev": []}',
)


async def test_a28_a_button_with_anything_else_in_it_does_nothing(story: Story) -> None:
    """Another digest, an id that is none, no JSON: no vote, and no error of ours."""
    await is_asked(story)
    await rests(story)
    for value in NONSENSE:
        await presses_forged(story.bo, "P-1", value)


async def test_a28_the_environment_is_that_of_the_record(story: Story) -> None:
    """A value that says another environment, service and kind: they are not read at all."""
    await is_asked(story)
    await rests(story)
    value = json.loads(button_on(story.card("P-1"), Button.APPROVE).element["value"])
    card, button = story.card("P-1"), button_on(story.card("P-1"), Button.APPROVE)
    lie = json.dumps({**value, "environment": "dev", "kind": "emergency", "by": "cy"})
    await presses(story.bo, card, replace(button, element={**button.element, "value": lie}))
    await rests(story)
    stands = await story.stands("P-1")
    assert (stands.environment, [one.by for one in stands.approvals]) == ("production", ["bo"])


async def test_a29_a_copy_stops_no_run(story: Story) -> None:
    """The card of a running deploy, copied to another channel: its Cancel stops nothing."""
    await is_running(story)
    await story.sees(lambda: "Cancel run" in buttons(messages_about(story, "P-1")), "the button")
    copy = copied(story, story.card("P-1"), "general", story.world.people["eli"].slack)
    await presses(story.ana, copy, button_on(copy, Button.CANCEL_RUN))
    await told(story.ana, 2)
    assert not story.asked("github", "/cancel", "POST")


async def test_a30_an_approve_button_of_before_is_no_vote_for_what_runs(story: Story) -> None:
    """The card of before the approvals is pressed again while the deploy runs: told where it stands."""
    await is_asked(story)
    await rests(story)
    old, card = button_on(story.card("P-1"), Button.APPROVE), story.card("P-1")
    story.world.run.seconds = 300.0
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")
    await story.until("P-1", "deploying")
    await presses(story.dee, card, old)
    assert "P-1" in await told(story.dee, 1)
    assert [one.by for one in (await story.stands("P-1")).approvals] == ["bo", "cy"]


async def test_a31_a_form_about_somebody_elses_promotion_is_judged_by_the_record(story: Story) -> None:
    """Eli sends a reject form with P-1 in its metadata: he may not, whatever the form says."""
    await is_asked(story)
    await rests(story)
    assert await sends_form(story.eli, "promo.reject", {"id": "P-1"}, {"reason": "because I can"}) == 200
    await rests(story)
    assert (await story.stands("P-1")).phase == "waiting"


async def test_a31_a_rollback_form_cannot_name_another_place(story: Story) -> None:
    """A form that undoes P-1 and says storefront: what is rolled back is P-1's own place."""
    story.world.run.seconds = 2.0
    await is_approved(story)
    await story.until("P-1", "succeeded")
    fields = {"service": "storefront", "environment": "dev", "reason": "errors are up", "version": ""}
    assert await sends_form(story.bo, "promo.rollback", {"id": "P-1"}, fields) == 200
    rollback = await story.until("P-2", "succeeded")
    assert (rollback.service, rollback.environment) == ("checkout", "production")


async def test_a31_metadata_that_is_none_is_no_error(story: Story) -> None:
    """Whatever came of the hidden part of a form: the person is told, nothing breaks."""
    strange: tuple[object, ...] = ("{", [], {"id": 5}, {"id": "P-9"}, None, "x" * 3000)
    for metadata in strange:
        for callback in ("promo.reject", "promo.rollback", "promo.request", "promo.adopt_run", "nonsense"):
            fields = {"reason": "because I can", "run": "1"}
            assert await sends_form(story.bo, callback, metadata, fields) == 200
    await rests(story)
    assert story.dispatches() == []
