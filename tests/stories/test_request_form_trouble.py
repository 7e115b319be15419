"""The request form when something is wrong: forged values, a GitHub that is down or slow, choices that cross, a crash."""

from inline_snapshot import snapshot

from bot.playground.world import sha_for
from tests.stories.filling import (
    element,
    forges,
    holds,
    knows_the_list,
    offers,
    on_screen,
    opens,
    picks,
    says_about,
)
from tests.stories.moments import rests
from tests.stories.parts import slow_forms, slow_github
from tests.stories.story import Story
from tests.stories.vendors import comes_back, goes_down

REASON = "fix refunds for EUR cards"


async def test_forged_places_are_refused_beside_their_fields(story: Story) -> None:
    """A service that is not in the catalog, a stage that the service has not: neither was ever offered."""
    view = await opens(story.ana, "/promote checkout")
    forges(story.ana, "environment", "prod")
    stage = await story.ana.submits({"id": view.id}, reason=REASON)
    forges(story.ana, "service", "billing")
    service = await story.ana.submits({"id": view.id}, reason=REASON)

    assert [stage["errors"], service["errors"]] == snapshot(
        [
            {"environment@checkout": "checkout has no stage “prod”. Its path is dev > staging > production."},
            {"service": "I do not know a service called “billing”. /promote status all lists all 3."},
        ]
    )
    assert await story.bot.store.load("P-1") is None


async def test_a_version_of_another_service_is_not_taken(story: Story) -> None:
    """Sent before the form was drawn again: the version was chosen for the service before."""
    view = await opens(story.ana, "/promote checkout")
    forges(story.ana, "service", "storefront")
    said = await story.ana.submits({"id": view.id}, reason=REASON)

    assert said["errors"] == snapshot(
        {
            "version@checkout@production": "This version was chosen for another service. Choose one of storefront."
        }
    )


async def test_a_blank_reason_is_refused_in_our_words(story: Story) -> None:
    """Blanks get past Slack's own count."""
    view = await opens(story.ana, "/promote checkout")
    said = await story.ana.submits({"id": view.id}, reason="          ")

    assert said["errors"] == snapshot(
        {"reason": "Reason needs at least 8 characters so that the audit log is useful."}
    )


async def test_the_cache_is_cold_and_github_down(story: Story) -> None:
    """Before the first list there is what the store knows, and whatever is typed; the form says that there is none."""
    goes_down(story, "github")
    view = await opens(story.ana, "/promote checkout")
    await story.sees(lambda: story.bot.candidates.known("acme/checkout").failed, "the failure")
    await story.sees(lambda: "does not tell" in str(view.body), "GitHub's silence")

    assert [text for text, _ in await offers(story.ana, "version", "")] == snapshot(["v2.14.3", "main"])
    assert [text for text, _ in await offers(story.ana, "version", "v2.15.0")][-1:] == snapshot(
        ["use “v2.15.0” as written"]
    )
    assert says_about(view, "Changes") == snapshot(
        "*Changes:* GitHub does not tell me now (“Server Error”). You can go on without."
    )
    await picks(story.ana, "version", "v2.15.0")
    comes_back(story, "github")
    sent = await story.ana.submits({"id": view.id}, environment="dev", reason=REASON)
    assert "errors" not in sent
    assert (await story.stands("P-1")).version == "v2.15.0"


async def test_an_old_list_is_offered_with_its_age(story: Story) -> None:
    """GitHub fails after a first list: the old one is offered, and the form says how old it is."""
    await opens(story.ana, "/promote checkout")
    await knows_the_list(story)
    goes_down(story, "github")
    story.passes(60)
    await opens(story.ana, "/promote checkout")
    await story.sees(lambda: story.bot.candidates.known("acme/checkout").failed, "the failure")
    await picks(story.ana, "environment", "staging")

    assert "GitHub does not answer: the list is of " in str(on_screen(story.ana).body)
    assert ("v2.15.0", "commit " + sha_for("checkout", "v2.15.0")[:7]) in await offers(story.ana, "version")
    comes_back(story, "github")


async def test_an_answer_that_comes_too_late_changes_nothing(story: Story) -> None:
    """Ana chooses another version while GitHub is asked about the first: only the newer one's changes are shown."""
    github = await slow_github(story)
    github.slow.add(sha_for("checkout", "v2.15.0"))
    view = await opens(story.ana, "/promote checkout")
    await knows_the_list(story)
    await picks(story.ana, "version", "v2.15.0")
    await story.sees(lambda: sha_for("checkout", "v2.15.0") in github.asked, "the question")
    assert "Checking" in says_about(view, "Changes")
    await picks(story.ana, "version", "v2.14.3")
    await story.sees(lambda: "3 commits" in str(view.body), "the newer answer")

    updates = len(story.asked("slack", "views.update"))
    github.tells.set()
    await story.sees(lambda: len(story.asked("slack", "views.update")) > updates, "the late answer")

    assert says_about(view, "Changes").startswith("*Changes:* [3 commits since v2.14.2]")
    assert holds(view)["version"] == "v2.14.3"


async def test_choices_in_a_row_end_as_the_last_one(story: Story) -> None:
    """Two choices before the form was drawn again for the first: it ends as the second wants it."""
    view = await opens(story.ana, "/promote checkout")
    await knows_the_list(story)
    people, ana = story.playground.slack.people, story.world.people["ana"]
    for name in ("staging", "dev"):
        option = {"text": {"type": "plain_text", "text": name, "emoji": False}, "value": name}
        await people.choose(ana, view, element(view, "environment"), option)
    await story.sees(lambda: "version@checkout@dev" in str(view.body), "the form for dev")
    await story.sees(lambda: "Checking" not in str(view.body), "its changes")

    assert holds(view)["environment"] == "dev"
    assert "v2.14.3 has been in dev since" in str(view.body)
    assert "*Needs:*" not in str(view.body)  # of what is there already nothing has to be asked


async def test_a_choice_while_the_changes_are_being_drawn(story: Story) -> None:
    """Slack has drawn the changes and we have not heard of it yet: the choice that was made before is drawn after."""
    slack = await slow_forms(story)
    slack.holds = 1
    view = await opens(story.ana, "/promote checkout")
    before = view.hash
    people, ana = story.playground.slack.people, story.world.people["ana"]
    await story.sees(lambda: slack.drawn == 1, "the changes")
    view.hash, drawn = before, view.hash  # what the client still shows when the choice is made
    option = {"text": {"type": "plain_text", "text": "staging", "emoji": False}, "value": "staging"}
    await people.choose(ana, view, element(view, "environment"), option)
    view.hash = drawn
    slack.tells.set()
    await story.sees(lambda: "version@checkout@staging" in str(view.body), "the form for staging")

    assert holds(view)["environment"] == "staging"


async def test_the_bot_dies_while_github_is_asked(story: Story) -> None:
    """What is on the screen stays a form that can be sent, to whichever process comes next."""
    github = await slow_github(story)
    github.slow.add(sha_for("checkout", "v2.14.3"))
    view = await opens(story.ana, "/promote checkout")
    await story.sees(lambda: github.asked, "the question")
    await story.bot_dies()
    await story.bot_starts()

    assert "Checking" in says_about(view, "Changes")
    await story.ana.submits({"id": view.id}, reason=REASON)
    await rests(story)
    assert (await story.stands("P-1")).version == "v2.14.3"
