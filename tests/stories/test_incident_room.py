"""The incident's room: who acknowledges, leads, notes and resolves by its card, and what everybody sees of it."""

import re

from inline_snapshot import snapshot

from bot.domain.face import Button
from tests.stories.deploys import INCIDENT, buttons, room
from tests.stories.github import rewrites_catalog
from tests.stories.moments import rests
from tests.stories.rooms import is_open, pinned, timeline, words_of
from tests.stories.said import block_words, heard, plain
from tests.stories.story import Story
from tests.stories.surfaces import button_on, presses
from tests.stories.vendors import events, notes

AGO = re.compile(r"\d+ (s|min( \d+ s)?) ago")


async def test_the_whole_life_by_buttons(story: Story) -> None:
    """Dee acknowledges, leads, notes and resolves: card, topic, thread and PagerDuty tell each of it once."""
    await is_open(story)
    assert buttons([pinned(story)]) == snapshot(
        [
            "Roll back to v2.14.2",
            "Acknowledge",
            "I am lead",
            "Add note",
            "Resolve",
            "View run",
            "Open incident",
            "Details",
        ]
    )
    quiet = story.playground.slack.posts("deploys")

    await story.dee.clicks("Acknowledge", channel=INCIDENT)
    await story.dee.clicks("I am lead", channel=INCIDENT)
    form = await story.dee.clicks("Add note", channel=INCIDENT)
    assert await story.dee.submits(form["view"], note="refunds in EUR fail\nsince 17:31") == {
        "replies": [],
        "view": None,
    }
    await rests(story)
    assert words_of(pinned(story)) == snapshot(
        [
            ":rotating_light: *[PD-4411] checkout v2.14.3 → production failed* · *Acknowledged by <@U0DEE> <time>* · `P-1`",
            """\
Suspected change: P-1 (<@U0ANA>, approved by <@U0BO> and <@U0CY>) · [changes]
*Now serving: v2.14.3* · last good: v2.14.2
Failed at Smoke tests · [run 8801]\
""",
            "Lead: <@U0DEE> · On call: <@U0DEE>",
            "Roll back to v2.14.2",
            "I am lead",
            "Add note",
            "Resolve",
            "View run",
            "Open incident",
            "Details",
        ]
    )
    assert room(story).topic == snapshot(
        "checkout v2.14.3 failed in production - PD-4411 - lead: dee - serving v2.14.3"
    )

    form = await story.dee.clicks("Resolve", channel=INCIDENT)
    assert block_words(form["view"]["blocks"]) == snapshot(
        [
            "v2.14.3 still serves production, and it failed.",
            """\
*PD-4411* · checkout v2.14.3 → production · `P-1`
*Now serving: v2.14.3* · last good: v2.14.2
It is resolved here and in PagerDuty, for everybody.\
""",
            "Last note",
            "back on v2.14.2, refunds work again since 17:35",
            "It stands below the incident’s card, with your name and the time, and in PagerDuty.",
        ]
    )
    await story.dee.submits(form["view"], note="the shop works again")
    await rests(story)

    assert timeline(story) == snapshot(
        [
            ":eyes: <@U0DEE> acknowledged PD-4411, <time>: checkout v2.14.3 in production.",
            ":bust_in_silhouette: <@U0DEE> leads PD-4411, <time>: checkout v2.14.3 in production.",
            """\
:memo: <@U0DEE> on PD-4411, <time>:
> refunds in EUR fail
> since 17:31\
""",
            """\
:memo: <@U0DEE> on PD-4411, <time>:
> the shop works again\
""",
            ":white_check_mark: <@U0DEE> resolved PD-4411, <time>: checkout v2.14.3 in production.",
        ]
    )
    assert heard(story.dee) == snapshot(
        [
            """\
:bust_in_silhouette: *You lead PD-4411*: checkout v2.14.3 in production. Four things are yours:
1. Say what serves. *Now serving: v2.14.3* · last good: v2.14.2
2. Decide on the way back: *Roll back to v2.14.2* on the card, or `/rollback checkout because …`
3. Write a note every 30 minutes, also when nothing is new: *Add note*, or `/promote note P-1 …`
4. Resolve it when it is over: *Resolve*, or `/promote resolve P-1`\
"""
        ]
    )
    assert words_of(pinned(story)) == snapshot(
        [
            ":white_check_mark: *[PD-4411] checkout v2.14.3 → production failed* · *Resolved by <@U0DEE> <time>* · `P-1`",
            """\
Suspected change: P-1 (<@U0ANA>, approved by <@U0BO> and <@U0CY>) · [changes]
*Now serving: v2.14.3* · last good: v2.14.2
Failed at Smoke tests · [run 8801]\
""",
            "Lead: <@U0DEE> · On call: <@U0DEE>",
            "Roll back to v2.14.2",
            "Add note",
            "View run",
            "Open incident",
            "Details",
        ]
    )
    assert room(story).topic == snapshot(
        "checkout v2.14.3 failed in production, resolved - PD-4411 - lead: dee - serving v2.14.3"
    )
    assert notes(story) == snapshot(
        [
            "dee leads the response to P-1.",
            "dee: refunds in EUR fail since 17:31",
            "dee: the shop works again",
        ]
    )
    assert [one["status"] for one in story.incidents] == ["resolved"]
    assert (len(events(story, "acknowledge")), len(events(story, "resolve"))) == (1, 1)
    assert story.playground.slack.posts("deploys") == quiet


async def test_who_was_faster_is_told_and_nothing_is_said_twice(story: Story) -> None:
    """Two people press Acknowledge on the card as it was: the second hears who did it, and when."""
    await is_open(story)
    seen, acknowledge = pinned(story), button_on(pinned(story), Button.ACKNOWLEDGE)
    await presses(story.dee, seen, acknowledge)
    await story.sees(lambda: timeline(story), "the line")
    story.passes(120)
    await presses(story.bo, seen, acknowledge)
    await presses(story.dee, seen, acknowledge)
    await story.sees(lambda: heard(story.bo) and heard(story.dee), "both answers")
    await rests(story)

    assert AGO.sub("<while> ago", heard(story.bo)[-1]) == snapshot(
        "PD-4411 is acknowledged already, by @dee <while> ago. Nothing was changed; `/promote why P-1` tells how it stands."
    )
    assert len(timeline(story)) == len(events(story, "acknowledge")) == 1


async def test_two_people_take_the_lead(story: Story) -> None:
    """The later one leads: topic, card and thread say so, each of them knows what a lead does, and pressing again
    changes nothing."""
    await is_open(story)
    seen, lead = pinned(story), button_on(pinned(story), Button.TAKE_LEAD)
    for person in (story.dee, story.bo, story.bo):
        await presses(person, seen, lead)
        await rests(story)

    assert room(story).topic == snapshot(
        "checkout v2.14.3 failed in production - PD-4411 - lead: bo - serving v2.14.3"
    )
    assert [one for one in words_of(pinned(story)) if one.startswith("Lead")] == snapshot(
        ["Lead: <@U0BO> · On call: <@U0DEE>"]
    )
    assert timeline(story) == snapshot(
        [
            ":bust_in_silhouette: <@U0DEE> leads PD-4411, <time>: checkout v2.14.3 in production.",
            ":bust_in_silhouette: <@U0BO> leads PD-4411, <time>: checkout v2.14.3 in production.",
        ]
    )
    briefed = [one for person in (story.dee, story.bo) for one in heard(person) if "Four things" in one]
    assert len(briefed) == 2
    assert heard(story.bo)[-1] == snapshot(
        "You lead PD-4411 already. Nothing was changed; `/promote why P-1` tells how it stands."
    )


async def test_somebody_of_another_team_helps(story: Story) -> None:
    """Whoever is in the catalog may note and resolve: at night it helps who is awake, and the card names them."""
    await is_open(story)
    form = await story.eli.clicks("Add note", channel=INCIDENT)
    await story.eli.submits(form["view"], note="inventory sees it too")
    form = await story.eli.clicks("Resolve", channel=INCIDENT)
    await story.eli.submits(form["view"])
    await rests(story)

    assert timeline(story) == snapshot(
        [
            """\
:memo: <@U0ELI> on PD-4411, <time>:
> inventory sees it too\
""",
            ":white_check_mark: <@U0ELI> resolved PD-4411, <time>: checkout v2.14.3 in production.",
        ]
    )
    assert "*Resolved by <@U0ELI>" in words_of(pinned(story))[0]
    assert heard(story.eli) == []


async def test_the_forms_keep_what_was_typed(story: Story) -> None:
    """A note of blanks, one too many, and an end that somebody else had brought about: said beside the field."""
    await is_open(story)
    note = (await story.dee.clicks("Add note", channel=INCIDENT))["view"]
    end = (await story.bo.clicks("Resolve", channel=INCIDENT))["view"]
    blank = await story.dee.submits(note, note="  \n ")
    for number in range(20):
        await story.eli.types(f"/promote note P-1 look {number}")
    full = await story.dee.submits(note, note="one more")
    await story.eli.types("/promote resolve P-1")
    over = await story.bo.submits(end, note="all is well")

    assert [plain(one["errors"]["note"]) for one in (blank, full, over)] == snapshot(
        [
            "Write what happened: everybody in the incident’s channel reads it.",
            "P-1 holds 20 notes already and has no room for this one, so it was not kept. Try a message of your own below the incident’s card: everybody reads it there.",
            "The incident of P-1 was resolved by @eli <time>, so nothing was changed. Write what is worth keeping with /promote note P-1 …; another failure opens another incident.",
        ]
    )


async def test_the_end_after_a_rollback(story: Story) -> None:
    """What failed does not serve any more, so the form warns of nothing; only people resolve it here."""
    await rewrites_catalog(story, "resolve: after_rollback", "resolve: never")
    await is_open(story)
    await story.dee.types("/promote rollback checkout because refunds fail")
    await story.until("P-2", "succeeded")
    await rests(story)
    assert words_of(pinned(story))[0] == snapshot(
        ":leftwards_arrow_with_hook: *[PD-4411] checkout production went back to v2.14.2* · *Open, not acknowledged* · `P-1`"
    )
    assert room(story).topic == snapshot(
        "checkout v2.14.3 failed in production - PD-4411 - on call: dee - went back to v2.14.2"
    )
    form = await story.dee.clicks("Resolve", channel=INCIDENT)
    assert [block["type"] for block in form["view"]["blocks"]] == ["section", "input"]
    await story.dee.submits(form["view"])
    await rests(story)

    assert timeline(story) == snapshot(
        [
            ":leftwards_arrow_with_hook: checkout production is back on v2.14.2 (P-2 undid P-1).",
            ":white_check_mark: <@U0DEE> resolved PD-4411, <time>: checkout v2.14.3 in production.",
        ]
    )
    assert words_of(pinned(story))[0] == snapshot(
        ":white_check_mark: *[PD-4411] checkout production went back to v2.14.2* · *Resolved by <@U0DEE> <time>* · `P-1`"
    )
