"""The request form refuses only what is sure, forgets what it is no longer about, and takes names of any length."""

from bot.domain.promotion import Release
from bot.playground.world import sha_for
from tests.stories.deploys import is_asked
from tests.stories.filling import (
    forges,
    holds,
    knows_the_list,
    offers,
    on_screen,
    opens,
    picks,
    says,
)
from tests.stories.moments import rests
from tests.stories.story import Story

REASON = "fix refunds now"
LONG = "feature/" + "x" * 80


async def is_live_in_dev(story: Story, version: str, sha: str) -> None:
    """Somebody recorded a version of checkout as live in dev."""
    release = Release(sha, version, story.clock.now(), by="dee")
    await story.bot.service.records.adopt("checkout", "dev", release, "live beside Greenlight")
    story.passes(60)


async def test_a_branch_that_moved_on_is_not_refused_as_live(story: Story) -> None:
    """Incident: `main` had a new commit that the cached list did not know; asking for it was refused, twice."""
    github = story.playground.github
    await is_live_in_dev(story, "main", github.repository("checkout").branches["main"])
    await opens(story.ana, "/promote checkout")
    await knows_the_list(story)
    await picks(story.ana, "environment", "dev")
    new = github.adds_commit("checkout", "Next")
    forges(story.ana, "version", "main")
    sent = await story.ana.submits({"id": on_screen(story.ana).id}, reason=REASON)

    assert "errors" not in sent
    assert (await story.until("P-1", "succeeded")).sha == new


async def test_a_tag_that_is_live_is_refused_beside_the_field(story: Story) -> None:
    """A tag is known to be the commit that serves: nobody has to wait for GitHub to hear it."""
    await is_live_in_dev(story, "v2.14.3", sha_for("checkout", "v2.14.3"))
    await opens(story.ana, "/promote checkout")
    await knows_the_list(story)
    await picks(story.ana, "environment", "dev")
    forges(story.ana, "version", "v2.14.3")
    sent = await story.ana.submits({"id": on_screen(story.ana).id}, reason=REASON)

    assert "has been in dev since" in str(sent["errors"])


async def test_another_service_is_no_second_try_of_the_first(story: Story) -> None:
    """Incident: "Request again" of P-1, then another service: P-2 was stored as a second try of P-1."""
    await is_asked(story)
    await story.ana.types("/promote cancel P-1 changed my mind")
    await story.until("P-1", "cancelled")
    await rests(story)
    await opens(story.ana, "/promote retry P-1")
    assert "This tries P-1 again." in says(on_screen(story.ana))
    await knows_the_list(story)
    await picks(story.ana, "service", "storefront")
    view = on_screen(story.ana)
    await story.sees(lambda: "P-1" not in str(says(view)), "a form that is about storefront alone")
    forges(story.ana, "version", holds(view)["version"] or "v2.14.3")
    await story.ana.submits({"id": view.id}, reason=REASON)
    asked = await story.bot.store.load("P-2")

    assert asked is not None
    assert (asked.service, asked.retries) == ("storefront", "")


async def test_a_branch_with_a_long_name_is_offered_and_asked_for(story: Story) -> None:
    """Incident: names of more than 75 characters were in no list, and vanished from the form when typed."""
    tip = story.playground.github.repository("checkout").branches["main"]
    story.playground.github.repository("checkout").branches[LONG] = tip
    view = await opens(story.ana, f"/promote checkout@{LONG}")
    await knows_the_list(story)

    assert holds(view)["version"] == LONG
    assert any(
        text.startswith("feature/xxx") and text.endswith("…")
        for text, _ in await offers(story.ana, "version", "feature/")
    )
