"""No feature lives in a slash command alone (experience.md 12, check 8): each is driven in every way that it has.

Slash commands do not work in threads, and forms do not open from a mention; so each feature has a mention, and
what people do often has a button, a shortcut or a place on Home as well.
"""

from collections.abc import Awaitable, Callable, Mapping

import pytest

from bot import entrances
from bot.domain.command_line import COMMANDS
from bot.entrances import Shortcut
from tests.stories.deploys import buttons, is_asked, messages_about, succeeds
from tests.stories.homes import buttons_of, opens_home, presses_on_home
from tests.stories.moments import rests
from tests.stories.rooms import is_open
from tests.stories.said import replies
from tests.stories.story import Answer, Somebody, Story
from tests.stories.ways import chooses, mentions, shown_in

Way = Callable[[Story, str], Awaitable[str]]  # drives a feature of a promotion; what the person sees of it
RECORDED = {
    "acknowledge": "acknowledge_incident",
    "lead": "take_lead",
    "note": "add_note",
    "resolve": "close_incident",
}  # words of the audit log
ASK = "checkout@v2.14.3 to production because fix refunds"


def line(who: str, words: str) -> Way:
    """A slash command."""

    async def way(story: Story, promotion: str) -> str:
        said = replies(await somebody(story, who).types(f"/promote {words.format(promotion)}"))
        return said[0] if said else ""

    return way


def mention(who: str, words: str) -> Way:
    """A mention in the channel."""

    async def way(story: Story, promotion: str) -> str:
        return await mentions(somebody(story, who), words.format(promotion))

    return way


def below(who: str, words: str) -> Way:
    """A mention below the card, where nobody types an id."""

    async def way(story: Story, promotion: str) -> str:
        return await mentions(somebody(story, who), words, story.card(promotion))

    return way


def menu(who: str, shortcut: Shortcut, **values: object) -> Way:
    """An entry of a menu, beside the composer or on the card, with the form that it opens."""

    async def way(story: Story, promotion: str) -> str:
        on = story.card(promotion) if shortcut in entrances.MESSAGE_SHORTCUTS else None
        view = await chooses(somebody(story, who), shortcut, on)
        return await filled(somebody(story, who), {"view": {"id": view.id}}, values) + str(shown_in(view))

    return way


def button(who: str, name: str, **values: object) -> Way:
    """A button of the card, with the form that it opens."""

    async def way(story: Story, promotion: str) -> str:
        answer = await somebody(story, who).clicks(name, promotion)
        return await filled(somebody(story, who), answer, values)

    return way


def on_home(who: str, name: str, **values: object) -> Way:
    """A button on App Home, with the form that it opens."""

    async def way(story: Story, promotion: str) -> str:
        person = somebody(story, who)
        await opens_home(person)
        if "Skip these steps" in buttons_of(person) and not values:
            await presses_on_home(person, "Skip these steps")
        await story.sees(lambda: name in buttons_of(person), f"{name} on Home")
        return await filled(person, await presses_on_home(person, name), values)

    return way


async def filled(person: Somebody, answer: Answer, values: Mapping[str, object]) -> str:
    """Send the form that opened, when there is something to write into it; what was seen."""
    if values:
        return str(await person.submits(answer["view"], **values))
    return str(answer)


def somebody(story: Story, name: str) -> Somebody:
    """One of the five."""
    return {one.name: one for one in (story.ana, story.bo, story.cy, story.dee, story.eli)}[name]


# What only looks: the same question in each way, and a word that every answer has.
QUESTIONS: Mapping[str, tuple[str, tuple[Way, ...]]] = {
    "plan": ("plan", (line("eli", "plan checkout"), mention("eli", "plan checkout"), below("eli", "plan"))),
    "status": (
        "v2.14.2",
        (
            line("ana", "status checkout"),
            mention("ana", "status checkout"),
            menu("ana", entrances.WHAT_IS_DEPLOYED),
        ),
    ),
    "why": (
        "waiting for approval",
        (
            line("eli", "why {}"),
            mention("eli", "why {}"),
            below("eli", "why"),
            menu("eli", entrances.EXPLAIN),
            button("eli", "Details"),
        ),
    ),
    "history": (
        "p-1",
        (line("eli", "history checkout"), mention("eli", "history checkout"), below("eli", "history")),
    ),
    "whoami": ("you are *eli*", (line("eli", "whoami"), mention("eli", "whoami"), below("eli", "whoami"))),
    "doctor": ("slack", (line("eli", "doctor"), mention("bo", "doctor"), below("dee", "doctor"))),
    "help": ("promote a version", (line("eli", "help"), mention("eli", "help"), below("eli", "help"))),
}
# What changes a promotion that waits for approval, in each way.
DEEDS: Mapping[str, tuple[Way, ...]] = {
    "approve": (
        line("bo", "approve {}"),
        mention("bo", "approve {}"),
        below("bo", "approve fine"),
        button("bo", "Approve"),
        on_home("bo", "Approve"),
    ),
    "reject": (
        line("bo", "reject {} because not now"),
        mention("bo", "reject {} because not now"),
        below("bo", "reject because not now"),
        button("bo", "Reject", reason="not now"),
    ),
    "cancel": (
        line("ana", "cancel {}"),
        mention("ana", "cancel {}"),
        below("ana", "cancel"),
        button("ana", "Cancel"),
    ),
}
# Looking again at a gate that said no, in each way.
AGAIN: tuple[Way, ...] = (
    line("ana", "retry {}"),
    mention("ana", "retry {} health"),
    below("ana", "retry"),
    button("ana", "Retry"),
)
# The way back, once a version is live: a line with a reason, or a form.
BACK: tuple[Way, ...] = (
    line("dee", "rollback checkout because errors are up"),
    mention("dee", "rollback {} because errors are up"),
    below("dee", "rollback because errors are up"),
    button("dee", "Roll back", reason="errors are up"),
    menu("dee", entrances.UNDO, reason="errors are up"),
)
ASKING: tuple[Way, ...] = (
    line("ana", ASK),
    mention("ana", ASK),
    menu("ana", entrances.PROMOTE, version="v2.14.3", environment="production", reason="fix refunds"),
    on_home("ana", "Promote", version="v2.14.3", environment="production", reason="fix refunds"),
)
ADOPTING: tuple[Way, ...] = (
    line("bo", "adopt checkout@v2.14.1 in dev because it is live"),
    mention("bo", "adopt checkout@v2.14.1 in dev because it is live"),
)


# What looks after the incident of a deploy that failed, in each way; the same place in each row is one story.
LOOKED_AFTER: Mapping[str, tuple[Way, ...]] = {
    "acknowledge": (
        line("dee", "acknowledge {}"),
        mention("dee", "acknowledge {}"),
        below("dee", "acknowledge"),
        button("dee", "Acknowledge"),
    ),
    "lead": (
        line("dee", "lead {}"),
        mention("dee", "lead {}"),
        below("dee", "lead"),
        button("dee", "I am lead"),
    ),
    "note": (
        line("dee", "note {} look"),
        mention("dee", "note {} look"),
        below("dee", "note look"),
        button("dee", "Add note", note="look"),
    ),
    "resolve": (
        line("dee", "resolve {} because it is over"),
        mention("dee", "resolve {} because it is over"),
        below("dee", "resolve because it is over"),
        button("dee", "Resolve", note="it is over"),
    ),
}


def test_every_word_of_the_grammar_is_in_the_tables() -> None:
    """A command that is added needs its ways here; each has at least a line and a mention."""
    assert {*QUESTIONS, *DEEDS, *LOOKED_AFTER, "retry", "rollback", "adopt"} == set(COMMANDS)


@pytest.mark.parametrize("feature", QUESTIONS)
async def test_a_question_has_the_same_answer_in_every_way(story: Story, feature: str) -> None:
    """Whoever asks, and wherever, is answered."""
    word, ways = QUESTIONS[feature]
    await is_asked(story)
    for way in ways:
        assert word in (await way(story, "P-1")).lower(), await way(story, "P-1")


@pytest.mark.parametrize("feature", DEEDS)
async def test_a_deed_is_done_in_every_way(story: Story, feature: str) -> None:
    """The same entry in the audit log, whichever way it came, and each exactly once."""
    for number, way in enumerate(DEEDS[feature], 1):
        promotion = f"P-{number}"
        await is_asked(story, promotion=promotion)
        said = await way(story, promotion)
        assert await audited(story, promotion, feature) == 1, (number, said)
        if feature == "approve":
            await story.ana.types(f"/promote cancel {promotion}")
        await rests(story)


async def test_a_gate_is_looked_at_again_in_every_way(story: Story) -> None:
    """Each way wakes the gate that said no, and it says no again."""
    story.world.health["checkout", "staging"] = "failing"
    await story.ana.types(f"/promote {ASK}")
    for number, way in enumerate(AGAIN, 1):
        await story.sees(lambda: "Retry" in buttons(messages_about(story, "P-1")), "the Retry button")
        said = await way(story, "P-1")
        assert await audited(story, "P-1", "retry") == number, said
        await rests(story)


@pytest.mark.parametrize("way", range(len(BACK)))
async def test_the_way_back_is_found_in_every_way(story: Story, way: int) -> None:
    """A line, a mention, a button and an entry of the menu all go back to what was live before."""
    await succeeds(story)
    await rests(story)
    await BACK[way](story, "P-1")

    assert (await story.until("P-2", "succeeded")).version == "v2.14.2"


@pytest.mark.parametrize("way", range(len(ASKING)))
async def test_a_promotion_is_asked_for_in_every_way(story: Story, way: int) -> None:
    """A line, a mention, the composer's menu and Home."""
    await ASKING[way](story, "")

    asked = await story.until("P-1", "waiting")
    assert (asked.service, asked.version, asked.environment) == ("checkout", "v2.14.3", "production")


async def test_what_is_live_is_adopted_in_every_way(story: Story) -> None:
    """An admin records it by a line or a mention; what came of it is told where it was asked."""
    for number, way in enumerate(ADOPTING, 1):
        before = len(story.bo.heard)
        assert "Looking v2.14.1 up" in await way(story, "")
        await story.sees(lambda: len(story.bo.heard) >= before + 2, f"the end of adoption {number}")  # noqa: B023
        assert "Recorded: checkout dev runs v2.14.1" in story.bo.heard[-1]


@pytest.mark.parametrize("way", range(4))
async def test_an_incident_is_looked_after_in_every_way(story: Story, way: int) -> None:
    """By a line, a mention, below the card and on the incident's card: the same record, and who leads in it."""
    await is_open(story)
    for feature, ways in LOOKED_AFTER.items():
        said = await ways[way](story, "P-1")
        assert await audited(story, "P-1", RECORDED[feature]) == 1, (feature, said)

    incident = (await story.stands("P-1")).incident
    assert incident is not None
    assert (incident.acknowledged_by, incident.lead, incident.resolved_by) == ("dee", "dee", "dee")
    assert [one.text for one in incident.notes] == ["look", "it is over"]


async def audited(story: Story, promotion: str, action: str) -> int:
    """How often the audit log says that somebody did it."""
    rows = await story.bot.store.audit_of(promotion)
    return sum(row.action == action for row in rows)
