"""`Attach to incident`: what somebody wrote becomes a note, with its author and the way back to it."""

from dataclasses import replace

from inline_snapshot import snapshot

from bot import entrances
from bot.playground.slack.state import Message
from tests.stories.deploys import INCIDENT, is_asked, room
from tests.stories.moments import rests
from tests.stories.parts import weak_store
from tests.stories.rooms import is_open, pinned, timeline
from tests.stories.said import plain
from tests.stories.story import Somebody, Story
from tests.stories.vendors import notes
from tests.stories.ways import chooses, shown_in, writes


async def attaches(person: Somebody, message: Message) -> str:
    """Use the entry on a message, and wait for what only this person hears of it."""
    story, before = person.story, len(person.heard)
    await story.playground.slack.people.shortcut(
        story.world.people[person.name], entrances.ATTACH.callback, message
    )
    await story.sees(lambda: len(person.heard) > before, "an answer")
    return plain(person.heard[-1])


async def wrote(
    person: Somebody, words: str, channel: str = INCIDENT, thread: Message | None = None
) -> Message:
    """A message that somebody writes."""
    await writes(person, words, thread, channel)
    slack = person.story.world.people[person.name].slack
    return next(one for one in reversed(person.story.messages(channel)) if one.author == slack)


async def test_a_message_in_the_room_becomes_a_note(story: Story) -> None:
    """Author, words as people read them, and address, in the thread and in PagerDuty; from a thread of the room too."""
    await is_open(story)
    slack, typed = story.playground.slack.workspace, await wrote(story.bo, "look")
    marked = "refunds fail, see <https://logs.example/1|the log> &amp; <@U0ANA> in <#C0PLAY1|deploys>"
    first = slack.put(replace(typed, text=marked, ts=slack.next_ts()))
    said = await attaches(story.dee, first)
    below = await wrote(story.cy, "since 17:31", thread=pinned(story))
    await attaches(story.dee, below)
    await rests(story)

    assert said == snapshot(
        "Noted on PD-4411, checkout v2.14.3 in production: it stands below the incident’s card."
    )
    assert timeline(story) == snapshot(
        [
            """\
:memo: <@U0DEE> on PD-4411, <time>:
> bo wrote: refunds fail, see the log &amp; @ana in #deploys
[the message]\
""",
            """\
:memo: <@U0DEE> on PD-4411, <time>:
> cy wrote: since 17:31
[the message]\
""",
        ]
    )
    here = f"https://acme.slack.example/archives/{room(story).id}"
    links = [
        f"{here}/p{first.ts.replace('.', '')}",
        f"{here}/p{below.ts.replace('.', '')}?thread_ts={pinned(story).ts}&cid={room(story).id}",
    ]
    assert [one.rpartition(" ")[2] for one in notes(story)] == links
    assert [one.rpartition(" ")[0] for one in notes(story)] == snapshot(
        ["dee: bo wrote: refunds fail, see the log & @ana in #deploys", "dee: cy wrote: since 17:31"]
    )


async def test_below_the_card_in_the_service_s_channel(story: Story) -> None:
    """What is said below the card of what failed belongs to its incident too; what is said beside it does not."""
    await is_open(story)
    quiet = story.playground.slack.posts("deploys")
    message = await wrote(story.eli, "our shop is down", "deploys", story.card("P-1"))
    await attaches(story.eli, message)
    lunch = await wrote(story.eli, "lunch?", "deploys")
    view = await chooses(story.eli, entrances.ATTACH, lunch)
    await rests(story)

    assert timeline(story) == snapshot(
        [
            """\
:memo: <@U0ELI> on PD-4411, <time>:
> eli wrote: our shop is down
[the message]\
"""
        ]
    )
    assert shown_in(view) == snapshot(
        [
            """\
This message is in no incident’s channel and below no card with an incident, so I attached it to nothing. Use *Attach to incident* there; or write a note from anywhere: `/promote note P-142 …`
*Open now:*
• PD-4411 · checkout v2.14.3 in production · <#C0PLAY11> · no lead yet · `P-1`\
"""
        ]
    )
    assert story.playground.slack.posts("deploys") == quiet + 1  # lunch


async def test_nothing_is_open(story: Story) -> None:
    """A card without an incident: where it works is said, and that none is open."""
    await is_asked(story)
    view = await chooses(story.eli, entrances.ATTACH, story.card("P-1"))

    assert shown_in(view) == snapshot(
        [
            """\
This message is in no incident’s channel and below no card with an incident, so I attached it to nothing. Use *Attach to incident* there; or write a note from anywhere: `/promote note P-142 …`
No incident of mine is known to be open now.\
"""
        ]
    )


async def test_a_message_is_attached_once(story: Story) -> None:
    """Whoever attaches it again hears who was faster; nothing is said twice."""
    await is_open(story)
    message = await wrote(story.bo, "look at this")
    await attaches(story.dee, message)
    view = await chooses(story.cy, entrances.ATTACH, message)
    await rests(story)

    assert shown_in(view) == snapshot(
        [
            "That message stands on PD-4411 already, attached by @dee. Nothing was changed; `/promote why P-1` tells how it stands."
        ]
    )
    assert len(timeline(story)) == len(notes(story)) == 1


async def test_what_is_attached_is_shown_as_letters(story: Story) -> None:
    """A41 to A45 from somebody else's message: clipped, escaped, and nobody is pinged; a message without words too."""
    await is_open(story)
    slack, evil = story.playground.slack.workspace, await wrote(story.bo, "x")
    for text in (
        "<!channel> <!here> *x* <@U0CY> <https://evil.example|Approve> \u202ecod.exe " + "y" * 900,
        "",
    ):
        slack.put(replace(evil, text=text, ts=slack.next_ts()))
    for message in [one for one in story.messages(INCIDENT) if one.author == evil.author][-2:]:
        await attaches(story.dee, message)
    await rests(story)

    assert timeline(story) == snapshot(
        [
            """\
:memo: <@U0DEE> on PD-4411, <time>:
> bo wrote: ＠channel ＠here ∗x∗ @cy Approve cod.exe yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
[the message]\
""",
            """\
:memo: <@U0DEE> on PD-4411, <time>:
> A message of bo, without words
[the message]\
""",
        ]
    )


async def test_our_own_words_can_be_attached(story: Story) -> None:
    """The card itself, and what an app said: each is named as its author."""
    await is_open(story)
    await attaches(story.dee, pinned(story))
    await rests(story)

    assert timeline(story)[0].splitlines()[1].startswith("> Greenlight wrote: P-1 FAILED: checkout v2.14.3")


async def test_strangers_and_a_store_that_is_down(story: Story) -> None:
    """Who may not, and what was not kept, is said in a modal; no note is there."""
    store = await weak_store(story)
    await is_open(story)
    message = await wrote(story.bo, "look at this")
    store.is_blind = True
    assert "was not recorded" in str(shown_in(await chooses(story.dee, entrances.ATTACH, message)))
    store.is_blind = False
    story.world.people["cy"] = replace(story.world.people["cy"], team_id="T0OTHER")
    assert "full members of this workspace" in str(
        shown_in(await chooses(story.cy, entrances.ATTACH, message))
    )
    await rests(story)

    assert timeline(story) == []
