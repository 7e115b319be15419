"""A line acts only when every word of it was understood, and a message only when it speaks to the bot."""

import json
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.domain.promotion import Release
from bot.playground.slack import payloads
from bot.playground.world import sha_for
from handlers.limits import HEARD
from tests.stories.deploys import INCIDENT, fails, has_room, is_asked, is_running, succeeds
from tests.stories.filling import holds, opens
from tests.stories.moments import rests
from tests.stories.parts import weak_store
from tests.stories.post import JSON, posted, signed
from tests.stories.said import replies
from tests.stories.story import Story
from tests.stories.ways import ME, mentions, writes

WHY = "because errors are up"


async def test_a_slip_in_a_place_rolls_nothing_back(story: Story) -> None:
    """`/rollback checkout stagin because …` took production back at once: the word was dropped."""
    await succeeds(story)

    assert replies(await story.ana.types(f"/rollback checkout stagin {WHY}")) == snapshot(
        [
            "I did not understand “rollback checkout stagin because errors are up”. Did you mean `/promote rollback checkout in staging because errors are up`?"
        ]
    )
    assert replies(await story.ana.types(f"/rollback checkout canary {WHY}")) == snapshot(
        [
            "I did not understand “rollback checkout canary because errors are up”. Did you mean `/promote rollback checkout because errors are up`?"
        ]
    )
    assert replies(await story.ana.types(f"/rollback P-1 in staging {WHY}")) == snapshot(
        [
            "I did not understand “rollback P-1 in staging”. Did you mean `/promote rollback checkout in staging because errors are up`?"
        ]
    )
    assert await story.bot.store.load("P-2") is None


@pytest.mark.parametrize("line", ["checkout v2.14.1", "P-1 to v2.14.1", "checkout to v2.14.1"])
async def test_a_rollback_goes_to_the_version_that_was_named(story: Story, line: str) -> None:
    """A version that stands alone, or behind an id, was dropped, and production went one version back."""
    for version in ("v2.14.1", "v2.14.2"):
        release = Release(sha_for("checkout", version), version, story.bot.clock.now(), by="dee")
        await story.bot.service.records.adopt("checkout", "production", release, "it was live")
    await succeeds(story)

    await story.ana.types(f"/rollback {line} {WHY}")

    back = await story.until("P-2", "succeeded")
    assert (back.version, back.environment) == ("v2.14.1", "production")


async def test_below_a_card_another_place_is_no_reason(story: Story) -> None:
    """In the thread of a production card, `rollback staging because …` rolled production back."""
    await succeeds(story)
    card = story.card("P-1")

    assert await mentions(story.ana, "rollback staging because it is broken there", card) == snapshot(
        "I did not understand “rollback P-1 in staging”. Did you mean `@greenlight rollback checkout in staging because it is broken there`?"
    )
    assert await mentions(story.ana, "rollback storefrnt because it is broken", card) == snapshot(
        "I did not understand “rollback storefrnt because it is broken”. Did you mean `@greenlight rollback storefront because it is broken`?"
    )
    assert await mentions(story.ana, "approve staging looks good", card) == snapshot(
        "I did not understand “approve staging looks good”. Did you mean `@greenlight approve P-1 because staging looks good`?"
    )
    assert await story.bot.store.load("P-2") is None


async def test_in_an_incident_channel_another_service_is_no_reason(story: Story) -> None:
    """In the room of checkout, `rollback storefrnt because …` rolled checkout back."""
    await fails(story)
    await story.sees(lambda: has_room(story), "the incident channel")
    await rests(story)

    assert await mentions(story.dee, "rollback storefrnt because it is broken", channel=INCIDENT) == snapshot(
        "I did not understand “rollback storefrnt because it is broken”. Did you mean `@greenlight rollback storefront because it is broken`?"
    )
    assert replies(await story.dee.types(f"/rollback in staging {WHY}", channel=INCIDENT)) == snapshot(
        [
            "I did not understand “rollback P-1 in staging”. Did you mean `/promote rollback checkout in staging because errors are up`?"
        ]
    )
    assert await story.bot.store.load("P-2") is None


async def test_words_without_because_open_the_form_of_a_rollback(story: Story) -> None:
    """They may be a reason or anything else: the form shows what will change, with them as its reason."""
    await succeeds(story)

    form = await opens(story.ana, "/rollback checkout errors are up")

    assert (holds(form)["reason"], await story.bot.store.load("P-2")) == ("errors are up", None)


async def test_who_talks_about_the_bot_asks_nothing_of_it(story: Story) -> None:
    """“Approve? @greenlight has not shown …” recorded an approval. A message speaks to the bot when it begins with
    its name; whoever puts the name elsewhere is told so once in each thread."""
    await is_asked(story)
    card = story.card("P-1")
    for words in (
        f"Approve? {ME} has not shown the smoke tests yet",
        f"approve {ME}",
        f"thanks {ME}, approve is what I would say",
    ):
        await writes(story.bo, words, card)
        await rests(story)

    assert story.bo.heard == snapshot(
        [
            "I do what a message says only when it begins with my name, so nothing was done. Begin with it: `@greenlight why`, or `@greenlight help mentions` for more."
        ]
    )
    await writes(story.bo, f"cancel the {ME} meeting")
    await story.sees(lambda: len(story.bo.heard) == 2, "the same in another place")
    assert ((await story.stands("P-1")).approvals, (await story.stands("P-1")).phase.value) == ((), "waiting")
    assert "Done. P-1" in await mentions(story.bo, ", approve looks good", card)


async def test_a_question_is_answered_and_does_nothing(story: Story) -> None:
    """`approve?` recorded an approval, and `cancel?` stopped a run: a question is about how things stand."""
    await is_running(story)
    card = story.card("P-1")
    before = len((await story.stands("P-1")).approvals)

    for question in (
        "approve?",
        "cancel?",
        "reject ?",
        "rollback because of the errors?",
        "retry, should we?",
    ):
        assert (await mentions(story.cy, question, card)).startswith("P-1: "), question
    assert (await story.ana.types("/rollback checkout in production?"))["replies"][0]["text"].startswith(
        "P-1: "
    )

    promotion = await story.stands("P-1")
    assert (promotion.phase.value, len(promotion.approvals)) == ("deploying", before)
    assert await story.bot.store.load("P-2") is None


@pytest.mark.parametrize(
    "words", ["the budget for the offsite", "when the smoke tests pass", "but not yet", "v2.14.2"]
)
async def test_a_yes_with_strings_attached_is_no_yes(story: Story, words: str) -> None:
    """What follows `approve` is a note only when it can be nothing else; `because` makes a note of anything."""
    await is_asked(story)
    card = story.card("P-1")

    assert "Did you mean `@greenlight approve P-1" in await mentions(story.bo, f"approve {words}", card)
    assert (await story.stands("P-1")).approvals == ()
    assert "Done. P-1" in await mentions(story.bo, f"approve because {words}", card)
    assert [one.note for one in (await story.stands("P-1")).approvals] == [words]


@pytest.mark.door("http")
async def test_a_stranger_who_mentions_the_bot_without_end(story: Story) -> None:
    """300 mentions of somebody whom the catalog does not name were 300 calls of Slack: now no more than can be read,
    and a person of ours is answered meanwhile."""
    stranger = replace(story.world.people["ana"], slack="U0STRANGER")
    slack = story.playground.slack.workspace
    for _ in range(100):
        text, channel = f"<@{story.world.bot_user}> why", slack.channel("deploys").id
        content = {"type": "app_mention", "text": text, "ts": slack.next_ts(), "channel": channel}
        body = json.dumps(payloads.event(slack, stranger, content)).encode()
        assert await posted(story, body, signed(story, body), JSON) == 200
    await rests(story)

    assert len(story.asked("slack", "chat.postEphemeral")) <= HEARD.burst + 5
    assert "production" in await mentions(story.ana, "status checkout")


async def test_what_was_typed_in_a_form_outlives_a_refusal(story: Story) -> None:
    """Beyond one's allowance, and while the store is down, the form stays, with a sentence below its last input."""
    store = await weak_store(story)
    await succeeds(story)
    form = await opens(story.ana, "/rollback checkout")
    store.is_blind = True
    down = await story.ana.submits({"id": form.id}, reason="a long and careful reason")
    store.is_blind = False
    while not story.bot.limits.asks("ana"):
        pass
    fast = await story.ana.submits({"id": form.id}, reason="a long and careful reason")

    assert [sorted(one) for one in (down["errors"], fast["errors"])] == snapshot([["reason"], ["reason"]])
    assert next(iter(fast["errors"].values())).startswith("You ask faster")
    assert next(iter(down["errors"].values())).startswith("I cannot reach my database")


@pytest.mark.door("http")
async def test_an_adoption_that_was_not_stored_comes_again(story: Story) -> None:
    """A mention that the store did not take was acknowledged, and Slack did not bring it again."""
    store = await weak_store(story)
    slack, bo = story.playground.slack.workspace, story.world.people["bo"]
    text = f"<@{story.world.bot_user}> adopt checkout@v2.14.1 in production because it was live"
    content = {
        "type": "app_mention",
        "text": text,
        "ts": slack.next_ts(),
        "channel": slack.channel("deploys").id,
    }
    body = json.dumps(payloads.event(slack, bo, content)).encode()
    store.fails = lambda change: True
    first = await posted(story, body, signed(story, body), JSON)
    store.fails = lambda change: False
    second = await posted(story, body, signed(story, body), JSON)
    await story.sees(lambda: any("Recorded" in one for one in story.bo.heard), "the adoption")

    assert (first, second) == (503, 200)
