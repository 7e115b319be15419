"""The incident's room in words: by mention, where the promotion is implied, and by line, from anywhere."""

import re

from inline_snapshot import snapshot

from blocks.replies import OPEN_FORM
from bot.playground.slack.state import View
from tests.experience.noes import hears
from tests.stories.deploys import INCIDENT, messages_about, room, succeeds
from tests.stories.filling import on_screen
from tests.stories.github import rewrites_catalog
from tests.stories.moments import rests
from tests.stories.rooms import is_open, pinned, timeline, words_of
from tests.stories.said import heard, plain, replies
from tests.stories.story import Somebody, Story
from tests.stories.surfaces import button_on, presses
from tests.stories.vendors import notes
from tests.stories.ways import mentions

AGO = re.compile(r"just now|\d+ s ago")
HOSTILE = "<!channel> <@U0BO> *all* `rm` <https://evil.example|Approve> :tada: @here \u202eevil & co"


def screen(person: Somebody) -> View | None:
    """The form on somebody's screen, if there is one."""
    workspace = person.story.playground.slack.workspace
    return workspace.view_of(person.story.world.people[person.name].slack)


async def test_the_whole_life_by_mention(story: Story) -> None:
    """In the room nobody types an id, and each line is answered to its author alone."""
    await is_open(story)
    answers = [
        await mentions(story.dee, words, channel=INCIDENT)
        for words in (
            "acknowledge", "ack", "note p99 is 4 s because the cache is cold", "note is it #812?",
            "note is it #812?", "resolve because all is well", "resolve", "lead",
        )
    ]  # fmt: skip
    await rests(story)

    assert [AGO.sub("<while>", one) for one in answers] == snapshot(
        [
            "Acknowledged: PD-4411, checkout v2.14.3 in production. `@greenlight lead P-1` takes the lead.",
            "PD-4411 is acknowledged already, by @dee <while>. Nothing was changed; `@greenlight why P-1` tells how it stands.",
            "Noted on PD-4411, checkout v2.14.3 in production: it stands below the incident’s card.",
            "Noted on PD-4411, checkout v2.14.3 in production: it stands below the incident’s card.",
            "That note of yours stands on PD-4411 already. Nothing was changed; `@greenlight why P-1` tells how it stands.",
            "Resolved: PD-4411, checkout v2.14.3 in production. :warning: v2.14.3 still serves production, and it failed. `@greenlight rollback checkout` goes back.",
            "PD-4411 is resolved already, by @dee <while>. Nothing was changed; `@greenlight why P-1` tells how it stands.",
            "The incident of P-1 was resolved by @dee <time>, so nothing was changed. Write what is worth keeping with `@greenlight note P-1 …`; another failure opens another incident.",
        ]
    )
    assert timeline(story) == snapshot(
        [
            ":eyes: <@U0DEE> acknowledged PD-4411, <time>: checkout v2.14.3 in production.",
            """\
:memo: <@U0DEE> on PD-4411, <time>:
> p99 is 4 s because the cache is cold\
""",
            """\
:memo: <@U0DEE> on PD-4411, <time>:
> is it #812?\
""",
            """\
:memo: <@U0DEE> on PD-4411, <time>:
> all is well\
""",
            ":white_check_mark: <@U0DEE> resolved PD-4411, <time>: checkout v2.14.3 in production.",
        ]
    )


async def test_the_lead_by_mention_is_told_twice_what_they_did(story: Story) -> None:
    """The answer to the line, and what a lead does."""
    await is_open(story)
    said = await mentions(story.bo, "lead", channel=INCIDENT)
    await rests(story)

    assert said == snapshot(
        "You lead PD-4411 now, checkout v2.14.3 in production. The topic and the card say so."
    )
    assert any("Four things are yours" in one for one in heard(story.bo))
    assert "lead: bo" in room(story).topic


async def test_below_the_cards_too(story: Story) -> None:
    """Below the promotion's card in its own channel, below the incident's card, and below that of its rollback."""
    await rewrites_catalog(story, "resolve: after_rollback", "resolve: never")
    await is_open(story)
    await mentions(story.eli, "note seen from outside", story.card("P-1"))
    await mentions(story.dee, "note seen from inside", pinned(story), channel=INCIDENT)
    await story.dee.types("/promote rollback checkout because refunds fail")
    await story.until("P-2", "succeeded")
    await rests(story)
    (mirror,) = messages_about(story, "P-2", INCIDENT)
    said = await mentions(story.dee, "note it is back", mirror, channel=INCIDENT)
    await rests(story)

    assert said == snapshot(
        "Noted on PD-4411, checkout v2.14.3 in production: it stands below the incident’s card."
    )
    assert [one for one in notes(story) if ": " in one] == snapshot(
        ["eli: seen from outside", "dee: seen from inside", "dee: it is back"]
    )


async def test_by_a_line_from_anywhere_and_in_the_room(story: Story) -> None:
    """The id is named elsewhere; in the room a slash command may leave it out, and a note without words is a form."""
    await is_open(story)
    assert [
        replies(await story.eli.types(f"/promote {words}"))[0] for words in ("acknowledge P-1", "lead")
    ] == snapshot(
        [
            "Acknowledged: PD-4411, checkout v2.14.3 in production. `/promote lead P-1` takes the lead.",
            "I did not understand “lead”. Did you mean `/promote lead P-142`?",
        ]
    )
    assert replies(await story.dee.types("/promote note cards work", channel=INCIDENT)) == snapshot(
        ["Noted on PD-4411, checkout v2.14.3 in production: it stands below the incident’s card."]
    )
    form = await story.dee.types("/promote note", channel=INCIDENT)
    await story.dee.submits(form["view"], note="refunds do not")
    await story.dee.types("/promote lead", channel=INCIDENT)
    assert replies(await story.eli.types("/promote resolve P-1 because it is quiet")) == snapshot(
        [
            "Resolved: PD-4411, checkout v2.14.3 in production. :warning: v2.14.3 still serves production, and it failed. `/rollback checkout` goes back."
        ]
    )
    await rests(story)

    assert sorted(notes(story)) == snapshot(
        ["dee leads the response to P-1.", "dee: cards work", "dee: refunds do not", "eli: it is quiet"]
    )


async def test_a_mention_without_words_offers_the_form(story: Story) -> None:
    """Slack opens a form for a click only: the answer has the button, and the form makes the note."""
    await is_open(story)
    said = await mentions(story.dee, "note", channel=INCIDENT)
    offered = story.playground.slack.shown_to("dee")[-1]
    before = screen(story.dee)
    await presses(story.dee, offered, button_on(offered, OPEN_FORM))
    await story.sees(lambda: screen(story.dee) is not before, "the form")
    view = on_screen(story.dee)
    await story.dee.submits({"id": view.id}, note="by way of the button")
    await rests(story)

    assert said == snapshot("This needs a form. Press *Open the form*: what you typed is in it.")
    assert notes(story) == snapshot(["dee: by way of the button"])


async def test_there_is_no_incident(story: Story) -> None:
    """A promotion that succeeded, and one that does not exist: each line says so and what to do."""
    await succeeds(story)
    for words in ("acknowledge P-1", "lead P-1", "note P-1 odd", "note P-1", "resolve P-1"):
        (said,) = replies(await story.dee.types(f"/promote {words}"))
        assert "P-1 has no incident" in said, words
        (said,) = replies(await story.dee.types(f"/promote {words.replace('P-1', 'P-77')}"))
        assert "I know no promotion “P-77”" in said, words
    await mentions(story.dee, "lead", story.card("P-1"))
    await hears(story.dee, "E53", "P-1 has no incident")


async def test_what_people_write_is_shown_as_letters(story: Story) -> None:
    """A41 to A45 in a note: no mention, no link, no markup, nothing invisible, in Slack, in the topic or in PagerDuty."""
    await is_open(story)
    form = await story.dee.clicks("Add note", channel=INCIDENT)
    await story.dee.submits(form["view"], note=f"{HOSTILE}\n> quoted\n{'x' * 300}")
    await story.dee.types(f"/promote note P-1 {HOSTILE}")
    await rests(story)

    shown = [one for one in timeline(story) if ":memo:" in one]
    assert shown == snapshot(
        [
            """\
:memo: <@U0DEE> on PD-4411, <time>:
> &lt;!channel&gt; &lt;@U0BO&gt; ∗all∗ ˋrmˋ &lt;https∶//evil.example|Approve&gt; ∶tada: ＠here evil &amp; co
> &gt; quoted
> xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
""",
            """\
:memo: <@U0DEE> on PD-4411, <time>:
> &lt;!channel&gt; &lt;@U0BO&gt; ∗all∗ ˋrmˋ &lt;https∶//evil.example|Approve&gt; ∶tada: ＠here evil &amp; co\
""",
        ]
    )
    assert notes(story) == snapshot(
        [
            "dee: ‹!channel› ‹@U0BO› ∗all∗ ˋrmˋ ‹https∶//evil.example|Approve› ∶tada: ＠here evil & co › quoted xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "dee: ‹!channel› ‹@U0BO› ∗all∗ ˋrmˋ ‹https∶//evil.example|Approve› ∶tada: ＠here evil & co",
        ]
    )
    assert [one for one in words_of(pinned(story)) if "evil" in one] == []
    assert plain(room(story).topic) == room(story).topic
